//! What was begun with another registry, and how does it stand?

use crate::{Error, Row, Tx, params, statements};
use measure::Moment;

statements! {
    /// A message was taken.
    BEGIN = "insert into exchange (login, theirs, ours, message, action, state, asked, answered, at) \
             values ($1, $2, $3, $4, $5, 2, $6, 0, $7) on conflict (login, message) do nothing";
    /// It is answered.
    END = "update exchange set state = $2, answered = $3 where ours = $1";
    /// By what the other calls it, the newest first.
    BY_TRANSACTION = "select theirs, ours, action, state, asked, answered, at from exchange \
                      where login = $1 and theirs = $2 order by exchange desc";
    /// By what we call it.
    BY_CORRELATION = "select theirs, ours, action, state, asked, answered, at from exchange \
                      where login = $1 and ours = $2";
    /// What was long ago is asked about no more.
    SWEEP = "delete from exchange where at < $1";
}

/// How something begun with another registry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What the other calls it.
    pub transaction: String,
    /// What we call it.
    pub correlation: String,
    /// What was asked: 1 search, 2 subscribe, 3 unsubscribe, 4 status.
    pub action: i16,
    /// 1 received, 2 under way, 3 done, 4 rejected.
    pub state: i16,
    /// How many things were asked.
    pub asked: i32,
    /// How many of them are answered.
    pub answered: i32,
    /// When it was begun.
    pub at: Moment,
}

/// Notes that a message was taken; false when it had been before.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    (login, message): (&str, &str),
    new: &Exchange,
) -> Result<bool, Error> {
    let values = params![
        login,
        new.transaction.as_str(),
        new.correlation.as_str(),
        message,
        new.action,
        new.asked,
        new.at
    ];
    Ok(tx.execute(BEGIN, values)? == 1)
}

/// Notes that it is answered.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, correlation: &str, (state, answered): (i16, i32)) -> Result<(), Error> {
    tx.execute(END, params![correlation, state, answered])
        .map(drop)
}

/// What a login began under what it calls a transaction, the newest first.
///
/// # Errors
///
/// What the database says.
pub fn by_transaction(
    tx: &mut Tx<'_>,
    login: &str,
    transaction: &str,
) -> Result<Vec<Exchange>, Error> {
    tx.list(BY_TRANSACTION, params![login, transaction], read)
}

/// What a login began, by what we call it.
///
/// # Errors
///
/// What the database says.
pub fn by_correlation(
    tx: &mut Tx<'_>,
    login: &str,
    correlation: &str,
) -> Result<Option<Exchange>, Error> {
    tx.find(BY_CORRELATION, params![login, correlation], read)
}

/// Forgets what was begun before a moment.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![before])
}

fn read(row: &Row<'_>) -> Result<Exchange, Error> {
    Ok(Exchange {
        transaction: row.get("theirs")?,
        correlation: row.get("ours")?,
        action: row.get("action")?,
        state: row.get("state")?,
        asked: row.get("asked")?,
        answered: row.get("answered")?,
        at: row.get("at")?,
    })
}
