//! How is the register corrected?
//!
//! One person asks what it shall say of somebody's insurance on some days, with a reason and a key; another sees what it says
//! and what it shall say, and approves or declines. Approved, it is recorded as any fact is, so that a run never learns later of
//! what it should have known, and what the register said before stays to be seen.

use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::corrections::{self as decide, Asked, Correction, CorrectionId, Piece, Refusal, State};
use city::facts::Timeline;
use city::insurance::Participation;
use city::logins::{Login, Role};
use store::{Db, Tx, audit, corrections, insurance};

/// Asks for a correction. Asked again under the same key, it is the same correction.
///
/// # Errors
///
/// `N0601` to `N0603`; `A0201` to `A0205`, `A0209`; what the database says.
pub fn ask(
    db: &Db,
    login: Option<&Login>,
    asked: &Asked,
    acting: Acting<'_>,
) -> Result<CorrectionId, Error> {
    whole::write(db, |tx| {
        permit::person(tx, login, Action::AskCorrection, asked.person)?;
        if let Some(known) = corrections::by_key(tx, &asked.key)? {
            return match known.asked == *asked && known.by == *acting.by {
                true => Ok(known.id),
                false => Err(Refusal::KeyTaken.into()),
            };
        }
        let known = timeline(tx, asked)?;
        let pieces = decide::may_ask(&known, asked)?;
        within(login, &pieces)?;
        let seen = decide::seen(&known, asked);
        let id = corrections::ask(tx, asked, seen, acting.by, acting.at)?;
        let subject = (audit::PERSON, asked.person.number());
        let detail = in_words(id, corrections::codes(asked.shall));
        acting.note(tx, ASK, subject, &detail)?;
        Ok(id)
    })
}

/// What is done when a correction is asked for, as the audit log names it.
pub(crate) const ASK: &str = "correction.ask";

/// What was asked for, as the audit log says it: of which kind it is, and the amount in fen, the status or the district.
pub(crate) fn in_words(id: CorrectionId, (shall, value): (i16, Option<i64>)) -> String {
    match value {
        Some(value) => format!("correction {id}: {shall}, {value}"),
        None => format!("correction {id}: {shall}"),
    }
}

/// What would be asked, piece by piece, as the register is now.
///
/// # Errors
///
/// As [`ask`].
pub fn tried(db: &Db, login: Option<&Login>, asked: &Asked) -> Result<Vec<Piece>, Error> {
    whole::read(db, |tx| {
        permit::person(tx, login, Action::AskCorrection, asked.person)?;
        let pieces = decide::may_ask(&timeline(tx, asked)?, asked)?;
        within(login, &pieces)?;
        Ok(pieces)
    })
}

/// A correction as somebody sees it who is to decide.
#[derive(Clone, Debug)]
pub struct Seen {
    /// It.
    pub correction: Correction,
    /// What the register says now, and what it shall say.
    pub pieces: Vec<Piece>,
    /// Whether the register still says what it said when it was asked.
    pub stands: bool,
}

/// A correction, for whoever may see the person's record. That it was looked at is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn see(
    db: &Db,
    login: Option<&Login>,
    id: CorrectionId,
    acting: Acting<'_>,
) -> Result<Seen, Error> {
    whole::look(db, |tx| {
        let correction = lookup(tx, id)?;
        let asked = &correction.asked;
        permit::person(tx, login, Action::ReadPerson, asked.person)?;
        note(tx, "correction.read", (id, asked), acting)?;
        let known = timeline(tx, asked)?;
        Ok(Seen {
            pieces: decide::pieces(&known, asked),
            stands: decide::seen(&known, asked) == correction.seen,
            correction,
        })
    })
}

/// Approves a correction: the register says so from now on.
///
/// # Errors
///
/// `N0601` to `N0603`; `A0205` to `A0208`; what the database says.
pub fn approve(
    db: &Db,
    login: Option<&Login>,
    id: CorrectionId,
    acting: Acting<'_>,
) -> Result<Correction, Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        let correction = lookup(tx, id)?;
        let known = within_reach(tx, login, &correction)?;
        let changes = decide::approved(&known, &correction, acting.by, at)?;
        if !corrections::decide(tx, id, true, acting.by, at)? {
            return Err(Refusal::Decided.into());
        }
        insurance::carry_out(tx, correction.asked.person, &changes)?;
        note(tx, "correction.approve", (id, &correction.asked), acting)?;
        Ok(correction)
    })
}

/// Declines a correction: nothing changes.
///
/// # Errors
///
/// `N0601` to `N0603`; `A0207`; what the database says.
pub fn decline(
    db: &Db,
    login: Option<&Login>,
    id: CorrectionId,
    acting: Acting<'_>,
) -> Result<Correction, Error> {
    whole::write(db, |tx| {
        let correction = lookup(tx, id)?;
        within_reach(tx, login, &correction)?;
        decide::undecided(&correction)?;
        if !corrections::decide(tx, id, false, acting.by, acting.at)? {
            return Err(Refusal::Decided.into());
        }
        note(tx, "correction.decline", (id, &correction.asked), acting)?;
        Ok(correction)
    })
}

/// What the register knows of what a correction is about, for whom it is theirs to decide.
fn within_reach(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    correction: &Correction,
) -> Result<Timeline<Participation>, Error> {
    let asked = &correction.asked;
    permit::person(tx, login, Action::ApproveCorrection, asked.person)?;
    let known = timeline(tx, asked)?;
    within(login, &decide::pieces(&known, asked))?;
    Ok(known)
}

/// Staff of a district correct what is held in it, also of somebody who is insured elsewhere too.
fn within(login: Option<&Login>, pieces: &[Piece]) -> Result<(), Error> {
    let district = login.filter(|login| login.role() != Role::Person);
    let Some(district) = district.and_then(Login::district) else {
        return Ok(());
    };
    match pieces.iter().all(|piece| piece.was.district == district) {
        true => Ok(()),
        false => Err(permit::Refusal::Unknown.into()),
    }
}

fn lookup(tx: &mut Tx<'_>, id: CorrectionId) -> Result<Correction, Error> {
    let found = corrections::find(tx, id)?;
    found.ok_or_else(|| permit::Refusal::Unknown.into())
}

fn timeline(tx: &mut Tx<'_>, asked: &Asked) -> Result<Timeline<Participation>, Error> {
    let mut known = insurance::of(tx, asked.person)?;
    Ok(known.remove(&asked.slot).unwrap_or_default())
}

fn note(
    tx: &mut Tx<'_>,
    action: &str,
    (id, asked): (CorrectionId, &Asked),
    acting: Acting<'_>,
) -> Result<(), Error> {
    let subject = (audit::PERSON, asked.person.number());
    Ok(acting.note(tx, action, subject, &format!("correction {id}"))?)
}

/// Whether it still waits for somebody.
#[must_use]
pub fn waits(correction: &Correction) -> bool {
    correction.state == State::Asked
}
