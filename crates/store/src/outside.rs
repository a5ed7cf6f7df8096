//! By whose word does a login let somebody in?

use crate::{Error, Row, Tx, logins, params, statements};
use city::actors::Actor;
use city::logins::Login;
use measure::Moment;

statements! {
    /// Lets somebody in by another house's word from now on.
    BIND = "insert into outside_identity (issuer, claim, subject, login, made, made_by) values ($1, $2, $3, $4, $5, $6)";
    /// By which login somebody comes in, be it in use or not.
    FIND = "select l.login, l.role, l.person, l.employer, l.district, l.ended \
            from outside_identity o join login l on l.login = o.login \
            where o.issuer = $1 and o.claim = $2 and o.subject = $3 and o.ended is null";
    /// By whose word a login lets in, ended ones too.
    OF_LOGIN = "select issuer, claim, subject, made, ended from outside_identity where login = $1 order by outside_identity";
    /// Lets nobody in by this word any more.
    END = "update outside_identity set ended = $4 where issuer = $1 and claim = $2 and subject = $3 and ended is null";
    /// Every login of a person, ended ones too, the oldest first.
    OF_PERSON = "select login, role, person, employer, district, ended from login where role = 1 and person = $1 order by made, login";
}

/// Whom another house's word is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'i> {
    /// Which house, as it calls itself.
    pub issuer: &'i str,
    /// The claim by which it says who comes.
    pub claim: &'i str,
    /// What it says there.
    pub subject: &'i str,
}

/// A word by which a login lets in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Which house.
    pub issuer: String,
    /// The claim by which it says who comes.
    pub claim: String,
    /// What it says there.
    pub subject: String,
    /// Since when.
    pub made: Moment,
    /// Since when no more.
    pub ended: Option<Moment>,
}

/// Lets somebody in by a login from now on.
///
/// # Errors
///
/// `S0107` (`outside_identity_in_use`) when they come in by one already; what else the database says.
pub fn bind(
    tx: &mut Tx<'_>,
    identity: Identity<'_>,
    login: &Actor,
    (by, at): (&Actor, Moment),
) -> Result<(), Error> {
    let Identity {
        issuer,
        claim,
        subject,
    } = identity;
    let values = params![issuer, claim, subject, login.login(), at, by.login()];
    tx.execute(BIND, values).map(drop)
}

/// By which login somebody comes in, be it in use or not.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, identity: Identity<'_>) -> Result<Option<Login>, Error> {
    let values = params![identity.issuer, identity.claim, identity.subject];
    tx.find(FIND, values, logins::login)
}

/// By whose word a login lets in, ended ones too, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn of_login(tx: &mut Tx<'_>, login: &str) -> Result<Vec<Bound>, Error> {
    tx.list(OF_LOGIN, params![login], bound)
}

fn bound(row: &Row<'_>) -> Result<Bound, Error> {
    Ok(Bound {
        issuer: row.get("issuer")?,
        claim: row.get("claim")?,
        subject: row.get("subject")?,
        made: row.get("made")?,
        ended: row.get("ended")?,
    })
}

/// Lets nobody in by this word any more; false when nobody was.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, identity: Identity<'_>, at: Moment) -> Result<bool, Error> {
    let values = params![identity.issuer, identity.claim, identity.subject, at];
    Ok(tx.execute(END, values)? == 1)
}

/// Every login of a person for their own record, ended ones too, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn logins_of(tx: &mut Tx<'_>, person: i64) -> Result<Vec<Login>, Error> {
    tx.list(OF_PERSON, params![person], logins::login)
}
