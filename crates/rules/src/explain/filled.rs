//! A formula with its numbers: only the branches taken, up to the place of a refusal.

use super::formula::{Bond, Piece};
use super::named::{bond, conversion, operator, right_of};
use super::show::{type_of, type_of_literal};
use super::trace::{Stopped, Tracer};
use super::words::Word;
use super::{Condition, FigureUsed, Formula, InputUsed};
use crate::evaluate::{Found, Here, let_line};
use crate::law::{Exact, Expr, InputId, Kind, LocalId, Names, Node, Operator, RuleId, Type, Value};

impl<'a> Tracer<'a> {
    /// Writes the numbers of an expression and notes what it uses. Looks at things in the order the evaluator does,
    /// and stops where it is refused.
    pub(super) fn fill(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
        least: Bond,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        match &*expr.node {
            // These decide about brackets themselves: what is left of them may be one value.
            Node::Choose {
                arms, otherwise, ..
            } => {
                let chosen = self.fill_choice(arms, otherwise, here)?;
                self.fill(chosen, here, least, out)
            }
            Node::Aggregate { .. } => self.fill_aggregate(expr, here, least, out),
            Node::Carry { .. } => self.fill_carry(expr, here, out),
            _ => {
                let brackets = bond(&expr.node) < least;
                if brackets {
                    out.push(Piece::Symbol("("));
                }
                self.fill_bare(expr, here, out)?;
                if brackets {
                    out.push(Piece::Symbol(")"));
                }
                Ok(())
            }
        }
    }

    fn fill_bare(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        match &*expr.node {
            Node::Literal(value) => {
                out.push(Piece::Value(
                    type_of_literal(expr.kind, value),
                    value.clone(),
                ));
                Ok(())
            }
            Node::Local(local, name) => self.fill_local(*local, name, expr.kind, here, out),
            Node::Input(id, reach) => {
                let value = self.use_input(*id, self.case.reach(here.scope, *reach));
                push_leaf(&self.law[*id].names, self.law[*id].ty, value, out)
            }
            Node::Rule(id, reach) => {
                let value = self.use_rule(*id, self.case.reach(here.scope, *reach));
                push_leaf(&self.law[*id].names, self.law[*id].ty, value, out)
            }
            Node::Figure { figure, keys, at } => {
                for key in keys.iter().chain(at) {
                    self.fill(key, here, Bond::Whole, &mut Vec::new())?;
                }
                let found = self.case.figure(expr, here).map_err(|_| Stopped);
                let value = found.map(|found| {
                    self.use_figure(&found);
                    found.value.clone()
                });
                push_leaf(&self.law[*figure].names, self.law[*figure].ty, value, out)
            }
            Node::Binary(op, left, right) => self.fill_binary(*op, left, right, here, out),
            Node::Not(inner) => {
                out.push(Piece::Word(Word::Not));
                self.fill(inner, here, Bond::Not, out)
            }
            Node::Negate(inner) => {
                out.push(Piece::Symbol("−"));
                self.fill(inner, here, Bond::Atom, out)
            }
            Node::OneOf(inner, members) => self.fill_one_of(inner, members, here, out),
            Node::Convert(inner, length) => {
                let mut part = Vec::new();
                self.fill(inner, here, Bond::Atom, &mut part)?;
                if part.len() == 1 {
                    return self.fill_value(expr, here, out);
                }
                out.extend(part);
                out.push(Piece::Word(conversion(*length)));
                Ok(())
            }
            Node::Round(inner, rounding, unit) => {
                let start = out.len();
                self.fill(inner, here, Bond::Sum, out)?;
                if out.len() > start + 1 {
                    out.push(Piece::Symbol(" = "));
                    self.fill_value(inner, here, out)?;
                }
                out.push(Piece::Symbol(" → "));
                out.push(Piece::Rounding(*rounding, *unit));
                out.push(Piece::Symbol(" → "));
                self.fill_value(expr, here, out)
            }
            Node::Call(function, arguments) => {
                out.push(Piece::Function(*function));
                self.fill_list(arguments, here, out)
            }
            Node::AsOf | Node::Choose { .. } | Node::Aggregate { .. } | Node::Carry { .. } => {
                self.fill_value(expr, here, out)
            }
        }
    }

    /// The value of an expression as one piece.
    pub(super) fn fill_value(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        let value = self.case.eval(expr, here).map_err(|_| Stopped)?;
        out.push(Piece::Value(type_of(expr.kind), value));
        Ok(())
    }

    fn fill_binary(
        &mut self,
        op: Operator,
        left: &'a Expr,
        right: &'a Expr,
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        let (sign, bond) = operator(op);
        self.fill(left, here, bond, out)?;
        let decided = match op {
            Operator::And => !self.holds(left, here)?,
            Operator::Or => self.holds(left, here)?,
            _ => false,
        };
        if decided {
            return Ok(());
        }
        out.push(sign);
        self.fill(right, here, right_of(bond), out)
    }

