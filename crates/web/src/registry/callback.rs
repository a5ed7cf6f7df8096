//! What is taken now and answered by calling back.

use super::envelope::{Envelope, stamp};
use crate::api::answer::value;
use crate::api::caller::Caller;
use crate::api::told::post;
use crate::house::House;
use crate::problem::Problem;
use axum::http::StatusCode;
use axum::response::Response;
use office::programs::registry::{self, Asked, State};
use serde_json::{Value, json};
use std::time::Duration;

/// What is answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// As which action.
    pub(super) action: &'static str,
    /// It.
    pub(super) message: Value,
    /// How many things were asked.
    pub(super) asked: usize,
    /// How many of them could be answered.
    pub(super) answered: usize,
}

impl Answer {
    /// Whether anything could be answered.
    pub(super) fn status(&self) -> &'static str {
        if self.answered == 0 { "rjct" } else { "succ" }
    }
}

/// So often a call back is tried, and after how long again.
const TRIES: [u64; 5] = [0, 1, 5, 30, 120];

/// Takes a message, says so, and answers it later: `work` is given what we call it.
pub(super) async fn later<F>(
    house: &House,
    caller: Caller,
    envelope: Envelope,
    (asked, things): (Asked, usize),
    work: impl FnOnce(House, Caller, Envelope, String) -> F + Send + 'static,
) -> Result<Response, Problem>
where
    F: Future<Output = Result<Answer, Problem>> + Send,
{
    let back = envelope.back().map(str::to_owned);
    if let Some(back) = &back
        && caller.client.may_be_told_at(back).is_err()
    {
        return Ok(refused(
            house,
            "err.sender_uri.invalid",
            "nothing may be sent there",
        ));
    }
    let by = caller.client.login.name().clone();
    let (id, transaction, now) = (
        envelope.id().to_owned(),
        envelope.transaction.clone(),
        caller.now,
    );
    let things = i32::try_from(things).unwrap_or(i32::MAX);
    let begun = house
        .office(move |db| registry::begin(db, (&by, &id, &transaction), (asked, things), now))
        .await?;
    let Some(correlation) = begun else {
        return Ok(refused(
            house,
            "err.request.bad",
            "the message was taken before",
        ));
    };
    let taken = json!({ "message": {
        "ack_status": "ACK",
        "timestamp": stamp(house.now()),
        "correlation_id": correlation,
    } });
    let running = house.clone();
    tokio::spawn(async move {
        let answer = work(
            running.clone(),
            caller,
            envelope.clone(),
            correlation.clone(),
        )
        .await;
        let (state, answered) = match &answer {
            Ok(answer) if 0 < answer.answered => (State::Done, answer.answered),
            _ => (State::Rejected, 0),
        };
        let answered = i32::try_from(answered).unwrap_or(i32::MAX);
        let _ = running
            .office(move |db| registry::end(db, &correlation, state, answered))
            .await;
        if let (Ok(answer), Some(back)) = (answer, back) {
            call(&running, &envelope, &answer, &back).await;
        }
    });
    Ok(value(StatusCode::ACCEPTED, &taken))
}

async fn call(house: &House, envelope: &Envelope, answer: &Answer, back: &str) {
    for seconds in TRIES {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let body = envelope.answer(house, answer).to_string();
        if post(house, back, body).await.is_ok() {
            return;
        }
    }
    // Its sender can ask how it stands, and ask again.
    tracing::warn!(action = answer.action, "a call back was not taken");
}

/// A message that is not taken.
fn refused(house: &House, code: &str, why: &str) -> Response {
    let refused = json!({ "message": {
        "ack_status": "ERR",
        "timestamp": stamp(house.now()),
        "correlation_id": crate::wall::number(),
        "error": { "code": code, "message": why },
    } });
    value(StatusCode::OK, &refused)
}
