//! Running a plan: chunk by chunk through lanes, then row by row what lanes could not prove.

use super::batch::{Batch, Column, Records, RefusedRow, Values};
use super::compile::LoadColumn;
use super::instruction::{Operand, lane};
use super::lanes::{self, CHUNK, Lanes, Machine, Writing};
use super::natively;
use super::plan::{Group, Plan};
use super::program::Part;
use super::settle;
use super::sweep::MOST_RECORDS;
use super::sweeps;
use super::workspace::{GroupSpace, Workspace};

/// The columns of a scope's loads, in their order; none where the batch has no such column.
fn matched<'b, 'c>(loads: &[LoadColumn], columns: &'b [Column<'c>]) -> Vec<Option<&'b Column<'c>>> {
    loads
        .iter()
        .map(|load| columns.iter().find(|column| column.slot == load.slot))
        .collect()
}

/// The records of each group's relation with their columns.
struct Source<'b, 'c> {
    records: Option<&'b Records<'c>>,
    columns: Vec<Option<&'b Column<'c>>>,
}

pub(super) fn run(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    batch: &Batch<'_>,
    results: &mut [&mut [i64]],
    refused: &mut Vec<RefusedRow>,
) {
    workspace.doubtful.clear();
    workspace.unmet.clear();
    let columns = matched(&plan.loads, &batch.columns);
    let sources: Vec<Source<'_, '_>> = plan
        .groups
        .iter()
        .map(|group| {
            let records = batch
                .records
                .iter()
                .find(|records| records.relation == group.relation);
            let columns = matched(
                &group.loads,
                records.map_or(&[], |records| &records.columns),
            );
            Source { records, columns }
        })
        .collect();
    let writing = Writing::of(batch.rows * plan.asked.len());
    let before = natively::prepare(plan, workspace, &columns, results, writing);
    let mut start = 0;
    while start < batch.rows {
        let most = if start < before { before } else { CHUNK };
        let rows = most.min(batch.rows - start);
        let done = natively::chunk(plan, workspace, &columns, (start, rows), results);
        start += done;
        if done > 0 {
            continue;
        }
        chunk(
            plan,
            workspace,
            &columns,
            &sources,
            (start, rows),
            results,
            writing,
        );
        start += rows;
    }
    writing.finish();
    // Records the plan was not told of count, so lanes cannot be right.
    let told = |relation| plan.relations.contains(&relation);
    let untold = batch
        .records
        .iter()
        .any(|records| !told(records.relation) && records.starts.iter().any(|start| *start > 0));
    for question in 0..plan.asked.len() {
        if untold || !plan.in_lanes[question] {
            workspace
                .doubtful
                .extend((0..batch.rows).map(|row| (row, question)));
        }
    }
    settle::settle(plan, workspace, batch, results, refused);
}

fn chunk(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    columns: &[Option<&Column<'_>>],
    sources: &[Source<'_, '_>],
    (start, rows): (usize, usize),
    results: &mut [&mut [i64]],
    writing: Writing,
) {
    let Workspace {
        rows: machine,
        groups,
        distrusted,
        doubtful,
        unmet,
        ..
    } = workspace;
    let mut any = false;
    for part in &plan.program.parts {
        match part {
            Part::Load { column, to } => {
                let (load, column) = (
                    &plan.loads[usize::from(*column)],
                    columns[usize::from(*column)],
                );
                any |= fill(
                    load,
                    column,
                    (start, rows),
                    &mut machine.registers[usize::from(*to)],
                    |row| distrusted[row] = true,
                );
            }
            Part::Run { start, end } => {
                machine.run(&plan.program.code[*start..*end], &plan.program.tables);
            }
            Part::Sweeps { group } => {
                let group_number = usize::from(*group);
                let (group, source) = (&plan.groups[group_number], &sources[group_number]);
                let span = Span { start, rows };
                any |= sweep(
                    group,
                    source,
                    machine,
                    &mut groups[group_number],
                    span,
                    distrusted,
                );
            }
            Part::Keep { nth, from, .. } if usize::from(*nth) >= plan.asked.len() => {
                let number = usize::from(*nth) - plan.asked.len();
                let question = plan.requirements[number].0;
                let held = |row: usize| value_at(machine, *from, row);
                // Nearly always all rows meet it: that is seen first, without a branch for each.
                if !(0..rows).fold(true, |all, row| all & (held(row) == 1.0)) {
                    unmet.extend(
                        (0..rows)
                            .filter(|&row| held(row) == 0.0)
                            .map(|row| (start + row, question, number)),
                    );
                    doubtful.extend(doubted(machine, *from, (start, rows), question));
                }
            }
            Part::Keep { nth, from, .. } => {
                let question = usize::from(*nth);
                let out = &mut results[question][start..start + rows];
                let trusted = answer(machine, *from, out, writing);
                if !trusted {
                    doubtful.extend(doubted(machine, *from, (start, rows), question));
                }
            }
            Part::Outer { .. } | Part::Record { .. } | Part::Carried { .. } => {
                unreachable!("the rows lie inside nothing")
            }
        }
    }
    if any {
        hand_over(plan, &mut distrusted[..rows], start, doubtful);
    }
}

/// Leaves distrusted rows to be evaluated exactly, for whatever is asked, and trusts the next ones.
pub(super) fn hand_over(
    plan: &Plan<'_>,
    distrusted: &mut [bool],
    start: usize,
    doubtful: &mut Vec<(usize, usize)>,
) {
    for (row, distrusted) in distrusted.iter_mut().enumerate() {
        if std::mem::take(distrusted) {
            doubtful.extend((0..plan.asked.len()).map(|question| (start + row, question)));
        }
    }
}

/// The rows of the chunk that are NaN at a question.
fn doubted(
    machine: &Machine,
    from: Operand,
    (start, rows): (usize, usize),
    question: usize,
) -> impl Iterator<Item = (usize, usize)> {
    (0..rows)
        .filter(move |&row| value_at(machine, from, row).is_nan())
        .map(move |row| (start + row, question))
}

/// Rows `start .. start + rows` of the batch.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    rows: usize,
}

