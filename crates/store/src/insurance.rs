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
    insurance::{Participation, Pillar, Scheme, Slot},
    people::PersonId,
};
use measure::{Day, Moment, Month};
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
    /// Whom an employer insures or insured in a scheme, whatever was known of it when.
    EVER = "select distinct person from participation where employer = $1 and scheme = $2 order by person";
    /// Every fact of everyone with anything current through an employer, in what they are insured in through it.
    THROUGH = "select participation, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
               scheme, category, employer, district, status, declared, person \
               from participation where employer = $1 and person in \
                   (select person from participation where employer = $1 and superseded is null) \
               order by person, participation";
    /// What of a person's insurance through an employer is current. By the sign before it the employer is no way to look:
    /// thousands are insured through one, and few facts are a person's.
    CURRENT = "select participation, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
               scheme, category, employer, district, status, declared, person \
               from participation where person = $1 and +employer = $2 and superseded is null order by participation";
    /// The same of a list of persons.
    CURRENT_LIST postgres = "select participation, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
               scheme, category, employer, district, status, declared, person \
               from participation where person = any(string_to_array($1, ',')::bigint[]) \
               and +employer = $2 and superseded is null order by participation";
    /// In what else, and through whom, a person is insured actively on a day of these.
    ELSEWHERE = "select person, scheme, employer from participation \
                 where person = $1 and superseded is null and status = 1 \
                 and valid_from <= $4 and (valid_until is null or $3 < valid_until) \
                 and (employer is null or employer <> $2)";
    /// The same of a list of persons.
    ELSEWHERE_LIST postgres = "select person, scheme, employer from participation \
                 where person = any(string_to_array($1, ',')::bigint[]) and superseded is null and status = 1 \
                 and valid_from <= $4 and (valid_until is null or $3 < valid_until) \
                 and (employer is null or employer <> $2)";
    /// No longer held to be so, any of a list.
    SUPERSEDE_LIST postgres = "update participation set superseded = $1 \
              where participation = any(string_to_array($2, ',')::bigint[]) and superseded is null";
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

impl Bulk for Participations {
    const NAME: &'static str = "participation";
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("person", Kind::BigInt),
        ("scheme", Kind::SmallInt),
        ("category", Kind::SmallInt),
        ("employer", Kind::BigInt),
        ("district", Kind::Integer),
        ("status", Kind::SmallInt),
        ("declared", Kind::BigInt),
    ];
    const SUPERSEDE_LIST: Statement = SUPERSEDE_LIST;
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
    let (mut changes, mut left) = (Vec::new(), Vec::new());
    let mut facts: Vec<(Slot, Numbered)> = Vec::new();
    let mut of: Option<PersonId> = None;
    let mut finish = |person: PersonId, facts: Vec<_>| -> Result<(), Error> {
        for timeline in facts::timelines(facts)?.into_values() {
            let undoing = timeline.undo(undone, at, origin);
            let undoing = undoing.map_err(|refusal| facts::damaged(&refusal))?;
            changes.extend(undoing.changes.into_iter().map(|change| (person, change)));
            if !undoing.changed_since.is_empty() && left.last() != Some(&person) {
                left.push(person);
            }
        }
        Ok(())
    };
    tx.stream(THROUGH, params![employer], |row| {
        let (person, slot, fact) = through(row)?;
        if let Some(before) = of.replace(person).filter(|before| *before != person) {
            finish(before, std::mem::take(&mut facts))?;
        }
        facts.push((slot, fact));
        Ok::<(), Error>(())
    })?;
    if let Some(person) = of {
        finish(person, facts)?;
    }
    carry_out_all(tx, &changes)?;
    Ok(left)
}

/// What is known of a person's insurance, slot by slot.
pub type Insurance = BTreeMap<Slot, Timeline<Participation>>;

/// Whom an employer insures or insured in a scheme, whatever was known of it when.
///
/// # Errors
///
/// What the engine says.
pub fn ever(tx: &mut Tx<'_>, employer: EmployerId, scheme: Scheme) -> Result<Vec<PersonId>, Error> {
    tx.list(EVER, params![employer, scheme], |row| row.get(0))
}

/// What is current of many persons' insurance through an employer.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn current(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Insurance>, Error> {
    let mut facts = Vec::new();
    let mut each = |row: &Row<'_>| {
        let (person, slot, fact) = through(row)?;
        facts.push(((person, slot), fact));
        Ok::<(), Error>(())
    };
    for some in Asked::of(tx, persons) {
        match some {
            Asked::One(person) => tx.stream(CURRENT, params![person, employer], &mut each)?,
            Asked::List(list) => tx.stream(CURRENT_LIST, params![list, employer], &mut each)?,
        }
    }
    let mut current: BTreeMap<PersonId, Insurance> = BTreeMap::new();
    for ((person, slot), timeline) in facts::timelines(facts)? {
        current.entry(person).or_default().insert(slot, timeline);
    }
    Ok(current)
}

/// In what else, and through whom, many persons are insured actively on a day of a month, as known now. Hands on each once
/// for each.
///
/// # Errors
///
/// What the engine says.
pub fn elsewhere(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    month: Month,
    persons: &[PersonId],
    mut each: impl FnMut(PersonId, Scheme, Option<EmployerId>),
) -> Result<(), Error> {
    let mut each = |row: &Row<'_>| {
        each(row.get(0)?, row.get(1)?, row.get(2)?);
        Ok::<(), Error>(())
    };
    let days = (month.first_day(), month.last_day());
    for some in Asked::of(tx, persons) {
        match some {
            Asked::One(person) => {
                tx.stream(
                    ELSEWHERE,
                    params![person, employer, days.0, days.1],
                    &mut each,
                )?;
            }
            Asked::List(list) => {
                let values = params![list, employer, days.0, days.1];
                tx.stream(ELSEWHERE_LIST, values, &mut each)?;
            }
        }
    }
    Ok(())
}

/// Carries out what was decided of many persons' participations, in a few statements.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out_all(
    tx: &mut Tx<'_>,
    changes: &[(PersonId, Change<Participation>)],
) -> Result<(), Error> {
    facts::carry_out_all::<Participations>(tx, changes)
}

/// A fact with its number.
type Numbered = (FactId, Fact<Participation>);

/// A person, a slot and a fact in a row of [`THROUGH`] or [`CURRENT`].
fn through(row: &Row<'_>) -> Result<(PersonId, Slot, Numbered), Error> {
    let participation = participation(row, COMMON)?;
    let fact = facts::fact(row, participation)?;
    Ok((row.get(COMMON + 6)?, participation.slot, fact))
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
