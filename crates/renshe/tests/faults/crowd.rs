//! Thirty-two at the counter while a month is assessed and put in force.

use crate::Soak;
use crate::chance::Chance;
use crate::city::{CUT, PEOPLE, TheLaw, acting, actor, june, receipt, settle, verified};
use crate::place::Place;
use city::collection::{BillId, Receipt};
use city::facts::{Origin, OriginKind};
use city::insurance::{Command, apply};
use city::people::PersonId;
use city::runs::RunKind;
use ledger::Digest;
use measure::{Day, Fen};
use office::Error;
use office::collect::allocate::allocate;
use office::collect::receive::{BankFile, receive};
use office::month::assess::{assess, open};
use office::month::publish::{approve, publish};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;
use store::{Db, Options, insurance, params};

const CLERKS: u64 = 32;

#[test]
fn a_crowd_on_sqlite() {
    crowd(&Place::sqlite());
}

#[test]
fn a_crowd_on_postgresql() {
    if let Some(place) = Place::postgres() {
        crowd(&place);
    }
}

/// What the crowd did.
#[derive(Default)]
struct Done {
    corrections: AtomicU64,
    receipts: AtomicU64,
    allocations: AtomicU64,
    /// How often somebody was told to try again in a while.
    again: AtomicU64,
}

/// Tells the crowd to go home, also when the month fails.
struct Closing<'a>(&'a AtomicBool);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// June is in force and owed; the crowd corrects, takes money in and allocates it while July is made and put in force.
fn crowd(place: &Place) {
    let soak = Soak::asked();
    let law = TheLaw::read();
    settle(place, "crowd", &law);
    let db = Db::open_with(
        &place.address("crowd").parse().unwrap(),
        Options {
            connections: 40,
            patience: Duration::from_secs(60),
            ..Options::default()
        },
    )
    .unwrap();
    month(&db, &law, june(), false);
    let bills = owed(&db);
    let before = declared(&db);
    let (done, over) = (Done::default(), AtomicBool::new(false));
    thread::scope(|scope| {
        let closing = Closing(&over);
        for clerk in 0..CLERKS {
            let (db, law, bills, done, over) = (&db, &law, &bills, &done, &over);
            scope.spawn(move || {
                let mut chance = Chance::new(soak.seed ^ clerk);
                let mut turn = 0;
                while !over.load(Ordering::Relaxed) {
                    turn += 1;
                    at_the_counter(db, law, (clerk, turn), bills, &mut chance, done);
                }
            });
        }
        let months = soak.times.div_ceil(10);
        for later in 1..=months {
            let of = june().add_months(i32::try_from(later).unwrap()).unwrap();
            month(&db, &law, of, true);
        }
        drop(closing);
    });
    let corrections = done.corrections.load(Ordering::Relaxed);
    assert_eq!(
        declared(&db),
        before + 100 * i64::try_from(corrections).unwrap(),
        "a correction was lost"
    );
    let taken = count(&db, "select count(*) from receipt");
    assert_eq!(
        taken,
        i64::try_from(done.receipts.load(Ordering::Relaxed)).unwrap(),
        "a receipt was lost"
    );
    verified(&db);
    if let Place::Postgres(_) = place {
        let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
        assert_eq!(
            count(&db, deadlocks),
            0,
            "they stood in each other's way for good"
        );
    }
    let told = |count: &AtomicU64| count.load(Ordering::Relaxed);
    soak.tell(
        &format!("{}: {CLERKS} at the counter", place.name()),
        &format!(
            "{corrections} corrections, {} receipts, {} parts of bills settled while months were made; {} times told to try \
             again; none lost, no deadlock, verify clean",
            told(&done.receipts),
            told(&done.allocations),
            told(&done.again)
        ),
    );
    assert!(corrections > 0 && taken > 0, "the crowd came to nothing");
}

/// A month from its opening, where it is not open, to its being in force.
fn month(db: &Db, law: &TheLaw, of: measure::Month, opens: bool) {
    let (maker, checker) = (actor("maker"), actor("checker"));
    if opens {
        open(db, law.applied(), of, CUT, acting(&maker)).unwrap();
    }
    let run = assess(db, law.applied(), of, CUT.threads, &mut |_, _| {}).unwrap();
    let content = run.content.unwrap().to_string();
    approve(db, RunKind::Assessment, of, &content, acting(&checker)).unwrap();
    publish(db, of, acting(&checker)).unwrap();
}

