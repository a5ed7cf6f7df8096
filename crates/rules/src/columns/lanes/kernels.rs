//! What each instruction does to a chunk: loops of a fixed length without branches, which the compiler turns into vectors.
//! Everything is inlined into the interpreter's loop, so that it is compiled anew for each width of vectors.

use super::{CHUNK, Chunk, LIMIT_LANE, Lanes, NEAREST};
use crate::columns::calendar;
use crate::columns::instruction::{Calendar, Operand, Pair, Register, Test};
use measure::Rounding;

#[inline(always)]
pub(super) fn one(x: &Chunk, out: &mut Chunk, f: impl Fn(f64) -> f64) {
    for i in 0..CHUNK {
        out[i] = f(x[i]);
    }
}

#[inline(always)]
pub(super) fn two(x: &Chunk, y: &Chunk, out: &mut Chunk, f: impl Fn(f64, f64) -> f64) {
    for i in 0..CHUNK {
        out[i] = f(x[i], y[i]);
    }
}

/// Either side may be a constant; each combination is its own loop.
#[inline(always)]
pub(super) fn pair(
    registers: &[Box<Lanes>],
    a: Operand,
    b: Operand,
    out: &mut Chunk,
    f: impl Fn(f64, f64) -> f64,
) {
    match (a, b) {
        (Operand::Register(a), Operand::Register(b)) => {
            two(at(registers, a), at(registers, b), out, f);
        }
        (Operand::Register(a), Operand::Constant(b)) => one(at(registers, a), out, |a| f(a, b)),
        (Operand::Constant(a), Operand::Register(b)) => one(at(registers, b), out, |b| f(a, b)),
        (Operand::Constant(a), Operand::Constant(b)) => out.fill(f(a, b)),
    }
}

/// Three sides, each of the last two perhaps a constant.
#[inline(always)]
pub(super) fn choose(
    registers: &[Box<Lanes>],
    x: &Chunk,
    (a, b): (Operand, Operand),
    out: &mut Chunk,
    f: impl Fn(f64, f64, f64) -> f64,
) {
    match (a, b) {
        (Operand::Register(a), Operand::Register(b)) => {
            let (a, b) = (at(registers, a), at(registers, b));
            for i in 0..CHUNK {
                out[i] = f(x[i], a[i], b[i]);
            }
        }
        (Operand::Register(a), Operand::Constant(b)) => {
            two(x, at(registers, a), out, |x, a| f(x, a, b));
        }
        (Operand::Constant(a), Operand::Register(b)) => {
            two(x, at(registers, b), out, |x, b| f(x, a, b));
        }
        (Operand::Constant(a), Operand::Constant(b)) => one(x, out, |x| f(x, a, b)),
    }
}

#[inline(always)]
pub(super) fn at(registers: &[Box<Lanes>], register: Register) -> &Chunk {
    &registers[usize::from(register)].0
}

/// 0 for every number and NaN for NaN: added to a result, it passes doubt on.
#[inline(always)]
#[expect(clippy::eq_op, reason = "NaN differs from itself")]
pub(in crate::columns) fn doubt(x: f64) -> f64 {
    x - x
}

#[inline(always)]
pub(super) fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// `floor(t / by)`; the proof stands at the top of the file.
#[inline(always)]
pub(in crate::columns) fn floor_divide(t: f64, by: f64, inverse: f64) -> f64 {
    let q = (t * inverse + NEAREST) - NEAREST;
    if t - q * by < 0.0 { q - 1.0 } else { q }
}

/// The value itself while lanes hold it, otherwise NaN.
#[inline(always)]
pub(super) fn trusted(value: f64) -> f64 {
    if value.abs() < LIMIT_LANE {
        value
    } else {
        f64::NAN
    }
}

/// What is added to a size before it is divided down, so that the quotient comes out rounded; not for half even.
#[inline(always)]
pub(super) fn bias(by: f64, mode: Rounding) -> f64 {
    match mode {
        Rounding::HalfUp | Rounding::HalfEven => floor_divide(by, 2.0, 0.5),
        Rounding::Up => by - 1.0,
        Rounding::Down => 0.0,
    }
}

/// `t / by` rounded symmetrically about zero.
#[inline(always)]
pub(super) fn rounded(t: f64, by: f64, inverse: f64, even: bool, bias: f64) -> f64 {
    let size = t.abs();
    let mut q = floor_divide(size + bias, by, inverse);
    if even {
        // Half up went one too far exactly when the remainder was half and the result is odd.
        let tie = 2.0 * (q * by - size) == by;
        let odd = q - 2.0 * floor_divide(q, 2.0, 0.5) != 0.0;
        q = if tie & odd { q - 1.0 } else { q };
    }
    with_sign(q, t)
}

