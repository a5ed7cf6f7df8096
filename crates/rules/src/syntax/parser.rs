//! Tokens and lines to the tree. Each line is read on its own, so that an error in one hides none in another.

mod basis;
mod cursor;
mod examples;
mod expressions;
mod figures;
mod gathering;
mod items;
mod literals;
mod rules;

use crate::diagnostic::{Diagnostic, Span, codes};
use crate::syntax::ast::{File, Item, ItemKind, Text};
use crate::syntax::lexer::{self, Line, Token};
use crate::syntax::lines::{Node, nodes};
use crate::syntax::words;
use cursor::Cursor;

/// Reads one law file. The tree holds everything that could be read; there is an error for everything else.
///
/// `file` is the number under which the places in tree and messages know this text. A part that could not be read is
/// left out or stands as [`Broken`](crate::syntax::ast::ExprKind::Broken) or an empty name: run no law that has errors.
#[must_use]
pub fn parse(file: u32, text: &str) -> (File, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let lines: Vec<Line> = lexer::lex(file, text, &mut diagnostics)
        .into_iter()
        .filter(|line| line.clause.is_some() || !line.tokens.is_empty())
        .collect();
    let mut reader = Reader { file, diagnostics };
    let items = reader.items(&lines);
    (File { items }, in_order(text, reader.diagnostics))
}

/// The messages in the order of the text. On a line with an open quote nothing else can be trusted, so nothing else is said.
fn in_order(text: &str, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let line = |place: Span| text[..place.start as usize].matches('\n').count();
    let spoilt: Vec<usize> = diagnostics
        .iter()
        .filter(|message| message.code == codes::OPEN_QUOTE)
        .map(|message| line(message.labels[0].0))
        .collect();
    if !spoilt.is_empty() {
        diagnostics.retain(|message| {
            message.code == codes::OPEN_QUOTE || !spoilt.contains(&line(message.labels[0].0))
        });
    }
    diagnostics.sort_by_key(|message| message.labels.first().map(|(place, _)| *place));
    diagnostics
}

