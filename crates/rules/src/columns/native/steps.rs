//! What a vector unit is to do: a program as steps, each with a value of its own, without registers yet.
//!
//! The program's instructions are taken apart into what processors do in one step. A step that was there already is not repeated, and
//! one between constants is done here. The lanes' proof (`lanes.rs`) holds for every value, so that three liberties can be taken which
//! change no result:
//!
//! - a product and a sum are one step (`MultiplyAdd`), which rounds once: where both are true, once is as good as twice;
//! - `floor(n / d)` of a known `d` is the floor of `n * fl(1/d) + fl(½/d)`, two steps instead of eight, for whole `n >= 0` with
//!   `n + d < 2^51`. The true `(n + ½) / d` lies between `q + ½/d` and `q + 1 - ½/d`; each term is off by less than 2^-53 of itself, and
//!   so is their sum: together less than `(q + 1) * 2^-52`, and `(q + 1) * d <= n + d < 2^51` makes that less than `½/d`. For negative `n`
//!   the same holds of sizes, as long as they are below 2^50;
//! - `floor(n / d)` of a `d` that differs from row to row is the floor of `(n + ½) / d`, by the same argument with one rounding, or with
//!   two of `(n + ½) * fl(1/d)`.
//!
//! Half up is the floor of `(2n + d) / 2d`, so a half is a quarter there: quarters below 2^51 are true too.

use crate::columns::instruction::Test;
use crate::columns::lanes::doubt;
use std::collections::BTreeMap;

/// The number of a step, and so of its value.
pub(super) type Value = usize;

/// One step. Order matters: of a NaN and a number, `Min` and `Max` give the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A number, by its bits.
    Constant(u64),
    /// What a column holds, as lanes.
    Column(u16),
    Add(Value, Value),
    Subtract(Value, Value),
    Multiply(Value, Value),
    Divide(Value, Value),
    Min(Value, Value),
    Max(Value, Value),
    /// `a * b + c`.
    MultiplyAdd(Value, Value, Value),
    /// `c - a * b`.
    MultiplyTake(Value, Value, Value),
    Floor(Value),
    /// Without its sign.
    Size(Value),
    /// The first with the sign of the second.
    Signed(Value, Value),
    /// `a` where the test of `x` and `y` holds, else `b`.
    Choose {
        test: Test,
        x: Value,
        y: Value,
        a: Value,
        b: Value,
    },
    /// The cell of a table that fits a vector, by an index from [`Steps::pick`].
    Pick(Value, u16),
    /// The cell of a table in memory; the place has been held between the first and the last.
    Gather(Value, u16),
}

impl Step {
    /// The same with other steps in the place of those it reads.
    pub(super) fn reading(&self, of: impl Fn(Value) -> Value) -> Step {
        match *self {
            Step::Constant(_) | Step::Column(_) => *self,
            Step::Add(a, b) => Step::Add(of(a), of(b)),
            Step::Subtract(a, b) => Step::Subtract(of(a), of(b)),
            Step::Multiply(a, b) => Step::Multiply(of(a), of(b)),
            Step::Divide(a, b) => Step::Divide(of(a), of(b)),
            Step::Min(a, b) => Step::Min(of(a), of(b)),
            Step::Max(a, b) => Step::Max(of(a), of(b)),
            Step::Signed(a, b) => Step::Signed(of(a), of(b)),
            Step::MultiplyAdd(a, b, c) => Step::MultiplyAdd(of(a), of(b), of(c)),
            Step::MultiplyTake(a, b, c) => Step::MultiplyTake(of(a), of(b), of(c)),
            Step::Floor(a) => Step::Floor(of(a)),
            Step::Size(a) => Step::Size(of(a)),
            Step::Pick(a, table) => Step::Pick(of(a), table),
            Step::Gather(a, table) => Step::Gather(of(a), table),
            Step::Choose { test, x, y, a, b } => Step::Choose {
                test,
                x: of(x),
                y: of(y),
                a: of(a),
                b: of(b),
            },
        }
    }

    /// The steps it reads.
    pub(super) fn reads(&self) -> Vec<Value> {
        match *self {
            Step::Constant(_) | Step::Column(_) => vec![],
            Step::Add(a, b)
            | Step::Subtract(a, b)
            | Step::Multiply(a, b)
            | Step::Divide(a, b)
            | Step::Min(a, b)
            | Step::Max(a, b)
            | Step::Signed(a, b) => vec![a, b],
            Step::MultiplyAdd(a, b, c) | Step::MultiplyTake(a, b, c) => vec![a, b, c],
            Step::Floor(a) | Step::Size(a) | Step::Pick(a, _) | Step::Gather(a, _) => vec![a],
            Step::Choose { x, y, a, b, .. } => vec![x, y, a, b],
        }
    }
}

