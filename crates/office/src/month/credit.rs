//! Which accounts are credited with what was paid?
//!
//! What was assessed is credited when the whole bill it stands on is paid, not before. A crediting run fixes, when it is
//! opened, which bills those are: all that are paid in full and that no run has credited yet, of this month and of earlier
//! ones that were paid late. It makes the next generation of accounts from the current one.

use super::assess::{Cut, all_there, begin, chunks};
use super::engine::{self, Chunk, Progress, Work};
use super::{content, lookup};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::whole;
use city::accounts::Account;
use city::dues::{Due, Payer, Totals};
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::{Refusal, Run, RunId, RunKind, RunState};
use ledger::ChunkTree;
use measure::Month;
use std::collections::{BTreeSet, HashMap};
use store::runs::{Mark, NewRun};
use store::{Db, Tx, accounts, audit, bills, dues, generation, runs, seals};

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
    let run = whole::write(db, |tx| open(tx, applied, month, cut, acting))?;
    run.may_be_computed(applied.version)?;
    let work = Crediting {
        before: whole::read(db, |tx| Ok(accounts::before(tx, run.id)?))?,
        credited: whole::read(db, |tx| Credited::of(tx, run.id))?,
        run: &run,
    };
    whole::write(db, |tx| begin(tx, &run, generation::accounts(run.id)))?;
    engine::carry_out(db, &run, &work, cut.threads, progress)?;
    whole::write(db, |tx| finish(tx, &run))
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
    bills::to_credit(tx, run.id)?;
    let current = accounts::current(tx)?;
    accounts::build_on(tx, run.id, current)?;
    acting.note(tx, "month.credit", (audit::RUN, run.id.number()), "")?;
    Ok(run)
}

fn finish(tx: &mut Tx<'_>, run: &Run) -> Result<Run, Error> {
    all_there(tx, run)?;
    generation::accounts(run.id).key(tx)?;
    let totals = runs::totals(tx, run.id)?;
    let (rows, hash) = content::of(tx, run, &totals)?;
    runs::computed(tx, run.id, rows, hash)?;
    let done = runs::find(tx, run.id)?;
    done.ok_or_else(|| run.not_in(RunState::Computing).into())
}

/// Employers with the scheme and district of a bill.
type Payers = BTreeSet<(EmployerId, Scheme, District)>;

/// The bills that a crediting run credits.
#[derive(Debug)]
pub(crate) struct Credited {
    run: RunId,
    /// By the run that made them, ascending; the employers' among them by payer.
    runs: Vec<(RunId, Payers)>,
}

impl Credited {
    /// Those of this run.
    pub(crate) fn of(tx: &mut Tx<'_>, run: RunId) -> Result<Credited, Error> {
        let mut of_runs = Vec::new();
        for of in bills::credited_runs(tx, run)? {
            of_runs.push((of, bills::credited_employers(tx, run, of)?));
        }
        Ok(Credited { run, runs: of_runs })
    }

    /// Hands on the dues of some persons that stand on these bills.
    pub(crate) fn dues(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        mut each: impl FnMut(&Due) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (of, employers) in &self.runs {
            let persons = bills::credited_persons(tx, self.run, *of, &chunk.persons)?;
            dues::of_run(tx, *of, &chunk.persons, |due| {
                let paid = match due.employer {
                    Some(employer) => employers.contains(&(employer, due.scheme, due.district)),
                    None => persons.contains(&(due.person, due.scheme)),
                };
                if paid { each(&due) } else { Ok(()) }
            })?;
        }
        Ok(())
    }
}

/// The work of a crediting run.
struct Crediting<'a> {
    run: &'a Run,
    before: Option<RunId>,
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
        derive(tx, self.before, &self.credited, chunk)
    }

    fn mark(&self, made: &(Vec<Account>, Mark)) -> Mark {
        made.1.clone()
    }

    fn keep(&self, tx: &mut Tx<'_>, (made, _): &(Vec<Account>, Mark)) -> Result<(), Error> {
        Ok(accounts::write(tx, self.run.id, made)?)
    }
}

/// The accounts of a chunk: those of the generation before, with what is credited now; and what is kept besides them. The
/// totals are of what is credited, not of what stands in the accounts.
pub(crate) fn derive(
    tx: &mut Tx<'_>,
    before: Option<RunId>,
    credited: &Credited,
    chunk: &Chunk,
) -> Result<(Vec<Account>, Mark), Error> {
    let mut made: Vec<Account> = Vec::new();
    if let Some(before) = before {
        accounts::of_run(tx, before, &chunk.persons, |account| {
            made.push(account);
            Ok::<(), Error>(())
        })?;
    }
    let there = made.len();
    let mut new: HashMap<(PersonId, Scheme), usize> = HashMap::new();
    let mut totals = Totals::default();
    credited.dues(tx, chunk, |due| {
        totals.take(due);
        let key = (due.person, due.scheme);
        let old =
            made[..there].binary_search_by_key(&key, |account| (account.person, account.scheme));
        let place = match old {
            Ok(place) => place,
            Err(_) => *new.entry(key).or_insert_with(|| {
                made.push(Account::empty(due.person, due.scheme, due.district));
                made.len() - 1
            }),
        };
        made[place].credit(due.district, due.credit)?;
        Ok(())
    })?;
    made.sort_unstable_by_key(|account| (account.person, account.scheme));
    let mut tree = ChunkTree::new();
    for account in &made {
        tree.row(&account.encoded());
    }
    let mark = Mark {
        rows: tree.finish(),
        refused: 0,
        totals,
    };
    Ok((made, mark))
}

/// Who pays the bill on which a due stands.
#[must_use]
pub fn payer(due: &Due) -> Payer {
    match (due.category, due.employer) {
        (Category::Employee, Some(employer)) => Payer::Employer(employer),
        _ => Payer::Person(due.person),
    }
}
