//! What if somebody is registered twice?
//!
//! One person asks that the two be made one, with a reason; another approves, and what is held under the one moves to the
//! other: numbers, residence, household, work, insurance, further pillars. It is undone in the same way, by two people, as
//! long as nothing that moved has changed since. Months in force stay as they were assessed; the next run of differences
//! settles what they would be now, accounts and all.
//!
//! A number moves encrypted, and is sealed anew for whom it then stands: so whoever approves brings the keys.

use crate::account::post::unknown;
use crate::acting::Acting;
use crate::error::Error;
use city::merge::requests::{Request, RequestId, may_ask};
use city::merge::{self, Merge, MergeId, MergeRefusal, Move};
use city::people::{Person, PersonId};
use measure::Moment;
use store::secrets::{Place, Secrets, fresh_nonce};
use store::{Db, Tx, audit, merge_requests, people};

const REQUEST: (&str, &str) = ("合并申请", "request to merge");
const MERGE: (&str, &str) = ("合并", "merge");

/// Asks that a person be made one with another, who remains.
///
/// # Errors
///
/// `N0302` when one is not registered; `P0101` to `P0104`, `P0107`, `P0110`; what the database says.
pub fn ask(
    db: &Db,
    (kept, merged): (PersonId, PersonId),
    reason: &str,
    acting: Acting<'_>,
) -> Result<RequestId, Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        may_ask(reason, merge_requests::about(tx, kept, merged)?)?;
        // What cannot be done is refused to whoever asks, not to whoever is to approve it.
        let nothing = city::facts::Origin {
            kind: city::facts::OriginKind::Case,
            id: 0,
        };
        moves(tx, (kept, merged), at, nothing)?;
        let id = merge_requests::ask(tx, (kept, merged), None, reason, acting.by, at)?;
        note(tx, "person.merge.ask", (kept, merged), id, acting)?;
        Ok(id)
    })
}

/// Asks that a merge be undone.
///
/// # Errors
///
/// `N0302` when there is no such merge; `P0105`, `P0106`, `P0107`, `P0110`; what the database says.
pub fn ask_undo(
    db: &Db,
    id: MergeId,
    reason: &str,
    acting: Acting<'_>,
) -> Result<RequestId, Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        let made = made(tx, id)?;
        let pair = (made.kept, made.merged);
        may_ask(reason, merge_requests::about(tx, pair.0, pair.1)?)?;
        moves_back(tx, id, at, made.origin())?;
        let request = merge_requests::ask(tx, pair, Some(id), reason, acting.by, at)?;
        note(tx, "person.merge.ask", pair, request, acting)?;
        Ok(request)
    })
}

/// Approves a request: the two are one from now on, or two again. Gives the number of the merge it made or undid.
///
/// # Errors
///
/// `N0302`; `P0102` to `P0106` when the register says something else by now; `P0108` for whoever asked, `P0109`; what the
/// keys or the database say.
pub fn approve(
    db: &Db,
    id: RequestId,
    secrets: &Secrets,
    acting: Acting<'_>,
) -> Result<(Request, MergeId), Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        let request = lookup(tx, id)?;
        request.may_approve(acting.by)?;
        let (pair, origin) = ((request.kept, request.merged), request.origin());
        let mut reseal = |from, to, cipher: &[u8]| sealed_for(secrets, (from, to), cipher);
        let (merge, made) = match request.undoes {
            None => {
                let moves = moves(tx, pair, at, origin)?;
                let reason = &request.reason;
                let merge = people::merge(tx, pair, (at, acting.by, reason), &moves, &mut reseal)?;
                (merge, Some(merge))
            }
            Some(merge) => {
                let moves = moves_back(tx, merge, at, origin)?;
                people::undo_merge(tx, merge, (at, acting.by), &moves, &mut reseal)?;
                (merge, None)
            }
        };
        if !merge_requests::decide(tx, id, (true, made), acting.by, at)? {
            return Err(MergeRefusal::Decided.into());
        }
        note(tx, "person.merge.approve", pair, id, acting)?;
        Ok((request, merge))
    })
}

