//! Is what was credited of a bill that was written off in part what was paid of it?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::part;
use crate::whole;
use city::lawful::Lawful;
use city::runs::Run;
use rules::law::Law;
use store::{Db, part_credits};

/// Shares out again what was paid of each bill that a crediting run credits in part. Of those that differ the first is named.
pub(super) fn verify(db: &Db, law: &Law, run: &Run, report: &mut Report) -> Result<(), Error> {
    let lawful = Lawful::new(law, run.month.last_day());
    let wrong = whole::read(db, |tx| {
        for (bill, kept) in part_credits::of_run(tx, run.id)? {
            let derived = match part_credits::of_bill(tx, bill)? {
                Some(settled) => part::of(tx, &lawful, &settled)?,
                None => Vec::new(),
            };
            if kept != derived {
                return Ok(Some(bill));
            }
        }
        Ok::<_, Error>(None)
    })?;
    let finding = wrong.map(|bill| Finding::PartCredit { run: run.id, bill });
    report.findings.extend(finding);
    Ok(())
}
