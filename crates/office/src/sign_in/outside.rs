//! Coming in by the word of another house.
//!
//! That the word is that house's, and for us, is shown before; here it is decided whom it lets in. A word is bound to a login
//! once: by an administrator, or, where the house has proven the identity number it states, by the person themselves when they
//! first come. Whoever's word is bound to nobody is not let in, and a login that has ended is not begun anew by coming again.

use super::{By, Coming, Refusal, Rules, Token, noted};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::logins::{Login, Party, Role};
use city::people::{Blind, PersonId};
use measure::{IdentityNumber, Moment};
use store::secrets::Secrets;
use store::{Db, Tx, logins, outside, people};

pub use store::outside::{Bound, Identity};

/// What another house has said of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Word<'w> {
    /// Who comes.
    pub identity: Identity<'w>,
    /// Their identity number, where that house has proven it, and the keys to find whose it is.
    pub number: Option<(&'w IdentityNumber, &'w Secrets)>,
    /// As what its word may let in.
    pub roles: &'w [Role],
}

/// Lets somebody in by another house's word; gives what their browser is to hold.
///
/// # Errors
///
/// `N0610` when it is bound to no login and cannot be, `N0612` when the login has ended, `N0613` when the house's word is not for
/// such logins; what the database says.
pub fn enter(
    db: &Db,
    word: Word<'_>,
    rules: Rules,
    (at, through): (Moment, &str),
) -> Result<(Token, Login), Error> {
    let coming = Coming::new(By::Outside, at, through)?;
    let entered = || {
        whole::write(db, |tx| {
            let login = match outside::find(tx, word.identity)? {
                Some(login) => login,
                None => first_time(tx, word, (at, through))?,
            };
            if login.ended.is_some() {
                return Err(Refusal::EndedLogin.into());
            }
            if !word.roles.contains(&login.role()) {
                return Err(Refusal::OtherKind.into());
            }
            coming.let_in(tx, &login, rules, word.identity.issuer)?;
            Ok(login)
        })
    };
    let login = match entered() {
        // Another window of theirs has come in for the first time meanwhile: now they are bound.
        Err(Error::Store(error)) if error.violated().is_some() => entered(),
        entered => entered,
    }?;
    Ok((coming.token, login))
}

/// The login of somebody who comes by this word for the first time: theirs, or one made now, bound from now on.
fn first_time(
    tx: &mut Tx<'_>,
    word: Word<'_>,
    (at, through): (Moment, &str),
) -> Result<Login, Error> {
    let Some((number, secrets)) = word.number else {
        return Err(Refusal::Unbound.into());
    };
    if !word.roles.contains(&Role::Person) {
        return Err(Refusal::Unbound.into());
    }
    let mut found = None;
    for blind in secrets.blinds("identity", number.reveal()) {
        if found.is_none() {
            found = people::find(tx, Blind(blind))?.map(|(person, _)| person);
        }
    }
    let person = found.ok_or(Refusal::Unbound)?;
    let known = outside::logins_of(tx, person.number())?;
    let in_use = known.iter().find(|login| login.ended.is_none());
    let login = match (in_use, known.is_empty()) {
        (Some(login), _) => login.clone(),
        // Who ended it had a reason.
        (None, false) => return Err(Refusal::EndedLogin.into()),
        (None, true) => made(tx, person, (at, through))?,
    };
    outside::bind(tx, word.identity, login.name(), (login.name(), at))?;
    let acting = Acting {
        by: login.name(),
        at,
        purpose: "",
        through,
    };
    noted(tx, ("login.bind", login.name().login()), &login, acting)?;
    Ok(login)
}

/// A login for a person's own record, without a secret.
fn made(tx: &mut Tx<'_>, person: PersonId, (at, through): (Moment, &str)) -> Result<Login, Error> {
    let name = Actor::new(&format!("person-{}", person.number())).ok_or(Refusal::NameTaken)?;
    let login = Login::new(name, Role::Person, Party::Person(person), None);
    let login = login.ok_or(Refusal::UnfitParty)?;
    if logins::find(tx, login.name().login())?.is_some() {
        return Err(Refusal::NameTaken.into());
    }
    logins::add(tx, &login, None, login.name(), at)?;
    let acting = Acting {
        by: login.name(),
        at,
        purpose: "",
        through,
    };
    noted(tx, ("login.add", login.name().login()), &login, acting)?;
    Ok(login)
}

/// Binds another house's word to a login, in an administrator's name.
///
/// # Errors
///
/// `N0607` when there is no login in use of this name, `N0611` when the word is bound already; what the database says.
pub fn bind(
    db: &Db,
    name: &str,
    identity: Identity<'_>,
    acting: Acting<'_>,
) -> Result<Login, Error> {
    whole::write(db, |tx| {
        let found = logins::find(tx, name)?.map(|(login, _)| login);
        let login = found.filter(|login| login.ended.is_none());
        let login = login.ok_or(Refusal::NoLogin)?;
        if outside::find(tx, identity)?.is_some() {
            return Err(Refusal::BoundAlready.into());
        }
        outside::bind(tx, identity, login.name(), (acting.by, acting.at))?;
        noted(tx, ("login.bind", login.name().login()), &login, acting)?;
        Ok(login)
    })
}

/// Lets nobody in by another house's word any more, and lets out who is in by that login; gives the login.
///
/// # Errors
///
/// `N0610` when it is bound to no login; what the database says.
pub fn unbind(db: &Db, identity: Identity<'_>, acting: Acting<'_>) -> Result<Login, Error> {
    whole::write(db, |tx| {
        let login = outside::find(tx, identity)?.ok_or(Refusal::Unbound)?;
        outside::end(tx, identity, acting.at)?;
        store::sessions::end_all(tx, login.name().login())?;
        noted(tx, ("login.unbind", login.name().login()), &login, acting)?;
        Ok(login)
    })
}

/// By whose word a login lets in, ended ones too, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn bound(db: &Db, name: &str) -> Result<Vec<Bound>, Error> {
    whole::read(db, |tx| Ok(outside::of_login(tx, name)?))
}
