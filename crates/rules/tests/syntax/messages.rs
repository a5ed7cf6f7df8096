//! What is said about a wrong text, as people see it.

use super::{errors, shown};
use rules::diagnostic::{Code, Diagnostic, Severity, SourceFile, Span, render, render_json};

/// A law with every kind of slip; `⇥` stands for a tab.
const MALFORMED: &str = include_str!("malformed.law");

#[test]
fn a_malformed_law_is_told_of_all_its_errors_at_once() {
    let text = MALFORMED.replace('⇥', "\t");
    insta::assert_snapshot!(shown(&errors(&text), &text));
}

#[test]
fn messages_for_programs_are_one_line_each() {
    let text = "-- 一\nparameter 下限 ： mony\n";
    let files = [SourceFile {
        path: "cn/a.law".into(),
        text: text.into(),
    }];
    insta::assert_snapshot!(render_json(&errors(text), &files));
}

#[test]
fn a_message_may_speak_of_two_files_and_a_warning_is_one() {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let files = [
        file("cn/a.law", "parameter 下限 : money\n"),
        file("cn-50/b.law", "set parameter 下限\n"),
    ];
    let message = Diagnostic::warning(
        Code("L0000"),
        Span {
            file: 1,
            start: 14,
            end: 20,
        },
        "a thing worth a look",
        "here",
    )
    .also(
        Span {
            file: 0,
            start: 10,
            end: 16,
        },
        "declared here",
    )
    .help("look");
    insta::assert_snapshot!(render(&[message], &files, false));
}

#[test]
fn each_slip_is_told_once_and_by_its_own_code() {
    check(
        "rule x of person : money\n  form 2025-01-01\n    1 yuan\n",
        "L0104 did you mean `from`?",
    );
    check("paramter x : money\n", "L0101 did you mean `parameter`?");
    check(
        "rule x of person : money\n  from 2025-01-01\n    a rounded half up to fan\n",
        "L0113 did you mean `fen`?",
    );
    check(
        "rule x of person : money\n  from 2025-01-01\n    3 yaun\n",
        "L0114 did you mean `yuan`?",
    );
    check(
        "rule x of person : money\n  from 2025-01-01\n    max（a, b）\n",
        "L0002 write `(` | L0002 write `)`",
    );
    check("article 3 “标题”\n", "L0002 write `\"标题\"`");
    check(
        "set rule x of person : money\n  from 2025-01-01\n    1 yuan\n",
        "L0119 name, entity, type and keys stay as the higher law has them: write the name alone",
    );
    check(
        "rule x of person : money\n  from 2025-01-01\n    1 yuan == 2 yuan\n",
        "L0108 ",
    );
    check(
        "  rule x of person : money\n",
        "L0103 an item begins in the first column",
    );
    check(
        "> 释文。\n  entity person\n",
        "L0103 an item begins in the first column",
    );
    check("input a of person : month\n  range 1900-01\n", "L0105 ");
    check(
        "example \"x\"\n  given base = 5,000 yuan\n",
        "L0105 inside a number write `_`: `5_000 yuan`",
    );
}

/// The codes and advice, several joined by ` | `.
fn check(text: &str, expected: &str) {
    let found: Vec<String> = errors(text)
        .iter()
        .map(|error| {
            assert_eq!(error.severity, Severity::Error);
            format!("{} {}", error.code.0, error.helps.join("; "))
        })
        .collect();
    assert_eq!(found.join(" | "), expected, "{text}");
}
