//! Who comes in, how they prove it, and how long they are in.
//!
//! A browser holds a token of 256 bits by chance; the database holds its hash, so that nobody comes in by reading the table.
//! Coming in always makes a new token, whatever the browser held before. Who is unknown and who has the wrong secret are told
//! the same after the same work. Besides by a secret they come in by [another house's word](outside) or by a [passkey](passkeys);
//! what they begin for that is an [attempt](attempts).

pub mod outside;
pub mod passkeys;
pub mod attempts;
mod logins;
mod personas;
mod refusal;
mod secret;

pub use logins::{NewLogin, add, change_secret, end, list};
pub use personas::personas;
pub use refusal::Refusal;
pub use secret::{Cost, LENGTH};
pub use store::sessions::{By, Session};

use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::logins::{Login, Party, Role};
use ledger::Digest;
use measure::Moment;
use sha2::{Digest as _, Sha256};
use store::{Db, Tx, Write, audit, logins as kept, sessions};

/// How people come in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How much work a guess at a secret takes.
    pub cost: Cost,
    /// After how long unseen somebody is out, in microseconds.
    pub idle: i64,
    /// After how long they are out in any case, in microseconds.
    pub at_most: i64,
    /// Whether personas come in by their name alone: only in a demo's own city.
    pub personas: bool,
    /// Whether staff need a passkey, so that a secret alone lets them no further than to add one.
    pub staff_need_passkey: bool,
}

impl Rules {
    /// Half an hour unseen, twelve hours in any case, nobody by name alone.
    #[must_use]
    pub const fn usual() -> Rules {
        Rules {
            cost: Cost::USUAL,
            idle: 30 * MINUTE,
            at_most: 12 * 60 * MINUTE,
            personas: false,
            staff_need_passkey: false,
        }
    }

    /// Whether somebody who is in is only far enough in to add a passkey.
    #[must_use]
    pub fn is_half(&self, session: &Session) -> bool {
        self.staff_need_passkey && session.proof == By::Secret && is_staff(session.login.role())
    }
}

/// Whether a role is of those who work in the office.
#[must_use]
pub const fn is_staff(role: Role) -> bool {
    !matches!(role, Role::Person | Role::Agent)
}

const MINUTE: i64 = 60 * 1_000_000;

/// What shows who comes.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'p> {
    /// A local login and its secret.
    Secret {
        /// The login's name.
        name: &'p str,
        /// Its secret.
        secret: &'p str,
    },
    /// A persona of the demo.
    Persona {
        /// The login's name.
        name: &'p str,
    },
}

impl Proof<'_> {
    /// The login meant.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Proof::Secret { name, .. } | Proof::Persona { name } => name.trim(),
        }
    }
}

/// What a browser holds while somebody is in.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A token as it stands in a cookie.
    #[must_use]
    pub fn parse(text: &str) -> Option<Token> {
        Digest::parse(text).map(|digest| Token(digest.0))
    }

    /// As it stands in a cookie: 64 hexadecimal digits.
    #[must_use]
    pub fn reveal(&self) -> String {
        Digest(self.0).to_string()
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lets somebody in; gives what their browser is to hold.
///
/// # Errors
///
/// `N0604` when they are not to be let in; what the database says.
pub fn begin(
    db: &Db,
    proof: Proof<'_>,
    rules: Rules,
    (at, through): (Moment, &str),
) -> Result<(Token, Login), Error> {
    let found = whole::read(db, |tx| Ok(kept::find(tx, proof.name())?))?;
    let (login, hash) = found.unzip();
    let proven = match proof {
        Proof::Secret { secret, .. } => {
            secret::is_right(secret, hash.flatten().as_deref(), rules.cost)
        }
        Proof::Persona { .. } => rules.personas && hash.is_some_and(|hash| hash.is_none()),
    };
    let login = login.filter(|login| proven && login.ended.is_none());
    let login = login.ok_or(Refusal::NotRight)?;
    let by = match proof {
        Proof::Secret { .. } => By::Secret,
        Proof::Persona { .. } => By::Persona,
    };
    let coming = Coming::new(by, at, through)?;
    whole::write_with(db, Write::committed(), |tx| {
        coming.let_in(tx, &login, rules, "")
    })?;
    Ok((coming.token, login))
}

/// Somebody who is let in: what their browser is to hold, and when.
struct Coming<'c> {
    token: Token,
    csrf: [u8; 32],
    by: By,
    at: Moment,
    through: &'c str,
}

