//! The month: how far it is, what it comes to, and its steps.
//!
//! What is long is a job; what a second person decides names the content that was looked at, and may name the state with
//! `If-Match`.

use super::answer::{done, meant, state};
use super::caller::{Caller, Sent};
use super::declarations::read;
use super::jobs::{self, Progress};
use super::shapes::{Looked, MonthReview, MonthRun, kind_of};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use city::runs::{Run, RunKind};
use measure::Month;
use office::month::assess::{assess, open as open_month};
use office::month::credit::credit;
use office::month::differ::differ;
use office::month::discard::discard;
use office::month::publish::{approve, close, publish, publish_differences};
use office::month::review::review;
use office::{Db, permit};
use serde_json::json;

/// A run of a kind in a month, as a second person sees it.
pub(crate) async fn run(
    State(house): State<House>,
    Path((month, kind)): Path<(String, String)>,
    _caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (month, kind) = named(&month, &kind)?;
    let seen = house.office(move |db| review(db, kind, month)).await?;
    Ok(state(&headers, &MonthReview::of(&seen)))
}

/// Opens the assessment of a month.
pub(crate) async fn open(
    State(house): State<House>,
    Path(month): Path<String>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let month = read(&month)?;
    let laws = house.clone();
    done(&house, (caller, sent), move |db, caller, _| {
        let run = open_month(db, laws.applied(), month, laws.cut(), caller.acting())?;
        Ok((StatusCode::CREATED, MonthRun::of(&run)))
    })
    .await
}

/// Assesses a month: a job.
pub(crate) async fn compute(
    State(house): State<House>,
    Path((month, kind)): Path<(String, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (month, kind) = named(&month, &kind)?;
    let laws = house.clone();
    let what = format!("{} {month}", super::shapes::kind(kind));
    let work = move |db: &Db, caller: &Caller, progress: &Progress| {
        let mut told = jobs::told(progress);
        let (applied, cut, acting) = (laws.applied(), laws.cut(), caller.acting());
        let run = match kind {
            RunKind::Assessment => assess(db, applied, month, cut.threads, &mut told)?,
            RunKind::Crediting => credit(db, applied, month, cut, acting, &mut told)?,
            RunKind::Difference => differ(db, applied, month, cut, acting, &mut told)?,
            RunKind::Interest | RunKind::ResidentInterest => {
                return Err(permit::Refusal::Unknown.into());
            }
        };
        Ok(json!(MonthRun::of(&run)))
    };
    let rooms = house.clone();
    done(&house, (caller, sent), move |_, caller, _| {
        let job = jobs::begin(&rooms, caller.clone(), what, work);
        Ok((StatusCode::ACCEPTED, job))
    })
    .await
}

/// Approves a run by the content that was looked at.
pub(crate) async fn approved(
    State(house): State<House>,
    Path((month, kind)): Path<(String, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (month, kind) = named(&month, &kind)?;
    let looked: Looked = sent.json()?;
    step(&house, (caller, sent), (kind, month), move |db, caller| {
        approve(db, kind, month, &looked.content, caller.acting())
    })
    .await
}

/// Puts a run in force; a crediting closes its month.
pub(crate) async fn published(
    State(house): State<House>,
    Path((month, kind)): Path<(String, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (month, kind) = named(&month, &kind)?;
    step(
        &house,
        (caller, sent),
        (kind, month),
        move |db, caller| match kind {
            RunKind::Assessment => publish(db, month, caller.acting()),
            RunKind::Crediting => close(db, month, caller.acting()),
            RunKind::Difference => publish_differences(db, month, caller.acting()),
            RunKind::Interest | RunKind::ResidentInterest => Err(permit::Refusal::Unknown.into()),
        },
    )
    .await
}

/// Gives a run up.
pub(crate) async fn discarded(
    State(house): State<House>,
    Path((month, kind)): Path<(String, String)>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (month, kind) = named(&month, &kind)?;
    step(&house, (caller, sent), (kind, month), move |db, caller| {
        discard(db, kind, month, caller.acting())
    })
    .await
}

async fn step(
    house: &House,
    (caller, sent): (Caller, Sent),
    (kind, month): (RunKind, Month),
    work: impl FnOnce(&Db, &Caller) -> Result<Run, office::Error> + Send + 'static,
) -> Result<Response, Problem> {
    done(house, (caller, sent), move |db, caller, sent| {
        if sent.meant_for.is_some() {
            meant(sent, &MonthReview::of(&review(db, kind, month)?))?;
        }
        Ok((StatusCode::OK, MonthRun::of(&work(db, caller)?)))
    })
    .await
}

fn named(month: &str, kind: &str) -> Result<(Month, RunKind), Problem> {
    let kind = kind_of(kind).ok_or_else(Problem::no_page)?;
    Ok((read(month)?, kind))
}
