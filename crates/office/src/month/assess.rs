//! What does everybody owe for a month?
//!
//! A run is opened, which fixes what it knows and which law it applies; it is computed chunk by chunk, and may be killed and
//! started again; and it is finished: the stored rows are read back and added up, also to the bills of whoever pays for others;
//! what rows and bills come to must be what the chunks added up while they computed. Then it waits for a second person.

use super::engine::{self, Chunk, Progress, Work};
use super::footing::Assessor;
use super::known::{Before, known};
use super::sheet::{Assessed, Employers, Room, Sheet, Without};
use super::{content, lookup};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::whole;
use city::dues::{Added, Bills, Due, Of, Totals};
use city::insurance::Scheme;
use city::lawful::Lawful;
use city::places::District;
use city::runs::{Refusal, Run, RunKind, RunState};
use ledger::ChunkTree;
use measure::{Fen, Month};
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::thread;
use store::bills::Sums;
use store::roster::{self, Line};
use store::runs::{Mark, NewRun};
use store::{Db, Generation, Tx, Write, audit, bills, dues, generation, runs, seals};

/// How a run is cut up and shared out; what comes out does not depend on the threads.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// How many numbers of persons make a chunk.
    pub chunk_size: i64,
    /// How many chunks are computed at a time.
    pub threads: usize,
}

/// Opens the assessment of a month. It knows what is recorded up to now, and its bills are to be paid by the day that the
/// law says.
///
/// # Errors
///
/// The law's refusal of a day; `N0102` when the month has one, `N0108` when it is closed; what the database says.
pub fn open(
    db: &Db,
    applied: Applied<'_>,
    month: Month,
    cut: Cut,
    acting: Acting<'_>,
) -> Result<Run, Error> {
    let due = Lawful::new(applied.law, acting.at.day()?).payment_due(month)?;
    whole::write_with(db, Write::settling(), |tx| {
        if seals::is_closed(tx, month)? {
            return Err(Refusal::Closed { month }.into());
        }
        if let Some(there) = runs::of_month(tx, RunKind::Assessment, month)?.first() {
            let (run, state) = (there.id, there.state);
            return Err(Refusal::Exists { run, state }.into());
        }
        let new = NewRun {
            kind: RunKind::Assessment,
            month,
            law: applied.version,
            facts_known: acting.at,
            chunk_size: cut.chunk_size,
            chunks: chunks(dues::last_person(tx)?, cut.chunk_size),
            due_day: Some(due),
            made_by: acting.by.login(),
        };
        applied.keep(tx)?;
        let run = runs::open(tx, &new, acting.at)?;
        acting.note(tx, "month.open", (audit::RUN, run.id.number()), "")?;
        Ok(run)
    })
}

/// So many chunks hold the persons up to this number.
pub(super) fn chunks(last_person: i64, chunk_size: i64) -> i64 {
    last_person.div_euclid(chunk_size) + i64::from(last_person % chunk_size != 0)
}

/// Computes what is still missing of a month's assessment, and finishes it.
///
/// # Errors
///
/// `N0101` when it was not opened, `N0103` when it is past computing, `N0106` when the law is another text, `N0109` when two
/// ways to add up differ; what the law or the database says. Chunks that are kept stay.
pub fn assess(
    db: &Db,
    applied: Applied<'_>,
    month: Month,
    threads: usize,
    progress: &mut Progress<'_>,
) -> Result<Run, Error> {
    let run = whole::read(db, |tx| lookup(tx, RunKind::Assessment, month))?;
    run.may_be_computed(applied.version)?;
    let rostered = whole::write_with(db, Write::guarded(), |tx| {
        if begin(tx, &run, generation::dues(run.id))? {
            roster::begin(tx, run.id)?;
        }
        roster::forget(tx)?;
        Ok(roster::has(tx, run.id)?)
    })?;
    let work = Assessing {
        run: &run,
        assessor: Assessor::new(applied.law, month)?,
        employers: whole::read(db, |tx| known_employers(tx, &run))?,
        before: whole::read(db, |tx| Before::of(tx, &run))?,
        rostered,
    };
    engine::carry_out(db, &run, &work, threads, progress, || {
        finish(db, &run, threads)
    })
}