    fn fill_one_of(
        &mut self,
        inner: &'a Expr,
        members: &'a [Expr],
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        self.fill(inner, here, Bond::Sum, out)?;
        let wanted = self.case.eval(inner, here).map_err(|_| Stopped)?;
        out.push(Piece::Word(Word::In));
        out.push(Piece::Symbol("("));
        let mut found = false;
        for (index, member) in members.iter().enumerate() {
            if found && !matches!(&*member.node, Node::Literal(_)) {
                out.push(Piece::Symbol(", …"));
                break;
            }
            if index > 0 {
                out.push(Piece::Symbol(", "));
            }
            self.fill(member, here, Bond::Whole, out)?;
            found |= self.case.eval(member, here).map_err(|_| Stopped)? == wanted;
        }
        out.push(Piece::Symbol(")"));
        Ok(())
    }

    fn fill_list(
        &mut self,
        members: &'a [Expr],
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        out.push(Piece::Symbol("("));
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                out.push(Piece::Symbol(", "));
            }
            self.fill(member, here, Bond::Whole, out)?;
        }
        out.push(Piece::Symbol(")"));
        Ok(())
    }

    /// Notes the conditions looked at and tells the branch taken.
    pub(super) fn fill_choice(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        here: Here<'a>,
    ) -> Result<&'a Expr, Stopped> {
        for (condition, value) in arms {
            let looked_at = self.condition(condition, here);
            let holds = looked_at.holds;
            if !self.inside {
                self.notes.conditions.push(looked_at);
            }
            match holds {
                Some(true) => return Ok(value),
                Some(false) => {}
                None => return Err(Stopped),
            }
        }
        Ok(otherwise)
    }

    /// A condition with its numbers.
    pub(super) fn condition(&mut self, expr: &'a Expr, here: Here<'a>) -> Condition<'a> {
        let mut filled = Vec::new();
        let outcome = self.fill(expr, here, Bond::Whole, &mut filled);
        let holds = outcome.and_then(|()| self.holds(expr, here)).ok();
        Condition {
            expr,
            filled: Formula(filled),
            holds,
        }
    }

    pub(super) fn holds(&mut self, expr: &'a Expr, here: Here<'a>) -> Result<bool, Stopped> {
        self.case.holds(expr, here).map_err(|_| Stopped)
    }

    /// The value of a `let`, whose own line is noted when it is first met, or the value being carried.
    fn fill_local(
        &mut self,
        local: LocalId,
        name: &'a str,
        kind: Kind,
        here: Here<'a>,
        out: &mut Vec<Piece<'a>>,
    ) -> Result<(), Stopped> {
        let known = |line: &super::Line<'a>| line.local.is_some_and(|(known, _)| known == local);
        if !self.notes.lets.iter().any(known)
            && let Some((_, said)) = let_line(here, local)
        {
            let inside = std::mem::replace(&mut self.inside, false);
            let line = self.line(
                Some((local, name)),
                said,
                type_of(kind),
                here.within(here.home),
            );
            self.inside = inside;
            self.notes.lets.push(line);
        }
        let value = self.case.local(local, here).map_err(|_| Stopped);
        if value.is_err() {
            out.push(Piece::Plain(name));
            out.push(Piece::Symbol("?"));
        }
        out.push(Piece::Value(type_of(kind), value?));
        Ok(())
    }

    fn use_input(&mut self, id: InputId, scope: usize) -> Result<Value, Stopped> {
        let value = self.case.input(id, scope);
        if !self.inside && !self.notes.inputs.iter().any(|used| used.input == id) {
            let by_default = value.is_ok() && !self.case.facts(scope).inputs.contains_key(&id);
            self.notes.inputs.push(InputUsed {
                input: id,
                value: value.clone(),
                by_default,
            });
        }
        value.map_err(|_| Stopped)
    }

    fn use_rule(&mut self, id: RuleId, scope: usize) -> Result<Value, Stopped> {
        if !self.notes.uses.contains(&(id, scope)) {
            self.notes.uses.push((id, scope));
        }
        match self.case.rule(id, scope) {
            Ok(value) => Ok(value),
            Err(_) => {
                self.notes.stopped_in = Some((id, scope));
                Err(Stopped)
            }
        }
    }

    fn use_figure(&mut self, found: &Found<'a>) {
        let same =
            |used: &FigureUsed<'a>| std::ptr::eq(used.row, found.row) && used.keys == found.keys;
        let used = FigureUsed {
            figure: found.figure,
            keys: found.keys.clone(),
            version: found.version,
            row: found.row,
        };
        self.note_unconfirmed_figure(&used);
        if !self.inside && !self.notes.figures.iter().any(same) {
            self.notes.figures.push(used);
        }
    }
}

/// A value, or the name of what has none.
fn push_leaf<'a>(
    names: &'a Names,
    ty: Type,
    value: Result<Value, Stopped>,
    out: &mut Vec<Piece<'a>>,
) -> Result<(), Stopped> {
    match value {
        Ok(value) => out.push(Piece::Value(ty, value)),
        Err(Stopped) => {
            out.push(Piece::Name(names));
            out.push(Piece::Symbol("?"));
            return Err(Stopped);
        }
    }
    Ok(())
}

/// A whole number as a piece.
pub(super) fn count<'a>(count: usize) -> Piece<'a> {
    Piece::Value(Type::Integer, Value::Number(Exact::integer(count as i128)))
}
