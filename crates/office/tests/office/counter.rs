//! Accounts are corrected at the counter while months go on beside.

use crate::money::{allocate, receipt, receive, sum};
use crate::month::{CUT, a_published_month};
use crate::town::{TheLaw, acting, actor, month, settle};
use city::collection::{BillId, reference};
use city::entries::{Asked, EntryId};
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::{Run, RunKind};
use measure::{Fen, Month};
use office::account::post::{approve, decline, post, reverse, standing, waiting};
use office::month::credit::credit;
use office::month::publish::{self, close};
use office::verify::{Finding, verify};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::thread;
use store::testing::lines;
use store::{Db, params};

/// What is found wrong; nothing, as a rule.
pub(crate) fn found(db: &Db) -> Vec<&'static str> {
    let report = verify(db, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    report.findings.iter().map(Finding::code).collect()
}

/// Everybody pays what is open of a month, on its last day.
pub(crate) fn pay(db: &Db, law: &TheLaw, of: Month) {
    let bills: Vec<(BillId, i64)> = db
        .read(|tx| {
            tx.set_all_districts()?;
            tx.list(
                "select bill, amount from bill where open order by bill",
                params![],
                |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)),
            )
        })
        .unwrap();
    let on = of.last_day().to_string();
    let paid: Vec<_> = bills
        .iter()
        .map(|(bill, amount)| receipt(&format!("all/{bill}"), &on, *amount, &reference(*bill)))
        .collect();
    let later = of.add_months(1).unwrap().first_day().to_string();
    receive(db, &format!("{of}.csv"), &paid, &later).unwrap();
    allocate(db, law, &later);
}

/// The crediting of a month whose dues are in force, computed and waiting for review.
pub(crate) fn computed(db: &Db, law: &TheLaw, of: Month) -> Run {
    let maker = actor("maker");
    let on = after(of, 2);
    credit(
        db,
        law.applied(),
        of,
        CUT,
        acting(&maker, &on),
        &mut |_, _| {},
    )
    .unwrap()
}

/// A day of the next month.
pub(crate) fn after(of: Month, days: i32) -> String {
    let next = of.add_months(1).unwrap().first_day();
    next.add_days(days).unwrap().to_string()
}

/// Approves what was computed and closes the month.
pub(crate) fn closed(db: &Db, run: &Run) {
    let (checker, of) = (actor("checker"), run.month);
    let content = run.content.unwrap().to_string();
    let on = after(of, 3);
    publish::approve(db, RunKind::Crediting, of, &content, acting(&checker, &on)).unwrap();
    close(db, of, acting(&checker, &on)).unwrap();
}

/// A month from opening to closing in which everybody pays.
pub(crate) fn a_paid_month(db: &Db, law: &TheLaw, of: &str) {
    let of = month(of);
    a_published_month(db, law, of);
    pay(db, law, of);
    let run = computed(db, law, of);
    closed(db, &run);
}

pub(crate) fn person(number: i64) -> PersonId {
    PersonId::new(number).unwrap()
}

pub(crate) fn asked(key: &str, whose: i64, fen: i64) -> Asked {
    Asked {
        key: key.to_owned(),
        person: person(whose),
        scheme: Scheme::EmployeePension,
        month: month("2025-05"),
        amount: Fen(fen),
        reason: "漏记".to_owned(),
    }
}

pub(crate) fn balance(db: &Db, whose: i64) -> i64 {
    let seen = db.read(|tx| {
        tx.set_all_districts()?;
        standing(tx, person(whose), Scheme::EmployeePension)
    });
    seen.unwrap().balance.0
}

fn ask(db: &Db, what: &Asked, on: &str) -> Result<EntryId, office::Error> {
    let maker = actor("maker");
    post(db, what, District::new(500_103), acting(&maker, on))
}

/// Asked by one, approved by another.
pub(crate) fn posted(db: &Db, what: &Asked, on: &str) -> EntryId {
    let id = ask(db, what, on).unwrap();
    approve(db, id, acting(&actor("checker"), on)).unwrap();
    id
}

