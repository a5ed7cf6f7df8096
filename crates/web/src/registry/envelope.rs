//! A message, with its header and signature.

use super::callback::Answer;
use crate::api::caller::{Caller, Sent};
use crate::house::House;
use crate::problem::Problem;
use crate::signing::is_signed;
use measure::{Day, Moment};
use office::Acting;
use serde_json::{Value, json};

/// A message of another registry, whose form was looked at.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    /// Its header.
    pub(super) header: Value,
    /// What it says.
    pub(super) message: Value,
    /// What the other calls all of it.
    pub(super) transaction: String,
}

/// The most things asked in one message.
pub(super) const AT_ONCE: usize = 100;
/// The longest identity of a transaction, and the longest of anything else.
const LONGEST: (usize, usize) = (99, 300);

impl Envelope {
    /// A message for one of our actions.
    ///
    /// # Errors
    ///
    /// `H0401` to `H0403` for its form, `H0405` for its signature.
    pub(super) fn read(sent: &Sent, caller: &Caller, action: &str) -> Result<Envelope, Problem> {
        let whole: Value = sent.json()?;
        let part = |name: &str| whole.get(name).filter(|part| part.is_object()).cloned();
        let header = part("header").ok_or_else(|| misshapen("header"))?;
        let message = part("message").ok_or_else(|| misshapen("message"))?;
        signed(&whole, (&header, &message), caller)?;
        for name in ["message_id", "message_ts", "action", "sender_id"] {
            text(&header, name, LONGEST.1)?;
        }
        timestamp(&header, "message_ts")?;
        if header.get("action").and_then(Value::as_str) != Some(action) {
            return Err(misshapen("header.action"));
        }
        if !header.get("total_count").is_some_and(Value::is_i64) {
            return Err(misshapen("header.total_count"));
        }
        let version = header.get("version").map(|version| version.as_str());
        if !matches!(version, None | Some(Some("1.0.0"))) {
            return Err(misshapen("header.version"));
        }
        let transaction = text(&message, "transaction_id", LONGEST.0)?.to_owned();
        Ok(Envelope {
            header,
            message,
            transaction,
        })
    }

    /// The things asked in it.
    pub(super) fn asked(&self, name: &str) -> Result<Vec<Value>, Problem> {
        let list = self.message.get(name).and_then(Value::as_array);
        let list = list.filter(|list| (1..=AT_ONCE).contains(&list.len()));
        let list = list.ok_or_else(|| misshapen(name))?;
        for one in list {
            text(one, "reference_id", LONGEST.1)?;
            timestamp(one, "timestamp")?;
            locale(one)?;
        }
        Ok(list.clone())
    }

    /// The identity of the message, as its sender gave it.
    pub(super) fn id(&self) -> &str {
        self.header
            .get("message_id")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Where its sender wants to be called back, if it says so.
    pub(super) fn back(&self) -> Option<&str> {
        self.header.get("sender_uri").and_then(Value::as_str)
    }

    /// Why its data is looked at, for the audit log.
    pub(super) fn acting<'a>(&self, caller: &'a Caller, purpose: &'a str) -> Acting<'a> {
        Acting {
            purpose,
            through: "registry",
            ..caller.acting()
        }
    }

    /// What it is for: as it says, else its transaction.
    pub(super) fn purpose(&self) -> String {
        let plain = self.transaction.chars().filter(|sign| !sign.is_control());
        format!("registry exchange {}", plain.collect::<String>())
    }

    /// Its answer, signed.
    pub(super) fn answer(&self, house: &House, answer: &Answer) -> Value {
        let status = answer.status();
        let to = self.header.get("sender_id").cloned().unwrap_or_default();
        let header = json!({
            "version": "1.0.0",
            "message_id": crate::wall::number(),
            "message_ts": stamp(house.now()),
            "action": answer.action,
            "status": status,
            "total_count": answer.asked,
            "completed_count": answer.answered,
            "sender_id": "renshe",
            "receiver_id": to,
            "is_msg_encrypted": false,
        });
        enclosed(house, &header, &answer.message)
    }
}

/// A message of ours in its envelope.
pub(super) fn enclosed(house: &House, header: &Value, message: &Value) -> Value {
    let signature = house.signer.envelope(header, message, house.now());
    json!({ "signature": signature, "header": header, "message": message })
}

/// What was signed holds; what should be signed is.
fn signed(whole: &Value, of: (&Value, &Value), caller: &Caller) -> Result<(), Problem> {
    let signature = whole
        .get("signature")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let unsigned = signature.is_empty() || signature.starts_with("unsigned");
    let holds = match caller.client.signs_with {
        Some(key) => is_signed(signature, of, &key, caller.now),
        // Without a key nothing can be said of a signature, so none is believed.
        None => unsigned,
    };
    if holds {
        Ok(())
    } else {
        Err(Problem::not_signed())
    }
}

/// Where a message has another shape.
pub(super) fn misshapen(place: &str) -> Problem {
    Problem::other_shape().because(
        format!("{place} 缺失或不符合标准"),
        format!("`{place}` is missing or not as the standard has it"),
    )
}

/// A text of a length.
pub(super) fn text<'v>(of: &'v Value, name: &str, most: usize) -> Result<&'v str, Problem> {
    let text = of.get(name).and_then(Value::as_str);
    let text = text.filter(|text| (1..=most).contains(&text.chars().count()));
    text.ok_or_else(|| misshapen(name))
}

