//! Was this step done already?
//!
//! Whoever asks again for a step that is finished, because the answer was lost or by mistake, has it refused by the state of
//! the run. When it was they who did it, and it would come to the same, they are to be told so instead: nothing is wrong, and
//! nothing is left to do.

use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::runs::{Run, RunKind, RunState};
use measure::{Moment, Month};
use store::{Db, audit, runs};

/// So many of a run's entries are looked through, from the newest: a run is opened, approved and published once.
const ENTRIES: i32 = 64;

/// A step, and what it would be done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// It was computed by this text of the law.
    Compute {
        /// The version of the law.
        law: &'a str,
    },
    /// Its content was approved.
    Approve {
        /// The hash that was looked at, or its beginning.
        looked_at: &'a str,
    },
    /// It was put in force.
    Publish,
}

/// A step that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Of which run.
    pub run: Run,
    /// By whom.
    pub by: String,
    /// When; of what is computed, when it was opened.
    pub at: Moment,
}

impl Step<'_> {
    /// Whether a run has it behind it, with the same content.
    fn is_behind(self, run: &Run) -> bool {
        use RunState::{Approved, Closed, Computed, Published};
        match self {
            Step::Compute { law } => {
                matches!(run.state, Computed | Approved | Published | Closed) && run.law == law
            }
            Step::Approve { looked_at } => {
                matches!(run.state, Approved | Published | Closed) && run.is_content(looked_at)
            }
            Step::Publish => run.state.in_force(),
        }
    }

    /// Whether an entry of the audit log with this action is of it.
    fn is_noted_as(self, action: &str) -> bool {
        match self {
            Step::Compute { .. } => matches!(
                action,
                "month.open" | "month.credit" | "month.differ" | "interest.bear"
            ),
            Step::Approve { .. } => action == "month.approve",
            Step::Publish => matches!(action, "month.publish" | "month.close"),
        }
    }
}

/// Whether this person has done a step of the last run of a kind in a month already, with the same content. Only reads.
///
/// # Errors
///
/// What the database says.
pub fn done(
    db: &Db,
    (kind, month): (RunKind, Month),
    step: Step<'_>,
    by: &Actor,
) -> Result<Option<Done>, Error> {
    whole::read(db, |tx| {
        let run = runs::of_month(tx, kind, month)?.pop();
        let Some(run) = run.filter(|run| step.is_behind(run)) else {
            return Ok(None);
        };
        let noted = audit::of_subject(tx, audit::RUN, run.id.number(), ENTRIES)?;
        let its_own = noted
            .into_iter()
            .find(|entry| step.is_noted_as(&entry.action));
        let its_own = its_own.filter(|entry| entry.actor == by.login());
        Ok(its_own.map(|entry| Done {
            run,
            by: entry.actor,
            at: entry.at,
        }))
    })
}
