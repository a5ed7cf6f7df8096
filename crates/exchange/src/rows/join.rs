//! Records laid beside the rows they belong to. Both files are in the order of the key, so one walk through each is
//! enough, however large they are.

use crate::error::{Error, Said};
use crate::rows::{
    block::{Block, Filling, HeldRecords, Unread},
    cell::Width,
    layout::Layout,
};
use arrow_array::{Array, StringArray};
use rules::law::RelationId;
use std::{cmp::Ordering, ops::Range, sync::Arc};

/// So many keys without a row are named one by one for a block of rows; the rest are counted.
const LOOSE_MAX: usize = 10_000;

/// Rows with their records, not yet copied together.
pub(crate) struct Joined {
    pub(crate) block: Block,
    pub(crate) records: Vec<Beside>,
    /// Records that belong to no row.
    pub(crate) loose: Vec<Loose>,
}

/// Records that belong to no row.
pub(crate) struct Loose {
    pub(crate) key: String,
    pub(crate) relation: String,
    pub(crate) said: Said,
}

/// The records of one relation for a block, as runs of the record file's blocks.
pub(crate) struct Beside {
    relation: usize,
    starts: Vec<u32>,
    runs: Vec<Run>,
}

struct Run {
    block: Arc<Block>,
    /// The number of the block's first row in its file, from 0.
    base: u64,
    range: Range<usize>,
}

/// What the joiner knows of a record file.
pub(crate) struct Side {
    pub(crate) relation: RelationId,
    /// The relation's name.
    pub(crate) name: String,
    /// The file's name.
    pub(crate) file: String,
    pub(crate) widths: Vec<Width>,
    pub(crate) layout: Layout,
}

/// How both files are sorted.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    /// As text: 1, 10, 9.
    Text,
    /// Shorter first, then as text: the order of numbers without leading zeros.
    Number,
}

impl Order {
    fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Order::Text => a.cmp(b),
            Order::Number => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        }
    }

    /// The order in which these keys stand; the later of the two breaks if neither holds.
    fn of(keys: &StringArray) -> Order {
        let broken = |order: Order| {
            let mut known = keys.iter().flatten();
            let mut last = known.next()?;
            known.position(|key| {
                let ascends = order.compare(last, key) == Ordering::Less;
                last = key;
                !ascends
            })
        };
        match (broken(Order::Text), broken(Order::Number)) {
            (None, Some(_)) => Order::Text,
            (Some(_), None) => Order::Number,
            (Some(text), Some(number)) if text > number => Order::Text,
            (Some(_), Some(_)) => Order::Number,
            (None, None) => {
                let digits = keys
                    .iter()
                    .flatten()
                    .all(|key| key.bytes().all(|b| b.is_ascii_digit()));
                if digits { Order::Number } else { Order::Text }
            }
        }
    }
}

/// Walks through the main file and its record files together.
pub(crate) struct Joiner<'a, B> {
    file: String,
    rows: B,
    sides: Vec<Walk<'a, B>>,
    order: Option<Order>,
    last_key: Option<String>,
    done: u64,
    ended: bool,
}

impl<'a, B: Iterator<Item = Result<Block, Error>>> Joiner<'a, B> {
    pub(crate) fn new(file: String, rows: B, sides: Vec<(&'a Side, B)>) -> Joiner<'a, B> {
        Joiner {
            file,
            rows,
            sides: sides
                .into_iter()
                .enumerate()
                .map(|(index, (side, blocks))| Walk::new(index, side, blocks))
                .collect(),
            order: None,
            last_key: None,
            done: 0,
            ended: false,
        }
    }

    fn join(&mut self, mut block: Block) -> Result<Joined, Error> {
        let Some(keys) = block.key.clone() else {
            unreachable!("a file is only joined by its key")
        };
        let order = *self.order.get_or_insert_with(|| Order::of(&keys));
        self.check_order(order, &keys)?;
        for row in (0..block.rows).filter(|row| keys.is_null(*row)) {
            block.unread.push(without_key(row));
        }
        self.done += block.rows as u64;
        let mut loose = Vec::new();
        let mut records = Vec::with_capacity(self.sides.len());
        for side in &mut self.sides {
            records.push(side.beside(order, &keys, &mut loose)?);
        }
        Ok(Joined {
            block,
            records,
            loose,
        })
    }

    fn check_order(&mut self, order: Order, keys: &StringArray) -> Result<(), Error> {
        let mut last = self.last_key.as_deref();
        for (row, key) in keys.iter().enumerate() {
            let Some(key) = key else {
                continue;
            };
            if let Some(before) = last
                && order.compare(before, key) != Ordering::Less
            {
                return Err(disorder(
                    &self.file,
                    self.done + row as u64 + 1,
                    before,
                    key,
                ));
            }
            last = Some(key);
        }
        self.last_key = last.map(str::to_owned);
        Ok(())
    }

    /// What is left of the record files when the rows have ended.
    fn rest(&mut self) -> Result<Joined, Error> {
        let order = self.order.unwrap_or(Order::Text);
        let mut loose = Vec::new();
        for side in &mut self.sides {
            side.rest(order, &mut loose)?;
        }
        let block = Block {
            rows: 0,
            key: None,
            by: None,
            columns: Vec::new(),
            unread: Vec::new(),
        };
        Ok(Joined {
            block,
            records: Vec::new(),
            loose,
        })
    }
}

impl<B: Iterator<Item = Result<Block, Error>>> Iterator for Joiner<'_, B> {
    type Item = Result<Joined, Error>;

    fn next(&mut self) -> Option<Result<Joined, Error>> {
        if self.ended {
            return None;
        }
        let joined = match self.rows.next() {
            Some(block) => block.and_then(|block| self.join(block)),
            None => {
                self.ended = true;
                self.rest()
            }
        };
        self.ended |= joined.is_err();
        Some(joined)
    }
}

/// One record file, walked through once.
struct Walk<'a, B> {
    index: usize,
    side: &'a Side,
    blocks: B,
    current: Option<Arc<Block>>,
    at: usize,
    base: u64,
    /// The last key of the block before.
    last_key: Option<String>,
}

