//! Whatever comes in whichever order, and whatever is taken back: the books agree with the bills and receipts to the fen.

use crate::money::{agree, allocate, code, employer, on, owed, receipt, receive};
use crate::month::a_published_month;
use crate::town::{TheLaw, actor, month, settle};
use city::collection::write_offs::Ground;
use city::collection::{AllocationId, BillId, ReceiptId, reference};
use measure::{Day, Fen};
use office::collect::{clarify, refund, undo, write_off};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::write_offs::Asked;
use store::{Db, params};

/// Something that is done. Numbers pick from what there is, by remainder.
#[derive(Clone, Debug)]
enum Deed {
    /// Money of employer 1 or 2, by bill, or of nobody known; so many fen, booked so many days after the first.
    Receive(u8, i64, i32),
    Allocate,
    Undo(i64),
    UndoReceipt(i64),
    Clarify(i64, i64),
    /// How far a refund of a part of what is left is taken: asked, approved, sent, came back; or declined.
    Refund(i64, u8),
    WriteOff(i64, i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..4_u8, 1..900_000_i64, 0..60).prop_map(|(who, fen, day)| Deed::Receive(who, fen, day)),
        4 => Just(Deed::Allocate),
        1 => (0..50_i64).prop_map(Deed::Undo),
        1 => (0..50_i64).prop_map(Deed::UndoReceipt),
        2 => (0..50_i64, 1..3_i64).prop_map(|(which, whose)| Deed::Clarify(which, whose)),
        1 => (0..50_i64, 0..5_u8).prop_map(|(which, steps)| Deed::Refund(which, steps)),
        1 => (0..50_i64, 1..4_i64).prop_map(|(which, part)| Deed::WriteOff(which, part)),
    ];
    proptest::collection::vec(deed, 1..14)
}

/// One of the numbers that a statement gives.
fn pick(db: &Db, sql: &'static str, which: i64) -> Option<i64> {
    let all: Vec<i64> = db
        .read(|tx| tx.list(sql, params![], |row| row.get::<i64>(0)))
        .unwrap();
    let place = usize::try_from(which).unwrap() % all.len().max(1);
    all.get(place).copied()
}

fn later(days: i32) -> String {
    Day::parse("2025-06-10")
        .unwrap()
        .add_days(days)
        .unwrap()
        .to_string()
}

fn carry_out(db: &Db, law: &TheLaw, step: i32, deed: &Deed) {
    // Whoever acts does so after whatever the bank has booked.
    let today = later(61 + step);
    let maker = actor("maker");
    match *deed {
        Deed::Receive(who, fen, day) => {
            let text = match who {
                0 | 1 => code(i64::from(who) + 1),
                2 => {
                    let bill = pick(
                        db,
                        "select bill from bill where payer_kind <> 3 order by bill",
                        fen,
                    )
                    .unwrap();
                    reference(BillId::new(bill).unwrap())
                }
                _ => String::from("社保"),
            };
            receive(
                db,
                "file",
                &[receipt(&format!("r{step}"), &later(day), fen, &text)],
                &today,
            )
            .unwrap();
        }
        Deed::Allocate => drop(allocate(db, law, &today)),
        Deed::Undo(which) => {
            if let Some(id) = pick(
                db,
                "select allocation from allocation where undone_at is null order by allocation",
                which,
            ) {
                undo::undo(db, AllocationId::new(id).unwrap(), on(&maker, &today)).unwrap();
            }
        }
        Deed::UndoReceipt(which) => {
            if let Some(id) = pick(db, "select receipt from receipt order by receipt", which) {
                let undone =
                    undo::undo_receipt(db, ReceiptId::new(id).unwrap(), on(&maker, &today));
                assert!(undone.is_ok() || undone.is_err_and(|error| error.code() == "N0306"));
            }
        }
        Deed::Clarify(which, whose) => {
            if let Some(id) = pick(db, "select receipt from receipt order by receipt", which) {
                let done = clarify::clarify(
                    db,
                    ReceiptId::new(id).unwrap(),
                    employer(whose),
                    on(&maker, &today),
                );
                assert!(done.is_ok() || done.is_err_and(|error| error.code() == "N0303"));
            }
        }
        Deed::Refund(which, steps) => refunded(db, which, steps, (&today, step)),
        Deed::WriteOff(which, part) => given_up(db, law, (which, part), &today),
    }
}

