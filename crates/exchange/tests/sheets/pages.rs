//! Every code of a declaration has a page, and what the pages show is so.

use crate::Desk;
use exchange::sheets::CODES;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors")
}

fn blocks(text: &str, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == format!("```{kind}") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            found.push(block.join("\n") + "\n");
        }
    }
    found
}

#[test]
fn every_code_has_its_page_and_stands_in_the_list() {
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let mut known = BTreeSet::new();
    for (code, zh, en) in CODES {
        assert!(known.insert(code.to_owned()), "{code} twice");
        let page = fs::read_to_string(folder().join(format!("{code}.md"))).unwrap();
        assert_eq!(
            page.lines().next(),
            Some(format!("# {code} {zh} · {en}").as_str())
        );
        let row = format!("| [{code}]({code}.md) | {zh} | {en} |");
        assert!(readme.lines().any(|line| line == row), "{row}");
    }
    let pages = fs::read_dir(folder()).unwrap();
    let names = pages.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let written: BTreeSet<String> = names
        .filter(|name| name.starts_with("C02"))
        .map(|name| name.trim_end_matches(".md").to_owned())
        .collect();
    assert_eq!(known, written);
}

#[test]
fn every_code_is_given_by_the_sources_and_no_other() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut given = BTreeSet::new();
    let files = fs::read_dir(root.join("sheets")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    for path in files.chain([root.join("csv_text.rs")]) {
        if path.ends_with("codes.rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("mod tests {").next().unwrap();
        let quoted = text
            .split('"')
            .filter(|part| part.len() == 5 && part.starts_with("C02"));
        given.extend(quoted.map(str::to_owned));
    }
    let known: BTreeSet<String> = CODES.iter().map(|(code, ..)| (*code).to_owned()).collect();
    assert_eq!(given, known);
}

#[test]
fn what_the_pages_show_is_so() {
    let mut shown = 0;
    for (code, ..) in CODES {
        let page = fs::read_to_string(folder().join(format!("{code}.md"))).unwrap();
        let (wrong, right) = (blocks(&page, "csv wrong"), blocks(&page, "csv right"));
        assert_eq!(wrong.is_empty(), right.is_empty(), "{code}");
        for text in &wrong {
            let found: BTreeSet<String> = Desk::new()
                .codes("a.csv", text)
                .iter()
                .map(|told| told[told.len() - 5..].to_owned())
                .collect();
            assert_eq!(found, BTreeSet::from([code.to_owned()]), "{text}");
            shown += 1;
        }
        for text in &right {
            assert!(
                Desk::new().codes("a.csv", text).is_empty(),
                "{code}: {text}"
            );
        }
    }
    assert!(20 < shown, "{shown}");
}

/// The example an employer starts from is one that is taken.
#[test]
fn the_examples_of_the_format_are_taken() {
    let page = folder().join("../declarations.md");
    let page = fs::read_to_string(page).unwrap();
    let examples = blocks(&page, "csv");
    assert!(!examples.is_empty());
    for text in examples {
        let desk = Desk::new();
        desk.write("a.csv", &text);
        let read = desk.read("a.csv").unwrap();
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        assert!(1 < read.summary.declared);
    }
}
