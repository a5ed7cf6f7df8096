//! A person as the standard has one.

use super::envelope::{enclosed, stamp};
use crate::api::shapes::{Person, sex};
use crate::house::House;
use crate::problem::Problem;
use city::people::{IdentifierKind, PersonId};
use office::Acting;
use office::programs::records::{self, PersonRecord};
use office::programs::subscriptions::Told;
use serde_json::{Value, json};

/// What sort of registry this is, and of what it has records.
pub(super) const KIND: (&str, &str) = ("ns:org:RegistryType:Social", "Member");

/// A member, with what they are insured in now beside it.
pub(super) fn member(record: &PersonRecord) -> Value {
    let shape = Person::of(record);
    let numbers = record.numbers.iter().filter_map(|(kind, number)| {
        let number = number.as_ref()?;
        let kind = match kind {
            IdentifierKind::ResidentIdentity => "UIN",
            _ => return None,
        };
        Some(json!({ "identifier_type": kind, "identifier_value": number }))
    });
    let here =
        json!({ "identifier_type": "PERSON", "identifier_value": record.person.id.to_string() });
    let numbers: Vec<Value> = numbers.chain([here]).collect();
    let insured = shape
        .participations
        .iter()
        .filter(|one| one.known.superseded.is_none());
    let insured = insured.map(|one| {
        json!({
            "scheme": one.scheme,
            "category": one.category,
            "status": one.status,
            "district": one.district,
            "valid_from": one.known.valid_from,
            "valid_until": one.known.valid_until,
        })
    });
    json!({
        "@context": "https://schema.spdci.org/extensions/social/v1/Member.jsonld",
        "@type": KIND.1,
        "member_identifier": numbers,
        "demographic_info": {
            "@type": "Person",
            "identifier": numbers,
            "name": { "given_name": record.name.clone().unwrap_or_default() },
            "sex": sex(record.person.sex),
            "birth_date": record.person.born.to_string(),
        },
        "enrolled_programs": insured.collect::<Vec<Value>>(),
    })
}

/// The notice of an event, as the standard has it, with the record as it stands now.
pub(crate) async fn notice(house: &House, told: &Told) -> Result<String, Problem> {
    let keys = house.settings.secrets.clone();
    let (login, subject, now) = (told.login.clone(), told.subject, house.now());
    let purpose = format!("subscription {}", told.subscription.code);
    let record = house
        .office(move |db| {
            let acting = Acting {
                by: login.name(),
                at: now,
                purpose: &purpose,
                through: "registry",
            };
            let whose = PersonId::new(subject).ok_or(office::permit::Refusal::Unknown)?;
            records::person(db, (Some(&login), keys.as_deref()), whose, acting)
        })
        .await?;
    let at = stamp(told.at);
    let event = json!({
        "reference_id": told.message.key,
        "timestamp": at,
        "data": {
            "version": "1.0.0",
            "reg_type": KIND.0,
            "reg_event_type": "REGISTER",
            "reg_record_type": KIND.1,
            "reg_records": member(&record),
        },
    });
    let header = json!({
        "version": "1.0.0",
        "message_id": told.message.key,
        "message_ts": stamp(now),
        "action": "notify",
        "sender_id": "renshe",
        "total_count": 1,
        "is_msg_encrypted": false,
    });
    let message = json!({ "transaction_id": told.subscription.code, "notify_event": [event] });
    Ok(enclosed(house, &header, &message).to_string())
}
