//! The rows of a run: out of sight until published, kept afterwards.

use crate::keeping::{code, open_run, publish};
use city::accounts::Account;
use city::dues::{Bills, Due};
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::Fen;
use std::ops::Range;
use store::{
    Db, Engine, Error, Generation, Rows, Tx, accounts, bills, both, dues, params, testing::MADE,
};

const DUES: Generation = Generation {
    rows: Rows::Dues,
    run: 1,
};
const ACCOUNTS: Generation = Generation {
    rows: Rows::Accounts,
    run: 1,
};

/// A pension contribution through employer 3.
pub(crate) fn a_due(person: i64, district: i32) -> Due {
    Due {
        person: PersonId::new(person).unwrap(),
        scheme: Scheme::EmployeePension,
        category: Category::Employee,
        employer: EmployerId::new(3),
        district: District::new(district).unwrap(),
        base: Fen(500_000),
        employer_due: Fen(80_000),
        person_due: Fen(40_000),
        credit: Fen(40_000),
    }
}

/// Of persons in two spans and districts, amounts that take from no byte to eight.
fn various_dues() -> Vec<Due> {
    let due = |(person, employer): (i64, Option<i64>)| {
        let amount = |factor: i64| {
            let by_person = [0, 1, -300, 70_000, -20_000_000, 1 << 50];
            Fen(by_person[usize::try_from(person % 6).unwrap()] * factor)
        };
        Due {
            employer: employer.and_then(EmployerId::new),
            category: match employer {
                Some(_) => Category::Employee,
                None => Category::Individual,
            },
            base: amount(3),
            employer_due: amount(2),
            person_due: amount(1),
            credit: Fen(0),
            ..a_due(person, by_five(person))
        }
    };
    let alone = (2_000..2_100).map(|person| (person, None));
    let employed = (9_000..9_040).flat_map(|person| [(person, Some(3)), (person, Some(1 << 40))]);
    alone.chain(employed).map(due).collect()
}

fn various_accounts() -> Vec<Account> {
    let account = |person: i64| Account {
        months: i32::try_from(person % 400).unwrap(),
        year: 2025,
        credited: Fen(person * person * 977),
        interest: Fen(-person),
        product: Fen(i64::MAX / person),
        ..Account::empty(
            PersonId::new(person).unwrap(),
            Scheme::EmployeePension,
            District::new(by_five(person)).unwrap(),
        )
    };
    (2_000..2_100).map(account).collect()
}

/// The district of every fifth person, and that of the others.
fn by_five(person: i64) -> i32 {
    match person % 5 {
        0 => 500_104,
        _ => 500_103,
    }
}

fn run() -> RunId {
    RunId::new(1).unwrap()
}

fn load(tx: &mut Tx<'_>, persons: Range<i64>) -> Result<(), Error> {
    let rows: Vec<Due> = persons.map(|person| a_due(person, 500_103)).collect();
    dues::write(tx, run(), &rows)
}

