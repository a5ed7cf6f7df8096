//! Who owes what for which run, what has come in on it, and what has been credited?
//!
//! A bill adds up the dues of one payer in one scheme and district. Those of employers and treasuries are made from the stored
//! rows when all are there; what a person pays alone is one due, billed where it is written.

use crate::bulk::Kind;
use crate::{Error, Row, Statement, Tx, Value, params, statements};
use crate::{differences, dues};
use city::collection::{Bill, Settled};
use city::dues::{Added, BillId, Bills, Of, Payer};
use city::insurance::Scheme;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen, Moment};
use std::collections::BTreeMap;
use std::ops::Range;

statements! {
    /// What a run's bills come to by scheme and district: in any order, or they would all be sorted first.
    SUMS = "select scheme, district, cast(sum(amount) as bigint) from bill where run = $1 group by scheme, district";
    /// The bills of a run that are not persons': the other kinds are named, for the index to lead past them.
    OF_RUN = "select payer_kind, payer, scheme, district, lines, amount, credit from bill where run = $1 and payer_kind in (1, 3) \
        order by payer_kind, payer, scheme, district";
    /// Of some persons, their own bills of a run.
    OF_PERSONS = "select payer_kind, payer, scheme, district, lines, amount, credit from bill \
        where run = $1 and payer_kind = 2 and payer >= $2 and payer < $3 order by payer, scheme, district";
    /// Of each bill below 0 a receipt of as much.
    GIVE_BACK = "insert into receipt (key, booked, amount, payer, remittance, state) \
        select 'bill/' || cast(b.bill as text), $2, -b.amount, '', '', 1 from bill b \
        where b.run = $1 and b.amount < 0 order by b.bill";
    /// It is that payer's.
    GIVE_BACK_TO = "insert into attribution (receipt, payer_kind, payer, ground, by, at) \
        select r.receipt, b.payer_kind, b.payer, 2, $2, $3 from bill b \
        join receipt r on r.key = 'bill/' || cast(b.bill as text) where b.run = $1 and b.amount < 0";
    /// Nothing more is to be settled on it.
    GIVEN_BACK = "update bill set open = false where run = $1 and amount < 0";
    /// What a run gives back, by scheme and district: altogether, and of it from individual accounts.
    GIVES_BACK = "select scheme, district, cast(sum(-amount) as bigint), cast(sum(-credit) as bigint) from bill \
        where run = $1 and amount < 0 group by scheme, district order by scheme, district";
    /// How many bills below 0 have no receipt of as much.
    NOT_GIVEN_BACK = "select count(*) from bill b where b.run = $1 and b.amount < 0 and not exists \
        (select 1 from receipt r where r.key = 'bill/' || cast(b.bill as text) and r.amount = -b.amount)";
    /// The bills of a payer in force, the oldest first: run by run, as they are indexed. (SQLite takes `cross join` as that
    /// order, PostgreSQL as any other join.)
    OF_PAYER = "select b.bill, b.payer_kind, b.payer, b.scheme, b.district, r.month, r.due_day, b.amount, b.credit \
        from run r cross join bill b \
        where r.state in (5, 7) and b.run = r.run and b.payer_kind = $1 and b.payer = $2 and b.amount > 0 order by b.bill";
    /// What has settled parts of a payer's bills: money, and what was written off.
    PARTS_OF_PAYER = "select a.bill, a.day, a.principal, a.accounts, a.fee \
          from run r cross join bill b cross join allocation a where r.state in (5, 7) and b.run = r.run \
          and b.payer_kind = $1 and b.payer = $2 and a.bill = b.bill and a.undone_at is null \
        union all select w.bill, w.day, w.principal, w.accounts, w.fee \
          from run r cross join bill b cross join write_off w where r.state in (5, 7) and b.run = r.run \
          and b.payer_kind = $1 and b.payer = $2 and w.bill = b.bill and w.approved_at is not null \
        order by 1, 2";
    /// A bill in force.
    FIND = "select b.bill, b.payer_kind, b.payer, b.scheme, b.district, r.month, r.due_day, b.amount, b.credit \
        from bill b join run r on r.run = b.run and r.state in (5, 7) where b.bill = $1 and b.amount > 0";
    /// By which run a bill was made.
    RUN_OF = "select run from bill where bill = $1";
    /// What has settled parts of a bill.
    PARTS = "select bill, day, principal, accounts, fee from allocation where undone_at is null and bill = $1 \
        union all select bill, day, principal, accounts, fee from write_off where approved_at is not null and bill = $1";
    /// What is open in a district by the day it was due and the scheme.
    OPEN = "select r.due_day, b.scheme, count(*), cast(sum(b.open_dues) as bigint) from ( \
          select o.run, o.scheme, o.amount \
            - coalesce((select sum(principal) from allocation a where a.bill = o.bill and a.undone_at is null), 0) \
            - coalesce((select sum(principal) from write_off w where w.bill = o.bill and w.approved_at is not null), 0) as open_dues \
          from bill o where o.open and o.district = $1 \
        ) b join run r on r.run = b.run and r.state in (5, 7) where b.open_dues > 0 \
        group by r.due_day, b.scheme order by r.due_day, b.scheme";
    /// What is open of all bills in force, by scheme and district: altogether, and of it for individual accounts.
    OPEN_PARTS = "select scheme, district, cast(sum(amount) as bigint), cast(sum(accounts) as bigint) from ( \
          select b.scheme, b.district, b.amount, b.credit as accounts from bill b join run r on r.run = b.run and r.state in (5, 7) where b.amount > 0 \
          union all select b.scheme, b.district, -a.principal, -a.accounts from allocation a \
            join bill b on b.bill = a.bill where a.undone_at is null \
          union all select b.scheme, b.district, -w.principal, -w.accounts from write_off w \
            join bill b on b.bill = w.bill where w.approved_at is not null \
        ) as parts group by scheme, district order by scheme, district";
    /// A bill that is not open and whose dues are not settled, or that gives back and is open still.
    WRONGLY_NOTED = "select min(b.bill) from bill b join run r on r.run = b.run and r.state in (5, 7) \
        where (b.open and b.amount < 0) or (not b.open and b.amount > 0 and b.amount <> \
          coalesce((select sum(principal) from allocation a where a.bill = b.bill and a.undone_at is null), 0) \
          + coalesce((select sum(principal) from write_off w where w.bill = b.bill and w.approved_at is not null), 0))";
    /// Behind a bill, some that are not open and of which a part was settled late.
    CLOSED_LATE = "select b.bill from bill b join run r on r.run = b.run and r.state in (5, 7) \
        where b.bill > $1 and not b.open and b.amount > 0 and (exists \
          (select 1 from allocation a where a.bill = b.bill and a.undone_at is null and a.day > r.due_day) or exists \
          (select 1 from write_off w where w.bill = b.bill and w.approved_at is not null and w.day > r.due_day)) \
        order by b.bill limit $2";
    /// By which text of the law, and when, the last part of it was settled.
    LAST_SETTLED = "select law, at from ( \
          select t.law, a.at from allocation a join allocation_batch t on t.allocation_batch = a.batch \
            where a.bill = $1 and a.undone_at is null \
          union all select j.law, w.approved_at from write_off w join journal j on j.key = 'write-off/' || cast(w.write_off as text) \
            where w.bill = $1 and w.approved_at is not null) as parts order by at desc limit 1";
    /// Nothing is open on it any more.
    CLOSE = "update bill set open = false where bill = $1 and open";
    /// Something is.
    REOPEN = "update bill set open = true where bill = $1 and not open";
}

