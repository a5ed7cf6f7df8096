//! What the operators and functions do to values; the checker has made sure that their kinds fit.

use crate::law::{Exact, Function, Kind, Length, Operator, Unit, Value};
use crate::refusal::Reason;
use measure::{Day, Rounding, Year};
use std::cmp::Ordering;

/// The order of two values of one kind: numbers by value, dates by time, members by their place, texts by letters.
pub(crate) fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Day(a), Value::Day(b)) => a.cmp(b),
        (Value::Month(a), Value::Month(b)) => a.cmp(b),
        (Value::Year(a), Value::Year(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Member(a), Value::Member(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => unreachable!("the checker compares like with like, not {left:?} with {right:?}"),
    }
}

/// `left OP right`; `and` and `or` are not here because they may leave their right side alone.
pub(crate) fn binary(
    operator: Operator,
    left: (Kind, &Value),
    right: (Kind, &Value),
) -> Result<Value, Reason> {
    let compared = |wanted: fn(Ordering) -> bool| Ok(Value::Bool(wanted(order(left.1, right.1))));
    match operator {
        Operator::Equal => compared(Ordering::is_eq),
        Operator::Different => compared(Ordering::is_ne),
        Operator::Less => compared(Ordering::is_lt),
        Operator::AtMost => compared(Ordering::is_le),
        Operator::More => compared(Ordering::is_gt),
        Operator::AtLeast => compared(Ordering::is_ge),
        Operator::Add => added(left, right, false),
        Operator::Subtract => added(left, right, true),
        Operator::Multiply => fits(number(left.1).checked_mul(number(right.1))),
        Operator::Divide if number(right.1).is_zero() => Err(Reason::DivisionByZero),
        Operator::Divide => fits(number(left.1).checked_div(number(right.1))),
        Operator::And | Operator::Or => unreachable!("conditions are joined while walking"),
    }
}

/// `-E`.
pub(crate) fn negated(value: &Value) -> Result<Value, Reason> {
    fits(number(value).checked_neg())
}

/// `E in years`: months become years by twelve; everything else is counted in its own unit already.
pub(crate) fn converted(value: &Value, length: Length) -> Result<Value, Reason> {
    match length {
        Length::Years => fits(number(value).checked_div(Exact::integer(12))),
        Length::Months | Length::Days | Length::Yuan => Ok(value.clone()),
    }
}

/// `E rounded MODE to UNIT`.
pub(crate) fn rounded(value: &Value, rounding: Rounding, unit: Unit) -> Result<Value, Reason> {
    let (num, den) = match unit {
        Unit::Fen(fen) => (i128::from(fen), 100),
        Unit::Decimals(decimals) => (1, 10_i128.pow(u32::from(decimals))),
        Unit::Months | Unit::Days => (1, 1),
    };
    fits(number(value).rounded(num, den, rounding))
}

/// `bounded(x, low, high)`: `min(max(x, low), high)`.
pub(crate) fn bounded(value: Value, low: Value, high: Value) -> Value {
    let raised = if order(&value, &low).is_lt() {
        low
    } else {
        value
    };
    if order(&raised, &high).is_gt() {
        high
    } else {
        raised
    }
}

/// The functions on dates, months and years.
pub(crate) fn calendar(function: Function, value: &Value) -> Result<Value, Reason> {
    let count = |number: u8| Value::Number(Exact::integer(i128::from(number)));
    Ok(match (function, value) {
        (Function::YearOf, Value::Day(day)) => Value::Year(day.year().number()),
        (Function::YearOf, Value::Month(month)) => Value::Year(month.year().number()),
        (Function::MonthOf, Value::Day(day)) => Value::Month(day.month()),
        (Function::MonthNumber, Value::Day(day)) => count(day.month_of_year()),
        (Function::MonthNumber, Value::Month(month)) => count(month.month_of_year()),
        (Function::DayNumber, Value::Day(day)) => count(day.day_of_month()),
        (Function::FirstDay, Value::Month(month)) => Value::Day(month.first_day()),
        (Function::LastDay, Value::Month(month)) => Value::Day(month.last_day()),
        (Function::FirstDay, Value::Year(year)) => Value::Day(day(*year, 1, 1)?),
        (Function::LastDay, Value::Year(year)) => Value::Day(day(*year, 12, 31)?),
        _ => unreachable!("the checker does not give {value:?} to {function:?}"),
    })
}

/// The number in a value of kind money, number, months or days.
pub(crate) fn number(value: &Value) -> Exact {
    match value {
        Value::Number(number) => *number,
        other => unreachable!("the checker made this a number, not {other:?}"),
    }
}

/// A number, or the refusal of one that does not fit.
pub(crate) fn fits(number: Option<Exact>) -> Result<Value, Reason> {
    number.map(Value::Number).ok_or(Reason::TooLarge)
}

fn added(left: (Kind, &Value), right: (Kind, &Value), minus: bool) -> Result<Value, Reason> {
    match (left.1, right.1) {
        (Value::Number(a), Value::Number(b)) => fits(if minus {
            a.checked_sub(*b)
        } else {
            a.checked_add(*b)
        }),
        (Value::Month(a), Value::Month(b)) => Ok(difference(b.months_until(*a))),
        (Value::Day(a), Value::Day(b)) => Ok(difference(b.days_until(*a))),
        (Value::Year(a), Value::Year(b)) => Ok(Value::Number(Exact::integer(
            i128::from(*a) - i128::from(*b),
        ))),
        (point, Value::Number(length)) => moved(point, *length, minus, right.0),
        (Value::Number(length), point) if !minus => moved(point, *length, false, left.0),
        _ => unreachable!("the checker adds only what can be added"),
    }
}

/// A point in time moved by a length of this kind.
fn moved(point: &Value, length: Exact, back: bool, kind: Kind) -> Result<Value, Reason> {
    let length = if back {
        length.checked_neg()
    } else {
        Some(length)
    };
    let whole = length
        .and_then(Exact::whole)
        .and_then(|whole| i32::try_from(whole).ok());
    let by = whole.ok_or(Reason::DateOutside)?;
    let outside = |_| Reason::DateOutside;
    match point {
        Value::Month(month) => month.add_months(by).map(Value::Month).map_err(outside),
        Value::Day(day) if kind == Kind::Months => {
            day.add_months(by).map(Value::Day).map_err(outside)
        }
        Value::Day(day) => day.add_days(by).map(Value::Day).map_err(outside),
        Value::Year(year) => match year.checked_add(by).map(Year::new) {
            Some(Ok(year)) => Ok(Value::Year(year.number())),
            _ => Err(Reason::DateOutside),
        },
        other => unreachable!("the checker moves only points in time, not {other:?}"),
    }
}

fn difference(count: i32) -> Value {
    Value::Number(Exact::integer(i128::from(count)))
}

fn day(year: i32, month: u8, day: u8) -> Result<Day, Reason> {
    Day::new(year, month, day).map_err(|_| Reason::DateOutside)
}
