//! Running a plan: chunk by chunk through lanes, then row by row what lanes could not prove.

use super::batch::{Batch, Column, Records, RefusedRow, Results, Values};
use super::compile::LoadColumn;
use super::instruction::{Operand, lane};
use super::lanes::{self, CHUNK, Lanes, Machine};
use super::plan::{Group, Plan};
use super::schedule::Part;
use super::sweep::MOST_RECORDS;
use super::sweeps;
use super::workspace::{GroupSpace, Workspace};
use crate::evaluate::{Case, facts_from_batch, to_canonical};
use crate::refusal::Refusal;

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
    results: &mut Results,
) {
    results.columns.resize_with(plan.asked.len(), Vec::new);
    for column in &mut results.columns {
        // Every row is written below: what an earlier batch left need not be wiped.
        column.resize(batch.rows, 0);
    }
    results.refused.clear();
    workspace.doubtful.clear();
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
    let mut start = 0;
    while start < batch.rows {
        let rows = CHUNK.min(batch.rows - start);
        chunk(plan, workspace, &columns, &sources, (start, rows), results);
        start += rows;
    }
    for question in 0..plan.asked.len() {
        if !plan.in_lanes[question] {
            workspace
                .doubtful
                .extend((0..batch.rows).map(|row| (row, question)));
        }
    }
    exactly(plan, workspace, batch, results);
}

fn chunk(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    columns: &[Option<&Column<'_>>],
    sources: &[Source<'_, '_>],
    (start, rows): (usize, usize),
    results: &mut Results,
) {
    let Workspace {
        rows: machine,
        groups,
        distrusted,
        doubtful,
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
                    |row| {
                        distrusted[row] = true;
                    },
                );
            }
            Part::Run { start, end } => machine.run(&plan.program.code[*start..*end], &plan.tables),
            Part::Sweeps { group } => {
                let group_number = usize::from(*group);
                let (group, source) = (&plan.groups[group_number], &sources[group_number]);
                let span = Span { start, rows };
                any |= sweep(
                    plan,
                    group,
                    source,
                    machine,
                    &mut groups[group_number],
                    span,
                    distrusted,
                );
            }
            Part::Keep { nth, from } => {
                let question = usize::from(*nth);
                let out = &mut results.columns[question][start..start + rows];
                let trusted = answer(machine, *from, out);
                if !trusted {
                    doubtful.extend(
                        (0..rows)
                            .filter(|&row| is_doubtful(machine, *from, row))
                            .map(|row| (start + row, question)),
                    );
                }
            }
            Part::Outer { .. } | Part::Record { .. } | Part::Carried { .. } => {
                unreachable!("the rows lie inside nothing")
            }
        }
    }
    if any {
        for row in 0..rows {
            if std::mem::take(&mut distrusted[row]) {
                doubtful.extend((0..plan.asked.len()).map(|question| (start + row, question)));
            }
        }
    }
}

/// Rows `start .. start + rows` of the batch.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    rows: usize,
}

fn answer(machine: &Machine, from: Operand, out: &mut [i64]) -> bool {
    match from {
        Operand::Register(register) => lanes::store(&machine.registers[usize::from(register)], out),
        Operand::Constant(value) => {
            out.fill(lanes::number(value));
            !value.is_nan()
        }
    }
}

fn is_doubtful(machine: &Machine, from: Operand, row: usize) -> bool {
    match from {
        Operand::Register(register) => machine.registers[usize::from(register)].0[row].is_nan(),
        Operand::Constant(value) => value.is_nan(),
    }
}

/// Fills a register from a column; `distrust` is told of each row outside the load's range or missing. True if there was one.
fn fill(
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
    plan: &Plan<'_>,
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
        any |= record_chunk(
            plan,
            group,
            source,
            rows,
            space,
            (at, records, from),
            distrusted,
        );
        at += records;
    }
    let bounds: Vec<usize> = starts
        .iter()
        .map(|start| (start - first) as usize)
        .collect();
    any |= sweeps::ascend(group, space, &bounds, distrusted);
    sweeps::fold(group, space, &bounds, rows);
    sweeps::carry(plan, group, space, &bounds, rows);
    any
}

fn record_chunk(
    plan: &Plan<'_>,
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
                machine.run(&group.program.code[*start..*end], &plan.tables)
            }
            Part::Keep {
                nth,
                from: kept_from,
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

/// Evaluates the doubtful rows one by one with the exact evaluator.
fn exactly(plan: &Plan<'_>, workspace: &mut Workspace, batch: &Batch<'_>, results: &mut Results) {
    workspace.doubtful.sort_unstable();
    workspace.doubtful.dedup();
    for questions in workspace.doubtful.chunk_by(|a, b| a.0 == b.0) {
        let row = questions[0].0;
        let facts = facts_from_batch(plan.law, batch, row);
        let mut case = facts
            .as_ref()
            .ok()
            .map(|facts| Case::new(plan.law, plan.as_of, facts));
        for &(_, question) in questions {
            let asked = plan.asked[question];
            let refuse = |reason| Refusal {
                reason,
                rule: Some(asked),
                span: None,
            };
            let value = match (&mut case, &facts) {
                (Some(case), _) => case
                    .value(asked)
                    .and_then(|value| to_canonical(plan.law[asked].ty, &value).map_err(refuse)),
                (None, Err(reason)) => Err(refuse(reason.clone())),
                (None, Ok(_)) => unreachable!("there is a case where there are facts"),
            };
            match value {
                Ok(value) => results.columns[question][row] = value,
                Err(refusal) => {
                    results.columns[question][row] = 0;
                    results.refused.push(RefusedRow {
                        row,
                        asked,
                        refusal,
                    });
                }
            }
        }
    }
}
