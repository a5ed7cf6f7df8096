//! How do millions of rows get in and out?
//!
//! [`Tx::copy_in`](crate::Tx::copy_in) takes rows, or columns, and [`Tx::copy_out`](crate::Tx::copy_out) gives columns, a batch at a time. On PostgreSQL both are
//! `COPY` in its binary form, encoded by hand into large buffers, unless the rows are few; on SQLite one prepared
//! statement is run or stepped through. Neither holds more than a batch.
//!
//! How much slower than the engine's own fastest way, for two million rows of seven columns, on the clock and in processor
//! time of this program (`cargo bench -p store --bench bulk`, on two cores that did nothing else):
//!
//! | | beside | on the clock | of the processor | rows a processor second |
//! |---|---|---:|---:|---:|
//! | SQLite in | one prepared statement of rusqlite in a loop | 1.04 | 1.05 | 2.0 million |
//! | SQLite out | stepping with rusqlite | 1.28 | 1.29 | 4.5 million |
//! | PostgreSQL in | `COPY` of bytes encoded before | 1.00 | 2.00 | 25 million |
//! | PostgreSQL out | `COPY` thrown away unread | 1.00 | 0.41 | 7.4 million |
//!
//! On PostgreSQL the server is what takes the time: two million rows a second on the clock in either direction.
//!
//! ```
//! use measure::{Day, Fen};
//! use store::{Db, Error, Kind, params};
//!
//! const COLUMNS: [(&str, Kind); 3] = [("person", Kind::BigInt), ("due", Kind::Day), ("amount", Kind::BigInt)];
//!
//! let db = Db::open(&"sqlite::memory:".parse()?)?;
//! let day = Day::from_number(20_000).expect("it is in the calendar");
//! db.write(|tx| {
//!     tx.batch("create table owed (person integer, due integer, amount integer) strict")?;
//!     let mut copy = tx.copy_in("owed", &COLUMNS)?;
//!     copy.int(1)?.day(day)?.fen(Fen(48_003))?.end()?;
//!     copy.int(2)?.null()?.fen(Fen(0))?.end()?;
//!     copy.finish()
//! })?;
//! let mut sum = 0;
//! db.read(|tx| {
//!     let kinds = [Kind::BigInt, Kind::Day];
//!     let sql = "select amount, due from owed where person >= $1 order by person";
//!     tx.copy_out(sql, params![1], &kinds, 1024, |batch| {
//!         sum += batch.columns[0].numbers.iter().sum::<i64>();
//!         assert_eq!(batch.columns[1].absent, [false, true]);
//!         Ok::<(), Error>(())
//!     })
//! })?;
//! assert_eq!(sum, 48_003);
//! # Ok::<(), Error>(())
//! ```

mod apart;
mod copy_in;
mod copy_out;
mod sending;

pub use self::copy_in::CopyIn;
pub(crate) use self::copy_out::columns_differ;

use crate::statements;
use measure::{Day, Moment};

statements! {
    /// Whether the server keeps a table's rows apart from whoever is connected.
    APART postgres = "select row_security_active(cast(cast($1 as text) as regclass))";
}

/// The type of a column in a bulk copy, in PostgreSQL's words. It must be the column's own: PostgreSQL refuses another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `bigint`: 64 bits; amounts in fen.
    BigInt,
    /// `integer`: 32 bits.
    Integer,
    /// `smallint`: 16 bits.
    SmallInt,
    /// `boolean`.
    Bool,
    /// `date`.
    Day,
    /// `timestamptz`.
    Moment,
    /// `text`.
    Text,
    /// `bytea`.
    Bytes,
}

impl Kind {
    /// In PostgreSQL's words.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::BigInt => "bigint",
            Kind::Integer => "integer",
            Kind::SmallInt => "smallint",
            Kind::Bool => "boolean",
            Kind::Day => "date",
            Kind::Moment => "timestamptz",
            Kind::Text => "text",
            Kind::Bytes => "bytea",
        }
    }
}

/// Some rows of a result or of a load, column by column.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// The columns, each with as many values.
    pub columns: Vec<Values>,
}

/// The values of one column.
#[derive(Clone, Debug)]
pub struct Values {
    /// Their type.
    pub kind: Kind,
    /// Whether a row has no value here. Its number is then 0, its text empty.
    pub absent: Vec<bool>,
    /// The numbers, of all kinds but text and bytes: whole numbers as they are, 0 or 1, [`Day::number`],
    /// [`Moment::microseconds`].
    pub numbers: Vec<i64>,
    /// Texts and bytes, one behind the other.
    bytes: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Batch {
    /// An empty batch of such columns.
    #[must_use]
    pub fn new(kinds: &[Kind]) -> Batch {
        Batch {
            rows: 0,
            columns: kinds.iter().map(|kind| Values::new(*kind)).collect(),
        }
    }

    /// Forgets the rows and keeps the room they took.
    pub fn clear(&mut self) {
        self.rows = 0;
        for column in &mut self.columns {
            column.absent.clear();
            column.numbers.clear();
            column.bytes.clear();
            column.ends.clear();
        }
    }
}

impl Values {
    /// A column without rows.
    #[must_use]
    pub fn new(kind: Kind) -> Values {
        Values {
            kind,
            absent: Vec::new(),
            numbers: Vec::new(),
            bytes: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// A column of numbers that are all there.
    #[must_use]
    pub fn of_numbers(kind: Kind, numbers: Vec<i64>) -> Values {
        Values {
            absent: vec![false; numbers.len()],
            numbers,
            ..Values::new(kind)
        }
    }

    /// Adds a number; of a kind that is kept as one.
    pub fn push_number(&mut self, number: i64) {
        self.absent.push(false);
        self.numbers.push(number);
    }

    /// Adds text or bytes.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        self.absent.push(false);
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }

    /// Adds a row without a value.
    pub fn push_absent(&mut self) {
        self.absent.push(true);
        if matches!(self.kind, Kind::Text | Kind::Bytes) {
            self.ends.push(self.bytes.len());
        } else {
            self.numbers.push(0);
        }
    }

    /// The text or bytes of a row; empty when absent.
    ///
    /// # Panics
    ///
    /// When there is no such row, or the column holds numbers.
    #[must_use]
    pub fn bytes(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[row]]
    }

    /// The text of a row; `None` when absent.
    ///
    /// # Panics
    ///
    /// When there is no such row, or the column holds numbers.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&str> {
        if self.absent[row] {
            return None;
        }
        std::str::from_utf8(self.bytes(row)).ok()
    }

    /// The number of a row; `None` when absent.
    ///
    /// # Panics
    ///
    /// When there is no such row, or the column holds text.
    #[must_use]
    pub fn number(&self, row: usize) -> Option<i64> {
        (!self.absent[row]).then(|| self.numbers[row])
    }

    /// The day of a row; `None` when absent, or beyond the calendar.
    ///
    /// # Panics
    ///
    /// When there is no such row, or the column holds text.
    #[must_use]
    pub fn day(&self, row: usize) -> Option<Day> {
        let number = self.number(row)?;
        Day::from_number(number.try_into().ok()?).ok()
    }

    /// The moment of a row; `None` when absent.
    ///
    /// # Panics
    ///
    /// When there is no such row, or the column holds text.
    #[must_use]
    pub fn moment(&self, row: usize) -> Option<Moment> {
        self.number(row).map(Moment::from_microseconds)
    }
}