/// Takes a run that is open into computing, and makes room for its rows; false when somebody has done so before. Who finishes it
/// meanwhile is waited for.
pub(super) fn begin(tx: &mut Tx<'_>, run: &Run, rows: Generation) -> Result<bool, Error> {
    let now = runs::hold(tx, run.id)?;
    let now = now.ok_or_else(|| run.not_in(RunState::Open))?;
    if !matches!(now.state, RunState::Open | RunState::Computing) {
        return Ok(false);
    }
    rows.make(tx)?;
    Ok(now.state == RunState::Open && runs::step(tx, run.id, RunState::Open, RunState::Computing)?)
}

/// What the law asks of employers, in the month, as the run knows it.
///
/// # Errors
///
/// What the database says.
pub fn known_employers(tx: &mut Tx<'_>, run: &Run) -> Result<Employers, Error> {
    let mut known = Employers::new();
    let day = run.month.last_day();
    dues::employers(tx, day, run.facts_known, |employer, asked| {
        known.insert(employer, asked);
        Ok::<(), Error>(())
    })?;
    Ok(known)
}

/// All chunks are there: key, bills, totals, and what it all comes down to.
fn finish(db: &Db, run: &Run, threads: usize) -> Result<Run, Error> {
    let finished = whole::write_with(db, Write::committed(), |tx| {
        let finished = finished(tx, run)?;
        if finished.is_none() {
            if roster::has(tx, run.id)? {
                generation::roster(run.id).key(tx)?;
            }
            generation::dues(run.id).key(tx)?;
        }
        Ok(finished)
    })?;
    if let Some(run) = finished {
        return Ok(run);
    }
    let (stored, others) = stored(db, run, threads)?;
    let totals = whole::read(db, |tx| Ok(runs::totals(tx, run.id)?))?;
    same(&totals, &stored)?;
    bill_others(db, run, threads, &others.rows()?)?;
    // Nobody else touches what it makes, and its state is asked for in the statement that sets it.
    whole::write_with(db, Write::committed(), |tx| billed(tx, run, &totals))
}

