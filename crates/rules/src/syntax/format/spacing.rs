//! The spaces between the tokens of a line.

use crate::syntax::lexer::{Tok, Token};
use crate::syntax::words;

/// The line these tokens make, with some spaces more in front of one of them. `carried_on` is the token at the end of
/// the line above when this line carries that one on.
pub(super) fn line(
    text: &str,
    tokens: &[Token],
    pad: Option<(usize, usize)>,
    carried_on: Option<Tok>,
) -> String {
    let mut line = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 && spaced(tokens, index, carried_on) {
            line.push(' ');
        }
        if let Some((at, spaces)) = pad
            && at == index
        {
            line.push_str(&" ".repeat(spaces));
        }
        match token.tok {
            Tok::Sign(sign) => line.push_str(sign),
            _ => line.push_str(&text[token.start..token.end]),
        }
    }
    line
}

/// Whether a space stands before this token, which is not the first.
fn spaced(tokens: &[Token], index: usize, carried_on: Option<Tok>) -> bool {
    let before = tokens[index - 1].tok;
    match (before, tokens[index].tok) {
        (Tok::Sign("("), _) | (_, Tok::Sign(")" | ",")) => false,
        // What is called: a function, a table, `decimal(4)`.
        (Tok::Word(word), Tok::Sign("(")) => words::reserved(word),
        // Two dashes would begin a comment.
        (Tok::Sign("-"), Tok::Sign("-")) => true,
        (Tok::Sign("-"), _) => match index.checked_sub(2) {
            // A range's lower bound: the word is a name elsewhere.
            Some(0) if tokens[0].tok == Tok::Word("range") => false,
            Some(further) => !prefix_behind(Some(tokens[further].tok)),
            None => !prefix_behind(carried_on),
        },
        _ => true,
    }
}

/// Whether a minus behind this token stands before a value rather than between two.
pub(super) fn prefix_behind(before: Option<Tok>) -> bool {
    match before {
        None => true,
        Some(Tok::Sign(sign)) => sign != ")",
        Some(Tok::Word(word)) => {
            words::reserved(word) && !matches!(word, "true" | "false" | "as-of")
        }
        Some(_) => false,
    }
}
