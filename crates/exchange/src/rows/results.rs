//! From a block of rows to a block of results, ready for the sink, on the thread that read it.

use crate::error::Said;
use crate::rows::{
    Evaluator,
    block::{Block, Held, HeldRecords, Unread},
    cell::Shape,
    side::Line,
    sink::{Printed, Sink},
};
use arrow_array::{Array, StringArray};
use rules::columns::{Batch, Results, Slot};

/// A block of results.
pub(crate) struct Finished {
    pub(crate) rows: usize,
    /// Rows with at least one refusal.
    pub(crate) refused_rows: usize,
    pub(crate) printed: Printed,
    /// By row.
    pub(crate) lines: Vec<Line>,
}

/// A column of results: canonical numbers, and which of them are none.
pub(crate) struct ResultColumn {
    pub(crate) values: Vec<i64>,
    pub(crate) null: Option<Vec<bool>>,
}

/// What is done with a block.
pub(crate) trait Work: Sync {
    /// What one thread works with.
    type Space;
    fn space(&self) -> Self::Space;
    /// A column for each of the sink's; refusals go to `refused` as row, column and sentence.
    fn columns(
        &self,
        space: &mut Self::Space,
        sink: &Sink,
        block: &Block,
        records: &[HeldRecords],
        refused: &mut Vec<(usize, usize, Said)>,
    ) -> Vec<ResultColumn>;
}

/// The law is applied.
pub(crate) struct Evaluated<'a, E>(pub(crate) &'a E);

/// Nothing is done: the first columns read are written again.
pub(crate) struct Copied;

impl<E: Evaluator> Work for Evaluated<'_, E> {
    type Space = (E::Workspace, Results);

    fn space(&self) -> Self::Space {
        (self.0.workspace(), Results::default())
    }

    fn columns(
        &self,
        (workspace, results): &mut Self::Space,
        sink: &Sink,
        block: &Block,
        records: &[HeldRecords],
        refused: &mut Vec<(usize, usize, Said)>,
    ) -> Vec<ResultColumn> {
        let batch = Batch {
            rows: block.rows,
            columns: block.columns.iter().map(Held::column).collect(),
            records: records.iter().map(HeldRecords::records).collect(),
        };
        results.columns.clear();
        results.refused.clear();
        self.0.run(workspace, &batch, results);
        let mut columns: Vec<ResultColumn> = std::mem::take(&mut results.columns)
            .into_iter()
            .map(|values| ResultColumn { values, null: None })
            .collect();
        for row in results.refused.drain(..) {
            let Some(asked) = sink
                .outputs
                .iter()
                .position(|output| output.slot == Slot::Rule(row.asked))
            else {
                continue;
            };
            nullify(&mut columns[asked], row.row);
            refused.push((row.row, asked, self.0.say(&row.refusal)));
        }
        columns
    }
}

impl Work for Copied {
    type Space = ();

    fn space(&self) {}

    fn columns(
        &self,
        (): &mut (),
        sink: &Sink,
        block: &Block,
        _: &[HeldRecords],
        _: &mut Vec<(usize, usize, Said)>,
    ) -> Vec<ResultColumn> {
        let of = |slot: Slot| block.columns.iter().find(|held| held.slot == slot);
        let columns = sink.outputs.iter().filter_map(|output| of(output.slot));
        let copied = columns.map(|held| ResultColumn {
            values: (0..block.rows).map(|row| held.number(row)).collect(),
            null: held.missing.clone(),
        });
        copied.collect()
    }
}

/// Works on a block and prints what came out.
pub(crate) fn finish<W: Work>(
    work: &W,
    space: &mut W::Space,
    sink: &Sink,
    block: &Block,
    records: &[HeldRecords],
    spoilt: Vec<Unread>,
) -> Finished {
    let mut refused = Vec::new();
    let mut columns = work.columns(space, sink, block, records, &mut refused);
    if sink.is_typed() {
        refuse_unfit(sink, &mut columns, &mut refused);
    }
    let mut lines = unread_lines(block, spoilt);
    let mut bad = Vec::new();
    if !lines.is_empty() {
        bad.resize(block.rows, false);
        for row in lines.iter().filter_map(|line| line.row) {
            bad[row] = true;
            columns.iter_mut().for_each(|column| nullify(column, row));
        }
    }
    for (row, asked, said) in refused {
        if bad.get(row) != Some(&true) {
            let column = sink.outputs[asked].name.clone();
            lines.push(Line {
                row: Some(row),
                line: None,
                key: key(block, row),
                column,
                said,
            });
        }
    }
    lines.sort_by_key(|line| line.row);
    Finished {
        rows: block.rows,
        refused_rows: lines.chunk_by(|a, b| a.row == b.row).count(),
        printed: sink.print(block, columns),
        lines,
    }
}

/// Rows some cell of which cannot be read: whatever came out of them counts for nothing.
fn unread_lines(block: &Block, spoilt: Vec<Unread>) -> Vec<Line> {
    let unread = block.unread.iter().cloned().chain(spoilt);
    let lines = unread.map(|cell| Line {
        row: Some(cell.row),
        line: cell.line,
        key: key(block, cell.row),
        column: cell.column,
        said: cell.said,
    });
    lines.collect()
}

/// A typed file holds eighteen digits; what is beyond must not be written as something else.
fn refuse_unfit(
    sink: &Sink,
    columns: &mut [ResultColumn],
    refused: &mut Vec<(usize, usize, Said)>,
) {
    for (asked, (column, output)) in columns.iter_mut().zip(&sink.outputs).enumerate() {
        for row in 0..column.values.len() {
            let value = column.values[row];
            let null = column.null.as_ref().is_some_and(|null| null[row]);
            if !null && !output.shape.fits(value) {
                nullify(column, row);
                refused.push((row, asked, unfit(&output.shape, value)));
            }
        }
    }
}

fn unfit(shape: &Shape, value: i64) -> Said {
    let mut text = Vec::new();
    shape.print(value, &mut text);
    let text = String::from_utf8_lossy(&text);
    Said::new(
        "C0130",
        format!("结果 {text} 超出文件类型可容纳的范围（十八位数字）；请改写为 CSV 或检查输入"),
        format!(
            "the result {text} is beyond what the file's type holds (eighteen digits); write CSV, or check the input"
        ),
    )
}

fn nullify(column: &mut ResultColumn, row: usize) {
    let rows = column.values.len();
    column.null.get_or_insert_with(|| vec![false; rows])[row] = true;
    column.values[row] = 0;
}

fn key(block: &Block, row: usize) -> String {
    let given = |keys: &StringArray| (!keys.is_null(row)).then(|| keys.value(row).to_owned());
    block.key.as_ref().and_then(given).unwrap_or_default()
}
