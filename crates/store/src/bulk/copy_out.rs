//! Rows out.

use super::{Batch, Kind, Values};
use crate::{
    error::Error,
    postgresql::{self, DAYS_TO_2000, MICROSECONDS_TO_2000, Tls},
    sqlite,
    statement::Statement,
    tx::{Engaged, Fate, Tx, prepared},
    value::Value,
};
use rusqlite::types::ValueRef;
use std::io::BufRead;

impl Tx<'_> {
    /// Hands the rows of a result to a closure, column by column, so many rows at a time; tells how many rows there were.
    ///
    /// The closure may keep a batch by taking it (`std::mem::take`); otherwise its room is used again. On PostgreSQL the
    /// values are written into the text, which `COPY` demands, each as a literal of its kind.
    ///
    /// # Errors
    ///
    /// `S0110` when a column is not of the kind said; what the engine says; what the closure returns, which ends the
    /// reading.
    pub fn copy_out<E: From<Error>>(
        &mut self,
        sql: impl Into<Statement>,
        values: &[Value],
        kinds: &[Kind],
        rows_a_batch: usize,
        mut each: impl FnMut(&mut Batch) -> Result<(), E>,
    ) -> Result<u64, E> {
        let statement = sql.into();
        let mut out = Out {
            batch: Batch::new(kinds),
            kinds,
            limit: rows_a_batch.max(1),
            rows: 0,
            each: &mut each,
        };
        let (engaged, fate) = self.parts();
        match engaged {
            Engaged::Sqlite(transaction) => step(transaction, fate, statement, values, &mut out)?,
            Engaged::Postgres {
                transaction,
                tls,
                statements,
                spent,
                ..
            } => {
                // `COPY` tells no types, so a wrong one would be read as if it were right.
                let typed = prepared(transaction, statements, statement)
                    .and_then(|prepared| postgresql::are(prepared.columns(), kinds));
                if let Err(error) = typed {
                    return Err(fate.fails(error).into());
                }
                let copied = copy(transaction, tls, fate, statement, values, &mut out);
                if copied.is_err() {
                    // See `Tx::stream`: a cancellation may hit whatever comes next on this connection.
                    **spent = true;
                }
                copied?;
            }
        }
        out.hand_over()?;
        Ok(out.rows)
    }
}

struct Out<'o, E> {
    batch: Batch,
    kinds: &'o [Kind],
    limit: usize,
    rows: u64,
    each: &'o mut dyn FnMut(&mut Batch) -> Result<(), E>,
}

impl<E> Out<'_, E> {
    #[inline]
    fn end_row(&mut self) -> Result<(), E> {
        self.batch.rows += 1;
        self.rows += 1;
        if self.batch.rows < self.limit {
            return Ok(());
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<(), E> {
        if self.batch.rows == 0 {
            return Ok(());
        }
        (self.each)(&mut self.batch)?;
        if self.batch.columns.len() == self.kinds.len() {
            self.batch.clear();
        } else {
            self.batch = Batch::new(self.kinds);
        }
        Ok(())
    }
}

fn step<E: From<Error>>(
    transaction: &rusqlite::Transaction<'_>,
    fate: &mut Fate,
    statement: Statement,
    values: &[Value],
    out: &mut Out<'_, E>,
) -> Result<(), E> {
    let failed = |error| sqlite::translate(error, statement.name, Some(transaction));
    let mut prepared = match transaction.prepare_cached(statement.sql) {
        Ok(prepared) => prepared,
        Err(error) => return Err(fate.fails(failed(error)).into()),
    };
    if let Err(error) = sqlite::bind(&mut prepared, values) {
        return Err(fate.fails(failed(error)).into());
    }
    if prepared.column_count() != out.kinds.len() {
        return Err(fate.fails(columns_differ(prepared.column_count())).into());
    }
    let mut rows = prepared.raw_query();
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(()),
            Err(error) => return Err(fate.fails(failed(error)).into()),
        };
        for (number, column) in out.batch.columns.iter_mut().enumerate() {
            let Ok(held) = row.get_ref(number) else {
                return Err(fate.fails(columns_differ(number)).into());
            };
            if let Err(found) = take(column, held) {
                return Err(fate.fails(misread(number, column.kind, found)).into());
            }
        }
        out.end_row()?;
    }
}

