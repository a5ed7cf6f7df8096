//! Programs are told what was done: once it is true, signed, and to whom it may be told.

use crate::api::{Asked, token_for};
use crate::world::World;
use crate::world::{FIRST, keyed};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use store::params;

/// What was sent to a stranger: head and body.
pub(crate) type Got = (String, Value);

/// A stranger's house: its address, and what it is sent. It takes it with this status.
pub(crate) fn stranger(status: &'static str) -> (String, Receiver<Got>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (send, got) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(5)))
                .unwrap();
            let (mut text, mut piece) = (String::new(), [0; 4_096]);
            let (head, body) = loop {
                let read = stream.read(&mut piece).unwrap();
                text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head.to_lowercase();
                let length = length.split("content-length: ").nth(1).unwrap();
                let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
                if length <= body.len() {
                    break (head.to_owned(), body.to_owned());
                }
            };
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes());
            let body = serde_json::from_str(&body).unwrap();
            if send.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, got)
}

fn tell(world: &World) -> usize {
    world
        .runtime
        .block_on(web::api::told::tell(&world.house))
        .unwrap()
}

fn post(world: &World, path: &str, token: &str, (key, body): (&str, &str)) -> (StatusCode, Value) {
    let headers = [("idempotency-key", key)];
    let came = Asked {
        method: "POST",
        path,
        token,
        headers: &headers,
        body,
    }
    .of(world);
    (came.status, came.json())
}

const ROWS: &str = r#"{"coverage":"part","rows":[{"identity_number":"500103198503020038","name":"甲一","wage":"7200.00"}]}"#;

store::both! {
    what_was_done_is_told_to_who_may_know(db) {
        let world = keyed(db);
        let (address, got) = stranger("200 OK");
        let (elsewhere, _) = stranger("200 OK");
        let token = |login: &str, label: &str| token_for(db, login, label, (&[], Some(&address)));
        let (auditor, agent, other) = (token("auditor", "a"), token("agent", "a"), token("other-clerk", "a"));
        let wanted = |events: &str, address: &str| json!({ "events": events, "address": address }).to_string();
        let told = format!("{address}/told");
        let (status, made) = post(&world, "/api/v1/subscriptions", &auditor, ("k1", &wanted("declaration.", &told)));
        assert_eq!(status, StatusCode::CREATED, "{made}");
        post(&world, "/api/v1/subscriptions", &other, ("k1", &wanted("declaration.", &told)));
        // Nothing is sent where the token's program is not, and nothing is told that its login does not reach.
        for (token, events, address, code) in [
            (&auditor, "month.", elsewhere.as_str(), "N0909"),
            (&auditor, "month.", "http://127.0.0.1:1@evil.example/", "N0909"),
            (&agent, "month.", told.as_str(), "N0602"),
            (&auditor, "nothing", told.as_str(), "N0603"),
        ] {
            let (_, refused) = post(&world, "/api/v1/subscriptions", token, ("k2", &wanted(events, address)));
            assert_eq!(refused["code"].as_str(), Some(code), "{events} {address}");
        }
        assert_eq!(tell(&world), 0);
        let (status, declared) = post(&world, "/api/v1/employers/1/declarations/2025-07", &agent, ("k3", ROWS));
        assert_eq!(status, StatusCode::CREATED, "{declared}");
        // Of the employer and of the declaration, to the auditor; not to the clerk of another district.
        assert_eq!(tell(&world), 2);
        let all: Vec<Got> = (0..2).map(|_| got.recv_timeout(Duration::from_secs(5)).unwrap()).collect();
        assert!(got.try_recv().is_err());
        assert_eq!(tell(&world), 0);
        let told: Vec<&Value> = all.iter().map(|(_, body)| &body["subject"]).collect();
        assert!(told.contains(&&json!({ "kind": "declaration", "number": 1 })), "{told:?}");
        for (head, body) in &all {
            let head = head.to_lowercase();
            for name in ["content-digest: sha-256=:", "signature-input: sig1=(\"@method\" \"@target-uri\"", "signature: sig1=:"] {
                assert!(head.contains(name), "{head}");
            }
            assert_eq!(body["event"], json!("declaration.submit"));
            for private in [FIRST.0, FIRST.1, "7200"] {
                assert!(!body.to_string().contains(private));
            }
        }
        // No more.
        let end = format!("/api/v1/subscriptions/{}/end", made["code"].as_str().unwrap());
        assert_eq!(post(&world, &end, &agent, ("k4", "")).1["code"].as_str(), Some("N0910"));
        assert_eq!(post(&world, &end, &auditor, ("k4", "")).0, StatusCode::OK);
        post(&world, "/api/v1/declarations/1/undo", &agent, ("k5", ""));
        assert_eq!(tell(&world), 0);
        let open = "select cast(count(*) as bigint) from outbox where topic = 'told' and sent_at is null";
        let open: i64 = db.read(|tx| tx.one(open, params![], |row| row.get(0))).unwrap();
        assert_eq!(open, 0);
    }

    what_was_not_taken_is_told_again_later(db) {
        let world = keyed(db);
        let (address, got) = stranger("500 Broken");
        let auditor = token_for(db, "auditor", "a", (&[], Some(&address)));
        let agent = token_for(db, "agent", "a", (&[], None));
        let wanted = json!({ "events": "declaration.submit", "address": address }).to_string();
        post(&world, "/api/v1/subscriptions", &auditor, ("k1", &wanted));
        post(&world, "/api/v1/employers/1/declarations/2025-07", &agent, ("k3", ROWS));
        assert_eq!(tell(&world), 0);
        let first: Vec<Got> = (0..2).map(|_| got.recv_timeout(Duration::from_secs(5)).unwrap()).collect();
        assert_eq!(tell(&world), 0);
        assert!(got.try_recv().is_err());
        world.later(60);
        assert_eq!(tell(&world), 0);
        let again: Vec<Got> = (0..2).map(|_| got.recv_timeout(Duration::from_secs(5)).unwrap()).collect();
        let ids = |all: &[Got]| all.iter().map(|(_, body)| body["id"].to_string()).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(ids(&first), ids(&again));
    }
}
