//! What is begun in order to come in, and ended once, in the same browser, within minutes.
//!
//! Two values by chance go out: one comes back by the way that is taken, be it another house or a form; the other stays in the
//! browser. The database holds the hashes of both, so that who reads the table can go on with neither, and who was sent a link
//! by somebody else has not the other half. What must be secret from everybody but this browser, such as the verifier of a code,
//! is [derived](Begun::derived) from both and stands nowhere.

use super::{Refusal, Token, fresh};
use crate::error::Error;
use crate::whole;
use measure::Moment;
use sha2::{Digest as _, Sha256};
use store::{Db, Write, attempts as kept};

pub use store::attempts::Kind;

/// How long somebody may be at another house: ten minutes, in microseconds.
pub const AWAY: i64 = 10 * 60 * 1_000_000;
/// How long a device may take: five minutes, in microseconds.
pub const AT_DEVICE: i64 = 5 * 60 * 1_000_000;

/// Something that is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// What comes back with whoever ends it.
    pub handle: Token,
    /// What the browser holds meanwhile.
    pub browser: Token,
}

impl Begun {
    /// A value that only both halves give, for a use: 32 bytes.
    #[must_use]
    pub fn derived(&self, what: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        // The zero is in no name of a use.
        hash.update(what.as_bytes());
        hash.update([0]);
        hash.update(self.handle.hash());
        hash.update(self.browser.0);
        hash.update(self.handle.0);
        hash.finalize().into()
    }
}

/// Begins something, in the browser that holds `browser` if it has begun something before. `content` is for whoever ends it.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    db: &Db,
    kind: Kind,
    browser: Option<Token>,
    content: &str,
    (now, lasts): (Moment, i64),
) -> Result<Begun, Error> {
    let begun = Begun {
        handle: fresh()?,
        browser: browser.map_or_else(fresh, Ok)?,
    };
    let (handle, browser) = (begun.handle.hash(), begun.browser.hash());
    let ends = now.plus_microseconds(lasts);
    whole::write_with(db, Write::committed(), |tx| {
        kept::sweep(tx, now)?;
        Ok(kept::begin(tx, (&handle, kind), &browser, content, ends)?)
    })?;
    Ok(begun)
}

/// Ends something that was begun; gives what was to be known then. Whoever brings the handle, it is used up.
///
/// # Errors
///
/// `N0609` when it was ended before, is too old, or was begun in another browser; what the database says.
pub fn end(db: &Db, kind: Kind, begun: &Begun, now: Moment) -> Result<String, Error> {
    let (handle, browser) = (begun.handle.hash(), begun.browser.hash());
    let taken = whole::write_with(db, Write::committed(), |tx| {
        Ok(kept::take(tx, (&handle, kind))?)
    })?;
    match taken {
        Some(taken) if taken.browser == browser && now < taken.ends => Ok(taken.content),
        Some(_) | None => Err(Refusal::NoAttempt.into()),
    }
}
