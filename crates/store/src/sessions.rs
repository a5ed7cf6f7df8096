//! Who is in, since when, and until when?

use crate::{Error, Tx, logins, params, statements};
use city::actors::Actor;
use city::logins::Login;
use measure::Moment;

statements! {
    /// Somebody came in.
    BEGIN = "insert into session (session, login, csrf, begun, last_seen, ends, proof) values ($1, $2, $3, $4, $4, $5, $6)";
    /// Who is in by this hash, if they still are.
    FIND = "select l.login, l.role, l.person, l.employer, l.district, l.ended, s.csrf, s.begun, s.last_seen, s.ends, s.proof \
            from session s join login l on l.login = s.login \
            where s.session = $1 and $2 < s.ends and $3 < s.last_seen and l.ended is null";
    /// They were seen again.
    SEEN = "update session set last_seen = $2 where session = $1 and last_seen < $2";
    /// Somebody went out.
    END = "delete from session where session = $1";
    /// Somebody goes out wherever they are in.
    END_ALL = "delete from session where login = $1";
    /// Where a login is in, the latest first.
    OF_LOGIN = "select session, begun, last_seen, ends from session where login = $1 and $2 < ends and $3 < last_seen \
                order by last_seen desc limit 50";
    /// What has run out is removed.
    SWEEP = "delete from session where ends <= $1 or last_seen <= $2";
}

/// By what it was shown who came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A secret they know.
    Secret,
    /// The name of a demo's persona.
    Persona,
    /// The word of another house.
    Outside,
    /// A passkey they have.
    Passkey,
}

impl By {
    const fn code(self) -> i16 {
        match self {
            By::Secret => 1,
            By::Persona => 2,
            By::Outside => 3,
            By::Passkey => 4,
        }
    }

    const fn from_code(code: i16) -> Option<By> {
        match code {
            1 => Some(By::Secret),
            2 => Some(By::Persona),
            3 => Some(By::Outside),
            4 => Some(By::Passkey),
            _ => None,
        }
    }
}

/// Somebody who is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub login: Login,
    /// What their forms must bring back.
    pub csrf: [u8; 32],
    /// Since when.
    pub begun: Moment,
    /// When they were last seen, to the minute or so.
    pub last_seen: Moment,
    /// Until when at most.
    pub ends: Moment,
    /// By what it was shown who came.
    pub proof: By,
}

/// Keeps that somebody is in, under the hash of what their browser holds.
///
/// # Errors
///
/// What the database says.
pub fn begin(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    (login, proof): (&Actor, By),
    csrf: &[u8; 32],
    (begun, ends): (Moment, Moment),
) -> Result<(), Error> {
    let proof = proof.code();
    let values = params![&hash[..], login.login(), &csrf[..], begun, ends, proof];
    tx.execute(BEGIN, values).map(drop)
}

/// Who is in by a hash at a moment, if they were seen after another.
///
/// # Errors
///
/// What the database says.
pub fn find(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    now: Moment,
    seen_after: Moment,
) -> Result<Option<Session>, Error> {
    tx.find(FIND, params![&hash[..], now, seen_after], |row| {
        Ok(Session {
            login: logins::login(row)?,
            csrf: row.get("csrf")?,
            begun: row.get("begun")?,
            last_seen: row.get("last_seen")?,
            ends: row.get("ends")?,
            proof: proof(row.get("proof")?)?,
        })
    })
}

fn proof(code: i16) -> Result<By, Error> {
    By::from_code(code).ok_or_else(|| Error::Cell {
        column: "session.proof".into(),
        wanted: "by what it was shown who came",
        found: format!("{code}"),
    })
}

/// A session of a login, without what its forms bring back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its hash.
    pub session: Vec<u8>,
    /// Since when.
    pub begun: Moment,
    /// When it was last seen.
    pub last_seen: Moment,
    /// Until when at most.
    pub ends: Moment,
}

/// Where a login is in at a moment, of what was seen after another; the latest fifty.
///
/// # Errors
///
/// What the database says.
pub fn of_login(
    tx: &mut Tx<'_>,
    login: &str,
    now: Moment,
    seen_after: Moment,
) -> Result<Vec<Place>, Error> {
    tx.list(OF_LOGIN, params![login, now, seen_after], |row| {
        Ok(Place {
            session: row.get(0)?,
            begun: row.get(1)?,
            last_seen: row.get(2)?,
            ends: row.get(3)?,
        })
    })
}

/// Notes that somebody was seen.
///
/// # Errors
///
/// What the database says.
pub fn seen(tx: &mut Tx<'_>, hash: &[u8; 32], at: Moment) -> Result<(), Error> {
    tx.execute(SEEN, params![&hash[..], at]).map(drop)
}

/// Ends a session; false when there was none.
///
/// # Errors
///
/// What the database says.
pub fn end(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<bool, Error> {
    Ok(tx.execute(END, params![&hash[..]])? == 1)
}

/// Ends every session of a login; how many there were.
///
/// # Errors
///
/// What the database says.
pub fn end_all(tx: &mut Tx<'_>, login: &str) -> Result<u64, Error> {
    tx.execute(END_ALL, params![login])
}

/// Removes what has run out by a moment, or was not seen since another; how many there were.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, now: Moment, seen_after: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![now, seen_after])
}
