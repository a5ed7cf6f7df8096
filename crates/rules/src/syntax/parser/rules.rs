//! Rules and their bodies.

use super::Reader;
use super::basis::Said;
use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::codes;
use crate::syntax::ast::{At, Basis, Expr, ExprKind, Rule, RuleVersion, Step};
use crate::syntax::lexer::{self, Tok};
use crate::syntax::lines::Node;
use measure::Day;

const CLAUSES: &[&str] = &["from", "before", "cites", "confirmed", "unconfirmed", "opened to"];

impl Reader {
    pub(super) fn rule(&mut self, node: Node, set: bool) -> Option<Rule> {
        let mut head = self.cursor(node.own());
        if set {
            head.next();
        }
        head.next();
        let naming = head.name_to_set_or_declare("the rule's name", set)?;
        let mut found = Rule { set, naming, of: None, ty: None, basis: Basis::default(), versions: Vec::new() };
        if set {
            head.nothing_of_its_own();
        } else {
            let (of, ty) = head.of_and_type();
            found.of = Some(of);
            found.ty = Some(ty);
        }
        let mut said = Said::default();
        self.aligned(node.below);
        for clause in node.children() {
            if self.basis_clause(clause, &mut found.basis, &mut said) {
                continue;
            }
            match clause.head.tokens[0].tok {
                Tok::Word("from" | "before") => found.versions.push(self.rule_version(clause)),
                _ => self.not_a_rule_clause(clause),
            }
        }
        Some(found)
    }

    /// A body without `from` is the likeliest slip here.
    fn not_a_rule_clause(&mut self, node: Node) {
        let word = match node.head.tokens[0].tok {
            Tok::Word(word) => word,
            _ => "",
        };
        if node.head.tokens.len() == 1 || crate::syntax::words::nearest(word, CLAUSES).is_some() {
            self.unknown_clause(node, "a rule", CLAUSES);
            return;
        }
        let mut cursor = self.cursor(node.own());
        let found = cursor.found();
        cursor
            .fail(codes::L0104, format!("{found} is not a clause of a rule"), "no such clause")
            .help("a rule's body stands below the day it holds from: `from 2025-01-01`, then the body on deeper lines");
    }

    fn rule_version(&mut self, node: Node) -> RuleVersion {
        let span = self.span_of(node);
        let mut head = self.cursor(node.own());
        let (from, until) = head.body_period();
        let mut found = RuleVersion { from, until, steps: Vec::new(), result: broken(span), span };
        self.aligned(node.below);
        let mut result: Option<Node> = None;
        for line in node.children() {
            let mut cursor = self.cursor(line.all());
            let step = matches!(cursor.peek_word(), Some("let" | "require"));
            if let Some(first) = result {
                let (at, before) = (cursor.here(), lexer::span(span.file, first.head.start, first.end()));
                let message = if step { "a step stands behind the value" } else { "a body has one value, and here is another" };
                let mut failure = cursor.fail_at(at, codes::L0111, message, "a further line");
                failure.also(before, "the value");
                failure.help(if step { "put it above the value" } else { "if this line carries on the value, indent it deeper; if it is a step, begin it with `let NAME =`" });
            }
            let mut cursor = self.cursor(line.all());
            if step {
                found.steps.extend(cursor.step().ok());
            } else if result.is_none() {
                found.result = cursor.whole_expression();
                result = Some(line);
            }
        }
        if result.is_none() {
            let last = span.file;
            let place = lexer::span(last, node.end(), node.end());
            let mut cursor = self.cursor(node.own());
            cursor
                .fail_at(place, codes::L0110, "this body has no value", "expected the expression that is the rule's value")
                .help("a body ends with one expression on a line of its own");
        }
        found
    }
}

impl Cursor<'_, '_> {
    /// `from DATE [until DATE]` or `before`, alone on its line.
    fn body_period(&mut self) -> (Option<At<Day>>, Option<At<Day>>) {
        let (from, until) = if self.eat("before") {
            (None, None)
        } else {
            match self.period() {
                Ok((from, until)) => (Some(from), until),
                Err(Told) => return (Some(At { node: Day::MIN, span: self.here() }), None),
            }
        };
        if !self.done() {
            self.fail(codes::L0107, "a body does not stand on the line of its date", "left over").help("put the body on deeper lines below");
        }
        (from, until)
    }

    fn step(&mut self) -> Read<Step> {
        let start = self.here();
        if self.eat("let") {
            let name = self.name("the name of what is computed")?;
            if !self.is_sign("=") {
                let found = self.found();
                self.fail(codes::L0105, format!("expected `=`, found {found}"), "`=` should stand here").help("a step is `let NAME = EXPRESSION`");
                return Ok(Step::Let(name, broken(start)));
            }
            self.next();
            return Ok(Step::Let(name, self.whole_expression()));
        }
        self.word("require")?;
        let condition = self.expression()?;
        if !self.eat("otherwise") {
            let found = self.found();
            self.fail(codes::L0105, format!("expected `otherwise` and what is said, found {found}"), "`otherwise` should stand here")
                .help("say what a person is told when it does not hold: `otherwise \"中文\" / \"English\"`");
            return Err(Told);
        }
        let text = self.title("what is said when it does not hold")?;
        self.end("the requirement")?;
        Ok(Step::Require(condition, text, self.since(start)))
    }

    /// The expression that makes up the rest of this sequence.
    pub(super) fn whole_expression(&mut self) -> Expr {
        let start = self.here();
        let read = self.expression();
        let read = read.and_then(|expr| self.end_of_expression().map(|()| expr));
        read.unwrap_or_else(|Told| broken(start))
    }
}

pub(super) fn broken(span: crate::diagnostic::Span) -> Expr {
    At { node: Box::new(ExprKind::Broken), span }
}
