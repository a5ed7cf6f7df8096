//! Everything a change must pass, in order.

use std::process::Command;

use crate::finding::no_arguments;
use crate::{Failure, Outcome, advisories, licences, shell, test, tidy, workspace};

pub(crate) const HELP: &str = "\
Runs everything .ci/run does, in the same order: formatting, clippy with warnings denied, tidy, documentation with
warnings denied, licences, advisories, every test. Does not stop at the first failure; says how long each step took.
";

type Step = fn() -> Outcome;

/// The steps, cheap ones first, tests last so that their own closing lines end the log.
const STEPS: [(&str, Step); 7] = [
    ("fmt", || cargo(&["fmt", "--all", "--check"], |_| {})),
    ("clippy", || {
        cargo(
            &[
                "clippy",
                "--workspace",
                "--all-features",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
            |_| {},
        )
    }),
    ("tidy", || tidy::run(&[])),
    ("doc", || {
        cargo(
            &[
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
            ],
            |command| {
                command.env("RUSTDOCFLAGS", "-D warnings");
            },
        )
    }),
    ("licences", || licences::run(&[])),
    ("advisories", || advisories::run(&[])),
    ("test", || test::run(&[])),
];

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments("ci", arguments)?;
    let outcomes = STEPS.map(|(name, step)| (name, timed(name, step)));
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|(_, passed)| !passed)
        .map(|(name, _)| *name)
        .collect();
    if failed.is_empty() {
        Ok(format!("ci: all {} steps passed", STEPS.len()))
    } else {
        Err(Failure::Broken(format!(
            "ci: failed: {}",
            failed.join(", ")
        )))
    }
}

/// Runs a step, prints its outcome and time, and tells whether it passed.
fn timed(name: &str, step: Step) -> bool {
    eprintln!("── {name}");
    #[expect(
        clippy::disallowed_methods,
        reason = "the time a step takes is what is reported"
    )]
    let start = std::time::Instant::now();
    let outcome = step();
    let seconds = start.elapsed().as_secs();
    match &outcome {
        Ok(closing) => eprintln!("── {name}: passed in {seconds} s ({closing})\n"),
        Err(Failure::Usage(message) | Failure::Broken(message)) => {
            eprintln!("── {name}: FAILED after {seconds} s: {message}\n");
        }
    }
    outcome.is_ok()
}

fn cargo(arguments: &[&str], prepare: fn(&mut Command)) -> Outcome {
    let mut command = shell::cargo();
    command.current_dir(workspace::root()).args(arguments);
    prepare(&mut command);
    shell::run(&mut command)?;
    Ok(shell::shown(&command))
}
