//! A month from opening to closing.

pub(crate) use crate::money::sum;
use crate::town::{TheLaw, acting, actor, moment, month, participate, settle};
use city::actors::Actor;
use city::collection::{BillId, Receipt, reference};
use city::dues::{Added, Of, Payer, Totals};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::places::District;
use city::runs::{Refusal, Run, RunKind, RunState};
use ledger::ChunkTree;
use measure::{Fen, Month};
use office::Error;
use office::month::again::{Step, done};
use office::month::assess::{Cut, assess, bill_others, open};
use office::month::credit::credit;
use office::month::discard::discard;
use office::month::engine::{Chunk, Work, carry_out};
use office::month::publish::{approve, close, publish};
use office::month::review::review;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use store::runs::Mark;
use store::testing::lines;
use store::{Db, Tx, params};

pub(crate) const CUT: Cut = Cut {
    chunk_size: 7,
    threads: 2,
};

/// Everybody pays every bill in full, in time and by its reference.
fn pay_everything(db: &Db, law: &TheLaw) {
    let bills: Vec<(BillId, i64)> = db
        .read(|tx| {
            tx.set_all_districts()?;
            tx.list(
                "select bill, amount from bill order by bill",
                params![],
                |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)),
            )
        })
        .unwrap();
    let paid: Vec<Receipt> = bills
        .iter()
        .map(|(bill, amount)| {
            crate::money::receipt(
                &format!("all/{:04}", bill.number()),
                "2025-06-30",
                *amount,
                &reference(*bill),
            )
        })
        .collect();
    crate::money::receive(db, "all.csv", &paid, "2025-07-10").unwrap();
    let done = crate::money::allocate(db, law, "2025-07-10");
    assert_eq!((done.allocations, done.held), (paid.len() as u64, Fen(0)));
}

pub(crate) fn approved(db: &Db, kind: RunKind, run: &Run) {
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

/// June 2025, assessed in June and in force: its bills are due on its last day.
pub(crate) fn a_published_month(db: &Db, law: &TheLaw, of: Month) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    let on = of.first_day().to_string();
    open(db, law.applied(), of, CUT, acting(&maker, &on)).unwrap();
    let run = assess(db, law.applied(), of, 2, &mut |_, _| {}).unwrap();
    let content = run.content.unwrap().to_string();
    approve(db, RunKind::Assessment, of, &content, acting(&checker, &on)).unwrap();
    publish(db, of, acting(&checker, &on)).unwrap();
}

