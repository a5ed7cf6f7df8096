//! The one whole number every value has in columns, as [`columns`](crate::columns) describes it.

use crate::columns::{Batch, Column, Slot, Values};
use crate::law::{Exact, Facts, Kind, Law, Type, Value};
use crate::refusal::Reason;
use measure::{Day, Month};

/// The canonical number of a value of this type.
///
/// # Errors
///
/// [`Reason::TooLarge`] when the value does not fit the type: beyond 64 bits, with more decimals than the type keeps,
/// of another kind, or a text, which has no number.
pub fn to_canonical(ty: Type, value: &Value) -> Result<i64, Reason> {
    match (ty.kind(), value) {
        (Kind::Bool, Value::Bool(holds)) => Ok(i64::from(*holds)),
        (Kind::Money | Kind::Number | Kind::Months | Kind::Days, Value::Number(number)) => {
            let units = number
                .exactly(unit(ty))
                .and_then(|units| i64::try_from(units).ok());
            units.ok_or(Reason::TooLarge)
        }
        (Kind::Date, Value::Day(day)) => Ok(i64::from(day.number())),
        (Kind::Month, Value::Month(month)) => Ok(i64::from(month.index())),
        (Kind::Year, Value::Year(year)) => Ok(i64::from(*year)),
        (Kind::Enum(_), Value::Member(member)) => Ok(i64::from(*member)),
        _ => Err(Reason::TooLarge),
    }
}

/// The value with this canonical number; a number no member has becomes a member that does not exist, which is
/// refused where it is read.
///
/// # Errors
///
/// [`Reason::DateOutside`] for a date, month or year outside 1800-2299, and for a text.
pub fn from_canonical(ty: Type, number: i64) -> Result<Value, Reason> {
    let small = || i32::try_from(number).map_err(|_| Reason::DateOutside);
    Ok(match ty.kind() {
        Kind::Bool => Value::Bool(number != 0),
        Kind::Money | Kind::Number | Kind::Months | Kind::Days => Value::Number(Exact {
            num: i128::from(number),
            den: unit(ty),
        }),
        Kind::Date => Value::Day(Day::from_number(small()?).map_err(|_| Reason::DateOutside)?),
        Kind::Month => Value::Month(Month::from_index(small()?).map_err(|_| Reason::DateOutside)?),
        Kind::Year => Value::Year(small()?),
        Kind::Enum(_) => Value::Member(u16::try_from(number).unwrap_or(u16::MAX)),
        Kind::Text => return Err(Reason::DateOutside),
    })
}

/// One row of a batch as the facts of a case; missing values are left out.
///
/// # Errors
///
/// [`Reason::DateOutside`] when a cell holds a date outside 1800-2299, whether or not a rule would read it.
pub fn facts_from_batch(law: &Law, batch: &Batch<'_>, row: usize) -> Result<Facts, Reason> {
    let mut facts = facts_from_columns(law, &batch.columns, row)?;
    for records in &batch.records {
        let (first, end) = (
            records.starts[row] as usize,
            records.starts[row + 1] as usize,
        );
        let read = |record| facts_from_columns(law, &records.columns, record);
        let records_of_row = (first..end)
            .map(read)
            .collect::<Result<Vec<Facts>, Reason>>()?;
        facts.records.insert(records.relation, records_of_row);
    }
    Ok(facts)
}

/// What the type's unit is a fraction of: 100 for money, a million for a rate.
fn unit(ty: Type) -> i128 {
    10_i128.pow(u32::from(ty.decimals()))
}

/// A rule's value in the units of its type, so that sums of it keep one denominator.
pub(super) fn fitted(ty: Type, value: &Value) -> Result<Value, Reason> {
    match value {
        Value::Number(_) => {
            let units = to_canonical(ty, value)?;
            Ok(Value::Number(Exact {
                num: i128::from(units),
                den: unit(ty),
            }))
        }
        other => Ok(other.clone()),
    }
}

/// Whether a given value can be one of this type at all.
pub(super) fn is_of(law: &Law, ty: Type, value: &Value) -> bool {
    match (ty.kind(), value) {
        (Kind::Enum(id), Value::Member(member)) => usize::from(*member) < law[id].members.len(),
        (Kind::Money | Kind::Number | Kind::Months | Kind::Days, Value::Number(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Date, Value::Day(_))
        | (Kind::Month, Value::Month(_))
        | (Kind::Year, Value::Year(_))
        | (Kind::Text, Value::Text(_)) => true,
        _ => false,
    }
}

fn facts_from_columns(law: &Law, columns: &[Column<'_>], row: usize) -> Result<Facts, Reason> {
    let mut facts = Facts::default();
    for column in columns {
        if column.missing.is_some_and(|missing| missing[row]) {
            continue;
        }
        let ty = match column.slot {
            Slot::Input(id) => law[id].ty,
            Slot::Rule(id) => law[id].ty,
        };
        let value = match column.values {
            Values::I64(values) => from_canonical(ty, values[row])?,
            Values::I32(values) => from_canonical(ty, i64::from(values[row]))?,
            Values::U8(values) => from_canonical(ty, i64::from(values[row]))?,
            Values::Text(values) => Value::Text(values[row].clone()),
        };
        match column.slot {
            Slot::Input(id) => facts.inputs.insert(id, value),
            Slot::Rule(id) => facts.rules.insert(id, value),
        };
    }
    Ok(facts)
}
