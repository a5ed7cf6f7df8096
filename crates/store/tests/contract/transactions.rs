//! All or nothing, one state for a reader, and nobody's change lost.

use std::{sync::Barrier, thread};
use store::{Db, Error, Tx, both, params};

pub(crate) fn counter(db: &Db) {
    let make = "create table counter (counter bigint primary key, held bigint not null)";
    let make = if db.engine() == store::Engine::Sqlite {
        make.replace("bigint", "integer")
    } else {
        make.into()
    };
    db.write(|tx| {
        tx.batch(&make)?;
        tx.execute(
            "insert into counter (counter, held) values (1, 0)",
            params![],
        )
    })
    .unwrap();
}

fn held(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.one(
        "select held from counter where counter = 1",
        params![],
        |row| row.get(0),
    )
}

fn hold(tx: &mut Tx<'_>, number: i64) -> Result<u64, Error> {
    tx.execute(
        "update counter set held = $1 where counter = 1",
        params![number],
    )
}

fn now_held(db: &Db) -> i64 {
    db.read(held).unwrap()
}

both! {
    what_a_closure_refuses_is_undone(db) {
        counter(db);
        let refused = db.write(|tx| {
            hold(tx, 5)?;
            Err::<(), Error>(Error::ReadOnly)
        });
        assert_eq!(refused.unwrap_err(), Error::ReadOnly);
        assert_eq!(now_held(db), 0);
    }

    after_a_panic_nothing_is_kept_and_the_database_goes_on(db) {
        counter(db);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            db.write(|tx| {
                hold(tx, 5)?;
                panic!("in the middle");
                #[expect(unreachable_code, reason = "tells the types")]
                Ok::<(), Error>(())
            })
        }));
        assert!(panicked.is_err());
        assert_eq!(now_held(db), 0);
        db.write(|tx| hold(tx, 6)).unwrap();
        assert_eq!(now_held(db), 6);
    }

    a_failed_statement_ends_the_transaction_even_when_overlooked(db) {
        counter(db);
        let overlooked = db.write(|tx| {
            hold(tx, 5)?;
            let _ = tx.execute("insert into counter (counter, held) values (1, 1)", params![]);
            Ok::<(), Error>(())
        });
        assert_eq!(overlooked.unwrap_err().violated(), Some("counter_pkey"));
        assert_eq!(now_held(db), 0);
    }

    an_attempt_that_fails_is_undone_alone(db) {
        counter(db);
        db.write(|tx| {
            hold(tx, 5)?;
            let tried = tx.attempt(|tx| {
                hold(tx, 6)?;
                tx.execute("insert into counter (counter, held) values (1, 1)", params![])
            });
            assert_eq!(tried.unwrap_err().violated(), Some("counter_pkey"));
            assert_eq!(held(tx)?, 5);
            tx.attempt(|tx| {
                hold(tx, 7)?;
                let inner: Result<(), Error> = tx.attempt(|tx| {
                    hold(tx, 8)?;
                    Err(Error::ReadOnly)
                });
                assert!(inner.is_err());
                Ok::<(), Error>(())
            })
        })
        .unwrap();
        assert_eq!(now_held(db), 7);
    }

    a_reader_sees_one_state_and_keeps_nobody_waiting(db) {
        counter(db);
        db.read(|tx| {
            assert_eq!(held(tx)?, 0);
            db.write(|tx| hold(tx, 5))?;
            assert_eq!(held(tx)?, 0);
            Ok::<(), Error>(())
        })
        .unwrap();
        assert_eq!(now_held(db), 5);
    }

    a_reader_cannot_write(db) {
        counter(db);
        assert_eq!(db.read(|tx| hold(tx, 5)).unwrap_err(), Error::ReadOnly);
        assert_eq!(now_held(db), 0);
    }

    /// Each thread reads, adds and writes back: the classic lost update.
    no_update_is_lost(db) {
        counter(db);
        let (threads, times) = (6, 50);
        let start = Barrier::new(threads);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    start.wait();
                    for _ in 0..times {
                        let how = store::Write { attempts: 200, ..store::Write::default() };
                        db.write_with(how, |tx| {
                            let before = held(tx)?;
                            hold(tx, before + 1)
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert_eq!(now_held(db), 300);
    }

    rows_stream_and_may_be_broken_off(db) {
        counter(db);
        db.write(|tx| {
            for number in 2..=1000 {
                tx.execute("insert into counter (counter, held) values ($1, $1)", params![number])?;
            }
            Ok::<(), Error>(())
        })
        .unwrap();
        let mut seen = 0;
        let broken = db.read(|tx| {
            seen = 0;
            tx.stream("select counter from counter order by counter", params![], |row| {
                seen = row.get(0)?;
                if seen == 10 { Err(Error::ReadOnly) } else { Ok(()) }
            })
        });
        assert_eq!((broken.unwrap_err(), seen), (Error::ReadOnly, 10));
        let all = db.read(|tx| tx.list("select counter from counter", params![], |row| row.get::<i64>(0)));
        assert_eq!(all.unwrap().len(), 1000);
    }

    one_row_is_one_row(db) {
        counter(db);
        let read = |sql: &'static str| {
            db.read(|tx| tx.one(sql, params![], |row| row.get::<i64>(0))).unwrap_err()
        };
        let none = read("select held from counter where counter = 2");
        assert!(matches!(none, Error::RowCount { none: true, .. }));
        let two = read("select 1 from counter union all select 2 from counter");
        assert!(matches!(two, Error::RowCount { none: false, .. }));
    }
}
