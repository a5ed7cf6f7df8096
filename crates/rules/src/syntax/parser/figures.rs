//! Parameters and tables.

use super::Reader;
use super::basis::Said;
use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::codes;
use crate::syntax::ast::{
    At, Basis, Expr, Figure, FigureVersion, Key, KeyMatch, Name, Naming, Row, TypeName,
};
use crate::syntax::lexer::Tok;
use crate::syntax::lines::Node;
use measure::Day;

/// The types, as a message lists them.
pub(super) const TYPES: &str = "`money`, `rate`, `decimal(n)`, `integer`, `bool`, `date`, `month`, `year`, `months`, `days`, `text` or an enumeration";

impl Reader {
    pub(super) fn figure(&mut self, node: Node, set: bool) -> Option<Figure> {
        let mut head = self.cursor(node.own());
        if set {
            head.next();
        }
        let table = head.is("table");
        head.next();
        let naming = head.name_to_set_or_declare(
            if table {
                "the table's name"
            } else {
                "the parameter's name"
            },
            set,
        )?;
        let mut found = Figure {
            set,
            table,
            naming,
            ty: None,
            keys: Vec::new(),
            basis: Basis::default(),
            versions: Vec::new(),
        };
        if set {
            head.nothing_of_its_own();
        } else if let Ok((ty, keys)) = head.type_and_keys(table) {
            found.ty = Some(ty);
            found.keys = keys;
        }
        let mut said = Said::default();
        self.aligned(node.below);
        for clause in node.children() {
            if self.basis_clause(clause, &mut found.basis, &mut said) {
                continue;
            }
            match clause.head.tokens[0].tok {
                Tok::Word("from") if table => found.versions.extend(self.table_version(clause)),
                Tok::Word("from") => found.versions.extend(self.parameter_version(clause)),
                _ => {
                    let item = if table { "a table" } else { "a parameter" };
                    self.unknown_clause(
                        clause,
                        item,
                        &["from", "cites", "confirmed", "unconfirmed", "opened to"],
                    );
                }
            }
        }
        Some(found)
    }

    fn parameter_version(&mut self, node: Node) -> Option<FigureVersion> {
        let mut cursor = self.cursor(node.all());
        let (from, until) = cursor.period().ok()?;
        let start = from.span;
        if !cursor.eat_sign("=") {
            let found = cursor.found();
            cursor
                .fail(
                    codes::MISSING,
                    format!("expected `=` and the value, found {found}"),
                    "`=` should stand here",
                )
                .help("a parameter has one value from a day on: `from 2025-01-01 = 8%`");
            return Some(FigureVersion {
                from,
                until,
                mark: None,
                rows: Vec::new(),
            });
        }
        let rows = match cursor.value_and_mark() {
            Ok((value, mark)) => vec![Row {
                keys: Vec::new(),
                value,
                mark,
                span: cursor.since(start),
            }],
            Err(Told) => Vec::new(),
        };
        Some(FigureVersion {
            from,
            until,
            mark: None,
            rows,
        })
    }

    fn table_version(&mut self, node: Node) -> Option<FigureVersion> {
        let mut head = self.cursor(node.own());
        let (from, until) = match head.period() {
            Ok(period) => period,
            Err(Told) => (
                At {
                    node: Day::MIN,
                    span: head.here(),
                },
                None,
            ),
        };
        let mut found = FigureVersion {
            from,
            until,
            mark: head.mark(),
            rows: Vec::new(),
        };
        head.end("the period").ok();
        let mut said = Said::default();
        self.aligned(node.below);
        for line in node.children() {
            let mut cursor = self.cursor(line.all());
            if let Some("confirmed" | "unconfirmed") = cursor.peek_word() {
                said.once(&mut cursor, "confirmed");
                found.mark = cursor.mark_line();
            } else if let Ok(row) = cursor.row() {
                found.rows.push(row);
            }
        }
        Some(found)
    }
}

impl Cursor<'_, '_> {
    /// An item's own name and other name, or with `set` the name of another.
    pub(super) fn name_to_set_or_declare(&mut self, what: &str, set: bool) -> Option<Naming> {
        if set {
            return Some(Naming {
                id: self.name(what).ok()?,
                other: None,
            });
        }
        self.naming(what).ok()
    }

    /// Behind the name of what is set stands nothing.
    pub(super) fn nothing_of_its_own(&mut self) {
        if self.done() {
            return;
        }
        self.fail(
            codes::SET_CHANGES_TYPE,
            "a setting changes figures or bodies, nothing else",
            "left over",
        )
        .help("name, entity, type and keys stay as the higher law has them: write the name alone");
    }

    fn type_and_keys(&mut self, table: bool) -> Read<(TypeName, Vec<Key>)> {
        let ty = self.typed()?;
        let mut keys = Vec::new();
        if table {
            self.word("by")?;
            loop {
                let name: Name = self.name("a key")?;
                let ty = if self.eat_sign(":") {
                    Some(self.type_name()?)
                } else {
                    None
                };
                keys.push(Key { name, ty });
                if !self.eat_sign(",") {
                    break;
                }
            }
        } else if self.is("by") {
            self.fail(codes::LEFT_OVER, "a parameter has no keys", "left over")
                .help("write `table` for figures by a key");
            return Ok((ty, keys));
        }
        self.end(if table { "the keys" } else { "the type" })?;
        Ok((ty, keys))
    }

    /// `from DATE [until DATE]`.
    pub(super) fn period(&mut self) -> Read<(At<Day>, Option<At<Day>>)> {
        self.word("from")?;
        let from = self.day("the first day")?;
        let until = if self.eat("until") {
            Some(self.day("the last day")?)
        } else {
            None
        };
        Ok((from, until))
    }

    fn value_and_mark(&mut self) -> Read<(Option<Expr>, Option<crate::syntax::ast::Mark>)> {
        let value = if self.eat("unset") {
            None
        } else {
            Some(self.expression()?)
        };
        let mark = self.mark();
        self.end("the value")?;
        Ok((value, mark))
    }

    fn row(&mut self) -> Read<Row> {
        let start = self.here();
        let mut keys = Vec::new();
        loop {
            let here = self.here();
            let node = self.key_match()?;
            keys.push(At {
                node,
                span: self.since(here),
            });
            if !self.eat_sign(",") {
                break;
            }
        }
        if !self.eat_sign("=>") {
            let found = self.found();
            self.fail(
                codes::MISSING,
                format!("expected `=>` and the row's value, found {found}"),
                "`=>` should stand here",
            )
            .help("a row is `KEY => VALUE`; several keys have commas between them");
            return Err(Told);
        }
        let (value, mark) = self.value_and_mark()?;
        Ok(Row {
            keys,
            value,
            mark,
            span: self.since(start),
        })
    }

    fn key_match(&mut self) -> Read<KeyMatch> {
        if self.eat("otherwise") {
            return Ok(KeyMatch::Otherwise);
        }
        let value = self.sum()?;
        if self.eat_sign("..") {
            return Ok(KeyMatch::Between(value, self.sum()?));
        }
        if self.eat("or") {
            self.word("more")?;
            return Ok(KeyMatch::AtLeast(value));
        }
        Ok(KeyMatch::Exactly(value))
    }
}
