//! Every route, asked by nobody and by every role.

use crate::another_house::AnotherHouse;
use crate::api::{Asked, token_for};
use crate::filled::{BACK, Records, Sent};
use crate::world::{Answer, World, district, logins, upload};
use axum::http::{Method, StatusCode};
use city::actors::Actor;
use city::logins::{Login, Party, Role};
use office::permit;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use store::Db;
use store::testing::OwnServer;
use web::routes::{Needs, Route, routes};
use web::wall::is_for_programs;

fn of(name: &str, role: Role, party: Party) -> Login {
    let name = Actor::new(name).unwrap();
    let district = if name.login() == "city" {
        None
    } else {
        district(role)
    };
    Login::new(name, role, party, district).unwrap()
}

fn asked(world: &World, route: &Route, records: &Records, (cookie, token): (&str, &str)) -> Answer {
    let path = records.path(route);
    let sent = records.sent(route);
    if is_for_programs(route.path) {
        let (kind, body) = match &sent {
            Sent::Body(kind, body) => (*kind, body.as_str()),
            Sent::Form(_) | Sent::File(..) => ("application/json", ""),
        };
        let mut headers = vec![("purpose", "test"), ("idempotency-key", route.path)];
        if !body.is_empty() {
            headers.push(("content-type", kind));
        }
        let asked = Asked {
            method: route.method.as_str(),
            path: &path,
            token,
            headers: &headers,
            body,
        };
        return asked.answer(world);
    }
    if route.method == Method::GET {
        return world.get(&path, cookie);
    }
    let csrf = if cookie.is_empty() {
        String::new()
    } else {
        world.get("/", cookie).csrf()
    };
    match sent {
        Sent::File(fields, text) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let file = ("sent.csv", text.as_bytes());
            upload(world, cookie, &path, &csrf, &fields, file)
        }
        Sent::Form(form) | Sent::Body(_, form) => {
            world.post(&path, cookie, &format!("csrf={csrf}&{form}"))
        }
    }
}

/// Where what is sent reaches further than some who may ask: a bank's file is the whole city's, and not everybody is told of
/// declarations.
const BEYOND: [&str; 2] = ["/api/v1/receipts", "/api/v1/subscriptions"];

/// Routes that only go on with what another house or a device gave a step before: the tests named go through them to the end.
const IN_STEPS: [(&str, &str); 4] = [
    (
        "GET /sign-in/with/{provider}/back",
        "openid::somebody_comes_in_by_the_word_of_another_house",
    ),
    (
        "POST /sign-in/passkey",
        "passkeys::a_passkey_is_added_used_and_removed",
    ),
    (
        "POST /settings/passkeys",
        "passkeys::a_passkey_is_added_used_and_removed",
    ),
    (
        "POST /settings/passkeys/remove",
        "passkeys::a_passkey_is_added_used_and_removed",
    ),
];

/// What a walk found.
#[derive(Default)]
struct Found {
    /// Who was let in or turned away otherwise than the table says.
    wrong: Vec<String>,
    /// Method and route of every request that was done: nobody was let in whose form was refused.
    reached: BTreeSet<String>,
}

impl Found {
    fn take(&mut self, method: &Method, answer: &Answer) {
        let to = answer.header("location");
        let sent_away = to.starts_with("/sign-in") || to.starts_with("/counter/purpose");
        let status = answer.status;
        if (status.is_success() || status.is_redirection()) && !sent_away {
            self.reached.insert(format!("{method} {}", answer.met));
        }
    }

    /// The rows of the table that nobody came to.
    fn untested(&self) -> String {
        let rows = routes()
            .into_iter()
            .map(|route| format!("{} {}", route.method, route.path));
        let in_steps = |row: &String| IN_STEPS.iter().any(|(route, _)| route == row);
        let untested: Vec<String> = rows
            .filter(|row| !self.reached.contains(row) && !in_steps(row))
            .collect();
        untested.join("\n")
    }
}

