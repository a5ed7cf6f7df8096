//! What does a chained entry cost, and do writers wait for each other?
//!
//! ```text
//! cargo bench -p store --bench audit -- [transactions a thread, 500 by default]
//! ```
//!
//! Transactions that note one entry each, from one thread and from several, beside transactions that insert as much without a
//! chain, and beside such as share one chain, so that each waits for the commit of the one before.
#![expect(clippy::disallowed_methods, reason = "it reports durations")]
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "it reports rates"
)]

use std::{thread, time::Instant};
use store::{
    Db, Engine, Error, Tx, Write,
    audit::{self, Entry, PERSON},
    params, testing,
};

fn main() {
    let times = std::env::args()
        .find_map(|it| it.parse().ok())
        .unwrap_or(500);
    println!(
        "| engine | threads | entry, chains | entry, one chain | insert only |\n|---|---:|---:|---:|---:|"
    );
    testing::on_sqlite(|db| all(db, times));
    testing::on_postgres(|db| all(db, times));
}

fn all(db: &Db, times: i64) {
    for threads in [1, 4, 12] {
        let chains = rate(db, threads, times, append);
        let one = rate(db, threads, times, |tx, subject| {
            if tx.engine() == Engine::Postgres {
                tx.one(
                    "select cast(pg_advisory_xact_lock(1) as text)",
                    params![],
                    |_| Ok::<(), Error>(()),
                )?;
            }
            append(tx, subject)
        });
        let bare = rate(db, threads, times, |tx, subject| {
            let sql = "insert into outbox (topic, key, body, at, attempts, next_at) values ($1, $2, $3, $4, 0, $4)";
            let key = format!("{threads}/{subject}");
            tx.execute(
                sql,
                params![
                    "account.read",
                    key,
                    "maker@500103 counter pension statement portal",
                    testing::MADE
                ],
            )
            .map(drop)
        });
        println!(
            "| {:?} | {threads} | {chains:.0}/s | {one:.0}/s | {bare:.0}/s |",
            db.engine()
        );
    }
    let entries = db.read(|tx| audit::verify(tx, &[]));
    println!("\nverified {entries:?}\n");
}

fn append(tx: &mut Tx<'_>, subject: i64) -> Result<(), Error> {
    let entry = Entry {
        at: testing::MADE,
        actor: "maker@500103",
        role: "counter",
        purpose: "pension statement",
        action: "account.read",
        subject_kind: PERSON,
        subject,
        through: "portal",
        detail: "",
    };
    audit::append(tx, &entry).map(drop)
}

fn rate(
    db: &Db,
    threads: i64,
    times: i64,
    work: impl Fn(&mut Tx<'_>, i64) -> Result<(), Error> + Sync,
) -> f64 {
    let start = Instant::now();
    thread::scope(|scope| {
        for number in 0..threads {
            let work = &work;
            scope.spawn(move || {
                for turn in 0..times {
                    let subject = number * times + turn;
                    let written = db.write_with(Write::committed(), |tx| work(tx, subject));
                    assert!(written.is_ok(), "{written:?}");
                }
            });
        }
    });
    (threads * times) as f64 / start.elapsed().as_secs_f64()
}
