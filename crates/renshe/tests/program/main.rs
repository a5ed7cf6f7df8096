//! Whole runs of the program: what it was asked, how it ended, what it said on both channels.
//!
//! Each test has a folder of its own with a small law in it. What differs from run to run, such as times, is taken out
//! before it is compared with `snapshots/`.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../shared/law.rs"]
mod law;
mod helps;
mod texts;
mod cases;
mod rows;
mod comparing;
mod money;
mod persons;
mod declaring;
mod trying;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder to run in.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What a run did.
pub(crate) struct Run {
    asked: String,
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    /// With the law of `home/` in its folder `law`.
    pub(crate) fn new() -> Desk {
        let desk = Desk::bare();
        let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/home");
        for file in [
            "cn/jurisdiction.law",
            "cn/terms.law",
            "cn/dues.law",
            "cn-50/jurisdiction.law",
            "cn-50/floor.law",
        ] {
            desk.write(
                &format!("law/{file}"),
                &fs::read_to_string(home.join(file)).unwrap(),
            );
        }
        desk
    }

    /// Without anything.
    pub(crate) fn bare() -> Desk {
        Desk {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    pub(crate) fn path(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    /// Replaces a stretch of a file, which must be there.
    pub(crate) fn change(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from}");
        self.write(path, &text.replace(from, to));
    }

    /// Runs the program with words separated by spaces; `'…'` holds words together.
    pub(crate) fn run(&self, asked: &str) -> Run {
        self.run_with(asked, "", &[])
    }

    pub(crate) fn run_with(&self, asked: &str, input: &str, variables: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_renshe"));
        for variable in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command
            .envs(variables.iter().copied())
            .args(words(asked))
            .current_dir(self.folder.path());
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A run that does not read its input is no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            asked: asked.to_owned(),
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// All of it, as a snapshot keeps it.
    pub(crate) fn shown(&self) -> String {
        let part = |name: &str, text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("--- {name}\n{text}")
            }
        };
        let shown = format!(
            "$ renshe {}\n{}{}=== exit {}\n",
            self.asked,
            part("out", &self.out),
            part("err", &self.err),
            self.code
        );
        without_times(&shown)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}", self.shown()))
    }
}

fn words(asked: &str) -> Vec<String> {
    let parts = asked.split('\'').enumerate();
    let split = |(index, part): (usize, &str)| match index % 2 {
        1 => vec![part.to_owned()],
        _ => part.split_whitespace().map(str::to_owned).collect(),
    };
    parts.flat_map(split).collect()
}

/// `in 0.02 s, 1,234 rows/s` and its likes say something else each time.
fn without_times(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let (begins, ends) = [(" in ", " → "), ("行，", " → ")]
            .into_iter()
            .find_map(|(begin, end)| Some((line.find(begin)? + begin.len(), line.find(end)?)))
            .unwrap_or((0, 0));
        match (
            begins > 0 && begins < ends,
            line.trim_start().split_once(':'),
        ) {
            (true, _) => lines.push(format!("{}[time]{}", &line[..begins], &line[ends..])),
            (_, Some((key @ ("\"milliseconds\"" | "\"rows_per_second\""), _))) => {
                lines.push(format!("  {key}: [time],"));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