fn given_up(db: &Db, law: &TheLaw, (which, part): (i64, i64), today: &str) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    let bills = "select bill from bill where payer_kind = 1 order by bill";
    let payers = "select payer from bill where payer_kind = 1 order by bill";
    let (Some(id), Some(payer)) = (pick(db, bills, which), pick(db, payers, which)) else {
        return;
    };
    let owes = owed(db, law, employer(payer), today);
    let Some(open) = owes.bills.iter().find(|open| open.bill.id.number() == id) else {
        return;
    };
    let asked = Asked {
        bill: open.bill.id,
        ground: Ground::Ruling,
        reason: "裁定",
        principal: Fen(open.today.principal.0 / part),
        fee: Fen(open.today.fee.0 / part),
    };
    match write_off::ask(db, law.applied(), &asked, on(&maker, today)) {
        Ok(id) => write_off::approve(db, law.applied(), id, on(&checker, today)).unwrap(),
        // Less than a fen is not written off.
        Err(error) => assert_eq!(error.code(), "K0101"),
    }
}

fn refunded(db: &Db, which: i64, steps: u8, (today, step): (&str, i32)) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    let Some(id) = pick(db, "select receipt from receipt order by receipt", which) else {
        return;
    };
    let receipt = ReceiptId::new(id).unwrap();
    let rest = db
        .read(|tx| store::receipts::find(tx, receipt))
        .unwrap()
        .unwrap()
        .rest;
    let asked = refund::Asked {
        key: &format!("f{step}"),
        receipt,
        amount: Fen((rest.0 + 1) / 2),
        account: "622202******0001",
        reason: "多缴",
    };
    if rest == Fen(0) {
        assert_eq!(
            refund::ask(db, &asked, on(&maker, today))
                .unwrap_err()
                .code(),
            "K0101"
        );
        return;
    }
    let id = refund::ask(db, &asked, on(&maker, today)).unwrap();
    if steps == 1 {
        refund::decline(db, id, on(&checker, today)).unwrap();
    }
    if steps >= 2 {
        refund::approve(db, id, on(&checker, today)).unwrap();
    }
    if steps >= 3 {
        refund::send(db, id, on(&maker, today)).unwrap();
    }
    if steps >= 4 {
        refund::came_back(db, id, on(&maker, today)).unwrap();
    }
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
            a_published_month(db, law, month("2025-06"));
            for (step, deed) in (0..).zip(&deeds) {
                carry_out(db, law, step, deed);
                agree(db);
            }
            let today = later(90);
            allocate(db, law, &today);
            let report = office::verify::verify(db, "cn-50", 1, &mut |_, _, _| {}).unwrap();
            assert!(report.findings.is_empty(), "{:?}", report.findings);
            // No money is held for somebody who owes dues.
            for payer in [employer(1), employer(2)] {
                let owes = owed(db, law, payer, &today);
                assert!(
                    owes.held == Fen(0) || owes.outlook.today.principal == Fen(0),
                    "{owes:?}"
                );
            }
        });
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn whatever_is_done_on_sqlite() {
    whatever_is_done(&TheLaw::read(), 24, |test| {
        store::testing::on_sqlite(|db| test(db));
    });
}

#[test]
fn whatever_is_done_on_postgres() {
    whatever_is_done(&TheLaw::read(), 5, |test| {
        store::testing::on_postgres(|db| test(db));
    });
}
