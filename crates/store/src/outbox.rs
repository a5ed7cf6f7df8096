//! What are others to be told, and were they?
//!
//! A message is written by the transaction that makes it true ([`put`]), so it exists exactly when that is kept. A sender
//! takes what is due ([`take`]), sends it, and says so ([`sent`]). Should it die in between, the message is sent again: whoever
//! gets it knows it by its key, so twice is once.

use crate::{error::Error, params, row::Row, statements, tx::Tx};
use measure::Moment;

statements! {
    /// Writes a message unless it is there.
    PUT = "insert into outbox (topic, key, body, at, attempts, next_at) values ($1, $2, $3, $4, 0, $4)
        on conflict (topic, key) do nothing";
    /// When a message was written.
    WRITTEN = "select at from outbox where topic = $1 and key = $2";
    /// Takes what is due; until `next_at` nobody else takes it.
    TAKE = "update outbox set attempts = attempts + 1, next_at = $2
        where sent_at is null and next_at <= $1 and outbox in
            (select outbox from outbox where sent_at is null and next_at <= $1 order by next_at, outbox limit $3)
        returning outbox, topic, key, body, attempts";
    /// The same of one topic.
    TAKE_OF = "update outbox set attempts = attempts + 1, next_at = $2
        where sent_at is null and next_at <= $1 and topic = $4 and outbox in
            (select outbox from outbox where sent_at is null and next_at <= $1 and topic = $4 order by next_at, outbox limit $3)
        returning outbox, topic, key, body, attempts";
    /// A message was sent.
    SENT = "update outbox set sent_at = $2, last_error = null where outbox = $1 and sent_at is null";
    /// A message could not be sent.
    FAILED = "update outbox set next_at = $2, last_error = $3 where outbox = $1 and sent_at is null";
    /// How many are not sent, and since when the oldest waits.
    OPEN = "select cast(count(*) as bigint) as messages, min(at) as since from outbox where sent_at is null";
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its number.
    pub outbox: i64,
    /// About what.
    pub topic: String,
    /// By which whoever gets it knows it again.
    pub key: String,
    /// What it says.
    pub body: String,
    /// The how manieth attempt this is, from 1.
    pub attempt: i32,
}

/// Writes a message; `false` when one with the key is there already.
///
/// # Errors
///
/// What the engine says.
pub fn put(tx: &mut Tx<'_>, topic: &str, key: &str, body: &str, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(PUT, params![topic, key, body, at])? == 1)
}

/// When the message of a key was written; `None` when it was not.
///
/// # Errors
///
/// What the engine says.
pub fn written(tx: &mut Tx<'_>, topic: &str, key: &str) -> Result<Option<Moment>, Error> {
    tx.find(WRITTEN, params![topic, key], |row| row.get(0))
}

/// Takes at most so many messages that are due, in the order in which they were written; for so many microseconds nobody
/// else takes them. Best in a transaction of its own, with [`Write::committed`](crate::Write::committed).
///
/// # Errors
///
/// What the engine says.
pub fn take(
    tx: &mut Tx<'_>,
    now: Moment,
    lease_microseconds: i64,
    limit: i32,
) -> Result<Vec<Message>, Error> {
    let until = now.plus_microseconds(lease_microseconds);
    let taken = tx.list(TAKE, params![now, until, limit], read)?;
    Ok(in_order(taken))
}

/// The same of one topic.
///
/// # Errors
///
/// What the engine says.
pub fn take_of(
    tx: &mut Tx<'_>,
    topic: &str,
    now: Moment,
    lease_microseconds: i64,
    limit: i32,
) -> Result<Vec<Message>, Error> {
    let until = now.plus_microseconds(lease_microseconds);
    let taken = tx.list(TAKE_OF, params![now, until, limit, topic], read)?;
    Ok(in_order(taken))
}

fn read(row: &Row<'_>) -> Result<Message, Error> {
    Ok(Message {
        outbox: row.get("outbox")?,
        topic: row.get("topic")?,
        key: row.get("key")?,
        body: row.get("body")?,
        attempt: row.get("attempts")?,
    })
}

/// `returning` promises no order.
fn in_order(mut taken: Vec<Message>) -> Vec<Message> {
    taken.sort_by_key(|message| message.outbox);
    taken
}

/// A message was sent.
///
/// # Errors
///
/// What the engine says.
pub fn sent(tx: &mut Tx<'_>, message: &Message, now: Moment) -> Result<(), Error> {
    tx.execute(SENT, params![message.outbox, now]).map(drop)
}

/// A message could not be sent: it is tried again at a later moment, as [`jobs::pause`](crate::jobs::pause) has it.
///
/// # Errors
///
/// What the engine says.
pub fn failed(tx: &mut Tx<'_>, message: &Message, now: Moment, error: &str) -> Result<(), Error> {
    let again = now.plus_microseconds(crate::jobs::pause(message.attempt, message.outbox));
    tx.execute(FAILED, params![message.outbox, again, error])
        .map(drop)
}

/// How many messages are not sent, and since when the oldest waits.
///
/// # Errors
///
/// What the engine says.
pub fn open(tx: &mut Tx<'_>) -> Result<(i64, Option<Moment>), Error> {
    tx.one(OPEN, params![], |row| {
        Ok((row.get("messages")?, row.get("since")?))
    })
}