impl Coming<'_> {
    fn new(by: By, at: Moment, through: &str) -> Result<Coming<'_>, Error> {
        Ok(Coming {
            token: Token(chance()?),
            csrf: chance()?,
            by,
            at,
            through,
        })
    }

    /// Keeps that they are in, in the transaction that found who they are; `detail` says by what, in the audit log.
    fn let_in(
        &self,
        tx: &mut Tx<'_>,
        login: &Login,
        rules: Rules,
        detail: &str,
    ) -> Result<(), Error> {
        let at = self.at;
        let acting = Acting {
            by: login.name(),
            at,
            purpose: "",
            through: self.through,
        };
        sessions::sweep(tx, at, at.plus_microseconds(-rules.idle))?;
        let ends = at.plus_microseconds(rules.at_most);
        let hash = self.token.hash();
        sessions::begin(tx, &hash, (login.name(), self.by), &self.csrf, (at, ends))?;
        Ok(acting.note(tx, "session.begin", (audit::NONE, 0), detail)?)
    }
}

/// Who is in by a token, if they still are; that they were seen is noted once a minute.
///
/// # Errors
///
/// What the database says.
pub fn session(
    db: &Db,
    token: &Token,
    rules: Rules,
    now: Moment,
) -> Result<Option<Session>, Error> {
    let hash = token.hash();
    let seen_after = now.plus_microseconds(-rules.idle);
    let found = whole::read(db, |tx| Ok(sessions::find(tx, &hash, now, seen_after)?))?;
    let stale = |session: &Session| session.last_seen.plus_microseconds(MINUTE) < now;
    if found.as_ref().is_some_and(stale) {
        whole::write_with(db, Write::committed(), |tx| {
            Ok(sessions::seen(tx, &hash, now)?)
        })?;
    }
    Ok(found)
}

/// Lets somebody out.
///
/// # Errors
///
/// What the database says.
pub fn sign_out(db: &Db, token: &Token) -> Result<(), Error> {
    let hash = token.hash();
    whole::write_with(db, Write::committed(), |tx| {
        Ok(sessions::end(tx, &hash).map(drop)?)
    })
}

/// Lets somebody out wherever they are in.
///
/// # Errors
///
/// What the database says.
pub fn sign_out_everywhere(db: &Db, login: &Actor, acting: Acting<'_>) -> Result<u64, Error> {
    whole::write_with(db, Write::committed(), |tx| {
        acting.note(tx, "session.end-all", (audit::NONE, 0), "")?;
        Ok(sessions::end_all(tx, login.login())?)
    })
}

/// Notes what was done to a login, with the record of whose it is: they see it there.
fn noted(
    tx: &mut Tx<'_>,
    (action, detail): (&str, &str),
    login: &Login,
    acting: Acting<'_>,
) -> Result<(), Error> {
    let subject = match login.party() {
        Party::Person(person) => (audit::PERSON, person.number()),
        Party::Employer(employer) => (audit::EMPLOYER, employer.number()),
        Party::Office => (audit::NONE, 0),
    };
    Ok(acting.note(tx, action, subject, detail)?)
}

/// A token nobody has yet.
pub(crate) fn fresh() -> Result<Token, Error> {
    Ok(Token(chance()?))
}

/// Where a login is in: each with since when, when it was last seen, until when, and whether it is this one.
///
/// # Errors
///
/// What the database says.
pub fn places(
    db: &Db,
    login: &Actor,
    token: Option<&Token>,
    rules: Rules,
    now: Moment,
) -> Result<Vec<(Moment, Moment, Moment, bool)>, Error> {
    let hash = token.map(Token::hash);
    let seen_after = now.plus_microseconds(-rules.idle);
    let found = whole::read(db, |tx| {
        Ok(sessions::of_login(tx, login.login(), now, seen_after)?)
    })?;
    let places = found.into_iter().map(|place| {
        let is_this = hash.is_some_and(|hash| hash[..] == place.session[..]);
        (place.begun, place.last_seen, place.ends, is_this)
    });
    Ok(places.collect())
}

/// 256 bits by chance.
fn chance() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(store::Error::NoChance {
            cause: error.to_string(),
        }
        .into()),
    }
}
