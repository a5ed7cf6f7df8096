//! Native code against the interpreter: each instruction on random lanes near its limits, long
//! programs that need more registers than there are, and columns of every width at and beyond their ranges.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "numbers below 2^53 go between lanes and integers unchanged"
)]

use super::*;
use crate::columns::instruction::{Calendar, Dense, Instruction, Operand, Operation, Pair, Test};
use crate::columns::lanes::{Machine, number};
use crate::columns::program::Part;
use measure::Rounding;
use proptest::prelude::*;

const ROWS: usize = 64;
const MOST: i64 = (1 << 50) - 1;

/// A program that reads so many columns as lanes, runs the code and keeps these registers.
fn program(columns: u16, code: Vec<Instruction>, tables: Vec<Dense>, kept: &[u16]) -> Program {
    let end = code.len();
    let registers = code.iter().map(|step| step.to + 1).max().unwrap_or(0);
    let loads = (0..columns).map(|column| Part::Load { column, to: column });
    let keeps = kept.iter().enumerate().map(|(nth, register)| Part::Keep {
        nth: nth as u16,
        from: Operand::Register(*register),
        doubtful: true,
    });
    Program {
        parts: loads
            .chain([Part::Run { start: 0, end }])
            .chain(keeps)
            .collect(),
        code,
        tables,
        registers: usize::from(registers.max(columns)),
    }
}

/// Runs a program both ways; what it keeps must be the same, number for number and NaN for NaN.
fn agree(lanes: &[Vec<f64>], program: &Program) -> Result<(), TestCaseError> {
    let mut machine = Machine::new(program.registers);
    for (register, lanes) in machine.registers.iter_mut().zip(lanes) {
        register.0[..ROWS].copy_from_slice(lanes);
    }
    machine.run(&program.code, &program.tables);
    let kept = program.parts.iter().filter_map(|part| match part {
        Part::Keep {
            from: Operand::Register(register),
            ..
        } => Some(usize::from(*register)),
        _ => None,
    });
    let expected: Vec<&[f64]> = kept
        .map(|register| &machine.registers[register].0[..ROWS])
        .collect();
    if lower::is_possible() {
        let columns = vec![Stored::Lanes; lanes.len()];
        let mut native =
            Native::new(program, expected.len(), &columns, Writing::Cached).expect("it is made");
        let columns: Vec<Rows<'_>> = lanes.iter().map(|lanes| Rows::Lanes(lanes)).collect();
        let mut answers = vec![vec![0_i64; ROWS]; expected.len()];
        let mut slices: Vec<&mut [i64]> = answers.iter_mut().map(Vec::as_mut_slice).collect();
        prop_assert!(!native.run(&columns, &mut slices, ROWS));
        let mut doubtful = vec![vec![false; ROWS]; expected.len()];
        native.marked(ROWS, |nth, _, row| doubtful[usize::from(nth)][row] = true);
        for (nth, expected) in expected.iter().enumerate() {
            for row in 0..ROWS {
                let got = (!doubtful[nth][row]).then_some(answers[nth][row]);
                let expected = (!expected[row].is_nan()).then_some(number(expected[row]));
                let from: Vec<f64> = lanes.iter().map(|lanes| lanes[row]).collect();
                prop_assert_eq!(got, expected, "{:?} of {:?}", program.code, from);
            }
        }
    }
    Ok(())
}

/// Whole numbers between two, mostly near the ends, near 0 or small; NaN where it may be.
fn lanes(low: i64, high: i64, nan: bool) -> BoxedStrategy<Vec<f64>> {
    let near = |end: i64| {
        (
            end.saturating_sub(3).max(low),
            end.saturating_add(3).min(high),
        )
    };
    let (at_low, at_high, at_zero) = (near(low), near(high), near(0.clamp(low, high)));
    let small = ((-1_000).clamp(low, high), 1_000.clamp(low, high));
    let whole = prop_oneof![
        at_low.0..=at_low.1,
        at_high.0..=at_high.1,
        at_zero.0..=at_zero.1,
        small.0..=small.1,
        low..=high,
    ];
    let lane = (whole, 0..10_u8).prop_map(move |(whole, doubt)| {
        if nan && doubt == 0 {
            f64::NAN
        } else {
            whole as f64
        }
    });
    prop::collection::vec(lane, ROWS).boxed()
}

