//! How something that was asked stands.

use super::callback::{Answer, later};
use super::envelope::{Envelope, misshapen, stamp, text};
use crate::api::answer::value;
use crate::api::caller::{Caller, Sent};
use crate::house::House;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::programs::registry::{self, Asked};
use serde_json::{Value, json};

/// Answered at once.
pub(crate) async fn sync_status(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "txn-status")?;
    let asked = asked(&envelope)?;
    let answer = answered(&house, &caller, &envelope, (asked, crate::wall::number())).await?;
    Ok(value(StatusCode::OK, &envelope.answer(&house, &answer)))
}

/// Answered by calling back.
pub(crate) async fn status(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "txn-status")?;
    let asked = asked(&envelope)?;
    later(
        &house,
        caller,
        envelope,
        (Asked::Status, 1),
        async move |house, caller, envelope, ours| {
            answered(&house, &caller, &envelope, (asked, ours)).await
        },
    )
    .await
}

fn asked(envelope: &Envelope) -> Result<Value, Problem> {
    let asked = envelope
        .message
        .get("txnstatus_request")
        .filter(|asked| asked.is_object());
    let asked = asked.ok_or_else(|| misshapen("txnstatus_request"))?;
    text(asked, "reference_id", 300)?;
    if !matches!(
        text(asked, "txn_type", 20)?,
        "search" | "subscribe" | "receipt"
    ) {
        return Err(misshapen("txn_type"));
    }
    if !matches!(
        text(asked, "attribute_type", 30)?,
        "transaction_id" | "reference_id_list" | "correlation_id"
    ) {
        return Err(misshapen("attribute_type"));
    }
    let named = asked.get("attribute_value");
    if !named.is_some_and(|named| named.is_string() || named.is_array()) {
        return Err(misshapen("attribute_value"));
    }
    Ok(asked.clone())
}

async fn answered(
    house: &House,
    caller: &Caller,
    envelope: &Envelope,
    (asked, ours): (Value, String),
) -> Result<Answer, Problem> {
    let named = asked
        .get("attribute_value")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let by = caller.client.login.name().clone();
    let known = house
        .office(move |db| registry::find(db, &by, &named))
        .await?;
    let kind = asked.get("txn_type").cloned().unwrap_or_default();
    let known = known.first();
    let each = known.map(|known| {
        json!({
            "reference_id": asked.get("reference_id"),
            "timestamp": stamp(known.at),
            "status": match known.state {
                3 => "succ",
                4 => "rjct",
                _ => "pdng",
            },
        })
    });
    let each: Vec<Value> = each.into_iter().collect();
    let named = (
        known.map_or_else(
            || envelope.transaction.clone(),
            |known| known.transaction.clone(),
        ),
        known.map_or_else(|| ours.clone(), |known| known.correlation.clone()),
    );
    let list = match kind.as_str() {
        Some("subscribe") => "subscribe_response",
        _ => "search_response",
    };
    Ok(Answer {
        action: "txn-on-status",
        asked: 1,
        answered: 1,
        message: json!({
            "transaction_id": envelope.transaction,
            "correlation_id": ours,
            "txnstatus_response": {
                "txn_type": kind,
                "txn_status": { "transaction_id": named.0, "correlation_id": named.1, list: each },
            },
        }),
    })
}
