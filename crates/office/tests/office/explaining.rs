//! Why a month comes to something else than the one before, to the fen; and which steps a month offers to whom.

use crate::town::{TheLaw, acting, actor, day, moment, month, participate_since, settle};
use city::insurance::Scheme;
use city::logins::{Login, Party, Role};
use city::runs::RunKind;
use office::month::assess::{Cut, assess, open};
use office::month::causes::{Cause, causes};
use office::month::desk::{self, Step};
use office::month::publish::{approve, publish};
use office::month::review::review;
use store::{Db, params};

const CUT: Cut = Cut {
    chunk_size: 7,
    threads: 1,
};

fn assessed(db: &Db, law: &TheLaw, of: &str, on: &str) {
    let maker = actor("maker");
    open(db, law.applied(), month(of), CUT, acting(&maker, on)).unwrap();
    assess(db, law.applied(), month(of), 1, &mut |_, _| {}).unwrap();
}

fn published(db: &Db, of: &str, on: &str) {
    let checker = actor("checker");
    let seen = review(db, RunKind::Assessment, month(of)).unwrap();
    let content = seen.run.content.unwrap().to_string();
    approve(
        db,
        RunKind::Assessment,
        month(of),
        &content,
        acting(&checker, on),
    )
    .unwrap();
    publish(db, month(of), acting(&checker, on)).unwrap();
}

/// Between June and July: one comes, one goes, one earns more, and an employer's rate rises.
fn lives(db: &Db) {
    let known = moment("2025-07-03");
    db.write(|tx| {
        tx.set_all_districts()?;
        tx.execute(
            "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values (41, 1, $1, $2, $3, 6, 1)",
            params![day("1985-03-02"), vec![0_u8], known],
        )?;
        participate_since(tx, known, 41, (1, 1), Some(1), Some(600_000))?;
        // What is known now of the first: gone since July; of the second: another wage since July.
        for (person, wage, status) in [(1_i64, 401_237_i64, 3_i64), (2, 800_000, 1)] {
            tx.execute("update participation set superseded = $2 where person = $1 and scheme = 1", params![person, known])?;
            for (from, until, declared, status) in [
                (day("2024-06-01"), Some(day("2025-07-01")), 400_000 + person * 1_237, 1),
                (day("2025-07-01"), None, wage, status),
            ] {
                tx.execute(
                    "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, valid_until, recorded, \
                     origin_kind, origin) values ($1, 1, 1, $2, $3, $4, $5, $6, $7, $8, 6, 1)",
                    params![person, 1 + person % 2, [500_112_i64, 500_103][usize::try_from(person % 2).unwrap()], status, declared, from, until, known],
                )?;
            }
        }
        tx.execute("update employer_fact set superseded = $1 where employer = 1", params![known])?;
        for (from, until, level) in [(day("2020-01-01"), Some(day("2025-07-01")), 3_i64), (day("2025-07-01"), None, 5)] {
            tx.execute(
                "insert into employer_fact (employer, district, industry_class, rate_level, valid_from, valid_until, recorded, origin_kind, origin) \
                 values (1, 500112, 3, $1, $2, $3, $4, 6, 1)",
                params![level, from, until, known],
            )?;
        }
        Ok::<(), store::Error>(())
    })
    .unwrap();
}

store::both! {
    the_causes_add_up_to_the_difference(db) {
        settle(db, 30);
        let law = TheLaw::read();
        assessed(db, &law, "2025-06", "2025-07-02");
        published(db, "2025-06", "2025-07-02");
        lives(db);
        // In July the residents, who pay once a year in June, pay nothing.
        assessed(db, &law, "2025-07", "2025-08-02");
        let found = causes(db, "cn-50", month("2025-07"), &mut |_, _| {}).unwrap().unwrap();
        let due = |of: &str| {
            let all = review(db, RunKind::Assessment, month(of)).unwrap().totals.all();
            all.employer_due + all.person_due
        };
        assert_eq!(found.amount(), due("2025-07") - due("2025-06"), "{found:#?}");
        let lines = |cause, scheme| found.by.get(&(cause, scheme)).map_or(0, |tally| tally.lines);
        assert_eq!(lines(Cause::New, Scheme::EmployeePension), 1);
        assert_eq!(lines(Cause::Ended, Scheme::EmployeePension), 1);
        assert_eq!(lines(Cause::Declared, Scheme::EmployeePension), 1);
        // The rate is the work injury's.
        assert!(0 < lines(Cause::Rate, Scheme::WorkInjury), "{found:#?}");
        assert_eq!(lines(Cause::Rate, Scheme::EmployeePension), 0);
        assert!(0 < found.unchanged);
        assert_eq!(causes(db, "cn-50", month("2025-06"), &mut |_, _| {}).unwrap(), None);
    }

    a_month_offers_what_is_possible_to_whom_it_is(db) {
        settle(db, 12);
        let law = TheLaw::read();
        let login = |name: &str, role| Login::new(actor(name), role, Party::Office, None).unwrap();
        let (clerk, supervisor, auditor) = (login("maker", Role::Clerk), login("checker", Role::Supervisor), login("eye", Role::Auditor));
        let offered = |login: &Login| {
            let (desk, _) = desk::month(db, Some(login), month("2025-06")).unwrap();
            desk.offered(Some(login))
        };
        let of = RunKind::Assessment;
        assert_eq!((offered(&clerk), offered(&supervisor)), (vec![Step::Open], vec![]));
        assessed(db, &law, "2025-06", "2025-07-02");
        assert_eq!((offered(&clerk), offered(&supervisor)), (vec![Step::Discard(of)], vec![Step::Approve(of)]));
        // Whoever opened it is not offered to approve it, in whatever role.
        assert_eq!(offered(&login("maker", Role::Supervisor)), []);
        published(db, "2025-06", "2025-07-02");
        assert_eq!(offered(&clerk), [Step::Differ, Step::Credit]);
        assert_eq!((offered(&supervisor), offered(&auditor)), (vec![], vec![]));
        let months = desk::months(db, Some(&auditor), month("2025-08")).unwrap();
        let known: Vec<String> = months.iter().map(|desk| desk.month.to_string()).collect();
        assert_eq!(known, ["2025-07", "2025-06"]);
        assert!(desk::months(db, Some(&login("p", Role::Planner)), month("2025-08")).is_err());
    }
}
