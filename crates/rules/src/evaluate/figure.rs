//! Looking figures up: the version of the day, then the row of the keys.

use super::{Case, Here, Outcome, arithmetic};
use crate::law::{Expr, Figure, FigureId, FigureVersion, KeyMatch, Node, Row, Value};
use crate::refusal::{Reason, Refusal};
use measure::Day;

/// A figure that was looked up: where it stands and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) figure: FigureId,
    pub(crate) keys: Vec<Value>,
    pub(crate) version: &'a FigureVersion,
    pub(crate) row: &'a Row,
    pub(crate) value: &'a Value,
}

impl<'a> Case<'a> {
    pub(super) fn figure_value(&mut self, expr: &'a Expr, here: Here<'a>) -> Outcome {
        Ok(self.figure(expr, here)?.value.clone())
    }

    /// Looks up the figure an expression names.
    pub(crate) fn figure(
        &mut self,
        expr: &'a Expr,
        here: Here<'a>,
    ) -> Result<Found<'a>, Box<Refusal>> {
        let Node::Figure { figure, keys, at } = &*expr.node else {
            unreachable!("only figures are looked up");
        };
        let mut wanted = Vec::with_capacity(keys.len());
        for key in keys {
            wanted.push(self.eval(key, here)?);
        }
        let asked = match at {
            Some(date) => self.eval_day(date, here)?,
            None => self.day(here.scope, here.rule)?,
        };
        look_up(&self.law()[*figure], *figure, wanted, asked)
            .map_err(|reason| here.refuse(reason, expr.span))
    }
}

/// The row of these keys that is in force on a day.
pub(crate) fn look_up(
    figure: &Figure,
    id: FigureId,
    keys: Vec<Value>,
    asked: Day,
) -> Result<Found<'_>, Reason> {
    let in_force = |version: &&FigureVersion| {
        version.from <= asked && version.until.is_none_or(|until| asked <= until)
    };
    let Some(version) = figure.versions.iter().rev().find(in_force) else {
        return Err(Reason::NoFigure { figure: id, asked });
    };
    let Some(row) = row(version, &keys) else {
        return Err(Reason::NoRow { figure: id, keys });
    };
    match &row.value {
        Some(value) => Ok(Found {
            figure: id,
            keys,
            version,
            row,
            value,
        }),
        None => Err(Reason::Unset {
            figure: id,
            asked,
            note: row.mark.note.clone(),
        }),
    }
}

/// The last row that matches; one with `otherwise` only when no other does.
fn row<'a>(version: &'a FigureVersion, keys: &[Value]) -> Option<&'a Row> {
    let mut fallback = None;
    for row in version.rows.iter().rev() {
        if row
            .keys
            .iter()
            .zip(keys)
            .all(|(wanted, key)| matches(wanted, key))
        {
            if !row.keys.contains(&KeyMatch::Otherwise) {
                return Some(row);
            }
            fallback = fallback.or(Some(row));
        }
    }
    fallback
}

fn matches(wanted: &KeyMatch, key: &Value) -> bool {
    let order = |value| arithmetic::order(value, key);
    match wanted {
        KeyMatch::Exactly(value) => order(value).is_eq(),
        KeyMatch::Between(first, last) => order(first).is_le() && order(last).is_ge(),
        KeyMatch::AtLeast(least) => order(least).is_le(),
        KeyMatch::Otherwise => true,
    }
}
