//! Is every bill the sum of its dues, and credited only when it is paid?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::engine::{Chunk, chunk};
use crate::shelf;
use crate::whole;
use city::dues::{Bills, Due};
use city::runs::{Run, RunKind};
use store::{Db, Tx, bills, crediting, differences};

/// Adds up a run's dues by payer again and compares the bills.
pub(super) fn verify(db: &Db, run: &Run, report: &mut Report) -> Result<(), Error> {
    let differing = whole::read(db, |tx| differing(tx, run))?;
    if differing > 0 {
        report.findings.push(Finding::Bills {
            run: run.id,
            differing,
        });
    }
    let unpaid = whole::read(db, |tx| Ok(crediting::credited_unpaid(tx, run.id)?))?;
    if unpaid > 0 {
        report.findings.push(Finding::Unpaid {
            run: run.id,
            bills: unpaid,
        });
    }
    Ok(())
}

/// How many bills are not the sums of their dues, or the other way round. Persons' own bills are compared chunk by chunk, so
/// that memory does not grow with them.
fn differing(tx: &mut Tx<'_>, run: &Run) -> Result<i64, Error> {
    let mut others = Bills::default();
    let mut differing = 0;
    for number in 0..run.chunks {
        let chunk = chunk(run, number);
        let mut own = Bills::default();
        dues(tx, run, &chunk, |due| {
            own.take_own(due)?;
            Ok(others.take_others(due)?)
        })?;
        let mut billed = chunk.persons.clone();
        // What is billed to somebody whom no chunk holds is not overlooked.
        if number + 1 == run.chunks {
            billed.end = i64::MAX;
        }
        differing += own.unequal(&bills::added(tx, run.id, Some(&billed))?)?;
    }
    differing += others.unequal(&bills::added(tx, run.id, None)?)?;
    Ok(differing)
}

/// What a run found to be due, or to differ.
fn dues(
    tx: &mut Tx<'_>,
    run: &Run,
    chunk: &Chunk,
    mut each: impl FnMut(&Due) -> Result<(), Error>,
) -> Result<(), Error> {
    match run.kind {
        RunKind::Difference => {
            differences::of_run(tx, run.id, &chunk.persons, |line| each(&line.due))
        }
        _ => shelf::dues(tx, run.id, &chunk.persons, |due| each(&due)),
    }
}
