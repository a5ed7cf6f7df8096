//! Rules and their bodies.

use super::Reader;
use super::basis::Said;
use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::{Span, codes};
use crate::syntax::ast::{At, Basis, Expr, ExprKind, Rule, RuleVersion, Step};
use crate::syntax::lexer::{self, Tok, Token};
use crate::syntax::lines::Node;
use crate::syntax::words;
use measure::Day;

const CLAUSES: &[&str] = &[
    "from",
    "before",
    "cites",
    "confirmed",
    "unconfirmed",
    "opened to",
];

impl Reader {
    pub(super) fn rule(&mut self, node: Node, set: bool) -> Option<Rule> {
        let mut head = self.cursor(node.own());
        if set {
            head.next();
        }
        head.next();
        let naming = head.name_to_set_or_declare("the rule's name", set)?;
        let mut found = Rule {
            set,
            naming,
            of: None,
            ty: None,
            basis: Basis::default(),
            versions: Vec::new(),
        };
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
        if node.head.tokens.len() == 1 || words::nearest(word, CLAUSES).is_some() {
            self.unknown_clause(node, "a rule", CLAUSES);
            return;
        }
        let mut cursor = self.cursor(node.own());
        let found = cursor.found();
        cursor
            .fail(codes::UNKNOWN_CLAUSE, format!("{found} is not a clause of a rule"), "no such clause")
            .help("a rule's body stands below the day it holds from: `from 2025-01-01`, then the body on deeper lines");
    }

    fn rule_version(&mut self, node: Node) -> RuleVersion {
        let span = self.span_of(node);
        let mut head = self.cursor(node.own());
        let (from, until) = head.body_period();
        let mut found = RuleVersion {
            from,
            until,
            steps: Vec::new(),
            result: broken(span),
            span,
        };
        self.aligned(node.below);
        let mut value: Option<Span> = None;
        for tokens in self.body_lines(node) {
            let mut cursor = self.cursor(tokens);
            let step = matches!(cursor.peek_word(), Some("let" | "require"));
            if let Some(first) = value {
                cursor.behind_the_value(step, first);
            }
            if step {
                found.steps.extend(cursor.step().ok());
            } else if value.is_none() {
                value = Some(cursor.rest());
                found.result = cursor.whole_expression();
            }
        }
        if value.is_none() {
            let place = lexer::span(span.file, node.end(), node.end());
            let mut cursor = self.cursor(node.own());
            cursor
                .fail_at(
                    place,
                    codes::NO_VALUE,
                    "this body has no value",
                    "expected the expression that is the rule's value",
                )
                .help("a body ends with one expression on a line of its own");
        }
        found
    }

    /// The steps and the value, each with its deeper lines. A line that can only carry on the one above is told and joined.
    fn body_lines<'t>(&mut self, node: Node<'_, 't>) -> Vec<Vec<Token<'t>>> {
        let mut found: Vec<Vec<Token>> = Vec::new();
        let mut told = false;
        for line in node.children() {
            let first = line.head.tokens[0];
            // A version's line that does not line up was told as such.
            if matches!(first.tok, Tok::Word("from" | "before"))
                && line.head.indent != node.below[0].indent
            {
                continue;
            }
            let carries_on = match first.tok {
                Tok::Word(word) => matches!(
                    word,
                    "then" | "else" | "when" | "otherwise" | "and" | "or" | "rounded" | "in" | "at"
                ),
                Tok::Sign(sign) => !matches!(sign, "(" | "-"),
                _ => false,
            };
            match found.last_mut() {
                Some(above) if carries_on => {
                    above.extend(line.all());
                    if !told {
                        let mut cursor = self.cursor(line.own());
                        let message = format!("{} cannot begin a line of the body", cursor.found());
                        cursor
                            .fail(
                                codes::INDENTATION,
                                message,
                                "this carries on the line above",
                            )
                            .help("indent it deeper than that line");
                    }
                    told = true;
                }
                _ => {
                    found.push(line.all());
                    told = false;
                }
            }
        }
        found
    }
}

impl Cursor<'_, '_> {
    /// Tells that a step or a second value stands behind the value.
    fn behind_the_value(&mut self, step: bool, value: Span) {
        let here = self.rest();
        if step {
            self.fail_at(
                here,
                codes::SECOND_VALUE,
                "a step stands below the value",
                "a step",
            )
            .also(value, "the value")
            .help("put it above the value");
        } else {
            self.fail_at(here, codes::SECOND_VALUE, "a body has one value, and this is another", "a second value")
                .also(value, "the value")
                .help("if this line carries on the value, indent it deeper; if it is a step, begin it with `let NAME =`");
        }
    }

    /// `from DATE [until DATE]` or `before`, alone on its line.
    fn body_period(&mut self) -> (Option<At<Day>>, Option<At<Day>>) {
        let (from, until) = if self.eat("before") {
            (None, None)
        } else {
            match self.period() {
                Ok((from, until)) => (Some(from), until),
                Err(Told) => {
                    return (
                        Some(At {
                            node: Day::MIN,
                            span: self.here(),
                        }),
                        None,
                    );
                }
            }
        };
        if !self.done() {
            self.fail(
                codes::LEFT_OVER,
                "a body does not stand on the line of its date",
                "left over",
            )
            .help("put the body on deeper lines below");
        }
        (from, until)
    }

    fn step(&mut self) -> Read<Step> {
        let start = self.here();
        if self.eat("let") {
            let name = self.name("the name of what is computed")?;
            if !self.is_sign("=") {
                let found = self.found();
                self.fail(
                    codes::MISSING,
                    format!("expected `=`, found {found}"),
                    "`=` should stand here",
                )
                .help("a step is `let NAME = EXPRESSION`");
                return Ok(Step::Let(name, broken(start)));
            }
            self.next();
            return Ok(Step::Let(name, self.whole_expression()));
        }
        self.word("require")?;
        let condition = self.expression()?;
        if !self.eat("otherwise") {
            let found = self.found();
            self.fail(codes::MISSING, format!("expected `otherwise` and what is said, found {found}"), "`otherwise` should stand here")
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

pub(super) fn broken(span: Span) -> Expr {
    At {
        node: Box::new(ExprKind::Broken),
        span,
    }
}
