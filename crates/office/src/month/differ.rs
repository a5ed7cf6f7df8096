//! What does a month's dues differ by, now that more is known?
//!
//! A month in force is not altered. When a declaration comes late or a fact is corrected, the month is assessed anew with
//! what is known now, under its own law, and a run of differences keeps what that has over everything in force for the month,
//! or lacks. What is to be added is billed as of the month itself, so a late fee runs from its day. What is given back becomes
//! money of the payer: it settles other bills, or is sent back.

use super::assess::{Cut, Space, begin, billed, chunks, derive, finished, known_employers, refuse};
use super::engine::{self, Chunk, Progress, Work};
use super::footing::Assessor;
use super::lookup;
use super::sheet::{Employers, Without};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::shelf;
use crate::whole;
use city::differences::{Difference, differences};
use city::dues::Totals;
use city::lawful::Lawful;
use city::runs::{Refusal, Run, RunKind};
use ledger::ChunkTree;
use measure::Month;
use std::collections::HashSet;
use store::runs::{Mark, NewRun};
use store::{Db, Tx, Write, audit, bills, dues, generation, runs};

/// Opens and computes a run of differences of a month, or goes on with one that was interrupted.
///
/// # Errors
///
/// `N0101` when nothing was assessed for the month, `N0111` when its assessment is not in force, `N0106` when the law is
/// another text than the run's; what the law or the database says. Chunks that are kept stay.
pub fn differ(
    db: &Db,
    applied: Applied<'_>,
    month: Month,
    cut: Cut,
    acting: Acting<'_>,
    progress: &mut Progress<'_>,
) -> Result<Run, Error> {
    let run = whole::write_with(db, Write::settling(), |tx| {
        open(tx, applied, month, cut, acting)
    })?;
    run.may_be_computed(applied.version)?;
    let work = Differing {
        run: &run,
        earlier: whole::read(db, |tx| earlier(tx, &run))?,
        assessor: Assessor::new(applied.law, month)?,
        employers: whole::read(db, |tx| known_employers(tx, &run))?,
    };
    let rows = generation::differences(run.id);
    whole::write_with(db, Write::guarded(), |tx| begin(tx, &run, rows))?;
    engine::carry_out(db, &run, &work, cut.threads, progress, || {
        whole::write_with(db, Write::committed(), |tx| {
            if let Some(run) = finished(tx, &run)? {
                return Ok(run);
            }
            bills::make_of_differences(tx, run.id)?;
            let totals = runs::totals(tx, run.id)?;
            billed(tx, &run, &totals)
        })
    })
}

fn open(
    tx: &mut Tx<'_>,
    applied: Applied<'_>,
    month: Month,
    cut: Cut,
    acting: Acting<'_>,
) -> Result<Run, Error> {
    let assessment = lookup(tx, RunKind::Assessment, month)?;
    if !assessment.state.in_force() {
        return Err(Refusal::NothingInForce { month }.into());
    }
    let there = runs::of_month(tx, RunKind::Difference, month)?.pop();
    if let Some(there) = there.filter(|run| !run.state.in_force()) {
        return Ok(there);
    }
    let due = Lawful::new(applied.law, acting.at.day()?).payment_due(month)?;
    let new = NewRun {
        kind: RunKind::Difference,
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
    acting.note(tx, "month.differ", (audit::RUN, run.id.number()), "")?;
    Ok(run)
}

/// What was in force for the month when the run was opened: its assessment, and the differences before.
pub(crate) fn earlier(tx: &mut Tx<'_>, run: &Run) -> Result<Vec<Run>, Error> {
    let mut earlier = runs::of_month(tx, RunKind::Assessment, run.month)?;
    earlier.extend(runs::of_month(tx, RunKind::Difference, run.month)?);
    earlier.retain(|other| other.state.in_force() && other.id < run.id);
    Ok(earlier)
}

/// The work of a run of differences.
struct Differing<'a> {
    run: &'a Run,
    earlier: Vec<Run>,
    assessor: Assessor<'a>,
    employers: Employers,
}

/// What a chunk differs by.
#[derive(Debug)]
pub(crate) struct Differs {
    /// By person and scheme, what is given back first, then by employer.
    pub(crate) rows: Vec<Difference>,
    /// For whom the law gives no dues now; what was in force stays.
    pub(crate) refused: Vec<Without>,
    /// What the differences come to.
    pub(crate) totals: Totals,
}

impl Work for Differing<'_> {
    type Room = Space;
    type Made = (Differs, Mark);

    fn room(&self) -> Space {
        Space::new(&self.assessor)
    }

    fn compute(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        space: &mut Space,
    ) -> Result<(Differs, Mark), Error> {
        let by = (&self.assessor, &self.employers);
        let differs = compare(tx, self.run, &self.earlier, chunk, by, space)?;
        let mark = mark(&differs);
        Ok((differs, mark))
    }

    fn mark(&self, made: &(Differs, Mark)) -> Mark {
        made.1.clone()
    }

    fn keep(&self, tx: &mut Tx<'_>, (differs, _): &(Differs, Mark)) -> Result<(), Error> {
        store::differences::write(tx, self.run.id, &differs.rows)?;
        refuse(tx, self.run, &differs.refused)
    }
}

/// What a chunk's dues, assessed anew, have over what was in force.
pub(crate) fn compare(
    tx: &mut Tx<'_>,
    run: &Run,
    earlier: &[Run],
    chunk: &Chunk,
    by: (&Assessor<'_>, &Employers),
    space: &mut Space,
) -> Result<Differs, Error> {
    let now = derive(tx, run, chunk, by, space)?;
    let mut in_force = Vec::with_capacity(now.dues.len());
    for of in earlier {
        let persons = &chunk.persons;
        let mut take = |due| {
            in_force.push(due);
            Ok::<(), Error>(())
        };
        match of.kind {
            RunKind::Difference => {
                store::differences::of_run(tx, of.id, persons, |line| take(line.due))?;
            }
            _ => shelf::dues(tx, of.id, persons, take)?,
        }
    }
    let without: HashSet<_> = now
        .refused
        .iter()
        .map(|of| (of.person, of.scheme, of.employer))
        .collect();
    let rows = differences(in_force, &now.dues, |due| {
        without.contains(&(due.person, due.scheme, due.employer))
    })?;
    let mut totals = Totals::default();
    rows.iter().for_each(|line| totals.take(&line.due));
    Ok(Differs {
        rows,
        refused: now.refused,
        totals,
    })
}

/// What is kept of a chunk's differences besides them.
pub(crate) fn mark(differs: &Differs) -> Mark {
    let mut tree = ChunkTree::new();
    for line in &differs.rows {
        tree.row(&line.encoded());
    }
    Mark {
        rows: tree.finish(),
        refused: i64::try_from(differs.refused.len()).unwrap_or(i64::MAX),
        totals: differs.totals.clone(),
    }
}
