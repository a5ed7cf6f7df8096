//! A PostgreSQL server of one test's own, in a scratch folder: it may be killed, and its disk may be full.

use super::server::{answers, become_postgres, command, program, programs, run};
use crate::Error;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// A running server; stopped and gone when dropped.
#[derive(Debug)]
pub struct OwnServer {
    folder: tempfile::TempDir,
    programs: PathBuf,
    user_given: bool,
    port: u16,
    options: String,
}

impl OwnServer {
    /// Makes a cluster and starts it with further settings, such as `-c shared_buffers=1GB`.
    ///
    /// # Errors
    ///
    /// Why there is none, in the words of whoever could not do it.
    pub fn start(options: &str) -> Result<OwnServer, String> {
        let folder = tempfile::Builder::new()
            .prefix("renshe-own-postgresql")
            .tempdir()
            .map_err(|error| error.to_string())?;
        OwnServer::start_in(folder, options)
    }

    /// As [`start`](OwnServer::start), in this folder.
    ///
    /// # Errors
    ///
    /// As [`start`](OwnServer::start).
    pub fn start_in(folder: tempfile::TempDir, options: &str) -> Result<OwnServer, String> {
        let user_given = become_postgres(folder.path());
        let server = OwnServer {
            programs: programs(),
            user_given,
            port: free_port()?,
            options: options.to_owned(),
            folder,
        };
        let mut initdb = server.program("initdb");
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]);
        initdb.args(["--no-locale", "--pgdata"]);
        run(initdb.arg(server.data()))?;
        server.begin()?;
        Ok(server)
    }

    /// The address of a database on it.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The port on which it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder of its files.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one statement outside a transaction, as the superuser, in the database `postgres`.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn command(&self, sql: &str) -> Result<(), Error> {
        command(&self.address("postgres"), sql)
    }

    /// Kills the server: it writes nothing any more and tells nobody.
    pub fn kill(&self) {
        if let Some(process) = self.postmaster() {
            signal(process, "-KILL");
            while Path::new(&format!("/proc/{process}")).exists() {
                std::thread::sleep(Duration::from_millis(2));
            }
        }
    }

    /// The number of the server's first process, if it runs.
    #[must_use]
    pub fn postmaster(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// Starts it again, unless it does so by itself, and waits until it answers: what was committed is recovered.
    ///
    /// # Errors
    ///
    /// When it does not answer in a minute or so.
    pub fn restart(&self) -> Result<(), String> {
        let mut last = String::new();
        for _ in 0..1_200 {
            // The children of a killed server take a moment to notice; until then it cannot be started.
            let alive = self
                .postmaster()
                .is_some_and(|process| Path::new(&format!("/proc/{process}")).exists());
            let answer = match alive {
                true => answers(&self.address("postgres")),
                false => self.begin(),
            };
            match answer {
                Ok(()) => return Ok(()),
                Err(why) => last = why,
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(last)
    }

    fn begin(&self) -> Result<(), String> {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= {}",
            self.port, self.options
        );
        let mut start = self.program("pg_ctl");
        start.arg("--pgdata").arg(self.data());
        start.arg("--log").arg(self.folder.path().join("log"));
        start.args(["--timeout", "30", "--wait", "--options", &options, "start"]);
        run(&mut start)?;
        answers(&self.address("postgres"))
    }

    fn program(&self, name: &str) -> Command {
        program(&self.programs, name, self.user_given)
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("--pgdata").arg(self.data());
        let _ = run(stop.args(["--mode", "immediate", "--wait", "stop"]));
    }
}

/// A folder that the server may write to: for a tablespace.
///
/// # Errors
///
/// What the system says.
pub fn given_to_server(folder: &Path) -> Result<(), String> {
    become_postgres(folder);
    Ok(())
}

/// Sends a process a signal.
pub fn signal(process: u32, signal: &str) {
    let _ = run(Command::new("kill").args([signal, &process.to_string()]));
}

/// Kills a process and its children at once, as when their machine stops. A child that waits for another one of a server whose
/// first process alone was killed may wait for ever.
pub fn kill_family(parent: u32) {
    // Held still, it begets no further child meanwhile.
    signal(parent, "-STOP");
    for process in children(parent).into_iter().chain([parent]) {
        signal(process, "-KILL");
    }
}

fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers
        .filter(|process| parent_of(*process) == Some(parent))
        .collect()
}

fn parent_of(process: u32) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The program's name, in brackets, may hold anything; its state and the parent follow.
    let (_, behind) = text.rsplit_once(')')?;
    behind.split_whitespace().nth(1)?.parse().ok()
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}
