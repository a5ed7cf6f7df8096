//! How does a run see the whole city?
//!
//! On PostgreSQL a transaction sees the districts it says it is for, and none before it says so. The month and whoever
//! oversees it are for all.

use crate::error::Error;
use store::{Db, Isolation, Tx, Write};

/// Reads one state of the whole city.
pub(crate) fn read<T>(
    db: &Db,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    db.read(|tx| {
        tx.set_all_districts()?;
        work(tx)
    })
}

/// Reads one state of the whole city, and notes that it did: nothing it writes hangs on what others write meanwhile, so it need
/// not be as if it were alone.
pub(crate) fn look<T>(
    db: &Db,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let how = Write {
        isolation: Isolation::Snapshot,
        ..Write::default()
    };
    write_with(db, how, work)
}

/// Writes for the whole city.
pub(crate) fn write<T>(
    db: &Db,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    write_with(db, Write::default(), work)
}

/// Writes for the whole city, in this way.
pub(crate) fn write_with<T>(
    db: &Db,
    how: Write,
    mut work: impl FnMut(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    db.write_with(how, |tx| {
        tx.set_all_districts()?;
        work(tx)
    })
}
