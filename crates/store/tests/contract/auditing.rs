//! The audit log: nothing altered, nothing forked, nobody kept waiting.

use crate::keeping::code;
use std::{collections::BTreeSet, sync::Barrier, thread};
use store::{
    Db, Engine, Error, Write,
    audit::{self, Entry, Head, PERSON},
    both, params,
    testing::MADE,
};

fn entry(subject: i64) -> Entry<'static> {
    Entry {
        at: MADE.plus_microseconds(subject),
        actor: "maker@500103",
        role: "counter",
        purpose: "pension statement",
        action: "account.read",
        subject_kind: PERSON,
        subject,
        through: "portal",
        detail: "",
    }
}

fn append(db: &Db, subject: i64) -> i64 {
    db.write(|tx| audit::append(tx, &entry(subject))).unwrap()
}

fn verify(db: &Db, witnessed: &[Head]) -> Result<u64, Error> {
    db.read(|tx| audit::verify(tx, witnessed))
}

/// Alters the log as somebody would who has the database and not the program: past the triggers.
fn tamper(db: &Db, sql: &str) {
    let (off, on) = match db.engine() {
        Engine::Postgres => ("set local session_replication_role = replica", "select 1"),
        Engine::Sqlite => (
            "drop trigger audit_kept; drop trigger audit_kept_whole",
            "create trigger audit_kept before update of at on audit begin select raise(abort, ''); end;
             create trigger audit_kept_whole before delete on audit begin select raise(abort, ''); end;",
        ),
    };
    db.write(|tx| {
        tx.batch(off)?;
        tx.batch(sql)?;
        tx.batch(on)
    })
    .unwrap();
}

/// How many chains connections to this database hold.
const HELD: &str = "select count(*) from pg_locks where locktype = 'advisory' and classid = 7262718 \
    and database = (select oid from pg_database where datname = current_database())";

both! {
    an_entry_is_kept(db) {
        append(db, 7);
        let write = |sql: &'static str| code(db.write(|tx| tx.execute(sql, params![])));
        assert_eq!(write("update audit set actor = 'other'"), "S0108");
        assert_eq!(write("delete from audit"), "S0108");
        assert_eq!(verify(db, &[]).unwrap(), 1);
    }

    an_entry_is_there_when_what_it_notes_is(db) {
        let undone = db.write(|tx| {
            audit::append(tx, &entry(1))?;
            Err::<(), Error>(Error::ReadOnly)
        });
        assert!(undone.is_err());
        db.write(|tx| {
            audit::append(tx, &entry(2))?;
            let tried: Result<(), Error> = tx.attempt(|tx| {
                audit::append(tx, &entry(3))?;
                Err(Error::ReadOnly)
            });
            assert!(tried.is_err());
            audit::append(tx, &entry(4))
        })
        .unwrap();
        append(db, 5);
        assert_eq!(verify(db, &[]).unwrap(), 3);
        let seen = db.read(|tx| audit::of_subject(tx, PERSON, 4, 10)).unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].at, entry(4).at);
        assert!(db.read(|tx| audit::of_subject(tx, PERSON, 3, 10)).unwrap().is_empty());
    }

    whatever_is_altered_is_found(db) {
        let entries: Vec<i64> = (1..=5).map(|subject| append(db, subject)).collect();
        let broken = |sql: &str, at: i64| {
            tamper(db, sql);
            assert_eq!(verify(db, &[]).unwrap_err(), Error::AuditBroken { audit: at }, "{sql}");
        };
        let third = entries[2];
        for (column, other, own) in [
            ("actor", "'other'", "'maker@500103'"),
            ("role", "'countermaker'", "'counter'"),
            ("subject", "8", "3"),
            ("detail", "'all fields'", "''"),
            ("through", "'portal '", "'portal'"),
        ] {
            broken(&format!("update audit set {column} = {other} where audit = {third}"), third);
            tamper(db, &format!("update audit set {column} = {own} where audit = {third}"));
            assert_eq!(verify(db, &[]).unwrap(), 5);
        }
        // The border between two texts moved.
        broken(&format!("update audit set actor = 'maker@500103c', role = 'ounter' where audit = {third}"), third);
        broken(&format!("delete from audit where audit = {third}"), entries[3]);
    }

    a_chain_that_was_cut_off_is_found_by_its_witnesses(db) {
        append(db, 1);
        let last = append(db, 2);
        let heads = db.read(audit::heads).unwrap();
        append(db, 3);
        assert_eq!(verify(db, &heads).unwrap(), 3);
        tamper(db, &format!("delete from audit where audit >= {last}"));
        assert_eq!(verify(db, &[]).unwrap(), 1);
        assert_eq!(verify(db, &heads).unwrap_err(), Error::AuditBroken { audit: last });
    }

    many_append_at_once_and_no_chain_forks(db) {
        let (threads, times) = (6, 60);
        let start = Barrier::new(threads);
        thread::scope(|scope| {
            for number in 0..threads {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    for turn in 0..times {
                        let subject = i64::try_from(number * times + turn).unwrap();
                        let how = if turn % 2 == 0 { Write::default() } else { Write::committed() };
                        db.write_with(how, |tx| {
                            audit::append(tx, &entry(subject))?;
                            audit::append(tx, &entry(subject))
                        })
                        .unwrap();
                    }
                });
            }
        });
        assert_eq!(verify(db, &[]).unwrap(), 720);
        let heads = db.read(audit::heads).unwrap();
        let chains: BTreeSet<i64> = heads.iter().map(Head::chain).collect();
        assert_eq!(chains.len(), heads.len());
        if db.engine() == Engine::Sqlite {
            assert_eq!(chains.len(), 1);
        }
    }

    /// A connection that is closed leaves its chain to the next, also to one whose transaction began before.
    a_chain_goes_on_with_another_connection(db) {
        if db.engine() == Engine::Postgres {
            let other = |work: &dyn Fn(&Db)| {
                work(&store::testing::reopened(db));
                // Its chain is free when the server has noticed that it is gone.
                while db.read(|tx| tx.one(HELD, params![], |row| row.get::<i64>(0))).unwrap() > 0 {
                    thread::sleep(std::time::Duration::from_millis(5));
                }
            };
            other(&|first| { append(first, 1); });
            db.write_with(Write { isolation: store::Isolation::Snapshot, attempts: 3, ..Write::default() }, |tx| {
                // The state this transaction sees is from now on fixed.
                tx.one("select cast(count(*) as bigint) from audit", params![], |row| row.get::<i64>(0))?;
                if db.read(|tx| audit::verify(tx, &[]))? == 1 {
                    other(&|second| { append(second, 2); });
                }
                audit::append(tx, &entry(3))
            })
            .unwrap();
            assert_eq!(verify(db, &[]).unwrap(), 3);
            assert_eq!(db.read(audit::heads).unwrap().len(), 1);
        }
    }
}
