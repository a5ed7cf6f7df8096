//! What of a bill that was written off in part was paid, and whom was it credited to?
//!
//! Such a bill is never paid in full, so it stays among those that every crediting passes over. The run that finds it settled
//! keeps beside it what each person is credited of what was paid.

use crate::{Error, Row, Tx, params, statements};
use city::accounts::{PartCredit, PartPaid};
use city::dues::{BillId, Payer};
use city::people::PersonId;
use city::runs::{RunId, RunKind};
use measure::{Day, Fen, Month};
use std::collections::BTreeMap;
use std::ops::Range;

/// The bills `b` of runs `r` that money and what was written off settle to the end, with what of the money was for accounts.
macro_rules! part_paid {
    () => {
        "select b.bill, b.scheme, b.district, b.credit, \
         cast((select sum(a.accounts) from allocation a where a.bill = b.bill and a.undone_at is null) as bigint), \
         b.run, r.kind, b.payer_kind, b.payer \
         from (select bill, sum(principal) as principal from write_off where approved_at is not null and principal > 0 group by bill) w \
         join bill b on b.bill = w.bill and b.amount > 0 and b.scheme in (1, 2) and b.payer_kind in (1, 2) \
         join run r on r.run = b.run \
         where b.amount = w.principal + (select coalesce(sum(a.principal), 0) from allocation a where a.bill = b.bill and a.undone_at is null) \
         and 0 < (select coalesce(sum(a.accounts), 0) from allocation a where a.bill = b.bill and a.undone_at is null)"
    };
}

/// A part credit `c` as it is kept.
macro_rules! kept {
    () => {
        "select c.bill, c.scheme, c.district, c.whole, c.paid, c.person, c.before, c.own, c.credit"
    };
}

statements! {
    /// Those that wait to be credited, of which nothing was given back: what is given back of such a bill would have to be
    /// shared out as well, and is left to the counter.
    TO_CREDIT = concat!(
        part_paid!(),
        " and exists (select 1 from passed_over p join run k on k.run = p.run and k.state <> 6 where p.bill = b.bill and p.credited is null) \
          and not exists (select 1 from part_credit c join run k on k.run = c.run and k.state <> 6 where c.bill = b.bill) \
          and not exists (select 1 from run s cross join bill g where s.month = r.month and s.run > b.run and s.state in (5, 7) \
            and g.run = s.run and g.payer_kind = b.payer_kind and g.payer = b.payer and g.scheme = b.scheme and g.amount < 0) \
          order by b.bill"
    );
    /// One of them, waiting or not.
    OF_BILL = concat!(part_paid!(), " and b.bill = $1");
    /// Keeps what somebody is credited.
    KEEP = "insert into part_credit (run, person, bill, scheme, district, whole, paid, before, own, credit) \
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What a run credits so, bill by bill.
    OF_RUN = concat!(kept!(), " from part_credit c where c.run = $1 order by c.bill, c.person");
    /// What a run credits some persons so.
    OF_PERSONS = concat!(kept!(), " from part_credit c where c.run = $1 and c.person >= $2 and c.person < $3 order by c.person, c.bill");
    /// What runs in force credited a person so, and the last day on which the bill was paid on.
    OF_PERSON = concat!(
        kept!(),
        ", c.run, b.run, r.month, (select max(a.day) from allocation a where a.bill = b.bill and a.undone_at is null) \
          from part_credit c join run k on k.run = c.run and k.state in (5, 7) join bill b on b.bill = c.bill join run r on r.run = b.run \
          where c.person = $1 order by c.run, c.bill"
    );
}

/// A bill that was paid in part, and on what it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The bill.
    pub part: PartPaid,
    /// By which run it was made.
    pub run: RunId,
    /// Of which kind.
    pub kind: RunKind,
    /// Whose it is.
    pub payer: Payer,
}

/// A part credit in force, with what a statement says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// It.
    pub credit: PartCredit,
    /// By which run it was credited.
    pub credited: RunId,
    /// By which run it was assessed.
    pub assessed: RunId,
    /// For which month.
    pub month: Month,
    /// The last day on which anything was paid on it.
    pub paid: Option<Day>,
}

/// The bills written off in part that wait to be credited, in order.
///
/// # Errors
///
/// What the database says.
pub fn to_credit(tx: &mut Tx<'_>) -> Result<Vec<Settled>, Error> {
    tx.list(TO_CREDIT, params![], settled)
}

/// This bill, if it was paid in part and written off for the rest.
///
/// # Errors
///
/// What the database says.
pub fn of_bill(tx: &mut Tx<'_>, bill: BillId) -> Result<Option<Settled>, Error> {
    tx.find(OF_BILL, params![bill.number()], settled)
}

/// Keeps what a run credits.
///
/// # Errors
///
/// What the database says.
pub fn keep(tx: &mut Tx<'_>, run: RunId, credits: &[PartCredit]) -> Result<(), Error> {
    for one in credits {
        let of = &one.of;
        let values = params![
            run,
            one.person,
            of.bill.number(),
            of.scheme,
            of.district,
            of.whole,
            of.paid,
            one.before,
            one.own,
            one.credit
        ];
        tx.execute(KEEP, values)?;
    }
    Ok(())
}

/// What a run credits so, bill by bill, by person.
///
/// # Errors
///
/// What the database says.
pub fn of_run(tx: &mut Tx<'_>, run: RunId) -> Result<BTreeMap<BillId, Vec<PartCredit>>, Error> {
    let mut bills: BTreeMap<BillId, Vec<PartCredit>> = BTreeMap::new();
    for one in tx.list(OF_RUN, params![run], credit)? {
        bills.entry(one.of.bill).or_default().push(one);
    }
    Ok(bills)
}

/// What a run credits some persons so, by person.
///
/// # Errors
///
/// What the database says.
pub fn of_persons(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
) -> Result<Vec<PartCredit>, Error> {
    let values = params![run, persons.start, persons.end];
    tx.list(OF_PERSONS, values, credit)
}

/// What runs in force credited a person so, in order.
///
/// # Errors
///
/// What the database says.
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<InForce>, Error> {
    tx.list(OF_PERSON, params![person], |row| {
        Ok(InForce {
            credit: credit(row)?,
            credited: row.get(9)?,
            assessed: row.get(10)?,
            month: row.get(11)?,
            paid: row.get(12)?,
        })
    })
}

fn settled(row: &Row<'_>) -> Result<Settled, Error> {
    Ok(Settled {
        part: part(row)?,
        run: row.get(5)?,
        kind: row.get(6)?,
        payer: crate::bills::payer(row, 7)?,
    })
}

fn part(row: &Row<'_>) -> Result<PartPaid, Error> {
    Ok(PartPaid {
        bill: row.get(0)?,
        scheme: row.get(1)?,
        district: row.get(2)?,
        whole: row.get::<Fen>(3)?,
        paid: row.get::<Fen>(4)?,
    })
}

fn credit(row: &Row<'_>) -> Result<PartCredit, Error> {
    Ok(PartCredit {
        of: part(row)?,
        person: row.get(5)?,
        before: row.get(6)?,
        own: row.get(7)?,
        credit: row.get(8)?,
    })
}
