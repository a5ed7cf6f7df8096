//! How do rows come into a table of PostgreSQL whose rows are kept apart by district?
//!
//! There the server takes no copy. So rows are sent as columns, an array for each, of which the server makes rows again as it
//! inserts them: some thousands with one statement, and no table beside that it would have to make and take away.

use super::Kind;
use crate::{error::Error, postgresql};
use bytes::{BufMut, BytesMut};
use postgres::types::{self, IsNull, ToSql, Type};
use std::error;

/// Where they go.
pub(super) struct Apart<'t, 'c> {
    transaction: &'t mut postgres::Transaction<'c>,
    table: String,
    insert: String,
    /// How many columns.
    columns: usize,
}

impl<'t, 'c> Apart<'t, 'c> {
    /// Into these columns of a table.
    pub(super) fn new(
        transaction: &'t mut postgres::Transaction<'c>,
        table: &str,
        columns: &[(&str, Kind)],
    ) -> Apart<'t, 'c> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let arrays: Vec<String> = (1..)
            .zip(columns)
            .map(|(place, (_, kind))| format!("unnest(${place}::{}[])", kind.word()))
            .collect();
        Apart {
            transaction,
            table: table.to_owned(),
            insert: format!(
                // Side by side, they are not kept in memory a second time as in `from unnest(…)`.
                "insert into {table} ({}) select {}",
                names.join(", "),
                arrays.join(", ")
            ),
            columns: columns.len(),
        }
    }

    /// Sends whole rows as a copy writes them.
    pub(super) fn send(&mut self, rows: &[u8]) -> Result<(), Error> {
        let columns = columns(rows, self.columns);
        if columns.first().is_none_or(|column| column.0.is_empty()) {
            return Ok(());
        }
        let values: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as _).collect();
        let inserted = self.transaction.execute(&self.insert, &values);
        inserted
            .map(drop)
            .map_err(|error| postgresql::translate(&error, &self.table))
    }
}

/// The values of a column as a copy has them, which is as an array has them: `None` where there is none.
#[derive(Debug)]
struct Column<'r>(Vec<Option<&'r [u8]>>);

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
        array: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn error::Error + Sync + Send>> {
        let types::Kind::Array(of) = array.kind() else {
            return Err("not an array".into());
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

    fn accepts(of: &Type) -> bool {
        matches!(of.kind(), types::Kind::Array(_))
    }

    postgres::types::to_sql_checked!();
}
