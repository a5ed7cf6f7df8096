//! What are we billed, for whom, and what does being late cost?

use super::glance::said;
use super::staff::name;
use crate::account::months::{Part, parts};
use crate::acting::Acting;
use crate::collect::owes::{Owes, owes};
use crate::error::Error;
use crate::permit::{self, Action};
use crate::shelf;
use crate::whole;
use city::collection::{Bill, BillId, Payer};
use city::dues::Due;
use city::employers::EmployerId;
use city::logins::Login;
use city::people::PersonId;
use city::runs::{Run, RunKind};
use measure::Day;
use rules::law::Law;
use store::secrets::Secrets;
use store::{Db, Tx, audit, bills, differences, insurance, people, runs};

/// All that an employer is billed.
#[derive(Clone, Debug, PartialEq)]
pub struct Billed {
    /// What is owed today and tomorrow, or why that cannot be said.
    pub owes: Result<Owes, Error>,
    /// Every bill, the newest first.
    pub bills: Vec<Bill>,
}

/// The own bills. That they were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn billed(
    db: &Db,
    law: &Law,
    login: Option<&Login>,
    on: Day,
    acting: Acting<'_>,
) -> Result<Billed, Error> {
    let employer = permit::own_employer(login, Action::ReadDues)?;
    let payer = Payer::Employer(employer);
    whole::look(db, |tx| {
        let subject = (audit::EMPLOYER, employer.number());
        acting.note(tx, Action::ReadDues.word(), subject, "")?;
        let mut bills = bills::of_payer(tx, payer)?;
        bills.sort_by_key(|bill| (std::cmp::Reverse(bill.month), bill.scheme, bill.id));
        Ok(Billed {
            owes: said(owes(tx, law, payer, on))?,
            bills,
        })
    })
}

/// A bill, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The bill.
    pub bill: Bill,
    /// Under which law it was assessed.
    pub law: String,
    /// What it adds up, by the names of the persons.
    pub lines: Vec<Line>,
}

/// What a bill has for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Their name.
    pub name: String,
    /// What was found.
    pub due: Due,
}

/// Opens an own bill. That its persons were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; `S0302`, `S0303` when names do not open with these keys; what the database
/// says.
pub fn open(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    id: BillId,
    acting: Acting<'_>,
) -> Result<Opened, Error> {
    let employer = permit::own_employer(login, Action::ReadDues)?;
    whole::look(db, |tx| {
        let bill = bills::find(tx, id)?;
        let bill = bill.filter(|bill| bill.payer == Payer::Employer(employer));
        let bill = bill.ok_or(permit::Refusal::Unknown)?;
        let run = bills::run_of(tx, id)?;
        let run = runs::find(tx, run)?.ok_or(permit::Refusal::Unknown)?;
        let mut lines = Vec::new();
        for due in dues(tx, &run, employer, &bill)? {
            let known = people::person(tx, due.person)?;
            let name = match known {
                Some((_, cipher)) => name(secrets, due.person.number(), &cipher)?,
                None => String::new(),
            };
            lines.push(Line { name, due });
        }
        lines.sort_by(|one, other| {
            (&one.name, one.due.person).cmp(&(&other.name, other.due.person))
        });
        let subject = (audit::EMPLOYER, employer.number());
        let detail = format!("bill {id}: {} persons", lines.len());
        acting.note(tx, Action::ReadDues.word(), subject, &detail)?;
        Ok(Opened {
            law: run.law,
            bill,
            lines,
        })
    })
}

/// What an own bill has for one person, and what each part of it opens to. That they were looked at is noted.
///
/// # Errors
///
/// As [`open`]; `N0603` when the bill has nothing of them.
pub fn line(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    (id, person): (BillId, PersonId),
    acting: Acting<'_>,
) -> Result<(Bill, Line, Vec<Part>), Error> {
    let opened = open(db, (secrets, login), id, acting)?;
    let mut lines = opened.lines.into_iter();
    let line = lines.find(|line| line.due.person == person);
    let line = line.ok_or(permit::Refusal::Unknown)?;
    whole::look(db, |tx| {
        let run = bills::run_of(tx, id)?;
        let run = runs::find(tx, run)?.ok_or(permit::Refusal::Unknown)?;
        let subject = (audit::PERSON, person.number());
        acting.note(tx, Action::ReadDues.word(), subject, "")?;
        let parts = match run.kind {
            RunKind::Difference => Vec::new(),
            _ => parts(&run, &line.due),
        };
        Ok((opened.bill.clone(), line.clone(), parts))
    })
}

/// What a run found through an employer, in a bill's scheme and district.
fn dues(tx: &mut Tx<'_>, run: &Run, employer: EmployerId, bill: &Bill) -> Result<Vec<Due>, Error> {
    let mut found = Vec::new();
    let ours = |due: &Due| {
        (due.employer, due.scheme, due.district) == (Some(employer), bill.scheme, bill.district)
    };
    for person in insurance::ever(tx, employer, bill.scheme)? {
        let only = shelf::only(person);
        match run.kind {
            RunKind::Difference => differences::of_run(tx, run.id, &only, |line| {
                if ours(&line.due) {
                    found.push(line.due);
                }
                Ok::<(), Error>(())
            })?,
            _ => shelf::dues(tx, run.id, &only, |due| {
                if ours(&due) {
                    found.push(due);
                }
                Ok(())
            })?,
        }
    }
    Ok(found)
}
