//! What comes in.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use utoipa::ToSchema;

/// What is made of an object's fields.
trait Fields: Sized {
    fn of<'de, M: MapAccess<'de>>(map: M) -> Result<Self, M::Error>;
}

/// Takes an object and nothing else: serde alone would take a list of the fields' values too.
struct Object<T>(PhantomData<T>);

impl<'de, T: Fields> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<T, M::Error> {
        T::of(map)
    }
}

macro_rules! asked {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields, remote = "Self")]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $ty,)*
        }

        impl Fields for $name {
            fn of<'de, M: MapAccess<'de>>(map: M) -> Result<Self, M::Error> {
                $name::deserialize(MapAccessDeserializer::new(map))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(Object(PhantomData))
            }
        })*
    };
}

/// A number of a register: a whole one, however it is written.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    read_whole(&number).ok_or_else(|| D::Error::custom("a whole number above 0 is expected"))
}

/// The same, or none.
fn whole_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    let whole = number.map(|number| {
        read_whole(&number).ok_or_else(|| D::Error::custom("a whole number above 0 is expected"))
    });
    whole.transpose()
}

/// `7`, and `7.0` as some languages write it.
fn read_whole(number: &serde_json::Number) -> Option<i64> {
    let text = number.to_string();
    let digits = text
        .split_once('.')
        .map_or(text.as_str(), |(digits, fraction)| {
            if fraction.bytes().all(|digit| digit == b'0') {
                digits
            } else {
                ""
            }
        });
    digits.parse().ok().filter(|number| 1 <= *number)
}

asked! {
    /// One who is looked for: by one of the two.
    WhoSought {
        /// An identity number.
        identity_number: Option<String>,
        /// A number in the register.
        #[schema(minimum = 1)]
        #[serde(default, deserialize_with = "whole_or_none")]
        person: Option<i64>,
    }
    /// Who is looked for: up to a hundred.
    WhoAll {
        /// Each.
        #[schema(max_items = 100)]
        sought: Vec<WhoSought>,
    }
    /// Which employer is looked for.
    EmployerSought {
        /// Its unified social credit code.
        credit_code: String,
    }
    /// A person's month, as an employer declares it.
    DeclarationRow {
        /// The resident identity number.
        identity_number: String,
        /// The name.
        name: String,
        /// The wage of the month in yuan.
        wage: String,
        /// The first day of the employment.
        from: Option<String>,
        /// The last.
        until: Option<String>,
        /// The form of employment, such as `标准` or `平台`.
        kind: Option<String>,
        /// The kind of post.
        post: Option<String>,
    }
    /// An employer's month.
    DeclarationSent {
        /// `whole` for all of the staff, `part` for some of them.
        coverage: Coverage,
        /// `all` to record it only if no row has a fault, `good` to record the rows without.
        #[serde(default)]
        record: Record,
        /// Row by row.
        #[schema(max_items = 20_000)]
        rows: Vec<DeclarationRow>,
    }
    /// One of many employers' months.
    BulkDeclaration {
        /// Whose.
        #[schema(minimum = 1)]
        #[serde(deserialize_with = "whole")]
        employer: i64,
        /// For which month.
        #[schema(pattern = "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$")]
        month: String,
        /// `whole` for all of the staff, `part` for some of them.
        coverage: Coverage,
        /// `all` to record it only if no row has a fault, `good` to record the rows without.
        #[serde(default)]
        record: Record,
        /// Row by row.
        #[schema(max_items = 20_000)]
        rows: Vec<DeclarationRow>,
    }
    /// Many employers' months: up to a hundred.
    BulkSent {
        /// Each.
        #[schema(max_items = 100)]
        declarations: Vec<BulkDeclaration>,
    }
    /// What was looked at by who approves it.
    Looked {
        /// The content of the run, or its first sixteen digits.
        content: String,
    }
    /// What is to be told.
    Wanted {
        /// The beginning of the events' words, such as `month.` or `declaration.submit`.
        events: String,
        /// Of whom only.
        #[schema(minimum = 1)]
        #[serde(default, deserialize_with = "whole_or_none")]
        person: Option<i64>,
        /// Where to: below the callback of the token.
        address: String,
    }
    /// A case to work out.
    Case {
        /// The day whose law applies; without it today.
        #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
        on: Option<String>,
        /// The facts, by the names of the law.
        #[schema(value_type = Object)]
        facts: Box<serde_json::value::RawValue>,
    }
}

/// Whether a declaration tells of the whole staff.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Coverage {
    /// It does.
    Whole,
    /// It tells of some.
    Part,
}

/// What of a declaration is recorded.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Record {
    /// All of it, if no row has a fault.
    #[default]
    All,
    /// The rows without faults.
    Good,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_an_object_and_a_whole_number_is_whole() {
        let sought = |text: &str| serde_json::from_str::<WhoAll>(text);
        for good in [
            r#"{"sought":[{"person":7}]}"#,
            r#"{"sought":[{"person":7.0},{"identity_number":"X","person":null}]}"#,
        ] {
            assert!(sought(good).is_ok(), "{good}");
        }
        assert_eq!(
            sought(r#"{"sought":[{"person":7.00}]}"#).unwrap().sought[0].person,
            Some(7)
        );
        for wrong in [
            "[[]]",
            r#"{"sought":[[null,null]]}"#,
            r#"{"sought":[{"person":0}]}"#,
            r#"{"sought":[{"person":7.5}]}"#,
            r#"{"sought":[{"person":"7"}]}"#,
            r#"{"sought":[{"person":1e300}]}"#,
            r#"{"sought":[{"persons":7}]}"#,
        ] {
            assert!(sought(wrong).is_err(), "{wrong}");
        }
        let case: Case = serde_json::from_str(r#"{"facts":{"a":1}}"#).unwrap();
        assert_eq!(case.facts.get(), r#"{"a":1}"#);
    }
}
