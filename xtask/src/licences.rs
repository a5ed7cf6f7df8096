//! Whether we may build from what we build from.

use std::path::Path;

use toml::Table;

use crate::finding::{Finding, conclude, no_arguments};
use crate::workspace::{Package, Workspace};
use crate::{Failure, Outcome, spdx};

pub(crate) const HELP: &str = "\
Every crate in Cargo.lock, on any platform, must carry a licence expression that the list in
supply-chain/licences.toml satisfies. A crate that cannot is replaced, or excepted by name with a reason in
supply-chain/exceptions.toml. Needs the crates that `cargo fetch` brings; after that no network.
";

const LIST: &str = "supply-chain/licences.toml";
const EXCEPTIONS: &str = "supply-chain/exceptions.toml";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    no_arguments("licences", arguments)?;
    let workspace = Workspace::read()?;
    let list = read_table(&workspace.root, LIST)?;
    let exceptions = read_table(&workspace.root, EXCEPTIONS)?;
    let findings = check(&workspace, &list, &exceptions);
    let count = workspace.dependencies().count();
    conclude(
        findings,
        "licences",
        &format!("{count} dependencies, each under a licence we accept"),
    )
}

/// Reads a TOML file of the repository.
pub(crate) fn read_table(root: &Path, path: &str) -> Result<Table, Failure> {
    let text = std::fs::read_to_string(root.join(path))
        .map_err(|error| Failure::Broken(format!("cannot read {path}: {error}")))?;
    text.parse()
        .map_err(|error| Failure::Broken(format!("{path} is not TOML: {error}")))
}

/// The entries `[[name]]` of a table.
pub(crate) fn entries<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    table
        .get(name)
        .and_then(|list| list.as_array())
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.as_table())
}

/// The text of a key, or nothing.
pub(crate) fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table
        .get(key)
        .and_then(|value| value.as_str())
        .unwrap_or_default()
}

fn check(workspace: &Workspace, list: &Table, exceptions: &Table) -> Vec<Finding> {
    let allowed: Vec<&str> = entries(list, "licence")
        .map(|entry| text(entry, "id"))
        .collect();
    let mut findings = Vec::new();
    for package in workspace.dependencies() {
        let excepted = |entry: &Table| {
            text(entry, "package") == package.name
                && text(entry, "licence") == package.licence.as_deref().unwrap_or_default()
        };
        if let Some(what) = refusal(package, &allowed)
            && !entries(exceptions, "licence").any(excepted)
        {
            findings.push(Finding {
                file: String::from("Cargo.lock"),
                line: 0,
                what: format!("{} {} {what}", package.name, package.version),
                why: String::from("a city that runs Renshe must be free to use, change and pass it on without new duties"),
                mend: format!("choose another crate, or except it by name with a reason in {EXCEPTIONS}"),
            });
        }
    }
    for entry in entries(exceptions, "licence") {
        let used = workspace.dependencies().any(|package| {
            package.name == text(entry, "package") && refusal(package, &allowed).is_some()
        });
        if !used || text(entry, "reason").is_empty() {
            findings.push(Finding {
                file: String::from(EXCEPTIONS),
                line: 0,
                what: format!(
                    "the licence exception for `{}` is unused or gives no reason",
                    text(entry, "package")
                ),
                why: String::from("an exception nobody needs would let the next one in unread"),
                mend: String::from("remove it, or write the reason"),
            });
        }
    }
    findings
}

/// Why this package's licence does not do, or `None` when it does.
fn refusal(package: &Package, allowed: &[&str]) -> Option<String> {
    let Some(expression) = &package.licence else {
        return Some(String::from("names no licence"));
    };
    match spdx::satisfied(expression, |licence| allowed.contains(&licence)) {
        Ok(true) => None,
        Ok(false) => Some(format!(
            "is under `{expression}`, which our list does not satisfy"
        )),
        Err(error) => Some(format!(
            "has the licence expression `{expression}`, which cannot be read: {error}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(licence: Option<&str>, exceptions: &str) -> Vec<String> {
        let package = Package {
            name: String::from("x"),
            licence: licence.map(String::from),
            ..Package::default()
        };
        let workspace = Workspace {
            packages: vec![package],
            ..Workspace::default()
        };
        let list = "[[licence]]\nid = \"MIT\"\n".parse().expect("a list");
        let exceptions = exceptions.parse().expect("exceptions");
        check(&workspace, &list, &exceptions)
            .into_iter()
            .map(|finding| finding.what)
            .collect()
    }

    #[test]
    fn finds_what_the_list_does_not_satisfy() {
        assert!(check_one(Some("MIT OR GPL-3.0"), "").is_empty());
        assert_eq!(check_one(Some("GPL-3.0"), "").len(), 1);
        assert_eq!(check_one(Some("MIT AND"), "").len(), 1);
        assert_eq!(check_one(None, "").len(), 1);
    }

    #[test]
    fn an_exception_holds_for_that_licence_only_and_must_be_used_and_reasoned() {
        let exception = "[[licence]]\npackage = \"x\"\nlicence = \"GPL-3.0\"\nreason = \"r\"\n";
        assert!(check_one(Some("GPL-3.0"), exception).is_empty());
        assert_eq!(
            check_one(Some("GPL-2.0"), exception).len(),
            1,
            "another licence than the one excepted"
        );
        assert_eq!(check_one(Some("MIT"), exception).len(), 1, "unused");
        assert_eq!(
            check_one(Some("GPL-3.0"), &exception.replace("\"r\"", "\"\"")).len(),
            1,
            "no reason"
        );
    }
}
