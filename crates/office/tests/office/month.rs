//! A month from opening to closing.

use crate::town::{TheLaw, acting, actor, month, settle};
use city::runs::{Run, RunKind, RunState};
use office::month::assess::{Cut, assess, open};
use office::month::credit::credit;
use office::month::publish::{approve, close, publish};
use office::month::review::review;
use store::{Db, params};

const CUT: Cut = Cut {
    chunk_size: 7,
    threads: 2,
};

fn sum(db: &Db, sql: &'static str) -> i64 {
    db.read(|tx| tx.one(sql, params![], |row| row.get(0)))
        .unwrap()
}

/// Everybody pays every bill in full.
fn pay_everything(db: &Db) {
    db.write(|tx| {
        tx.execute(
            "insert into receipt (receipt, key, booked, amount, payer, remittance, state) \
             select 1, 'all', $1, cast(sum(amount) as bigint), 'everybody', '', 3 from bill",
            params![crate::town::day("2025-07-10")],
        )?;
        tx.execute(
            "insert into allocation (receipt, bill, day, principal, fee, at, by) select 1, bill, $1, amount, 0, $2, 'x' from bill",
            params![crate::town::day("2025-07-10"), crate::town::moment("2025-07-10")],
        )
    })
    .unwrap();
}

fn approved(db: &Db, kind: RunKind, run: &Run) {
    let content = run.content.unwrap().to_string();
    let of = run.month;
    let own = approve(
        db,
        kind,
        of,
        &content,
        acting(&actor("maker"), "2025-07-02"),
    );
    assert_eq!(own.unwrap_err().code(), "N0104");
    let wrong = approve(
        db,
        kind,
        of,
        &"0".repeat(64),
        acting(&actor("checker"), "2025-07-02"),
    );
    assert_eq!(wrong.unwrap_err().code(), "N0105");
    approve(
        db,
        kind,
        of,
        &content[..16],
        acting(&actor("checker"), "2025-07-02"),
    )
    .unwrap();
}

/// June 2025 from opening to closing.
pub(crate) fn a_closed_month(db: &Db, law: &TheLaw) {
    let june = month("2025-06");
    let (maker, checker) = (actor("maker"), actor("checker"));
    open(
        db,
        law.applied(),
        june,
        None,
        CUT,
        acting(&maker, "2025-07-01"),
    )
    .unwrap();
    let run = assess(db, law.applied(), june, 2, &mut |_, _| {}).unwrap();
    approved(db, RunKind::Assessment, &run);
    publish(db, june, acting(&checker, "2025-07-02")).unwrap();
    pay_everything(db);
    let run = credit(
        db,
        law.applied(),
        june,
        CUT,
        acting(&maker, "2025-07-20"),
        &mut |_, _| {},
    );
    approved(db, RunKind::Crediting, &run.unwrap());
    close(db, june, acting(&checker, "2025-07-21")).unwrap();
}

store::both! {
    /// What is owed is assessed, published and billed; what is paid is credited; the month is closed.
    a_month_from_opening_to_closing(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        assert_eq!(assess(db, law.applied(), june, 2, &mut |_, _| {}).unwrap_err().code(), "N0101");
        open(db, law.applied(), june, None, CUT, acting(&maker, "2025-07-01")).unwrap();
        assert_eq!(
            open(db, law.applied(), june, None, CUT, acting(&maker, "2025-07-01")).unwrap_err().code(),
            "N0102"
        );
        let mut heard = Vec::new();
        let run = assess(db, law.applied(), june, 2, &mut |done, of| heard.push((done, of))).unwrap();
        assert_eq!(run.state, RunState::Computed);
        assert_eq!(heard.last(), Some(&(6, 6)));

        let seen = review(db, RunKind::Assessment, june).unwrap();
        // Of forty, four chose a base below the floor.
        assert_eq!(seen.refused, 4);
        // Twenty-four employees in three schemes, eight individuals, four residents.
        assert_eq!(seen.totals.all().lines, 24 * 3 + 8 + 4);
        approved(db, RunKind::Assessment, &run);
        publish(db, june, acting(&checker, "2025-07-02")).unwrap();
        assert_eq!(
            publish(db, june, acting(&checker, "2025-07-02")).unwrap_err().code(),
            "N0103"
        );
        let owed = sum(db, "select cast(sum(employer_due + person_due) as bigint) from dues");
        assert_eq!(sum(db, "select cast(sum(amount) as bigint) from bill"), owed);
        let receivable = "select cast(sum(debit - credit) as bigint) from line where heading = 1101";
        assert_eq!(sum(db, receivable), owed);

        pay_everything(db);
        let run = credit(db, law.applied(), june, CUT, acting(&maker, "2025-07-20"), &mut |_, _| {}).unwrap();
        approved(db, RunKind::Crediting, &run);
        close(db, june, acting(&checker, "2025-07-21")).unwrap();
        let credited = sum(db, "select cast(sum(credit) as bigint) from dues");
        assert_eq!(sum(db, "select cast(sum(opening + credited) as bigint) from account"), credited);
        let payable = "select cast(sum(credit - debit) as bigint) from line where heading = 2102";
        assert_eq!(sum(db, payable), credited);
        assert_eq!(sum(db, "select count(*) from seal where closes"), 1);
        assert_eq!(
            open(db, law.applied(), june, None, CUT, acting(&maker, "2025-07-22")).unwrap_err().code(),
            "N0108"
        );
    }
}
