//! Was this asked before, as the same or as something else, and what was answered?
//!
//! *Why beside [forms](crate::forms), which go up the same ladder?* The keys are two kinds: a form's is made here, by chance, for
//! one page; a program chooses its own, and none it chooses may meet a form of the same login. The answers are two kinds: a form
//! is told where to go, a program is owed what it was told before, to the letter, with its status. One table would need a column
//! that says which, and a migration that moved the rows would take from a program of the version before, which answers until it
//! is replaced, the forms it has just noted: they would be done twice.

use crate::{Error, Tx, params, statements};
use measure::Moment;

statements! {
    /// Notes that something was asked, unless its key is known.
    BEGIN = "insert into call (login, key, body, at) values ($1, $2, $3, $4) on conflict (login, key) do nothing";
    /// What is known of a key.
    FIND = "select body, status, answer from call where login = $1 and key = $2";
    /// Notes the answer.
    ANSWER = "update call set status = $3, answer = $4 where login = $1 and key = $2";
    /// It was refused, and may be asked again.
    FORGET = "delete from call where login = $1 and key = $2 and status is null";
    /// What was begun so long ago and not answered does not go on.
    LAPSE = "delete from call where login = $1 and key = $2 and status is null and at < $3";
    /// What was asked long ago is asked no more.
    SWEEP = "delete from call where at < $1";
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// A hash over what was asked.
    pub body: [u8; 32],
    /// How it was answered; `None` while it is being done.
    pub answer: Option<(i16, String)>,
}

/// Notes that something is being done; `Some` with what is known when its key was given before.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    (login, key): (&str, &str),
    body: &[u8; 32],
    at: Moment,
) -> Result<Option<Call>, Error> {
    if tx.execute(BEGIN, params![login, key, &body[..], at])? == 1 {
        return Ok(None);
    }
    tx.find(FIND, params![login, key], |row| {
        let (status, answer): (Option<i16>, Option<String>) =
            (row.get("status")?, row.get("answer")?);
        Ok(Call {
            body: row.get("body")?,
            answer: status.zip(answer),
        })
    })
}

/// Notes how it was answered.
///
/// # Errors
///
/// What the database says.
pub fn answer(
    tx: &mut Tx<'_>,
    (login, key): (&str, &str),
    (status, answer): (i16, &str),
) -> Result<(), Error> {
    tx.execute(ANSWER, params![login, key, status, answer])
        .map(drop)
}

/// Forgets what was refused.
///
/// # Errors
///
/// What the database says.
pub fn forget(tx: &mut Tx<'_>, (login, key): (&str, &str)) -> Result<(), Error> {
    tx.execute(FORGET, params![login, key]).map(drop)
}

/// Forgets what was begun before a moment and never answered, so that it may be asked again.
///
/// # Errors
///
/// What the database says.
pub fn lapse(tx: &mut Tx<'_>, (login, key): (&str, &str), begun: Moment) -> Result<(), Error> {
    tx.execute(LAPSE, params![login, key, begun]).map(drop)
}

/// Forgets what was asked before a moment; gives how much.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![before])
}
