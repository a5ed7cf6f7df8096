//! What is SQLite's own? Opening a file, binding, reading a cell, and what its error codes mean.

mod log;

use crate::{
    address::Url,
    db::{Lasting, Options},
    error::{ConstraintKind, Error, Violation},
    value::{Cell, Value},
};
use log::Copier;
use rusqlite::{
    Connection, ErrorCode, OpenFlags,
    config::DbConfig,
    ffi,
    types::{ToSqlOutput, ValueRef},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A file with one connection that writes and a few that read. With write-ahead logging readers see the state from
/// before a write until it is committed, and never wait for it.
pub(crate) struct File {
    path: PathBuf,
    settings: Settings,
    // Of a scratch database, which soon is gone, the log is never long. Before the writer, so that it has ended when that closes.
    _copier: Option<Copier>,
    writer: Arc<Mutex<Connection>>,
    readers: Mutex<Vec<Connection>>,
    // Removes a scratch database when the last handle is gone; last, so that the connections close before.
    _scratch: Option<tempfile::TempDir>,
}

#[derive(Clone, Copy)]
struct Settings {
    busy: Duration,
    // `off` only for a scratch database, which no power cut has to survive.
    synchronous: &'static str,
}

/// How many prepared statements a connection keeps: more than the catalogue holds.
const STATEMENTS_KEPT: usize = 512;

/// How many idle reading connections are kept open.
const READERS_KEPT: usize = 8;

impl File {
    pub(crate) fn open(url: &Url, options: Options) -> Result<File, Error> {
        let refused = |cause: String| Error::Open {
            address: url.to_string(),
            cause,
        };
        let (path, scratch) = match url {
            Url::Sqlite(path) => (path.clone(), None),
            _ => {
                let folder = tempfile::tempdir().map_err(|error| refused(error.to_string()))?;
                (folder.path().join("scratch.db"), Some(folder))
            }
        };
        if !options.make && !path.exists() {
            return Err(refused("there is no such file".into()));
        }
        let settings = Settings {
            busy: options.patience,
            synchronous: if scratch.is_some() { "off" } else { "full" },
        };
        let writer = match connect(&path, settings) {
            Ok(connection) => connection,
            Err(error) => {
                let error = translate(error, "open", None);
                return Err(match error {
                    Error::Damaged { .. } | Error::Busy { .. } | Error::DiskFull { .. } => error,
                    other => refused(other.en()),
                });
            }
        };
        let writer = Arc::new(Mutex::new(writer));
        let copier = match &scratch {
            Some(_) => None,
            None => {
                let own = connect(&path, settings);
                let own = own.map_err(|error| translate(error, "open", None))?;
                let beside = Copier::beside(&writer, own, log::FULL);
                Some(beside.map_err(|error| refused(error.to_string()))?)
            }
        };
        Ok(File {
            path,
            settings,
            _copier: copier,
            writer,
            readers: Mutex::default(),
            _scratch: scratch,
        })
    }

    /// The connection that writes, once nobody else of this process has it. What lasts soon does not wait for the drive; the
    /// next that waits, waits for it too, as both lie in one log.
    pub(crate) fn writer(&self, lasting: Lasting) -> Result<Writer<'_>, Error> {
        // Whoever panicked with it has rolled back while unwinding.
        let connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = (lasting == Lasting::Soon).then_some(self.settings.synchronous);
        if waits == Some("full") {
            let set = connection.pragma_update(None, "synchronous", "normal");
            set.map_err(|error| translate(error, "begin", None))?;
        }
        Ok(Writer { connection, waits })
    }

    /// A connection that cannot write.
    pub(crate) fn reader(&self) -> Result<Reader<'_>, Error> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.path, self.settings)
                .and_then(|connection| {
                    connection.pragma_update(None, "query_only", true)?;
                    Ok(connection)
                })
                .map_err(|error| translate(error, "open", None))?,
        };
        Ok(Reader {
            file: self,
            connection: Some(connection),
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The writing connection on loan.
pub(crate) struct Writer<'f> {
    connection: MutexGuard<'f, Connection>,
    /// How it waits for the drive again when it goes back, where that was altered.
    waits: Option<&'static str>,
}

impl Writer<'_> {
    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        if let Some(waits) = self.waits {
            // It can fail within a transaction only, which has ended.
            let set = self.connection.pragma_update(None, "synchronous", waits);
            debug_assert!(set.is_ok(), "{set:?}");
        }
    }
}

/// A reading connection on loan; it goes back when dropped.
pub(crate) struct Reader<'f> {
    file: &'f File,
    connection: Option<Connection>,
}

impl Reader<'_> {
    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("it is there until dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let connection = self.connection.take();
        let mut idle = self.file.idle();
        if let Some(connection) = connection.filter(Connection::is_autocommit)
            && idle.len() < READERS_KEPT
        {
            idle.push(connection);
        }
    }
}

fn connect(path: &Path, settings: Settings) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not lock it once more.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(settings.busy)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", settings.synchronous)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Without it `insert or replace` removes a row behind the back of the trigger that keeps it.
    connection.pragma_update(None, "recursive_triggers", true)?;
    // Kibibytes when negative: 64 MiB, so that the inner pages of a city's registers stay in memory.
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // A statement is planned once, not anew for each value that is bound to it: with hundreds of small ones a second the
    // planning was half the work.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// Binds `$1` to the first value and so on. SQLite numbers parameters in the order in which a text first names them, so