/// The operand in a register, or some constant between the two.
fn operand(register: u16, low: i64, high: i64) -> BoxedStrategy<Operand> {
    prop_oneof![
        3 => Just(Operand::Register(register)),
        1 => (low..=high).prop_map(|number| Operand::Constant(number as f64)),
    ]
    .boxed()
}

fn tests() -> impl Strategy<Value = Test> {
    prop_oneof![
        Just(Test::Less),
        Just(Test::AtMost),
        Just(Test::Equal),
        Just(Test::Different)
    ]
}

fn modes() -> impl Strategy<Value = Rounding> {
    prop_oneof![
        Just(Rounding::HalfUp),
        Just(Rounding::HalfEven),
        Just(Rounding::Up),
        Just(Rounding::Down)
    ]
}

/// One instruction over registers 0 to 3 into register 4.
fn one(what: Operation, tables: Vec<Dense>) -> Program {
    program(4, vec![Instruction { what, to: 4 }], tables, &[4])
}

fn four(low: i64, high: i64, nan: bool) -> impl Strategy<Value = Vec<Vec<f64>>> {
    prop::collection::vec(lanes(low, high, nan), 4)
}

proptest! {
    #[test]
    fn pairs(
        lanes in four(-(1 << 24), 1 << 24, true), sure in four(-(1 << 24), 1 << 24, false),
        a in operand(0, -9, 9), b in operand(1, -9, 9),
    ) {
        for op in [Pair::Add, Pair::Multiply, Pair::Min, Pair::Max] {
            agree(&lanes, &one(Operation::Pair { op, guarded: true, a, b }, vec![]))?;
            agree(&sure, &one(Operation::Pair { op, guarded: false, a, b }, vec![]))?;
        }
    }

    #[test]
    fn sums_of_multiples(
        lanes in four(-(1 << 24), 1 << 24, true), sure in four(-MOST, MOST, false),
        times in -(1_i64 << 22)..1 << 22, other in prop_oneof![Just(1_i64), Just(-1), -(1_i64 << 22)..1 << 22], plus in -MOST / 2..MOST / 2,
        low in operand(1, -9, 9), high in operand(2, 10, 900),
    ) {
        let (times, other, plus) = (times as f64, other as f64, plus as f64);
        agree(&lanes, &one(Operation::Scale { x: 0, times, plus }, vec![]))?;
        agree(&lanes, &one(Operation::Blend { a: 0, times_a: times, b: 1, times_b: other }, vec![]))?;
        agree(&lanes, &one(Operation::Blend { a: 0, times_a: other, b: 0, times_b: times }, vec![]))?;
        agree(&sure, &one(Operation::Clamp { x: 0, low, high }, vec![]))?;
    }

    #[test]
    fn divisions(
        by in prop_oneof![2_i64..1_000, 2..=MOST], times in 1_i64..1_000, rounding in 0..3_u8, seed in four(0, MOST, true),
    ) {
        let plus = match rounding { 0 => 0, 1 => by / 2, _ => by - 1 };
        // Multiples and their neighbours are where a quotient could slip.
        let near = |most: i64| move |lane: &f64| {
            let x = (*lane as i64) % (most + 1);
            if lane.is_nan() { f64::NAN } else { (x / by * by + x % 3 - 1).clamp(0, most) as f64 }
        };
        let below: Vec<Vec<f64>> = seed.iter().map(|lanes| lanes.iter().map(near(MOST / times)).collect()).collect();
        let roots: Vec<Vec<f64>> = seed.iter().map(|lanes| lanes.iter().map(near((1 << 25) - 1)).collect()).collect();
        let (plus, by) = (plus as f64, by as f64);
        let times_lane = times as f64;
        agree(&below, &one(Operation::Divide { x: 0, times: times_lane, plus, by, checked: false }, vec![]))?;
        agree(&seed, &one(Operation::Divide { x: 0, times: times_lane, plus, by, checked: true }, vec![]))?;
        agree(&roots, &one(Operation::MultiplyDivide { a: 0, b: 1, times: 1.0, plus, by, checked: false }, vec![]))?;
        agree(&seed, &one(Operation::MultiplyDivide { a: 0, b: 1, times: times_lane, plus, by, checked: true }, vec![]))?;
    }

    #[test]
    fn roundings(
        by in prop_oneof![2_i64..50, 2_i64..1_000_000_000, 2..=MOST], times in 1_i64..1_000, mode in modes(),
        seed in four(-MOST, MOST, true),
    ) {
        let half = |most: i64| move |lane: &f64| {
            let x = (*lane as i64) % (most + 1);
            if lane.is_nan() { f64::NAN } else { (x / by * by + by / 2 + x % 2).clamp(-most, most) as f64 }
        };
        let below: Vec<Vec<f64>> = seed.iter().map(|lanes| lanes.iter().map(half(MOST / times)).collect()).collect();
        let (times, by) = (times as f64, by as f64);
        agree(&below, &one(Operation::Round { x: 0, times, by, mode, checked: false }, vec![]))?;
        agree(&seed, &one(Operation::Round { x: 0, times, by, mode, checked: true }, vec![]))?;
    }

    #[test]
    fn quotients(
        large in four(-MOST, MOST, true), divisors in lanes(1, MOST, true), small in lanes(1, 500, true),
        mode in modes(), signed in any::<bool>(), constant in 0..MOST,
    ) {
        for (divisors, most) in [(&divisors, MOST), (&small, MOST), (&divisors, 1 << 48), (&small, 1 << 49)] {
            let mut lanes = large.clone();
            // A numerator near a half of the divisor, of either sign if that may be.
            for (x, by) in lanes[0].iter_mut().zip(divisors) {
                let near = if by.is_nan() { *x } else { (*x / by).trunc().mul_add(*by, (by / 2.0).floor()) };
                *x = near.clamp(-(most as f64), most as f64);
                *x = if signed { *x } else { x.abs() };
            }
            let brief = most < MOST;
            lanes[1] = divisors.iter().map(|by| if brief { by.min((1_i64 << 48) as f64) } else { *by }).collect();
            lanes[1].iter_mut().zip(divisors).for_each(|(lane, by)| if by.is_nan() { *lane = f64::NAN });
            for x in [Operand::Register(0), Operand::Constant((constant % most) as f64)] {
                agree(&lanes, &one(Operation::Quotient { x, times: 1.0, y: 1, times_y: 1.0, mode, signed, brief }, vec![]))?;
            }
        }
    }

    #[test]
    fn quotients_by_a_cell(
        x in lanes(-(1 << 40), 1 << 40, true), keys in lanes(0, 2, false), cells in prop::collection::vec(1_i64..5_000, 3), mode in modes(),
    ) {
        let cells: Vec<Option<i64>> = cells.into_iter().map(Some).collect();
        let code = vec![
            Instruction { what: Operation::Lookup { x: 1, first: 0.0, table: 0, inside: true }, to: 2 },
            Instruction {
                what: Operation::Quotient { x: Operand::Register(0), times: 1.0, y: 2, times_y: 1.0, mode, signed: true, brief: true },
                to: 3,
            },
        ];
        agree(&[x, keys], &program(2, code, vec![Dense::new(&cells)], &[2, 3]))?;
    }

    #[test]
    fn choices(
        doubtful in four(-5, 5, true), sure in four(-5, 5, false), test in tests(),
        x in operand(0, -5, 5), y in operand(1, -5, 5), a in operand(2, -5, 5), b in operand(3, -5, 5),
        special in 0..6_u8,
    ) {
        let (a, b) = match special {
            0 => (Operand::Constant(0.0), b),
            1 => (a, Operand::Constant(0.0)),
            2 => (Operand::Constant(f64::NAN), b),
            3 => (a, Operand::Constant(f64::NAN)),
            4 => (Operand::Constant(1.0), Operand::Constant(0.0)),
            _ => (a, b),
        };
        agree(&doubtful, &one(Operation::Compare { test, guarded: true, a: x, b: y }, vec![]))?;
        agree(&sure, &one(Operation::Compare { test, guarded: false, a: x, b: y }, vec![]))?;
        let mut branches = doubtful.clone();
        branches[0].clone_from(&sure[0]);
        branches[1].clone_from(&sure[1]);
        agree(&branches, &one(Operation::SelectBy { test, x, y, a, b }, vec![]))?;
        agree(&branches, &one(Operation::Select { when: 0, guarded: false, a, b }, vec![]))?;
        agree(&doubtful, &one(Operation::Select { when: 0, guarded: true, a, b }, vec![]))?;
        // A truth and a choice by it.
        for guarded in [false, true] {
            let code = vec![
                Instruction { what: Operation::Compare { test, guarded, a: x, b: y }, to: 4 },
                Instruction { what: Operation::Select { when: 4, guarded, a, b }, to: 5 },
            ];
            agree(if guarded { &doubtful } else { &branches }, &program(4, code, vec![], &[4, 5]))?;
        }
        for (low, high) in [(-2.0, 2.0), (f64::NEG_INFINITY, 3.0), (-1.0, f64::INFINITY)] {
            agree(&doubtful, &one(Operation::Within { x: 0, low, high }, vec![]))?;
        }
    }

    #[test]
    fn look_ups(
        cells in prop::collection::vec(prop::option::weighted(0.8, -MOST..=MOST), 1..80), first in -30_000_i64..30_000, keys in four(-100, 100, true),
    ) {
        let table = || vec![Dense::new(&cells)];
        let shifted = |inside: bool| -> Vec<Vec<f64>> {
            let last = cells.len() as i64 - 1;
            keys.iter().map(|keys| keys.iter().map(|key| match key {
                key if key.is_nan() && inside => first as f64,
                key if inside => (first + (*key as i64).rem_euclid(last + 1)) as f64,
                key => key + first as f64,
            }).collect()).collect()
        };
        for inside in [false, true] {
            let what = Operation::Lookup { x: 0, first: first as f64, table: 0, inside };
            agree(&shifted(inside), &one(what, table()))?;
        }
    }

    #[test]
    fn calendars(days in lanes(-62_091, 120_529, true), months in lanes(-600, 600, true), indices in lanes(21_600, 27_599, true)) {
        for ask in [Calendar::MonthOfDay, Calendar::DayNumber, Calendar::AddMonths] {
            let asked = Operation::Calendar { ask, x: 0, months: Operand::Register(1) };
            agree(&[days.clone(), months.clone(), days.clone(), days.clone()], &one(asked, vec![]))?;
            let asked = Operation::Calendar { ask, x: 0, months: Operand::Constant(5.0) };
            agree(&[days.clone(), months.clone(), days.clone(), days.clone()], &one(asked, vec![]))?;
        }
        let asked = Operation::Calendar { ask: Calendar::FirstDayOfMonth, x: 0, months: Operand::Constant(0.0) };
        agree(&[indices.clone(), months.clone(), indices.clone(), indices], &one(asked, vec![]))?;
    }

    /// More values at once than there are registers, read again in any order.
    #[test]
    fn long_programs(
        lanes in four(-1_000, 1_000, true), keys in prop::collection::vec((0..9_u8, any::<[u16; 4]>(), -9_i64..9), 1..160),
    ) {
        let cells = [Some(5), Some(-7), None, Some(2), Some(11), Some(3)];
        let mut code = Vec::new();
        for (turn, (kind, registers, small)) in keys.into_iter().enumerate() {
            let to = 4 + (turn % 60) as u16;
            let written = to.max(4 + turn.min(60) as u16);
            let [x, y, a, b] = registers.map(|register| register % written.max(4));
            let [y, a, b] = [y, a, b].map(Operand::Register);
            let number = small as f64;
            let what = match kind {
                0 => Operation::Pair { op: Pair::Min, guarded: true, a, b },
                1 => Operation::Pair { op: Pair::Max, guarded: true, a, b: Operand::Constant(number) },
                2 => Operation::Scale { x, times: -1.0, plus: number },
                3 => Operation::Compare { test: Test::Less, guarded: true, a, b },
                4 => Operation::Select { when: x, guarded: true, a, b },
                5 => Operation::Lookup { x, first: number, table: 0, inside: false },
                6 => Operation::Round { x, times: 3.0, by: 7.0, mode: Rounding::HalfEven, checked: true },
                7 => Operation::Within { x, low: -900.0, high: 800.0 },
                _ => Operation::Pair { op: Pair::Min, guarded: true, a: y, b: Operand::Constant(f64::NAN) },
            };
            code.push(Instruction { what, to });
        }
        let kept: Vec<u16> = (4..4 + code.len().min(30) as u16).collect();
        agree(&lanes, &program(4, code, vec![Dense::new(&cells)], &kept))?;
    }

    /// Columns of every width come in as they are; one value out of range is told, wherever it lies.
    #[test]
    fn columns_of_every_width(
        wide in prop::collection::vec(-MOST..=MOST, ROWS), middle in prop::collection::vec(any::<i32>(), ROWS),
        narrow in prop::collection::vec(any::<u8>(), ROWS), place in 0..ROWS,
        beyond in prop_oneof![Just(i64::MIN), Just(i64::MAX), any::<i64>()],
    ) {
        let program = program(3, vec![], vec![], &[0, 1, 2]);
        let (low, high) = (*wide.iter().min().unwrap_or(&0), *wide.iter().max().unwrap_or(&0));
        let least = *middle.iter().min().unwrap_or(&0);
        let most = (*middle.iter().max().unwrap_or(&0)).min(least.saturating_add(i32::MAX - 1));
        let greatest = *narrow.iter().max().unwrap_or(&0);
        let stored = [Stored::I64 { low, high }, Stored::I32 { low: least, high: most }, Stored::U8 { high: greatest.into() }];
        let is_inside = middle.iter().all(|value| (least..=most).contains(value));
        if lower::is_possible() {
            let mut native = Native::new(&program, 3, &stored, Writing::Cached).expect("it is made");
            let mut run = |wide: &[i64], middle: &[i32], narrow: &[u8]| {
                let columns = [Rows::I64(wide), Rows::I32(middle), Rows::U8(narrow)];
                let mut answers = vec![vec![0_i64; ROWS]; 3];
                let mut slices: Vec<&mut [i64]> = answers.iter_mut().map(Vec::as_mut_slice).collect();
                (native.run(&columns, &mut slices, ROWS), answers)
            };
            let (outside, answers) = run(&wide, &middle, &narrow);
            prop_assert_eq!(outside, !is_inside);
            prop_assert_eq!(&answers[0], &wide);
            prop_assert_eq!(&answers[1], &middle.iter().map(|value| (*value).into()).collect::<Vec<i64>>());
            prop_assert_eq!(&answers[2], &narrow.iter().map(|value| (*value).into()).collect::<Vec<i64>>());
            let mut other = wide.clone();
            for beyond in [beyond, low - 1, high + 1] {
                other[place] = beyond;
                prop_assert_eq!(run(&other, &middle, &narrow).0, !is_inside || beyond < low || high < beyond);
            }
            if let Some(beyond) = greatest.checked_add(1) {
                let mut other = narrow.clone();
                other[place] = beyond;
                prop_assert!(run(&wide, &middle, &other).0);
            }
            for beyond in [least.checked_sub(1), most.checked_add(1)].into_iter().flatten() {
                let mut other = middle.clone();
                other[place] = beyond;
                prop_assert!(run(&wide, &other, &narrow).0);
            }
        }
    }
}
