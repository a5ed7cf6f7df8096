//! Every test of the workspace, with one command.

use crate::tidy::documents;
use crate::workspace::{Workspace, root};
use crate::{Failure, Outcome, house, needs, shell};
use std::process::Command;

pub(crate) const HELP: &str = "\
Runs every test of the workspace: checks that the machine has what they need, that every `renshe` command in a
document exists, then unit and integration tests (with cargo-nextest where it is installed), then the examples in
the documentation.

With ARGS, runs only the unit and integration tests they choose:

  cargo xtask test -p measure
  cargo xtask test calendar
";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    needs::meet()?;
    if !arguments.is_empty() {
        run_tests(arguments)?;
        return Ok(String::from("test: the chosen tests passed"));
    }
    // Asked first, so that the runner's own closing lines come last; answered last, so that the tests run in any case.
    let told = told_commands_exist(&Workspace::read()?);
    run_tests(arguments)?;
    let mut examples = shell::cargo();
    examples
        .current_dir(root())
        .args(["test", "--workspace", "--all-features", "--doc"]);
    shell::run(&mut examples)?;
    told?;
    Ok(String::from(
        "test: every test passed, and every example in the documentation",
    ))
}

fn run_tests(arguments: &[String]) -> Result<(), Failure> {
    let runner: &[&str] = match needs::nextest() {
        Some(_) => &["nextest", "run"],
        None => &["test", "--all-targets"],
    };
    let mut tests = shell::cargo();
    tests.current_dir(root()).args(runner);
    let names_a_crate = |argument: &String| argument == "-p" || argument.starts_with("--package");
    if !arguments.iter().any(names_a_crate) {
        tests.args(["--workspace", "--all-features"]);
    }
    shell::run(tests.args(arguments))
}

/// Asks the program for the help of each subcommand that a document tells to type.
fn told_commands_exist(workspace: &Workspace) -> Result<(), Failure> {
    if workspace.member("renshe").is_none() {
        return Ok(());
    }
    let program = house::program()?;
    let mut unknown = Vec::new();
    for told in documents::commands(workspace) {
        let Some(subcommand) = documents::subcommand(&told.words) else {
            continue;
        };
        let mut help = Command::new(&program);
        help.current_dir(&workspace.root)
            .args(&subcommand)
            .arg("--help");
        if shell::read(&mut help).is_err() {
            unknown.push(format!(
                "{}:{}: there is no `renshe {}`",
                told.file.path,
                told.line,
                subcommand.join(" ")
            ));
        }
    }
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(Failure::Broken(unknown.join("\n       ")))
    }
}
