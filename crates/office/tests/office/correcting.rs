//! The register corrected by two people, and what waits for the second of them.

use crate::town::{TheLaw, acting, actor, day, month, settle};
use city::corrections::{Asked, Correction, Shall};
use city::facts::Span;
use city::insurance::{Category, Scheme, Slot, Status};
use city::logins::{Login, Party, Role};
use city::people::PersonId;
use city::places::District;
use measure::Fen;
use office::inbox::{Item, Sort, decide, one, waiting};
use office::month::assess::{Cut, assess, open};
use office::{correction, once};
use store::{Db, corrections, insurance};

fn login(name: &str, role: Role, district: Option<i32>) -> Login {
    let district = district.map(|code| District::new(code).unwrap());
    Login::new(actor(name), role, Party::Office, district).unwrap()
}

fn clerk() -> Login {
    login("clerk", Role::Clerk, Some(500_112))
}

fn supervisor() -> Login {
    login("supervisor", Role::Supervisor, None)
}

/// A wage of person 1, whom employer 2 of district 500103 insures, from May until July.
pub(crate) fn asked(key: &str, shall: Shall) -> Asked {
    Asked {
        key: key.to_owned(),
        person: PersonId::new(1).unwrap(),
        slot: Slot::new(
            Scheme::EmployeePension,
            Category::Employee,
            city::employers::EmployerId::new(2),
        )
        .unwrap(),
        days: Span::new(day("2025-05-01"), Some(day("2025-07-01"))).unwrap(),
        shall,
        reason: "工资单".to_owned(),
    }
}

fn wages(db: &Db) -> Vec<(String, Fen)> {
    let asked = asked("", Shall::Nothing);
    let mut known = db
        .read(|tx| {
            tx.set_all_districts()?;
            insurance::of(tx, asked.person)
        })
        .unwrap();
    let line = known.remove(&asked.slot).unwrap();
    let current = line.current().into_iter();
    current
        .map(|(_, fact)| (fact.valid.to_string(), fact.value.declared.unwrap()))
        .collect()
}

pub(crate) fn of_city() -> Login {
    login("city-clerk", Role::Clerk, None)
}

fn found(db: &Db, key: &str) -> Correction {
    db.read(|tx| corrections::by_key(tx, key)).unwrap().unwrap()
}

fn code<T>(outcome: Result<T, office::Error>) -> String {
    outcome.map_or_else(|error| error.code().to_owned(), |_| "done".to_owned())
}