/// Writes the bills of whoever pays for others, by payer, on so many threads. A part is there once it is written, whatever
/// happens to the others: who begins again writes what is missing.
///
/// # Errors
///
/// The first that any part runs into; the other parts stay.
pub fn bill_others(
    db: &Db,
    run: &Run,
    threads: usize,
    others: &[(Of, Added)],
) -> Result<(), Error> {
    // Whoever finishes the run as well may write a bill between the look and the writing.
    let part = |part: &[(Of, Added)]| loop {
        let written = whole::write_with(db, Write::committed(), |tx| {
            Ok(bills::write_missing(tx, run.id, part)?)
        });
        match written {
            Err(error) if error.is_taken_bill() => {}
            written => return written,
        }
    };
    let many = threads.min(others.len() / WORTH_A_PART);
    thread::scope(|scope| {
        let begun: Vec<_> = parts(others, many)
            .into_iter()
            .map(|rows| scope.spawn(move || part(rows)))
            .collect();
        let mut ended = begun.into_iter().map(thread::ScopedJoinHandle::join);
        ended.try_for_each(|part| part.unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// Fewer bills are written sooner than others could begin, and are numbered in the order of their payers.
const WORTH_A_PART: usize = 10_000;

/// Bills, by payer, in so many parts at most. A payer's are in one part, so that they are numbered in the order of their schemes.
fn parts(mut bills: &[(Of, Added)], many: usize) -> Vec<&[(Of, Added)]> {
    let share = bills.len().div_ceil(many.max(1)).max(1);
    let mut parts = Vec::new();
    while let Some(((last, ..), _)) = bills.chunks(share).next().and_then(<[_]>::last) {
        let end = bills.partition_point(|((payer, ..), _)| payer <= last);
        let (part, rest) = bills.split_at(end);
        parts.push(part);
        bills = rest;
    }
    parts
}

/// What a run's stored dues come to, and the bills of whoever pays for others, added up on so many threads.
fn stored(db: &Db, run: &Run, threads: usize) -> Result<(Sums, Bills), Error> {
    let threads = threads.max(1);
    // Whoever loses the connection begins its share anew.
    let share = |first: usize| {
        whole::read(db, |tx| {
            let (mut sums, mut others) = (Sums::new(), Bills::default());
            for number in (0..run.chunks).skip(first).step_by(threads) {
                let persons = engine::chunk(run, number).persons;
                bills::add_up(tx, run.id, &persons, (&mut sums, &mut others))?;
            }
            Ok((sums, others))
        })
    };
    thread::scope(|scope| {
        let share = &share;
        let shares: Vec<_> = (0..threads)
            .map(|first| scope.spawn(move || share(first)))
            .collect();
        let (mut sums, mut others) = (Sums::new(), Bills::default());
        for share in shares {
            let (some, of_some) = share.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            for (place, amount) in some {
                let sum: &mut Fen = sums.entry(place).or_default();
                *sum = sum.checked_add(amount)?;
            }
            others.join(of_some)?;
        }
        Ok((sums, others))
    })
}

/// Compares what a run's bills come to, and notes what it all comes down to.
pub(super) fn billed(tx: &mut Tx<'_>, run: &Run, totals: &Totals) -> Result<Run, Error> {
    same(totals, &bills::sums(tx, run.id)?)?;
    let (rows, hash) = content::of(tx, run, totals)?;
    runs::computed(tx, run.id, rows, hash)?;
    let done = runs::find(tx, run.id)?;
    done.ok_or_else(|| run.not_in(RunState::Computing).into())
}

/// The run, when somebody else has finished it. When not, all its chunks are there, and it is this transaction's to finish.
///
/// # Errors
///
/// `N0103` when the run was given up meanwhile, `N0110` when chunks are missing; what the database says.
pub(super) fn finished(tx: &mut Tx<'_>, run: &Run) -> Result<Option<Run>, Error> {
    let now = runs::hold(tx, run.id)?;
    let now = now.ok_or_else(|| run.not_in(RunState::Computing))?;
    match now.state {
        RunState::Open | RunState::Discarded => Err(now.not_in(RunState::Computing).into()),
        RunState::Computing => match engine::missing(tx, run)?.len() {
            0 => Ok(None),
            chunks => Err(Refusal::Missing {
                chunks: i64::try_from(chunks).unwrap_or(i64::MAX),
            }
            .into()),
        },
        RunState::Computed | RunState::Approved | RunState::Published | RunState::Closed => {
            Ok(Some(now))
        }
    }
}

/// Stored rows, and bills, are added up from what the database has; totals by the program before it stored them. By scheme
/// and district they are the same to the fen.
///
/// # Errors
///
/// `N0109` when they are not.
pub fn same(totals: &Totals, stored: &Sums) -> Result<(), Error> {
    let mut both: BTreeMap<(Scheme, District), (i128, i128)> = BTreeMap::new();
    for (scheme, district, sum) in totals.rows() {
        both.entry((scheme, district)).or_default().0 = sum.employer_due + sum.person_due;
    }
    for (place, sum) in stored {
        both.entry(*place).or_default().1 = sum.0.into();
    }
    let mut both = both.into_iter();
    match both.find(|(_, (computed, stored))| computed != stored) {
        None => Ok(()),
        Some(((scheme, district), (one, other))) => {
            let what = format!("{} {district}", scheme.name(rules::explain::Lang::En));
            Err(Refusal::Unequal { what, one, other }.into())
        }
    }
}

/// The work of an assessment.
struct Assessing<'a> {
    run: &'a Run,
    assessor: Assessor<'a>,
    employers: Employers,
    /// What to begin with.
    before: Option<Before>,
    /// Whether it writes a roster for the next to begin with.
    rostered: bool,
}

/// What comes of a chunk: what is assessed, its mark, and on which participations it rests.
struct Made {
    assessed: Assessed,
    mark: Mark,
    known: Vec<Line>,
}

/// One thread's room.
pub(crate) struct Space {
    pub(crate) room: Room,
    pub(crate) sheet: Sheet,
}

impl Space {
    /// A room for this law.
    pub(crate) fn new(assessor: &Assessor<'_>) -> Space {
        Space {
            room: Room::new(assessor),
            sheet: Sheet::default(),
        }
    }
}

impl Work for Assessing<'_> {
    type Room = Space;
    type Made = Made;

    fn room(&self) -> Space {
        Space::new(&self.assessor)
    }

    fn compute(&self, tx: &mut Tx<'_>, chunk: &Chunk, space: &mut Space) -> Result<Made, Error> {
        let by = (&self.assessor, &self.employers);
        let known = known(tx, self.run, self.before.as_ref(), chunk)?;
        let assessed = assess_known(self.run.month, &known, by, space);
        let mark = mark(&assessed);
        Ok(Made {
            assessed,
            mark,
            known,
        })
    }

    fn mark(&self, made: &Made) -> Mark {
        made.mark.clone()
    }

    fn keep(&self, tx: &mut Tx<'_>, made: &Made) -> Result<(), Error> {
        let assessed = &made.assessed;
        dues::write(tx, self.run.id, &assessed.dues)?;
        bills::write(tx, self.run.id, own_bills(&assessed.dues)?)?;
        if self.rostered {
            roster::write(tx, self.run.id, &made.known)?;
        }
        refuse(tx, self.run, &assessed.refused)
    }
}

/// The bills of those who pay alone.
fn own_bills(dues: &[Due]) -> Result<Vec<(Of, Added)>, Error> {
    let mut bills = Vec::new();
    for due in dues {
        bills.extend(due.own_bill()?.filter(|(_, added)| added.amount != Fen(0)));
    }
    Ok(bills)
}

/// Keeps for whom the law gives no dues, and why.
pub(super) fn refuse(tx: &mut Tx<'_>, run: &Run, refused: &[Without]) -> Result<(), Error> {
    if !refused.is_empty() {
        let refused = refused.iter().map(|without| {
            let why = &without.why;
            let of = without;
            (
                of.person,
                of.scheme,
                of.employer,
                [why.code, &why.zh, &why.en],
            )
        });
        dues::refuse(tx, run.id, refused)?;
    }
    Ok(())
}

/// The dues of a chunk, from the facts as the run knows them.
pub(crate) fn derive(
    tx: &mut Tx<'_>,
    run: &Run,
    chunk: &Chunk,
    by: (&Assessor<'_>, &Employers),
    space: &mut Space,
) -> Result<Assessed, Error> {
    let known = known(tx, run, None, chunk)?;
    Ok(assess_known(run.month, &known, by, space))
}

/// The dues of some persons for a month, from the participations known of them, which come in order.
fn assess_known(
    month: Month,
    known: &[Line],
    (assessor, employers): (&Assessor<'_>, &Employers),
    Space { room, sheet }: &mut Space,
) -> Assessed {
    sheet.clear();
    let last = month.last_day();
    let mut of_one = Vec::new();
    let place = |line: &Line| (line.says.person, line.says.scheme);
    for lines in known.chunk_by(|one, next| place(one) == place(next)) {
        of_one.clear();
        let begun = lines.iter().map(|line| line.says);
        of_one.extend(begun.filter(|says| says.valid.first() <= last));
        sheet.take(&of_one, assessor.counting());
    }
    room.assess(assessor, sheet, employers)
}

/// What is kept of a chunk's dues besides them.
pub(crate) fn mark(assessed: &Assessed) -> Mark {
    let mut tree = ChunkTree::new();
    for due in &assessed.dues {
        tree.row(&due.encoded());
    }
    Mark {
        rows: tree.finish(),
        refused: i64::try_from(assessed.refused.len()).unwrap_or(i64::MAX),
        totals: assessed.totals.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use city::dues::{Payer, Sum};
    use city::employers::EmployerId;

    #[test]
    fn a_payers_bills_are_in_one_part() {
        let yubei = District::new(500_112).unwrap();
        let bill = |(payer, scheme)| {
            let payer = Payer::Employer(EmployerId::new(payer).unwrap());
            ((payer, scheme, yubei), Added::default())
        };
        let two = [Scheme::Unemployment, Scheme::WorkInjury];
        let of = |payers: i64| -> Vec<(Of, Added)> {
            let all = (1..=payers).flat_map(|payer| two.map(|scheme| bill((payer, scheme))));
            all.collect()
        };
        let lengths = |payers, many| -> Vec<usize> {
            let bills = of(payers);
            let parts = parts(&bills, many);
            assert_eq!(parts.concat(), bills);
            parts.into_iter().map(<[_]>::len).collect()
        };
        assert_eq!(lengths(0, 2), [0; 0]);
        assert_eq!(lengths(1, 2), [2]);
        assert_eq!(lengths(4, 2), [4, 4]);
        assert_eq!(lengths(5, 2), [6, 4]);
        assert_eq!(lengths(5, 0), [10]);
    }

    #[test]
    fn what_is_stored_and_was_not_computed_is_told_as_well() {
        let yubei = District::new(500_112).unwrap();
        let place = (Scheme::WorkInjury, yubei);
        let mut totals = Totals::default();
        let computed = Sum {
            employer_due: 500,
            person_due: 100,
            ..Sum::default()
        };
        totals.put(place.0, place.1, &computed);
        let mut stored = Sums::from([(place, Fen(600))]);
        assert!(same(&totals, &stored).is_ok());
        stored.insert((Scheme::Unemployment, yubei), Fen(1));
        assert_eq!(same(&totals, &stored).unwrap_err().code(), "N0109");
        assert_eq!(same(&totals, &Sums::new()).unwrap_err().code(), "N0109");
    }
}
