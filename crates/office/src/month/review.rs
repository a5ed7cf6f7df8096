//! What is it that somebody is asked to approve?
//!
//! The totals by scheme and district, beside those of the month before (of the year before, for interest), who got no result and why, and the hash that stands
//! for all of it.

use super::lookup;
use crate::error::Error;
use crate::whole;
use city::dues::Totals;
use city::runs::{Run, RunKind};
use measure::Month;
use store::{Db, Tx, runs};

/// A run as a second person sees it.
#[derive(Clone, Debug)]
pub struct Review {
    /// The run.
    pub run: Run,
    /// What it comes to.
    pub totals: Totals,
    /// How many persons and schemes have no result.
    pub refused: i64,
    /// The run of the month before, and what it came to.
    pub before: Option<(Run, Totals)>,
}

/// The run of a kind in a month, for review.
///
/// # Errors
///
/// `N0101`; what the database says.
pub fn review(db: &Db, kind: RunKind, month: Month) -> Result<Review, Error> {
    whole::read(db, |tx| seen(tx, kind, month))
}

fn seen(tx: &mut Tx<'_>, kind: RunKind, month: Month) -> Result<Review, Error> {
    let run = lookup(tx, kind, month)?;
    let back = if kind.bears().is_some() { -12 } else { -1 };
    let before = match month.add_months(back) {
        Ok(before) => runs::of_month(tx, kind, before)?.pop(),
        Err(_) => None,
    };
    let before = match before {
        Some(before) => {
            let totals = runs::totals(tx, before.id)?;
            Some((before, totals))
        }
        None => None,
    };
    Ok(Review {
        totals: runs::totals(tx, run.id)?,
        refused: runs::refused(tx, run.id)?,
        run,
        before,
    })
}
