//! Another registry asks.

use crate::api::{Asked, Came, token, token_for};
use crate::told::stranger;
use crate::world::World;
use crate::world::{FIRST, keyed};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

#[expect(clippy::needless_pass_by_value, reason = "it is used up")]
pub(crate) fn envelope(action: &str, id: &str, back: Option<&str>, message: Value) -> Value {
    let mut header = json!({
        "version": "1.0.0",
        "message_id": id,
        "message_ts": "2025-07-10T12:00:00Z",
        "action": action,
        "sender_id": "spmis.example",
        "total_count": 1,
    });
    if let Some(back) = back {
        header["sender_uri"] = json!(back);
    }
    json!({ "signature": "", "header": header, "message": message })
}

#[expect(clippy::needless_pass_by_value, reason = "it is used up")]
fn search(query: Value) -> Value {
    json!({ "transaction_id": "t-1", "search_request": [{
        "reference_id": "r-1",
        "timestamp": "2025-07-10T12:00:00Z",
        "search_criteria": query,
    }] })
}

pub(crate) fn by_number(number: &str) -> Value {
    search(json!({ "query_type": "idtype-value", "query": { "type": "UIN", "value": number } }))
}

fn post(world: &World, path: &str, token: &str, body: &Value) -> Came {
    let body = body.to_string();
    Asked {
        method: "POST",
        path,
        token,
        headers: &[],
        body: &body,
    }
    .of(world)
}

/// Lets what was begun go on.
fn wait(world: &World) {
    world
        .runtime
        .block_on(async { tokio::time::sleep(Duration::from_millis(300)).await });
}

