//! How is a test run on both engines?
//!
//! [`both!`](crate::both) makes two tests of one function: on a scratch SQLite database, and on a PostgreSQL database of
//! its own, cloned from a template that has the schema. Only with the feature `testing`.
//!
//! The server is the one `RENSHE_TEST_PG` names, by default `postgres://postgres@127.0.0.1:5432/postgres`. Where nothing
//! answers there and the variable is not set, a server is started: the cluster of the Debian packages, or one of our own
//! in the system's folder for scratch files. Where that does not go either, the test says so, why, and that it was
//! skipped; with `RENSHE_TEST_PG` set it fails instead, so that a build machine cannot skip by accident.

pub mod lines;
mod own_server;
mod server;

pub use own_server::{OwnServer, given_to_server, kill_family, signal};

use crate::{Db, Error, Options, Url, Write, migrate::MIGRATIONS};
use measure::Moment;
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// Makes a module with the tests `sqlite` and `postgres` of a function that takes a database.
///
/// ```text
/// both! {
///     /// Nothing of a transaction that failed is kept.
///     all_or_nothing(db) { assert!(…) }
/// }
/// ```
#[macro_export]
macro_rules! both {
    ($($(#[$doc:meta])* $name:ident($db:ident) $body:block)*) => {
        $($(#[$doc])*
        mod $name {
            use super::*;

            fn body($db: &$crate::Db) $body

            #[test]
            fn sqlite() {
                $crate::testing::on_sqlite(body);
            }

            #[test]
            fn postgres() {
                $crate::testing::on_postgres(body);
            }
        })*
    };
}

/// When the tests' databases are made: a moment of no importance.
pub const MADE: Moment = Moment::from_microseconds(1_748_736_000_000_000);

/// Runs a test on a scratch SQLite database that has the schema.
///
/// # Panics
///
/// When the test fails.
pub fn on_sqlite(test: impl FnOnce(&Db)) {
    on_empty_sqlite(|db| {
        db.migrate(MADE)
            .expect("an empty database can be given the schema");
        test(db);
    });
}

/// Runs a test on a scratch SQLite database without any tables.
///
/// # Panics
///
/// When the test fails.
pub fn on_empty_sqlite(test: impl FnOnce(&Db)) {
    let db = Db::open(&Url::Scratch).expect("a scratch database can be made");
    test(&db);
}

/// Runs a test on a PostgreSQL database of its own that has the schema; says so when there is no server.
///
/// # Panics
///
/// When the test fails, or `RENSHE_TEST_PG` is set and nothing answers there.
pub fn on_postgres(test: impl FnOnce(&Db)) {
    on_clone_of(Some(&template_name()), test);
}

/// Runs a test on a PostgreSQL database of its own without any tables; says so when there is no server.
///
/// # Panics
///
/// As [`on_postgres`].
pub fn on_empty_postgres(test: impl FnOnce(&Db)) {
    on_clone_of(None, test);
}

fn on_clone_of(template: Option<&str>, test: impl FnOnce(&Db)) {
    let server = match server::find() {
        Ok(server) => server,
        Err(server::Absent { why, asked_for }) => {
            assert!(
                !asked_for,
                "RENSHE_TEST_PG is set and nothing answers there: {why}"
            );
            eprintln!("skipped: there is no PostgreSQL here: {why}");
            return;
        }
    };
    let own = Own::clone_of(&server, template);
    let db = Db::open_with(
        &own.url(),
        Options {
            connections: 12,
            ..Options::default()
        },
    );
    test(&db.expect("a database just made can be opened"));
}

/// A database of one test; dropped with it.
struct Own {
    server: String,
    name: String,
}

impl Own {
    fn clone_of(server: &str, template: Option<&str>) -> Own {
        static TURN: AtomicU32 = AtomicU32::new(0);
        let turn = TURN.fetch_add(1, Ordering::Relaxed);
        let name = format!("renshe_test_{}_{turn}", std::process::id());
        let own = Own {
            server: server.to_owned(),
            name,
        };
        // Others may be cloning the template or making it at this moment.
        let mut attempts = 100;
        loop {
            let made = match template {
                Some(name) => make_template(server, name).and_then(|()| own.create(name)),
                None => own.create("template0"),
            };
            match made {
                Ok(()) => return own,
                Err(error) if attempts == 0 => panic!("no database for the test: {error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
            attempts -= 1;
        }
    }

    fn create(&self, template: &str) -> Result<(), Error> {
        server::command(
            &self.server,
            &format!("drop database if exists {}", self.name),
        )?;
        let sql = format!("create database {} template {template}", self.name);
        server::command(&self.server, &sql)
    }

    fn url(&self) -> Url {
        server::database(&self.server, &self.name)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        let _ = server::command(&self.server, &sql);
    }
}

/// One template for each state of the schema.
fn template_name() -> String {
    let mut name = String::from("renshe_test_template");
    let hash = MIGRATIONS.iter().fold(0_u64, |hash, migration| {
        let [a, b, c, d, ..] = migration.hash();
        hash.rotate_left(13) ^ u64::from(u32::from_be_bytes([a, b, c, d]))
    });
    name.push_str(&format!("_{hash:x}"));
    name
}

/// Makes the template unless it is there. Others who want it wait for whoever makes it.
fn make_template(server: &str, name: &str) -> Result<(), Error> {
    server::alone(server, || {
        if server::exists(server, name)? {
            return Ok(());
        }
        let making = format!("{name}_making");
        // Somebody may have been killed in the middle of it.
        server::command(
            server,
            &format!("drop database if exists {making} with (force)"),
        )?;
        server::command(
            server,
            &format!("create database {making} template template0"),
        )?;
        let db = Db::open(&server::database(server, &making))?;
        db.migrate(MADE)?;
        // Nobody may be connected to a database that is renamed or cloned.
        drop(db);
        server::command(server, &format!("alter database {making} rename to {name}"))
    })
}

/// The same database through connections of its own, as another program would have it; on SQLite merely a clone.
#[must_use]
pub fn reopened(db: &Db) -> Db {
    db.again_opened(None)
}

/// As [`reopened`], and it waits for a connection for a moment only.
#[must_use]
pub fn impatient(db: &Db) -> Db {
    db.again_opened(Some(Duration::from_millis(50)))
}

/// The way of writing that sees most of others, for tests of races.
#[must_use]
pub fn committed() -> Write {
    Write {
        attempts: 50,
        ..Write::committed()
    }
}
