//! Migrations make the schema, run on live data, and are what they were.

use crate::introspect::{alike, catalogue, tables};
use city::runs::RunId;
use measure::Month;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};
use store::{
    Db, Engine, Error, Generation, Rows, Tx,
    migrate::{MIGRATIONS, Migration},
    params,
    testing::{MADE, on_empty_postgres, on_empty_sqlite},
};

/// The files of the schema, in the order in which they refer to each other.
const SCHEMA: [&str; 10] = [
    "base",
    "registers",
    "intake",
    "month",
    "ledger",
    "collection",
    "office",
    "doors",
    "counter",
    "api",
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

    // What was credited bill by bill: by the first run that credits of a run, by a later one, by one that was given up, by none.
    what_was_credited_bill_by_bill_is_told_from_what_waits(db) {
        db.migrate_by(&MIGRATIONS[..11], MADE).unwrap();
        db.write(|tx| {
            for (run, kind, month, state) in [(1, 1, "2025-06", 1), (2, 2, "2025-06", 1), (3, 2, "2025-07", 1), (4, 2, "2025-08", 6)] {
                let values = params![run, kind, Month::parse(month).unwrap(), state, MADE];
                tx.execute(
                    "insert into run (run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, opened) \
                     values ($1, $2, $3, $4, 'law', $5, 10, 1, 'maker', $5)",
                    values,
                )?;
            }
            // Work injury bears no credit.
            tx.batch(
                "insert into bill (bill, run, payer_kind, payer, scheme, district, lines, amount, credit, open) values \
                   (1, 1, 1, 1, 1, 500103, 1, 9, 1, false), (2, 1, 1, 2, 1, 500103, 1, 9, 1, false), \
                   (3, 1, 1, 3, 1, 500103, 1, 9, 1, true), (4, 1, 1, 4, 4, 500103, 1, 9, 0, true); \
                 insert into crediting (run, bill) values (2, 1), (4, 2), (3, 2); insert into uncredited (bill) values (3)",
            )
        })
        .unwrap();
        assert_eq!(db.migrate_by(&MIGRATIONS[..12], MADE).unwrap().len(), 1);
        let first: Vec<(i64, i64)> = db
            .read(|tx| tx.list("select run, billed from crediting", params![], |row| Ok::<_, Error>((row.get(0)?, row.get(1)?))))
            .unwrap();
        assert_eq!(first, [(2, 1)]);
        let over: Vec<(i64, i64, Option<i64>)> = db
            .read(|tx| {
                let sql = "select run, bill, credited from passed_over order by bill";
                tx.list(sql, params![], |row| Ok::<_, Error>((row.get(0)?, row.get(1)?, row.get(2)?)))
            })
            .unwrap();
        assert_eq!(over, [(2, 2, Some(3)), (2, 3, None)]);
    }

    // Rows in force, of a run that is computed and of one that is not: what had no employer has 0, and two have their lines.
    whoever_pays_alone_is_told_from_several_employers(db) {
        let named = |it: &Migration| it.name.ends_with("several-employers");
        let place = MIGRATIONS.iter().position(named).unwrap();
        db.migrate_by(&MIGRATIONS[..place], MADE).unwrap();
        let add = |tx: &mut Tx<'_>, run: i64, employer: &str| {
            let table = of_run(run).table(tx.engine());
            tx.batch(&format!(
                "insert into {table} (run, person, scheme, category, employer, district, base, employer_due, person_due, credit) \
                 values ({run}, 5, 1, 2, {employer}, 500103, 1, 1, 1, 1)"
            ))
        };
        db.write(|tx| {
            tx.set_all_districts()?;
            for (run, month) in [(1, "2025-06"), (2, "2025-07"), (3, "2025-08")] {
                let values = params![run, Month::parse(month).unwrap(), MADE];
                tx.execute(
                    "insert into run (run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, opened) \
                     values ($1, 1, $2, 1, 'law', $3, 10, 1, 'maker', $3)",
                    values,
                )?;
                of_run(run).make(tx)?;
                add(tx, run, "null")?;
            }
            of_run(1).key(tx)?;
            of_run(2).key(tx)?;
            publish(tx, 1)?;
            tx.batch(
                "insert into difference (run, person, scheme, part, category, employer, district, base, employer_due, person_due, credit) \
                 values (1, 5, 1, 3, 2, null, 500103, 1, 1, 1, 1); \
                 insert into refused (run, person, scheme, code, reason_zh, reason_en) values (1, 6, 4, 'N0202', 'a', 'b')",
            )
        })
        .unwrap();
        assert_eq!(db.migrate_by(&MIGRATIONS[..=place], MADE).unwrap().len(), 1);
        db.write(|tx| {
            tx.set_all_districts()?;
            add(tx, 3, "7")?;
            of_run(3).key(tx)?;
            publish(tx, 2)?;
            publish(tx, 3)
        })
        .unwrap();
        for (table, alone) in [("dues", 3), ("difference", 1), ("refused", 1)] {
            let sql = format!("select cast(count(*) as bigint) from {table} where employer = 0");
            let sql: &'static str = sql.leak();
            let found = db.read(|tx| {
                tx.set_all_districts()?;
                tx.one(sql, params![], |row| row.get::<i64>(0))
            });
            assert_eq!(found.unwrap(), alone, "{table}");
            let change = format!("update {table} set employer = 8");
            let refused = db.write(|tx| {
                tx.set_all_districts()?;
                tx.batch(&change)
            });
            assert_eq!(refused.unwrap_err().code(), "S0108", "{table}");
        }
    }

    // Rows in force, of a run whose key is made and of one that is loaded still: each is read afterwards as it was.
    rows_are_packed_into_folios(db) {
        let named = |it: &Migration| it.name.ends_with("folios");
        let place = MIGRATIONS.iter().position(named).unwrap();
        db.migrate_by(&MIGRATIONS[..place], MADE).unwrap();
        let accounts = Generation { rows: Rows::Accounts, run: 4 };
        db.write(|tx| {
            tx.set_all_districts()?;
            for (run, kind, month) in [(1, 1, "2025-06"), (2, 1, "2025-07"), (3, 1, "2025-08"), (4, 2, "2025-06")] {
                let values = params![run, kind, Month::parse(month).unwrap(), MADE];
                tx.execute(
                    "insert into run (run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, opened) \
                     values ($1, $2, $3, 1, 'law', $4, 10, 1, 'maker', $4)",
                    values,
                )?;
            }
            for run in 1..=3 {
                let table = of_run(run).table(tx.engine());
                of_run(run).make(tx)?;
                tx.batch(&format!(
                    "insert into {table} (run, person, scheme, category, employer, district, base, employer_due, person_due, credit) values \
                     ({run}, 3000, 1, 1, 7, 500103, 9000000000, 160, 80, 80), ({run}, 5, 4, 1, 8, 500103, 1000, 3, -1, 0), \
                     ({run}, 5, 4, 1, 7, 500103, 1000, 2, 0, 0), ({run}, 5, 1, 2, 0, 500112, 1000, 0, 200, 80)"
                ))?;
            }
            keyed_as_rows(tx, "dues", 1)?;
            keyed_as_rows(tx, "dues", 2)?;
            publish(tx, 1)?;
            accounts.make(tx)?;
            let table = accounts.table(tx.engine());
            tx.batch(&format!(
                "insert into {table} (run, person, scheme, district, months, year, credited, interest, product) values \
                 (4, 5, 2, 500103, 12, 2024, -1, 70000, 9), (4, 5, 1, 500103, 1, 0, 80, 0, 480)"
            ))
        })
        .unwrap();
        assert_eq!(db.migrate_by(&MIGRATIONS[..=place], MADE).unwrap().len(), 1);
        db.write(|tx| {
            tx.set_all_districts()?;
            of_run(2).key(tx)?;
            publish(tx, 2)?;
            of_run(3).key(tx)?;
            publish(tx, 3)?;
            accounts.key(tx)?;
            for state in [2, 3] {
                tx.execute("update run set state = $1 where run = 4", params![state])?;
            }
            tx.execute("update run set state = 4, rows = 1, hash = $1, approved_hash = $1, approved_by = 'checker' where run = 4", params![[7_u8; 32]])?;
            accounts.attach(tx)
        })
        .unwrap();
        db.read(|tx| {
            tx.set_all_districts()?;
            for run in 1..=3 {
                let mut read = Vec::new();
                store::dues::of_run(tx, RunId::new(run).unwrap(), &(1..10_000), |due| {
                    let amounts = [due.base.0, due.employer_due.0, due.person_due.0, due.credit.0];
                    read.push((due.person.number(), due.scheme.code(), due.category.code(), due.through(), due.district.code(), amounts));
                    Ok::<(), Error>(())
                })?;
                assert_eq!(read, [
                    (5, 1, 2, 0, 500_112, [1000, 0, 200, 80]),
                    (5, 4, 1, 7, 500_103, [1000, 2, 0, 0]),
                    (5, 4, 1, 8, 500_103, [1000, 3, -1, 0]),
                    (3000, 1, 1, 7, 500_103, [9_000_000_000, 160, 80, 80]),
                ]);
            }
            let mut read = Vec::new();
            store::accounts::of_run(tx, RunId::new(4).unwrap(), &(1..10_000), |account| {
                read.push((account.person.number(), account.scheme.code(), account.months, account.year, [account.credited.0, account.interest.0, account.product.0]));
                Ok::<(), Error>(())
            })?;
            assert_eq!(read, [(5, 1, 1, 0, [80, 0, 480]), (5, 2, 12, 2024, [-1, 70_000, 9])]);
            Ok::<(), Error>(())
        })
        .unwrap();
    }
}

/// Gives a run's rows their key, as it was done before there were folios.
fn keyed_as_rows(tx: &mut Tx<'_>, rows_of: &'static str, run: i64) -> Result<(), Error> {
    if tx.engine() == Engine::Sqlite {
        return Ok(());
    }
    let key = "select cast(generation_key($1, $2) as text)";
    tx.one(key, params![rows_of, run], |_| Ok(()))
}

fn of_run(run: i64) -> Generation {
    Generation {
        rows: Rows::Dues,
        run,
    }
}

/// Takes a run the whole way.
fn publish(tx: &mut Tx<'_>, run: i64) -> Result<(), Error> {
    for state in [2, 3] {
        let step = "update run set state = $2 where run = $1";
        tx.execute(step, params![run, state])?;
    }
    let approve = "update run set state = 4, rows = 1, hash = $2, approved_hash = $2, approved_by = 'checker' where run = $1";
    tx.execute(approve, params![run, [7_u8; 32]])?;
    of_run(run).attach(tx)?;
    let publish = "update run set state = 5, published = $2 where run = $1";
    tx.execute(publish, params![run, MADE]).map(drop)
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
