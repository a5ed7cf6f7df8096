//! What was begun with another registry, and how does it stand?
//!
//! Only that it was begun, and how far it is, is kept: what was asked and answered names people, and is read from the register
//! when it is answered.

use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use measure::Moment;
use store::exchanges;
use store::{Db, Write};

pub use store::exchanges::Exchange;

/// What another registry asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To find records.
    Search = 1,
    /// To be told of events.
    Subscribe = 2,
    /// To be told no more.
    Unsubscribe = 3,
    /// How something stands.
    Status = 4,
}

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is under way.
    Pending = 2,
    /// It is done.
    Done = 3,
    /// It is rejected.
    Rejected = 4,
}

/// How long one may ask about what was begun.
const KEPT: i64 = 30 * 24 * 3_600_000_000;

/// Notes that a message was taken; gives what we call it, or `None` when the same message was taken before.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    db: &Db,
    (by, message, transaction): (&Actor, &str, &str),
    (asked, things): (Asked, i32),
    at: Moment,
) -> Result<Option<String>, Error> {
    let token = crate::sign_in::fresh()?.reveal();
    let correlation = token.get(..32).unwrap_or_default().to_owned();
    let new = Exchange {
        transaction: transaction.to_owned(),
        correlation: correlation.clone(),
        action: asked as i16,
        state: State::Pending as i16,
        asked: things,
        answered: 0,
        at,
    };
    let begun = whole::write_with(db, Write::committed(), |tx| {
        exchanges::sweep(tx, at.plus_microseconds(-KEPT))?;
        Ok(exchanges::begin(tx, (by.login(), message), &new)?)
    })?;
    Ok(begun.then_some(correlation))
}

/// Notes how it ended.
///
/// # Errors
///
/// What the database says.
pub fn end(db: &Db, correlation: &str, state: State, answered: i32) -> Result<(), Error> {
    whole::write_with(db, Write::committed(), |tx| {
        Ok(exchanges::end(tx, correlation, (state as i16, answered))?)
    })
}

/// What a login began: by what the other calls it, or by what we do. The newest first.
///
/// # Errors
///
/// What the database says.
pub fn find(db: &Db, by: &Actor, named: &str) -> Result<Vec<Exchange>, Error> {
    whole::read(db, |tx| {
        let mut found = exchanges::by_transaction(tx, by.login(), named)?;
        if found.is_empty() {
            found.extend(exchanges::by_correlation(tx, by.login(), named)?);
        }
        Ok(found)
    })
}
