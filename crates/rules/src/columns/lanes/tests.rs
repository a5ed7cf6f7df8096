//! Lanes against whole numbers: every instruction, near its limits, on every kind of vectors this machine has.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "numbers below 2^53 go between lanes and integers unchanged"
)]

use super::*;
use crate::columns::instruction::{Calendar, Operand, Operation, Pair, Test};
use measure::{Rounding, divide};
use proptest::prelude::*;

const MOST: i64 = (1 << 50) - 1;

/// Runs one program with each of the three compilations and returns the register, having seen that they agree.
fn run(inputs: &[Vec<f64>], program: &[Instruction], to: Register) -> Vec<f64> {
    let machine = || {
        let mut machine = Machine::new(inputs.len() + 2);
        for (register, values) in machine.registers.iter_mut().zip(inputs) {
            register.0[..values.len()].copy_from_slice(values);
        }
        machine
    };
    let (mut plain, mut widest) = (machine(), machine());
    run_each(&mut plain, program, &[], lookup::plain);
    widest.run(program, &[]);
    let bits = |machine: &Machine| machine.registers[usize::from(to)].0.map(f64::to_bits);
    assert_eq!(bits(&plain), bits(&widest), "all compilations agree");
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        let mut middle = machine();
        #[expect(unsafe_code, reason = "calling code compiled for a processor feature")]
        // SAFETY: the feature was detected on the line above.
        unsafe {
            run_avx2(&mut middle, program, &[]);
        }
        assert_eq!(bits(&plain), bits(&middle), "all compilations agree");
    }
    plain.registers[usize::from(to)].0.to_vec()
}

fn lanes(values: &[i64]) -> Vec<f64> {
    values.iter().map(|value| *value as f64).collect()
}

fn amounts() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(0),
        Just(MOST),
        Just(-MOST),
        -1_000_i64..1_000,
        -MOST..=MOST
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

proptest! {
    #[test]
    fn dividing_by_a_constant_is_exact(x in 0..=MOST, by in prop_oneof![1_i64..1_000, 1..=MOST], near in -1_i64..=1) {
        // Multiples and their neighbours are where a quotient could slip.
        for x in [x, (x / by * by + near).clamp(0, MOST)] {
            let got = floor_divide(x as f64, by as f64, 1.0 / by as f64);
            prop_assert_eq!(got as i64, x.div_euclid(by), "{} / {}", x, by);
        }
    }

    #[test]
    fn rounding_agrees_with_measure(
        values in prop::collection::vec(amounts(), 1..40),
        by in prop_oneof![1_i64..50, 1_i64..1_000_000_000],
        mode in modes(),
    ) {
        let halves: Vec<i64> = values.iter().map(|value| (value / by * by + by / 2).clamp(-MOST, MOST)).collect();
        for values in [values, halves] {
            let program = [Instruction { what: Operation::Round { x: 0, times: 1.0, by: by as f64, mode, checked: true }, to: 1 }];
            let got = run(&[lanes(&values)], &program, 1);
            for (value, got) in values.iter().zip(got) {
                let expected = divide(i128::from(*value), i128::from(by), mode).unwrap();
                prop_assert_eq!(got as i128, expected, "{} / {} {:?}", value, by, mode);
            }
        }
    }

    #[test]
    fn quotients_agree_with_measure(
        pairs in prop::collection::vec((-(1_i64 << 49)..=(1 << 49), prop_oneof![1_i64..500, 1_i64..(1 << 48)]), 1..40),
        mode in modes(),
        signed in any::<bool>(),
    ) {
        let near = |&(x, by): &(i64, i64)| ((x / by * by + by / 2).clamp(-(1 << 49), 1 << 49), by);
        let nearby: Vec<(i64, i64)> = pairs.iter().map(near).collect();
        for pairs in [pairs, nearby] {
            let x: Vec<i64> = pairs.iter().map(|(x, _)| if signed { *x } else { x.abs() }).collect();
            let y: Vec<i64> = pairs.iter().map(|(_, y)| *y).collect();
            let parts = Operand::Register(0);
            let program = [Instruction { what: Operation::Quotient { x: parts, times: 1.0, y: 1, times_y: 1.0, mode, signed, brief: false }, to: 2 }];
            // The rest of the chunk divides by one.
            let mut by = lanes(&y);
            by.resize(CHUNK, 1.0);
            let got = run(&[lanes(&x), by], &program, 2);
            for ((x, y), got) in x.iter().zip(&y).zip(got) {
                let expected = divide(i128::from(*x), i128::from(*y), mode).unwrap();
                prop_assert_eq!(got as i128, expected, "{} / {} {:?}", x, y, mode);
            }
        }
    }

    #[test]
    fn a_product_beyond_the_limit_is_never_trusted(a in amounts(), b in amounts(), by in 1_i64..1_000) {
        let program = [
            Instruction { what: Operation::Pair { op: Pair::Multiply, guarded: false, a: Operand::Register(0), b: Operand::Register(1) }, to: 2 },
            Instruction { what: Operation::Within { x: 2, low: -(MOST as f64), high: MOST as f64 }, to: 2 },
        ];
        let got = run(&[lanes(&[a]), lanes(&[b])], &program, 2)[0];
        let product = i128::from(a) * i128::from(b);
        if product.abs() < LIMIT {
            prop_assert_eq!(got as i128, product);
        } else {
            prop_assert!(got.is_nan());
        }
        let (a, b) = (a.abs(), b.abs());
        let by_lane = by as f64;
        let divided = Instruction { what: Operation::MultiplyDivide { a: 0, b: 1, times: 1.0, plus: 0.0, by: by_lane, checked: true }, to: 2 };
        let got = run(&[lanes(&[a]), lanes(&[b])], &[divided], 2)[0];
        let product = i128::from(a) * i128::from(b);
        if product < LIMIT {
            prop_assert_eq!(got as i128, product / i128::from(by));
        } else {
            prop_assert!(got.is_nan());
        }
    }

    #[test]
    fn numbers_go_in_and_out_unchanged(values in prop::collection::vec(amounts(), 1..300)) {
        let mut register = Lanes::zero();
        for chunk in values.chunks(CHUNK) {
            prop_assert!(load(chunk, -(MOST as f64), MOST as f64, &mut register));
            for (writing, offset) in [(Writing::Cached, 0), (Writing::Streaming, 0), (Writing::Streaming, 3)] {
                let mut back = vec![0; chunk.len() + offset];
                prop_assert!(store(&register, &mut back[offset..], writing));
                writing.finish();
                prop_assert_eq!(chunk, &back[offset..]);
            }
        }
    }
}

