//! Registers that hold nobody are filled without their indexes, which are there again afterwards.

use crate::keeping::day;
use store::{Db, Engine, Error, Tx, both, filling, params, testing::MADE};

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
}
