//! What can be done within a transaction?

use crate::{
    audit::Head,
    db::{Engine, Knowledge, Lasting, Write},
    error::Error,
    postgresql::{self, Session, Statements, Tls},
    row::{Of, Row},
    sqlite,
    statement::Statement,
    value::Value,
};
use postgres::{IsolationLevel, fallible_iterator::FallibleIterator};
use rusqlite::TransactionBehavior;
use std::borrow::Cow;

/// A transaction, given to the closure of [`Db::write`](crate::Db::write) or [`Db::read`](crate::Db::read).
///
/// Statements are named constants; a bare text is taken too. Their `$1`, `$2` … are given by
/// [`params!`](crate::params). Whatever fails in the engine ends the transaction, on both engines, unless it happens
/// within [`attempt`](Tx::attempt).
pub struct Tx<'c> {
    engaged: Engaged<'c>,
    fate: Fate,
    depth: u32,
    /// The last entry this transaction has added to its chain of the audit log.
    staged: Option<Head>,
    /// For which districts it has said that it is.
    districts: Option<String>,
}

/// What has befallen a transaction.
#[derive(Default)]
pub(crate) struct Fate {
    failed: Option<Error>,
}

impl Fate {
    /// Notes that a statement failed: the transaction can only be undone now.
    pub(crate) fn fails(&mut self, error: Error) -> Error {
        self.failed.get_or_insert_with(|| error.clone());
        error
    }
}

/// A transaction begun on one of the engines.
pub(crate) enum Engaged<'c> {
    Sqlite(rusqlite::Transaction<'c>),
    Postgres {
        transaction: postgres::Transaction<'c>,
        /// How the connection is encrypted, and with it what cancels something on it.
        tls: &'c Tls,
        statements: &'c mut Statements,
        spent: &'c mut bool,
        /// The end of the chain of the audit log that this connection has, once it has one.
        head: &'c mut Option<Head>,
    },
}

impl<'c> Engaged<'c> {
    pub(crate) fn sqlite(
        connection: &'c mut rusqlite::Connection,
        behavior: TransactionBehavior,
    ) -> Result<Engaged<'c>, Error> {
        match connection.transaction_with_behavior(behavior) {
            Ok(transaction) => Ok(Engaged::Sqlite(transaction)),
            Err(error) => Err(sqlite::translate(error, "begin", None)),
        }
    }

    pub(crate) fn postgres(
        session: &'c mut Session,
        level: IsolationLevel,
        read_only: bool,
    ) -> Result<Engaged<'c>, Error> {
        let Session {
            client,
            tls,
            statements,
            spent,
            head,
        } = session;
        let begun = client
            .build_transaction()
            .isolation_level(level)
            .read_only(read_only)
            .start();
        match begun {
            Ok(transaction) => Ok(Engaged::Postgres {
                transaction,
                tls,
                statements,
                spent,
                head,
            }),
            Err(error) => {
                *spent = true;
                Err(postgresql::translate(&error, "begin"))
            }
        }
    }

    /// Keeps those who record facts and who opens a run apart, before the transaction has seen anything: a lock on a table
    /// is taken without a view of the data, which then is the view from after it. Recorders stand beside each other, and
    /// beside everything else that is done to runs.
    ///
    /// A recorder that read a table from end to end, as the planner likes to while it is small, would clash with everybody who
    /// adds a row to it; by an index it clashes with those who add beside what it read. Nor does it keep the plan of a morning
    /// when the table was empty.
    pub(crate) fn standing(mut self, how: Write) -> Result<Engaged<'c>, Error> {
        let Engaged::Postgres { transaction, .. } = &mut self else {
            return Ok(self);
        };
        let sql = match how.knowledge {
            Knowledge::Apart => match how.lasting {
                Lasting::AtOnce => return Ok(self),
                Lasting::Soon => "set local synchronous_commit = off",
            },
            // What is recorded or settled always lasts at once.
            Knowledge::Records => {
                "lock table run in row share mode; set local enable_seqscan = off; set local plan_cache_mode = auto"
            }
            Knowledge::Settles => {
                "set local lock_timeout = 200; lock table run in exclusive mode; set local lock_timeout = 0"
            }
        };
        match transaction.batch_execute(sql) {
            Ok(()) => Ok(self),
            Err(error) => Err(postgresql::translate(&error, "knowledge")),
        }
    }
}