store::both! {
    a_correction_is_asked_approved_and_taken_back(db) {
        settle(db, 10);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        let (by, other) = (acting(&maker, "2025-08-01"), acting(&checker, "2025-08-02"));
        let before = balance(db, 3);
        assert!(before > 0);

        let id = ask(db, &asked("case/1", 3, 12_345), "2025-08-01").unwrap();
        assert_eq!(ask(db, &asked("case/1", 3, 12_345), "2025-08-01"), Ok(id));
        let code = |outcome: Result<EntryId, office::Error>| outcome.unwrap_err().code();
        assert_eq!(code(ask(db, &asked("case/1", 3, 12_346), "2025-08-01")), "A0108");
        assert_eq!(code(ask(db, &asked("case/2", 3, -before - 1), "2025-08-01")), "A0105");
        assert_eq!(code(ask(db, &asked("case/2", 999, 5), "2025-08-01")), "N0302");
        assert_eq!(balance(db, 3), before, "it does not count before it is approved");
        assert_eq!(waiting(db, by).unwrap().len(), 1);
        assert_eq!(approve(db, id, by).unwrap_err().code(), "A0106");
        assert_eq!(code(reverse(db, id, "case/3", "误记", by)), "A0107");
        approve(db, id, other).unwrap();
        assert_eq!(approve(db, id, other).unwrap_err().code(), "A0107");
        assert_eq!(balance(db, 3), before + 12_345);
        assert_eq!(found(db), [""; 0]);

        let back = reverse(db, id, "case/3", "误记", by).unwrap();
        assert_eq!(reverse(db, id, "case/3", "误记", by), Ok(back));
        assert_eq!(code(reverse(db, id, "case/4", "误记", by)), "A0109");
        decline(db, back, other).unwrap();
        let again = reverse(db, id, "case/5", "误记", by).unwrap();
        approve(db, again, other).unwrap();
        assert_eq!(balance(db, 3), before);
        assert_eq!(found(db), [""; 0]);
        // Somebody whose account begins with it.
        let first = posted(db, &asked("case/6", 8, 700), "2025-08-03");
        assert_eq!((balance(db, 8), first.number() > 0), (700, true));
        assert_eq!(found(db), [""; 0]);
        let noted = "select count(*) from audit where subject_kind = 1 and subject = 3 and action like 'account.%'";
        assert!(sum(db, noted) >= 6);
    }

    /// What was approved before a run was opened it takes up; what comes meanwhile stands beside it.
    a_run_takes_up_what_was_there_and_loses_nothing(db) {
        settle(db, 20);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-06");
        let july = month("2025-07");
        a_published_month(db, &law, july);
        pay(db, &law, july);
        let before = balance(db, 3);
        posted(db, &asked("early", 3, 1_000), "2025-08-01");
        let late = ask(db, &asked("asked early", 3, 200), "2025-08-01").unwrap();
        let run = computed(db, &law, july);
        assert_eq!(balance(db, 3), before + 1_000, "taken up by a run that is not in force, it still counts");
        posted(db, &asked("meanwhile", 3, 30), "2025-08-03");
        approve(db, late, acting(&actor("checker"), "2025-08-03")).unwrap();
        assert_eq!(balance(db, 3), before + 1_230);
        assert_eq!(found(db), [""; 0]);
        let credit = sum(db, "select cast(sum(credit) as bigint) from dues_line d join run r on r.run = d.run \
             where d.person = 3 and d.scheme = 1 and r.month = (select max(month) from run where kind = 1)");
        closed(db, &run);
        assert_eq!(balance(db, 3), before + credit + 1_230);
        assert_eq!(sum(db, "select count(*) from entry where taken_up is null"), 2);
        assert_eq!(found(db), [""; 0]);
        a_paid_month(db, &law, "2025-08");
        assert_eq!(sum(db, "select count(*) from entry where taken_up is null"), 0);
        assert_eq!(balance(db, 3), before + 2 * credit + 1_230);
        assert_eq!(found(db), [""; 0]);
    }

    /// Two runs at work on the accounts would undo each other.
    one_run_at_a_time_is_at_work_on_the_accounts(db) {
        settle(db, 10);
        let law = TheLaw::read();
        let (june, july) = (month("2025-06"), month("2025-07"));
        a_published_month(db, &law, june);
        a_published_month(db, &law, july);
        pay(db, &law, july);
        let run = computed(db, &law, june);
        let maker = actor("maker");
        let second = credit(db, law.applied(), july, CUT, acting(&maker, "2025-09-01"), &mut |_, _| {});
        assert_eq!(second.unwrap_err().code(), "N0112");
        closed(db, &run);
        closed(db, &computed(db, &law, july));
        assert_eq!(found(db), [""; 0]);
    }

    /// Many clerks post while a month is computed, approved and closed: nobody waits for it, nothing is lost.
    many_post_while_a_month_is_credited(db) {
        settle(db, 30);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-06");
        let july = month("2025-07");
        a_published_month(db, &law, july);
        pay(db, &law, july);
        let before: i64 = (1..=5).map(|whose| balance(db, whose)).sum();
        thread::scope(|scope| {
            for clerk in 1..=4_i64 {
                scope.spawn(move || {
                    for turn in 0..6 {
                        let whose = 1 + (clerk + turn) % 5;
                        posted(db, &asked(&format!("{clerk}/{turn}"), whose, 100), "2025-08-01");
                    }
                });
            }
            closed(db, &computed(db, &law, july));
        });
        let credit = sum(db, "select cast(sum(credit) as bigint) from dues_line d join run r on r.run = d.run \
             where d.person <= 5 and d.scheme = 1 and r.month = (select max(month) from run where kind = 1)");
        let after: i64 = (1..=5).map(|whose| balance(db, whose)).sum();
        assert_eq!(after, before + credit + 2_400);
        assert_eq!(found(db), [""; 0]);
    }
}

