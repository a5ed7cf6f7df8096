//! A month begins with the roster of the one before, and comes to what the facts tell.

use crate::differing::corrected;
use crate::month::{CUT, a_published_month, approved};
use crate::town::{TheLaw, acting, actor, day, moment, month, settle};
use crate::verifying::{found, tamper};
use city::runs::{Run, RunKind, RunState};
use measure::Month;
use office::month::assess::{assess, open};
use office::month::credit::credit;
use office::month::discard::discard;
use office::month::publish::publish;
use office::verify::{Finding, verify};
use std::sync::Barrier;
use std::thread;
use store::{Db, Engine, params};

/// People move, end, begin and come after June was assessed.
fn much_becomes_known(db: &Db) {
    corrected(db, 1, day("2025-06-10"), Some((1, 450_000)));
    corrected(db, 2, day("2025-07-01"), Some((1, 900_000)));
    corrected(db, 3, day("2025-07-15"), None);
    corrected(db, 4, day("2025-07-01"), None);
    corrected(db, 5, day("2025-08-01"), Some((2, 700_000)));
    db.write(|tx| {
        for person in [41, 42] {
            tx.execute(
                "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)",
                params![person, day("1990-01-01"), vec![0_u8], moment("2025-07-25")],
            )?;
        }
        Ok::<(), store::Error>(())
    })
    .unwrap();
    corrected(db, 41, day("2025-05-01"), Some((2, 600_000)));
    corrected(db, 42, day("2025-08-01"), Some((2, 600_000)));
}

/// Assesses a month after all that.
fn computed(db: &Db, law: &TheLaw, of: Month) -> Run {
    let maker = actor("maker");
    open(db, law.applied(), of, CUT, acting(&maker, "2025-08-01")).unwrap();
    assess(db, law.applied(), of, 2, &mut |_, _| {}).unwrap()
}

/// And tells what its rows come down to.
fn assessed(db: &Db, law: &TheLaw, of: Month) -> Vec<Vec<u8>> {
    let run = computed(db, law, of);
    db.read(|tx| {
        let roots = "select root from run_chunk where run = $1 order by no";
        tx.list(roots, params![run.id], |row| row.get::<Vec<u8>>(0))
    })
    .unwrap()
}

fn in_force(db: &Db, run: &Run) {
    approved(db, RunKind::Assessment, run);
    publish(db, run.month, acting(&actor("checker"), "2025-08-02")).unwrap();
}

fn given_up(db: &Db, of: Month) {
    let maker = actor("maker");
    discard(db, RunKind::Assessment, of, acting(&maker, "2025-08-01")).unwrap();
}

/// Alters June's roster past the program.
fn altered(db: &Db, what: &str) {
    let table = match db.engine() {
        Engine::Sqlite => "roster",
        Engine::Postgres => "roster_run_1",
    };
    tamper(db, table, &what.replace("roster", table));
}

/// What those find who begin at the same moment: one run, computed.
pub(crate) fn two_at_once(work: impl Fn() -> Result<Run, office::Error> + Sync) -> Run {
    let together = Barrier::new(2);
    let begin = || {
        together.wait();
        work()
    };
    let both = thread::scope(|scope| {
        let begun = [(); 2].map(|()| scope.spawn(begin));
        begun.map(|one| one.join().unwrap())
    });
    // Who comes when the other is done is told so.
    let found = both.map(|one| one.map_err(|error| error.code()));
    let mut runs = found.into_iter().filter(|one| *one != Err("N0103"));
    let run = runs.next().unwrap().unwrap();
    assert_eq!(run.state, RunState::Computed);
    assert!(runs.all(|other| other.as_ref() == Ok(&run)));
    run
}

/// Somebody has it not any more.
fn forgotten(db: &Db) {
    db.write(|tx| tx.execute("delete from has_roster", params![]))
        .unwrap();
}

