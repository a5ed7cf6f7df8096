//! Wanting to be told of a person, and no more.

use super::callback::{Answer, later};
use super::criteria;
use super::envelope::{AT_ONCE, Envelope, misshapen, stamp, text, timestamp};
use super::search::found;
use crate::api::caller::{Caller, Sent};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use office::programs::registry::Asked;
use office::programs::subscriptions::{self, Wanted};
use serde_json::{Value, json};

/// To be told.
pub(crate) async fn subscribe(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "subscribe")?;
    let asked = envelope.asked("subscribe_request")?;
    for one in &asked {
        let criteria = one
            .get("subscribe_criteria")
            .filter(|criteria| criteria.is_object());
        let criteria = criteria.ok_or_else(|| misshapen("subscribe_criteria"))?;
        text(criteria, "reg_event_type", 200)?;
        text(criteria, "notify_record_type", 200)?;
        if !criteria
            .get("filter")
            .is_some_and(|filter| filter.is_object() || filter.is_array())
        {
            return Err(misshapen("filter"));
        }
    }
    let things = (Asked::Subscribe, asked.len());
    later(
        &house,
        caller,
        envelope,
        things,
        async move |house, caller, envelope, ours| {
            let mut each = Vec::new();
            for one in &asked {
                each.push(subscribed(&house, &caller, &envelope, one).await?);
            }
            let answered = each
                .iter()
                .filter(|one| one.get("status").and_then(Value::as_str) == Some("succ"));
            Ok(Answer {
                action: "on-subscribe",
                asked: asked.len(),
                answered: answered.count(),
                message: json!({
                    "transaction_id": envelope.transaction,
                    "correlation_id": ours,
                    "subscribe_response": each,
                }),
            })
        },
    )
    .await
}

async fn subscribed(
    house: &House,
    caller: &Caller,
    envelope: &Envelope,
    one: &Value,
) -> Result<Value, Problem> {
    let reference = one.get("reference_id").cloned().unwrap_or_default();
    let now = stamp(house.now());
    let refused = |code: &str, why: &str| {
        json!({
            "reference_id": reference,
            "timestamp": now,
            "status": "rjct",
            "status_reason_code": code,
            "status_reason_message": why,
        })
    };
    let wanted = one.get("subscribe_criteria").cloned().unwrap_or_default();
    let kind = match wanted.get("filter_type").and_then(Value::as_str) {
        Some(kind) => kind,
        None if wanted.get("filter").is_some_and(Value::is_array) => "predicate",
        None => "idtype-value",
    };
    let filter = wanted.get("filter").cloned().unwrap_or_default();
    let Ok(criteria) = criteria::read(kind, &filter) else {
        return Ok(refused("rjct.notify_details.invalid", criteria::UNSEARCHED));
    };
    let Some(address) = envelope.back().and_then(beside) else {
        return Ok(refused(
            "rjct.notify_details.invalid",
            "sender_uri says where to call back; notices go beside it",
        ));
    };
    let event = wanted
        .get("reg_event_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let events = match event.rsplit(':').next().unwrap_or_default() {
        "REGISTER" => "person.register",
        "UPDATE" => "person.update",
        _ => "person.",
    };
    let (asking, purpose, message) = (caller.clone(), envelope.purpose(), envelope.clone());
    let keys = house.settings.secrets.clone();
    let made = house
        .office(move |db| {
            let acting = message.acting(&asking, &purpose);
            let who = (asking.login(), keys.as_deref());
            let person = found(db, who, criteria.sought.as_ref(), acting)?;
            let Some(person) = person else {
                return Ok(None);
            };
            let wanted = Wanted {
                events,
                person: Some(person),
                address: &address,
                prefix: super::CODE,
            };
            subscriptions::subscribe(db, &asking.client, wanted, acting).map(Some)
        })
        .await?;
    Ok(match made {
        None => refused("rjct.person_id.invalid", "no such person is within reach"),
        Some(made) => json!({
            "reference_id": reference,
            "timestamp": now,
            "status": "succ",
            "subscriptions": [{
                "code": made.code,
                "status": "subscribe",
                "timestamp": now,
                "reg_event_type": event,
            }],
        }),
    })
}

/// Where notices go: beside the call back.
fn beside(back: &str) -> Option<String> {
    let base = back.strip_suffix("/on-subscribe")?;
    Some(format!("{base}/notify"))
}

/// To be told no more.
pub(crate) async fn unsubscribe(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "unsubscribe")?;
    timestamp(&envelope.message, "timestamp")?;
    let codes = envelope
        .message
        .get("subscription_codes")
        .and_then(Value::as_array);
    let codes = codes.filter(|codes| (1..=AT_ONCE).contains(&codes.len()));
    let codes = codes.ok_or_else(|| misshapen("subscription_codes"))?;
    let read = codes.iter().map(|code| {
        let code = code
            .as_str()
            .filter(|code| (1..=99).contains(&code.chars().count()));
        code.map(str::to_owned)
            .ok_or_else(|| misshapen("subscription_codes"))
    });
    let codes = read.collect::<Result<Vec<String>, Problem>>()?;
    let things = (Asked::Unsubscribe, codes.len());
    later(&house, caller, envelope, things, async move |house, caller, envelope, ours| {
        let (asking, asked) = (caller.clone(), codes.len());
        let each = house
            .office(move |db| {
                let each = codes.into_iter().map(|code| {
                    match subscriptions::unsubscribe(db, &code, asking.acting()) {
                        Ok(()) => Ok((code, true)),
                        Err(error) if error.code() == "N0910" => Ok((code, false)),
                        Err(error) => Err(error),
                    }
                });
                each.collect::<Result<Vec<(String, bool)>, office::Error>>()
            })
            .await?;
        let ended = each.iter().filter(|(_, ended)| *ended).count();
        let mut message = json!({
            "transaction_id": envelope.transaction,
            "correlation_id": ours,
            "timestamp": stamp(house.now()),
            "status": if ended == asked { "succ" } else { "rjct" },
            "subscription_status": each.iter().filter(|(_, ended)| *ended)
                .map(|(code, _)| json!({ "code": code, "status": "unsubscribe" })).collect::<Vec<Value>>(),
        });
        if ended < asked && let Some(message) = message.as_object_mut() {
            message.insert("status_reason_code".to_owned(), json!("rjct.subscription_code.invalid"));
        }
        Ok(Answer {
            action: "on-unsubscribe",
            asked,
            answered: ended,
            message,
        })
    })
    .await
}