/// What is handed out of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Out {
    /// The value as a whole number.
    Number,
    /// A bit for each row at which the value is NaN.
    Doubtful,
    /// A bit for each row at which the value is 0.
    Unmet,
}

/// One value handed out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handed {
    pub(super) out: Out,
    /// The nth of what the program keeps.
    pub(super) nth: u16,
    pub(super) value: Value,
}

/// Steps in an order of dependence.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<Step>,
    /// What is handed out, in order.
    pub(super) outs: Vec<Handed>,
    /// The cells of the tables that steps look into, by their bits.
    pub(super) tables: Vec<Vec<u64>>,
    known: BTreeMap<Step, Value>,
}

impl Steps {
    fn push(&mut self, step: Step) -> Value {
        if let Some(&known) = self.known.get(&step) {
            return known;
        }
        self.steps.push(step);
        self.known.insert(step, self.steps.len() - 1);
        self.steps.len() - 1
    }

    pub(super) fn hand_out(&mut self, out: Out, nth: u16, value: Value) {
        self.outs.push(Handed { out, nth, value });
    }

    pub(super) fn constant(&mut self, number: f64) -> Value {
        // Of the two zeros and the many NaN one will do.
        let number = if number == 0.0 { 0.0 } else { number };
        let number = if number.is_nan() { f64::NAN } else { number };
        self.push(Step::Constant(number.to_bits()))
    }

    pub(super) fn number_of(&self, value: Value) -> Option<f64> {
        match self.steps[value] {
            Step::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub(super) fn column(&mut self, column: u16) -> Value {
        self.push(Step::Column(column))
    }

    /// A constant second, and of two others the later: so the same sum twice is one step.
    fn ordered(&self, a: Value, b: Value) -> (Value, Value) {
        match (self.number_of(a), self.number_of(b)) {
            (Some(_), None) => (b, a),
            (None, Some(_)) => (a, b),
            _ => (a.min(b), a.max(b)),
        }
    }

    pub(super) fn add(&mut self, a: Value, b: Value) -> Value {
        let (a, b) = self.ordered(a, b);
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => return self.constant(a + b),
            (_, Some(0.0)) => return a,
            _ => {}
        }
        match (self.steps[a], self.steps[b]) {
            (Step::Multiply(x, y), _) => self.push(Step::MultiplyAdd(x, y, b)),
            (_, Step::Multiply(x, y)) => self.push(Step::MultiplyAdd(x, y, a)),
            _ => self.push(Step::Add(a, b)),
        }
    }

    pub(super) fn subtract(&mut self, a: Value, b: Value) -> Value {
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => self.constant(a - b),
            (_, Some(number)) => {
                let turned = self.constant(-number);
                self.add(a, turned)
            }
            _ => self.push(Step::Subtract(a, b)),
        }
    }

