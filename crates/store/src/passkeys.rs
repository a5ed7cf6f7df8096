//! Which keys that devices keep let in by a login?

use crate::{Error, Row, Tx, logins, params, statements};
use city::actors::Actor;
use city::logins::Login;
use measure::Moment;

statements! {
    /// A key lets in from now on.
    ADD = "insert into passkey (login, label, credential, key, counter, made) values ($1, $2, $3, $4, $5, $6) returning passkey";
    /// A key by what its device calls it, if it and its login are in use.
    FIND = "select p.passkey, p.label, p.credential, p.key, p.counter, p.made, p.last_used, \
            l.login, l.role, l.person, l.employer, l.district, l.ended \
            from passkey p join login l on l.login = p.login where p.credential = $1 and p.ended is null and l.ended is null";
    /// The keys of a login that are in use.
    OF_LOGIN = "select passkey, label, credential, key, counter, made, last_used from passkey \
                where login = $1 and ended is null order by passkey limit 50";
    /// It was used once more, unless another has counted as far.
    USED = "update passkey set counter = $2, key = $3, last_used = $4 \
            where passkey = $1 and ended is null and (counter < $2 or (counter = 0 and $2 = 0))";
    /// It lets nobody in any more.
    END = "update passkey set ended = $3 where login = $1 and passkey = $2 and ended is null";
    /// None of a login does any more.
    END_ALL = "update passkey set ended = $2 where login = $1 and ended is null";
}

/// A key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its number.
    pub number: i64,
    /// What its owner calls it.
    pub label: String,
    /// What its device calls it.
    pub credential: Vec<u8>,
    /// Its public half and what was said of it when it was added.
    pub key: String,
    /// How often it was used by its own count; 0 of one that does not count.
    pub counter: i64,
    /// Since when it lets in.
    pub made: Moment,
    /// When it last did.
    pub last_used: Option<Moment>,
}

/// A key to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewPasskey<'n> {
    /// What its owner calls it.
    pub label: &'n str,
    /// What its device calls it.
    pub credential: &'n [u8],
    /// Its public half and what was said of it.
    pub key: &'n str,
    /// How often it was used.
    pub counter: i64,
}

/// Lets in by a key from now on; gives its number.
///
/// # Errors
///
/// `S0107` (`passkey_credential`) when it is or was somebody's; what else the database says.
pub fn add(tx: &mut Tx<'_>, login: &Actor, new: NewPasskey<'_>, at: Moment) -> Result<i64, Error> {
    let login = login.login();
    let values = params![login, new.label, new.credential, new.key, new.counter, at];
    tx.one(ADD, values, |row| row.get(0))
}

/// A key by what its device calls it, and its login, if both are in use.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, credential: &[u8]) -> Result<Option<(Login, Passkey)>, Error> {
    tx.find(FIND, params![credential], |row| {
        Ok((logins::login(row)?, passkey(row)?))
    })
}

/// The keys of a login that are in use, the oldest first; fifty at most.
///
/// # Errors
///
/// What the database says.
pub fn of_login(tx: &mut Tx<'_>, login: &str) -> Result<Vec<Passkey>, Error> {
    tx.list(OF_LOGIN, params![login], passkey)
}

/// Notes that a key was used once more; false when by its count it was not: then there are two of it.
///
/// # Errors
///
/// What the database says.
pub fn used(
    tx: &mut Tx<'_>,
    number: i64,
    (counter, key): (i64, &str),
    at: Moment,
) -> Result<bool, Error> {
    Ok(tx.execute(USED, params![number, counter, key, at])? == 1)
}

/// Lets nobody in by a key of a login any more; false when it has none of this number in use.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, (login, number): (&str, i64), at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(END, params![login, number, at])? == 1)
}

/// Lets nobody in by any key of a login any more; gives how many there were.
///
/// # Errors
///
/// What the database says.
pub fn end_all(tx: &mut Tx<'_>, login: &str, at: Moment) -> Result<u64, Error> {
    tx.execute(END_ALL, params![login, at])
}

fn passkey(row: &Row<'_>) -> Result<Passkey, Error> {
    Ok(Passkey {
        number: row.get("passkey")?,
        label: row.get("label")?,
        credential: row.get("credential")?,
        key: row.get("key")?,
        counter: row.get("counter")?,
        made: row.get("made")?,
        last_used: row.get("last_used")?,
    })
}
