//! Jobs are done once, whatever happens to workers; messages are sent until they are sent.

use measure::Moment;
use std::{
    collections::BTreeSet,
    sync::{Barrier, Mutex},
    thread,
};
use store::{
    Db, Error, Write, both,
    jobs::{self, Claimed, Counts, New},
    outbox, params,
    testing::MADE,
};

const SECOND: i64 = 1_000_000;
const LEASE: i64 = 60 * SECOND;

fn after(seconds: i64) -> Moment {
    MADE.plus_microseconds(seconds * SECOND)
}

fn new(dedup: Option<&str>) -> New<'_> {
    New {
        queue: "month",
        kind: "assess",
        payload: "{}",
        dedup,
        run_at: MADE,
        attempts_max: 3,
    }
}

fn enqueue(db: &Db, job: &New<'_>) -> Option<i64> {
    db.write(|tx| jobs::enqueue(tx, job, MADE)).unwrap()
}

fn claim(db: &Db, worker: &str, now: Moment, limit: i32) -> Vec<Claimed> {
    db.write_with(Write::committed(), |tx| {
        jobs::claim(tx, "month", worker, now, LEASE, limit)
    })
    .unwrap()
}

fn counts(db: &Db) -> Counts {
    db.read(|tx| jobs::counts(tx, "month")).unwrap()
}

