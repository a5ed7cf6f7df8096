//! Which rows were moved to a file, and which are about to be?
//!
//! A file is written and proven equal by one person; another approves it, and only then the rows go. Both are kept: what the
//! file is called, its hash, and the root of its rows, which is that of the month's seal. Where the files lie is the office's
//! to say and may change.

use crate::{Error, Row, Tx, params, people, statements};
use city::actors::Actor;
use city::runs::RunId;
use ledger::Digest;
use measure::Moment;

statements! {
    /// Where the files lie.
    FOLDER = "select folder from shelf where shelf = 1";
    /// Says where the files lie, for the first time.
    FIRST_FOLDER = "insert into shelf (shelf, folder) values (1, $1)";
    /// Says where they lie now.
    NEXT_FOLDER = "update shelf set folder = $1 where shelf = 1";
    /// The file of a run's rows of a kind.
    FIND = "select run, kind, file_name, file_hash, rows, root, by from cold where run = $1 and kind = $2";
    /// Every file.
    ALL = "select run, kind, file_name, file_hash, rows, root, by from cold order by run, kind";
    /// The files that wait for a second person.
    WAITING = "select run, kind, file_name, file_hash, rows, root, by from leaving order by run, kind";
    /// A file was written and proven equal.
    WRITTEN = "insert into leaving (run, kind, file_name, file_hash, rows, root, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// It does not wait any more.
    NO_LONGER_WAITING = "delete from leaving where run = $1 and kind = $2";
    /// A second person has approved it.
    MOVED = "insert into cold (run, kind, file_name, file_hash, rows, root, by, approved_by, at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// A file that holds the rows of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Whose rows.
    pub run: RunId,
    /// 1 dues, 2 accounts.
    pub kind: i16,
    /// What the file is called.
    pub file: String,
    /// The hash of the whole file.
    pub hash: Digest,
    /// How many rows.
    pub rows: i64,
    /// What they come down to.
    pub root: Digest,
    /// Who wrote it.
    pub by: Actor,
}

/// The folder in which the files lie, once it was said.
///
/// # Errors
///
/// What the database says.
pub fn folder(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    tx.find(FOLDER, params![], |row| row.get(0))
}

/// Says in which folder the files lie.
///
/// # Errors
///
/// What the database says.
pub fn lie_in(tx: &mut Tx<'_>, folder: &str) -> Result<(), Error> {
    if tx.execute(NEXT_FOLDER, params![folder])? == 0 {
        tx.execute(FIRST_FOLDER, params![folder])?;
    }
    Ok(())
}

/// The file of a run's rows of a kind; `None` while they are in the database.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, run: RunId, kind: i16) -> Result<Option<Moved>, Error> {
    tx.find(FIND, params![run, kind], moved)
}

/// Every file, in the order of runs.
///
/// # Errors
///
/// What the database says.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Moved>, Error> {
    tx.list(ALL, params![], moved)
}

/// The files that wait for a second person, in the order of runs.
///
/// # Errors
///
/// What the database says.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Moved>, Error> {
    tx.list(WAITING, params![], moved)
}

/// Notes that a file was written and proven equal; an earlier one that waits is forgotten.
///
/// # Errors
///
/// What the database says.
pub fn written(tx: &mut Tx<'_>, file: &Moved, at: Moment) -> Result<(), Error> {
    tx.execute(NO_LONGER_WAITING, params![file.run, file.kind])?;
    let values = params![
        file.run,
        file.kind,
        &file.file,
        file.hash.0,
        file.rows,
        file.root.0,
        file.by.login(),
        at
    ];
    tx.execute(WRITTEN, values)?;
    Ok(())
}

/// Notes that a second person has approved a file: its rows may go.
///
/// # Errors
///
/// `S0107` when it is its maker; what else the database says.
pub fn approve(tx: &mut Tx<'_>, file: &Moved, by: &Actor, at: Moment) -> Result<(), Error> {
    tx.execute(NO_LONGER_WAITING, params![file.run, file.kind])?;
    let values = params![
        file.run,
        file.kind,
        &file.file,
        file.hash.0,
        file.rows,
        file.root.0,
        file.by.login(),
        by.login(),
        at
    ];
    tx.execute(MOVED, values)?;
    Ok(())
}

fn moved(row: &Row<'_>) -> Result<Moved, Error> {
    Ok(Moved {
        run: row.get(0)?,
        kind: row.get(1)?,
        file: row.get(2)?,
        hash: Digest(row.get(3)?),
        rows: row.get(4)?,
        root: Digest(row.get(5)?),
        by: people::actor(row, 6)?,
    })
}
