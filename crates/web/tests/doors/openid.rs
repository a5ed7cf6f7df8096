//! Coming in by the word of another house, and those who forge it.

use crate::another_house::{AnotherHouse, OnTheWay, Plan, Signed, departs};
use crate::world::{Answer, HOST, World, number_of};
use axum::http::StatusCode;
use city::actors::Actor;
use city::logins::Role;
use measure::{IdentityNumber, Moment};
use office::Acting;
use office::sign_in::Rules;
use office::sign_in::outside::{Identity, Word, bind, bound, enter};
use serde_json::{Value, json};
use std::sync::Barrier;
use std::thread;
use store::{Db, audit};
use web::sign_in::openid::Provider;

const WHEN: &str = "/sign-in/with/city-id/back";

fn acting(by: &Actor) -> Acting<'_> {
    Acting {
        by,
        at: Moment::from_microseconds(1_752_100_000_000_000),
        purpose: "test",
        through: "test",
    }
}

/// A town that takes the word of another house, which says of `a-one` that they are `one`.
fn both(db: &Db, change: impl FnOnce(&mut Provider)) -> (World, AnotherHouse) {
    let other = AnotherHouse::open();
    let mut provider = other.provider();
    change(&mut provider);
    let world = World::with(db, |settings| settings.providers = vec![provider]);
    let now = world.house.now().microseconds() / 1_000_000;
    other.plan(|plan| plan.now = now);
    binds(db, &other, "one", "a-one");
    (world, other)
}

fn binds(db: &Db, other: &AnotherHouse, login: &str, subject: &str) {
    let admin = Actor::new("admin").unwrap();
    bind(db, login, identity(other, subject), acting(&admin)).unwrap();
}

fn identity<'i>(other: &'i AnotherHouse, subject: &'i str) -> Identity<'i> {
    Identity {
        issuer: &other.issuer,
        claim: "sub",
        subject,
    }
}

fn back(world: &World, way: &OnTheWay, code: &str) -> Answer {
    let state = &way.sent["state"];
    world.get(&format!("{WHEN}?code={code}&state={state}"), &way.cookie)
}

/// Somebody goes there, says they are `subject`, and comes back.
fn comes(world: &World, other: &AnotherHouse, subject: &str) -> Answer {
    let way = departs(world, "", "");
    let code = other.agreed(&way.sent, subject);
    back(world, &way, &code)
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert!(
        answer.body.contains(&format!("<code>{code}</code>")),
        "{code}: {} {}",
        answer.status,
        answer.body
    );
    assert!(
        answer.cookie("__Host-renshe").is_none(),
        "{code}: somebody is in"
    );
}

