//! Coming in by a key that one's own device keeps.
//!
//! That a key has answered, for this site and with its owner verified, is shown before; here is decided whom it lets in, and
//! kept which there are. A key's own count must have gone up: where it has not, there are two of it, and neither lets in.

use super::{By, Coming, Refusal, Rules, Session, Token, noted};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::logins::Login;
use measure::Moment;
use store::{Db, Tx, logins, passkeys as kept, sessions};

pub use store::passkeys::{NewPasskey, Passkey};

/// So many a login has at most.
pub const AT_MOST: usize = 20;
/// So many characters the name of one has at most.
pub const LONGEST_LABEL: usize = 60;

/// Adds a key to the login of whoever is in.
///
/// # Errors
///
/// `N0617` for a name that is none, one key too many or one that was added before, `N0618` when they came by a secret and need
/// the key they have; what the database says.
pub fn add(
    db: &Db,
    session: &Session,
    new: NewPasskey<'_>,
    rules: Rules,
    acting: Acting<'_>,
) -> Result<(), Error> {
    let label = new.label.trim();
    if label.is_empty() || LONGEST_LABEL < label.chars().count() {
        return Err(Refusal::UnfitPasskey.into());
    }
    whole::write(db, |tx| {
        may_alter(tx, session, rules)?;
        let there = kept::of_login(tx, session.login.name().login())?.len();
        if AT_MOST <= there {
            return Err(Refusal::UnfitPasskey.into());
        }
        let added = kept::add(
            tx,
            session.login.name(),
            NewPasskey { label, ..new },
            acting.at,
        );
        let number = match added {
            Err(error) if error.violated() == Some("passkey_credential") => {
                return Err(Refusal::UnfitPasskey.into());
            }
            added => added?,
        };
        let detail = named(number);
        noted(tx, ("passkey.add", &detail), &session.login, acting)
    })
}

/// Whether whoever is in may add and remove keys: not by a secret alone where one needs a key and has one.
///
/// # Errors
///
/// `N0618` when not; what the database says.
pub fn may_alter(tx: &mut Tx<'_>, session: &Session, rules: Rules) -> Result<(), Error> {
    let name = session.login.name().login();
    if rules.is_half(session) && !kept::of_login(tx, name)?.is_empty() {
        return Err(Refusal::ByPasskeyOnly.into());
    }
    Ok(())
}

/// The keys of a login that are in use, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn list(db: &Db, login: &Actor) -> Result<Vec<Passkey>, Error> {
    whole::read(db, |tx| Ok(kept::of_login(tx, login.login())?))
}

/// A key by what its device calls it, and its login, if both are in use.
///
/// # Errors
///
/// What the database says.
pub fn find(db: &Db, credential: &[u8]) -> Result<Option<(Login, Passkey)>, Error> {
    whole::read(db, |tx| Ok(kept::find(tx, credential)?))
}

/// Lets somebody in by a key that has answered: its number, its count after this use, and what is known of it now. Gives what
/// their browser is to hold.
///
/// # Errors
///
/// `N0615` when it or its login has ended meanwhile, `N0616` when its count has not gone up; what the database says.
pub fn enter(
    db: &Db,
    passkey: &Passkey,
    (counter, key): (i64, &str),
    rules: Rules,
    (at, through): (Moment, &str),
) -> Result<(Token, Login), Error> {
    let coming = Coming::new(By::Passkey, at, through)?;
    let login = whole::write(db, |tx| {
        let found = kept::find(tx, &passkey.credential)?;
        let (login, _) = found.ok_or(Refusal::NoPasskey)?;
        if !kept::used(tx, passkey.number, (counter, key), at)? {
            return Err(Refusal::TwoOfPasskey.into());
        }
        let detail = named(passkey.number);
        coming.let_in(tx, &login, rules, &detail)?;
        Ok(login)
    })?;
    Ok((coming.token, login))
}

/// Notes that by its own count there are two of a key: nobody was let in, but somebody tried.
///
/// # Errors
///
/// What the database says.
pub fn note_two(db: &Db, login: &Login, passkey: &Passkey, at: Moment) -> Result<(), Error> {
    let acting = Acting {
        by: login.name(),
        at,
        purpose: "",
        through: "web",
    };
    let detail = named(passkey.number);
    whole::write(db, |tx| {
        noted(tx, ("passkey.refuse", &detail), login, acting)
    })
}

/// Removes a key of whoever is in.
///
/// # Errors
///
/// `N0615` when they have none of this number, `N0618` when they came by a secret and need the key; what the database says.
pub fn remove(
    db: &Db,
    session: &Session,
    number: i64,
    rules: Rules,
    acting: Acting<'_>,
) -> Result<(), Error> {
    whole::write(db, |tx| {
        may_alter(tx, session, rules)?;
        if !kept::end(tx, (session.login.name().login(), number), acting.at)? {
            return Err(Refusal::NoPasskey.into());
        }
        let detail = named(number);
        noted(tx, ("passkey.remove", &detail), &session.login, acting)
    })
}

/// Removes every key of a login, whose owner has lost them, and lets out who is in by it; gives how many there were.
///
/// # Errors
///
/// `N0607` when there is no login in use of this name; what the database says.
pub fn lost(db: &Db, name: &str, acting: Acting<'_>) -> Result<u64, Error> {
    whole::write(db, |tx| {
        let found = logins::find(tx, name)?.map(|(login, _)| login);
        let login = found.filter(|login| login.ended.is_none());
        let login = login.ok_or(Refusal::NoLogin)?;
        let ended = kept::end_all(tx, login.name().login(), acting.at)?;
        sessions::end_all(tx, login.name().login())?;
        let detail = login.name().login();
        noted(tx, ("passkey.lost", detail), &login, acting)?;
        Ok(ended)
    })
}

/// A key as the audit log names it.
fn named(number: i64) -> String {
    format!("passkey {number}")
}
