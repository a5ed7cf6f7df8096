//! Expressions of the law as nodes.

use super::{Compiler, Frame, Lives, calendar_bounds, decimal_step};
use crate::columns::graph::{Graph, Id, Mode};
use crate::columns::instruction::{Calendar, Pair, Test};
use crate::columns::sweep::ScopeId;
use crate::columns::term::{self, Beyond, Made, Term};
use crate::law::{Exact, Expr, Function, Kind, Length, LocalId, Node, Operator, Unit, Value};

/// Both conditions.
pub(super) fn both(graph: &mut Graph, a: &Term, b: &Term) -> Made<Term> {
    match (a.truth(), b.truth()) {
        (Some(false), _) => Ok(a.clone()),
        (_, Some(false)) | (Some(true), _) => Ok(b.clone()),
        (_, Some(true)) => Ok(a.clone()),
        _ => term::extreme(graph, Pair::Min, a, b),
    }
}

/// One of two conditions.
fn either(graph: &mut Graph, a: &Term, b: &Term) -> Made<Term> {
    match (a.truth(), b.truth()) {
        (Some(true), _) | (_, Some(false)) => Ok(a.clone()),
        (_, Some(true)) | (Some(false), _) => Ok(b.clone()),
        _ => term::extreme(graph, Pair::Max, a, b),
    }
}

