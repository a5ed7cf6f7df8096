//! Who wants to be told of what?

use crate::{Error, Row, Tx, params, statements};
use city::people::PersonId;
use measure::Moment;

statements! {
    /// Somebody wants to be told.
    ADD = "insert into subscription (code, login, events, person, address, made) values ($1, $2, $3, $4, $5, $6)";
    /// Those of a login, the newest first.
    OF_LOGIN = "select code, login, events, person, address, made, ended from subscription \
                where login = $1 and ended is null order by subscription desc";
    /// Whoever wants to be told of anything.
    OPEN = "select code, login, events, person, address, made, ended from subscription \
            where ended is null order by subscription";
    /// One by its code.
    FIND = "select code, login, events, person, address, made, ended from subscription where code = $1 and ended is null";
    /// They do not want to any more.
    END = "update subscription set ended = $3 where login = $1 and code = $2 and ended is null";
}

/// What somebody wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// By which its program knows it.
    pub code: String,
    /// By whose login.
    pub login: String,
    /// The beginning of the events' words.
    pub events: String,
    /// Of whom only.
    pub person: Option<PersonId>,
    /// Where to.
    pub address: String,
    /// Since when.
    pub made: Moment,
}

/// Keeps a subscription.
///
/// # Errors
///
/// What the database says.
pub fn add(tx: &mut Tx<'_>, new: &Subscription) -> Result<(), Error> {
    let values = params![
        new.code.as_str(),
        new.login.as_str(),
        new.events.as_str(),
        new.person,
        new.address.as_str(),
        new.made
    ];
    tx.execute(ADD, values).map(drop)
}

/// Those of a login, the newest first.
///
/// # Errors
///
/// What the database says.
pub fn of_login(tx: &mut Tx<'_>, login: &str) -> Result<Vec<Subscription>, Error> {
    tx.list(OF_LOGIN, params![login], read)
}

/// Those that stand.
///
/// # Errors
///
/// What the database says.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<Subscription>, Error> {
    tx.list(OPEN, params![], read)
}

/// One by its code, if it stands.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, code: &str) -> Result<Option<Subscription>, Error> {
    tx.find(FIND, params![code], read)
}

/// Ends one; false when the login has none of this code.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, (login, code): (&str, &str), at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(END, params![login, code, at])? == 1)
}

fn read(row: &Row<'_>) -> Result<Subscription, Error> {
    Ok(Subscription {
        code: row.get("code")?,
        login: row.get("login")?,
        events: row.get("events")?,
        person: row.get("person")?,
        address: row.get("address")?,
        made: row.get("made")?,
    })
}
