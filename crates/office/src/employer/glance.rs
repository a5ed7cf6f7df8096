//! How do our months stand, and what is to be done?

use crate::acting::Acting;
use crate::collect::owes::{Owes, owes};
use crate::declare::missing::TOPIC;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::collection::Payer;
use city::declarations::{State, chase};
use city::employers::{Employer, EmployerId, Registration};
use city::lawful::Lawful;
use city::logins::Login;
use city::runs::RunKind;
use measure::{Day, Moment, Month};
use rules::law::Law;
use store::declarations::{self, Kept};
use store::drafts::Draft;
use store::{Db, Tx, audit, drafts, employers, outbox, runs};

/// So many months are looked back.
const BACK: i32 = 12;

/// What an employer's first page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// Who it is.
    pub employer: Employer,
    /// Where it is registered today, and in which class.
    pub registered: Option<Registration>,
    /// Its months, the newest first: those in which it insures anybody or has declared.
    pub months: Vec<MonthStands>,
    /// What is owed today and tomorrow, or why that cannot be said.
    pub owes: Result<Owes, Error>,
    /// What is prepared and not handed in.
    pub drafts: Vec<Draft>,
}

/// How a month stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthStands {
    /// Which.
    pub month: Month,
    /// The last day on which it is declared in time; `None` where the law does not say.
    pub due: Option<Day>,
    /// What was declared, in all its versions, the first first.
    pub versions: Vec<Kept>,
    /// How many notices were written because it was not, and when the last.
    pub notices: Vec<Notice>,
}

/// A notice that something is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The how-manieth.
    pub time: usize,
    /// Since when it is due.
    pub since: Day,
    /// When it was written; `None` when it is due and not written yet.
    pub written: Option<Moment>,
}

impl MonthStands {
    /// The declaration that stands.
    #[must_use]
    pub fn standing(&self) -> Option<&Kept> {
        let mut versions = self.versions.iter();
        versions.find(|kept| kept.declaration.state == State::Accepted)
    }
}

/// How the own months stand. That they were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn glance(
    db: &Db,
    law: &Law,
    login: Option<&Login>,
    on: Day,
    acting: Acting<'_>,
) -> Result<Glance, Error> {
    let id = permit::own_employer(login, Action::ReadDeclaration)?;
    whole::look(db, |tx| {
        let employer = employers::employer(tx, id)?.ok_or(permit::Refusal::Unknown)?;
        let subject = (audit::EMPLOYER, id.number());
        acting.note(tx, Action::ReadDeclaration.word(), subject, "")?;
        Ok(Glance {
            employer,
            registered: employers::on(tx, id, on, acting.at)?,
            months: months(tx, law, id, on)?,
            owes: said(owes(tx, law, Payer::Employer(id), on))?,
            drafts: drafts::open(tx, id)?,
        })
    })
}

/// What the law refuses is told beside the rest; what the database says ends it.
pub(super) fn said<T>(asked: Result<T, Error>) -> Result<Result<T, Error>, Error> {
    match asked {
        Err(Error::Store(error)) => Err(Error::Store(error)),
        asked => Ok(asked),
    }
}

fn months(
    tx: &mut Tx<'_>,
    law: &Law,
    employer: EmployerId,
    on: Day,
) -> Result<Vec<MonthStands>, Error> {
    let lawful = Lawful::new(law, on);
    // Before the first month that was assessed here nothing was asked for.
    let runs = runs::in_force(tx)?;
    let assessed = runs.iter().filter(|run| run.kind == RunKind::Assessment);
    let first = assessed.map(|run| run.month).min();
    let first = first.map_or(on.month(), |first| first.min(on.month()));
    let mut stand = Vec::new();
    for back in 0..BACK {
        let Ok(month) = on.month().add_months(-back) else {
            break;
        };
        let versions = declarations::of_month(tx, employer, month)?;
        let insures = first <= month && !declarations::schemes(tx, employer, month)?.is_empty();
        if versions.is_empty() && !insures {
            continue;
        }
        let due = lawful.declaration_due(month).ok();
        let stands = MonthStands {
            month,
            due,
            versions,
            notices: Vec::new(),
        };
        let notices = match (stands.standing(), due) {
            (None, Some(due)) => notices(tx, &lawful, (employer, month), (due, on))?,
            _ => Vec::new(),
        };
        stand.push(MonthStands { notices, ..stands });
    }
    Ok(stand)
}

/// Which notices are due by a day, and which of them were written.
fn notices(
    tx: &mut Tx<'_>,
    lawful: &Lawful<'_>,
    (employer, month): (EmployerId, Month),
    (due, on): (Day, Day),
) -> Result<Vec<Notice>, Error> {
    let Ok(days) = lawful.chasing_days() else {
        return Ok(Vec::new());
    };
    let mut notices = Vec::new();
    let latest = chase(&days, due, 0, on).map_or(0, |latest| latest.time);
    for time in 1..=latest {
        let key = format!("{month}/{employer}/{time}");
        let written = outbox::written(tx, TOPIC, &key)?;
        let since = match time == latest {
            true => chase(&days, due, 0, on).map(|latest| latest.since),
            false => written.and_then(|at| at.day().ok()),
        };
        if let Some(since) = since {
            notices.push(Notice {
                time,
                since,
                written,
            });
        }
    }
    Ok(notices)
}
