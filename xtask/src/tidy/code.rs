//! Rust source with everything blanked that is not code: comments, literals and, on request, tests.
//!
//! Not a parser: enough of the lexical grammar that a word in a comment or a string is never taken for code. Lines stay
//! where they are.

/// The code of a file, with comments and the contents of string and character literals blanked.
pub(super) fn bare(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => line_end(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => block_comment_end(&chars, at),
            '"' => string_end(&chars, at),
            'r' if !in_word(&chars, at) || byte_prefix(&chars, at) => {
                raw_string_end(&chars, at).unwrap_or(at)
            }
            '\'' => char_end(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        }
    }
    out
}

/// Bare code with every item marked `#[cfg(test)]` blanked as well.
pub(super) fn without_tests(bare: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(bare.len());
    let mut rest = bare;
    while let Some(start) = rest.find(MARK) {
        let (before, item) = rest.split_at(start);
        let (item, after) = item.split_at(item_end(item));
        out.push_str(before);
        out.extend(item.chars().filter(|&c| c == '\n'));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The words of a line of bare code: runs of letters, digits and `_`.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// The bytes up to the end of the first item: its `;`, or the brace that closes its body.
fn item_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn in_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn byte_prefix(chars: &[char], at: usize) -> bool {
    at > 0 && matches!(chars[at - 1], 'b' | 'c') && !in_word(chars, at - 1)
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..]
        .iter()
        .position(|&c| c == '\n')
        .map_or(chars.len(), |length| at + length)
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of a raw string whose `r` is here, or `None` when this `r` begins no raw string.
fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: usize| {
        chars[at] == '"'
            && chars[at + 1..]
                .iter()
                .take_while(|&&c| c == '#')
                .take(hashes)
                .count()
                == hashes
    };
    Some(
        (open + 1..chars.len())
            .find(|&at| closes(at))
            .map_or(chars.len(), |at| at + 1 + hashes),
    )
}

/// The end of a character literal, or `None` when this quote begins a lifetime.
fn char_end(chars: &[char], start: usize) -> Option<usize> {
    match (chars.get(start + 1)?, chars.get(start + 2)?) {
        ('\\', _) => (start + 3..chars.len())
            .find(|&at| chars[at] == '\'')
            .map(|at| at + 1),
        (_, '\'') => Some(start + 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let squeezed = bare(source)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(squeezed, expected, "{source}");
        assert_eq!(
            bare(source).lines().count(),
            source.lines().count(),
            "{source}"
        );
    }

    #[test]
    fn comments_and_literals_are_blanked() {
        check("a // f64\nb", "a b");
        check("a /* f64 /* f32 */ f64 */ b", "a b");
        check("a(\"f64 \\\" f64\") b", "a( ) b");
        check("a(r#\"f64 \" f64\"#) b", "a( ) b");
        check("a(br\"f64\") b", "a(b ) b");
        check("f('\"') + g('\\'') + h('中')", "f( ) + g( ) + h( )");
    }

    #[test]
    fn code_that_resembles_a_literal_stays() {
        check(
            "fn f<'a>(x: &'a str) -> &'static str",
            "fn f<'a>(x: &'a str) -> &'static str",
        );
        check("for r in range", "for r in range");
        check("r#type", "r#type");
        check("a / b", "a / b");
    }

    #[test]
    fn tests_are_blanked_and_lines_stay() {
        let source =
            "a\n#[cfg(test)]\nmod tests {\n    fn f() { f64 }\n}\nb\n#[cfg(test)]\nmod more;\nc\n";
        let code = without_tests(&bare(source));
        assert_eq!(words(&code).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(code.lines().position(|line| line == "c"), Some(8));
    }
}
