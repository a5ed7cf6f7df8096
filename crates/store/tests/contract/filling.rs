//! Registers that hold nobody are filled without their indexes, which are there again afterwards.

use crate::keeping::day;
use store::{Db, Engine, Error, Kind, Tx, both, filling, params, testing::MADE};

/// The definition of every index.
fn indexes(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "select sql from sqlite_schema where type = 'index' and sql is not null order by name"
        }
        Engine::Postgres => {
            "select indexdef from pg_indexes where schemaname = current_schema() order by indexname"
        }
    };
    tx.list(sql, params![], |row| row.get(0))
}

/// Those that find persons by something else than their number.
fn born(indexes: &[String]) -> usize {
    let on_born = |index: &&String| index.contains("person_born");
    indexes.iter().filter(on_born).count()
}

fn register(tx: &mut Tx<'_>, person: i64) -> Result<(), Error> {
    let sql = "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)";
    let values = params![person, day("1990-01-01"), vec![0_u8], MADE];
    tx.execute(sql, values).map(drop)
}

/// One number of two persons.
fn known_alike(tx: &mut Tx<'_>) -> Result<(), Error> {
    for person in [1, 2] {
        let sql = "insert into identity (person, kind, cipher, blind, valid_from, recorded, origin_kind, origin) \
            values ($1, 1, $2, $2, $3, $4, 6, 1)";
        tx.execute(
            sql,
            params![person, vec![7_u8; 16], day("1990-01-01"), MADE],
        )?;
    }
    Ok(())
}

/// Everybody who is registered, and every index.
fn found(db: &Db) -> (Vec<i64>, Vec<String>) {
    db.read(|tx| {
        let persons = tx.list(
            "select person from person order by person",
            params![],
            |row| row.get(0),
        )?;
        Ok::<_, Error>((persons, indexes(tx)?))
    })
    .unwrap()
}

/// Gives the registers' tables, and the right to make indexes, to a role that may do nothing else.
const OWNED: &str = "do $$ begin create role owner_in_tests; exception when duplicate_object or unique_violation then null; end $$; \
    do $$ declare each text; begin \
      execute format('grant usage, create on schema %I to owner_in_tests', current_schema()); \
      foreach each in array array['employer', 'employer_fact', 'person', 'identity', 'residence', 'employment', 'participation'] loop \
        execute format('alter table %I owner to owner_in_tests', each); \
      end loop; \
    end $$";

both! {
    registers_are_filled_without_their_indexes(db) {
        let (_, before) = found(db);
        assert_eq!(born(&before), 1);
        let fill = |person: i64| {
            db.write(|tx| filling::registers(tx, |tx| {
                register(tx, person)?;
                Ok::<usize, Error>(born(&indexes(tx)?))
            }))
            .unwrap()
        };
        assert_eq!(fill(1), 0);
        assert_eq!(found(db), (vec![1], before.clone()));
        // Now they hold somebody.
        assert_eq!(fill(2), 1);
        assert_eq!(found(db), (vec![1, 2], before));
    }

    what_fails_leaves_the_indexes_and_nobody(db) {
        let before = found(db);
        let refused = db.write(|tx| filling::registers(tx, |tx| {
            register(tx, 1)?;
            tx.one("select person from person where person = 2", params![], |row| row.get::<i64>(0))
        }));
        assert!(refused.is_err());
        assert_eq!(found(db), before);
        // And what is said when the indexes are made.
        let alike = db.write(|tx| filling::registers(tx, |tx| {
            register(tx, 1)?;
            known_alike(tx)
        }));
        assert_eq!(alike.unwrap_err().code(), "S0107");
        assert_eq!(found(db), before);
    }

    what_is_anothers_keeps_its_indexes(db) {
        if db.engine() == Engine::Postgres {
            let born = db.write(|tx| {
                tx.batch("set local role renshe_app")?;
                tx.set_all_districts()?;
                filling::registers(tx, |tx| {
                    register(tx, 1)?;
                    Ok::<usize, Error>(born(&indexes(tx)?))
                })
            });
            assert_eq!(born.unwrap(), 1);
        }
    }

    /// As the pages on operating have it: the tables' owner is nobody who may do anything, and rows are kept apart from them too.
    an_owner_like_any_other_fills_them_without_their_indexes(db) {
        if db.engine() == Engine::Postgres {
            let (_, before) = found(db);
            db.write(|tx| tx.batch(OWNED)).unwrap();
            let filled = db.write(|tx| {
                tx.batch("set local role owner_in_tests")?;
                tx.set_all_districts()?;
                filling::registers(tx, |tx| {
                    let columns = [("person", Kind::BigInt), ("district", Kind::Integer),
                        ("valid_from", Kind::Day), ("recorded", Kind::Moment), ("origin_kind", Kind::SmallInt), ("origin", Kind::BigInt)];
                    for person in 1..=2_000 {
                        register(tx, person)?;
                    }
                    let mut copy = tx.copy_in("residence", &columns)?;
                    for person in 1..=2_000 {
                        copy.int(person)?.int(500_103)?.day(day("1990-01-01"))?.moment(MADE)?.int(6)?.int(1)?.end()?;
                    }
                    copy.finish()?;
                    Ok::<usize, Error>(born(&indexes(tx)?))
                })
            });
            assert_eq!(filled.unwrap(), 0);
            let (persons, after) = found(db);
            assert_eq!((persons.len(), after), (2_000, before));
            let lived = db.read(|tx| tx.one("select count(*) from residence", params![], |row| row.get::<i64>(0)));
            assert_eq!(lived.unwrap(), 2_000);
        }
    }
}