store::both! {
    a_month_from_the_roster_is_as_from_the_facts(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let (june, july, august) = (month("2025-06"), month("2025-07"), month("2025-08"));
        a_published_month(db, &law, june);
        much_becomes_known(db);
        let mut from_roster = Vec::new();
        for of in [july, august] {
            from_roster.push(assessed(db, &law, of));
            given_up(db, of);
        }
        assert_ne!(from_roster[0], from_roster[1]);
        // From July's, too.
        in_force(db, &computed(db, &law, july));
        assert_eq!(assessed(db, &law, august), from_roster[1]);
        given_up(db, august);
        assert_eq!(found(db), [""; 0]);
        forgotten(db);
        assert_eq!(assessed(db, &law, august), from_roster[1]);
    }

    /// It is read, or altering it would alter nothing; and it is found by then.
    a_roster_that_was_altered_is_found(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let july = month("2025-07");
        a_published_month(db, &law, month("2025-06"));
        let as_told = assessed(db, &law, july);
        given_up(db, july);
        // Without those of one district.
        altered(db, "delete from roster where district = 500103");
        let report = verify(db, "cn-50", 2, &mut |_, _, _| {}).unwrap();
        assert_eq!(report.findings.iter().map(Finding::code).collect::<Vec<_>>(), ["V0117"]);
        assert!(report.findings[0].message(rules::explain::Lang::En).contains("person 1 "), "{:?}", report.findings);
        assert_ne!(assessed(db, &law, july), as_told);
        given_up(db, july);
        forgotten(db);
        assert_eq!(assessed(db, &law, july), as_told);
    }

    /// Whoever begins a month lets go of the oldest, also of one that is compared.
    a_roster_that_is_let_go_of_while_it_is_compared_is_not_missed(db) {
        settle(db, 200);
        a_published_month(db, &TheLaw::read(), month("2025-06"));
        let mut gone_over = 0;
        let mut let_go = |run: &Run, done, _| {
            gone_over += i32::from(done == 1);
            // The dues first, then the roster.
            if (gone_over, done) == (2, 1) {
                db.write(|tx| store::roster::drop(tx, run.id)).unwrap();
            }
        };
        let report = verify(db, "cn-50", 1, &mut let_go).unwrap();
        assert_eq!(report.findings, []);
        assert_eq!((gone_over, db.read(store::roster::kept).unwrap()), (2, vec![]));
    }

    /// The facts are read instead.
    a_roster_that_cannot_be_read_stops_nobody(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let july = month("2025-07");
        a_published_month(db, &law, month("2025-06"));
        let as_told = assessed(db, &law, july);
        given_up(db, july);
        altered(db, "update roster set rows = rows + 1 where district = 500103");
        assert_eq!(found(db), ["V0117"]);
        assert_eq!(assessed(db, &law, july), as_told);
    }

    /// Of a run that an older program began, no roster is made, and none is begun with.
    a_run_begun_without_a_roster_leaves_none(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let (june, maker) = (month("2025-06"), actor("maker"));
        open(db, law.applied(), june, CUT, acting(&maker, "2025-06-01")).unwrap();
        db.write(|tx| tx.execute("update run set state = 2 where run = 1", params![])).unwrap();
        let run = assess(db, law.applied(), june, 2, &mut |_, _| {}).unwrap();
        in_force(db, &run);
        assert_eq!(db.read(store::roster::kept).unwrap(), []);
        assert_eq!(found(db), [""; 0]);
    }

    /// Who comes second goes on with the run, and with its roster, and finds it finished.
    two_may_assess_a_month_at_once(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let months = ["2025-06", "2025-07", "2025-08", "2025-09"].map(month);
        for of in months {
            open(db, law.applied(), of, CUT, acting(&actor("maker"), "2025-08-01")).unwrap();
            let run = two_at_once(|| assess(db, law.applied(), of, 1, &mut |_, _| {}));
            in_force(db, &run);
            assert_eq!(db.read(store::roster::kept).unwrap()[0], run.id);
        }
        assert_eq!(found(db), [""; 0]);
    }

    two_may_credit_a_month_at_once(db) {
        settle(db, 40);
        let law = TheLaw::read();
        let (june, maker) = (month("2025-06"), actor("maker"));
        a_published_month(db, &law, june);
        for day in ["2025-08-01", "2025-08-02", "2025-08-03"] {
            two_at_once(|| credit(db, law.applied(), june, CUT, acting(&maker, day), &mut |_, _| {}));
            assert_eq!(found(db), [""; 0]);
            discard(db, RunKind::Crediting, june, acting(&maker, day)).unwrap();
        }
    }
}
