//! Rows in.

use super::{
    Batch, Kind,
    sending::{Rows, Sending},
};
use crate::{
    db::Engine,
    error::Error,
    postgresql::{DAYS_TO_2000, MICROSECONDS_TO_2000},
    sqlite,
    tx::{Engaged, Fate, Tx},
    value::Value,
};
use measure::{Day, Fen, Moment, Month};

/// Rows on their way into a table. They are there after [`finish`](CopyIn::finish), and none when it is dropped before.
pub struct CopyIn<'t> {
    table: String,
    kinds: Vec<Kind>,
    /// The column whose turn it is.
    place: usize,
    rows: u64,
    sink: Sink<'t>,
    fate: &'t mut Fate,
    finished: bool,
}

enum Sink<'t> {
    Sqlite {
        statement: rusqlite::CachedStatement<'t>,
        connection: &'t rusqlite::Connection,
    },
    Postgres {
        sending: Box<dyn Sending + 't>,
        buffer: Vec<u8>,
        /// When so many bytes have gathered they are handed over.
        enough: usize,
    },
}

impl Tx<'_> {
    /// Begins to copy rows into these columns of a table.
    ///
    /// # Errors
    ///
    /// `S0113` when there is no such table or column, and what else the engine says; on PostgreSQL that, as what the rows
    /// violate, may come out with any row or at the end.
    pub fn copy_in(&mut self, table: &str, columns: &[(&str, Kind)]) -> Result<CopyIn<'_>, Error> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let kinds: Vec<Kind> = columns.iter().map(|(_, kind)| *kind).collect();
        let (engaged, fate) = self.parts();
        let sink = match engaged {
            Engaged::Sqlite(transaction) => insert(transaction, table, &names),
            Engaged::Postgres {
                transaction,
                statements,
                ..
            } => {
                let rows = Rows::new(transaction, statements, table, columns);
                Ok(Sink::Postgres {
                    enough: rows.enough(),
                    sending: Box::new(rows),
                    buffer: Vec::new(),
                })
            }
        };
        match sink {
            Ok(sink) => Ok(CopyIn {
                table: table.into(),
                kinds,
                place: 0,
                rows: 0,
                sink,
                fate,
                finished: false,
            }),
            Err(error) => Err(fate.fails(error)),
        }
    }
}

impl Tx<'_> {
    /// Lets the numbers that a table gives by itself follow the highest there is: after a load whose rows brought their
    /// own. The key must be named as the table is, as in ours. SQLite does so anyway.
    ///
    /// # Errors
    ///
    /// `S0113` when the table gives no numbers; what the engine says.
    pub fn number_on(&mut self, table: &str) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite => Ok(()),
            Engine::Postgres => self.batch(&format!(
                "select setval(pg_get_serial_sequence('{table}', '{table}'), \
                 coalesce((select max({table}) from {table}), 0) + 1, false)"
            )),
        }
    }
}

fn insert<'t>(
    transaction: &'t rusqlite::Transaction<'_>,
    table: &str,
    names: &[&str],
) -> Result<Sink<'t>, Error> {
    let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
    let (names, places) = (names.join(", "), places.join(", "));
    let sql = format!("insert into {table} ({names}) values ({places})");
    match transaction.prepare_cached(&sql) {
        Ok(statement) => Ok(Sink::Sqlite {
            statement,
            connection: transaction,
        }),
        Err(error) => Err(sqlite::translate(error, table, Some(transaction))),
    }
}

