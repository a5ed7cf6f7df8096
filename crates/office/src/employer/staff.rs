//! Whom do we employ?

use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::logins::Login;
use city::people::PersonId;
use measure::{Fen, IdentityNumber, Month};
use store::declarations::{self, Staff};
use store::secrets::{Place, Secrets};
use store::{Db, audit};

/// One of the staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their identity number; `None` where they have another kind of number.
    pub number: Option<IdentityNumber>,
    /// The monthly wage declared last; `None` where it is not the same in all schemes.
    pub wage: Option<Fen>,
    /// Whether payment is paused.
    pub paused: bool,
}

/// The own staff in a month, by their names' order in the register. That they were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; `S0302`, `S0303` when names do not open with these keys; what the database says.
pub fn staff(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    month: Month,
    acting: Acting<'_>,
) -> Result<Vec<Employee>, Error> {
    let employer = permit::own_employer(login, Action::ReadEmployer)?;
    whole::look(db, |tx| {
        let mut staff = Vec::new();
        declarations::staff(tx, employer, month, |member| {
            staff.push(employee(secrets, &member)?);
            Ok::<(), store::Error>(())
        })?;
        let subject = (audit::EMPLOYER, employer.number());
        let detail = format!("staff of {month}: {}", staff.len());
        acting.note(tx, Action::ReadEmployer.word(), subject, &detail)?;
        Ok(staff)
    })
}

/// One of the own staff. That they were looked at is noted.
///
/// # Errors
///
/// As [`staff`]; `N0603` when they are not of the staff.
pub fn one(
    db: &Db,
    with: (&Secrets, Option<&Login>),
    (month, person): (Month, PersonId),
    acting: Acting<'_>,
) -> Result<Employee, Error> {
    let staff = staff(db, with, month, acting)?;
    let found = staff.into_iter().find(|one| one.person == person);
    found.ok_or_else(|| permit::Refusal::Unknown.into())
}

fn employee(secrets: &Secrets, member: &Staff) -> Result<Employee, store::Error> {
    let person = member.person.number();
    let number = match &member.number {
        Some((_, cipher)) => {
            let place = Place {
                table: "identity",
                column: "number",
                person,
            };
            IdentityNumber::parse(&secrets.open(place, cipher)?).ok()
        }
        None => None,
    };
    Ok(Employee {
        person: member.person,
        name: name(secrets, person, &member.name_cipher)?,
        number,
        wage: member.wage,
        paused: member.paused,
    })
}

/// What somebody is called.
pub(crate) fn name(secrets: &Secrets, person: i64, cipher: &[u8]) -> Result<String, store::Error> {
    let place = Place {
        table: "person",
        column: "name",
        person,
    };
    secrets.open(place, cipher)
}