/// Writes bills of a run.
///
/// # Errors
///
/// What the database says.
pub fn write(
    tx: &mut Tx<'_>,
    run: RunId,
    bills: impl IntoIterator<Item = (Of, Added)>,
) -> Result<(), Error> {
    let mut copy = tx.copy_in("bill", &COLUMNS)?;
    for ((payer, scheme, district), added) in bills {
        let (kind, number) = payer.codes();
        copy.int(run.number())?
            .int(kind.into())?
            .int(number)?
            .int(scheme.code().into())?
            .int(district.code().into())?
            .int(added.lines)?
            .fen(added.amount)?
            .fen(added.credit)?
            .bool(true)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
}

/// Writes those of a run's bills, none of them a person's, that are not there.
///
/// # Errors
///
/// What the database says.
pub fn write_missing(tx: &mut Tx<'_>, run: RunId, bills: &[(Of, Added)]) -> Result<(), Error> {
    let there = added(tx, run, None)?;
    let missing = bills.iter().filter(|(of, _)| !there.contains_key(of));
    write(tx, run, missing.copied())
}

const COLUMNS: [(&str, Kind); 9] = [
    ("run", Kind::BigInt),
    ("payer_kind", Kind::SmallInt),
    ("payer", Kind::BigInt),
    ("scheme", Kind::SmallInt),
    ("district", Kind::Integer),
    ("lines", Kind::BigInt),
    ("amount", Kind::BigInt),
    ("credit", Kind::BigInt),
    ("open", Kind::Bool),
];

/// Amounts by scheme and district.
pub type Sums = BTreeMap<(Scheme, District), Fen>;

/// What the stored dues of some persons come to, of an assessment that is computed and not yet in force; they are added to the
/// bills of whoever pays for others.
///
/// # Errors
///
/// What the database says; when a sum is beyond what amounts can be.
pub fn add_up(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    (sums, others): (&mut Sums, &mut Bills),
) -> Result<(), Error> {
    dues::computed(tx, run, persons, |due| {
        let sum = sums.entry((due.scheme, due.district)).or_default();
        let both = due.employer_due.checked_add(due.person_due);
        *sum = both
            .and_then(|both| sum.checked_add(both))
            .map_err(beyond)?;
        others.take_others(&due).map_err(beyond)
    })
}

/// Makes all bills of a run of differences from its stored rows.
///
/// # Errors
///
/// As [`add_up`].
pub fn make_of_differences(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    let mut bills = Bills::default();
    differences::of_run(tx, run, &EVERYBODY, |line| {
        bills.take(&line.due).map_err(beyond)
    })?;
    write(tx, run, bills.rows().map_err(beyond)?)
}

const EVERYBODY: Range<i64> = 1..i64::MAX;

#[expect(clippy::needless_pass_by_value, reason = "it stands behind map_err")]
fn beyond(error: measure::Error) -> Error {
    Error::Cell {
        column: "amount".into(),
        wanted: "an amount that can be added up",
        found: error.to_string(),
    }
}

/// The bills of a run: those of some persons, or without any all that are not persons'.
///
/// # Errors
///
/// What the database says.
pub fn added(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: Option<&Range<i64>>,
) -> Result<BTreeMap<Of, Added>, Error> {
    let (statement, values) = match persons {
        None => (OF_RUN, params![run].to_vec()),
        Some(persons) => (
            OF_PERSONS,
            params![run, persons.start, persons.end].to_vec(),
        ),
    };
    let mut found = BTreeMap::new();
    tx.stream(statement, &values, |row| {
        let of = (payer(row, 0)?, row.get(2)?, row.get(3)?);
        let added = Added {
            lines: row.get(4)?,
            amount: row.get(5)?,
            credit: row.get(6)?,
        };
        found.insert(of, added);
        Ok::<(), Error>(())
    })?;
    Ok(found)
}

/// What a run's bills come to by scheme and district.
///
/// # Errors
///
/// What the database says.
pub fn sums(tx: &mut Tx<'_>, run: RunId) -> Result<Sums, Error> {
    let mut sums = Sums::new();
    tx.stream(SUMS, params![run.number()], |row| {
        sums.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok::<(), Error>(())
    })?;
    Ok(sums)
}

/// Makes of each bill of a run that is below 0 a receipt of its payer, of as much: it settles other bills or is sent back,
/// as any money.
///
/// # Errors
///
/// What the database says.
pub fn give_back(
    tx: &mut Tx<'_>,
    run: RunId,
    booked: Day,
    by: &str,
    at: Moment,
) -> Result<(), Error> {
    tx.execute(GIVE_BACK, params![run.number(), booked])?;
    tx.execute(GIVE_BACK_TO, params![run.number(), by, at])?;
    tx.execute(GIVEN_BACK, params![run.number()])?;
    Ok(())
}

/// What a run gives back by scheme and district: altogether, and of it from individual accounts.
///
/// # Errors
///
/// What the database says.
pub fn gives_back(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<(Scheme, District, Fen, Fen)>, Error> {
    tx.list(GIVES_BACK, params![run.number()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })
}

/// How many bills of a run that are below 0 have no receipt of as much.
///
/// # Errors
///
/// What the database says.
pub fn not_given_back(tx: &mut Tx<'_>, run: RunId) -> Result<i64, Error> {
    tx.one(NOT_GIVEN_BACK, params![run.number()], |row| row.get(0))
}

/// The bills of a payer in force with what has settled parts of them, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn of_payer(tx: &mut Tx<'_>, payer: Payer) -> Result<Vec<Bill>, Error> {
    let (kind, number) = payer.codes();
    let bills = tx.list(OF_PAYER, params![kind, number], bill)?;
    settled(tx, bills, PARTS_OF_PAYER, params![kind, number])
}

/// A bill in force with what has settled parts of it.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: BillId) -> Result<Option<Bill>, Error> {
    let bills = tx.list(FIND, params![id.number()], bill)?;
    Ok(settled(tx, bills, PARTS, params![id.number()])?.pop())
}

