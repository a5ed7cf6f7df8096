//! Walking one expression.

use super::{Case, Here, Outcome, arithmetic};
use crate::law::{Expr, Function, LocalId, Node, Operator, Step, Value};
use crate::refusal::{Reason, Refusal};
use measure::Day;

impl<'a> Case<'a> {
    /// The value of an expression.
    pub(crate) fn eval(&mut self, expr: &'a Expr, here: Here<'a>) -> Outcome {
        match &*expr.node {
            Node::Literal(value) => Ok(value.clone()),
            Node::Local(local, _) => self.local(*local, here),
            Node::Input(id, reach) => {
                let scope = self.reach(here.scope, *reach);
                self.input(*id, scope)
                    .map_err(|reason| here.refuse(reason, expr.span))
            }
            Node::Rule(id, reach) => self.rule(*id, self.reach(here.scope, *reach)),
            Node::Figure { .. } => self.figure_value(expr, here),
            Node::AsOf => Ok(Value::Day(self.day(here.scope, here.rule)?)),
            Node::Not(inner) => Ok(Value::Bool(!self.holds(inner, here)?)),
            Node::Binary(operator, left, right) => self.binary(expr, *operator, left, right, here),
            Node::OneOf(inner, members) => self.one_of(inner, members, here),
            Node::Negate(inner) | Node::Convert(inner, _) | Node::Round(inner, _, _) => {
                let value = self.eval(inner, here)?;
                let outcome = match &*expr.node {
                    Node::Convert(_, length) => arithmetic::converted(&value, *length),
                    Node::Round(_, rounding, unit) => arithmetic::rounded(&value, *rounding, *unit),
                    _ => arithmetic::negated(&value),
                };
                outcome.map_err(|reason| here.refuse(reason, expr.span))
            }
            Node::Call(function, arguments) => self.call(expr, *function, arguments, here),
            Node::Choose {
                arms, otherwise, ..
            } => {
                let chosen = self.chosen(arms, otherwise, here)?;
                self.eval(chosen, here)
            }
            Node::Aggregate { .. } => self.aggregate(expr, here),
            Node::Carry { .. } => self.carry(expr, here),
        }
    }

    /// Whether a condition holds.
    pub(crate) fn holds(
        &mut self,
        condition: &'a Expr,
        here: Here<'a>,
    ) -> Result<bool, Box<Refusal>> {
        match self.eval(condition, here)? {
            Value::Bool(holds) => Ok(holds),
            other => unreachable!("the checker made this a condition, not {other:?}"),
        }
    }

    /// The day an expression gives.
    pub(crate) fn eval_day(&mut self, date: &'a Expr, here: Here<'a>) -> Result<Day, Box<Refusal>> {
        match self.eval(date, here)? {
            Value::Day(day) => Ok(day),
            other => unreachable!("the checker made this a date, not {other:?}"),
        }
    }

    /// The branch that is taken.
    pub(crate) fn chosen(
        &mut self,
        arms: &'a [(Expr, Expr)],
        otherwise: &'a Expr,
        here: Here<'a>,
    ) -> Result<&'a Expr, Box<Refusal>> {
        for (condition, value) in arms {
            if self.holds(condition, here)? {
                return Ok(value);
            }
        }
        Ok(otherwise)
    }

    /// A `let`, computed where its body stands when first used, or the value being carried.
    pub(crate) fn local(&mut self, local: LocalId, here: Here<'a>) -> Outcome {
        let slot = here.base + local.0 as usize;
        if let Some(value) = &self.locals[slot] {
            return Ok(value.clone());
        }
        let Some((_, said)) = let_line(here, local) else {
            unreachable!("the checker resolved every local to a let of its body");
        };
        let value = self.eval(said, here.within(here.home))?;
        self.locals[slot] = Some(value.clone());
        Ok(value)
    }

    /// Sets the value being carried.
    pub(crate) fn set_local(&mut self, local: LocalId, here: Here<'a>, value: Value) {
        self.locals[here.base + local.0 as usize] = Some(value);
    }

    fn binary(
        &mut self,
        expr: &'a Expr,
        operator: Operator,
        left: &'a Expr,
        right: &'a Expr,
        here: Here<'a>,
    ) -> Outcome {
        match operator {
            Operator::And => Ok(Value::Bool(
                self.holds(left, here)? && self.holds(right, here)?,
            )),
            Operator::Or => Ok(Value::Bool(
                self.holds(left, here)? || self.holds(right, here)?,
            )),
            _ => {
                let left_value = self.eval(left, here)?;
                let right_value = self.eval(right, here)?;
                arithmetic::binary(
                    operator,
                    (left.kind, &left_value),
                    (right.kind, &right_value),
                )
                .map_err(|reason| here.refuse(reason, expr.span))
            }
        }
    }

    fn one_of(&mut self, inner: &'a Expr, members: &'a [Expr], here: Here<'a>) -> Outcome {
        let value = self.eval(inner, here)?;
        for member in members {
            if self.eval(member, here)? == value {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }

    fn call(
        &mut self,
        expr: &'a Expr,
        function: Function,
        arguments: &'a [Expr],
        here: Here<'a>,
    ) -> Outcome {
        let mut values = arguments.iter();
        let mut next = |case: &mut Self| values.next().map(|argument| case.eval(argument, here));
        let first = match next(self) {
            Some(first) => first?,
            None => unreachable!("the checker counted the arguments"),
        };
        match function {
            Function::Min | Function::Max => {
                let mut best = first;
                while let Some(value) = next(self) {
                    let value = value?;
                    let order = arithmetic::order(&value, &best);
                    if if function == Function::Min {
                        order.is_lt()
                    } else {
                        order.is_gt()
                    } {
                        best = value;
                    }
                }
                Ok(best)
            }
            Function::Bounded => match (next(self), next(self)) {
                (Some(low), Some(high)) => Ok(arithmetic::bounded(first, low?, high?)),
                _ => unreachable!("the checker counted the arguments"),
            },
            _ => arithmetic::calendar(function, &first)
                .map_err(|reason: Reason| here.refuse(reason, expr.span)),
        }
    }
}

/// The name and value of a `let`; `None` for a value being carried.
pub(crate) fn let_line<'a>(here: Here<'a>, wanted: LocalId) -> Option<(&'a str, &'a Expr)> {
    here.steps.iter().find_map(|step| match step {
        Step::Let { local, value, name } if *local == wanted => Some((name.as_str(), value)),
        _ => None,
    })
}