#[inline]
fn take(column: &mut Values, held: ValueRef<'_>) -> Result<(), &'static str> {
    match (column.kind, held) {
        (Kind::Text, ValueRef::Text(bytes)) | (Kind::Bytes, ValueRef::Blob(bytes)) => {
            column.push_bytes(bytes);
        }
        (Kind::Text | Kind::Bytes, ValueRef::Integer(_)) => return Err("a whole number"),
        (_, ValueRef::Integer(number)) => column.push_number(number),
        (_, ValueRef::Null) => column.push_absent(),
        (_, ValueRef::Text(_)) => return Err("text"),
        (_, ValueRef::Blob(_)) => return Err("bytes"),
        (_, ValueRef::Real(_)) => return Err("a floating number"),
    }
    Ok(())
}

fn copy<E: From<Error>>(
    transaction: &mut postgres::Transaction<'_>,
    tls: &Tls,
    fate: &mut Fate,
    statement: Statement,
    values: &[Value],
    out: &mut Out<'_, E>,
) -> Result<(), E> {
    let sql = match with_literals(statement.sql, values) {
        Ok(sql) => format!("copy ({sql}) to stdout (format binary)"),
        Err(error) => return Err(fate.fails(error).into()),
    };
    let cancel = transaction.cancel_token();
    let mut reader = match transaction.copy_out(&sql) {
        Ok(reader) => reader,
        Err(error) => {
            return Err(fate
                .fails(postgresql::translate(&error, statement.name))
                .into());
        }
    };
    // A row may begin in one message and end in another: the part that has come.
    let mut begun: Vec<u8> = Vec::new();
    let mut header = true;
    loop {
        let message = match reader.fill_buf() {
            Ok(message) => message,
            Err(error) => {
                let error = postgresql::translate_stream(&error, statement.name);
                return Err(fate.fails(error).into());
            }
        };
        let length = message.len();
        if length == 0 {
            return Ok(());
        }
        let came = if begun.is_empty() {
            message
        } else {
            begun.extend_from_slice(message);
            &begun
        };
        let mut rest = Bytes(came);
        if std::mem::take(&mut header) && rest.skip_header().is_none() {
            return Err(fate.fails(misread(0, Kind::Bytes, "no copy")).into());
        }
        let over = match rest.rows(out) {
            Ok(over) => over,
            Err(stop) => {
                let _ = cancel.cancel_query(tls.clone());
                let by_closure = match stop {
                    Stop::Closure(error) => error,
                    Stop::Column(number, kind) => misread(number, kind, "another type").into(),
                    Stop::Columns(found) => columns_differ(found).into(),
                };
                fate.fails(Error::Cancelled {
                    cause: "the reading was broken off".into(),
                });
                return Err(by_closure);
            }
        };
        if over {
            return Ok(());
        }
        begun = rest.0.to_vec();
        reader.consume(length);
    }
}

enum Stop<E> {
    Closure(E),
    Column(usize, Kind),
    Columns(usize),
}

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    #[inline]
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn skip_header(&mut self) -> Option<()> {
        let signature = self.take(11)?;
        self.take(4)?;
        let extension = u32::from_be_bytes(self.array()?);
        self.take(usize::try_from(extension).ok()?)?;
        (signature == b"PGCOPY\n\xff\r\n\0").then_some(())
    }

    /// Takes the whole rows; tells whether the end was among them.
    fn rows<E>(&mut self, out: &mut Out<'_, E>) -> Result<bool, Stop<E>> {
        loop {
            let start = self.0;
            if !self.has_row() {
                self.0 = start;
                return Ok(false);
            }
            self.0 = start;
            let columns = i16::from_be_bytes(self.array().unwrap_or([0xff; 2]));
            let Ok(columns) = usize::try_from(columns) else {
                return Ok(true);
            };
            if columns != out.kinds.len() {
                return Err(Stop::Columns(columns));
            }
            for (number, column) in out.batch.columns.iter_mut().enumerate() {
                if self.field(column).is_none() {
                    return Err(Stop::Column(number, column.kind));
                }
            }
            out.end_row().map_err(Stop::Closure)?;
        }
    }

    /// Whether a row, or the end, is there as a whole.
    #[inline]
    fn has_row(&mut self) -> bool {
        let mut walk = || {
            let columns = i16::from_be_bytes(self.array()?);
            for _ in 0..columns {
                let length = i32::from_be_bytes(self.array()?);
                self.take(usize::try_from(length).unwrap_or(0))?;
            }
            Some(())
        };
        walk().is_some()
    }

    /// A value into its column; `None` when it is of another type.
    #[inline]
    fn field(&mut self, column: &mut Values) -> Option<()> {
        let length = i32::from_be_bytes(self.array()?);
        let Ok(length) = usize::try_from(length) else {
            column.push_absent();
            return Some(());
        };
        let number = match (column.kind, length) {
            (Kind::BigInt, 8) => i64::from_be_bytes(self.array()?),
            (Kind::Integer, 4) => i32::from_be_bytes(self.array()?).into(),
            (Kind::SmallInt, 2) => i16::from_be_bytes(self.array()?).into(),
            (Kind::Bool, 1) => self.array::<1>()?[0].into(),
            (Kind::Day, 4) => {
                i64::from(i32::from_be_bytes(self.array()?)) + i64::from(DAYS_TO_2000)
            }
            (Kind::Moment, 8) => {
                i64::from_be_bytes(self.array()?).saturating_add(MICROSECONDS_TO_2000)
            }
            (Kind::Text | Kind::Bytes, _) => {
                column.push_bytes(self.take(length)?);
                return Some(());
            }
            _ => return None,
        };
        column.push_number(number);
        Some(())
    }
}