/// `$2` may be its first.
pub(crate) fn bind(
    statement: &mut rusqlite::Statement<'_>,
    values: &[Value],
) -> rusqlite::Result<()> {
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or_default();
        let number: usize = name.get(1..).and_then(|it| it.parse().ok()).unwrap_or(0);
        let value = number.checked_sub(1).and_then(|place| values.get(place));
        match value {
            Some(value) => statement.raw_bind_parameter(index, Bound(value))?,
            None => {
                return Err(rusqlite::Error::InvalidParameterCount(
                    values.len(),
                    statement.parameter_count(),
                ));
            }
        }
    }
    Ok(())
}

struct Bound<'v>(&'v Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let int = |number: i64| ToSqlOutput::Owned(rusqlite::types::Value::Integer(number));
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Owned(rusqlite::types::Value::Null),
            Value::Int(number) => int(*number),
            Value::Bool(yes) => int((*yes).into()),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Day(day) => int(day.number().into()),
            Value::Moment(moment) => int(moment.microseconds()),
        })
    }
}

pub(crate) fn cell<'r>(row: &'r rusqlite::Row<'_>, number: usize) -> Option<Cell<'r>> {
    match row.get_ref(number).ok()? {
        ValueRef::Null => Some(Cell::Null),
        ValueRef::Integer(number) => Some(Cell::Int(number)),
        ValueRef::Real(_) => None,
        ValueRef::Text(text) => Some(Cell::Text(std::str::from_utf8(text).ok()?)),
        ValueRef::Blob(bytes) => Some(Cell::Bytes(bytes)),
    }
}

/// What an error of SQLite means. The connection, where given, is asked for the name of a unique index.
pub(crate) fn translate(
    error: rusqlite::Error,
    statement: &str,
    connection: Option<&Connection>,
) -> Error {
    let (failure, message) = match error {
        rusqlite::Error::SqliteFailure(failure, message) => (failure, message.unwrap_or_default()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, msg),
        other => {
            return Error::Statement {
                statement: statement.into(),
                cause: other.to_string(),
            };
        }
    };
    let cause = format!("{message} (SQLite {})", failure.extended_code);
    match failure.code {
        ErrorCode::ConstraintViolation => constraint(failure.extended_code, &message, connection),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy { cause },
        ErrorCode::DiskFull => Error::DiskFull { cause },
        // A quota or a limit on files, and room for the index of the log, are told of as a failure to write.
        ErrorCode::SystemIoFailure
            if matches!(
                failure.extended_code,
                ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_SHMOPEN
            ) =>
        {
            Error::DiskFull { cause }
        }
        ErrorCode::SystemIoFailure => Error::Drive { cause },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Error::Damaged { cause },
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Error::Open {
            address: statement.into(),
            cause,
        },
        ErrorCode::ReadOnly => Error::ReadOnly,
        ErrorCode::OperationInterrupted => Error::Cancelled { cause },
        ErrorCode::TooBig => Error::Value {
            wanted: "text or bytes".into(),
            cause: "it is longer than SQLite's limit".into(),
        },
        ErrorCode::Unknown => Error::Statement {
            statement: statement.into(),
            cause: message,
        },
        _ => Error::Engine { cause },
    }
}

fn constraint(extended: i32, message: &str, connection: Option<&Connection>) -> Error {
    // "UNIQUE constraint failed: run.month, run.kind", "CHECK constraint failed: run_maker_is_not_checker"
    let (_, named) = message.split_once("failed: ").unwrap_or(("", ""));
    let (kind, name) = match extended {
        ffi::SQLITE_CONSTRAINT_TRIGGER => {
            return Error::Kept {
                rule: message.into(),
            };
        }
        ffi::SQLITE_CONSTRAINT_DATATYPE => {
            // "cannot store TEXT value in INTEGER column person.sex": names, no values.
            return Error::Value {
                wanted: "this column's type".into(),
                cause: message.into(),
            };
        }
        ffi::SQLITE_CONSTRAINT_CHECK => (ConstraintKind::Check, named.to_owned()),
        ffi::SQLITE_CONSTRAINT_NOTNULL => (ConstraintKind::Required, named.to_owned()),
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => (ConstraintKind::Reference, String::new()),
        _ => (ConstraintKind::Unique, unique_name(named, connection)),
    };
    Error::Constraint(Violation { kind, name })
}

/// SQLite tells the columns of a unique index and not its name; PostgreSQL tells the name. This finds it.
fn unique_name(named: &str, connection: Option<&Connection>) -> String {
    if let Some(index) = named.strip_prefix("index ") {
        return index.trim_matches('\'').to_owned();
    }
    let table = named.split('.').next().unwrap_or_default();
    let columns: Vec<&str> = named
        .split(", ")
        .filter_map(|it| Some(it.split_once('.')?.1))
        .collect();
    let find = "select l.name, l.origin from pragma_index_list(?1) as l \
                where l.\"unique\" and (select group_concat(i.name, ',') from pragma_index_info(l.name) as i) = ?2 \
                order by l.origin";
    let found = connection.and_then(|connection| {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let columns = columns.join(",");
        connection.query_row(find, (table, columns), row).ok()
    });
    match found {
        Some((name, origin)) if <String as AsRef<str>>::as_ref(&origin) == "c" => name,
        // Also where nothing is found: an integer key has no index of its own.
        _ => format!("{table}_pkey"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Else a statement is planned anew for each value that is bound to it, of which no answer would tell.
    #[test]
    fn statements_are_planned_once() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            busy: Duration::ZERO,
            synchronous: "off",
        };
        let connection = connect(&folder.path().join("db"), settings).unwrap();
        let stable = connection.db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG);
        assert_eq!(stable, Ok(true));
    }
}
