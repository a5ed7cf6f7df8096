//! Who may depend on whom.

use super::PURE;
use crate::finding::Finding;
use crate::workspace::{Package, Workspace};

/// Each of our crates with those of ours it may be built from. The direction is the architecture:
/// `measure ← rules, ledger ← city ← synth, store, exchange ← office, openid ← web ← renshe`.
const ROOMS: [(&str, &[&str]); 13] = [
    ("measure", &[]),
    ("rules", &["measure"]),
    ("ledger", &["measure"]),
    ("city", &["measure", "rules", "ledger"]),
    ("synth", &["measure", "rules", "city"]),
    ("store", &["measure", "ledger", "city"]),
    ("exchange", &["measure", "rules", "ledger", "city"]),
    (
        "office",
        &[
            "measure", "rules", "ledger", "city", "synth", "store", "exchange",
        ],
    ),
    ("openid", &["measure"]),
    // It reaches the database through the office's use cases only.
    (
        "web",
        &["measure", "rules", "ledger", "city", "office", "openid"],
    ),
    (
        "renshe",
        &[
            "measure", "rules", "ledger", "city", "synth", "store", "office", "exchange", "web",
        ],
    ),
    (
        "bench",
        &[
            "measure", "rules", "ledger", "city", "synth", "store", "office", "exchange",
        ],
    ),
    ("xtask", &[]),
];

/// What a pure crate is never built from, not even through others: async runtimes, databases, HTTP, terminals.
const IMPURE: [&str; 12] = [
    "tokio",
    "async-std",
    "smol",
    "rusqlite",
    "libsqlite3-sys",
    "postgres",
    "tokio-postgres",
    "sqlx",
    "axum",
    "hyper",
    "reqwest",
    "indicatif",
];

pub(super) fn directions(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in workspace.members() {
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == package.name) else {
            let what = format!(
                "the crate `{}` has no place in the architecture",
                package.name
            );
            findings.push(finding(
                package,
                what,
                "who may depend on it is undecided",
                "add it to ROOMS in xtask/src/tidy/architecture.rs",
            ));
            continue;
        };
        for needed in workspace
            .members()
            .filter(|member| package.needs.contains(&member.id))
        {
            if !allowed.contains(&needed.name.as_str()) {
                findings.push(finding(
                    package,
                    format!("`{}` depends on `{}`", package.name, needed.name),
                    "dependencies point one way: measure ← rules, ledger ← city ← synth, store, exchange ← office, openid ← web ← renshe",
                    "move what is needed to the lower crate, or pass it in as an argument",
                ));
            }
        }
    }
    findings
}

pub(super) fn forbidden_crates(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in workspace
        .members()
        .filter(|member| PURE.contains(&member.name.as_str()))
    {
        let reached = workspace.reached_from(package);
        for (name, through) in reached.iter().filter(|(name, _)| IMPURE.contains(name)) {
            findings.push(finding(
                package,
                format!("the pure crate `{}` is built from `{name}` (through `{through}`)", package.name),
                "a pure crate sees no runtime, database, network or terminal, so that a result depends on its arguments only",
                "do this in `exchange` or `renshe` and hand the result in",
            ));
        }
    }
    findings
}

pub(super) fn descriptions(workspace: &Workspace) -> Vec<Finding> {
    let bare = workspace.members().filter(|package| {
        package
            .description
            .as_ref()
            .is_none_or(|text| text.trim().is_empty())
    });
    bare.map(|package| {
        let what = format!("the crate `{}` has no description", package.name);
        finding(
            package,
            what,
            "one line tells a newcomer which room this is",
            "write `description = \"…\"` under [package]",
        )
    })
    .collect()
}