#[test]
fn what_is_out_of_range_is_told() {
    let mut register = Lanes::zero();
    assert!(!load(&[5_i64, i64::MAX], 0.0, 10.0, &mut register));
    assert!(!load(&[-1_i32], 0.0, 10.0, &mut register));
    assert!(!load(&[255_u8; CHUNK], 0.0, 10.0, &mut register));
    assert!(load(&[0_u8, 10], 0.0, 10.0, &mut register));
}

#[test]
fn look_ups_agree_for_tables_of_every_length() {
    for length in [1, 2, 3, 8, 9, 16, 17, 31, 32, 33, 64, 65, 500] {
        let cells: Vec<Option<i64>> = (0..length)
            .map(|cell| (cell % 7 != 3).then_some(cell * 11))
            .collect();
        let tables = [Dense::new(&cells)];
        let program = [Instruction {
            what: Operation::Lookup {
                x: 0,
                first: -5.0,
                table: 0,
                inside: false,
            },
            to: 1,
        }];
        for start in (-20..length + 20).step_by(CHUNK) {
            let mut machine = Machine::new(2);
            for (row, lane) in (0..).zip(&mut machine.registers[0].0) {
                *lane = if row == 77 {
                    f64::NAN
                } else {
                    (start + row) as f64
                };
            }
            machine.run(&program, &tables);
            for (row, got) in (0..).zip(&machine.registers[1].0) {
                let place = (start + row + 5).clamp(0, length - 1);
                let expected = if row == 77 {
                    None
                } else {
                    cells[usize::try_from(place).unwrap()]
                };
                assert_eq!(
                    (!got.is_nan()).then_some(*got as i64),
                    expected,
                    "{length} cells at {place}"
                );
            }
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table: an entry an instruction")]
fn doubt_is_passed_on_wherever_it_may_occur() {
    let doubtful = vec![f64::NAN, 1.0];
    let (x, one) = (Operand::Register(0), Operand::Constant(1.0));
    let programs = [
        Instruction {
            what: Operation::Pair {
                op: Pair::Min,
                guarded: true,
                a: x,
                b: one,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Pair {
                op: Pair::Max,
                guarded: true,
                a: one,
                b: x,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Compare {
                test: Test::Less,
                guarded: true,
                a: x,
                b: one,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Compare {
                test: Test::Different,
                guarded: true,
                a: one,
                b: x,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Select {
                when: 0,
                guarded: true,
                a: one,
                b: one,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Divide {
                x: 0,
                times: 3.0,
                plus: 1.0,
                by: 7.0,
                checked: false,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Round {
                x: 0,
                times: 3.0,
                by: 7.0,
                mode: Rounding::HalfEven,
                checked: false,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Within {
                x: 0,
                low: 0.0,
                high: 5.0,
            },
            to: 1,
        },
        Instruction {
            what: Operation::Calendar {
                ask: Calendar::AddMonths,
                x: 0,
                months: one,
            },
            to: 1,
        },
    ];
    for program in programs {
        let got = run(
            std::slice::from_ref(&doubtful),
            std::slice::from_ref(&program),
            1,
        );
        assert!(got[0].is_nan() && !got[1].is_nan(), "{program:?}");
    }
}
