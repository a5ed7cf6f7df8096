//! Population files in and out: rows are read, the law is applied, results are written, on all cores and in order.
//!
//! ```text
//!  CSV, Parquet, Arrow ─► pieces ─► blocks of numbers ─► Evaluator ─► printed blocks ─► CSV, Parquet, Arrow
//!  records, by key ─────────────────┘ (sorted merge)         └─► OUT.refused.csv: which row, which column, why
//! ```
//!
//! Memory does not grow with the number of rows: every stage takes work only a few pieces ahead of the next. What comes
//! out does not depend on the number of threads. A cell that cannot be read refuses its row and no other.
//!
//! ```text
//! let opened = Opened::open(file, &records, &carried)?;              // headings only
//! let plan = Plan::new(&law, as_of, &asked, &opened.present(..), ..);  // what the law needs of them
//! let source = opened.source(&law, entity, plan.fields(), plan.records())?;
//! let sink = Sink::new(&law, out, &asked_fields, &source)?;
//! let summary = run(&source, &sink, &plan, threads, &mut progress)?;
//! ```

mod applied;
mod arrow_in;
mod block;
mod calendar;
mod cell;
mod csv_in;
mod join;
mod layout;
mod ordered;
mod results;
mod side;
mod sink;
mod source;
mod table;
mod tell;
mod title;

pub use crate::error::{Error, Note, Said};
pub use applied::Applied;
pub use sink::Sink;
pub use source::{Carried, Fitted, Opened, Source};
pub use table::Format;
pub use tell::{Cause, Columns, Told, Without, tell};
pub use title::title;

use block::Block;
use join::{Joined, Joiner};
use ordered::ordered;
use results::{Copied, Evaluated, Finished, Work};
use rules::{
    columns::{Batch, Results},
    refusal::Refusal,
};
use side::{Line, SideFile};
use sink::Printed;
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    thread::{self, Scope},
};
use table::{Piece, Table};

/// The law, applied to a batch of rows. Threads share it and each has a workspace of its own.
pub trait Evaluator: Sync {
    /// What one thread works with.
    type Workspace;

    /// A workspace for a thread.
    fn workspace(&self) -> Self::Workspace;

    /// Fills `results`, which come empty, with a column for each rule asked, in the order of the sink.
    fn run(&self, workspace: &mut Self::Workspace, batch: &Batch<'_>, results: &mut Results);

    /// Says why a row was refused.
    fn say(&self, refusal: &Refusal) -> Said;
}

/// Told how far a run has come.
pub trait Progress {
    /// So many rows are done, of so many, or of a CSV of about so many, if that is known.
    fn rows(&mut self, done: u64, total: Option<u64>);
}

/// Whoever does not want to know.
impl Progress for () {
    fn rows(&mut self, _: u64, _: Option<u64>) {}
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read, and as many written.
    pub rows: u64,
    /// Rows of which at least one value was refused.
    pub refused_rows: u64,
    /// Refusals by code and by column, rule or relation.
    pub refused: BTreeMap<(String, String), u64>,
    /// The file that lists them, if there were any.
    pub side: Option<PathBuf>,
}

/// Applies the law to every row.
///
/// # Errors
///
/// `C0101`, `C0102`, `C0111` to `C0113`: files that cannot be read, written or matched. What was written is removed.
pub fn run<E: Evaluator>(
    source: &Source,
    sink: &Sink,
    evaluator: &E,
    threads: usize,
    progress: &mut (dyn Progress + Send),
) -> Result<Summary, Error> {
    pipeline(source, sink, &Evaluated(evaluator), threads, progress)
}

/// Reads the same columns and writes as many, and does nothing between: what files alone cost.
///
/// # Errors
///
/// As [`run`].
pub fn copy(
    source: &Source,
    sink: &Sink,
    threads: usize,
    progress: &mut (dyn Progress + Send),
) -> Result<Summary, Error> {
    pipeline(source, sink, &Copied, threads, progress)
}

fn pipeline<W: Work>(
    source: &Source,
    sink: &Sink,
    work: &W,
    threads: usize,
    progress: &mut (dyn Progress + Send),
) -> Result<Summary, Error> {
    let threads = threads.max(1);
    let mut side = SideFile::new(&sink.path)?;
    let mut summary = Summary::default();
    let written = thread::scope(|scope| {
        let finished = ordered(scope, threads, tasks(scope, source, threads)?, || {
            let mut space = work.space();
            move |task: Result<Task, Error>| finish(source, sink, work, &mut space, task?)
        });
        let telling = Telling {
            finished,
            waiting: VecDeque::new(),
            summary: &mut summary,
            side: &mut side,
            progress,
            total: source.about(),
        };
        sink.write(scope, telling, threads)
    });
    if let Err(error) = written {
        sink.abandon();
        return Err(error);
    }
    summary.side = side.finish()?;
    Ok(summary)
}

enum Task {
    Piece(Piece),
    Joined(Box<Joined>),
}

type Tasks<'a> = Box<dyn Iterator<Item = Result<Task, Error>> + Send + 'a>;

/// Pieces of the one file; or, with records, what the joiner has laid together.
fn tasks<'scope>(
    scope: &'scope Scope<'scope, '_>,
    source: &'scope Source,
    threads: usize,
) -> Result<Tasks<'scope>, Error> {
    if source.sides.is_empty() {
        let pieces = source.main.pieces(&source.layout)?;
        return Ok(Box::new(pieces.map(|piece| piece.map(Task::Piece))));
    }
    let main = blocks(scope, &source.main, &source.layout, threads)?;
    let mut sides = Vec::with_capacity(source.sides.len());
    for (side, table) in source.sides.iter().zip(&source.tables) {
        sides.push((side, blocks(scope, table, &side.layout, threads)?));
    }
    let joiner = Joiner::new(source.main.name(), main, sides);
    Ok(Box::new(joiner.map(|joined| {
        joined.map(|joined| Task::Joined(Box::new(joined)))
    })))
}

