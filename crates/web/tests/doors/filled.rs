//! What stands in the places of every route: a record of the town, and a form or body with which somebody is let in.

use crate::api::{Asked, Came};
use crate::employer::{declared, payroll, value};
use crate::registry::{by_number, envelope};
use crate::world::{FIRST, SECRET, World, the_law, upload};
use axum::http::{Method, StatusCode};
use city::actors::Actor;
use city::corrections::{Asked as Correction, Shall};
use city::employers::EmployerId;
use city::facts::Span;
use city::insurance::{Category, Scheme, Slot};
use city::people::PersonId;
use city::runs::RunKind;
use measure::{Day, Fen, Month};
use office::acting::{Applied, version};
use office::correction;
use office::month::assess::{Cut, assess, open};
use office::month::differ::differ;
use office::{Acting, sign_in};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Db;
use web::routes::Route;

/// Where programs of the town are called back; nobody is there.
pub(crate) const BACK: &str = "http://127.0.0.1:9";
const BANK: &str = "流水号,记账日期,金额,借贷,付款人户名,附言\nA-1,2025-07-05,100.00,贷,某公司,缴费\nA-2,2025-07-06,50.00,贷,某公司,缴费\n";
const OTHER_BANK: &str =
    "流水号,记账日期,金额,借贷,付款人户名,附言\nB-1,2025-07-07,70.00,贷,某公司,缴费\n";

const WHAT_IF: &str =
    "/cn-50/what-if/what-if.csv?with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due";

/// A figure as it would be, over the people of a file.
const TRIED: &str =
    "/law/cn-50/what-if/population?with=employer-rate%3D15%25&since=2025-06-30&ask=employer-due";

