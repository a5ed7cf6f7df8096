//! Auditing the lock file against a checkout of the advisory database.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use semver::{Version, VersionReq};
use toml::Table;

use super::{Locked, RECORD, locked, texts};
use crate::licences::{read_table, text};
use crate::{Failure, Outcome, shell};

pub(super) fn run(root: &Path, database: &Path, also: Option<&Path>) -> Outcome {
    let crates = database.join("crates");
    if !crates.is_dir() || !database.join(".git").exists() {
        return Err(Failure::Usage(format!(
            "{} is not a git checkout of github.com/rustsec/advisory-db",
            database.display()
        )));
    }
    let mut releases: BTreeSet<Locked> = locked(&read_table(root, "Cargo.lock")?)
        .into_iter()
        .collect();
    if let Some(path) = also {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::Usage(format!("{} is not a lock file: {error}", path.display()))
        };
        let lock = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        releases.extend(locked(
            &lock
                .parse()
                .map_err(|error: toml::de::Error| wrong(&error))?,
        ));
    }
    let mut concerns = Vec::new();
    for release in &releases {
        for path in advisories(&crates.join(&release.name)) {
            let wrong = |error: String| Failure::Broken(format!("{}: {error}", path.display()));
            let advisory =
                std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
            concerns.extend(concern(&advisory, release).map_err(wrong)?);
        }
    }
    let mut git = Command::new("git");
    let head = shell::read(
        git.arg("-C")
            .arg(database)
            .args(["log", "-1", "--format=%H %cs"]),
    )?;
    let (commit, date) = head.trim().split_once(' ').unwrap_or_default();
    let record = record(&releases, &concerns, commit, date);
    std::fs::write(root.join(RECORD), record)
        .map_err(|error| Failure::Broken(format!("cannot write {RECORD}: {error}")))?;
    Ok(format!(
        "advisories: wrote {RECORD}: {} releases audited as of {date}, {} concerns",
        releases.len(),
        concerns.len()
    ))
}

/// An advisory that concerns a release.
#[derive(Debug, PartialEq)]
struct Concern {
    id: String,
    release: String,
    /// `vulnerable`, or as the advisory says: `unmaintained`, `unsound`, `notice`.
    kind: String,
}

/// The advisories about a crate, sorted; none when the database does not know it.
fn advisories(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    paths.sort();
    paths
}

/// Whether the advisory concerns the release: it was not withdrawn, and no requirement says that this version is
/// patched or was never affected.
fn concern(advisory: &str, release: &Locked) -> Result<Option<Concern>, String> {
    let Some((front, _)) = advisory
        .strip_prefix("```toml\n")
        .and_then(|rest| rest.split_once("\n```"))
    else {
        return Err(String::from("does not begin with a ```toml block"));
    };
    let front: Table = front
        .parse()
        .map_err(|error| format!("its ```toml block cannot be read: {error}"))?;
    let none = Table::new();
    let part = |name: &str| {
        front
            .get(name)
            .and_then(|value| value.as_table())
            .unwrap_or(&none)
    };
    let (head, versions) = (part("advisory"), part("versions"));
    if text(head, "id").is_empty() {
        return Err(String::from("has no `id`"));
    }
    let version = Version::parse(&release.version)
        .map_err(|error| format!("{}: {error}", release.version))?;
    for requirement in texts(versions, "patched").chain(texts(versions, "unaffected")) {
        let requirement =
            VersionReq::parse(requirement).map_err(|error| format!("`{requirement}`: {error}"))?;
        if requirement.matches(&version) {
            return Ok(None);
        }
    }
    let kind = match text(head, "informational").trim() {
        "" => "vulnerable",
        kind => kind,
    };
    let concern = Concern {
        id: text(head, "id").to_string(),
        release: release.release(),
        kind: kind.to_string(),
    };
    Ok(Some(concern).filter(|_| !head.contains_key("withdrawn")))
}

fn record(releases: &BTreeSet<Locked>, concerns: &[Concern], commit: &str, date: &str) -> String {
    let mut text = format!(
        "# Written by `cargo xtask advisories --refresh DIR`; do not edit.\n\
         # The releases below were audited against https://github.com/rustsec/advisory-db at this commit;\n\
         # each advisory that concerns one of them follows. Its text: https://rustsec.org/advisories/ID.html\n\
         commit = {commit:?}\ndate = {date:?}\naudited = [\n"
    );
    for release in releases {
        text.push_str(&format!("    {:?},\n", release.release()));
    }
    text.push_str("]\n");
    for Concern { id, release, kind } in concerns {
        text.push_str(&format!(
            "\n[[advisory]]\nid = {id:?}\nrelease = {release:?}\nkind = {kind:?}\n"
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-1\"\n[versions]\n\
        patched = [\">= 0.10.1\", \"< 0.10.0, >= 0.9.3\"]\nunaffected = [\"< 0.7.0\"]\n```\n\n# Prose\n";

    fn release(version: &str) -> Locked {
        Locked {
            name: String::from("rand"),
            version: version.to_string(),
            source: String::new(),
        }
    }

    #[test]
    fn a_version_is_concerned_unless_patched_or_older() {
        for (version, expected) in [
            ("0.6.5", false),
            ("0.7.0", true),
            ("0.9.2", true),
            ("0.9.3", false),
            ("0.10.0", true),
            ("0.10.1", false),
        ] {
            let concern = concern(ADVISORY, &release(version)).expect("readable");
            assert_eq!(concern.is_some(), expected, "rand {version}: {concern:?}");
        }
    }

    #[test]
    fn the_kind_is_the_advisory_s_own() {
        let unsound = ADVISORY.replace("[versions]", "informational = \"unsound\"\n[versions]");
        let kind = |advisory| {
            concern(advisory, &release("0.9.2"))
                .expect("readable")
                .expect("concerned")
                .kind
        };
        assert_eq!(
            (kind(ADVISORY).as_str(), kind(&unsound).as_str()),
            ("vulnerable", "unsound")
        );
    }

    #[test]
    fn the_withdrawn_concern_nobody_and_the_unreadable_are_refused() {
        let withdrawn = ADVISORY.replace("[versions]", "withdrawn = \"2026-01-01\"\n[versions]");
        assert_eq!(concern(&withdrawn, &release("0.9.2")), Ok(None));
        assert!(concern(&ADVISORY.replace("id =", "number ="), &release("0.9.2")).is_err());
        assert!(concern("# Prose\n", &release("0.9.2")).is_err());
    }

    #[test]
    fn the_record_reads_back() {
        let concern = concern(ADVISORY, &release("0.9.2"))
            .expect("readable")
            .expect("concerned");
        let table: Table = record(
            &BTreeSet::from([release("0.9.2")]),
            &[concern],
            "abc",
            "2026-08-21",
        )
        .parse()
        .expect("TOML");
        assert_eq!(
            (
                text(&table, "date"),
                texts(&table, "audited").collect::<Vec<_>>()
            ),
            ("2026-08-21", vec!["rand 0.9.2"])
        );
        let advisory = crate::licences::entries(&table, "advisory")
            .next()
            .expect("one advisory");
        assert_eq!(
            (text(advisory, "id"), text(advisory, "release")),
            ("RUSTSEC-1", "rand 0.9.2")
        );
    }
}
