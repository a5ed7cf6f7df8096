//! Where do the rows of a run lie, and when are they seen?
//!
//! A month makes millions of dues and a new generation of accounts. On PostgreSQL each run has tables of its own, which
//! nobody sees until they are attached: they are made, loaded by as many workers as there are, given their key, and attached
//! in the transaction that publishes the run. Attaching reads no row. On SQLite the rows lie in the one table, and whoever
//! reads joins with the state of the run; the same functions do nothing there, or remove rows.
//!
//! | step | PostgreSQL | SQLite |
//! |---|---|---|
//! | [`make`](Generation::make) | `create table dues_run_7` | – |
//! | load with [`copy_in`](crate::Tx::copy_in) into [`table`](Generation::table) | `dues_run_7` | `dues` |
//! | [`key`](Generation::key) | primary key, statistics | – |
//! | [`attach`](Generation::attach) | `attach partition` | – |
//! | [`detach`](Generation::detach) | `detach partition` | – |
//! | [`drop`](Generation::drop) | `drop table` | `delete` |

use crate::{db::Engine, error::Error, params, statements, tx::Tx};
use city::runs::RunId;

statements! {
    /// Whether a table is there and attached to the one above it.
    ATTACHED postgres = "select relispartition from pg_class where oid = to_regclass($1)";
    /// Whether a run's rows may go.
    KEEPS_ROWS = "select run from run r where r.run = $1 and r.state in (5, 7) \
        and not exists (select 1 from cold c where c.run = r.run and c.kind = $2)";
    /// Removes a run's dues.
    REMOVE_DUES sqlite = "delete from dues where run = $1";
    /// Removes a run's accounts.
    REMOVE_ACCOUNTS sqlite = "delete from account where run = $1";
}

/// Rows that a run makes by the million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// What is due.
    Dues,
    /// The individual accounts.
    Accounts,
}

impl Rows {
    /// The table in which readers find them.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Rows::Dues => "dues",
            Rows::Accounts => "account",
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Rows::Dues | Rows::Accounts => "run, person, scheme",
        }
    }

    /// The number `cold.kind` has for them.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Rows::Dues => 1,
            Rows::Accounts => 2,
        }
    }
}

/// The rows of one kind of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// Of which kind.
    pub rows: Rows,
    /// Of which run.
    pub run: i64,
}

/// The dues of a run.
#[must_use]
pub const fn dues(run: RunId) -> Generation {
    Generation {
        rows: Rows::Dues,
        run: run.number(),
    }
}

/// The accounts of a run.
#[must_use]
pub const fn accounts(run: RunId) -> Generation {
    Generation {
        rows: Rows::Accounts,
        run: run.number(),
    }
}

impl Generation {
    /// The table to load into and to read from before the run is published.
    #[must_use]
    pub fn table(self, engine: Engine) -> String {
        match engine {
            Engine::Postgres => format!("{}_run_{}", self.rows.table(), self.run),
            Engine::Sqlite => self.rows.table().into(),
        }
    }

    /// Makes the table, empty and without a key: a key is quicker made when the rows are there. Does nothing when it is
    /// there.
    ///
    /// # Errors
    ///
    /// What the engine says.
    pub fn make(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let Some(table) = own_table(tx, self) else {
            return Ok(());
        };
        let (whole, run) = (self.rows.table(), self.run);
        tx.batch(&format!(
            "create table if not exists {table} \
             (like {whole} including defaults including constraints, constraint {table}_run check (run = {run}))"
        ))
    }

    /// Gives the loaded table its key and the planner its statistics.
    ///
    /// # Errors
    ///
    /// `S0107` when a row is there twice; what the engine says.
    pub fn key(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let Some(table) = own_table(tx, self) else {
            return Ok(());
        };
        let key = self.rows.key();
        tx.batch(&format!(
            "alter table {table} add constraint {table}_pkey primary key ({key}); analyze {table}"
        ))
    }

    /// Makes the rows visible: part of publishing. Reads no row, and waits for no reader.
    ///
    /// # Errors
    ///
    /// `S0113` when the table is not there or has no key yet; what the engine says.
    pub fn attach(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let Some(table) = own_table(tx, self) else {
            return Ok(());
        };
        let (whole, run) = (self.rows.table(), self.run);
        tx.batch(&format!(
            "alter table {whole} attach partition {table} for values in ({run})"
        ))
    }

    /// Takes the rows out of sight and leaves them in their table.
    ///
    /// # Errors
    ///
    /// `S0113` when they are not attached; what the engine says.
    pub fn detach(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let Some(table) = own_table(tx, self) else {
            return Ok(());
        };
        let whole = self.rows.table();
        tx.batch(&format!("alter table {whole} detach partition {table}"))
    }

    /// Removes the rows: of a run that is discarded or assessed anew, or of one that was moved to a file and proven equal
    /// there, for which a row stands in `cold`.
    ///
    /// # Errors
    ///
    /// `S0108` when the run is published and its rows were not moved; what the engine says.
    pub fn drop(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let keeps = tx.find(KEEPS_ROWS, params![self.run, self.rows.code()], |row| {
            row.get::<i64>(0)
        })?;
        if keeps.is_some() {
            return Err(Error::Kept {
                rule: format!(
                    "{}: rows of a published run are not removed",
                    self.rows.table()
                ),
            });
        }
        let Some(table) = own_table(tx, self) else {
            let remove = match self.rows {
                Rows::Dues => REMOVE_DUES,
                Rows::Accounts => REMOVE_ACCOUNTS,
            };
            return tx.execute(remove, params![self.run]).map(drop);
        };
        let attached = tx.find(ATTACHED, params![&table], |row| row.get::<bool>(0))?;
        if attached == Some(true) {
            self.detach(tx)?;
        }
        tx.batch(&format!("drop table if exists {table}"))
    }
}

fn own_table(tx: &Tx<'_>, generation: Generation) -> Option<String> {
    match tx.engine() {
        Engine::Postgres => Some(generation.table(Engine::Postgres)),
        Engine::Sqlite => None,
    }
}
