//! Expressions, from the loosest form to the tightest.

use super::cursor::{Cursor, Read, Told};
use crate::diagnostic::{Span, codes};
use crate::syntax::ast::{At, Expr, ExprKind, Operator};
use crate::syntax::lexer::Tok;
use crate::syntax::words;

/// Deeper than any statute, and shallow enough for every stack the checker and evaluator run on.
const DEEPEST: usize = 48;

/// More operators than any statute puts in one expression; each makes the tree deeper by one.
const MOST_OPERATORS: usize = 200;

const COMPARISONS: &[(&str, Operator)] = &[
    ("=", Operator::Equal),
    ("!=", Operator::Different),
    ("<", Operator::Less),
    ("<=", Operator::AtMost),
    (">", Operator::More),
    (">=", Operator::AtLeast),
];

impl Cursor<'_, '_> {
    /// Any expression: `if`, `choose`, an aggregation, `carry`, or what `or` joins.
    pub(super) fn expression(&mut self) -> Read<Expr> {
        self.deeper(|cursor| match cursor.peek_word() {
            Some("if") => cursor.if_then_else(),
            Some("choose") => cursor.choose(),
            Some("carry") => cursor.carry(),
            _ if cursor.at_aggregation() => cursor.aggregation(),
            _ => cursor.alternatives(),
        })
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Read<Expr>) -> Read<Expr> {
        if self.depth >= DEEPEST {
            self.fail(
                codes::TOO_DEEP,
                "this expression is nested too deeply",
                format!("more than {DEEPEST} levels"),
            )
            .help("name its parts with `let`, or make a rule of them");
            return Err(Told);
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// Counts one more operator.
    pub(super) fn operator(&mut self) -> Read<()> {
        self.operators += 1;
        if self.operators <= MOST_OPERATORS {
            return Ok(());
        }
        self.fail(
            codes::TOO_DEEP,
            "this expression is too long",
            format!("more than {MOST_OPERATORS} operators"),
        )
        .help("name its parts with `let`, or make a rule of them");
        Err(Told)
    }

    fn if_then_else(&mut self) -> Read<Expr> {
        let start = self.here();
        self.next();
        let condition = self.expression()?;
        self.part_of_choice("then", "if", start)?;
        let yes = self.expression()?;
        self.part_of_choice("else", "if", start)?;
        let no = self.expression()?;
        Ok(self.made(start, ExprKind::If(condition, yes, no)))
    }

    fn choose(&mut self) -> Read<Expr> {
        let start = self.here();
        self.next();
        let mut arms = Vec::new();
        while self.eat("when") {
            let condition = self.expression()?;
            self.part_of_choice("=>", "when", start)?;
            arms.push((condition, self.expression()?));
        }
        if arms.is_empty() {
            return self.missing("`when CONDITION => VALUE`");
        }
        self.part_of_choice("otherwise", "choose", start)?;
        self.part_of_choice("=>", "otherwise", start)?;
        let otherwise = self.expression()?;
        Ok(self.made(start, ExprKind::Choose(arms, otherwise)))
    }

    /// A word without which a choice leaves cases open.
    fn part_of_choice(&mut self, word: &str, of: &str, start: Span) -> Read<()> {
        if self.eat(word) || self.eat_sign(word) {
            return Ok(());
        }
        let found = self.found();
        let help = match word {
            "then" | "else" => {
                "write `if CONDITION then VALUE else VALUE`: both values are always needed"
            }
            _ => {
                "write `choose`, then lines `when CONDITION => VALUE`, and last `otherwise => VALUE`"
            }
        };
        let code = if self.done()
            || self
                .peek()
                .is_some_and(|tok| matches!(tok, Tok::Word(word) if words::reserved(word)))
        {
            codes::OPEN_CHOICE
        } else {
            codes::MISSING
        };
        let (message, label) = (
            format!("expected `{word}`, found {found}"),
            format!("`{word}` should stand here"),
        );
        self.fail(code, message, label)
            .also(start, format!("`{of}` belongs to this"))
            .help(help);
        Err(Told)
    }

    pub(super) fn alternatives(&mut self) -> Read<Expr> {
        self.joined("or", Operator::Or, Self::conditions)
    }

    fn conditions(&mut self) -> Read<Expr> {
        self.joined("and", Operator::And, Self::negation)
    }

    fn joined(
        &mut self,
        word: &str,
        operator: Operator,
        mut part: impl FnMut(&mut Self) -> Read<Expr>,
    ) -> Read<Expr> {
        let mut left = part(self)?;
        while self.eat(word) {
            let at = At {
                node: operator,
                span: self.behind(),
            };
            self.operator()?;
            let right = part(self)?;
            left = binary(at, left, right);
        }
        Ok(left)
    }

    fn negation(&mut self) -> Read<Expr> {
        if !self.is("not") {
            return self.comparison();
        }
        let start = self.here();
        self.next();
        let inner = self.deeper(Self::negation)?;
        Ok(self.made(start, ExprKind::Not(inner)))
    }

    fn comparison(&mut self) -> Read<Expr> {
        let left = self.rounding()?;
        if self.is("in") {
            return self.one_of(left);
        }
        let Some(operator) = self.sign_among(COMPARISONS) else {
            return Ok(left);
        };
        let right = self.rounding()?;
        let here = self.here();
        if self.sign_among(COMPARISONS).is_some() {
            self.fail_at(
                here,
                codes::NEEDS_BRACKETS,
                "comparisons are not chained",
                "a second comparison",
            )
            .also(operator.span, "the first")
            .help("write `a <= b and b <= c`");
            return Err(Told);
        }
        Ok(binary(operator, left, right))
    }

    fn one_of(&mut self, left: Expr) -> Read<Expr> {
        let start = left.span;
        self.next();
        if !self.is_sign("(") {
            let found = self.found();
            self.fail(codes::MISSING, format!("expected `(` or a unit behind `in`, found {found}"), "should be a list or a unit")
                .help("write `x in (a, b)`, or read a length as a number: `in years`, `in months`, `in days`, `in yuan`");
            return Err(Told);
        }
        let members = self.arguments()?;
        Ok(self.made(start, ExprKind::OneOf(left, members)))
    }

    fn rounding(&mut self) -> Read<Expr> {
        let sum = self.sum()?;
        if self.hold_rounding {
            Ok(sum)
        } else {
            self.rounded(sum)
        }
    }

    /// `+` and `-`, and all that is tighter.
    pub(super) fn sum(&mut self) -> Read<Expr> {
        let mut left = self.product()?;
        while let Some(operator) =
            self.sign_among(&[("+", Operator::Add), ("-", Operator::Subtract)])
        {
            self.operator()?;
            let right = self.product()?;
            left = binary(operator, left, right);
        }
        Ok(left)
    }

    fn product(&mut self) -> Read<Expr> {
        let mut left = self.minus()?;
        while let Some(operator) =
            self.sign_among(&[("*", Operator::Multiply), ("/", Operator::Divide)])
        {
            self.operator()?;
            let right = self.minus()?;
            left = binary(operator, left, right);
        }
        Ok(left)
    }

    fn minus(&mut self) -> Read<Expr> {
        if !self.is_sign("-") {
            return self.converted();
        }
        let start = self.here();
        self.next();
        let inner = self.deeper(Self::minus)?;
        Ok(self.made(start, ExprKind::Negate(inner)))
    }

    fn converted(&mut self) -> Read<Expr> {
        let mut inner = self.as_of()?;
        while self.is("in") {
            let Some(length) = self.length_behind_in() else {
                break;
            };
            self.operator()?;
            let start = inner.span;
            inner = self.made(start, ExprKind::Convert(inner, length));
        }
        Ok(inner)
    }

    fn as_of(&mut self) -> Read<Expr> {
        let inner = self.operand()?;
        if !self.eat("at") {
            return Ok(inner);
        }
        let date = self.operand()?;
        let start = inner.span;
        Ok(self.made(start, ExprKind::AsOf(inner, date)))
    }

    fn operand(&mut self) -> Read<Expr> {
        let start = self.here();
        match self.peek() {
            Some(Tok::Sign("(")) => self.bracket(),
            Some(Tok::Word(word @ ("if" | "choose" | "carry"))) => self.needs_brackets(word),
            Some(Tok::Word(word)) if self.at_aggregation() => self.needs_brackets(word),
            Some(Tok::Word("not")) => self.needs_brackets("not"),
            _ => {
                if let Some(literal) = self.literal()? {
                    return Ok(self.made(start, ExprKind::Literal(literal)));
                }
                self.name_or_call()
            }
        }
    }

    fn name_or_call(&mut self) -> Read<Expr> {
        let start = self.here();
        match self.peek_word() {
            Some(word) if word == "as-of" || !words::reserved(word) => {
                self.next();
                let name = At {
                    node: word.to_string(),
                    span: start,
                };
                if !self.is_sign("(") {
                    return Ok(self.made(start, ExprKind::Name(name.node)));
                }
                let arguments = self.arguments()?;
                Ok(self.made(start, ExprKind::Call(name, arguments)))
            }
            _ => {
                let found = self.found();
                let mut failure = self.fail(
                    codes::NO_EXPRESSION,
                    format!("expected an expression, found {found}"),
                    "a value should stand here",
                );
                if found == "`as`" {
                    failure.help("the date of the law being applied is `as-of`");
                }
                Err(Told)
            }
        }
    }

    /// `( E )`; its place takes the brackets in.
    fn bracket(&mut self) -> Read<Expr> {
        let start = self.here();
        self.next();
        let held = std::mem::replace(&mut self.hold_rounding, false);
        let inner = self.expression()?;
        self.hold_rounding = held;
        self.close(start)?;
        Ok(At {
            node: inner.node,
            span: self.since(start),
        })
    }

    /// `( A, B, … )`.
    pub(super) fn arguments(&mut self) -> Read<Vec<Expr>> {
        let start = self.here();
        self.next();
        let held = std::mem::replace(&mut self.hold_rounding, false);
        let mut found = Vec::new();
        if !self.is_sign(")") {
            loop {
                found.push(self.expression()?);
                if !self.eat_sign(",") {
                    break;
                }
            }
        }
        self.hold_rounding = held;
        self.close(start)?;
        Ok(found)
    }

    fn close(&mut self, open: Span) -> Read<()> {
        if self.eat_sign(")") {
            return Ok(());
        }
        if self.done() {
            self.fail_at(
                open,
                codes::UNPAIRED_BRACKET,
                "this bracket is not closed",
                "opened here",
            )
            .help("add `)`, or indent the lines that belong inside it deeper");
            return Err(Told);
        }
        self.end_of_expression()
    }

    /// Tells why what follows cannot carry on an expression.
    pub(super) fn end_of_expression(&mut self) -> Read<()> {
        let found = self.found();
        let here = self.here();
        let touching = self.behind().end == here.start;
        match self.peek() {
            None => return Ok(()),
            Some(Tok::Sign(")")) => {
                self.fail(
                    codes::UNPAIRED_BRACKET,
                    "this bracket closes nothing",
                    "no bracket is open here",
                );
            }
            Some(Tok::Sign(
                sign @ ("+" | "-" | "*" | "/" | "=" | "!=" | "<" | "<=" | ">" | ">="),
            )) => {
                self.fail(codes::NEEDS_BRACKETS, format!("`{sign}` needs brackets at its left"), "what is at its left binds more loosely")
                    .help(format!("write `( … ) {sign} …`: `rounded`, aggregations and `carry` reach up to the enclosing bracket"));
            }
            Some(Tok::Word("rounded")) => {
                self.fail(
                    codes::NEEDS_BRACKETS,
                    "`rounded` needs brackets at its left",
                    "what is at its left binds more loosely",
                )
                .help("write `( … ) rounded …`");
            }
            Some(Tok::Word(word)) if word.contains('-') && touching => {
                self.fail(
                    codes::LEFT_OVER,
                    format!("expected an operator, found {found}"),
                    "two values stand side by side",
                );
            }
            Some(Tok::Sign("=>")) => {
                self.fail(
                    codes::LEFT_OVER,
                    "`=>` stands only behind `when`, `otherwise` and a table's keys",
                    "left over",
                )
                .help("greater or equal is written `>=`");
            }
            Some(_) => {
                self.fail(
                    codes::LEFT_OVER,
                    format!("expected an operator or the end of the expression, found {found}"),
                    "left over",
                );
            }
        }
        Err(Told)
    }

    /// A loose form stands where only a tight one may: it is read on, so that its own errors are told too.
    fn needs_brackets(&mut self, word: &str) -> Read<Expr> {
        let here = self.here();
        self.fail_at(
            here,
            codes::NEEDS_BRACKETS,
            format!("`{word} …` needs brackets here"),
            "beside an operator",
        )
        .help(format!("write `({word} …)`"));
        if word == "not" {
            self.negation().ok()
        } else {
            self.expression().ok()
        };
        Err(Told)
    }

    fn sign_among(&mut self, signs: &[(&str, Operator)]) -> Option<At<Operator>> {
        let Some(Tok::Sign(sign)) = self.peek() else {
            return None;
        };
        let (_, operator) = signs.iter().find(|(known, _)| *known == sign)?;
        self.next();
        Some(At {
            node: *operator,
            span: self.behind(),
        })
    }

    /// An expression that ends with the token read last.
    pub(super) fn made(&self, start: Span, kind: ExprKind) -> Expr {
        At {
            node: Box::new(kind),
            span: self.since(start),
        }
    }
}

fn binary(operator: At<Operator>, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    At {
        node: Box::new(ExprKind::Binary(operator, left, right)),
        span,
    }
}
