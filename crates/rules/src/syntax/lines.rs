//! Lines by indentation: a line and the deeper lines below it, which belong to it.

use crate::syntax::lexer::{Line, Token};

/// A line with the deeper lines below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'l, 't> {
    /// The line.
    pub(crate) head: &'l Line<'t>,
    /// The deeper lines that follow it.
    pub(crate) below: &'l [Line<'t>],
}

impl<'l, 't> Node<'l, 't> {
    /// The lines that belong to this one directly.
    pub(crate) fn children(self) -> impl Iterator<Item = Node<'l, 't>> {
        nodes(self.below)
    }

    /// The tokens of the line alone.
    pub(crate) fn own(self) -> Vec<Token<'t>> {
        self.head.tokens.clone()
    }

    /// The tokens of the line and of every deeper line, as one sequence.
    pub(crate) fn all(self) -> Vec<Token<'t>> {
        self.head
            .tokens
            .iter()
            .chain(self.below.iter().flat_map(|line| &line.tokens))
            .copied()
            .collect()
    }

    /// One past the last byte of its last token.
    pub(crate) fn end(self) -> usize {
        let last = self
            .below
            .iter()
            .rev()
            .chain([self.head])
            .find_map(|line| line.tokens.last());
        last.map_or(self.head.start, |token| token.end)
    }
}

/// The topmost lines of a block, each with what belongs to it.
pub(crate) fn nodes<'l, 't>(mut block: &'l [Line<'t>]) -> impl Iterator<Item = Node<'l, 't>> {
    std::iter::from_fn(move || {
        let (head, rest) = block.split_first()?;
        // Nothing belongs to a clause line.
        let belongs = |line: &&Line| {
            head.clause.is_none() && line.clause.is_none() && line.indent > head.indent
        };
        let deeper = rest.iter().take_while(belongs).count();
        let (below, next) = rest.split_at(deeper);
        block = next;
        Some(Node { head, below })
    })
}