#[inline(always)]
pub(super) fn compare(
    registers: &[Box<Lanes>],
    test: Test,
    guarded: bool,
    (a, b): (Operand, Operand),
    out: &mut Chunk,
) {
    match (test, guarded) {
        (Test::Less, false) => pair(registers, a, b, out, |a, b| truth(a < b)),
        (Test::AtMost, false) => pair(registers, a, b, out, |a, b| truth(a <= b)),
        (Test::Equal, false) => pair(registers, a, b, out, |a, b| truth(a == b)),
        (Test::Different, false) => pair(registers, a, b, out, |a, b| truth(a != b)),
        (Test::Less, true) => pair(registers, a, b, out, |a, b| {
            truth(a < b) + doubt(a) + doubt(b)
        }),
        (Test::AtMost, true) => pair(registers, a, b, out, |a, b| {
            truth(a <= b) + doubt(a) + doubt(b)
        }),
        (Test::Equal, true) => pair(registers, a, b, out, |a, b| {
            truth(a == b) + doubt(a) + doubt(b)
        }),
        (Test::Different, true) => pair(registers, a, b, out, |a, b| {
            truth(a != b) + doubt(a) + doubt(b)
        }),
    }
}

#[inline(always)]
pub(super) fn arithmetic(
    registers: &[Box<Lanes>],
    op: Pair,
    guarded: bool,
    (a, b): (Operand, Operand),
    out: &mut Chunk,
) {
    match (op, guarded) {
        (Pair::Add, _) => pair(registers, a, b, out, |a, b| a + b),
        (Pair::Multiply, _) => pair(registers, a, b, out, |a, b| a * b),
        (Pair::Min, false) => pair(registers, a, b, out, |a, b| if a < b { a } else { b }),
        (Pair::Max, false) => pair(registers, a, b, out, |a, b| if a > b { a } else { b }),
        (Pair::Min, true) => pair(registers, a, b, out, |a, b| {
            (if a < b { a } else { b }) + doubt(a) + doubt(b)
        }),
        (Pair::Max, true) => pair(registers, a, b, out, |a, b| {
            (if a > b { a } else { b }) + doubt(a) + doubt(b)
        }),
    }
}

/// As [`floor_divide`], where the divisor differs from row to row.
#[inline(always)]
pub(super) fn floor_quotient(t: f64, by: f64) -> f64 {
    let q = (t / by + NEAREST) - NEAREST;
    if t - q * by < 0.0 { q - 1.0 } else { q }
}

/// A fraction rounded. Half up is the floor of `(2t + by) / 2by`: no bias is to be halved row by row.
#[inline(always)]
pub(super) fn quotient(
    registers: &[Box<Lanes>],
    x: (Operand, f64),
    y: (Register, f64),
    mode: Rounding,
    signed: bool,
    out: &mut Chunk,
) {
    let ((x, times), (y, times_y)) = (x, (Operand::Register(y.0), y.1));
    let whole = |t: f64, by: f64| floor_quotient(t, by);
    match (mode, signed) {
        (Rounding::HalfUp, false) => {
            let (twice, by_twice) = (2.0 * times, 2.0 * times_y);
            pair(registers, x, y, out, |x, y| {
                whole(x * twice + y * times_y, y * by_twice)
            });
        }
        (Rounding::Up, false) => pair(registers, x, y, out, |x, y| {
            whole(x * times + (y * times_y - 1.0), y * times_y)
        }),
        (Rounding::Down, false) => pair(registers, x, y, out, |x, y| whole(x * times, y * times_y)),
        (Rounding::HalfUp, true) => pair(registers, x, y, out, |x, y| {
            let (t, by) = (x * times, y * times_y);
            with_sign(whole(t.abs() + t.abs() + by, by + by), t)
        }),
        (Rounding::Up, true) => pair(registers, x, y, out, |x, y| {
            let (t, by) = (x * times, y * times_y);
            with_sign(whole(t.abs() + (by - 1.0), by), t)
        }),
        (Rounding::Down, true) => pair(registers, x, y, out, |x, y| {
            let (t, by) = (x * times, y * times_y);
            with_sign(whole(t.abs(), by), t)
        }),
        (Rounding::HalfEven, _) => pair(registers, x, y, out, |x, y| {
            let (t, by) = (x * times, y * times_y);
            rounded(t, by, 1.0 / by, true, floor_quotient(by, 2.0))
        }),
    }
}

#[inline(always)]
pub(super) fn with_sign(size: f64, of: f64) -> f64 {
    if of < 0.0 { -size } else { size }
}

/// A comparison and a choice in one sweep.
#[inline(always)]
pub(super) fn select_by(
    registers: &[Box<Lanes>],
    test: Test,
    sides: (Operand, Operand),
    choices: (Operand, Operand),
    out: &mut Chunk,
) {
    match test {
        Test::Less => choose_by(registers, sides, choices, out, |x, y| x < y),
        Test::AtMost => choose_by(registers, sides, choices, out, |x, y| x <= y),
        Test::Equal => choose_by(registers, sides, choices, out, |x, y| x == y),
        Test::Different => choose_by(registers, sides, choices, out, |x, y| x != y),
    }
}

