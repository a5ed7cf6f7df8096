//! Parameters and tables: folded to one value where date and keys are known, otherwise a dense table.

use super::{Compiler, expression};
use crate::columns::graph::{Graph, Id, Mode};
use crate::columns::instruction::{Calendar, Pair};
use crate::columns::sweep::ScopeId;
use crate::columns::term::{self, Beyond, Made, Term};
use crate::evaluate::look_up;
use crate::law::{EnumId, Exact, Figure, FigureId, KeyMatch, Type, Value};
use measure::{Day, Month};
use std::collections::BTreeSet;

/// More cells than this are not laid out.
const MOST_CELLS: usize = 1 << 16;

/// One axis of a dense table: the whole numbers `first ..= last` of a lane, the ends standing for all beyond.
struct Axis {
    lane: Id,
    first: i64,
    last: i64,
    means: Means,
}

/// How an axis's number becomes what is looked up.
#[derive(Clone, Copy)]
enum Means {
    Year,
    Month,
    Day,
    Key(Type),
}

impl<'a> Compiler<'a> {
    /// A figure's value for these keys on this date.
    pub(super) fn figure(
        &mut self,
        id: FigureId,
        keys: &[Term],
        date: &Term,
        scope: ScopeId,
    ) -> Made<Term> {
        let figure = &self.law[id];
        let known_keys: Option<Vec<Value>> = keys.iter().map(known).collect();
        if let (Some(keys), Term::Known(Value::Day(day))) = (known_keys, date) {
            return Ok(match look_up(figure, id, keys, *day) {
                Ok(found) => Term::Known(found.value.clone()),
                Err(_) => Term::refused(self.graph(scope)),
            });
        }
        let mut axes = Vec::new();
        if known(date).is_none() {
            axes.push(date_axis(self.graph(scope), figure, date)?);
        }
        for (index, key) in keys.iter().enumerate() {
            if known(key).is_none() {
                let ty = figure.keys.get(index).ok_or(Beyond)?.ty;
                axes.push(self.key_axis(figure, index, ty, key, scope)?);
            }
        }
        let cells = cells(figure, id, keys, date, &axes)?;
        self.dense(&cells, &axes, scope)
    }

    /// The axis of a key: the numbers at which the rows change, and one beyond at each end.
    fn key_axis(
        &mut self,
        figure: &Figure,
        index: usize,
        ty: Type,
        key: &Term,
        scope: ScopeId,
    ) -> Made<Axis> {
        let (mut first, mut last) = match ty {
            Type::Enum(id) => self.members(id)?,
            Type::Integer | Type::Months | Type::Days | Type::Year => ends_of_rows(figure, index)?,
            _ => return Err(Beyond),
        };
        let graph = self.graph(scope);
        let lane = expression::lane(graph, key)?;
        let node = graph.node(lane);
        first = first.max(node.low).min(last);
        last = last.min(node.high).max(first);
        Ok(Axis {
            lane,
            first,
            last,
            means: Means::Key(ty),
        })
    }

    fn members(&self, id: EnumId) -> Made<(i64, i64)> {
        Ok((
            0,
            i64::try_from(self.law[id].members.len()).map_err(|_| Beyond)? - 1,
        ))
    }

    /// Lays the cells out and looks them up.
    fn dense(&mut self, cells: &[Option<Value>], axes: &[Axis], scope: ScopeId) -> Made<Term> {
        let (unit, counts) = counted(cells)?;
        let graph = self.graph(scope);
        let (place, first) = place(graph, axes);
        Ok(Term::Lane {
            id: graph.lookup(place, first, counts),
            unit,
        })
    }
}

fn known(term: &Term) -> Option<Value> {
    match term {
        Term::Known(value) => Some(value.clone()),
        _ => None,
    }
}

/// The least and greatest whole number that a key's rows speak of, and one beyond each.
fn ends_of_rows(figure: &Figure, index: usize) -> Made<(i64, i64)> {
    let mut numbers = BTreeSet::new();
    for row in figure.versions.iter().flat_map(|version| &version.rows) {
        let mut note = |value: &Value| -> Made<()> {
            numbers.insert(match value {
                Value::Number(exact) => {
                    i64::try_from(exact.exactly(1).ok_or(Beyond)?).map_err(|_| Beyond)?
                }
                other => term::code(other)?,
            });
            Ok(())
        };
        match &row.keys[index] {
            KeyMatch::Exactly(value) | KeyMatch::AtLeast(value) => note(value)?,
            KeyMatch::Between(first, last) => {
                note(first)?;
                note(last)?;
            }
            KeyMatch::Otherwise => {}
        }
    }
    let (first, last) = (
        numbers.first().copied().unwrap_or(0),
        numbers.last().copied().unwrap_or(0),
    );
    Ok((first - 1, last + 1))
}

