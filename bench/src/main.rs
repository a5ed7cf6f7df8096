//! Comparisons with hand-written code and other people's software, each one command.
#![warn(missing_docs)]

mod law;

use law::{Options, Peers, Task};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
bench law [--rows N] [--rounds N] [--quick] [--without-peers] [--write]

Runs the law's columnar engine against a hand-written loop, the fused and vectorised limit, and OpenFisca, DuckDB,
Polars, DataFusion, NumPy and numba, which it installs itself; prints the table as Markdown.

  --rows N         rows of each load; 24 million without it
  --rounds N       timed rounds, each with every contestant; 5 without it
  --quick          a million rows and two rounds
  --without-peers  only what is compiled in
  --write          put the table into bench/README.md

RENSHE_CACHE names a folder for the peers' Python and the rows; without it they go beside the build.
";

/// Why a bench could not be run.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    /// What could not be done to which file.
    pub(crate) fn of(what: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure(format!("{what} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Help,
    Law {
        options: Options,
        write: bool,
    },
    /// Not in the help: a bench of files runs itself like this, to measure a process of its own.
    LawFile {
        task: Task,
        from: PathBuf,
        to: PathBuf,
    },
}

fn main() -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one setting, named in the help"
    )]
    let cache = std::env::var_os("RENSHE_CACHE").map(PathBuf::from);
    let cache = cache.unwrap_or_else(beside_the_build);
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match asked(&arguments, &cache) {
        Ok(Asked::Help) => {
            print!("{HELP}");
            Ok(())
        }
        Ok(Asked::Law { options, write }) => bench(&options, write),
        Ok(Asked::LawFile { task, from, to }) => law::one_file(task, &from, &to),
        Err(failure) => {
            eprintln!("{failure}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn asked(arguments: &[String], cache: &Path) -> Result<Asked, Failure> {
    if let [first, task, from, to] = arguments
        && first == "law-file"
    {
        let task = if task == "copy" {
            Task::Copy
        } else {
            Task::Award
        };
        return Ok(Asked::LawFile {
            task,
            from: from.into(),
            to: to.into(),
        });
    }
    match arguments.first().map(String::as_str) {
        None | Some("--help" | "-h" | "help") => return Ok(Asked::Help),
        Some("law") => {}
        Some(other) => {
            return Err(Failure(format!(
                "there is no bench `{other}`; there is: law"
            )));
        }
    }
    let mut options = Options {
        rows: 24_000_000,
        rounds: 5,
        peers: Peers::Take,
        environment: cache.join("bench-peers"),
        data: cache.join("bench-data"),
    };
    let mut write = false;
    let mut rest = arguments[1..].iter();
    while let Some(argument) = rest.next() {
        let mut number = || {
            let number = rest
                .next()
                .and_then(|number| number.replace('_', "").parse().ok());
            number
                .filter(|&number| number > 0)
                .ok_or_else(|| Failure(format!("`{argument}` takes a number above 0")))
        };
        match argument.as_str() {
            "--rows" => options.rows = number()?,
            "--rounds" => options.rounds = number()?,
            "--quick" => (options.rows, options.rounds) = (1_000_000, 2),
            "--without-peers" => options.peers = Peers::Leave,
            "--write" => write = true,
            "--help" | "-h" => return Ok(Asked::Help),
            other => return Err(Failure(format!("`bench law` knows no `{other}`"))),
        }
    }
    Ok(Asked::Law { options, write })
}

fn bench(options: &Options, write: bool) -> Result<(), Failure> {
    let table = law::run(options)?;
    print!("{table}");
    if write {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let page = std::fs::read_to_string(&readme)
            .map_err(|error| Failure::of("cannot read", &readme, &error))?;
        let page = between_marks(&page, &table)?;
        std::fs::write(&readme, page)
            .map_err(|error| Failure::of("cannot write", &readme, &error))?;
    }
    Ok(())
}

/// The page with the table put between its marks.
fn between_marks(page: &str, table: &str) -> Result<String, Failure> {
    const BEGIN: &str = "<!-- law: begin -->\n";
    const END: &str = "<!-- law: end -->";
    let parts = page
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = parts else {
        return Err(Failure(format!(
            "bench/README.md lacks the lines {BEGIN} and {END}"
        )));
    };
    Ok(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

/// The folder of the build, where this program stands in `release/bench`.
fn beside_the_build() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    program
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("target"))
        .to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Asked, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_string).collect();
        asked(&words, Path::new("cache")).map_err(|failure| failure.0)
    }

    #[test]
    fn a_line_says_what_is_asked() {
        assert_eq!(options(""), Ok(Asked::Help));
        let Ok(Asked::Law {
            options: asked,
            write,
        }) = options("law --quick --without-peers --write")
        else {
            panic!("not understood");
        };
        assert_eq!(
            (asked.rows, asked.rounds, asked.peers, write),
            (1_000_000, 2, Peers::Leave, true)
        );
        assert_eq!(asked.environment, Path::new("cache").join("bench-peers"));
        assert_eq!(
            options("law --rows 0"),
            Err(String::from("`--rows` takes a number above 0"))
        );
        assert_eq!(
            options("law --fast"),
            Err(String::from("`bench law` knows no `--fast`"))
        );
        assert!(options("month").is_err());
    }

    #[test]
    fn a_table_replaces_the_one_before() {
        let page = "a\n<!-- law: begin -->\nold\n<!-- law: end -->\nb\n";
        let written = between_marks(page, "new\n").unwrap();
        assert_eq!(
            written,
            "a\n<!-- law: begin -->\n\nnew\n\n<!-- law: end -->\nb\n"
        );
        assert_eq!(between_marks(&written, "new\n").unwrap(), written);
        assert!(between_marks("no marks", "new").is_err());
    }
}
