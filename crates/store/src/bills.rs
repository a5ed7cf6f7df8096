//! Who owes what for which run, what has come in on it, and what has been credited?
//!
//! A bill adds up the dues of one payer in one scheme and district. It is made from the stored rows by the database itself,
//! so what it comes to is an independent check of what the run added up while it computed.

use crate::generation;
use crate::{Error, Row, Statement, Tx, Value, params, statements};
use city::collection::{Bill, Settled};
use city::dues::{BillId, Payer};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

statements! {
    /// What a run's bills come to by scheme and district.
    SUMS = "select scheme, district, cast(sum(amount) as bigint) from bill where run = $1 \
            group by scheme, district order by scheme, district";
    /// How many bills are not the sums of their dues, or the other way round.
    DIFFERING = "with summed as ( \
          select 1 as payer_kind, employer as payer, scheme, district, count(*) as lines, \
                 cast(sum(employer_due + person_due) as bigint) as amount, cast(sum(credit) as bigint) as credit from dues \
          where run = $1 and employer is not null group by employer, scheme, district \
          union all select 2, person, scheme, district, count(*), cast(sum(person_due) as bigint), \
                 cast(sum(case when category = 3 then credit - employer_due else credit end) as bigint) from dues \
          where run = $1 and employer is null group by person, scheme, district \
          union all select 3, district, scheme, district, count(*), cast(sum(employer_due) as bigint), cast(sum(employer_due) as bigint) from dues \
          where run = $1 and category = 3 group by district, scheme), \
        billed as (select payer_kind, payer, scheme, district, lines, amount, credit from bill where run = $1) \
        select (select count(*) from (select * from summed where amount <> 0 except select * from billed) as missing) \
             + (select count(*) from (select * from billed except select * from summed) as surplus)";
    /// Bills that bear a credit, are paid in full, and were not credited by any run that was not given up.
    TO_CREDIT = "insert into crediting (run, bill) select $1, b.bill from bill b \
        join run r on r.run = b.run and r.state in (5, 7) \
        left join (select bill, sum(principal) as paid from allocation where undone_at is null group by bill) a \
        on a.bill = b.bill \
        where b.scheme in (1, 2) and b.payer_kind in (1, 2) and coalesce(a.paid, 0) >= b.amount \
        and not exists (select 1 from crediting c join run k on k.run = c.run \
                        where c.bill = b.bill and k.state <> 6)";
    /// The runs whose bills a run credits.
    CREDITED_RUNS = "select distinct b.run from crediting c join bill b on b.bill = c.bill \
        where c.run = $1 order by b.run";
    /// The employers' bills of a run that another credits.
    CREDITED_EMPLOYERS = "select b.payer, b.scheme, b.district from crediting c join bill b on b.bill = c.bill \
        where c.run = $1 and b.run = $2 and b.payer_kind = 1";
    /// Of some persons, those whose own bills of a run another credits.
    CREDITED_PERSONS = "select b.payer, b.scheme from bill b join crediting c on c.bill = b.bill and c.run = $1 \
        where b.run = $2 and b.payer_kind = 2 and b.payer >= $3 and b.payer < $4";
    /// The bills of a payer in force, the oldest first.
    OF_PAYER = "select b.bill, b.payer_kind, b.payer, b.scheme, b.district, r.month, r.due_day, b.amount, b.credit \
        from bill b join run r on r.run = b.run and r.state in (5, 7) \
        where b.payer_kind = $1 and b.payer = $2 order by b.bill";
    /// What has settled parts of a payer's bills: money, and what was written off.
    PARTS_OF_PAYER = "select s.bill, s.day, s.principal, s.accounts, s.fee from ( \
          select bill, day, principal, accounts, fee from allocation where undone_at is null \
          union all select bill, day, principal, accounts, fee from write_off where approved_at is not null \
        ) s join bill b on b.bill = s.bill where b.payer_kind = $1 and b.payer = $2 order by s.bill, s.day";
    /// A bill in force.
    FIND = "select b.bill, b.payer_kind, b.payer, b.scheme, b.district, r.month, r.due_day, b.amount, b.credit \
        from bill b join run r on r.run = b.run and r.state in (5, 7) where b.bill = $1";
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
          select b.scheme, b.district, b.amount, b.credit as accounts from bill b join run r on r.run = b.run and r.state in (5, 7) \
          union all select b.scheme, b.district, -a.principal, -a.accounts from allocation a \
            join bill b on b.bill = a.bill where a.undone_at is null \
          union all select b.scheme, b.district, -w.principal, -w.accounts from write_off w \
            join bill b on b.bill = w.bill where w.approved_at is not null \
        ) as parts group by scheme, district order by scheme, district";
    /// Nothing is open on it any more.
    CLOSE = "update bill set open = false where bill = $1 and open";
    /// Something is.
    REOPEN = "update bill set open = true where bill = $1 and not open";
}

