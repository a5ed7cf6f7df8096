//! Old months leave the database, and everything still reads them.

use crate::counter::{a_paid_month, after, asked, closed, computed, found, person, posted};
use crate::interest::borne;
use crate::money::{allocate, receipt, receive, sum};
use crate::month::a_published_month;
use crate::statement::told;
use crate::town::{TheLaw, acting, actor, day, month, participate, settle};
use city::collection::{BillId, reference};
use city::insurance::Scheme;
use city::runs::RunKind;
use office::account::proof::prove;
use office::account::statement::statement;
use office::month::archive::{approve, waiting, write};
use std::fs;
use std::path::Path;
use store::{Db, params};

/// Moves every month up to one into a folder.
pub(crate) fn moved(db: &Db, through: &str, folder: &Path) -> usize {
    let (maker, checker) = (actor("maker"), actor("checker"));
    let by = acting(&maker, "2027-01-01");
    let written = write(db, month(through), Some(folder), by, &mut |_, _| {}).unwrap();
    if !written.is_empty() {
        assert_eq!(approve(db, by).unwrap_err().code(), "N0503");
    }
    approve(db, acting(&checker, "2027-01-02")).unwrap().len()
}

/// A month from opening to closing in which those with an even number pay, employers as persons.
fn a_half_paid_month(db: &Db, law: &TheLaw, of: &str) {
    let of = month(of);
    a_published_month(db, law, of);
    let bills: Vec<(BillId, i64)> = db
        .read(|tx| {
            tx.list(
                "select bill, amount from bill where payer % 2 = 0 and open order by bill",
                params![],
                |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)),
            )
        })
        .unwrap();
    let on = of.last_day().to_string();
    let paid: Vec<_> = bills
        .iter()
        .map(|(bill, amount)| receipt(&format!("half/{bill}"), &on, *amount, &reference(*bill)))
        .collect();
    let later = after(of, 0);
    receive(db, &format!("half {of}.csv"), &paid, &later).unwrap();
    allocate(db, law, &later);
    closed(db, &computed(db, law, of));
}

/// A file that may only be read is written over, as somebody with the rights could.
fn overwrite(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

store::both! {
    old_months_are_read_from_files(db) {
        settle(db, 30);
        // 13 works for employer 2, and for employer 1 too.
        db.write(|tx| participate(tx, 13, (4, 1), Some(1), Some(600_000))).unwrap();
        let law = TheLaw::read();
        let september = month("2025-09");
        a_half_paid_month(db, &law, "2025-09");
        posted(db, &asked("1", 3, 12_345), "2025-10-10");
        a_half_paid_month(db, &law, "2025-10");
        a_half_paid_month(db, &law, "2025-11");
        let by = actor("clerk");
        let reads = |db: &Db| {
            let statements: Vec<_> = (1..=30).map(|whose| told(db, whose, "2027-01-05")).collect();
            let proofs = [RunKind::Assessment, RunKind::Crediting].map(|kind| {
                let proven = prove(db, person(13), (kind, september), acting(&by, "2027-01-05")).unwrap();
                (proven.seal().unwrap(), proven)
            });
            (statements, proofs)
        };
        let before = reads(db);
        assert_eq!(before.1[0].1.lines.len(), 4, "pension, unemployment, and work injury by each");
        assert_eq!(found(db), [""; 0]);

        let maker = actor("maker");
        let nowhere = write(db, september, None, acting(&maker, "2027-01-01"), &mut |_, _| {});
        assert_eq!(nowhere.unwrap_err().code(), "N0504");
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(moved(db, "2025-10", folder.path()), 4);
        assert_eq!(waiting(db).unwrap(), []);
        assert_eq!(sum(db, "select count(distinct run) from dues"), 1, "November's are left");
        assert_eq!(sum(db, "select count(distinct run) from account"), 1, "those in force are left");
        assert_eq!(moved(db, "2025-10", folder.path()), 0, "nothing is moved twice");
        assert_eq!(reads(db), before);
        assert_eq!(found(db), [""; 0]);

        // What is paid late on a month that was moved is credited all the same, and the year bears interest on it.
        a_paid_month(db, &law, "2025-12");
        assert!(sum(db, "select count(*) from passed_over p join bill b on b.bill = p.bill where b.run = 1 \
            and p.credited = (select max(run) from run where kind = 2)") > 0);
        assert_eq!(moved(db, "2025-12", folder.path()), 3, "two of dues, one of accounts; not those in force");
        borne(db, &law, (Scheme::EmployeePension, 2025));
        assert_eq!(found(db), [""; 0]);
        let whole = told(db, 3, "2027-03-01");
        assert_eq!(whole.accounts[0].lines.len(), 4 + 1 + 1);

        // A file that is gone, or another.
        let name = fs::read_dir(folder.path()).unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .find(|name| name.starts_with("dues-2025-10")).unwrap();
        let path = folder.path().join(name);
        let bytes = fs::read(&path).unwrap();
        let refused = |db: &Db| {
            statement(db, person(3), day("2027-03-01"), acting(&by, "2027-03-01")).unwrap_err().code()
        };
        fs::remove_file(&path).unwrap();
        assert_eq!(refused(db), "N0501");
        assert_eq!(found(db), ["V0302"]);
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert_eq!(refused(db), "N0502");
        assert_eq!(found(db), ["V0303"]);
        // The whole of another file under its name.
        let other = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path())
            .find(|other| other.to_string_lossy().contains("account-2025-09")).unwrap();
        overwrite(&path, &fs::read(other).unwrap());
        assert_eq!(refused(db), "N0502");
        assert_eq!(found(db), ["V0303"]);
        overwrite(&path, &bytes);
        assert_eq!(found(db), [""; 0]);
        // Moved elsewhere, they are found when that is said.
        let elsewhere = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), elsewhere.path().join(entry.file_name())).unwrap();
        }
        folder.close().unwrap();
        assert_eq!(refused(db), "N0501");
        let none = write(db, september, Some(elsewhere.path()), acting(&maker, "2027-01-01"), &mut |_, _| {});
        assert_eq!(none.unwrap().len(), 0);
        assert_eq!(told(db, 3, "2027-03-01"), whole);
        assert_eq!(found(db), [""; 0]);
    }

    /// What was altered in the database before it is moved is not moved.
    rows_that_are_not_those_sealed_are_not_moved(db) {
        settle(db, 10);
        let law = TheLaw::read();
        a_paid_month(db, &law, "2025-10");
        a_paid_month(db, &law, "2025-11");
        crate::verifying::tamper(db, "dues_line", "update dues_line set credit = credit + 1 where person = 3 and scheme = 1 and run = 1");
        let folder = tempfile::tempdir().unwrap();
        let maker = actor("maker");
        let refused = write(db, month("2025-10"), Some(folder.path()), acting(&maker, "2027-01-01"), &mut |_, _| {});
        assert_eq!(refused.unwrap_err().code(), "N0502");
        assert_eq!(waiting(db).unwrap(), []);
    }
}
