//! Which months are closed, and what binds them?

use crate::{Error, Tx, params, statements};
use city::runs::RunId;
use ledger::Digest;
use measure::{Moment, Month};

statements! {
    /// Whether a month is closed.
    CLOSED = "select 1 from seal where month = $1 and closes";
    /// The last seal's hash.
    LAST = "select hash from seal order by seal desc limit 1";
    /// Adds a seal.
    ADD = "insert into seal (month, run, closes, rows, previous, root, hash, at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// The whole chain.
    CHAIN = "select month, run, closes, rows, previous, root, hash from seal order by seal";
    /// The last closed month.
    LAST_CLOSED = "select max(month) from seal where closes";
}

/// A link of the chain as it is kept. What it binds besides follows from the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The month.
    pub month: Month,
    /// The run that was put in force.
    pub run: RunId,
    /// Whether it closes the month.
    pub closes: bool,
    /// How many rows the run has.
    pub rows: i64,
    /// The hash of the link before.
    pub previous: Digest,
    /// What the run's rows come down to.
    pub root: Digest,
    /// The link's own hash.
    pub hash: Digest,
}

/// Whether a month is closed.
///
/// # Errors
///
/// What the database says.
pub fn is_closed(tx: &mut Tx<'_>, month: Month) -> Result<bool, Error> {
    let found = tx.find(CLOSED, params![month], |_| Ok::<(), Error>(()))?;
    Ok(found.is_some())
}

/// The last month that is closed.
///
/// # Errors
///
/// What the database says.
pub fn last_closed(tx: &mut Tx<'_>) -> Result<Option<Month>, Error> {
    tx.one(LAST_CLOSED, params![], |row| row.get(0))
}

/// The hash of the last link; zeros before the first.
///
/// # Errors
///
/// What the database says.
pub fn last(tx: &mut Tx<'_>) -> Result<Digest, Error> {
    let last = tx.find(LAST, params![], |row| row.get::<[u8; 32]>(0))?;
    Ok(last.map_or(Digest::ZERO, Digest))
}

/// Adds a link.
///
/// # Errors
///
/// `S0107` when it does not follow the last; what else the database says.
pub fn add(tx: &mut Tx<'_>, link: &Link, at: Moment) -> Result<(), Error> {
    let values = params![
        link.month,
        link.run.number(),
        link.closes,
        link.rows,
        link.previous.0,
        link.root.0,
        link.hash.0,
        at
    ];
    tx.execute(ADD, values)?;
    Ok(())
}

/// The chain, from its beginning.
///
/// # Errors
///
/// What the database says.
pub fn chain(tx: &mut Tx<'_>) -> Result<Vec<Link>, Error> {
    tx.list(CHAIN, params![], |row| {
        Ok(Link {
            month: row.get(0)?,
            run: row.get(1)?,
            closes: row.get(2)?,
            rows: row.get(3)?,
            previous: Digest(row.get(4)?),
            root: Digest(row.get(5)?),
            hash: Digest(row.get(6)?),
        })
    })
}
