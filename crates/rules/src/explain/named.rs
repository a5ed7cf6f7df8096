//! A formula in names, as the law writes it: `(calculation wage + indexed wage) / 2 × …`.

use super::formula::{Bond, Formula, Piece};
use super::show;
use super::words::Word;
use crate::law::{Expr, Law, Length, Node, Operator};

/// The formula of an expression in names.
pub(crate) fn named<'a>(law: &'a Law, expr: &'a Expr) -> Formula<'a> {
    let mut writer = Writer {
        law,
        out: Vec::with_capacity(16),
    };
    writer.write(expr, Bond::Whole);
    Formula(writer.out)
}

/// The sign of an operator with its spaces, and how tightly it holds.
pub(crate) fn operator<'a>(operator: Operator) -> (Piece<'a>, Bond) {
    let (symbol, bond) = match operator {
        Operator::Add => (" + ", Bond::Sum),
        Operator::Subtract => (" − ", Bond::Sum),
        Operator::Multiply => (" × ", Bond::Product),
        Operator::Divide => (" / ", Bond::Product),
        Operator::Equal => (" = ", Bond::Compare),
        Operator::Different => (" ≠ ", Bond::Compare),
        Operator::Less => (" < ", Bond::Compare),
        Operator::AtMost => (" ≤ ", Bond::Compare),
        Operator::More => (" > ", Bond::Compare),
        Operator::AtLeast => (" ≥ ", Bond::Compare),
        Operator::And => return (Piece::Word(Word::And), Bond::And),
        Operator::Or => return (Piece::Word(Word::Or), Bond::Or),
    };
    (Piece::Symbol(symbol), bond)
}

/// How tightly a node holds together.
pub(crate) fn bond(node: &Node) -> Bond {
    match node {
        Node::Binary(op, _, _) => operator(*op).1,
        Node::Not(_) => Bond::Not,
        Node::OneOf(..) => Bond::Compare,
        Node::Round(..) | Node::Choose { .. } | Node::Aggregate { .. } | Node::Carry { .. } => {
            Bond::Whole
        }
        _ => Bond::Atom,
    }
}

/// How tightly the right side must hold for no brackets: one step more than the operator itself.
pub(crate) fn right_of(bond: Bond) -> Bond {
    match bond {
        Bond::Whole => Bond::Or,
        Bond::Or => Bond::And,
        Bond::And => Bond::Not,
        Bond::Not => Bond::Compare,
        Bond::Compare => Bond::Sum,
        Bond::Sum => Bond::Product,
        Bond::Product | Bond::Atom => Bond::Atom,
    }
}

struct Writer<'a> {
    law: &'a Law,
    out: Vec<Piece<'a>>,
}

impl<'a> Writer<'a> {
    fn write(&mut self, expr: &'a Expr, least: Bond) {
        let brackets = bond(&expr.node) < least;
        if brackets {
            self.symbol("(");
        }
        self.bare(expr);
        if brackets {
            self.symbol(")");
        }
    }

    fn bare(&mut self, expr: &'a Expr) {
        match &*expr.node {
            Node::Literal(value) => {
                self.out.push(Piece::Value(
                    show::type_of_literal(expr.kind, value),
                    value.clone(),
                ));
            }
            Node::Local(_, name) => self.out.push(Piece::Plain(name)),
            Node::Input(id, _) => self.out.push(Piece::Name(&self.law[*id].names)),
            Node::Rule(id, _) => self.out.push(Piece::Name(&self.law[*id].names)),
            Node::Figure { figure, keys, at } => {
                self.out.push(Piece::Name(&self.law[*figure].names));
                if !keys.is_empty() {
                    self.list(keys);
                }
                self.clause(Word::At, at.as_ref());
            }
            Node::AsOf => self.word(Word::AsOf),
            Node::Negate(inner) => {
                self.symbol("−");
                self.write(inner, Bond::Atom);
            }
            Node::Not(inner) => {
                self.word(Word::Not);
                self.write(inner, Bond::Not);
            }
            Node::Binary(op, left, right) => {
                let (sign, bond) = operator(*op);
                self.write(left, bond);
                self.out.push(sign);
                self.write(right, right_of(bond));
            }
            Node::OneOf(inner, members) => {
                self.write(inner, Bond::Sum);
                self.word(Word::In);
                self.list(members);
            }
            Node::Convert(inner, length) => {
                self.write(inner, Bond::Atom);
                self.word(conversion(*length));
            }
            Node::Round(inner, rounding, unit) => {
                self.write(inner, Bond::Sum);
                self.symbol(" → ");
                self.out.push(Piece::Rounding(*rounding, *unit));
            }
            Node::Call(function, arguments) => {
                self.out.push(Piece::Function(*function));
                self.list(arguments);
            }
            Node::Choose {
                arms, otherwise, ..
            } => self.choose(arms, otherwise),
            Node::Aggregate { .. } => self.aggregate(expr),
            Node::Carry {
                name,
                from,
                through,
                by,
                step,
                ..
            } => {
                self.word(Word::Carry);
                self.out.push(Piece::Plain(name));
                self.clause(Word::CarryFrom, Some(from));
                self.word(Word::CarryThrough);
                self.out.push(Piece::Name(&self.law[*through].names));
                self.word(Word::By);
                self.out.push(Piece::Name(&self.law[*by].names));
                self.clause(Word::CarryAs, Some(step));
            }
        }
    }

    fn choose(&mut self, arms: &'a [(Expr, Expr)], otherwise: &'a Expr) {
        for (condition, value) in arms {
            self.word(Word::If);
            self.write(condition, Bond::Or);
            self.word(Word::Then);
            self.write(value, Bond::Or);
            self.symbol("; ");
        }
        self.word(Word::Else);
        self.write(otherwise, Bond::Or);
    }

    fn aggregate(&mut self, expr: &'a Expr) {
        let Node::Aggregate {
            how,
            value,
            over,
            condition,
            by,
            default,
        } = &*expr.node
        else {
            return;
        };
        self.out.push(Piece::Gather(*how));
        self.symbol(" ");
        if let Some(value) = value {
            self.write(value, Bond::Sum);
            self.word(Word::Over);
        }
        self.out.push(Piece::Name(&self.law[*over].names));
        self.clause(Word::Where, condition.as_ref());
        if let Some(by) = by {
            self.word(Word::By);
            self.out.push(Piece::Name(&self.law[*by].names));
        }
        self.clause(Word::Default, default.as_ref());
    }

    fn clause(&mut self, word: Word, expr: Option<&'a Expr>) {
        if let Some(expr) = expr {
            self.word(word);
            self.write(expr, Bond::Or);
        }
    }

    fn list(&mut self, members: &'a [Expr]) {
        self.symbol("(");
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                self.symbol(", ");
            }
            self.write(member, Bond::Whole);
        }
        self.symbol(")");
    }

    fn symbol(&mut self, symbol: &'static str) {
        self.out.push(Piece::Symbol(symbol));
    }

    fn word(&mut self, word: Word) {
        self.out.push(Piece::Word(word));
    }
}

/// `in years`.
pub(crate) fn conversion(length: Length) -> Word {
    match length {
        Length::Years => Word::Years,
        Length::Months => Word::Months,
        Length::Days => Word::Days,
        Length::Yuan => Word::Yuan,
    }
}
