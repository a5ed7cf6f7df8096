//! Where a line that is too long is broken.

use super::block::{Block, Place};
use super::spacing;
use crate::syntax::lexer::{Tok, Token};

/// The same with its first line broken into a shorter one and deeper ones, unless there is nowhere to break it.
pub(super) fn broken<'t>(block: &Block<'t>, place: Place) -> Option<Block<'t>> {
    let breaks = match place {
        Place::Item => title_breaks(block),
        Place::Example if matches!(block.first_word(), "given" | "then") => {
            fact_breaks(&block.tokens)
        }
        Place::Facts => match comma_breaks(&block.tokens) {
            found if found.is_empty() => positions(&block.tokens, |token| {
                matches!(token.tok, Tok::Word("within" | "because"))
            }),
            found => found,
        },
        Place::Example | Place::Inside => expression_breaks(&block.tokens),
    };
    let (&first, _) = breaks.split_first()?;
    let ends = breaks.iter().skip(1).copied().chain([block.tokens.len()]);
    let mut below: Vec<Block> = breaks
        .iter()
        .zip(ends)
        .map(|(&start, end)| piece(&block.tokens[start..end]))
        .collect();
    if place == Place::Example {
        below.iter_mut().for_each(drop_comma);
    }
    below.extend(block.below.iter().cloned());
    let mut head = piece(&block.tokens[..first]);
    head.pad = block.pad.filter(|(at, _)| *at < first);
    Some(Block { below, ..head })
}

fn piece<'t>(tokens: &[Token<'t>]) -> Block<'t> {
    Block {
        clause: None,
        tokens: tokens.to_vec(),
        comment: None,
        parted: false,
        pad: None,
        below: Vec::new(),
    }
}

/// A fact on a line of its own needs no comma.
fn drop_comma(fact: &mut Block) {
    fact.tokens.pop_if(|last| last.tok == Tok::Sign(","));
}

/// The English title stands below the Chinese one.
fn title_breaks(block: &Block) -> Vec<usize> {
    if !matches!(
        block.first_word(),
        "jurisdiction" | "source" | "article" | "not"
    ) {
        return Vec::new();
    }
    positions(&block.tokens, |token| token.tok == Tok::Sign("/"))
}

/// Each fact on a line of its own below `given` or `then`.
fn fact_breaks(tokens: &[Token]) -> Vec<usize> {
    if tokens.len() < 2 {
        return Vec::new();
    }
    [1].into_iter().chain(comma_breaks(tokens)).collect()
}

fn comma_breaks(tokens: &[Token]) -> Vec<usize> {
    let mut open = 0_i32;
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        open += brackets(*token);
        if token.tok == Tok::Sign(",") && open == 0 && index + 1 < tokens.len() {
            found.push(index + 1);
        }
    }
    found
}

/// Before every operator of the loosest kind that stands in the fewest brackets.
fn expression_breaks(tokens: &[Token]) -> Vec<usize> {
    let mut open = 0_i32;
    let mut found: Vec<(i32, u8, usize)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0
            && let Some(tightness) = tightness(tokens, index, open)
        {
            found.push((open, tightness, index));
        }
        open += brackets(*token);
    }
    let Some(&(open, tightness, _)) = found.iter().min() else {
        return Vec::new();
    };
    found
        .into_iter()
        .filter(|candidate| (candidate.0, candidate.1) == (open, tightness))
        .map(|candidate| candidate.2)
        .collect()
}

/// How tightly the token at this place binds what is at its sides; `None` where a line is not broken.
fn tightness(tokens: &[Token], index: usize, open: i32) -> Option<u8> {
    let follows = tokens.get(index + 1).map(|token| token.tok);
    match tokens[index].tok {
        _ if open > 0 && tokens[index - 1].tok == Tok::Sign(",") => Some(0),
        Tok::Word("confirmed" | "unconfirmed" | "when" | "otherwise") => Some(0),
        Tok::Word("then" | "else") => Some(1),
        Tok::Word("over" | "where" | "through" | "within" | "because") => Some(2),
        Tok::Word("or") if follows != Some(Tok::Word("more")) => Some(3),
        Tok::Word("and") => Some(4),
        Tok::Word("rounded") => Some(5),
        Tok::Sign("+") => Some(6),
        Tok::Sign("-") if !spacing::prefix_behind(Some(tokens[index - 1].tok)) => Some(6),
        Tok::Sign("*" | "/") => Some(7),
        _ => None,
    }
}

fn positions(tokens: &[Token], wanted: impl Fn(&Token) -> bool) -> Vec<usize> {
    tokens
        .iter()
        .enumerate()
        .filter(|(index, token)| *index > 0 && wanted(token))
        .map(|(index, _)| index)
        .collect()
}

fn brackets(token: Token) -> i32 {
    match token.tok {
        Tok::Sign("(") => 1,
        Tok::Sign(")") => -1,
        _ => 0,
    }
}