/// One thing that somebody does at the counter; told to try again, they do so later.
fn at_the_counter(
    db: &Db,
    law: &TheLaw,
    (clerk, turn): (u64, u64),
    bills: &[(BillId, i64)],
    chance: &mut Chance,
    done: &Done,
) {
    let by = actor(&format!("clerk{clerk}"));
    let outcome = match clerk % 4 {
        0 | 1 => corrected(db, (clerk, turn), chance).map(|corrected| {
            done.corrections
                .fetch_add(u64::from(corrected), Ordering::Relaxed);
        }),
        2 => {
            let (bill, owed) = bills[usize::try_from(chance.below(bills.len() as u64)).unwrap()];
            let money = Receipt {
                key: format!("{clerk}/{turn}"),
                ..receipt(bill, 1 + owed / 3)
            };
            let name = format!("{clerk}-{turn}");
            let file = BankFile {
                name: &name,
                hash: Digest::of(name.as_bytes()),
            };
            let mut source = |each: &mut dyn FnMut(&Receipt) -> Result<(), Error>| each(&money);
            receive(db, file, &mut source, acting(&by)).map(|received| {
                done.receipts
                    .fetch_add(u64::try_from(received.receipts).unwrap(), Ordering::Relaxed);
            })
        }
        _ => allocate(db, law.applied(), 20, acting(&by), &mut |_| {}).map(|settled| {
            done.allocations
                .fetch_add(settled.allocations, Ordering::Relaxed);
        }),
    };
    match outcome {
        Ok(()) => {}
        Err(error) if matches!(error.code(), "S0105" | "S0111" | "S0116") => {
            done.again.fetch_add(1, Ordering::Relaxed);
        }
        Err(error) => panic!("clerk {clerk}: {error}"),
    }
    thread::sleep(Duration::from_millis(chance.below(10)));
}

/// Somebody declares one yuan more than is known, for one of a few persons whom others correct as well. Some clerks take
/// their time between looking and writing.
fn corrected(db: &Db, (clerk, turn): (u64, u64), chance: &mut Chance) -> Result<bool, Error> {
    let person = PersonId::new(
        i64::try_from(1 + chance.below(u64::try_from(PEOPLE).unwrap() / 10)).unwrap(),
    )
    .unwrap();
    let hesitates = Duration::from_millis(if clerk.is_multiple_of(8) {
        chance.below(60)
    } else {
        0
    });
    let by = actor("clerk");
    let acting = acting(&by);
    let origin = Origin {
        kind: OriginKind::Case,
        id: i64::try_from(clerk * 1_000_000 + turn).unwrap(),
    };
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        let known = insurance::of(tx, person)?;
        let active = known.values().find_map(|timeline| {
            let (_, fact) = timeline.current().into_iter().next_back()?;
            let declared = fact
                .value
                .declared
                .filter(|_| fact.value.status == city::insurance::Status::Active)?;
            Some((timeline, declared))
        });
        let Some((timeline, declared)) = active else {
            return Ok(false);
        };
        thread::sleep(hesitates);
        let change = Command::Change {
            from: Day::parse("2025-06-01").unwrap(),
            district: None,
            declared: Some(Fen(declared.0 + 100)),
        };
        let Ok(changes) = apply(timeline, &change, at, origin) else {
            return Ok(false);
        };
        insurance::carry_out(tx, person, &changes)?;
        acting.note(tx, "correct", (1, person.number()), "")?;
        Ok(true)
    })
}

/// What is declared by everybody, as known now: each correction adds a yuan.
fn declared(db: &Db) -> i64 {
    count(
        db,
        "select cast(coalesce(sum(declared), 0) as bigint) from participation where superseded is null and valid_until is null",
    )
}

fn owed(db: &Db) -> Vec<(BillId, i64)> {
    db.read(|tx| {
        tx.set_all_districts()?;
        tx.list(
            "select bill, amount from bill order by bill",
            params![],
            |row| Ok::<_, store::Error>((row.get(0)?, row.get(1)?)),
        )
    })
    .unwrap()
}

fn count(db: &Db, sql: &'static str) -> i64 {
    db.read(|tx| {
        tx.set_all_districts()?;
        tx.one(sql, params![], |row| row.get(0))
    })
    .unwrap()
}