/// By which run a bill was made.
///
/// # Errors
///
/// What the database says, also when there is no such bill.
pub fn run_of(tx: &mut Tx<'_>, id: BillId) -> Result<RunId, Error> {
    tx.one(RUN_OF, params![id.number()], |row| row.get(0))
}

/// Bills, ascending, with what has settled parts of them as a statement tells it: bill, day, dues, accounts, fee.
pub(crate) fn settled(
    tx: &mut Tx<'_>,
    mut bills: Vec<Bill>,
    parts: Statement,
    values: &[Value],
) -> Result<Vec<Bill>, Error> {
    tx.stream(parts, values, |row| {
        let id: BillId = row.get(0)?;
        // What is not among the bills is of a run that is not in force, or closed.
        if let Ok(place) = bills.binary_search_by_key(&id, |bill| bill.id) {
            bills[place].settled.push(Settled {
                on: row.get(1)?,
                principal: row.get(2)?,
                accounts: row.get(3)?,
                fee: row.get(4)?,
            });
        }
        Ok::<(), Error>(())
    })?;
    Ok(bills)
}

/// A bill as the statements here select it, nothing of it settled yet.
pub(crate) fn bill(row: &Row<'_>) -> Result<Bill, Error> {
    Ok(Bill {
        id: row.get(0)?,
        payer: payer(row, 1)?,
        scheme: row.get(3)?,
        district: row.get(4)?,
        month: row.get(5)?,
        due: row.get(6)?,
        principal: row.get(7)?,
        accounts: row.get(8)?,
        settled: Vec::new(),
    })
}

