//! What becomes known late of a month in force is a difference: to the books, to what is owed, to the accounts.

use crate::counter::{closed, computed};
use crate::month::{CUT, a_closed_month, a_published_month, approved, sum};
use crate::roster::two_at_once;
use crate::statement::{opened, told};
use crate::town::{TheLaw, acting, actor, day, moment, month, settle};
use crate::verifying::{found, tamper};
use city::collection::{BillId, Receipt, reference};
use city::runs::{RunKind, RunState};
use measure::{Day, Month};
use office::account::statement::Opening;
use office::month::assess::{assess, open};
use office::month::credit::credit;
use office::month::differ::differ;
use office::month::discard::discard;
use office::month::publish::{close, publish, publish_differences};
use office::month::review::review;
use store::{Db, params};

fn clean(db: &Db) {
    assert_eq!(found(db), Vec::<&str>::new());
}

/// From a day on somebody is insured through an employer at a wage in three schemes, or no more; recorded late.
pub(crate) fn corrected(db: &Db, person: i64, from: Day, now: Option<(i64, i64)>) {
    let known = moment("2025-07-25");
    db.write(|tx| {
        tx.execute(
            "update participation set superseded = $2 where person = $1 and superseded is null",
            params![person, known],
        )?;
        tx.execute(
            "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, \
             valid_until, recorded, origin_kind, origin) \
             select person, scheme, category, employer, district, status, declared, valid_from, $2, $3, 6, 2 \
             from participation where person = $1 and superseded = $3 and valid_from < $2",
            params![person, from, known],
        )?;
        let Some((employer, wage)) = now else {
            return Ok::<(), store::Error>(());
        };
        for scheme in [1, 3, 4_i64] {
            tx.execute(
                "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, \
                 recorded, origin_kind, origin) values ($1, $2, 1, $3, $4, 1, $5, $6, $7, 6, 2)",
                params![person, scheme, employer, [500_103, 500_112_i64][usize::try_from(employer % 2).unwrap()], wage, from, known],
            )?;
        }
        Ok(())
    })
    .unwrap();
}

/// Every open bill is paid, with something over for late fees.
fn pay_what_is_open(db: &Db, law: &TheLaw, name: &str, on: &str) {
    let bills: Vec<(BillId, i64)> = db
        .read(|tx| {
            let open = "select bill, amount from bill join run on run.run = bill.run and state = 5 where open order by bill";
            tx.list(open, params![], |row| {
                Ok::<_, store::Error>((row.get(0)?, row.get(1)?))
            })
        })
        .unwrap();
    let paid: Vec<Receipt> = bills
        .iter()
        .map(|(bill, amount)| {
            let key = format!("{name}/{bill}");
            crate::money::receipt(&key, on, amount + 100_000, &reference(*bill))
        })
        .collect();
    crate::money::receive(db, name, &paid, on).unwrap();
    crate::money::allocate(db, law, on);
}

fn parts(db: &Db, part: i64) -> i64 {
    db.read(|tx| {
        let count = "select count(*) from difference where part = $1";
        tx.one(count, params![part], |row| row.get(0))
    })
    .unwrap()
}

fn a_month(db: &Db, law: &TheLaw, of: Month) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    open(db, law.applied(), of, CUT, acting(&maker, "2025-08-01")).unwrap();
    let run = assess(db, law.applied(), of, 2, &mut |_, _| {}).unwrap();
    approved(db, RunKind::Assessment, &run);
    publish(db, of, acting(&checker, "2025-08-02")).unwrap();
    pay_what_is_open(db, law, "july.csv", "2025-08-03");
    let run = credit(
        db,
        law.applied(),
        of,
        CUT,
        acting(&maker, "2025-08-10"),
        &mut |_, _| {},
    );
    approved(db, RunKind::Crediting, &run.unwrap());
    close(db, of, acting(&checker, "2025-08-11")).unwrap();
}

/// How many bills are credited, or about to be.
fn credited(db: &Db) -> i64 {
    sum(
        db,
        "select count(*) from bill b join crediting c on c.billed = b.run join run k on k.run = c.run and k.state <> 6 \
         left join passed_over p on p.run = c.run and p.bill = b.bill \
         where b.scheme in (1, 2) and b.payer_kind in (1, 2) and (p.bill is null or p.credited is not null)",
    )
}

