//! What is in force follows from facts and law, and what was tampered with is named.

use crate::month::a_closed_month;
use crate::town::{TheLaw, settle};
use office::verify::{Finding, verify};
use store::{Db, Engine};

fn found(db: &Db) -> Vec<&'static str> {
    let report = verify(db, "cn-50", 2, &mut |_, _, _| {}).unwrap();
    report.findings.iter().map(Finding::code).collect()
}

/// What somebody with full rights to the database could do: triggers off, then a statement.
fn tamper(db: &Db, table: &str, sql: &str) {
    db.write(|tx| match tx.engine() {
        Engine::Sqlite => {
            let triggers: Vec<String> = tx.list(
                "select name from sqlite_master where type = 'trigger' and tbl_name = $1",
                store::params![table],
                |row| row.get(0),
            )?;
            for trigger in triggers {
                tx.batch(&format!("drop trigger {trigger}"))?;
            }
            tx.batch(sql)
        }
        Engine::Postgres => tx.batch(&format!("alter table {table} disable trigger user; {sql}")),
    })
    .unwrap();
}

/// A tampering, its undoing, and what is found in between: table | statement | undoing | codes.
const TAMPERINGS: [(&str, &str, &str, &[&str]); 15] = [
    (
        "dues",
        "update dues set person_due = person_due + 1 where person = 3 and scheme = 1",
        "update dues set person_due = person_due - 1 where person = 3 and scheme = 1",
        &["V0101", "V0105", "V0104"],
    ),
    (
        "dues",
        "update dues set credit = credit + 100 where person = 6 and scheme = 1",
        "update dues set credit = credit - 100 where person = 6 and scheme = 1",
        &["V0101", "V0105", "V0102", "V0104"],
    ),
    (
        "bill",
        "update bill set amount = amount + 1 where bill = 2",
        "update bill set amount = amount - 1 where bill = 2",
        &["V0105", "V0202"],
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
        "account",
        "update account set credited = credited + 1 where person = 11",
        "update account set credited = credited - 1 where person = 11",
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
        "update allocation set principal = principal - 1, fee = fee + 1 where allocation = 2",
        "update allocation set principal = principal + 1, fee = fee - 1 where allocation = 2",
        &["V0201", "V0202"],
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
        &["V0101", "V0104"],
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
        &["V0111"],
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
    }
}