/// What every part of the parser writes to.
struct Reader {
    file: u32,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn items(&mut self, lines: &[Line]) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut clause: Vec<&Line> = Vec::new();
        let mut sources: Vec<Span> = Vec::new();
        let mut begun = false;
        for node in nodes(lines) {
            if node.head.clause.is_some() {
                clause.push(node.head);
                continue;
            }
            let text = clause_text(&clause);
            clause.clear();
            let span = self.span_of(node);
            if node.head.tokens[0].tok == lexer::Tok::Word("source") {
                self.source_in_place(&sources, begun, self.head_span(node));
                sources.push(self.head_span(node));
            }
            begun = true;
            if let Some(kind) = self.item(node) {
                items.push(Item {
                    clause: text,
                    kind,
                    span,
                });
            }
        }
        if let Some(line) = clause.first() {
            let place = lexer::span(self.file, line.start, line.start + 1);
            let message = "no item follows this clause";
            self.diagnostics.push(
                Diagnostic::error(
                    codes::LONELY_CLAUSE,
                    place,
                    message,
                    "a clause paraphrases the item below it",
                )
                .help("write the item, or `not formalised because \"…\"`"),
            );
        }
        items
    }

    fn source_in_place(&mut self, sources: &[Span], begun: bool, here: Span) {
        if let Some(first) = sources.first() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::MISPLACED_SOURCE,
                    here,
                    "a file holds one source",
                    "the second source",
                )
                .also(*first, "the first source")
                .help("move it and its articles to a file of its own"),
            );
        } else if begun {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::MISPLACED_SOURCE,
                    here,
                    "the source comes first in its file",
                    "other items stand above it",
                )
                .help("move it to the top"),
            );
        }
    }

    fn item(&mut self, node: Node) -> Option<ItemKind> {
        if node.head.indent > 0 {
            let place = self.head_span(node);
            self.diagnostics.push(
                Diagnostic::error(
                    codes::INDENTATION,
                    place,
                    "this line belongs to nothing",
                    "it is indented, but no item stands above it",
                )
                .help("an item begins in the first column"),
            );
        }
        let mut head = self.cursor(node.own());
        let word = head.peek_word().unwrap_or("");
        match word {
            "jurisdiction" => self.jurisdiction(node).map(ItemKind::Jurisdiction),
            "source" => self.source(node).map(ItemKind::Source),
            "article" => self.article(node).map(ItemKind::Article),
            "enum" => self.enumeration(node).map(ItemKind::Enum),
            "entity" => self.entity(node).map(ItemKind::Entity),
            "relation" => self.relation(node).map(ItemKind::Relation),
            "input" => self.input(node).map(ItemKind::Input),
            "parameter" | "table" => self.figure(node, false).map(ItemKind::Figure),
            "rule" => self.rule(node, false).map(ItemKind::Rule),
            "not" => self.not_formalised(node).map(ItemKind::NotFormalised),
            "example" => self.example(node).map(ItemKind::Example),
            "set" => match head.peek_word_at(1).unwrap_or("") {
                "parameter" | "table" => self.figure(node, true).map(ItemKind::Figure),
                "rule" => self.rule(node, true).map(ItemKind::Rule),
                other => {
                    head.next();
                    let found = head.found();
                    let words = ["parameter", "table", "rule"];
                    head.fail(
                        codes::UNKNOWN_ITEM,
                        format!("{found} cannot be set"),
                        "expected `parameter`, `table` or `rule`",
                    )
                    .meant(other, &words);
                    None
                }
            },
            _ => {
                self.unknown_item(node, word);
                None
            }
        }
    }

    fn unknown_item(&mut self, node: Node, word: &str) {
        let mut head = self.cursor(node.own());
        if words::LATER.contains(&word) {
            let message = format!("`{word}` is not yet part of the language");
            head.fail(codes::RESERVED_ITEM, message, "this word is kept for later")
                .help("leave the clause as text and say `not formalised because \"…\"`");
            return;
        }
        let found = head.found();
        let mut failure = head.fail(
            codes::UNKNOWN_ITEM,
            format!("{found} does not begin an item"),
            "no such kind of item",
        );
        if !failure.meant(word, words::ITEMS) {
            failure.help(format!("an item begins with {}", words::list(words::ITEMS)));
            if matches!(
                word,
                "let" | "require" | "from" | "before" | "given" | "then" | "cites"
            ) {
                failure.help("indent this line to make it part of the item above");
            }
        }
    }

    /// Tells every line of a block that does not line up with the first.
    fn aligned(&mut self, block: &[Line]) {
        let mut first: Option<&Line> = None;
        for node in nodes(block) {
            let line = node.head;
            match first {
                None => first = Some(line),
                Some(first) if first.indent != line.indent => {
                    let above = lexer::span(self.file, first.start, first.tokens[0].end);
                    let place = lexer::span(self.file, line.start, line.tokens[0].end);
                    self.diagnostics.push(
                        Diagnostic::error(
                            codes::INDENTATION,
                            place,
                            "this line does not line up with those above",
                            format!("indented by {}", spaces(line.indent)),
                        )
                        .also(above, format!("the lines here are indented by {}", spaces(first.indent)))
                        .help("lines at one level begin in the same column; deeper lines belong to the line above"),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn cursor<'t>(&mut self, tokens: Vec<Token<'t>>) -> Cursor<'_, 't> {
        Cursor::new(self, tokens)
    }

    fn span_of(&self, node: Node) -> Span {
        lexer::span(self.file, node.head.start, node.end())
    }

    fn head_span(&self, node: Node) -> Span {
        let end = node
            .head
            .tokens
            .last()
            .map_or(node.head.start, |token| token.end);
        lexer::span(self.file, node.head.start, end)
    }
}

fn spaces(count: usize) -> String {
    if count == 1 {
        "1 space".into()
    } else {
        format!("{count} spaces")
    }
}

/// Lines of one language are one paragraph: Chinese runs on, other languages have a space between lines.
fn clause_text(lines: &[&Line]) -> Text {
    let mut text = Text::default();
    for said in lines
        .iter()
        .filter_map(|line| line.clause)
        .filter(|said| !said.is_empty())
    {
        let chinese = said
            .chars()
            .find(|letter| letter.is_alphabetic())
            .is_some_and(words::chinese);
        let (part, joint) = if chinese {
            (&mut text.zh, "")
        } else {
            (&mut text.en, " ")
        };
        *part = Some(match part.take() {
            Some(before) => format!("{before}{joint}{said}"),
            None => said.to_string(),
        });
    }
    text
}