/// The axis of the date: years, months or days, whichever all changes fall on.
fn date_axis(graph: &mut Graph, figure: &Figure, date: &Term) -> Made<Axis> {
    let mut changes = BTreeSet::new();
    for version in &figure.versions {
        changes.insert(version.from);
        if let Some(until) = version.until {
            changes.insert(until.add_days(1).map_err(|_| Beyond)?);
        }
    }
    let day = expression::lane(graph, date)?;
    let none = graph.constant(0);
    let starts_month = |day: &Day| day.day_of_month() == 1;
    let (lane, means): (Id, Means) = if changes
        .iter()
        .all(|day| starts_month(day) && day.month_of_year() == 1)
    {
        let month = graph.calendar(Calendar::MonthOfDay, day, none);
        (graph.round(month, 1, 12, Mode::Down), Means::Year)
    } else if changes.iter().all(starts_month) {
        (
            graph.calendar(Calendar::MonthOfDay, day, none),
            Means::Month,
        )
    } else {
        (day, Means::Day)
    };
    let number = |day: &Day| -> i64 {
        match means {
            Means::Year => day.year().number().into(),
            Means::Month => day.month().index().into(),
            _ => day.number().into(),
        }
    };
    let first = changes.first().map_or(0, number) - 1;
    let last = changes.last().map_or(0, number).max(first + 1);
    let node = graph.node(lane);
    let first = first.max(node.low).min(last);
    let last = last.min(node.high).max(first);
    Ok(Axis {
        lane,
        first,
        last,
        means,
    })
}

/// The value in every cell, the last axis running fastest.
fn cells(
    figure: &Figure,
    id: FigureId,
    keys: &[Term],
    date: &Term,
    axes: &[Axis],
) -> Made<Vec<Option<Value>>> {
    let mut count: usize = 1;
    for axis in axes {
        let length = usize::try_from(axis.last - axis.first + 1).map_err(|_| Beyond)?;
        count = count
            .checked_mul(length)
            .filter(|count| *count <= MOST_CELLS)
            .ok_or(Beyond)?;
    }
    (0..count)
        .map(|cell| value_in(figure, id, keys, date, axes, cell))
        .collect()
}

fn value_in(
    figure: &Figure,
    id: FigureId,
    keys: &[Term],
    date: &Term,
    axes: &[Axis],
    cell: usize,
) -> Made<Option<Value>> {
    let mut rest = i64::try_from(cell).map_err(|_| Beyond)?;
    let mut along: Vec<Value> = Vec::with_capacity(axes.len());
    for axis in axes.iter().rev() {
        let length = axis.last - axis.first + 1;
        along.push(meant(axis.means, axis.first + rest % length)?);
        rest /= length;
    }
    let mut next = || along.pop().ok_or(Beyond);
    let day = match known(date) {
        Some(value) => value,
        None => next()?,
    };
    let keys = keys
        .iter()
        .map(|key| known(key).map_or_else(&mut next, Ok))
        .collect::<Made<Vec<_>>>()?;
    let Value::Day(day) = day else {
        return Err(Beyond);
    };
    Ok(look_up(figure, id, keys, day)
        .ok()
        .map(|found| found.value.clone()))
}

fn meant(means: Means, number: i64) -> Made<Value> {
    let small = i32::try_from(number).map_err(|_| Beyond)?;
    Ok(match means {
        Means::Year => Value::Day(Day::new(small, 1, 1).map_err(|_| Beyond)?),
        Means::Month => Value::Day(Month::from_index(small).map_err(|_| Beyond)?.first_day()),
        Means::Day => Value::Day(Day::from_number(small).map_err(|_| Beyond)?),
        Means::Key(Type::Enum(_)) => Value::Member(u16::try_from(number).map_err(|_| Beyond)?),
        Means::Key(Type::Year) => Value::Year(small),
        Means::Key(_) => Value::Number(Exact::integer(number.into())),
    })
}

/// The cells as whole numbers of the greatest unit they share.
fn counted(cells: &[Option<Value>]) -> Made<(Exact, Vec<Option<i64>>)> {
    let numbers = || {
        cells.iter().flatten().filter_map(|value| match value {
            Value::Number(exact) => Some(*exact),
            _ => None,
        })
    };
    let mut unit = Exact::integer(1);
    let mut first = true;
    for number in numbers().filter(|number| !number.is_zero()) {
        let shared = if first {
            number.reduced()
        } else {
            term::greatest_common(unit, number)?
        };
        unit = Exact {
            num: shared.num.checked_abs().ok_or(Beyond)?,
            den: shared.den,
        };
        first = false;
    }
    let count = |value: &Value| match value {
        Value::Number(exact) => {
            let count = exact
                .in_units(unit.num, unit.den, measure::Rounding::Down)
                .ok_or(Beyond)?;
            i64::try_from(count).map_err(|_| Beyond)
        }
        other => term::code(other),
    };
    let counts = cells
        .iter()
        .map(|cell| cell.as_ref().map(count).transpose())
        .collect::<Made<Vec<_>>>()?;
    Ok((unit, counts))
}

/// The lane of the cell's number and what to subtract from it.
fn place(graph: &mut Graph, axes: &[Axis]) -> (Id, i64) {
    if let [axis] = axes {
        return (axis.lane, axis.first);
    }
    let mut place = graph.constant(0);
    for axis in axes {
        let (first, last) = (graph.constant(axis.first), graph.constant(axis.last));
        let at_least = graph.extreme(Pair::Max, axis.lane, first);
        let inside = graph.extreme(Pair::Min, at_least, last);
        let inside = graph.scale(inside, 1, -axis.first);
        place = graph.blend(place, axis.last - axis.first + 1, inside, 1);
    }
    (place, 0)
}
