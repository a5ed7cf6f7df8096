//! A town with two people, an employer of an unusual name, a month, and logins of every role.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use city::actors::Actor;
use city::employers::EmployerId;
use city::logins::{Party, Role};
use city::people::PersonId;
use city::places::District;
use city::runs::RunKind;
use measure::{Day, IdentityNumber, Moment, Month};
use office::Acting;
use office::acting::{Applied, version};
use office::month::assess::{Cut, assess, open};
use office::month::publish::{approve, publish};

use office::sign_in::{Cost, NewLogin, add, personas};
use rules::check::{self, Book};
use rules::diagnostic::SourceFile;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::secrets::{Place, Secrets, fresh_nonce};
use store::{Db, params};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;
use web::house::Persona;
use web::signing::Seed;
use web::wall::Met;
use web::{House, Settings};

pub(crate) const HOST: &str = "renshe.example";
pub(crate) const SECRET: &str = "a secret of some length";
/// Enough for a test.
const COST: Cost = Cost {
    memory: 64,
    passes: 1,
};
/// A name that is a script, and one that is a tag.
pub(crate) const EMPLOYER: &str = "<script>alert('单位')</script>";

/// A house with its doors open.
pub(crate) struct World {
    pub(crate) app: Router,
    pub(crate) house: House,
    pub(crate) runtime: Runtime,
    clock: Arc<AtomicI64>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// The route of the table that it came from.
    pub(crate) met: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The cookie that was set, `name=value`.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.get_all(header::SET_COOKIE).into_iter();
        let mut set = set.map(|value| value.to_str().unwrap());
        let found = set.find(|value| value.starts_with(&format!("{name}=")))?;
        Some(found.split(';').next().unwrap().to_owned())
    }

    /// The token that forms of the page bring back.
    pub(crate) fn csrf(&self) -> String {
        let (_, after) = self.body.split_once("name=\"csrf\" value=\"").unwrap();
        after.split('"').next().unwrap().to_owned()
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn moment(text: &str) -> Moment {
    Moment::start_of(day(text)).plus_microseconds(12 * 3_600 * 1_000_000)
}

pub(crate) fn the_law() -> Book {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "law") {
                files.push(SourceFile {
                    path: path.strip_prefix(&root).unwrap().display().to_string(),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    check::read(files)
}

/// The keys of the town.
pub(crate) fn keys() -> Secrets {
    Secrets::new(1, [(1, [1; 32])], [[2; 32]]).unwrap()
}

fn sealed((table, column): (&'static str, &'static str), person: i64, text: &str) -> Vec<u8> {
    let place = Place {
        table,
        column,
        person,
    };
    keys().seal(place, text, fresh_nonce().unwrap())
}

/// The names of its people; the third, who lives in another district, has a script in theirs.
const NAMES: [&str; 3] = [
    "甲一",
    "买买提·吐尔逊",
    "<script>alert('name')</script>远方",
];

/// A person's name.
pub(crate) fn name_of(person: i64) -> String {
    NAMES[usize::try_from(person).unwrap() - 1].to_owned()
}

/// A person's identity number.
pub(crate) fn number_of(person: i64) -> String {
    let sequence = u16::try_from(person).unwrap() * 2 + 1;
    let number = IdentityNumber::new("500103", day("1985-03-02"), sequence).unwrap();
    number.reveal().to_owned()
}

/// The district a login of a role is for.
pub(crate) fn district(role: Role) -> Option<District> {
    (role == Role::Clerk).then(|| District::new(500_103).unwrap())
}

fn settle(db: &Db) {
    let known = moment("2025-01-05");
    db.write(|tx| {
        tx.set_all_districts()?;
        tx.execute(
            "insert into employer (employer, credit_code, name, recorded, origin_kind, origin) values (1, $1, $2, $3, 6, 1)",
            params!["915000000000000001", EMPLOYER, known],
        )?;
        tx.execute(
            "insert into employer_fact (employer, district, industry_class, rate_level, valid_from, recorded, origin_kind, origin) \
             values (1, 500103, 3, 3, $1, $2, 6, 1)",
            params![day("2020-01-01"), known],
        )?;
        for person in 1..=3_i64 {
            tx.execute(
                "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)",
                params![person, day("1985-03-02"), sealed(("person", "name"), person, &name_of(person)), known],
            )?;
            let number = number_of(person);
            let blind = keys().blind("identity", &number);
            tx.execute(
                "insert into identity (person, kind, blind, cipher, valid_from, recorded, origin_kind, origin) \
                 values ($1, 1, $2, $3, $4, $5, 6, 1)",
                params![person, &blind[..], sealed(("identity", "number"), person, &number), day("1985-03-02"), known],
            )?;
            if person == 3 {
                tx.execute(
                    "insert into participation (person, scheme, category, district, status, declared, valid_from, recorded, origin_kind, origin) \
                     values (3, 1, 2, 500112, 1, 600000, $1, $2, 6, 1)",
                    params![day("2024-06-01"), known],
                )?;
                continue;
            }
            for scheme in [1, 3, 4_i64] {
                tx.execute(
                    "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, recorded, \
                     origin_kind, origin) values ($1, $2, 1, 1, 500103, 1, $3, $4, $5, 6, 1)",
                    params![person, scheme, 700_000 * person, day("2024-06-01"), known],
                )?;
            }
        }
        Ok::<(), store::Error>(())
    })
    .unwrap();
}

fn a_month(db: &Db, book: &Book) {
    let month = Month::parse("2025-06").unwrap();
    let (maker, checker) = (Actor::new("maker").unwrap(), Actor::new("checker").unwrap());
    fn acting(by: &Actor) -> Acting<'_> {
        Acting {
            by,
            at: moment("2025-07-02"),
            purpose: "test",
            through: "test",
        }
    }
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
    open(db, applied, month, cut, acting(&maker)).unwrap();
    let run = assess(db, applied, month, 1, &mut |_, _| {}).unwrap();
    let content = run.content.unwrap().to_string();
    approve(db, RunKind::Assessment, month, &content, acting(&checker)).unwrap();
    publish(db, month, acting(&checker)).unwrap();
}

/// Who may come in, by name.
pub(crate) fn logins() -> Vec<(&'static str, Role, Party)> {
    let person = |number| Party::Person(PersonId::new(number).unwrap());
    vec![
        ("one", Role::Person, person(1)),
        ("two", Role::Person, person(2)),
        (
            "agent",
            Role::Agent,
            Party::Employer(EmployerId::new(1).unwrap()),
        ),
        ("clerk", Role::Clerk, Party::Office),
        ("city", Role::Clerk, Party::Office),
        ("supervisor", Role::Supervisor, Party::Office),
        ("auditor", Role::Auditor, Party::Office),
        ("planner", Role::Planner, Party::Office),
        ("administrator", Role::Administrator, Party::Office),
    ]
}

impl World {
    pub(crate) fn of(db: &Db) -> World {
        World::with(db, |_| {})
    }

    /// A town, its doors kept in another way.
    pub(crate) fn with(db: &Db, change: impl FnOnce(&mut Settings)) -> World {
        World::build(db);
        World::open_with(db, change)
    }

    /// Builds the town.
    pub(crate) fn build(db: &Db) {
        settle(db);
        a_month(db, &the_law());
        let by = Actor::new("admin").unwrap();
        for (name, role, party) in logins() {
            let new = NewLogin {
                name,
                role,
                party,
                district: if name == "city" { None } else { district(role) },
                secret: Some(SECRET),
            };
            let acting = Acting {
                by: &by,
                at: moment("2025-07-02"),
                purpose: "test",
                through: "test",
            };
            add(db, &new, COST, acting).unwrap();
        }
    }

    /// Opens the doors of a town, kept otherwise than usual.
    pub(crate) fn open_with(db: &Db, otherwise: impl FnOnce(&mut Settings)) -> World {
        World::open_for(db, Vec::new(), otherwise)
    }

    /// A house that signs by a key of its own, with personas that come in by one click as in a demo.
    pub(crate) fn with_personas(db: &Db, change: impl FnOnce(&mut Settings)) -> World {
        let by = Actor::new("admin").unwrap();
        let acting = Acting {
            by: &by,
            at: moment("2025-07-02"),
            purpose: "test",
            through: "test",
        };
        let logins = personas(db, acting).unwrap();
        let personas = logins.iter().map(Persona::of).collect();
        World::open_for(db, personas, |settings| {
            settings.seed = Some(Seed([5; 32]));
            settings.sign_in.personas = true;
            change(settings);
        })
    }

    /// The same, with logins that come in by one click.
    pub(crate) fn open_for(
        db: &Db,
        personas: Vec<Persona>,
        otherwise: impl FnOnce(&mut Settings),
    ) -> World {
        let clock = Arc::new(AtomicI64::new(moment("2025-07-10").microseconds()));
        let mut settings = Settings::usual(vec![HOST.to_owned()]);
        settings.pace = (100_000, 100_000);
        settings.sign_in.cost = COST;
        settings.secrets = Some(Arc::new(keys()));
        settings.crowd = 3_000;
        otherwise(&mut settings);
        let told = clock.clone();
        let now = move || Moment::from_microseconds(told.load(Ordering::SeqCst));
        let house = House::new(db.clone(), the_law(), settings, personas, Arc::new(now));
        house.open(true);
        World {
            app: web::routes::router(house.clone()),
            house,
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            clock,
        }
    }

    /// Time goes by.
    pub(crate) fn later(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, 1 << 22).await.unwrap();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body: String::from_utf8_lossy(&body).into_owned(),
                met: parts
                    .extensions
                    .get()
                    .map_or_else(String::new, |Met(route)| route.clone()),
            }
        })
    }

    pub(crate) fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(asked("GET", path, cookie).body(Body::empty()).unwrap())
    }

    /// A form sent by a page of ours.
    pub(crate) fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        let request = asked("POST", path, cookie)
            .header(header::ORIGIN, format!("https://{HOST}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
    }

    /// Somebody comes in; the cookie they hold then.
    pub(crate) fn enter(&self, login: &str) -> String {
        let secret = SECRET.replace(' ', "+");
        let came = self.post("/sign-in", "", &format!("login={login}&secret={secret}"));
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.body);
        came.cookie("__Host-renshe").unwrap()
    }
}

