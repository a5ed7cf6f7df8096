//! By which tokens do programs come in, and what are they good for?

use crate::{Error, Row, Tx, logins, params, statements};
use city::actors::Actor;
use city::logins::Login;
use measure::Moment;

statements! {
    /// Lets a program in from now on.
    ADD = "insert into token (token, login, label, scope, callback, signs_with, made, made_by, ends) \
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// By whom a program comes in with this hash, if it still does.
    FIND = "select l.login, l.role, l.person, l.employer, l.district, l.ended, t.label, t.scope, t.callback, t.signs_with, t.ends \
            from token t join login l on l.login = t.login \
            where t.token = $1 and $2 < t.ends and t.ended is null and l.ended is null";
    /// The tokens of a login, ended ones too.
    OF_LOGIN = "select label, scope, callback, signs_with, ends, ended from token where login = $1 order by made, label";
    /// Lets no program in by it any more.
    END = "update token set ended = $3 where login = $1 and label = $2 and ended is null";
}

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is for.
    pub label: String,
    /// The actions, by their words; all of the login's where there are none.
    pub scope: Vec<String>,
    /// The beginning of the addresses at which its program may be told something.
    pub callback: Option<String>,
    /// The key its messages are signed with, where they are.
    pub signs_with: Option<[u8; 32]>,
    /// Until when.
    pub ends: Moment,
    /// Since when no more, if it was ended before.
    pub ended: Option<Moment>,
}

/// Keeps a token under its hash.
///
/// # Errors
///
/// `S0107` (`token_label`) when the login has one of this label; what the database says.
pub fn add(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    login: &Actor,
    token: &Token,
    (by, at): (&Actor, Moment),
) -> Result<(), Error> {
    let values = params![
        &hash[..],
        login.login(),
        token.label.as_str(),
        token.scope.join(" "),
        token.callback.as_deref(),
        token.signs_with,
        at,
        by.login(),
        token.ends
    ];
    tx.execute(ADD, values).map(drop)
}

/// By whom a program comes in with a hash, if it still does, and what for.
///
/// # Errors
///
/// What the database says.
pub fn find(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    now: Moment,
) -> Result<Option<(Login, Token)>, Error> {
    tx.find(FIND, params![&hash[..], now], |row| {
        Ok((logins::login(row)?, token(row, None)?))
    })
}

/// The tokens of a login, in the order in which they were made.
///
/// # Errors
///
/// What the database says.
pub fn of_login(tx: &mut Tx<'_>, login: &str) -> Result<Vec<Token>, Error> {
    tx.list(OF_LOGIN, params![login], |row| {
        token(row, row.get("ended")?)
    })
}

/// Ends a token; false when the login has none of this label in use.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, (login, label): (&str, &str), at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(END, params![login, label, at])? == 1)
}

fn token(row: &Row<'_>, ended: Option<Moment>) -> Result<Token, Error> {
    let scope: String = row.get("scope")?;
    Ok(Token {
        label: row.get("label")?,
        scope: scope.split_whitespace().map(str::to_owned).collect(),
        callback: row.get("callback")?,
        signs_with: row.get("signs_with")?,
        ends: row.get("ends")?,
        ended,
    })
}
