//! Where is a PostgreSQL server for the tests, and how is one started?

use crate::{
    Error, Url,
    postgresql::{Server, translate},
};
use postgres::Client;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

const USUAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// Where our own server listens: no port that others are used to.
const OWN_PORT: u16 = 54_329;

/// Why there is no server.
pub(super) struct Absent {
    pub(super) why: String,
    /// Whether somebody said that there is one.
    pub(super) asked_for: bool,
}

/// The address of a server that answers.
pub(super) fn find() -> Result<String, Absent> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one setting of the tests, read here only"
    )]
    if let Ok(address) = std::env::var("RENSHE_TEST_PG") {
        return match answers(&address) {
            Ok(()) => Ok(address),
            Err(why) => Err(Absent {
                why,
                asked_for: true,
            }),
        };
    }
    let mut why = match answers(USUAL) {
        Ok(()) => return Ok(USUAL.into()),
        Err(why) => why,
    };
    let own = format!("postgres://postgres@127.0.0.1:{OWN_PORT}/postgres");
    if answers(&own).is_ok() {
        return Ok(own);
    }
    // Tests are processes that begin together: one starts a server, the others wait and find it.
    let folder = std::env::temp_dir().join("renshe-test-postgresql");
    let _held = match std::fs::create_dir_all(&folder).and_then(|()| {
        let lock = std::fs::File::create(folder.join("starting"))?;
        lock.lock()?;
        Ok(lock)
    }) {
        Ok(lock) => lock,
        Err(error) => return Err(absent(format!("{why}; {error}"))),
    };
    for address in [USUAL, &own] {
        if answers(address).is_ok() {
            return Ok(address.into());
        }
    }
    match start_packaged().and_then(|()| wait_for(USUAL)) {
        Ok(()) => return Ok(USUAL.into()),
        Err(reason) => why = format!("{why}; {reason}"),
    }
    match start_own(&folder).and_then(|()| wait_for(&own)) {
        Ok(()) => return Ok(own),
        Err(reason) => why = format!("{why}; {reason}"),
    }
    Err(absent(why))
}

fn absent(why: String) -> Absent {
    Absent {
        why,
        asked_for: false,
    }
}

/// One statement outside a transaction, as making databases demands.
pub(super) fn command(server: &str, sql: &str) -> Result<(), Error> {
    let mut client = connect(server)?;
    client
        .batch_execute(sql)
        .map_err(|error| translate(&error, "test database"))
}

/// Does something while nobody else does so on this server.
pub(super) fn alone<T>(server: &str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let mut client = connect(server)?;
    // Given back when the connection closes. The number is any that nothing else uses.
    let lock = client.batch_execute("select pg_advisory_lock(7262720)");
    lock.map_err(|error| translate(&error, "test database"))?;
    work()
}

pub(super) fn exists(server: &str, name: &str) -> Result<bool, Error> {
    let mut client = connect(server)?;
    let sql = "select 1 from pg_database where datname = $1";
    let found = client.query(sql, &[&name]);
    found
        .map(|rows| !rows.is_empty())
        .map_err(|error| translate(&error, "test database"))
}

/// The address of another database on the same server.
pub(super) fn database(server: &str, name: &str) -> Url {
    let (server, options) = match server.split_once('?') {
        Some((server, options)) => (server, format!("?{options}")),
        None => (server, String::new()),
    };
    let address = match server.match_indices('/').nth(2) {
        Some((slash, _)) => format!("{}/{name}{options}", &server[..slash]),
        None => format!("{server}/{name}{options}"),
    };
    Url::Postgres(address)
}

fn connect(server: &str) -> Result<Client, Error> {
    Server::at(server)?.connect()
}

pub(super) fn answers(address: &str) -> Result<(), String> {
    connect(address).map(drop).map_err(|error| error.en())
}

fn wait_for(address: &str) -> Result<(), String> {
    let mut last = String::new();
    for _ in 0..100 {
        match answers(address) {
            Ok(()) => return Ok(()),
            Err(why) => last = why,
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Err(last)
}

/// Starts the cluster the Debian packages have made.
fn start_packaged() -> Result<(), String> {
    let version = newest("/etc/postgresql").ok_or("no packaged cluster")?;
    run(Command::new("pg_ctlcluster").args([&version, "main", "start"]))
}

/// Makes a cluster in the folder for scratch files and starts it; it stays, for the next tests.
fn start_own(folder: &Path) -> Result<(), String> {
    let programs = programs();
    let data = folder.join("data");
    let user_given = become_postgres(folder);
    let program = |name: &str| program(&programs, name, user_given);
    if !data.join("PG_VERSION").exists() {
        let mut initdb = program("initdb");
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--pgdata",
        ]);
        run(initdb.arg(&data))?;
    }
    let options =
        format!("-p {OWN_PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories=");
    let mut start = program("pg_ctl");
    start
        .arg("--pgdata")
        .arg(&data)
        .arg("--log")
        .arg(folder.join("log"));
    run(start.args(["--options", &options, "start"]))
}

/// The folder of the newest installed programs of the server; empty where they are found by name.
pub(super) fn programs() -> PathBuf {
    match newest("/usr/lib/postgresql") {
        Some(version) => PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")),
        None => PathBuf::new(),
    }
}

/// A program of the server, run as `postgres` where we are root.
pub(super) fn program(programs: &Path, name: &str, user_given: bool) -> Command {
    let path = programs.join(name);
    if user_given {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path);
        command
    } else {
        Command::new(path)
    }
}

/// The server refuses to run as root: then it runs as `postgres`, whose the folder becomes.
pub(super) fn become_postgres(folder: &Path) -> bool {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|it| it.stdout.starts_with(b"0\n"));
    is_root && run(Command::new("chown").arg("postgres").arg(folder)).is_ok()
}

/// The highest version among a folder's entries.
fn newest(folder: &str) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.max_by_key(|name| name.parse::<u32>().unwrap_or(0))
}

pub(super) fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{:?}", command.get_program());
    // Not `output`: the server inherits the pipe and would keep it open.
    match command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
    {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{shown}: {status}")),
        Err(error) => Err(format!("{shown}: {error}")),
    }
}
