//! Who owes what for which run, what has come in on it, and what has been credited?
//!
//! A bill adds up the dues of one payer in one scheme and district. It is made from the stored rows by the database itself,
//! so what it comes to is an independent check of what the run added up while it computed.

use crate::generation;
use crate::{Error, Tx, params, statements};
use city::dues::{BillId, Payer};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen, Month};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

statements! {
    /// What a run's bills come to by scheme and district.
    SUMS = "select scheme, district, cast(sum(amount) as bigint) from bill where run = $1 \
            group by scheme, district order by scheme, district";
    /// How many bills are not the sums of their dues, or the other way round.
    DIFFERING = "with summed as ( \
          select 1 as payer_kind, employer as payer, scheme, district, count(*) as lines, \
                 cast(sum(employer_due + person_due) as bigint) as amount from dues \
          where run = $1 and employer is not null group by employer, scheme, district \
          union all select 2, person, scheme, district, count(*), cast(sum(person_due) as bigint) from dues \
          where run = $1 and employer is null group by person, scheme, district \
          union all select 3, district, scheme, district, count(*), cast(sum(employer_due) as bigint) from dues \
          where run = $1 and category = 3 group by district, scheme), \
        billed as (select payer_kind, payer, scheme, district, lines, amount from bill where run = $1) \
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
    /// What is owed on the bills of a payer.
    OF_PAYER = "select b.bill, b.run, r.month, r.due_day, b.scheme, b.district, b.lines, b.amount, \
        cast(coalesce((select sum(principal) from allocation a \
                       where a.bill = b.bill and a.undone_at is null), 0) as bigint) \
        from bill b join run r on r.run = b.run and r.state in (5, 7) \
        where b.payer_kind = $1 and b.payer = $2 order by b.run, b.bill";
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
        "insert into bill (run, payer_kind, payer, scheme, district, lines, amount) \
         select {run}, payer_kind, payer, scheme, district, lines, amount from ( \
           select 1 as payer_kind, employer as payer, scheme, district, count(*) as lines, \
                  cast(sum(employer_due + person_due) as bigint) as amount from {table} \
           where run = {run} and employer is not null group by employer, scheme, district \
           union all select 2, person, scheme, district, count(*), cast(sum(person_due) as bigint) from {table} \
           where run = {run} and employer is null group by person, scheme, district \
           union all select 3, district, scheme, district, count(*), cast(sum(employer_due) as bigint) from {table} \
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

/// A bill and what has come in on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its number.
    pub id: BillId,
    /// The run that made it.
    pub run: RunId,
    /// The month it is for.
    pub month: Month,
    /// By when it is to be paid.
    pub due: Option<Day>,
    /// In which scheme.
    pub scheme: Scheme,
    /// Where it is paid.
    pub district: District,
    /// How many lines of dues it adds up.
    pub lines: i64,
    /// What they come to.
    pub amount: Fen,
    /// What has been allocated to it.
    pub paid: Fen,
}

/// The published bills of a payer, the oldest first.
///
/// # Errors
///
/// What the database says.
pub fn of_payer(tx: &mut Tx<'_>, payer: Payer) -> Result<Vec<Bill>, Error> {
    let (kind, number) = payer.codes();
    tx.list(OF_PAYER, params![kind, number], |row| {
        Ok(Bill {
            id: row.get(0)?,
            run: row.get(1)?,
            month: row.get(2)?,
            due: row.get(3)?,
            scheme: row.get(4)?,
            district: row.get(5)?,
            lines: row.get(6)?,
            amount: row.get(7)?,
            paid: row.get(8)?,
        })
    })
}
