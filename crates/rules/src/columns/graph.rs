//! What is computed for each row of one scope, as a graph without repetitions: every node knows the range its values lie in,
//! so that exactness in lanes is proven here, and whether a row may be doubtful (NaN) at it.

mod range;
mod tabulate;

use super::instruction::{Calendar, Pair, Test};
use measure::{Day, Month, Rounding};
pub(super) use range::Range;
use std::collections::BTreeMap;
use tabulate::Origin;

/// A node of its graph.
pub(super) type Id = u32;

/// What a node does with others of its graph. Constants `None` are doubtful: the row is evaluated exactly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Op {
    Constant(Option<i64>),
    /// The scope's column.
    Load(u16),
    Pair(Pair, Id, Id),
    /// `x * times + plus`.
    Scale(Id, i64, i64),
    /// `a * times_a + b * times_b`.
    Blend(Id, i64, Id, i64),
    /// `x * times / by` rounded.
    Round(Id, i64, i64, Mode),
    /// The same, doubtful where `x * times` is beyond what lanes hold.
    RoundChecked(Id, i64, i64, Mode),
    /// `(x * times) / (y * times_y)` rounded; `y` is above 0 or doubtful.
    Quotient {
        x: Id,
        times: i64,
        y: Id,
        times_y: i64,
        mode: Mode,
    },
    Compare(Test, Id, Id),
    Select {
        when: Id,
        a: Id,
        b: Id,
    },
    /// Cell `x - first` of a table.
    Lookup(Id, i64, u16),
    Calendar(Calendar, Id, Id),
    /// The value itself where it lies between, elsewhere doubtful.
    Within(Id, i64, i64),
    /// The enclosing scope's node: of the record's owner, or in a carry's step of the person.
    Outer(Id),
    /// In a carry's step: the record scope's node.
    Record(Id),
    /// In a carry's step: the value carried so far.
    Carried,
    /// A gathering over records or a carry, by its number in the plan.
    Sweep(u16),
}

/// A rounding mode with an order, for the table of known nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mode {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

impl Mode {
    pub(super) fn of(rounding: Rounding) -> Mode {
        match rounding {
            Rounding::HalfUp => Mode::HalfUp,
            Rounding::HalfEven => Mode::HalfEven,
            Rounding::Up => Mode::Up,
            Rounding::Down => Mode::Down,
        }
    }

    pub(super) fn rounding(self) -> Rounding {
        match self {
            Mode::HalfUp => Rounding::HalfUp,
            Mode::HalfEven => Rounding::HalfEven,
            Mode::Up => Rounding::Up,
            Mode::Down => Rounding::Down,
        }
    }
}

/// A node: what it does, the range of its values, and whether it may be NaN.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) op: Op,
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) doubtful: bool,
    origin: Origin,
}

/// The nodes of one scope; operands come before the nodes that use them.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The cells of tables looked up; none where a figure is not known.
    pub(super) tables: Vec<Vec<Option<i64>>>,
    known: BTreeMap<Op, Id>,
}

impl Graph {
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    pub(super) fn range(&self, id: Id) -> Range {
        let node = self.node(id);
        Range::new(node.low.into(), node.high.into())
    }

    pub(super) fn constant_of(&self, id: Id) -> Option<i64> {
        match self.node(id).op {
            Op::Constant(value) => value,
            _ => None,
        }
    }

    /// Adds a node unless it is there; a range that lanes cannot hold is guarded by a check.
    pub(super) fn add(&mut self, op: Op, range: Range, doubtful: bool) -> Id {
        let id = self.push(op, range, doubtful);
        let (low, high) = range.clipped();
        if range.fits() {
            id
        } else {
            self.push(Op::Within(id, low, high), range, true)
        }
    }

