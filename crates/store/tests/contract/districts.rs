//! Districts are kept apart by the database itself, on PostgreSQL.

use crate::bulk::COLUMNS;
use crate::generations::a_due;
use crate::keeping::{day, open_run, publish};
use crate::values::{read_all, some_rows, table};
use city::runs::RunId;
use store::roster::{self, Since};
use store::{
    Db, Engine, Error, Generation, Kind, Rows, Tx, both, generation, params, testing::MADE,
};

/// Two residences, two dues and two bills, one of each in each of two districts.
fn city(db: &Db) {
    db.write(|tx| {
        tx.set_all_districts()?;
        open_run(tx, 1, "2025-06")?;
        let dues = Generation { rows: Rows::Dues, run: 1 };
        dues.make(tx)?;
        for (person, district) in [(1, 500_103), (2, 500_104)] {
            let sql = "insert into residence (person, district, valid_from, recorded, origin_kind, origin)
                values ($1, $2, $3, $4, 6, 1)";
            tx.execute(sql, params![person, district, day("2025-01-01"), MADE])?;
            store::dues::write(tx, RunId::new(1).unwrap(), &[a_due(person, district)])?;
            tx.batch(&format!(
                "insert into bill (run, payer_kind, payer, scheme, district, lines, amount, credit, open)
                 values (1, 2, {person}, 1, {district}, 1, 2, 1, true)"
            ))?;
        }
        dues.key(tx)?;
        publish(tx, 1)?;
        dues.attach(tx)
    })
    .unwrap();
}

/// As the application, and not as the owner the tests connect as.
fn as_application(tx: &mut Tx<'_>) -> Result<(), Error> {
    match tx.engine() {
        Engine::Postgres => tx.batch("set local role renshe_app"),
        Engine::Sqlite => Ok(()),
    }
}

/// Who has a residence, who dues, and who a bill.
type Seen = [Vec<i64>; 3];

fn persons(tx: &mut Tx<'_>) -> Result<Seen, Error> {
    let mut seen = Seen::default();
    let asked = [
        "select person from residence order by person",
        "select first_person from dues order by first_person",
        "select payer from bill order by payer",
    ];
    for (seen, sql) in seen.iter_mut().zip(asked) {
        *seen = tx.list(sql, params![], |row| row.get(0))?;
    }
    Ok(seen)
}

/// The same persons in each.
fn each(persons: &[i64]) -> Seen {
    [(); 3].map(|()| persons.to_vec())
}

