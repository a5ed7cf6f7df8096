//! From a program's instructions to steps.

use super::steps::{Out, Step, Steps, Value};
use crate::columns::instruction::{Calendar, Dense, Operand, Operation, Pair, Register, Test};
use crate::columns::program::{Part, Program};
use measure::Rounding;

/// Lanes hold whole numbers smaller than this in size.
const LIMIT: f64 = 1_125_899_906_842_624.0;

/// Lanes of a vector.
pub(super) const LANES: usize = 4;

/// Whether this processor has all the instructions used.
pub(super) fn is_possible() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}

/// The steps of a program of rows, `answers` of which are asked for and the rest required; none if records must be gathered.
pub(super) fn steps(program: &Program, answers: usize) -> Option<Steps> {
    let mut lowering = Lowering {
        program,
        registers: vec![None; program.registers],
        steps: Steps::default(),
    };
    for part in &program.parts {
        match *part {
            Part::Load { column, to } => {
                let value = lowering.steps.column(column);
                lowering.registers[usize::from(to)] = Some(value);
            }
            Part::Run { start, end } => {
                for instruction in &program.code[start..end] {
                    let value = lowering.operation(&instruction.what);
                    lowering.registers[usize::from(instruction.to)] = Some(value);
                }
            }
            Part::Keep {
                nth,
                from,
                doubtful,
            } => {
                let value = lowering.operand(from);
                let out = if usize::from(nth) < answers {
                    Out::Number
                } else {
                    Out::Unmet
                };
                lowering.steps.hand_out(out, nth, value);
                if doubtful {
                    lowering.steps.hand_out(Out::Doubtful, nth, value);
                }
            }
            Part::Outer { .. }
            | Part::Record { .. }
            | Part::Carried { .. }
            | Part::Sweeps { .. } => {
                return None;
            }
        }
    }
    Some(lowering.steps)
}

struct Lowering<'a> {
    program: &'a Program,
    registers: Vec<Option<Value>>,
    steps: Steps,
}