impl<'a, B: Iterator<Item = Result<Block, Error>>> Walk<'a, B> {
    fn new(index: usize, side: &'a Side, blocks: B) -> Walk<'a, B> {
        Walk {
            index,
            side,
            blocks,
            current: None,
            at: 0,
            base: 0,
            last_key: None,
        }
    }

    fn beside(
        &mut self,
        order: Order,
        keys: &StringArray,
        loose: &mut Vec<Loose>,
    ) -> Result<Beside, Error> {
        let mut starts = Vec::with_capacity(keys.len() + 1);
        let mut runs: Vec<Run> = Vec::new();
        let mut unknown = Unknown::default();
        let mut total = 0u32;
        for key in keys {
            starts.push(total);
            let Some(key) = key else {
                continue;
            };
            while let Some(block) = self.block()? {
                let record = self.key(&block)?;
                match order.compare(record, key) {
                    Ordering::Greater => break,
                    Ordering::Less => {
                        self.check_order(order, &block, record)?;
                        unknown.count(record);
                    }
                    Ordering::Equal => {
                        total += 1;
                        self.take(&mut runs, &block);
                    }
                }
                self.at += 1;
            }
        }
        starts.push(total);
        unknown.say(self.side, loose);
        Ok(Beside {
            relation: self.index,
            starts,
            runs,
        })
    }

    fn rest(&mut self, order: Order, loose: &mut Vec<Loose>) -> Result<(), Error> {
        let mut unknown = Unknown::default();
        while let Some(block) = self.block()? {
            let record = self.key(&block)?;
            self.check_order(order, &block, record)?;
            unknown.count(record);
            self.at += 1;
        }
        unknown.say(self.side, loose);
        Ok(())
    }

    /// The block in which the next record stands.
    fn block(&mut self) -> Result<Option<Arc<Block>>, Error> {
        loop {
            if let Some(block) = &self.current {
                if self.at < block.rows {
                    return Ok(Some(block.clone()));
                }
                let last = block
                    .key
                    .as_ref()
                    .filter(|_| block.rows > 0)
                    .map(|keys| keys.value(block.rows - 1).to_owned());
                self.last_key = last.or(self.last_key.take());
                self.base += block.rows as u64;
            }
            let next = self.blocks.next().transpose()?;
            (self.current, self.at) = (next.map(Arc::new), 0);
            if self.current.is_none() {
                return Ok(None);
            }
        }
    }

    fn key<'b>(&self, block: &'b Block) -> Result<&'b str, Error> {
        match &block.key {
            Some(keys) if !keys.is_null(self.at) => Ok(keys.value(self.at)),
            _ => {
                let (file, row) = (&self.side.file, self.base + self.at as u64 + 1);
                Err(Error::new(
                    "C0113",
                    format!("{file} 的第 {row} 条记录没有编号，无法知道属于谁；请补上编号"),
                    format!(
                        "{file}: record {row} has no key, so nobody knows whose it is; give it its key"
                    ),
                ))
            }
        }
    }

    fn check_order(&self, order: Order, block: &Block, record: &str) -> Result<(), Error> {
        let before = match (&block.key, self.at) {
            (Some(keys), at) if at > 0 => Some(keys.value(at - 1)),
            _ => self.last_key.as_deref(),
        };
        match before {
            Some(before) if order.compare(before, record) == Ordering::Greater => Err(disorder(
                &self.side.file,
                self.base + self.at as u64 + 1,
                before,
                record,
            )),
            _ => Ok(()),
        }
    }

    fn take(&self, runs: &mut Vec<Run>, block: &Arc<Block>) {
        if let Some(run) = runs.last_mut()
            && run.base == self.base
            && run.range.end == self.at
        {
            run.range.end += 1;
            return;
        }
        runs.push(Run {
            block: block.clone(),
            base: self.base,
            range: self.at..self.at + 1,
        });
    }
}

