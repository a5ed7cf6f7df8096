//! What the schema keeps: facts, rows, states, maker and checker.

use measure::{Day, Month};
use store::{Db, Engine, Error, Tx, both, params, testing::MADE};

const RESIDENCE: &str =
    "insert into residence (residence, person, district, valid_from, recorded, origin_kind, origin)
    values ($1, 7, 500103, $2, $3, 6, 1)";
pub(crate) const RUN: &str = "insert into run (run, kind, month, state, law_version, facts_known, chunk_size, chunks, made_by, opened)
    values ($1, 1, $2, 1, 'law', $3, 1000, 1, 'maker@500103', $3)";

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(crate) fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn settled(db: &Db) {
    db.write(|tx| tx.execute(RESIDENCE, params![1, day("2025-01-01"), MADE]))
        .unwrap();
}

fn write(db: &Db, sql: &'static str) -> Result<u64, Error> {
    db.write(|tx| tx.execute(sql, params![]))
}

pub(crate) fn code(result: Result<u64, Error>) -> String {
    result.map_or_else(
        |error| error.code().to_owned(),
        |rows| format!("{rows} rows"),
    )
}

pub(crate) fn open_run(tx: &mut Tx<'_>, run: i64, of: &str) -> Result<(), Error> {
    tx.execute(RUN, params![run, month(of), MADE]).map(drop)
}

/// Takes a run the whole way to published.
pub(crate) fn publish(tx: &mut Tx<'_>, run: i64) -> Result<(), Error> {
    for state in [2, 3] {
        tx.execute(
            "update run set state = $2 where run = $1",
            params![run, state],
        )?;
    }
    tx.execute(
        "update run set state = 4, rows = 0, hash = $2, approved_hash = $2, approved_by = 'checker@500103' where run = $1",
        params![run, [7_u8; 32]],
    )?;
    tx.execute(
        "update run set state = 5, published = $2 where run = $1",
        params![run, MADE],
    )
    .map(drop)
}

