//! The spaces between the tokens of a line.

use crate::syntax::lexer::{Tok, Token};
use crate::syntax::words;

/// The line these tokens make, with some spaces more in front of one of them.
pub(super) fn line(text: &str, tokens: &[Token], pad: Option<(usize, usize)>) -> String {
    let mut line = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 && spaced(tokens, index) {
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
fn spaced(tokens: &[Token], index: usize) -> bool {
    let before = tokens[index - 1].tok;
    match (before, tokens[index].tok) {
        (Tok::Sign("("), _) | (_, Tok::Sign(")" | ",")) => false,
        // What is called: a function, a table, `decimal(4)`.
        (Tok::Word(word), Tok::Sign("(")) => words::reserved(word),
        // Two dashes would begin a comment.
        (Tok::Sign("-"), Tok::Sign("-")) => true,
        (Tok::Sign("-"), _) => !prefix(tokens, index - 1),
        _ => true,
    }
}

/// Whether the minus at this place stands before a value rather than between two.
pub(super) fn prefix(tokens: &[Token], index: usize) -> bool {
    match index.checked_sub(1).map(|before| tokens[before].tok) {
        None => true,
        Some(Tok::Sign(sign)) => sign != ")",
        Some(Tok::Word(word)) => {
            words::reserved(word) && !matches!(word, "true" | "false" | "as-of")
        }
        Some(_) => false,
    }
}
