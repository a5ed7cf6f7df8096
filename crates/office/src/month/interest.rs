//! What interest does a year bear?
//!
//! When the year's last month is closed and its rate is known, each account of a scheme bears the interest that the law
//! gives: on what stood in it at the end of the year before, and on the year's credits, each from its month on. Three
//! generations say so: the one in force, which has the interest of all years before; the one that closed the year; and the
//! one that closed the year before. What they differ by is what was credited in the year, whenever its rate is announced and
//! however many months have been credited since.
//!
//! The run makes a generation of all accounts, of which those of its scheme have borne the year. It takes no entry up: what
//! was posted since the year ended bears interest in the next.

use super::assess::{Cut, begin, chunks};
use super::engine::{self, Chunk, Progress, Work};
use super::footing::{Refused, Unfit};
use super::{credit, lookup, succession};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::shelf;
use crate::whole;
use city::accounts::Account;
use city::dues::{Sum, Totals};
use city::insurance::Scheme;
use city::lawful::Lawful;
use city::people::PersonId;
use city::runs::{Refusal, Run, RunId, RunKind, RunState};
use measure::{Fen, Month, Year};
use rules::columns::{Batch, Column, Plan, Results, Slot, Values, Workspace};
use rules::law::{Item, Law};
use std::ops::Range;
use store::runs::{Mark, NewRun};
use store::{Db, Tx, Write, accounts, audit, dues, generation, runs};

/// The law's name for the year's interest of a scheme's accounts.
#[must_use]
pub const fn rule(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::ResidentPension => "resident-year-interest",
        _ => "account-year-interest",
    }
}

/// Opens and computes the interest of a year on the accounts of a scheme, or goes on with what was interrupted.
///
/// # Errors
///
/// `A0103` when the scheme has no accounts; `N0101` and `N0103` when the year's last month is not closed, `N0107` when an
/// earlier year has not been borne, `N0112` when another run is at work on the accounts, `N0106`; the law's refusal, as of a
/// year whose rate is not known; what the database says.
pub fn bear(
    db: &Db,
    applied: Applied<'_>,
    (scheme, year): (Scheme, Year),
    cut: Cut,
    acting: Acting<'_>,
    progress: &mut Progress<'_>,
) -> Result<Run, Error> {
    let kind = RunKind::interest_of(scheme).ok_or(city::entries::Refusal::NoAccounts { scheme })?;
    let month = year.last_month();
    // Serializable, as what it takes up must not be taken back meanwhile; and patient with those at the counter.
    let how = Write {
        attempts: 30,
        ..Write::default()
    };
    let run = whole::write_with(db, how, |tx| open(tx, applied, (kind, month), cut, acting))?;
    run.may_be_computed(applied.version)?;
    let work = Bearing {
        interest: whole::read(db, |tx| Interest::of(tx, applied.law, &run))?,
        run: &run,
    };
    whole::write_with(db, Write::guarded(), |tx| {
        begin(tx, &run, generation::accounts(run.id))
    })?;
    engine::carry_out(db, &run, &work, cut.threads, progress, || {
        whole::write_with(db, Write::committed(), |tx| credit::finish(tx, &run))
    })
}

fn open(
    tx: &mut Tx<'_>,
    applied: Applied<'_>,
    (kind, month): (RunKind, Month),
    cut: Cut,
    acting: Acting<'_>,
) -> Result<Run, Error> {
    if let Some(there) = runs::of_month(tx, kind, month)?.pop() {
        return Ok(there);
    }
    let last = lookup(tx, RunKind::Crediting, month)?;
    if last.state != RunState::Closed {
        return Err(last.not_in(RunState::Closed).into());
    }
    let before = month.add_months(-12)?;
    let in_force = |tx: &mut Tx<'_>, kind| {
        let run = runs::of_month(tx, kind, before)?.pop();
        Ok::<bool, Error>(run.is_some_and(|run| run.state.in_force()))
    };
    if in_force(tx, RunKind::Crediting)? && !in_force(tx, kind)? {
        return Err(Refusal::Earlier { month: before }.into());
    }
    // A year whose rate is not known is refused before anything is begun.
    let scheme = kind.bears().unwrap_or(Scheme::EmployeePension);
    let lawful = Lawful::new(applied.law, month.last_day());
    lawful.year_interest(rule(scheme), Fen(0), Fen(0))?;
    succession::is_free(tx)?;
    let new = NewRun {
        kind,
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
    succession::build_on(tx, &run)?;
    acting.note(tx, "interest.bear", (audit::RUN, run.id.number()), "")?;
    Ok(run)
}

