//! The vectorised interpreter: instructions over chunks of rows held in `f64` lanes that carry exact whole numbers.
//!
//! # Why this is exact
//!
//! A lane never holds anything but a whole number below [`LIMIT`] = 2^50 in size, or NaN, which means "this row is not trusted
//! here; evaluate it exactly". Every whole number up to 2^53 has its own `f64`, and IEEE 754 rounds correctly, so:
//!
//! - sums, differences and products whose true value is below 2^53 come out true. The compiler proves the bound from the
//!   declared ranges of the inputs; where it cannot, [`Operation::Within`] or a `checked` division turns any result of 2^50 or more into NaN. A product
//!   whose true value is 2^53 or more never rounds to less than 2^53, so nothing slips through;
//! - `floor(t / d)`, with `|t|` and `d` below 2^52 (twice a lane, and a rounding's bias), is found as the nearest whole number `q` to `t * (1 / d)` (adding and
//!   subtracting 1.5 * 2^52 rounds to it) and one correction. The quotient's error is below one half plus a hair, so `q` is the
//!   floor or one more; `t - q * d` is exact because both terms are below 2^53; it is negative exactly when `q` is one too many.
//!
//! NaN goes through sums, products and divisions by itself; comparisons, minima and choices pass it on where the compiler says
//! that it may occur. Floating point is used nowhere else in this crate, and the property tests beside the
//! compiler hold these lanes against the exact evaluator.

use super::instruction::{Dense, Instruction, Operation, Register};

/// Rows evaluated at a time: a register is 4 KiB, so those in use at once stay in the first two levels of cache.
pub(super) const CHUNK: usize = 512;

/// Lanes hold whole numbers smaller than this in size.
pub(super) const LIMIT: i128 = 1 << 50;

const LIMIT_LANE: f64 = 1_125_899_906_842_624.0;

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

/// The registers of one run.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) registers: Vec<Box<Lanes>>,
    /// Written first, then swapped with the target: an instruction may read every register while it writes.
    spare: Box<Lanes>,
}

impl Machine {
    pub(super) fn new(registers: usize) -> Self {
        Self {
            registers: (0..registers).map(|_| Lanes::zero()).collect(),
            spare: Lanes::zero(),
        }
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
        run_each(self, program, tables, lookup::plain);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2")]
fn run_avx512(machine: &mut Machine, program: &[Instruction], tables: &[Dense]) {
    run_each(machine, program, tables, |x, first, table, out| {
        lookup::avx512(x, first, table, out);
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2(machine: &mut Machine, program: &[Instruction], tables: &[Dense]) {
    run_each(machine, program, tables, lookup::plain);
}

/// The interpreter's loop. Inlined into each of its callers, so that each is compiled for its own vectors.
#[inline(always)]
fn run_each(
    machine: &mut Machine,
    program: &[Instruction],
    tables: &[Dense],
    look_up: impl Fn(&Chunk, f64, &Dense, &mut Chunk),
) {
    for instruction in program {
        let (registers, out) = (&machine.registers, &mut machine.spare.0);
        if let Operation::Lookup {
            x, first, table, ..
        } = instruction.what
        {
            look_up(
                kernels::at(registers, x),
                first,
                &tables[usize::from(table)],
                out,
            );
        } else {
            step(&instruction.what, registers, out);
        }
        std::mem::swap(
            &mut machine.registers[usize::from(instruction.to)],
            &mut machine.spare,
        );
    }
}

type Chunk = [f64; CHUNK];

/// One instruction but a look-up, into `out`.
#[inline(always)]
#[expect(clippy::too_many_lines, reason = "a table: an arm an instruction")]
fn step(operation: &Operation, registers: &[Box<Lanes>], out: &mut Chunk) {
    let at = |register: Register| kernels::at(registers, register);
    match *operation {
        Operation::Pair {
            op, guarded, a, b, ..
        } => kernels::arithmetic(registers, op, guarded, (a, b), out),
        Operation::Scale { x, times, plus, .. } => kernels::one(at(x), out, |x| x * times + plus),
        Operation::Clamp { x, low, high, .. } => {
            kernels::clamp(registers, at(x), (low, high), out);
        }
        Operation::Blend {
            a,
            times_a,
            b,
            times_b,
            ..
        } => {
            kernels::two(at(a), at(b), out, |a, b| a * times_a + b * times_b);
        }
        Operation::Divide {
            x,
            times,
            plus,
            by,
            checked,
            ..
        } => kernels::divide(at(x), times, (plus, by), checked, out),
        Operation::MultiplyDivide {
            a,
            b,
            times,
            plus,
            by,
            checked,
            ..
        } => {
            kernels::multiply_divide((at(a), at(b)), times, (plus, by), checked, out);
        }
        Operation::Round {
            x,
            times,
            by,
            mode,
            checked,
            ..
        } => kernels::round(at(x), times, by, (mode, checked), out),
        Operation::Quotient {
            x,
            times,
            y,
            times_y,
            mode,
            signed,
            ..
        } => {
            kernels::quotient(registers, (x, times), (y, times_y), mode, signed, out);
        }
        Operation::Compare {
            test,
            guarded,
            a,
            b,
            ..
        } => kernels::compare(registers, test, guarded, (a, b), out),
        Operation::Select {
            when,
            guarded,
            a,
            b,
            ..
        } => kernels::select(registers, at(when), guarded, (a, b), out),
        Operation::SelectBy {
            test, x, y, a, b, ..
        } => kernels::select_by(registers, test, (x, y), (a, b), out),
        Operation::Lookup { .. } => unreachable!("look-ups are dispatched by the loop"),
        Operation::Calendar { ask, x, months, .. } => {
            kernels::ask_calendar(registers, ask, x, months, out);
        }
        Operation::Within { x, low, high, .. } => {
            kernels::one(at(x), out, |x| {
                if (x >= low) & (x <= high) {
                    x
                } else {
                    f64::NAN
                }
            });
        }
    }
}

mod kernels;
mod lookup;
mod storage;
#[cfg(test)]
mod tests;

#[cfg(all(target_arch = "x86_64", unix))]
pub(super) use kernels::doubt;
pub(super) use kernels::floor_divide;
pub(super) use storage::{Writing, load, number, store};
