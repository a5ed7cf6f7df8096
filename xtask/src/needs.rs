//! What running the tests needs beside this repository, each with how to check for it and how to mend its absence.
//!
//! A later need, such as a database or a browser, is one more entry of [`NEEDS`]: a function that finds it, and, where a
//! program may bring it, one that installs or starts it.

use std::process::Command;

use crate::{Failure, shell};

/// Something on the machine that tests need.
struct Need {
    name: &'static str,
    /// What does not work without it.
    why: &'static str,
    /// Whether the tests can run without it, only worse.
    optional: bool,
    /// What was found, in a few words, or `None`.
    find: fn() -> Option<String>,
    /// Installs or starts it. `None` where only a person should.
    bring: Option<fn() -> Result<(), Failure>>,
    /// What a person does about it.
    hint: &'static str,
}

const NEEDS: [Need; 3] = [
    Need {
        name: "Rust",
        why: "the workspace is built with it",
        optional: false,
        find: || shell::version(&mut shell::cargo()),
        bring: None,
        hint: "install it from https://rustup.rs",
    },
    Need {
        name: "C compiler",
        why: "programs are linked with it, and some dependencies hold C",
        optional: false,
        find: || {
            ["cc", "gcc", "clang"]
                .iter()
                .find_map(|name| shell::version(&mut Command::new(name)))
        },
        bring: None,
        hint: "install gcc or clang with the system's package manager",
    },
    Need {
        name: "cargo-nextest",
        why: "it runs the tests of all crates at once; without it cargo runs them crate by crate",
        optional: true,
        find: nextest,
        bring: None,
        hint: "cargo install --locked cargo-nextest",
    },
];

/// Checks every need, brings what can be brought, and prints a line for each.
///
/// # Errors
/// Names every need that is missing and not optional, with what to do about it.
pub(crate) fn meet() -> Result<(), Failure> {
    meet_all(&NEEDS)
}

/// The version of cargo-nextest, or `None` when it is not installed.
pub(crate) fn nextest() -> Option<String> {
    shell::version(shell::cargo().arg("nextest"))
}

fn meet_all(needs: &[Need]) -> Result<(), Failure> {
    let mut missing = Vec::new();
    for need in needs {
        let mut found = (need.find)();
        if let (None, Some(bring)) = (&found, need.bring) {
            eprintln!("need {}: missing, bringing it", need.name);
            bring()?;
            found = (need.find)();
        }
        match found {
            Some(found) => eprintln!("need {}: {found}", need.name),
            None if need.optional => {
                eprintln!("need {}: missing ({}); {}", need.name, need.why, need.hint);
            }
            None => missing.push(format!(
                "{} is missing ({}): {}",
                need.name, need.why, need.hint
            )),
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::Broken(missing.join("\n       ")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    fn need(find: fn() -> Option<String>) -> Need {
        Need {
            name: "clock tower",
            why: "w",
            optional: false,
            find,
            bring: None,
            hint: "build one",
        }
    }

    #[test]
    fn what_is_missing_is_named_with_what_to_do() {
        let outcome = meet_all(&[need(|| None), need(|| Some(String::new()))]);
        assert_eq!(
            outcome,
            Err(Failure::Broken(String::from(
                "clock tower is missing (w): build one"
            )))
        );
    }

    #[test]
    fn the_optional_may_be_missing() {
        assert_eq!(
            meet_all(&[Need {
                optional: true,
                ..need(|| None)
            }]),
            Ok(())
        );
    }

    #[test]
    fn what_can_be_brought_is_brought_and_looked_for_again() {
        static BUILT: AtomicBool = AtomicBool::new(false);
        let find = || {
            BUILT
                .load(Ordering::SeqCst)
                .then(|| String::from("a tower"))
        };
        let bring = || {
            BUILT.store(true, Ordering::SeqCst);
            Ok(())
        };
        assert_eq!(
            meet_all(&[Need {
                bring: Some(bring),
                ..need(find)
            }]),
            Ok(())
        );
        assert!(BUILT.load(Ordering::SeqCst), "it was not brought");
    }
}