both! {
    a_transaction_sees_its_districts_only(db) {
        city(db);
        let seen = |districts: &[i32]| {
            db.read(|tx| {
                as_application(tx)?;
                tx.set_districts(districts)?;
                persons(tx)
            })
            .unwrap()
        };
        let all = each(&[1, 2]);
        let on_postgres = |persons: &[i64]| match db.engine() {
            Engine::Postgres => each(persons),
            Engine::Sqlite => all.clone(),
        };
        assert_eq!(seen(&[500_103]), on_postgres(&[1]));
        assert_eq!(seen(&[500_104]), on_postgres(&[2]));
        assert_eq!(seen(&[500_103, 500_104]), all);
        assert_eq!(seen(&[]), on_postgres(&[]));
        let unsaid = db.read(|tx| { as_application(tx)?; persons(tx) }).unwrap();
        assert_eq!(unsaid, on_postgres(&[]));
        let whole = db.read(|tx| { as_application(tx)?; tx.set_all_districts()?; persons(tx) }).unwrap();
        assert_eq!(whole, all);
    }

    a_transaction_reads_its_districts_part_of_a_roster(db) {
        let run = RunId::new(1).unwrap();
        db.write(|tx| {
            tx.set_all_districts()?;
            open_run(tx, 1, "2025-06")?;
            roster::begin(tx, run)?;
            for (person, district) in [(1, 500_103), (2, 500_104)] {
                let sql = "insert into participation (person, scheme, category, employer, district, status, valid_from, \
                    recorded, origin_kind, origin) values ($1, 1, 1, 1, $2, 1, $3, $4, 6, 1)";
                tx.execute(sql, params![person, district, day("2025-01-01"), MADE])?;
            }
            let lines = roster::facts(tx, &(1..3), day("2025-06-01"), MADE)?;
            roster::write(tx, run, &lines)?;
            generation::roster(run).key(tx)
        })
        .unwrap();
        let told = |districts: &[i32]| {
            db.read(|tx| {
                as_application(tx)?;
                tx.set_districts(districts)?;
                let lines = roster::told(tx, run, &Since::default(), &(1..3), day("2025-06-01"))?;
                Ok::<Vec<i64>, Error>(lines.unwrap().iter().map(|line| line.says.person.number()).collect())
            })
            .unwrap()
        };
        let on_postgres = |persons: &[i64]| match db.engine() {
            Engine::Postgres => persons.to_vec(),
            Engine::Sqlite => vec![1, 2],
        };
        assert_eq!(told(&[500_103, 500_104]), [1, 2]);
        assert_eq!(told(&[500_104]), on_postgres(&[2]));
        assert_eq!(told(&[]), on_postgres(&[]));
    }

    nothing_is_left_of_it_for_the_next_transaction(db) {
        city(db);
        if db.engine() == Engine::Postgres {
            for _ in 0..20 {
                db.read(|tx| { as_application(tx)?; tx.set_districts(&[500_103]) }).unwrap();
                let next = db.read(|tx| { as_application(tx)?; persons(tx) }).unwrap();
                assert_eq!(next, each(&[]));
            }
        }
    }

    garbage_shows_nothing(db) {
        city(db);
        if db.engine() == Engine::Postgres {
            for garbage in ["x", "500103'", "all ", "500103;500104"] {
                let result = db.read(|tx| {
                    as_application(tx)?;
                    tx.list("select set_config('renshe.districts', $1, true)", params![garbage], |_| Ok::<(), Error>(()))?;
                    persons(tx)
                });
                assert!(!matches!(&result, Ok(seen) if *seen != each(&[])), "{garbage}");
            }
        }
    }

    nothing_is_written_into_another_district(db) {
        city(db);
        if db.engine() == Engine::Postgres {
            let insert = |district: i32| {
                db.write(|tx| {
                    as_application(tx)?;
                    tx.set_districts(&[500_103])?;
                    let sql = "insert into residence (person, district, valid_from, recorded, origin_kind, origin)
                        values (3, $1, $2, $3, 6, 1)";
                    tx.execute(sql, params![district, day("2025-01-01"), MADE])
                })
            };
            assert_eq!(insert(500_103).unwrap(), 1);
            // Nor is what is there settled or seen from there.
            let settled = |district: i32| {
                db.write(|tx| {
                    as_application(tx)?;
                    tx.set_districts(&[district])?;
                    tx.execute("update bill set open = false where payer = $1", params![2])
                })
            };
            assert_eq!((settled(500_103).unwrap(), settled(500_104).unwrap()), (0, 1));
            assert_eq!(insert(500_104).unwrap_err().code(), "S0115");
        }
    }

    many_rows_are_copied_into_ones_own_district_only(db) {
        city(db);
        let columns = [
            ("person", Kind::BigInt), ("district", Kind::Integer), ("valid_from", Kind::Day), ("recorded", Kind::Moment),
            ("origin_kind", Kind::SmallInt), ("origin", Kind::BigInt),
        ];
        // More than is sent at once, and twice in a transaction.
        let copied = |districts: &[i32], rows: i64| {
            db.write(|tx| {
                as_application(tx)?;
                tx.set_districts(districts)?;
                for half in 0..2 {
                    let mut copy = tx.copy_in("residence", &columns)?;
                    for row in 0..rows {
                        copy.int(1_000 + 2 * row + half)?.int(500_103 + i64::from(row + 1 == rows))?;
                        copy.day(day("2025-01-01"))?.moment(MADE)?.int(6)?.int(1)?.end()?;
                    }
                    assert_eq!(copy.finish()?, rows.unsigned_abs());
                }
                tx.one("select count(*) from residence where person >= 1000", params![], |row| row.get::<i64>(0))
            })
        };
        if db.engine() == Engine::Postgres {
            assert_eq!(copied(&[500_103], 100).unwrap_err().code(), "S0115");
        }
        assert_eq!(copied(&[500_103, 500_104], 60_000).unwrap(), 120_000);
    }

    rows_are_kept_apart_as_they_are_whether_few_or_many(db) {
        table(db);
        if db.engine() == Engine::Postgres {
            let apart = "alter table one_of_each enable row level security; \
                create policy everybody on one_of_each using (true) with check (true); \
                grant select, insert on one_of_each to renshe_app";
            db.write(|tx| tx.batch(apart)).unwrap();
        }
        let rows = some_rows(3_000);
        for (first, few) in [(0, 0), (0, 1), (1, 99), (100, 2_900)] {
            let copied = db.write(|tx| {
                as_application(tx)?;
                let mut copy = tx.copy_in("one_of_each", &COLUMNS)?;
                for (id, row) in (0..).zip(&rows).skip(first).take(few) {
                    copy.push(&row.values(id))?;
                }
                copy.finish()
            });
            assert_eq!(usize::try_from(copied.unwrap()).unwrap(), few);
            assert_eq!(read_all(db), rows[..first + few]);
        }
        // Alike but for their numbers, so that each column but one has the same all the way down, or nothing.
        for row in &rows[..5] {
            for many in [4, 2_000] {
                let copied = db.write(|tx| {
                    tx.batch("delete from one_of_each")?;
                    as_application(tx)?;
                    let mut copy = tx.copy_in("one_of_each", &COLUMNS)?;
                    for id in 0..many {
                        copy.push(&row.values(id))?;
                    }
                    copy.finish()
                });
                assert_eq!(copied.unwrap(), u64::from(many.unsigned_abs()));
                let all = usize::try_from(many).unwrap();
                assert!(read_all(db) == vec![row.clone(); all], "{row:?}");
            }
        }
    }

    what_a_part_that_failed_said_is_not_said(db) {
        city(db);
        let seen = db.read(|tx| {
            as_application(tx)?;
            tx.set_districts(&[500_103])?;
            let failed = tx.attempt(|tx| {
                tx.set_districts(&[500_104])?;
                Err::<(), _>(Error::ReadOnly)
            });
            assert!(failed.is_err());
            let first = persons(tx)?;
            tx.set_districts(&[500_104])?;
            let second = persons(tx)?;
            tx.set_districts(&[500_103])?;
            Ok::<_, Error>([first, second, persons(tx)?])
        });
        let expected = match db.engine() {
            Engine::Postgres => [each(&[1]), each(&[2]), each(&[1])],
            Engine::Sqlite => [(); 3].map(|()| each(&[1, 2])),
        };
        assert_eq!(seen.unwrap(), expected);
    }

    the_application_cannot_reach_a_runs_own_table_or_the_rules(db) {
        city(db);
        if db.engine() == Engine::Postgres {
            for sql in [
                "select from dues_run_1",
                "alter table residence disable row level security",
                "alter table residence disable trigger all",
                "delete from audit",
                "update line set debit = 1",
                "set local session_replication_role = replica",
            ] {
                let result = db.write(|tx| { as_application(tx)?; tx.batch(sql) });
                assert_eq!(result.unwrap_err().code(), "S0115", "{sql}");
            }
        }
    }

    // What one process would not ask for, having its answer, is asked for several before they begin.
    a_statement_that_several_processes_share_sees_all_districts(db) {
        city(db);
        if db.engine() == Engine::Postgres {
            let (plan, seen) = db.read(|tx| {
                as_application(tx)?;
                tx.set_all_districts()?;
                tx.batch(
                    "set local max_parallel_workers_per_gather = 2; set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0; \
                     set local min_parallel_table_scan_size = 0; set local plan_cache_mode = force_custom_plan",
                )?;
                let plan = tx.list("explain select sum(amount) from bill", params![], |row| row.get::<String>(0))?;
                let seen = tx.one("select cast(sum(amount) as bigint) from bill", params![], |row| row.get::<i64>(0))?;
                Ok::<_, Error>((plan.join("\n"), seen))
            }).unwrap();
            assert!(plan.contains("Gather"), "{plan}");
            assert_eq!(seen, 4);
        }
    }

    the_setting_is_read_once_a_statement(db) {
        if db.engine() == Engine::Postgres {
            let plan = db.read(|tx| {
                as_application(tx)?;
                tx.set_districts(&[500_103])?;
                tx.list("explain select person from participation", params![], |row| row.get::<String>(0))
            });
            let plan = plan.unwrap().join("\n");
            assert!(plan.contains("InitPlan 1") && plan.contains("InitPlan 2"), "{plan}");
            assert!(!plan.lines().any(|line| line.contains("Filter") && line.contains("current_setting")), "{plan}");
        }
    }
}
