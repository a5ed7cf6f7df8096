//! What is written comes back, and nothing else does.

use measure::{Day, Fen, Moment, Month};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use store::{Db, Engine, Error, Value, both, params};

/// A table with one column of each type.
pub(crate) fn table(db: &Db) {
    let columns = match db.engine() {
        Engine::Postgres => {
            "n bigint, i integer, s smallint, yes boolean, t text, b bytea, d date, m timestamptz"
        }
        Engine::Sqlite => {
            "n integer, i integer, s integer, yes integer, t text, b blob, d integer, m integer"
        }
    };
    let suffix = if db.engine() == Engine::Sqlite {
        " strict"
    } else {
        ""
    };
    db.write(|tx| {
        tx.batch(&format!(
            "create table one_of_each (id integer primary key, {columns}){suffix}"
        ))
    })
    .unwrap();
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OneOfEach {
    pub(crate) n: Option<i64>,
    pub(crate) i: Option<i32>,
    pub(crate) s: Option<i16>,
    pub(crate) yes: Option<bool>,
    pub(crate) t: Option<String>,
    pub(crate) b: Option<Vec<u8>>,
    pub(crate) d: Option<Day>,
    pub(crate) m: Option<Moment>,
}

impl OneOfEach {
    pub(crate) fn values(&self, id: i32) -> Vec<Value> {
        params![
            id,
            self.n,
            self.i,
            self.s,
            self.yes,
            self.t.clone(),
            self.b.clone(),
            self.d,
            self.m
        ]
        .to_vec()
    }
}

pub(crate) fn any_row() -> impl Strategy<Value = OneOfEach> {
    let day = (Day::MIN.number()..=Day::MAX.number()).prop_map(|it| Day::from_number(it).unwrap());
    // PostgreSQL's own range begins in 4713 BC.
    let moment = (-200_000_000_000_000_000_i64..i64::MAX / 2).prop_map(Moment::from_microseconds);
    let text = "[^\0]{0,20}";
    (
        any::<Option<i64>>(),
        any::<Option<i32>>(),
        any::<Option<i16>>(),
        any::<Option<bool>>(),
        proptest::option::of(text),
        any::<Option<Vec<u8>>>(),
        proptest::option::of(day),
        proptest::option::of(moment),
    )
        .prop_map(|(n, i, s, yes, t, b, d, m)| OneOfEach {
            n,
            i,
            s,
            yes,
            t,
            b,
            d,
            m,
        })
}

pub(crate) fn read_all(db: &Db) -> Vec<OneOfEach> {
    let sql = "select n, i, s, yes, t, b, d, m from one_of_each order by id";
    db.read(|tx| {
        tx.list(sql, params![], |row| {
            Ok::<_, Error>(OneOfEach {
                n: row.get("n")?,
                i: row.get(1)?,
                s: row.get("s")?,
                yes: row.get(3)?,
                t: row.get("t")?,
                b: row.get(5)?,
                d: row.get("d")?,
                m: row.get("m")?,
            })
        })
    })
    .unwrap()
}

pub(crate) fn some_rows(count: usize) -> Vec<OneOfEach> {
    let mut runner = TestRunner::deterministic();
    let row = any_row();
    let mut next = || row.new_tree(&mut runner).unwrap().current();
    (0..count).map(|_| next()).collect()
}

both! {
    every_value_comes_back(db) {
        table(db);
        let rows = some_rows(300);
        let sql = "insert into one_of_each (id, n, i, s, yes, t, b, d, m) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        db.write(|tx| {
            for (id, row) in (0..).zip(&rows) {
                assert_eq!(tx.execute(sql, &row.values(id))?, 1);
            }
            Ok::<(), Error>(())
        })
        .unwrap();
        assert_eq!(read_all(db), rows);
    }

    values_are_bound_by_their_number_in_any_order(db) {
        let sql = "select $3, $1, $2, $1 where $2 > $1 and $3 = $3";
        let typed = "select cast($3 as text), cast($1 as bigint), cast($2 as bigint), cast($1 as bigint)";
        let _ = sql;
        let read = db.read(|tx| {
            tx.one(typed, params![1, 2, "three"], |row| {
                Ok::<_, Error>((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?, row.get::<i64>(3)?))
            })
        });
        assert_eq!(read.unwrap(), ("three".into(), 1, 2, 1));
    }

    a_month_is_its_first_day_and_an_amount_is_fen(db) {
        table(db);
        let month = Month::parse("2025-06").unwrap();
        db.write(|tx| {
            tx.execute("insert into one_of_each (id, n, d) values (1, $1, $2)", params![Fen(-1), month])
        })
        .unwrap();
        let read = db.read(|tx| {
            tx.one("select n, d from one_of_each", params![], |row| {
                Ok::<_, Error>((row.get::<Fen>(0)?, row.get::<Month>(1)?, row.get::<Day>(1)?))
            })
        });
        assert_eq!(read.unwrap(), (Fen(-1), month, month.first_day()));
    }

    a_value_that_does_not_fit_is_refused_and_never_shown(db) {
        table(db);
        let insert = |sql: &'static str, value: Value| {
            db.write(|tx| tx.execute(sql, std::slice::from_ref(&value))).unwrap_err()
        };
        let error = insert("insert into one_of_each (id, n) values (1, $1)", "secret".into());
        assert_eq!(error.code(), "S0118", "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    a_cell_that_is_something_else_is_refused_with_its_column(db) {
        let read = db.read(|tx| {
            tx.one("select 'text' as note", params![], |row| row.get::<i64>("note"))
        });
        let error: Error = read.unwrap_err();
        assert_eq!(error.en(), "column `note` was to hold i64 and holds text");
        let read = db.read(|tx| tx.one("select 1 as n", params![], |row| row.get::<i64>("other")));
        let error: Error = read.unwrap_err();
        assert_eq!(error.code(), "S0110");
    }
}
