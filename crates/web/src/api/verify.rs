//! Everything derived again: a job, and its findings.

use super::answer::done;
use super::caller::{Caller, Sent};
use super::jobs::{self, Progress, both};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::Db;
use office::verify::verify;
use serde_json::{Value, json};

/// Begins it.
pub(crate) async fn begin(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (jurisdiction, threads) = (house.settings.jurisdiction.clone(), house.settings.threads);
    let work = move |db: &Db, _: &Caller, progress: &Progress| {
        let report = verify(db, &jurisdiction, threads, &mut |_, done, of| {
            progress(done, of);
        })?;
        let findings = report.findings.iter().map(|finding| {
            let message = both(|lang| finding.message(lang));
            json!({ "code": finding.code(), "message": message })
        });
        Ok(json!({
            "runs": report.runs,
            "rows": report.rows,
            "lines": report.lines,
            "audited": report.audited,
            "findings": findings.collect::<Vec<Value>>(),
        }))
    };
    let rooms = house.clone();
    done(&house, (caller, sent), move |_, caller, _| {
        let job = jobs::begin(&rooms, caller.clone(), "verify".to_owned(), work);
        Ok((StatusCode::ACCEPTED, job))
    })
    .await
}
