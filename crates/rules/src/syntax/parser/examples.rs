//! Examples: what is given and what must come out.

use super::Reader;
use super::basis::Said;
use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::codes;
use crate::syntax::ast::{At, Example, Expected, Given};
use crate::syntax::lexer::{Tok, Token};
use crate::syntax::lines::Node;

impl Reader {
    pub(super) fn example(&mut self, node: Node) -> Option<Example> {
        let mut head = self.cursor(node.own());
        head.next();
        let title = head.text("what the example shows, in quotes").ok();
        if title.is_some() {
            head.end("the example's title").ok();
        }
        let title = title.unwrap_or(At {
            node: String::new(),
            span: head.behind(),
        });
        let mut found = Example {
            title,
            mark: None,
            as_of: None,
            given: Vec::new(),
            then: Vec::new(),
        };
        let mut said = Said::default();
        self.aligned(node.below);
        for clause in node.children() {
            let mut cursor = self.cursor(clause.all());
            match cursor.peek_word() {
                Some("confirmed" | "unconfirmed") => {
                    said.once(&mut cursor, "confirmed");
                    found.mark = cursor.mark_line();
                }
                Some("as" | "as-of") => {
                    said.once(&mut cursor, "as of");
                    found.as_of = cursor.clause_of(1, |cursor| {
                        cursor.word("of")?;
                        cursor.day("the day whose law applies")
                    });
                }
                Some("given") => {
                    said.once(&mut cursor, "given");
                    found.given = self.given(clause);
                }
                Some("then") => {
                    said.once(&mut cursor, "then");
                    found.then = self.then(clause);
                }
                _ => self.unknown_clause(
                    clause,
                    "an example",
                    &["as of", "given", "then", "confirmed", "unconfirmed"],
                ),
            }
        }
        Some(found)
    }

    /// The facts on the line behind `given` and on the deeper lines.
    fn given(&mut self, node: Node) -> Vec<Given> {
        let mut facts = self.facts(node.own().into_iter().skip(1).collect());
        self.aligned(node.below);
        for line in node.children() {
            facts.extend(self.facts_of_line(line));
        }
        facts
    }

    /// `name = value, …` with more facts below, or a relation's name with a record a line below.
    fn facts_of_line(&mut self, node: Node) -> Vec<Given> {
        let mut head = self.cursor(node.own());
        if let (Some(Tok::Word(_)), None) = (head.peek(), head.peek_at(1)) {
            let Ok(relation) = head.name("a relation") else {
                return Vec::new();
            };
            if node.below.is_empty() {
                let message = format!("`{}` is given no value", relation.node);
                head.fail(codes::MISSING, message, "`=` should stand here")
                    .help("a fact is `name = value`; the records of a relation stand on deeper lines, one a line");
            }
            self.aligned(node.below);
            let records = node
                .children()
                .map(|record| self.facts_of_record(record))
                .collect();
            return vec![Given::Records(relation, records)];
        }
        self.facts_of_record(node)
    }

    fn facts_of_record(&mut self, node: Node) -> Vec<Given> {
        let mut facts = self.facts(node.own());
        self.aligned(node.below);
        for line in node.children() {
            facts.extend(self.facts_of_line(line));
        }
        facts
    }

    fn facts(&mut self, tokens: Vec<Token>) -> Vec<Given> {
        let mut cursor = self.cursor(tokens);
        cursor.list(Cursor::fact)
    }

    /// Expectations; a deeper line that begins with `within` or `because` carries on the one above it.
    fn then(&mut self, node: Node) -> Vec<Expected> {
        let mut rows: Vec<Vec<Token>> = vec![node.own().into_iter().skip(1).collect()];
        self.aligned(node.below);
        for line in node.children() {
            match (line.head.tokens[0].tok, rows.last_mut()) {
                (Tok::Word("within" | "because"), Some(last)) => last.extend(line.all()),
                _ => rows.push(line.all()),
            }
        }
        rows.into_iter()
            .flat_map(|tokens| self.cursor(tokens).list(Cursor::expected))
            .collect()
    }
}

impl Cursor<'_, '_> {
    /// What stands between commas; an error in one is told and hides none of the others.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Read<T>) -> Vec<T> {
        let mut found = Vec::new();
        while !self.done() {
            match read(self) {
                Ok(item) => found.push(item),
                Err(Told) => {
                    self.skip_to_comma();
                    continue;
                }
            }
            if !self.done() && !self.eat_sign(",") {
                let next = self.found();
                self.fail(
                    codes::MISSING,
                    format!("expected `,` or the end of the line, found {next}"),
                    "`,` should stand here",
                );
                self.skip_to_comma();
            }
        }
        found
    }

    fn fact(&mut self) -> Read<Given> {
        if let (Some(Tok::Number { .. }), Some(Tok::Sign(","))) = (self.peek(), self.before()) {
            self.fail(
                codes::MISSING,
                "expected a name, found a number",
                "a comma begins the next fact",
            )
            .help("inside a number write `_`: `5_000 yuan`");
            return Err(Told);
        }
        let name = self.name("an input or rule")?;
        self.sign("=")?;
        Ok(Given::Value(name, self.sum()?))
    }

    fn expected(&mut self) -> Read<Expected> {
        let name = self.name("a rule")?;
        if self.eat("refused") {
            return Ok(Expected::Refused(name));
        }
        if !self.eat_sign("=") {
            return self.missing("`= VALUE` or `refused`");
        }
        let value = self.sum()?;
        let within = if self.eat("within") {
            Some(self.sum()?)
        } else {
            None
        };
        let because = if self.eat("because") {
            Some(self.text("the reason, in quotes")?)
        } else {
            None
        };
        Ok(Expected::Value {
            name,
            value,
            within,
            because,
        })
    }
}