/// Makes the bills of a run from its dues.
///
/// # Errors
///
/// What the database says.
pub fn make(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    let table = generation::dues(run).table(tx.engine());
    // The names of tables cannot be bound; both are numbers of ours. A payer is an employer (1), a person (2) or, for what
    // the government adds to a resident's payment, a district's treasury (3).
    tx.batch(&format!(
        "insert into bill (run, payer_kind, payer, scheme, district, lines, amount, credit, open) \
         select {run}, payer_kind, payer, scheme, district, lines, amount, credit, true from ( \
           select 1 as payer_kind, employer as payer, scheme, district, count(*) as lines, \
                  cast(sum(employer_due + person_due) as bigint) as amount, cast(sum(credit) as bigint) as credit from {table} \
           where run = {run} and employer is not null group by employer, scheme, district \
           union all select 2, person, scheme, district, count(*), cast(sum(person_due) as bigint), \
                  cast(sum(case when category = 3 then credit - employer_due else credit end) as bigint) from {table} \
           where run = {run} and employer is null group by person, scheme, district \
           union all select 3, district, scheme, district, count(*), cast(sum(employer_due) as bigint), cast(sum(employer_due) as bigint) from {table} \
           where run = {run} and category = 3 group by district, scheme) as summed \
         where amount <> 0 order by payer_kind, payer, scheme, district"
    ))
}

/// How many payers' bills of a run in force are not the sums of their dues, in either way.
///
/// # Errors
///
/// What the database says.
pub fn differing(tx: &mut Tx<'_>, run: RunId) -> Result<i64, Error> {
    tx.one(DIFFERING, params![run.number()], |row| row.get(0))
}

/// What a run's bills come to by scheme and district.
///
/// # Errors
///
/// What the database says.
pub fn sums(tx: &mut Tx<'_>, run: RunId) -> Result<BTreeMap<(Scheme, District), Fen>, Error> {
    let mut sums = BTreeMap::new();
    tx.stream(SUMS, params![run.number()], |row| {
        sums.insert((row.get(0)?, row.get(1)?), row.get(2)?);
        Ok::<(), Error>(())
    })?;
    Ok(sums)
}

/// Notes which bills a crediting run credits: those paid in full that none has credited. Gives how many.
///
/// # Errors
///
/// What the database says.
pub fn to_credit(tx: &mut Tx<'_>, run: RunId) -> Result<u64, Error> {
    tx.execute(TO_CREDIT, params![run.number()])
}

/// The runs of which a crediting run credits bills, ascending.
///
/// # Errors
///
/// What the database says.
pub fn credited_runs(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<RunId>, Error> {
    tx.list(CREDITED_RUNS, params![run.number()], |row| row.get(0))
}

/// The employers' bills of a run that a crediting run credits, by employer, scheme and district.
///
/// # Errors
///
/// What the database says.
pub fn credited_employers(
    tx: &mut Tx<'_>,
    run: RunId,
    of: RunId,
) -> Result<BTreeSet<(EmployerId, Scheme, District)>, Error> {
    let mut employers = BTreeSet::new();
    tx.stream(
        CREDITED_EMPLOYERS,
        params![run.number(), of.number()],
        |row| {
            employers.insert((row.get(0)?, row.get(1)?, row.get(2)?));
            Ok::<(), Error>(())
        },
    )?;
    Ok(employers)
}

/// Of the persons in a range, those whose own bills of a run a crediting run credits, with the scheme.
///
/// # Errors
///
/// What the database says.
pub fn credited_persons(
    tx: &mut Tx<'_>,
    run: RunId,
    of: RunId,
    persons: &Range<i64>,
) -> Result<BTreeSet<(PersonId, Scheme)>, Error> {
    let values = params![run.number(), of.number(), persons.start, persons.end];
    let mut found = BTreeSet::new();
    tx.stream(CREDITED_PERSONS, values, |row| {
        found.insert((row.get(0)?, row.get(1)?));
        Ok::<(), Error>(())
    })?;
    Ok(found)
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
