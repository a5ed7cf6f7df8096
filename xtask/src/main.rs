//! What developers run: `cargo xtask COMMAND`.
//!
//! Each command is one entry of [`COMMANDS`] and one module. The checks among them (`tidy`, `licences`, `advisories`)
//! are functions that return findings, so that they can be tested on tiny inputs; only this file prints and exits.

mod ci;
mod test;
mod browser;
mod peers;
mod house;
mod needs;
mod tidy;
mod licences;
mod spdx;
mod advisories;
mod bench;
mod soak;
mod workspace;
mod finding;
mod shell;

use std::process::ExitCode;

/// Why a command did not succeed.
#[derive(Debug, PartialEq)]
enum Failure {
    /// It was asked wrongly; exit code 2.
    Usage(String),
    /// It ran and what it checked or built is broken; exit code 1.
    Broken(String),
}

/// What every command returns: the line to close with.
type Outcome = Result<String, Failure>;

struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    help: &'static str,
    run: fn(&[String]) -> Outcome,
}

/// Every command, in the order `--help` lists them.
const COMMANDS: [Command; 9] = [
    Command {
        name: "test",
        arguments: "[ARGS…]",
        summary: "run every test of the workspace",
        help: test::HELP,
        run: test::run,
    },
    Command {
        name: "browser",
        arguments: "[--only STORIES] [--pictures DIR]",
        summary: "tell the stories of the doors in a real browser",
        help: browser::HELP,
        run: browser::run,
    },
    Command {
        name: "peers",
        arguments: "api|registry [ARGS…]",
        summary: "let strangers' programs look for faults in the API",
        help: peers::HELP,
        run: peers::run,
    },
    Command {
        name: "ci",
        arguments: "",
        summary: "run everything .ci/run does, in the same order, with timings",
        help: ci::HELP,
        run: ci::run,
    },
    Command {
        name: "tidy",
        arguments: "",
        summary: "check what must hold of the whole tree: who depends on whom, what pure crates may not touch, documents",
        help: tidy::HELP,
        run: tidy::run,
    },
    Command {
        name: "licences",
        arguments: "",
        summary: "check the licence of every dependency",
        help: licences::HELP,
        run: licences::run,
    },
    Command {
        name: "advisories",
        arguments: "[--refresh DIR [--also LOCKFILE]]",
        summary: "check Cargo.lock against the recorded security advisories",
        help: advisories::HELP,
        run: advisories::run,
    },
    Command {
        name: "bench",
        arguments: "[NAME [ARGS…]]",
        summary: "measure against peers; without a name, list what can be measured",
        help: bench::HELP,
        run: bench::run,
    },
    Command {
        name: "soak",
        arguments: "month [--times N] [--seed N] [--release] [--only NAME]",
        summary: "let faults strike a month again and again",
        help: soak::HELP,
        run: soak::run,
    },
];

/// The command of this name.
fn command(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(closing) => {
            println!("{closing}");
            ExitCode::SUCCESS
        }
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
        Err(Failure::Broken(message)) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((name, rest)) = arguments.split_first() else {
        return Ok(overview());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        return Ok(overview());
    }
    let Some(command) = command(name) else {
        return Err(Failure::Usage(format!(
            "there is no `cargo xtask {name}`\n\n{}",
            overview()
        )));
    };
    // Only a leading --help is ours: `bench law --help` asks the bench.
    if rest
        .first()
        .is_some_and(|first| first == "--help" || first == "-h")
    {
        return Ok(format!(
            "cargo xtask {} {}\n\n{}",
            command.name,
            command.arguments,
            command.help.trim_end()
        ));
    }
    (command.run)(rest)
}

fn overview() -> String {
    let mut text = String::from("What developers of Renshe run.\n\n");
    for command in &COMMANDS {
        let usage = format!("cargo xtask {} {}", command.name, command.arguments);
        text.push_str(&format!(
            "  {}\n      {}\n",
            usage.trim_end(),
            command.summary
        ));
    }
    text.push_str(
        "\n`cargo xtask COMMAND --help` tells more. Exit codes: 0 good, 1 broken, 2 asked wrongly.",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dispatch_words(words: &str) -> Outcome {
        dispatch(
            &words
                .split_whitespace()
                .map(String::from)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn every_command_helps_without_running() {
        for command in &COMMANDS {
            let help =
                dispatch_words(&format!("{} --help", command.name)).expect("help is never refused");
            assert!(
                help.starts_with(&format!("cargo xtask {}", command.name)),
                "{help}"
            );
            assert!(overview().contains(command.summary));
        }
    }

    #[test]
    fn an_unknown_command_is_a_usage_error_that_lists_the_known() {
        let Err(Failure::Usage(message)) = dispatch_words("tset") else {
            panic!("`tset` was accepted")
        };
        assert!(message.contains("cargo xtask test"), "{message}");
    }

    #[test]
    fn commands_without_arguments_refuse_them() {
        for name in ["ci", "tidy", "licences"] {
            assert!(
                matches!(
                    dispatch_words(&format!("{name} now")),
                    Err(Failure::Usage(_))
                ),
                "{name}"
            );
        }
    }
}
