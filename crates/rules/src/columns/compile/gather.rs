//! Aggregations and carries: what is gathered over the records of each row.

use super::{Compiler, Frame, Lives, ROWS, Scope, decimal_step};
use crate::columns::batch::Slot;
use crate::columns::graph::{Id, Op, Range};
use crate::columns::instruction::Test;
use crate::columns::lanes::LIMIT;
use crate::columns::sweep::{Fold, MOST_RECORDS, ScopeId, Sweep, What};
use crate::columns::term::{self, Beyond, Made, Term};
use crate::law::{Exact, Expr, Gather, InputId, Node, RelationId, Value};

/// A carried amount stays below this many of its last decimals (171 million yuan), so that it can be multiplied by a rate in
/// lanes; where it does not, the row is evaluated exactly.
const MOST_CARRIED: i64 = 1 << 34;

/// What may be added up in lanes: [`MOST_RECORDS`] of it stay below their limit of 2^50.
const MOST_ADDED: i64 = (1 << 50) / MOST_RECORDS - 1;

const ONE: Exact = Exact { num: 1, den: 1 };

impl<'a> Compiler<'a> {
    pub(super) fn aggregate(
        &mut self,
        expr: &'a Expr,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let Node::Aggregate {
            how,
            value,
            over,
            condition,
            by,
            default,
        } = &*expr.node
        else {
            return Err(Beyond);
        };
        if scope != ROWS {
            return Err(Beyond);
        }
        if !(self.related)(*over) {
            return self.of_none(*how, default.as_ref(), scope, frame);
        }
        let records = self.records(*over);
        let condition = match condition {
            Some(condition) => Some(self.expression(condition, records, frame)?),
            None => None,
        };
        if matches!(how, Gather::Any | Gather::Every) {
            return self.any_or_every(*how, *over, condition.as_ref());
        }
        let condition = self.condition(records, condition.as_ref())?;
        if *how == Gather::Count {
            return self.count(*over, condition);
        }
        let value = self.expression(value.as_ref().ok_or(Beyond)?, records, frame)?;
        let ascending = by.map(|by| self.order(*over, by)).transpose()?;
        let result = match how {
            Gather::Sum => return self.fold(*over, Fold::Sum, &value, condition, None),
            Gather::Average => {
                let sum = self.fold(*over, Fold::Sum, &value, condition, None)?;
                let count = self.count(*over, condition)?;
                term::divide(self.graph(ROWS), &sum, &count)?
            }
            Gather::Largest => self.fold(*over, Fold::Largest, &value, condition, None)?,
            Gather::Smallest => self.fold(*over, Fold::Smallest, &value, condition, None)?,
            Gather::First => self.fold(*over, Fold::First, &value, condition, ascending)?,
            Gather::Last => self.fold(*over, Fold::Last, &value, condition, ascending)?,
            Gather::Count | Gather::Any | Gather::Every => return Err(Beyond),
        };
        let Some(default) = default else {
            return Ok(result);
        };
        let default = self.expression(default, scope, frame)?;
        let count = self.count(*over, condition)?;
        let zero = Term::number(Exact::ZERO);
        let some = term::compare(self.graph(ROWS), Test::Less, &zero, &count)?;
        term::select(self.graph(ROWS), &some, &result, &default)
    }

    /// What comes of gathering where no row has records.
    fn of_none(
        &mut self,
        how: Gather,
        default: Option<&'a Expr>,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        match (how, default) {
            (Gather::Sum | Gather::Count, _) => Ok(Term::number(Exact::ZERO)),
            (Gather::Any | Gather::Every, _) => Ok(Term::Known(Value::Bool(how == Gather::Every))),
            (_, Some(default)) => self.expression(default, scope, frame),
            (_, None) => Ok(Term::refused(self.graph(scope))),
        }
    }

    fn any_or_every(
        &mut self,
        how: Gather,
        over: RelationId,
        condition: Option<&Term>,
    ) -> Made<Term> {
        let records = self.records(over);
        let all = Term::Known(Value::Bool(true));
        let condition = condition.unwrap_or(&all);
        let counted = if how == Gather::Every {
            let (no, yes) = (
                Term::Known(Value::Bool(false)),
                Term::Known(Value::Bool(true)),
            );
            term::select(self.graph(records), condition, &no, &yes)?
        } else {
            condition.clone()
        };
        let counted = self.condition(records, Some(&counted))?;
        let count = self.count(over, counted)?;
        let zero = Term::number(Exact::ZERO);
        let test = if how == Gather::Every {
            Test::Equal
        } else {
            Test::Different
        };
        term::compare(self.graph(ROWS), test, &count, &zero)
    }

    /// The record's node of a condition; none when it always holds.
    fn condition(&mut self, records: ScopeId, condition: Option<&Term>) -> Made<Option<Id>> {
        match condition {
            None | Some(Term::Known(Value::Bool(true))) => Ok(None),
            Some(Term::Known(_)) => Ok(Some(self.graph(records).constant(0))),
            Some(Term::Lane { id, .. }) => Ok(Some(*id)),
            Some(Term::Fraction { .. }) => Err(Beyond),
        }
    }

    fn count(&mut self, over: RelationId, condition: Option<Id>) -> Made<Term> {
        self.fold(over, Fold::Sum, &Term::number(ONE), condition, None)
    }

    fn order(&mut self, over: RelationId, by: InputId) -> Made<Id> {
        let records = self.records(over);
        if !(self.present)(Some(over), Slot::Input(by)) {
            return Err(Beyond);
        }
        match self.input(by, records)? {
            Term::Lane { id, .. } => Ok(id),
            _ => Err(Beyond),
        }
    }

    fn fold(
        &mut self,
        relation: RelationId,
        how: Fold,
        value: &Term,
        condition: Option<Id>,
        ascending: Option<Id>,
    ) -> Made<Term> {
        let scope = self.records(relation);
        let graph = self.graph(scope);
        let (value, unit) = match value {
            Term::Lane { id, unit } => (*id, *unit),
            Term::Known(Value::Number(exact)) => {
                let exact = exact.reduced();
                let unit = Exact {
                    num: 1,
                    den: exact.den,
                };
                (
                    graph.constant(i64::try_from(exact.num).map_err(|_| Beyond)?),
                    unit,
                )
            }
            Term::Known(other) => (graph.constant(term::code(other)?), ONE),
            Term::Fraction { .. } => return Err(Beyond),
        };
        // Partial sums must be exact too, whatever their signs: what is added is small enough, or not trusted.
        let value = if how == Fold::Sum {
            graph.within(value, -MOST_ADDED, MOST_ADDED)
        } else {
            value
        };
        let node = graph.node(value).clone();
        let doubtful =
            node.doubtful || condition.is_some_and(|condition| graph.node(condition).doubtful);
        let range = match how {
            Fold::Sum => {
                let most = i128::from(MOST_RECORDS);
                Range::new(
                    i128::from(node.low.min(0)) * most,
                    i128::from(node.high.max(0)) * most,
                )
            }
            _ => term::range(node.low, node.high),
        };
        // Of no records there is a sum, but no largest or first.
        let doubtful = doubtful || how != Fold::Sum;
        let id = self.sweep(
            relation,
            What::Fold {
                how,
                value,
                condition,
            },
            ascending,
            range,
            doubtful,
        )?;
        Ok(Term::Lane { id, unit })
    }

    /// The row's node of a sweep; the same sweep twice is one.
    fn sweep(
        &mut self,
        relation: RelationId,
        what: What,
        ascending: Option<Id>,
        range: Range,
        doubtful: bool,
    ) -> Made<Id> {
        let scope = self.records(relation);
        let same = |other: &Sweep| match (&other.what, &what) {
            (
                What::Fold {
                    how,
                    value,
                    condition,
                },
                What::Fold {
                    how: other_how,
                    value: other_value,
                    condition: other_condition,
                },
            ) => {
                other.scope == scope
                    && (how, value, condition) == (other_how, other_value, other_condition)
            }
            _ => false,
        };
        let number = match self.sweeps.iter().position(same) {
            Some(number) => number,
            None => {
                self.sweeps.push(Sweep {
                    scope,
                    what,
                    ascending,
                });
                self.sweeps.len() - 1
            }
        };
        let number = u16::try_from(number).map_err(|_| Beyond)?;
        Ok(self.graph(ROWS).add(Op::Sweep(number), range, doubtful))
    }

    pub(super) fn carry(
        &mut self,
        expr: &'a Expr,
        scope: ScopeId,
        frame: &mut Frame,
    ) -> Made<Term> {
        let Node::Carry {
            local,
            from,
            through,
            by,
            step,
            ..
        } = &*expr.node
        else {
            return Err(Beyond);
        };
        if scope != ROWS || frame.carried.is_some() {
            return Err(Beyond);
        }
        let unit = decimal_step(expr.decimals.ok_or(Beyond)?);
        let from = self.expression(from, scope, frame)?;
        let from = term::counted(self.graph(ROWS), &from, unit)?;
        let from = self.graph(ROWS).within(from, -MOST_CARRIED, MOST_CARRIED);
        if !(self.related)(*through) {
            return Ok(Term::Lane { id: from, unit });
        }
        let records = self.records(*through);
        let ascending = self.order(*through, *by)?;
        self.scopes.push(Scope::new(Lives::Step(records)));
        let step_scope = self.scopes.len() - 1;
        self.carried_unit.insert(step_scope, unit);
        frame.carried = Some((*local, step_scope));
        let next = self.expression(step, step_scope, frame);
        frame.carried = None;
        let next = term::counted(self.graph(step_scope), &next?, unit)?;
        let next = self
            .graph(step_scope)
            .within(next, -MOST_CARRIED, MOST_CARRIED);
        let what = What::Carry {
            from,
            step_scope,
            step: next,
        };
        let id = self.sweep(
            *through,
            what,
            Some(ascending),
            term::range(-MOST_CARRIED, MOST_CARRIED),
            true,
        )?;
        Ok(Term::Lane { id, unit })
    }

    /// The value carried so far, inside its step.
    pub(super) fn carried_in(&mut self, step: ScopeId) -> Term {
        let unit = self.carried_unit.get(&step).copied().unwrap_or(ONE);
        let id = self
            .graph(step)
            .add(Op::Carried, term::range(-MOST_CARRIED, MOST_CARRIED), false);
        debug_assert!(
            i128::from(MOST_CARRIED) < LIMIT,
            "a carried amount fits a lane"
        );
        Term::Lane { id, unit }
    }
}
