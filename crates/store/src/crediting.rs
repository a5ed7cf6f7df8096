//! Which bills does a run credit to the accounts?
//!
//! Nearly all bills are paid in full by the time their month is credited. So what is kept is which runs' bills a crediting is
//! the first to look through, and the bills that it passed over; a later one credits those when they are paid.

use crate::{Error, Tx, params, statements};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::{RunId, RunKind};
use std::collections::BTreeSet;
use std::ops::Range;

statements! {
    /// How many bills of a run are credited, or about to be, without being paid in full.
    CREDITED_UNPAID = "select count(*) from bill b join crediting c on c.billed = b.run join run k on k.run = c.run and k.state <> 6 \
        left join passed_over p on p.run = c.run and p.bill = b.bill \
        where b.run = $1 and b.scheme in (1, 2) and b.payer_kind in (1, 2) and b.amount > 0 \
        and (p.bill is null or p.credited is not null) \
        and b.amount > coalesce((select sum(a.principal) from allocation a where a.bill = b.bill and a.undone_at is null), 0)";
    /// The runs in force whose bills no other has looked through: this one is the first.
    IS_FIRST = "insert into crediting (run, billed) select $1, r.run from run r where r.kind in (1, 4) and r.state in (5, 7) \
        and not exists (select 1 from crediting c join run k on k.run = c.run and k.state <> 6 where c.billed = r.run)";
    /// These, and what they do.
    FIRST = "select c.billed, r.kind from crediting c join run r on r.run = c.billed where c.run = $1 order by c.billed";
    /// Of the bills of a run those that are not paid in full are passed over: they are open, or were written off.
    PASS_OVER = "insert into passed_over (run, bill) select $1, b.bill from bill b \
        where b.bill in (select o.bill from bill o where o.open and o.run = $2 \
          union select w.bill from write_off w where w.approved_at is not null) \
        and b.run = $2 and b.scheme in (1, 2) and b.payer_kind in (1, 2) and b.amount > 0 \
        and b.amount > coalesce((select sum(a.principal) from allocation a where a.bill = b.bill and a.undone_at is null), 0)";
    /// Of the bills that earlier runs passed over, those that are paid in full by now are credited.
    CREDIT_LATE = "update passed_over set credited = $1 where credited is null and run in (select run from run where state <> 6) \
        and bill in (select p.bill from passed_over p join bill b on b.bill = p.bill where p.credited is null and b.amount > 0 \
          and b.amount <= coalesce((select sum(a.principal) from allocation a where a.bill = b.bill and a.undone_at is null), 0))";
    /// What a run gave back of bills that wait to be credited is passed over as well.
    PASS_OVER_GIVEN_BACK = "insert into passed_over (run, bill) select $1, b.bill from bill b join run r on r.run = b.run \
        where b.run = $2 and b.scheme in (1, 2) and b.payer_kind in (1, 2) and b.amount < 0 \
        and exists (select 1 from run s cross join bill o cross join passed_over p cross join run k \
          where s.month = r.month and s.run < b.run and s.state in (5, 7) and o.run = s.run and o.payer_kind = b.payer_kind \
          and o.payer = b.payer and o.scheme = b.scheme and o.amount > 0 \
          and p.bill = o.bill and p.credited is null and k.run = p.run and k.state <> 6)";
    /// What was given back and passed over is taken from the accounts, once what it was given back of is credited.
    TAKE_BACK_LATE = "update passed_over set credited = $1 where credited is null and run <> $1 \
        and run in (select run from run where state <> 6) and bill in ( \
          select b.bill from passed_over w join bill b on b.bill = w.bill join run r on r.run = b.run \
          where w.credited is null and b.amount < 0 \
          and not exists (select 1 from run s cross join bill o cross join passed_over p cross join run k \
            where s.month = r.month and s.run < b.run and s.state in (5, 7) and o.run = s.run and o.payer_kind = b.payer_kind \
            and o.payer = b.payer and o.scheme = b.scheme and o.amount > 0 \
            and p.bill = o.bill and p.credited is null and k.run = p.run and k.state <> 6))";
    /// What a run that is given up would have credited waits again.
    LET_GO = "update passed_over set credited = null where credited = $1";
    /// The runs whose bills a run credits: whether it is the first to look through them, and whether any person's is among
    /// those that are named.
    CREDITED_RUNS = "select f.run, r.kind, f.is_first, \
          exists (select 1 from passed_over p join bill b on b.bill = p.bill \
            where (p.run = $1 or p.credited = $1) and b.run = f.run and b.payer_kind = 2) \
        from (select billed as run, true as is_first from crediting where run = $1 \
          union all select distinct b.run, false from passed_over p join bill b on b.bill = p.bill where p.credited = $1) f \
        join run r on r.run = f.run order by f.run";
    /// The employers' bills of a run that another passed over, or credits late.
    NAMED_EMPLOYERS = "select b.payer, b.scheme, b.district from passed_over p join bill b on b.bill = p.bill \
        where (p.run = $1 or p.credited = $1) and b.run = $2 and b.payer_kind = 1";
    /// The first and the last of some persons' own bills of a run.
    PERSONS_BILLS = "select min(bill), max(bill) from bill \
        where run = $1 and payer_kind = 2 and payer >= $2 and payer < $3";
    /// Of some persons, those whose own bills of a run another passed over, or credits late. A run numbers its bills in the
    /// order of the persons, so of all that are named only a stretch is read for each chunk.
    NAMED_PERSONS = "select b.payer, b.scheme from passed_over p join bill b on b.bill = p.bill \
        where (p.run = $1 or p.credited = $1) and p.bill >= $5 and p.bill <= $6 \
        and b.run = $2 and b.payer_kind = 2 and b.payer >= $3 and b.payer < $4";
}

