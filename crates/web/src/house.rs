//! What every request may use: the office, the law, the clock, the settings.

use crate::counter::Found;
use crate::counters::Counters;
use crate::jobs::{Job, Jobs};
use crate::library::whatif::kept::Tries;
use crate::look::districts;
use crate::outgoing::{Outgoing, Roots};
use crate::problem::Problem;
use crate::sign_in::openid::{Provider, Providers};
use crate::sign_in::passkeys::Passkeys;
use crate::signing::{Seed, Signer};
use crate::wall::limits::Limits;
use crate::wall::proxies::Proxies;
use city::logins::{Login, Role};
use measure::{Day, Moment, Words};
use office::acting::Applied;
use office::month::assess::Cut;
use office::month::desk::CHUNK;
use office::sign_in::Rules;
use office::{Db, Secrets};
use rules::check::Book;
use rules::explain::Lang;
use rules::law::Law;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tracing::Span;

/// The clock, handed in.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// How the doors are kept. The program reads it from its configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The names under which the house answers, with the port where it is not the usual: `renshe.example`, `127.0.0.1:8080`.
    pub hosts: Vec<String>,
    /// Whether browsers come by HTTPS; else only for a try on one's own machine.
    pub secure: bool,
    /// Who stands before the house and says for whom they ask; nobody else is believed.
    pub proxies: Proxies,
    /// How people come in.
    pub sign_in: Rules,
    /// How long a request may take.
    pub patience: Duration,
    /// How long a browser may take to send the head of a request.
    pub head_patience: Duration,
    /// How many use cases run at the same time; the others wait.
    pub desks: usize,
    /// How many requests an address may send at once, and how many more each second.
    pub pace: (u32, u32),
    /// The jurisdiction whose law the library opens with, and under which the city lives.
    pub jurisdiction: String,
    /// The keys for names and identity numbers; without them these stay closed.
    pub secrets: Option<Arc<Secrets>>,
    /// How many threads a run over the whole city has.
    pub threads: usize,
    /// From what the house's own keys are made.
    pub seed: Option<Seed>,
    /// How the span of a request is told what it is a part of, by the headers it came with.
    pub joined: Joined,
    /// How many insured the made-up city has on which reforms are tried.
    pub crowd: u64,
    /// The proxy through which everything goes out, `host:port`.
    pub through: Option<String>,
    /// The authorities that are believed besides the usual ones, of those who are called.
    pub roots: Roots,
    /// The houses whose word lets in.
    pub providers: Vec<Provider>,
}

impl Settings {
    /// As usual, under these names.
    #[must_use]
    pub fn usual(hosts: Vec<String>) -> Settings {
        Settings {
            hosts,
            secure: true,
            proxies: Proxies::default(),
            sign_in: Rules::usual(),
            patience: Duration::from_secs(20),
            head_patience: Duration::from_secs(10),
            desks: 16,
            pace: (200, 50),
            jurisdiction: "cn-50".to_owned(),
            secrets: None,
            threads: 1,
            seed: None,
            joined: |_, _| {},
            crowd: 100_000,
            through: None,
            roots: Roots::default(),
            providers: Vec::new(),
        }
    }
}

/// Joins a span to the trace that a request's headers name, such as `traceparent` of W3C's Trace Context; they are asked for by name.
pub type Joined = fn(&Span, &dyn Fn(&str) -> Option<String>);

/// Somebody a visitor of the demo may be, with one click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// The login's name.
    pub login: String,
    /// Who it is.
    pub who: Words<String>,
    /// What they can do.
    pub may: Words,
}

impl Persona {
    /// The persona of a login of the demo.
    #[must_use]
    pub fn of(login: &Login) -> Persona {
        let (role, district) = (login.role(), login.district());
        let place = district.map_or_else(
            || Words::new(String::new(), String::new()),
            |district| {
                Words::new(
                    format!("（{}）", districts::name(district, Lang::Zh)),
                    format!(", {}", districts::name(district, Lang::En)),
                )
            },
        );
        let may = match role {
            Role::Person => Words::new(
                "看自己缴了什么，每一笔怎么算的",
                "See what they have paid, and how each amount came out",
            ),
            Role::Agent => Words::new(
                "申报一个月，看应缴与欠费",
                "Declare a month, see what is owed",
            ),
            Role::Clerk => Words::new(
                "查人查单位，受理申报与更正",
                "Find people and firms, take in declarations and corrections",
            ),
            Role::Supervisor => Words::new(
                "复核他人办理的月度与更正",
                "Approve the months and corrections others prepared",
            ),
            Role::Auditor => Words::new(
                "查看一切，不改动任何内容",
                "Look at everything, alter nothing",
            ),
            Role::Planner => Words::new(
                "看全市数据，试改政策",
                "See the city's figures, try reforms",
            ),
            Role::Administrator => Words::new("设立和终止账号", "Make and end logins"),
        };
        Persona {
            login: login.name().login().to_owned(),
            who: Words::new(
                format!("{}{}", role.name(Lang::Zh), place.zh),
                format!("{}{}", role.name(Lang::En), place.en),
            ),
            may,
        }
    }
}

/// The house. Clones share it.
#[derive(Clone)]
pub struct House(Arc<Rooms>);