store::both! {
    somebody_is_found_by_number_within_reach(db) {
        let world = keyed(db);
        let (clerk, other, one) = (token(db, "clerk", "a"), token(db, "other-clerk", "a"), token(db, "one", "a"));
        let asked = envelope("search", "m-1", None, by_number(FIRST.0));
        let records = |token: &str, asked: &Value| {
            let came = post(&world, "/registry/sync/search", token, asked);
            assert_eq!(came.status, StatusCode::OK, "{}", came.text);
            let json = came.json();
            assert_eq!(json["header"]["action"], json!("on-search"));
            assert!(json["signature"].as_str().is_some_and(|text| text.starts_with("Signature: ")));
            json["message"]["search_response"][0].clone()
        };
        let found = records(&clerk, &asked);
        let member = &found["data"]["reg_records"][0];
        assert_eq!(member["demographic_info"]["name"]["given_name"], json!(FIRST.1), "{found}");
        assert_eq!(member["enrolled_programs"].as_array().map(Vec::len), Some(3));
        let nobody = records(&other, &asked);
        let wrong = records(&clerk, &envelope("search", "m-1", None, by_number("TEST-001")));
        for empty in [&nobody, &wrong] {
            assert_eq!((empty["status"].as_str(), empty["data"]["reg_records"].as_array().map(Vec::len)), (Some("succ"), Some(0)));
        }
        let by_age = search(json!({ "query_type": "predicate", "query": [{ "expression1": { "attribute_name": "age", "operator": "lt", "attribute_value": "25" } }] }));
        let refused = records(&clerk, &envelope("search", "m-1", None, by_age));
        assert_eq!(refused["status_reason_code"], json!("rjct.search_criteria.invalid"));
        // Who may not look for anybody may not here.
        let refused = post(&world, "/registry/sync/search", &one, &asked);
        assert_eq!((refused.status, refused.json()["errors"][0]["code"].clone()), (StatusCode::FORBIDDEN, json!("N0602")));
        let nobody = post(&world, "/registry/sync/search", "", &asked);
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
        let refusal = &nobody.json()["message"];
        assert_eq!((&refusal["ack_status"], &refusal["error"]["code"]), (&json!("ERR"), &json!("err.request.unauthorized")));
        let noted = "select cast(count(*) as bigint) from audit where action = 'person.read' and subject = 1 and through = 'registry' and purpose like '%t-1'";
        let noted: i64 = db.read(|tx| tx.one(noted, store::params![], |row| row.get(0))).unwrap();
        assert_eq!(noted, 1);
    }

    a_message_of_another_form_is_refused(db) {
        let world = keyed(db);
        let clerk = token(db, "clerk", "a");
        let good = envelope("search", "m-1", None, by_number("X"));
        let changed = |change: &dyn Fn(&mut Value)| {
            let mut message = good.clone();
            change(&mut message);
            message
        };
        let wrong: Vec<Value> = vec![
            changed(&|whole| drop(whole.as_object_mut().unwrap().remove("message"))),
            changed(&|whole| whole["header"]["action"] = json!("subscribe")),
            changed(&|whole| whole["header"]["version"] = json!("9")),
            changed(&|whole| whole["header"]["message_ts"] = json!("yesterday")),
            changed(&|whole| whole["message"]["transaction_id"] = json!("x".repeat(100))),
            changed(&|whole| whole["message"]["search_request"] = json!([])),
            changed(&|whole| whole["message"]["search_request"][0]["timestamp"] = json!("2024-01-15T10:30:00")),
            changed(&|whole| whole["message"]["search_request"][0]["locale"] = json!("en")),
            changed(&|whole| whole["message"]["search_request"][0]["pagination"] = json!({ "page_size": 0, "page_number": 1 })),
            changed(&|whole| whole["message"]["search_request"][0]["search_criteria"]["query_type"] = json!("graphql")),
        ];
        for message in wrong {
            for path in ["/registry/search", "/registry/sync/search"] {
                assert_eq!(post(&world, path, &clerk, &message).status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
            }
        }
        // A signature nobody can check is not believed.
        let signed = changed(&|whole| whole["signature"] = json!("Signature: namespace=\"spdci\""));
        assert_eq!(post(&world, "/registry/search", &clerk, &signed).status, StatusCode::FORBIDDEN);
    }

    who_asks_is_called_back_and_told_of_changes(db) {
        let world = keyed(db);
        let (address, got) = stranger("200 OK");
        let clerk = token_for(db, "clerk", "a", (&[], Some(&address)));
        let back = |action: &str| format!("{address}/registry/{action}");
        let asked = envelope("search", "m-1", Some(&back("on-search")), by_number(FIRST.0));
        let taken = post(&world, "/registry/search", &clerk, &asked);
        assert_eq!((taken.status, taken.json()["message"]["ack_status"].as_str()), (StatusCode::ACCEPTED, Some("ACK")), "{}", taken.text);
        wait(&world);
        let (head, body) = got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(head.starts_with("POST /registry/on-search"), "{head}");
        assert_eq!(body["message"]["correlation_id"], taken.json()["message"]["correlation_id"]);
        assert_eq!(body["message"]["search_response"][0]["data"]["reg_records"].as_array().map(Vec::len), Some(1));
        // The same message is taken once; another's address is not called.
        assert_eq!(post(&world, "/registry/search", &clerk, &asked).json()["message"]["ack_status"], json!("ERR"));
        let elsewhere = envelope("search", "m-2", Some("http://127.0.0.1:9/x"), by_number(FIRST.0));
        assert_eq!(post(&world, "/registry/search", &clerk, &elsewhere).json()["message"]["error"]["code"], json!("err.sender_uri.invalid"));
        let status = json!({ "transaction_id": "t-2", "txnstatus_request": { "reference_id": "r", "txn_type": "search", "attribute_type": "transaction_id", "attribute_value": "t-1" } });
        let stands = post(&world, "/registry/sync/txn/status", &clerk, &envelope("txn-status", "m-3", None, status)).json();
        let stands = &stands["message"]["txnstatus_response"]["txn_status"];
        assert_eq!((stands["transaction_id"].clone(), stands["search_response"][0]["status"].clone()), (json!("t-1"), json!("succ")));
        // Told of a person from now on.
        let criteria = json!({ "reg_event_type": "UPDATE", "filter": { "type": "UIN", "value": FIRST.0 }, "notify_record_type": "Member" });
        let subscribe = json!({ "transaction_id": "t-3", "subscribe_request": [{ "reference_id": "r", "timestamp": "2025-07-10T12:00:00Z", "subscribe_criteria": criteria }] });
        post(&world, "/registry/subscribe", &clerk, &envelope("subscribe", "m-4", Some(&back("on-subscribe")), subscribe));
        wait(&world);
        let (_, body) = got.recv_timeout(Duration::from_secs(5)).unwrap();
        let code = body["message"]["subscribe_response"][0]["subscriptions"][0]["code"].clone();
        assert!(code.as_str().is_some_and(|code| code.starts_with("dci-")), "{body}");
        let rows = r#"{"coverage":"part","rows":[{"identity_number":"500103198503020038","name":"甲一","wage":"7200.00"}]}"#;
        let headers = [("idempotency-key", "k1")];
        let agent = token(db, "agent", "a");
        Asked { method: "POST", path: "/api/v1/employers/1/declarations/2025-07", token: &agent, headers: &headers, body: rows }.of(&world);
        assert_eq!(world.runtime.block_on(web::api::told::tell(&world.house)).unwrap(), 1);
        let (head, body) = got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert!(head.starts_with("POST /registry/notify"), "{head}");
        assert_eq!(body["message"]["notify_event"][0]["data"]["reg_records"]["demographic_info"]["birth_date"], json!("1985-03-02"));
        // And no more.
        let end = json!({ "transaction_id": "t-4", "timestamp": "2025-07-10T12:00:00Z", "subscription_codes": [code, "none"] });
        post(&world, "/registry/unsubscribe", &clerk, &envelope("unsubscribe", "m-5", Some(&back("on-unsubscribe")), end));
        wait(&world);
        let (_, body) = got.recv_timeout(Duration::from_secs(5)).unwrap();
        assert_eq!(body["message"]["subscription_status"].as_array().map(Vec::len), Some(1));
        assert_eq!(body["message"]["status_reason_code"], json!("rjct.subscription_code.invalid"));
    }
}
