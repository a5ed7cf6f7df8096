//! What is PostgreSQL's own? Connections, binding, reading a cell, and what its error codes mean.

mod gathered;
mod server;
mod tls;
mod pool;
mod types;

#[cfg(feature = "testing")]
pub(crate) use self::server::Server;
pub(crate) use self::{
    pool::{Pool, Session, Statements},
    tls::Tls,
    types::{DAYS_TO_2000, MICROSECONDS_TO_2000, are, bound, cell, readable},
};

use crate::error::{ConstraintKind, Error, Violation};
use postgres::error::{DbError, SqlState};
use std::error::Error as _;

/// What the server says when a migration changed a table under a prepared statement: prepared anew it goes.
const OUT_OF_DATE: &str = "cached plan";

/// Whether what the connection has prepared is out of date.
pub(crate) fn is_out_of_date(error: &Error) -> bool {
    matches!(error, Error::Conflict { cause, .. } if cause.contains(OUT_OF_DATE))
}

/// What an error of PostgreSQL or of its connection means.
pub(crate) fn translate(error: &postgres::Error, statement: &str) -> Error {
    if let Some(said) = error.as_db_error() {
        return said_by_server(said, statement);
    }
    let cause = with_sources(error);
    if error.is_closed()
        || error
            .source()
            .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
    {
        return Error::ConnectionLost { cause };
    }
    // A value that does not fit its parameter's type: said by `bound`, without the value.
    if let Some(misfit) = error
        .source()
        .and_then(|it| it.downcast_ref::<types::Misfit>())
    {
        return Error::Value {
            wanted: misfit.wanted.clone(),
            cause: misfit.cause.into(),
        };
    }
    Error::Statement {
        statement: statement.into(),
        cause,
    }
}

/// An error met while a copy was written or read: the client wraps its own into that of the stream.
pub(crate) fn translate_stream(error: &std::io::Error, statement: &str) -> Error {
    let inner = error
        .get_ref()
        .and_then(|it| it.downcast_ref::<postgres::Error>());
    match inner {
        Some(inner) => translate(inner, statement),
        None => Error::ConnectionLost {
            cause: error.to_string(),
        },
    }
}

fn with_sources(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text
}

fn said_by_server(said: &DbError, statement: &str) -> Error {
    let code = said.code();
    let cause = format!("{} (PostgreSQL {})", said.message(), code.code());
    if let Some(error) = constraint(said) {
        return error;
    }
    if *code == SqlState::FEATURE_NOT_SUPPORTED && said.message().contains(OUT_OF_DATE) {
        return Error::Conflict { attempts: 1, cause };
    }
    match code.code() {
        // The rule of a trigger of ours; the code is of the class left to applications.
        "RS001" => Error::Kept {
            rule: said.message().into(),
        },
        "40001" | "40P01" => Error::Conflict { attempts: 1, cause },
        "55P03" | "53300" | "55006" => Error::Busy { cause },
        "53100" => Error::DiskFull { cause },
        // Who connects first after a change of the tables has the server write a file for those who follow; without room
        // it says only this.
        "XX000" if said.message() == "could not write init file" => Error::DiskFull { cause },
        "58000" | "58030" => Error::Drive { cause },
        "25006" => Error::ReadOnly,
        "42501" => Error::Denied { cause },
        "57014" => Error::Cancelled { cause },
        "57P01" | "57P02" | "57P03" | "25P03" | "57P05" => Error::ConnectionLost { cause },
        "XX001" | "XX002" => Error::Damaged { cause },
        other => match &other[..2] {
            "08" => Error::ConnectionLost { cause },
            "28" => Error::Denied { cause },
            // The message of this class shows the value.
            "22" => Error::Value {
                wanted: "its column's type".into(),
                cause: format!("PostgreSQL {other}"),
            },
            "42" | "0A" | "26" => Error::Statement {
                statement: statement.into(),
                cause,
            },
            _ => Error::Engine { cause },
        },
    }
}

fn constraint(said: &DbError) -> Option<Error> {
    let kind = match said.code().code() {
        "23505" | "23P01" => ConstraintKind::Unique,
        "23514" => ConstraintKind::Check,
        "23503" => ConstraintKind::Reference,
        "23502" => ConstraintKind::Required,
        _ => return None,
    };
    let name = match said.constraint() {
        Some(name) => name.to_owned(),
        None => format!(
            "{}.{}",
            said.table().unwrap_or_default(),
            said.column().unwrap_or_default()
        ),
    };
    Some(Error::Constraint(Violation { kind, name }))
}
