//! For whom does this person work?

use crate::{
    error::Error,
    facts::{self, COMMON, Table},
    params,
    statement::Statement,
    statements,
    tx::Tx,
    value::Value,
};
use city::{
    employers::EmployerId,
    facts::{Change, Origin, Timeline},
    people::PersonId,
    work::Employment,
};
use measure::{Day, Moment};
use std::collections::BTreeMap;

statements! {
    /// Every fact of a person's employments, superseded or not.
    OF = "select employment, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
          employer, kind, post from employment where person = $1 order by employment";
    /// For whom a person worked on a day, as known at a moment.
    ON = "select employer, kind, post from employment \
          where person = $1 and valid_from <= $2 and (valid_until is null or $2 < valid_until) \
          and recorded <= $3 and (superseded is null or $3 < superseded) order by employer";
    /// A fact of an employment.
    INSERT = "insert into employment (valid_from, valid_until, recorded, origin_kind, origin, \
              person, employer, kind, post) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// No longer held to be so.
    SUPERSEDE = "update employment set superseded = $2 where employment = $1 and superseded is null";
    /// Everyone with anything current with an employer.
    WITH = "select distinct person from employment \
            where employer = $1 and superseded is null order by person";
}

struct Employments;

impl Table for Employments {
    type Subject = (PersonId, EmployerId);
    type Value = Employment;
    const INSERT: Statement = INSERT;
    const SUPERSEDE: Statement = SUPERSEDE;

    fn columns((person, employer): &(PersonId, EmployerId), value: &Employment) -> Vec<Value> {
        params![*person, *employer, value.kind, value.post].to_vec()
    }
}

/// All that is or was known of a person's employments.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<BTreeMap<EmployerId, Timeline<Employment>>, Error> {
    let facts = tx.list(OF, params![person], |row| {
        let employment = Employment {
            kind: row.get(COMMON + 1)?,
            post: row.get(COMMON + 2)?,
        };
        Ok::<_, Error>((row.get(COMMON)?, facts::fact(row, employment)?))
    })?;
    facts::timelines(facts)
}

/// For whom a person worked on a day, as known at a moment.
///
/// # Errors
///
/// What the engine says.
pub fn on(
    tx: &mut Tx<'_>,
    person: PersonId,
    day: Day,
    known: Moment,
) -> Result<Vec<(EmployerId, Employment)>, Error> {
    tx.list(ON, params![person, day, known], |row| {
        let employment = Employment {
            kind: row.get(1)?,
            post: row.get(2)?,
        };
        Ok((row.get(0)?, employment))
    })
}

/// Carries out what was decided of a person's employment.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out(
    tx: &mut Tx<'_>,
    person: PersonId,
    employer: EmployerId,
    changes: &[Change<Employment>],
) -> Result<(), Error> {
    facts::carry_out::<Employments>(tx, &(person, employer), changes)
}

/// Makes true again, for everyone with an employer, what was known before an origin recorded anything. Tells of whom
/// something had changed since, and was left.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other or were recorded after `at`.
pub fn undo(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    undone: Origin,
    at: Moment,
    origin: Origin,
) -> Result<Vec<PersonId>, Error> {
    let people: Vec<PersonId> = tx.list(WITH, params![employer], |row| row.get::<PersonId>(0))?;
    let mut left = Vec::new();
    for person in people {
        let Some(timeline) = of(tx, person)?.remove(&employer) else {
            continue;
        };
        let undoing = timeline.undo(undone, at, origin);
        let undoing = undoing.map_err(|refusal| facts::damaged(&refusal))?;
        carry_out(tx, person, employer, &undoing.changes)?;
        if !undoing.changed_since.is_empty() {
            left.push(person);
        }
    }
    Ok(left)
}
