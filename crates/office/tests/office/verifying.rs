//! What is in force follows from facts and law, and what was tampered with is named.

use crate::counter::{a_paid_month, asked, posted};
use crate::interest::borne;
use crate::money::{allocate, code, employer, owed, receipt, receive};
use crate::month::{a_closed_month, a_published_month};
use crate::town::{TheLaw, acting, actor, month, settle};
use city::insurance::Scheme;
use office::account::post::{approve, reverse};
use office::verify::{Finding, verify};
use store::Db;
use store::testing::lines;

pub(crate) fn found(db: &Db) -> Vec<&'static str> {
    let report = verify(db, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    report.findings.iter().map(Finding::code).collect()
}

/// What somebody with full rights to the database could do: triggers off, then a statement. Of a table of lines the folios are
/// altered.
pub(crate) fn tamper(db: &Db, table: &str, sql: &str) {
    if table.ends_with("_line") {
        lines::unpack(db);
        db.write(|tx| tx.batch(sql)).unwrap();
        return lines::pack(db);
    }
    db.write(|tx| {
        lines::untriggered(tx, table)?;
        tx.batch(sql)
    })
    .unwrap();
}

/// A tampering, its undoing, and what is found in between: table | statement | undoing | codes.
const TAMPERINGS: [(&str, &str, &str, &[&str]); 16] = [
    (
        "dues_line",
        "update dues_line set person_due = person_due + 1 where person = 3 and scheme = 1",
        "update dues_line set person_due = person_due - 1 where person = 3 and scheme = 1",
        &["V0101", "V0105", "V0104"],
    ),
    (
        "dues_line",
        "update dues_line set credit = credit + 100 where person = 6 and scheme = 1",
        "update dues_line set credit = credit - 100 where person = 6 and scheme = 1",
        &["V0101", "V0105", "V0102", "V0104"],
    ),
    (
        "bill",
        "update bill set amount = amount + 1 where bill = (select min(bill) from bill where payer_kind = 1 and scheme = 3)",
        "update bill set amount = amount - 1 where bill = (select min(bill) from bill where payer_kind = 1 and scheme = 3)",
        &["V0105", "V0202", "V0115"],
    ),
    // Of somebody who is not there.
    (
        "bill",
        "insert into bill (bill, run, payer_kind, payer, scheme, district, lines, amount, credit, open) \
         values (1000000, 1, 2, 1000000, 2, 500103, 1, -1, 0, false)",
        "delete from bill where bill = 1000000",
        &["V0105"],
    ),
    (
        "run_chunk",
        "update run_chunk set rows = rows + 1 where no = 1 and run = 1",
        "update run_chunk set rows = rows - 1 where no = 1 and run = 1",
        &["V0103", "V0106", "V0107"],
    ),
    (
        "run_total",
        "update run_total set base = base - 1 where run = 1 and no = 0 and scheme = 3 and district = 500103",
        "update run_total set base = base + 1 where run = 1 and no = 0 and scheme = 3 and district = 500103",
        &["V0104", "V0106", "V0107"],
    ),
    (
        "account_line",
        "update account_line set credited = credited + 1 where person = 11",
        "update account_line set credited = credited - 1 where person = 11",
        &["V0102", "V0110"],
    ),
    (
        "line",
        "update line set debit = debit + 1 where journal = 1 and no = 1",
        "update line set debit = debit - 1 where journal = 1 and no = 1",
        &["V0108", "V0109", "V0202"],
    ),
    (
        "journal",
        "update journal set law = 'another' where key = 'run/2'",
        "update journal set law = (select law_version from run where run = 2) where key = 'run/2'",
        &["V0108"],
    ),
    (
        "receipt",
        "update receipt set amount = amount + 1 where receipt = 3",
        "update receipt set amount = amount - 1 where receipt = 3",
        &["V0201", "V0203"],
    ),
    (
        "allocation",
        "update allocation set principal = principal - 1, fee = fee + 1 where allocation = (select min(allocation) from allocation a join bill b on b.bill = a.bill where b.scheme = 1)",
        "update allocation set principal = principal + 1, fee = fee - 1 where fee = 1",
        &["V0113", "V0201", "V0202", "V0115"],
    ),
    (
        "allocation",
        "update allocation set accounts = accounts - 1 where allocation = 1",
        "update allocation set accounts = accounts + 1 where allocation = 1",
        &["V0201", "V0202"],
    ),
    (
        "allocation_batch",
        "update allocation_batch set law = 'another' where allocation_batch = 1",
        "update allocation_batch set law = (select law_version from run where run = 2) where allocation_batch = 1",
        &["V0201"],
    ),
    (
        "participation",
        "update participation set declared = declared + 10000 where person = 35 and scheme = 4",
        "update participation set declared = declared - 10000 where person = 35 and scheme = 4",
        &["V0101", "V0104", "V0117"],
    ),
    (
        "employer_fact",
        "update employer_fact set industry_class = 8 where employer = 1",
        "update employer_fact set industry_class = 3 where employer = 1",
        &["V0101", "V0104"],
    ),
    (
        "law_text",
        "update law_text set text = replace(text, '8%', '9%') where path = 'cn/pension/basic-2005-38.law'",
        "update law_text set text = replace(text, '9%', '8%') where path = 'cn/pension/basic-2005-38.law'",
        &["V0111", "V0111"],
    ),
];

