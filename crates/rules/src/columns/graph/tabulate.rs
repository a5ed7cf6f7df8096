//! What depends on one lane of few values is computed once for each of these values, not once for each row.
//!
//! The months of payout at an age take a division, two tables and an interpolation; but an age at retirement is one of two hundred
//! numbers. So a node that could be looked up by one lane alone is, once that is cheaper than what it takes to compute it.

use super::{Graph, Id, Mode, Op, divided};
use crate::columns::instruction::{Pair, Test};
use crate::columns::schedule::operands;
use std::collections::BTreeMap;

/// A lane of more values than this is not tabulated.
const MOST_VALUES: i64 = 1_024;

/// What looking up costs, in vector instructions: in a table that fits a vector, and in memory.
const LOOKED_UP: [u32; 2] = [2, 14];

/// From which lane alone a node follows, and what it takes to compute it from there, in vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::columns) struct Origin {
    /// None: it is the same for every row.
    pub(super) lane: Option<Id>,
    cost: u32,
}

impl Graph {
    /// The origin of a node with this operation that would get this id.
    pub(super) fn origin(&self, op: &Op, id: Id) -> Origin {
        let itself = Origin {
            lane: Some(id),
            cost: 0,
        };
        let operands = operands(op);
        if operands.is_empty() {
            return match op {
                Op::Constant(_) => Origin {
                    lane: None,
                    cost: 0,
                },
                _ => itself,
            };
        }
        let mut origin = Origin {
            lane: None,
            cost: cost(self, op),
        };
        for operand in operands {
            let from = self.node(operand).origin;
            match (origin.lane, from.lane) {
                (Some(one), Some(other)) if one != other => return itself,
                (None, Some(lane)) => origin.lane = Some(lane),
                _ => {}
            }
            origin.cost += from.cost;
        }
        origin
    }

    /// The operation as a table over its origin's values, if that is cheaper: its first value and the cells.
    pub(super) fn tabulated(&self, op: &Op, origin: Origin) -> Option<(Id, i64, Vec<Option<i64>>)> {
        let lane = origin.lane?;
        let node = self.nodes.get(lane as usize)?;
        let count = node.high.checked_sub(node.low)?.checked_add(1)?;
        let looked_up = LOOKED_UP[usize::from(count > 4)];
        if count > MOST_VALUES || origin.cost <= looked_up + 1 {
            return None;
        }
        let cells = (node.low..=node.high).map(|value| {
            let mut known = BTreeMap::from([(lane, Some(value))]);
            self.apply(op, &mut known)
        });
        let cells = cells.collect::<Option<Vec<Option<i64>>>>()?;
        Some((lane, node.low, cells))
    }

    /// A node's value where others are known, none where it is doubtful; nothing if this cannot tell.
    fn at(&self, id: Id, known: &mut BTreeMap<Id, Option<i64>>) -> Option<Option<i64>> {
        if let Some(value) = known.get(&id) {
            return Some(*value);
        }
        let value = self.apply(&self.node(id).op, known)?;
        known.insert(id, value);
        Some(value)
    }

    #[expect(clippy::too_many_lines, reason = "a table: an arm an operation")]
    fn apply(&self, op: &Op, known: &mut BTreeMap<Id, Option<i64>>) -> Option<Option<i64>> {
        let of = |id: Id, known: &mut BTreeMap<Id, Option<i64>>| self.at(id, known);
        // Whatever is beyond a lane is left to be computed, and checked, row by row.
        let lane = |value: i128| {
            let fits = super::Range::new(value, value).fits();
            let value = fits.then(|| i64::try_from(value).ok()).flatten()?;
            Some(Some(value))
        };
        let both = |a: Id, b: Id, known: &mut BTreeMap<Id, Option<i64>>| {
            let (a, b) = (of(a, known)?, of(b, known)?);
            Some(a.zip(b).map(|(a, b)| (i128::from(a), i128::from(b))))
        };
        match *op {
            Op::Constant(value) => Some(value),
            Op::Pair(pair, a, b) => match both(a, b, known)? {
                None => Some(None),
                Some((a, b)) => lane(match pair {
                    Pair::Add => a + b,
                    Pair::Multiply => a * b,
                    Pair::Min => a.min(b),
                    Pair::Max => a.max(b),
                }),
            },
            Op::Scale(x, times, plus) => match of(x, known)? {
                None => Some(None),
                Some(x) => lane(i128::from(x) * i128::from(times) + i128::from(plus)),
            },
            Op::Blend(a, times_a, b, times_b) => match both(a, b, known)? {
                None => Some(None),
                Some((a, b)) => lane(a * i128::from(times_a) + b * i128::from(times_b)),
            },
            Op::Round(x, times, by, mode) => match of(x, known)? {
                None => Some(None),
                Some(x) => lane(divided(i128::from(x) * i128::from(times), by, mode)),
            },
            Op::Quotient {
                x,
                times,
                y,
                times_y,
                mode,
            } => match both(x, y, known)? {
                None => Some(None),
                Some((x, y)) => {
                    let by = i64::try_from(y * i128::from(times_y)).ok()?;
                    if by <= 0 {
                        return None;
                    }
                    lane(divided(x * i128::from(times), by, mode))
                }
            },
            Op::Compare(test, a, b) => Some(both(a, b, known)?.map(|(a, b)| {
                i64::from(match test {
                    Test::Less => a < b,
                    Test::AtMost => a <= b,
                    Test::Equal => a == b,
                    Test::Different => a != b,
                })
            })),
            Op::Select { when, a, b } => match of(when, known)? {
                None => Some(None),
                Some(0) => of(b, known),
                Some(_) => of(a, known),
            },
            Op::Lookup(x, first, table) => match of(x, known)? {
                None => Some(None),
                Some(x) => {
                    let cells = &self.tables[usize::from(table)];
                    let last = i64::try_from(cells.len()).ok()? - 1;
                    let place = x.checked_sub(first)?.clamp(0, last);
                    Some(cells[usize::try_from(place).ok()?])
                }
            },
            Op::Within(x, low, high) => {
                Some(of(x, known)?.filter(|value| (low..=high).contains(value)))
            }
            Op::RoundChecked(..)
            | Op::Calendar(..)
            | Op::Load(_)
            | Op::Outer(_)
            | Op::Record(_)
            | Op::Carried
            | Op::Sweep(_) => None,
        }
    }
}

/// About how many vector instructions an operation takes.
fn cost(graph: &Graph, op: &Op) -> u32 {
    match *op {
        Op::Constant(_)
        | Op::Load(_)
        | Op::Outer(_)
        | Op::Record(_)
        | Op::Carried
        | Op::Sweep(_) => 0,
        Op::Pair(..) | Op::Scale(..) => 1,
        Op::Blend(..) | Op::Compare(..) | Op::Select { .. } => 2,
        Op::Round(_, _, _, Mode::HalfEven) => 9,
        Op::Round(..) => 3,
        Op::RoundChecked(..) | Op::Within(..) => 4,
        Op::Quotient { .. } => 9,
        Op::Lookup(_, _, table) => {
            LOOKED_UP[usize::from(graph.tables[usize::from(table)].len() > 4)]
        }
        Op::Calendar(..) => 40,
    }
}
