//! How do rows come into a table of PostgreSQL whose rows are kept apart by district?
//!
//! There the server takes no copy. A few rows, such as what one declaration changes, are inserted as they are. Many are copied
//! into a table beside it, which only this transaction has, and go from there all at once; to make that table and take it away
//! again is what the catalogue of the server pays for, which is much for a few rows.

use super::copy_in::HEADER;
use crate::{error::Error, postgresql};
use bytes::BytesMut;
use postgres::types::{IsNull, ToSql, Type};
use std::{error, io::Write};

/// So many values are inserted with one statement at most.
const FEW: usize = 1_000;

/// Where they go.
pub(super) struct Apart<'t, 'c> {
    transaction: &'t mut postgres::Transaction<'c>,
    table: String,
    /// The columns' names, with commas.
    names: String,
    /// Whether the table beside is there.
    beside: bool,
}

impl<'t, 'c> Apart<'t, 'c> {
    pub(super) fn new(
        transaction: &'t mut postgres::Transaction<'c>,
        table: &str,
        names: String,
    ) -> Apart<'t, 'c> {
        Apart {
            transaction,
            table: table.to_owned(),
            names,
            beside: false,
        }
    }

    /// Sends rows as a copy writes them, told whether they are the last.
    pub(super) fn send(&mut self, rows: &[u8], last: bool) -> Result<(), Error> {
        let sent = match fields(rows) {
            Some(fields) if last && !self.beside && fields.len() <= FEW => self.insert(&fields),
            _ => self.copy(rows, last),
        };
        sent.map_err(|failed| failed.translated(&self.table))
    }

    fn insert(&mut self, fields: &[Field<'_>]) -> Result<(), Failed> {
        if fields.is_empty() {
            return Ok(());
        }
        let columns = self.names.split(',').count();
        let places: Vec<String> = (1..=fields.len())
            .map(|place| format!("${place}"))
            .collect();
        let rows: Vec<String> = places
            .chunks(columns)
            .map(|row| format!("({})", row.join(", ")))
            .collect();
        let sql = format!(
            "insert into {} ({}) values {}",
            self.table,
            self.names,
            rows.join(", ")
        );
        let values: Vec<&(dyn ToSql + Sync)> = fields.iter().map(|field| field as _).collect();
        self.transaction.execute(&sql, &values)?;
        Ok(())
    }

    fn copy(&mut self, rows: &[u8], last: bool) -> Result<(), Failed> {
        let Apart { table, names, .. } = self;
        let beside = format!("pg_temp.{table}_arriving");
        if !self.beside {
            self.transaction.batch_execute(&format!(
                "drop table if exists {beside}; \
                 create temporary table {table}_arriving on commit drop as select {names} from {table} with no data"
            ))?;
            self.beside = true;
        }
        let copy = format!("copy {beside} ({names}) from stdin (format binary)");
        let mut writer = self.transaction.copy_in(&copy)?;
        // A row of -1 columns ends the copy.
        let end = (-1_i16).to_be_bytes();
        for part in [HEADER, rows, &end] {
            writer.write_all(part)?;
        }
        writer.finish()?;
        if last {
            self.transaction.batch_execute(&format!(
                "insert into {table} ({names}) select {names} from {beside}; drop table {beside}"
            ))?;
        }
        Ok(())
    }
}

/// A value as a copy has it, which is as a parameter has it: `None` where there is none.
#[derive(Debug)]
struct Field<'r>(Option<&'r [u8]>);

/// The values of rows as a copy writes them: each row the number of its columns, each value its length or -1. `None` where
/// they are many, or not such rows.
fn fields(mut rows: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while let Some((columns, mut rest)) = rows.split_first_chunk() {
        for _ in 0..i16::from_be_bytes(*columns) {
            let (length, after) = rest.split_first_chunk()?;
            let field = match usize::try_from(i32::from_be_bytes(*length)) {
                Ok(length) => {
                    let (field, after) = after.split_at_checked(length)?;
                    rest = after;
                    Field(Some(field))
                }
                Err(_) => {
                    rest = after;
                    Field(None)
                }
            };
            fields.push(field);
            if fields.len() > FEW {
                return None;
            }
        }
        rows = rest;
    }
    rows.is_empty().then_some(fields)
}

impl ToSql for Field<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn error::Error + Sync + Send>> {
        Ok(match self.0 {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn accepts(_: &Type) -> bool {
        // The server reads it as the column's type, and says so when it is not; as it does with a copy.
        true
    }

    postgres::types::to_sql_checked!();
}

/// What failed on the way.
enum Failed {
    Server(postgres::Error),
    Stream(std::io::Error),
}

impl Failed {
    fn translated(self, table: &str) -> Error {
        match self {
            Failed::Server(error) => postgresql::translate(&error, table),
            Failed::Stream(error) => postgresql::translate_stream(&error, table),
        }
    }
}

impl From<postgres::Error> for Failed {
    fn from(error: postgres::Error) -> Failed {
        Failed::Server(error)
    }
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Failed::Stream(error)
    }
}
