//! The items that describe: jurisdictions, sources, headings and the vocabulary.

use super::basis::Said;
use super::cursor::{Cursor, Read};
use super::{Reader, figures};
use crate::diagnostic::codes;
use crate::syntax::ast::{
    Article, Entity, Enum, Expr, Input, Jurisdiction, Naming, Relation, Source, Text, TypeName,
};
use crate::syntax::lexer::{Line, Tok, Token};
use crate::syntax::lines::{Node, nodes};

impl Reader {
    pub(super) fn jurisdiction(&mut self, node: Node) -> Option<Jurisdiction> {
        let (tokens, below) = titled(node);
        let mut head = self.cursor(tokens);
        head.next();
        let id = head.name("the jurisdiction's name").ok()?;
        let title = head.title("the jurisdiction's title").unwrap_or_default();
        head.end("the title").ok();
        let mut found = Jurisdiction {
            id,
            title,
            level: None,
            within: None,
        };
        let mut said = Said::default();
        self.aligned(below);
        for clause in nodes(below) {
            let mut cursor = self.cursor(clause.all());
            match cursor.peek_word() {
                Some("level") => {
                    said.once(&mut cursor, "level");
                    found.level = cursor.clause_of(1, |cursor| cursor.name("a level"));
                }
                Some("within") => {
                    said.once(&mut cursor, "within");
                    found.within =
                        cursor.clause_of(1, |cursor| cursor.name("the higher jurisdiction's name"));
                }
                _ => self.unknown_clause(clause, "a jurisdiction", &["level", "within"]),
            }
        }
        Some(found)
    }

    pub(super) fn source(&mut self, node: Node) -> Option<Source> {
        let (tokens, below) = titled(node);
        let mut head = self.cursor(tokens);
        head.next();
        let id = head.name("the source's name").ok()?;
        let title = head.title("the source's title").unwrap_or_default();
        head.end("the title").ok();
        let mut found = Source {
            id,
            title,
            number: None,
            issued: None,
            in_force: None,
            published: None,
            mark: None,
        };
        let mut said = Said::default();
        self.aligned(below);
        for clause in nodes(below) {
            let mut cursor = self.cursor(clause.all());
            match cursor.peek_word() {
                Some("number") => {
                    said.once(&mut cursor, "number");
                    found.number = cursor
                        .clause_of(1, |cursor| cursor.text("the document's number in quotes"));
                }
                Some("issued") => {
                    said.once(&mut cursor, "issued");
                    found.issued = cursor.clause_of(1, |cursor| cursor.day("the day of issue"));
                }
                Some("in") => {
                    said.once(&mut cursor, "in force");
                    found.in_force = cursor.clause_of(1, |cursor| {
                        cursor.word("force")?;
                        cursor.day("the day it took effect")
                    });
                }
                Some("published") => {
                    said.once(&mut cursor, "published");
                    found.published = cursor
                        .clause_of(1, |cursor| cursor.text("where it was published, in quotes"));
                }
                Some("confirmed" | "unconfirmed") => {
                    said.once(&mut cursor, "confirmed");
                    found.mark = cursor.mark_line();
                }
                _ => {
                    let known = [
                        "number",
                        "issued",
                        "in force",
                        "published",
                        "confirmed",
                        "unconfirmed",
                    ];
                    self.unknown_clause(clause, "a source", &known);
                }
            }
        }
        Some(found)
    }

    pub(super) fn article(&mut self, node: Node) -> Option<Article> {
        let (tokens, below) = titled(node);
        let mut head = self.cursor(tokens);
        head.next();
        let (label, quoted) = head.article_label().ok()?;
        let title = if head.done() {
            Text::default()
        } else {
            head.title("the article's title").unwrap_or_default()
        };
        head.end("the title").ok();
        let mut found = Article {
            label,
            quoted,
            title,
            mark: None,
        };
        let mut said = Said::default();
        self.aligned(below);
        for clause in nodes(below) {
            let mut cursor = self.cursor(clause.all());
            if let Some("confirmed" | "unconfirmed") = cursor.peek_word() {
                said.once(&mut cursor, "confirmed");
                found.mark = cursor.mark_line();
            } else {
                self.unknown_clause(clause, "an article", &["confirmed", "unconfirmed"]);
            }
        }
        Some(found)
    }

    pub(super) fn enumeration(&mut self, node: Node) -> Option<Enum> {
        let naming = self.named(node, "the enumeration's name")?;
        let mut members = Vec::new();
        self.aligned(node.below);
        for member in node.children() {
            let mut cursor = self.cursor(member.all());
            if let Ok(naming) = cursor.naming("a member's name") {
                cursor.end("the member's names").ok();
                members.push(naming);
            }
        }
        if members.is_empty() && node.below.is_empty() {
            let mut end = self.cursor(node.own());
            while end.next().is_some() {}
            end.fail(
                codes::MISSING,
                "this enumeration has no members",
                "expected its members on deeper lines",
            )
            .help("write one a line, such as `female 女`");
        }
        Some(Enum { naming, members })
    }

