//! How does a value get into a statement, and out of a cell again?
//!
//! A [`Value`] is one of seven kinds and binds on both engines; a [`Cell`] is one as it lies in a result, borrowed. The
//! two engines keep some of them differently, and only this file, the rows and the bulk copies know how:
//!
//! | kind | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`Int`](Value::Int), and [`Fen`] | `smallint`, `integer`, `bigint` | `integer` |
//! | [`Bool`](Value::Bool) | `boolean` | `integer`, 0 or 1 |
//! | [`Text`](Value::Text) | `text` | `text` |
//! | [`Bytes`](Value::Bytes) | `bytea` | `blob` |
//! | [`Day`](Value::Day), and [`Month`] as its first day | `date` | `integer`, [`Day::number`] |
//! | [`Moment`](Value::Moment) | `timestamptz` | `integer`, [`Moment::microseconds`] |

use crate::error::Error;
use measure::{Day, Fen, Moment, Month};

/// A value to be bound to a statement's `$1`, `$2` and so on; [`params!`](crate::params) makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Null,
    /// A whole number, or an amount in fen.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A day, or the first day of a month.
    Day(Day),
    /// A point in time.
    Moment(Moment),
}

/// The values of a statement, in the order of `$1`, `$2` and so on.
///
/// ```
/// use measure::{Fen, Month};
/// use store::{params, Value};
///
/// let values = params![7, "abc", Fen(1), Month::parse("2025-06")?, None::<i64>];
/// assert_eq!(values[0], Value::Int(7));
/// assert_eq!(values[4], Value::Null);
/// # Ok::<(), measure::Error>(())
/// ```
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Value::from($value)),*][..] };
}

macro_rules! from {
    ($($given:ty => |$name:ident| $value:expr;)*) => {
        $(impl From<$given> for Value {
            fn from($name: $given) -> Value {
                $value
            }
        })*
    };
}

from! {
    i64 => |number| Value::Int(number);
    i32 => |number| Value::Int(number.into());
    i16 => |number| Value::Int(number.into());
    u32 => |number| Value::Int(number.into());
    u16 => |number| Value::Int(number.into());
    u8 => |number| Value::Int(number.into());
    bool => |yes| Value::Bool(yes);
    Fen => |amount| Value::Int(amount.0);
    Day => |day| Value::Day(day);
    Month => |month| Value::Day(month.first_day());
    Moment => |moment| Value::Moment(moment);
    String => |text| Value::Text(text);
    &str => |text| Value::Text(text.to_owned());
    &String => |text| Value::Text(text.clone());
    Vec<u8> => |bytes| Value::Bytes(bytes);
    &[u8] => |bytes| Value::Bytes(bytes.to_vec());
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// A value as it lies in a result, before somebody says what it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    /// No value.
    Null,
    /// A whole number; on SQLite also a day, a moment, or yes and no.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Text.
    Text(&'r str),
    /// Bytes.
    Bytes(&'r [u8]),
    /// Days since 1970-01-01.
    Day(i32),
    /// Microseconds since 1970.
    Moment(i64),
}

impl Cell<'_> {
    /// The kind as messages name it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "null",
            Cell::Int(_) => "a whole number",
            Cell::Bool(_) => "yes or no",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
            Cell::Day(_) => "a day",
            Cell::Moment(_) => "a moment",
        }
    }
}

/// What can be read from a cell. Implement it for an office's own noun by way of one that has it:
///
/// ```
/// use store::{Cell, Read};
///
/// struct PersonId(i64);
///
/// impl Read for PersonId {
///     const KIND: &'static str = "person";
///     fn read(cell: Cell<'_>) -> Option<PersonId> {
///         i64::read(cell).filter(|id| *id > 0).map(PersonId)
///     }
/// }
/// ```
pub trait Read: Sized {
    /// What messages call it.
    const KIND: &'static str;

    /// The value, when the cell holds one.
    fn read(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! read {
    ($($wanted:ty, $kind:literal, |$cell:ident| $value:expr;)*) => {
        $(impl Read for $wanted {
            const KIND: &'static str = $kind;
            fn read($cell: Cell<'_>) -> Option<$wanted> {
                $value
            }
        })*
    };
}

read! {
    i64, "i64", |cell| match cell { Cell::Int(number) => Some(number), _ => None };
    i32, "i32", |cell| i64::read(cell)?.try_into().ok();
    i16, "i16", |cell| i64::read(cell)?.try_into().ok();
    u32, "u32", |cell| i64::read(cell)?.try_into().ok();
    Fen, "fen", |cell| i64::read(cell).map(Fen);
    bool, "yes or no", |cell| match cell {
        Cell::Bool(yes) => Some(yes),
        Cell::Int(0) => Some(false),
        Cell::Int(1) => Some(true),
        _ => None,
    };
    String, "text", |cell| match cell { Cell::Text(text) => Some(text.to_owned()), _ => None };
    Vec<u8>, "bytes", |cell| match cell { Cell::Bytes(bytes) => Some(bytes.to_vec()), _ => None };
    Day, "day", |cell| match cell {
        Cell::Day(number) => Day::from_number(number).ok(),
        Cell::Int(number) => Day::from_number(number.try_into().ok()?).ok(),
        _ => None,
    };
    Month, "month", |cell| Day::read(cell).filter(|day| day.day_of_month() == 1).map(Day::month);
    Moment, "moment", |cell| match cell {
        Cell::Moment(number) | Cell::Int(number) => Some(Moment::from_microseconds(number)),
        _ => None,
    };
}

impl<const N: usize> Read for [u8; N] {
    const KIND: &'static str = "bytes of a fixed length";
    fn read(cell: Cell<'_>) -> Option<[u8; N]> {
        match cell {
            Cell::Bytes(bytes) => bytes.try_into().ok(),
            _ => None,
        }
    }
}

impl<T: Read> Read for Option<T> {
    const KIND: &'static str = T::KIND;
    fn read(cell: Cell<'_>) -> Option<Option<T>> {
        match cell {
            Cell::Null => Some(None),
            held => T::read(held).map(Some),
        }
    }
}

pub(crate) fn read<T: Read>(cell: Cell<'_>, column: impl FnOnce() -> String) -> Result<T, Error> {
    match T::read(cell) {
        Some(value) => Ok(value),
        None => Err(Error::Cell {
            column: column(),
            wanted: T::KIND,
            found: cell.kind().into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_as_what_it_holds_or_not_at_all() {
        assert_eq!(i16::read(Cell::Int(32_768)), None);
        assert_eq!(i16::read(Cell::Int(-32_768)), Some(i16::MIN));
        assert_eq!(bool::read(Cell::Int(2)), None);
        assert_eq!(bool::read(Cell::Int(1)), Some(true));
        assert_eq!(i64::read(Cell::Null), None);
        assert_eq!(Option::<i64>::read(Cell::Null), Some(None));
        assert_eq!(Option::<i64>::read(Cell::Text("1")), None);
        assert_eq!(Month::read(Cell::Day(1)), None);
        assert_eq!(
            Month::read(Cell::Day(0)),
            Some(Month::parse("1970-01").unwrap())
        );
        assert_eq!(Day::read(Cell::Int(i64::MAX)), None);
        assert_eq!(Moment::read(Cell::Day(1)), None);
    }
}
