//! For whom does this person work?

use crate::{
    bulk::Kind,
    error::Error,
    facts::{self, Asked, Bulk, COMMON, Table},
    params,
    row::Row,
    statement::Statement,
    statements,
    tx::Tx,
    value::Value,
};
use city::{
    employers::EmployerId,
    facts::{Change, Fact, FactId, Origin, Timeline},
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
    /// Every fact of everyone with anything current with an employer, of their employment there; and of those of whose insurance
    /// an origin recorded something.
    WITH = "select employment, valid_from, valid_until, recorded, superseded, origin_kind, origin, kind, post, person \
            from employment where employer = $1 and person in \
                (select person from employment where employer = $1 and superseded is null \
                 union select person from participation where employer = $1 and superseded is null \
                 and origin_kind = $2 and origin = $3) order by person, employment";
    /// Of whose insurance through an employer an origin recorded what still stands, and when.
    INSURED = "select person, max(recorded) from participation where employer = $1 and superseded is null \
               and origin_kind = $2 and origin = $3 group by person";
    /// What of a person's employment with an employer is current, looked for by the person: see the insurance.
    CURRENT = "select employment, valid_from, valid_until, recorded, superseded, origin_kind, origin, kind, post, person \
               from employment where person = $1 and +employer = $2 and superseded is null order by employment";
    /// The same of a list of persons.
    CURRENT_LIST postgres = "select employment, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
               kind, post, person from employment \
               where person = any(string_to_array($1, ',')::bigint[]) and +employer = $2 and superseded is null \
               order by employment";
    /// No longer held to be so, any of a list.
    SUPERSEDE_LIST postgres = "update employment set superseded = $1 \
               where employment = any(string_to_array($2, ',')::bigint[]) and superseded is null";
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

impl Bulk for Employments {
    const NAME: &'static str = "employment";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("person", Kind::BigInt),
        ("employer", Kind::BigInt),
        ("kind", Kind::SmallInt),
        ("post", Kind::SmallInt),
    ];
    const SUPERSEDE_LIST: Statement = SUPERSEDE_LIST;
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

/// Makes true again, for everyone with an employer, what was known before an origin recorded anything. Whose employment it
/// withdrew whole is known by what it recorded of their insurance, so this is undone before that. Tells of whom something had
/// changed since, and was left.
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
    let of_origin = params![employer, undone.kind, undone.id];
    let done_at = tx.list(INSURED, of_origin, |row| {
        Ok::<_, Error>((row.get(0)?, row.get(1)?))
    })?;
    let done_at: BTreeMap<PersonId, Moment> = done_at.into_iter().collect();
    let (mut changes, mut left) = (Vec::new(), Vec::new());
    let mut facts: Vec<(FactId, Fact<Employment>)> = Vec::new();
    let mut of: Option<PersonId> = None;
    let mut finish = |person: PersonId, facts: Vec<_>| -> Result<(), Error> {
        let done_at = done_at.get(&person).copied();
        let undoing = facts::timeline(facts)?.undo_done_at(undone, done_at, at, origin);
        let undoing = undoing.map_err(|refusal| facts::damaged(&refusal))?;
        let made = undoing.changes.into_iter();
        changes.extend(made.map(|change| ((person, employer), change)));
        if !undoing.changed_since.is_empty() {
            left.push(person);
        }
        Ok(())
    };
    tx.stream(WITH, of_origin, |row| {
        let (person, fact) = with(row)?;
        if let Some(before) = of.replace(person).filter(|before| *before != person) {
            finish(before, std::mem::take(&mut facts))?;
        }
        facts.push(fact);
        Ok::<(), Error>(())
    })?;
    if let Some(person) = of {
        finish(person, facts)?;
    }
    carry_out_all(tx, &changes)?;
    Ok(left)
}

/// What is current of many persons' employment with an employer.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn current(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Timeline<Employment>>, Error> {
    let mut facts = Vec::new();
    let mut each = |row: &Row<'_>| {
        facts.push(with(row)?);
        Ok::<(), Error>(())
    };
    for some in Asked::of(tx, persons) {
        match some {
            Asked::One(person) => tx.stream(CURRENT, params![person, employer], &mut each)?,
            Asked::List(list) => tx.stream(CURRENT_LIST, params![list, employer], &mut each)?,
        }
    }
    facts::timelines(facts)
}

/// Carries out what was decided of many employments, each a person's with an employer, in a few statements.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out_all(
    tx: &mut Tx<'_>,
    changes: &[((PersonId, EmployerId), Change<Employment>)],
) -> Result<(), Error> {
    facts::carry_out_all::<Employments>(tx, changes)
}

/// A person and a fact in a row of [`WITH`] or [`CURRENT`].
fn with(row: &Row<'_>) -> Result<(PersonId, (FactId, Fact<Employment>)), Error> {
    let employment = Employment {
        kind: row.get(COMMON)?,
        post: row.get(COMMON + 1)?,
    };
    Ok((row.get(COMMON + 2)?, facts::fact(row, employment)?))
}
