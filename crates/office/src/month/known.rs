//! What does an assessment know of everybody, and where does it read that?
//!
//! Either the facts, all of them, or the [roster] of an assessment before and what became known since, which comes to the same and
//! costs what has changed. What has changed is held in memory; where it is too much for that, as when every wage is declared
//! anew, the facts are read.

use super::engine::Chunk;
use crate::error::Error;
use city::runs::Run;
use store::roster::{self, Line, Since};
use store::{Tx, runs};

/// So many participations that became known are held in memory, and as many numbers of superseded ones: less than half a gigabyte.
const HELD: usize = 4_000_000;

/// An assessment before, and what became known since.
#[derive(Debug)]
pub(crate) struct Before {
    run: Run,
    since: Since,
}

impl Before {
    /// That of the last assessment in force whose roster a run can begin with.
    pub(super) fn of(tx: &mut Tx<'_>, run: &Run) -> Result<Option<Before>, Error> {
        for before in roster::kept(tx)? {
            let Some(before) = runs::find(tx, before)? else {
                continue;
            };
            // What was over when its month began it does not hold.
            if before.month > run.month || before.facts_known > run.facts_known {
                continue;
            }
            let moments = (before.facts_known, run.facts_known);
            let since = roster::since(tx, moments, run.month.first_day(), HELD)?;
            return Ok(since.map(|since| Before { run: before, since }));
        }
        Ok(None)
    }
}

/// The participations of a chunk, in order, that are not over when the month of a run begins, as it knows them.
pub(crate) fn known(
    tx: &mut Tx<'_>,
    run: &Run,
    before: Option<&Before>,
    chunk: &Chunk,
) -> Result<Vec<Line>, Error> {
    let (persons, day) = (&chunk.persons, run.month.first_day());
    if let Some(Before { run, since }) = before
        && let Some(told) = roster::told(tx, run.id, since, persons, day)?
    {
        return Ok(told);
    }
    Ok(roster::facts(tx, persons, day, run.facts_known)?)
}