fn negation(graph: &mut Graph, a: &Term) -> Made<Term> {
    match a {
        Term::Known(Value::Bool(truth)) => Ok(Term::Known(Value::Bool(!truth))),
        Term::Lane { id, .. } => Ok(Term::lane(graph.not(*id))),
        _ => Err(Beyond),
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn expression(
        &mut self,
        expr: &'a Expr,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        // What does not speak of the carried value is computed once a record, not once a step.
        if let (Lives::Step(records), Some((carried, _))) =
            (self.scopes[scope].lives, frame.carried)
            && !mentions(expr, carried)
        {
            let value = self.expression(expr, records, frame)?;
            return self.seen_from(value, records, scope);
        }
        match &*expr.node {
            Node::Literal(value) => Ok(Term::Known(value.clone())),
            Node::Local(local, _) => self.local(*local, scope, frame),
            Node::Input(id, reach) => {
                let from = self.reach(scope, *reach)?;
                let value = self.input(*id, from)?;
                self.seen_from(value, from, scope)
            }
            Node::Rule(id, reach) => {
                let from = self.reach(scope, *reach)?;
                let value = self.rule(*id, from)?;
                self.seen_from(value, from, scope)
            }
            Node::Figure { figure, keys, at } => {
                let keys = keys
                    .iter()
                    .map(|key| self.expression(key, scope, frame))
                    .collect::<Made<Vec<_>>>()?;
                let date = match at {
                    Some(date) => self.expression(date, scope, frame)?,
                    None => self.day(scope)?,
                };
                self.figure(*figure, &keys, &date, scope)
            }
            Node::AsOf => self.day(scope),
            Node::Negate(inner) => {
                let zero = Term::number(Exact::ZERO);
                let inner = self.expression(inner, scope, frame)?;
                term::add(self.graph(scope), &zero, &inner, -1)
            }
            Node::Not(inner) => {
                let inner = self.expression(inner, scope, frame)?;
                negation(self.graph(scope), &inner)
            }
            Node::Binary(operator, a, b) => self.binary(*operator, a, b, expr.kind, scope, frame),
            Node::OneOf(value, among) => self.one_of(value, among, scope, frame),
            Node::Convert(inner, length) => self.convert(inner, *length, scope, frame),
            Node::Round(inner, mode, unit) => {
                let inner = self.expression(inner, scope, frame)?;
                term::round(self.graph(scope), &inner, *mode, step_of_unit(*unit))
            }
            Node::Call(function, arguments) => {
                let arguments = arguments
                    .iter()
                    .map(|argument| Ok((self.expression(argument, scope, frame)?, argument.kind)));
                let arguments = arguments.collect::<Made<Vec<_>>>()?;
                self.call(*function, &arguments, scope)
            }
            Node::Choose {
                arms, otherwise, ..
            } => self.choose(arms, otherwise, scope, frame),
            Node::Aggregate { .. } => self.aggregate(expr, scope, frame),
            Node::Carry { .. } => self.carry(expr, scope, frame),
        }
    }

    fn local(&mut self, local: LocalId, scope: ScopeId, frame: &Frame) -> Made<Term> {
        if let Some((carried, step)) = frame.carried
            && carried == local
        {
            return if step == scope {
                Ok(self.carried_in(step))
            } else {
                Err(Beyond)
            };
        }
        let value = frame.locals.get(&local).cloned().ok_or(Beyond)?;
        self.seen_from(value, frame.scope, scope)
    }

    fn binary(
        &mut self,
        operator: Operator,
        a: &'a Expr,
        b: &'a Expr,
        kind: Kind,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let x = self.expression(a, scope, frame)?;
        let y = self.expression(b, scope, frame)?;
        let graph = self.graph(scope);
        match operator {
            Operator::Add | Operator::Subtract => {
                let sign = if operator == Operator::Add { 1 } else { -1 };
                if kind == Kind::Date && b.kind == Kind::Months {
                    return months_later(graph, &x, &y, sign);
                }
                let sum = term::add(graph, &x, &y, sign)?;
                bounded_in_time(graph, sum, kind)
            }
            Operator::Multiply => term::multiply(graph, &x, &y),
            Operator::Divide => term::divide(graph, &x, &y),
            Operator::Equal => term::compare(graph, Test::Equal, &x, &y),
            Operator::Different => term::compare(graph, Test::Different, &x, &y),
            Operator::Less => term::compare(graph, Test::Less, &x, &y),
            Operator::AtMost => term::compare(graph, Test::AtMost, &x, &y),
            Operator::More => term::compare(graph, Test::Less, &y, &x),
            Operator::AtLeast => term::compare(graph, Test::AtMost, &y, &x),
            Operator::And => both(graph, &x, &y),
            Operator::Or => either(graph, &x, &y),
        }
    }

    fn one_of(
        &mut self,
        value: &'a Expr,
        among: &'a [Expr],
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let value = self.expression(value, scope, frame)?;
        let mut result = Term::Known(Value::Bool(false));
        for one in among {
            let one = self.expression(one, scope, frame)?;
            let same = term::compare(self.graph(scope), Test::Equal, &value, &one)?;
            result = either(self.graph(scope), &result, &same)?;
        }
        Ok(result)
    }

    fn convert(
        &mut self,
        inner: &'a Expr,
        length: Length,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let value = self.expression(inner, scope, frame)?;
        match length {
            Length::Years => {
                let twelfth = Term::number(Exact { num: 1, den: 12 });
                term::multiply(self.graph(scope), &value, &twelfth)
            }
            Length::Months | Length::Days | Length::Yuan => Ok(value),
        }
    }

    fn choose(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let mut choices = Vec::with_capacity(arms.len());
        for (condition, value) in arms {
            let condition = self.expression(condition, scope, frame)?;
            if condition.truth() == Some(false) {
                continue;
            }
            let last = condition.truth() == Some(true);
            choices.push((condition, self.expression(value, scope, frame)?));
            if last {
                break;
            }
        }
        let settled = choices
            .last()
            .is_some_and(|(condition, _)| condition.truth() == Some(true));
        let mut result = match choices.pop() {
            Some((_, value)) if settled => value,
            popped => {
                choices.extend(popped);
                self.expression(otherwise, scope, frame)?
            }
        };
        for (condition, value) in choices.iter().rev() {
            result = term::select(self.graph(scope), condition, value, &result)?;
        }
        Ok(result)
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[(Term, Kind)],
        scope: ScopeId,
    ) -> Made<Term> {
        let graph = self.graph(scope);
        let (first, kind) = arguments.first().ok_or(Beyond)?;
        match function {
            Function::Min | Function::Max => {
                let op = if function == Function::Min {
                    Pair::Min
                } else {
                    Pair::Max
                };
                let mut result = first.clone();
                for (other, _) in &arguments[1..] {
                    result = term::extreme(graph, op, &result, other)?;
                }
                Ok(result)
            }
            Function::Bounded => {
                let [_, (low, _), (high, _)] = arguments else {
                    return Err(Beyond);
                };
                let least = term::extreme(graph, Pair::Max, first, low)?;
                term::extreme(graph, Pair::Min, &least, high)
            }
            Function::YearOf => {
                let month = month_of(graph, first, *kind)?;
                Ok(Term::lane(graph.round(month, 1, 12, Mode::Down)))
            }
            Function::MonthOf => Ok(Term::lane(month_of(graph, first, *kind)?)),
            Function::MonthNumber => {
                let month = month_of(graph, first, *kind)?;
                let year = graph.round(month, 1, 12, Mode::Down);
                let in_year = graph.blend(month, 1, year, -12);
                let in_year = graph.within(in_year, 0, 11);
                Ok(Term::lane(graph.scale(in_year, 1, 1)))
            }
            Function::DayNumber => {
                let day = lane(graph, first)?;
                let none = graph.constant(0);
                Ok(Term::lane(graph.calendar(Calendar::DayNumber, day, none)))
            }
            Function::FirstDay | Function::LastDay => {
                let month = first_month(graph, first, *kind)?;
                let length = if *kind == Kind::Year { 12 } else { 1 };
                let (month, back) = if function == Function::LastDay {
                    (graph.scale(month, 1, length), -1)
                } else {
                    (month, 0)
                };
                let none = graph.constant(0);
                let day = graph.calendar(Calendar::FirstDayOfMonth, month, none);
                Ok(Term::lane(graph.scale(day, 1, back)))
            }
        }
    }
}

/// The lane of a value that counts in 1.
pub(super) fn lane(graph: &mut Graph, value: &Term) -> Made<Id> {
    term::counted(graph, value, Exact { num: 1, den: 1 })
}

fn month_of(graph: &mut Graph, value: &Term, kind: Kind) -> Made<Id> {
    let id = lane(graph, value)?;
    let none = graph.constant(0);
    Ok(if kind == Kind::Date {
        graph.calendar(Calendar::MonthOfDay, id, none)
    } else {
        id
    })
}

fn first_month(graph: &mut Graph, value: &Term, kind: Kind) -> Made<Id> {
    let id = lane(graph, value)?;
    Ok(if kind == Kind::Year {
        graph.scale(id, 12, 0)
    } else {
        id
    })
}

fn months_later(graph: &mut Graph, day: &Term, months: &Term, sign: i64) -> Made<Term> {
    let (day, months) = (lane(graph, day)?, lane(graph, months)?);
    let months = graph.scale(months, sign, 0);
    let later = graph.calendar(Calendar::AddMonths, day, months);
    bounded_in_time(graph, Term::lane(later), Kind::Date)
}

/// A point in time outside the calendar is not trusted.
fn bounded_in_time(graph: &mut Graph, value: Term, kind: Kind) -> Made<Term> {
    match (calendar_bounds(kind), &value) {
        (Some((low, high)), Term::Lane { id, .. }) => Ok(Term::lane(graph.within(*id, low, high))),
        _ => Ok(value),
    }
}

fn step_of_unit(unit: Unit) -> Exact {
    match unit {
        Unit::Fen(fen) => Exact {
            num: fen.into(),
            den: 100,
        }
        .reduced(),
        Unit::Decimals(decimals) => decimal_step(decimals),
        Unit::Months | Unit::Days => decimal_step(0),
    }
}

/// Whether an expression speaks of a local.
pub(super) fn mentions(expr: &Expr, local: LocalId) -> bool {
    let within = |expr: &Expr| mentions(expr, local);
    match &*expr.node {
        Node::Literal(_) | Node::Input(..) | Node::Rule(..) | Node::AsOf => false,
        Node::Local(other, _) => *other == local,
        Node::Figure { keys, at, .. } => keys.iter().any(within) || at.as_ref().is_some_and(within),
        Node::Negate(inner)
        | Node::Not(inner)
        | Node::Convert(inner, _)
        | Node::Round(inner, ..) => within(inner),
        Node::Binary(_, a, b) => within(a) || within(b),
        Node::OneOf(value, among) => within(value) || among.iter().any(within),
        Node::Call(_, arguments) => arguments.iter().any(within),
        Node::Choose {
            arms, otherwise, ..
        } => {
            arms.iter()
                .any(|(condition, value)| within(condition) || within(value))
                || within(otherwise)
        }
        Node::Aggregate {
            value,
            condition,
            default,
            ..
        } => [value, condition, default]
            .into_iter()
            .flatten()
            .any(within),
        Node::Carry { from, step, .. } => within(from) || within(step),
    }
}
