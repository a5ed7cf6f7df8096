//! Kinds and what may be done with them: the tables of section 4 of the reference.

use crate::law::{Exact, Kind, Operator, Type, Value};
use measure::{Day, Month};
use std::cmp::Ordering;

/// What an expression's value is: its kind, and at most how many decimals it has; `None` for a fraction.
pub(super) type Shape = (Kind, Option<u8>);

/// No exact value may have more decimals than this; a product that would must be rounded on the way.
pub(super) const MOST_DECIMALS: u8 = 30;

/// The types of the language but `decimal(n)` and the enumerations.
pub(super) const BUILT_IN: [(&str, Type); 10] = [
    ("money", Type::Money),
    ("rate", Type::Rate),
    ("integer", Type::Integer),
    ("bool", Type::Bool),
    ("date", Type::Date),
    ("month", Type::Month),
    ("year", Type::Year),
    ("months", Type::Months),
    ("days", Type::Days),
    ("text", Type::Text),
];

/// A type of the language by its name.
pub(super) fn built_in(name: &str) -> Option<Type> {
    BUILT_IN
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, ty)| *ty)
}

/// What `left operator right` is; `None` if it has no meaning.
pub(super) fn arithmetic(operator: Operator, left: Shape, right: Shape) -> Option<Shape> {
    use Kind::{Date, Days, Money, Month, Months, Number, Year};
    let widest = left.1.zip(right.1).map(|(left, right)| left.max(right));
    let product = left
        .1
        .zip(right.1)
        .map(|(left, right)| left.saturating_add(right));
    Some(match (operator, left.0, right.0) {
        (Operator::Add | Operator::Subtract, one, other) if one == other && amount(one) => {
            (one, widest)
        }
        (Operator::Add | Operator::Subtract, Month, Months) => (Month, Some(0)),
        (Operator::Add | Operator::Subtract, Year, Number) => (Year, Some(0)),
        (Operator::Add | Operator::Subtract, Date, Days | Months) => (Date, Some(0)),
        (Operator::Subtract, Month, Month) => (Months, Some(0)),
        (Operator::Subtract, Date, Date) => (Days, Some(0)),
        (Operator::Subtract, Year, Year) => (Number, Some(0)),
        (Operator::Multiply, one @ (Money | Months | Days | Number), Number) => (one, product),
        (Operator::Multiply, Number, other @ (Money | Months | Days)) => (other, product),
        (Operator::Divide, one @ (Money | Months | Days | Number), Number) => (one, None),
        (Operator::Divide, one @ (Money | Months | Days), other) if one == other => (Number, None),
        _ => return None,
    })
}

/// Whether values of a kind can be added up.
pub(super) fn amount(kind: Kind) -> bool {
    matches!(kind, Kind::Money | Kind::Number | Kind::Months | Kind::Days)
}

/// Whether values of a kind have an order.
pub(super) fn ordered(kind: Kind) -> bool {
    amount(kind) || matches!(kind, Kind::Date | Kind::Month | Kind::Year)
}

/// The order of two values of one kind.
pub(super) fn order(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.cmp(other),
        (Value::Day(one), Value::Day(other)) => one.cmp(other),
        (Value::Month(one), Value::Month(other)) => one.cmp(other),
        (Value::Year(one), Value::Year(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Member(one), Value::Member(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        _ => Ordering::Equal,
    }
}

/// The range of an input that declares none.
pub(super) fn own_range(ty: Type) -> Option<(Value, Value)> {
    let around_zero = |most: i128| {
        let value = |num| Value::Number(Exact { num, den: 1 });
        Some((value(-most), value(most)))
    };
    match ty {
        Type::Money => around_zero(10_000_000_000),
        // Beyond nine decimals a billion would not fit the 64 bits of the last decimal.
        Type::Decimal(n) if n > 9 => around_zero(10_i128.pow(u32::from(18 - n.min(18)))),
        Type::Rate | Type::Decimal(_) | Type::Integer => around_zero(1_000_000_000),
        Type::Months => around_zero(2_400),
        Type::Days => around_zero(100_000),
        Type::Date => Day::new(1900, 1, 1)
            .ok()
            .zip(Day::new(2199, 12, 31).ok())
            .map(|(low, high)| (Value::Day(low), Value::Day(high))),
        Type::Month => Month::new(1900, 1)
            .ok()
            .zip(Month::new(2199, 12).ok())
            .map(|(low, high)| (Value::Month(low), Value::Month(high))),
        Type::Year => Some((Value::Year(1900), Value::Year(2199))),
        Type::Bool | Type::Enum(_) | Type::Text => None,
    }
}

/// A value with an order, as the law writes it.
pub(super) fn show(value: &Value, ty: Type) -> String {
    let unit = match ty {
        Type::Money => " yuan",
        Type::Months => " months",
        Type::Days => " days",
        _ => "",
    };
    match value {
        Value::Number(exact) => format!("{}{unit}", decimal(*exact)),
        Value::Day(day) => day.to_string(),
        Value::Month(month) => month.to_string(),
        Value::Year(year) => format!("year {year}"),
        Value::Bool(truth) => truth.to_string(),
        Value::Member(index) => format!("member {index}"),
        Value::Text(text) => format!("\"{text}\""),
    }
}

/// A fraction whose denominator is a power of ten, in digits.
fn decimal(exact: Exact) -> String {
    let places = exact.den.ilog10() as usize;
    let digits = format!("{:0>width$}", exact.num.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!(
        "{}{whole}{point}{part}",
        if exact.num < 0 { "-" } else { "" }
    )
}
