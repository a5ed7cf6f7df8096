//! Programs: how they come in, what they are answered, and those that mean no good.

use crate::world::{Answer, FIRST, HOST, World, keyed};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use city::actors::Actor;
use measure::Moment;
use office::Acting;
use office::programs::tokens::{NewToken, issue, revoke};
use office::sign_in::end;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use store::{Db, params};
use web::api::document::document;
use web::api::operations::{OPERATIONS, Operation, Sends, Way};
use web::routes::routes;

/// A request of a program.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) token: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

/// What came back.
pub(crate) struct Came {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
}

impl Came {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{}", self.text))
    }

    pub(crate) fn code(&self) -> String {
        let code = self.json().get("code").cloned().unwrap_or_default();
        code.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Asked<'_> {
    pub(crate) fn of(&self, world: &World) -> Came {
        let answer = self.answer(world);
        Came {
            status: answer.status,
            headers: answer.headers,
            text: answer.body,
        }
    }

    pub(crate) fn answer(&self, world: &World) -> Answer {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.path)
            .header(header::HOST, HOST)
            .header(header::ACCEPT_LANGUAGE, "en");
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let told = self.headers.iter().any(|(name, _)| *name == "content-type");
        if !self.body.is_empty() && !told {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        world.send(request.body(Body::from(self.body.to_owned())).unwrap())
    }
}

fn get(world: &World, path: &str, token: &str) -> Came {
    let headers = &[("purpose", "case 12")];
    Asked {
        method: "GET",
        path,
        token,
        headers,
        body: "",
    }
    .of(world)
}

fn post(world: &World, path: &str, token: &str, (key, body): (&str, &str)) -> Came {
    let headers = [("purpose", "case 12"), ("idempotency-key", key)];
    let headers = if key.is_empty() {
        &headers[..1]
    } else {
        &headers[..]
    };
    Asked {
        method: "POST",
        path,
        token,
        headers,
        body,
    }
    .of(world)
}

fn moment() -> Moment {
    Moment::from_microseconds(1_751_500_000_000_000)
}

/// A token of a login, good for all of it.
pub(crate) fn token(db: &Db, login: &str, label: &str) -> String {
    token_for(db, login, label, (&[], None))
}

pub(crate) fn token_for(
    db: &Db,
    login: &str,
    label: &str,
    (scope, callback): (&[&str], Option<&str>),
) -> String {
    let by = Actor::new("admin").unwrap();
    let at = moment();
    let acting = Acting {
        by: &by,
        at,
        purpose: "test",
        through: "test",
    };
    let label = format!("{label} {}", count(db));
    let scope: Vec<String> = scope.iter().map(|word| (*word).to_owned()).collect();
    let new = NewToken {
        login,
        label: &label,
        scope: &scope,
        callback,
        signs_with: None,
        ends: at.plus_microseconds(365 * 86_400_000_000),
    };
    issue(db, &new, acting).unwrap().reveal()
}

fn count(db: &Db) -> i64 {
    let count = "select cast(count(*) as bigint) from token";
    db.read(|tx| tx.one(count, params![], |row| row.get(0)))
        .unwrap()
}

const ROWS: &str = r#"{"coverage":"part","rows":[{"identity_number":"500103198503020038","name":"甲一","wage":"7200.00"}]}"#;
const DECLARE: &str = "/api/v1/employers/1/declarations/2025-07";