/// June 2025 from opening to closing.
pub(crate) fn a_closed_month(db: &Db, law: &TheLaw) {
    let june = month("2025-06");
    let (maker, checker) = (actor("maker"), actor("checker"));
    open(db, law.applied(), june, CUT, acting(&maker, "2025-07-01")).unwrap();
    let run = assess(db, law.applied(), june, 2, &mut |_, _| {}).unwrap();
    approved(db, RunKind::Assessment, &run);
    publish(db, june, acting(&checker, "2025-07-02")).unwrap();
    pay_everything(db, law);
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
        open(db, law.applied(), june, CUT, acting(&maker, "2025-07-01")).unwrap();
        assert_eq!(
            open(db, law.applied(), june, CUT, acting(&maker, "2025-07-01")).unwrap_err().code(),
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
        let owed = sum(db, "select cast(sum(employer_due + person_due) as bigint) from dues_line");
        assert_eq!(sum(db, "select cast(sum(amount) as bigint) from bill"), owed);
        let receivable = "select cast(sum(debit - credit) as bigint) from line where heading = 1101";
        assert_eq!(sum(db, receivable), owed);

        pay_everything(db, &law);
        let run = credit(db, law.applied(), june, CUT, acting(&maker, "2025-07-20"), &mut |_, _| {}).unwrap();
        approved(db, RunKind::Crediting, &run);
        close(db, june, acting(&checker, "2025-07-21")).unwrap();
        let credited = sum(db, "select cast(sum(credit) as bigint) from dues_line");
        assert_eq!(sum(db, "select cast(sum(credited + interest) as bigint) from account_line"), credited);
        let payable = "select cast(sum(credit - debit) as bigint) from line where heading = 2102";
        assert_eq!(sum(db, payable), credited);
        assert_eq!(sum(db, "select count(*) from seal where closes"), 1);
        assert_eq!(
            open(db, law.applied(), june, CUT, acting(&maker, "2025-07-22")).unwrap_err().code(),
            "N0108"
        );
    }

    /// Who did a step and asks for it again is told that it was done, when and by whom; nobody else is, and nothing else.
    a_step_that_was_done_is_told_from_one_that_was_not(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let june = month("2025-06");
        let (maker, checker) = (actor("maker"), actor("checker"));
        let assessment = (RunKind::Assessment, june);
        let compute = Step::Compute { law: &law.version };
        let asked = |of, step, by: &Actor| done(db, of, step, by).unwrap().map(|done| (done.by, done.at, done.run.state));
        assert_eq!(asked(assessment, compute, &maker), None);
        open(db, law.applied(), june, CUT, acting(&maker, "2025-07-01")).unwrap();
        assert_eq!(asked(assessment, compute, &maker), None, "opened is not assessed");
        let run = assess(db, law.applied(), june, 2, &mut |_, _| {}).unwrap();
        let hash = run.content.unwrap().to_string();
        let opened = ("maker".to_owned(), moment("2025-07-01"), RunState::Computed);
        assert_eq!(asked(assessment, compute, &maker), Some(opened));
        assert_eq!(asked(assessment, compute, &checker), None);
        assert_eq!(asked(assessment, Step::Compute { law: "another" }, &maker), None);
        let approve = Step::Approve { looked_at: &hash[..16] };
        assert_eq!(asked(assessment, approve, &checker), None);
        approved(db, RunKind::Assessment, &run);
        assert_eq!(asked(assessment, approve, &checker), Some(("checker".into(), moment("2025-07-02"), RunState::Approved)));
        for other in [&hash[..15], "0123456789abcdef"] {
            assert_eq!(asked(assessment, Step::Approve { looked_at: other }, &checker), None, "{other}");
        }
        assert_eq!(asked(assessment, Step::Publish, &checker), None);
        publish(db, june, acting(&checker, "2025-07-02")).unwrap();
        assert_eq!(asked(assessment, Step::Publish, &checker), Some(("checker".into(), moment("2025-07-02"), RunState::Published)));
        assert_eq!(asked(assessment, Step::Publish, &maker), None);
        pay_everything(db, &law);
        let crediting = (RunKind::Crediting, june);
        let run = credit(db, law.applied(), june, CUT, acting(&maker, "2025-07-20"), &mut |_, _| {}).unwrap();
        assert_eq!(asked(crediting, compute, &maker), Some(("maker".into(), moment("2025-07-20"), RunState::Computed)));
        approved(db, RunKind::Crediting, &run);
        close(db, june, acting(&checker, "2025-07-21")).unwrap();
        let noted = sum(db, "select count(*) from audit");
        assert_eq!(asked(crediting, Step::Publish, &checker), Some(("checker".into(), moment("2025-07-21"), RunState::Closed)));
        assert_eq!(asked(assessment, approve, &checker), Some(("checker".into(), moment("2025-07-02"), RunState::Closed)));
        assert_eq!(sum(db, "select count(*) from audit"), noted);
    }

    /// Nobody is passed over: a participation that nothing says how to assess is told with the run.
    whoever_cannot_be_assessed_is_told(db) {
        settle(db, 10);
        db.write(|tx| participate(tx, 10, (4, 2), None, Some(500_000))).unwrap();
        let law = TheLaw::read();
        a_published_month(db, &law, month("2025-06"));
        let reason = "select code from refused where person = 10 and scheme = 4";
        let code: String = db.read(|tx| tx.one(reason, params![], |row| row.get(0))).unwrap();
        assert_eq!(code, "N0202");
    }

    /// Of two participations in a month the law says which is assessed, and in which month a resident's year is.
    the_law_says_which_participation_and_which_month(db) {
        settle(db, 10);
        db.write(|tx| {
            participate(tx, 10, (1, 1), Some(1), Some(600_000))?;
            tx.execute(
                "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, recorded, \
                 origin_kind, origin) values (10, 1, 1, 2, 500103, 1, 700000, $1, $2, 6, 1)",
                params![crate::town::day("2025-06-11"), moment("2025-01-05")],
            )
        })
        .unwrap();
        let practice = "cn/collection/practice.law";
        let residents = "cn/pension/residents-2014-8.law";
        let of_employer = |law: &TheLaw, of: &str, employer: i64| {
            a_published_month(db, law, month(of));
            let dues = "select count(*) from dues_line where run = (select max(run) from run) and person = 10 and scheme = 1 and employer = $1";
            lines::unpack(db);
            let found: i64 = db.read(|tx| tx.one(dues, params![employer], |row| row.get(0))).unwrap();
            let residents = sum(db, "select count(*) from dues_line where run = (select max(run) from run) and scheme = 2");
            (found, residents)
        };
        assert_eq!(of_employer(&TheLaw::read(), "2025-06", 2), (1, 1));
        let earlier = TheLaw::altered(practice, "    true\n\nexample \"the later of two", "    false\n\nexample \"the later of two");
        assert_eq!(of_employer(&earlier, "2025-07", 1), (1, 0));
        let next_month = TheLaw::altered(residents, "= month-number(resident-since)", "= month-number(resident-since + 2 months)");
        assert_eq!(of_employer(&next_month, "2025-08", 2), (1, 1));
    }

    who_was_stopped_while_it_billed_writes_what_is_missing(db) {
        settle(db, 20);
        let (law, june, maker) = (TheLaw::read(), month("2025-06"), actor("maker"));
        let by = || acting(&maker, "2025-07-01");
        let begin = || open(db, law.applied(), june, CUT, by()).unwrap();
        let go_on = || assess(db, law.applied(), june, 2, &mut |_, _| {});
        let undisturbed = begin();
        go_on().unwrap();
        // One bill of an employer was there already, of as much or of more.
        let stopped = |more: i64| {
            discard(db, RunKind::Assessment, june, by()).unwrap();
            let run = begin();
            let bill = "insert into bill (run, payer_kind, payer, scheme, district, lines, amount, credit, open) \
                select $1, payer_kind, payer, scheme, district, lines, amount + $2, credit, open from bill \
                where run = $3 and payer_kind = 1 order by bill limit 1";
            db.write(|tx| {
                tx.set_all_districts()?;
                tx.execute(bill, params![run.id, more, undisturbed.id])
            }).unwrap();
            run
        };
        let stopped_there = stopped(0);
        go_on().unwrap();
        let bills = |run: &Run, payer_kind: i16| {
            let bills = "select cast(count(*) as bigint), cast(sum(amount) as bigint) from bill where run = $1 and payer_kind = $2";
            db.read(|tx| {
                tx.set_all_districts()?;
                tx.one(bills, params![run.id, payer_kind], |row| {
                    Ok::<_, store::Error>((row.get::<i64>(0)?, row.get::<i64>(1)?))
                })
            }).unwrap()
        };
        for payer_kind in 1..=3 {
            let all = bills(&undisturbed, payer_kind);
            assert!(0 < all.0, "{payer_kind}");
            assert_eq!(bills(&stopped_there, payer_kind), all);
        }
        stopped(1);
        assert_eq!(go_on().unwrap_err().code(), "N0109");
    }

    many_bills_are_written_in_parts(db) {
        settle(db, 20);
        let (law, maker) = (TheLaw::read(), actor("maker"));
        let run = open(db, law.applied(), month("2025-06"), CUT, acting(&maker, "2025-07-01")).unwrap();
        let yubei = District::new(500_112).unwrap();
        let bills: Vec<(Of, Added)> = (1..=12_000).flat_map(|employer| {
            let payer = Payer::Employer(EmployerId::new(employer).unwrap());
            let added = Added { lines: 1, amount: Fen(employer), credit: Fen(0) };
            [Scheme::Unemployment, Scheme::WorkInjury].map(|scheme| ((payer, scheme, yubei), added))
        }).collect();
        // Somebody was stopped who had written some at the end.
        db.write(|tx| {
            tx.set_all_districts()?;
            store::bills::write(tx, run.id, bills[23_000..].to_vec())
        }).unwrap();
        for _ in 0..2 {
            bill_others(db, &run, 2, &bills).unwrap();
            assert_eq!(sum(db, "select count(*) from bill"), 24_000);
            assert_eq!(sum(db, "select cast(sum(amount) as bigint) from bill"), 12_000 * 12_001);
        }
        let disordered = "select count(*) from bill a join bill b on b.run = a.run and b.payer_kind = a.payer_kind \
            and b.payer = a.payer and a.scheme < b.scheme and b.bill < a.bill";
        assert_eq!(sum(db, disordered), 0);
    }

    what_was_lost_before_it_was_finished_is_computed_again(db) {
        settle(db, 20);
        let law = TheLaw::read();
        let run = open(db, law.applied(), month("2025-06"), CUT, acting(&actor("maker"), "2025-07-01")).unwrap();
        let (work, finished) = (Counting::default(), AtomicI64::new(0));
        let lost = || {
            // As of a server that died before the last chunk was on its drive.
            if finished.fetch_add(1, SeqCst) == 0 {
                return Err(Refusal::Missing { chunks: 1 }.into());
            }
            Ok(run.clone())
        };
        let mut told = Vec::new();
        carry_out(db, &run, &work, 2, &mut |done, of| told.push((done, of)), lost).unwrap();
        assert_eq!(finished.load(SeqCst), 2);
        // What is there is not computed twice.
        assert_eq!(work.0.load(SeqCst), run.chunks);
        assert_eq!((told.first(), told.last()), (Some(&(0, run.chunks)), Some(&(run.chunks, run.chunks))));
        // Whatever else is wrong ends it.
        let other = carry_out(db, &run, &work, 2, &mut |_, _| {}, || Err(Refusal::Closed { month: run.month }.into()));
        assert_eq!(other.unwrap_err().code(), "N0108");
    }
}

/// Work that makes no rows, and counts its chunks.
#[derive(Default)]
struct Counting(AtomicI64);

impl Work for Counting {
    type Room = ();
    type Made = ();

    fn room(&self) {}

    fn compute(&self, _: &mut Tx<'_>, _: &Chunk, (): &mut ()) -> Result<(), Error> {
        self.0.fetch_add(1, SeqCst);
        Ok(())
    }

    fn mark(&self, (): &()) -> Mark {
        Mark {
            rows: ChunkTree::new().finish(),
            refused: 0,
            totals: Totals::default(),
        }
    }

    fn keep(&self, _: &mut Tx<'_>, (): &()) -> Result<(), Error> {
        Ok(())
    }
}