/// What is sent with a request.
pub(crate) enum Sent {
    /// The fields of a form, but the tokens.
    Form(String),
    /// A file with the fields beside it.
    File(Vec<(&'static str, String)>, String),
    /// A body of this kind.
    Body(&'static str, String),
}

/// The records of the town that nothing else makes, by what they are for.
pub(crate) struct Records {
    job: String,
    subscription: String,
    /// The fact a clerk corrects.
    fact: String,
    /// What was looked at: of a draft, of a correction, of the runs of two months.
    seen: BTreeMap<&'static str, String>,
    /// The rows of a draft to mend, mended.
    mended: String,
    /// Where a planner finds what came of a file.
    tried: String,
}

/// What is in the places of paths, whatever is behind them.
const PLACES: [(&str, &str); 33] = [
    ("/sign-in/with/{provider}", "/sign-in/with/city-id"),
    ("/sign-out/with/{provider}", "/sign-out/with/city-id"),
    ("/{jurisdiction}/what-if/{file}", WHAT_IF),
    ("/{jurisdiction}/what-if", "/cn-50/what-if"),
    ("/{jurisdiction}/{source}", "/cn/measures-2024"),
    (
        "/{jurisdiction}/rule/{name}",
        "/cn/rule/statutory-retirement-month",
    ),
    ("/{jurisdiction}/figure/{name}", "/cn/figure/delay-step"),
    ("/{month}/{scheme}", "/2025-06/employee-pension"),
    ("/me/file/{file}", "/me/file/statement.csv"),
    ("/city/{district}", "/city/500103"),
    ("/city/file/{file}", "/city/file/figures.csv"),
    ("/{correction}", "/1"),
    ("/retirement/{month}", "/retirement/2045-03"),
    ("/retirement/file/{file}", "/retirement/file/months.csv"),
    ("/{draft}", "/1"),
    ("/{declaration}", "/1"),
    ("/{person}/{what}", "/1/wage"),
    ("/{bill}/{person}", "/2/1"),
    ("/{bill}", "/2"),
    ("/export/{file}", "/export/staff.csv"),
    ("/{month}/make/{step}", "/2025-07/make/open"),
    ("/{month}/check/{step}", "/2025-05/check/approve"),
    ("/{sort}/{number}", "/correction/1"),
    ("/receipts/{receipt}", "/receipts/1"),
    ("/{jurisdiction}/", "/cn/"),
    ("/rules/{name}", "/rules/statutory-retirement-month"),
    ("/{month}/{kind}", "/2025-06/assessment"),
    ("/{month}", "/2025-06"),
    ("{person}", "1"),
    ("{employer}", "1"),
    ("{file}", "all.csv"),
    ("{job}", "none"),
    ("{code}", "none"),
];

/// Which draft each form of a draft is about, so that none is in another's way.
const DRAFTS: [(&str, &str); 4] = [
    ("/employer/drafts/{draft}/mend", "2"),
    ("/employer/drafts/{draft}/mended-file", "3"),
    ("/employer/drafts/{draft}/submit", "4"),
    ("/employer/drafts/{draft}/let-go", "5"),
];

/// The paths whose records are others than those of [`PLACES`].
const OTHERWISE: [(&str, &str, &str); 10] = [
    ("GET", "/law/{jurisdiction}/what-if/population", TRIED),
    ("POST", "/law/{jurisdiction}/what-if/population", TRIED),
    (
        "POST",
        "/api/v1/employers/{employer}/declarations/{month}",
        "/api/v1/employers/1/declarations/2025-07",
    ),
    (
        "POST",
        "/api/v1/employers/{employer}/declarations/{month}/check",
        "/api/v1/employers/1/declarations/2025-07/check",
    ),
    (
        "POST",
        "/api/v1/employers/{employer}/declarations/{month}/file",
        "/api/v1/employers/1/declarations/2025-07/file?coverage=part",
    ),
    (
        "POST",
        "/api/v1/declarations/{declaration}/undo",
        "/api/v1/declarations/2/undo",
    ),
    ("POST", "/api/v1/months/{month}", "/api/v1/months/2025-04"),
    (
        "POST",
        "/api/v1/months/{month}/{kind}/approve",
        "/api/v1/months/2025-06/difference/approve",
    ),
    (
        "POST",
        "/api/v1/months/{month}/{kind}/publish",
        "/api/v1/months/2025-06/difference/publish",
    ),
    (
        "POST",
        "/api/v1/months/{month}/{kind}/discard",
        "/api/v1/months/2025-03/assessment/discard",
    ),
];

impl Records {
    /// Makes them: through the doors where somebody of the town does so.
    pub(crate) fn make(world: &World, db: &Db, tokens: &BTreeMap<&str, String>) -> Records {
        let drafts = drafts(world);
        let token = |login: &str| tokens.get(login).unwrap().as_str();
        // Of months that no draft is about: what came later cannot be taken back before.
        for month in ["2025-06", "2025-05"] {
            let body = rows("7100");
            let path = format!("/api/v1/employers/1/declarations/{month}");
            sent(world, &path, token("agent"), (month, &body));
        }
        brought(world, token("city"));
        asked(db);
        let mut seen = BTreeMap::from([("/employer/drafts/{draft}/submit", checked(world))]);
        seen.extend(runs(world, db));
        let supervisor = world.working("supervisor");
        let item = world.get("/counter/inbox/correction/1", &supervisor);
        seen.insert("/counter/inbox/{sort}/{number}", value(&item, "seen"));
        let person = world.get("/counter/persons/1", &world.working("clerk"));
        let (_, fact) = person.body.split_once("/correct?fact=").unwrap();
        let job = sent(world, "/api/v1/verify", token("auditor"), ("job", ""));
        let wanted = json!({ "events": "month.", "address": BACK }).to_string();
        let path = "/api/v1/subscriptions";
        let told = sent(world, path, token("auditor"), ("told", &wanted));
        let text = |came: &Came, name: &str| came.json()[name].as_str().unwrap().to_owned();
        Records {
            job: text(&job, "job"),
            subscription: text(&told, "code"),
            fact: fact.split('"').next().unwrap().to_owned(),
            seen,
            mended: drafts,
            tried: tried(world),
        }
    }

    /// A route with something in its places.
    pub(crate) fn path(&self, route: &Route) -> String {
        let method = route.method.as_str();
        let mut others = OTHERWISE.iter();
        let other = others.find(|(of, path, _)| (*of, *path) == (method, route.path));
        let mut path = other.map_or(route.path, |(.., path)| path).to_owned();
        if let Some((_, draft)) = DRAFTS.iter().find(|(path, _)| *path == route.path) {
            path = path.replace("{draft}", draft);
        }
        let own = [
            ("/jobs/{job}", format!("/jobs/{}", self.job)),
            ("/{code}/end", format!("/{}/end", self.subscription)),
            (
                "/law/{jurisdiction}/what-if/population/{result}/{file}",
                format!("{}/what-if.csv", self.tried),
            ),
            (
                "/law/{jurisdiction}/what-if/population/{result}",
                self.tried.clone(),
            ),
        ];
        for (place, value) in own {
            path = path.replace(place, &value);
        }
        if route.method == Method::GET && path.ends_with("/correct") {
            path = format!("{path}?fact={}", self.fact);
        }
        for (place, value) in PLACES {
            path = path.replace(place, value);
        }
        assert!(
            !path.contains('{'),
            "{path}: say here what stands in its places"
        );
        path
    }

    /// What is sent to a route by whoever does it as its page or document says.
    pub(crate) fn sent(&self, route: &Route) -> Sent {
        if route.method == Method::GET {
            return Sent::Form(String::new());
        }
        let seen = self.seen.get(route.path).map_or("", String::as_str);
        match route.path {
            "/employer/declare" => {
                let fields = [
                    ("key", "matrix"),
                    ("month", "2025-07"),
                    ("coverage", "whole"),
                ];
                let fields = fields.map(|(name, value)| (name, value.to_owned()));
                Sent::File(fields.into(), payroll("8100", "14100"))
            }
            "/employer/drafts/{draft}/mended-file" => Sent::File(Vec::new(), self.mended.clone()),
            "/counter/receipts/file" => Sent::File(Vec::new(), OTHER_BANK.to_owned()),
            "/law/{jurisdiction}/what-if/population" => Sent::File(Vec::new(), people()),
            path if web::wall::is_for_programs(path) => {
                let kind = match path {
                    "/api/v1/receipts"
                    | "/api/v1/employers/{employer}/declarations/{month}/file" => "text/csv",
                    _ => "application/json",
                };
                Sent::Body(kind, body(path, seen))
            }
            path => Sent::Form(self.form(path, seen)),
        }
    }

    fn form(&self, path: &str, seen: &str) -> String {
        let fact = &self.fact;
        match path {
            "/sign-in" => format!("login=one&secret={}", SECRET.replace(' ', "+")),
            "/sign-in/persona" => "persona=demo-person".to_owned(),
            "/me/correction" => "which=1-1-1".to_owned(),
            "/employer/drafts/{draft}/mend" => "c-3-2=14000".to_owned(),
            "/employer/drafts/{draft}/submit" => format!("seen={seen}"),
            "/employer/change/new" => "key=matrix&month=2025-07".to_owned(),
            "/employer/staff/{person}/{what}" => {
                "key=matrix-wage&month=2025-07&wage=8200".to_owned()
            }
            "/employer/instalments" => "count=3&first=2025-09-20&security=yes".to_owned(),
            "/counter" => "purpose=case+12&query=1".to_owned(),
            "/counter/purpose" => "purpose=case+12".to_owned(),
            "/counter/persons/{person}/correct" => {
                format!("fact={fact}&question=kind&kind=declared")
            }
            "/counter/inbox/{sort}/{number}" => {
                format!("{}&decision=approve&seen={seen}", key(path))
            }
            "/counter/month/{month}/make/{step}" | "/counter/month/{month}/check/{step}" => {
                format!("{}&kind=1&seen={seen}", key(path))
            }
            "/counter/receipts/{receipt}/whose" => format!("{}&person=3", key(path)),
            path => key(path),
        }
    }
}

/// What a form is known by when it is sent again: of 16 letters at least, another for each path.
fn key(path: &str) -> String {
    let letters = path.bytes().filter(u8::is_ascii_alphanumeric);
    let letters = letters.map(char::from).collect::<String>();
    format!("key=0123456789abcdef{letters}")
}

fn rows(wage: &str) -> String {
    let row = json!({ "identity_number": FIRST.0, "name": FIRST.1, "wage": wage });
    json!({ "coverage": "part", "rows": [row] }).to_string()
}

/// What a program sends.
fn body(path: &str, seen: &str) -> String {
    let back = |action: &str| format!("{BACK}/registry/on-{action}");
    let asked = |action: &str, message: Value| {
        let at = back(action);
        envelope(action, &format!("matrix {path}"), Some(&at), message).to_string()
    };
    match path {
        "/api/v1/law/{jurisdiction}/rules/{name}/evaluate" => {
            r#"{"on":"2025-06-30","facts":{"sex":"male","birth-month":"1965-03"}}"#.to_owned()
        }
        "/api/v1/persons/search" => r#"{"sought":[{"person":1}]}"#.to_owned(),
        "/api/v1/employers/search" => r#"{"credit_code":"915000000000000001"}"#.to_owned(),
        "/api/v1/employers/{employer}/declarations/{month}" => rows("7300"),
        "/api/v1/employers/{employer}/declarations/{month}/check" => rows("7400"),
        "/api/v1/employers/{employer}/declarations/{month}/file" => {
            format!("identity-number,name,wage\n{},{},7500\n", FIRST.0, FIRST.1)
        }
        "/api/v1/declarations" => {
            let mut one: Value = serde_json::from_str(&rows("7600")).unwrap();
            one["employer"] = json!(1);
            one["month"] = json!("2025-07");
            json!({ "declarations": [one] }).to_string()
        }
        "/api/v1/receipts" => BANK.replace("A-", "C-"),
        "/api/v1/months/{month}/{kind}/approve" => json!({ "content": seen }).to_string(),
        "/api/v1/subscriptions" => {
            json!({ "events": "declaration.", "address": format!("{BACK}/told") }).to_string()
        }
        "/registry/search" | "/registry/sync/search" => asked("search", by_number(FIRST.0)),
        "/registry/subscribe" => {
            let criteria = json!({ "reg_event_type": "UPDATE", "filter": { "type": "UIN", "value": FIRST.0 }, "notify_record_type": "Member" });
            asked(
                "subscribe",
                json!({ "transaction_id": "m-1", "subscribe_request": [{ "reference_id": "r", "timestamp": "2025-07-10T12:00:00Z", "subscribe_criteria": criteria }] }),
            )
        }
        "/registry/unsubscribe" => asked(
            "unsubscribe",
            json!({ "transaction_id": "m-2", "timestamp": "2025-07-10T12:00:00Z", "subscription_codes": ["none"] }),
        ),
        "/registry/txn/status" | "/registry/sync/txn/status" => asked(
            "txn-status",
            json!({ "transaction_id": "m-3", "txnstatus_request": { "reference_id": "r", "txn_type": "search", "attribute_type": "transaction_id", "attribute_value": "t-1" } }),
        ),
        _ => String::new(),
    }
}

fn sent(world: &World, path: &str, token: &str, (key, body): (&str, &str)) -> Came {
    let came = Asked {
        method: "POST",
        path,
        token,
        headers: &[("idempotency-key", key)],
        body,
    }
    .of(world);
    assert!(came.status.is_success(), "{path}: {}", came.text);
    came
}

/// Five drafts of July with a fault in the second row; the rows of one of them mended in a file.
fn drafts(world: &World) -> String {
    let agent = world.enter("agent");
    for number in 1..=5 {
        let text = payroll("8000", "八千");
        let begun = declared(world, &agent, "2025-07", ("july.csv", text.as_bytes()));
        let at = format!("/employer/drafts/{number}");
        assert_eq!(begun.header("location"), at, "{}", begun.body);
    }
    let along = world.get("/employer/drafts/3?as=csv", &agent);
    along.body.replace("八千", "14000")
}

/// Nine people of a file, under names that tell nothing.
pub(crate) fn people() -> String {
    let rows = (1..=9).map(|row| format!("p{row},{},渝中区\n", 6_000 + row * 100));
    format!("id,wage,district\n{}", rows.collect::<String>())
}

/// A law tried over them: where a planner finds what came of it.
fn tried(world: &World) -> String {
    let planner = world.enter("planner");
    let csrf = world.get("/", &planner).csrf();
    let people = people();
    let done = upload(
        world,
        &planner,
        TRIED,
        &csrf,
        &[],
        ("people.csv", people.as_bytes()),
    );
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    done.header("location").to_owned()
}

/// A draft mended and looked at: by what it is named.
fn checked(world: &World) -> String {
    let agent = world.enter("agent");
    let csrf = world.get("/employer/drafts/4", &agent).csrf();
    let form = format!("csrf={csrf}&c-3-2=14000");
    let mended = world.post("/employer/drafts/4/mend", &agent, &form);
    assert_eq!(mended.status, StatusCode::SEE_OTHER, "{}", mended.body);
    value(&world.get("/employer/drafts/4", &agent), "seen")
}

/// Two receipts of a bank's file.
fn brought(world: &World, token: &str) {
    let headers = [("idempotency-key", "bank"), ("content-type", "text/csv")];
    let came = Asked {
        method: "POST",
        path: "/api/v1/receipts",
        token,
        headers: &headers,
        body: BANK,
    }
    .of(world);
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
}

/// A correction that somebody asks for themselves.
fn asked(db: &Db) {
    let logins = sign_in::list(db).unwrap().into_iter();
    let one = logins
        .into_iter()
        .find(|login| login.name().login() == "one");
    let one = one.unwrap();
    let slot = Slot::new(
        Scheme::EmployeePension,
        Category::Employee,
        EmployerId::new(1),
    );
    let day = |text: &str| Day::parse(text).unwrap();
    let asked = Correction {
        key: "matrix".to_owned(),
        person: PersonId::new(1).unwrap(),
        slot: slot.unwrap(),
        days: Span::new(day("2025-02-01"), Some(day("2025-03-01"))).unwrap(),
        shall: Shall::Declared(Fen(900_000)),
        reason: "payslip".to_owned(),
    };
    let by = Actor::new("one").unwrap();
    correction::ask(db, Some(&one), &asked, acting(&by)).unwrap();
}

fn acting(by: &Actor) -> Acting<'_> {
    Acting {
        by,
        at: measure::Moment::from_microseconds(1_752_148_800_000_000),
        purpose: "test",
        through: "test",
    }
}

/// Runs somebody else has made: one to approve at the counter, one to approve and publish by a program, one to give up; what was
/// looked at of the first two.
fn runs(_: &World, db: &Db) -> [(&'static str, String); 2] {
    let (book, by) = (the_law(), Actor::new("maker").unwrap());
    let version = version(&book.files);
    let applied = Applied {
        law: book.law("cn-50").unwrap(),
        files: &book.files,
        version: &version,
    };
    let cut = Cut {
        chunk_size: 100,
        threads: 1,
    };
    let month = |text: &str| Month::parse(text).unwrap();
    for opened in ["2025-03", "2025-05"] {
        open(db, applied, month(opened), cut, acting(&by)).unwrap();
    }
    let may = assess(db, applied, month("2025-05"), 1, &mut |_, _| {}).unwrap();
    let june = differ(
        db,
        applied,
        month("2025-06"),
        cut,
        acting(&by),
        &mut |_, _| {},
    )
    .unwrap();
    assert_eq!(
        (may.kind, june.kind),
        (RunKind::Assessment, RunKind::Difference)
    );
    [
        (
            "/counter/month/{month}/check/{step}",
            may.content.unwrap().to_string(),
        ),
        (
            "/api/v1/months/{month}/{kind}/approve",
            june.content.unwrap().to_string(),
        ),
    ]
}