    pub(super) fn multiply(&mut self, a: Value, b: Value) -> Value {
        let (a, b) = self.ordered(a, b);
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => self.constant(a * b),
            (_, Some(1.0)) => a,
            _ => self.push(Step::Multiply(a, b)),
        }
    }

    pub(super) fn divide(&mut self, a: Value, b: Value) -> Value {
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => self.constant(a / b),
            _ => self.push(Step::Divide(a, b)),
        }
    }

    /// `a * b + c`.
    pub(super) fn multiply_add(&mut self, a: Value, b: Value, c: Value) -> Value {
        let (a, b) = self.ordered(a, b);
        match (self.number_of(a), self.number_of(b), self.number_of(c)) {
            (Some(a), Some(b), Some(c)) => self.constant(a.mul_add(b, c)),
            (_, Some(1.0), _) => self.add(a, c),
            (_, _, Some(0.0)) => self.multiply(a, b),
            _ => self.push(Step::MultiplyAdd(a, b, c)),
        }
    }

    /// `c - a * b`.
    pub(super) fn multiply_take(&mut self, a: Value, b: Value, c: Value) -> Value {
        let (a, b) = self.ordered(a, b);
        self.push(Step::MultiplyTake(a, b, c))
    }

    pub(super) fn min(&mut self, a: Value, b: Value) -> Value {
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => self.constant(if a < b { a } else { b }),
            _ => self.push(Step::Min(a, b)),
        }
    }

    pub(super) fn max(&mut self, a: Value, b: Value) -> Value {
        match (self.number_of(a), self.number_of(b)) {
            (Some(a), Some(b)) => self.constant(if a > b { a } else { b }),
            _ => self.push(Step::Max(a, b)),
        }
    }

    pub(super) fn floor(&mut self, x: Value) -> Value {
        match self.number_of(x) {
            Some(x) => self.constant(x.floor()),
            None => self.push(Step::Floor(x)),
        }
    }

    pub(super) fn size(&mut self, x: Value) -> Value {
        match self.number_of(x) {
            Some(x) => self.constant(x.abs()),
            None => self.push(Step::Size(x)),
        }
    }

    pub(super) fn signed(&mut self, size: Value, of: Value) -> Value {
        self.push(Step::Signed(size, of))
    }

    pub(super) fn choose(
        &mut self,
        test: Test,
        (x, y): (Value, Value),
        (a, b): (Value, Value),
    ) -> Value {
        if let (Some(x), Some(y)) = (self.number_of(x), self.number_of(y)) {
            let holds = match test {
                Test::Less => x < y,
                Test::AtMost => x <= y,
                Test::Equal => x == y,
                Test::Different => x != y,
            };
            return if holds { a } else { b };
        }
        self.push(Step::Choose { test, x, y, a, b })
    }

    /// 0 for a number, NaN for NaN.
    pub(super) fn doubt(&mut self, x: Value) -> Value {
        match self.number_of(x) {
            Some(x) => self.constant(doubt(x)),
            None => self.push(Step::Subtract(x, x)),
        }
    }

    /// The value with the doubt of another.
    pub(super) fn doubted(&mut self, value: Value, by: Value) -> Value {
        let doubt = self.doubt(by);
        self.add(value, doubt)
    }

    pub(super) fn pick(&mut self, index: Value, cells: &[f64]) -> Value {
        let table = self.table(cells);
        self.push(Step::Pick(index, table))
    }

    pub(super) fn gather(&mut self, place: Value, cells: &[f64]) -> Value {
        let table = self.table(cells);
        self.push(Step::Gather(place, table))
    }

    fn table(&mut self, cells: &[f64]) -> u16 {
        let cells: Vec<u64> = cells.iter().map(|cell| cell.to_bits()).collect();
        let place = self.tables.iter().position(|table| *table == cells);
        let place = place.unwrap_or_else(|| {
            self.tables.push(cells);
            self.tables.len() - 1
        });
        u16::try_from(place).expect("a program has fewer than 2^16 tables")
    }

    /// `n / by`, but for one more rounding: a product, where `by` is picked from a table and one over it can be picked too.
    pub(super) fn share(&mut self, n: Value, by: Value) -> Value {
        let Step::Pick(index, table) = self.steps[by] else {
            return self.divide(n, by);
        };
        let cells = self.tables[usize::from(table)].iter();
        let turned: Vec<f64> = cells.map(|bits| 1.0 / f64::from_bits(*bits)).collect();
        let turned = self.pick(index, &turned);
        self.multiply(n, turned)
    }

    /// `floor((n * times + plus) / by)` for `n * times >= 0` below the lanes' limit and `plus < by`.
    pub(super) fn floor_of(&mut self, n: Value, times: f64, plus: f64, by: f64) -> Value {
        if 0.0 < by && by <= TWO_49 {
            let (share, shift) = (self.constant(times / by), self.constant((plus + 0.5) / by));
            let quotient = self.multiply_add(n, share, shift);
            return self.floor(quotient);
        }
        // As the interpreter does it: the nearest whole number, and one less where that was too many.
        let (times, plus) = (self.constant(times), self.constant(plus));
        let t = self.multiply_add(n, times, plus);
        let (inverse, by) = (self.constant(1.0 / by), self.constant(by));
        let quotient = self.multiply(t, inverse);
        self.corrected(t, quotient, by)
    }

    /// The floor of `t / by`, where `quotient` is that but for a rounding.
    pub(super) fn corrected(&mut self, t: Value, quotient: Value, by: Value) -> Value {
        let (nearest, back) = (self.constant(NEAREST), self.constant(-NEAREST));
        // Not `add`: these two roundings are meant.
        let shifted = self.push(Step::Add(quotient, nearest));
        let q = self.push(Step::Add(shifted, back));
        let rest = self.multiply_take(q, by, t);
        let (zero, less) = (self.constant(0.0), self.constant(-1.0));
        let fewer = self.add(q, less);
        self.choose(Test::Less, (rest, zero), (fewer, q))
    }
}

const TWO_49: f64 = 562_949_953_421_312.0;
const NEAREST: f64 = 6_755_399_441_055_744.0;
