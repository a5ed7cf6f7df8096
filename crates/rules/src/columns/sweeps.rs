//! Gathering the kept values of records into lanes of their rows.

use super::instruction::Operand;
use super::lanes::{CHUNK, Lanes, Machine};
use super::plan::{CarryInto, FoldInto, Group};
use super::program::Part;
use super::sweep::Fold;
use super::workspace::GroupSpace;

/// Distrusts rows whose records do not strictly ascend where their order matters. True if there is one.
pub(super) fn ascend(
    group: &Group,
    space: &GroupSpace,
    bounds: &[usize],
    distrusted: &mut [bool],
) -> bool {
    let mut any = false;
    for &place in &group.ascending {
        let order = &space.kept[usize::from(place)];
        for (row, bound) in bounds.windows(2).enumerate() {
            if !order[bound[0]..bound[1]].is_sorted_by(|a, b| a < b) {
                distrusted[row] = true;
                any = true;
            }
        }
    }
    any
}

/// Folds the kept values of each row's records.
pub(super) fn fold(group: &Group, space: &GroupSpace, bounds: &[usize], rows: &mut Machine) {
    for fold in &group.folds {
        let values = &space.kept[usize::from(fold.value)];
        let condition = fold
            .condition
            .map(|condition| &space.kept[usize::from(condition)][..]);
        let to = &mut rows.registers[usize::from(fold.to)].0;
        for (lane, bound) in to.iter_mut().zip(bounds.windows(2)) {
            *lane = folded(
                fold,
                &values[bound[0]..bound[1]],
                condition.map(|all| &all[bound[0]..bound[1]]),
            );
        }
    }
}

fn folded(fold: &FoldInto, values: &[f64], condition: Option<&[f64]>) -> f64 {
    // A doubtful condition makes the whole doubtful; a value that does not count may be doubtful.
    let counts = |index: usize| condition.map_or(1.0, |condition| condition[index]);
    if let Some(condition) = condition
        && condition.iter().any(|holds| holds.is_nan())
    {
        return f64::NAN;
    }
    let mut counted = values
        .iter()
        .enumerate()
        .filter(|(index, _)| counts(*index) != 0.0)
        .map(|(_, value)| *value);
    let pick = |wins: fn(f64, f64) -> bool| {
        move |best: f64, value: f64| {
            if best.is_nan() || value.is_nan() {
                f64::NAN
            } else if wins(value, best) {
                value
            } else {
                best
            }
        }
    };
    match fold.how {
        Fold::Sum => counted.sum::<f64>() + 0.0,
        Fold::Smallest => counted
            .reduce(pick(|value, best| value < best))
            .unwrap_or(f64::NAN),
        Fold::Largest => counted
            .reduce(pick(|value, best| value > best))
            .unwrap_or(f64::NAN),
        Fold::First => counted.next().unwrap_or(f64::NAN),
        Fold::Last => counted.next_back().unwrap_or(f64::NAN),
    }
}

/// Carries values through the records: the first records of all rows at once, then the second, and so on.
pub(super) fn carry(group: &Group, space: &mut GroupSpace, bounds: &[usize], rows: &mut Machine) {
    let longest = bounds
        .windows(2)
        .map(|bound| bound[1] - bound[0])
        .max()
        .unwrap_or(0);
    let GroupSpace { steps, kept, .. } = space;
    for (carry, machine) in group.carries.iter().zip(steps) {
        let mut carried = match carry.from {
            Operand::Register(from) => rows.registers[usize::from(from)].clone(),
            Operand::Constant(value) => Box::new(Lanes([value; CHUNK])),
        };
        for turn in 0..longest {
            step(carry, machine, kept, bounds, turn, rows, &mut carried);
        }
        rows.registers[usize::from(carry.to)] = carried;
    }
}

fn step(
    carry: &CarryInto,
    machine: &mut Machine,
    kept: &[Vec<f64>],
    bounds: &[usize],
    turn: usize,
    rows: &Machine,
    carried: &mut Lanes,
) {
    for part in &carry.program.parts {
        match part {
            Part::Record { kept: place, to } => {
                let values = &kept[usize::from(*place)];
                let to = &mut machine.registers[usize::from(*to)].0;
                for (lane, bound) in to.iter_mut().zip(bounds.windows(2)) {
                    *lane = if bound[0] + turn < bound[1] {
                        values[bound[0] + turn]
                    } else {
                        0.0
                    };
                }
            }
            Part::Outer { from, to } => {
                machine.registers[usize::from(*to)].0 = rows.registers[usize::from(*from)].0;
            }
            Part::Carried { to } => machine.registers[usize::from(*to)].0 = carried.0,
            Part::Run { start, end } => {
                machine.run(&carry.program.code[*start..*end], &carry.program.tables);
            }
            Part::Keep { from, .. } => {
                for (row, bound) in bounds.windows(2).enumerate() {
                    if bound[0] + turn < bound[1] {
                        carried.0[row] = match from {
                            Operand::Register(register) => {
                                machine.registers[usize::from(*register)].0[row]
                            }
                            Operand::Constant(value) => *value,
                        };
                    }
                }
            }
            Part::Load { .. } | Part::Sweeps { .. } => {
                unreachable!("a step reads only what was kept")
            }
        }
    }
}
