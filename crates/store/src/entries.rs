//! What was posted to accounts at the counter, by whom, who approved it, and which generation has taken it up?
//!
//! An entry that a run takes up is added to balances until the run is in force: then its generation has it.

use crate::{Error, Row, Tx, params, people, statements};
use city::actors::Actor;
use city::entries::{Asked, Entry, EntryId, State};
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Fen, Moment};
use std::ops::Range;

statements! {
    /// Keeps what is asked.
    ASK = "insert into entry (key, person, scheme, district, month, amount, reason, reverses, by, at) \
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning entry";
    /// One entry.
    FIND = "select entry, key, person, scheme, month, amount, reason, district, reverses, by, approved_by, ended_by \
            from entry where entry = $1";
    /// The entry of a key.
    BY_KEY = "select entry, key, person, scheme, month, amount, reason, district, reverses, by, approved_by, ended_by \
              from entry where key = $1";
    /// The entries that wait for a second person.
    WAITING = "select entry, key, person, scheme, month, amount, reason, district, reverses, by, approved_by, ended_by \
               from entry where taken_up is null and approved_by is null and ended_by is null order by entry";
    /// The entries of a person that count, with when they began to and when the run that took them up was published.
    OF_PERSON = "select e.entry, e.key, e.person, e.scheme, e.month, e.amount, e.reason, e.district, e.reverses, e.by, \
                 e.approved_by, e.ended_by, e.approved_at, r.run, r.published from entry e \
                 left join run r on r.run = e.taken_up and r.state in (5, 7) \
                 where e.person = $1 and e.approved_by is not null order by e.entry";
    /// What reverses an entry and was not declined.
    REVERSED_BY = "select entry from entry where reverses = $1 and ended_at is null";
    /// A second person agrees.
    APPROVE = "update entry set approved_by = $2, approved_at = $3 \
               where entry = $1 and approved_by is null and ended_by is null";
    /// A second person does not.
    DECLINE = "update entry set ended_by = $2, ended_at = $3 where entry = $1 and approved_by is null and ended_by is null";
    /// What counts for an account and is in no generation in force.
    BESIDE = "select cast(coalesce(sum(e.amount), 0) as bigint) from entry e left join run r on r.run = e.taken_up \
              where e.person = $1 and e.scheme = $2 and e.approved_by is not null \
              and (e.taken_up is null or r.state not in (5, 7))";
    /// What counts and is in no generation in force, by scheme.
    ALL_BESIDE = "select e.scheme, cast(sum(e.amount) as bigint) from entry e left join run r on r.run = e.taken_up \
                  where e.approved_by is not null and (e.taken_up is null or r.state not in (5, 7)) \
                  group by e.scheme order by e.scheme";
    /// A run takes up whatever counts and is in no generation, nor about to be in one.
    TAKE_UP = "update entry set taken_up = $1 where approved_by is not null and (taken_up is null \
               or taken_up in (select run from run where state = 6))";
    /// Lets go of what a run had taken up.
    LET_GO = "update entry set taken_up = null where taken_up = $1";
    /// What a run takes up of some persons.
    TAKEN_UP = "select person, scheme, district, amount from entry \
                where taken_up = $1 and person >= $2 and person < $3 order by person, scheme, entry";
    /// Every entry that counts, in order, and what it reverses.
    POSTED = "select entry, scheme, district, amount, reverses from entry where approved_by is not null order by entry";
}

/// Keeps what is asked; it counts once it is approved.
///
/// # Errors
///
/// `S0107` when the key is taken, or what it reverses is reversed already; what else the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    asked: &Asked,
    district: District,
    reverses: Option<EntryId>,
    by: &Actor,
    at: Moment,
) -> Result<EntryId, Error> {
    let values = params![
        &asked.key,
        asked.person,
        asked.scheme,
        district,
        asked.month,
        asked.amount,
        &asked.reason,
        reverses.map(EntryId::number),
        by.login(),
        at
    ];
    tx.one(ASK, values, |row| row.get(0))
}

/// The entry of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<Entry>, Error> {
    tx.find(FIND, params![id], entry)
}

/// The entry of this key.
///
/// # Errors
///
/// What the database says.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Entry>, Error> {
    tx.find(BY_KEY, params![key], entry)
}

/// The entries that wait for a second person, in order.
///
/// # Errors
///
/// What the database says.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Entry>, Error> {
    tx.list(WAITING, params![], entry)
}

/// The entry that reverses another, or is to.
///
/// # Errors
///
/// What the database says.
pub fn reversed_by(tx: &mut Tx<'_>, id: EntryId) -> Result<Option<EntryId>, Error> {
    tx.find(REVERSED_BY, params![id], |row| row.get(0))
}