/// Who pays, by the codes in two columns.
pub(crate) fn payer(row: &Row<'_>, column: usize) -> Result<Payer, Error> {
    let (kind, number): (i16, i64) = (row.get(column)?, row.get(column + 1)?);
    Payer::from_codes(kind, number).ok_or_else(|| Error::Cell {
        column: "payer".into(),
        wanted: "a payer",
        found: format!("{kind} {number}"),
    })
}

/// What is open of the dues of some bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// When they were due.
    pub due: Day,
    /// In which scheme.
    pub scheme: Scheme,
    /// How many bills.
    pub bills: i64,
    /// Their dues open.
    pub principal: Fen,
}

/// Hands on what is open in a district, by the day it was due and by scheme: the database adds up, so that memory does not
/// grow with the bills.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn open<E: From<Error>>(
    tx: &mut Tx<'_>,
    district: District,
    mut each: impl FnMut(Open) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(OPEN, params![district.code()], |row| {
        each(Open {
            due: row.get(0)?,
            scheme: row.get(1)?,
            bills: row.get(2)?,
            principal: row.get(3)?,
        })
    })
}

/// What is open of all bills in force by scheme and district: altogether, and of it for individual accounts.
///
/// # Errors
///
/// What the database says.
pub fn open_parts(tx: &mut Tx<'_>) -> Result<Vec<(Scheme, District, Fen, Fen)>, Error> {
    tx.list(OPEN_PARTS, params![], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })
}

/// Notes whether anything of a bill may still be settled.
///
/// # Errors
///
/// What the database says.
pub fn note_open(tx: &mut Tx<'_>, id: BillId, open: bool) -> Result<(), Error> {
    let statement = if open { REOPEN } else { CLOSE };
    tx.execute(statement, params![id.number()])?;
    Ok(())
}

/// The first bill in force that is noted as not open and whose dues are not settled, or that gives back and is noted as open.
///
/// # Errors
///
/// What the database says.
pub fn wrongly_noted(tx: &mut Tx<'_>) -> Result<Option<BillId>, Error> {
    tx.one(WRONGLY_NOTED, params![], |row| row.get(0))
}

/// Behind a bill, so many that are not open and of which a part was settled late.
///
/// # Errors
///
/// What the database says.
pub fn closed_late(tx: &mut Tx<'_>, behind: i64, many: i64) -> Result<Vec<BillId>, Error> {
    tx.list(CLOSED_LATE, params![behind, many], |row| row.get(0))
}

/// By which text of the law, and when, the last part of a bill was settled.
///
/// # Errors
///
/// What the database says.
pub fn last_settled(tx: &mut Tx<'_>, id: BillId) -> Result<Option<(String, Moment)>, Error> {
    tx.find(LAST_SETTLED, params![id.number()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