    fn push(&mut self, op: Op, range: Range, doubtful: bool) -> Id {
        if let Some(&id) = self.known.get(&op) {
            return id;
        }
        let (low, high) = range.clipped();
        let id = Id::try_from(self.nodes.len()).expect("a law has fewer than 2^32 steps");
        let origin = self.origin(&op, id);
        if let Some((lane, first, cells)) = self.tabulated(&op, origin) {
            let id = self.lookup(lane, first, cells);
            self.known.insert(op, id);
            return id;
        }
        self.nodes.push(Node {
            op: op.clone(),
            low,
            high,
            doubtful,
            origin,
        });
        self.known.insert(op, id);
        id
    }

    fn doubt(&self, ids: &[Id]) -> bool {
        ids.iter().any(|&id| self.node(id).doubtful)
    }

    pub(super) fn constant(&mut self, value: i64) -> Id {
        self.add(
            Op::Constant(Some(value)),
            Range::new(value.into(), value.into()),
            false,
        )
    }

    /// A value no row may trust.
    pub(super) fn refused(&mut self) -> Id {
        self.push(Op::Constant(None), Range::new(0, 0), true)
    }

    pub(super) fn scale(&mut self, x: Id, times: i64, plus: i64) -> Id {
        if (times == 1 && plus == 0) || self.refuses(x) {
            return x;
        }
        if let Some(value) = self.constant_of(x)
            && let Some(value) = value
                .checked_mul(times)
                .and_then(|value| value.checked_add(plus))
            && Range::new(value.into(), value.into()).fits()
        {
            return self.constant(value);
        }
        if let Some(scaled) =
            self.cellwise(x, x, |cell, _| cell.checked_mul(times)?.checked_add(plus))
        {
            return scaled;
        }
        if let Op::Scale(inner, inner_times, inner_plus) = self.node(x).op
            && let Some(folded) = inner_times.checked_mul(times)
            && let Some(shift) = inner_plus
                .checked_mul(times)
                .and_then(|shift| shift.checked_add(plus))
        {
            return self.scale(inner, folded, shift);
        }
        let range = self
            .range(x)
            .by(times)
            .plus(Range::new(plus.into(), plus.into()));
        let doubt = self.doubt(&[x]);
        self.add(Op::Scale(x, times, plus), range, doubt)
    }

    pub(super) fn blend(&mut self, a: Id, times_a: i64, b: Id, times_b: i64) -> Id {
        if let Some(refused) = self.refusing(&[a, b]) {
            return refused;
        }
        match (self.constant_of(a), self.constant_of(b)) {
            (_, Some(value)) if value.checked_mul(times_b).is_some() => {
                return self.scale(a, times_a, value * times_b);
            }
            (Some(value), _) if value.checked_mul(times_a).is_some() => {
                return self.scale(b, times_b, value * times_a);
            }
            _ => {}
        }
        let sum = |a: i64, b: i64| a.checked_mul(times_a)?.checked_add(b.checked_mul(times_b)?);
        if let Some(both) = self.cellwise(a, b, sum) {
            return both;
        }
        if (times_a, times_b) == (1, -1)
            && let Some(rest) = self.without(a, b)
        {
            return rest;
        }
        // Each product must be exact by itself, or a large one could hide behind the other.
        if !(self.range(a).by(times_a).fits() && self.range(b).by(times_b).fits()) {
            let (a, b) = (self.scale(a, times_a, 0), self.scale(b, times_b, 0));
            return self.blend(a, 1, b, 1);
        }
        let range = match self.remainder(a, times_a, b, times_b) {
            Some(range) => range,
            None => self.range(a).by(times_a).plus(self.range(b).by(times_b)),
        };
        let doubt = self.doubt(&[a, b]);
        if (times_a, times_b) == (1, 1) {
            return self.add(Op::Pair(Pair::Add, a.min(b), a.max(b)), range, doubt);
        }
        self.add(Op::Blend(a, times_a, b, times_b), range, doubt)
    }

