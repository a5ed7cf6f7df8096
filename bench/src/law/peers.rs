//! Other people's software: installed into a folder of its own, then run as a process a peer.
//!
//! A peer is one file in bench/peers; `run.py` there says how we talk to it, a line at a time. A peer that cannot be
//! had, or fails, is left out, and the table says so.

use crate::Failure;
use crate::law::contest::{Contestant, Who};
use crate::law::npy;
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A peer and how many rows it can be asked to do.
pub(crate) struct Peer {
    /// Its file in bench/peers, without the ending.
    pub(crate) file: &'static str,
    /// Its own name.
    pub(crate) name: &'static str,
    /// The most rows it is given.
    pub(crate) most_rows: usize,
}

/// Every peer, in the order of the table.
pub(crate) const PEERS: [Peer; 6] = [
    Peer {
        file: "numba",
        name: "numba",
        most_rows: usize::MAX,
    },
    Peer {
        file: "numpy",
        name: "NumPy",
        most_rows: usize::MAX,
    },
    Peer {
        file: "polars",
        name: "Polars",
        most_rows: usize::MAX,
    },
    Peer {
        file: "duckdb",
        name: "DuckDB",
        most_rows: usize::MAX,
    },
    Peer {
        file: "datafusion",
        name: "DataFusion",
        most_rows: usize::MAX,
    },
    Peer {
        file: "openfisca",
        name: "OpenFisca-core",
        most_rows: 1_000_000,
    },
];

/// The folder with the peers' own files.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Python with everything in requirements.txt.
pub(crate) struct Python(PathBuf);

impl Python {
    /// Makes the environment in `folder`, unless it is there and up to date.
    pub(crate) fn prepare(folder: &Path) -> Result<Python, Failure> {
        let requirements = sources().join("requirements.txt");
        let wanted = fs::read_to_string(&requirements)
            .map_err(|error| Failure::of("cannot read", &requirements, &error))?;
        let python = Python(folder.join("bin").join("python"));
        let installed = folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|is| is == wanted) {
            return Ok(python);
        }
        eprintln!("installing the peers into {}", folder.display());
        done(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(folder),
        )?;
        let pip = || {
            let mut pip = Command::new(&python.0);
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ]);
            pip
        };
        if done(pip().arg("--requirement").arg(&requirements)).is_ok() {
            fs::write(&installed, &wanted)
                .map_err(|error| Failure::of("cannot write", &installed, &error))?;
            return Ok(python);
        }
        // One that cannot be had must not keep the others away.
        let pins = wanted.lines().filter(|line| line.contains("=="));
        let refused: Vec<Failure> = pins
            .filter_map(|pin| done(pip().args(["--no-deps", pin])).err())
            .collect();
        for failure in &refused {
            eprintln!("  {failure}");
        }
        match refused.into_iter().next() {
            Some(failure) if !python.has("numpy") => Err(failure),
            _ => Ok(python),
        }
    }

    fn has(&self, module: &str) -> bool {
        done(Command::new(&self.0).args(["-I", "-c", &format!("import {module}")])).is_ok()
    }
}

fn done(command: &mut Command) -> Result<(), Failure> {
    let program = command.get_program().display().to_string();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure(format!("cannot run {program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said
        .lines()
        .rfind(|line| !line.trim().is_empty())
        .unwrap_or("it said nothing");
    Err(Failure(format!("{program} failed: {last}")))
}

/// A peer at work on one load.
pub(crate) struct Process {
    who: Who,
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    errors: PathBuf,
    results: PathBuf,
}

impl Process {
    /// Starts a peer and lets it load the rows.
    pub(crate) fn start(
        python: &Python,
        peer: &Peer,
        folder: &Path,
        load: &str,
        rows: usize,
    ) -> Result<Process, Failure> {
        let rows = rows.min(peer.most_rows);
        let errors = folder.join(format!("{}.log", peer.file));
        let log = fs::File::create(&errors)
            .map_err(|error| Failure::of("cannot write", &errors, &error))?;
        let mut child = Command::new(&python.0)
            .args(["-I", "-B"])
            .arg(sources().join("run.py"))
            .args([peer.file.as_ref(), folder.as_os_str(), load.as_ref()])
            .arg(rows.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| Failure::of("cannot run", &python.0, &error))?;
        let asks = child.stdin.take();
        let answers = child.stdout.take().expect("its output was piped");
        let who = Who {
            name: peer.name.to_string(),
            version: String::new(),
            threads: 1,
            rows,
        };
        let results = folder.join(load).join(peer.file);
        let mut process = Process {
            who,
            child,
            asks,
            answers: BufReader::new(answers),
            errors,
            results,
        };
        let ready = process.answer()?;
        process.who.version = ready["version"].as_str().unwrap_or_default().to_string();
        process.who.threads = ready["threads"]
            .as_u64()
            .and_then(|many| many.try_into().ok())
            .unwrap_or(1);
        Ok(process)
    }

    /// Asks for one thing; the time it took, in nanoseconds.
    pub(crate) fn ask(&mut self, what: &str) -> Result<u64, Failure> {
        // One that has ended shows in the answer that does not come.
        if let Some(asks) = &mut self.asks {
            let _ = writeln!(asks, "{what}").and_then(|()| asks.flush());
        }
        let answer = self.answer()?;
        answer["nanoseconds"]
            .as_u64()
            .ok_or_else(|| Failure(format!("{} answered {answer} to `{what}`", self.who.name)))
    }

    fn answer(&mut self) -> Result<Value, Failure> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        if let (Ok(1..), Ok(answer)) = (read, serde_json::from_str(&line)) {
            return Ok(answer);
        }
        let said = fs::read_to_string(&self.errors).unwrap_or_default();
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        let last = last.unwrap_or("it ended without a word, perhaps for want of memory");
        Err(Failure(last.to_string()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It ends when nothing more can be asked.
        drop(self.asks.take());
        let _ = self.child.wait();
    }
}

impl Contestant for Process {
    fn who(&self) -> &Who {
        &self.who
    }

    fn show(&mut self, see: &mut dyn FnMut(&str, &[i64])) -> Result<(), Failure> {
        self.ask("save")?;
        let entries = fs::read_dir(&self.results)
            .map_err(|error| Failure::of("cannot read", &self.results, &error))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let column = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            see(&column, &npy::load(&path)?);
        }
        fs::remove_dir_all(&self.results)
            .map_err(|error| Failure::of("cannot remove", &self.results, &error))
    }

    fn run(&mut self) -> Result<u64, Failure> {
        self.ask("run")
    }
}
