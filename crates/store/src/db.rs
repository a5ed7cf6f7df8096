//! How does a program get at its database?
//!
//! Through a [`Db`], which may be shared by any number of threads, and through transactions only: [`Db::write`] keeps all
//! of what a closure did or nothing, [`Db::read`] sees one state however long it takes.
//!
//! ```
//! use store::{Db, Error, params};
//!
//! let db = Db::open(&"sqlite::memory:".parse()?)?;
//! db.write(|tx| tx.batch("create table fund (fund integer primary key, name text) strict"))?;
//! let added = db.write(|tx| {
//!     tx.execute("insert into fund (fund, name) values ($1, $2)", params![1, "养老"])
//! })?;
//! assert_eq!(added, 1);
//! let name: String = db.read(|tx| {
//!     tx.one("select name from fund where fund = $1", params![1], |row| row.get("name"))
//! })?;
//! assert_eq!(name, "养老");
//! # Ok::<(), Error>(())
//! ```

use crate::{
    address::Url,
    error::Error,
    postgresql::Pool,
    sqlite::File,
    tx::{Engaged, Tx},
};
use measure::Moment;
use postgres::IsolationLevel;
use rusqlite::TransactionBehavior;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An embedded file.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database. Clones share it.
///
/// # Threads
///
/// On SQLite one thread writes at a time and the others wait; readers never do. A transaction opened within another on the
/// same thread would wait for itself. On PostgreSQL each transaction has a connection of its own, and dropping the last
/// clone closes them, which blocks: not on a thread of an asynchronous runtime.
#[derive(Clone)]
pub struct Db(Opened);

#[derive(Clone)]
enum Opened {
    Sqlite(Arc<File>),
    Postgres(Arc<Pool>),
}

/// How a database is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// PostgreSQL: how many connections at most.
    pub connections: usize,
    /// How long to wait for a connection, or on SQLite for another process's lock.
    pub patience: Duration,
    /// SQLite: whether a file that is not there is made.
    pub make: bool,
}

impl Default for Options {
    /// Eight connections; ten seconds; a file is made.
    fn default() -> Options {
        Options {
            connections: 8,
            patience: Duration::from_secs(10),
            make: true,
        }
    }
}

/// What a writing transaction sees of others that run at the same time. SQLite has only the strictest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// As if the transactions ran one after another; what could not have is run again. The right choice unless measured
    /// otherwise.
    Serializable,
    /// One state from beginning to end; who alters a row that another altered meanwhile is run again.
    Snapshot,
    /// Each statement sees what is committed when it begins. For bulk loads into tables nobody else sees, and for single
    /// statements that are right by themselves, such as taking jobs.
    Committed,
}

/// When what was committed is on the drive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lasting {
    /// Before whoever wrote it goes on.
    #[default]
    AtOnce,
    /// Soon, and before anything that is committed later and lasts at once. A server or a machine that stops meanwhile has
    /// undone it as a whole.
    Soon,
}

/// How a writing transaction runs.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    /// What it sees of others.
    pub isolation: Isolation,
    /// How often it is tried at most when others stand in its way, at least once.
    pub attempts: u32,
    /// Where it stands to what is known.
    pub knowledge: Knowledge,
    /// When it lasts.
    pub lasting: Lasting,
}

/// Where a transaction stands to what is known: a run knows what was recorded when it was opened, so at that moment nobody
/// may be in the middle of recording.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Knowledge {
    /// It neither records facts nor opens a run.
    #[default]
    Apart,
    /// It records facts, beside any others that do so.
    Records,
    /// It opens a run: it waits, but not for long, for all who record, and they for it.
    Settles,
}

impl Default for Write {
    /// Serializable; ten attempts, which with the pauses between take one to two seconds.
    fn default() -> Write {
        Write {
            isolation: Isolation::Serializable,
            attempts: 10,
            knowledge: Knowledge::Apart,
            lasting: Lasting::AtOnce,
        }
    }
}

impl Write {
    /// For bulk loads and for single statements: each statement sees what is committed when it begins.
    #[must_use]
    pub fn committed() -> Write {
        Write {
            isolation: Isolation::Committed,
            ..Write::default()
        }
    }

    /// For the chunks of a run, which nobody sees before it is published, and whoever publishes it waits for the drive. What was
    /// lost is computed again.
    #[must_use]
    pub fn chunk() -> Write {
        Write {
            lasting: Lasting::Soon,
            ..Write::committed()
        }
    }