/// A moment with its zone.
pub(super) fn timestamp(of: &Value, name: &str) -> Result<(), Problem> {
    match text(of, name, 40) {
        Ok(text) if is_timestamp(text) => Ok(()),
        _ => Err(misshapen(name)),
    }
}

fn locale(of: &Value) -> Result<(), Problem> {
    match of.get("locale") {
        None => Ok(()),
        Some(Value::String(code))
            if code.len() == 3 && code.bytes().all(|sign| sign.is_ascii_lowercase()) =>
        {
            Ok(())
        }
        Some(_) => Err(misshapen("locale")),
    }
}

/// A moment as the standard writes it.
pub(super) fn stamp(at: Moment) -> String {
    at.to_string()
}

/// `2025-06-30T12:00:00Z`, with any fraction and zone.
fn is_timestamp(text: &str) -> bool {
    let Some((day, time)) = text.split_once(['T', 't']) else {
        return false;
    };
    let is_number = |text: &str, most: u32| {
        text.len() == 2
            && text.bytes().all(|sign| sign.is_ascii_digit())
            && text.parse().is_ok_and(|number: u32| number <= most)
    };
    let clock = |text: &str| {
        let mut parts = text.splitn(3, ':');
        let (hours, minutes) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let seconds = parts.next().unwrap_or_default();
        let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
        let fraction = !fraction.is_empty() && fraction.bytes().all(|sign| sign.is_ascii_digit());
        is_number(hours, 23) && is_number(minutes, 59) && is_number(seconds, 60) && fraction
    };
    let (time, zone) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, true),
        None => match time.rfind(['+', '-']) {
            Some(at) => {
                let zone = time[at + 1..].split_once(':');
                let zone = zone
                    .is_some_and(|(hours, minutes)| is_number(hours, 23) && is_number(minutes, 59));
                (&time[..at], zone)
            }
            None => (time, false),
        },
    };
    Day::parse(day).is_ok() && clock(time) && zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_zone() {
        for good in [
            "2025-06-30T12:00:00Z",
            "2025-06-30T12:00:00.123Z",
            "2022-12-04T17:20:07-04:00",
            "2025-06-30T12:00:00+08:00",
        ] {
            assert!(is_timestamp(good), "{good}");
        }
        for wrong in [
            "",
            "not-a-timestamp",
            "2024-01-15T10:30:00",
            "2025-02-30T12:00:00Z",
            "2025-06-30T25:00:00Z",
            "2025-06-30T12:00:00+8",
            "2025-06-30T12:00:00.Z",
        ] {
            assert!(!is_timestamp(wrong), "{wrong}");
        }
        assert!(is_timestamp(&stamp(Moment::from_microseconds(
            1_752_100_000_000_000
        ))));
    }
}