    pub(super) fn multiply(&mut self, a: Id, b: Id) -> Id {
        if let Some(refused) = self.refusing(&[a, b]) {
            return refused;
        }
        if let Some(value) = self.constant_of(b) {
            return self.scale(a, value, 0);
        }
        if let Some(value) = self.constant_of(a) {
            return self.scale(b, value, 0);
        }
        if let Some(both) = self.cellwise(a, b, i64::checked_mul) {
            return both;
        }
        let range = self.range(a).times(self.range(b));
        let doubt = self.doubt(&[a, b]);
        self.add(Op::Pair(Pair::Multiply, a.min(b), a.max(b)), range, doubt)
    }

    pub(super) fn extreme(&mut self, op: Pair, a: Id, b: Id) -> Id {
        if let Some(refused) = self.refusing(&[a, b]) {
            return refused;
        }
        let (x, y) = (self.range(a), self.range(b));
        let doubt = self.doubt(&[a, b]);
        // One side always wins: nothing to compute. A doubtful side must still be able to say so.
        if !doubt {
            let (a_wins, b_wins) = match op {
                Pair::Min => (x.high <= y.low, y.high <= x.low),
                _ => (x.low >= y.high, y.low >= x.high),
            };
            if a_wins || b_wins {
                return if a_wins { a } else { b };
            }
        }
        let range = if op == Pair::Min {
            Range::new(x.low.min(y.low), x.high.min(y.high))
        } else {
            Range::new(x.low.max(y.low), x.high.max(y.high))
        };
        self.add(Op::Pair(op, a.min(b), a.max(b)), range, doubt)
    }

    /// `x * times / by`, rounded; `times` and `by` are above 0.
    pub(super) fn round(&mut self, x: Id, times: i64, by: i64, mode: Mode) -> Id {
        if by == 1 || self.refuses(x) {
            return self.scale(x, times, 0);
        }
        if let Some(value) = self.constant_of(x) {
            let rounded = divided(i128::from(value) * i128::from(times), by, mode);
            if let Ok(rounded) = i64::try_from(rounded) {
                return self.constant(rounded);
            }
        }
        let scaled = self.range(x).by(times);
        let (low, high) = scaled.clipped();
        let rounded = Range::new(
            divided(low.into(), by, mode),
            divided(high.into(), by, mode),
        );
        if scaled.fits() {
            let doubt = self.doubt(&[x]);
            return self.add(Op::Round(x, times, by, mode), rounded, doubt);
        }
        self.add(Op::RoundChecked(x, times, by, mode), rounded, true)
    }

    /// `(x * times) / (y * times_y)`, rounded; doubtful where `y` is not above 0.
    pub(super) fn quotient(&mut self, x: Id, times: i64, y: Id, times_y: i64, mode: Mode) -> Id {
        let x = self.scale(x, times, 0);
        let y = self.scale(y, times_y, 0);
        let y = self.positive(y);
        if let Some(refused) = self.refusing(&[x, y]) {
            return refused;
        }
        let (range, least) = (self.range(x), self.range(y).low.max(1));
        let far = range.low.abs().max(range.high.abs()) / least + 1;
        let low = if range.low < 0 { -far } else { 0 };
        let high = if range.high > 0 { far } else { 0 };
        let doubt = self.doubt(&[x, y]);
        self.add(
            Op::Quotient {
                x,
                times: 1,
                y,
                times_y: 1,
                mode,
            },
            Range::new(low, high),
            doubt,
        )
    }

    /// The value itself where it is above 0, elsewhere doubtful.
    pub(super) fn positive(&mut self, x: Id) -> Id {
        let range = self.range(x);
        if range.low > 0 {
            return x;
        }
        self.within(x, 1, i64::MAX)
    }

    pub(super) fn compare(&mut self, test: Test, a: Id, b: Id) -> Id {
        if let Some(refused) = self.refusing(&[a, b]) {
            return refused;
        }
        let doubt = self.doubt(&[a, b]);
        if !doubt && let Some(known) = settled(test, self.range(a), self.range(b)) {
            return self.constant(known.into());
        }
        self.add(Op::Compare(test, a, b), Range::new(0, 1), doubt)
    }

    pub(super) fn not(&mut self, x: Id) -> Id {
        self.scale(x, -1, 1)
    }

