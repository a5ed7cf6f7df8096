//! What a program of lanes is made of.

use measure::Rounding;

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

/// One step of a program: what is computed, and the register it is written to, which may be one that is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Instruction {
    pub(super) what: Operation,
    pub(super) to: Register,
}

/// What an instruction computes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operation {
    /// Two values to one. `guarded`: a NaN on either side comes out as NaN.
    Pair {
        op: Pair,
        guarded: bool,
        a: Operand,
        b: Operand,
    },
    /// `x * times + plus`.
    Scale { x: Register, times: f64, plus: f64 },
    /// `min(max(x, low), high)`.
    Clamp {
        x: Register,
        low: Operand,
        high: Operand,
    },
    /// `a * times_a + b * times_b`.
    Blend {
        a: Register,
        times_a: f64,
        b: Register,
        times_b: f64,
    },
    /// `floor((x * times + plus) / by)`; `x * times` is below the limit, or `checked` to be.
    Divide {
        x: Register,
        times: f64,
        plus: f64,
        by: f64,
        checked: bool,
    },
    /// `a * b` first, then as `Divide`: a share of an amount, rounded, in one sweep.
    MultiplyDivide {
        a: Register,
        b: Register,
        times: f64,
        plus: f64,
        by: f64,
        checked: bool,
    },
    /// `x * times / by`, rounded symmetrically about zero.
    Round {
        x: Register,
        times: f64,
        by: f64,
        mode: Rounding,
        checked: bool,
    },
    /// `(x * times) / (y * times_y)` rounded symmetrically; `y` is above 0 or NaN. `brief`: the size of the numerator and twice
    /// the divisor together stay below 2^51.
    Quotient {
        x: Operand,
        times: f64,
        y: Register,
        times_y: f64,
        mode: Rounding,
        signed: bool,
        brief: bool,
    },
    /// 1 where the test holds, else 0. `guarded`: NaN on either side comes out as NaN.
    Compare {
        test: Test,
        guarded: bool,
        a: Operand,
        b: Operand,
    },
    /// `a` where the condition is not 0, else `b`. `guarded`: a NaN condition comes out as NaN.
    Select {
        when: Register,
        guarded: bool,
        a: Operand,
        b: Operand,
    },
    /// `a` where the test of `x` and `y` holds, else `b`; nothing here is NaN but perhaps `a` and `b`.
    SelectBy {
        test: Test,
        x: Operand,
        y: Operand,
        a: Operand,
        b: Operand,
    },
    /// The table's cell `x - first`, the ends standing for everything beyond them. `inside`: there is nothing beyond them, and
    /// no NaN; only native code makes use of it.
    Lookup {
        x: Register,
        first: f64,
        table: u16,
        inside: bool,
    },
    /// The calendar's answer.
    Calendar {
        ask: Calendar,
        x: Register,
        months: Operand,
    },
    /// NaN where the value is not between.
    Within { x: Register, low: f64, high: f64 },
}

/// A dense table whose length is a power of two; `last` is its last meaningful cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dense {
    pub(super) cells: Vec<f64>,
    pub(super) last: f64,
    /// The cells again when they are no more than 32, filled up with NaN.
    pub(super) few: Option<Box<[f64; 32]>>,
}

impl Dense {
    /// Lays cells out; those not known are NaN.
    pub(super) fn new(cells: &[Option<i64>]) -> Dense {
        let last = i64::try_from(cells.len()).unwrap_or(1) - 1;
        let mut laid: Vec<f64> = cells
            .iter()
            .map(|cell| cell.map_or(f64::NAN, lane))
            .collect();
        laid.resize(laid.len().next_power_of_two(), f64::NAN);
        let few = (laid.len() <= 32).then(|| {
            Box::new(std::array::from_fn(|cell| {
                laid.get(cell).copied().unwrap_or(f64::NAN)
            }))
        });
        Dense {
            cells: laid,
            last: lane(last),
            few,
        }
    }
}

/// A whole number as a lane.
#[expect(
    clippy::cast_precision_loss,
    reason = "what goes into lanes is below their limit; a declared range that ends beyond 2^53 is read as ending a little off"
)]
pub(super) fn lane(number: i64) -> f64 {
    number as f64
}