/// Something that is done to an account. Numbers pick from the entries there are, by remainder.
#[derive(Clone, Debug)]
enum Deed {
    Ask(i64, i64),
    Approve(usize),
    Decline(usize),
    Reverse(usize),
    /// The next month is computed.
    Compute,
    /// What is computed comes into force.
    Close,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (1..6_i64, -90_000..90_000_i64).prop_map(|(whose, fen)| Deed::Ask(whose, fen)),
        4 => (0..40_usize).prop_map(Deed::Approve),
        1 => (0..40_usize).prop_map(Deed::Decline),
        2 => (0..40_usize).prop_map(Deed::Reverse),
        2 => Just(Deed::Compute),
        2 => Just(Deed::Close),
    ];
    proptest::collection::vec(deed, 1..24)
}

/// The simplest there is: a sum a person.
#[derive(Default)]
struct Model {
    balances: BTreeMap<i64, i64>,
    entries: Vec<(EntryId, i64, i64, bool)>,
    at_work: Option<Run>,
    months: i32,
}

fn carry_out(db: &Db, law: &TheLaw, model: &mut Model, step: usize, deed: &Deed) {
    let (checker, maker) = (actor("checker"), actor("maker"));
    let on = "2026-03-01";
    let of = month("2025-06").add_months(model.months).unwrap();
    match *deed {
        Deed::Ask(whose, fen) => {
            if let Ok(id) = ask(db, &asked(&format!("s{step}"), whose, fen), on) {
                model.entries.push((id, whose, fen, false));
            }
        }
        Deed::Approve(which) if !model.entries.is_empty() => {
            let which = which % model.entries.len();
            let (id, whose, fen, counts) = model.entries[which];
            let balance = model.balances.entry(whose).or_default();
            match approve(db, id, acting(&checker, on)) {
                Ok(_) => {
                    assert!(!counts && (fen > 0 || 0 <= *balance + fen));
                    *balance += fen;
                    model.entries[which].3 = true;
                }
                Err(error) if error.code() == "A0105" => assert!(fen < 0 && *balance + fen < 0),
                Err(error) => assert_eq!(error.code(), "A0107"),
            }
        }
        Deed::Decline(which) if !model.entries.is_empty() => {
            let which = which % model.entries.len();
            let (id, _, _, counts) = model.entries[which];
            if decline(db, id, acting(&checker, on)).is_ok() {
                assert!(!counts);
            }
        }
        Deed::Reverse(which) if !model.entries.is_empty() => {
            let which = which % model.entries.len();
            let (id, whose, fen, counts) = model.entries[which];
            if let Ok(id) = reverse(db, id, &format!("s{step}"), "误记", acting(&maker, on)) {
                assert!(counts);
                model.entries.push((id, whose, -fen, false));
            }
        }
        Deed::Compute if model.at_work.is_none() => {
            a_published_month(db, law, of);
            pay(db, law, of);
            model.at_work = Some(computed(db, law, of));
        }
        Deed::Close => {
            if let Some(run) = model.at_work.take() {
                closed(db, &run);
                model.months += 1;
                for whose in 1..6 {
                    *model.balances.entry(whose).or_default() += credited(db, whose);
                }
            }
        }
        _ => {}
    }
    for (whose, balance) in &model.balances {
        assert_eq!(
            self::balance(db, *whose),
            *balance,
            "{whose} after {deed:?}"
        );
    }
}

/// What the last month credited to a person.
fn credited(db: &Db, whose: i64) -> i64 {
    let sql = "select cast(coalesce(sum(credit), 0) as bigint) from dues_line \
               where run = (select max(run) from run where kind = 1 and state = 7) and scheme = 1 and person = $1";
    lines::unpack(db);
    db.read(|tx| tx.one(sql, params![whose], |row| row.get(0)))
        .unwrap()
}

/// Runs a test on a database of its own.
type WithDb = fn(&mut dyn FnMut(&Db));

fn whatever_is_done(law: &TheLaw, cases: u32, with_db: WithDb) {
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    });
    let outcome = runner.run(&deeds(), |deeds| {
        with_db(&mut |db| {
            settle(db, 10);
            let mut model = Model::default();
            for (step, deed) in deeds.iter().enumerate() {
                carry_out(db, law, &mut model, step, deed);
            }
            assert_eq!(found(db), [""; 0]);
        });
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn balances_are_those_of_a_simple_sum_on_sqlite() {
    whatever_is_done(&TheLaw::read(), 24, |test| {
        store::testing::on_sqlite(|db| test(db));
    });
}

#[test]
fn balances_are_those_of_a_simple_sum_on_postgres() {
    whatever_is_done(&TheLaw::read(), 5, |test| {
        store::testing::on_postgres(|db| test(db));
    });
}
