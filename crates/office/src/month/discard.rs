//! How is a run given up?
//!
//! Before it is in force, anybody may: what it found is removed, that it was there and who gave it up stays.

use super::lookup;
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::runs::{Run, RunKind, RunState};
use measure::Month;
use store::{Db, Write, audit, crediting, entries, generation, roster, runs};

/// Gives up the run of a kind in a month that is not in force yet.
///
/// # Errors
///
/// `N0101` when there is none; `N0103` when it is in force, or was taken further meanwhile; what the database says.
pub fn discard(db: &Db, kind: RunKind, month: Month, acting: Acting<'_>) -> Result<Run, Error> {
    whole::write_with(db, Write::guarded(), |tx| {
        let run = lookup(tx, kind, month)?;
        let given_up =
            !run.state.in_force() && runs::step(tx, run.id, run.state, RunState::Discarded)?;
        if !given_up {
            return Err(run.not_in(RunState::Computed).into());
        }
        let rows = match kind {
            RunKind::Assessment => {
                roster::drop(tx, run.id)?;
                generation::dues(run.id)
            }
            RunKind::Crediting | RunKind::Interest | RunKind::ResidentInterest => {
                // What it had taken up is free for the next.
                entries::let_go(tx, run.id)?;
                crediting::let_go(tx, run.id)?;
                generation::accounts(run.id)
            }
            RunKind::Difference => generation::differences(run.id),
        };
        rows.drop(tx)?;
        acting.note(tx, "month.discard", (audit::RUN, run.id.number()), "")?;
        Ok(run.in_state(RunState::Discarded))
    })
}