fn answer(machine: &Machine, from: Operand, out: &mut [i64], writing: Writing) -> bool {
    match from {
        Operand::Register(register) => {
            lanes::store(&machine.registers[usize::from(register)], out, writing)
        }
        Operand::Constant(value) => {
            out.fill(lanes::number(value));
            !value.is_nan()
        }
    }
}

fn value_at(machine: &Machine, from: Operand, row: usize) -> f64 {
    match from {
        Operand::Register(register) => machine.registers[usize::from(register)].0[row],
        Operand::Constant(value) => value,
    }
}

/// Fills a register from a column; `distrust` is told of each row outside the load's range or missing. True if there was one.
pub(super) fn fill(
    load: &LoadColumn,
    column: Option<&Column<'_>>,
    (start, rows): (usize, usize),
    to: &mut Lanes,
    mut distrust: impl FnMut(usize),
) -> bool {
    let (low, high) = (lane(load.low), lane(load.high));
    let Some(column) = column else {
        to.0.fill(low);
        (0..rows).for_each(distrust);
        return true;
    };
    let span = start..start + rows;
    let missing = column.missing.map(|missing| &missing[span.clone()]);
    let inside = match column.values {
        Values::I64(values) => lanes::load(&values[span], low, high, to),
        Values::I32(values) => lanes::load(&values[span], low, high, to),
        Values::U8(values) => lanes::load(&values[span], low, high, to),
        Values::Text(_) => false,
    };
    if inside && missing.is_none() {
        return false;
    }
    let mut any = false;
    for (row, cell) in to.0[..rows].iter_mut().enumerate() {
        let is_missing = missing.is_some_and(|missing| missing[row]);
        if is_missing && let Some(default) = load.default {
            *cell = lane(default);
        } else if is_missing || !(low..=high).contains(cell) {
            *cell = low;
            any = true;
            distrust(row);
        }
    }
    any
}

/// Runs the records of a chunk of rows and gathers them.
fn sweep(
    group: &Group,
    source: &Source<'_, '_>,
    rows: &mut Machine,
    space: &mut GroupSpace,
    span: Span,
    distrusted: &mut [bool],
) -> bool {
    let none = vec![0; span.rows + 1];
    let starts = source.records.map_or(&none[..], |records| {
        &records.starts[span.start..=span.start + span.rows]
    });
    let first = starts[0];
    let (from, until) = (first as usize, starts[span.rows] as usize);
    for kept in &mut space.kept {
        kept.clear();
        kept.resize(until - from, 0.0);
    }
    let mut any = false;
    space.owners.clear();
    for row in 0..span.rows {
        let count = starts[row + 1] - starts[row];
        if i64::from(count) > MOST_RECORDS {
            distrusted[row] = true;
            any = true;
        }
        let owner = u16::try_from(row).expect("a chunk has fewer than 2^16 rows");
        space
            .owners
            .extend(std::iter::repeat_n(owner, count as usize));
    }
    let mut at = from;
    while at < until {
        let records = CHUNK.min(until - at);
        any |= record_chunk(group, source, rows, space, (at, records, from), distrusted);
        at += records;
    }
    let bounds: Vec<usize> = starts
        .iter()
        .map(|start| (start - first) as usize)
        .collect();
    any |= sweeps::ascend(group, space, &bounds, distrusted);
    sweeps::fold(group, space, &bounds, rows);
    sweeps::carry(group, space, &bounds, rows);
    any
}

fn record_chunk(
    group: &Group,
    source: &Source<'_, '_>,
    rows: &Machine,
    space: &mut GroupSpace,
    (at, records, from): (usize, usize, usize),
    distrusted: &mut [bool],
) -> bool {
    let GroupSpace {
        records: machine,
        kept,
        owners,
        ..
    } = space;
    let owners = &owners[at - from..at - from + records];
    let mut any = false;
    for part in &group.program.parts {
        match part {
            Part::Load { column, to } => {
                let (load, column) = (
                    &group.loads[usize::from(*column)],
                    source.columns[usize::from(*column)],
                );
                any |= fill(
                    load,
                    column,
                    (at, records),
                    &mut machine.registers[usize::from(*to)],
                    |record| {
                        distrusted[usize::from(owners[record])] = true;
                    },
                );
            }
            Part::Outer { from, to } => {
                let owner_lanes = &rows.registers[usize::from(*from)].0;
                let to = &mut machine.registers[usize::from(*to)].0;
                for (lane, owner) in to.iter_mut().zip(owners) {
                    *lane = owner_lanes[usize::from(*owner)];
                }
            }
            Part::Run { start, end } => {
                machine.run(&group.program.code[*start..*end], &group.program.tables);
            }
            Part::Keep {
                nth,
                from: kept_from,
                ..
            } => {
                let out = &mut kept[usize::from(*nth)][at - from..at - from + records];
                match kept_from {
                    Operand::Register(register) => {
                        out.copy_from_slice(
                            &machine.registers[usize::from(*register)].0[..records],
                        );
                    }
                    Operand::Constant(value) => out.fill(*value),
                }
            }
            Part::Record { .. } | Part::Carried { .. } | Part::Sweeps { .. } => {
                unreachable!("records carry and gather nothing")
            }
        }
    }
    any
}
