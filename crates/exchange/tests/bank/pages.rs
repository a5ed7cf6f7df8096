//! Every code of a bank's file has a page, and what the pages show is so.

use crate::Desk;
use exchange::bank::CODES;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
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
fn every_code_has_its_page_and_what_it_shows_is_so() {
    let folder = root().join("../../docs/reference/errors");
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let mut shown = 0;
    for (code, zh, en) in CODES {
        let page = fs::read_to_string(folder.join(format!("{code}.md"))).unwrap();
        let title = format!("# {code} {zh} · {en}");
        assert_eq!(page.lines().next(), Some(title.as_str()));
        let row = format!("| [{code}]({code}.md) | {zh} | {en} |");
        assert!(readme.lines().any(|line| line == row), "{row}");
        for text in blocks(&page, "csv wrong") {
            let codes = Desk::new().codes("a.csv", &text);
            let codes: BTreeSet<&str> = codes.iter().map(|told| &told[told.len() - 5..]).collect();
            assert_eq!(codes, BTreeSet::from([code]), "{text}");
            shown += 1;
        }
        for text in blocks(&page, "csv right") {
            assert!(Desk::new().codes("a.csv", &text).is_empty(), "{text}");
        }
    }
    assert!(8 < shown, "{shown}");
    let pages = fs::read_dir(folder).unwrap();
    let names = pages.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(
        names.filter(|name| name.starts_with("C03")).count(),
        CODES.len()
    );
}

#[test]
fn every_code_is_given_by_the_sources_and_no_other() {
    let mut given = BTreeSet::new();
    for file in fs::read_dir(root().join("src/bank")).unwrap() {
        let path = file.unwrap().path();
        if path.ends_with("codes.rs") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let parts = text.split(['"', '(', ')', '`', '（', '）']);
        let codes = parts.filter(|part| part.len() == 5 && part.starts_with("C03"));
        given.extend(codes.map(str::to_owned));
    }
    let known: BTreeSet<String> = CODES.iter().map(|(code, ..)| (*code).to_owned()).collect();
    assert_eq!(given, known);
}

#[test]
fn the_example_of_the_format_is_taken() {
    let page = fs::read_to_string(root().join("../../docs/reference/bank-files.md")).unwrap();
    for text in blocks(&page, "csv") {
        let read = Desk::new().read("a.csv", &text).unwrap();
        assert!(
            read.faults.is_empty() && read.summary.controlled,
            "{:?}",
            read.faults
        );
        assert_eq!(read.summary.receipts, 2);
    }
}