impl Lowering<'_> {
    fn at(&self, register: Register) -> Value {
        self.registers[usize::from(register)].expect("a register is written before it is read")
    }

    fn operand(&mut self, operand: Operand) -> Value {
        match operand {
            Operand::Register(register) => self.at(register),
            Operand::Constant(number) => self.steps.constant(number),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table: an arm an operation")]
    fn operation(&mut self, operation: &Operation) -> Value {
        match *operation {
            Operation::Pair { op, guarded, a, b } => {
                let (a, b) = (self.operand(a), self.operand(b));
                self.pair(op, guarded, a, b)
            }
            Operation::Scale { x, times, plus } => {
                let x = self.at(x);
                let (times, plus) = (self.steps.constant(times), self.steps.constant(plus));
                self.steps.multiply_add(x, times, plus)
            }
            Operation::Clamp { x, low, high } => {
                let (x, low, high) = (self.at(x), self.operand(low), self.operand(high));
                let least = self.steps.max(x, low);
                self.steps.min(least, high)
            }
            Operation::Blend {
                a,
                times_a,
                b,
                times_b,
            } => {
                let (a, b) = (self.at(a), self.at(b));
                // The one that is not multiplied is added to the other's product.
                let ((a, times_a), (b, times_b)) = if times_b == 1.0 {
                    ((a, times_a), (b, times_b))
                } else {
                    ((b, times_b), (a, times_a))
                };
                let (times_a, times_b) =
                    (self.steps.constant(times_a), self.steps.constant(times_b));
                let b = self.steps.multiply(b, times_b);
                self.steps.multiply_add(a, times_a, b)
            }
            Operation::Divide {
                x,
                times,
                plus,
                by,
                checked,
            } => {
                let x = self.at(x);
                self.divide(x, times, (plus, by), checked)
            }
            Operation::MultiplyDivide {
                a,
                b,
                times,
                plus,
                by,
                checked,
            } => {
                let (a, b) = (self.at(a), self.at(b));
                let product = self.steps.multiply(a, b);
                self.divide(product, times, (plus, by), checked)
            }
            Operation::Round {
                x,
                times,
                by,
                mode,
                checked,
            } => {
                let x = self.at(x);
                self.round(x, times, by, (mode, checked))
            }
            Operation::Quotient {
                x,
                times,
                y,
                times_y,
                mode,
                signed,
                brief,
            } => {
                let (x, y) = (self.operand(x), self.at(y));
                let (times, times_y) = (self.steps.constant(times), self.steps.constant(times_y));
                let t = self.steps.multiply(x, times);
                let by = self.steps.multiply(y, times_y);
                self.quotient(t, by, mode, signed, brief)
            }
            Operation::Compare {
                test,
                guarded,
                a,
                b,
            } => {
                let (a, b) = (self.operand(a), self.operand(b));
                let (one, zero) = (self.steps.constant(1.0), self.steps.constant(0.0));
                let truth = self.steps.choose(test, (a, b), (one, zero));
                if !guarded {
                    return truth;
                }
                let truth = self.steps.doubted(truth, a);
                self.steps.doubted(truth, b)
            }
            Operation::Select {
                when,
                guarded,
                a,
                b,
            } => {
                let (when, a, b) = (self.at(when), self.operand(a), self.operand(b));
                self.select(when, guarded, (a, b))
            }
            Operation::SelectBy { test, x, y, a, b } => {
                let (x, y) = (self.operand(x), self.operand(y));
                let (a, b) = (self.operand(a), self.operand(b));
                self.steps.choose(test, (x, y), (a, b))
            }
            Operation::Lookup {
                x,
                first,
                table,
                inside,
            } => {
                let x = self.at(x);
                self.look_up(x, first, table, inside)
            }
            Operation::Calendar { ask, x, months } => {
                let (x, months) = (self.at(x), self.operand(months));
                match ask {
                    Calendar::MonthOfDay => self.month_and_day(x).0,
                    Calendar::DayNumber => self.month_and_day(x).1,
                    Calendar::FirstDayOfMonth => self.first_day(x),
                    Calendar::AddMonths => self.add_months(x, months),
                }
            }
            Operation::Within { x, low, high } => {
                let mut x = self.at(x);
                let refused = self.steps.constant(f64::NAN);
                if high.is_finite() {
                    let high = self.steps.constant(high);
                    x = self.steps.choose(Test::AtMost, (x, high), (x, refused));
                }
                if low.is_finite() {
                    let low = self.steps.constant(low);
                    x = self.steps.choose(Test::AtMost, (low, x), (x, refused));
                }
                x
            }
        }
    }

    fn pair(&mut self, op: Pair, guarded: bool, a: Value, b: Value) -> Value {
        let steps = &mut self.steps;
        let value = match op {
            Pair::Add => return steps.add(a, b),
            Pair::Multiply => return steps.multiply(a, b),
            Pair::Min => steps.min(a, b),
            Pair::Max => steps.max(a, b),
        };
        // The second's NaN comes out by itself.
        if guarded {
            steps.doubted(value, a)
        } else {
            value
        }
    }

    fn divide(&mut self, x: Value, times: f64, (plus, by): (f64, f64), checked: bool) -> Value {
        if !checked {
            return self.steps.floor_of(x, times, plus, by);
        }
        let trusted = self.trusted(x, times, false);
        self.steps.floor_of(trusted, 1.0, plus, by)
    }

    /// `x * times` while lanes hold it, otherwise NaN.
    fn trusted(&mut self, x: Value, times: f64, signed: bool) -> Value {
        let times = self.steps.constant(times);
        let t = self.steps.multiply(x, times);
        let size = if signed { self.steps.size(t) } else { t };
        let (limit, refused) = (self.steps.constant(LIMIT), self.steps.constant(f64::NAN));
        self.steps.choose(Test::Less, (size, limit), (t, refused))
    }

    fn round(&mut self, x: Value, times: f64, by: f64, (mode, checked): (Rounding, bool)) -> Value {
        let t = if checked {
            self.trusted(x, times, true)
        } else {
            let times = self.steps.constant(times);
            self.steps.multiply(x, times)
        };
        let size = self.steps.size(t);
        let half = (by / 2.0).floor();
        let plus = match mode {
            Rounding::HalfUp | Rounding::HalfEven => half,
            Rounding::Up => by - 1.0,
            Rounding::Down => 0.0,
        };
        let mut q = self.steps.floor_of(size, 1.0, plus, by);
        if mode == Rounding::HalfEven {
            let by = self.steps.constant(by);
            q = self.even(q, size, by);
        }
        self.steps.signed(q, t)
    }

    /// Half up went one too far exactly when the remainder was half and the result is odd.
    fn even(&mut self, q: Value, size: Value, by: Value) -> Value {
        let steps = &mut self.steps;
        let (zero, one, two) = (
            steps.constant(0.0),
            steps.constant(1.0),
            steps.constant(2.0),
        );
        let half = steps.floor_of(q, 1.0, 0.0, 2.0);
        let odd = steps.multiply_take(half, two, q);
        let fewer = steps.subtract(q, one);
        let to_even = steps.choose(Test::Different, (odd, zero), (fewer, q));
        let short = steps.multiply_take(q, by, size);
        let minus_two = steps.constant(-2.0);
        let twice = steps.multiply(short, minus_two);
        steps.choose(Test::Equal, (twice, by), (to_even, q))
    }

    /// `t / by` rounded symmetrically; `by` is above 0 or NaN.
    fn quotient(
        &mut self,
        t: Value,
        by: Value,
        mode: Rounding,
        signed: bool,
        brief: bool,
    ) -> Value {
        let steps = &mut self.steps;
        let signed = signed || mode == Rounding::HalfEven;
        let size = if signed { steps.size(t) } else { t };
        // What is added to the size, beside a share of the divisor.
        let (half, one) = (steps.constant(0.5), steps.constant(1.0));
        let whole = |steps: &mut Steps, n: Value, by: Value| {
            let quotient = steps.divide(n, by);
            steps.corrected(n, quotient, by)
        };
        let mut q = match (mode, brief) {
            (Rounding::HalfUp, true) => {
                let quarter = steps.constant(0.25);
                let n = steps.add(size, quarter);
                let n = steps.multiply_add(by, half, n);
                let quotient = steps.divide(n, by);
                steps.floor(quotient)
            }
            (Rounding::Up, true) => {
                let less = steps.constant(-0.5);
                let n = steps.add(size, less);
                let n = steps.add(n, by);
                let quotient = steps.share(n, by);
                steps.floor(quotient)
            }
            (Rounding::Down, true) => {
                let n = steps.add(size, half);
                let quotient = steps.share(n, by);
                steps.floor(quotient)
            }
            (Rounding::HalfUp, false) => {
                let twice = steps.add(size, size);
                let n = steps.add(twice, by);
                let by = steps.add(by, by);
                whole(steps, n, by)
            }
            (Rounding::Up, false) => {
                let less = steps.subtract(by, one);
                let n = steps.add(size, less);
                whole(steps, n, by)
            }
            (Rounding::Down, false) => whole(steps, size, by),
            (Rounding::HalfEven, _) => {
                let half_of_by = steps.multiply(by, half);
                let bias = steps.floor(half_of_by);
                let n = steps.add(size, bias);
                whole(steps, n, by)
            }
        };
        if mode == Rounding::HalfEven {
            q = self.even(q, size, by);
        }
        if signed { self.steps.signed(q, t) } else { q }
    }

    fn select(&mut self, when: Value, guarded: bool, (a, b): (Value, Value)) -> Value {
        let steps = &mut self.steps;
        let (one, zero) = (steps.constant(1.0), steps.constant(0.0));
        let chosen = match steps.steps[when] {
            // A truth just found need not be asked whether it is one.
            Step::Choose {
                test,
                x,
                y,
                a: yes,
                b: no,
            } if (yes, no) == (one, zero) => steps.choose(test, (x, y), (a, b)),
            _ => steps.choose(Test::Different, (when, zero), (a, b)),
        };
        if guarded {
            steps.doubted(chosen, when)
        } else {
            chosen
        }
    }

    fn look_up(&mut self, x: Value, first: f64, table: u16, inside: bool) -> Value {
        let cells: &Dense = &self.program.tables[usize::from(table)];
        let few = cells.cells.len() <= LANES;
        let steps = &mut self.steps;
        let (zero, last) = (steps.constant(0.0), steps.constant(cells.last));
        let shift = steps.constant(-first);
        let from_first = steps.add(x, shift);
        let place = if inside && few {
            from_first
        } else {
            let place = steps.max(from_first, zero);
            steps.min(place, last)
        };
        let cell = if few {
            let times = steps.constant(HALVES);
            let index = if inside {
                let plus = steps.constant((-first).mul_add(HALVES, HALVES_FROM));
                steps.multiply_add(x, times, plus)
            } else {
                let plus = steps.constant(HALVES_FROM);
                steps.multiply_add(place, times, plus)
            };
            steps.pick(index, &cells.cells)
        } else {
            steps.gather(place, &cells.cells)
        };
        if inside { cell } else { steps.doubted(cell, x) }
    }
}

/// As `calendar.rs` does it, whose tests go through every day.
impl Lowering<'_> {
    fn whole(&mut self, x: Value, by: f64) -> Value {
        self.steps.floor_of(x, 1.0, 0.0, by)
    }

    fn plus(&mut self, x: Value, number: f64) -> Value {
        let number = self.steps.constant(number);
        self.steps.add(x, number)
    }

    /// `a * times + b`.
    fn times_plus(&mut self, a: Value, times: f64, b: Value) -> Value {
        let times = self.steps.constant(times);
        self.steps.multiply_add(a, times, b)
    }

    fn month_and_day(&mut self, day: Value) -> (Value, Value) {
        let since = self.plus(day, SHIFT);
        let era = self.whole(since, 146_097.0);
        let in_era = self.times_plus(era, -146_097.0, since);
        let fourths = self.whole(in_era, 1_460.0);
        let hundredths = self.whole(in_era, 36_524.0);
        let last = self.whole(in_era, 146_096.0);
        let days = self.steps.subtract(in_era, fourths);
        let days = self.steps.add(days, hundredths);
        let days = self.steps.subtract(days, last);
        let year = self.whole(days, 365.0);
        let (leap, none) = (self.whole(year, 4.0), self.whole(year, 100.0));
        let before = self.times_plus(year, 365.0, leap);
        let before = self.steps.subtract(before, none);
        let in_year = self.steps.subtract(in_era, before);
        let from_march = self.steps.floor_of(in_year, 5.0, 2.0, 153.0);
        let month_before = self.steps.floor_of(from_march, 153.0, 2.0, 5.0);
        let in_month = self.steps.subtract(in_year, month_before);
        let in_month = self.plus(in_month, 1.0);
        let years = self.times_plus(era, 400.0, year);
        let month = self.plus(from_march, 2.0);
        (self.times_plus(years, 12.0, month), in_month)
    }

    fn first_day(&mut self, month: Value) -> Value {
        let from_march = self.plus(month, -2.0);
        let year = self.whole(from_march, 12.0);
        let month = self.times_plus(year, -12.0, from_march);
        let era = self.whole(year, 400.0);
        let in_era = self.times_plus(era, -400.0, year);
        let in_year = self.steps.floor_of(month, 153.0, 2.0, 5.0);
        let (leap, none) = (self.whole(in_era, 4.0), self.whole(in_era, 100.0));
        let days = self.plus(in_year, -SHIFT);
        let days = self.times_plus(era, 146_097.0, days);
        let days = self.times_plus(in_era, 365.0, days);
        let days = self.steps.add(days, leap);
        self.steps.subtract(days, none)
    }

    fn add_months(&mut self, day: Value, months: Value) -> Value {
        let (month, in_month) = self.month_and_day(day);
        let month = self.steps.add(month, months);
        let first = self.first_day(month);
        let after = self.plus(month, 1.0);
        let next = self.first_day(after);
        let length = self.steps.subtract(next, first);
        let in_month = self.steps.min(in_month, length);
        let later = self.steps.add(first, in_month);
        self.plus(later, -1.0)
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const SHIFT: f64 = 719_468.0;

/// A place times this, and [`HALVES_FROM`] added, has twice the place in its lower half and one more in its upper: where the two
/// halves of the cell lie. The second adds 2^52, which leaves whole numbers in the last bits.
const HALVES: f64 = 8_589_934_594.0;
const HALVES_FROM: f64 = 4_503_599_627_370_496.0 + 4_294_967_296.0;