store::both! {
    somebody_comes_in_by_the_word_of_another_house(db) {
        let (world, other) = both(db, |_| {});
        let page = world.get("/sign-in?then=%2Fme%2Flooks", "");
        assert!(page.body.contains("href=\"/sign-in/with/city-id?then=%2Fme%2Flooks\""), "{}", page.body);
        for signed in [Signed::Es256, Signed::EdDsa] {
            other.plan(|plan| plan.signed = signed);
            let way = departs(&world, "%2Fme%2Flooks", "");
            for (name, value) in [("response_type", "code"), ("client_id", "renshe"), ("code_challenge_method", "S256"), ("scope", "openid profile")] {
                assert_eq!(way.sent[name], value);
            }
            assert_eq!(way.sent["redirect_uri"], format!("https://{HOST}{WHEN}"));
            let code = other.agreed(&way.sent, "a-one");
            let came = back(&world, &way, &code);
            assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/me/looks"), "{}", came.body);
            let cookie = came.cookie("__Host-renshe").unwrap();
            assert!(world.get("/me", &cookie).body.contains("¥ 7,000.00"));
            // What they held before is out.
            let way = departs(&world, "", &cookie);
            let code = other.agreed(&way.sent, "a-one");
            let both = OnTheWay { cookie: format!("{cookie}; {}", way.cookie), ..way };
            let again = back(&world, &both, &code).cookie("__Host-renshe").unwrap();
            assert_ne!(cookie, again);
            assert_eq!(world.get("/me", &cookie).status, StatusCode::SEE_OTHER);
            assert_eq!(world.get("/me", &again).status, StatusCode::OK);
        }
        let noted = noted(db);
        let entered = noted.iter().filter(|(action, _, detail)| action == "session.begin" && *detail == other.issuer);
        assert_eq!(entered.count(), 4);
    }

    who_goes_out_is_shown_the_way_out_of_the_other_house(db) {
        let (world, other) = both(db, |_| {});
        let out = |came: &Answer| {
            let cookies = ["__Host-renshe", "__Host-renshe-by"].map(|name| came.cookie(name).unwrap());
            let cookie = cookies.join("; ");
            let csrf = world.get("/me", &cookie).csrf();
            world.post("/sign-out", &cookie, &format!("csrf={csrf}"))
        };
        // It has no place to go out: told, and nothing to press.
        let gone = out(&comes(&world, &other, "a-one"));
        assert_eq!(gone.header("location"), "/sign-out/with/city-id");
        let told = world.get("/sign-out/with/city-id", "");
        assert!(told.body.contains("close the browser") && !told.body.contains("too</a>"), "{}", told.body);
        // It has one: a link there, with which client asks and nothing of who it was.
        let end = format!("{}/end?a=b", other.issuer);
        let metadata = end.clone();
        other.plan(|plan| plan.metadata = Box::new(move |said| said["end_session_endpoint"] = json!(metadata)));
        world.later(25 * 60);
        other.plan(|plan| plan.now += 25 * 3_600);
        let gone = out(&comes(&world, &other, "a-one"));
        assert_eq!(gone.header("location"), "/sign-out/with/city-id");
        let told = world.get("/sign-out/with/city-id", "");
        assert!(told.body.contains(&format!("href=\"{end}&amp;client_id=renshe\"")), "{}", told.body);
        // Who came otherwise, or whose browser holds nonsense, goes to the first page.
        assert_eq!(world.get("/sign-out/with/another", "").status, StatusCode::NOT_FOUND);
        for (also, to) in [("a=b", "/"), ("__Host-renshe-by=another", "/"), ("__Host-renshe-by=//evil.example", "/"), ("__Host-renshe-by=city-id", "/sign-out/with/city-id")] {
            let held = format!("{}; {also}", world.enter("one"));
            let csrf = world.get("/me", &held).csrf();
            let gone = world.post("/sign-out", &held, &format!("csrf={csrf}"));
            assert_eq!(gone.header("location"), to, "{also}");
        }
    }

    a_forged_word_lets_nobody_in(db) {
        let (world, other) = both(db, |_| {});
        let change = |name: &'static str, value: Value| -> Box<dyn Fn(&mut Value) + Send> {
            Box::new(move |claims| claims[name] = value.clone())
        };
        let now = world.house.now().microseconds() / 1_000_000;
        let other_issuer = json!(format!("{}/", other.issuer));
        let forged = [
            ("nonce", json!("another")),
            ("nonce", Value::Null),
            ("aud", json!("another")),
            ("aud", json!(["renshe", "another"])),
            ("aud", json!([])),
            ("azp", json!("another")),
            ("iss", json!("https://evil.example")),
            ("iss", other_issuer),
            ("exp", json!(now - 61)),
            ("exp", json!(0)),
            ("iat", json!(now - 3_600)),
            ("iat", json!(now + 3_600)),
            ("sub", json!("")),
            ("sub", json!("x".repeat(256))),
            ("sub", json!(7)),
        ];
        for (name, value) in forged {
            let told = format!("{name} {value}");
            other.plan(|plan| plan.claims = change(name, value));
            let came = comes(&world, &other, "a-one");
            assert_ne!(came.status, StatusCode::SEE_OTHER, "{told}");
            refused(&came, "H0503");
        }
        other.plan(|plan| plan.claims = Box::new(|_| {}));
        for signed in [
            Signed::Not, Signed::HmacOfPublicKey, Signed::HmacOfSecret, Signed::ByAStranger, Signed::ByAnotherKey, Signed::SaidOtherwise,
        ] {
            other.plan(|plan| plan.signed = signed);
            refused(&comes(&world, &other, "a-one"), "H0503");
        }
        other.plan(|plan| plan.signed = Signed::Es256);
        assert_eq!(comes(&world, &other, "a-one").status, StatusCode::SEE_OTHER);
    }

    a_new_key_is_asked_for_once_it_is_used(db) {
        let (world, other) = both(db, |_| {});
        assert_eq!(comes(&world, &other, "a-one").status, StatusCode::SEE_OTHER);
        other.plan(|plan| {
            plan.signed = Signed::ByAnotherKey;
            plan.another_key = true;
        });
        // Just now it was asked: not at once again.
        refused(&comes(&world, &other, "a-one"), "H0503");
        world.later(2);
        other.plan(|plan| plan.now += 120);
        assert_eq!(comes(&world, &other, "a-one").status, StatusCode::SEE_OTHER);
        let keys = other.plan.lock().unwrap().asked.iter().filter(|path| *path == "/keys").count();
        assert_eq!(keys, 2);
    }

    what_was_begun_is_ended_once_in_its_own_browser(db) {
        let (world, other) = both(db, |_| {});
        // Again.
        let way = departs(&world, "", "");
        let code = other.agreed(&way.sent, "a-one");
        assert_eq!(back(&world, &way, &code).status, StatusCode::SEE_OTHER);
        let code = other.agreed(&way.sent, "a-one");
        refused(&back(&world, &way, &code), "N0609");
        // In a browser that began nothing, or something else: then in no other either.
        let way = departs(&world, "", "");
        let code = other.agreed(&way.sent, "a-one");
        let bare = OnTheWay { cookie: String::new(), ..way.clone() };
        refused(&back(&world, &bare, &code), "N0609");
        let foreign = OnTheWay { cookie: departs(&world, "", "").cookie, ..way.clone() };
        refused(&back(&world, &foreign, &code), "N0609");
        refused(&back(&world, &way, &code), "N0609");
        // Too late.
        let way = departs(&world, "", "");
        let code = other.agreed(&way.sent, "a-one");
        world.later(11);
        refused(&back(&world, &way, &code), "N0609");
        // Invented, or none.
        for state in ["", "a", &"0".repeat(64)] {
            refused(&world.get(&format!("{WHEN}?code=a&state={state}"), &way.cookie), "N0609");
        }
        // Two windows of one browser are two attempts.
        other.plan(|plan| plan.now += 660);
        let one = departs(&world, "%2Fme%2Fdata", "");
        let two = departs(&world, "", &one.cookie);
        assert_eq!(one.cookie, two.cookie);
        let code = other.agreed(&one.sent, "a-one");
        assert_eq!(back(&world, &one, &code).header("location"), "/me/data");
        let code = other.agreed(&two.sent, "a-one");
        assert_eq!(back(&world, &two, &code).header("location"), "/me");
    }

    a_code_is_good_for_who_asked(db) {
        let (world, other) = both(db, |_| {});
        // Somebody slips in a code of their own, or brings one they stole: the other house sees that it was asked for elsewhere…
        let (theirs, stolen) = (departs(&world, "", ""), departs(&world, "", ""));
        let code = other.agreed(&theirs.sent, "a-one");
        refused(&back(&world, &stolen, &code), "H0503");
        // …and where it does not look, its word is of another attempt.
        other.plan(|plan| plan.looks = false);
        let (theirs, stolen) = (departs(&world, "", ""), departs(&world, "", ""));
        let code = other.agreed(&theirs.sent, "a-one");
        refused(&back(&world, &stolen, &code), "H0503");
        // An answer that another house gives, or none.
        let way = departs(&world, "", "");
        let (code, state) = (other.agreed(&way.sent, "a-one"), way.sent["state"].clone());
        let mixed = world.get(&format!("{WHEN}?code={code}&state={state}&iss=https%3A%2F%2Fevil.example"), &way.cookie);
        refused(&mixed, "H0503");
        for said in ["error=access_denied", "error=access_denied&code=a", "code=", ""] {
            let way = departs(&world, "", "");
            let state = &way.sent["state"];
            refused(&world.get(&format!("{WHEN}?{said}&state={state}"), &way.cookie), "H0502");
        }
        refused(&world.get("/sign-in/with/another", ""), "H0101");
        refused(&world.get("/sign-in/with/another/back?state=a&code=b", ""), "H0101");
    }

    only_own_paths_are_gone_on_to(db) {
        let (world, other) = both(db, |_| {});
        for then in ["//evil.example", "https:%2F%2Fevil.example", "%2F%5Cevil.example", "%2F%09%2Fevil.example", "javascript:alert(1)"] {
            let way = departs(&world, then, "");
            let code = other.agreed(&way.sent, "a-one");
            assert_eq!(back(&world, &way, &code).header("location"), "/me", "{then}");
        }
        // Who is sent by another site is asked first.
        let request = crate::world::asked("GET", "/sign-in/with/city-id", "").header("sec-fetch-site", "cross-site");
        let sent = world.send(request.body(axum::body::Body::empty()).unwrap());
        assert_eq!(sent.header("location"), "/sign-in");
    }

    whose_word_is_bound_to_nobody_is_told_what_to_do(db) {
        let (world, other) = both(db, |_| {});
        let nobody = comes(&world, &other, "<script>alert(1)");
        refused(&nobody, "N0610");
        assert_eq!(nobody.status, StatusCode::FORBIDDEN);
        assert!(nobody.body.contains("“&lt;script&gt;alert(1)”") && nobody.body.contains(&other.issuer), "{}", nobody.body);
        assert!(!nobody.body.contains("<script>alert"));
        // A login that ended, and one of a kind this house does not speak for.
        binds(db, &other, "two", "a-two");
        binds(db, &other, "auditor", "an-auditor");
        let admin = Actor::new("admin").unwrap();
        office::sign_in::end(db, "two", acting(&admin)).unwrap();
        refused(&comes(&world, &other, "a-two"), "N0612");
        refused(&comes(&world, &other, "an-auditor"), "N0613");
        // One word is one login's; undone it is nobody's, and who is in by it is out.
        let again = bind(db, "clerk", identity(&other, "a-one"), acting(&admin)).unwrap_err();
        assert_eq!(again.code(), "N0611");
        assert_eq!(bind(db, "two", identity(&other, "a-new"), acting(&admin)).unwrap_err().code(), "N0607");
        let cookie = comes(&world, &other, "a-one").cookie("__Host-renshe").unwrap();
        office::sign_in::outside::unbind(db, identity(&other, "a-one"), acting(&admin)).unwrap();
        assert_eq!(world.get("/me", &cookie).status, StatusCode::SEE_OTHER);
        refused(&comes(&world, &other, "a-one"), "N0610");
        let unbound = office::sign_in::outside::unbind(db, identity(&other, "a-one"), acting(&admin)).unwrap_err();
        assert_eq!(unbound.code(), "N0610");
        binds(db, &other, "clerk", "a-one");
        assert_eq!(comes(&world, &other, "a-one").header("location"), "/counter");
        assert_eq!(bound(db, "one").unwrap().len(), 1);
    }

    a_proven_number_binds_whose_it_is(db) {
        let (world, other) = both(db, |provider| provider.number = Some("id_number".to_owned()));
        let says = |number: String| {
            other.plan(|plan: &mut Plan| plan.claims = Box::new(move |claims| claims["id_number"] = json!(number)));
        };
        // Nobody in the register, and what is no number.
        for number in ["110101199003070038", "500103198503020039", "", "1"] {
            says(number.to_owned());
            refused(&comes(&world, &other, "a-three"), "N0610");
        }
        // Who has no login gets one; who has one is bound to it.
        says(number_of(3).to_lowercase());
        let came = comes(&world, &other, "a-three");
        assert_eq!(came.header("location"), "/me", "{}", came.body);
        let three = world.get("/settings", &came.cookie("__Host-renshe").unwrap());
        assert!(three.body.contains("person-3"), "{}", three.body);
        says(number_of(2));
        assert_eq!(comes(&world, &other, "a-two").status, StatusCode::SEE_OTHER);
        assert_eq!(bound(db, "two").unwrap()[0].subject, "a-two");
        // Bound is bound, whatever number is said later.
        says(number_of(2));
        assert_eq!(comes(&world, &other, "a-three").status, StatusCode::SEE_OTHER);
        assert_eq!(bound(db, "two").unwrap().len(), 1);
        // A login that was ended is not begun anew by another word.
        let admin = Actor::new("admin").unwrap();
        office::sign_in::end(db, "person-3", acting(&admin)).unwrap();
        says(number_of(3));
        refused(&comes(&world, &other, "a-three"), "N0612");
        refused(&comes(&world, &other, "a-new-word"), "N0612");
        let noted = noted(db);
        for action in ["login.add", "login.bind"] {
            assert!(noted.iter().any(|(done, by, _)| done == action && by == "person-3"), "{action}");
        }
    }

    two_windows_may_come_for_the_first_time_at_once(db) {
        let (world, other) = both(db, |_| {});
        let number = IdentityNumber::parse(&number_of(3)).unwrap();
        let secrets = world.house.settings.secrets.clone().unwrap();
        let at = world.house.now();
        for subject in ["b-1", "b-2", "b-3", "b-4", "b-5"] {
            let (identity, together) = (identity(&other, subject), Barrier::new(2));
            let comes = || {
                let word = Word { identity, number: Some((&number, &*secrets)), roles: &[Role::Person] };
                together.wait();
                enter(db, word, Rules::usual(), (at, "test")).map(|(_, login)| login.name().login().to_owned())
            };
            let [one, two] = thread::scope(|windows| [windows.spawn(comes), windows.spawn(comes)].map(|window| window.join().unwrap()));
            assert_eq!((one.unwrap(), two.unwrap()), ("person-3".to_owned(), "person-3".to_owned()), "{subject}");
        }
        let bindings = bound(db, "person-3").unwrap();
        assert_eq!(bindings.len(), 5);
    }

    a_number_that_is_not_proven_binds_nobody(db) {
        let (world, other) = both(db, |_| {});
        let number = number_of(3);
        other.plan(|plan| plan.claims = Box::new(move |claims| claims["id_number"] = json!(number)));
        refused(&comes(&world, &other, "a-three"), "N0610");
    }

    a_house_that_does_not_answer_lets_nobody_in(db) {
        let (world, other) = both(db, |_| {});
        for change in [
            |said: &mut Value| said["issuer"] = json!("https://evil.example"),
            |said: &mut Value| said["token_endpoint"] = json!("http://10.0.0.1/token"),
            |said: &mut Value| said["jwks_uri"] = json!("http://a@127.0.0.1:1/keys"),
            |said: &mut Value| said["end_session_endpoint"] = json!("javascript:alert(1)"),
            |said: &mut Value| *said = json!([]),
        ] {
            other.plan(|plan| plan.metadata = Box::new(change));
            let gone = world.get("/sign-in/with/city-id", "");
            assert_eq!(gone.status, StatusCode::SERVICE_UNAVAILABLE);
            refused(&gone, "H0501");
        }
        other.plan(|plan| plan.metadata = Box::new(|_| {}));
        assert_eq!(comes(&world, &other, "a-one").status, StatusCode::SEE_OTHER);
        // What is known of it serves when it is silent for a while after.
        other.plan(|plan| plan.metadata = Box::new(|said| *said = json!([])));
        world.later(25 * 60);
        other.plan(|plan| plan.now += 25 * 3_600);
        assert_eq!(comes(&world, &other, "a-one").status, StatusCode::SEE_OTHER);
    }
}

fn noted(db: &Db) -> Vec<(String, String, String)> {
    let all = "select action, actor, detail from audit order by audit";
    let read =
        |row: &store::Row<'_>| Ok::<_, store::Error>((row.get(0)?, row.get(1)?, row.get(2)?));
    let noted = db.read(|tx| tx.list(all, store::params![], read)).unwrap();
    assert_eq!(audit::NONE, 0);
    noted
}
