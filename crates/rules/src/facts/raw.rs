//! JSON with the digits of its numbers and the order and repetitions of its keys, all of which a general reader loses.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

#[derive(Clone, Debug)]
pub(super) enum Raw {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    List(Vec<Raw>),
    Object(Vec<(String, Raw)>),
}

/// Reads a JSON text, or says what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Raw, String> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(value) => read(value, 0),
        Err(error) => Err(error.to_string()),
    }
}

/// Facts are records in records; nothing sensible is deeper.
const DEEPEST: u32 = 32;

fn read(value: &RawValue, depth: u32) -> Result<Raw, String> {
    if depth > DEEPEST {
        return Err("nested too deeply".into());
    }
    let text = value.get();
    let said = |error: serde_json::Error| error.to_string();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let members: Members = serde_json::from_str(text).map_err(said)?;
            let read = |(key, value): (String, &RawValue)| Ok((key, read(value, depth + 1)?));
            Raw::Object(
                members
                    .0
                    .into_iter()
                    .map(read)
                    .collect::<Result<_, String>>()?,
            )
        }
        Some(b'[') => {
            let members: Vec<&RawValue> = serde_json::from_str(text).map_err(said)?;
            Raw::List(
                members
                    .into_iter()
                    .map(|value| read(value, depth + 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        Some(b'"') => Raw::Text(serde_json::from_str(text).map_err(said)?),
        Some(b't' | b'f') => Raw::Bool(text == "true"),
        Some(b'n') => Raw::Null,
        _ => Raw::Number(text.to_owned()),
    })
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Raw::Null => f.write_str("null"),
            Raw::Bool(value) => write!(f, "{value}"),
            Raw::Number(text) => f.write_str(text),
            Raw::Text(text) => write!(f, "{text:?}"),
            Raw::List(_) => f.write_str("[…]"),
            Raw::Object(_) => f.write_str("{…}"),
        }
    }
}

/// An object's members in order, repetitions included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Each)
    }
}