    pub(super) fn select(&mut self, when: Id, a: Id, b: Id) -> Id {
        let (x, y) = (self.range(a), self.range(b));
        let range = match (self.refuses(a), self.refuses(b)) {
            (true, _) => y,
            (_, true) => x,
            _ => Range::new(x.low.min(y.low), x.high.max(y.high)),
        };
        self.select_in(when, a, b, range)
    }

    fn select_in(&mut self, when: Id, a: Id, b: Id, range: Range) -> Id {
        match self.constant_of(when) {
            Some(0) => return b,
            Some(_) => return a,
            None if a == b && !self.node(when).doubtful => return a,
            None => {}
        }
        let doubt = self.doubt(&[when, a, b]);
        self.add(Op::Select { when, a, b }, range, doubt)
    }

    /// Whether no row may trust this value.
    pub(super) fn refuses(&self, id: Id) -> bool {
        self.node(id).op == Op::Constant(None)
    }

    fn refusing(&self, ids: &[Id]) -> Option<Id> {
        ids.iter().copied().find(|&id| self.refuses(id))
    }

    /// The value itself where it lies between, elsewhere doubtful.
    pub(super) fn within(&mut self, x: Id, low: i64, high: i64) -> Id {
        let node = self.node(x);
        if node.low >= low && node.high <= high {
            return x;
        }
        if self.refuses(x) {
            return x;
        }
        let (least, most) = (low.max(node.low), high.min(node.high));
        if least > most {
            return self.refused();
        }
        self.push(
            Op::Within(x, least, most),
            Range::new(least.into(), most.into()),
            true,
        )
    }

    pub(super) fn calendar(&mut self, ask: Calendar, x: Id, months: Id) -> Id {
        if let Some(refused) = self.refusing(&[x, months]) {
            return refused;
        }
        if ask == Calendar::MonthOfDay
            && let Some(month) = self.month_behind(x)
        {
            return month;
        }
        let doubt = self.doubt(&[x, months]);
        let node = self.node(x);
        let (low, high) = (node.low, node.high);
        let by = self.range(months);
        let range = match ask {
            Calendar::MonthOfDay => Range::new(month_of_day(low).into(), month_of_day(high).into()),
            Calendar::DayNumber => Range::new(1, 31),
            Calendar::FirstDayOfMonth => {
                Range::new(day_of_month(low).into(), day_of_month(high).into())
            }
            Calendar::AddMonths => Range::new(
                i128::from(low) + by.low * 31 - 31,
                i128::from(high) + by.high * 31 + 31,
            ),
        };
        self.add(Op::Calendar(ask, x, months), range, doubt)
    }
}

impl Graph {
    /// A table looked up at `x - first`; its ends stand for all beyond.
    pub(super) fn lookup(&mut self, x: Id, first: i64, cells: Vec<Option<i64>>) -> Id {
        if self.refuses(x) {
            return x;
        }
        if let Op::Scale(inner, 1, plus) = self.node(x).op {
            return self.lookup(inner, first - plus, cells);
        }
        let doubtful = self.doubt(&[x]) || cells.iter().any(Option::is_none);
        let set = || cells.iter().flatten().copied();
        let (low, high) = (set().min().unwrap_or(0), set().max().unwrap_or(0));
        if low == high && !doubtful {
            return self.constant(low);
        }
        let number = match self.tables.iter().position(|table| *table == cells) {
            Some(number) => number,
            None => {
                self.tables.push(cells);
                self.tables.len() - 1
            }
        };
        let number = u16::try_from(number).expect("a law has fewer than 2^16 tables");
        self.add(
            Op::Lookup(x, first, number),
            Range::new(low.into(), high.into()),
            doubtful,
        )
    }