fn misread(number: usize, kind: Kind, found: &str) -> Error {
    Error::Cell {
        column: number.to_string(),
        wanted: kind.word(),
        found: found.into(),
    }
}

pub(crate) fn columns_differ(found: usize) -> Error {
    Error::Cell {
        column: found.to_string(),
        wanted: "as many columns as kinds",
        found: format!("{found} columns"),
    }
}

/// The text with its `$1`, `$2` … replaced by literals. Quoted parts are left as they are.
fn with_literals(sql: &str, values: &[Value]) -> Result<String, Error> {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut quote = None;
    let mut rest = sql.chars().peekable();
    while let Some(sign) = rest.next() {
        match (sign, quote) {
            ('\'' | '"', None) => quote = Some(sign),
            (_, Some(open)) if open == sign => quote = None,
            ('$', None) if rest.peek().is_some_and(char::is_ascii_digit) => {
                let mut number = 0_usize;
                while let Some(digit) = rest.peek().and_then(|it| it.to_digit(10)) {
                    number = number * 10 + usize::try_from(digit).unwrap_or(0);
                    rest.next();
                }
                match number.checked_sub(1).and_then(|place| values.get(place)) {
                    Some(value) => out.push_str(&literal(value)?),
                    None => {
                        return Err(Error::Statement {
                            statement: sql.into(),
                            cause: format!("there is no value for ${number}"),
                        });
                    }
                }
                continue;
            }
            _ => {}
        }
        out.push(sign);
    }
    Ok(out)
}

fn literal(value: &Value) -> Result<String, Error> {
    Ok(match value {
        Value::Null => "null".into(),
        Value::Int(number) => format!("({number})::bigint"),
        Value::Bool(yes) => yes.to_string(),
        Value::Day(day) => format!("date '{day}'"),
        Value::Moment(moment) if moment.day().is_ok() => format!("timestamptz '{moment}'"),
        Value::Moment(_) => return Err(unfit("a moment", "it is beyond the calendar")),
        Value::Text(text) if text.contains('\0') => {
            return Err(unfit("text", "it has a zero character"));
        }
        Value::Text(text) => {
            format!("e'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
        }
        Value::Bytes(bytes) => {
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("e'\\\\x{digits}'::bytea")
        }
    })
}

fn unfit(wanted: &str, cause: &str) -> Error {
    Error::Value {
        wanted: wanted.into(),
        cause: cause.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    #[test]
    fn literals_stay_literals() {
        let check = |sql: &str, values: &[Value], expected: &str| {
            assert_eq!(with_literals(sql, values).unwrap(), expected);
        };
        check("a = $1", params![-5], "a = (-5)::bigint");
        check("$2 $1 $2", params![1, true], "true (1)::bigint true");
        check("'$1' \"$1\" $1", params![1], "'$1' \"$1\" (1)::bigint");
        check("$1", params!["a' or '1'='1"], "e'a'' or ''1''=''1'");
        check("$1", params!["\\' --"], "e'\\\\'' --'");
        check("$1", params![[1_u8, 0xab]], "e'\\\\x01ab'::bytea");
        check("$1", params![None::<i64>], "null");
        assert_eq!(with_literals("$2", params![1]).unwrap_err().code(), "S0113");
        assert_eq!(
            with_literals("$1", params!["\0"]).unwrap_err().code(),
            "S0118"
        );
    }
}
