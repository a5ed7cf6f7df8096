//! The vectorised interpreter: instructions over chunks of rows held in `f64` lanes that carry exact whole numbers.
//!
//! # Why this is exact
//!
//! A lane never holds anything but a whole number below [`LIMIT`] = 2^50 in size, or NaN, which means "this row is not trusted
//! here; evaluate it exactly". Every whole number up to 2^53 has its own `f64`, and IEEE 754 rounds correctly, so:
//!
//! - sums, differences and products whose true value is below 2^53 come out true. The compiler proves the bound from the
//!   declared ranges of the inputs; where it cannot, [`Instruction::Within`] or a `checked` division turns any result of 2^50 or more into NaN. A product
//!   whose true value is 2^53 or more never rounds to less than 2^53, so nothing slips through;
//! - `floor(t / d)`, with `|t|` and `d` below 2^51 (a lane and a rounding's bias), is found as the nearest whole number `q` to `t * (1 / d)` (adding and
//!   subtracting 1.5 * 2^52 rounds to it) and one correction. The quotient's error is below one half plus a hair, so `q` is the
//!   floor or one more; `t - q * d` is exact because both terms are below 2^53; it is negative exactly when `q` is one too many.
//!
//! NaN goes through sums, products and divisions by itself; comparisons, minima and choices pass it on where the compiler says
//! that it may occur. Floating point is used nowhere else in this crate, and the property tests beside the
//! compiler hold these lanes against the exact evaluator.
#![expect(clippy::float_arithmetic, reason = "exact whole numbers in f64 lanes; the proof stands above")]

use super::calendar;
use measure::Rounding;

/// Rows evaluated at a time: a register is 2 KiB, so a dozen of them fit the first-level cache.
pub(super) const CHUNK: usize = 256;

/// Lanes hold whole numbers smaller than this in size.
pub(super) const LIMIT: i128 = 1 << 50;

const LIMIT_LANE: f64 = (1_u64 << 50) as f64;

/// Adding and subtracting this rounds to the nearest whole number: 1.5 * 2^52.
const NEAREST: f64 = 6_755_399_441_055_744.0;

/// One register: a value for each row of the chunk.
#[repr(align(64))]
#[derive(Clone, Debug)]
pub(super) struct Lanes(pub(super) [f64; CHUNK]);

impl Lanes {
    pub(super) fn zero() -> Box<Lanes> {
        Box::new(Lanes([0.0; CHUNK]))
    }
}

/// A register's number.
pub(super) type Register = u16;

