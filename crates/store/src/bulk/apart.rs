//! How do rows come into a table of PostgreSQL without a copy?
//!
//! Where rows are kept apart by district the server takes no copy, and for a few rows one is more trouble than it is worth. So
//! rows are sent as columns, an array for each, of which the server makes rows again as it inserts them: some thousands with one
//! statement, and no table beside that it would have to make and take away.

use super::Kind;
use crate::{
    error::Error,
    postgresql::{self, Statements},
    tx::prepared_as,
};
use bytes::{BufMut, BytesMut};
use postgres::{
    Transaction,
    types::{self, IsNull, ToSql, Type},
};
use std::error;

/// Some columns of a table.
pub(super) struct Target {
    pub(super) table: String,
    columns: Vec<(String, Kind)>,
}

impl Target {
    pub(super) fn new(table: &str, columns: &[(&str, Kind)]) -> Target {
        let columns = columns.iter();
        Target {
            table: table.to_owned(),
            columns: columns
                .map(|(name, kind)| ((*name).to_owned(), *kind))
                .collect(),
        }
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| &**name).collect();
        names.join(", ")
    }

    /// Inserts a few rows, as a copy writes them: in one journey, once the statement is prepared on a connection.
    pub(super) fn insert_few(
        &self,
        transaction: &mut Transaction<'_>,
        statements: &mut Statements,
        rows: &[u8],
    ) -> Result<(), Error> {
        let columns = columns(rows, self.columns.len());
        let arrays = self.insert(|_| true);
        let statement = prepared_as(transaction, statements, arrays, &self.table)?;
        self.executed(transaction.execute(&statement, &values(&columns)))
    }

    /// Inserts many. What is the same in all of them, as their run is, is sent once: to take a value from an array costs the server
    /// as much as to keep it.
    pub(super) fn insert_many(
        &self,
        transaction: &mut Transaction<'_>,
        rows: &[u8],
    ) -> Result<(), Error> {
        let columns = columns(rows, self.columns.len());
        // How many rows there are is for one of them to say.
        let several = columns.iter().position(|column| !column.is_one());
        let several = several.unwrap_or(0);
        let insert = self.insert(|place| place == several || !columns[place].is_one());
        self.executed(transaction.execute(&insert, &values(&columns)))
    }

    /// The statement that takes these columns, each as an array or as one value for all rows.
    fn insert(&self, is_array: impl Fn(usize) -> bool) -> String {
        let taken = self.columns.iter().enumerate().map(|(place, (_, kind))| {
            let (number, word) = (place + 1, kind.word());
            if is_array(place) {
                // Side by side, they are not kept in memory a second time as in `from unnest(…)`.
                format!("unnest(${number}::{word}[])")
            } else {
                format!("${number}::{word}")
            }
        });
        let taken: Vec<String> = taken.collect();
        let (table, names, taken) = (&self.table, self.names(), taken.join(", "));
        format!("insert into {table} ({names}) select {taken}")
    }

    fn executed(&self, result: Result<u64, postgres::Error>) -> Result<(), Error> {
        match result {
            Ok(_) => Ok(()),
            Err(error) => Err(postgresql::translate(&error, &self.table)),
        }
    }
}

fn values<'c>(columns: &'c [Column<'_>]) -> Vec<&'c (dyn ToSql + Sync)> {
    columns.iter().map(|column| column as _).collect()
}

/// The values of a column as a copy has them, which is as an array has them: `None` where there is none.
#[derive(Debug)]
struct Column<'r>(Vec<Option<&'r [u8]>>);

impl Column<'_> {
    /// Whether all rows have the same.
    fn is_one(&self) -> bool {
        self.0.windows(2).all(|two| two[0] == two[1])
    }
}

/// Rows as a copy writes them, by column: each row the number of its columns, each value its length or -1.
fn columns(mut rows: &[u8], count: usize) -> Vec<Column<'_>> {
    let mut columns: Vec<Column<'_>> = (0..count).map(|_| Column(Vec::new())).collect();
    while let Some((_, mut rest)) = rows.split_first_chunk::<2>() {
        for column in &mut columns {
            let Some((value, after)) = value(rest) else {
                return columns;
            };
            column.0.push(value);
            rest = after;
        }
        rows = rest;
    }
    columns
}

/// A value, and what comes after it.
fn value(rest: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (length, after) = rest.split_first_chunk()?;
    match usize::try_from(i32::from_be_bytes(*length)) {
        Ok(length) => {
            let (value, after) = after.split_at_checked(length)?;
            Some((Some(value), after))
        }
        Err(_) => Some((None, after)),
    }
}

impl ToSql for Column<'_> {
    fn to_sql(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn error::Error + Sync + Send>> {
        let types::Kind::Array(of) = wanted.kind() else {
            // The one that all rows have.
            let Some(one) = self.0.first().copied().flatten() else {
                return Ok(IsNull::Yes);
            };
            out.put_slice(one);
            return Ok(IsNull::No);
        };
        let length = |length: usize| i32::try_from(length);
        // One dimension; whether any value is absent; of which type; how many, from 1.
        out.put_i32(1);
        out.put_i32(self.0.iter().any(Option::is_none).into());
        out.put_u32(of.oid());
        out.put_i32(length(self.0.len())?);
        out.put_i32(1);
        for value in &self.0 {
            match value {
                Some(bytes) => {
                    out.put_i32(length(bytes.len())?);
                    out.put_slice(bytes);
                }
                None => out.put_i32(-1),
            }
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
