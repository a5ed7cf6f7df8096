//! The formatter: same tree, all comments, and nothing more to do the second time.

use super::{WHOLE, bare, errors, in_a_rule, law, parsed, reference};
use rules::syntax::format;

#[test]
fn formatting_changes_neither_tree_nor_comments_and_is_done_at_once() {
    for text in [WHOLE.to_string()]
        .into_iter()
        .chain(reference())
        .chain(law())
    {
        keeps(&text);
        // As an editor on another system would save it, and squeezed to one space a level.
        keeps(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
        keeps(&squeezed(&text));
    }
}

#[test]
fn the_law_is_laid_out_as_it_says() {
    for text in law() {
        assert_eq!(format(0, &text).unwrap(), text);
    }
    let range = "input a of person : money\n  range -5 yuan .. 5 yuan\n";
    assert_eq!(format(0, range).unwrap(), range);
}

/// That a well-formed text is laid out as promised.
pub(crate) fn keeps(text: &str) {
    let once = format(0, text).unwrap_or_else(|errors| panic!("{text}\n{errors:?}"));
    assert_eq!(bare(&parsed(&once)), bare(&parsed(text)), "{once}");
    assert_eq!(comments(&once), comments(text), "{once}");
    assert_eq!(format(0, &once).unwrap(), once);
}

/// Indentation with one space for each two.
fn squeezed(text: &str) -> String {
    let squeeze = |line: &str| {
        let bare = line.trim_start();
        format!(
            "{}{bare}\n",
            " ".repeat((line.len() - bare.len()).div_ceil(2))
        )
    };
    text.lines().map(squeeze).collect()
}

/// The comments of a text in order; no text of these tests has two dashes inside quotes or clauses.
fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.find("--").map(|at| line[at..].trim_end()))
        .collect()
}

#[test]
fn what_does_not_read_is_not_formatted() {
    let text = "rule x of person money\n";
    assert_eq!(format(0, text).unwrap_err(), errors(text));
}

#[test]
fn the_whole_language_laid_out() {
    insta::assert_snapshot!(format(0, WHOLE).unwrap());
}

#[test]
fn signs_and_spaces_are_made_the_same() {
    check("a×b≤-c", "a * b <= -c");
    check("max( a ,b )/ 2", "max(a, b) / 2");
    check("a  -  - -b", "a - - -b");
    check("x in(a,b)", "x in (a, b)");
    check("42元+16%", "42 元 + 16%");
}

#[test]
fn a_long_line_is_broken_before_its_loosest_operators() {
    check(
        "first-quite-long-amount * its-quite-long-factor + second-quite-long-amount * its-quite-long-factor rounded half up to fen",
        "first-quite-long-amount * its-quite-long-factor + second-quite-long-amount * its-quite-long-factor\n  rounded half up to fen",
    );
    check(
        "max(first-quite-long-amount * its-quite-long-factor, second-quite-long-amount * its-quite-long-factor, third-amount)",
        "max(first-quite-long-amount * its-quite-long-factor,\n  second-quite-long-amount * its-quite-long-factor,\n  third-amount)",
    );
}

fn check(expression: &str, expected: &str) {
    assert_eq!(
        format(0, &in_a_rule(expression)).unwrap(),
        in_a_rule(expected)
    );
}
