//! How is what a program asks for twice done once?
//!
//! Before something is done, the key it was asked under is noted with a hash of what was asked; afterwards, what was answered.
//! Asked again it is answered as before; asked as something else it is refused. What was refused may be asked again. What never
//! came to an answer, because the house fell, is begun anew after some minutes: each thing that is done knows for itself whether
//! it was done already.

use super::Refusal;
use crate::error::Error;
use city::actors::Actor;
use ledger::{Digest, Encoder};
use measure::Moment;
use store::{Db, Lasting, Write, calls};

/// What a program asks to be done.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// By whom.
    pub by: &'a Actor,
    /// Under which key.
    pub key: Option<&'a str>,
    /// By which method and at which address.
    pub at: &'a str,
    /// What was sent.
    pub body: &'a [u8],
    /// When.
    pub now: Moment,
}

/// How it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of the answer.
    pub status: i16,
    /// What it says.
    pub body: String,
    /// Whether it was answered before, and nothing was done now.
    pub again: bool,
}

/// Answers are kept for two days.
const KEPT: i64 = 48 * 3_600_000_000;
/// What was begun so long ago and not answered does not go on.
const PATIENCE: i64 = 15 * 60_000_000;

/// Does something once.
///
/// # Errors
///
/// `N0901` without a key, `N0902` when it was given with something else, `N0903` while it is being done; what `work` or the
/// database says.
pub fn once<E: From<Error>>(
    db: &Db,
    call: Call<'_>,
    work: impl FnOnce() -> Result<(i16, String), E>,
) -> Result<Answer, E> {
    let key = call.key.filter(|key| is_key(key));
    let key = key.ok_or_else(|| Error::from(Refusal::NoKey))?;
    let of = (call.by.login(), key);
    let mut encoder = Encoder::new();
    encoder.text(call.at).digest(&Digest::of(call.body));
    let body = Digest::of(encoder.bytes()).0;
    let (old, begun) = (
        call.now.plus_microseconds(-KEPT),
        call.now.plus_microseconds(-PATIENCE),
    );
    // Whatever is done then is on the drive later than this, which therefore need not be waited for.
    let noted = Write {
        lasting: Lasting::Soon,
        ..Write::committed()
    };
    let known = db.write_with(noted, |tx| {
        calls::sweep(tx, old)?;
        calls::lapse(tx, of, begun)?;
        calls::begin(tx, of, &body, call.now).map_err(Error::from)
    })?;
    match known {
        None => {}
        Some(known) if known.body != body => return Err(Error::from(Refusal::OtherContent).into()),
        Some(known) => {
            let answer = known.answer.ok_or_else(|| Error::from(Refusal::UnderWay))?;
            return Ok(Answer {
                status: answer.0,
                body: answer.1,
                again: true,
            });
        }
    }
    let done = work();
    db.write_with(Write::committed(), |tx| {
        match &done {
            Ok((status, answer)) => calls::answer(tx, of, (*status, answer)),
            Err(_) => calls::forget(tx, of),
        }
        .map_err(Error::from)
    })?;
    let (status, body) = done?;
    Ok(Answer {
        status,
        body,
        again: false,
    })
}

fn is_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}