    pub(super) fn entity(&mut self, node: Node) -> Option<Entity> {
        let naming = self.named(node, "the entity's name")?;
        let mut dated_by = None;
        let mut said = Said::default();
        self.aligned(node.below);
        for clause in node.children() {
            let mut cursor = self.cursor(clause.all());
            if cursor.is("dated") {
                said.once(&mut cursor, "dated by");
                dated_by = cursor.clause_of(1, |cursor| {
                    cursor.word("by")?;
                    cursor.expression()
                });
            } else {
                self.unknown_clause(clause, "an entity", &["dated by"]);
            }
        }
        Some(Entity { naming, dated_by })
    }

    /// `entity person 参保人`: a line that holds names only.
    fn named(&mut self, node: Node, what: &str) -> Option<Naming> {
        let mut head = self.cursor(node.own());
        head.next();
        let naming = head.naming(what).ok()?;
        head.end("the names").ok();
        Some(naming)
    }

    pub(super) fn relation(&mut self, node: Node) -> Option<Relation> {
        let mut head = self.cursor(node.own());
        head.next();
        let naming = head.naming("the relation's name").ok()?;
        let found = head.ends_of_relation(naming).ok();
        for clause in node.children() {
            self.unknown_clause(clause, "a relation", &[]);
        }
        found
    }

    pub(super) fn input(&mut self, node: Node) -> Option<Input> {
        let mut head = self.cursor(node.own());
        head.next();
        let naming = head.naming("the input's name").ok()?;
        let (of, ty) = head.of_and_type();
        let mut found = Input {
            naming,
            of,
            ty,
            range: None,
            default: None,
        };
        let mut said = Said::default();
        self.aligned(node.below);
        for clause in node.children() {
            let mut cursor = self.cursor(clause.all());
            match cursor.peek_word() {
                Some("range") => {
                    said.once(&mut cursor, "range");
                    found.range = cursor.clause_of(1, Cursor::range);
                }
                Some("default") => {
                    said.once(&mut cursor, "default");
                    found.default = cursor.clause_of(1, Cursor::expression);
                }
                _ => self.unknown_clause(clause, "an input", &["range", "default"]),
            }
        }
        Some(found)
    }

    pub(super) fn not_formalised(&mut self, node: Node) -> Option<Text> {
        let mut cursor = self.cursor(node.all());
        cursor.next();
        let found = cursor.clause_of(0, |cursor| {
            cursor.word("formalised")?;
            cursor.word("because")?;
            cursor.title("the reason")
        });
        Some(found.unwrap_or_default())
    }
}

impl Cursor<'_, '_> {
    /// Skips the clause's own words, reads the rest of the line with `read` and tells what is left over.
    pub(super) fn clause_of<T>(
        &mut self,
        words: usize,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Option<T> {
        for _ in 0..words {
            self.next();
        }
        let found = read(self).ok()?;
        self.end("this clause").ok();
        Some(found)
    }

    fn ends_of_relation(&mut self, naming: Naming) -> Read<Relation> {
        self.word("of")?;
        let of = self.name("the owner's entity")?;
        self.word("to")?;
        let to = self.name("the records' entity")?;
        self.end("the relation")?;
        Ok(Relation { naming, of, to })
    }

    /// `of person : money`; what cannot be read has an empty name.
    pub(super) fn of_and_type(&mut self) -> (crate::syntax::ast::Name, TypeName) {
        let nobody = || crate::syntax::ast::At {
            node: String::new(),
            span: crate::diagnostic::Span::default(),
        };
        let mut of = nobody();
        let mut ty = TypeName {
            name: nobody(),
            scale: None,
        };
        of.span = self.here();
        ty.name.span = self.here();
        let mut read = || -> Read<()> {
            self.word("of")?;
            of = self.name("an entity")?;
            ty = self.typed()?;
            self.end("the type")
        };
        read().ok();
        (of, ty)
    }

    /// `: money`.
    pub(super) fn typed(&mut self) -> Read<TypeName> {
        if !self.is_sign(":") {
            let found = self.found();
            let message = format!("expected `:` and a type, found {found}");
            self.fail(codes::MISSING, message, "`:` should stand here")
                .help(format!("write `: money`, or another of {}", figures::TYPES));
            return Err(super::cursor::Told);
        }
        self.next();
        self.type_name()
    }

    fn range(&mut self) -> Read<(Expr, Expr)> {
        let low = self.sum()?;
        self.sign("..")?;
        let high = self.sum()?;
        Ok((low, high))
    }
}

/// The tokens of a heading, with those of the deeper lines that carry on its title, and the lines after them.
fn titled<'l, 't>(node: Node<'l, 't>) -> (Vec<Token<'t>>, &'l [Line<'t>]) {
    let carried = |line: &&Line| {
        matches!(
            line.tokens.first().map(|token| token.tok),
            Some(Tok::Text(_) | Tok::Sign("/"))
        )
    };
    let count = node.below.iter().take_while(carried).count();
    let (title, below) = node.below.split_at(count);
    (
        node.own()
            .into_iter()
            .chain(title.iter().flat_map(|line| line.tokens.iter().copied()))
            .collect(),
        below,
    )
}