    /// For opening a run: nobody is in the middle of recording facts meanwhile. Whoever takes long to record them, such as a
    /// large file, is not waited for, as others at the counter would wait behind: after a few dozen attempts it is `S0105`.
    #[must_use]
    pub fn settling() -> Write {
        Write {
            knowledge: Knowledge::Settles,
            ..Write::guarded()
        }
    }

    /// For the steps of a run, which must go through whatever happens at the counter: each names in its statements the
    /// state it starts from, and unique indexes keep it from being done twice. Serializable, it would be run again and again
    /// because of others who only look at runs.
    #[must_use]
    pub fn guarded() -> Write {
        Write {
            isolation: Isolation::Snapshot,
            attempts: 30,
            ..Write::default()
        }
    }
}

impl Db {
    /// Opens a database, making the file where there is none. Neither makes nor checks tables: see [`Db::migrate`].
    ///
    /// # Errors
    ///
    /// `S0101` when it cannot be opened or reached, `S0102` when the address cannot be read, `S0112` when the file is no
    /// database; `S0120` to `S0124` when the way to the server is not encrypted as the address demands.
    pub fn open(url: &Url) -> Result<Db, Error> {
        Db::open_with(url, Options::default())
    }

    /// Opens a database with other limits than usual.
    ///
    /// # Errors
    ///
    /// As [`Db::open`].
    pub fn open_with(url: &Url, options: Options) -> Result<Db, Error> {
        let opened = match url {
            Url::Sqlite(_) | Url::Scratch => Opened::Sqlite(Arc::new(File::open(url, options)?)),
            Url::Postgres(text) => Opened::Postgres(Arc::new(Pool::open(
                text,
                options.connections,
                options.patience,
            )?)),
        };
        Ok(Db(opened))
    }

    /// On which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.0 {
            Opened::Sqlite(_) => Engine::Sqlite,
            Opened::Postgres(_) => Engine::Postgres,
        }
    }

    /// The same database through connections of its own, as another program would have it; on SQLite merely a clone.
    #[cfg(feature = "testing")]
    pub(crate) fn again_opened(&self, patience: Option<Duration>) -> Db {
        match &self.0 {
            Opened::Sqlite(_) => self.clone(),
            Opened::Postgres(pool) => Db(Opened::Postgres(Arc::new(pool.again(patience)))),
        }
    }

    /// Runs a transaction that writes: kept as a whole when the closure returns `Ok`, undone as a whole when not.
    ///
    /// When others' transactions stand in its way, it is undone and **run again from the beginning**, so the closure must
    /// not have effects outside the database. After a statement failed, nothing more is kept: even if the closure goes on
    /// and returns `Ok`, the statement's error comes out. [`Tx::attempt`] is for what may fail.
    ///
    /// # Errors
    ///
    /// What the closure returns; `S0111`, `S0105` or `S0103` when all attempts failed; `S0104` when it is not known
    /// whether it was kept; whatever is refused only at the commit.
    pub fn write<T, E: From<Error>>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_with(Write::default(), work)
    }

    /// Runs a transaction that writes, with another isolation or number of attempts.
    ///
    /// # Errors
    ///
    /// As [`Db::write`].
    pub fn write_with<T, E: From<Error>>(
        &self,
        how: Write,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.again(how.attempts, |db| match &db.0 {
            Opened::Sqlite(file) => {
                let mut writer = file.writer(how.lasting).map_err(Ended::by_engine)?;
                let tx = Engaged::sqlite(writer.connection(), TransactionBehavior::Immediate)
                    .map_err(Ended::by_engine)?;
                run(tx, &mut work)
            }
            Opened::Postgres(pool) => {
                let mut lent = pool.lend().map_err(Ended::by_engine)?;
                let level = match how.isolation {
                    Isolation::Serializable => IsolationLevel::Serializable,
                    Isolation::Snapshot => IsolationLevel::RepeatableRead,
                    Isolation::Committed => IsolationLevel::ReadCommitted,
                };
                let tx = Engaged::postgres(lent.session(), level, false)
                    .and_then(|tx| tx.standing(how))
                    .map_err(Ended::by_engine)?;
                run(tx, &mut work)
            }
        })
    }

    /// Runs a transaction that records facts, at this moment or, when a run that was opened meanwhile already knows what was
    /// recorded up to then, right after that. So a run never learns later of what it should have known.
    ///
    /// # Errors
    ///
    /// As [`Db::write`].
    pub fn record<T, E: From<Error>>(
        &self,
        at: Moment,
        mut work: impl FnMut(&mut Tx<'_>, Moment) -> Result<T, E>,
    ) -> Result<T, E> {
        let how = Write {
            knowledge: Knowledge::Records,
            // What somebody has typed is not sent back because others type as well.
            attempts: 20,
            ..Write::default()
        };
        self.write_with(how, |tx| {
            let known = crate::runs::latest_known(tx)?;
            let next = known.map(|known| known.plus_microseconds(1));
            work(tx, next.map_or(at, |next| at.max(next)))
        })
    }

    /// Runs a transaction that only reads and sees one state of the database from its first statement to its end. It
    /// neither waits for writers nor keeps them waiting, however long it takes.
    ///
    /// # Errors
    ///
    /// What the closure returns; `S0109` when it tries to write; `S0103` when the connection was lost again and again.
    pub fn read<T, E: From<Error>>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.again(Write::default().attempts, |db| match &db.0 {
            Opened::Sqlite(file) => {
                let mut reader = file.reader().map_err(Ended::by_engine)?;
                let tx = Engaged::sqlite(reader.connection(), TransactionBehavior::Deferred)
                    .map_err(Ended::by_engine)?;
                run(tx, &mut work)
            }
            Opened::Postgres(pool) => {
                let mut lent = pool.lend().map_err(Ended::by_engine)?;
                let level = IsolationLevel::RepeatableRead;
                let tx =
                    Engaged::postgres(lent.session(), level, true).map_err(Ended::by_engine)?;
                run(tx, &mut work)
            }
        })
    }

    fn again<T, E>(
        &self,
        attempts: u32,
        mut once: impl FnMut(&Db) -> Result<T, Ended<E>>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        let mut attempt = 1;
        loop {
            let ended = match once(self) {
                Ok(value) => return Ok(value),
                Err(ended) => ended,
            };
            if let (Opened::Postgres(pool), Some(Error::ConnectionLost { .. })) =
                (&self.0, &ended.by_engine)
            {
                pool.forget_idle();
            }
            // These have waited already for as long as they may.
            let waited = matches!(
                (&ended.by_engine, &self.0),
                (Some(Error::NoConnection { .. }), _)
                    | (Some(Error::Busy { .. }), Opened::Sqlite(_))
            );
            let again = !waited && ended.by_engine.as_ref().is_some_and(Error::is_retryable);
            if !again || attempt >= attempts {
                return Err(ended.into_error(attempt));
            }
            thread::sleep(pause(attempt));
            attempt += 1;
        }
    }
}