/// The statement as prepared on this connection.
pub(crate) fn prepared(
    transaction: &mut postgres::Transaction<'_>,
    statements: &mut Statements,
    statement: Statement,
) -> Result<postgres::Statement, Error> {
    prepared_as(transaction, statements, statement.sql, statement.name)
}

/// A text as prepared on this connection, and the name that is said of it.
pub(crate) fn prepared_as(
    transaction: &mut postgres::Transaction<'_>,
    statements: &mut Statements,
    sql: impl Into<Cow<'static, str>>,
    name: &str,
) -> Result<postgres::Statement, Error> {
    let sql = sql.into();
    if let Some(known) = statements.get(&sql) {
        return Ok(known.clone());
    }
    match transaction.prepare(&sql) {
        Ok(new) => {
            statements.insert(sql, new.clone());
            Ok(new)
        }
        Err(error) => Err(postgresql::translate(&error, name)),
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(engaged: Engaged<'c>) -> Tx<'c> {
        Tx {
            engaged,
            fate: Fate::default(),
            depth: 0,
            staged: None,
            districts: None,
        }
    }

    /// On which engine it runs.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.engaged {
            Engaged::Sqlite(_) => Engine::Sqlite,
            Engaged::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    ///
    /// What the engine says: `S0107` a constraint, `S0108` a trigger, `S0113` the statement is wrong, and so on.
    pub fn execute(&mut self, sql: impl Into<Statement>, values: &[Value]) -> Result<u64, Error> {
        let statement = sql.into();
        let result = match &mut self.engaged {
            Engaged::Sqlite(transaction) => execute_sqlite(transaction, statement, values),
            Engaged::Postgres {
                transaction,
                statements,
                ..
            } => execute_postgres(transaction, statements, statement, values),
        };
        result.map_err(|error| self.fate.fails(error))
    }

    /// Hands each row of a result to a closure, in order, without ever holding them all: memory stays the same for
    /// twenty rows and for twenty million.
    ///
    /// # Errors
    ///
    /// What the engine says; what the closure returns, which ends the reading.
    pub fn stream<E: From<Error>>(
        &mut self,
        sql: impl Into<Statement>,
        values: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = sql.into();
        let broken_off = || Error::Cancelled {
            cause: "the reading was broken off".into(),
        };
        match &mut self.engaged {
            Engaged::Sqlite(transaction) => {
                let failed = |error| sqlite::translate(error, statement.name, Some(transaction));
                let mut prepared = match transaction.prepare_cached(statement.sql) {
                    Ok(prepared) => prepared,
                    Err(error) => return Err(self.fate.fails(failed(error)).into()),
                };
                if let Err(error) = sqlite::bind(&mut prepared, values) {
                    return Err(self.fate.fails(failed(error)).into());
                }
                let mut rows = prepared.raw_query();
                loop {
                    match rows.next() {
                        Ok(Some(row)) => each(&Row(Of::Sqlite(row)))?,
                        Ok(None) => return Ok(()),
                        Err(error) => return Err(self.fate.fails(failed(error)).into()),
                    }
                }
            }
            Engaged::Postgres {
                transaction,
                tls,
                statements,
                spent,
                ..
            } => {
                let failed = |error| postgresql::translate(&error, statement.name);
                let prepared = prepared(transaction, statements, statement)
                    .map_err(|error| self.fate.fails(error))?;
                let cancel = transaction.cancel_token();
                let values = values.iter().map(postgresql::bound);
                let mut rows = match transaction.query_raw(&prepared, values) {
                    Ok(rows) => rows,
                    Err(error) => return Err(self.fate.fails(failed(error)).into()),
                };
                loop {
                    match rows.next() {
                        Ok(Some(row)) => {
                            if let Err(error) = each(&Row(Of::Postgres(&row))) {
                                // Else the rest of the rows would still have to come before the connection is free.
                                // That it may hit the next statement instead is why the connection is given up.
                                let _ = cancel.cancel_query(tls.clone());
                                **spent = true;
                                self.fate.fails(broken_off());
                                return Err(error);
                            }
                        }
                        Ok(None) => return Ok(()),
                        Err(error) => return Err(self.fate.fails(failed(error)).into()),
                    }
                }
            }
        }
    }

    /// What a closure makes of each row, in order.
    ///
    /// # Errors
    ///
    /// What the engine says; what the closure returns.
    pub fn list<T, E: From<Error>>(
        &mut self,
        sql: impl Into<Statement>,
        values: &[Value],
        mut each: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut list = Vec::new();
        self.stream(sql, values, |row| {
            list.push(each(row)?);
            Ok::<(), E>(())
        })?;
        Ok(list)
    }

    /// What a closure makes of the only row, if there is one.
    ///
    /// # Errors
    ///
    /// `S0114` when there is more than one; what the engine says; what the closure returns.
    pub fn find<T, E: From<Error>>(
        &mut self,
        sql: impl Into<Statement>,
        values: &[Value],
        each: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let statement = sql.into();
        let mut list = self.list(statement, values, each)?;
        let found = list.pop();
        if !list.is_empty() {
            return Err(Error::RowCount {
                statement: statement.name.into(),
                none: false,
            }
            .into());
        }
        Ok(found)
    }

    /// What a closure makes of the one row.
    ///
    /// # Errors
    ///
    /// `S0114` when there is none or more than one; what the engine says; what the closure returns.
    pub fn one<T, E: From<Error>>(
        &mut self,
        sql: impl Into<Statement>,
        values: &[Value],
        each: impl FnMut(&Row<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let statement = sql.into();
        match self.find(statement, values, each)? {
            Some(found) => Ok(found),
            None => Err(Error::RowCount {
                statement: statement.name.into(),
                none: true,
            }
            .into()),
        }
    }

    /// Has the engine check a statement without running it, and that its columns are of types that can be read here.
    ///
    /// # Errors
    ///
    /// `S0113` when it does not take it, `S0110` when a column is of a type that is not used here.
    pub fn prepare(&mut self, sql: impl Into<Statement>) -> Result<(), Error> {
        let statement = sql.into();
        let result = match &mut self.engaged {
            Engaged::Sqlite(transaction) => match transaction.prepare_cached(statement.sql) {
                Ok(_) => Ok(()),
                Err(error) => Err(sqlite::translate(error, statement.name, Some(transaction))),
            },
            Engaged::Postgres {
                transaction,
                statements,
                ..
            } => prepared(transaction, statements, statement)
                .and_then(|prepared| postgresql::readable(prepared.columns())),
        };
        result.map_err(|error| self.fate.fails(error))
    }

    /// Has PostgreSQL look at once at what the tables hold, as it would by itself some minutes after a load: until then it takes
    /// them for empty and plans accordingly. SQLite plans by the definitions alone.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn take_stock(&mut self) -> Result<(), Error> {
        match self.engine() {
            Engine::Postgres => self.batch("analyze"),
            Engine::Sqlite => Ok(()),
        }
    }

    /// Runs statements that have no values and no result: those that make and alter tables.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let result = match &mut self.engaged {
            Engaged::Sqlite(transaction) => transaction
                .execute_batch(sql)
                .map_err(|error| sqlite::translate(error, "batch", Some(transaction))),
            Engaged::Postgres { transaction, .. } => transaction
                .batch_execute(sql)
                .map_err(|error| postgresql::translate(&error, "batch")),
        };
        result.map_err(|error| self.fate.fails(error))
    }

    /// Runs a part that may fail: when the closure returns `Err`, what it did is undone and the transaction goes on.
    ///
    /// What stands in the way of others still ends the whole transaction, so that it is run again.
    ///
    /// # Errors
    ///
    /// What the closure returns.
    pub fn attempt<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'c>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.depth += 1;
        let (staged, districts) = (self.staged, self.districts.clone());
        let name = format!("attempt_{}", self.depth);
        let begun = self.batch(&format!("savepoint {name}"));
        let result = match begun {
            Ok(()) => work(self),
            Err(error) => Err(error.into()),
        };
        self.depth -= 1;
        let fatal = |error: &Error| error.is_retryable() || error.ends_connection();
        if self.fate.failed.as_ref().is_some_and(fatal) {
            return result;
        }
        let failed = self.fate.failed.take();
        match (result, failed) {
            (Ok(value), None) => {
                self.batch(&format!("release savepoint {name}"))?;
                Ok(value)
            }
            (result, failed) => {
                (self.staged, self.districts) = (staged, districts);
                self.batch(&format!(
                    "rollback to savepoint {name}; release savepoint {name}"
                ))?;
                match (result, failed) {
                    (Ok(_), Some(error)) => Err(error.into()),
                    (result, _) => result,
                }
            }
        }
    }

    /// Whether it has said already that it is for these districts; from now on it has.
    pub(crate) fn is_for(&mut self, districts: &str) -> bool {
        if self.districts.as_deref() == Some(districts) {
            return true;
        }
        self.districts = Some(districts.to_owned());
        false
    }

    /// The parts, for what needs the engine itself.
    pub(crate) fn parts(&mut self) -> (&mut Engaged<'c>, &mut Fate) {
        (&mut self.engaged, &mut self.fate)
    }

    /// The end of the audit log's chain as this transaction has it.
    pub(crate) fn head(&self) -> Option<Head> {
        let kept = match &self.engaged {
            Engaged::Sqlite(_) => None,
            Engaged::Postgres { head, .. } => **head,
        };
        self.staged.or(kept)
    }

    /// The chain goes on from here if this transaction is kept.
    pub(crate) fn stage_head(&mut self, head: Head) {
        self.staged = Some(head);
    }

    /// This connection has a chain now, and it ends so.
    pub(crate) fn keep_head(&mut self, end: Head) {
        if let Engaged::Postgres { head, .. } = &mut self.engaged {
            **head = Some(end);
        }
    }

    /// The chain's end is not what it was taken for: it has to be looked up again, in another transaction.
    pub(crate) fn lose_head(&mut self) -> Error {
        self.staged = None;
        if let Engaged::Postgres { head, .. } = &mut self.engaged {
            **head = None;
        }
        let error = Error::Conflict {
            attempts: 1,
            cause: "the chain of the audit log goes on elsewhere".into(),
        };
        self.fate.failed = Some(error.clone());
        error
    }

    /// What another transaction kept meanwhile stands in the way of this one, which found that by a unique index: it is run
    /// again, and then sees it.
    pub(crate) fn overtaken(&mut self, by: &str) -> Error {
        let error = Error::Conflict {
            attempts: 1,
            cause: format!("somebody else was first (`{by}`)"),
        };
        self.fate.failed = Some(error.clone());
        error
    }

    /// What ended it, if something did.
    pub(crate) fn failed(&self) -> Option<Error> {
        self.fate.failed.clone()
    }

    pub(crate) fn commit(self) -> Result<(), Error> {
        match self.engaged {
            Engaged::Sqlite(transaction) => {
                // By hand, because the connection is still needed when it fails.
                match transaction.execute_batch("commit") {
                    Ok(()) => Ok(()),
                    Err(error) => {
                        let error = sqlite::translate(error, "commit", Some(&transaction));
                        // It stays open when the commit is refused; should even this fail, closing undoes it.
                        let _ = transaction.rollback();
                        Err(error)
                    }
                }
            }
            Engaged::Postgres {
                transaction,
                spent,
                head,
                ..
            } => match transaction.commit() {
                Ok(()) => {
                    *head = self.staged.or(*head);
                    Ok(())
                }
                Err(error) => match postgresql::translate(&error, "commit") {
                    Error::ConnectionLost { cause } => {
                        *spent = true;
                        Err(Error::OutcomeUnknown { cause })
                    }
                    other => Err(other),
                },
            },
        }
    }

    pub(crate) fn roll_back(self) {
        let failed = self.fate.failed.as_ref();
        let lost = failed.is_some_and(Error::ends_connection);
        let out_of_date = failed.is_some_and(postgresql::is_out_of_date);
        match self.engaged {
            // Should it fail, the connection is not lent again as long as it is within a transaction.
            Engaged::Sqlite(transaction) => drop(transaction.rollback()),
            Engaged::Postgres {
                transaction,
                spent,
                statements,
                ..
            } => {
                if out_of_date {
                    statements.clear();
                }
                if transaction.rollback().is_err() || lost {
                    *spent = true;
                }
            }
        }
    }
}

fn execute_sqlite(
    transaction: &rusqlite::Transaction<'_>,
    statement: Statement,
    values: &[Value],
) -> Result<u64, Error> {
    let run = || {
        let mut prepared = transaction.prepare_cached(statement.sql)?;
        sqlite::bind(&mut prepared, values)?;
        prepared.raw_execute()
    };
    match run() {
        Ok(rows) => Ok(rows as u64),
        Err(error) => Err(sqlite::translate(error, statement.name, Some(transaction))),
    }
}

fn execute_postgres(
    transaction: &mut postgres::Transaction<'_>,
    statements: &mut Statements,
    statement: Statement,
    values: &[Value],
) -> Result<u64, Error> {
    let prepared = prepared(transaction, statements, statement)?;
    let values: Vec<_> = values.iter().map(postgresql::bound).collect();
    let values: Vec<&(dyn postgres::types::ToSql + Sync)> =
        values.iter().map(|it| it as _).collect();
    transaction
        .execute(&prepared, &values)
        .map_err(|error| postgresql::translate(&error, statement.name))
}