store::both! {
    /// A sealed month is not edited: what is known now less what was in force is charged or given back, and reaches the
    /// accounts with the next crediting.
    what_becomes_known_late_is_a_difference(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        let compared = |on| differ(db, law.applied(), june, CUT, acting(&maker, on), &mut |_, _| {});
        assert_eq!(compared("2025-07-24").unwrap_err().code(), "N0101");
        a_closed_month(db, &law);
        let sealed = sum(db, "select cast(sum(employer_due + person_due + credit) as bigint) from dues_line");

        // Person 1 earned more, 2 worked for the other employer, 3 for nobody, 41 was forgotten.
        corrected(db, 1, day("2025-01-01"), Some((2, 900_000)));
        corrected(db, 2, day("2025-06-01"), Some((2, 402_474)));
        corrected(db, 3, day("2025-05-01"), None);
        db.write(|tx| {
            let values = params![day("1985-03-02"), vec![0_u8], moment("2025-07-25")];
            tx.execute(
                "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values (41, 1, $1, $2, $3, 6, 1)",
                values,
            )
        }).unwrap();
        corrected(db, 41, day("2025-06-01"), Some((2, 500_000)));

        let run = compared("2025-07-26").unwrap();
        assert_eq!((run.kind, run.state), (RunKind::Difference, RunState::Computed));
        // Asked again, the run that is there goes on: here it is past computing.
        assert_eq!(compared("2025-07-26").unwrap_err().code(), "N0103");
        discard(db, RunKind::Difference, june, acting(&maker, "2025-07-26")).unwrap();
        assert_eq!(sum(db, "select count(*) from difference"), 0);
        let run = compared("2025-07-26").unwrap();
        assert_eq!((parts(db, 1), parts(db, 2), parts(db, 3)), (6, 6, 3));
        assert_eq!(review(db, RunKind::Difference, june).unwrap().totals.all().lines, 15);
        approved(db, RunKind::Difference, &run);
        publish_differences(db, june, acting(&checker, "2025-07-27")).unwrap();
        assert_eq!(discard(db, RunKind::Difference, june, acting(&maker, "2025-07-28")).unwrap_err().code(), "N0103");
        clean(db);
        // The sealed month is what it was.
        assert_eq!(sum(db, "select cast(sum(employer_due + person_due + credit) as bigint) from dues_line"), sealed);

        // What employer 1 is given back for person 2 is held for it.
        let given_back = sum(db, "select cast(coalesce(-sum(amount), 0) as bigint) from bill join run on run.run = bill.run and state = 5 where amount < 0");
        assert!(given_back > 0);
        assert_eq!(sum(db, "select cast(sum(amount) as bigint) from receipt where key like 'bill/%'"), given_back);
        crate::money::allocate(db, &law, "2025-07-28");
        clean(db);

        // Looked at again, there is nothing more.
        let again = compared("2025-07-29").unwrap();
        assert_eq!(sum(db, "select cast(rows as bigint) from run order by run desc limit 1"), 0);
        approved(db, RunKind::Difference, &again);
        publish_differences(db, june, acting(&checker, "2025-07-30")).unwrap();

        a_month(db, &law, month("2025-07"));
        clean(db);
        // It has settled bills of July.
        assert_eq!(sum(db, "select count(*) from receipt where key like 'bill/%' and state <> 3"), 0);
        let due = sum(db, "select cast(sum(credit) as bigint) from (select credit from dues_line union all select credit from difference) as d");
        assert_eq!(sum(db, "select cast(sum(credited + interest) as bigint) from account_line where run = (select max(run) from account_line)"), due);
        let months = |person: i64| db.read(|tx| tx.one(
            "select cast(sum(months) as bigint) from account_line where run = (select max(run) from account_line) and person = $1",
            params![person], |row| row.get::<i64>(0))).unwrap();
        // Twice June and July but for whom June was not theirs, and who came late.
        assert_eq!([1, 2, 3, 4, 41].map(months), [2, 2, 0, 2, 2]);

        // Each line opens to the law: what was altered to both, what was given back to what had been.
        let mut kinds = [0; 3];
        for person in 1..=41 {
            for line in told(db, person, "2025-12-31").accounts.iter().flat_map(|book| &book.lines) {
                opened(db, line);
                match &line.opens {
                    Opening::Difference { anew: Some(_), .. } => kinds[0] += 1,
                    Opening::Difference { anew: None, .. } => kinds[1] += 1,
                    _ => kinds[2] += 1,
                }
            }
        }
        assert_eq!(kinds[..2], [1, 2], "{kinds:?}");
    }

    /// An amount of a difference, or of what was given back, that somebody altered is named.
    an_altered_difference_is_named(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        a_closed_month(db, &law);
        corrected(db, 2, day("2025-06-01"), None);
        corrected(db, 11, day("2025-01-01"), Some((2, 900_000)));
        let run = differ(db, law.applied(), june, CUT, acting(&maker, "2025-07-26"), &mut |_, _| {}).unwrap();
        approved(db, RunKind::Difference, &run);
        publish_differences(db, june, acting(&checker, "2025-07-27")).unwrap();
        clean(db);
        for (table, statement, undoing, codes) in [
            (
                "difference",
                "update difference set credit = credit + 1 where person = 11 and scheme = 1",
                "update difference set credit = credit - 1 where person = 11 and scheme = 1",
                &["V0101", "V0105"][..],
            ),
            (
                "difference",
                "update difference set part = 1 where person = 2 and scheme = 3",
                "update difference set part = 2 where person = 2 and scheme = 3",
                &["V0101"],
            ),
            (
                "receipt",
                "update receipt set amount = amount - 1 where key like 'bill/%' and amount = (select max(amount) from receipt where key like 'bill/%')",
                "update receipt set amount = amount + 1 where key like 'bill/%' and amount = (select max(amount) from receipt where key like 'bill/%')",
                &["V0201", "V0203"],
            ),
            (
                "participation",
                "update participation set declared = declared + 10000 where person = 11 and scheme = 4 and superseded is null",
                "update participation set declared = declared - 10000 where person = 11 and scheme = 4 and superseded is null",
                &["V0101", "V0104"],
            ),
        ] {
            tamper(db, table, statement);
            assert_eq!(found(db), codes, "{statement}");
            tamper(db, table, undoing);
            clean(db);
        }
    }

    /// What is given back of a month that was never paid is not taken from an account that never had it.
    an_account_is_not_debited_before_it_was_credited(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        a_published_month(db, &law, june);
        corrected(db, 2, day("2025-06-01"), None);
        let run = differ(db, law.applied(), june, CUT, acting(&maker, "2025-07-26"), &mut |_, _| {}).unwrap();
        approved(db, RunKind::Difference, &run);
        publish_differences(db, june, acting(&checker, "2025-07-27")).unwrap();
        assert!(sum(db, "select count(*) from bill where amount < 0 and credit < 0") > 0);

        let compute = |on| credit(db, law.applied(), june, CUT, acting(&maker, on), &mut |_, _| {}).unwrap();
        compute("2025-07-28");
        assert_eq!(credited(db), 0);
        discard(db, RunKind::Crediting, june, acting(&maker, "2025-07-28")).unwrap();

        // Paid, both come to the accounts, also when the run that took them up first is given up.
        pay_what_is_open(db, &law, "june.csv", "2025-07-29");
        compute("2025-07-30");
        let taken = credited(db);
        discard(db, RunKind::Crediting, june, acting(&maker, "2025-07-30")).unwrap();
        let run = compute("2025-07-31");
        approved(db, RunKind::Crediting, &run);
        close(db, june, acting(&checker, "2025-07-31")).unwrap();
        assert_eq!((taken > 0, credited(db)), (true, taken));
        assert_eq!(sum(db, "select count(*) from bill b where b.amount < 0 and b.scheme in (1, 2) \
            and not exists (select 1 from passed_over p join run k on k.run = p.run and k.state <> 6 where p.bill = b.bill and p.credited is null)"), 1);
        assert_eq!(sum(db, "select cast(sum(credited) as bigint) from account_line where person = 2 and scheme = 1"), 0);
        assert_eq!(sum(db, "select count(*) from account_line where credited < 0"), 0);
        clean(db);
    }

    /// Where nobody has paid yet and something is given back, a month takes more from the accounts of a district than it
    /// credits; it is closed all the same.
    a_month_that_gives_back_more_than_it_credits_is_closed(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let (june, july) = (month("2025-06"), month("2025-07"));
        let (maker, checker) = (actor("maker"), actor("checker"));
        a_closed_month(db, &law);
        corrected(db, 2, day("2025-06-01"), None);
        let run = differ(db, law.applied(), june, CUT, acting(&maker, "2025-07-26"), &mut |_, _| {}).unwrap();
        approved(db, RunKind::Difference, &run);
        publish_differences(db, june, acting(&checker, "2025-07-27")).unwrap();
        a_published_month(db, &law, july);
        let run = computed(db, &law, july);
        closed(db, &run);
        let debited = "select cast(coalesce(sum(l.debit), 0) as bigint) from line l join journal j on j.journal = l.journal \
            where j.kind = 6 and l.heading = 2102";
        assert!(sum(db, debited) > 0);
        clean(db);
    }

    two_may_differ_at_once(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let (june, maker) = (month("2025-06"), actor("maker"));
        a_closed_month(db, &law);
        corrected(db, 1, day("2025-01-01"), Some((2, 900_000)));
        corrected(db, 3, day("2025-05-01"), None);
        for on in ["2025-07-26", "2025-07-27", "2025-07-28"] {
            two_at_once(|| differ(db, law.applied(), june, CUT, acting(&maker, on), &mut |_, _| {}));
            assert_eq!(sum(db, "select count(*) from difference"), 6);
            clean(db);
            discard(db, RunKind::Difference, june, acting(&maker, on)).unwrap();
        }
    }
}
