//! What items have in common: their clauses, marks, citations and the level they are opened to.

use super::Reader;
use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::{Span, codes};
use crate::syntax::ast::{At, Basis, Cites, Mark};
use crate::syntax::lexer::Tok;
use crate::syntax::lines::Node;
use crate::syntax::words;

/// The clauses of one item that were read so far, to tell what is said twice.
#[derive(Default)]
pub(super) struct Said(Vec<(&'static str, Span)>);

impl Said {
    /// Notes that `clause` stands here; says so when it stood above already.
    pub(super) fn once(&mut self, cursor: &mut Cursor, clause: &'static str) {
        let here = cursor.here();
        match self.0.iter().find(|(said, _)| *said == clause) {
            Some((_, first)) => {
                cursor
                    .fail_at(
                        here,
                        codes::SAID_TWICE,
                        format!("`{clause}` is said twice"),
                        "said again here",
                    )
                    .also(*first, "first said here")
                    .help("keep one of the two");
            }
            None => self.0.push((clause, here)),
        }
    }
}

impl Reader {
    /// Reads one of the clauses figures and rules share; false when this is none of them.
    pub(super) fn basis_clause(&mut self, node: Node, basis: &mut Basis, said: &mut Said) -> bool {
        let mut cursor = self.cursor(node.all());
        match cursor.peek_word() {
            Some("cites") => {
                if let Ok(cites) = cursor.cites() {
                    basis.cites.push(cites);
                }
            }
            Some("confirmed" | "unconfirmed") => {
                said.once(&mut cursor, "confirmed");
                basis.mark = cursor.mark_line();
            }
            Some("opened") => {
                said.once(&mut cursor, "opened to");
                basis.opened_to = cursor.opened_to().ok();
            }
            _ => return false,
        }
        true
    }

    /// Says that an item has no such clause.
    pub(super) fn unknown_clause(&mut self, node: Node, item: &str, known: &[&str]) {
        let mut cursor = self.cursor(node.own());
        let word = cursor.peek_word().unwrap_or("");
        let found = cursor.found();
        let mut failure = cursor.fail(
            codes::UNKNOWN_CLAUSE,
            format!("{found} is not a clause of {item}"),
            "no such clause",
        );
        if !failure.meant(word, known) {
            failure.help(format!(
                "{item} may have {}",
                words::list(known).replace(" or ", " and ")
            ));
        }
    }
}

impl Cursor<'_, '_> {
    /// `confirmed S2 "note"` if it stands here.
    pub(super) fn mark(&mut self) -> Option<Mark> {
        let start = self.here();
        let confirmed = self.is("confirmed");
        if !confirmed && !self.is("unconfirmed") {
            return None;
        }
        self.next();
        let grade = match self.peek_word() {
            Some(word) if !words::reserved(word) => self.name("a grade").ok(),
            _ => None,
        };
        let note = match self.peek() {
            Some(Tok::Text(_)) => self.text("a note").ok(),
            _ => None,
        };
        Some(Mark {
            confirmed,
            grade,
            note,
            span: self.since(start),
        })
    }

    /// A mark that is a line of its own.
    pub(super) fn mark_line(&mut self) -> Option<Mark> {
        let mark = self.mark();
        self.end("the mark").ok();
        mark
    }

    fn cites(&mut self) -> Read<Cites> {
        self.word("cites")?;
        let source = self.name("the source's name")?;
        let mut cites = Cites {
            source,
            article: None,
            quoted: false,
        };
        if self.eat("article") {
            let (label, quoted) = self.article_label()?;
            cites.article = Some(label);
            cites.quoted = quoted;
        }
        self.end("the citation")?;
        Ok(cites)
    }

    fn opened_to(&mut self) -> Read<crate::syntax::ast::Name> {
        self.word("opened")?;
        self.word("to")?;
        let level = self.name("a level, such as `province`")?;
        self.end("the level")?;
        Ok(level)
    }

    /// `6`, `annex` or `"六（二）"`, and whether it was quoted.
    pub(super) fn article_label(&mut self) -> Read<(At<String>, bool)> {
        let (label, quoted) = match self.peek() {
            Some(Tok::Text(text)) => (text.to_string(), true),
            Some(Tok::Word(word)) => (word.to_string(), false),
            Some(Tok::Number {
                mantissa,
                scale: 0,
                percent: false,
            }) => (mantissa.to_string(), false),
            _ => {
                self.missing::<()>("the article's label, a number, a name or a text")?;
                return Err(Told);
            }
        };
        self.next();
        Ok((
            At {
                node: label,
                span: self.behind(),
            },
            quoted,
        ))
    }
}