/// Declines a request: nothing moves.
///
/// # Errors
///
/// `N0302`, `P0109`; what the database says.
pub fn decline(db: &Db, id: RequestId, acting: Acting<'_>) -> Result<Request, Error> {
    db.write(|tx| {
        let request = lookup(tx, id)?;
        request.waits()?;
        if !merge_requests::decide(tx, id, (false, None), acting.by, acting.at)? {
            return Err(MergeRefusal::Decided.into());
        }
        let pair = (request.kept, request.merged);
        note(tx, "person.merge.decline", pair, id, acting)?;
        Ok(request)
    })
}

/// The requests that wait for a second person. That their persons were named is noted.
///
/// # Errors
///
/// What the database says.
pub fn waiting(db: &Db, acting: Acting<'_>) -> Result<Vec<Request>, Error> {
    db.write(|tx| {
        let waiting = merge_requests::waiting(tx)?;
        for request in &waiting {
            let pair = (request.kept, request.merged);
            note(tx, "person.merge.read", pair, request.id, acting)?;
        }
        Ok(waiting)
    })
}

/// What making two persons one moves.
fn moves(
    tx: &mut Tx<'_>,
    (kept, merged): (PersonId, PersonId),
    at: Moment,
    origin: city::facts::Origin,
) -> Result<Vec<Move>, Error> {
    let (one, other) = (person(tx, kept)?, person(tx, merged)?);
    let (to, from) = (people::holdings(tx, kept)?, people::holdings(tx, merged)?);
    let merges = merges(tx, kept, merged)?;
    Ok(merge::merge(
        (&one, &to),
        (&other, &from),
        &merges,
        at,
        origin,
    )?)
}

/// What parting them again moves back.
fn moves_back(
    tx: &mut Tx<'_>,
    id: MergeId,
    at: Moment,
    origin: city::facts::Origin,
) -> Result<Vec<Move>, Error> {
    let request = made(tx, id)?;
    let merges = merges(tx, request.kept, request.merged)?;
    let merge = merges.iter().find(|merge| merge.id == id);
    let merge = merge.ok_or_else(|| unknown(MERGE, id.number()))?;
    let (to, from) = (
        people::holdings(tx, merge.kept)?,
        people::holdings(tx, merge.merged)?,
    );
    let merging = request.origin();
    Ok(merge::undo(merge, merging, &to, &from, at, origin)?)
}

fn merges(tx: &mut Tx<'_>, one: PersonId, other: PersonId) -> Result<Vec<Merge>, Error> {
    let mut merges = people::merges(tx, one)?;
    merges.extend(people::merges(tx, other)?);
    merges.sort_by_key(|merge| merge.id);
    merges.dedup_by_key(|merge| merge.id);
    Ok(merges)
}

/// A number as it was sealed for one person, sealed for another.
fn sealed_for(
    secrets: &Secrets,
    (from, to): (PersonId, PersonId),
    cipher: &[u8],
) -> Result<Vec<u8>, store::Error> {
    let place = |person: PersonId| Place {
        table: "identity",
        column: "number",
        person: person.number(),
    };
    let number = secrets.open(place(from), cipher)?;
    Ok(secrets.seal(place(to), &number, fresh_nonce()?))
}

fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Person, Error> {
    let found = people::person(tx, id)?;
    let (person, _) = found.ok_or_else(|| unknown(("人员", "person"), id.number()))?;
    Ok(person)
}

fn lookup(tx: &mut Tx<'_>, id: RequestId) -> Result<Request, Error> {
    merge_requests::find(tx, id)?.ok_or_else(|| unknown(REQUEST, id.number()))
}

/// The request by which a merge was made.
fn made(tx: &mut Tx<'_>, id: MergeId) -> Result<Request, Error> {
    merge_requests::that_made(tx, id)?.ok_or_else(|| unknown(MERGE, id.number()))
}

fn note(
    tx: &mut Tx<'_>,
    action: &str,
    (kept, merged): (PersonId, PersonId),
    request: RequestId,
    acting: Acting<'_>,
) -> Result<(), Error> {
    for person in [kept, merged] {
        let subject = (audit::PERSON, person.number());
        acting.note(tx, action, subject, &format!("request {request}"))?;
    }
    Ok(())
}
