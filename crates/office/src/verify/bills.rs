//! Is every bill the sum of its dues?

use super::{Finding, Report};
use crate::error::Error;
use crate::whole;
use city::runs::Run;
use store::{Db, bills};

/// Adds up a run's dues by payer again and compares the bills.
pub(super) fn verify(db: &Db, run: &Run, report: &mut Report) -> Result<(), Error> {
    let differing = whole::read(db, |tx| Ok(bills::differing(tx, run.id)?))?;
    if differing > 0 {
        report.findings.push(Finding::Bills {
            run: run.id,
            differing,
        });
    }
    Ok(())
}
