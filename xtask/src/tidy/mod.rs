//! What must hold of the whole tree and no compiler checks.
//!
//! Each check is a function from the repository to findings; [`CHECKS`] names them all.

mod architecture;
mod purity;
mod files;
pub(crate) mod documents;
mod code;

use crate::Outcome;
use crate::finding::{Finding, conclude, no_arguments};
use crate::workspace::Workspace;

pub(crate) const HELP: &str = "\
Checks what must hold of the whole tree and no compiler checks:

  architecture   who may depend on whom, what pure crates may never be built from, descriptions
  purity         no clock, I/O, floats or unordered maps in the sources of pure crates
  files          length, unfinished code, ignored tests, white space
  documents      paths, links and `cargo xtask` commands that documents name exist

Every finding says where, what, why and how to mend it. The checks live in xtask/src/tidy/.
";

type Check = fn(&Workspace) -> Vec<Finding>;

const CHECKS: [Check; 14] = [
    architecture::directions,
    architecture::forbidden_crates,
    architecture::descriptions,
    architecture::lint_sets,
    purity::outside_world,
    purity::floats,
    purity::unordered,
    files::length,
    files::unfinished,
    files::white_space,
    files::tabs_in_law,
    documents::paths,
    documents::links,
    documents::developer_commands,
];

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments("tidy", arguments)?;
    let workspace = Workspace::read()?;
    let findings = CHECKS.iter().flat_map(|check| check(&workspace)).collect();
    conclude(
        findings,
        "tidy",
        &format!(
            "{} checks over {} files hold",
            CHECKS.len(),
            workspace.files.len()
        ),
    )
}

/// The crates that are functions from arguments to results: no clock, no I/O, no chance, no floats.
const PURE: [&str; 5] = ["measure", "rules", "ledger", "city", "synth"];

/// Helpers for the tests of the checks: tiny repositories.
#[cfg(test)]
mod tiny {
    use super::*;
    use crate::workspace::{File, Package};

    /// A repository of these files and no crates.
    pub(super) fn files(files: &[(&str, &str)]) -> Workspace {
        Workspace {
            files: files
                .iter()
                .map(|(path, text)| File::new(*path, *text))
                .collect(),
            ..Workspace::default()
        }
    }

    /// A crate of ours in `crates/NAME` that is built from `needs`.
    pub(super) fn member(name: &str, needs: &[&str]) -> Package {
        let folder = Some(format!("crates/{name}"));
        Package {
            folder,
            description: Some(String::from("d")),
            ..foreign(name, needs)
        }
    }

    /// A crate of someone else's.
    pub(super) fn foreign(name: &str, needs: &[&str]) -> Package {
        let needs = needs.iter().map(ToString::to_string).collect();
        Package {
            id: name.to_string(),
            name: name.to_string(),
            needs,
            ..Package::default()
        }
    }

    /// `file:line what` of each finding.
    pub(super) fn shown(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|finding| format!("{}:{} {}", finding.file, finding.line, finding.what))
            .collect()
    }

    /// The lines found.
    pub(super) fn lines(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|finding| finding.line).collect()
    }
}
