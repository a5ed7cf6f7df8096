//! The language reference and the glossary are true: its blocks are one law that checks without a word, its examples pass, and each of its
//! lines of values holds.
#![expect(clippy::disallowed_methods, reason = "the pages are files")]

#[expect(dead_code, reason = "the law folder is what this test shares")]
mod common;

use rules::check::{self, Book};
use rules::diagnostic::{self, SourceFile};
use rules::examples;
use rules::explain::Lang;
use std::collections::BTreeMap;
use std::fmt::Write;

const FILE: &str = "cn/page.law";

/// The page's law: a block belongs to the page's file, or from a line `-- file: PATH` on to that one. A block of values
/// becomes one rule a line, each expected to be true of the person in the page's example.
fn folder() -> Vec<SourceFile> {
    let text = page("reference/language.md");
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for block in blocks(&text, "law") {
        let mut path = FILE.to_string();
        for line in block.lines() {
            match line.strip_prefix("-- file: ") {
                Some(other) => path = other.to_string(),
                None => *files.entry(path.clone()).or_default() += &format!("{line}\n"),
            }
        }
    }
    let page = files.get_mut(FILE).expect("the page has law blocks");
    let facts = page
        .split_once("  given\n")
        .and_then(|(_, rest)| rest.split_once("  then\n"));
    let facts = facts
        .expect("the page has an example with facts")
        .0
        .to_string();
    for (number, line) in values(&text).iter().enumerate() {
        write!(
            page,
            "\nrule line-{number} of person : bool\n  from 1949-10-01\n    {line}\n"
        )
        .expect("a string grows");
        write!(
            page,
            "\nexample \"{}\"\n  as of 2024-12-31\n  given\n{facts}",
            line.replace('"', "'")
        )
        .expect("a string grows");
        writeln!(page, "  then line-{number} = true").expect("a string grows");
    }
    files
        .into_iter()
        .map(|(path, text)| SourceFile { path, text })
        .collect()
}

fn values(text: &str) -> Vec<String> {
    blocks(text, "law values")
        .iter()
        .flat_map(|block| block.lines().map(str::to_string).collect::<Vec<_>>())
        .collect()
}

fn book() -> Book {
    check::read(folder())
}

#[test]
fn every_block_checks_without_a_word() {
    let book = book();
    assert!(
        book.diagnostics.is_empty(),
        "{}",
        diagnostic::render(&book.diagnostics, &book.files, false)
    );
    assert!(book.law("cn-50").is_some());
}

#[test]
fn every_example_and_every_line_of_values_holds() {
    let book = book();
    let law = book.law("cn").expect("the page's law is checked");
    let outcomes = examples::run(law, None);
    assert!(outcomes.len() > 15, "{}", outcomes.len());
    assert!(
        outcomes.iter().all(examples::Outcome::passed),
        "{}",
        examples::text(law, &outcomes, Lang::En)
    );
}

/// Every name of the glossary's third column that is not a Rust type is a name of the law or a word of its language.
#[test]
fn the_glossary_names_what_there_is() {
    let law = common::book();
    let (language, glossary) = (page("reference/language.md"), page("glossary.md"));
    let rows = glossary
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1);
    let names: Vec<&str> = rows
        .filter_map(|row| row.split('|').nth(3))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter(|name| !name.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let known = law
            .jurisdictions()
            .filter_map(|id| law.law(id))
            .any(|law| law.names.contains_key(name));
        assert!(known || language.contains(name), "{name}");
    }
}

/// A document below `docs`.
fn page(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/");
    std::fs::read_to_string(format!("{path}{name}")).expect("the document can be read")
}

/// The blocks of a page of exactly this kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.strip_prefix("```") == Some(kind) {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(block.join("\n"));
        }
    }
    found
}
