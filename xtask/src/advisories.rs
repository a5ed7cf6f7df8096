//! Whether a known weakness is in what we build from.
//!
//! Works without a network: `supply-chain/advisories.toml` records which releases were audited against which state of
//! the `RustSec` database, and which advisories concern them. The database itself stays where it is: the record holds
//! our own finding, and the text of an advisory is at `https://rustsec.org/advisories/NUMBER.html`.

mod audit;

use std::path::Path;

use toml::Table;

use crate::finding::{Finding, conclude};
use crate::licences::{entries, read_table, text};
use crate::{Failure, Outcome, workspace};

pub(crate) const HELP: &str = "\
Checks every release in Cargo.lock against the audit recorded in supply-chain/advisories.toml; no network. A release
that was not audited is a finding too. An advisory that cannot hurt us is excepted by number, with a reason, in
supply-chain/exceptions.toml.

  --refresh DIR     audit Cargo.lock against a checkout of github.com/rustsec/advisory-db in DIR and record it
  --also LOCKFILE   with --refresh: audit the releases of this lock file, too

  git clone --depth 1 https://github.com/rustsec/advisory-db /tmp/advisory-db
  cargo xtask advisories --refresh /tmp/advisory-db
";

const RECORD: &str = "supply-chain/advisories.toml";
const EXCEPTIONS: &str = "supply-chain/exceptions.toml";

pub(crate) fn run(arguments: &[String]) -> Outcome {
    let root = workspace::root();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => {}
        ["--refresh", database] => return audit::run(&root, Path::new(database), None),
        ["--refresh", database, "--also", lock] => {
            return audit::run(&root, Path::new(database), Some(Path::new(lock)));
        }
        _ => {
            return Err(Failure::Usage(format!(
                "advisories takes nothing, or --refresh DIR [--also LOCKFILE]; got `{}`",
                words.join(" ")
            )));
        }
    }
    let locked = locked(&read_table(&root, "Cargo.lock")?);
    let record = read_table(&root, RECORD)?;
    let exceptions = read_table(&root, EXCEPTIONS)?;
    let findings = check(&locked, &record, &exceptions);
    let good = format!(
        "{} dependencies, none with an open advisory as of {}",
        locked.len(),
        text(&record, "date")
    );
    conclude(findings, "advisories", &good)
}

/// A release in the lock file that is not ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Locked {
    name: String,
    version: String,
    source: String,
}

impl Locked {
    /// As the record writes it: `rand 0.10.1`.
    fn release(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// What the lock file takes from outside.
fn locked(lock: &Table) -> Vec<Locked> {
    let foreign = entries(lock, "package").filter(|package| package.contains_key("source"));
    let owned = |package, key| text(package, key).to_string();
    let locked = foreign.map(|package| Locked {
        name: owned(package, "name"),
        version: owned(package, "version"),
        source: owned(package, "source"),
    });
    locked.collect()
}

fn check(locked: &[Locked], record: &Table, exceptions: &Table) -> Vec<Finding> {
    let audited: Vec<&str> = texts(record, "audited").collect();
    let mut findings = Vec::new();
    let mut concerned = Vec::new();
    for package in locked {
        let release = package.release();
        if package.source != "registry+https://github.com/rust-lang/crates.io-index" {
            findings.push(finding(
                format!("{release} comes from {}", package.source),
                "no advisory is ever written for it, and it may vanish",
                "depend on a release on crates.io",
            ));
        } else if !audited.contains(&release.as_str()) {
            findings.push(finding(
                format!("{release} was not audited: {RECORD} is older than Cargo.lock"),
                "an advisory about it would go unseen",
                "refresh the record (see `cargo xtask advisories --help`)",
            ));
        }
        for advisory in
            entries(record, "advisory").filter(|entry| text(entry, "release") == release)
        {
            let id = text(advisory, "id");
            concerned.push(id);
            if !entries(exceptions, "advisory").any(|entry| text(entry, "id") == id) {
                findings.push(finding(
                    format!("{release} is {}: {id}", text(advisory, "kind")),
                    &format!("read https://rustsec.org/advisories/{id}.html"),
                    &format!("take a release it names as patched, or except it with a reason in {EXCEPTIONS}"),
                ));
            }
        }
    }
    for entry in entries(exceptions, "advisory") {
        let id = text(entry, "id");
        if !concerned.contains(&id) || text(entry, "reason").is_empty() {
            let what = format!("the exception for {id} is unused or gives no reason");
            let why = "an exception nobody needs would hide the day it is needed";
            findings.push(Finding {
                file: String::from(EXCEPTIONS),
                ..finding(what, why, "remove it, or write the reason")
            });
        }
    }
    findings
}

fn finding(what: String, why: &str, mend: &str) -> Finding {
    Finding {
        file: String::from("Cargo.lock"),
        line: 0,
        what,
        why: why.to_string(),
        mend: mend.to_string(),
    }
}

/// The texts of a list.
fn texts<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a str> {
    let list = table.get(key).and_then(|list| list.as_array());
    list.into_iter()
        .flatten()
        .filter_map(|value| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUDIT: &str = r#"
        audited = ["rand 0.10.0", "rand 0.10.1"]
        [[advisory]]
        id = "RUSTSEC-1"
        release = "rand 0.10.0"
        kind = "unsound"
    "#;

    fn check_one(version: &str, exceptions: &str) -> Vec<String> {
        let lock = format!(
            "[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n[[package]]\nname = \"rand\"\nversion = \"{version}\"\n\
             source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
        );
        let locked = locked(&lock.parse().expect("a lock"));
        let exceptions = exceptions.parse().expect("exceptions");
        let findings = check(&locked, &AUDIT.parse().expect("a record"), &exceptions);
        findings.into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn an_advisory_is_found_for_the_release_it_concerns() {
        assert_eq!(
            check_one("0.10.0", ""),
            ["rand 0.10.0 is unsound: RUSTSEC-1"]
        );
        assert!(check_one("0.10.1", "").is_empty());
    }

    #[test]
    fn a_release_not_audited_is_found() {
        assert_eq!(check_one("0.10.2", "").len(), 1);
    }

    #[test]
    fn an_exception_must_be_used_and_reasoned() {
        let exception = "[[advisory]]\nid = \"RUSTSEC-1\"\nreason = \"r\"\n";
        assert!(check_one("0.10.0", exception).is_empty());
        let unreasoned = exception.replace("\"r\"", "\"\"");
        assert_eq!(check_one("0.10.0", &unreasoned).len(), 1, "no reason");
        assert_eq!(check_one("0.10.1", exception).len(), 1, "unused");
    }

    #[test]
    fn a_crate_from_elsewhere_is_found() {
        let source = String::from("git+https://example.org/rand");
        let package = Locked {
            name: String::from("rand"),
            version: String::from("0.10.1"),
            source: source.clone(),
        };
        let findings = check(&[package], &AUDIT.parse().expect("a record"), &Table::new());
        assert!(findings[0].what.contains(&source));
    }
}
