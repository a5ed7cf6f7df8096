//! Migrations make the schema, run on live data, and are what they were.

use crate::introspect::{alike, catalogue, tables};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};
use store::{
    Db, Engine, Error,
    migrate::{MIGRATIONS, Migration},
    params,
    testing::{MADE, on_empty_postgres, on_empty_sqlite},
};

/// The files of the schema, in the order in which they refer to each other.
const SCHEMA: [&str; 7] = [
    "base",
    "registers",
    "intake",
    "month",
    "ledger",
    "collection",
    "office",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn of_texts(texts: &[&'static str]) -> Vec<Migration> {
    let numbered = (1..).zip(texts);
    numbered
        .map(|(number, text)| Migration {
            number,
            name: "test",
            text,
        })
        .collect()
}

fn schema() -> Vec<Migration> {
    let text = |name| fs::read_to_string(folder("schema").join(format!("{name}.sql"))).unwrap();
    let texts: Vec<&'static str> = SCHEMA.iter().map(|name| &*text(name).leak()).collect();
    of_texts(&texts)
}

macro_rules! empty {
    ($($name:ident($db:ident) $body:block)*) => {
        $(mod $name {
            use super::*;

            fn body($db: &Db) $body

            #[test]
            fn sqlite() {
                on_empty_sqlite(body);
            }

            #[test]
            fn postgres() {
                on_empty_postgres(body);
            }
        })*
    };
}

empty! {
    migrations_add_up_to_the_schema(db) {
        db.migrate(MADE).unwrap();
        let migrated = catalogue(db);
        let compare = |written: &Db| {
            written.migrate_by(&schema(), MADE).unwrap();
            let written = catalogue(written);
            let differ: Vec<&String> = migrated.symmetric_difference(&written).collect();
            assert!(differ.is_empty(), "{differ:#?}");
            assert!(written.len() > 200);
        };
        match db.engine() {
            Engine::Sqlite => on_empty_sqlite(compare),
            Engine::Postgres => on_empty_postgres(compare),
        }
    }

    running_them_again_does_nothing(db) {
        assert_eq!(db.check_schema().unwrap_err().code(), "S0201");
        assert_eq!(db.migrate(MADE).unwrap().len(), MIGRATIONS.len());
        let before = catalogue(db);
        assert_eq!(db.migrate(MADE).unwrap().len(), 0);
        assert_eq!(catalogue(db), before);
        db.check_schema().unwrap();
    }

    several_programs_may_migrate_at_once(db) {
        let applied = AtomicU32::new(0);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let count = db.migrate(MADE).unwrap().len();
                    applied.fetch_add(u32::try_from(count).unwrap(), Ordering::Relaxed);
                });
            }
        });
        assert_eq!(applied.into_inner(), MIGRATIONS.last().unwrap().number);
    }

    one_that_was_changed_is_refused(db) {
        let (one, two) = ("create table a (\n    a bigint primary key\n);", "create table b (\n    b bigint primary key\n);");
        let base = MIGRATIONS[0].text;
        db.migrate_by(&of_texts(&[base, one]), MADE).unwrap();
        let error = db.migrate_by(&of_texts(&[base, two]), MADE).unwrap_err();
        assert!(matches!(error, Error::MigrationChanged { number: 2, .. }), "{error}");
        let error = db.migrate_by(&of_texts(&[base]), MADE).unwrap_err();
        assert!(matches!(error, Error::SchemaNewer { database: 2, program: 1 }), "{error}");
        assert_eq!(tables(db), ["a", "migration"]);
    }

    one_that_fails_leaves_nothing_of_itself(db) {
        let texts = [MIGRATIONS[0].text, "create table a (\n    a bigint primary key\n);\ncreate nonsense;"];
        let error = db.migrate_by(&of_texts(&texts), MADE).unwrap_err();
        assert!(matches!(error, Error::MigrationFailed { number: 2, .. }), "{error}");
        assert_eq!(tables(db), ["migration"]);
    }

    somebody_elses_database_is_not_touched(db) {
        db.write(|tx| tx.batch("create table theirs (a integer)")).unwrap();
        let error = db.migrate(MADE).unwrap_err();
        assert_eq!(error, Error::NotOurs { table: "theirs".into() });
        assert_eq!(tables(db), ["theirs"]);
    }

    // Every step is taken with rows in the tables there are, while another thread keeps reading and writing them.
    each_runs_on_live_data(db) {
        let (done, rounds) = (AtomicBool::new(false), AtomicU32::new(0));
        db.migrate_by(&MIGRATIONS[..2], MADE).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut person = 0;
                while !done.load(Ordering::Relaxed) {
                    person += 1;
                    live(db, person);
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
            });
            for count in 3..=MIGRATIONS.len() {
                let before = rounds.load(Ordering::Relaxed);
                while rounds.load(Ordering::Relaxed) < before + 3 {
                    thread::yield_now();
                }
                assert_eq!(db.migrate_by(&MIGRATIONS[..count], MADE).unwrap().len(), 1);
            }
            done.store(true, Ordering::Relaxed);
        });
        let sql = "select cast(count(*) as bigint) from residence";
        let kept: i64 = db.read(|tx| tx.one(sql, params![], |row| row.get(0))).unwrap();
        assert_eq!(kept, i64::from(rounds.into_inner()));
    }
}

/// What an office does all day: someone moves in, someone looks.
fn live(db: &Db, person: i64) {
    let insert =
        "insert into residence (person, district, valid_from, recorded, origin_kind, origin)
        values ($1, 500103, $2, $3, 6, 1)";
    db.write(|tx| tx.execute(insert, params![person, MADE.day().unwrap(), MADE]))
        .unwrap();
    let sql = "select cast(count(*) as bigint) from residence";
    let seen: i64 = db
        .read(|tx| tx.one(sql, params![], |row| row.get(0)))
        .unwrap();
    assert_eq!(seen, person);
}

#[test]
fn a_unique_index_is_known_by_its_columns() {
    store::testing::on_sqlite(|db| assert_eq!(alike(db), [""; 0]));
}

#[test]
fn the_list_is_the_folder() {
    let list = |name| {
        let files = fs::read_dir(folder(name)).unwrap();
        let names = files.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .map(|it| it.strip_suffix(".sql").unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let known: Vec<&str> = MIGRATIONS.iter().map(|it| it.name).collect();
    assert_eq!(list("migrations"), known);
    let mut schema = SCHEMA;
    schema.sort_unstable();
    assert_eq!(list("schema"), schema);
    for (place, migration) in (1..).zip(MIGRATIONS) {
        assert_eq!(migration.number, place);
        assert!(migration.name.starts_with(&format!("{place:04}-")));
    }
}
