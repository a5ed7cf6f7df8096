//! Every test of the workspace, with one command.

use crate::tidy::documents;
use crate::workspace::Workspace;
use crate::{Failure, Outcome, needs, shell};

pub(crate) const HELP: &str = "\
Runs every test of the workspace: checks that the machine has what they need, that every `renshe` command in a
document exists, then unit and integration tests (with cargo-nextest where it is installed), then the examples in
the documentation.

With ARGS, runs only the unit and integration tests they choose:

  cargo xtask test -p measure
  cargo xtask test calendar
";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let chosen = !arguments.is_empty();
    needs::meet()?;
    if !chosen {
        told_commands_exist(&Workspace::read()?)?;
    }
    let runner: &[&str] = if needs::nextest().is_some() {
        &["nextest", "run"]
    } else {
        &["test", "--all-targets"]
    };
    let mut tests = shell::cargo();
    tests.current_dir(crate::workspace::root()).args(runner);
    if !arguments
        .iter()
        .any(|argument| argument == "-p" || argument.starts_with("--package"))
    {
        tests.arg("--workspace");
    }
    shell::run(tests.args(arguments))?;
    if chosen {
        return Ok(String::from("test: the chosen tests passed"));
    }
    shell::run(shell::cargo().current_dir(crate::workspace::root()).args([
        "test",
        "--workspace",
        "--doc",
    ]))?;
    Ok(String::from(
        "test: every test passed, and every example in the documentation",
    ))
}

/// Asks the program for the help of each subcommand that a document tells to type.
fn told_commands_exist(workspace: &Workspace) -> Result<(), Failure> {
    if workspace.member("renshe").is_none() {
        return Ok(());
    }
    let mut unknown = Vec::new();
    for told in documents::commands(workspace) {
        let Some(subcommand) = documents::subcommand(&told.words) else {
            continue;
        };
        let mut help = shell::cargo();
        help.current_dir(&workspace.root)
            .args(["run", "--quiet", "--package", "renshe", "--"])
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
