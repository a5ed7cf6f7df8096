//! Telling programs what was done.
//!
//! The office writes what is to be told to its outbox ([`office::programs::subscriptions`]); here it is sent, signed, until it was
//! taken. It may come twice, and is known by its `id`. A message says that something was done and to which record, never what
//! stands in it; registries that subscribed are sent the record as their standard has it, read anew within the reach of who
//! subscribed.

use crate::house::House;
use crate::outgoing::Unanswered;
use crate::problem::Problem;
use crate::registry;
use axum::http::{HeaderValue, Request, header};
use office::programs::subscriptions::{self, Told};
use serde_json::json;

/// So many are told at a time.
const AT_ONCE: i32 = 32;
/// So many bytes of an answer are read; only its status is looked at.
const ANSWER: usize = 64 * 1_024;

/// Tells what is to be told now; how many took it.
///
/// # Errors
///
/// What the database says.
pub async fn tell(house: &House) -> Result<usize, Problem> {
    let now = house.now();
    let all = house
        .office(move |db| subscriptions::take(db, now, AT_ONCE))
        .await?;
    let mut took = 0;
    for one in all {
        let outcome = tell_one(house, &one).await;
        took += usize::from(outcome.is_ok());
        let message = one.message;
        house
            .office(move |db| match outcome {
                Ok(()) => subscriptions::sent(db, &message, now),
                Err(why) => subscriptions::failed(db, &message, now, why),
            })
            .await?;
    }
    Ok(took)
}

async fn tell_one(house: &House, one: &Told) -> Result<(), &'static str> {
    let body = if registry::is_ours(&one.subscription.code) {
        registry::notice(house, one)
            .await
            .map_err(|_| "the record cannot be read")?
    } else {
        json!({
            "id": one.message.key,
            "event": one.event,
            "subject": { "kind": one.kind, "number": one.subject },
            "at": one.at.to_string(),
            "subscription": one.subscription.code,
        })
        .to_string()
    };
    post(house, &one.subscription.address, body).await
}

/// Sends JSON to an address, signed; an error when it was not taken.
///
/// # Errors
///
/// What stood in the way, in few words and without the address.
pub async fn post(house: &House, address: &str, body: String) -> Result<(), &'static str> {
    let mut request = Request::post(address).header(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    for (name, value) in house.signer.request(address, body.as_bytes(), house.now()) {
        request = request.header(name, value);
    }
    let request = request
        .body(body.into_bytes())
        .map_err(|_| "the address cannot be read")?;
    let sent = house.outgoing.send(request, ANSWER).await;
    let response = sent.map_err(|Unanswered(why)| why)?;
    if response.status().is_success() {
        Ok(())
    } else {
        Err("it was not taken")
    }
}
