//! Several employers of one person: each that the law lets insure her at once is charged.

use crate::counter::person;
use crate::month::{CUT, a_published_month, approved, sum};
use crate::town::{TheLaw, acting, actor, day, moment, month, participate, settle};
use crate::verifying::{found, tamper};
use city::runs::RunKind;
use measure::Day;
use office::account::proof::{Row, prove};
use office::month::differ::differ;
use office::month::publish::publish_differences;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use store::testing::lines::unpack;
use store::{Db, params};

/// The lines of a person in a scheme: employer, base, what is due.
fn lines(db: &Db, table: &str, person: i64, scheme: i64) -> Vec<(i64, i64, i64)> {
    let sql = format!(
        "select employer, base, employer_due + person_due from {table} where person = {person} and scheme = {scheme} order by employer"
    );
    let sql: &'static str = sql.leak();
    unpack(db);
    db.read(|tx| {
        tx.list(sql, params![], |row| {
            Ok::<_, store::Error>((row.get(0)?, row.get(1)?, row.get(2)?))
        })
    })
    .unwrap()
}

/// What is no longer held to be true of somebody's work-injury insurance through an employer.
fn withdrawn(db: &Db, person: i64, employer: i64) {
    let values = params![person, employer, moment("2025-07-25")];
    let sql = "update participation set superseded = $3 where person = $1 and employer = $2 and scheme = 4";
    assert_eq!(db.write(|tx| tx.execute(sql, values)).unwrap(), 1);
}

store::both! {
    /// Both are billed, both stand in the proof, either altered is named; one taken away gives back that one and no more.
    each_of_several_employers_is_charged(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        // Person 1 works for employer 2, and for employer 1 too.
        db.write(|tx| participate(tx, 1, (4, 1), Some(1), Some(600_000))).unwrap();
        a_published_month(db, &law, june);
        assert_eq!(found(db), [""; 0]);

        let [(1, first_base, first), (2, _, second)] = lines(db, "dues_line", 1, 4)[..] else { panic!("not two lines") };
        assert!(first_base == 600_000 && first > 0 && second > 0);
        // Each is billed the sum of its own, found without the month's help: line by line.
        let billed = |employer: i64| db.read(|tx| tx.one(
            "select amount, cast((select sum(employer_due + person_due) from dues_line where employer = $1 and scheme = 4) as bigint), lines \
             from bill where payer_kind = 1 and payer = $1 and scheme = 4",
            params![employer], |row| Ok::<_, store::Error>((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)))).unwrap();
        for (employer, staff) in [(1, 7), (2, 6)] {
            let (amount, added, lines) = billed(employer);
            assert_eq!((amount, lines), (added, staff), "employer {employer}");
        }
        // The pension is held in one place.
        assert_eq!(lines(db, "dues_line", 1, 1).len(), 1);

        let proven = prove(db, person(1), (RunKind::Assessment, june), acting(&maker, "2025-07-10")).unwrap();
        let through = proven.lines.iter().filter_map(|(row, _)| match row {
            Row::Due(due) if due.scheme.code() == 4 => Some(due.through()),
            _ => None,
        });
        assert_eq!(through.collect::<Vec<_>>(), [1, 2]);
        proven.seal().unwrap();

        for (statement, undoing, codes) in [
            ("set employer_due = employer_due + 1 where person = 1 and employer = 1", "set employer_due = employer_due - 1 where person = 1 and employer = 1", &["V0101", "V0105", "V0104"][..]),
            ("set employer_due = employer_due + 1 where person = 1 and employer = 2 and scheme = 4", "set employer_due = employer_due - 1 where person = 1 and employer = 2 and scheme = 4", &["V0101", "V0105", "V0104"]),
            ("set employer = 3 where person = 1 and employer = 1", "set employer = 1 where person = 1 and employer = 3", &["V0101", "V0105"]),
        ] {
            tamper(db, "dues_line", &format!("update dues_line {statement}"));
            let named = found(db);
            tamper(db, "dues_line", &format!("update dues_line {undoing}"));
            assert_eq!(found(db), [""; 0], "{undoing}");
            assert_eq!(named.first(), codes.first(), "{statement}: {named:?}");
        }

        withdrawn(db, 1, 1);
        let compare = |on| differ(db, law.applied(), june, CUT, acting(&maker, on), &mut |_, _| {}).unwrap();
        let run = compare("2025-07-26");
        assert_eq!(sum(db, "select count(*) from difference"), 1);
        assert_eq!(lines(db, "difference", 1, 4), [(1, -first_base, -first)]);
        assert_eq!(sum(db, "select count(*) from difference where part = 2"), 1);
        approved(db, RunKind::Difference, &run);
        publish_differences(db, june, acting(&checker, "2025-07-27")).unwrap();
        assert_eq!(found(db), [""; 0]);
        assert_eq!(sum(db, "select -amount from bill where amount < 0"), first);
        tamper(db, "difference", "update difference set employer = 2");
        assert!(found(db).contains(&"V0101"));
        tamper(db, "difference", "update difference set employer = 1");
        assert_eq!(found(db), [""; 0]);
        // Asked again there is nothing more, and what was given back may be charged again.
        compare("2025-07-28");
        assert_eq!(sum(db, "select cast(rows as bigint) from run order by run desc limit 1"), 0);
    }

    /// Whom the law gives no dues through one employer is charged through the other, and told by both.
    an_employer_the_law_says_nothing_of_leaves_the_other_as_it_is(db) {
        settle(db, 10);
        db.write(|tx| {
            participate(tx, 1, (4, 1), Some(1), None)?;
            participate(tx, 3, (4, 1), Some(1), None)?;
            let sql = "update participation set superseded = $1 where person = 3 and employer = 2 and scheme = 4";
            tx.execute(sql, params![moment("2025-01-05")])?;
            participate(tx, 3, (4, 1), Some(2), None)
        })
        .unwrap();
        a_published_month(db, &TheLaw::read(), month("2025-06"));
        let of = |person: i64| lines(db, "dues_line", person, 4).into_iter().map(|(employer, _, _)| employer).collect::<Vec<_>>();
        assert_eq!((of(1), of(3)), (vec![2], vec![]));
        let refused = |person: i64| db.read(|tx| tx.list(
            "select employer from refused where person = $1 and scheme = 4 order by employer",
            params![person], |row| row.get::<i64>(0))).unwrap();
        assert_eq!((refused(1), refused(3)), (vec![1], vec![1, 2]));
        assert_eq!(found(db), [""; 0]);
    }

    /// Whatever employers insure people on whatever days of a month: who pays is who a look at every day names, bills are
    /// the naive sums, and all is found again from the facts.
    who_pays_is_who_a_look_at_every_day_names(db) {
        let law = TheLaw::read();
        settle(db, 10);
        // From the 1st, or a day of June, through employer 1 or 2 or both; until a day of June, or without end.
        let held = (1..=2_i64, 1..=30_i32, 2..=45_i32);
        let of_people = proptest::collection::vec(proptest::collection::vec(held, 1..4), 6..9);
        let mut runner = TestRunner::new(Config { cases: 4, failure_persistence: None, ..Config::default() });
        let trial = Cell::new(0_i32);
        runner.run(&of_people, |people| {
            trial.set(trial.get() + 1);
            let of = month("2025-05").add_months(trial.get()).unwrap();
            let first = 100 * i64::from(trial.get());
            let day_of = |day: i32| of.first_day().add_days(day - 1).unwrap();
            let mut want: BTreeSet<(i64, i64)> = BTreeSet::new();
            for (person, held) in (first..).zip(&people) {
                want.extend(settled(db, person, held, day_of).into_iter().map(|employer| (person, employer)));
            }
            a_published_month(db, &law, of);
            unpack(db);
            let sql = "select person, employer from dues_line where run = (select max(run) from run) and scheme = 4 and person >= $1 order by person, employer";
            let got: Vec<(i64, i64)> = db.read(|tx| tx.list(sql, params![first], |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)))).unwrap();
            prop_assert_eq!(got, want.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(found(db), [""; 0]);
            Ok(())
        }).unwrap();
    }
}