type Blocks<'a> = Box<dyn Iterator<Item = Result<Block, Error>> + Send + 'a>;

fn blocks<'scope>(
    scope: &'scope Scope<'scope, '_>,
    table: &'scope Table,
    layout: &'scope layout::Layout,
    threads: usize,
) -> Result<Blocks<'scope>, Error> {
    let read = |piece: Result<Piece, Error>| {
        let mut blocks = Vec::new();
        let read = piece.and_then(|piece| {
            table.blocks(&piece, layout, |block| {
                blocks.push(Ok(block));
                Ok(())
            })
        });
        blocks.extend(read.err().map(Err));
        blocks
    };
    Ok(Box::new(
        ordered(scope, threads, table.pieces(layout)?, move || read).flatten(),
    ))
}

fn finish<W: Work>(
    source: &Source,
    sink: &Sink,
    work: &W,
    space: &mut W::Space,
    task: Task,
) -> Result<Vec<Finished>, Error> {
    let mut finished = Vec::new();
    match task {
        Task::Piece(piece) => source.main.blocks(&piece, &source.layout, |block| {
            finished.push(results::finish(work, space, sink, &block, &[], Vec::new()));
            Ok(())
        })?,
        Task::Joined(joined) => {
            let mut spoilt = Vec::new();
            let beside = joined
                .records
                .iter()
                .map(|beside| beside.records(&source.sides, &mut spoilt));
            let records: Vec<_> = beside.collect();
            if joined.block.rows > 0 {
                finished.push(results::finish(
                    work,
                    space,
                    sink,
                    &joined.block,
                    &records,
                    spoilt,
                ));
            }
            finished.extend((!joined.loose.is_empty()).then(|| loose(sink, joined.loose)));
        }
    }
    Ok(finished)
}

/// Records of nobody are no rows; they are only spoken of.
fn loose(sink: &Sink, loose: Vec<join::Loose>) -> Finished {
    let lines = loose.into_iter().map(|loose| Line {
        row: None,
        line: None,
        key: loose.key,
        column: loose.relation,
        said: loose.said,
    });
    Finished {
        rows: 0,
        refused_rows: 0,
        printed: sink.nothing(),
        lines: lines.collect(),
    }
}

/// Hands finished blocks on in order, and tells what they were: to the side file, the summary and the progress.
struct Telling<'a, F> {
    finished: F,
    waiting: VecDeque<Finished>,
    summary: &'a mut Summary,
    side: &'a mut SideFile,
    progress: &'a mut (dyn Progress + Send),
    total: Option<u64>,
}

impl<F: Iterator<Item = Result<Vec<Finished>, Error>>> Telling<'_, F> {
    fn tell(&mut self, finished: Finished) -> Result<Printed, Error> {
        for line in &finished.lines {
            self.side.write(self.summary.rows, line)?;
            let reason = (line.said.code.to_string(), line.column.clone());
            *self.summary.refused.entry(reason).or_default() += 1;
        }
        self.summary.rows += finished.rows as u64;
        self.summary.refused_rows += finished.refused_rows as u64;
        self.progress.rows(self.summary.rows, self.total);
        Ok(finished.printed)
    }
}

impl<F: Iterator<Item = Result<Vec<Finished>, Error>>> Iterator for Telling<'_, F> {
    type Item = Result<Printed, Error>;

    fn next(&mut self) -> Option<Result<Printed, Error>> {
        loop {
            if let Some(finished) = self.waiting.pop_front() {
                return Some(self.tell(finished));
            }
            match self.finished.next()? {
                Ok(finished) => self.waiting.extend(finished),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
