//! What takes two people: instalments, write-offs, refunds.

use crate::counter::{after, balance, closed, computed, person};
use crate::money::{
    agree, allocate, code, employer, number, on, owed, receipt, receive, state, sum,
};
use crate::month::a_published_month;
use crate::statement::{opened, told};
use crate::town::{TheLaw, actor, day, month, settle};
use crate::verifying::{found, tamper};
use city::collection::instalments::Standing;
use city::collection::write_offs::Ground;
use city::collection::{RefundId, reference};
use city::insurance::Scheme;
use measure::Fen;
use office::account::statement::What;
use office::collect::instalments::{self, Proposal};
use office::collect::{refund, undo, write_off};
use store::Db;
use store::instalments::Outcome;
use store::write_offs::Asked;

fn june(db: &Db) -> TheLaw {
    settle(db, 20);
    let law = TheLaw::read();
    a_published_month(db, &law, month("2025-06"));
    law
}

store::both! {
    /// Agreed with security, approved by another, the first instalment paid, the second missed; the next one is kept.
    instalments_kept_and_missed(db) {
        let law = june(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let proposal = Proposal {
            payer: employer(1),
            first: day("2025-08-15"),
            count: 2,
            guaranteed: true,
        };
        let july = "2025-07-10";
        let propose = |proposal, day| instalments::propose(db, law.applied(), proposal, on(&maker, day));
        let without = Proposal { guaranteed: false, ..proposal };
        assert_eq!(propose(without, july).unwrap_err().code(), "K0106");
        let past = Proposal { first: day("2025-07-09"), ..proposal };
        assert_eq!(propose(past, july).unwrap_err().code(), "K0107");
        let id = propose(proposal, july).unwrap();
        assert_eq!(propose(proposal, july).unwrap_err().code(), "K0103");
        assert_eq!(instalments::approve(db, id, on(&maker, july)).unwrap_err().code(), "K0104");
        instalments::approve(db, id, on(&checker, july)).unwrap();

        let agreement = |id, on: &str| db.read(|tx| instalments::standing(tx, id, day(on))).unwrap();
        let plan = agreement(id, july).plan;
        let owes = owed(db, &law, employer(1), july).outlook.today.total().unwrap();
        assert_eq!(plan[0].amount.0 + plan[1].amount.0, owes.0);
        receive(db, "1", &[receipt("first", "2025-08-15", plan[0].amount.0, &code(1))], "2025-08-15").unwrap();
        allocate(db, &law, "2025-08-15");
        assert_eq!(agreement(id, "2025-09-15").standing, Standing::Running);
        assert_eq!(agreement(id, "2025-09-15").plan[0].paid, plan[0].amount);
        assert_eq!(instalments::look(db, on(&maker, "2025-09-15")).unwrap(), []);
        assert_eq!(agreement(id, "2025-09-16").standing, Standing::Void);
        assert_eq!(instalments::look(db, on(&maker, "2025-09-16")).unwrap(), [(id, Outcome::Missed)]);
        assert_eq!(instalments::look(db, on(&maker, "2025-09-16")).unwrap(), []);
        assert_eq!(agreement(id, "2025-09-16").standing, Standing::Void);

        let again = Proposal { first: day("2025-09-30"), count: 1, ..proposal };
        let id = propose(again, "2025-09-20").unwrap();
        instalments::decline(db, id, on(&checker, "2025-09-20")).unwrap();
        assert_eq!(agreement(id, "2025-09-20").standing, Standing::Declined);
        let id = propose(again, "2025-09-20").unwrap();
        instalments::approve(db, id, on(&checker, "2025-09-20")).unwrap();
        let rest = agreement(id, "2025-09-20").plan[0].amount.0;
        receive(db, "2", &[receipt("rest", "2025-09-20", rest, &code(1))], "2025-09-21").unwrap();
        allocate(db, &law, "2025-09-21");
        assert_eq!(instalments::look(db, on(&maker, "2025-09-22")).unwrap(), [(id, Outcome::Kept)]);
        assert_eq!(owed(db, &law, employer(1), "2025-09-22").bills.len(), 0);
    }

    /// Written off on a ground the law knows, by two people, and only what is open.
    written_off_by_two_people(db) {
        let law = june(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let late = "2025-07-20";
        let before = owed(db, &law, employer(2), late);
        let bill = before.bills.iter().find(|bill| bill.bill.accounts != Fen(0)).unwrap();
        let (principal, fee) = (bill.today.principal, bill.today.fee);
        assert!(fee > Fen(0));
        let asked = Asked {
            bill: bill.bill.id,
            ground: Ground::Bankruptcy,
            reason: "(2025)渝05破1号",
            principal,
            fee,
        };
        let ask = |asked: &Asked<'_>| write_off::ask(db, law.applied(), asked, on(&maker, late));
        assert_eq!(ask(&Asked { ground: Ground::FeeWaived, ..asked }).unwrap_err().code(), "K0109");
        assert_eq!(ask(&Asked { principal: Fen(principal.0 + 1), ..asked }).unwrap_err().code(), "K0108");
        let id = ask(&asked).unwrap();
        assert_eq!(ask(&asked).unwrap_err().code(), "K0103");
        let approve = |by, day| write_off::approve(db, law.applied(), id, on(by, day));
        assert_eq!(approve(&maker, late).unwrap_err().code(), "K0104");
        agree(db);
        approve(&checker, late).unwrap();
        assert_eq!(approve(&checker, late).unwrap_err().code(), "K0103");
        agree(db);
        let after = owed(db, &law, employer(2), late).outlook.today.total().unwrap();
        assert_eq!(after.0, before.outlook.today.total().unwrap().0 - principal.0 - fee.0);
        assert_eq!(sum(db, "select count(*) from bill where not open"), 1);
        let lost = sum(db, "select cast(sum(debit - credit) as bigint) from line where heading = 5003");
        assert_eq!(lost, principal.0 + fee.0 - bill.bill.accounts.0);

        // A fee may be waived while its dues stay.
        let other = before.bills.iter().find(|one| one.bill.id != bill.bill.id).unwrap();
        let waived = Asked { bill: other.bill.id, ground: Ground::FeeWaived, principal: Fen(0), fee: other.today.fee, ..asked };
        let id = ask(&waived).unwrap();
        write_off::decline(db, id, on(&checker, late)).unwrap();
        let id = ask(&waived).unwrap();
        write_off::approve(db, law.applied(), id, on(&checker, late)).unwrap();
        agree(db);
        let now = owed(db, &law, employer(2), late);
        let now = now.bills.iter().find(|one| one.bill.id == other.bill.id).unwrap();
        assert_eq!((now.today.principal, now.today.fee), (other.today.principal, Fen(0)));
    }

    /// Too much goes back to where it came from: asked, approved by another, set aside, sent; and held again when it comes back.
    refunded_by_two_people(db) {
        let law = june(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let whole = owed(db, &law, employer(1), "2025-06-30").outlook.today.principal.0;
        receive(db, "1", &[receipt("r", "2025-06-30", whole + 5_000, &code(1))], "2025-06-30").unwrap();
        allocate(db, &law, "2025-06-30");
        let asked = refund::Asked {
            key: "退-1",
            receipt: number(db, "r"),
            amount: Fen(5_000),
            account: "622202******0001",
            reason: "多缴",
        };
        let ask = |asked: &refund::Asked<'_>| refund::ask(db, asked, on(&maker, "2025-07-02"));
        assert_eq!(ask(&refund::Asked { account: "622202******0002", ..asked }).unwrap_err().code(), "K0110");
        assert_eq!(ask(&refund::Asked { amount: Fen(5_001), ..asked }).unwrap_err().code(), "K0108");
        let id = ask(&asked).unwrap();
        assert_eq!(ask(&asked).unwrap(), id);
        assert_eq!(ask(&refund::Asked { amount: Fen(4_000), ..asked }).unwrap_err().code(), "N0307");
        assert_eq!(ask(&refund::Asked { key: "退-2", ..asked }).unwrap_err().code(), "K0108");
        let step = |of: fn(&Db, RefundId, office::Acting<'_>) -> Result<(), office::Error>, by, day| {
            let done = of(db, id, on(by, day)).map_err(|error| error.code());
            agree(db);
            done
        };
        assert_eq!(step(refund::send, &maker, "2025-07-03"), Err("K0103"));
        assert_eq!(step(refund::approve, &maker, "2025-07-03"), Err("K0104"));
        assert_eq!(step(refund::approve, &checker, "2025-07-03"), Ok(()));
        // What is set aside settles nothing, even if a new month is billed.
        a_published_month(db, &law, month("2025-07"));
        assert_eq!(allocate(db, &law, "2025-07-04").allocations, 0);
        assert_eq!(step(refund::send, &maker, "2025-07-04"), Ok(()));
        assert_eq!((state(db, "r"), owed(db, &law, employer(1), "2025-07-04").held), (3, Fen(0)));
        assert_eq!(step(refund::came_back, &maker, "2025-07-08"), Ok(()));
        assert_eq!((state(db, "r"), owed(db, &law, employer(1), "2025-07-08").held), (2, Fen(5_000)));

        let again = refund::ask(db, &refund::Asked { key: "退-3", ..asked }, on(&maker, "2025-07-09")).unwrap();
        refund::approve(db, again, on(&checker, "2025-07-09")).unwrap();
        agree(db);
        refund::decline(db, again, on(&checker, "2025-07-09")).unwrap();
        agree(db);
        assert_eq!(allocate(db, &law, "2025-07-10").principal, Fen(5_000));
    }

    /// A bankrupt paid two fifths of a bill, the rest is written off: what was paid reaches the accounts to the fen, by share,
    /// and what was not never does.
    what_was_paid_of_a_bill_written_off_in_part_is_credited(db) {
        let law = june(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let june = month("2025-06");
        let bills = owed(db, &law, employer(2), "2025-06-30").bills;
        let bill = bills.iter().find(|one| one.bill.scheme == Scheme::EmployeePension).unwrap().bill.clone();
        let part = bill.principal.0 * 2 / 5 + 1;
        receive(db, "1", &[receipt("part", "2025-06-30", part, &reference(bill.id))], "2025-06-30").unwrap();
        allocate(db, &law, "2025-06-30");
        let undo_it = |on_day| {
            let id = sum(db, "select max(allocation) from allocation");
            undo::undo(db, city::collection::AllocationId::new(id).unwrap(), on(&maker, on_day))
        };

        // While the rest may still come nothing of it is credited.
        let first = computed(db, &law, june);
        closed(db, &first);
        assert_eq!(balance(db, 1), 0);

        let july = month("2025-07");
        a_published_month(db, &law, july);
        let late = "2025-08-01";
        let open = owed(db, &law, employer(2), late);
        let open = open.bills.iter().find(|one| one.bill.id == bill.id).unwrap();
        let asked = Asked {
            bill: bill.id,
            ground: Ground::Bankruptcy,
            reason: "(2025)渝05破1号",
            principal: open.today.principal,
            fee: Fen(0),
        };
        let id = write_off::ask(db, law.applied(), &asked, on(&maker, late)).unwrap();
        write_off::approve(db, law.applied(), id, on(&checker, late)).unwrap();
        let run = computed(db, &law, july);
        assert_eq!(undo_it(&after(july, 2)).unwrap_err().code(), "N0305");
        closed(db, &run);

        let paid = sum(db, "select cast(sum(accounts) as bigint) from allocation");
        let shared = sum(db, "select cast(sum(credit) as bigint) from part_credit where run = 4");
        assert_eq!((paid, sum(db, "select count(*) from part_credit")), (shared, 6));
        assert!(0 < paid && paid < bill.accounts.0);
        for whose in [1, 3, 5, 11, 13, 15] {
            let whole = told(db, whose, "2025-12-31");
            let [book] = &whole.accounts[..] else { panic!("{whole:?}") };
            let [line] = &book.lines[..] else { panic!("{book:?}") };
            let What::Part { month: of, credit, .. } = line.what else { panic!("{line:?}") };
            opened(db, line);
            // Two fifths of one's own, within a fen; and the month does not count as one that was paid.
            let share = credit.own.0 * paid / bill.accounts.0;
            assert!((line.amount.0 - share).abs() <= 1, "{line:?}");
            assert_eq!((of, book.months, book.balance), (june, 0, line.amount));
            assert_eq!(credit.person, person(whose));
        }
        assert_eq!(found(db), [""; 0]);
        agree(db);

        // Once, and no run credits it again.
        let august = month("2025-08");
        a_published_month(db, &law, august);
        closed(db, &computed(db, &law, august));
        assert_eq!(sum(db, "select count(*) from part_credit"), 6);
        assert_eq!(found(db), [""; 0]);
        tamper(db, "part_credit", "update part_credit set credit = credit + 1, own = own + 1 where person = 3");
        let codes = found(db);
        assert!(codes.contains(&"V0114") && codes.contains(&"V0102"), "{codes:?}");
    }

    /// A crediting that is given up leaves what it would have credited so to the next.
    a_part_given_up_with_its_run_waits_again(db) {
        let law = june(db);
        let (maker, checker) = (actor("maker"), actor("checker"));
        let (june, late) = (month("2025-06"), "2025-07-01");
        let bill = owed(db, &law, employer(2), "2025-06-30").bills;
        let bill = bill.iter().find(|one| one.bill.scheme == Scheme::EmployeePension).unwrap().bill.clone();
        receive(db, "1", &[receipt("part", "2025-06-30", 10_001, &reference(bill.id))], "2025-06-30").unwrap();
        allocate(db, &law, "2025-06-30");
        let principal = Fen(bill.principal.0 - 10_001);
        let asked = Asked { bill: bill.id, ground: Ground::Ruling, reason: "裁定", principal, fee: Fen(0) };
        let id = write_off::ask(db, law.applied(), &asked, on(&maker, late)).unwrap();
        write_off::approve(db, law.applied(), id, on(&checker, late)).unwrap();
        let run = computed(db, &law, june);
        office::month::discard::discard(db, city::runs::RunKind::Crediting, june, on(&maker, "2025-07-04")).unwrap();
        let again = computed(db, &law, june);
        assert_ne!(run.id, again.id);
        closed(db, &again);
        let shared = sum(db, "select cast(sum(credit) as bigint) from part_credit c join run r on r.run = c.run where r.state <> 6");
        assert_eq!(shared, sum(db, "select cast(sum(accounts) as bigint) from allocation"));
        assert_eq!(found(db), [""; 0]);
    }
}
