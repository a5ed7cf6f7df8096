//! Where a city is kept that something happens to: copies of it are made again and again.

use std::fs;
use std::path::PathBuf;
use store::testing::OwnServer;
use store::{Db, Url};
use tempfile::TempDir;

/// A folder of SQLite files, or a PostgreSQL server of its own.
pub(crate) enum Place {
    Sqlite(TempDir),
    Postgres(OwnServer),
}

/// A small machine's settings. What a killed process has written stays with the system, so nothing here hangs on syncing; where
/// the power is cut it does.
pub(crate) const SETTINGS: &str = "-c shared_buffers=64MB -c max_connections=80 -c fsync=off";

impl Place {
    pub(crate) fn sqlite() -> Place {
        Place::Sqlite(tempfile::tempdir().unwrap())
    }

    /// `None` where no server is installed, which is said.
    pub(crate) fn postgres() -> Option<Place> {
        match OwnServer::start(SETTINGS) {
            Ok(server) => Some(Place::Postgres(server)),
            Err(why) if std::env::var("RENSHE_TEST_PG").is_ok() => panic!("no server: {why}"),
            Err(why) => {
                eprintln!("skipped: no PostgreSQL server can be started here: {why}");
                None
            }
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Place::Sqlite(_) => "SQLite",
            Place::Postgres(_) => "PostgreSQL",
        }
    }

    pub(crate) fn server(&self) -> &OwnServer {
        match self {
            Place::Sqlite(_) => panic!("there is no server"),
            Place::Postgres(server) => server,
        }
    }

    fn file(folder: &TempDir, name: &str) -> PathBuf {
        folder.path().join(format!("{name}.db"))
    }

    /// The address of a database here.
    pub(crate) fn address(&self, name: &str) -> String {
        match self {
            Place::Sqlite(folder) => format!("sqlite:{}", Place::file(folder, name).display()),
            Place::Postgres(server) => server.address(name),
        }
    }

    pub(crate) fn open(&self, name: &str) -> Db {
        let url: Url = self.address(name).parse().unwrap();
        Db::open(&url).unwrap()
    }

    /// An empty database.
    pub(crate) fn make(&self, name: &str) {
        if let Place::Postgres(server) = self {
            server
                .command(&format!("create database {name} template template0"))
                .unwrap();
        }
    }

    /// A database as another one is; nobody may be connected to either.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        match self {
            Place::Sqlite(folder) => {
                for left in ["-wal", "-shm"] {
                    let _ = fs::remove_file(folder.path().join(format!("{to}.db{left}")));
                }
                fs::copy(Place::file(folder, from), Place::file(folder, to)).unwrap();
            }
            Place::Postgres(server) => {
                server
                    .command(&format!("drop database if exists {to} with (force)"))
                    .unwrap();
                server
                    .command(&format!("create database {to} template {from}"))
                    .unwrap();
            }
        }
    }
}
