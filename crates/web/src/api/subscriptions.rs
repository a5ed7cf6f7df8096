//! What a program wants to be told.

use super::answer::{done, state};
use super::caller::{Caller, Sent};
use super::shapes::{Ended, Subscription, Subscriptions, Wanted};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use city::people::PersonId;
use office::permit::Refusal;
use office::programs::subscriptions::{self, EVENTS};

/// What stands.
pub(crate) async fn list(
    State(house): State<House>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let all = house
        .office(move |db| subscriptions::list(db, &caller.client))
        .await?;
    let subscriptions = all
        .into_iter()
        .map(|one| Subscription {
            code: one.code,
            events: one.events,
            person: one.person.map(PersonId::number),
            address: one.address,
            made: one.made.to_string(),
        })
        .collect();
    let events = EVENTS.iter().map(|(event, _)| (*event).to_owned());
    let listed = Subscriptions {
        subscriptions,
        events: events.collect(),
    };
    Ok(state(&headers, &listed))
}

/// Another.
pub(crate) async fn subscribe(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let wanted: Wanted = sent.json()?;
    done(&house, (caller, sent), move |db, caller, _| {
        let person = match wanted.person.map(PersonId::new) {
            Some(None) => return Err(office::Error::from(Refusal::Unknown).into()),
            Some(person) => person,
            None => None,
        };
        let asked = subscriptions::Wanted {
            events: &wanted.events,
            person,
            address: &wanted.address,
            prefix: "",
        };
        let made = subscriptions::subscribe(db, &caller.client, asked, caller.acting())?;
        let told = Subscription {
            code: made.code,
            events: made.events,
            person: made.person.map(PersonId::number),
            address: made.address,
            made: made.made.to_string(),
        };
        Ok((StatusCode::CREATED, told))
    })
    .await
}

/// No more.
pub(crate) async fn end(
    State(house): State<House>,
    Path(code): Path<String>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    done(&house, (caller, sent), move |db, caller, _| {
        subscriptions::unsubscribe(db, &code, caller.acting())?;
        Ok((StatusCode::OK, Ended { code }))
    })
    .await
}
