//! Every code has a page, every page a code, and what a page shows is so.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "the pages are files, and a panic is how a test fails"
)]

use rules::diagnostic::codes::{self, Title};
use rules::diagnostic::{Code, SourceFile, codes_check, render};
use rules::refusal::codes::RUNNING;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// The codes a page may be about.
fn titles() -> Vec<Title> {
    [codes::SYNTAX, codes_check::CHECK].concat()
}

/// What is said about a page's text: of its letters and grammar only, or of all of it when the page is the checker's.
fn diagnose(text: &str, page: &str) -> Vec<Code> {
    let codes: BTreeSet<Code> = if codes::SYNTAX.iter().any(|title| title.code.0 == page) {
        let (_, diagnostics) = rules::syntax::parse(0, text);
        diagnostics.iter().map(|message| message.code).collect()
    } else {
        let (files, given) = law_folder(text);
        let book = rules::check::read(files);
        let own = book
            .diagnostics
            .iter()
            .filter(|message| message.labels[0].0.file as usize >= given);
        own.map(|message| message.code).collect()
    };
    codes.into_iter().collect()
}

/// The files of a page's text, and how many of them are the README's. A line `-- file: cn/x.law` begins a file; a text without
/// any is one file beside the README's vocabulary, below a source if it names none.
fn law_folder(text: &str) -> (Vec<SourceFile>, usize) {
    let file = |path: &str, text: &str| SourceFile {
        path: path.to_string(),
        text: text.to_string(),
    };
    if text.starts_with("-- file: ") {
        let parts = text
            .split("-- file: ")
            .skip(1)
            .filter_map(|part| part.split_once('\n'));
        return (parts.map(|(path, text)| file(path, text)).collect(), 0);
    }
    let readme = fs::read_to_string(errors_folder().join("README.md")).unwrap();
    let given = blocks(&readme, "law given");
    let source = if text.starts_with("source ") {
        ""
    } else {
        "source page \"某办法\"\n  unconfirmed M\n\n"
    };
    let own = format!("{source}{text}");
    (
        vec![
            file("cn/jurisdiction.law", &given[0]),
            file("cn/terms.law", &given[1]),
            file("cn/text.law", &own),
        ],
        2,
    )
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let known: BTreeSet<String> = titles()
        .iter()
        .map(|title| title.code.0.to_string())
        .collect();
    let written: BTreeSet<String> = pages()
        .into_iter()
        .map(|page| page.code)
        .filter(|code| of_a_known_stage(code))
        .collect();
    assert_eq!(known, written);
    assert_eq!(
        known.len(),
        titles().len(),
        "a code stands twice in the list"
    );
}

#[test]
fn a_page_is_headed_by_its_code_and_title() {
    for page in pages() {
        let Some(title) = titles().into_iter().find(|title| title.code.0 == page.code) else {
            continue;
        };
        let heading = format!("# {} {} · {}", title.code.0, title.zh, title.en);
        assert_eq!(
            page.text.lines().next(),
            Some(heading.as_str()),
            "{}",
            page.code
        );
    }
}

#[test]
fn wrong_texts_have_exactly_the_pages_error_and_right_ones_have_none() {
    let mut amiss = Vec::new();
    for page in pages()
        .into_iter()
        .filter(|page| of_a_known_stage(&page.code))
    {
        let (wrong, right) = (
            blocks(&page.text, "law wrong"),
            blocks(&page.text, "law right"),
        );
        assert!(
            !wrong.is_empty() && !right.is_empty(),
            "{} shows no wrong or no right text",
            page.code
        );
        let expected = [vec![page.code.as_str()], Vec::new()];
        for (texts, expected) in [wrong, right].iter().zip(expected) {
            for text in texts {
                let found: Vec<&str> = diagnose(text, &page.code)
                    .iter()
                    .map(|code| code.0)
                    .collect();
                if found != expected {
                    amiss.push(format!(
                        "{}: expected {expected:?}, found {found:?} in\n{text}",
                        page.code
                    ));
                }
            }
        }
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

/// How the checker's messages read, for a reviewer of this file's snapshot.
#[test]
fn the_messages_of_the_checkers_pages() {
    let mut shown = String::new();
    for page in pages()
        .into_iter()
        .filter(|page| page.code.as_str() > "L02")
    {
        for text in blocks(&page.text, "law wrong") {
            let (files, given) = law_folder(&text);
            let mut book = rules::check::read(files);
            book.diagnostics
                .retain(|message| message.labels[0].0.file as usize >= given);
            shown += &render(&book.diagnostics, &book.files, false);
        }
    }
    insta::assert_snapshot!(shown);
}

struct Page {
    code: String,
    text: String,
}

fn errors_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors")
}

/// Pages of stages that `titles` does not list yet are left alone.
fn of_a_known_stage(code: &str) -> bool {
    titles().iter().any(|title| title.code.0[..3] == code[..3])
}

fn pages() -> Vec<Page> {
    let folder = errors_folder();
    let mut pages: Vec<Page> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .filter_map(|entry| {
            entry
                .unwrap()
                .file_name()
                .into_string()
                .unwrap()
                .strip_suffix(".md")
                .map(str::to_string)
        })
        .filter(|name| name.starts_with('L'))
        .map(|code| Page {
            text: fs::read_to_string(folder.join(format!("{code}.md"))).unwrap(),
            code,
        })
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

#[test]
fn the_readme_lists_every_page() {
    let readme = fs::read_to_string(errors_folder().join("README.md")).unwrap();
    let listed: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| [L"))
        .collect();
    let expected: Vec<String> = titles()
        .iter()
        .map(|title| {
            format!(
                "| [{0}]({0}.md) | {1} | {2} |",
                title.code.0, title.zh, title.en
            )
        })
        .collect();
    assert_eq!(listed, expected);
}

#[test]
fn every_code_of_running_has_a_page() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/errors");
    for title in RUNNING {
        let page = fs::read_to_string(format!("{folder}/{}.md", title.code.0)).unwrap();
        let heading = format!("# {} {} · {}", title.code.0, title.zh, title.en);
        assert_eq!(page.lines().next(), Some(heading.as_str()));
        assert!(
            page.lines().any(|line| line.starts_with("It reads: ")),
            "{heading}"
        );
    }
    let pages = fs::read_dir(folder).unwrap();
    let names = pages.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(
        names.filter(|name| name.starts_with("R0")).count(),
        RUNNING.len()
    );
    let readme = fs::read_to_string(format!("{folder}/README.md")).unwrap();
    let row = |title: &Title| {
        format!(
            "| [{0}]({0}.md) | {1} | {2} |",
            title.code.0, title.zh, title.en
        )
    };
    let listed: Vec<&str> = readme
        .lines()
        .filter(|line| line.starts_with("| [R"))
        .collect();
    assert_eq!(listed, RUNNING.iter().map(row).collect::<Vec<_>>());
}
