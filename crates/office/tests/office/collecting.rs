//! Money comes in, and settles what is owed: stories, on both databases.

use crate::money::{
    agree, allocate, code, employer, number, on, owed, receipt, receive, state, sum,
};
use crate::month::a_published_month;
use crate::town::{TheLaw, actor, month, settle};
use city::collection::{BillId, Payer, reference};
use city::people::PersonId;
use measure::Fen;
use office::collect::clarify::{clarify, waiting};
use office::collect::owes::ageing;
use office::collect::undo::{undo, undo_receipt};
use store::{Db, params};

fn june(db: &Db) -> TheLaw {
    settle(db, 20);
    let law = TheLaw::read();
    a_published_month(db, &law, month("2025-06"));
    law
}

/// What an employer's bills come to.
fn billed(db: &Db, law: &TheLaw, number: i64) -> i64 {
    owed(db, law, employer(number), "2025-06-15")
        .outlook
        .today
        .principal
        .0
}

/// The late fee by hand: five ten-thousandths a day of each bill, half up.
fn fee(bills: &[i64], days: i64) -> i64 {
    bills
        .iter()
        .map(|open| (open * 5 * days + 5_000) / 10_000)
        .sum()
}

store::both! {
    /// A bank file with everybody's money in time: everything is settled, in one journal for a batch, whoever pays.
    paid_in_full_and_in_time(db) {
        let law = june(db);
        let (one, two) = (billed(db, &law, 1), billed(db, &law, 2));
        let paid = [
            receipt("a", "2025-06-28", one, &format!("社保费 {}", code(1))),
            receipt("b", "2025-06-30", two, &code(2)),
        ];
        let received = receive(db, "0630.csv", &paid, "2025-07-01").unwrap();
        assert_eq!((received.receipts, received.known, received.amount), (2, 0, Fen(one + two)));
        agree(db);
        let done = allocate(db, &law, "2025-07-01");
        assert_eq!((done.receipts, done.found, done.allocations), (2, 2, 6));
        assert_eq!((done.principal, done.fee, done.held), (Fen(one + two), Fen(0), Fen(0)));
        assert_eq!((state(db, "a"), state(db, "b")), (3, 3));
        assert_eq!(owed(db, &law, employer(1), "2025-07-31").outlook.today.total().unwrap(), Fen(0));
        assert_eq!(sum(db, "select count(*) from bill where not open"), 6);
        assert_eq!(sum(db, "select count(*) from journal where kind = 5"), 1);
        // There is nothing to do a second time.
        assert_eq!(allocate(db, &law, "2025-07-01").allocations, 0);
        assert_eq!(sum(db, "select count(*) from allocation_batch"), 1);
    }

    /// Half in time, the rest late: the fee runs on what is open, dues go first, and what was paid bears no more.
    the_rest_late_with_its_fee(db) {
        let law = june(db);
        let whole = billed(db, &law, 1);
        receive(db, "1", &[receipt("half", "2025-06-30", whole / 2, &code(1))], "2025-06-30").unwrap();
        allocate(db, &law, "2025-06-30");
        let today = owed(db, &law, employer(1), "2025-07-10");
        let open: Vec<i64> = today.bills.iter().map(|bill| bill.today.principal.0).collect();
        assert_eq!(open.iter().sum::<i64>(), whole - whole / 2);
        assert_eq!(today.outlook.today.fee, Fen(fee(&open, 10)));
        assert_eq!(today.outlook.tomorrow.fee, Fen(fee(&open, 11)));
        assert!(today.bills.iter().all(|bill| bill.today.days_late == 10 && bill.today.fee < bill.fee_tomorrow));
        // The day before the money counted, all was open.
        assert_eq!(owed(db, &law, employer(1), "2025-06-29").outlook.today.principal, Fen(whole));

        receive(db, "2", &[receipt("rest", "2025-07-10", whole - whole / 2, &code(1))], "2025-07-11").unwrap();
        allocate(db, &law, "2025-07-11");
        let after = owed(db, &law, employer(1), "2025-09-01");
        assert_eq!((after.outlook.today.principal, after.outlook.today.fee), (Fen(0), Fen(fee(&open, 10))));
        assert_eq!(after.outlook.tomorrow.fee, after.outlook.today.fee);

        receive(db, "3", &[receipt("fee", "2025-09-01", fee(&open, 10), &code(1))], "2025-09-01").unwrap();
        let done = allocate(db, &law, "2025-09-01");
        assert_eq!((done.principal, done.fee), (Fen(0), Fen(fee(&open, 10))));
        assert_eq!(owed(db, &law, employer(1), "2025-09-01").bills.len(), 0);
        let income = "select cast(sum(credit - debit) as bigint) from line where heading = 4002";
        assert_eq!(sum(db, income), fee(&open, 10));
        assert_eq!(sum(db, "select count(*) from bill where not open"), 3);
    }

    /// What is too much is held for its payer, and settles the next month as soon as it is billed.
    what_is_too_much_waits_for_the_next_month(db) {
        let law = june(db);
        let whole = billed(db, &law, 2);
        receive(db, "1", &[receipt("more", "2025-06-30", whole + 12_345, &code(2))], "2025-06-30").unwrap();
        let done = allocate(db, &law, "2025-06-30");
        assert_eq!((done.held, state(db, "more")), (Fen(12_345), 2));
        assert_eq!(owed(db, &law, employer(2), "2025-06-30").held, Fen(12_345));
        assert!(waiting(db, 0, 10, on(&actor("clerk"), "2025-06-30")).unwrap().is_empty());
        assert_eq!(allocate(db, &law, "2025-07-01").allocations, 0);
        a_published_month(db, &law, month("2025-07"));
        agree(db);
        let done = allocate(db, &law, "2025-07-02");
        assert_eq!((done.principal, done.held, state(db, "more")), (Fen(12_345), Fen(0), 3));
        assert_eq!(owed(db, &law, employer(2), "2025-07-02").held, Fen(0));
    }

    /// Money of nobody known waits until somebody has looked, and what names two payers is not guessed.
    nobodys_money_is_clarified(db) {
        let law = june(db);
        let whole = billed(db, &law, 1);
        let others: i64 = sum(db, "select bill from bill where payer_kind = 1 and payer = 2 order by bill limit 1");
        let of_two = reference(BillId::new(others).unwrap());
        let paid = [
            receipt("wrong", "2025-06-30", whole, "91500000000000009X 社保费"),
            receipt("both", "2025-06-30", 100, &format!("{} {}", code(1), code(2))),
            receipt("other", "2025-06-30", 100, &format!("{} {of_two}", code(1))),
        ];
        receive(db, "1", &paid, "2025-06-30").unwrap();
        let done = allocate(db, &law, "2025-06-30");
        assert_eq!((done.nobodys, done.allocations, done.held), (3, 0, Fen(whole + 200)));
        let list = waiting(db, 0, 10, on(&actor("clerk"), "2025-07-01")).unwrap();
        assert_eq!(list.len(), 3);
        // They name payers: who looked is noted of each.
        assert_eq!(sum(db, "select count(*) from audit where action = 'collect.waiting' and actor = 'clerk'"), 3);
        assert!(list.iter().all(|known| known.whose.is_none() && known.rest == known.amount));

        let clerk = actor("clerk");
        let wrong = number(db, "wrong");
        let refused = clarify(db, wrong, employer(99), on(&clerk, "2025-07-05"));
        assert_eq!(refused.unwrap_err().code(), "N0304");
        clarify(db, wrong, employer(1), on(&clerk, "2025-07-05")).unwrap();
        let refused = clarify(db, wrong, employer(2), on(&clerk, "2025-07-05"));
        assert_eq!(refused.unwrap_err().code(), "N0303");
        let done = allocate(db, &law, "2025-07-05");
        // It counts from the day on which it came, however long somebody looked.
        assert_eq!((done.principal, done.fee), (Fen(whole), Fen(0)));
        assert_eq!(owed(db, &law, employer(1), "2025-07-05").bills.len(), 0);
    }

    /// The same file brings nothing twice, nor does another that tells of the same money; one that tells otherwise is refused
    /// as a whole.
    sent_twice_taken_in_once(db) {
        let law = june(db);
        let paid = [receipt("a", "2025-06-30", 500, &code(1)), receipt("b", "2025-06-30", 700, &code(2))];
        let first = receive(db, "1.csv", &paid, "2025-06-30").unwrap();
        let again = receive(db, "renamed.csv", &paid, "2025-07-01").unwrap();
        assert_eq!((again.batch, again.again, again.receipts), (first.batch, true, 0));
        let more = [paid[1].clone(), receipt("c", "2025-07-01", 900, &code(1)), paid[0].clone(), paid[0].clone()];
        let second = receive(db, "2.csv", &more, "2025-07-01").unwrap();
        assert_eq!((second.again, second.receipts, second.known, second.amount), (false, 1, 3, Fen(900)));
        agree(db);
        for other in [
            vec![receipt("d", "2025-07-01", 1, ""), receipt("a", "2025-06-30", 501, &code(1))],
            vec![receipt("d", "2025-07-01", 1, ""), receipt("a", "2025-06-29", 500, &code(1))],
            vec![receipt("d", "2025-07-01", 1, ""), receipt("d", "2025-07-01", 2, "")],
        ] {
            assert_eq!(receive(db, "3.csv", &other, "2025-07-01").unwrap_err().code(), "N0301");
        }
        assert_eq!(receive(db, "4.csv", &[receipt("e", "2025-07-01", 0, "")], "2025-07-01").unwrap_err().code(), "K0101");
        // Nothing is left of what was refused, and a file that was refused may be sent again once it is mended.
        assert_eq!(sum(db, "select count(*) from receipt"), 3);
        assert_eq!(sum(db, "select count(*) from arriving"), 0);
        assert_eq!(sum(db, "select count(*) from batch"), 2);
        assert_eq!(allocate(db, &law, "2025-07-02").principal, Fen(2_100));
    }

    /// Persons pay by the reference on their bill; they bear no late fee.
    a_person_pays_by_reference(db) {
        let law = june(db);
        let person = Payer::Person(PersonId::new(6).unwrap());
        let owes = owed(db, &law, person, "2025-08-31");
        assert_eq!((owes.bills.len(), owes.outlook.today.fee), (1, Fen(0)));
        let bill = &owes.bills[0];
        let written = format!("养老保险{}", reference(bill.bill.id));
        receive(db, "1", &[receipt("p", "2025-08-31", bill.today.principal.0, &written)], "2025-08-31").unwrap();
        let done = allocate(db, &law, "2025-08-31");
        assert_eq!((done.allocations, done.held), (1, Fen(0)));
        assert_eq!(owed(db, &law, person, "2025-08-31").bills.len(), 0);
    }

    /// What settled the wrong payer's bills is taken back, and settles the right one's.
    undone_and_given_to_the_right_one(db) {
        let law = june(db);
        let clerk = actor("clerk");
        receive(db, "1", &[receipt("a", "2025-06-30", 100_000, &code(1))], "2025-06-30").unwrap();
        allocate(db, &law, "2025-06-30");
        let open = billed(db, &law, 1);
        let a = number(db, "a");
        let made = undo_receipt(db, a, on(&clerk, "2025-07-03")).unwrap();
        assert_eq!(made.iter().map(|made| made.principal.0 + made.fee.0).sum::<i64>(), 100_000);
        agree(db);
        assert_eq!(state(db, "a"), 2);
        assert_eq!(undo_receipt(db, a, on(&clerk, "2025-07-03")).unwrap_err().code(), "N0306");
        assert_eq!(undo(db, made[0].id, on(&clerk, "2025-07-03")).unwrap_err().code(), "N0306");
        // What the bank says was wrong once and is not believed again.
        let done = allocate(db, &law, "2025-07-03");
        assert_eq!((done.nobodys, done.allocations), (1, 0));
        assert_eq!(billed(db, &law, 1), open);
        clarify(db, a, employer(2), on(&clerk, "2025-07-04")).unwrap();
        assert_eq!(allocate(db, &law, "2025-07-04").principal, Fen(100_000));

        // One allocation taken back: its money is still its payer's, and the bill is the first to be settled again.
        let id = sum(db, "select max(allocation) from allocation");
        let last = city::collection::AllocationId::new(id).unwrap();
        undo(db, last, on(&clerk, "2025-07-05")).unwrap();
        agree(db);
        assert!(allocate(db, &law, "2025-07-05").principal > Fen(0));
        assert_eq!(state(db, "a"), 3);
    }

    /// What was credited to the accounts is not taken back by undoing what paid for it.
    what_was_credited_is_not_undone(db) {
        let law = TheLaw::read();
        settle(db, 20);
        crate::month::a_closed_month(db, &law);
        agree(db);
        let first = sum(db, "select min(a.allocation) from allocation a join bill b on b.bill = a.bill where b.scheme = 1");
        let clerk = actor("clerk");
        let refused = undo(db, city::collection::AllocationId::new(first).unwrap(), on(&clerk, "2025-08-01"));
        assert_eq!(refused.unwrap_err().code(), "N0305");
        let injury = sum(db, "select min(a.allocation) from allocation a join bill b on b.bill = a.bill where b.scheme = 4");
        undo(db, city::collection::AllocationId::new(injury).unwrap(), on(&clerk, "2025-08-01")).unwrap();
        agree(db);
    }

    /// What is open in a district, by the law's bands of age.
    how_old_arrears_are(db) {
        let law = june(db);
        a_published_month(db, &law, month("2025-07"));
        let shapingba = city::places::District::new(500_112).unwrap();
        let aged = |day: &str| {
            let on = crate::town::day(day);
            let bands = db.read(|tx| ageing(tx, law.applied().law, shapingba, on)).unwrap();
            bands.into_iter().map(|(band, aged)| (band, aged.bills, aged.principal.0)).collect::<Vec<_>>()
        };
        let open = |sql| -> i64 { db.read(|tx| tx.one(sql, params![], |row| row.get(0))).unwrap() };
        let each = open("select cast(sum(amount) as bigint) from bill where district = 500112") / 2;
        let bills = open("select count(*) from bill where district = 500112").unsigned_abs() / 2;
        assert_eq!(aged("2025-06-30"), [(0, 2 * bills, 2 * each)]);
        assert_eq!(aged("2025-07-31"), [(0, bills, each), (1, bills, each)]);
        assert_eq!(aged("2025-10-15"), [(1, bills, each), (2, bills, each)]);
    }
}
