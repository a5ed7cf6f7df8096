//! Those who mean no good.

use crate::world::{HOST, SECRET, World, asked};
use axum::body::Body;
use axum::http::{StatusCode, header};
use store::audit;
use web::wall::Peer;

store::both! {
    what_alters_something_comes_from_our_own_pages(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let csrf = world.get("/me", &cookie).csrf();
        let send = |origin: Option<&str>, site: Option<&str>, form: String| {
            let mut request = asked("POST", "/sign-out", &cookie).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if let Some(origin) = origin {
                request = request.header(header::ORIGIN, origin);
            }
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            world.send(request.body(Body::from(form)).unwrap()).status
        };
        let (own, good) = (format!("https://{HOST}"), format!("csrf={csrf}"));
        let foreign = [
            (Some("https://evil.example"), None, good.clone()),
            (Some("null"), None, good.clone()),
            (Some("http://renshe.example"), None, good.clone()),
            (None, None, good.clone()),
            (None, Some("cross-site"), good.clone()),
            (Some(own.as_str()), Some("same-site"), good.clone()),
            (Some(own.as_str()), None, String::new()),
            (Some(own.as_str()), None, "csrf=".to_owned() + &"0".repeat(64)),
        ];
        for (origin, site, form) in foreign {
            assert_eq!(send(origin, site, form), StatusCode::FORBIDDEN, "{origin:?} {site:?}");
        }
        // Another's token is not ours, and what is in a GET alters nothing.
        let other = world.enter("two");
        let csrf_of_other = world.get("/me", &other).csrf();
        assert_eq!(send(Some(&own), None, format!("csrf={csrf_of_other}")), StatusCode::FORBIDDEN);
        assert_eq!(world.get(&format!("/sign-out?csrf={csrf}"), &cookie).status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(world.get("/me", &cookie).status, StatusCode::OK);
        assert_eq!(send(Some(&own), Some("same-origin"), good), StatusCode::SEE_OTHER);
        assert_eq!(world.get("/me", &cookie).status, StatusCode::SEE_OTHER);
    }

    a_session_is_new_and_ends(db) {
        let world = World::of(db);
        // What a browser held before is not what it holds after.
        let planted = format!("__Host-renshe={}", "ab".repeat(32));
        let came = world.post("/sign-in", &planted, &format!("login=one&secret={}", SECRET.replace(' ', "+")));
        let cookie = came.cookie("__Host-renshe").unwrap();
        assert_ne!(cookie, planted);
        let set = came.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(set.contains(part), "{set}");
        }
        assert_eq!(world.get("/me", &planted).status, StatusCode::SEE_OTHER);
        assert_eq!(world.get("/me", &cookie).status, StatusCode::OK);
        // Signing out ends it, wherever the token was copied to.
        let csrf = world.get("/me", &cookie).csrf();
        world.post("/sign-out", &cookie, &format!("csrf={csrf}"));
        assert_eq!(world.get("/me", &cookie).status, StatusCode::SEE_OTHER);
        // Everywhere means everywhere.
        let (one, other) = (world.enter("one"), world.enter("one"));
        let csrf = world.get("/me", &one).csrf();
        world.post("/sign-out/everywhere", &one, &format!("csrf={csrf}"));
        assert_eq!(world.get("/me", &other).status, StatusCode::SEE_OTHER);
        // Unseen for half an hour, and after twelve hours in any case.
        let idle = world.enter("one");
        world.later(31);
        assert_eq!(world.get("/me", &idle).status, StatusCode::SEE_OTHER);
        let busy = world.enter("one");
        for _ in 0..35 {
            world.later(20);
            assert_eq!(world.get("/me", &busy).status, StatusCode::OK);
        }
        world.later(25);
        assert_eq!(world.get("/me", &busy).status, StatusCode::SEE_OTHER);
    }

    an_ended_login_lets_nobody_in(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        let by = city::actors::Actor::new("admin").unwrap();
        let acting = office::Acting { by: &by, at: measure::Moment::from_microseconds(1_752_100_000_000_000), purpose: "test", through: "test" };
        office::sign_in::end(db, "one", acting).unwrap();
        assert_eq!(world.get("/me", &cookie).status, StatusCode::SEE_OTHER);
        let again = world.post("/sign-in", "", &format!("login=one&secret={}", SECRET.replace(' ', "+")));
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    who_is_unknown_is_told_what_a_wrong_secret_is_told(db) {
        let world = World::of(db);
        let strip = |body: String, login: &str| {
            let body = body.replace(&format!("value=\"{login}\""), "value=LOGIN");
            let (before, after) = body.split_once("<footer").unwrap();
            (before.to_owned(), after.len())
        };
        let wrong = world.post("/sign-in", "", "login=one&secret=not-the-secret");
        world.later(1);
        let unknown = world.post("/sign-in", "", "login=xxx&secret=not-the-secret");
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.status, wrong.status);
        assert_eq!(strip(wrong.body, "one"), strip(unknown.body, "xxx"));
        // After some tries from one place, that place waits; the owner elsewhere does not.
        let tries = (0..20).map(|_| world.post("/sign-in", "", "login=two&secret=guess-number-one").status);
        assert!(tries.into_iter().any(|status| status == StatusCode::TOO_MANY_REQUESTS));
        // No persona comes in outside a demo, whatever is sent.
        assert_eq!(world.post("/sign-in/persona", "", "persona=one").status, StatusCode::NOT_FOUND);
    }

    nobody_is_led_elsewhere(db) {
        let world = World::of(db);
        for then in ["//evil.example", "https://evil.example/", "/\\evil.example", "%2F%2Fevil.example", "/%0d%0aset-cookie:a=b"] {
            let form = format!("login=one&secret={}&then={then}", SECRET.replace(' ', "+"));
            let came = world.post("/sign-in", "", &form);
            assert_eq!(came.header("location"), "/me", "{then}");
            world.later(1);
            let chosen = world.post("/look/choose", "", &format!("scheme=dark&then={then}"));
            assert_eq!(chosen.header("location"), "/", "{then}");
        }
        // Another host, and two of them, are not served.
        for hosts in [&["evil.example"][..], &[HOST, "evil.example"], &["renshe.example.evil.example"]] {
            let mut request = axum::http::Request::builder().uri("/");
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            let answer = world.send(request.body(Body::empty()).unwrap());
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{hosts:?}");
        }
    }

    too_much_is_not_read(db) {
        let world = World::of(db);
        let form = format!("login=one&secret={}", "x".repeat(20_000));
        assert_eq!(world.post("/sign-in", "", &form).status, StatusCode::PAYLOAD_TOO_LARGE);
        let long = world.get(&format!("/law/search?q={}", "x".repeat(5_000)), "");
        assert!(long.status == StatusCode::OK && long.body.len() < 10_000);
        for path in ["/law/cn/..%2f..%2fetc%2fpasswd", "/law/nowhere/x", "/law/cn/rule/nothing", "/me/months/2025-13/x", "/look/../etc"] {
            let cookie = world.enter("one");
            assert_eq!(world.get(path, &cookie).status, StatusCode::NOT_FOUND, "{path}");
            world.later(1);
        }
        assert_eq!(world.get("/law/cn/measures-2024?on=2025-02-30", "").status, StatusCode::BAD_REQUEST);
    }
}

