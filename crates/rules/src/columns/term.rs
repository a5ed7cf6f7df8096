//! Values while compiling: known already, or a lane with the unit in which it counts.
//!
//! A lane counts in a unit that is known when compiling: money read from a file counts in 1/100 yuan. Multiplying by a known
//! rate then only changes the unit, dividing by twelve too; nothing is done for the rows until the law says how to round.

use super::graph::{Graph, Id, Mode, Range};
use super::instruction::{Pair, Test};
use super::lanes::LIMIT;
use crate::law::{Exact, Value};
use measure::Rounding;
use std::cmp::Ordering;

/// A value of one scope.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// Known for every row.
    Known(Value),
    /// The lane times its unit. What is not a number counts in 1.
    Lane { id: Id, unit: Exact },
    /// A fraction not yet rounded: `num / den * unit`, `den` above 0 or doubtful.
    Fraction { num: Id, den: Id, unit: Exact },
}

/// The engine cannot hold this in lanes: the rows are evaluated exactly, one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Beyond;

pub(super) type Made<T> = Result<T, Beyond>;

const ONE: Exact = Exact { num: 1, den: 1 };

impl Term {
    pub(super) fn lane(id: Id) -> Term {
        Term::Lane { id, unit: ONE }
    }

    pub(super) fn refused(graph: &mut Graph) -> Term {
        Term::lane(graph.refused())
    }

    pub(super) fn number(exact: Exact) -> Term {
        Term::Known(Value::Number(exact))
    }

    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Term::Known(Value::Bool(truth)) => Some(*truth),
            _ => None,
        }
    }
}

/// The whole number that a value other than a number is in lanes.
pub(super) fn code(value: &Value) -> Made<i64> {
    Ok(match value {
        Value::Bool(truth) => i64::from(*truth),
        Value::Day(day) => day.number().into(),
        Value::Month(month) => month.index().into(),
        Value::Year(year) => i64::from(*year),
        Value::Member(member) => i64::from(*member),
        Value::Number(_) | Value::Text(_) => return Err(Beyond),
    })
}

fn small(value: i128) -> Made<i64> {
    if value.abs() < LIMIT {
        i64::try_from(value).map_err(|_| Beyond)
    } else {
        Err(Beyond)
    }
}

/// The greatest unit of which both are whole multiples, and how many each is.
fn common(a: Exact, b: Exact) -> Made<(Exact, i64, i64)> {
    let (a, b) = (a.reduced(), b.reduced());
    let den = a.den.checked_mul(b.den).ok_or(Beyond)?;
    let (x, y) = (
        a.num.checked_mul(b.den).ok_or(Beyond)?,
        b.num.checked_mul(a.den).ok_or(Beyond)?,
    );
    let divisor = divisor(x, y);
    Ok((
        Exact { num: divisor, den }.reduced(),
        small(x / divisor)?,
        small(y / divisor)?,
    ))
}

/// The greatest unit of which both are whole multiples.
pub(super) fn greatest_common(a: Exact, b: Exact) -> Made<Exact> {
    Ok(common(a, b)?.0)
}

fn divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// How many `unit`s a `step` is, as a fraction of two lanes' whole numbers.
fn ratio(unit: Exact, step: Exact) -> Made<(i64, i64)> {
    let ratio = unit.checked_div(step).ok_or(Beyond)?.reduced();
    Ok((small(ratio.num)?, small(ratio.den)?))
}

/// A term as numerator, denominator (none is 1) and unit.
#[derive(Clone, Copy)]
struct Parts {
    num: Id,
    den: Option<Id>,
    unit: Exact,
}

fn parts(graph: &mut Graph, term: &Term) -> Made<Parts> {
    Ok(match term {
        Term::Lane { id, unit } => Parts {
            num: *id,
            den: None,
            unit: *unit,
        },
        Term::Fraction { num, den, unit } => Parts {
            num: *num,
            den: Some(*den),
            unit: *unit,
        },
        Term::Known(Value::Number(exact)) => {
            let exact = exact.reduced();
            Parts {
                num: graph.constant(small(exact.num)?),
                den: None,
                unit: Exact {
                    num: 1,
                    den: exact.den,
                },
            }
        }
        Term::Known(other) => Parts {
            num: graph.constant(code(other)?),
            den: None,
            unit: ONE,
        },
    })
}

fn whole(parts: Parts) -> Term {
    match parts.den {
        None => Term::Lane {
            id: parts.num,
            unit: parts.unit.reduced(),
        },
        Some(den) => Term::Fraction {
            num: parts.num,
            den,
            unit: parts.unit.reduced(),
        },
    }
}

/// Both over one denominator and in one unit: the two numerators' lanes with what each is to be multiplied by.
struct Common {
    a: (Id, i64),
    b: (Id, i64),
    den: Option<Id>,
    unit: Exact,
}

