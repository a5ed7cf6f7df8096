//! What was written off, by whom, and who approved it?

use crate::instalments::actor;
use crate::{Error, Row, Tx, params, statements};
use city::actors::Actor;
use city::collection::write_offs::{Ground, WriteOff};
use city::collection::{BillId, WriteOffId};
use city::insurance::Scheme;
use city::places::District;
use measure::{Day, Fen, Moment};

statements! {
    /// Keeps what is asked.
    ASK = "insert into write_off (bill, ground, reason, principal, fee, by, at) values ($1, $2, $3, $4, $5, $6, $7) \
           returning write_off";
    /// One write-off.
    FIND = "select write_off, bill, ground, principal, fee, by, approved_by, ended_by from write_off where write_off = $1";
    /// Whether something of a bill is already asked to be written off.
    WAITING = "select count(*) from write_off where bill = $1 and approved_by is null and ended_by is null";
    /// Those that wait for a second person, with their reasons.
    TO_APPROVE = "select write_off, bill, ground, principal, fee, by, approved_by, ended_by, reason from write_off \
                  where approved_by is null and ended_by is null order by write_off limit 500";
    /// A second person agrees.
    APPROVE = "update write_off set approved_by = $2, approved_at = $3, accounts = $4, day = $5 \
               where write_off = $1 and approved_by is null and ended_by is null";
    /// Every write-off in force.
    IN_FORCE = "select w.write_off, b.scheme, b.district, w.principal, w.accounts, w.fee from write_off w \
                join bill b on b.bill = w.bill where w.approved_at is not null order by w.write_off";
    /// A second person does not.
    DECLINE = "update write_off set ended_by = $2, ended_at = $3 where write_off = $1 and approved_by is null and ended_by is null";
}

/// A write-off as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: WriteOffId,
    /// Of which bill.
    pub bill: BillId,
    /// How it stands.
    pub write_off: WriteOff,
}

/// What is asked to be written off, of which bill, and why.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Of which bill.
    pub bill: BillId,
    /// On what ground.
    pub ground: Ground,
    /// Why, in words.
    pub reason: &'a str,
    /// Of the dues.
    pub principal: Fen,
    /// Of the late fee.
    pub fee: Fen,
}

/// Keeps what is asked.
///
/// # Errors
///
/// What the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    asked: &Asked<'_>,
    by: &Actor,
    at: Moment,
) -> Result<WriteOffId, Error> {
    let values = params![
        asked.bill.number(),
        asked.ground.code(),
        asked.reason,
        asked.principal,
        asked.fee,
        by.login(),
        at
    ];
    tx.one(ASK, values, |row| row.get(0))
}

/// The write-off of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: WriteOffId) -> Result<Option<Known>, Error> {
    tx.find(FIND, params![id.number()], known)
}

/// Whether something of a bill is asked to be written off and nobody has decided yet.
///
/// # Errors
///
/// What the database says.
pub fn is_waiting(tx: &mut Tx<'_>, bill: BillId) -> Result<bool, Error> {
    let waiting: i64 = tx.one(WAITING, params![bill.number()], |row| row.get(0))?;
    Ok(0 < waiting)
}

/// The oldest five hundred that wait for a second person, with their reasons.
///
/// # Errors
///
/// What the database says.
pub fn to_approve(tx: &mut Tx<'_>) -> Result<Vec<(Known, String)>, Error> {
    tx.list(TO_APPROVE, params![], |row| Ok((known(row)?, row.get(8)?)))
}

/// Notes who approved it, what of it was for individual accounts, and from which day it counts; false when it does not
/// wait for that.
///
/// # Errors
///
/// `S0107` when it is its maker; what else the database says.
pub fn approve(
    tx: &mut Tx<'_>,
    id: WriteOffId,
    accounts: Fen,
    day: Day,
    by: &Actor,
    at: Moment,
) -> Result<bool, Error> {
    let values = params![id.number(), by.login(), at, accounts, day];
    Ok(tx.execute(APPROVE, values)? == 1)
}

/// Notes who refused it; false when it does not wait for that.
///
/// # Errors
///
/// What the database says.
pub fn decline(tx: &mut Tx<'_>, id: WriteOffId, by: &Actor, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(DECLINE, params![id.number(), by.login(), at])? == 1)
}

/// What a write-off in force gave up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Which.
    pub id: WriteOffId,
    /// In which scheme.
    pub scheme: Scheme,
    /// In which district.
    pub district: District,
    /// Of the dues.
    pub principal: Fen,
    /// Of these, for individual accounts.
    pub accounts: Fen,
    /// Of the late fee.
    pub fee: Fen,
}

/// Every write-off in force, in order.
///
/// # Errors
///
/// What the database says.
pub fn in_force(tx: &mut Tx<'_>) -> Result<Vec<GivenUp>, Error> {
    tx.list(IN_FORCE, params![], |row| {
        Ok(GivenUp {
            id: row.get(0)?,
            scheme: row.get(1)?,
            district: row.get(2)?,
            principal: row.get(3)?,
            accounts: row.get(4)?,
            fee: row.get(5)?,
        })
    })
}

fn known(row: &Row<'_>) -> Result<Known, Error> {
    let (principal, fee) = (row.get(3)?, row.get(4)?);
    let approved: Option<String> = row.get(6)?;
    let ended: Option<String> = row.get(7)?;
    let write_off = match (approved, ended) {
        (Some(_), _) => WriteOff::Done { principal, fee },
        (None, Some(_)) => WriteOff::Declined,
        (None, None) => WriteOff::Asked {
            principal,
            fee,
            ground: row.get(2)?,
            by: actor(row, 5)?,
        },
    };
    Ok(Known {
        id: row.get(0)?,
        bill: row.get(1)?,
        write_off,
    })
}
