//! Types, the values that are of them, and the facts of one case.

use super::{EnumId, InputId, RelationId, RuleId};
use measure::{Day, Month};
use std::collections::BTreeMap;

/// A type as declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// True or false.
    Bool,
    /// Yuan to the fen.
    Money,
    /// A share with six decimals.
    Rate,
    /// A number with this many decimals.
    Decimal(u8),
    /// A whole number.
    Integer,
    /// A day.
    Date,
    /// A month.
    Month,
    /// A year.
    Year,
    /// A length in whole months.
    Months,
    /// A length in whole days.
    Days,
    /// A member of an enumeration.
    Enum(EnumId),
    /// A text.
    Text,
}

/// What a value is, apart from how many decimals it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// True or false.
    Bool,
    /// Yuan.
    Money,
    /// A pure number: rate, decimal or integer.
    Number,
    /// A day.
    Date,
    /// A month.
    Month,
    /// A year.
    Year,
    /// A length in months.
    Months,
    /// A length in days.
    Days,
    /// A member of an enumeration.
    Enum(EnumId),
    /// A text.
    Text,
}

impl Type {
    /// What values of this type are.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Type::Bool => Kind::Bool,
            Type::Money => Kind::Money,
            Type::Rate | Type::Decimal(_) | Type::Integer => Kind::Number,
            Type::Date => Kind::Date,
            Type::Month => Kind::Month,
            Type::Year => Kind::Year,
            Type::Months => Kind::Months,
            Type::Days => Kind::Days,
            Type::Enum(id) => Kind::Enum(id),
            Type::Text => Kind::Text,
        }
    }

    /// How many decimals it keeps: 2 for money, 6 for a rate.
    #[must_use]
    pub fn decimals(self) -> u8 {
        match self {
            Type::Money => 2,
            Type::Rate => 6,
            Type::Decimal(n) => n,
            _ => 0,
        }
    }
}

/// An exact fraction; `den` is positive. Money is in yuan, a length in months or days.
/// Not necessarily in lowest terms: compare by value, never by parts.
#[derive(Clone, Copy, Debug)]
pub struct Exact {
    /// The numerator.
    pub num: i128,
    /// The denominator, above 0.
    pub den: i128,
}

/// A value of the law.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of kind bool.
    Bool(bool),
    /// Of kind money (in yuan), number, months or days.
    Number(Exact),
    /// Of kind date.
    Day(Day),
    /// Of kind month.
    Month(Month),
    /// Of kind year.
    Year(i32),
    /// Of an enumeration: the member's index.
    Member(u16),
    /// Of kind text.
    Text(String),
}

/// What is known of one case: values of inputs, values given for rules, records of relations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Inputs.
    pub inputs: BTreeMap<InputId, Value>,
    /// Rules whose value is given and so not computed.
    pub rules: BTreeMap<RuleId, Value>,
    /// Records.
    pub records: BTreeMap<RelationId, Vec<Facts>>,
}