impl World {
    /// Somebody comes in and, where they are staff, says what for; the cookies they hold then.
    pub(crate) fn working(&self, login: &str) -> String {
        let cookie = self.enter(login);
        let asks = self.get("/counter/purpose", &cookie);
        if asks.status != StatusCode::OK {
            return cookie;
        }
        let form = format!("csrf={}&purpose=case+2025-0614", asks.csrf());
        let said = self.post("/counter/purpose", &cookie, &form);
        let purpose = said.cookie("__Host-purpose").unwrap();
        format!("{cookie}; {purpose}")
    }
}

pub(crate) fn asked(method: &str, path: &str, cookie: &str) -> axum::http::request::Builder {
    let asked = Request::builder().method(method).uri(path);
    let asked = asked
        .header(header::HOST, HOST)
        .header(header::ACCEPT_LANGUAGE, "en");
    if cookie.is_empty() {
        asked
    } else {
        asked.header(header::COOKIE, cookie)
    }
}

/// Sends a file as the page of a browser does.
pub(crate) fn upload(
    world: &World,
    cookie: &str,
    to: &str,
    csrf: &str,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let (name, bytes) = file;
    body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--edge--\r\n");
    let and = if to.contains('?') { '&' } else { '?' };
    let request = asked("POST", &format!("{to}{and}csrf={csrf}"), cookie)
        .header(header::ORIGIN, format!("https://{HOST}"))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    world.send(request.body(Body::from(body)).unwrap())
}

/// The identity number and name of the first person.
pub(crate) const FIRST: (&str, &str) = ("500103198503020038", "甲一");

/// A house that signs by a key of its own, and more logins.
pub(crate) fn keyed(db: &Db) -> World {
    let world = World::with(db, |settings| {
        settings.seed = Some(Seed([5; 32]));
    });
    let by = Actor::new("admin").unwrap();
    let others = [("city-clerk", None), ("other-clerk", Some(500_101))];
    for (name, district) in others {
        let new = NewLogin {
            name,
            role: Role::Clerk,
            party: Party::Office,
            district: district.and_then(District::new),
            secret: Some(SECRET),
        };
        let acting = Acting {
            by: &by,
            at: moment("2025-07-02"),
            purpose: "test",
            through: "test",
        };
        add(db, &new, COST, acting).unwrap();
    }
    world
}
