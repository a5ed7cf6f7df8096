//! Lines as a tree that can be broken and padded.

use super::spacing;
use crate::syntax::lexer::{Line, Tok, Token};
use crate::syntax::lines::{Node, nodes};
use unicode_width::UnicodeWidthStr;

/// A line and what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Block<'t> {
    pub(super) clause: Option<&'t str>,
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) comment: Option<&'t str>,
    /// Whether a blank line stood above it.
    pub(super) parted: bool,
    /// The spaces in front of one of the tokens, to line it up with others.
    pub(super) pad: Option<(usize, usize)>,
    pub(super) below: Vec<Block<'t>>,
}

/// Where a line stands, as far as its breaks depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the first column.
    Item,
    /// Directly in an example.
    Example,
    /// Below `given` or `then`.
    Facts,
    /// Anywhere else.
    Inside,
}

impl Place {
    /// Where the lines below `block`, itself at this place, stand.
    pub(super) fn below(self, block: &Block) -> Place {
        match (self, block.first_word()) {
            (Place::Item, "example") => Place::Example,
            (Place::Example, "given" | "then") | (Place::Facts, _) => Place::Facts,
            _ => Place::Inside,
        }
    }
}

impl<'t> Block<'t> {
    pub(super) fn is_comment(&self) -> bool {
        self.clause.is_none() && self.tokens.is_empty()
    }

    pub(super) fn first_word(&self) -> &'t str {
        match self.tokens.first().map(|token| token.tok) {
            Some(Tok::Word(word)) => word,
            _ => "",
        }
    }

    fn of(text: &str, node: Node<'_, 't>) -> Block<'t> {
        Block {
            clause: node.head.clause,
            tokens: node.own(),
            comment: node.head.comment,
            parted: node.head.parted,
            pad: None,
            below: blocks(text, node.below),
        }
    }

    /// Lines up what the lines below this one have in common.
    fn line_up(&mut self, text: &str) {
        let table = self
            .tokens
            .iter()
            .any(|token| token.tok == Tok::Word("table"))
            && self.below.iter().any(|below| below.first_word() == "from");
        match self.first_word() {
            "enum" => line_up(text, &mut self.below, |member| {
                (member.tokens.len() == 2).then_some(1)
            }),
            "parameter" | "set" if !table => line_up(text, &mut self.below, |version| {
                if version.first_word() == "from" {
                    find(version, "=")
                } else {
                    None
                }
            }),
            "table" | "set" if table => {
                for version in &mut self.below {
                    line_up(text, &mut version.below, |row| find(row, "=>"));
                }
            }
            _ => {}
        }
    }
}

fn find(block: &Block, sign: &str) -> Option<usize> {
    block
        .tokens
        .iter()
        .position(|token| matches!(token.tok, Tok::Sign(found) if found == sign))
}

/// Gives the token that `column` names in each line the same column in all of them.
fn line_up<'t>(text: &str, lines: &mut [Block<'t>], column: impl Fn(&Block<'t>) -> Option<usize>) {
    let width =
        |line: &Block<'t>, at: usize| spacing::line(text, &line.tokens[..at], None, None).width();
    let widest = lines
        .iter()
        .filter_map(|line| Some(width(line, column(line)?)))
        .max()
        .unwrap_or(0);
    for line in lines {
        line.pad = column(line).map(|at| (at, widest - width(line, at)));
    }
}

/// The lines as trees.
pub(super) fn blocks<'t>(text: &str, lines: &[Line<'t>]) -> Vec<Block<'t>> {
    nodes(lines)
        .map(|node| {
            let mut block = Block::of(text, node);
            if node.head.indent == 0 {
                block.line_up(text);
            }
            block
        })
        .collect()
}

/// A comment stands at least as deep as the line below it, so that it parts no line from the one it belongs to.
pub(super) fn raise_comments(mut lines: Vec<Line>) -> Vec<Line> {
    let mut next = 0;
    for line in lines.iter_mut().rev() {
        if line.clause.is_none() && line.tokens.is_empty() {
            line.indent = line.indent.max(next);
        } else {
            next = line.indent;
        }
    }
    lines
}