#[inline(always)]
pub(super) fn choose_by(
    registers: &[Box<Lanes>],
    (x, y): (Operand, Operand),
    (a, b): (Operand, Operand),
    out: &mut Chunk,
    test: impl Fn(f64, f64) -> bool,
) {
    match (x, y) {
        (Operand::Register(x), Operand::Constant(y)) => {
            choose(registers, at(registers, x), (a, b), out, |x, a, b| {
                if test(x, y) { a } else { b }
            });
        }
        (Operand::Constant(x), Operand::Register(y)) => {
            choose(registers, at(registers, y), (a, b), out, |y, a, b| {
                if test(x, y) { a } else { b }
            });
        }
        (Operand::Register(x), Operand::Register(y)) => {
            let (x, y) = (at(registers, x), at(registers, y));
            match (a, b) {
                (Operand::Register(a), Operand::Register(b)) => {
                    let (a, b) = (at(registers, a), at(registers, b));
                    for i in 0..CHUNK {
                        out[i] = if test(x[i], y[i]) { a[i] } else { b[i] };
                    }
                }
                (Operand::Register(a), Operand::Constant(b)) => {
                    let a = at(registers, a);
                    for i in 0..CHUNK {
                        out[i] = if test(x[i], y[i]) { a[i] } else { b };
                    }
                }
                (Operand::Constant(a), Operand::Register(b)) => {
                    let b = at(registers, b);
                    for i in 0..CHUNK {
                        out[i] = if test(x[i], y[i]) { a } else { b[i] };
                    }
                }
                (Operand::Constant(a), Operand::Constant(b)) => {
                    two(x, y, out, |x, y| if test(x, y) { a } else { b });
                }
            }
        }
        (Operand::Constant(x), Operand::Constant(y)) => {
            let chosen = if test(x, y) { a } else { b };
            pair(
                registers,
                chosen,
                Operand::Constant(0.0),
                out,
                |chosen, _| chosen,
            );
        }
    }
}

#[inline(always)]
pub(super) fn ask_calendar(
    registers: &[Box<Lanes>],
    ask: Calendar,
    x: Register,
    months: Operand,
    out: &mut Chunk,
) {
    match ask {
        Calendar::MonthOfDay => one(at(registers, x), out, |x| calendar::month_and_day(x).0),
        Calendar::DayNumber => one(at(registers, x), out, |x| calendar::month_and_day(x).1),
        Calendar::FirstDayOfMonth => one(at(registers, x), out, calendar::first_day),
        Calendar::AddMonths => pair(
            registers,
            Operand::Register(x),
            months,
            out,
            calendar::add_months,
        ),
    }
}

/// `min(max(x, low), high)`.
#[inline(always)]
pub(super) fn clamp(
    registers: &[Box<Lanes>],
    x: &Chunk,
    (low, high): (Operand, Operand),
    out: &mut Chunk,
) {
    choose(registers, x, (low, high), out, |x, low, high| {
        let x = if x > low { x } else { low };
        if x < high { x } else { high }
    });
}

#[inline(always)]
pub(super) fn divide(
    x: &Chunk,
    times: f64,
    (plus, by): (f64, f64),
    checked: bool,
    out: &mut Chunk,
) {
    let inverse = 1.0 / by;
    if checked {
        one(x, out, |x| {
            floor_divide(trusted(x * times) + plus, by, inverse)
        });
    } else {
        one(x, out, |x| floor_divide(x * times + plus, by, inverse));
    }
}

#[inline(always)]
pub(super) fn multiply_divide(
    (a, b): (&Chunk, &Chunk),
    times: f64,
    (plus, by): (f64, f64),
    checked: bool,
    out: &mut Chunk,
) {
    let inverse = 1.0 / by;
    if checked {
        two(a, b, out, |a, b| {
            floor_divide(trusted(a * b * times) + plus, by, inverse)
        });
    } else {
        two(a, b, out, |a, b| {
            floor_divide(a * b * times + plus, by, inverse)
        });
    }
}

#[inline(always)]
pub(super) fn round(
    x: &Chunk,
    times: f64,
    by: f64,
    (mode, checked): (Rounding, bool),
    out: &mut Chunk,
) {
    let (inverse, bias) = (1.0 / by, bias(by, mode));
    match (mode == Rounding::HalfEven, checked) {
        (false, false) => one(x, out, |x| rounded(x * times, by, inverse, false, bias)),
        (false, true) => one(x, out, |x| {
            rounded(trusted(x * times), by, inverse, false, bias)
        }),
        (true, false) => one(x, out, |x| rounded(x * times, by, inverse, true, bias)),
        (true, true) => one(x, out, |x| {
            rounded(trusted(x * times), by, inverse, true, bias)
        }),
    }
}

#[inline(always)]
pub(super) fn select(
    registers: &[Box<Lanes>],
    when: &Chunk,
    guarded: bool,
    choices: (Operand, Operand),
    out: &mut Chunk,
) {
    if guarded {
        choose(registers, when, choices, out, |when, a, b| {
            (if when != 0.0 { a } else { b }) + doubt(when)
        });
    } else {
        choose(registers, when, choices, out, |when, a, b| {
            if when != 0.0 { a } else { b }
        });
    }
}