impl Beside {
    /// Copies the records together, and says which rows they spoil.
    pub(crate) fn records(&self, sides: &[Side], unread: &mut Vec<Unread>) -> HeldRecords {
        let side = &sides[self.relation];
        let total = self.starts.last().copied().unwrap_or(0) as usize;
        let mut columns: Vec<Filling> = side
            .widths
            .iter()
            .map(|width| Filling::new(*width, total))
            .collect();
        let mut before = 0;
        for run in &self.runs {
            for (column, held) in columns.iter_mut().zip(&run.block.columns) {
                column.extend(held, run.range.clone());
            }
            self.spoilt(side, run, before, unread);
            before += run.range.len();
        }
        let slots = side.layout.chosen.iter().map(|chosen| chosen.slot);
        HeldRecords {
            relation: side.relation,
            starts: self.starts.clone(),
            columns: columns
                .into_iter()
                .zip(slots)
                .map(|(column, slot)| column.finish(slot))
                .collect(),
        }
    }

    fn spoilt(&self, side: &Side, run: &Run, before: usize, unread: &mut Vec<Unread>) {
        let all = &run.block.unread;
        let from = all.partition_point(|cell| cell.row < run.range.start);
        for cell in all[from..]
            .iter()
            .take_while(|cell| cell.row < run.range.end)
        {
            let record = before + cell.row - run.range.start;
            let owner = self
                .starts
                .partition_point(|start| *start as usize <= record)
                - 1;
            let (file, row) = (&side.file, run.base + cell.row as u64 + 1);
            unread.push(Unread {
                row: owner,
                line: None,
                column: format!("{}.{}", side.name, cell.column)
                    .trim_end_matches('.')
                    .to_owned(),
                said: Said {
                    code: cell.said.code.clone(),
                    zh: format!("{file} 第 {row} 条记录：{}", cell.said.zh),
                    en: format!("{file}, record {row}: {}", cell.said.en),
                },
            });
        }
    }
}

/// Keys of records that no row has, each once.
#[derive(Default)]
struct Unknown {
    keys: Vec<(String, u64)>,
    more: u64,
}

impl Unknown {
    fn count(&mut self, key: &str) {
        let room = self.keys.len() < LOOSE_MAX;
        match self.keys.last_mut() {
            Some((last, count)) if last == key => *count += 1,
            _ if room => self.keys.push((key.to_owned(), 1)),
            _ => self.more += 1,
        }
    }

    fn say(self, side: &Side, loose: &mut Vec<Loose>) {
        let (file, relation) = (&side.file, &side.name);
        let said = |key: String, zh: String, en: String| Loose {
            key,
            relation: relation.clone(),
            said: Said::new("C0129", zh, en),
        };
        for (key, count) in self.keys {
            let zh = format!(
                "{file} 有 {count} 条记录的编号“{key}”不在主文件中，未使用；请补上此人或删去这些记录"
            );
            let en = format!(
                "{file}: {count} records have key “{key}”, which no row has; they were not used. Add the row or remove them"
            );
            loose.push(said(key, zh, en));
        }
        if self.more > 0 {
            let more = self.more;
            let zh = format!(
                "{file} 另有 {more} 条记录的编号不在主文件中，未使用；两个文件可能不属于同一批人"
            );
            let en = format!(
                "{file}: {more} more records have keys that no row has; they were not used. Do the files belong together?"
            );
            loose.push(said(String::new(), zh, en));
        }
    }
}

fn without_key(row: usize) -> Unread {
    Unread {
        row,
        line: None,
        column: String::new(),
        said: Said::new(
            "C0128",
            "此行没有编号，无法找到其记录；请补上编号".to_owned(),
            "the row has no key, so its records cannot be found; give it its key".to_owned(),
        ),
    }
}

fn disorder(file: &str, row: u64, before: &str, key: &str) -> Error {
    if before == key {
        return Error::new(
            "C0111",
            format!("{file} 第 {row} 行的编号“{key}”与上一行相同；有记录文件时每个编号只能有一行"),
            format!(
                "{file}: row {row} has the same key “{key}” as the row before; with records each key may have one row only"
            ),
        );
    }
    Error::new(
        "C0111",
        format!(
            "{file} 第 {row} 行的编号“{key}”排在“{before}”之后，次序不对；请把各文件都按编号排序（同按文字或同按数字）"
        ),
        format!(
            "{file}: row {row} has key “{key}” after “{before}”, out of order; sort all files by key, all as text or all as numbers"
        ),
    )
}
