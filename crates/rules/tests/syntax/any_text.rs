//! Whatever stands in a file: no panic, and every place lies in the text and between two letters.

use super::format::keeps;
use super::{WHOLE, bare, parsed};
use proptest::prelude::*;
use rules::diagnostic::{SourceFile, render, render_json};
use rules::syntax::{format, parse};

fn reads(text: &str) {
    let (_, errors) = parse(0, text);
    for (place, _) in errors.iter().flat_map(|error| &error.labels) {
        assert!(
            text.get(place.start as usize..place.end as usize).is_some(),
            "{place:?} in {text:?}"
        );
    }
    let files = [SourceFile {
        path: "any.law".into(),
        text: text.into(),
    }];
    assert!(render(&errors, &files, false).matches("error[L").count() >= errors.len());
    assert_eq!(render_json(&errors, &files).lines().count(), errors.len());
    match format(0, text) {
        Ok(laid_out) => {
            assert_eq!(
                bare(&parsed(&laid_out)),
                bare(&parsed(text)),
                "{text}\n{laid_out}"
            );
            assert_eq!(format(0, &laid_out).unwrap(), laid_out, "{text}");
        }
        Err(said) => assert_eq!(said, errors),
    }
}

/// A word, sign or piece of layout of the language, or something near one.
#[expect(clippy::too_many_lines, reason = "a table")]
fn piece() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "\n",
        "\n  ",
        "\n    ",
        "\n      ",
        " ",
        "\t",
        "\r\n",
        "--",
        "\"",
        "“",
        "”",
        "（",
        "：",
        ">",
        "(",
        ")",
        ",",
        ":",
        "=",
        "=>",
        "..",
        "-",
        "+",
        "*",
        "/",
        "%",
        "≤",
        "0",
        "42",
        "1_0",
        "0.5",
        "2025-02-30",
        "2025-01-31",
        "2025-13",
        "2025-1",
        "year",
        "years",
        "yuan",
        "元",
        "个月",
        "rule",
        "from",
        "until",
        "before",
        "let",
        "require",
        "otherwise",
        "if",
        "then",
        "else",
        "choose",
        "when",
        "sum",
        "of",
        "over",
        "where",
        "by",
        "default",
        "carry",
        "as",
        "through",
        "rounded",
        "half",
        "up",
        "to",
        "fen",
        "in",
        "at",
        "and",
        "or",
        "not",
        "more",
        "table",
        "parameter",
        "set",
        "input",
        "enum",
        "entity",
        "relation",
        "source",
        "article",
        "example",
        "given",
        "refused",
        "within",
        "because",
        "confirmed",
        "unconfirmed",
        "S2",
        "unset",
        "cites",
        "opened",
        "养老金",
        "birth-month",
        "\u{3000}",
        "é",
        "🙂",
        "\u{0}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_letters(text in "\\PC{0,200}") {
        reads(&text);
    }

    #[test]
    fn any_pieces(pieces in proptest::collection::vec(piece(), 0..120)) {
        reads(&pieces.concat());
        reads(&pieces.join(" "));
    }

    /// The whole language with pieces cut out and others put in.
    #[test]
    fn any_slip(slips in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..12, piece()), 1..6)) {
        let mut letters: Vec<char> = WHOLE.chars().collect();
        for (place, cut, put) in slips {
            let start = place.index(letters.len());
            let end = (start + cut).min(letters.len());
            letters.splice(start..end, put.chars());
        }
        reads(&letters.into_iter().collect::<String>());
    }

    /// The whole language with a line or two missing: some of these read well and are laid out.
    #[test]
    fn any_lines_missing(missing in proptest::collection::vec(any::<proptest::sample::Index>(), 1..3)) {
        let mut lines: Vec<&str> = WHOLE.lines().collect();
        for place in missing {
            lines.remove(place.index(lines.len()));
        }
        reads(&lines.join("\n"));
    }

    /// Comments and blank lines anywhere: always well formed, and none is lost.
    #[test]
    fn any_comments(put in proptest::collection::vec((any::<proptest::sample::Index>(), 0_usize..12, any::<bool>()), 1..8)) {
        let mut lines: Vec<String> = WHOLE.lines().map(str::to_string).collect();
        for (number, (place, indent, blank)) in put.into_iter().enumerate() {
            let line = if blank { String::new() } else { format!("{}-- {number}", " ".repeat(indent)) };
            lines.insert(place.index(lines.len() + 1), line);
        }
        keeps(&lines.join("\n"));
    }
}
