//! By what one comes in: another house's word, a passkey, and what is begun for it.

use city::actors::Actor;
use city::logins::{Login, Party, Role};
use measure::Moment;
use store::attempts::{self, Kind};
use store::outside::{self, Identity};
use store::passkeys::{self, NewPasskey};
use store::sessions::{self, By};
use store::{Db, both, logins, params, testing::MADE};

const HOUR: i64 = 3_600_000_000;

fn after(hours: i64) -> Moment {
    MADE.plus_microseconds(hours * HOUR)
}

fn login(db: &Db, name: &str) -> Actor {
    let login = Login::new(Actor::new(name).unwrap(), Role::Clerk, Party::Office, None).unwrap();
    db.write(|tx| logins::add(tx, &login, None, login.name(), MADE))
        .unwrap();
    login.name().clone()
}

fn word(subject: &str) -> Identity<'_> {
    Identity {
        issuer: "https://id.example",
        claim: "sub",
        subject,
    }
}

fn found(db: &Db, identity: Identity<'_>) -> Option<String> {
    let found = db.read(|tx| outside::find(tx, identity)).unwrap();
    found.map(|login| login.name().login().to_owned())
}

fn key<'n>(credential: &'n [u8], label: &'n str) -> NewPasskey<'n> {
    NewPasskey {
        label,
        credential,
        key: "{}",
        counter: 0,
    }
}

