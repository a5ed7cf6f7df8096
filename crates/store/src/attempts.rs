//! What has somebody begun in order to come in, and not ended?

use crate::{Error, Tx, params, statements};
use measure::Moment;

statements! {
    /// Something is begun.
    BEGIN = "insert into attempt (attempt, kind, browser, content, ends) values ($1, $2, $3, $4, $5)";
    /// It is taken out: nobody takes it again.
    TAKE = "delete from attempt where attempt = $1 and kind = $2 returning browser, content, ends";
    /// What has run out is removed.
    SWEEP = "delete from attempt where ends <= $1";
}

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To come in by another house's word.
    Outside,
    /// To add a passkey.
    AddPasskey,
    /// To come in by a passkey.
    Passkey,
}

impl Kind {
    const fn code(self) -> i16 {
        match self {
            Kind::Outside => 1,
            Kind::AddPasskey => 2,
            Kind::Passkey => 3,
        }
    }
}

/// Something begun, as it was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The hash of what the browser holds in which it was begun.
    pub browser: [u8; 32],
    /// What has to be known now.
    pub content: String,
    /// Until when it could be ended.
    pub ends: Moment,
}

/// Keeps that something is begun, under the hash of what comes back, for the browser that holds what has the other hash.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    (hash, kind): (&[u8; 32], Kind),
    browser: &[u8; 32],
    content: &str,
    ends: Moment,
) -> Result<(), Error> {
    let values = params![&hash[..], kind.code(), &browser[..], content, ends];
    tx.execute(BEGIN, values).map(drop)
}

/// Takes something out that was begun, whoever brings it and however late: nobody takes it a second time.
///
/// # Errors
///
/// What the database says.
pub fn take(tx: &mut Tx<'_>, (hash, kind): (&[u8; 32], Kind)) -> Result<Option<Taken>, Error> {
    tx.find(TAKE, params![&hash[..], kind.code()], |row| {
        Ok(Taken {
            browser: row.get(0)?,
            content: row.get(1)?,
            ends: row.get(2)?,
        })
    })
}

/// Removes what has run out by a moment; gives how many.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, now: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![now])
}