/// What is in it.
pub struct Rooms {
    db: Db,
    /// The law now in force here.
    pub book: Arc<Book>,
    /// Which text of it that is.
    pub version: String,
    /// How the doors are kept.
    pub settings: Settings,
    /// Who a visitor of the demo may be; nobody elsewhere.
    pub personas: Vec<Persona>,
    /// How often each address and login may come.
    pub limits: Limits,
    /// What is counted.
    pub counters: Counters,
    /// What takes long and is under way.
    pub jobs: Jobs,
    /// What long looks have found.
    pub(crate) found: Found,
    /// What came of changed laws.
    pub(crate) tries: Tries,
    /// By what others know what comes from this house.
    pub signer: Signer,
    /// Calls out.
    pub(crate) outgoing: Outgoing,
    /// The houses whose word lets in, and what is known of them.
    pub(crate) providers: Providers,
    /// Asks devices for passkeys; nobody where the house has no name.
    pub(crate) passkeys: Option<Passkeys>,
    /// Long work that programs began.
    pub(crate) programs: crate::api::jobs::Jobs,
    clock: Clock,
    desks: Semaphore,
    ready: AtomicBool,
    /// Laws that were applied once and are another text than today's.
    kept: Mutex<BTreeMap<String, Arc<Book>>>,
}

impl fmt::Debug for House {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("House").field(&self.settings).finish()
    }
}

impl Deref for House {
    type Target = Rooms;
    fn deref(&self) -> &Rooms {
        &self.0
    }
}

impl House {
    /// A house with its doors still closed: [`open`](Rooms::open) them.
    ///
    /// # Panics
    ///
    /// When the law has no such jurisdiction: whoever calls has looked it up.
    #[must_use]
    pub fn new(
        db: Db,
        book: Book,
        settings: Settings,
        personas: Vec<Persona>,
        clock: Clock,
    ) -> House {
        assert!(
            book.law(&settings.jurisdiction).is_some(),
            "the law has the jurisdiction"
        );
        House(Arc::new(Rooms {
            db,
            version: office::acting::version(&book.files),
            book: Arc::new(book),
            limits: Limits::new(settings.pace),
            desks: Semaphore::new(settings.desks),
            personas,
            counters: Counters::default(),
            jobs: Jobs::default(),
            found: Found::default(),
            tries: Tries::default(),
            signer: Signer::of(settings.seed.as_ref()),
            outgoing: Outgoing::new(settings.through.clone(), &settings.roots),
            providers: Providers::of(&settings.providers),
            passkeys: Passkeys::of(&settings.hosts, settings.secure),
            programs: crate::api::jobs::Jobs::default(),
            settings,
            clock,
            ready: AtomicBool::new(false),
            kept: Mutex::default(),
        }))
    }

    /// The keys.
    ///
    /// # Errors
    ///
    /// `H0302` when it was given none.
    pub fn keys(&self) -> Result<Arc<Secrets>, Problem> {
        self.settings.secrets.clone().ok_or_else(Problem::no_keys)
    }

    /// Asks the office for something, on a thread that may wait. The only way to the database.
    ///
    /// # Errors
    ///
    /// What the office refuses or runs into, as a problem to be told.
    pub async fn office<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Db) -> Result<T, office::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        let desk = self.desks.acquire().await;
        let _desk = desk.map_err(|_| Problem::closing())?;
        let house = self.clone();
        let span = tracing::info_span!("office");
        let done = tokio::task::spawn_blocking(move || span.in_scope(|| work(&house.db))).await;
        match done {
            Ok(done) => done.map_err(Problem::from),
            Err(_) => Err(Problem::broken()),
        }
    }

    /// Begins something that takes long, on a thread of its own; how far it is, [`Jobs`] says. False when it is under way.
    #[must_use]
    pub fn begin<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&House, &Db, &Job) -> Result<T, office::Error> + Send + 'static,
        ended: impl FnOnce(&House, T) + Send + 'static,
    ) -> bool {
        let Some(job) = self.jobs.begin(name, self.now()) else {
            return false;
        };
        let house = self.clone();
        tokio::task::spawn_blocking(move || {
            // A panic within must not leave it under way for ever.
            let job = job;
            match work(&house, &house.db, &job) {
                Ok(made) => {
                    ended(&house, made);
                    job.end(None);
                }
                Err(error) => job.end(Some(Problem::from(error))),
            }
        });
        true
    }

    /// The law of a version: today's, or one that was applied once and is kept. `None` when it is not kept as it was.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn law_of(&self, version: &str) -> Result<Option<Arc<Book>>, Problem> {
        if version == self.version {
            return Ok(Some(self.book.clone()));
        }
        let known = |house: &House| {
            let kept = house.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(version).cloned()
        };
        if let Some(book) = known(self) {
            return Ok(Some(book));
        }
        let named = version.to_owned();
        let book = self
            .office(move |db| office::acting::kept(db, &named))
            .await?;
        let book = book.map(Arc::new);
        if let Some(book) = &book {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            // Laws change some times a year; more than a few in memory are of no use.
            if 8 <= kept.len() {
                kept.clear();
            }
            kept.insert(version.to_owned(), book.clone());
        }
        Ok(book)
    }
}

impl Rooms {
    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Moment {
        (self.clock)()
    }

    /// The day it is.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now().day().unwrap_or(Day::MAX)
    }

    /// The law under which the city lives.
    ///
    /// # Panics
    ///
    /// Never: [`House::new`] looked for it.
    #[must_use]
    pub fn law(&self) -> &Law {
        self.book
            .law(&self.settings.jurisdiction)
            .expect("`new` looked for it")
    }

    /// The law under which the city lives, as a run of the office applies it.
    #[must_use]
    pub fn applied(&self) -> Applied<'_> {
        Applied {
            law: self.law(),
            files: &self.book.files,
            version: &self.version,
        }
    }

    /// How a run over the whole city is cut up here.
    #[must_use]
    pub fn cut(&self) -> Cut {
        Cut {
            chunk_size: CHUNK,
            threads: self.settings.threads,
        }
    }

    /// Opens the doors, or closes them to those who are sent by a balancer.
    pub fn open(&self, ready: bool) {
        self.ready.store(ready, Ordering::SeqCst);
    }

    /// Whether the doors are open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }
}