impl CopyIn<'_> {
    /// A row, value by value.
    ///
    /// # Errors
    ///
    /// `S0118` when a value is not of its column's type; what the engine says.
    pub fn push(&mut self, values: &[Value]) -> Result<(), Error> {
        for value in values {
            match value {
                Value::Null => self.null()?,
                Value::Int(number) => self.int(*number)?,
                Value::Bool(yes) => self.bool(*yes)?,
                Value::Text(text) => self.text(text)?,
                Value::Bytes(bytes) => self.bytes(bytes)?,
                Value::Day(day) => self.day(*day)?,
                Value::Moment(moment) => self.moment(*moment)?,
            };
        }
        self.end()
    }

    /// All rows of a batch.
    ///
    /// # Errors
    ///
    /// As [`push`](CopyIn::push).
    pub fn batch(&mut self, batch: &Batch) -> Result<(), Error> {
        for row in 0..batch.rows {
            for column in &batch.columns {
                if column.absent[row] {
                    self.null()?;
                    continue;
                }
                match column.kind {
                    Kind::Text | Kind::Bytes => {
                        self.check(column.kind)?;
                        self.put_bytes(column.bytes(row))?;
                    }
                    kind => {
                        self.check(kind)?;
                        self.put_number(kind, column.numbers[row])?;
                    }
                }
            }
            self.end()?;
        }
        Ok(())
    }

    /// The next column's value: a whole number.
    ///
    /// # Errors
    ///
    /// `S0118` when the column is of another type or the number too large for it; what the engine says.
    #[inline]
    pub fn int(&mut self, number: i64) -> Result<&mut Self, Error> {
        match self.kinds.get(self.place) {
            Some(kind @ (Kind::BigInt | Kind::Integer | Kind::SmallInt)) => {
                self.put_number(*kind, number)?;
            }
            _ => self.check(Kind::BigInt)?,
        }
        Ok(self)
    }

    /// The next column's value: an amount.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    #[inline]
    pub fn fen(&mut self, amount: Fen) -> Result<&mut Self, Error> {
        self.int(amount.0)
    }

    /// The next column's value: yes or no.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn bool(&mut self, yes: bool) -> Result<&mut Self, Error> {
        self.check(Kind::Bool)?;
        self.put_number(Kind::Bool, yes.into())?;
        Ok(self)
    }

    /// The next column's value: a day.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn day(&mut self, day: Day) -> Result<&mut Self, Error> {
        self.check(Kind::Day)?;
        self.put_number(Kind::Day, day.number().into())?;
        Ok(self)
    }

    /// The next column's value: a month, as its first day.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn month(&mut self, month: Month) -> Result<&mut Self, Error> {
        self.day(month.first_day())
    }

    /// The next column's value: a moment.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn moment(&mut self, moment: Moment) -> Result<&mut Self, Error> {
        self.check(Kind::Moment)?;
        self.put_number(Kind::Moment, moment.microseconds())?;
        Ok(self)
    }

    /// The next column's value: text.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn text(&mut self, text: &str) -> Result<&mut Self, Error> {
        self.check(Kind::Text)?;
        self.put_bytes(text.as_bytes())?;
        Ok(self)
    }

    /// The next column's value: bytes.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<&mut Self, Error> {
        self.check(Kind::Bytes)?;
        self.put_bytes(bytes)?;
        Ok(self)
    }

    /// The next column has no value.
    ///
    /// # Errors
    ///
    /// As [`int`](CopyIn::int).
    pub fn null(&mut self) -> Result<&mut Self, Error> {
        if self.place >= self.kinds.len() {
            return Err(self.refused("a row", "it has too many values"));
        }
        match &mut self.sink {
            Sink::Sqlite { statement, .. } => {
                let bound = statement.raw_bind_parameter(self.place + 1, rusqlite::types::Null);
                self.bound(bound)?;
            }
            Sink::Postgres { buffer, .. } => {
                start_row(buffer, self.place, &self.kinds);
                buffer.extend_from_slice(&(-1_i32).to_be_bytes());
            }
        }
        self.place += 1;
        Ok(self)
    }

    /// The row is whole.
    ///
    /// # Errors
    ///
    /// `S0118` when it is not; what the engine says.
    #[inline]
    pub fn end(&mut self) -> Result<(), Error> {
        if self.place != self.kinds.len() {
            return Err(self.refused("a row", "it has too few values"));
        }
        self.place = 0;
        self.rows += 1;
        match &mut self.sink {
            Sink::Sqlite { statement, .. } => {
                let run = statement.raw_execute().map(drop);
                self.bound(run)
            }
            Sink::Postgres { buffer, enough, .. } if buffer.len() < *enough => Ok(()),
            Sink::Postgres {
                sending,
                buffer,
                enough,
            } => {
                let handed = sending.hand_over(buffer);
                *enough = sending.enough();
                handed.map_err(|error| self.fate.fails(error))
            }
        }
    }

    /// All rows are given; tells how many.
    ///
    /// # Errors
    ///
    /// `S0118` when the last row is not whole; what the rows violate, and what else the engine says.
    pub fn finish(mut self) -> Result<u64, Error> {
        if self.place != 0 {
            return Err(self.refused("a row", "it has too few values"));
        }
        if let Sink::Postgres {
            sending, buffer, ..
        } = &mut self.sink
        {
            let sent = sending.finish(buffer);
            sent.map_err(|error| self.fate.fails(error))?;
        }
        self.finished = true;
        Ok(self.rows)
    }

    /// Refuses a value of another type than the column's.
    #[inline]
    fn check(&mut self, given: Kind) -> Result<(), Error> {
        match self.kinds.get(self.place) {
            Some(kind) if *kind == given => Ok(()),
            Some(kind) => {
                let wanted = format!("{kind:?} in column {} of `{}`", self.place + 1, self.table);
                Err(self.refused(&wanted, "it is of another type"))
            }
            None => Err(self.refused("a row", "it has too many values")),
        }
    }

    #[inline]
    fn put_number(&mut self, kind: Kind, number: i64) -> Result<(), Error> {
        let fits = match &mut self.sink {
            Sink::Sqlite { statement, .. } => {
                let fits = match kind {
                    Kind::Integer | Kind::Day => i32::try_from(number).is_ok(),
                    Kind::SmallInt => i16::try_from(number).is_ok(),
                    Kind::Bool => (0..=1).contains(&number),
                    _ => true,
                };
                let bound = statement.raw_bind_parameter(self.place + 1, number);
                self.bound(bound)?;
                fits
            }
            Sink::Postgres { buffer, .. } => {
                start_row(buffer, self.place, &self.kinds);
                put(buffer, kind, number).is_some()
            }
        };
        if !fits {
            let wanted = format!("{kind:?} in column {} of `{}`", self.place + 1, self.table);
            return Err(self.refused(&wanted, "it is too large"));
        }
        self.place += 1;
        Ok(())
    }

    fn put_bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let is_text = self.kinds[self.place] == Kind::Text;
        if is_text && bytes.contains(&0) {
            return Err(self.refused("text", "it has a zero character"));
        }
        match &mut self.sink {
            Sink::Sqlite { statement, .. } => {
                let value = if is_text {
                    rusqlite::types::ValueRef::Text(bytes)
                } else {
                    rusqlite::types::ValueRef::Blob(bytes)
                };
                let value = rusqlite::types::ToSqlOutput::Borrowed(value);
                let bound = statement.raw_bind_parameter(self.place + 1, value);
                self.bound(bound)?;
            }
            Sink::Postgres { buffer, .. } => {
                let Ok(length) = i32::try_from(bytes.len()) else {
                    return Err(self.refused("text or bytes", "it is longer than 2 GiB"));
                };
                start_row(buffer, self.place, &self.kinds);
                buffer.extend_from_slice(&length.to_be_bytes());
                buffer.extend_from_slice(bytes);
            }
        }
        self.place += 1;
        Ok(())
    }

    #[inline]
    fn bound(&mut self, result: rusqlite::Result<()>) -> Result<(), Error> {
        match result {
            Ok(()) => Ok(()),
            Err(error) => {
                let connection = match &self.sink {
                    Sink::Sqlite { connection, .. } => Some(*connection),
                    Sink::Postgres { .. } => None,
                };
                let error = sqlite::translate(error, &self.table, connection);
                Err(self.fate.fails(error))
            }
        }
    }

    /// The rows before are half a load, so the transaction cannot be kept.
    #[cold]
    fn refused(&mut self, wanted: &str, cause: &str) -> Error {
        self.fate.fails(Error::Value {
            wanted: wanted.into(),
            cause: cause.into(),
        })
    }
}