/// What comes of attaching rows of a run that is not approved.
fn early(tx: &mut Tx<'_>, rows: Generation) -> Option<&'static str> {
    let attached = tx.attempt(|tx| rows.attach(tx));
    attached.err().map(|error| error.code())
}

/// What readers see: with the state of the run, as both engines need.
fn seen(db: &Db) -> i64 {
    let sql = "select cast(coalesce(sum(d.rows), 0) as bigint) from dues d join run r on r.run = d.run where r.state in (5, 7)";
    db.read(|tx| tx.one(sql, params![], |row| row.get(0)))
        .unwrap()
}

/// Which tables of dues the server does not vacuum by itself.
fn left_alone(db: &Db) -> Vec<String> {
    let sql = "select relname from pg_class where 'autovacuum_enabled=off' = any(reloptions) and relname like 'dues%'";
    db.read(|tx| tx.list(sql, params![], |row| row.get(0)))
        .unwrap()
}

both! {
    /// What is still computed is read by nobody: to look at it for the planner only takes from those who compute.
    rows_are_not_vacuumed_before_they_are_seen(db) {
        if db.engine() == Engine::Postgres {
            db.write(|tx| {
                open_run(tx, 1, "2025-06")?;
                DUES.make(tx)?;
                load(tx, 1..100)
            }).unwrap();
            assert_eq!(left_alone(db), ["dues_run_1"]);
            db.write(|tx| {
                DUES.key(tx)?;
                publish(tx, 1)?;
                DUES.attach(tx)
            }).unwrap();
            assert_eq!(left_alone(db), [""; 0]);
        }
    }

    rows_are_seen_when_the_run_is_published(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            DUES.make(tx)?;
            DUES.make(tx)?;
            ACCOUNTS.make(tx)
        })
        .unwrap();
        for chunk in 0..3 {
            db.write(|tx| load(tx, chunk * 100 + 1..(chunk + 1) * 100 + 1)).unwrap();
        }
        assert_eq!(seen(db), 0);
        db.write(|tx| {
            DUES.key(tx)?;
            ACCOUNTS.key(tx)
        })
        .unwrap();
        db.read(|tx| {
            // A reader in the middle does not keep the publication waiting.
            tx.one("select cast(count(*) as bigint) from dues", params![], |row| row.get::<i64>(0))?;
            db.write(|tx| {
                assert_eq!(early(tx, DUES), (db.engine() == Engine::Postgres).then_some("S0108"));
                publish(tx, 1)?;
                DUES.attach(tx)?;
                ACCOUNTS.attach(tx)
            })
        })
        .unwrap();
        assert_eq!(seen(db), 300);
        let write = |sql: &'static str| code(db.write(|tx| tx.execute(sql, params![])));
        assert_eq!(write("update dues set rows = 1 where first_person = 101"), "S0108");
        assert_eq!(write("delete from dues where first_person = 101"), "S0108");
        assert_eq!(db.write(|tx| DUES.drop(tx)).unwrap_err().code(), "S0108");
        assert_eq!(seen(db), 300);
    }

    employers_are_billed_what_is_stored(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            DUES.make(tx)?;
            load(tx, 1..11)?;
            load(tx, 11..21)
        })
        .unwrap();
        // Said twice, by a run that is gone on with, it does nothing more.
        for _ in 0..2 {
            db.write(|tx| DUES.key(tx)).unwrap();
        }
        let (mut sums, mut others) = (bills::Sums::new(), Bills::default());
        db.read(|tx| {
            bills::add_up(tx, run(), &(1..11), (&mut sums, &mut others))?;
            bills::add_up(tx, run(), &(11..21), (&mut sums, &mut others))
        })
        .unwrap();
        assert_eq!(sums.into_values().map(|sum| sum.0).sum::<i64>(), 2_400_000);
        // What is there is not written again.
        let others = others.rows().unwrap();
        for _ in 0..2 {
            db.write(|tx| bills::write_missing(tx, run(), &others)).unwrap();
        }
        let made = "select cast(sum(amount) as bigint) from bill where run = 1 and payer_kind = 1 and lines = 20";
        assert_eq!(db.read(|tx| tx.one(made, params![], |row| row.get::<i64>(0))).unwrap(), 2_400_000);
    }

    a_chunk_is_there_for_whoever_comes_next(db) {
        db.write_with(store::Write::chunk(), |tx| open_run(tx, 1, "2025-06")).unwrap();
        let runs = "select cast(count(*) as bigint) from run";
        assert_eq!(db.read(|tx| tx.one(runs, params![], |row| row.get::<i64>(0))).unwrap(), 1);
        // Whoever writes after it waits for the drive again.
        let waits = match db.engine() {
            Engine::Sqlite => "pragma synchronous",
            Engine::Postgres => "select cast(case current_setting('synchronous_commit') when 'on' then 0 else 1 end as bigint)",
        };
        let off = db.write_with(store::Write::chunk(), |tx| tx.one(waits, params![], |row| row.get::<i64>(0)));
        let on = db.write(|tx| tx.one(waits, params![], |row| row.get::<i64>(0)));
        // Of a scratch file nothing lasts; its drive is never waited for.
        let scratch = if db.engine() == Engine::Sqlite { (0, 0) } else { (1, 0) };
        assert_eq!((off.unwrap(), on.unwrap()), scratch);
    }

    a_person_is_there_once(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            DUES.make(tx)
        })
        .unwrap();
        let twice = db.write(|tx| {
            load(tx, 1..11)?;
            load(tx, 1..12)?;
            DUES.key(tx)
        });
        let name = if db.engine() == Engine::Postgres { "dues_run_1_pkey" } else { "dues_pkey" };
        assert_eq!(twice.unwrap_err().violated(), Some(name));
    }

    /// On PostgreSQL; they are read as the program reads them, in one's own district.
    folios_are_read_as_lines_in_sql(db) {
        let (dues, accounts) = (various_dues(), various_accounts());
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            for rows in [DUES, ACCOUNTS] {
                rows.make(tx)?;
            }
            dues::write(tx, run(), &dues)?;
            accounts::write(tx, run(), &accounts)?;
            for rows in [DUES, ACCOUNTS] {
                rows.key(tx)?;
            }
            publish(tx, 1)?;
            DUES.attach(tx)?;
            ACCOUNTS.attach(tx)
        })
        .unwrap();
        if db.engine() == Engine::Sqlite {
            return;
        }
        let lines = |districts: &[i32], sql: &'static str, columns: usize| -> Vec<Vec<i64>> {
            db.read(|tx| {
                tx.batch("set local role renshe_app")?;
                tx.set_districts(districts)?;
                tx.list(sql, params![], |row| (0..columns).map(|column| row.get(column)).collect())
            })
            .unwrap()
        };
        let of_dues = "select person, scheme, coalesce(employer, 0), district, category, base, employer_due, person_due, credit \
            from dues_by_person where run = 1 order by person, scheme, employer nulls first";
        let told: Vec<Vec<i64>> = dues.iter().map(|due| {
            let employer = due.employer.map_or(0, EmployerId::number);
            let amounts = [due.base.0, due.employer_due.0, due.person_due.0, due.credit.0];
            let codes = [due.person.number(), due.scheme.code().into(), employer, due.district.code().into(), due.category.code().into()];
            codes.into_iter().chain(amounts).collect()
        }).collect();
        assert_eq!(lines(&[500_103, 500_104], of_dues, 9), told);
        let of_one_district: Vec<Vec<i64>> = told.into_iter().filter(|line| line[3] == 500_104).collect();
        assert_eq!(lines(&[500_104], of_dues, 9), of_one_district);
        let of_accounts = "select person, scheme, district, months, year, credited, interest, product from account_by_person order by person";
        let told: Vec<Vec<i64>> = accounts.iter().map(|account| {
            let amounts = [account.credited.0, account.interest.0, account.product.0];
            let codes = [account.person.number(), account.scheme.code().into(), account.district.code().into()];
            let ever = [account.months.into(), account.year.into()];
            codes.into_iter().chain(ever).chain(amounts).collect()
        }).collect();
        assert_eq!(lines(&[500_103, 500_104], of_accounts, 8), told);
    }

    a_discarded_run_leaves_nothing(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            DUES.make(tx)?;
            load(tx, 1..11)
        })
        .unwrap();
        db.write(|tx| {
            DUES.drop(tx)?;
            ACCOUNTS.drop(tx)?;
            tx.execute("update run set state = 6", params![])
        })
        .unwrap();
        let table = "select cast(count(*) as bigint) from dues";
        assert_eq!(db.read(|tx| tx.one(table, params![], |row| row.get::<i64>(0))).unwrap(), 0);
        db.write(|tx| open_run(tx, 2, "2025-06")).unwrap();
    }

    rows_go_when_they_were_moved_to_a_file(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            DUES.make(tx)?;
            load(tx, 1..11)?;
            DUES.key(tx)?;
            publish(tx, 1)?;
            DUES.attach(tx)
        })
        .unwrap();
        let moved = "insert into cold (run, kind, file_name, file_hash, rows, root, by, approved_by, at)
            values (1, 1, 'dues.parquet', $1, 10, $1, 'maker@500103', $2, $3)";
        let alone = db.write(|tx| tx.execute(moved, params![[1_u8; 32], "maker@500103", MADE]));
        assert_eq!(alone.unwrap_err().violated(), Some("cold_maker_is_not_checker"));
        db.write(|tx| {
            tx.execute(moved, params![[1_u8; 32], "checker@500103", MADE])?;
            DUES.drop(tx)
        })
        .unwrap();
        assert_eq!(seen(db), 0);
    }

    values_outside_the_run_do_not_get_in(db) {
        if db.engine() == Engine::Postgres {
            db.write(|tx| {
                open_run(tx, 1, "2025-06")?;
                DUES.make(tx)
            })
            .unwrap();
            let sql = "insert into dues_run_1 (run, first_person, district, rows, content) values (2, 1, 500103, 1, '')";
            let error = db.write(|tx| tx.execute(sql, params![])).unwrap_err();
            assert_eq!(error.violated(), Some("dues_run_1_run"));
        }
    }
}

/// How the writer of a file waits for its drive: 1, only when the log is taken into the file; 2, at each commit.
#[test]
fn a_chunk_on_a_file_does_not_wait_for_the_drive_and_the_next_writer_does() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&store::Url::Sqlite(folder.path().join("city.db"))).unwrap();
    let waits = |how: store::Write| {
        let asked = db.write_with(how, |tx| {
            tx.one("pragma synchronous", params![], |row| row.get::<i64>(0))
        });
        asked.unwrap()
    };
    assert_eq!(waits(store::Write::chunk()), 1);
    assert_eq!(waits(store::Write::committed()), 2);
    // Also after a chunk that was not kept.
    let lost = db.write_with(store::Write::chunk(), |tx| tx.batch("no such statement"));
    assert!(lost.is_err());
    assert_eq!(waits(store::Write::default()), 2);
}