/// Asks for every route as nobody and in every role; the tokens of programs are made in `db`.
fn walk(world: &World, db: &Db) -> Found {
    let mut found = Found::default();
    let entered: Vec<_> = logins()
        .into_iter()
        .map(|(login, role, party)| {
            let token = token_for(db, login, login, (&[], Some(BACK)));
            (login, of(login, role, party), token)
        })
        .collect();
    let tokens = entered
        .iter()
        .map(|(name, _, token)| (*name, token.clone()));
    let records = Records::make(world, db, &tokens.collect());
    for route in routes() {
        let answer = asked(world, &route, &records, ("", ""));
        found.take(&route.method, &answer);
        let nobody = answer.status;
        let sent_to_sign_in = route.method == Method::GET && !is_for_programs(route.path);
        let as_told = match (&route.needs, sent_to_sign_in) {
            (Needs::Open, _) => nobody != StatusCode::UNAUTHORIZED,
            (Needs::May(_), true) => nobody == StatusCode::SEE_OTHER,
            (Needs::May(_), false) => nobody == StatusCode::UNAUTHORIZED,
        };
        if !as_told {
            found.wrong.push(format!("{route:?} nobody: {nobody}"));
        }
        for (name, login, token) in &entered {
            // Some routes let out whoever asks them.
            let cookie = world.working(name);
            let answer = asked(world, &route, &records, (&cookie, token));
            found.take(&route.method, &answer);
            let status = answer.status;
            let may = match route.needs {
                Needs::Open => true,
                Needs::May(action) => permit::reach(Some(login), action).is_ok(),
            };
            // Staff have no record of their own behind a person's door: there it is not theirs.
            let forbidden = status == StatusCode::FORBIDDEN;
            let own_only = route.path.starts_with("/me") || route.path.starts_with("/employer");
            let own_only = own_only || BEYOND.contains(&route.path);
            if status.is_server_error() || (forbidden && may && !own_only) || (!forbidden && !may) {
                found.wrong.push(format!("{route:?} {name}: {status}"));
            }
            world.later(1);
        }
    }
    found
}

/// What the real browser walks is this table. When it has changed, `RENSHE_WRITE_ROUTES=1 cargo test -p web routes` writes it anew.
#[expect(clippy::disallowed_methods, reason = "asked by whoever runs the test")]
#[test]
fn the_browser_knows_all_routes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/routes.txt");
    let rows = routes().into_iter();
    let table: String = rows
        .map(|route| format!("{} {}\n", route.method, route.path))
        .collect();
    if std::env::var_os("RENSHE_WRITE_ROUTES").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), table);
}

store::both! {
    every_route_lets_in_whom_the_table_says(db) {
        World::build(db);
        let other = AnotherHouse::open();
        let world = World::with_personas(db, |settings| settings.providers = vec![other.provider()]);
        let found = walk(&world, db);
        assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
        // Whoever adds a route says in `filled` what a request finds there and sends; the list stays empty.
        assert_eq!(found.untested(), "");
        insta::assert_snapshot!("routes_nobody_came_to", found.untested());
    }
}

/// An office connects to PostgreSQL as a member of the application's role, outside which stand only owners and superusers.
#[test]
fn the_doors_in_the_applications_role() {
    let server = match OwnServer::start("-c shared_buffers=32MB") {
        Ok(server) => server,
        Err(why) => {
            eprintln!("skipped: no PostgreSQL server can be started here: {why}");
            return;
        }
    };
    for sql in [
        "create role owner login createrole",
        "create role renshe_app",
        "create role doors login in role renshe_app",
        "create database city owner owner template template0",
    ] {
        server.command(sql).unwrap();
    }
    let opened = |role: &str| {
        let address = server
            .address("city")
            .replace("postgres@", &format!("{role}@"));
        Db::open(&address.parse().unwrap()).unwrap()
    };
    opened("owner").migrate(store::testing::MADE).unwrap();
    World::build(&opened("postgres"));
    let world = World::with_personas(&opened("doors"), |_| {});
    let found = walk(&world, &opened("postgres"));
    assert!(found.wrong.is_empty(), "{:#?}", found.wrong);
    let own = world.get("/me", &world.enter("one"));
    assert!(own.body.contains("2025-06"), "{}", own.body);
}
