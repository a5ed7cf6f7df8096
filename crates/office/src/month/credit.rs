//! Which accounts are credited with what was paid?
//!
//! What was assessed is credited when the whole bill it stands on is paid, not before. A crediting run fixes, when it is
//! opened, which bills those are: all that are paid in full and that no run has credited yet, of this month and of earlier
//! ones that were paid late. Of a bill that is settled and was written off in part it credits what was paid ([`part`]). It
//! makes the next generation of accounts from the current one, and takes up the entries that were approved at the counter by
//! then.

use super::assess::{Cut, begin, chunks, finished};
use super::engine::{self, Chunk, Progress, Work};
use super::{content, lookup, part, succession};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::shelf;
use crate::whole;
use city::accounts::Account;
use city::differences::Difference;
use city::dues::{Due, Payer, Sum, Totals};
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::lawful::Lawful;
use city::people::PersonId;
use city::places::District;
use city::runs::{Refusal, Run, RunId, RunKind, RunState};
use ledger::ChunkTree;
use measure::Month;
use rules::law::Law;
use std::collections::{BTreeSet, HashMap};
use store::crediting::CreditedRun;
use store::runs::{Mark, NewRun};
use store::{
    Db, Tx, Write, accounts, audit, crediting, differences, dues, entries, generation,
    part_credits, runs, seals,
};

/// Opens and computes the crediting of a month, or goes on with one that was interrupted.
///
/// # Errors
///
/// `N0101` when nothing was assessed for the month, `N0103` when the assessment is not published, `N0106` when the law is
/// another text than the run's, `N0108` when the month is closed; what the database says.
pub fn credit(
    db: &Db,
    applied: Applied<'_>,
    month: Month,
    cut: Cut,
    acting: Acting<'_>,
    progress: &mut Progress<'_>,
) -> Result<Run, Error> {
    // Serializable, as what it takes up must not be taken back meanwhile; and patient with those at the counter.
    let how = Write {
        attempts: 30,
        ..Write::default()
    };
    let run = whole::write_with(db, how, |tx| open(tx, applied, month, cut, acting))?;
    run.may_be_computed(applied.version)?;
    let work = Crediting {
        credited: whole::read(db, |tx| Credited::of(tx, applied.law, &run))?,
        run: &run,
    };
    whole::write_with(db, Write::guarded(), |tx| {
        begin(tx, &run, generation::accounts(run.id))
    })?;
    engine::carry_out(db, &run, &work, cut.threads, progress, || {
        whole::write_with(db, Write::committed(), |tx| finish(tx, &run))
    })
}

fn open(
    tx: &mut Tx<'_>,
    applied: Applied<'_>,
    month: Month,
    cut: Cut,
    acting: Acting<'_>,
) -> Result<Run, Error> {
    if seals::is_closed(tx, month)? {
        return Err(Refusal::Closed { month }.into());
    }
    let assessment = lookup(tx, RunKind::Assessment, month)?;
    if !assessment.state.in_force() {
        return Err(assessment.not_in(RunState::Published).into());
    }
    if let Some(there) = runs::of_month(tx, RunKind::Crediting, month)?.pop() {
        return Ok(there);
    }
    succession::is_free(tx)?;
    let new = NewRun {
        kind: RunKind::Crediting,
        month,
        law: applied.version,
        facts_known: acting.at,
        chunk_size: cut.chunk_size,
        chunks: chunks(dues::last_person(tx)?, cut.chunk_size),
        due_day: None,
        made_by: acting.by.login(),
    };
    applied.keep(tx)?;
    let run = runs::open(tx, &new, acting.at)?;
    crediting::to_credit(tx, run.id)?;
    part::fix(tx, &Lawful::new(applied.law, month.last_day()), &run)?;
    entries::take_up(tx, run.id)?;
    succession::build_on(tx, &run)?;
    acting.note(tx, "month.credit", (audit::RUN, run.id.number()), "")?;
    Ok(run)
}

/// All chunks of a generation of accounts are there: key, totals, and what it all comes down to.
pub(super) fn finish(tx: &mut Tx<'_>, run: &Run) -> Result<Run, Error> {
    if let Some(run) = finished(tx, run)? {
        return Ok(run);
    }
    generation::accounts(run.id).key(tx)?;
    let totals = runs::totals(tx, run.id)?;
    let (rows, hash) = content::of(tx, run, &totals)?;
    runs::computed(tx, run.id, rows, hash)?;
    let done = runs::find(tx, run.id)?;
    done.ok_or_else(|| run.not_in(RunState::Computing).into())
}

/// A run of whose bills some are credited: all but the named, or only the named.
#[derive(Debug)]
struct Billed {
    run: CreditedRun,
    /// The employers' bills that are named.
    employers: BTreeSet<(EmployerId, Scheme, District)>,
}

impl Billed {
    /// Whether the bill on which a due stands is credited; `own` are the persons named.
    fn credits(&self, due: &Due, own: &BTreeSet<(PersonId, Scheme)>) -> bool {
        if !due.scheme.has_accounts() {
            return false;
        }
        let named = match due.employer {
            Some(employer) => self
                .employers
                .contains(&(employer, due.scheme, due.district)),
            None => own.contains(&(due.person, due.scheme)),
        };
        named != self.run.first
    }
}

/// What a crediting run credits.
#[derive(Debug)]
pub(crate) struct Credited {
    run: RunId,
    /// The generation it is added to.
    before: Option<RunId>,
    /// Through how many months of the year it bears interest.
    interest_months: i64,
    /// By how many months an account counts more for a month that was paid in part.
    part_months: i32,
    /// By the run that made them, ascending.
    billed: Vec<Billed>,
}

