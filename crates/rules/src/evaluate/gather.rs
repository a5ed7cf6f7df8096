//! Aggregations over records, and values carried through them.

use super::{Case, Here, Outcome, arithmetic};
use crate::law::{Exact, Expr, InputId, Node, RelationId, Value};
use crate::refusal::{Reason, Refusal};
use crate::syntax::ast::Gather;

impl<'a> Case<'a> {
    pub(super) fn aggregate(&mut self, expr: &'a Expr, here: Here<'a>) -> Outcome {
        let Node::Aggregate {
            how,
            value,
            over,
            condition,
            by,
            default,
        } = &*expr.node
        else {
            unreachable!("only aggregations are gathered");
        };
        if matches!(how, Gather::Any | Gather::Every) {
            return self.any_or_every(*over, condition.as_ref(), *how == Gather::Any, here);
        }
        let gathered = match (value, by) {
            (None, _) => return self.count(expr, here),
            (Some(value), Some(by)) => self.at_an_end(expr, value, *by, here)?,
            (Some(value), None) => self.gathered(expr, value, here)?,
        };
        match (gathered, default) {
            (Some(value), _) => Ok(value),
            (None, Some(default)) => self.eval(default, here),
            (None, None) => Err(here.refuse(Reason::NoRecords(*over), expr.span)),
        }
    }

    /// The scopes of the records an aggregation counts, in the order given.
    pub(crate) fn counted(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
    ) -> Result<Vec<usize>, Box<Refusal>> {
        let Node::Aggregate {
            over, condition, ..
        } = &*expr.node
        else {
            unreachable!("only aggregations count records");
        };
        let (first, count) = self.records(*over, here.scope);
        let mut counted = Vec::with_capacity(count);
        for record in first..first + count {
            if self.counts(condition.as_ref(), here.within(record))? {
                counted.push(record);
            }
        }
        Ok(counted)
    }

    /// The records in the order of an input.
    pub(crate) fn ordered(
        &mut self,
        mut records: Vec<usize>,
        relation: RelationId,
        by: InputId,
        expr: &'a Expr,
        here: Here<'a>,
    ) -> Result<Vec<usize>, Box<Refusal>> {
        let mut placed = Vec::with_capacity(records.len());
        for record in records.drain(..) {
            match self.input(by, record) {
                Ok(place) => placed.push((place, record)),
                Err(reason) => return Err(here.refuse(reason, expr.span)),
            }
        }
        placed.sort_by(|a, b| arithmetic::order(&a.0, &b.0));
        if placed
            .windows(2)
            .any(|pair| arithmetic::order(&pair[0].0, &pair[1].0).is_eq())
        {
            return Err(here.refuse(Reason::SamePlace(relation), expr.span));
        }
        records.extend(placed.into_iter().map(|(_, record)| record));
        Ok(records)
    }

    pub(super) fn carry(&mut self, expr: &'a Expr, here: Here<'a>) -> Outcome {
        let Node::Carry {
            local,
            from,
            through,
            by,
            step,
            ..
        } = &*expr.node
        else {
            unreachable!("only carries carry");
        };
        let mut carried = self.eval(from, here)?;
        let (first, count) = self.records(*through, here.scope);
        let records = (first..first + count).collect();
        for record in self.ordered(records, *through, *by, expr, here)? {
            self.set_local(*local, here, carried);
            carried = self.eval(step, here.within(record))?;
        }
        Ok(carried)
    }

    fn counts(
        &mut self,
        condition: Option<&'a Expr>,
        here: Here<'a>,
    ) -> Result<bool, Box<Refusal>> {
        condition.map_or(Ok(true), |condition| self.holds(condition, here))
    }

    fn any_or_every(
        &mut self,
        over: RelationId,
        condition: Option<&'a Expr>,
        any: bool,
        here: Here<'a>,
    ) -> Outcome {
        let (first, count) = self.records(over, here.scope);
        for record in first..first + count {
            if self.counts(condition, here.within(record))? == any {
                return Ok(Value::Bool(any));
            }
        }
        Ok(Value::Bool(!any))
    }

    fn count(&mut self, expr: &'a Expr, here: Here<'a>) -> Outcome {
        let count = self.counted(expr, here)?.len();
        Ok(Value::Number(Exact::integer(count as i128)))
    }

    /// `first` and `last`: only the record chosen is asked for its value.
    fn at_an_end(
        &mut self,
        expr: &'a Expr,
        value: &'a Expr,
        by: InputId,
        here: Here<'a>,
    ) -> Result<Option<Value>, Box<Refusal>> {
        let Node::Aggregate { how, over, .. } = &*expr.node else {
            unreachable!("only aggregations have ends");
        };
        let counted = self.counted(expr, here)?;
        let ordered = self.ordered(counted, *over, by, expr, here)?;
        let end = if *how == Gather::First {
            ordered.first()
        } else {
            ordered.last()
        };
        match end {
            Some(record) => self.eval(value, here.within(*record)).map(Some),
            None => Ok(None),
        }
    }

    /// Sum, average, largest and smallest; only a sum of nothing has a value, 0.
    fn gathered(
        &mut self,
        expr: &'a Expr,
        value: &'a Expr,
        here: Here<'a>,
    ) -> Result<Option<Value>, Box<Refusal>> {
        let Node::Aggregate {
            how,
            over,
            condition,
            ..
        } = &*expr.node
        else {
            unreachable!("only aggregations gather");
        };
        let (first, count) = self.records(*over, here.scope);
        let mut gathered: Option<Value> = None;
        let mut counted = 0;
        for record in first..first + count {
            let inside = here.within(record);
            if !self.counts(condition.as_ref(), inside)? {
                continue;
            }
            let next = self.eval(value, inside)?;
            counted += 1;
            gathered = Some(match gathered {
                None => next,
                Some(so_far) => {
                    joined(*how, so_far, next).map_err(|reason| here.refuse(reason, expr.span))?
                }
            });
        }
        match (how, gathered) {
            (Gather::Sum, None) => Ok(Some(Value::Number(Exact::ZERO))),
            (Gather::Average, Some(sum)) => {
                let average = arithmetic::number(&sum).checked_div(Exact::integer(counted));
                match arithmetic::fits(average) {
                    Ok(average) => Ok(Some(average)),
                    Err(reason) => Err(here.refuse(reason, expr.span)),
                }
            }
            (_, gathered) => Ok(gathered),
        }
    }
}

fn joined(how: Gather, so_far: Value, next: Value) -> Result<Value, Reason> {
    match how {
        Gather::Sum | Gather::Average => {
            arithmetic::fits(arithmetic::number(&so_far).checked_add(arithmetic::number(&next)))
        }
        Gather::Largest if arithmetic::order(&next, &so_far).is_gt() => Ok(next),
        Gather::Smallest if arithmetic::order(&next, &so_far).is_lt() => Ok(next),
        _ => Ok(so_far),
    }
}
