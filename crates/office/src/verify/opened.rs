//! Is a bill open as long as something of it may be settled?
//!
//! Whoever owes is asked for what is open, and only for that: a bill noted as settled is never collected.

use super::{Finding, Laws, Report};
use crate::error::Error;
use crate::whole;
use city::collection::BillId;
use city::lawful::Lawful;
use store::{Db, bills};

/// So many bills are looked through at once.
const MANY: i64 = 10_000;

/// Looks through the bills that are noted as settled: their dues must be, and what the law takes for those that were paid late.
/// The first that is not is named.
pub(super) fn verify(
    db: &Db,
    laws: &mut Laws,
    jurisdiction: &str,
    report: &mut Report,
) -> Result<(), Error> {
    let wrong = match whole::read(db, |tx| Ok(bills::wrongly_noted(tx)?))? {
        Some(bill) => Some(bill),
        None => with_a_fee(db, laws, jurisdiction)?,
    };
    let finding = wrong.map(|bill| Finding::Open { bill });
    report.findings.extend(finding);
    Ok(())
}

/// The first whose late fee is not settled.
fn with_a_fee(db: &Db, laws: &mut Laws, jurisdiction: &str) -> Result<Option<BillId>, Error> {
    let mut behind = 0;
    loop {
        let some = whole::read(db, |tx| Ok(bills::closed_late(tx, behind, MANY)?))?;
        for id in &some {
            let (bill, settled) = whole::read(db, |tx| {
                Ok((bills::find(tx, *id)?, bills::last_settled(tx, *id)?))
            })?;
            let (Some(bill), Some((version, at))) = (bill, settled) else {
                return Ok(Some(*id));
            };
            // That a law is gone is said of the run that applied it.
            let law = laws.of(db, &version)?;
            let Some(law) = law.and_then(|book| book.law(jurisdiction)) else {
                continue;
            };
            if !bill.is_settled(&Lawful::new(law, at.day()?))? {
                return Ok(Some(*id));
            }
        }
        match some.last() {
            Some(last) => behind = last.number(),
            None => return Ok(None),
        }
    }
}
