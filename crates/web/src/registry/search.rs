//! Looking for persons.

use super::callback::{Answer, later};
use super::criteria::{self, Criteria, Sought};
use super::envelope::{Envelope, misshapen, stamp};
use super::record::{KIND, member};
use crate::api::answer::value;
use crate::api::caller::{Caller, Sent};
use crate::api::shapes::sex;
use crate::house::House;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use city::people::PersonId;
use office::Acting;
use office::programs::records;
use office::programs::registry::Asked;
use serde_json::{Value, json};

/// Answered at once.
pub(crate) async fn sync_search(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "search")?;
    let asked = asked(&envelope)?;
    let answer = answered(&house, &caller, &envelope, (asked, crate::wall::number())).await?;
    Ok(value(StatusCode::OK, &envelope.answer(&house, &answer)))
}

/// Answered by calling back.
pub(crate) async fn search(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let envelope = Envelope::read(&sent, &caller, "search")?;
    let asked = asked(&envelope)?;
    let things = (Asked::Search, asked.len());
    later(
        &house,
        caller,
        envelope,
        things,
        async move |house, caller, envelope, ours| {
            answered(&house, &caller, &envelope, (asked, ours)).await
        },
    )
    .await
}

/// What is asked, its form looked at.
fn asked(envelope: &Envelope) -> Result<Vec<Value>, Problem> {
    let asked = envelope.asked("search_request")?;
    for one in &asked {
        let criteria = one
            .get("search_criteria")
            .filter(|criteria| criteria.is_object());
        let criteria = criteria.ok_or_else(|| misshapen("search_criteria"))?;
        let kind = criteria
            .get("query_type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !matches!(kind, "idtype-value" | "expression" | "predicate") {
            return Err(misshapen("query_type"));
        }
        if !criteria
            .get("query")
            .is_some_and(|query| query.is_object() || query.is_array())
        {
            return Err(misshapen("query"));
        }
        pagination(one)?;
        pagination(criteria)?;
    }
    Ok(asked)
}

fn pagination(of: &Value) -> Result<(), Problem> {
    let Some(pages) = of.get("pagination") else {
        return Ok(());
    };
    let at_least_one = |name: &str| {
        pages
            .get(name)
            .is_some_and(|number| number.as_i64().is_some_and(|number| 1 <= number))
    };
    let number = pages.get("page_number").is_none() || at_least_one("page_number");
    if at_least_one("page_size") && number {
        Ok(())
    } else {
        Err(misshapen("pagination"))
    }
}

async fn answered(
    house: &House,
    caller: &Caller,
    envelope: &Envelope,
    (asked, ours): (Vec<Value>, String),
) -> Result<Answer, Problem> {
    let mut found = Vec::new();
    for one in &asked {
        found.push(one_answered(house, caller, envelope, one).await?);
    }
    let answered = found
        .iter()
        .filter(|one| one.get("status").and_then(Value::as_str) == Some("succ"));
    Ok(Answer {
        action: "on-search",
        asked: asked.len(),
        answered: answered.count(),
        message: json!({
            "transaction_id": envelope.transaction,
            "correlation_id": ours,
            "search_response": found,
        }),
    })
}

async fn one_answered(
    house: &House,
    caller: &Caller,
    envelope: &Envelope,
    one: &Value,
) -> Result<Value, Problem> {
    let sought = one.get("search_criteria").cloned().unwrap_or_default();
    let kind = sought
        .get("query_type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let query = sought.get("query").cloned().unwrap_or_default();
    let reference = one.get("reference_id").cloned().unwrap_or_default();
    let now = stamp(house.now());
    let criteria = match criteria::read(kind, &query) {
        Ok(criteria) => criteria,
        Err(why) => {
            return Ok(json!({
                "reference_id": reference,
                "timestamp": now,
                "status": "rjct",
                "status_reason_code": "rjct.search_criteria.invalid",
                "status_reason_message": why,
            }));
        }
    };
    let records = matching(house, caller, envelope, criteria).await?;
    let pages = sought.get("pagination").or_else(|| one.get("pagination"));
    let number = |name: &str, usual: usize| {
        let given = pages
            .and_then(|pages| pages.get(name))
            .and_then(Value::as_u64);
        given
            .and_then(|given| usize::try_from(given).ok())
            .unwrap_or(usual)
    };
    let (size, page, all) = (
        number("page_size", 100),
        number("page_number", 1),
        records.len(),
    );
    let before = size.saturating_mul(page.saturating_sub(1));
    let shown: Vec<Value> = records.into_iter().skip(before).take(size).collect();
    Ok(json!({
        "reference_id": reference,
        "timestamp": now,
        "status": "succ",
        "data": {
            "version": "1.0.0",
            "reg_type": KIND.0,
            "reg_record_type": KIND.1,
            "reg_records": shown,
        },
        "pagination": { "page_size": size, "page_number": page, "total_count": all },
    }))
}

/// The records within reach that match: at most one, as they are found by number.
async fn matching(
    house: &House,
    caller: &Caller,
    envelope: &Envelope,
    criteria: Criteria,
) -> Result<Vec<Value>, Problem> {
    let keys = house.settings.secrets.clone();
    let (caller, purpose) = (caller.clone(), envelope.purpose());
    let envelope = envelope.clone();
    house
        .office(move |db| {
            let acting = envelope.acting(&caller, &purpose);
            let who = (caller.login(), keys.as_deref());
            let Some(person) = found(db, who, criteria.sought.as_ref(), acting)? else {
                return Ok(Vec::new());
            };
            let record = records::person(db, who, person, acting)?;
            let born = criteria
                .born
                .as_ref()
                .is_none_or(|born| *born == record.person.born.to_string());
            let is_of = criteria
                .sex
                .as_ref()
                .is_none_or(|asked| asked.eq_ignore_ascii_case(sex(record.person.sex)));
            Ok(if born && is_of {
                vec![member(&record)]
            } else {
                Vec::new()
            })
        })
        .await
}

/// Who is meant, within reach.
pub(super) fn found(
    db: &office::Db,
    who: (Option<&city::logins::Login>, Option<&office::Secrets>),
    sought: Option<&Sought>,
    acting: Acting<'_>,
) -> Result<Option<PersonId>, office::Error> {
    let sought = match sought {
        Some(Sought::Identity(text)) => records::Sought::Identity(text),
        Some(Sought::Person(number)) => match PersonId::new(*number) {
            Some(person) => records::Sought::Number(person),
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    records::find(db, who, sought, acting)
}
