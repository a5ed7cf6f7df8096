//! Those that answer, each a process of its own.

use super::asked::{Asked, request};
use crate::{Failure, beside_the_build};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A process that answers at an address until it is dropped.
pub(crate) struct Answering {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Answering {
    /// Starts it; `find` finds its address in a line that it prints.
    fn start(
        command: &mut Command,
        folder: TempDir,
        find: impl Fn(&str) -> Option<String>,
    ) -> Result<Answering, Failure> {
        let of_io = |error: std::io::Error| Failure(format!("{command:?}: {error}"));
        let log = fs::File::create(folder.path().join("log")).map_err(of_io)?;
        let mut child = Command::new(command.get_program())
            .args(command.get_args())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(of_io)?;
        let mut lines = BufReader::new(
            child
                .stdout
                .take()
                .into_iter()
                .next()
                .ok_or_else(|| Failure("no output".into()))?,
        )
        .lines();
        let address = lines.find_map(|line| find(&line.ok()?));
        let Some(address) = address else {
            let _ = child.kill();
            let why = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            return Err(Failure(format!("{command:?} does not answer\n{why}")));
        };
        Ok(Answering {
            child,
            address,
            _folder: folder,
        })
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A house with its doors open.
pub(crate) struct Served {
    answering: Answering,
    program: PathBuf,
    database: String,
}

impl Served {
    /// Opens the doors of a city's house.
    pub(crate) fn open(database: &str, keys: &Path, settings: &Path) -> Result<Served, Failure> {
        let program = beside_the_build().join("release/renshe");
        let file = settings.join("settings.toml");
        // All that asks has one address.
        fs::write(&file, "burst = 1000000\nrequests-per-second = 1000000\n")
            .map_err(|error| Failure::of("cannot write", &file, &error))?;
        let doors = free_doors()?;
        let mut serve = Command::new(&program);
        serve
            .args(["serve", "--lang", "en", "--db", database])
            .args(["--listen", &doors, "--config"])
            .arg(&file)
            .arg("--keys")
            .arg(keys);
        let listening = |line: &str| {
            let (_, after) = line.split_once("listening at ")?;
            Some(after.trim_end_matches(')').to_owned())
        };
        Ok(Served {
            answering: Answering::start(&mut serve, folder()?, listening)?,
            program,
            database: database.to_owned(),
        })
    }

    pub(crate) fn address(&self) -> &str {
        self.answering.address()
    }

    /// The most memory it has held, KiB.
    pub(crate) fn peak(&self) -> u64 {
        let status = format!("/proc/{}/status", self.answering.child.id());
        let held = fs::read_to_string(status).unwrap_or_default();
        let line = held.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kib.unwrap_or(0)
    }

    /// A token of a clerk of the whole city.
    pub(crate) fn token(&self) -> Result<String, Failure> {
        self.login(&["add", "bench", "--role", "clerk"])?;
        let told = self.login(&["token", "bench", "--label", "bench"])?;
        let token = told.split_whitespace().last();
        token
            .map(str::to_owned)
            .ok_or_else(|| Failure("no token was made".into()))
    }

    /// The cookie of a person who came in.
    pub(crate) fn cookie(&self, person: i64) -> Result<String, Failure> {
        let number = person.to_string();
        self.login(&[
            "add",
            "bench-person",
            "--role",
            "person",
            "--person",
            &number,
        ])?;
        let form = format!("login=bench-person&secret={SECRET}");
        let headers = [
            (
                "content-type",
                String::from("application/x-www-form-urlencoded"),
            ),
            ("origin", format!("http://{}", self.address())),
        ];
        let answer = self.ask(&request("POST", "/sign-in", &headers, &form))?;
        let head = String::from_utf8_lossy(&answer).into_owned();
        let cookie = head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        cookie
            .map(str::to_owned)
            .ok_or_else(|| Failure(format!("nobody came in:\n{head}")))
    }

    /// Its answer to one request of a load: the kind, a line break, the body.
    pub(crate) fn answer(&self, load: &Asked) -> Result<Vec<u8>, Failure> {
        let answer = self.ask(&load.example)?;
        let end = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .ok_or_else(|| Failure(format!("{}: no answer", load.name)))?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        if !head.starts_with("HTTP/1.1 2") || head.contains("transfer-encoding") {
            return Err(Failure(format!("{}: {head}", load.name)));
        }
        let kind = head
            .lines()
            .find_map(|line| line.strip_prefix("content-type: "));
        let mut kept = kind.unwrap_or("text/plain").as_bytes().to_vec();
        kept.push(b'\n');
        kept.extend(&answer[end + 4..]);
        Ok(kept)
    }

    fn ask(&self, request: &str) -> Result<Vec<u8>, Failure> {
        let of_io = |error: std::io::Error| Failure(format!("{}: {error}", self.address()));
        let mut stream = TcpStream::connect(self.address()).map_err(of_io)?;
        let request = request.replace("HOST", self.address());
        stream.write_all(request.as_bytes()).map_err(of_io)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).map_err(of_io)?;
        Ok(answer)
    }

    /// `renshe login …`, with its secret on standard input.
    fn login(&self, words: &[&str]) -> Result<String, Failure> {
        let shown = format!("renshe login {}", words.join(" "));
        let of_io = |error: std::io::Error| Failure(format!("{shown}: {error}"));
        let mut child = Command::new(&self.program)
            .arg("login")
            .args(words)
            .args(["--as", "bench-admin", "--db", &self.database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(of_io)?;
        if let Some(mut input) = child.stdin.take() {
            // Not every one of them reads it.
            let _ = writeln!(input, "{SECRET}");
        }
        let done = child.wait_with_output().map_err(of_io)?;
        match done.status.success() {
            true => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
            false => Err(Failure(format!("{shown}: {}", done.status))),
        }
    }
}

const SECRET: &str = "a-secret-of-the-bench-only";

/// The handler that returns an answer from memory.
pub(crate) fn kept_in_memory(answer: &[u8]) -> Result<Answering, Failure> {
    let folder = folder()?;
    let file = folder.path().join("answer");
    fs::write(&file, answer).map_err(|error| Failure::of("cannot write", &file, &error))?;
    let own = std::env::current_exe().map_err(|error| Failure(error.to_string()))?;
    let mut command = Command::new(own);
    command.arg("web-memory").arg(&file);
    Answering::start(&mut command, folder, |line| Some(line.to_owned()))
}

/// An address at which nobody listens: a house answers only to the one it was told, so it is told which.
fn free_doors() -> Result<String, Failure> {
    let of_io = |error: std::io::Error| Failure(error.to_string());
    let there = TcpListener::bind(("127.0.0.1", 0)).map_err(of_io)?;
    Ok(there.local_addr().map_err(of_io)?.to_string())
}

fn folder() -> Result<TempDir, Failure> {
    tempfile::tempdir().map_err(|error| Failure(error.to_string()))
}
