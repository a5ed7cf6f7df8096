//! What somebody insured does: comes in, sees their months, opens one.

use crate::world::{EMPLOYER, World, asked};
use axum::body::Body;
use axum::http::{StatusCode, header};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use store::params;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn told(world: &World) {
    let turned = world.get("/me", "");
    assert_eq!(turned.header("location"), "/sign-in?then=%2Fme");
    let cookie = world.enter("one");
    let months = world.get("/me", &cookie);
    assert_eq!(months.status, StatusCode::OK);
    assert!(months.body.contains("¥ 7,000.00"), "{}", months.body);
    assert!(months.body.contains("/me/months/2025-06/employee-pension"));
    // What an employer calls itself is text.
    assert!(!months.body.contains(EMPLOYER));
    assert!(months.body.contains("&lt;script&gt;alert("));
    let month = world.get("/me/months/2025-06/employee-pension", &cookie);
    assert_eq!(month.status, StatusCode::OK);
    // 8% of 7,000 is theirs, 16% their employer's.
    assert!(
        month.body.contains("¥ 560.00") && month.body.contains("¥ 1,120.00"),
        "{}",
        month.body
    );
    assert!(month.body.contains("How it came out"));
    let other = world.get("/me", &world.enter("two"));
    assert!(other.body.contains("¥ 14,000.00") && !other.body.contains("¥ 7,000.00"));
}

store::both! {
    somebody_sees_what_is_theirs_and_it_is_noted(db) {
        let world = World::of(db);
        told(&world);
        let noted = "select cast(count(*) as bigint) from audit where action = 'account.read' and subject = 1 and actor = 'one' and through = 'web'";
        let noted: i64 = db.read(|tx| tx.one(noted, params![], |row| row.get(0))).unwrap();
        assert_eq!(noted, 2);
    }

    the_log_tells_routes_and_no_one(db) {
        let world = World::of(db);
        let kept = Kept::default();
        let writer = kept.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            told(&world);
            world.get("/law/search?q=private-words", "");
            world.get("/nowhere/500101199902300017", "");
        });
        let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(log.contains("/me/months/{month}/{scheme}") && log.contains("\"status\":200"), "{log}");
        for private in ["2025-06", "\"one\"", "private", "500101199902300017", "7,000", "script", "secret"] {
            assert!(!log.contains(private), "{private}: {log}");
        }
    }

    every_answer_has_its_headers_and_its_language(db) {
        let world = World::of(db);
        let cookie = world.enter("one");
        for path in ["/", "/me", "/nowhere", "/law", "/look/style.css"] {
            let answer = world.get(path, &cookie);
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("strict-transport-security").starts_with("max-age"));
            let kept = answer.header("cache-control");
            assert_eq!(kept == "no-store", path != "/look/style.css", "{path} {kept}");
        }
        let zh = world.get("/me?lang=zh", &cookie);
        assert!(zh.body.contains("<html lang=\"zh-Hans\"") && zh.body.contains("我的缴费"));
        assert_eq!(zh.cookie("lang").as_deref(), Some("lang=zh"));
        // A program is told what a reader is told, in its own form.
        let request = asked("GET", "/me", "").header(header::ACCEPT, "application/json");
        let problem = world.send(request.body(Body::empty()).unwrap());
        assert_eq!((problem.status, problem.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
        assert!(problem.body.contains("\"code\":\"N0601\""), "{}", problem.body);
    }
}