/// A register or a constant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operand {
    Register(Register),
    Constant(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pair {
    Add,
    Multiply,
    Min,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test {
    Less,
    AtMost,
    Equal,
    Different,
}

/// What the calendar is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Calendar {
    /// Day number to month index.
    MonthOfDay,
    /// Day number to 1-31.
    DayNumber,
    /// Month index to its first day's number.
    FirstDayOfMonth,
    /// A day moved by months: the same day, or the month's last.
    AddMonths,
}

/// One step of a program. Every instruction writes its own register, never one it reads.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Instruction {
    /// Two values to one. `guarded`: a NaN on either side comes out as NaN.
    Pair { op: Pair, guarded: bool, a: Operand, b: Operand, to: Register },
    /// `x * times + plus`.
    Scale { x: Register, times: f64, plus: f64, to: Register },
    /// `min(max(x, low), high)`.
    Clamp { x: Register, low: Operand, high: Operand, to: Register },
    /// `a * times_a + b * times_b`.
    Blend { a: Register, times_a: f64, b: Register, times_b: f64, to: Register },
    /// `floor((x * times + plus) / by)`; `x * times` is below the limit, or `checked` to be.
    Divide { x: Register, times: f64, plus: f64, by: f64, checked: bool, to: Register },
    /// `a * b` first, then as `Divide`: a share of an amount, rounded, in one sweep.
    MultiplyDivide { a: Register, b: Register, times: f64, plus: f64, by: f64, checked: bool, to: Register },
    /// `x * times / by`, rounded symmetrically about zero.
    Round { x: Register, times: f64, by: f64, mode: Rounding, checked: bool, to: Register },
    /// `(x * times) / (y * times_y)` rounded symmetrically; `y` is above 0 or NaN.
    Quotient { x: Operand, times: f64, y: Register, times_y: f64, mode: Rounding, signed: bool, to: Register },
    /// 1 where the test holds, else 0. `guarded`: NaN on either side comes out as NaN.
    Compare { test: Test, guarded: bool, a: Operand, b: Operand, to: Register },
    /// `a` where the condition is not 0, else `b`. `guarded`: a NaN condition comes out as NaN.
    Select { when: Register, guarded: bool, a: Operand, b: Operand, to: Register },
    /// `a` where the test of `x` and `y` holds, else `b`; nothing here is NaN but perhaps `a` and `b`.
    SelectBy { test: Test, x: Operand, y: Operand, a: Operand, b: Operand, to: Register },
    /// The table's cell `x - first`, the ends standing for everything beyond them.
    Lookup { x: Register, first: f64, table: u16, to: Register },
    /// The calendar's answer.
    Calendar { ask: Calendar, x: Register, months: Operand, to: Register },
    /// NaN where the value is not between.
    Within { x: Register, low: f64, high: f64, to: Register },
}

impl Instruction {
    /// The register it writes.
    pub(super) fn target(&mut self) -> &mut Register {
        match self {
            Instruction::Pair { to, .. }
            | Instruction::Scale { to, .. }
            | Instruction::Clamp { to, .. }
            | Instruction::Blend { to, .. }
            | Instruction::Divide { to, .. }
            | Instruction::MultiplyDivide { to, .. }
            | Instruction::Round { to, .. }
            | Instruction::Quotient { to, .. }
            | Instruction::Compare { to, .. }
            | Instruction::Select { to, .. }
            | Instruction::SelectBy { to, .. }
            | Instruction::Lookup { to, .. }
            | Instruction::Calendar { to, .. }
            | Instruction::Within { to, .. } => to,
        }
    }
}

/// A dense table whose length is a power of two; `last` is its last meaningful cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dense {
    pub(super) cells: Vec<f64>,
    pub(super) last: f64,
}

/// The registers of one run.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) registers: Vec<Box<Lanes>>,
    /// Written first, then swapped with the target: an instruction may read every register while it writes.
    spare: Box<Lanes>,
}

impl Machine {
    pub(super) fn new(registers: usize) -> Self {
        Self { registers: (0..registers).map(|_| Lanes::zero()).collect(), spare: Lanes::zero() }
    }

