//! What does the register know of a person, since when, from where, and what did it know on an earlier day?

use super::name;
use crate::account::post::standing;
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::corrections::Correction;
use city::employers::EmployerId;
use city::facts::{Fact, FactId, Timeline};
use city::insurance::{Participation, Scheme};
use city::logins::Login;
use city::people::{IdentifierKind, Person, PersonId};
use city::places::District;
use city::work::Employment;
use measure::{Day, Fen, Moment};
use std::collections::BTreeMap;
use store::secrets::{Place, Secrets};
use store::{Db, Tx, audit, corrections, employers, people};

/// A person as the register has them.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Sex and day of birth.
    pub person: Person,
    /// Their name; `None` where the keys do not open it.
    pub name: Option<String>,
    /// Their numbers in clear, as far as the keys open them.
    pub numbers: Vec<(IdentifierKind, String)>,
    /// What they are insured in: every fact, superseded or not, with its number.
    pub insured: Vec<(FactId, Fact<Participation>)>,
    /// For whom they work: every fact.
    pub work: Vec<(EmployerId, FactId, Fact<Employment>)>,
    /// Where they live: every fact.
    pub lives: Vec<(FactId, Fact<District>)>,
    /// The names of the employers.
    pub employers: BTreeMap<EmployerId, String>,
    /// What stands in their accounts.
    pub accounts: Vec<(Scheme, Fen)>,
    /// What was asked to be corrected, the newest first.
    pub corrections: Vec<Correction>,
}

/// A person's record. That it was looked at is noted, with why.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn registered(
    db: &Db,
    (login, person): (Option<&Login>, PersonId),
    secrets: Option<&Secrets>,
    acting: Acting<'_>,
) -> Result<Registered, Error> {
    whole::look(db, |tx| {
        permit::person(tx, login, Action::ReadPerson, person)?;
        let subject = (audit::PERSON, person.number());
        acting.note(tx, Action::ReadPerson.word(), subject, "")?;
        read(tx, person, secrets)
    })
}

fn read(tx: &mut Tx<'_>, person: PersonId, secrets: Option<&Secrets>) -> Result<Registered, Error> {
    let (known, cipher) =
        people::person(tx, person)?.ok_or(Error::Permit(permit::Refusal::Unknown))?;
    let holdings = people::holdings(tx, person)?;
    let mut insured: Vec<_> = holdings.participations.values().flat_map(all).collect();
    insured.sort_by_key(|(id, fact)| (fact.value.slot, fact.valid.first(), *id));
    let work = holdings.employments.iter();
    let work = work.flat_map(|(employer, line)| {
        let facts = all(line).into_iter();
        facts.map(|(id, fact)| (*employer, id, fact))
    });
    let work: Vec<_> = work.collect();
    let through = insured
        .iter()
        .filter_map(|(_, fact)| fact.value.slot.employer());
    let mut names = BTreeMap::new();
    for employer in through.chain(work.iter().map(|(employer, _, _)| *employer)) {
        if !names.contains_key(&employer)
            && let Some(known) = employers::employer(tx, employer)?
        {
            names.insert(employer, known.name);
        }
    }
    let mut accounts = Vec::new();
    for scheme in Scheme::ALL.iter().filter(|scheme| scheme.has_accounts()) {
        let standing = standing(tx, person, *scheme)?;
        if standing.district.is_some() || standing.balance != Fen::ZERO {
            accounts.push((*scheme, standing.balance));
        }
    }
    Ok(Registered {
        person: known,
        name: secrets.and_then(|secrets| name(secrets, person, &cipher)),
        numbers: numbers(tx, person, secrets)?,
        lives: all(&holdings.residence),
        insured,
        work,
        employers: names,
        accounts,
        corrections: corrections::of_person(tx, person)?,
    })
}

fn numbers(
    tx: &mut Tx<'_>,
    person: PersonId,
    secrets: Option<&Secrets>,
) -> Result<Vec<(IdentifierKind, String)>, Error> {
    let Some(secrets) = secrets else {
        return Ok(Vec::new());
    };
    let place = Place {
        table: "identity",
        column: "number",
        person: person.number(),
    };
    let sealed = people::ciphers(tx, person)?.into_iter();
    Ok(sealed
        .filter_map(|(kind, cipher)| Some((kind, secrets.open(place, &cipher).ok()?)))
        .collect())
}

fn all<T: Clone>(line: &Timeline<T>) -> Vec<(FactId, Fact<T>)> {
    line.facts().map(|(id, fact)| (id, fact.clone())).collect()
}

impl Registered {
    /// What they were insured in, as it was known at a moment.
    pub fn insured_as_known(
        &self,
        known: Moment,
    ) -> impl Iterator<Item = &(FactId, Fact<Participation>)> {
        self.insured
            .iter()
            .filter(move |(_, fact)| fact.known(known))
    }
}

/// The last moment of a day: what was known on it was known by then.
#[must_use]
pub fn end_of(day: Day) -> Moment {
    match day.add_days(1) {
        Ok(next) => Moment::start_of(next).plus_microseconds(-1),
        Err(_) => Moment::start_of(day),
    }
}