/// How a transaction failed.
struct Ended<E> {
    /// What the engine said, if it was the engine.
    by_engine: Option<Error>,
    /// What the closure made of it.
    by_closure: Option<E>,
}

impl<E: From<Error>> Ended<E> {
    fn by_engine(error: Error) -> Ended<E> {
        Ended {
            by_engine: Some(error),
            by_closure: None,
        }
    }

    fn into_error(self, attempts: u32) -> E {
        match (self.by_engine, self.by_closure) {
            (Some(Error::Conflict { cause, .. }), _) => Error::Conflict { attempts, cause }.into(),
            (_, Some(error)) => error,
            (Some(error), None) => error.into(),
            // One of the two is always there; if not, the transaction is undone all the same.
            (None, None) => Error::Engine {
                cause: "a transaction ended without a reason".into(),
            }
            .into(),
        }
    }
}

fn run<T, E: From<Error>>(
    engaged: Engaged<'_>,
    work: &mut impl FnMut(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, Ended<E>> {
    let mut tx = Tx::new(engaged);
    let result = work(&mut tx);
    let failed = tx.failed();
    match (result, failed) {
        (Ok(value), None) => match tx.commit() {
            Ok(()) => Ok(value),
            Err(error) => Err(Ended::by_engine(error)),
        },
        (Ok(_), Some(error)) => {
            tx.roll_back();
            Err(Ended::by_engine(error))
        }
        (Err(error), failed) => {
            tx.roll_back();
            Err(Ended {
                by_engine: failed,
                by_closure: Some(error),
            })
        }
    }
}

/// 2 ms, 4 ms, 8 ms … at most 512 ms, and up to as much again by chance, so that two do not meet again at once. Most who stood
/// in the way are through in a few milliseconds.
fn pause(attempt: u32) -> Duration {
    static TURN: AtomicU64 = AtomicU64::new(0x9E37_79B9_7F4A_7C15);
    let base = 2 << (attempt - 1).min(8);
    // No secret and no result hangs on it, so a counter well stirred is chance enough.
    let turn = TURN.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
    let stirred = (turn ^ (turn >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32;
    let process = u64::from(std::process::id());
    Duration::from_millis(base + (stirred ^ process) % base)
}
