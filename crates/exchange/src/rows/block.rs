//! Some ten thousand rows in memory, as the engine takes them.

use crate::error::Said;
use crate::rows::cell::{Fault, Shape, Width};
use arrow_array::StringArray;
use arrow_buffer::ScalarBuffer;
use rules::{
    columns::{Column, Records, Slot, Values},
    law::RelationId,
};

/// Rows of one file, in order.
pub(crate) struct Block {
    pub(crate) rows: usize,
    pub(crate) key: Option<StringArray>,
    pub(crate) by: Option<StringArray>,
    pub(crate) columns: Vec<Held>,
    pub(crate) unread: Vec<Unread>,
}

/// One column.
pub(crate) struct Held {
    pub(crate) slot: Slot,
    pub(crate) values: HeldValues,
    pub(crate) missing: Option<Vec<bool>>,
}

/// Its values, in the width of their type.
pub(crate) enum HeldValues {
    I64(ScalarBuffer<i64>),
    I32(ScalarBuffer<i32>),
    U8(ScalarBuffer<u8>),
    Text(Vec<String>),
}

/// The records of one relation for all rows of a block.
pub(crate) struct HeldRecords {
    pub(crate) relation: RelationId,
    pub(crate) starts: Vec<u32>,
    pub(crate) columns: Vec<Held>,
}

/// A cell that cannot be read, or a row that is none; its row is refused.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    /// Within the block.
    pub(crate) row: usize,
    /// The line of the text file, from 1.
    pub(crate) line: Option<u64>,
    pub(crate) column: String,
    pub(crate) said: Said,
}

impl Held {
    pub(crate) fn column(&self) -> Column<'_> {
        Column {
            slot: self.slot,
            values: match &self.values {
                HeldValues::I64(values) => Values::I64(values),
                HeldValues::I32(values) => Values::I32(values),
                HeldValues::U8(values) => Values::U8(values),
                HeldValues::Text(values) => Values::Text(values),
            },
            missing: self.missing.as_deref(),
        }
    }

    /// The canonical number of a row; 0 for a text.
    pub(crate) fn number(&self, row: usize) -> i64 {
        match &self.values {
            HeldValues::I64(values) => values[row],
            HeldValues::I32(values) => values[row].into(),
            HeldValues::U8(values) => values[row].into(),
            HeldValues::Text(_) => 0,
        }
    }
}

impl HeldRecords {
    pub(crate) fn records(&self) -> Records<'_> {
        Records {
            relation: self.relation,
            starts: &self.starts,
            columns: self.columns.iter().map(Held::column).collect(),
        }
    }
}

/// A column being filled, cell by cell or run by run.
pub(crate) struct Filling {
    values: Growing,
    missing: Option<Vec<bool>>,
    len: usize,
}

enum Growing {
    I64(Vec<i64>),
    I32(Vec<i32>),
    U8(Vec<u8>),
    Text(Vec<String>),
}

impl Filling {
    pub(crate) fn new(width: Width, rows: usize) -> Filling {
        let values = match width {
            Width::Eight => Growing::I64(Vec::with_capacity(rows)),
            Width::Four => Growing::I32(Vec::with_capacity(rows)),
            Width::One => Growing::U8(Vec::with_capacity(rows)),
            Width::Text => Growing::Text(Vec::with_capacity(rows)),
        };
        Filling {
            values,
            missing: None,
            len: 0,
        }
    }

    /// A cell of a text file; an empty one is missing.
    pub(crate) fn push(&mut self, shape: &Shape, cell: &[u8]) -> Result<(), Fault> {
        let cell = cell.trim_ascii();
        if cell.is_empty() {
            self.push_missing();
            return Ok(());
        }
        if let Growing::Text(texts) = &mut self.values {
            match std::str::from_utf8(cell) {
                Ok(text) => texts.push(text.to_owned()),
                Err(_) => {
                    self.push_missing();
                    return Err(Fault::NotUtf8);
                }
            }
            self.pushed(false);
            return Ok(());
        }
        match shape.read(cell) {
            Ok(number) => self.push_number(number),
            Err(fault) => {
                self.push_missing();
                return Err(fault);
            }
        }
        Ok(())
    }

    /// A number that fits the column's width.
    pub(crate) fn push_number(&mut self, number: i64) {
        self.put(number);
        self.pushed(false);
    }

    pub(crate) fn push_missing(&mut self) {
        self.put(0);
        self.pushed(true);
    }

    /// A run of another column, which has the same width.
    pub(crate) fn extend(&mut self, held: &Held, range: std::ops::Range<usize>) {
        match (&mut self.values, &held.values) {
            (Growing::I64(to), HeldValues::I64(from)) => to.extend_from_slice(&from[range.clone()]),
            (Growing::I32(to), HeldValues::I32(from)) => to.extend_from_slice(&from[range.clone()]),
            (Growing::U8(to), HeldValues::U8(from)) => to.extend_from_slice(&from[range.clone()]),
            (Growing::Text(to), HeldValues::Text(from)) => {
                to.extend_from_slice(&from[range.clone()]);
            }
            _ => unreachable!("a file's column has one width"),
        }
        let added = range.len();
        match (&mut self.missing, &held.missing) {
            (None, None) => {}
            (None, Some(from)) => {
                let mut missing = vec![false; self.len];
                missing.extend_from_slice(&from[range]);
                self.missing = Some(missing);
            }
            (Some(missing), None) => missing.resize(self.len + added, false),
            (Some(missing), Some(from)) => missing.extend_from_slice(&from[range]),
        }
        self.len += added;
    }

    pub(crate) fn finish(self, slot: Slot) -> Held {
        let values = match self.values {
            Growing::I64(values) => HeldValues::I64(values.into()),
            Growing::I32(values) => HeldValues::I32(values.into()),
            Growing::U8(values) => HeldValues::U8(values.into()),
            Growing::Text(values) => HeldValues::Text(values),
        };
        Held {
            slot,
            values,
            missing: self.missing,
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the width was chosen for the type, and a cell outside the type was refused"
    )]
    fn put(&mut self, number: i64) {
        match &mut self.values {
            Growing::I64(values) => values.push(number),
            Growing::I32(values) => values.push(number as i32),
            Growing::U8(values) => values.push(number as u8),
            Growing::Text(values) => values.push(String::new()),
        }
    }

    fn pushed(&mut self, missing: bool) {
        if let Some(list) = &mut self.missing {
            list.push(missing);
        } else if missing {
            let mut list = vec![false; self.len];
            list.push(true);
            self.missing = Some(list);
        }
        self.len += 1;
    }
}
