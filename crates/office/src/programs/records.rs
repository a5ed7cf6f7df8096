//! What does a program read of persons and employers?
//!
//! What the register knows, since when and from where; and what an employer owes. That it was read is noted, with who and why.

use super::Refusal;
use crate::acting::Acting;
use crate::collect::owes::{Owes, owes};
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::collection::Payer;
use city::employers::{Employer, EmployerId, Registration};
use city::facts::{Fact, FactId};
use city::insurance::Participation;
use city::logins::Login;
use city::people::{Blind, IdentifierKind, Person, PersonId};
use city::places::District;
use measure::{CreditCode, Day, IdentityNumber};
use rules::law::Law;
use store::secrets::{Place, Secrets};
use store::{Db, Tx, audit, employers, insurance, people};

/// A person as the register has them.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRecord {
    /// Their number, sex and day of birth.
    pub person: Person,
    /// Their name; `None` without the keys.
    pub name: Option<String>,
    /// By which sorts of numbers they are known; the numbers themselves only with the keys.
    pub numbers: Vec<(IdentifierKind, Option<String>)>,
    /// Where they live: every fact, superseded or not.
    pub residence: Vec<(FactId, Fact<District>)>,
    /// What they are insured in: every fact, superseded or not.
    pub insured: Vec<(FactId, Fact<Participation>)>,
}

/// Whom a program looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought<'s> {
    /// The person of this number in the register.
    Number(PersonId),
    /// The person of this identity number, as it was typed.
    Identity(&'s str),
}

/// An employer as the register has it.
#[derive(Clone, Debug, PartialEq)]
pub struct EmployerRecord {
    /// Its credit code and name.
    pub employer: Employer,
    /// Where and in which class: every fact, superseded or not.
    pub registered: Vec<(FactId, Fact<Registration>)>,
}

/// Who it is, if they are within reach; whether they are beyond it or nobody is not told apart.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0907` without the keys for an identity number; what the database says.
pub fn find(
    db: &Db,
    (login, secrets): (Option<&Login>, Option<&Secrets>),
    sought: Sought<'_>,
    acting: Acting<'_>,
) -> Result<Option<PersonId>, Error> {
    permit::reach(login, Action::FindPerson)?;
    whole::look(db, |tx| {
        let found = match sought {
            Sought::Number(person) => Some(person),
            Sought::Identity(text) => by_identity(tx, secrets, text)?,
        };
        let within = match found {
            None => None,
            Some(person) => match permit::person(tx, login, Action::FindPerson, person) {
                Ok(()) => Some(person),
                Err(Error::Permit(permit::Refusal::Unknown)) => None,
                Err(error) => return Err(error),
            },
        };
        let subject = within.map_or((audit::NONE, 0), |person| (audit::PERSON, person.number()));
        acting.note(tx, Action::FindPerson.word(), subject, "")?;
        Ok(within)
    })
}

fn by_identity(
    tx: &mut Tx<'_>,
    secrets: Option<&Secrets>,
    text: &str,
) -> Result<Option<PersonId>, Error> {
    let secrets = secrets.ok_or(Refusal::NoSecrets)?;
    let Ok(number) = IdentityNumber::parse(text.trim()) else {
        return Ok(None);
    };
    for blind in secrets.blinds("identity", number.reveal()) {
        if let Some((person, _)) = people::find(tx, Blind(blind))? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// What the register knows of a person. That it was read is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; `S0302` and `S0303` when the keys do not open the name; what the database says.
pub fn person(
    db: &Db,
    (login, secrets): (Option<&Login>, Option<&Secrets>),
    whose: PersonId,
    acting: Acting<'_>,
) -> Result<PersonRecord, Error> {
    whole::look(db, |tx| {
        permit::person(tx, login, Action::ReadPerson, whose)?;
        let subject = (audit::PERSON, whose.number());
        acting.note(tx, Action::ReadPerson.word(), subject, "")?;
        let known = people::person(tx, whose)?;
        let (person, cipher) = known.ok_or(permit::Refusal::Unknown)?;
        let open = |table, column, sealed: &[u8]| -> Result<Option<String>, Error> {
            let place = Place {
                table,
                column,
                person: whose.number(),
            };
            let opened = secrets.map(|secrets| secrets.open(place, sealed));
            Ok(opened.transpose()?)
        };
        let name = open("person", "name", &cipher)?;
        let numbers = people::ciphers(tx, whose)?.into_iter();
        let numbers = numbers.map(|(kind, cipher)| {
            let number = open("identity", "number", &cipher)?;
            Ok((kind, number))
        });
        let numbers: Result<Vec<_>, Error> = numbers.collect();
        let residence = people::residence(tx, whose)?;
        let mut insured = Vec::new();
        for timeline in insurance::of(tx, whose)?.values() {
            insured.extend(timeline.facts().map(|(id, fact)| (id, fact.clone())));
        }
        insured.sort_by_key(|(id, _)| *id);
        Ok(PersonRecord {
            person,
            name,
            numbers: numbers?,
            residence: residence
                .facts()
                .map(|(id, fact)| (id, fact.clone()))
                .collect(),
            insured,
        })
    })
}

/// Which employer has a credit code, if it is within reach.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn find_employer(
    db: &Db,
    login: Option<&Login>,
    code: &str,
    acting: Acting<'_>,
) -> Result<Option<EmployerId>, Error> {
    permit::reach(login, Action::FindEmployer)?;
    whole::look(db, |tx| {
        let known = match CreditCode::parse(code.trim()) {
            Ok((code, _)) => employers::find(tx, &code)?,
            Err(_) => None,
        };
        acting.note(tx, Action::FindEmployer.word(), (audit::NONE, 0), "")?;
        let Some(employer) = known else {
            return Ok(None);
        };
        match permit::employer(tx, login, Action::FindEmployer, employer.id) {
            Ok(()) => Ok(Some(employer.id)),
            Err(Error::Permit(permit::Refusal::Unknown)) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

/// What the register knows of an employer. That it was read is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn employer(
    db: &Db,
    login: Option<&Login>,
    whose: EmployerId,
    acting: Acting<'_>,
) -> Result<EmployerRecord, Error> {
    whole::look(db, |tx| {
        permit::employer(tx, login, Action::ReadEmployer, whose)?;
        let subject = (audit::EMPLOYER, whose.number());
        acting.note(tx, Action::ReadEmployer.word(), subject, "")?;
        let employer = employers::employer(tx, whose)?;
        let registered = employers::registrations(tx, whose)?;
        Ok(EmployerRecord {
            employer: employer.ok_or(permit::Refusal::Unknown)?,
            registered: registered
                .facts()
                .map(|(id, fact)| (id, fact.clone()))
                .collect(),
        })
    })
}

/// What an employer owes on a day. That it was read is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; the law's refusal of a late fee; what the database says.
pub fn owed(
    db: &Db,
    login: Option<&Login>,
    (law, whose, on): (&Law, EmployerId, Day),
    acting: Acting<'_>,
) -> Result<Owes, Error> {
    whole::look(db, |tx| {
        permit::employer(tx, login, Action::ReadDues, whose)?;
        let subject = (audit::EMPLOYER, whose.number());
        acting.note(tx, Action::ReadDues.word(), subject, &format!("on {on}"))?;
        owes(tx, law, Payer::Employer(whose), on)
    })
}
