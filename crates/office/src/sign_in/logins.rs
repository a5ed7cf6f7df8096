//! Logins are made and ended by an administrator.

use super::{Cost, Refusal, noted, secret};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::logins::{Login, Party, Role};
use city::places::District;
use store::{Db, Tx, employers, logins, people, sessions};

/// A login to be made.
#[derive(Clone, Debug)]
pub struct NewLogin<'n> {
    /// Its name.
    pub name: &'n str,
    /// As what it lets in.
    pub role: Role,
    /// For whom.
    pub party: Party,
    /// For which district; `None` for the whole city.
    pub district: Option<District>,
    /// Its secret; `None` where another proof is brought.
    pub secret: Option<&'n str>,
}

/// Makes a login.
///
/// # Errors
///
/// `N0605` for an unfit secret, `N0606` for a name that is taken or none, `N0608` where the party does not suit the role or is
/// in no register; what the database says.
pub fn add(db: &Db, new: &NewLogin<'_>, cost: Cost, acting: Acting<'_>) -> Result<Login, Error> {
    let fits = |name: &str| {
        let plain = |sign: char| sign.is_ascii_alphanumeric() || "@.-_".contains(sign);
        (1..=64).contains(&name.len()) && name.chars().all(plain)
    };
    let name = Actor::new(new.name).filter(|name| fits(name.login()));
    let name = name.ok_or(Refusal::NameTaken)?;
    let login = Login::new(name, new.role, new.party, new.district);
    let login = login.ok_or(Refusal::UnfitParty)?;
    let hash = new.secret.map(|secret| secret::hashed(secret, cost));
    let hash = hash.transpose()?;
    whole::write(db, |tx| {
        if logins::find(tx, login.name().login())?.is_some() {
            return Err(Refusal::NameTaken.into());
        }
        if !is_registered(tx, new.party)? {
            return Err(Refusal::UnfitParty.into());
        }
        logins::add(tx, &login, hash.as_deref(), acting.by, acting.at)?;
        noted(tx, ("login.add", login.name().login()), &login, acting)
    })?;
    Ok(login)
}

/// Ends a login, and lets out whoever is in by it.
///
/// # Errors
///
/// `N0607` when there is none in use of this name; what the database says.
pub fn end(db: &Db, name: &str, acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        let Some((login, _)) = logins::find(tx, name)? else {
            return Err(Refusal::NoLogin.into());
        };
        if !logins::end(tx, name, acting.at)? {
            return Err(Refusal::NoLogin.into());
        }
        sessions::end_all(tx, name)?;
        noted(tx, ("login.end", login.name().login()), &login, acting)
    })
}

/// Gives a login another secret, and lets out whoever is in by it.
///
/// # Errors
///
/// `N0605` for an unfit secret, `N0607` when there is no login in use of this name; what the database says.
pub fn change_secret(
    db: &Db,
    name: &str,
    new: &str,
    cost: Cost,
    acting: Acting<'_>,
) -> Result<(), Error> {
    let hash = secret::hashed(new, cost)?;
    whole::write(db, |tx| {
        let Some((login, _)) = logins::find(tx, name)? else {
            return Err(Refusal::NoLogin.into());
        };
        if !logins::change_secret(tx, name, &hash)? {
            return Err(Refusal::NoLogin.into());
        }
        sessions::end_all(tx, name)?;
        noted(tx, ("login.secret", login.name().login()), &login, acting)
    })
}

/// Every login, by name.
///
/// # Errors
///
/// What the database says.
pub fn list(db: &Db) -> Result<Vec<Login>, Error> {
    whole::read(db, |tx| Ok(logins::all(tx)?))
}

fn is_registered(tx: &mut Tx<'_>, party: Party) -> Result<bool, Error> {
    Ok(match party {
        Party::Person(person) => people::person(tx, person)?.is_some(),
        Party::Employer(employer) => employers::employer(tx, employer)?.is_some(),
        Party::Office => true,
    })
}