fn over_one(graph: &mut Graph, a: &Term, b: &Term) -> Made<Common> {
    let (a, b) = (parts(graph, a)?, parts(graph, b)?);
    let (unit, times_a, times_b) = common(a.unit, b.unit)?;
    let (num_a, num_b, den) = match (a.den, b.den) {
        (None, None) => (a.num, b.num, None),
        (Some(x), Some(y)) if x == y => (a.num, b.num, Some(x)),
        (Some(x), None) => (a.num, graph.multiply(b.num, x), Some(x)),
        (None, Some(y)) => (graph.multiply(a.num, y), b.num, Some(y)),
        (Some(x), Some(y)) => (
            graph.multiply(a.num, y),
            graph.multiply(b.num, x),
            Some(graph.multiply(x, y)),
        ),
    };
    Ok(Common {
        a: (num_a, times_a),
        b: (num_b, times_b),
        den,
        unit,
    })
}

/// The sum, or with `sign` -1 the difference.
pub(super) fn add(graph: &mut Graph, a: &Term, b: &Term, sign: i64) -> Made<Term> {
    if let (Term::Known(Value::Number(a)), Term::Known(Value::Number(b))) = (a, b) {
        let sum = if sign < 0 {
            a.checked_sub(*b)
        } else {
            a.checked_add(*b)
        };
        return sum.map(|sum| Term::number(sum.reduced())).ok_or(Beyond);
    }
    let both = over_one(graph, a, b)?;
    let num = graph.blend(both.a.0, both.a.1, both.b.0, both.b.1 * sign);
    Ok(whole(Parts {
        num,
        den: both.den,
        unit: both.unit,
    }))
}

pub(super) fn multiply(graph: &mut Graph, a: &Term, b: &Term) -> Made<Term> {
    match (a, b) {
        (Term::Known(Value::Number(a)), Term::Known(Value::Number(b))) => {
            return a
                .checked_mul(*b)
                .map(|product| Term::number(product.reduced()))
                .ok_or(Beyond);
        }
        (Term::Known(Value::Number(known)), other) | (other, Term::Known(Value::Number(known))) => {
            return times(graph, other, *known);
        }
        _ => {}
    }
    let (a, b) = (parts(graph, a)?, parts(graph, b)?);
    let num = graph.multiply(a.num, b.num);
    let den = match (a.den, b.den) {
        (Some(x), Some(y)) => Some(graph.multiply(x, y)),
        (one, other) => one.or(other),
    };
    Ok(whole(Parts {
        num,
        den,
        unit: a.unit.checked_mul(b.unit).ok_or(Beyond)?,
    }))
}

/// A lane times a known number: only its unit changes, but for the sign.
fn times(graph: &mut Graph, term: &Term, known: Exact) -> Made<Term> {
    if known.is_zero() {
        // A row that is doubtful stays so: nothing may be read from what was refused.
        let mut parts = parts(graph, term)?;
        if !graph.node(parts.num).doubtful && parts.den.is_none_or(|den| !graph.node(den).doubtful)
        {
            return Ok(Term::number(Exact::ZERO));
        }
        parts.num = graph.scale(parts.num, 0, 0);
        return Ok(whole(parts));
    }
    let mut parts = parts(graph, term)?;
    if known.is_negative() {
        parts.num = graph.scale(parts.num, -1, 0);
    }
    let size = Exact {
        num: known.num.checked_abs().ok_or(Beyond)?,
        den: known.den,
    };
    parts.unit = parts.unit.checked_mul(size).ok_or(Beyond)?;
    Ok(whole(parts))
}

pub(super) fn divide(graph: &mut Graph, a: &Term, b: &Term) -> Made<Term> {
    if let Term::Known(Value::Number(by)) = b {
        if by.is_zero() {
            return Ok(Term::refused(graph));
        }
        let turned = ONE.checked_div(*by).ok_or(Beyond)?;
        return multiply(graph, a, &Term::number(turned));
    }
    let (a, b) = (parts(graph, a)?, parts(graph, b)?);
    let below = graph.positive(b.num);
    let num = b.den.map_or(a.num, |turned| graph.multiply(a.num, turned));
    let den = a.den.map_or(below, |den| graph.multiply(den, below));
    Ok(whole(Parts {
        num,
        den: Some(den),
        unit: a.unit.checked_div(b.unit).ok_or(Beyond)?,
    }))
}

/// Rounded to whole multiples of `step`, in which the result counts.
pub(super) fn round(graph: &mut Graph, term: &Term, mode: Rounding, step: Exact) -> Made<Term> {
    let mode = Mode::of(mode);
    match term {
        Term::Known(Value::Number(exact)) => exact
            .rounded(step.num, step.den, mode.rounding())
            .map(|rounded| Term::number(rounded.reduced()))
            .ok_or(Beyond),
        Term::Known(_) => Err(Beyond),
        Term::Lane { id, unit } => {
            let (times, by) = ratio(*unit, step)?;
            if by == 1 {
                return Ok(term.clone());
            }
            Ok(Term::Lane {
                id: graph.round(*id, times, by, mode),
                unit: step,
            })
        }
        Term::Fraction { num, den, unit } => {
            let (times, by) = ratio(*unit, step)?;
            Ok(Term::Lane {
                id: graph.quotient(*num, times, *den, by, mode),
                unit: step,
            })
        }
    }
}

