//! Who may come in, as what, and by which secret?

use crate::{Error, Row, Tx, params, statements};
use city::actors::Actor;
use city::logins::{Login, Party, Role};
use city::places::District;
use measure::Moment;

statements! {
    /// Lets somebody in from now on.
    ADD = "insert into login (login, role, person, employer, district, secret_hash, made, made_by) \
           values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// A login by its name.
    FIND = "select login, role, person, employer, district, ended, secret_hash from login where login = $1";
    /// Every login, by name.
    ALL = "select login, role, person, employer, district, ended from login order by login";
    /// Lets nobody in by it any more.
    END = "update login set ended = $2 where login = $1 and ended is null";
    /// Another secret.
    CHANGE = "update login set secret_hash = $2 where login = $1 and ended is null";
}

/// Keeps a login.
///
/// # Errors
///
/// `S0106` when the name is taken; what else the database says.
pub fn add(
    tx: &mut Tx<'_>,
    login: &Login,
    secret_hash: Option<&str>,
    by: &Actor,
    at: Moment,
) -> Result<(), Error> {
    let (person, employer) = match login.party() {
        Party::Person(person) => (Some(person.number()), None),
        Party::Employer(employer) => (None, Some(employer.number())),
        Party::Office => (None, None),
    };
    let values = params![
        login.name().login(),
        login.role().code(),
        person,
        employer,
        login.district().map(District::code),
        secret_hash,
        at,
        by.login()
    ];
    tx.execute(ADD, values).map(drop)
}

/// A login by its name, ended ones too, and the hash of its secret.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<(Login, Option<String>)>, Error> {
    tx.find(FIND, params![name], |row| {
        Ok((login(row)?, row.get("secret_hash")?))
    })
}

/// Every login, by name.
///
/// # Errors
///
/// What the database says.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Login>, Error> {
    tx.list(ALL, params![], login)
}

/// Ends a login; false when there is none in use of this name.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, name: &str, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(END, params![name, at])? == 1)
}

/// Gives a login another secret; false when there is none in use of this name.
///
/// # Errors
///
/// What the database says.
pub fn change_secret(tx: &mut Tx<'_>, name: &str, secret_hash: &str) -> Result<bool, Error> {
    Ok(tx.execute(CHANGE, params![name, secret_hash])? == 1)
}

pub(crate) fn login(row: &Row<'_>) -> Result<Login, Error> {
    let party = match (row.get("person")?, row.get("employer")?) {
        (Some(person), _) => Party::Person(person),
        (None, Some(employer)) => Party::Employer(employer),
        (None, None) => Party::Office,
    };
    let (name, code): (String, i16) = (row.get("login")?, row.get("role")?);
    let district: Option<i32> = row.get("district")?;
    let made = Actor::new(&name).zip(Role::from_code(code));
    let made = made
        .and_then(|(name, role)| Login::new(name, role, party, district.and_then(District::new)));
    let mut login = made.ok_or_else(|| Error::Cell {
        column: "login.role".into(),
        wanted: "a role with its party",
        found: format!("{code}"),
    })?;
    login.ended = row.get("ended")?;
    Ok(login)
}
