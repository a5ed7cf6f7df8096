//! Who asked that two persons be merged, or a merge undone, and what was decided?

use crate::{Error, Row, Tx, params, people, statements};
use city::actors::Actor;
use city::merge::MergeId;
use city::merge::requests::{Request, RequestId, State};
use city::people::PersonId;
use measure::Moment;

/// A request as it is read.
macro_rules! request {
    () => {
        "select merge_request, kept, merged, undoes, reason, by, at, decided_by, outcome from merge_request "
    };
}

statements! {
    /// Keeps what is asked.
    ASK = "insert into merge_request (kept, merged, undoes, reason, by, at) values ($1, $2, $3, $4, $5, $6) returning merge_request";
    /// One request.
    FIND = concat!(request!(), "where merge_request = $1");
    /// The request about one of two persons that waits.
    ABOUT = "select min(merge_request) from merge_request where decided_at is null \
             and (kept in ($1, $2) or merged in ($1, $2))";
    /// Those that wait, in order.
    WAITING = concat!(request!(), "where decided_at is null order by merge_request limit 500");
    /// The request by which a merge was made.
    THAT_MADE = concat!(request!(), "where made = $1");
    /// A second person decides; what was made by it.
    DECIDE = "update merge_request set decided_by = $2, decided_at = $3, outcome = $4, made = $5 \
              where merge_request = $1 and decided_at is null";
}

/// Keeps what is asked: that `merged` be made one with `kept`, or that a merge of them be undone.
///
/// # Errors
///
/// What the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    (kept, merged): (PersonId, PersonId),
    undoes: Option<MergeId>,
    reason: &str,
    by: &Actor,
    at: Moment,
) -> Result<RequestId, Error> {
    let undoes = undoes.map(MergeId::number);
    let values = params![kept, merged, undoes, reason, by.login(), at];
    tx.one(ASK, values, |row| row.get(0))
}

/// The request of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: RequestId) -> Result<Option<Request>, Error> {
    tx.find(FIND, params![id.number()], request)
}

/// The request about one of two persons that waits, if one does.
///
/// # Errors
///
/// What the database says.
pub fn about(tx: &mut Tx<'_>, one: PersonId, other: PersonId) -> Result<Option<RequestId>, Error> {
    tx.one(ABOUT, params![one, other], |row| row.get(0))
}

/// The oldest five hundred that wait for a second person, in order.
///
/// # Errors
///
/// What the database says.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Request>, Error> {
    tx.list(WAITING, params![], request)
}

/// The request by which a merge was made.
///
/// # Errors
///
/// What the database says.
pub fn that_made(tx: &mut Tx<'_>, merge: MergeId) -> Result<Option<Request>, Error> {
    tx.find(THAT_MADE, params![merge.number()], request)
}

/// Notes what was decided, by whom, and which merge was made by it; false when it was decided already.
///
/// # Errors
///
/// `S0107` when its maker approves it; what else the database says.
pub fn decide(
    tx: &mut Tx<'_>,
    id: RequestId,
    (approved, made): (bool, Option<MergeId>),
    by: &Actor,
    at: Moment,
) -> Result<bool, Error> {
    let outcome = if approved { 1_i16 } else { 2 };
    let made = made.map(MergeId::number);
    let values = params![id.number(), by.login(), at, outcome, made];
    Ok(tx.execute(DECIDE, values)? == 1)
}

fn request(row: &Row<'_>) -> Result<Request, Error> {
    let decided: Option<String> = row.get(7)?;
    let decided = decided.and_then(|login| Actor::new(&login));
    let outcome: Option<i16> = row.get(8)?;
    Ok(Request {
        id: row.get(0)?,
        kept: row.get(1)?,
        merged: row.get(2)?,
        undoes: row.get(3)?,
        reason: row.get(4)?,
        by: people::actor(row, 5)?,
        at: row.get(6)?,
        state: match (outcome, decided) {
            (Some(1), Some(by)) => State::Approved(by),
            (Some(_), Some(by)) => State::Declined(by),
            _ => State::Asked,
        },
    })
}