store::both! {
    whatever_is_tampered_with_is_named(db) {
        settle(db, 40);
        let law = TheLaw::read();
        a_closed_month(db, &law);
        assert_eq!(found(db), Vec::<&str>::new());
        let mut surprises = Vec::new();
        for (table, statement, undoing, codes) in TAMPERINGS {
            tamper(db, table, statement);
            let named = found(db);
            if named != codes {
                surprises.push(format!("{statement}: {named:?} instead of {codes:?}"));
            }
            tamper(db, table, undoing);
            assert_eq!(found(db), Vec::<&str>::new(), "{undoing}");
        }
        assert_eq!(surprises, Vec::<String>::new());
        tamper(db, "seal", "update seal set root = hash where seal = 2");
        assert_eq!(found(db), ["V0107"]);
        tamper(db, "seal", "delete from seal where seal = 2");
        assert_eq!(found(db), ["V0107"]);
        tamper(db, "audit", "update audit set actor = 'somebody else' where action = 'month.approve'");
        assert_eq!(found(db), ["V0107", "V0112"]);
    }
}

/// The same of a year's interest and of entries at the counter.
const OF_ACCOUNTS: [(&str, &str, &str, &[&str]); 9] = [
    (
        "account_line",
        "update account_line set interest = interest + 1 where person = 3 and run = (select max(run) from run)",
        "update account_line set interest = interest - 1 where person = 3 and run = (select max(run) from run)",
        &["V0102", "V0110"],
    ),
    (
        "account_line",
        "update account_line set product = product + 1 where person = 3 and run = 2",
        "update account_line set product = product - 1 where person = 3 and run = 2",
        &["V0102", "V0102"],
    ),
    (
        "line",
        "update line set credit = credit + 1 where heading = 2102 and journal = (select journal from journal where kind = 8) \
         and holder = 500103",
        "update line set credit = credit - 1 where heading = 2102 and journal = (select journal from journal where kind = 8) \
         and holder = 500103",
        &["V0108", "V0109", "V0110"],
    ),
    (
        "run_total",
        "update run_total set credit = credit + 1 where run = (select max(run) from run) and no = 0 and district = 500103",
        "update run_total set credit = credit - 1 where run = (select max(run) from run) and no = 0 and district = 500103",
        &["V0104", "V0108", "V0106", "V0107"],
    ),
    (
        "entry",
        "update entry set amount = amount + 1 where entry = 1",
        "update entry set amount = amount - 1 where entry = 1",
        &["V0102", "V0301", "V0304"],
    ),
    (
        "entry",
        "update entry set amount = amount + 1 where entry = 3",
        "update entry set amount = amount - 1 where entry = 3",
        &["V0301", "V0304", "V0110"],
    ),
    (
        "entry",
        "update entry set taken_up = (select max(run) from run where kind = 2) where entry = 3",
        "update entry set taken_up = null where entry = 3",
        &["V0102", "V0110"],
    ),
    (
        "entry",
        "update entry set person = 4 where entry = 1",
        "update entry set person = 3 where entry = 1",
        &["V0102", "V0304"],
    ),
    (
        "line",
        "update line set debit = debit + 1 where journal = (select journal from journal where key = 'entry/2') and debit > 0",
        "update line set debit = debit - 1 where journal = (select journal from journal where key = 'entry/2') and debit > 0",
        &["V0301", "V0109", "V0110"],
    ),
];

store::both! {
    what_is_tampered_with_in_accounts_is_named(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let first = posted(db, &asked("1", 3, 100_000), "2025-11-15");
        a_paid_month(db, &law, "2025-11");
        let (maker, checker) = (actor("maker"), actor("checker"));
        let back = reverse(db, first, "2", "误记", acting(&maker, "2025-12-20")).unwrap();
        approve(db, back, acting(&checker, "2025-12-20")).unwrap();
        a_paid_month(db, &law, "2025-12");
        posted(db, &asked("3", 4, 5_000), "2026-01-15");
        borne(db, &law, (Scheme::EmployeePension, 2025));
        assert_eq!(found(db), Vec::<&str>::new());
        let mut surprises = Vec::new();
        for (table, statement, undoing, codes) in OF_ACCOUNTS {
            tamper(db, table, statement);
            let named = found(db);
            if named != codes {
                surprises.push(format!("{statement}: {named:?} instead of {codes:?}"));
            }
            tamper(db, table, undoing);
            assert_eq!(found(db), Vec::<&str>::new(), "{undoing}");
        }
        assert_eq!(surprises, Vec::<String>::new());
    }

    /// Nobody is asked for a bill that is noted as settled: one of which nothing is paid, or all but the late fee, is named.
    a_bill_noted_as_settled_that_is_not_is_named(db) {
        settle(db, 20);
        let law = TheLaw::read();
        a_published_month(db, &law, month("2025-06"));
        let dues = owed(db, &law, employer(1), "2025-07-10").outlook.today.principal;
        receive(db, "late.csv", &[receipt("late", "2025-07-10", dues.0, &code(1))], "2025-07-10").unwrap();
        allocate(db, &law, "2025-07-10");
        assert_eq!(found(db), [""; 0]);
        let fee = owed(db, &law, employer(1), "2025-07-10").outlook.today.fee;
        assert!(fee.0 > 0);
        for payer in [1, 2] {
            let of = format!("(select min(bill) from bill where payer_kind = 1 and payer = {payer})");
            tamper(db, "bill", &format!("update bill set open = false where bill = {of}"));
            assert_eq!(found(db), ["V0115"], "{payer}");
            tamper(db, "bill", &format!("update bill set open = true where bill = {of}"));
        }
        receive(db, "fee.csv", &[receipt("fee", "2025-09-01", fee.0, &code(1))], "2025-09-01").unwrap();
        allocate(db, &law, "2025-09-01");
        assert_eq!(crate::money::sum(db, "select count(*) from bill where not open"), 3);
        assert_eq!(found(db), [""; 0]);
    }
}