store::both! {
    a_program_comes_in_by_its_token_alone(db) {
        let world = keyed(db);
        let path = "/api/v1/persons/1";
        let clerk = token(db, "clerk", "a");
        assert_eq!(get(&world, path, &clerk).status, StatusCode::OK);
        // Nobody, a stranger, another scheme, a cookie of who is in.
        let nobody = get(&world, path, "");
        assert_eq!((nobody.status, nobody.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
        for wrong in ["0".repeat(64), "none".to_owned(), format!("{clerk}0")] {
            assert_eq!(get(&world, path, &wrong).status, StatusCode::UNAUTHORIZED);
        }
        let cookie = world.enter("clerk");
        let headers = [("cookie", cookie.as_str()), ("purpose", "x")];
        let by_cookie = Asked { method: "GET", path, token: "", headers: &headers, body: "" };
        assert_eq!(by_cookie.of(&world).status, StatusCode::UNAUTHORIZED);
        let basic = format!("Basic {clerk}");
        let headers = [("authorization", basic.as_str())];
        assert_eq!(Asked { method: "GET", path, token: "", headers: &headers, body: "" }.of(&world).status, StatusCode::UNAUTHORIZED);
        // A token opens no page.
        let headers = [("accept", "application/json")];
        assert_eq!(Asked { method: "GET", path: "/counter", token: &clerk, headers: &headers, body: "" }.of(&world).status, StatusCode::UNAUTHORIZED);
        // It is good for what it says.
        let narrow = token_for(db, "clerk", "b", (&["person.find"], None));
        let refused = get(&world, path, &narrow);
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::FORBIDDEN, "N0904"));
        // It ends: by itself, by its administrator, with its login.
        let by = Actor::new("admin").unwrap();
        let acting = Acting { by: &by, at: moment(), purpose: "test", through: "test" };
        let label: String = db.read(|tx| tx.one("select label from token where login = 'clerk' order by made, label limit 1", params![], |row| row.get(0))).unwrap();
        revoke(db, ("clerk", &label), acting).unwrap();
        assert_eq!(revoke(db, ("clerk", &label), acting).unwrap_err().code(), "N0906");
        assert_eq!(get(&world, path, &clerk).status, StatusCode::UNAUTHORIZED);
        let other = token(db, "clerk", "c");
        assert_eq!(get(&world, path, &other).status, StatusCode::OK);
        let of_supervisor = token(db, "supervisor", "c");
        assert_eq!(get(&world, path, &of_supervisor).status, StatusCode::OK);
        end(db, "clerk", acting).unwrap();
        assert_eq!(get(&world, path, &other).status, StatusCode::UNAUTHORIZED);
        world.later(400 * 24 * 60);
        assert_eq!(get(&world, path, &of_supervisor).status, StatusCode::UNAUTHORIZED);
        // The table does not hold what opens the door.
        let held = "select cast(count(*) as bigint) from token where label like $1";
        let held: i64 = db.read(|tx| tx.one(held, params![format!("%{other}%")], |row| row.get(0))).unwrap();
        assert_eq!(held, 0);
    }

    what_is_beyond_reach_is_not_there(db) {
        let world = keyed(db);
        let (clerk, other, one) = (token(db, "clerk", "a"), token(db, "other-clerk", "a"), token(db, "one", "a"));
        let same = |one: &Came, other: &Came| {
            let strip = |came: &Came| {
                let mut json = came.json();
                json.as_object_mut().unwrap().remove("request");
                json
            };
            assert_eq!((one.status, strip(one)), (other.status, strip(other)));
            assert_eq!((one.status, one.code().as_str()), (StatusCode::NOT_FOUND, "N0603"));
        };
        for path in ["persons/1", "persons/1/months", "persons/1/account", "employers/1", "employers/1/owed", "employers/1/bills"] {
            let path = format!("/api/v1/{path}");
            assert_eq!(get(&world, &path, &clerk).status, StatusCode::OK, "{path}");
            same(&get(&world, &path, &other), &get(&world, &path.replace("/1", "/999999"), &clerk));
        }
        same(&get(&world, "/api/v1/persons/2", &one), &get(&world, "/api/v1/persons/999999", &one));
        same(&get(&world, "/api/v1/persons/-1", &one), &get(&world, "/api/v1/persons/999999", &one));
        // By number: found within reach, by nobody else, and by no wrong number.
        let sought = |token: &str, number: &str| {
            let body = format!(r#"{{"sought":[{{"identity_number":"{number}"}}]}}"#);
            post(&world, "/api/v1/persons/search", token, ("", &body)).json()["found"][0]["person"].clone()
        };
        assert_eq!(sought(&clerk, FIRST.0), json!(1));
        assert_eq!(sought(&other, FIRST.0), Value::Null);
        assert_eq!(sought(&clerk, "' or 1=1 --"), Value::Null);
        // Members of staff say what for; whoever looks at their own need not.
        let silent = |path, token| Asked { method: "GET", path, token, headers: &[], body: "" }.of(&world);
        assert_eq!(silent("/api/v1/persons/1", &clerk).code(), "N0908");
        assert_eq!(silent("/api/v1/persons/1", &one).status, StatusCode::OK);
        let record = get(&world, "/api/v1/persons/1", &clerk).json();
        assert_eq!((record["name"].as_str(), record["identifiers"][0]["masked"].as_str().map(|text| text.contains('*'))), (Some("甲一"), Some(true)));
        let noted = "select cast(count(*) as bigint) from audit where action = 'person.read' and subject = 1 and through = 'api' and purpose = 'case 12'";
        let noted: i64 = db.read(|tx| tx.one(noted, params![], |row| row.get(0))).unwrap();
        assert_eq!(noted, 2);
    }

    what_is_asked_twice_is_done_once(db) {
        let world = keyed(db);
        let agent = token(db, "agent", "a");
        assert_eq!(post(&world, DECLARE, &agent, ("", ROWS)).code(), "N0901");
        let (first, again) = (post(&world, DECLARE, &agent, ("k1", ROWS)), post(&world, DECLARE, &agent, ("k1", ROWS)));
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        assert_eq!((again.status, &again.text, again.header("idempotency-replayed")), (StatusCode::CREATED, &first.text, "true"));
        let kept = get(&world, DECLARE, &agent).json();
        assert_eq!(kept["declarations"].as_array().map(Vec::len), Some(1));
        // Another body, and another address, under the same key.
        let other = ROWS.replace("7200", "9999");
        let refused = post(&world, DECLARE, &agent, ("k1", &other));
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "N0902"));
        assert_eq!(post(&world, "/api/v1/declarations/1/undo", &agent, ("k1", "")).code(), "N0902");
        // Somebody else's key is another key.
        let clerk = token(db, "clerk", "a");
        assert_eq!(post(&world, DECLARE, &clerk, ("k1", ROWS)).code(), "D0109");
        // What was refused may be asked again under the same key, and what is being done is not begun again.
        assert_eq!(post(&world, DECLARE, &clerk, ("k1", &other)).status, StatusCode::CREATED);
        let body = office_hash("POST /api/v1/declarations/2/undo", b"");
        db.write(|tx| store::calls::begin(tx, ("agent", "k2"), &body, Moment::from_microseconds(1_752_148_000_000_000))).unwrap();
        let under_way = post(&world, "/api/v1/declarations/2/undo", &agent, ("k2", ""));
        assert_eq!((under_way.status, under_way.code().as_str()), (StatusCode::CONFLICT, "N0903"));
        world.later(24 * 60);
        assert_eq!(post(&world, "/api/v1/declarations/2/undo", &agent, ("k2", "")).status, StatusCode::OK);
        for wrong in ["", "a b", &"x".repeat(256)] {
            assert_eq!(post(&world, DECLARE, &agent, (wrong, ROWS)).code(), "N0901");
        }
    }

    rows_have_their_faults_and_many_are_taken_each_for_itself(db) {
        let world = keyed(db);
        let agent = token(db, "agent", "a");
        let faulty = ROWS.replace("7200.00", "=1+1");
        let checked = post(&world, &format!("{DECLARE}/check"), &agent, ("", &faulty)).json();
        assert_eq!((checked["faulty"].clone(), checked["declaration"].clone()), (json!(1), Value::Null));
        assert_eq!(checked["faults"][0]["column"], json!("wage"));
        let not_recorded = post(&world, DECLARE, &agent, ("k1", &faulty));
        assert_eq!((not_recorded.status, not_recorded.json()["declaration"].clone()), (StatusCode::OK, Value::Null));
        // A quotation mark or a line end in a cell does not become another cell.
        let tricky = ROWS.replace("甲一", "甲一\\\",\\\"1\\n500103198503020038,x,1");
        let checked = post(&world, &format!("{DECLARE}/check"), &agent, ("", &tricky)).json();
        assert_eq!(checked["rows"], json!(1));
        let bulk = json!({ "declarations": [
            { "employer": 1, "month": "2025-07", "coverage": "part", "rows": [{ "identity_number": FIRST.0, "name": FIRST.1, "wage": "7300" }] },
            { "employer": 2, "month": "2025-07", "coverage": "part", "rows": [] },
        ] }).to_string();
        let no_month = post(&world, "/api/v1/declarations", &agent, ("k2", &bulk.replace("\"employer\":2,\"month\":\"2025-07", "\"employer\":2,\"month\":\"2025-13")));
        assert_eq!((no_month.status, no_month.code().as_str()), (StatusCode::BAD_REQUEST, "H0103"), "{bulk}");
        let outcomes = post(&world, "/api/v1/declarations", &agent, ("k2", &bulk)).json()["outcomes"].clone();
        assert_eq!(outcomes[0]["declared"]["changed"], json!(1), "{outcomes}");
        assert_eq!(outcomes[1]["code"], json!("N0603"));
        // A file, by its kind and not by its name.
        let headers = [("idempotency-key", "k3"), ("content-type", "text/csv"), ("content-disposition", "attachment; filename=\"../../x.csv\"")];
        let file = format!("identity-number,name,wage\n{},{},7400\n", FIRST.0, FIRST.1);
        let path = format!("{DECLARE}/file?coverage=part");
        let taken = Asked { method: "POST", path: &path, token: &agent, headers: &headers, body: &file }.of(&world);
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text);
        for (kind, body) in [("text/html", "<html>"), ("application/json", "{}")] {
            let headers = [("idempotency-key", "k4"), ("content-type", kind)];
            let refused = Asked { method: "POST", path: &path, token: &agent, headers: &headers, body }.of(&world);
            assert_eq!(refused.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let headers = [("idempotency-key", "k5"), ("content-type", "text/csv")];
        let zip = Asked { method: "POST", path: &path, token: &agent, headers: &headers, body: "PK\u{3}\u{4}zip" }.of(&world);
        assert_eq!(zip.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(zip.code().starts_with('C'), "{}", zip.text);
    }

    who_made_a_month_does_not_approve_it(db) {
        let world = keyed(db);
        let (maker, checker) = (token(db, "city-clerk", "a"), token(db, "supervisor", "a"));
        let path = "/api/v1/months/2025-07";
        assert_eq!(post(&world, path, &token(db, "clerk", "a"), ("k1", "")).code(), "N0602");
        let opened = post(&world, path, &maker, ("k1", ""));
        assert_eq!((opened.status, opened.json()["state"].as_str()), (StatusCode::CREATED, Some("open")));
        let job = post(&world, &format!("{path}/assessment/compute"), &maker, ("k2", ""));
        assert_eq!(job.status, StatusCode::ACCEPTED, "{}", job.text);
        let at = format!("/api/v1/jobs/{}", job.json()["job"].as_str().unwrap());
        let done = (0..400).find_map(|_| {
            std::thread::sleep(std::time::Duration::from_millis(25));
            world.runtime.block_on(async { tokio::time::sleep(std::time::Duration::from_millis(5)).await });
            let job = get(&world, &at, &maker).json();
            (job["state"] != json!("running")).then_some(job)
        });
        let done = done.unwrap();
        assert_eq!(done["state"], json!("done"), "{done}");
        // A job is whose it is.
        assert_eq!(get(&world, &at, &checker).status, StatusCode::NOT_FOUND);
        let seen = get(&world, &format!("{path}/assessment"), &checker);
        let (tag, content) = (seen.header("etag").to_owned(), seen.json()["run"]["content"].as_str().unwrap().to_owned());
        assert_eq!(seen.json()["totals"].as_array().map(Vec::len), Some(4));
        let body = json!({ "content": content }).to_string();
        let approve = |token: &str, key: &str, tag: &str, body: &str| {
            let headers = [("idempotency-key", key), ("if-match", tag)];
            Asked { method: "POST", path: &format!("{path}/assessment/approve"), token, headers: &headers, body }.of(&world)
        };
        assert_eq!(approve(&maker, "k3", &tag, &body).code(), "N0602");
        let stale = approve(&checker, "k3", "\"0123\"", &body);
        assert_eq!((stale.status, stale.code().as_str()), (StatusCode::PRECONDITION_FAILED, "N0911"));
        assert_eq!(approve(&checker, "k3", &tag, r#"{"content":"0000000000000000"}"#).code(), "N0105");
        let approved = approve(&checker, "k3", &tag, &body);
        assert_eq!((approved.status, approved.json()["state"].as_str()), (StatusCode::OK, Some("approved")), "{}", approved.text);
        assert_eq!(approved.json()["approved_by"], json!("supervisor"));
        // A supervisor who was made maker is maker all the same.
        assert_eq!(post(&world, &format!("{path}/assessment/publish"), &checker, ("k4", "")).json()["state"], json!("published"));
        let verified = post(&world, "/api/v1/verify", &checker, ("k5", ""));
        assert_eq!(verified.status, StatusCode::ACCEPTED);
    }

    lists_are_read_on_and_states_known_again(db) {
        let world = keyed(db);
        let (mut names, mut at) = (Vec::new(), "/api/v1/law/cn/items?kind=rule&limit=100".to_owned());
        loop {
            let part = get(&world, &at, "").json();
            let items = part["items"].as_array().unwrap().clone();
            names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            match part["next"].as_str() {
                Some(next) => at = format!("/api/v1/law/cn/items?kind=rule&limit=100&cursor={next}"),
                None => break,
            }
        }
        let all: BTreeSet<&String> = names.iter().collect();
        assert!(100 < all.len() && all.len() == names.len());
        let next = get(&world, "/api/v1/law/cn/items?kind=rule&limit=1", "").json()["next"].as_str().unwrap().to_owned();
        for foreign in [format!("/api/v1/law/cn-50/items?cursor={next}"), "/api/v1/law/cn/items?cursor=MQ".to_owned(), format!("/api/v1/law/cn/items?kind=rule&cursor={next}A")] {
            assert_eq!(get(&world, &foreign, "").code(), "H0404", "{foreign}");
        }
        for wrong in ["limit=0", "limit=501", "limit=x", "on=2025-02-30"] {
            assert_eq!(get(&world, &format!("/api/v1/law/cn/items?{wrong}"), "").status, StatusCode::BAD_REQUEST);
        }
        let one = token(db, "one", "a");
        let first = get(&world, "/api/v1/persons/1/account", &one);
        let headers = [("if-none-match", first.header("etag"))];
        let same = Asked { method: "GET", path: "/api/v1/persons/1/account", token: &one, headers: &headers, body: "" }.of(&world);
        assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    }

    why_not_is_told_to_programs_in_their_form(db) {
        let world = keyed(db);
        let clerk = token(db, "clerk", "a");
        let search = "/api/v1/persons/search";
        let big = "x".repeat(20_000);
        for (method, path, kind, body, status, code) in [
            ("GET", "/api/v1/nothing", "", "", 404, "H0101"),
            ("PUT", search, "application/json", "{}", 405, "H0102"),
            ("POST", search, "text/plain", "{}", 415, "H0401"),
            ("POST", search, "application/json", "{", 400, "H0402"),
            ("POST", search, "application/json", "{\"sought\":1}", 422, "H0403"),
            ("POST", search, "application/json", "{\"sought\":[],\"more\":1}", 422, "H0403"),
            ("POST", search, "application/json", &big, 413, "H0204"),
            ("GET", "/api/v1/persons/abc", "", "", 400, "H0103"),
            ("GET", "/api/v1/persons/1?x=%ff", "", "", 200, ""),
            ("GET", "/api/v1/months/2025-99/assessment", "", "", 403, "N0602"),
            ("POST", "/api/v1/law/cn/rules/statutory-retirement-month/evaluate", "application/json", "{\"facts\":{\"sex\":\"no\"}}", 422, "R0204"),
        ] {
            let mut headers = vec![("purpose", "x")];
            if !kind.is_empty() {
                headers.push(("content-type", kind));
            }
            let came = Asked { method, path, token: &clerk, headers: &headers, body }.of(&world);
            assert_eq!(came.status.as_u16(), status, "{method} {path}: {}", came.text);
            if status != 200 {
                assert_eq!(came.header("content-type"), "application/problem+json");
                let problem = came.json();
                assert_eq!((problem["status"].clone(), problem["code"].as_str()), (json!(status), Some(code)), "{path}");
                assert!(problem["title"].is_string() && problem["detail"].is_string() && problem["request"].is_string());
            }
            assert_eq!(came.status == StatusCode::METHOD_NOT_ALLOWED, !came.header("allow").is_empty());
        }
    }

    a_house_without_the_keys_says_so(db) {
        let world = World::with(db, |settings| settings.secrets = None);
        let clerk = token(db, "clerk", "a");
        let sought = post(&world, "/api/v1/persons/search", &clerk, ("", r#"{"sought":[{"identity_number":"500103198503020038"}]}"#));
        assert_eq!((sought.status, sought.code().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "N0907"));
        let record = get(&world, "/api/v1/persons/1", &clerk);
        assert_eq!((record.status, record.json()["name"].clone()), (StatusCode::OK, Value::Null));
        assert_eq!(post(&world, DECLARE, &token(db, "agent", "a"), ("k1", ROWS)).code(), "N0907");
    }

    every_operation_has_an_example_that_holds(db) {
        let world = keyed(db);
        let mut examples = Map::new();
        for operation in OPERATIONS {
            let (asked, answered) = example(&world, db, operation);
            let id = format!("{} {}", operation.method, operation.path);
            examples.insert(id, json!({ "asked": asked, "answered": answered }));
        }
        let examples = format!("{:#}\n", Value::Object(examples));
        compared("src/api/examples.json", &examples);
    }
}

fn office_hash(at: &str, body: &[u8]) -> [u8; 32] {
    let mut encoder = ledger::Encoder::new();
    encoder.text(at).digest(&ledger::Digest::of(body));
    ledger::Digest::of(encoder.bytes()).0
}

/// What is asked for an operation's example, and what is answered.
fn example(world: &World, db: &Db, operation: &Operation) -> (String, String) {
    let (login, path, body) = operation.example;
    let token = if login.is_empty() {
        String::new()
    } else {
        token(db, login, "example")
    };
    let mut headers = Vec::new();
    match operation.way {
        Way::Looks | Way::Seeks if login == "clerk" => headers.push(("purpose", "case 12")),
        Way::Alters | Way::Decides => headers.push(("idempotency-key", operation.path)),
        _ => {}
    }
    if let Sends::File([(kind, _), ..]) = operation.sends {
        headers.push(("content-type", kind));
    }
    let came = Asked {
        method: operation.method,
        path,
        token: &token,
        headers: &headers,
        body,
    }
    .of(world);
    let mut asked = format!("{} {path}\n", operation.method);
    if !login.is_empty() {
        asked.push_str("Authorization: Bearer …\n");
    }
    if let Sends::Shape(_) = operation.sends {
        asked.push_str("Content-Type: application/json\n");
    }
    for (name, value) in headers {
        let shown = if name == "idempotency-key" {
            "3f6c0c1e-8a57-4d0e-9f6a-2b1d"
        } else {
            value
        };
        asked.push_str(&format!("{name}: {shown}\n"));
    }
    if !body.is_empty() {
        asked.push_str(&format!("\n{body}"));
    }
    let answered = cut(&varied(came.json()));
    let status = came.status.as_u16();
    let known = operation.answers.0 == status || matches!(status, 200 | 404 | 422);
    assert!(known, "{} {path}: {}", operation.method, came.text);
    (asked, format!("{}\n{answered}", came.status))
}

/// What differs from time to time is replaced by what does not.
fn varied(mut json: Value) -> Value {
    if let Some(fields) = json.as_object_mut() {
        for (name, value) in fields.iter_mut() {
            match name.as_str() {
                "request" | "job" | "code"
                    if value.as_str().is_some_and(|text| 16 <= text.len()) =>
                {
                    *value = json!("0123456789abcdef");
                }
                "law" | "version" | "content"
                    if value.as_str().is_some_and(|text| text.len() == 64) =>
                {
                    *value = json!("c0ffee…");
                }
                "facts_known" | "at" | "made" | "recorded" => {
                    *value = json!("2025-07-10T12:00:00Z");
                }
                _ => *value = varied(value.take()),
            }
        }
    } else if let Some(list) = json.as_array_mut() {
        for value in list {
            *value = varied(value.take());
        }
    }
    json
}

/// The first lines of a long answer.
fn cut(json: &Value) -> String {
    const LINES: usize = 40;
    let text = format!("{json:#}");
    let mut lines: Vec<&str> = text.lines().take(LINES).collect();
    if LINES < text.lines().count() {
        lines.push("…");
    }
    lines.join("\n")
}

#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
/// Compares with a file of the repository; writes it where snapshots are written.
fn compared(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(&path, made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "{file} is not what the code makes of it: run the test with INSTA_UPDATE=always\n{made}"
    );
}

#[test]
fn the_document_is_the_one_that_is_kept() {
    compared(
        "../../docs/reference/openapi.json",
        &format!("{:#}\n", document()),
    );
}

#[test]
fn every_route_of_the_api_is_an_operation() {
    let of_table: BTreeSet<String> = routes()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/") && route.path != "/api/v1/openapi.json")
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let operations: BTreeSet<String> = OPERATIONS
        .iter()
        .map(|one| format!("{} {}", one.method, one.path))
        .collect();
    assert_eq!(of_table, operations);
    // Every shape that is named is there.
    let document = document();
    let shapes = &document["components"]["schemas"];
    let text = document.to_string();
    for named in text.split("#/components/schemas/").skip(1) {
        let name = named.split('"').next().unwrap();
        assert!(shapes.get(name).is_some(), "{name}");
    }
}