both! {
    a_fact_is_superseded_once_and_nothing_else(db) {
        settled(db);
        assert_eq!(code(write(db, "update residence set district = 500104")), "S0108");
        assert_eq!(code(write(db, "update residence set valid_until = valid_from")), "S0108");
        assert_eq!(code(write(db, "update residence set superseded = recorded, district = 500104")), "S0108");
        assert_eq!(code(write(db, "update residence set superseded = null")), "S0108");
        assert_eq!(code(write(db, "update residence set superseded = recorded")), "1 rows");
        assert_eq!(code(write(db, "update residence set superseded = recorded")), "S0108");
        assert_eq!(code(write(db, "update residence set superseded = null")), "S0108");
        assert_eq!(code(write(db, "delete from residence")), "S0108");
    }

    nor_is_it_removed_by_a_side_door(db) {
        settled(db);
        let sql = match db.engine() {
            Engine::Postgres => "truncate residence",
            Engine::Sqlite => "insert or replace into residence (residence, person, district, valid_from, recorded, origin_kind, origin)
                values (1, 8, 500104, 0, 0, 6, 1)",
        };
        assert_eq!(code(write(db, sql)), "S0108");
        let upsert = "insert into residence (residence, person, district, valid_from, recorded, origin_kind, origin)
            select residence, person, district, valid_from, recorded, 6, 2 from residence where 1 = 1
            on conflict (residence) do update set person = 9";
        assert_eq!(code(write(db, upsert)), "S0108");
    }

    what_may_change_is_named(db) {
        let sql = "insert into employer (employer, credit_code, name, recorded, origin_kind, origin)
            values (1, 'A', 'a', $1, 6, 1)";
        db.write(|tx| tx.execute(sql, params![MADE])).unwrap();
        assert_eq!(code(write(db, "update employer set name = 'b'")), "1 rows");
        assert_eq!(code(write(db, "update employer set credit_code = 'B'")), "S0108");
    }

    a_fact_ends_after_it_begins(db) {
        let sql = "insert into residence (person, district, valid_from, valid_until, recorded, origin_kind, origin)
            values (7, 500103, $1, $1, $2, 6, 1)";
        let error = db.write(|tx| tx.execute(sql, params![day("2025-01-01"), MADE])).unwrap_err();
        assert_eq!(error.violated(), Some("residence_valid"));
    }

    a_number_is_one_persons(db) {
        let sql = "insert into identity (person, kind, cipher, blind, valid_from, recorded, superseded, origin_kind, origin)
            values ($1, 1, $2, $2, $3, $4, $5, 6, 1)";
        let insert = |person, blind: &[u8], superseded| {
            db.write(|tx| tx.execute(sql, params![person, blind, day("2025-01-01"), MADE, superseded]))
        };
        insert(1, &[1; 16], None).unwrap();
        let error = insert(2, &[1; 16], None).unwrap_err();
        assert_eq!(error.violated(), Some("identity_current"));
        insert(2, &[1; 16], Some(MADE)).unwrap();
        assert_eq!(insert(2, &[2; 15], None).unwrap_err().violated(), Some("identity_blind_is_128_bits"));
    }

    an_employee_has_an_employer(db) {
        let sql = "insert into participation (person, scheme, category, employer, district, status, valid_from, recorded, origin_kind, origin)
            values (7, 1, $1, $2, 500103, 1, $3, $4, 6, 1)";
        let insert = |category, employer: Option<i64>| {
            db.write(|tx| tx.execute(sql, params![category, employer, day("2025-01-01"), MADE]))
        };
        insert(1, Some(3)).unwrap();
        insert(2, None).unwrap();
        assert_eq!(insert(1, None).unwrap_err().violated(), Some("participation_employer_of_employees"));
        assert_eq!(insert(2, Some(3)).unwrap_err().violated(), Some("participation_employer_of_employees"));
    }

    a_run_goes_its_steps(db) {
        db.write(|tx| open_run(tx, 1, "2025-06")).unwrap();
        assert_eq!(code(write(db, "update run set state = 4")), "S0108");
                assert_eq!(code(write(db, "update run set month = opened")), "S0108");
        assert_eq!(code(write(db, "update run set law_version = 'other'")), "S0108");
        assert_eq!(code(write(db, "update run set state = 2")), "1 rows");
        assert_eq!(code(write(db, "update run set state = 3, rows = 5")), "1 rows");
        assert_eq!(code(write(db, "update run set state = 5")), "S0108");
        assert_eq!(code(write(db, "delete from run")), "S0108");
    }

    maker_is_not_checker_and_what_is_approved_is_the_content(db) {
        db.write(|tx| open_run(tx, 1, "2025-06")).unwrap();
        write(db, "update run set state = 2").unwrap();
        write(db, "update run set state = 3").unwrap();
        let approve = |by: &str, hash: [u8; 32], approved: [u8; 32]| {
            let sql = "update run set state = 4, hash = $2, approved_hash = $3, approved_by = $1";
            db.write(|tx| tx.execute(sql, params![by, hash, approved]))
        };
        assert_eq!(approve("maker@500103", [1; 32], [1; 32]).unwrap_err().violated(), Some("run_maker_is_not_checker"));
        assert_eq!(approve("checker@500103", [1; 32], [2; 32]).unwrap_err().violated(), Some("run_approved_as_it_is"));
        approve("checker@500103", [1; 32], [1; 32]).unwrap();
        let changed = db.write(|tx| tx.execute("update run set hash = $1", params![[3_u8; 32]]));
        assert_eq!(changed.unwrap_err().violated(), Some("run_approved_as_it_is"));
        assert_eq!(code(write(db, "update run set approved_by = null, state = 5")), "S0107");
        write(db, "update run set state = 5, published = opened").unwrap();
        assert_eq!(code(write(db, "update run set rows = 9")), "S0108");
    }

    one_run_is_at_work_and_one_is_published(db) {
        db.write(|tx| open_run(tx, 1, "2025-06")).unwrap();
        let second = db.write(|tx| open_run(tx, 2, "2025-06"));
        assert_eq!(second.unwrap_err().violated(), Some("run_at_work"));
        db.write(|tx| publish(tx, 1)).unwrap();
        let again = db.write(|tx| { open_run(tx, 2, "2025-06")?; publish(tx, 2) });
        assert_eq!(again.unwrap_err().violated(), Some("run_published"));
    }

    a_line_has_one_side_and_is_kept(db) {
        let journal = "insert into journal (journal, key, kind, month, day, origin_kind, origin, state)
            values (1, 'k', 2, $1, $2, 1, 1, 4)";
        db.write(|tx| tx.execute(journal, params![month("2025-06"), day("2025-06-30")])).unwrap();
        let line = |no, debit, credit| {
            let sql = "insert into line (journal, no, fund, heading, holder_kind, holder, debit, credit)
                values (1, $1, 11, 1, 0, 0, $2, $3)";
            db.write(|tx| tx.execute(sql, params![no, debit, credit]))
        };
        line(1, 100, 0).unwrap();
        line(2, 0, 100).unwrap();
        for (debit, credit) in [(0, 0), (1, 1), (-1, 0), (0, -1)] {
            assert_eq!(line(3, debit, credit).unwrap_err().violated(), Some("line_one_side"));
        }
        assert_eq!(code(write(db, "update line set debit = 200 where no = 1")), "S0108");
        assert_eq!(code(write(db, "delete from line")), "S0108");
        let again = db.write(|tx| tx.execute(journal, params![month("2025-06"), day("2025-06-30")]));
        assert!(matches!(again.unwrap_err().violated(), Some("journal_key" | "journal_pkey")));
    }

    a_sealed_month_takes_no_journal_and_the_chain_does_not_fork(db) {
        db.write(|tx| {
            open_run(tx, 1, "2025-06")?;
            open_run(tx, 2, "2025-07")
        })
        .unwrap();
        let seal = |run: i64, of: &str, previous: u8, hash: u8| {
            let sql = "insert into seal (run, month, closes, rows, previous, root, hash, at) values ($1, $2, true, 0, $3, $4, $5, $6)";
            db.write(|tx| tx.execute(sql, params![run, month(of), [previous; 32], [9_u8; 32], [hash; 32], MADE]))
        };
        seal(1, "2025-06", 0, 1).unwrap();
        let journal = "insert into journal (key, kind, month, day, origin_kind, origin, state)
            values ($1, 2, $2, $3, 1, 1, 4)";
        let post = |key: &str, of: &str| {
            db.write(|tx| tx.execute(journal, params![key, month(of), day("2025-06-30")]))
        };
        assert_eq!(code(post("a", "2025-06")), "S0108");
        assert_eq!(code(post("b", "2025-07")), "1 rows");
        assert_eq!(code(seal(2, "2025-07", 5, 2)), "S0108");
        assert_eq!(seal(2, "2025-07", 0, 2).unwrap_err().violated(), Some("seal_chain"));
        assert_eq!(code(seal(2, "2025-07", 1, 2)), "1 rows");
    }

    every_table_is_kept_or_named_here(db) {
        let sql = match db.engine() {
            Engine::Sqlite => "select m.name from sqlite_master m where m.type = 'table' and m.name not like 'sqlite_%' and not exists
                (select 1 from sqlite_master t where t.type = 'trigger' and t.name = m.name || '_kept') order by m.name",
            Engine::Postgres => "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
                and not exists (select 1 from pg_trigger t where t.tgname = c.relname || '_kept') order by c.relname",
        };
        let free: Vec<String> = db.read(|tx| tx.list(sql, params![], |row| row.get(0))).unwrap();
        // Receipts on their way in are gone when they are there; jobs when they are done, drafts when they are handed in; sessions, attempts to come in, forms and what programs asked when they are old; files that wait when they are
        // approved; rosters when later ones are there; and where the files lie may change.
        assert_eq!(free, ["arriving", "attempt", "call", "draft", "exchange", "form", "has_roster", "job", "leaving", "session", "shelf"]);
    }
}
