//! Was this form sent before, as the same or as another, and what was answered? Why programs' [calls](crate::calls) are kept
//! beside them is said there.

use crate::{Error, Tx, params, statements};
use measure::Moment;

statements! {
    /// Notes that a form was sent, unless it is known.
    BEGIN = "insert into form (login, key, body, at) values ($1, $2, $3, $4) on conflict (login, key) do nothing";
    /// A form that is known.
    FIND = "select body, answer from form where login = $1 and key = $2";
    /// Notes the answer.
    ANSWER = "update form set answer = $3 where login = $1 and key = $2";
    /// It was refused, and may be sent again.
    FORGET = "delete from form where login = $1 and key = $2 and answer is null";
    /// What was begun so long ago and not answered does not go on.
    LAPSE = "delete from form where login = $1 and key = $2 and answer is null and at < $3";
    /// Forms of long ago are sent no more.
    SWEEP = "delete from form where at < $1";
}

/// What is known of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// A hash over what was sent.
    pub body: [u8; 32],
    /// Where the answer leads; `None` while it is being done.
    pub answer: Option<String>,
}

/// Notes that a form is being done; `Some` with what is known of it when it was sent before.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    (login, key): (&str, &str),
    body: [u8; 32],
    at: Moment,
) -> Result<Option<Sent>, Error> {
    if tx.execute(BEGIN, params![login, key, body, at])? == 1 {
        return Ok(None);
    }
    tx.find(FIND, params![login, key], |row| {
        Ok(Sent {
            body: row.get(0)?,
            answer: row.get(1)?,
        })
    })
}

/// Notes where the answer leads.
///
/// # Errors
///
/// What the database says.
pub fn answer(tx: &mut Tx<'_>, (login, key): (&str, &str), answer: &str) -> Result<(), Error> {
    tx.execute(ANSWER, params![login, key, answer]).map(drop)
}

/// Forgets a form that was refused.
///
/// # Errors
///
/// What the database says.
pub fn forget(tx: &mut Tx<'_>, (login, key): (&str, &str)) -> Result<(), Error> {
    tx.execute(FORGET, params![login, key]).map(drop)
}

/// Forgets a form that was begun before a moment and never answered, so that it may be sent again.
///
/// # Errors
///
/// What the database says.
pub fn lapse(tx: &mut Tx<'_>, (login, key): (&str, &str), begun: Moment) -> Result<(), Error> {
    tx.execute(LAPSE, params![login, key, begun]).map(drop)
}

/// Forgets forms that were sent before a moment; gives how many.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![before])
}