impl Credited {
    /// That of this run, under its law.
    pub(crate) fn of(tx: &mut Tx<'_>, law: &Law, run: &Run) -> Result<Credited, Error> {
        let lawful = Lawful::new(law, run.month.last_day());
        let mut billed = Vec::new();
        for of in crediting::credited_runs(tx, run.id)? {
            let employers = crediting::named_employers(tx, run.id, of.of)?;
            billed.push(Billed { run: of, employers });
        }
        Ok(Credited {
            run: run.id,
            before: accounts::before(tx, run.id)?,
            interest_months: lawful.interest_months(run.month)?,
            // Where nothing is credited so the law is not asked: one that is older than its rule has no answer.
            part_months: match part_credits::of_run(tx, run.id)?.is_empty() {
                true => 0,
                false => i32::from(lawful.part_paid_month_counts()?),
            },
            billed,
        })
    }

    /// Hands on the dues of some persons that stand on these bills, each with the number of months by which an account
    /// counts more.
    pub(crate) fn dues(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        mut each: impl FnMut(&Due, i32) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for billed in &self.billed {
            let run = billed.run;
            let own = match run.names_persons {
                true => crediting::named_persons(tx, self.run, run.of, &chunk.persons)?,
                false => BTreeSet::new(),
            };
            let mut paid = |due: &Due, months| match billed.credits(due, &own) {
                true => each(due, months),
                false => Ok(()),
            };
            match run.kind {
                RunKind::Difference => {
                    differences::of_run(tx, run.of, &chunk.persons, |line: Difference| {
                        paid(&line.due, line.months())
                    })?;
                }
                _ => shelf::dues(tx, run.of, &chunk.persons, |due| paid(&due, 1))?,
            }
        }
        Ok(())
    }
}

/// The work of a crediting run.
struct Crediting<'a> {
    run: &'a Run,
    credited: Credited,
}

impl Work for Crediting<'_> {
    type Room = ();
    type Made = (Vec<Account>, Mark);

    fn room(&self) {}

    fn compute(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        (): &mut (),
    ) -> Result<(Vec<Account>, Mark), Error> {
        derive(tx, &self.credited, chunk)
    }

    fn mark(&self, made: &(Vec<Account>, Mark)) -> Mark {
        made.1.clone()
    }

    fn keep(&self, tx: &mut Tx<'_>, (made, _): &(Vec<Account>, Mark)) -> Result<(), Error> {
        Ok(accounts::write(tx, self.run.id, made)?)
    }
}

/// The accounts of a chunk: those of the generation before, with what is credited now and the entries that are taken up; and
/// what is kept besides them. The totals are of what is credited, not of what stands in the accounts: an entry was booked when
/// it was approved.
pub(crate) fn derive(
    tx: &mut Tx<'_>,
    credited: &Credited,
    chunk: &Chunk,
) -> Result<(Vec<Account>, Mark), Error> {
    let mut book = Book::default();
    if let Some(before) = credited.before {
        shelf::accounts(tx, before, &chunk.persons, |account| {
            book.accounts.push(account);
            Ok(())
        })?;
        book.there = book.accounts.len();
    }
    let interest_months = credited.interest_months;
    let mut totals = Totals::default();
    credited.dues(tx, chunk, |due, months| {
        totals.take(due);
        let account = book.account((due.person, due.scheme), due.district);
        Ok(account.credit(due.district, due.credit, months, interest_months)?)
    })?;
    for one in part_credits::of_persons(tx, credited.run, &chunk.persons)? {
        let (scheme, district) = (one.of.scheme, one.of.district);
        let sum = Sum {
            lines: 1,
            credit: one.credit.0.into(),
            ..Sum::default()
        };
        totals.put(scheme, district, &sum);
        let account = book.account((one.person, scheme), district);
        account.credit(district, one.credit, credited.part_months, interest_months)?;
    }
    for entry in entries::taken_up(tx, credited.run, &chunk.persons)? {
        let account = book.account((entry.person, entry.scheme), entry.district);
        account.correct(entry.amount, interest_months)?;
    }
    let mut made = book.accounts;
    made.sort_unstable_by_key(|account| (account.person, account.scheme));
    let mark = mark(&made, 0, totals);
    Ok((made, mark))
}

/// The accounts of a chunk while they are made: those that were there in order, then those that are new.
#[derive(Default)]
struct Book {
    accounts: Vec<Account>,
    there: usize,
    new: HashMap<(PersonId, Scheme), usize>,
}

impl Book {
    /// The account of a person in a scheme; one that is new is begun in this district.
    fn account(&mut self, key: (PersonId, Scheme), district: District) -> &mut Account {
        let old = self.accounts[..self.there]
            .binary_search_by_key(&key, |account| (account.person, account.scheme));
        let place = match old {
            Ok(place) => place,
            Err(_) => *self.new.entry(key).or_insert_with(|| {
                self.accounts.push(Account::empty(key.0, key.1, district));
                self.accounts.len() - 1
            }),
        };
        &mut self.accounts[place]
    }
}

/// What is kept of a chunk of accounts besides them.
pub(super) fn mark(made: &[Account], refused: i64, totals: Totals) -> Mark {
    let mut tree = ChunkTree::new();
    for account in made {
        tree.row(&account.encoded());
    }
    Mark {
        rows: tree.finish(),
        refused,
        totals,
    }
}

/// Who pays the bill on which a due stands.
#[must_use]
pub fn payer(due: &Due) -> Payer {
    match (due.category, due.employer) {
        (Category::Employee, Some(employer)) => Payer::Employer(employer),
        _ => Payer::Person(due.person),
    }
}
