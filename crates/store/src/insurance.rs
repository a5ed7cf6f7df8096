//! Against what is this person insured, and what did we know of it then?
//!
//! ```no_run
//! # fn example(tx: &mut store::Tx<'_>, person: city::people::PersonId) -> Result<(), Box<dyn std::error::Error>> {
//! use city::facts::{Origin, OriginKind};
//! use city::insurance::{Command, apply};
//! use measure::{Day, Moment};
//! use store::insurance;
//!
//! // On 1 March, as known on 10 April.
//! let (march, april) = (Day::parse("2025-03-01")?, Moment::start_of(Day::parse("2025-04-10")?));
//! let insured = insurance::on(tx, person, march, april)?;
//!
//! // Pause the first of them from May on.
//! let slot = insured[0].slot;
//! let known = insurance::of(tx, person)?.remove(&slot).unwrap_or_default();
//! let origin = Origin { kind: OriginKind::Case, id: 1204 };
//! let changes = apply(&known, &Command::Pause { from: Day::parse("2025-05-01")? }, april, origin)?;
//! insurance::carry_out(tx, person, &changes)?;
//! # Ok(())
//! # }
//! ```

use crate::{
    error::Error,
    facts::{self, COMMON, Table},
    params,
    row::Row,
    statement::Statement,
    statements,
    tx::Tx,
    value::Value,
};
use city::{
    employers::EmployerId,
    facts::{Change, Origin, Timeline, Undoing},
    insurance::{Participation, Pillar, Scheme, Slot},
    people::PersonId,
};
use measure::{Day, Moment};
use std::collections::BTreeMap;

statements! {
    /// Every fact of a person's participations, superseded or not.
    OF = "select participation, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
          scheme, category, employer, district, status, declared \
          from participation where person = $1 order by participation";
    /// What was true on a day, as known at a moment.
    ON = "select scheme, category, employer, district, status, declared from participation \
          where person = $1 and valid_from <= $2 and (valid_until is null or $2 < valid_until) \
          and recorded <= $3 and (superseded is null or $3 < superseded) \
          order by scheme, category, employer";
    /// A fact of a participation.
    INSERT = "insert into participation (valid_from, valid_until, recorded, origin_kind, origin, \
              person, scheme, category, employer, district, status, declared) \
              values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// No longer held to be so.
    SUPERSEDE = "update participation set superseded = $2 where participation = $1 and superseded is null";
    /// Everyone with anything current through an employer.
    THROUGH = "select distinct person from participation \
               where employer = $1 and superseded is null order by person";
    /// Every fact of a person's further pillars.
    PILLARS = "select pillar, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
               scheme, provider, contributed from pillar where person = $1 order by pillar";
    /// A fact of a further pillar.
    INSERT_PILLAR = "insert into pillar (valid_from, valid_until, recorded, origin_kind, origin, \
                     person, scheme, provider, contributed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// No longer held to be so.
    SUPERSEDE_PILLAR = "update pillar set superseded = $2 where pillar = $1 and superseded is null";
}

struct Participations;

impl Table for Participations {
    type Subject = PersonId;
    type Value = Participation;
    const INSERT: Statement = INSERT;
    const SUPERSEDE: Statement = SUPERSEDE;

    fn columns(person: &PersonId, value: &Participation) -> Vec<Value> {
        let slot = value.slot;
        params![
            *person,
            slot.scheme(),
            slot.category(),
            slot.employer(),
            value.district,
            value.status,
            value.declared
        ]
        .to_vec()
    }
}

struct Pillars;

impl Table for Pillars {
    type Subject = PersonId;
    type Value = Pillar;
    const INSERT: Statement = INSERT_PILLAR;
    const SUPERSEDE: Statement = SUPERSEDE_PILLAR;

    fn columns(person: &PersonId, value: &Pillar) -> Vec<Value> {
        params![
            *person,
            value.scheme(),
            value.provider(),
            value.contributed()
        ]
        .to_vec()
    }
}

/// All that is or was known of a person's participations.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn of(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<BTreeMap<Slot, Timeline<Participation>>, Error> {
    let facts = tx.list(OF, params![person], |row| {
        let participation = participation(row, COMMON)?;
        Ok::<_, Error>((participation.slot, facts::fact(row, participation)?))
    })?;
    facts::timelines(facts)
}

/// What a person was insured in on a day, as known at a moment; whatever its status.
///
/// # Errors
///
/// What the engine says.
pub fn on(
    tx: &mut Tx<'_>,
    person: PersonId,
    day: Day,
    known: Moment,
) -> Result<Vec<Participation>, Error> {
    tx.list(ON, params![person, day, known], |row| participation(row, 0))
}

/// Carries out what was decided of a person's participations.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out(
    tx: &mut Tx<'_>,
    person: PersonId,
    changes: &[Change<Participation>],
) -> Result<(), Error> {
    facts::carry_out::<Participations>(tx, &person, changes)
}

/// Makes true again, for everyone insured through an employer, what was known before an origin recorded anything: how a
/// declaration is taken back. Tells of whom something had changed since, and was left.
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
    let people: Vec<PersonId> =
        tx.list(THROUGH, params![employer], |row| row.get::<PersonId>(0))?;
    let mut left = Vec::new();
    for person in people {
        for (slot, timeline) in of(tx, person)? {
            if slot.employer() != Some(employer) {
                continue;
            }
            let undoing = timeline.undo(undone, at, origin);
            let Undoing {
                changes,
                changed_since,
            } = undoing.map_err(|refusal| facts::damaged(&refusal))?;
            carry_out(tx, person, &changes)?;
            if !changed_since.is_empty() && left.last() != Some(&person) {
                left.push(person);
            }
        }
    }
    Ok(left)
}

/// All that is or was told of a person's further pillars, by scheme and provider.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn pillars(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<BTreeMap<(Scheme, String), Timeline<Pillar>>, Error> {
    let facts = tx.list(PILLARS, params![person], |row| {
        let provider: String = row.get(COMMON + 1)?;
        let pillar = Pillar::new(row.get(COMMON)?, &provider, row.get(COMMON + 2)?);
        let pillar = pillar.map_err(|refusal| facts::damaged(&refusal))?;
        let key = (pillar.scheme(), provider);
        Ok::<_, Error>((key, facts::fact(row, pillar)?))
    })?;
    facts::timelines(facts)
}

/// Carries out what was decided of a person's further pillars.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out_pillars(
    tx: &mut Tx<'_>,
    person: PersonId,
    changes: &[Change<Pillar>],
) -> Result<(), Error> {
    facts::carry_out::<Pillars>(tx, &person, changes)
}

/// The participation in the six columns from this one on.
fn participation(row: &Row<'_>, first: usize) -> Result<Participation, Error> {
    let slot = Slot::new(row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
    Ok(Participation {
        slot: slot.map_err(|refusal| facts::damaged(&refusal))?,
        district: row.get(first + 3)?,
        status: row.get(first + 4)?,
        declared: row.get(first + 5)?,
    })
}
