//! Running a plan's rows as native code: which columns it can read as they are, and what its marks say of the rows.

use super::batch::{Column, Values};
use super::compile::LoadColumn;
use super::lanes::{Lanes, Writing};
use super::native::{self, Native, Rows, Shape, Stored, TURN};
use super::plan::Plan;
use super::run::fill;
use super::workspace::Workspace;

/// Makes the native code for these columns, unless it is there; for so many first rows it is not to be used, which is all of them where
/// there is none.
pub(super) fn prepare(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    columns: &[Option<&Column<'_>>],
    results: &[&mut [i64]],
    writing: Writing,
) -> usize {
    if !plan.groups.is_empty() {
        return usize::MAX;
    }
    let head = head(results).filter(|_| writing == Writing::Streaming && native::streams());
    let shape = Shape {
        columns: plan
            .loads
            .iter()
            .zip(columns)
            .map(|(load, column)| stored(load, *column))
            .collect(),
        streaming: head.is_some(),
    };
    if workspace.tried.as_ref() != Some(&shape) {
        workspace.native = Native::new(&plan.program, plan.asked.len(), shape.clone());
        let lanes = shape.columns.iter().map(|stored| match stored {
            Stored::Lanes => Some(Lanes::zero()),
            Stored::I64 { .. } | Stored::I32 { .. } | Stored::U8 { .. } => None,
        });
        workspace.filled = lanes.collect();
        workspace.tried = Some(shape);
    }
    match workspace.native {
        Some(_) => head.unwrap_or(0),
        None => usize::MAX,
    }
}

/// The rows before those whose results begin whole cache lines; none where the columns of results differ in that.
fn head(results: &[&mut [i64]]) -> Option<usize> {
    let mut heads = results.iter().map(|result| {
        let past_line = result.as_ptr().addr() % 64;
        (64 - past_line) % 64 / size_of::<i64>()
    });
    let first = heads.next()?;
    heads.all(|head| head == first).then_some(first)
}

/// How native code reads a column: as it is, or where cells may be missing from lanes that are filled first.
fn stored(load: &LoadColumn, column: Option<&Column<'_>>) -> Stored {
    let Some(Column {
        values,
        missing: None,
        ..
    }) = column
    else {
        return Stored::Lanes;
    };
    let (low, high) = (load.low, load.high);
    match values {
        Values::I64(_) if low <= high => Stored::I64 { low, high },
        Values::I32(_) => {
            let clip = |end: i64| i32::try_from(end.clamp(i32::MIN.into(), i32::MAX.into()));
            match (clip(low), clip(high)) {
                // The check needs a difference that is not negative.
                (Ok(least), Ok(most))
                    if low <= i64::from(most)
                        && high >= i64::from(least)
                        && most.checked_sub(least).is_some_and(|width| width >= 0) =>
                {
                    Stored::I32 {
                        low: least,
                        high: most,
                    }
                }
                _ => Stored::Lanes,
            }
        }
        Values::U8(_) if low <= 0 && high >= 0 => Stored::U8 {
            high: i32::try_from(high.min(255)).unwrap_or(255),
        },
        Values::I64(_) | Values::U8(_) | Values::Text(_) => Stored::Lanes,
    }
}

/// Runs as many rows of a chunk as make whole turns; how many that is.
pub(super) fn chunk(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    columns: &[Option<&Column<'_>>],
    (start, rows): (usize, usize),
    results: &mut [&mut [i64]],
) -> usize {
    let rows = rows / TURN * TURN;
    let Workspace {
        native,
        filled,
        distrusted,
        doubtful,
        unmet,
        ..
    } = workspace;
    let Some(native) = native else { return 0 };
    if rows == 0 {
        return 0;
    }
    let mut any = false;
    for ((load, column), lanes) in plan.loads.iter().zip(columns).zip(filled.iter_mut()) {
        if let Some(lanes) = lanes {
            any |= fill(load, *column, (start, rows), lanes, |row| {
                distrusted[row] = true;
            });
        }
    }
    let read: Vec<Rows<'_>> = columns
        .iter()
        .zip(filled.iter())
        .map(
            |(column, lanes)| match (lanes, column.map(|column| column.values)) {
                (None, Some(Values::I64(values))) => Rows::I64(&values[start..start + rows]),
                (None, Some(Values::I32(values))) => Rows::I32(&values[start..start + rows]),
                (None, Some(Values::U8(values))) => Rows::U8(&values[start..start + rows]),
                (None, _) => unreachable!("what is not stored in such a width is filled first"),
                (Some(lanes), _) => Rows::Lanes(&lanes.0[..rows]),
            },
        )
        .collect();
    let mut answers: Vec<&mut [i64]> = results
        .iter_mut()
        .map(|result| &mut result[start..start + rows])
        .collect();
    if native.run(&read, &mut answers, rows) {
        any = true;
        for (load, column) in plan.loads.iter().zip(&read) {
            distrust(load, *column, distrusted);
        }
    }
    native.marked(rows, |nth, is_unmet, row| {
        let nth = usize::from(nth);
        let question = match nth.checked_sub(plan.asked.len()) {
            None => nth,
            Some(number) => plan.requirements[number].0,
        };
        if is_unmet {
            unmet.push((start + row, question, nth - plan.asked.len()));
        } else {
            doubtful.push((start + row, question));
        }
    });
    if any {
        super::run::hand_over(plan, &mut distrusted[..rows], start, doubtful);
    }
    rows
}

/// Distrusts the rows at which a column is out of range.
fn distrust(load: &LoadColumn, column: Rows<'_>, distrusted: &mut [bool]) {
    fn each(values: impl Iterator<Item = i64>, (low, high): (i64, i64), distrusted: &mut [bool]) {
        for (value, distrusted) in values.zip(distrusted) {
            *distrusted |= value < low || high < value;
        }
    }
    let range = (load.low, load.high);
    match column {
        Rows::I64(values) => each(values.iter().copied(), range, distrusted),
        Rows::I32(values) => each(
            values.iter().map(|value| (*value).into()),
            range,
            distrusted,
        ),
        Rows::U8(values) => each(
            values.iter().map(|value| (*value).into()),
            range,
            distrusted,
        ),
        Rows::Lanes(_) => {}
    }
}