/// Insures somebody new through employers for a month's days and tells who is to pay: whoever there is when the last comes.
fn settled(
    db: &Db,
    person: i64,
    held: &[(i64, i32, i32)],
    day_of: impl Fn(i32) -> Day,
) -> Vec<i64> {
    let mut days: BTreeMap<i64, BTreeSet<i32>> = BTreeMap::new();
    // No run has known it yet.
    let latest = db.read(store::runs::latest_known).unwrap();
    let known = latest.map_or_else(
        || moment("2025-01-05"),
        |latest| latest.plus_microseconds(1),
    );
    db.write(|tx| {
        tx.execute(
            "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)",
            params![person, day("1985-03-02"), vec![0_u8], known],
        )?;
        for (employer, from, long) in held {
            let until = from + long;
            let theirs = days.entry(*employer).or_default();
            // Of one employer no two at once.
            if theirs.iter().any(|day| (*from..until).contains(day)) {
                continue;
            }
            theirs.extend(*from..until);
            tx.execute(
                "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, valid_until, \
                 recorded, origin_kind, origin) values ($1, 4, 1, $2, 500103, 1, $3, $4, $5, $6, 6, 1)",
                params![person, *employer, 500_000_i64, day_of(*from), day_of(until), known],
            )?;
        }
        Ok::<(), store::Error>(())
    })
    .unwrap();
    let last = day_of(1).month().last_day();
    let within = |days: &BTreeSet<i32>| -> Option<(i32, i32)> {
        let mut there = days.iter().filter(|number| day_of(**number) <= last);
        let first = *there.next()?;
        Some((first, there.next_back().copied().unwrap_or(first)))
    };
    let hulls: BTreeMap<i64, (i32, i32)> = days
        .iter()
        .filter_map(|(employer, days)| Some((*employer, within(days)?)))
        .collect();
    let Some(on) = hulls.values().map(|(first, _)| *first).max() else {
        return Vec::new();
    };
    let there = hulls
        .into_iter()
        .filter(|(_, (first, last))| (*first..=*last).contains(&on));
    there.map(|(employer, _)| employer).collect()
}
