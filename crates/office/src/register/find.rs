//! Who is meant?
//!
//! A person by their number in the register, by an identity number, or by name and day of birth; an employer by credit code,
//! by number or by part of its name. Names of persons are kept encrypted, so they are compared among those born on a day.

use super::name;
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action, Reach};
use crate::whole;
use city::employers::{Employer, EmployerId};
use city::logins::Login;
use city::people::{Blind, Name, PersonId};
use measure::{CreditCode, Day, IdentityNumber};
use store::secrets::Secrets;
use store::{Db, Tx, audit, employers, people};

/// Whom somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The persons of these numbers in the register.
    Numbers(Vec<PersonId>),
    /// The person of this identity number.
    Identity(IdentityNumber),
    /// Persons of this name who were born on this day.
    Named(Name, Day),
}

/// A person who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Their number.
    pub person: PersonId,
    /// Their name; `None` where the keys do not open it.
    pub name: Option<String>,
    /// Their day of birth.
    pub born: Day,
}

/// The persons of some numbers, where there are no keys: without their names.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn numbered(
    db: &Db,
    login: Option<&Login>,
    numbers: Vec<PersonId>,
    acting: Acting<'_>,
) -> Result<Vec<Found>, Error> {
    // Keys that open nothing of ours, and are kept nowhere.
    let none = Secrets::new(0, [(0, [0; 32])], [[0; 32]])?;
    persons(db, login, &Sought::Numbers(numbers), &none, acting)
}

/// The persons sought that are within reach of who asks. Each that is shown is noted; that somebody looked in vain is too.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn persons(
    db: &Db,
    login: Option<&Login>,
    sought: &Sought,
    secrets: &Secrets,
    acting: Acting<'_>,
) -> Result<Vec<Found>, Error> {
    permit::reach(login, Action::FindPerson)?;
    whole::look(db, |tx| {
        let mut found = Vec::new();
        for person in candidates(tx, sought, secrets)? {
            match permit::person(tx, login, Action::FindPerson, person) {
                Ok(()) => {}
                Err(Error::Permit(_)) => continue,
                Err(error) => return Err(error),
            }
            let Some((known, cipher)) = people::person(tx, person)? else {
                continue;
            };
            note(
                tx,
                (audit::PERSON, person.number()),
                Action::FindPerson,
                acting,
            )?;
            found.push(Found {
                person,
                name: name(secrets, person, &cipher),
                born: known.born,
            });
        }
        if found.is_empty() {
            note(tx, (audit::NONE, 0), Action::FindPerson, acting)?;
        }
        Ok(found)
    })
}

fn candidates(tx: &mut Tx<'_>, sought: &Sought, secrets: &Secrets) -> Result<Vec<PersonId>, Error> {
    match sought {
        Sought::Numbers(numbers) => Ok(numbers.clone()),
        Sought::Identity(number) => {
            for blind in secrets.blinds("identity", number.reveal()) {
                if let Some((person, _)) = people::find(tx, Blind(blind))? {
                    return Ok(vec![person]);
                }
            }
            Ok(Vec::new())
        }
        Sought::Named(asked, day) => {
            let mut found = Vec::new();
            people::born(tx, *day, |person, cipher| {
                let known = name(secrets, person, cipher);
                let known = known.and_then(|known| Name::new(&known));
                if known.is_some_and(|known| known.same_as(asked)) {
                    found.push(person);
                }
                Ok::<(), Error>(())
            })?;
            Ok(found)
        }
    }
}

/// So many employers are found at most; a name that more have is to be made more specific.
pub const MOST: i64 = 1_000;

/// The employers of a credit code, a number or a part of the name that are within reach, by their names, and whether there are
/// more.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn employers_of(
    db: &Db,
    login: Option<&Login>,
    sought: &str,
    acting: Acting<'_>,
) -> Result<(Vec<Employer>, bool), Error> {
    let (login, reach) = permit::reach(login, Action::FindEmployer)?;
    let district = match reach {
        Reach::Nothing | Reach::Own => return Ok((Vec::new(), false)),
        Reach::District | Reach::City => login.district(),
    };
    whole::look(db, |tx| {
        let mut found = Vec::new();
        let by_code = CreditCode::parse(sought).ok();
        let by_number = sought.parse().ok().and_then(EmployerId::new);
        let one = match (by_code, by_number) {
            (Some((code, _)), _) => employers::find(tx, &code)?,
            (None, Some(number)) => employers::employer(tx, number)?,
            (None, None) => {
                found = employers::named(tx, sought, district, MOST + 1)?;
                None
            }
        };
        if let Some(one) = one {
            match permit::employer(tx, Some(login), Action::FindEmployer, one.id) {
                Ok(()) => found.push(one),
                Err(Error::Permit(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let more = most < found.len();
        found.truncate(most);
        note(tx, (audit::NONE, 0), Action::FindEmployer, acting)?;
        Ok((found, more))
    })
}

fn note(
    tx: &mut Tx<'_>,
    subject: (i16, i64),
    action: Action,
    acting: Acting<'_>,
) -> Result<(), Error> {
    Ok(acting.note(tx, action.word(), subject, "")?)
}
