//! Starting other programs.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Failure;

/// The cargo that started us, so that a toolchain chosen with `cargo +…` stays chosen.
pub(crate) fn cargo() -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo tells its children where it is through the environment"
    )]
    let cargo = std::env::var_os("CARGO");
    Command::new(cargo.unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with our terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = shown(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Broken(format!("`{shown}` failed ({status})"))),
        Err(error) => Err(Failure::Broken(format!(
            "could not start `{shown}`: {error}"
        ))),
    }
}

/// Runs to the end and returns what it printed.
pub(crate) fn read(command: &mut Command) -> Result<String, Failure> {
    let shown = shown(command);
    let output = match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => {
            return Err(Failure::Broken(format!(
                "`{shown}` failed ({})",
                output.status
            )));
        }
        Err(error) => {
            return Err(Failure::Broken(format!(
                "could not start `{shown}`: {error}"
            )));
        }
    };
    String::from_utf8(output)
        .map_err(|_| Failure::Broken(format!("`{shown}` printed something that is not UTF-8")))
}

/// The first line a program prints for `--version`, or `None` when it cannot be started or refuses.
pub(crate) fn version(command: &mut Command) -> Option<String> {
    let output = command
        .arg("--version")
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()
        .map(String::from)
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let mut words = vec![program.to_string_lossy()];
    words.extend(command.get_args().map(std::ffi::OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_with_its_arguments() {
        let outcome = read(Command::new("/bin/sh").args(["-c", "exit 3"]));
        let Err(Failure::Broken(message)) = outcome else {
            panic!("{outcome:?}")
        };
        assert!(
            message.contains("sh -c exit 3") && message.contains('3'),
            "{message}"
        );
    }

    #[test]
    fn a_missing_program_has_no_version() {
        assert_eq!(
            version(&mut Command::new("no-such-program-in-renshe")),
            None
        );
        assert!(version(&mut cargo()).is_some_and(|line| line.starts_with("cargo ")));
    }
}