/// The law of a year's interest, compiled, and the generations it is borne on.
#[derive(Debug)]
pub(crate) struct Interest<'a> {
    law: &'a Law,
    scheme: Scheme,
    year: i16,
    /// The generation in force when the run was opened.
    before: Option<RunId>,
    /// The one that closed the year, and the one that closed the year before.
    ends: (RunId, Option<RunId>),
    plan: Plan<'a>,
    slots: [Slot; 2],
}

/// What a thread bears interest with.
#[derive(Debug)]
pub(crate) struct Room {
    workspace: Workspace,
    results: Results,
    /// The places of the accounts that bear it; on what, and on which products.
    places: Vec<usize>,
    opening: Vec<i64>,
    products: Vec<i64>,
}

impl<'a> Interest<'a> {
    /// That of a run.
    ///
    /// # Errors
    ///
    /// `N0101` when the run that closed the year is gone; what the law or the database says.
    pub(crate) fn of(tx: &mut Tx<'_>, law: &'a Law, run: &Run) -> Result<Interest<'a>, Error> {
        let scheme = run.kind.bears().unwrap_or(Scheme::EmployeePension);
        let slots = [input(law, "year-opening")?, input(law, "year-products")?];
        let Some(Item::Rule(asked)) = law.names.get(rule(scheme)) else {
            return Err(Unfit::Lacks(rule(scheme)).into());
        };
        let plan = Plan::new(law, run.month.last_day(), &[*asked], &slots, &[])
            .map_err(|refusal| Unfit::Refuses(Refused::of(&refusal, law)))?;
        Ok(Interest {
            law,
            scheme,
            year: i16::try_from(run.month.year().number()).unwrap_or(i16::MAX),
            before: accounts::before(tx, run.id)?,
            ends: ends(tx, run)?,
            plan,
            slots,
        })
    }

    /// Room for a thread.
    pub(crate) fn room(&self) -> Room {
        Room {
            workspace: self.plan.workspace(),
            results: Results::default(),
            places: Vec::new(),
            opening: Vec::new(),
            products: Vec::new(),
        }
    }

    /// The accounts of a chunk with the year's interest, what is kept besides them, and for whom the law gives none.
    pub(crate) fn derive(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        room: &mut Room,
    ) -> Result<Borne, Error> {
        let mut made = Vec::new();
        if let Some(before) = self.before {
            shelf::accounts(tx, before, &chunk.persons, |account| {
                made.push(account);
                Ok(())
            })?;
        }
        let end = self.of_scheme(tx, Some(self.ends.0), &chunk.persons)?;
        let start = self.of_scheme(tx, self.ends.1, &chunk.persons)?;
        self.gather(&made, (&start, &end), room)?;
        self.evaluate(room);
        let mut totals = Totals::default();
        let mut without: Vec<(Account, Refused)> = Vec::new();
        let mut refused = room.results.refused.iter().peekable();
        for (row, &place) in room.places.iter().enumerate() {
            let why = refused.next_if(|refused| refused.row == row);
            if let Some(why) = why {
                without.push((made[place], Refused::of(&why.refusal, self.law)));
                continue;
            }
            let interest = Fen(room.results.columns[0][row]);
            made[place].bear(self.year, interest)?;
            let sum = Sum {
                lines: 1,
                base: room.opening[row].into(),
                credit: interest.0.into(),
                ..Sum::default()
            };
            totals.put(self.scheme, made[place].district, &sum);
        }
        let refused = i64::try_from(without.len()).unwrap_or(i64::MAX);
        let mark = credit::mark(&made, refused, totals);
        Ok(Borne {
            made,
            mark,
            without,
        })
    }

    /// The scheme's accounts of some persons in a generation, in order of persons.
    fn of_scheme(
        &self,
        tx: &mut Tx<'_>,
        run: Option<RunId>,
        persons: &Range<i64>,
    ) -> Result<Vec<Account>, Error> {
        let mut found = Vec::new();
        if let Some(run) = run {
            shelf::accounts(tx, run, persons, |account| {
                if account.scheme == self.scheme {
                    found.push(account);
                }
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// On what each account that was there at the year's end bears interest.
    fn gather(
        &self,
        made: &[Account],
        (start, end): (&[Account], &[Account]),
        room: &mut Room,
    ) -> Result<(), Error> {
        room.places.clear();
        room.opening.clear();
        room.products.clear();
        let find = |of: &[Account], account: &Account| {
            let place = of.binary_search_by_key(&account.person, |account| account.person);
            place.ok().map(|place| of[place])
        };
        let its_own = made
            .iter()
            .enumerate()
            .filter(|(_, account)| account.scheme == self.scheme);
        for (place, account) in its_own {
            let Some(end) = find(end, account) else {
                continue;
            };
            let (credited, product) = match find(start, account) {
                Some(start) => (start.credited, start.product),
                None => (Fen(0), Fen(0)),
            };
            room.places.push(place);
            room.opening.push(credited.checked_add(account.interest)?.0);
            room.products.push(end.product.checked_sub(product)?.0);
        }
        Ok(())
    }

    fn evaluate(&self, room: &mut Room) {
        let columns = [&room.opening, &room.products];
        let columns = self.slots.iter().zip(columns);
        let batch = Batch {
            rows: room.places.len(),
            columns: columns
                .map(|(slot, values)| Column {
                    slot: *slot,
                    values: Values::I64(values),
                    missing: None,
                })
                .collect(),
            records: Vec::new(),
        };
        self.plan
            .run(&mut room.workspace, &batch, &mut room.results);
    }
}

/// The interest that a person's account bore by a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OfPerson {
    pub(crate) opening: Fen,
    pub(crate) products: Fen,
    pub(crate) interest: Fen,
}

/// What a run in force bore on a person's account, and on what; `None` where there was nothing at the year's end, or the law
/// gave nothing.
///
/// # Errors
///
/// What the database says; when it is beyond what an amount can be.
pub(crate) fn of_person(
    tx: &mut Tx<'_>,
    run: &Run,
    (person, scheme): (PersonId, Scheme),
) -> Result<Option<OfPerson>, Error> {
    let (end, start) = ends(tx, run)?;
    let mut account = |run: Option<RunId>| match run {
        Some(run) => shelf::account(tx, run, person, scheme),
        None => Ok(None),
    };
    let (Some(after), Some(end)) = (account(Some(run.id))?, account(Some(end))?) else {
        return Ok(None);
    };
    let start = account(start)?;
    let before = accounts::before(tx, run.id)?;
    let before = match before {
        Some(before) => shelf::account(tx, before, person, scheme)?,
        None => None,
    };
    let year = i16::try_from(run.month.year().number()).unwrap_or(i16::MAX);
    let Some(before) = before.filter(|before| before.year != year && after.year == year) else {
        return Ok(None);
    };
    let (credited, product) =
        start.map_or((Fen(0), Fen(0)), |start| (start.credited, start.product));
    Ok(Some(OfPerson {
        opening: credited.checked_add(before.interest)?,
        products: end.product.checked_sub(product)?,
        interest: after.interest.checked_sub(before.interest)?,
    }))
}

/// The generation that closed a run's year, and the one that closed the year before.
fn ends(tx: &mut Tx<'_>, run: &Run) -> Result<(RunId, Option<RunId>), Error> {
    let end = lookup(tx, RunKind::Crediting, run.month)?.id;
    let start = runs::of_month(tx, RunKind::Crediting, run.month.add_months(-12)?)?.pop();
    let start = start.filter(|start| start.state.in_force());
    Ok((end, start.map(|start| start.id)))
}

/// What came out for a chunk.
pub(crate) struct Borne {
    pub(crate) made: Vec<Account>,
    pub(crate) mark: Mark,
    /// For whom the law gives no interest, and why: their accounts stay as they are.
    without: Vec<(Account, Refused)>,
}

/// The work of a run of interest.
struct Bearing<'a> {
    run: &'a Run,
    interest: Interest<'a>,
}

impl Work for Bearing<'_> {
    type Room = Room;
    type Made = Borne;

    fn room(&self) -> Room {
        self.interest.room()
    }

    fn compute(&self, tx: &mut Tx<'_>, chunk: &Chunk, room: &mut Room) -> Result<Borne, Error> {
        self.interest.derive(tx, chunk, room)
    }

    fn mark(&self, made: &Borne) -> Mark {
        made.mark.clone()
    }

    fn keep(&self, tx: &mut Tx<'_>, made: &Borne) -> Result<(), Error> {
        accounts::write(tx, self.run.id, &made.made)?;
        if !made.without.is_empty() {
            let refused = made.without.iter().map(|(account, why)| {
                let said = [why.code, &*why.zh, &*why.en];
                (account.person, account.scheme, None, said)
            });
            dues::refuse(tx, self.run.id, refused)?;
        }
        Ok(())
    }
}

fn input(law: &Law, name: &'static str) -> Result<Slot, Unfit> {
    match law.names.get(name) {
        Some(Item::Input(input)) => Ok(Slot::Input(*input)),
        _ => Err(Unfit::Lacks(name)),
    }
}