/// The lane that counts the term in `step`s, of which it is a whole multiple.
pub(super) fn counted(graph: &mut Graph, term: &Term, step: Exact) -> Made<Id> {
    match term {
        Term::Known(Value::Number(exact)) => {
            let count = exact
                .in_units(step.num, step.den, Rounding::Down)
                .ok_or(Beyond)?;
            Ok(graph.constant(small(count)?))
        }
        Term::Known(value) => Ok(graph.constant(code(value)?)),
        Term::Lane { id, unit } => {
            let (times, by) = ratio(*unit, step)?;
            // What is known to be a whole multiple is only counted in a larger unit: no rounding takes place.
            Ok(if by == 1 {
                graph.scale(*id, times, 0)
            } else {
                graph.round(*id, times, by, Mode::Down)
            })
        }
        Term::Fraction { .. } => Err(Beyond),
    }
}

pub(super) fn compare(graph: &mut Graph, test: Test, a: &Term, b: &Term) -> Made<Term> {
    if let (Term::Known(a), Term::Known(b)) = (a, b) {
        return Ok(Term::Known(Value::Bool(known(test, a, b)?)));
    }
    let both = over_one(graph, a, b)?;
    let (x, y) = (
        graph.scale(both.a.0, both.a.1, 0),
        graph.scale(both.b.0, both.b.1, 0),
    );
    let mut result = graph.compare(test, x, y);
    if let Some(den) = both.den
        && graph.node(den).doubtful
        && !graph.node(result).doubtful
    {
        let (one, refused) = (graph.constant(0), graph.refused());
        let sound = graph.compare(Test::Less, one, den);
        result = graph.select(sound, result, refused);
    }
    Ok(Term::lane(result))
}

fn known(test: Test, a: &Value, b: &Value) -> Made<bool> {
    let order = match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.checked_sub(*b).ok_or(Beyond)?.num.cmp(&0),
        _ => code(a)?.cmp(&code(b)?),
    };
    Ok(match test {
        Test::Less => order == Ordering::Less,
        Test::AtMost => order != Ordering::Greater,
        Test::Equal => order == Ordering::Equal,
        Test::Different => order != Ordering::Equal,
    })
}

/// `a` where `when` holds, else `b`.
pub(super) fn select(graph: &mut Graph, when: &Term, a: &Term, b: &Term) -> Made<Term> {
    let when = match when {
        Term::Known(_) => {
            return Ok(if when.truth() == Some(true) {
                a.clone()
            } else {
                b.clone()
            });
        }
        Term::Lane { id, .. } => *id,
        Term::Fraction { .. } => return Err(Beyond),
    };
    let (a, b) = (parts(graph, a)?, parts(graph, b)?);
    let refused = (graph.refuses(a.num), graph.refuses(b.num));
    let (unit, times_a, times_b) = match refused {
        (true, _) => (b.unit, 1, 1),
        (_, true) => (a.unit, 1, 1),
        _ => common(a.unit, b.unit)?,
    };
    let (x, y) = (
        graph.scale(a.num, times_a, 0),
        graph.scale(b.num, times_b, 0),
    );
    let num = graph.select(when, x, y);
    let den = match (a.den, b.den) {
        (None, None) => None,
        (x, y) => {
            let one = graph.constant(1);
            Some(graph.select(when, x.unwrap_or(one), y.unwrap_or(one)))
        }
    };
    Ok(whole(Parts { num, den, unit }))
}

/// The lesser or greater of two.
pub(super) fn extreme(graph: &mut Graph, op: Pair, a: &Term, b: &Term) -> Made<Term> {
    if let (Term::Known(x), Term::Known(y)) = (a, b) {
        let a_first = known(Test::AtMost, x, y)?;
        return Ok(if a_first == (op == Pair::Min) {
            a.clone()
        } else {
            b.clone()
        });
    }
    if matches!(a, Term::Fraction { .. }) || matches!(b, Term::Fraction { .. }) {
        let a_first = compare(graph, Test::AtMost, a, b)?;
        return if op == Pair::Min {
            select(graph, &a_first, a, b)
        } else {
            select(graph, &a_first, b, a)
        };
    }
    let both = over_one(graph, a, b)?;
    let (x, y) = (
        graph.scale(both.a.0, both.a.1, 0),
        graph.scale(both.b.0, both.b.1, 0),
    );
    Ok(Term::Lane {
        id: graph.extreme(op, x, y),
        unit: both.unit,
    })
}

/// `low <= high` as a range, for lanes read from a column.
pub(super) fn range(low: i64, high: i64) -> Range {
    Range::new(low.into(), high.into())
}
