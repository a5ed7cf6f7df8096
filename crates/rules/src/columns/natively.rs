//! Running a plan's rows as native code: which columns it can read as they are, and what its marks say of the rows.

use super::batch::{Column, Values};
use super::compile::LoadColumn;
use super::lanes::{Lanes, Writing};
use super::native::{LINE, Native, Rows, Stored, TURN};
use super::plan::Plan;
use super::run::fill;
use super::workspace::Workspace;

/// Makes the native code for these columns, unless it is there. Where results go past the caches, gives how many rows stand before
/// the first at which all results begin a line of memory: those the interpreter does.
pub(super) fn prepare(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    columns: &[Option<&Column<'_>>],
    results: &[&mut [i64]],
    writing: Writing,
) -> usize {
    if !plan.groups.is_empty() {
        return 0;
    }
    let head = |result: &&mut [i64]| result.as_ptr().align_offset(LINE);
    let first = results.first().map_or(0, head);
    let (writing, before) = match writing {
        Writing::Streaming if results.iter().all(|result| head(result) == first) => {
            (Writing::Streaming, first)
        }
        _ => (Writing::Cached, 0),
    };
    let columns = plan.loads.iter().zip(columns);
    let columns: Vec<Stored> = columns
        .map(|(load, column)| stored(load, *column))
        .collect();
    let tried = (columns, writing);
    if workspace.tried.as_ref() == Some(&tried) {
        return before;
    }
    let columns = &tried.0;
    workspace.native = Native::new(&plan.program, plan.asked.len(), columns, writing);
    let lanes = columns.iter().map(|stored| match stored {
        Stored::Lanes => Some(Lanes::zero()),
        Stored::I64 { .. } | Stored::I32 { .. } | Stored::U8 { .. } => None,
    });
    workspace.filled = lanes.collect();
    workspace.tried = Some(tried);
    before
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

/// Runs as many rows of a chunk as make whole turns; how many that is, and none where there is no native code.
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

#[cfg(all(test, target_arch = "x86_64", unix))]
mod tests {
    use super::*;
    use crate::check;
    use crate::columns::{Batch, Results, Slot};
    use crate::diagnostic::SourceFile;
    use crate::law::{InputId, RuleId};
    use measure::Day;

    const LAW: &str = "\
source a-law \"法\" / \"A law\"
  issued 2020-01-01
  in force 2020-01-01
  confirmed S1 \"a test\"

article 1 \"条\" / \"One\"

entity person

input wage 工资 of person : money
  range 0 yuan .. 1_000_000 yuan

rule share 份额 of person : money
  from 2020-01-01
    require wage >= 100 yuan
      otherwise \"少\" / \"too little\"
    wage * 8% rounded half up to fen
";

    /// Every way a row may go, in one batch, as native code where this processor can run it.
    #[test]
    fn rows_run_as_native_code() {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let nation = "jurisdiction test \"试\" / \"Test\"\n  level nation\n";
        let files = [("test/jurisdiction.law", nation), ("test/law.law", LAW)];
        let book = check::read(files.map(|(path, text)| file(path, text)).to_vec());
        assert!(!book.has_errors(), "{:?}", book.diagnostics);
        let law = book.law("test").unwrap();
        let slot = Slot::Input(InputId::nth(0));
        let day = Day::new(2025, 1, 1).unwrap();
        let plan = Plan::new(law, day, &[RuleId(0)], &[slot], &[]).unwrap();
        let mut wages: Vec<i64> = (0..1_000).map(|row| 10_000 + row).collect();
        (wages[5], wages[500], wages[999]) = (-1, 9_999, i64::MAX);
        let column = Column {
            slot,
            values: Values::I64(&wages),
            missing: None,
        };
        let batch = Batch {
            rows: 1_000,
            columns: vec![column],
            records: vec![],
        };
        let (mut workspace, mut results) = (plan.workspace(), Results::default());
        plan.run(&mut workspace, &batch, &mut results);
        let can = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        assert_eq!(workspace.native.is_some(), can);
        let refused: Vec<usize> = results.refused.iter().map(|refused| refused.row).collect();
        assert_eq!(refused, [5, 500, 999]);
        for (row, share) in results.columns[0].iter().enumerate() {
            let expected = (wages[row].clamp(0, 1_000_000) * 8 + 50) / 100;
            let expected = if refused.contains(&row) { 0 } else { expected };
            assert_eq!(*share, expected, "row {row}");
        }
    }

    /// More results than any cache holds go past the caches, wherever they begin.
    #[test]
    fn results_past_the_caches_are_the_same() {
        let (rows, spare) = (2_200_000, 9);
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let nation = "jurisdiction test \"试\" / \"Test\"\n  level nation\n";
        let files = [("test/jurisdiction.law", nation), ("test/law.law", LAW)];
        let book = check::read(files.map(|(path, text)| file(path, text)).to_vec());
        let slot = Slot::Input(InputId::nth(0));
        let day = Day::new(2025, 1, 1).unwrap();
        let law = book.law("test").unwrap();
        let plan = Plan::new(law, day, &[RuleId(0)], &[slot], &[]).unwrap();
        let wages: Vec<i64> = (0..rows).map(|row| 10_000 + row).collect();
        let column = Column {
            slot,
            values: Values::I64(&wages),
            missing: None,
        };
        let batch = Batch {
            rows: wages.len(),
            columns: vec![column],
            records: vec![],
        };
        let mut out = vec![0; wages.len() + spare];
        for begin in 0..spare {
            out.fill(-1);
            let mut workspace = plan.workspace();
            let mut refused = Vec::new();
            let end = begin + wages.len();
            let results = &mut [&mut out[begin..end]];
            plan.run_into(&mut workspace, &batch, results, &mut refused);
            assert!(refused.is_empty());
            let can = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            let streamed = workspace.tried.map(|(_, writing)| writing) == Some(Writing::Streaming);
            assert_eq!((workspace.native.is_some(), streamed), (can, true));
            assert!(
                out[..begin]
                    .iter()
                    .chain(&out[end..])
                    .all(|other| *other == -1)
            );
            let all = out[begin..end].iter().zip(&wages);
            assert!(
                all.into_iter()
                    .all(|(share, wage)| *share == (wage * 8 + 50) / 100)
            );
        }
    }
}