    /// Arithmetic between cells of tables looked up at the same place is done once for each cell, not for each row.
    fn cellwise(&mut self, a: Id, b: Id, sum: impl Fn(i64, i64) -> Option<i64>) -> Option<Id> {
        let (Op::Lookup(x, first, one), Op::Lookup(y, other_first, other)) =
            (&self.node(a).op, &self.node(b).op)
        else {
            return None;
        };
        let (x, first) = (*x, *first);
        let (one, other) = (
            &self.tables[usize::from(*one)],
            &self.tables[usize::from(*other)],
        );
        if (x, first, one.len()) != (*y, *other_first, other.len()) {
            return None;
        }
        let mut cells = Vec::with_capacity(one.len());
        for (a, b) in one.iter().zip(other) {
            cells.push(match (a, b) {
                (Some(a), Some(b)) => {
                    let cell = sum(*a, *b)?;
                    if !Range::new(cell.into(), cell.into()).fits() {
                        return None;
                    }
                    Some(cell)
                }
                _ => None,
            });
        }
        Some(self.lookup(x, first, cells))
    }

    /// The range of what a division down leaves over: `a - by * floor(a / by)`.
    fn remainder(&self, a: Id, times_a: i64, b: Id, times_b: i64) -> Option<Range> {
        match self.node(b).op {
            Op::Round(x, 1, by, Mode::Down)
                if x == a && times_a == 1 && times_b == -by && self.node(a).low >= 0 =>
            {
                Some(Range::new(0, i128::from(by) - 1))
            }
            _ => None,
        }
    }

    /// What is left of a sum when one of its terms is taken away: a date moved by a length, less that date.
    fn without(&mut self, sum: Id, term: Id) -> Option<Id> {
        if self.node(term).doubtful {
            return None;
        }
        match self.node(sum).op {
            Op::Pair(Pair::Add, a, b) if b == term => Some(a),
            Op::Pair(Pair::Add, a, b) if a == term => Some(b),
            _ => None,
        }
    }

    /// The month of a month's first day, or of the day before it, without asking the calendar.
    fn month_behind(&mut self, day: Id) -> Option<Id> {
        match self.node(day).op {
            Op::Calendar(Calendar::FirstDayOfMonth, month, _) => Some(month),
            Op::Scale(first, 1, -1) => match self.node(first).op {
                Op::Calendar(Calendar::FirstDayOfMonth, month, _) => Some(self.scale(month, 1, -1)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn divided(value: i128, by: i64, mode: Mode) -> i128 {
    measure::divide(value, by.into(), mode.rounding()).unwrap_or(value)
}

fn settled(test: Test, a: Range, b: Range) -> Option<bool> {
    let single = a.low == a.high && b.low == b.high;
    match test {
        Test::Less if a.high < b.low => Some(true),
        Test::Less if a.low >= b.high => Some(false),
        Test::AtMost if a.high <= b.low => Some(true),
        Test::AtMost if a.low > b.high => Some(false),
        Test::Equal | Test::Different if a.high < b.low || b.high < a.low => {
            Some(test == Test::Different)
        }
        Test::Equal | Test::Different if single => Some((a.low == b.low) == (test == Test::Equal)),
        _ => None,
    }
}

/// A day's month index; days beyond the calendar count as its ends.
fn month_of_day(day: i64) -> i64 {
    let number = i32::try_from(day.clamp(first_day().into(), last_day().into())).unwrap_or(0);
    Day::from_number(number).map_or(0, |day| day.month().index().into())
}

/// A month's first day; months beyond the calendar count as its ends.
fn day_of_month(month: i64) -> i64 {
    let (first, last) = (1800 * 12, 2299 * 12 + 11);
    let index = i32::try_from(month.clamp(first, last)).unwrap_or(0);
    Month::from_index(index).map_or(0, |month| month.first_day().number().into())
}

/// The calendar's first day, 1800-01-01.
pub(super) fn first_day() -> i32 {
    Month::from_index(1800 * 12).map_or(0, |month| month.first_day().number())
}

/// The calendar's last day, 2299-12-31.
pub(super) fn last_day() -> i32 {
    Month::from_index(2299 * 12 + 11).map_or(0, |month| month.last_day().number())
}