store::both! {
    a_wage_is_corrected_by_two_people(db) {
        settle(db, 12);
        let (clerk, other) = (of_city(), supervisor());
        let at = acting(clerk.name(), "2025-07-02");
        let shall = Shall::Declared(Fen(900_000));
        let id = correction::ask(db, Some(&clerk), &asked("k", shall), at).unwrap();
        // Asked again it is the same; as something else it is refused.
        assert_eq!(correction::ask(db, Some(&clerk), &asked("k", shall), at).unwrap(), id);
        assert_eq!(code(correction::ask(db, Some(&clerk), &asked("k", Shall::Declared(Fen(1))), at)), "A0209");
        assert_eq!(wages(db).len(), 1, "nothing changes before somebody else has looked");
        // Who asked does not approve, in whatever role.
        let same = login("city-clerk", Role::Supervisor, None);
        assert_eq!(code(correction::approve(db, Some(&same), id, acting(same.name(), "2025-07-03"))), "A0206");
        assert_eq!(code(correction::approve(db, Some(&clerk), id, at)), "N0602");
        let seen = correction::see(db, Some(&other), id, acting(other.name(), "2025-07-03")).unwrap();
        assert!(seen.stands);
        assert_eq!(seen.pieces[0].was.declared, Some(Fen(401_237)));
        assert_eq!(seen.pieces[0].shall.unwrap().declared, Some(Fen(900_000)));
        correction::approve(db, Some(&other), id, acting(other.name(), "2025-07-03")).unwrap();
        let (before, now) = (Fen(401_237), Fen(900_000));
        assert_eq!(wages(db), [
            ("from 2024-06-01 until 2025-05-01".to_owned(), before),
            ("from 2025-05-01 until 2025-07-01".to_owned(), now),
            ("from 2025-07-01".to_owned(), before),
        ]);
        assert_eq!(code(correction::approve(db, Some(&other), id, acting(other.name(), "2025-07-04"))), "A0207");
    }

    what_was_seen_is_what_is_approved(db) {
        settle(db, 12);
        let (clerk, other) = (of_city(), supervisor());
        let at = acting(clerk.name(), "2025-07-02");
        let first = correction::ask(db, Some(&clerk), &asked("one", Shall::Declared(Fen(900_000))), at).unwrap();
        let second = correction::ask(db, Some(&clerk), &asked("two", Shall::Stood(Status::Paused)), at).unwrap();
        let now = acting(other.name(), "2025-07-03");
        correction::approve(db, Some(&other), first, now).unwrap();
        assert_eq!(code(correction::approve(db, Some(&other), second, now)), "A0208");
        correction::decline(db, Some(&other), second, now).unwrap();
        assert!(!correction::waits(&found(db, "two")));
        for (shall, refused) in [
            (Shall::Declared(Fen(0)), "A0202"),
            (Shall::Declared(Fen(900_000)), "A0204"),
            (Shall::Stood(Status::Ended), "done"),
        ] {
            assert_eq!(code(correction::ask(db, Some(&clerk), &asked(refused, shall), at)), refused);
        }
        let silent = Asked { reason: " ".into(), ..asked("silent", Shall::Nothing) };
        assert_eq!(code(correction::ask(db, Some(&clerk), &silent, at)), "A0201");
    }

    another_districts_record_is_unknown(db) {
        settle(db, 12);
        // Person 1 is insured in 500103.
        let stranger = clerk();
        let at = acting(stranger.name(), "2025-07-02");
        let shall = Shall::Declared(Fen(900_000));
        assert_eq!(code(correction::ask(db, Some(&stranger), &asked("k", shall), at)), "N0603");
        let id = correction::ask(db, Some(&of_city()), &asked("k", shall), acting(&actor("city-clerk"), "2025-07-02")).unwrap();
        let far = login("far", Role::Supervisor, Some(500_112));
        let near = login("near", Role::Supervisor, Some(500_103));
        let list = |login: &Login| waiting(db, Some(login), acting(login.name(), "2025-07-03")).unwrap().len();
        assert_eq!((list(&far), list(&near), list(&supervisor()), list(&clerk())), (0, 1, 1, 0));
        assert_eq!(code(correction::approve(db, Some(&far), id, acting(far.name(), "2025-07-03"))), "N0603");
        assert_eq!(code(one(db, Some(&far), (Sort::Correction, id.number()), acting(far.name(), "2025-07-03"))), "N0603");
        assert_eq!(code(one(db, Some(&near), (Sort::Correction, 99), acting(near.name(), "2025-07-03"))), "N0603");
    }

    the_inbox_decides_by_the_content_that_was_seen(db) {
        settle(db, 12);
        let law = TheLaw::read();
        let (clerk, other) = (of_city(), supervisor());
        correction::ask(db, Some(&clerk), &asked("k", Shall::Nothing), acting(clerk.name(), "2025-07-02")).unwrap();
        open(db, law.applied(), month("2025-06"), Cut { chunk_size: 100, threads: 1 }, acting(clerk.name(), "2025-07-02")).unwrap();
        assess(db, law.applied(), month("2025-06"), 1, &mut |_, _| {}).unwrap();
        let now = acting(other.name(), "2025-07-03");
        let items = waiting(db, Some(&other), now).unwrap();
        assert_eq!(items.len(), 2);
        assert!(matches!(items[0], Item::Run(_)));
        let item = &items[1];
        let by = (Sort::Correction, item.number(), "00");
        assert_eq!(code(decide(db, law.applied(), Some(&other), by, true, now)), "N0105");
        let seen = item.content().to_string();
        let by = (Sort::Correction, item.number(), &*seen);
        assert_eq!(code(decide(db, law.applied(), Some(&clerk), by, true, now)), "N0602");
        assert_eq!(code(decide(db, law.applied(), Some(&other), by, true, now)), "done");
        assert_eq!(wages(db).len(), 2);
        // A run knows what was recorded when it was opened: the correction is later than it.
        let changed = db.read(|tx| { tx.set_all_districts()?; insurance::of(tx, PersonId::new(1).unwrap()) }).unwrap();
        let known = db.read(store::runs::latest_known).unwrap().unwrap();
        let last = changed.values().filter_map(city::facts::Timeline::last_moment).max().unwrap();
        assert!(known < last);
    }

    a_form_sent_twice_is_done_once(db) {
        let by = actor("clerk");
        let mut done = 0;
        let form = |key, body| once::Form { by: &by, key, body, at: crate::town::moment("2025-07-02") };
        let mut send = |key, body, refuses: bool| {
            let sent = once::once(db, form(key, body), || {
                done += 1;
                match refuses {
                    true => Err(once::Refusal::Other.into()),
                    false => Ok(format!("/{done}")),
                }
            });
            sent.map_err(|error| error.code().to_owned())
        };
        let key = "0123456789abcdef";
        assert_eq!(send(key, "a=1", true), Err("N0702".to_owned()));
        assert_eq!(send(key, "a=1", false), Ok("/2".to_owned()));
        assert_eq!(send(key, "a=1", false), Ok("/2".to_owned()), "answered as before");
        assert_eq!(send(key, "a=2", false), Err("N0702".to_owned()));
        assert_eq!(send("", "a=1", false), Err("N0701".to_owned()));
        assert_eq!(done, 2);
    }

    a_form_on_which_the_house_fell_may_be_sent_again_and_old_ones_are_forgotten(db) {
        let by = actor("clerk");
        let key = "0123456789abcdef";
        let send = |day, body| {
            let form = once::Form { by: &by, key, body, at: crate::town::moment(day) };
            once::once(db, form, || Ok("/done".to_owned())).map_err(|error| error.code().to_owned())
        };
        let begun = crate::town::moment("2025-07-02");
        db.write(|tx| store::forms::begin(tx, (by.login(), key), [7; 32], begun)).unwrap();
        // Begun with something else, and at this moment under way.
        assert_eq!(send("2025-07-02", "a=1"), Err("N0702".to_owned()));
        // A day later it is not.
        assert_eq!(send("2025-07-03", "a=1"), Ok("/done".to_owned()));
        assert_eq!(send("2025-07-03", "a=2"), Err("N0702".to_owned()));
        // After two days nobody asks for the answer any more.
        assert_eq!(send("2025-07-06", "a=2"), Ok("/done".to_owned()));
    }
}
