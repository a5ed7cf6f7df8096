//! Is every bill the sum of its dues, and credited only when it is paid?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::archive::is_moved;
use crate::month::engine::chunk;
use crate::shelf;
use crate::whole;
use city::dues::Bills;
use city::runs::Run;
use store::{Db, Rows, Tx, bills, crediting};

/// Adds up a run's dues by payer again and compares the bills.
pub(super) fn verify(db: &Db, run: &Run, report: &mut Report) -> Result<(), Error> {
    let differing = whole::read(db, |tx| match is_moved(tx, run.id, Rows::Dues)? {
        false => Ok(bills::differing(tx, run.id)?),
        true => of_files(tx, run),
    })?;
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

/// The same of dues that were moved to a file. Persons' own bills are compared chunk by chunk, so that memory does not grow
/// with them.
fn of_files(tx: &mut Tx<'_>, run: &Run) -> Result<i64, Error> {
    let mut others = Bills::default();
    let mut differing = 0;
    for number in 0..run.chunks {
        let chunk = chunk(run, number);
        let mut of_chunk = Bills::default();
        shelf::dues(tx, run.id, &chunk.persons, |due| Ok(of_chunk.take(&due)?))?;
        let (persons, rest) = of_chunk.divided();
        others.join(rest)?;
        differing += persons.unequal(&bills::added(tx, run.id, Some(&chunk.persons))?);
    }
    differing += others.unequal(&bills::added(tx, run.id, None)?);
    Ok(differing)
}
