//! What is credited of a bill of which only a part could be had?
//!
//! What was written off was never paid and is never credited; what was paid is, though the bill will not be paid in full any
//! more. A crediting run that finds such a bill settled shares what was paid out among those on it, as the law says, and keeps
//! for each what it is made of, so that it is done once and can be done again.

use crate::error::Error;
use crate::shelf;
use city::accounts::{PartCredit, part_credits};
use city::dues::{Due, Payer};
use city::lawful::Lawful;
use city::people::PersonId;
use city::runs::{Run, RunKind};
use measure::Fen;
use std::collections::BTreeMap;
use store::part_credits::{self, Settled};
use store::{Tx, differences};

/// Fixes what a run credits of the bills that were written off in part and have waited until now.
pub(super) fn fix(tx: &mut Tx<'_>, lawful: &Lawful<'_>, run: &Run) -> Result<(), Error> {
    for bill in part_credits::to_credit(tx)? {
        let credits = of(tx, lawful, &bill)?;
        part_credits::keep(tx, run.id, &credits)?;
    }
    Ok(())
}

/// What everybody on a bill is credited of it.
pub(crate) fn of(
    tx: &mut Tx<'_>,
    lawful: &Lawful<'_>,
    bill: &Settled,
) -> Result<Vec<PartCredit>, Error> {
    let owed = owed(tx, bill)?;
    part_credits(bill.part, &owed, |one| Ok(lawful.part_credit(one)?))
}

/// What a bill has for the account of each. An employer's lines lie among those of everybody, which are gone through once:
/// hardly any bill is written off in part.
fn owed(tx: &mut Tx<'_>, bill: &Settled) -> Result<BTreeMap<PersonId, Fen>, Error> {
    let mut owed: BTreeMap<PersonId, Fen> = BTreeMap::new();
    let employer = match bill.payer {
        // The government's part of a resident's credit stands on the treasury's bill.
        Payer::Person(person) => return Ok(BTreeMap::from([(person, bill.part.whole)])),
        Payer::Treasury(_) => return Ok(owed),
        Payer::Employer(employer) => employer,
    };
    let of = (Some(employer), bill.part.scheme, bill.part.district);
    let mut take = |due: &Due| {
        if (due.employer, due.scheme, due.district) == of {
            let sum = owed.entry(due.person).or_default();
            *sum = sum.checked_add(due.credit)?;
        }
        Ok::<(), Error>(())
    };
    let everybody = 1..i64::MAX;
    match bill.kind {
        RunKind::Difference => {
            differences::of_run(tx, bill.run, &everybody, |line| take(&line.due))?;
        }
        _ => shelf::dues(tx, bill.run, &everybody, |due| take(&due))?,
    }
    Ok(owed)
}