/// How many bills of a run are credited to accounts, or about to be, without being paid in full.
///
/// # Errors
///
/// What the database says.
pub fn credited_unpaid(tx: &mut Tx<'_>, run: RunId) -> Result<i64, Error> {
    tx.one(CREDITED_UNPAID, params![run.number()], |row| row.get(0))
}

/// Notes which bills a crediting run credits: those paid in full that none has credited, and what was given back of what
/// is credited.
///
/// # Errors
///
/// What the database says.
pub fn to_credit(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    tx.execute(IS_FIRST, params![run.number()])?;
    let first: Vec<(RunId, RunKind)> = tx.list(FIRST, params![run.number()], |row| {
        Ok::<_, Error>((row.get(0)?, row.get(1)?))
    })?;
    for (of, _) in &first {
        tx.execute(PASS_OVER, params![run.number(), of.number()])?;
    }
    tx.execute(CREDIT_LATE, params![run.number()])?;
    // Nothing else gives back.
    for (of, _) in first
        .iter()
        .filter(|(_, kind)| *kind == RunKind::Difference)
    {
        tx.execute(PASS_OVER_GIVEN_BACK, params![run.number(), of.number()])?;
    }
    tx.execute(TAKE_BACK_LATE, params![run.number()])?;
    Ok(())
}

/// What a crediting run that is given up would have credited waits again.
///
/// # Errors
///
/// What the database says.
pub fn let_go(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    tx.execute(LET_GO, params![run.number()])?;
    Ok(())
}

/// A run some of whose bills a crediting run credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditedRun {
    /// Which.
    pub of: RunId,
    /// What it does.
    pub kind: RunKind,
    /// Whether the crediting is the first to look through its bills: then it credits all but the named, otherwise the named.
    pub first: bool,
    /// Whether any person's own bill is named.
    pub names_persons: bool,
}

/// The runs of which a crediting run credits bills, ascending.
///
/// # Errors
///
/// What the database says.
pub fn credited_runs(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<CreditedRun>, Error> {
    tx.list(CREDITED_RUNS, params![run.number()], |row| {
        Ok(CreditedRun {
            of: row.get(0)?,
            kind: row.get(1)?,
            first: row.get(2)?,
            names_persons: row.get(3)?,
        })
    })
}

/// The employers' bills of a run that a crediting run names, by employer, scheme and district.
///
/// # Errors
///
/// What the database says.
pub fn named_employers(
    tx: &mut Tx<'_>,
    run: RunId,
    of: RunId,
) -> Result<BTreeSet<(EmployerId, Scheme, District)>, Error> {
    let mut employers = BTreeSet::new();
    let values = params![run.number(), of.number()];
    tx.stream(NAMED_EMPLOYERS, values, |row| {
        employers.insert((row.get(0)?, row.get(1)?, row.get(2)?));
        Ok::<(), Error>(())
    })?;
    Ok(employers)
}

/// Of the persons in a range, those whose own bills of a run a crediting run names, with the scheme.
///
/// # Errors
///
/// What the database says.
pub fn named_persons(
    tx: &mut Tx<'_>,
    run: RunId,
    of: RunId,
    persons: &Range<i64>,
) -> Result<BTreeSet<(PersonId, Scheme)>, Error> {
    let mut found = BTreeSet::new();
    let own = params![of.number(), persons.start, persons.end];
    let (first, last) = tx.one(PERSONS_BILLS, own, |row| {
        Ok::<_, Error>((row.get::<Option<i64>>(0)?, row.get::<Option<i64>>(1)?))
    })?;
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(found);
    };
    let values = params![
        run.number(),
        of.number(),
        persons.start,
        persons.end,
        first,
        last
    ];
    tx.stream(NAMED_PERSONS, values, |row| {
        found.insert((row.get(0)?, row.get(1)?));
        Ok::<(), Error>(())
    })?;
    Ok(found)
}