impl Drop for CopyIn<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.fate.fails(Error::Cancelled {
                cause: format!("a copy into `{}` was not finished", self.table),
            });
        }
    }
}

/// The number of columns stands before each row.
#[inline]
fn start_row(buffer: &mut Vec<u8>, place: usize, kinds: &[Kind]) {
    if place == 0 {
        // PostgreSQL has at most 1,600 columns.
        let columns = i16::try_from(kinds.len()).unwrap_or(i16::MAX);
        buffer.extend_from_slice(&columns.to_be_bytes());
    }
}

/// The length and the value; `None` when it does not fit.
#[inline]
fn put(buffer: &mut Vec<u8>, kind: Kind, number: i64) -> Option<()> {
    match kind {
        Kind::BigInt => {
            buffer.extend_from_slice(&8_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        Kind::Integer => {
            let number = i32::try_from(number).ok()?;
            buffer.extend_from_slice(&4_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        Kind::SmallInt => {
            let number = i16::try_from(number).ok()?;
            buffer.extend_from_slice(&2_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        Kind::Bool => {
            let number = u8::try_from(number).ok().filter(|it| *it <= 1)?;
            buffer.extend_from_slice(&1_i32.to_be_bytes());
            buffer.push(number);
        }
        Kind::Day => {
            let number = i32::try_from(number).ok()?.checked_sub(DAYS_TO_2000)?;
            buffer.extend_from_slice(&4_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        Kind::Moment => {
            let number = number.checked_sub(MICROSECONDS_TO_2000)?;
            buffer.extend_from_slice(&8_i32.to_be_bytes());
            buffer.extend_from_slice(&number.to_be_bytes());
        }
        Kind::Text | Kind::Bytes => return None,
    }
    Some(())
}
