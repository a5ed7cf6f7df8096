//! `serve`: the doors opened.

mod config;
mod providers;
mod told;

use crate::arguments::serve::Serve;
use crate::commands::demo::{
    JURISDICTION,
    months::{after, live, secrets},
};
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, complain, table};
use crate::place::{of_office, of_store};
use ::city::actors::Actor;
use config::Config;
use measure::{Moment, Month};
use office::Acting;
use office::sign_in::personas;
use rules::explain::Lang;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::thread;
use store::{Db, Options, Url};
use tokio::net::TcpListener as Doors;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use web::{House, Persona, serve};

/// The size, seed and first month of a demo's city.
const DEMO: (u64, u64, &str) = (10_000, 1, "2025-06");
pub(crate) fn run(asked: &Serve, setting: &Setting) -> Result<Exit, Failure> {
    let mut config = Config::read(asked, setting)?;
    let telling = told::begin(config.traces.as_deref()).map_err(|why| {
        let lang = setting.lang;
        Failure::new(
            lang,
            lang.pick(
                format!("无法输出跟踪：{why}"),
                format!("traces cannot be told: {why}"),
            ),
        )
    })?;
    config.settings.joined = telling.joined();
    if asked.demo {
        let db = Db::open(&Url::Scratch).map_err(|error| of_store(&error, setting))?;
        let there = lived(&db, setting)?;
        opened_to_all(db, config, &there)
    } else {
        let db = open(&config, setting)?;
        let origin = Origin::of(config.law.as_deref());
        opened(db, &origin, config, Vec::new(), setting)
    }
}

/// Opens the doors of a demo's city to whoever sits at this machine, until Ctrl-C; `setting` is of the city's own day. Nothing is
/// logged.
pub(crate) fn demo(db: Db, listen: Option<SocketAddr>, setting: &Setting) -> Result<Exit, Failure> {
    let asked = Serve {
        listen: Some(listen.unwrap_or_else(free_address)),
        ..Serve::demo()
    };
    let config = Config::read(&asked, setting)?;
    opened_to_all(db, config, setting)
}

/// The usual address, or another on this machine where that is taken: two cities must not answer at one.
fn free_address() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    TcpListener::bind(usual).map_or(any, |_| usual)
}

/// A city of nobody real, in which a visitor may be anybody.
fn opened_to_all(db: Db, mut config: Config, setting: &Setting) -> Result<Exit, Failure> {
    // Neither at another address nor, by whatever way, under a public name.
    if !config.doors.ip().is_loopback() || config.settings.secure {
        return Err(not_here(setting));
    }
    config.settings.sign_in.personas = true;
    config.settings.jurisdiction = JURISDICTION.to_owned();
    config.settings.secrets = Some(Arc::new(secrets(setting)?));
    let by = Actor::new("demo").expect("it is a login");
    let acting = Acting {
        by: &by,
        at: setting.now,
        purpose: "demo",
        through: "demo",
    };
    let logins = personas(&db, acting).map_err(|error| of_office(&error, setting))?;
    let personas = logins.iter().map(Persona::of).collect();
    opened(db, &Origin::BuiltIn, config, personas, setting)
}

fn opened(
    db: Db,
    origin: &Origin,
    mut config: Config,
    personas: Vec<Persona>,
    setting: &Setting,
) -> Result<Exit, Failure> {
    let book = origin.book(setting)?;
    lookup::jurisdiction(&book, Some(&config.settings.jurisdiction), setting)?;
    let told = whom(&personas, setting.lang);
    // In a demo's city it is another day.
    let apart = if config.settings.sign_in.personas {
        setting.now.microseconds() - clock().microseconds()
    } else {
        0
    };
    let asked = config.doors;
    let closed = |error: io::Error| unserved(asked, &error, setting);
    let runtime = runtime().map_err(closed)?;
    let doors = runtime.block_on(doors(&config)).map_err(closed)?;
    config.listens(doors.local_addr().map_err(closed)?, setting)?;
    let house = House::new(
        db.clone(),
        book,
        config.settings.clone(),
        personas,
        Arc::new(move || clock().plus_microseconds(apart)),
    );
    let done = served(&runtime, (house, doors), &config, &told, setting);
    drop(runtime);
    // The last clone, on no thread of the runtime.
    drop(db);
    done.map_err(closed)?;
    Ok(Exit::Good)
}

