//! How do values travel to PostgreSQL and back? In its binary form, by the type the server says a parameter or column has.

use crate::{
    bulk::{Kind, columns_differ},
    error::Error as Refused,
    value::{Cell, Value},
};
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use std::{error::Error, fmt};

/// PostgreSQL counts days from 2000-01-01; [`measure::Day::number`] from 1970-01-01.
pub(crate) const DAYS_TO_2000: i32 = 10_957;

/// PostgreSQL counts microseconds from 2000; [`measure::Moment::microseconds`] from 1970.
pub(crate) const MICROSECONDS_TO_2000: i64 = DAYS_TO_2000 as i64 * 24 * 60 * 60 * 1_000_000;

/// Why a value does not fit a parameter. It never holds the value.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) wanted: String,
    pub(crate) cause: &'static str,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}: {}", self.wanted, self.cause)
    }
}

impl Error for Misfit {}

#[derive(Debug)]
pub(crate) struct Bound<'v>(&'v Value);

/// A value as a parameter.
pub(crate) fn bound(value: &Value) -> Bound<'_> {
    Bound(value)
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        wanted: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let misfit = |cause| Misfit {
            wanted: wanted.name().to_owned(),
            cause,
        };
        match (self.0, wanted) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => out.extend_from_slice(&number.to_be_bytes()),
            (Value::Int(number), &Type::INT4) => {
                let number = i32::try_from(*number).map_err(|_| misfit("too large a number"))?;
                out.extend_from_slice(&number.to_be_bytes());
            }
            (Value::Int(number), &Type::INT2) => {
                let number = i16::try_from(*number).map_err(|_| misfit("too large a number"))?;
                out.extend_from_slice(&number.to_be_bytes());
            }
            (Value::Bool(yes), &Type::BOOL) => out.extend_from_slice(&[(*yes).into()]),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::UNKNOWN) => {
                if text.contains('\0') {
                    return Err(misfit("a text with a zero character").into());
                }
                out.extend_from_slice(text.as_bytes());
            }
            (Value::Bytes(bytes), &Type::BYTEA) => out.extend_from_slice(bytes),
            (Value::Day(day), &Type::DATE) => {
                out.extend_from_slice(&(day.number() - DAYS_TO_2000).to_be_bytes());
            }
            (Value::Moment(moment), &Type::TIMESTAMPTZ) => {
                let shifted = moment.microseconds().checked_sub(MICROSECONDS_TO_2000);
                let shifted = shifted.ok_or_else(|| misfit("too early a moment"))?;
                out.extend_from_slice(&shifted.to_be_bytes());
            }
            _ => return Err(misfit("a value of another kind").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        // Said by `to_sql`, which knows the value.
        true
    }

    postgres::types::to_sql_checked!();
}

/// A cell in the binary form of its type.
struct Raw<'r>(Cell<'r>);

impl<'r> FromSql<'r> for Raw<'r> {
    fn from_sql(held: &Type, raw: &'r [u8]) -> Result<Raw<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Raw(match *held {
            Type::INT8 => Cell::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Cell::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Cell::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Cell::Bool(raw == [1]),
            Type::BYTEA => Cell::Bytes(raw),
            Type::DATE => {
                // An infinite date is beyond every calendar day and stays so: it is refused when read as one.
                Cell::Day(i32::from_be_bytes(raw.try_into()?).saturating_add(DAYS_TO_2000))
            }
            Type::TIMESTAMPTZ => Cell::Moment(
                i64::from_be_bytes(raw.try_into()?).saturating_add(MICROSECONDS_TO_2000),
            ),
            _ => Cell::Text(std::str::from_utf8(raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Raw<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Raw(Cell::Null))
    }

    fn accepts(held: &Type) -> bool {
        known(held)
    }
}

/// Whether all columns can be read here.
pub(crate) fn readable(columns: &[postgres::Column]) -> Result<(), Refused> {
    match columns.iter().find(|column| !known(column.type_())) {
        Some(column) => Err(Refused::Cell {
            column: column.name().into(),
            wanted: "a type that is used here",
            found: column.type_().name().into(),
        }),
        None => Ok(()),
    }
}

fn known(held: &Type) -> bool {
    matches!(
        *held,
        Type::INT8
            | Type::INT4
            | Type::INT2
            | Type::BOOL
            | Type::TEXT
            | Type::VARCHAR
            | Type::NAME
            | Type::UNKNOWN
            | Type::BYTEA
            | Type::DATE
            | Type::TIMESTAMPTZ
    )
}

pub(crate) fn cell(row: &postgres::Row, number: usize) -> Option<Cell<'_>> {
    row.try_get::<_, Raw<'_>>(number).ok().map(|raw| raw.0)
}

/// Whether a statement's columns are of these kinds.
pub(crate) fn are(columns: &[postgres::Column], kinds: &[Kind]) -> Result<(), Refused> {
    if columns.len() != kinds.len() {
        return Err(columns_differ(columns.len()));
    }
    for (column, kind) in columns.iter().zip(kinds) {
        let wanted = match kind {
            Kind::BigInt => Type::INT8,
            Kind::Integer => Type::INT4,
            Kind::SmallInt => Type::INT2,
            Kind::Bool => Type::BOOL,
            Kind::Day => Type::DATE,
            Kind::Moment => Type::TIMESTAMPTZ,
            Kind::Text => Type::TEXT,
            Kind::Bytes => Type::BYTEA,
        };
        if *column.type_() != wanted {
            return Err(Refused::Cell {
                column: column.name().into(),
                wanted: kind.word(),
                found: column.type_().name().into(),
            });
        }
    }
    Ok(())
}
