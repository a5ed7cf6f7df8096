//! Comparisons with hand-written code and other people's software, each one command.
#![warn(missing_docs)]

mod law;
mod month;
mod web;

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

bench month [--people N] [--small N] [--rounds N] [--months N] [--quick] [--write]

Runs months of a city by the program and, interleaved, puts the same rows into the same database by hand: COPY, keys and
one scan on PostgreSQL, one transaction on SQLite. It starts a PostgreSQL server of its own. Prints the table as Markdown.

  --people N   insured on PostgreSQL; 24 million without it, which takes 60 GB of disk
  --small N    insured on SQLite, and where months follow each other; a million without it, 0 for neither
  --rounds N   months of both contestants; 3 without it
  --months N   how many months follow each other, up to December 2025; 60 without it, 0 for none
  --quick      100,000 insured, two rounds, six months
  --write      put the table into bench/README.md

bench web [--people N] [--rounds N] [--seconds N] [--pace N] [--quick] [--write]

Opens the doors of a city's house, on SQLite and on PostgreSQL, and puts loads on it with oha, which it builds, and wrk:
a person's overview, anybody's record, a search, a wage declared; each beside a handler that returns the same bytes from
memory. It starts a PostgreSQL server of its own. Prints the table as Markdown.

  --people N   insured; a million without it
  --rounds N   rounds, each with every load on both; 3 without it
  --seconds N  how long a load lasts; 20 without it
  --pace N     requests a second; 500 without it
  --quick      20,000 insured, one round of five seconds
  --write      put the table into bench/README.md

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
    Month {
        options: month::Options,
        write: bool,
    },
    Web {
        options: web::Options,
        write: bool,
    },
    /// Not in the help: the handler that the web's bench measures beside the house, a process of its own.
    WebMemory {
        file: PathBuf,
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
        Ok(Asked::Law { options, write }) => {
            law::run(&options).and_then(|table| told("law", &table, write))
        }
        Ok(Asked::Month { options, write }) => {
            month::run(&options).and_then(|table| told("month", &table, write))
        }
        Ok(Asked::Web { options, write }) => {
            web::run(&options).and_then(|table| told("web", &table, write))
        }
        Ok(Asked::WebMemory { file }) => web::answer_from_memory(&file),
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
    if let [first, file] = arguments
        && first == "web-memory"
    {
        return Ok(Asked::WebMemory { file: file.into() });
    }
    match arguments.first().map(String::as_str) {
        None | Some("--help" | "-h" | "help") => Ok(Asked::Help),
        Some("law") => asked_law(&arguments[1..], cache),
        Some("month") => asked_month(&arguments[1..], cache),
        Some("web") => asked_web(&arguments[1..], cache),
        Some(other) => Err(Failure(format!(
            "there is no bench `{other}`; there are: law, month, web"
        ))),
    }
}

/// The number behind an argument.
fn number<'a, N: std::str::FromStr>(
    argument: &str,
    rest: &mut impl Iterator<Item = &'a String>,
) -> Result<N, Failure> {
    let number = rest
        .next()
        .and_then(|number| number.replace('_', "").parse().ok());
    number.ok_or_else(|| Failure(format!("`{argument}` takes a number")))
}

fn asked_month(arguments: &[String], cache: &Path) -> Result<Asked, Failure> {
    let mut options = month::Options {
        people: 24_000_000,
        small: 1_000_000,
        rounds: 3,
        months: 60,
        data: cache.join("bench-data"),
    };
    let mut write = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--people" => options.people = number(argument, &mut rest)?,
            "--small" => options.small = number(argument, &mut rest)?,
            "--rounds" => options.rounds = number(argument, &mut rest)?,
            "--months" => options.months = number(argument, &mut rest)?,
            "--quick" => {
                (
                    options.people,
                    options.small,
                    options.rounds,
                    options.months,
                ) = (100_000, 100_000, 2, 6);
            }
            "--write" => write = true,
            "--help" | "-h" => return Ok(Asked::Help),
            other => return Err(Failure(format!("`bench month` knows no `{other}`"))),
        }
    }
    Ok(Asked::Month { options, write })
}

fn asked_web(arguments: &[String], cache: &Path) -> Result<Asked, Failure> {
    let mut options = web::Options {
        people: 1_000_000,
        rounds: 3,
        seconds: 20,
        pace: 500,
        data: cache.join("bench-data"),
        tools: cache.join("bench-tools"),
    };
    let mut write = false;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--people" => options.people = number(argument, &mut rest)?,
            "--rounds" => options.rounds = number(argument, &mut rest)?,
            "--seconds" => options.seconds = number(argument, &mut rest)?,
            "--pace" => options.pace = number(argument, &mut rest)?,
            "--quick" => (options.people, options.rounds, options.seconds) = (20_000, 1, 5),
            "--write" => write = true,
            "--help" | "-h" => return Ok(Asked::Help),
            other => return Err(Failure(format!("`bench web` knows no `{other}`"))),
        }
    }
    Ok(Asked::Web { options, write })
}

fn asked_law(arguments: &[String], cache: &Path) -> Result<Asked, Failure> {
    let mut options = Options {
        rows: 24_000_000,
        rounds: 5,
        peers: Peers::Take,
        environment: cache.join("bench-peers"),
        data: cache.join("bench-data"),
    };
    let mut write = false;
    let mut rest = arguments.iter();
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

/// Prints a bench's table, and puts it into the page if asked.
fn told(name: &str, table: &str, write: bool) -> Result<(), Failure> {
    print!("{table}");
    if write {
        let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let page = std::fs::read_to_string(&readme)
            .map_err(|error| Failure::of("cannot read", &readme, &error))?;
        let page = between_marks(name, &page, table)?;
        std::fs::write(&readme, page)
            .map_err(|error| Failure::of("cannot write", &readme, &error))?;
    }
    Ok(())
}

/// The page with the table put between its marks.
fn between_marks(name: &str, page: &str, table: &str) -> Result<String, Failure> {
    let begin = format!("<!-- {name}: begin -->\n");
    let end = format!("<!-- {name}: end -->");
    let parts = page
        .split_once(&begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let Some((before, after)) = parts else {
        return Err(Failure(format!(
            "bench/README.md lacks the lines {begin} and {end}"
        )));
    };
    Ok(format!("{before}{begin}\n{table}\n{end}{after}"))
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
        assert!(options("lawn").is_err());
        let Ok(Asked::Month { options: asked, .. }) =
            options("month --people 4_000_000 --months 0")
        else {
            panic!("not understood");
        };
        assert_eq!(
            (asked.people, asked.small, asked.months),
            (4_000_000, 1_000_000, 0)
        );
    }

    #[test]
    fn a_table_replaces_the_one_before() {
        let page = "a\n<!-- law: begin -->\nold\n<!-- law: end -->\nb\n";
        let written = between_marks("law", page, "new\n").unwrap();
        assert_eq!(
            written,
            "a\n<!-- law: begin -->\n\nnew\n\n<!-- law: end -->\nb\n"
        );
        assert_eq!(between_marks("law", &written, "new\n").unwrap(), written);
        assert!(between_marks("law", "no marks", "new").is_err());
    }
}
