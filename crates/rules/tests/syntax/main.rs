//! The front half of the law language: what a text is read as, how it is laid out, what is said about a wrong one.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the law and its reference are files, and a panic is how a test fails"
)]

mod expressions;
mod items;
mod format;
mod messages;
mod any_text;

use rules::diagnostic::{Diagnostic, SourceFile, render};
use rules::syntax::ast::{Expr, File, ItemKind};
use std::path::{Path, PathBuf};

/// A text that uses every form of the language.
const WHOLE: &str = include_str!("whole.law");

/// The tree of a text that must be well formed.
fn parsed(text: &str) -> File {
    let (file, errors) = rules::syntax::parse(0, text);
    assert!(errors.is_empty(), "{text}\n{}", shown(&errors, text));
    file
}

/// What is said about a text.
fn errors(text: &str) -> Vec<Diagnostic> {
    rules::syntax::parse(0, text).1
}

fn shown(errors: &[Diagnostic], text: &str) -> String {
    render(
        errors,
        &[SourceFile {
            path: "test.law".into(),
            text: text.into(),
        }],
        false,
    )
}

/// The same in a rule's body, so that an expression can be tested alone.
fn in_a_rule(expression: &str) -> String {
    let lines: Vec<String> = expression
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    format!(
        "rule x of person : money\n  from 2025-01-01\n{}",
        lines.concat()
    )
}

fn value_of(file: &File) -> &Expr {
    match &file.items[0].kind {
        ItemKind::Rule(rule) => &rule.versions[0].result,
        other => panic!("no rule: {other:?}"),
    }
}

/// A tree as text without its places.
fn bare(file: &File) -> String {
    let tree = format!("{file:?}");
    let parts: Vec<&str> = tree.split("Span {").collect();
    let kept = parts.iter().enumerate().map(|(index, part)| {
        if index == 0 {
            part
        } else {
            part.split_once('}').unwrap().1
        }
    });
    kept.collect()
}

/// The law blocks of the reference; what is no item becomes the body of a rule.
fn reference() -> Vec<String> {
    let path = root().join("docs/reference/language.md");
    let page = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let blocks = page
        .split("```law\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    // A block may hold several files, each below a line that names it.
    let mut texts = vec![String::new()];
    for line in blocks.flat_map(|block| block.lines().chain(["-- file:"])) {
        if line.starts_with("-- file:") {
            texts.push(String::new());
        } else if let Some(text) = texts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    texts.retain(|text| !text.trim().is_empty());
    texts
}

/// The texts of the law itself.
fn law() -> Vec<String> {
    let mut texts = Vec::new();
    gather(&root().join("law"), &mut texts);
    texts
}

fn gather(folder: &Path, texts: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "law") {
            texts.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
