//! What an office does not do and servers and disks do.

use crate::transactions::counter;
use std::{sync::Barrier, thread};
use store::{Db, Engine, Error, Tx, Write, both, params};

const TERMINATE: &str = "select cast(pg_terminate_backend(pg_backend_pid()) as text)";

fn add(tx: &mut Tx<'_>, number: i64) -> Result<u64, Error> {
    tx.execute(
        "update counter set held = held + $1 where counter = 1",
        params![number],
    )
}

fn held(db: &Db) -> i64 {
    db.read(|tx| {
        tx.one(
            "select held from counter where counter = 1",
            params![],
            |row| row.get(0),
        )
    })
    .unwrap()
}

both! {
    a_lost_connection_leaves_nothing_and_the_transaction_is_run_again(db) {
        counter(db);
        if db.engine() == Engine::Postgres {
            let mut attempts = 0;
            db.write(|tx| {
                attempts += 1;
                add(tx, 1)?;
                if attempts == 1 {
                    tx.one(TERMINATE, params![], |_| Ok::<(), Error>(()))?;
                }
                Ok::<(), Error>(())
            })
            .unwrap();
            assert_eq!((attempts, held(db)), (2, 1));
            let always = db.write_with(Write { attempts: 2, ..Write::default() }, |tx| {
                add(tx, 1)?;
                tx.one(TERMINATE, params![], |_| Ok::<(), Error>(()))
            });
            assert_eq!(always.unwrap_err().code(), "S0103");
            assert_eq!(held(db), 1);
        }
    }

    after_a_restart_of_the_server_idle_connections_do_no_harm(db) {
        counter(db);
        if db.engine() == Engine::Postgres {
            // Several connections, idle at once.
            let all = Barrier::new(4);
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| db.read(|_| { all.wait(); Ok::<(), Error>(()) }).unwrap());
                }
            });
            let others = "select cast(pg_terminate_backend(pid) as text) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()";
            store::testing::reopened(db).read(|tx| tx.list(others, params![], |_| Ok::<(), Error>(()))).unwrap();
            db.write_with(Write { attempts: 2, ..Write::default() }, |tx| add(tx, 1)).unwrap();
            assert_eq!(held(db), 1);
        }
    }

    transactions_that_wait_for_each_other_both_come_through(db) {
        counter(db);
        db.write(|tx| tx.execute("insert into counter (counter, held) values (2, 0)", params![])).unwrap();
        let meet = Barrier::new(2);
        thread::scope(|scope| {
            for (first, second) in [(1, 2), (2, 1)] {
                let meet = &meet;
                scope.spawn(move || {
                    let mut attempt = 0;
                    db.write_with(Write::committed(), |tx| {
                        attempt += 1;
                        let sql = "update counter set held = held + 1 where counter = $1";
                        tx.execute(sql, params![first])?;
                        if attempt == 1 && tx.engine() == Engine::Postgres {
                            meet.wait();
                        }
                        tx.execute(sql, params![second])
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(held(db), 2);
    }

    a_full_disk_leaves_nothing_and_the_database_goes_on(db) {
        counter(db);
        if db.engine() == Engine::Sqlite {
            let fill = |tx: &mut Tx<'_>| {
                add(tx, 1)?;
                tx.batch("create table filler (filler integer primary key, what blob not null) strict")?;
                for _ in 0..100 {
                    tx.execute("insert into filler (what) values (zeroblob(100000))", params![])?;
                }
                Ok::<(), Error>(())
            };
            db.write(|tx| tx.batch("pragma max_page_count = 400")).unwrap();
            assert_eq!(db.write(fill).unwrap_err().code(), "S0106");
            assert_eq!(held(db), 0);
            db.write(|tx| tx.batch("pragma max_page_count = 1000000")).unwrap();
            db.write(fill).unwrap();
            assert_eq!(held(db), 1);
        }
    }

    a_table_altered_under_a_prepared_statement_is_read_anew(db) {
        counter(db);
        let sql = "select * from counter";
        let read = || db.read(|tx| tx.one(sql, params![], |row| row.get::<i64>("held")));
        assert_eq!(read().unwrap(), 0);
        let alter = match db.engine() {
            Engine::Postgres => "alter table counter add column more text; alter table counter alter column held type integer",
            Engine::Sqlite => "alter table counter add column more text",
        };
        db.write(|tx| tx.batch(alter)).unwrap();
        assert_eq!(read().unwrap(), 0);
        assert_eq!(db.write(|tx| tx.one(sql, params![], |row| row.get::<i64>("held"))).unwrap(), 0);
    }

    all_connections_in_use_is_said(db) {
        if db.engine() == Engine::Postgres {
            fn nest(db: &Db, depth: u32) -> Result<(), Error> {
                db.read(|_| if depth == 0 { Ok(()) } else { nest(db, depth - 1) })
            }
            nest(db, 11).unwrap();
            assert_eq!(nest(&store::testing::impatient(db), 12).unwrap_err(), Error::NoConnection { connections: 12 });
        }
    }
}
