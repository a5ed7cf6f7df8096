//! Several laws over the same rows at once, told block by block to whoever asked; nothing is written.
//!
//! The rows are read once, on all threads, and told in their order. A row of which a law cannot read a cell has no value under
//! any of them, as in a [run](super::run); a cell that is only looked at refuses nothing and is then not known.

use super::{Evaluator, Source, Task, ordered::ordered, tasks};
use crate::error::Error;
use crate::rows::block::{Block, Held, HeldRecords, Unread};
use rules::columns::{Batch, Results, Slot};
use rules::refusal::Refusal;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::thread;

/// What came of some rows.
#[derive(Debug, Default)]
pub struct Told {
    /// How many they are.
    pub rows: usize,
    /// For each law the value of each row, as the canonical number of its type.
    pub values: Vec<Vec<Option<i64>>>,
    /// Of each column that was looked at the value of each row, where the file has it.
    pub looked: Vec<Vec<Option<i64>>>,
    /// Why rows have no value.
    pub refused: Vec<Without>,
}

/// Why a row has no value.
#[derive(Clone, Debug, PartialEq)]
pub struct Without {
    /// Which row, counted from 0 within the block; `None` for records that belong to no row.
    pub row: Option<usize>,
    /// What is at fault.
    pub cause: Cause,
}

/// What is at fault where a row has no value. What stood in the row is not told.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// The file: the code of what is wrong, and the column or relation.
    File(Cow<'static, str>, String),
    /// Under one of the laws, counted from 0, what it refuses.
    Law(usize, Refusal),
}

/// Which columns a law reads, and which are looked at besides.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// What any of the laws may read.
    pub read: &'a [Slot],
    /// What is told of each row, in this order, read or not.
    pub looked: &'a [Slot],
}

/// Applies laws, each made for one rule, to every row, until `each` says that it is enough.
///
/// # Errors
///
/// As [`run`](super::run), but that nothing is written.
pub fn tell<E: Evaluator>(
    source: &Source,
    laws: &[E],
    columns: Columns<'_>,
    threads: usize,
    each: &mut dyn FnMut(Told) -> ControlFlow<()>,
) -> Result<(), Error> {
    let threads = threads.max(1);
    let reading = Reading {
        source,
        laws,
        columns,
    };
    thread::scope(|scope| {
        let told = ordered(scope, threads, tasks(scope, source, threads)?, || {
            let mut spaces: Vec<E::Workspace> = laws.iter().map(E::workspace).collect();
            let reading = &reading;
            move |task: Result<Task, Error>| reading.task(&mut spaces, task?)
        });
        for some in told {
            for block in some? {
                if each(block).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    })
}

struct Reading<'a, E> {
    source: &'a Source,
    laws: &'a [E],
    columns: Columns<'a>,
}

impl<E: Evaluator> Reading<'_, E> {
    fn task(&self, spaces: &mut [E::Workspace], task: Task) -> Result<Vec<Told>, Error> {
        let mut told = Vec::new();
        match task {
            Task::Piece(piece) => {
                self.source
                    .main
                    .blocks(&piece, &self.source.layout, |block| {
                        told.push(self.block(spaces, &block, &[], Vec::new()));
                        Ok(())
                    })?;
            }
            Task::Joined(joined) => {
                let mut spoilt = Vec::new();
                let records = joined.records.iter();
                let records: Vec<HeldRecords> = records
                    .map(|beside| beside.records(&self.source.sides, &mut spoilt))
                    .collect();
                let mut block = self.block(spaces, &joined.block, &records, spoilt);
                block
                    .refused
                    .extend(joined.loose.into_iter().map(|loose| Without {
                        row: None,
                        cause: Cause::File(loose.said.code, loose.relation),
                    }));
                told.push(block);
            }
        }
        Ok(told)
    }

    fn block(
        &self,
        spaces: &mut [E::Workspace],
        block: &Block,
        records: &[HeldRecords],
        spoilt: Vec<Unread>,
    ) -> Told {
        let mut refused = self.unread(block, spoilt);
        let bad: BTreeSet<usize> = refused.iter().filter_map(|without| without.row).collect();
        let reads = |held: &&Held| self.columns.read.contains(&held.slot);
        let batch = Batch {
            rows: block.rows,
            columns: block
                .columns
                .iter()
                .filter(reads)
                .map(Held::column)
                .collect(),
            records: records.iter().map(HeldRecords::records).collect(),
        };
        let mut values = Vec::with_capacity(self.laws.len());
        for (at, (law, space)) in self.laws.iter().zip(spaces).enumerate() {
            let mut results = Results::default();
            law.run(space, &batch, &mut results);
            let column = results.columns.into_iter().next().unwrap_or_default();
            let mut column: Vec<Option<i64>> = column.into_iter().map(Some).collect();
            for without in results.refused {
                column[without.row] = None;
                if !bad.contains(&without.row) {
                    refused.push(Without {
                        row: Some(without.row),
                        cause: Cause::Law(at, without.refusal),
                    });
                }
            }
            bad.iter().for_each(|row| column[*row] = None);
            values.push(column);
        }
        Told {
            rows: block.rows,
            values,
            looked: self
                .columns
                .looked
                .iter()
                .map(|slot| looked(block, *slot))
                .collect(),
            refused,
        }
    }

    /// Rows some cell of which a law would have read and cannot.
    fn unread(&self, block: &Block, spoilt: Vec<Unread>) -> Vec<Without> {
        let layout = &self.source.layout;
        let only_looked_at = |unread: &Unread| {
            let mut columns = layout.chosen.iter();
            let column = columns.find(|chosen| chosen.name == unread.column);
            column.is_some_and(|chosen| !self.columns.read.contains(&chosen.slot))
        };
        let own = block.unread.iter().filter(|unread| !only_looked_at(unread));
        let all = own.cloned().chain(spoilt);
        all.map(|unread| Without {
            row: Some(unread.row),
            cause: Cause::File(unread.said.code, unread.column),
        })
        .collect()
    }
}

fn looked(block: &Block, slot: Slot) -> Vec<Option<i64>> {
    let held = block.columns.iter().find(|held| held.slot == slot);
    let Some(held) = held else {
        return vec![None; block.rows];
    };
    let missing = |row: usize| held.missing.as_ref().is_some_and(|missing| missing[row]);
    (0..block.rows)
        .map(|row| (!missing(row)).then(|| held.number(row)))
        .collect()
}
