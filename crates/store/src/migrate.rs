//! How does a database get the program's schema, and keep what is in it?
//!
//! By migrations: numbered texts, each applied once, as a whole or not at all, and never changed afterwards. A database says
//! which it was given, with a hash of each, and one that says anything else than the program is refused.
//!
//! A migration must be able to run while others read and write. On PostgreSQL it waits for a table at most
//! [`LOCK_PATIENCE`]; then it lets everybody pass and tries again, because whoever waits for a table keeps all others
//! waiting behind.

use crate::{
    db::{Db, Engine, Write},
    dialect,
    error::Error,
    params, statements,
    tx::Tx,
};
use measure::Moment;
use sha2::{Digest, Sha256};

statements! {
    /// Which migrations the database was given.
    GIVEN = "select number, hash from migration order by number";
    /// Notes that one was applied.
    NOTE = "insert into migration (number, name, hash, applied) values ($1, $2, $3, $4)";
    /// Any tables there are.
    TABLES_SQLITE sqlite = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";
    /// Any tables there are, in the schema where ours would be.
    TABLES_POSTGRES postgres = "select relname from pg_class where relnamespace = cast(current_schema() as regnamespace) \
        and relkind in ('r', 'p') and not relispartition order by relname";
    /// Lets one migrate at a time. The number is any that nothing else uses.
    ALONE postgres = "select cast(pg_advisory_xact_lock(7262719) as text)";
}

/// How long a migration waits for a table on PostgreSQL before it lets others pass, in milliseconds.
pub const LOCK_PATIENCE: u32 = 2_000;

/// A step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place, from 1 without gaps.
    pub number: u32,
    /// Its file, such as `0001-base`.
    pub name: &'static str,
    /// The text, in the words of the [dialect].
    pub text: &'static str,
}

macro_rules! migrations {
    ($($number:literal $name:literal;)*) => {
        /// All migrations, in order.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            number: $number,
            name: $name,
            text: include_str!(concat!("../migrations/", $name, ".sql")),
        }),*];
    };
}

migrations! {
    1 "0001-base";
    2 "0002-registers";
    3 "0003-intake";
    4 "0004-month";
    5 "0005-ledger";
    6 "0006-collection";
    7 "0007-office";
    8 "0008-differences";
    9 "0009-lighter-month";
    10 "0010-accounts";
    11 "0011-archive";
    12 "0012-passed-over";
    13 "0013-several-employers";
    14 "0014-doors";
    15 "0015-drafts";
    16 "0016-counter";
    17 "0017-api";
    18 "0018-sign-in";
    19 "0019-employers-schemes";
    20 "0020-part-credit";
    21 "0021-merge-request";
    22 "0022-keys-beside-bills";
    23 "0023-bills-by-district";
    24 "0024-vacuum-when-in-force";
    25 "0025-folios";
    26 "0026-roster";
    27 "0027-lines";
}

impl Migration {
    /// The hash by which a database knows it again.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text).into()
    }
}

impl Db {
    /// Gives the database the migrations it lacks; tells which. Running it again does nothing, and several programs may do
    /// so at once.
    ///
    /// # Errors
    ///
    /// `S0202` when the database is newer than the program, `S0203` and `S0204` when it was given others, `S0205` when one
    /// fails, `S0206` when the database is somebody else's.
    pub fn migrate(&self, now: Moment) -> Result<Vec<&'static Migration>, Error> {
        self.migrate_by(MIGRATIONS, now)
    }

    /// As [`migrate`](Db::migrate), by other migrations than the program's: for tests of migrations.
    ///
    /// # Errors
    ///
    /// As [`migrate`](Db::migrate).
    pub fn migrate_by<'m>(
        &self,
        migrations: &'m [Migration],
        now: Moment,
    ) -> Result<Vec<&'m Migration>, Error> {
        let mut applied = Vec::new();
        loop {
            let how = Write {
                attempts: 20,
                ..Write::committed()
            };
            let next = self.write_with(how, |tx| next(tx, migrations, now))?;
            match next {
                Some(migration) => applied.push(migration),
                None => return Ok(applied),
            }
        }
    }

    /// Whether the database has the program's schema.
    ///
    /// # Errors
    ///
    /// `S0201` when it is older, `S0202` when newer, `S0203` and `S0204` when it was given others, `S0206` when it is
    /// somebody else's.
    pub fn check_schema(&self) -> Result<(), Error> {
        let given = self.read(|tx| given(tx, MIGRATIONS))?;
        let program = last(MIGRATIONS);
        if given < program {
            return Err(Error::SchemaOlder {
                database: given,
                program,
            });
        }
        Ok(())
    }
}

fn last(migrations: &[Migration]) -> u32 {
    migrations.last().map_or(0, |last| last.number)
}

/// Applies the next migration, if there is one.
fn next<'m>(
    tx: &mut Tx<'_>,
    migrations: &'m [Migration],
    now: Moment,
) -> Result<Option<&'m Migration>, Error> {
    if tx.engine() == Engine::Postgres {
        tx.one(ALONE, params![], |_| Ok::<(), Error>(()))?;
        tx.batch(&format!("set local lock_timeout = {LOCK_PATIENCE}"))?;
    }
    let given = given(tx, migrations)?;
    let Some(migration) = migrations.iter().find(|it| given < it.number) else {
        return Ok(None);
    };
    let applied = dialect::apply(tx, migration.text).and_then(|()| {
        let hash = migration.hash();
        tx.execute(NOTE, params![migration.number, migration.name, hash, now])
    });
    match applied {
        Ok(_) => Ok(Some(migration)),
        // Somebody is at the table: the whole step is tried again.
        Err(error) if error.is_retryable() => Err(error),
        Err(cause) => Err(Error::MigrationFailed {
            number: migration.number,
            name: migration.name.into(),
            cause: cause.into(),
        }),
    }
}

/// The last migration the database was given, after comparing all of them with the program's.
fn given(tx: &mut Tx<'_>, migrations: &[Migration]) -> Result<u32, Error> {
    let tables = match tx.engine() {
        Engine::Sqlite => TABLES_SQLITE,
        Engine::Postgres => TABLES_POSTGRES,
    };
    let tables: Vec<String> = tx.list(tables, params![], |row| row.get::<String>(0))?;
    if !tables.iter().any(|table| table == "migration") {
        return match tables.into_iter().next() {
            Some(table) => Err(Error::NotOurs { table }),
            None => Ok(0),
        };
    }
    let given = tx.list(GIVEN, params![], |row| {
        Ok::<_, Error>((row.get::<u32>("number")?, row.get::<Vec<u8>>("hash")?))
    })?;
    let (database, program) = (
        given.last().map_or(0, |(number, _)| *number),
        last(migrations),
    );
    for (place, (number, hash)) in (1..).zip(&given) {
        if *number != place {
            return Err(Error::MigrationUnknown { number: *number });
        }
        let Some(known) = migrations.iter().find(|it| it.number == *number) else {
            return Err(Error::SchemaNewer { database, program });
        };
        if known.hash() != hash[..] {
            return Err(Error::MigrationChanged {
                number: *number,
                name: known.name.into(),
            });
        }
    }
    Ok(database)
}
