//! What was asked to be corrected in the register, by whom, and what was decided?

use crate::{Error, Row, Tx, facts, params, people, statements};
use city::actors::Actor;
use city::corrections::{Asked, Correction, CorrectionId, Shall, State};
use city::facts::Span;
use city::insurance::{Slot, Status};
use city::people::PersonId;
use city::places::District;
use ledger::Digest;
use measure::{Fen, Moment};

statements! {
    /// Keeps what is asked.
    ASK = "insert into correction (key, person, scheme, category, employer, valid_from, valid_until, shall, value, reason, seen, \
           by, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning correction";
    /// One correction.
    FIND = "select correction, key, person, scheme, category, employer, valid_from, valid_until, shall, value, reason, seen, by, at, \
            decided_by, outcome from correction where correction = $1";
    /// The correction of a key.
    BY_KEY = "select correction, key, person, scheme, category, employer, valid_from, valid_until, shall, value, reason, seen, by, at, \
              decided_by, outcome from correction where key = $1";
    /// Those that wait for a second person.
    WAITING = "select correction, key, person, scheme, category, employer, valid_from, valid_until, shall, value, reason, seen, by, at, \
               decided_by, outcome from correction where decided_at is null order by correction limit 500";
    /// What was asked about a person.
    OF_PERSON = "select correction, key, person, scheme, category, employer, valid_from, valid_until, shall, value, reason, seen, by, at, \
                 decided_by, outcome from correction where person = $1 order by correction desc";
    /// A second person decides.
    DECIDE = "update correction set decided_by = $2, decided_at = $3, outcome = $4 where correction = $1 and decided_at is null";
}

/// Keeps what is asked, and what the register said then.
///
/// # Errors
///
/// `S0107` when the key is taken; what else the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    asked: &Asked,
    seen: Digest,
    by: &Actor,
    at: Moment,
) -> Result<CorrectionId, Error> {
    let (shall, value) = codes(asked.shall);
    let slot = asked.slot;
    let values = params![
        &asked.key,
        asked.person,
        slot.scheme(),
        slot.category(),
        slot.employer(),
        asked.days.first(),
        asked.days.until(),
        shall,
        value,
        &asked.reason,
        seen.0,
        by.login(),
        at
    ];
    tx.one(ASK, values, |row| row.get(0))
}

/// What shall hold, as it is kept: of which kind it is, and the amount in fen, the status or the district.
#[must_use]
pub fn codes(shall: Shall) -> (i16, Option<i64>) {
    match shall {
        Shall::Declared(amount) => (1, Some(amount.0)),
        Shall::Stood(status) => (2, Some(status.code().into())),
        Shall::Held(district) => (3, Some(district.code().into())),
        Shall::Nothing => (4, None),
    }
}

/// The correction of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: CorrectionId) -> Result<Option<Correction>, Error> {
    tx.find(FIND, params![id], correction)
}

/// The correction of this key.
///
/// # Errors
///
/// What the database says.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Correction>, Error> {
    tx.find(BY_KEY, params![key], correction)
}

/// The oldest five hundred that wait for a second person, in order.
///
/// # Errors
///
/// What the database says.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Correction>, Error> {
    tx.list(WAITING, params![], correction)
}

/// What was asked about a person, the newest first.
///
/// # Errors
///
/// What the database says.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Correction>, Error> {
    tx.list(OF_PERSON, params![person], correction)
}

/// Notes what was decided, and by whom; false when it was decided already.
///
/// # Errors
///
/// `S0107` when its maker approves it; what else the database says.
pub fn decide(
    tx: &mut Tx<'_>,
    id: CorrectionId,
    approved: bool,
    by: &Actor,
    at: Moment,
) -> Result<bool, Error> {
    let outcome = if approved { 1_i16 } else { 2 };
    Ok(tx.execute(DECIDE, params![id, by.login(), at, outcome])? == 1)
}

fn correction(row: &Row<'_>) -> Result<Correction, Error> {
    let slot = Slot::new(row.get(3)?, row.get(4)?, row.get(5)?);
    let days = Span::new(row.get(6)?, row.get(7)?);
    let decided: Option<String> = row.get(14)?;
    let decided = decided.and_then(|login| Actor::new(&login));
    let outcome: Option<i16> = row.get(15)?;
    Ok(Correction {
        id: row.get(0)?,
        asked: Asked {
            key: row.get(1)?,
            person: row.get(2)?,
            slot: slot.map_err(|refusal| facts::damaged(&refusal))?,
            days: days.map_err(|refusal| facts::damaged(&refusal))?,
            shall: shall(row.get(8)?, row.get(9)?)?,
            reason: row.get(10)?,
        },
        seen: Digest(row.get(11)?),
        by: people::actor(row, 12)?,
        at: row.get(13)?,
        state: match (outcome, decided) {
            (Some(1), Some(by)) => State::Approved(by),
            (Some(_), Some(by)) => State::Declined(by),
            _ => State::Asked,
        },
    })
}

fn shall(kind: i16, value: Option<i64>) -> Result<Shall, Error> {
    let number = value.unwrap_or_default();
    let small = i16::try_from(number).unwrap_or_default();
    let district = i32::try_from(number).ok().and_then(District::new);
    let shall = match kind {
        1 => Some(Shall::Declared(Fen(number))),
        2 => Status::from_code(small).map(Shall::Stood),
        3 => district.map(Shall::Held),
        4 => Some(Shall::Nothing),
        _ => None,
    };
    shall.ok_or_else(|| Error::Cell {
        column: "correction.value".into(),
        wanted: "what shall hold",
        found: number.to_string(),
    })
}