    /// Runs the instructions in order, with the widest vectors this processor has.
    pub(super) fn run(&mut self, program: &[Instruction], tables: &[Dense]) {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
            {
                #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
                // SAFETY: the features the function is compiled for were detected above.
                return unsafe { run_avx512(self, program, tables) };
            }
            if is_x86_feature_detected!("avx2") {
                #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
                // SAFETY: the feature the function is compiled for was detected above.
                return unsafe { run_avx2(self, program, tables) };
            }
        }
        run_each(self, program, tables);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2")]
fn run_avx512(machine: &mut Machine, program: &[Instruction], tables: &[Dense]) {
    run_each(machine, program, tables);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2(machine: &mut Machine, program: &[Instruction], tables: &[Dense]) {
    run_each(machine, program, tables);
}

/// The interpreter's loop. Inlined into each of its callers, so that each is compiled for its own vectors.
#[inline(always)]
fn run_each(machine: &mut Machine, program: &[Instruction], tables: &[Dense]) {
    for instruction in program {
        let to = step(instruction, &machine.registers, tables, &mut machine.spare.0);
        std::mem::swap(&mut machine.registers[usize::from(to)], &mut machine.spare);
    }
}

type Chunk = [f64; CHUNK];

#[inline(always)]
fn one(x: &Chunk, out: &mut Chunk, f: impl Fn(f64) -> f64) {
    for i in 0..CHUNK {
        out[i] = f(x[i]);
    }
}

#[inline(always)]
fn two(x: &Chunk, y: &Chunk, out: &mut Chunk, f: impl Fn(f64, f64) -> f64) {
    for i in 0..CHUNK {
        out[i] = f(x[i], y[i]);
    }
}

/// Either side may be a constant; each combination is its own loop.
#[inline(always)]
fn pair(registers: &[Box<Lanes>], a: Operand, b: Operand, out: &mut Chunk, f: impl Fn(f64, f64) -> f64) {
    match (a, b) {
        (Operand::Register(a), Operand::Register(b)) => two(at(registers, a), at(registers, b), out, f),
        (Operand::Register(a), Operand::Constant(b)) => one(at(registers, a), out, |a| f(a, b)),
        (Operand::Constant(a), Operand::Register(b)) => one(at(registers, b), out, |b| f(a, b)),
        (Operand::Constant(a), Operand::Constant(b)) => out.fill(f(a, b)),
    }
}

/// Three sides, each of the last two perhaps a constant.
#[inline(always)]
fn choose(registers: &[Box<Lanes>], x: &Chunk, a: Operand, b: Operand, out: &mut Chunk, f: impl Fn(f64, f64, f64) -> f64) {
    match (a, b) {
        (Operand::Register(a), Operand::Register(b)) => {
            let (a, b) = (at(registers, a), at(registers, b));
            for i in 0..CHUNK {
                out[i] = f(x[i], a[i], b[i]);
            }
        }
        (Operand::Register(a), Operand::Constant(b)) => two(x, at(registers, a), out, |x, a| f(x, a, b)),
        (Operand::Constant(a), Operand::Register(b)) => two(x, at(registers, b), out, |x, b| f(x, a, b)),
        (Operand::Constant(a), Operand::Constant(b)) => one(x, out, |x| f(x, a, b)),
    }
}

#[inline(always)]
fn at(registers: &[Box<Lanes>], register: Register) -> &Chunk {
    &registers[usize::from(register)].0
}

#[inline(always)]
fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// `floor(t / by)`; the proof stands at the top of the file.
#[inline(always)]
pub(super) fn floor_divide(t: f64, by: f64, inverse: f64) -> f64 {
    let q = (t * inverse + NEAREST) - NEAREST;
    if t - q * by < 0.0 { q - 1.0 } else { q }
}

/// The value itself while lanes hold it, otherwise NaN.
#[inline(always)]
fn trusted(value: f64) -> f64 {
    if value.abs() < LIMIT_LANE { value } else { f64::NAN }
}

/// What is added to a size before it is divided down, so that the quotient comes out rounded; not for half even.
#[inline(always)]
fn bias(by: f64, mode: Rounding) -> f64 {
    match mode {
        Rounding::HalfUp | Rounding::HalfEven => floor_divide(by, 2.0, 0.5),
        Rounding::Up => by - 1.0,
        Rounding::Down => 0.0,
    }
}

/// `t / by` rounded symmetrically about zero.
#[inline(always)]
fn rounded(t: f64, by: f64, inverse: f64, even: bool, bias: f64) -> f64 {
    let size = t.abs();
    let mut q = floor_divide(size + bias, by, inverse);
    if even {
        // Half up went one too far exactly when the remainder was half and the result is odd.
        let tie = 2.0 * (q * by - size) == by;
        let odd = q - 2.0 * floor_divide(q, 2.0, 0.5) != 0.0;
        q = if tie & odd { q - 1.0 } else { q };
    }
    if t < 0.0 { -q } else { q }
}

#[inline(always)]
fn compare(registers: &[Box<Lanes>], test: Test, guarded: bool, a: Operand, b: Operand, out: &mut Chunk) {
    match (test, guarded) {
        (Test::Less, false) => pair(registers, a, b, out, |a, b| truth(a < b)),
        (Test::AtMost, false) => pair(registers, a, b, out, |a, b| truth(a <= b)),
        (Test::Equal, false) => pair(registers, a, b, out, |a, b| truth(a == b)),
        (Test::Different, false) => pair(registers, a, b, out, |a, b| truth(a != b)),
        // `a - a` is 0 for every number and NaN for NaN.
        (Test::Less, true) => pair(registers, a, b, out, |a, b| truth(a < b) + (a - a) + (b - b)),
        (Test::AtMost, true) => pair(registers, a, b, out, |a, b| truth(a <= b) + (a - a) + (b - b)),
        (Test::Equal, true) => pair(registers, a, b, out, |a, b| truth(a == b) + (a - a) + (b - b)),
        (Test::Different, true) => pair(registers, a, b, out, |a, b| truth(a != b) + (a - a) + (b - b)),
    }
}

#[inline(always)]
fn arithmetic(registers: &[Box<Lanes>], op: Pair, guarded: bool, a: Operand, b: Operand, out: &mut Chunk) {
    match (op, guarded) {
        (Pair::Add, _) => pair(registers, a, b, out, |a, b| a + b),
        (Pair::Multiply, _) => pair(registers, a, b, out, |a, b| a * b),
        (Pair::Min, false) => pair(registers, a, b, out, |a, b| if a < b { a } else { b }),
        (Pair::Max, false) => pair(registers, a, b, out, |a, b| if a > b { a } else { b }),
        (Pair::Min, true) => pair(registers, a, b, out, |a, b| (if a < b { a } else { b }) + (a - a) + (b - b)),
        (Pair::Max, true) => pair(registers, a, b, out, |a, b| (if a > b { a } else { b }) + (a - a) + (b - b)),
    }
}

#[inline(always)]
fn quotient(registers: &[Box<Lanes>], parts: (Operand, f64), by: (Register, f64), mode: Rounding, signed: bool, out: &mut Chunk) {
    let ((x, times), (y, times_y)) = (parts, by);
    let y = Operand::Register(y);
    let even = mode == Rounding::HalfEven;
    if signed || even {
        pair(registers, x, y, out, |x, y| {
            let by = y * times_y;
            rounded(x * times, by, 1.0 / by, even, bias(by, mode))
        });
    } else {
        pair(registers, x, y, out, |x, y| {
            let by = y * times_y;
            floor_divide(x * times + bias(by, mode), by, 1.0 / by)
        });
    }
}

#[inline(always)]
fn lookup(x: &Chunk, first: f64, table: &Dense, out: &mut Chunk) {
    let cells = &table.cells[..];
    let mask = cells.len() - 1;
    for i in 0..CHUNK {
        let place = x[i] - first;
        let place = if place > 0.0 { place } else { 0.0 };
        let place = if place < table.last { place } else { table.last };
        out[i] = cells[whole(place) & mask] + (x[i] - x[i]);
    }
}

/// A small whole number out of a lane, without a conversion instruction.
#[inline(always)]
fn whole(lane: f64) -> usize {
    ((lane + NEAREST).to_bits() & 0xFFFF_FFFF) as usize
}

/// One instruction; the register to swap the result into comes back.
#[inline(always)]
fn step(instruction: &Instruction, registers: &[Box<Lanes>], tables: &[Dense], out: &mut Chunk) -> Register {
    match *instruction {
        Instruction::Pair { op, guarded, a, b, to } => {
            arithmetic(registers, op, guarded, a, b, out);
            to
        }
        Instruction::Scale { x, times, plus, to } => {
            one(at(registers, x), out, |x| x * times + plus);
            to
        }
        Instruction::Clamp { x, low, high, to } => {
            choose(registers, at(registers, x), low, high, out, |x, low, high| {
                let x = if x > low { x } else { low };
                if x < high { x } else { high }
            });
            to
        }
        Instruction::Blend { a, times_a, b, times_b, to } => {
            two(at(registers, a), at(registers, b), out, |a, b| a * times_a + b * times_b);
            to
        }
        Instruction::Divide { x, times, plus, by, checked, to } => {
            let (x, inverse) = (at(registers, x), 1.0 / by);
            if checked {
                one(x, out, |x| floor_divide(trusted(x * times) + plus, by, inverse));
            } else {
                one(x, out, |x| floor_divide(x * times + plus, by, inverse));
            }
            to
        }
        Instruction::MultiplyDivide { a, b, times, plus, by, checked, to } => {
            let (a, b, inverse) = (at(registers, a), at(registers, b), 1.0 / by);
            if checked {
                two(a, b, out, |a, b| floor_divide(trusted(a * b * times) + plus, by, inverse));
            } else {
                two(a, b, out, |a, b| floor_divide(a * b * times + plus, by, inverse));
            }
            to
        }
        Instruction::Round { x, times, by, mode, checked, to } => {
            let (inverse, bias, even) = (1.0 / by, bias(by, mode), mode == Rounding::HalfEven);
            let x = at(registers, x);
            if checked {
                one(x, out, |x| rounded(trusted(x * times), by, inverse, even, bias));
            } else {
                one(x, out, |x| rounded(x * times, by, inverse, even, bias));
            }
            to
        }
        Instruction::Quotient { x, times, y, times_y, mode, signed, to } => {
            quotient(registers, (x, times), (y, times_y), mode, signed, out);
            to
        }
        Instruction::Compare { test, guarded, a, b, to } => {
            compare(registers, test, guarded, a, b, out);
            to
        }
        Instruction::Select { when, guarded, a, b, to } => {
            let when = at(registers, when);
            if guarded {
                choose(registers, when, a, b, out, |when, a, b| (if when != 0.0 { a } else { b }) + (when - when));
            } else {
                choose(registers, when, a, b, out, |when, a, b| if when != 0.0 { a } else { b });
            }
            to
        }
        Instruction::SelectBy { test, x, y, a, b, to } => {
            select_by(registers, test, (x, y), (a, b), out);
            to
        }
        Instruction::Lookup { x, first, table, to } => {
            lookup(at(registers, x), first, &tables[usize::from(table)], out);
            to
        }
        Instruction::Calendar { ask, x, months, to } => {
            calendar_step(registers, ask, x, months, out);
            to
        }
        Instruction::Within { x, low, high, to } => {
            one(at(registers, x), out, |x| if (x >= low) & (x <= high) { x } else { f64::NAN });
            to
        }
    }
}

/// A comparison and a choice in one sweep.
#[inline(always)]
fn select_by(registers: &[Box<Lanes>], test: Test, sides: (Operand, Operand), choices: (Operand, Operand), out: &mut Chunk) {
    match test {
        Test::Less => choose_by(registers, sides, choices, out, |x, y| x < y),
        Test::AtMost => choose_by(registers, sides, choices, out, |x, y| x <= y),
        Test::Equal => choose_by(registers, sides, choices, out, |x, y| x == y),
        Test::Different => choose_by(registers, sides, choices, out, |x, y| x != y),
    }
}

#[inline(always)]
fn choose_by(
    registers: &[Box<Lanes>],
    (x, y): (Operand, Operand),
    (a, b): (Operand, Operand),
    out: &mut Chunk,
    test: impl Fn(f64, f64) -> bool,
) {
    match (x, y) {
        (Operand::Register(x), Operand::Constant(y)) => {
            choose(registers, at(registers, x), a, b, out, |x, a, b| if test(x, y) { a } else { b });
        }
        (Operand::Constant(x), Operand::Register(y)) => {
            choose(registers, at(registers, y), a, b, out, |y, a, b| if test(x, y) { a } else { b });
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
                (Operand::Constant(a), Operand::Constant(b)) => two(x, y, out, |x, y| if test(x, y) { a } else { b }),
            }
        }
        (Operand::Constant(x), Operand::Constant(y)) => {
            let chosen = if test(x, y) { a } else { b };
            pair(registers, chosen, Operand::Constant(0.0), out, |chosen, _| chosen);
        }
    }
}

#[inline(always)]
fn calendar_step(registers: &[Box<Lanes>], ask: Calendar, x: Register, months: Operand, out: &mut Chunk) {
    match ask {
        Calendar::MonthOfDay => one(at(registers, x), out, |x| calendar::month_and_day(x).0),
        Calendar::DayNumber => one(at(registers, x), out, |x| calendar::month_and_day(x).1),
        Calendar::FirstDayOfMonth => one(at(registers, x), out, calendar::first_day),
        Calendar::AddMonths => pair(registers, Operand::Register(x), months, out, calendar::add_months),
    }
}

/// Whole numbers of a file's column, as they are stored.
pub(super) trait Stored: Copy {
    fn lane(self) -> f64;
    fn within(self, low: f64, high: f64) -> bool;
}

macro_rules! stored {
    ($($width:ty),*) => {$(
        impl Stored for $width {
            #[inline(always)]
            fn lane(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn within(self, low: f64, high: f64) -> bool {
                // A 64-bit value beyond 2^53 rounds to at least 2^53, outside every range.
                let lane = self as f64;
                (lane >= low) & (lane <= high)
            }
        }
    )*};
}
stored!(i64, i32, u8);

/// Reads a chunk's values into lanes; false when one is outside `low..=high`. Lanes beyond the values hold `low`.
pub(super) fn load<T: Stored>(values: &[T], low: f64, high: f64, out: &mut Lanes) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        // SAFETY: the features the function is compiled for were detected above.
        return unsafe { load_avx512(values, low, high, out) };
    }
    load_each(values, low, high, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn load_avx512<T: Stored>(values: &[T], low: f64, high: f64, out: &mut Lanes) -> bool {
    load_each(values, low, high, out)
}

#[inline(always)]
fn load_each<T: Stored>(values: &[T], low: f64, high: f64, out: &mut Lanes) -> bool {
    let mut inside = true;
    if let Some(values) = values.first_chunk::<CHUNK>() {
        for i in 0..CHUNK {
            inside &= values[i].within(low, high);
            out.0[i] = values[i].lane();
        }
    } else {
        for (lane, value) in out.0.iter_mut().zip(values) {
            inside &= value.within(low, high);
            *lane = value.lane();
        }
        out.0[values.len()..].fill(low);
    }
    inside
}

/// A whole number as a lane.
#[expect(clippy::cast_precision_loss, reason = "what goes into lanes is below the limit; a range's end beyond it admits less, never more")]
pub(super) fn lane(number: i64) -> f64 {
    number as f64
}

/// A lane as a whole number.
pub(super) fn number(lane: f64) -> i64 {
    (lane + NEAREST).to_bits().wrapping_sub(NEAREST.to_bits()).cast_signed()
}

/// Writes lanes as whole numbers; false when one is NaN (it is written as some number, to be replaced).
pub(super) fn store(lanes: &Lanes, out: &mut [i64]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        // SAFETY: the features the function is compiled for were detected above.
        return unsafe { store_avx512(lanes, out) };
    }
    store_each(lanes, out)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2")]
fn store_avx512(lanes: &Lanes, out: &mut [i64]) -> bool {
    store_each(lanes, out)
}

#[inline(always)]
fn store_each(lanes: &Lanes, out: &mut [i64]) -> bool {
    let mut trusted = true;
    for (out, lane) in out.iter_mut().zip(&lanes.0) {
        trusted &= !lane.is_nan();
        *out = number(*lane);
    }
    trusted
}