both! {
    a_job_is_done_once_by_one(db) {
        let job = enqueue(db, &new(None)).unwrap();
        let claimed = claim(db, "a", after(1), 5);
        assert_eq!(claimed.len(), 1);
        assert_eq!((claimed[0].job, claimed[0].attempt, claimed[0].lease_until), (job, 1, after(61)));
        assert!(claim(db, "b", after(1), 5).is_empty());
        db.write(|tx| jobs::finish(tx, &claimed[0], after(2))).unwrap();
        assert_eq!(counts(db), Counts { done: 1, ..Counts::default() });
        let again = db.write(|tx| jobs::finish(tx, &claimed[0], after(2)));
        assert_eq!(again.unwrap_err().code(), "S0304");
        assert_eq!(db.write(|tx| jobs::forget(tx, after(2))).unwrap(), 0);
        assert_eq!(db.write(|tx| jobs::forget(tx, after(3))).unwrap(), 1);
    }

    one_like_it_is_not_queued_while_it_waits_or_runs(db) {
        assert!(enqueue(db, &new(Some("2025-06"))).is_some());
        assert!(enqueue(db, &new(Some("2025-06"))).is_none());
        assert!(enqueue(db, &new(Some("2025-07"))).is_some());
        assert!(enqueue(db, &new(None)).is_some());
        assert!(enqueue(db, &new(None)).is_some());
        let claimed = claim(db, "a", MADE, 1);
        assert!(enqueue(db, &new(Some("2025-06"))).is_none());
        db.write(|tx| jobs::finish(tx, &claimed[0], MADE)).unwrap();
        assert!(enqueue(db, &new(Some("2025-06"))).is_some());
    }

    a_job_waits_for_its_moment_and_the_longest_waiting_is_first(db) {
        let later = enqueue(db, &New { run_at: after(10), ..new(None) }).unwrap();
        let sooner = enqueue(db, &New { run_at: after(5), ..new(None) }).unwrap();
        assert!(claim(db, "a", after(4), 5).is_empty());
        assert_eq!(claim(db, "a", after(20), 1)[0].job, sooner);
        assert_eq!(claim(db, "a", after(20), 1)[0].job, later);
    }

    a_failure_is_tried_again_until_it_is_dead(db) {
        let job = enqueue(db, &new(None)).unwrap();
        let mut now = MADE;
        for attempt in 1..=3 {
            let claimed = claim(db, "a", now, 1);
            assert_eq!(claimed[0].attempt, attempt);
            db.write(|tx| jobs::fail(tx, &claimed[0], now, "the bank does not answer")).unwrap();
            assert!(claim(db, "a", now.plus_microseconds(4 * SECOND), 1).is_empty());
            now = now.plus_microseconds(jobs::pause(attempt, job));
        }
        assert!(claim(db, "a", now, 1).is_empty());
        assert_eq!(counts(db), Counts { dead: 1, ..Counts::default() });
        let dead = db.read(|tx| jobs::dead(tx, "month")).unwrap();
        assert_eq!((dead[0].job, dead[0].last_error.as_deref()), (job, Some("the bank does not answer")));
        assert!(db.write(|tx| jobs::revive(tx, job, now)).unwrap());
        assert_eq!(claim(db, "a", now, 1)[0].attempt, 1);
    }

    a_worker_that_dies_loses_its_job_and_a_slow_one_undoes_its_work(db) {
        enqueue(db, &new(None)).unwrap();
        let slow = claim(db, "a", MADE, 1).remove(0);
        assert_eq!(db.write(|tx| jobs::recover(tx, after(59))).unwrap(), 0);
        assert_eq!(db.write(|tx| jobs::recover(tx, after(60))).unwrap(), 1);
        // The same name again, as after a restart: the attempt tells them apart.
        let other = claim(db, "a", after(61), 1).remove(0);
        assert_eq!(other.attempt, 2);
        let late = db.write(|tx| {
            outbox::put(tx, "month", "assessed", "", after(61))?;
            jobs::finish(tx, &slow, after(61))
        });
        assert_eq!(late.unwrap_err(), Error::LeaseLost { job: slow.job, until: after(60) });
        assert_eq!(db.read(outbox::open).unwrap(), (0, None));
        db.write(|tx| jobs::finish(tx, &other, after(62))).unwrap();
    }

    whoever_reports_keeps_its_job(db) {
        enqueue(db, &new(None)).unwrap();
        let mut claimed = claim(db, "a", MADE, 1).remove(0);
        db.write(|tx| jobs::prolong(tx, &mut claimed, after(50), LEASE)).unwrap();
        assert_eq!(claimed.lease_until, after(110));
        assert_eq!(db.write(|tx| jobs::recover(tx, after(100))).unwrap(), 0);
        assert_eq!(db.write(|tx| jobs::recover(tx, after(110))).unwrap(), 1);
        let late = db.write(|tx| jobs::prolong(tx, &mut claimed, after(111), LEASE));
        assert_eq!(late.unwrap_err().code(), "S0304");
    }

    /// Six workers race for two thousand jobs, some of them dying on the way; each job has its effect once.
    nothing_is_done_twice_or_left(db) {
        let total = 2000;
        db.write(|tx| {
            for number in 0..total {
                let key = number.to_string();
                jobs::enqueue(tx, &New { dedup: Some(&key), ..new(None) }, MADE)?;
            }
            Ok::<(), Error>(())
        })
        .unwrap();
        let start = Barrier::new(6);
        let done = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for worker in ["a", "b", "c", "d", "e", "f"] {
                let (start, done) = (&start, &done);
                scope.spawn(move || {
                    start.wait();
                    let mut round = 0;
                    loop {
                        round += 1;
                        let claimed = db
                            .write_with(store::testing::committed(), |tx| jobs::claim(tx, "month", worker, after(1), LEASE, 20))
                            .unwrap();
                        if claimed.is_empty() {
                            let left = counts(db);
                            if left.ready == 0 {
                                return;
                            }
                            continue;
                        }
                        // Every now and then a worker dies: its jobs are left running.
                        if round % 17 == 5 {
                            continue;
                        }
                        db.write_with(store::testing::committed(), |tx| {
                            for job in &claimed {
                                outbox::put(tx, "done", &job.job.to_string(), worker, after(1))?;
                                jobs::finish(tx, job, after(1))?;
                            }
                            Ok::<(), Error>(())
                        })
                        .unwrap();
                        done.lock().unwrap().extend(claimed.iter().map(|job| job.job));
                    }
                });
            }
        });
        let left = counts(db);
        let done = done.into_inner().unwrap();
        let once: BTreeSet<i64> = done.iter().copied().collect();
        assert_eq!(once.len(), done.len());
        assert_eq!((left.done, left.ready), (i64::try_from(done.len()).unwrap(), 0));
        assert_eq!(left.done + left.running, total);
        assert_eq!(db.write(|tx| jobs::recover(tx, after(61))).unwrap(), u64::try_from(left.running).unwrap());
        while let [first, ..] = &claim(db, "g", after(62), 500)[..] {
            let attempt = first.attempt;
            assert_eq!(attempt, 2);
            db.write(|tx| tx.execute("update job set state = 3, worker = null, lease_until = null, finished = run_at where state = 2", params![])).unwrap();
        }
        assert_eq!(counts(db).done, total);
    }

    a_message_is_written_once_and_taken_until_it_is_sent(db) {
        let put = |key: &str| db.write(|tx| outbox::put(tx, "month", key, "body", MADE)).unwrap();
        assert!(put("2025-06"));
        assert!(!put("2025-06"));
        assert!(put("2025-07"));
        let take = |now| db.write_with(Write::committed(), |tx| outbox::take(tx, now, LEASE, 10)).unwrap();
        let taken = take(MADE);
        assert_eq!(taken.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["2025-06", "2025-07"]);
        assert!(take(after(1)).is_empty());
        db.write(|tx| outbox::sent(tx, &taken[0], after(1))).unwrap();
        db.write(|tx| outbox::failed(tx, &taken[1], after(1), "no answer")).unwrap();
        assert!(take(after(5)).is_empty());
        let again = take(after(8));
        assert_eq!((again.len(), again[0].key.as_str(), again[0].attempt), (1, "2025-07", 2));
        assert_eq!(db.read(outbox::open).unwrap(), (1, Some(MADE)));
        let altered = db.write(|tx| tx.execute("update outbox set body = 'other'", params![]));
        assert_eq!(altered.unwrap_err().code(), "S0108");
    }
}