/// Every crate takes the workspace's lints, and every pure crate the same stricter `clippy.toml`: clippy reads only the
/// nearest such file, so each pure crate holds a copy.
pub(super) fn lint_sets(workspace: &Workspace) -> Vec<Finding> {
    let text_of = |path: &str| {
        workspace
            .files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    };
    let model = text_of("crates/measure/clippy.toml");
    let mut findings = Vec::new();
    for package in workspace.members() {
        let folder = package.folder.as_deref().unwrap_or_default();
        if text_of(&format!("{folder}/Cargo.toml"))
            .is_none_or(|manifest| !manifest.contains("[lints]\nworkspace = true"))
        {
            let what = format!(
                "the crate `{}` does not take the workspace's lints",
                package.name
            );
            findings.push(finding(
                package,
                what,
                "the rules of the house would not be checked here",
                "add `[lints]` and `workspace = true`",
            ));
        }
        let own = text_of(&format!("{folder}/clippy.toml"));
        if PURE.contains(&package.name.as_str()) && (own.is_none() || own != model) {
            let what = format!(
                "the clippy.toml of the pure crate `{}` is not that of `measure`",
                package.name
            );
            findings.push(finding(
                package,
                what,
                "what one pure crate may not touch, none may",
                "copy crates/measure/clippy.toml",
            ));
        }
    }
    findings
}

fn finding(package: &Package, what: String, why: &str, mend: &str) -> Finding {
    let file = format!(
        "{}/Cargo.toml",
        package.folder.as_deref().unwrap_or_default()
    );
    Finding {
        file,
        line: 0,
        what,
        why: why.to_string(),
        mend: mend.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tiny::{files, foreign, member, shown};
    use super::*;

    fn of(packages: Vec<Package>) -> Workspace {
        Workspace {
            packages,
            ..Workspace::default()
        }
    }

    #[test]
    fn a_lower_crate_does_not_depend_on_a_higher() {
        let good = of(vec![
            member("measure", &[]),
            member("rules", &["measure"]),
            member("renshe", &["rules", "measure"]),
        ]);
        assert!(directions(&good).is_empty());
        let bad = of(vec![member("measure", &["rules"]), member("rules", &[])]);
        assert_eq!(
            shown(&directions(&bad)),
            ["crates/measure/Cargo.toml:0 `measure` depends on `rules`"]
        );
    }

    #[test]
    fn a_new_crate_says_where_it_stands() {
        assert_eq!(directions(&of(vec![member("cellar", &[])])).len(), 1);
    }

    #[test]
    fn a_pure_crate_reaches_no_runtime_even_through_others() {
        let packages = || vec![foreign("helper", &["tokio"]), foreign("tokio", &[])];
        let mut pure = packages();
        pure.push(member("rules", &["helper"]));
        let found = shown(&forbidden_crates(&of(pure)));
        assert_eq!(
            found,
            [
                "crates/rules/Cargo.toml:0 the pure crate `rules` is built from `tokio` (through `helper`)"
            ]
        );
        let mut outer = packages();
        outer.push(member("exchange", &["helper"]));
        assert!(forbidden_crates(&of(outer)).is_empty());
    }

    #[test]
    fn a_crate_describes_itself() {
        let mut bare = member("rules", &[]);
        assert!(descriptions(&of(vec![bare.clone()])).is_empty());
        bare.description = None;
        assert_eq!(descriptions(&of(vec![bare])).len(), 1);
    }

    #[test]
    fn pure_crates_share_one_lint_set() {
        let manifest = "[lints]\nworkspace = true\n";
        let with = |rules: &str, manifest: &str| Workspace {
            packages: vec![member("rules", &[])],
            ..files(&[
                ("crates/measure/clippy.toml", "a"),
                ("crates/rules/clippy.toml", rules),
                ("crates/rules/Cargo.toml", manifest),
            ])
        };
        assert!(lint_sets(&with("a", manifest)).is_empty());
        assert_eq!(lint_sets(&with("b", manifest)).len(), 1);
        assert_eq!(lint_sets(&with("a", "[lints.rust]\n")).len(), 1);
    }
}
