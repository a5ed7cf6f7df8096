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
//! | load [folios](crate::folio) into [`table`](Generation::table) | `dues_run_7` | `dues` |
//! | [`key`](Generation::key) | the primary key; no longer added to, read by district | – |
//! | [`attach`](Generation::attach) | `attach partition` | – |
//! | [`drop`](Generation::drop) | `detach partition`, `drop table` | `delete` |
//!
//! Differences are few, and lie in one table on both engines. A [roster](crate::roster) is never attached: whoever reads it asks for
//! the run's own table.
//!
//! Only the owner of a table may do these things to it, and an office does not connect as the owner: functions of the
//! schema do them, each after asking the run whether it is time.

use crate::{db::Engine, error::Error, params, statement::Statement, statements, tx::Tx};
use city::runs::RunId;

statements! {
    /// Makes a run's own table.
    MAKE postgres = "select cast(generation_make($1, $2) as text)";
    /// All rows are there: gives it its key.
    KEY postgres = "select cast(generation_key($1, $2) as text)";
    /// Puts it in its place.
    ATTACH postgres = "select cast(generation_attach($1, $2) as text)";
    /// Takes it out of its place and away.
    DROP postgres = "select cast(generation_drop($1, $2) as text)";
    /// Whether a run's rows may go.
    KEEPS_ROWS = "select run from run r where r.run = $1 and r.state in (5, 7) \
        and not exists (select 1 from cold c where c.run = r.run and c.kind = $2)";
    /// Removes a run's dues.
    REMOVE_DUES sqlite = "delete from dues where run = $1";
    /// Removes a run's accounts.
    REMOVE_ACCOUNTS sqlite = "delete from account where run = $1";
    /// Removes a run's roster.
    REMOVE_ROSTER sqlite = "delete from roster where run = $1";
    /// Removes a run's differences.
    REMOVE_DIFFERENCES = "delete from difference where run = $1";
}

/// Rows that a run makes by the million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// What is due.
    Dues,
    /// The individual accounts.
    Accounts,
    /// What a month's dues differ by.
    Differences,
    /// Who is insured as what, for the next month to begin with.
    Roster,
}

impl Rows {
    /// The table in which readers find them.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Rows::Dues => "dues",
            Rows::Accounts => "account",
            Rows::Differences => "difference",
            Rows::Roster => "roster",
        }
    }

    /// The number `cold.kind` has for them. (A roster is never moved to a file.)
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            Rows::Dues => 1,
            Rows::Accounts => 2,
            Rows::Differences => 3,
            Rows::Roster => 4,
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

/// The differences of a run.
#[must_use]
pub const fn differences(run: RunId) -> Generation {
    Generation {
        rows: Rows::Differences,
        run: run.number(),
    }
}

/// The roster of a run.
#[must_use]
pub const fn roster(run: RunId) -> Generation {
    Generation {
        rows: Rows::Roster,
        run: run.number(),
    }
}

impl Generation {
    /// The table to load into and to read from before the run is published.
    #[must_use]
    pub fn table(self, engine: Engine) -> String {
        match (engine, self.rows) {
            (Engine::Sqlite, _) | (_, Rows::Differences) => self.rows.table().into(),
            (Engine::Postgres, _) => format!("{}_run_{}", self.rows.table(), self.run),
        }
    }

    /// Makes the table, empty and without a key: a key is quicker made when the rows are there. Does nothing when it is
    /// there.
    ///
    /// # Errors
    ///
    /// `S0108` when the run is not being computed; what the engine says.
    pub fn make(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.does(tx, MAKE)
    }

    /// All rows are there: gives the table its key, and the planner its statistics. Nobody adds to it any more, and whoever may
    /// see their district may read it. Does nothing when it was done before.
    ///
    /// # Errors
    ///
    /// `S0107` when a folio is there twice, `S0108` when the run is not being computed; what the engine says.
    pub fn key(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.does(tx, KEY)
    }

    /// Makes the rows visible: part of publishing. Reads no row, and waits for no reader.
    ///
    /// # Errors
    ///
    /// `S0108` when the run is not approved, `S0113` when the table is not there or has no key yet; what the engine says.
    pub fn attach(self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.does(tx, ATTACH)
    }

    /// What only the owner of the tables may do: functions of the schema do it for whoever works in the office.
    fn does(self, tx: &mut Tx<'_>, step: Statement) -> Result<(), Error> {
        match (tx.engine(), self.rows) {
            (Engine::Sqlite, _) | (_, Rows::Differences) => Ok(()),
            (Engine::Postgres, _) => tx.one(step, params![self.rows.table(), self.run], |_| Ok(())),
        }
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
        // Nothing rests on a roster.
        if keeps.is_some() && self.rows != Rows::Roster {
            return Err(Error::Kept {
                rule: format!(
                    "{}: rows of a published run are not removed",
                    self.rows.table()
                ),
            });
        }
        let remove = match (tx.engine(), self.rows) {
            (_, Rows::Differences) => REMOVE_DIFFERENCES,
            (Engine::Postgres, _) => return self.does(tx, DROP),
            (Engine::Sqlite, Rows::Dues) => REMOVE_DUES,
            (Engine::Sqlite, Rows::Accounts) => REMOVE_ACCOUNTS,
            (Engine::Sqlite, Rows::Roster) => REMOVE_ROSTER,
        };
        tx.execute(remove, params![self.run]).map(drop)
    }
}
