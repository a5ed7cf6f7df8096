//! What the sources of a pure crate never mention.
//!
//! Clippy bans the same things by type and method (see `clippy.toml` in each pure crate), more exactly but only where
//! nobody wrote `#[expect]`. These checks know no exception but the one folder named here.

use super::{PURE, code};
use crate::finding::Finding;
use crate::workspace::{File, Workspace};

/// Where exact integers may be carried in floats, with their proof.
const LANES: &str = "crates/rules/src/columns/";

/// Modules of the standard library that reach outside the program.
const OUTSIDE: [&str; 5] = ["fs", "net", "env", "process", "os"];

/// Words that read the clock, write to a terminal or draw chance from nowhere.
const HIDDEN_INPUTS: [&str; 10] = [
    "SystemTime",
    "Instant",
    "stdin",
    "stdout",
    "stderr",
    "println",
    "eprintln",
    "thread_rng",
    "OnceLock",
    "LazyLock",
];

const UNORDERED: [&str; 4] = ["HashMap", "HashSet", "RandomState", "DefaultHasher"];

pub(super) fn outside_world(workspace: &Workspace) -> Vec<Finding> {
    let why =
        "a result may depend on the arguments only, so that it can be derived again years later";
    let mend = "take it as an argument; the caller in `exchange` or `renshe` reads it";
    let mut findings = Vec::new();
    for (file, code) in pure_sources(workspace) {
        // A whole `use` item is read at once, since `use std::{fmt, fs};` may span lines.
        let mut using = false;
        for (number, line) in (1..).zip(code.lines()) {
            using |= line
                .trim_start()
                .trim_start_matches("pub ")
                .starts_with("use std::");
            let module = OUTSIDE.iter().find(|module| {
                line.contains(&format!("std::{module}"))
                    || using && code::words(line).any(|word| word == **module)
            });
            if let Some(module) = module {
                findings.push(finding(
                    file,
                    number,
                    format!("`std::{module}` in a pure crate"),
                    why,
                    mend,
                ));
            }
            if let Some(word) = code::words(line).find(|word| HIDDEN_INPUTS.contains(word)) {
                findings.push(finding(
                    file,
                    number,
                    format!("`{word}` in a pure crate"),
                    why,
                    mend,
                ));
            }
            using &= !line.contains(';');
        }
    }
    findings
}

pub(super) fn floats(workspace: &Workspace) -> Vec<Finding> {
    let is_float = |word: &str| {
        ["f32", "f64"].iter().any(|float| {
            word.strip_suffix(float)
                .is_some_and(|number| number.chars().all(|c| c.is_ascii_digit() || c == '_'))
        })
    };
    let why = "money, rates and dates are exact; a float is wrong by a fen sooner or later";
    let mend = "use the values of `measure`; lanes that carry exact integers belong in crates/rules/src/columns/";
    let mut findings = Vec::new();
    for (file, code) in pure_sources(workspace).filter(|(file, _)| !file.path.starts_with(LANES)) {
        for (number, line) in (1..).zip(code.lines()) {
            if let Some(word) = code::words(line).find(|word| is_float(word)) {
                findings.push(finding(
                    file,
                    number,
                    format!("`{word}` in a pure crate"),
                    why,
                    mend,
                ));
            }
        }
    }
    findings
}

pub(super) fn unordered(workspace: &Workspace) -> Vec<Finding> {
    let why = "its order differs from run to run, and so would messages, sums of errors and files";
    let mut findings = Vec::new();
    for (file, code) in pure_sources(workspace) {
        for (number, line) in (1..).zip(code.lines()) {
            if let Some(word) = code::words(line).find(|word| UNORDERED.contains(word)) {
                findings.push(finding(
                    file,
                    number,
                    format!("`{word}` in a pure crate"),
                    why,
                    "use BTreeMap or BTreeSet, or a sorted Vec",
                ));
            }
        }
    }
    findings
}

/// The Rust sources of the pure crates, without their tests.
fn pure_sources(workspace: &Workspace) -> impl Iterator<Item = (&File, String)> {
    let pure = |file: &&File| {
        let inside = file
            .path
            .strip_prefix("crates/")
            .and_then(|path| path.split_once('/'));
        inside.is_some_and(|(name, path)| {
            PURE.contains(&name) && path.starts_with("src/") && !is_test(path)
        })
    };
    let sources = workspace
        .files
        .iter()
        .filter(|file| file.extension() == "rs")
        .filter(pure);
    sources.map(|file| (file, code::without_tests(&code::bare(&file.text))))
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

fn finding(file: &File, line: usize, what: String, why: &str, mend: &str) -> Finding {
    Finding {
        file: file.path.clone(),
        line,
        what,
        why: why.to_string(),
        mend: mend.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tiny::{files, lines};
    use super::*;

    fn check(check: fn(&Workspace) -> Vec<Finding>, source: &str, expected: &[usize]) {
        assert_eq!(
            lines(&check(&files(&[("crates/rules/src/a.rs", source)]))),
            expected,
            "{source}"
        );
        for elsewhere in [
            "crates/exchange/src/a.rs",
            "crates/rules/tests/a.rs",
            "crates/rules/src/tests.rs",
            "crates/rules/src/a/tests/b.rs",
        ] {
            assert!(
                check(&files(&[(elsewhere, source)])).is_empty(),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn a_pure_crate_reaches_nothing_outside() {
        check(outside_world, "use std::fs;\nuse std::fmt;\n", &[1]);
        check(
            outside_world,
            "use std::{\n    fmt,\n    net,\n};\nlet fs = 1;\n",
            &[3],
        );
        check(outside_world, "let path = std::env::var(x);\n", &[1]);
        check(
            outside_world,
            "use std::time::Duration;\nuse std::time::Instant;\n",
            &[2],
        );
        check(outside_world, "// Instant\nprintln!();\n", &[2]);
        check(
            outside_world,
            "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }\n",
            &[],
        );
    }

    #[test]
    fn a_pure_crate_has_no_floats_outside_the_lanes() {
        check(
            floats,
            "fn f(x: f64) {}\nlet y = 1.0f32;\nlet z = 2.5_f64;\n",
            &[1, 2, 3],
        );
        check(
            floats,
            "// f64\nlet f640 = \"f64\";\nlet half64 = 1;\n",
            &[],
        );
        assert!(
            floats(&files(&[(
                "crates/rules/src/columns/lanes.rs",
                "fn f(x: f64) {}"
            )]))
            .is_empty()
        );
    }

    #[test]
    fn a_pure_crate_has_no_unordered_maps() {
        check(
            unordered,
            "use std::collections::{BTreeMap, HashMap};\n/// HashSet\nfn f() {}\n",
            &[1],
        );
    }
}