/// Notes who approved it: from now on it counts. False when it does not wait for that.
///
/// # Errors
///
/// `S0107` when it is its maker; what else the database says.
pub fn approve(tx: &mut Tx<'_>, id: EntryId, by: &Actor, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(APPROVE, params![id, by.login(), at])? == 1)
}

/// Notes who declined it; false when it does not wait for that.
///
/// # Errors
///
/// What the database says.
pub fn decline(tx: &mut Tx<'_>, id: EntryId, by: &Actor, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(DECLINE, params![id, by.login(), at])? == 1)
}

/// What counts for an account and is in no generation in force.
///
/// # Errors
///
/// What the database says.
pub fn beside(tx: &mut Tx<'_>, person: PersonId, scheme: Scheme) -> Result<Fen, Error> {
    tx.one(BESIDE, params![person, scheme], |row| row.get(0))
}

/// What counts and is in no generation in force, by scheme.
///
/// # Errors
///
/// What the database says.
pub fn all_beside(tx: &mut Tx<'_>) -> Result<Vec<(Scheme, Fen)>, Error> {
    tx.list(ALL_BESIDE, params![], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// A run takes up whatever counts by now and no other run has. Gives how many.
///
/// # Errors
///
/// What the database says.
pub fn take_up(tx: &mut Tx<'_>, run: RunId) -> Result<u64, Error> {
    tx.execute(TAKE_UP, params![run])
}

/// Lets go of what a run had taken up that is given up.
///
/// # Errors
///
/// What the database says.
pub fn let_go(tx: &mut Tx<'_>, run: RunId) -> Result<u64, Error> {
    tx.execute(LET_GO, params![run])
}

/// What a run takes up: an amount for an account, in a district's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenUp {
    /// Whose account.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// In whose books.
    pub district: District,
    /// How much.
    pub amount: Fen,
}

/// What a run takes up of some persons, by person and scheme.
///
/// # Errors
///
/// What the database says.
pub fn taken_up(tx: &mut Tx<'_>, run: RunId, persons: &Range<i64>) -> Result<Vec<TakenUp>, Error> {
    tx.list(TAKEN_UP, params![run, persons.start, persons.end], |row| {
        Ok(TakenUp {
            person: row.get(0)?,
            scheme: row.get(1)?,
            district: row.get(2)?,
            amount: row.get(3)?,
        })
    })
}

/// An entry that counts, for its journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its number.
    pub id: EntryId,
    /// In which scheme.
    pub scheme: Scheme,
    /// In whose books.
    pub district: District,
    /// How much.
    pub amount: Fen,
    /// What it takes back.
    pub reverses: Option<EntryId>,
}

/// Hands on every entry that counts, in order.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn posted<E: From<Error>>(
    tx: &mut Tx<'_>,
    mut each: impl FnMut(Posted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(POSTED, params![], |row| {
        each(Posted {
            id: row.get(0)?,
            scheme: row.get(1)?,
            district: row.get(2)?,
            amount: row.get(3)?,
            reverses: row.get(4)?,
        })
    })
}

/// An entry that counts, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The entry.
    pub entry: Entry,
    /// Who approved it.
    pub approved_by: Actor,
    /// When it began to count.
    pub at: Moment,
    /// The run in force whose generation has it, and when that was published.
    pub taken_up: Option<(RunId, Moment)>,
}

/// The entries of a person that count, in order.
///
/// # Errors
///
/// What the database says.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Counted>, Error> {
    tx.list(OF_PERSON, params![person], |row| {
        let (run, published): (Option<RunId>, Option<Moment>) = (row.get(13)?, row.get(14)?);
        Ok(Counted {
            entry: entry(row)?,
            approved_by: people::actor(row, 10)?,
            at: row.get(12)?,
            taken_up: run.zip(published),
        })
    })
}

fn entry(row: &Row<'_>) -> Result<Entry, Error> {
    let (approved, ended): (Option<String>, Option<String>) = (row.get(10)?, row.get(11)?);
    Ok(Entry {
        id: row.get(0)?,
        asked: Asked {
            key: row.get(1)?,
            person: row.get(2)?,
            scheme: row.get(3)?,
            month: row.get(4)?,
            amount: row.get(5)?,
            reason: row.get(6)?,
        },
        district: row.get(7)?,
        reverses: row.get(8)?,
        by: people::actor(row, 9)?,
        state: match (approved, ended) {
            (Some(_), _) => State::Posted,
            (None, Some(_)) => State::Declined,
            (None, None) => State::Asked,
        },
    })
}