fn unserved(address: SocketAddr, error: &io::Error, setting: &Setting) -> Failure {
    let what = setting.lang.pick(
        format!("无法在 {address} 提供服务：{error}"),
        format!("nothing can be served at {address}: {error}"),
    );
    Failure::new(setting.lang, what)
}

/// As whom one may come in.
fn whom(personas: &[Persona], lang: Lang) -> String {
    if personas.is_empty() {
        return String::new();
    }
    let rows = personas.iter().map(|persona| {
        let (who, may) = (&persona.who, persona.may);
        vec![
            lang.pick(&who.zh, &who.en).clone(),
            lang.pick(may.zh, may.en).to_owned(),
        ]
    });
    let head = lang.pick(
        ["一键登录为", "可以"],
        ["come in, with one click, as", "to"],
    );
    let table = table(&head, &[], rows.collect());
    lang.pick(
        format!("\n{table}\n按 Ctrl-C 结束；这座城市随之消失\n"),
        format!("\n{table}\nCtrl-C ends it, and the city is gone\n"),
    )
}

fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().build()
}

fn served(
    runtime: &Runtime,
    (house, doors): (House, Doors),
    config: &Config,
    personas: &str,
    setting: &Setting,
) -> io::Result<()> {
    let lang = setting.lang;
    let scheme = if config.settings.secure {
        "https"
    } else {
        "http"
    };
    let name = config.settings.hosts.first().cloned().unwrap_or_default();
    runtime.block_on(async {
        let mut told_to_go = signal(SignalKind::terminate())?;
        let go = async move {
            tokio::select! {
                _ = told_to_go.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        };
        let at = config.doors;
        let told = |admin: Option<SocketAddr>| {
            answer(&lang.pick(
                format!("已开放：{scheme}://{name}/（监听 {at}）\n"),
                format!("open: {scheme}://{name}/ (listening at {at})\n"),
            ));
            if let Some(admin) = admin {
                answer(&lang.pick(
                    format!("运维：http://{admin}/health /ready /metrics\n"),
                    format!("for operators: http://{admin}/health /ready /metrics\n"),
                ));
            }
            answer(personas);
        };
        serve::serve(house, doors, config.at, told, go).await
    })
}

/// The socket that standard input is, or one of its own. It is opened before the house is: a port that is left to the system is a
/// part of the house's name.
async fn doors(config: &Config) -> io::Result<Doors> {
    if !config.inherited {
        return serve::listen(config.doors);
    }
    let socket = io::stdin().as_fd().try_clone_to_owned()?;
    serve::inherit(TcpListener::from(socket))
}

fn open(config: &Config, setting: &Setting) -> Result<Db, Failure> {
    let url: Url = config
        .db
        .parse()
        .map_err(|error| of_store(&error, setting))?;
    let options = Options {
        make: false,
        connections: config.settings.desks,
        ..Options::default()
    };
    let db = Db::open_with(&url, options).map_err(|error| of_store(&error, setting))?;
    db.check_schema()
        .map_err(|error| of_store(&error, setting))?;
    Ok(db)
}

/// Makes a city and lets it live its months; gives the setting of the day after.
fn lived(db: &Db, setting: &Setting) -> Result<Setting, Failure> {
    let (people, seed, first) = DEMO;
    let lang = setting.lang;
    complain(&lang.pick(
        format!("正在生成一座 {people} 人的城市，并办理三个月…"),
        format!("making a city of {people} and running three months of it …"),
    ));
    let first = Month::parse(first).expect("it is a month");
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let there = after(first, setting);
    live(db, (seed, people), first, threads, &there)?;
    Ok(there)
}

fn not_here(setting: &Setting) -> Failure {
    let lang = setting.lang;
    let what = lang.pick(
        "演示只在本机地址上开放：任何来访者都可冒充任何人",
        "a demo opens on this machine's own address only: whoever comes may be anybody",
    );
    Failure::new(lang, what)
        .help(lang.pick("用 --listen 127.0.0.1:8080", "--listen 127.0.0.1:8080"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server outlives the moment at which its command was read"
)]
fn clock() -> Moment {
    Moment::from_microseconds(jiff::Timestamp::now().as_microsecond())
}
