//! How far is each month, and what can be done with it next, by whom?
//!
//! A step is offered when the runs of the month allow it and the login may do it; whoever made a run is not offered to approve
//! it. What is offered may still be refused: somebody else may have been there first.

use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::logins::Login;
use city::runs::{Run, RunKind, RunState};
use measure::Month;
use store::{Db, Tx, runs, seals};

/// How many numbers of persons a run that is opened here has in a chunk.
pub const CHUNK: i64 = 50_000;
/// So many months are listed.
const MONTHS: i32 = 24;

/// How a month stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Which.
    pub month: Month,
    /// What everybody owes.
    pub assessment: Option<Run>,
    /// What was paid, credited to accounts.
    pub crediting: Option<Run>,
    /// What became known later, in order.
    pub differences: Vec<Run>,
    /// Whether it is sealed.
    pub is_closed: bool,
}

/// What can be done with a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Open its assessment.
    Open,
    /// Compute what is missing of a run.
    Compute(RunKind),
    /// Approve the content of a run.
    Approve(RunKind),
    /// Put a run in force.
    Publish(RunKind),
    /// Give a run up.
    Discard(RunKind),
    /// Compute what the month differs by now.
    Differ,
    /// Credit what was paid.
    Credit,
    /// Put the crediting in force and seal the month.
    Close,
}

impl Step {
    /// What one must be permitted for it.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Step::Open | Step::Compute(_) | Step::Discard(_) | Step::Differ | Step::Credit => {
                Action::RunMonth
            }
            Step::Approve(_) | Step::Publish(_) | Step::Close => Action::ApproveMonth,
        }
    }

    /// As addresses have it; which run is said besides.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Step::Open => "open",
            Step::Compute(_) => "compute",
            Step::Approve(_) => "approve",
            Step::Publish(_) => "publish",
            Step::Discard(_) => "discard",
            Step::Differ => "differ",
            Step::Credit => "credit",
            Step::Close => "close",
        }
    }

    /// The step of a word and a run.
    #[must_use]
    pub fn read(word: &str, kind: RunKind) -> Option<Step> {
        let all = [
            Step::Open,
            Step::Compute(kind),
            Step::Approve(kind),
            Step::Publish(kind),
            Step::Discard(kind),
            Step::Differ,
            Step::Credit,
            Step::Close,
        ];
        all.into_iter().find(|step| step.word() == word)
    }
}

impl Desk {
    /// The run of a kind that is the latest.
    #[must_use]
    pub fn run(&self, kind: RunKind) -> Option<&Run> {
        match kind {
            RunKind::Assessment => self.assessment.as_ref(),
            RunKind::Crediting => self.crediting.as_ref(),
            RunKind::Difference => self.differences.last(),
            RunKind::Interest | RunKind::ResidentInterest => None,
        }
    }

    /// What the runs allow, whoever asks.
    #[must_use]
    pub fn possible(&self) -> Vec<Step> {
        let Some(assessment) = &self.assessment else {
            return if self.is_closed {
                Vec::new()
            } else {
                vec![Step::Open]
            };
        };
        let mut steps = of_run(assessment);
        if !assessment.state.in_force() {
            return steps;
        }
        match self.differences.last() {
            Some(run) if !run.state.in_force() => steps.extend(of_run(run)),
            _ => steps.push(Step::Differ),
        }
        match &self.crediting {
            None if !self.is_closed => steps.push(Step::Credit),
            Some(run) if !run.state.in_force() => steps.extend(of_run(run)),
            _ => {}
        }
        steps
    }

    /// What is offered to a login.
    #[must_use]
    pub fn offered(&self, login: Option<&Login>) -> Vec<Step> {
        let mut steps = self.possible();
        steps.retain(|step| permit::reach(login, step.needs()).is_ok());
        let name = login.map_or("", |login| login.name().login());
        steps.retain(|step| match step {
            Step::Approve(kind) => self.run(*kind).is_none_or(|run| run.made_by != name),
            _ => true,
        });
        steps
    }
}

fn of_run(run: &Run) -> Vec<Step> {
    let kind = run.kind;
    match run.state {
        RunState::Open | RunState::Computing => vec![Step::Compute(kind), Step::Discard(kind)],
        RunState::Computed => vec![Step::Approve(kind), Step::Discard(kind)],
        RunState::Approved if kind == RunKind::Crediting => {
            vec![Step::Close, Step::Discard(kind)]
        }
        RunState::Approved => vec![Step::Publish(kind), Step::Discard(kind)],
        RunState::Published | RunState::Closed | RunState::Discarded => Vec::new(),
    }
}

/// The latest months, the newest first, and the one after them, which may be opened.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn months(db: &Db, login: Option<&Login>, this: Month) -> Result<Vec<Desk>, Error> {
    permit::reach(login, Action::ReadMonth)?;
    whole::read(db, |tx| {
        let last = runs::last_month(tx)?;
        let next = last.map_or(Ok(this), |last| last.add_months(1))?;
        let first = next.add_months(-MONTHS)?;
        let known = runs::since(tx, first)?;
        let mut months = Vec::new();
        for back in 0..=MONTHS {
            let month = next.add_months(-back)?;
            let of: Vec<Run> = known
                .iter()
                .filter(|run| run.month == month)
                .cloned()
                .collect();
            if back == 0 || !of.is_empty() {
                months.push(desk(tx, month, of)?);
            }
        }
        Ok(months)
    })
}

/// One month, and of its run that is being computed how many chunks are there.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn month(
    db: &Db,
    login: Option<&Login>,
    month: Month,
) -> Result<(Desk, Option<(i64, i64)>), Error> {
    permit::reach(login, Action::ReadMonth)?;
    whole::read(db, |tx| {
        let mut of = Vec::new();
        for kind in [RunKind::Assessment, RunKind::Crediting, RunKind::Difference] {
            of.extend(runs::of_month(tx, kind, month)?);
        }
        let desk = desk(tx, month, of)?;
        let all = [RunKind::Assessment, RunKind::Difference, RunKind::Crediting];
        let mut computing = all.into_iter().filter_map(|kind| desk.run(kind));
        let computing = computing.find(|run| run.state == RunState::Computing);
        let done = match computing {
            Some(run) => Some((runs::done(tx, run.id)?, run.chunks)),
            None => None,
        };
        Ok((desk, done))
    })
}

fn desk(tx: &mut Tx<'_>, month: Month, of: Vec<Run>) -> Result<Desk, Error> {
    let mut desk = Desk {
        month,
        assessment: None,
        crediting: None,
        differences: Vec::new(),
        is_closed: seals::is_closed(tx, month)?,
    };
    for run in of {
        match run.kind {
            RunKind::Assessment => desk.assessment = Some(run),
            RunKind::Crediting => desk.crediting = Some(run),
            RunKind::Difference => desk.differences.push(run),
            RunKind::Interest | RunKind::ResidentInterest => {}
        }
    }
    Ok(desk)
}
