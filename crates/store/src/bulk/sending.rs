//! How do rows get to PostgreSQL? A few with one statement, so that whoever records a fact does not wait for a copy to be begun and
//! ended; many as a copy, or, where rows are kept apart by district, [as the server takes them there](super::apart).

use super::{APART, Kind, apart::Target};
use crate::{
    error::Error,
    postgresql::{self, Statements},
    tx::prepared,
};
use postgres::{CopyInWriter, Transaction};
use std::{io::Write, mem};

/// When so many bytes have gathered they are sent. The client sends what it is given as one message, and the server
/// takes the same time for one of 64 KiB as for sixteen of 4 KiB, the client less.
const SENT: usize = 64 * 1024;

/// There is a statement for each of these: 1 MiB.
const SENT_APART: usize = 1 << 20;

/// `PGCOPY\n\xff\r\n\0`, no flags, no extension of the header.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Rows on their way into a table, as a copy writes them. (A trait of one kind of [`Rows`], so that whoever loads need not name how
/// long the transaction lives that lends itself.)
pub(super) trait Sending {
    /// When so many bytes of them have gathered, it is time to hand them over.
    fn enough(&self) -> usize;

    /// Takes whole rows that have gathered, unless there is a reason to gather more.
    fn hand_over(&mut self, rows: &mut Vec<u8>) -> Result<(), Error>;

    /// Takes the last of them, and waits until all are there.
    fn finish(&mut self, rows: &mut Vec<u8>) -> Result<(), Error>;
}

/// Rows for some columns of a table.
pub(super) struct Rows<'t, 'c> {
    target: Target,
    way: Way<'t, 'c>,
}

enum Way<'t, 'c> {
    /// Not chosen: there may be few.
    Open(&'t mut Transaction<'c>, &'t mut Statements),
    Straight(CopyInWriter<'t>),
    Apart(&'t mut Transaction<'c>),
    /// Choosing failed.
    Lost,
}

impl<'t, 'c> Rows<'t, 'c> {
    pub(super) fn new(
        transaction: &'t mut Transaction<'c>,
        statements: &'t mut Statements,
        table: &str,
        columns: &[(&str, Kind)],
    ) -> Rows<'t, 'c> {
        Rows {
            target: Target::new(table, columns),
            way: Way::Open(transaction, statements),
        }
    }

    /// The way that many rows go into this table.
    fn for_many(
        &self,
        transaction: &'t mut Transaction<'c>,
        statements: &mut Statements,
    ) -> Result<Way<'t, 'c>, Error> {
        let Target { table, .. } = &self.target;
        let wrong = |error: postgres::Error| postgresql::translate(&error, table);
        let asked = prepared(transaction, statements, APART)?;
        let told = transaction.query_one(&asked, &[table]).map_err(wrong)?;
        if told.get(0) {
            return Ok(Way::Apart(transaction));
        }
        let names = self.target.names();
        let sql = format!("copy {table} ({names}) from stdin (format binary)");
        let mut writer = transaction.copy_in(&sql).map_err(wrong)?;
        self.streamed(writer.write_all(HEADER))?;
        Ok(Way::Straight(writer))
    }

    fn streamed(&self, result: std::io::Result<()>) -> Result<(), Error> {
        result.map_err(|error| postgresql::translate_stream(&error, &self.target.table))
    }
}

impl Sending for Rows<'_, '_> {
    fn enough(&self) -> usize {
        match self.way {
            Way::Apart(_) => SENT_APART,
            Way::Open(..) | Way::Straight(_) | Way::Lost => SENT,
        }
    }

    fn hand_over(&mut self, rows: &mut Vec<u8>) -> Result<(), Error> {
        self.way = match mem::replace(&mut self.way, Way::Lost) {
            Way::Open(transaction, statements) => self.for_many(transaction, statements)?,
            chosen => chosen,
        };
        if rows.len() < self.enough() {
            return Ok(());
        }
        match &mut self.way {
            Way::Straight(writer) => {
                let written = writer.write_all(rows);
                self.streamed(written)?;
            }
            Way::Apart(transaction) => self.target.insert_many(transaction, rows)?,
            Way::Open(..) | Way::Lost => {}
        }
        rows.clear();
        Ok(())
    }

    fn finish(&mut self, rows: &mut Vec<u8>) -> Result<(), Error> {
        match mem::replace(&mut self.way, Way::Lost) {
            Way::Straight(mut writer) => {
                // A row of -1 columns ends the copy.
                rows.extend_from_slice(&(-1_i16).to_be_bytes());
                self.streamed(writer.write_all(rows))?;
                let finished = writer.finish().map(drop);
                finished.map_err(|error| postgresql::translate(&error, &self.target.table))
            }
            _ if rows.is_empty() => Ok(()),
            Way::Open(transaction, statements) => {
                self.target.insert_few(transaction, statements, rows)
            }
            Way::Apart(transaction) => self.target.insert_many(transaction, rows),
            Way::Lost => Ok(()),
        }
    }
}
