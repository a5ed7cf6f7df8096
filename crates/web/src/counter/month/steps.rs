//! The steps of a month, as they are taken at the counter.

use super::{parsed, work};
use crate::counter::form::done_once;
use crate::counter::purpose::Clerk;
use crate::forms::Form;
use crate::house::House;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::runs::{Run, RunKind, RunState};
use measure::Month;
use office::month::assess::{assess, open};
use office::month::causes::causes;
use office::month::credit::credit;
use office::month::desk::{Desk, Step};
use office::month::differ::differ;
use office::month::discard::discard;
use office::month::publish::{approve, close, publish, publish_differences};
use office::permit::Refusal;
use office::{Acting, Db, permit};

/// Begins to look for causes, unless somebody has; whether it is under way.
#[expect(clippy::needless_pass_by_value, reason = "it is used up")]
pub(super) fn look_for_causes(house: &House, month: Month, name: String) -> bool {
    if let Some(standing) = house.jobs.standing(&name) {
        return standing.is_under_way;
    }
    let kept = name.clone();
    house.begin(
        &name,
        move |house, db, job| {
            let jurisdiction = &house.settings.jurisdiction;
            causes(db, jurisdiction, month, &mut |done, of| job.at(done, of))
        },
        move |house, found| house.found.keep_causes(kept, found),
    )
}

/// Takes a step.
pub(crate) async fn step(
    State(house): State<House>,
    visitor: Visitor,
    Path((month, step)): Path<(String, String)>,
    form: String,
) -> Result<Response, Problem> {
    let month = parsed(&month)?;
    let form = Form::read(&form);
    let code = form.get("kind").parse().ok().and_then(RunKind::from_code);
    let step =
        Step::read(&step, code.unwrap_or(RunKind::Assessment)).ok_or_else(Problem::no_page)?;
    permit::reach(visitor.login(), step.needs()).map_err(office::Error::from)?;
    let clerk = Clerk {
        purpose: format!("month {month}"),
        visitor,
    };
    let (rooms, seen) = (house.clone(), form.get("seen").to_owned());
    let path = format!(
        "/counter/month/{month}/{}/{}",
        step.word(),
        form.get("kind")
    );
    let worker = clerk.clone();
    done_once(&house, &clerk, (&path, &form), move |db, acting| {
        take(&rooms, db, (month, step, &seen), &worker, acting)?;
        Ok(format!("/counter/month/{month}"))
    })
    .await
}

fn take(
    house: &House,
    db: &Db,
    (month, step, seen): (Month, Step, &str),
    clerk: &Clerk,
    acting: Acting<'_>,
) -> Result<(), office::Error> {
    match step {
        Step::Open => {
            open(db, house.applied(), month, house.cut(), acting)?;
            compute(house, month, RunKind::Assessment, clerk)
        }
        Step::Compute(kind) => compute(house, month, kind, clerk),
        Step::Differ => compute(house, month, RunKind::Difference, clerk),
        Step::Credit => compute(house, month, RunKind::Crediting, clerk),
        Step::Approve(kind) => approve(db, kind, month, seen, acting).map(drop),
        Step::Publish(RunKind::Difference) => publish_differences(db, month, acting).map(drop),
        Step::Publish(RunKind::Assessment) => publish(db, month, acting).map(drop),
        Step::Publish(_) => Err(Refusal::Unknown.into()),
        Step::Discard(kind) => discard(db, kind, month, acting).map(drop),
        Step::Close => close(db, month, acting).map(drop),
    }
}

/// Has a run computed on a thread of its own.
fn compute(house: &House, month: Month, kind: RunKind, clerk: &Clerk) -> Result<(), office::Error> {
    let clerk = clerk.clone();
    // Who begins it twice finds it under way.
    let _ = house.begin(
        &work(month),
        move |house, db, job| {
            let by = clerk.name()?;
            let (acting, applied) = (clerk.acting(&by), house.applied());
            let mut told = |done, of| job.at(done, of);
            match kind {
                RunKind::Difference => differ(db, applied, month, house.cut(), acting, &mut told),
                RunKind::Crediting => credit(db, applied, month, house.cut(), acting, &mut told),
                _ => assess(db, applied, month, house.settings.threads, &mut told),
            }
        },
        |_, _| {},
    );
    Ok(())
}

/// A month for samples.
pub(super) fn sample_desk(state: Option<RunState>) -> Desk {
    let month = Month::parse("2025-06").unwrap_or(Month::MAX);
    let run = state.map(|state| Run {
        id: city::runs::RunId::new(4).expect("above 0"),
        kind: RunKind::Assessment,
        month,
        state,
        law: "abc".into(),
        facts_known: measure::Moment::from_microseconds(1_750_000_000_000_000),
        chunk_size: 10,
        chunks: 8,
        made_by: "li<b>8000".into(),
        content: (3 <= state.code()).then_some(office::inbox::nothing_seen()),
        approved_by: None,
    });
    Desk {
        month,
        assessment: run,
        crediting: None,
        differences: Vec::new(),
        is_closed: false,
    }
}