fn from(world: &World, peer: &str, forwarded: &str) -> StatusCode {
    let request = asked("GET", "/law", "").header("x-forwarded-for", forwarded);
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    world.send(request).status
}

store::both! {
    limits_go_by_what_our_own_proxy_says(db) {
        World::build(db);
        let world = World::open_with(db, |settings| {
            settings.pace = (3, 1);
            settings.proxies.networks = vec!["10.0.0.0/8".parse().unwrap()];
        });
        let refused = |peer: &str, forwarded: fn(u8) -> String| {
            let tries = (0..5).filter(|n| from(&world, peer, &forwarded(*n)) == StatusCode::TOO_MANY_REQUESTS);
            tries.count()
        };
        // Whoever comes by the proxy has a bucket each; what they write before its word makes no difference.
        assert_eq!(refused("10.0.0.1", |n| format!("198.51.100.{n}")), 0);
        assert_eq!(refused("10.0.0.1", |n| format!("192.0.2.{n}, 203.0.113.1")), 2);
        // From elsewhere it is not believed.
        assert_eq!(refused("203.0.113.77", |n| format!("192.0.2.{n}")), 2);
    }

    the_audit_log_says_in_which_role_somebody_looked(db) {
        let world = World::of(db);
        world.get("/me", &world.enter("one"));
        let one = city::people::PersonId::new(1).unwrap();
        let noted = db.read(|tx| audit::of_subject(tx, audit::PERSON, one.number(), 10)).unwrap();
        let look = noted.iter().find(|noted| noted.action == "account.read").unwrap();
        assert_eq!((look.actor.as_str(), look.role.as_str()), ("one", "person"));
    }
}
