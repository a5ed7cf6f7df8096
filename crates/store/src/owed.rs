//! What was a person ever assessed, and what became of each bill it stands on?
//!
//! A lifetime is hundreds of runs, and a page that shows one is asked for all day long: so it is one statement for the months,
//! one for each payer's bills, and one for what later runs altered the months by, each looking into a run by its key, not a
//! statement for each run. What was moved to a file is not among them; whoever reads it there asks for its bill with
//! [`of_bill`].

use crate::{Error, Row, Tx, folio, generation, params, statements};
use city::differences::Part;
use city::dues::{Due, Payer};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a bill `b`: the last day on which anything settled it, whether it is paid, the run that credited it.
macro_rules! became {
    () => {
        "(select max(a.day) from allocation a where a.bill = b.bill and a.undone_at is null), \
         coalesce(b.amount <= (select sum(a.principal) from allocation a where a.bill = b.bill and a.undone_at is null), false), \
         (select max(k.run) from crediting c left join passed_over p on p.run = c.run and p.bill = b.bill \
           join run k on k.run = case when p.bill is null then c.run else p.credited end and k.state in (5, 7) \
           where c.billed = b.run and b.scheme in (1, 2))"
    };
}

statements! {
    /// Of all assessments in force the folios that may hold a person's dues: they are due in no other district than the person
    /// was ever insured in. (SQLite takes `cross join` as that order, PostgreSQL as any other join.)
    FOLIOS = "select d.run, d.first_person, d.district, d.rows, d.content from run r cross join dues d \
        where r.kind = 1 and r.state in (5, 7) and d.run = r.run and d.first_person >= $2 and d.first_person <= $1 \
        and d.district in (select p.district from participation p where p.person = $1) order by d.run";
    /// The bills of a payer in a district from assessments in force, from one run to another.
    BILLS = concat!(
        "select b.run, b.scheme, ", became!(), " from run r cross join bill b \
         where r.kind = 1 and r.state in (5, 7) and b.run = r.run and r.run >= $1 and r.run <= $2 \
         and b.payer_kind = $3 and b.payer = $4 and b.district = $5"
    );
    /// What runs of differences in force alter a person's months by, what is given back first.
    DIFFERENCES = concat!(
        "select d.run, d.part, d.person, d.scheme, d.category, d.employer, d.district, d.base, d.employer_due, d.person_due, \
         d.credit, ",
        became!(), " from run r cross join difference d \
         left join bill b on b.run = d.run and b.payer_kind = case when d.employer = 0 then 2 else 1 end \
         and b.payer = case when d.employer = 0 then d.person else d.employer end \
         and b.scheme = d.scheme and b.district = d.district \
         where r.kind = 4 and r.state in (5, 7) and d.run = r.run and d.person = $1 \
         order by d.run, d.scheme, case when d.part = 2 then 0 else 1 end, d.employer"
    );
    /// What became of the bill of a payer in a run.
    OF_BILL = concat!(
        "select ", became!(),
        " from bill b where b.run = $1 and b.payer_kind = $2 and b.payer = $3 and b.scheme = $4 and b.district = $5"
    );
}

/// What became of a bill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Became {
    /// The last day on which anything settled it.
    pub settled: Option<Day>,
    /// Whether it is paid to the end.
    pub is_paid: bool,
    /// By which run in force it was credited to the accounts.
    pub credited: Option<RunId>,
}

impl Became {
    /// The day on which it was paid to the end; `None` while it is not.
    #[must_use]
    pub fn paid(&self) -> Option<Day> {
        self.settled.filter(|_| self.is_paid)
    }
}

/// A line of a run that concerns a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// By which run.
    pub run: RunId,
    /// How it stands to what was in force.
    pub part: Part,
    /// What is owed.
    pub due: Due,
    /// What became of the bill it stands on; nothing where there is none.
    pub became: Became,
}

/// What the months in force found for a person, as far as their rows are in the database: run by run, by scheme.
///
/// # Errors
///
/// What the database says.
pub fn dues(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Owed>, Error> {
    let mut found: Vec<Owed> = Vec::new();
    let mut rows: Vec<Due> = Vec::new();
    let values = params![person, folio::span(person.number())];
    tx.stream(FOLIOS, values, |row| {
        let run: RunId = row.get(0)?;
        folio::of_person(row, generation::dues(run), person, &mut rows)?;
        found.extend(rows.drain(..).map(|due| Owed {
            run,
            part: Part::Added,
            due,
            became: Became::default(),
        }));
        Ok::<(), Error>(())
    })?;
    found.sort_by_key(|one| (one.run, one.due.scheme.code(), one.due.through()));
    let payers: BTreeSet<(Payer, District)> = found.iter().map(|one| billed(&one.due)).collect();
    for of in payers {
        look_up_bills(tx, of, &mut found)?;
    }
    Ok(found)
}

/// Notes what became of a payer's bills in a district where dues stand on them. The dues come by run.
fn look_up_bills(tx: &mut Tx<'_>, of: (Payer, District), dues: &mut [Owed]) -> Result<(), Error> {
    let (Some(first), Some(last)) = (dues.first(), dues.last()) else {
        return Ok(());
    };
    let (kind, number) = of.0.codes();
    let values = params![first.run, last.run, kind, number, of.1];
    let mut bills: BTreeMap<(RunId, Scheme), Became> = BTreeMap::new();
    tx.stream(BILLS, values, |row| {
        bills.insert((row.get(0)?, row.get(1)?), became(row, 2)?);
        Ok::<(), Error>(())
    })?;
    for one in dues.iter_mut().filter(|one| billed(&one.due) == of) {
        let bill = bills.get(&(one.run, one.due.scheme));
        one.became = bill.copied().unwrap_or_default();
    }
    Ok(())
}

/// On whose bill a due stands, and where.
fn billed(due: &Due) -> (Payer, District) {
    let payer = match due.employer {
        Some(employer) => Payer::Employer(employer),
        None => Payer::Person(due.person),
    };
    (payer, due.district)
}

/// What later runs in force altered a person's months by: run by run, by scheme, what is given back first.
///
/// # Errors
///
/// What the database says.
pub fn differences(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Owed>, Error> {
    tx.list(DIFFERENCES, params![person], owed)
}

/// What became of the bill of a payer in a run, for a scheme and district.
///
/// # Errors
///
/// What the database says.
pub fn of_bill(
    tx: &mut Tx<'_>,
    run: RunId,
    payer: Payer,
    (scheme, district): (Scheme, District),
) -> Result<Became, Error> {
    let (kind, number) = payer.codes();
    let values = params![run, kind, number, scheme, district];
    let found = tx.find(OF_BILL, values, |row| became(row, 0))?;
    Ok(found.unwrap_or_default())
}

fn owed(row: &Row<'_>) -> Result<Owed, Error> {
    Ok(Owed {
        run: row.get(0)?,
        part: row.get(1)?,
        due: Due {
            person: row.get(2)?,
            scheme: row.get(3)?,
            category: row.get(4)?,
            employer: EmployerId::new(row.get(5)?),
            district: row.get(6)?,
            base: row.get(7)?,
            employer_due: row.get(8)?,
            person_due: row.get(9)?,
            credit: row.get(10)?,
        },
        became: became(row, 11)?,
    })
}

fn became(row: &Row<'_>, first: usize) -> Result<Became, Error> {
    Ok(Became {
        settled: row.get(first)?,
        is_paid: row.get(first + 1)?,
        credited: row.get(first + 2)?,
    })
}
