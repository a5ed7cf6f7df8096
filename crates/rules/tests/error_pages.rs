//! Every code has a page, every page a code, and what a page shows is so.

use rules::diagnostic::codes::{self, Title};
use rules::diagnostic::Code;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// The codes a page may be about.
fn titles() -> Vec<Title> {
    codes::SYNTAX.to_vec()
}

/// What is said about a text that stands alone.
fn diagnose(text: &str) -> Vec<Code> {
    let (_, diagnostics) = rules::syntax::parse(0, text);
    let codes: BTreeSet<Code> = diagnostics.iter().map(|message| message.code).collect();
    codes.into_iter().collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let known: BTreeSet<String> = titles().iter().map(|title| title.code.0.to_string()).collect();
    let written: BTreeSet<String> = pages().into_iter().map(|page| page.code).filter(|code| of_a_known_stage(code)).collect();
    assert_eq!(known, written);
    assert_eq!(known.len(), titles().len(), "a code stands twice in the list");
}

#[test]
fn a_page_is_headed_by_its_code_and_title() {
    for page in pages() {
        let Some(title) = titles().into_iter().find(|title| title.code.0 == page.code) else { continue };
        let heading = format!("# {} {} · {}", title.code.0, title.zh, title.en);
        assert_eq!(page.text.lines().next(), Some(heading.as_str()), "{}", page.code);
    }
}

#[test]
fn wrong_texts_have_exactly_the_pages_error_and_right_ones_have_none() {
    for page in pages().into_iter().filter(|page| of_a_known_stage(&page.code)) {
        let (wrong, right) = (blocks(&page.text, "law wrong"), blocks(&page.text, "law right"));
        assert!(!wrong.is_empty() && !right.is_empty(), "{} shows no wrong or no right text", page.code);
        for text in wrong {
            let found: Vec<&str> = diagnose(&text).iter().map(|code| code.0).collect();
            assert_eq!(found, [page.code.as_str()], "{}: its wrong text\n{text}", page.code);
        }
        for text in right {
            assert_eq!(diagnose(&text), [], "{}: its right text\n{text}", page.code);
        }
    }
}

struct Page {
    code: String,
    text: String,
}

/// Pages of stages that `titles` does not list yet are left alone.
fn of_a_known_stage(code: &str) -> bool {
    titles().iter().any(|title| title.code.0[..3] == code[..3])
}

fn pages() -> Vec<Page> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors");
    let mut pages: Vec<Page> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| entry.unwrap().file_name().into_string().unwrap().strip_suffix(".md").map(str::to_string))
        .filter(|name| name.starts_with('L'))
        .map(|code| Page { text: fs::read_to_string(folder.join(format!("{code}.md"))).unwrap(), code })
        .collect();
    pages.sort_by(|a, b| a.code.cmp(&b.code));
    pages
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
