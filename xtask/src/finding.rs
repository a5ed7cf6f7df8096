//! What a check found: where, what, why it matters, how to mend it.

use std::fmt;

use crate::{Failure, Outcome};

/// One thing that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// Path from the root of the repository.
    pub(crate) file: String,
    /// Line, counted from 1; 0 when the whole file is meant.
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) why: String,
    pub(crate) mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if self.line > 0 {
            write!(out, ":{}", self.line)?;
        }
        write!(
            out,
            ": {}\n    why:  {}\n    mend: {}",
            self.what, self.why, self.mend
        )
    }
}

/// Prints the findings, sorted by place, and closes with `good` when there are none.
pub(crate) fn conclude(mut findings: Vec<Finding>, check: &str, good: &str) -> Outcome {
    findings.sort();
    findings.dedup();
    for finding in &findings {
        eprintln!("{finding}\n");
    }
    match findings.len() {
        0 => Ok(format!("{check}: {good}")),
        1 => Err(Failure::Broken(format!("{check}: 1 finding"))),
        count => Err(Failure::Broken(format!("{check}: {count} findings"))),
    }
}

/// Refuses arguments on behalf of a command that takes none.
pub(crate) fn no_arguments(command: &str, arguments: &[String]) -> Result<(), Failure> {
    match arguments {
        [] => Ok(()),
        [first, ..] => Err(Failure::Usage(format!(
            "`cargo xtask {command}` takes no arguments, but got `{first}`"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(line: usize) -> Finding {
        let text = |text: &str| text.to_string();
        Finding {
            file: text("a.rs"),
            line,
            what: text("w"),
            why: text("y"),
            mend: text("m"),
        }
    }

    #[test]
    fn shows_the_place_only_as_exactly_as_it_is_known() {
        assert!(finding(3).to_string().starts_with("a.rs:3: w\n"));
        assert!(finding(0).to_string().starts_with("a.rs: w\n"));
    }

    #[test]
    fn counts_a_finding_once() {
        let outcome = conclude(vec![finding(1), finding(2), finding(1)], "tidy", "fine");
        assert_eq!(
            outcome,
            Err(Failure::Broken(String::from("tidy: 2 findings")))
        );
        assert_eq!(
            conclude(vec![], "tidy", "fine"),
            Ok(String::from("tidy: fine"))
        );
    }
}