both! {
    one_word_lets_in_by_one_login_at_a_time(db) {
        let (li, wang) = (login(db, "li"), login(db, "wang"));
        let bind = |identity, login: &Actor| db.write(|tx| outside::bind(tx, identity, login, (login, MADE)));
        bind(word("7"), &li).unwrap();
        let again = bind(word("7"), &wang).unwrap_err();
        assert_eq!(again.violated(), Some("outside_identity_in_use"), "{again}");
        // What another house says, or by another claim, is another word.
        bind(Identity { issuer: "https://other.example", ..word("7") }, &wang).unwrap();
        bind(Identity { claim: "number", ..word("7") }, &wang).unwrap();
        bind(word("8"), &li).unwrap();
        assert_eq!(found(db, word("7")).as_deref(), Some("li"));
        assert_eq!(found(db, Identity { claim: "number", ..word("7") }).as_deref(), Some("wang"));
        assert_eq!(found(db, word("07")), None);
        // Ended it lets in nobody, and may be another's; both are kept.
        assert!(db.write(|tx| outside::end(tx, word("7"), after(1))).unwrap());
        assert!(!db.write(|tx| outside::end(tx, word("7"), after(2))).unwrap());
        assert_eq!(found(db, word("7")), None);
        bind(word("7"), &wang).unwrap();
        assert_eq!(found(db, word("7")).as_deref(), Some("wang"));
        let of_li = db.read(|tx| outside::of_login(tx, "li")).unwrap();
        let of_li: Vec<_> = of_li.iter().map(|bound| (bound.subject.as_str(), bound.ended)).collect();
        assert_eq!(of_li, [("7", Some(after(1))), ("8", None)]);
        let altered = db.write(|tx| tx.execute("update outside_identity set login = 'wang' where subject = '8'", params![]));
        assert_eq!(altered.unwrap_err().code(), "S0108");
    }

    what_is_begun_is_taken_once(db) {
        let begin = |hash: u8, kind, ends| db.write(|tx| attempts::begin(tx, (&[hash; 32], kind), &[9; 32], "what", ends));
        begin(1, Kind::Outside, after(1)).unwrap();
        begin(2, Kind::Passkey, after(2)).unwrap();
        let take = |hash: u8, kind| db.write(|tx| attempts::take(tx, (&[hash; 32], kind))).unwrap();
        // As what it was begun.
        assert_eq!(take(1, Kind::Passkey), None);
        let taken = take(1, Kind::Outside).unwrap();
        assert_eq!((taken.browser, taken.content.as_str(), taken.ends), ([9; 32], "what", after(1)));
        assert_eq!(take(1, Kind::Outside), None);
        begin(3, Kind::AddPasskey, after(1)).unwrap();
        assert_eq!(db.write(|tx| attempts::sweep(tx, after(1))).unwrap(), 1);
        assert_eq!(take(3, Kind::AddPasskey), None);
        assert!(take(2, Kind::Passkey).is_some());
    }

    a_passkey_counts_up_or_is_two(db) {
        let (li, wang) = (login(db, "li"), login(db, "wang"));
        let add = |login: &Actor, new: NewPasskey<'_>| db.write(|tx| passkeys::add(tx, login, new, MADE));
        let number = add(&li, key(&[1], "phone")).unwrap();
        add(&li, key(&[2], "desk")).unwrap();
        let taken = add(&wang, key(&[1], "mine")).unwrap_err();
        assert_eq!(taken.violated(), Some("passkey_credential"), "{taken}");
        let use_it = |counter: i64, at| db.write(|tx| passkeys::used(tx, number, (counter, "{\"a\":1}"), at)).unwrap();
        // One that does not count, until it does.
        assert!(use_it(0, after(1)) && use_it(0, after(2)));
        assert!(use_it(5, after(3)));
        assert!(!use_it(5, after(4)) && !use_it(4, after(4)) && !use_it(0, after(4)));
        assert!(use_it(6, after(5)));
        let (login, passkey) = db.read(|tx| passkeys::find(tx, &[1])).unwrap().unwrap();
        assert_eq!((login.name(), passkey.counter, passkey.last_used), (&li, 6, Some(after(5))));
        assert_eq!((passkey.label.as_str(), passkey.key.as_str()), ("phone", "{\"a\":1}"));
        let labels = |login: &str| {
            let all = db.read(|tx| passkeys::of_login(tx, login)).unwrap();
            all.into_iter().map(|passkey| passkey.label).collect::<Vec<_>>()
        };
        assert_eq!(labels("li"), ["phone", "desk"]);
        // Another's is not removed, and what is removed is not used.
        let end = |login: &str, at| db.write(|tx| passkeys::end(tx, (login, number), at)).unwrap();
        assert!(!end("wang", after(6)) && end("li", after(6)) && !end("li", after(7)));
        assert!(!use_it(9, after(8)));
        assert_eq!(db.read(|tx| passkeys::find(tx, &[1])).unwrap(), None);
        assert_eq!(db.write(|tx| passkeys::end_all(tx, "li", after(8))).unwrap(), 1);
        assert_eq!(labels("li"), Vec::<String>::new());
        // Nor one of a login that ended; and a credential is never another's, even removed.
        add(&wang, key(&[3], "phone")).unwrap();
        db.write(|tx| logins::end(tx, "wang", after(9))).unwrap();
        assert_eq!(db.read(|tx| passkeys::find(tx, &[3])).unwrap(), None);
        assert!(add(&li, key(&[1], "again")).is_err());
        let altered = db.write(|tx| tx.execute("update passkey set login = 'wang' where passkey = $1", params![number]));
        assert_eq!(altered.unwrap_err().code(), "S0108");
        let uncounted = add(&li, NewPasskey { counter: -1, ..key(&[4], "a") }).unwrap_err();
        assert_eq!(uncounted.violated(), Some("passkey_counts_up"));
    }

    a_session_says_by_what_it_was_begun(db) {
        let li = login(db, "li");
        for (hash, by) in [(1, By::Secret), (2, By::Persona), (3, By::Outside), (4, By::Passkey)] {
            db.write(|tx| sessions::begin(tx, &[hash; 32], (&li, by), &[7; 32], (MADE, after(9)))).unwrap();
            let session = db.read(|tx| sessions::find(tx, &[hash; 32], after(1), MADE.plus_microseconds(-1))).unwrap();
            assert_eq!(session.unwrap().proof, by);
        }
        // As the version before wrote it.
        let before = "insert into session (session, login, csrf, begun, last_seen, ends) values ($1, 'li', $1, $2, $2, $3)";
        db.write(|tx| tx.execute(before, params![&[5_u8; 32][..], MADE, after(9)])).unwrap();
        let session = db.read(|tx| sessions::find(tx, &[5; 32], after(1), MADE.plus_microseconds(-1))).unwrap();
        assert_eq!(session.unwrap().proof, By::Secret);
        let none = db.write(|tx| tx.execute("update session set proof = 5", params![]));
        assert_eq!(none.unwrap_err().violated(), Some("session_proof"));
    }

    a_persons_logins_are_found(db) {
        db.write(|tx| {
            tx.execute("insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values (7, 1, $1, $2, $3, 6, 1)",
                params![measure::Day::parse("1985-03-02").unwrap(), &[1_u8][..], MADE])
        }).unwrap();
        let of = |name: &str| Login::new(Actor::new(name).unwrap(), Role::Person, Party::Person(city::people::PersonId::new(7).unwrap()), None).unwrap();
        for (name, hours) in [("b", 1), ("a", 2)] {
            let login = of(name);
            db.write(|tx| logins::add(tx, &login, None, login.name(), after(hours))).unwrap();
        }
        db.write(|tx| logins::end(tx, "b", after(3))).unwrap();
        let all = db.read(|tx| outside::logins_of(tx, 7)).unwrap();
        let all: Vec<_> = all.iter().map(|login| (login.name().login(), login.ended)).collect();
        assert_eq!(all, [("b", Some(after(3))), ("a", None)]);
        assert!(db.read(|tx| outside::logins_of(tx, 8)).unwrap().is_empty());
    }
}
