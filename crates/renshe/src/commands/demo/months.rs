//! Months of a whole city, in a database that is gone afterwards: made, declared, assessed, approved, published, and all of it
//! derived again.

use super::declare::{Declared, Hall};
use super::staff::Staff;
use super::timed;
use crate::arguments::{Demo, Format, Synth};
use crate::commands::month::yuan;
use crate::commands::synth::database;
use crate::commands::verify;
use crate::folder::Origin;
use crate::output::{Failure, Setting, answer, count, table};
use crate::place::{CityLaw, of_office, of_store};
use city::actors::Actor;
use city::runs::{RunId, RunKind};
use measure::{Moment, Month};
use office::acting::Acting;
use office::month::assess::{Cut, assess, open};
use office::month::desk::CHUNK;
use office::month::publish::{approve, publish};
use office::month::review::review;
use office::verify::Report;
use rules::explain::Lang;
use std::cell::Cell;
use std::time::Duration;
use store::secrets::Secrets;
use store::{Db, Url};
use synth::City;

/// How many insured the city in the database has at most: its doors are to open within half a minute.
const PEOPLE: u64 = 100_000;
/// How many months it goes through.
const MONTHS: i32 = 3;

/// Runs the months; gives the city, and whether everything that was published follows from facts and law.
pub(super) fn run(asked: &Demo, threads: usize, setting: &Setting) -> Result<(Db, bool), Failure> {
    let (lang, first) = (setting.lang, asked.month);
    let people = asked.people.min(PEOPLE);
    let db = Db::open(&Url::Scratch).map_err(|error| of_store(&error, setting))?;
    let lived = live(
        &db,
        (asked.seed, people),
        first,
        threads,
        &after(first, setting),
    )?;
    let report = office::verify::verify(&db, super::JURISDICTION, threads, &mut |_, _, _| {});
    let report = report.map_err(|error| of_office(&error, setting))?;
    answer(&told(people, lived, &report, lang));
    Ok((db, report.findings.is_empty()))
}

/// What a city went through.
pub(crate) struct Lived {
    /// A line of the table a month.
    rows: Vec<Vec<String>>,
    /// How long the registers took to be stored.
    loaded: Duration,
}

/// The setting of the day after the months, on which visitors come: a morning on which the next month is to be declared.
pub(crate) fn after(first: Month, setting: &Setting) -> Setting {
    const DAY: i32 = 8;
    const MORNING: i64 = 2 * 3_600_000_000;
    let day = first.add_months(MONTHS).map(Month::first_day);
    let day = day.and_then(|first| first.add_days(DAY - 1));
    let today = day.unwrap_or(setting.today);
    Setting {
        today,
        now: Moment::start_of(today).plus_microseconds(MORNING),
        ..*setting
    }
}

/// Makes a city in a database and lets it live through its months, everything on the day of the setting.
pub(crate) fn live(
    db: &Db,
    (seed, people): (u64, u64),
    first: Month,
    threads: usize,
    setting: &Setting,
) -> Result<Lived, Failure> {
    db.migrate(setting.now)
        .map_err(|error| of_store(&error, setting))?;
    let city = City::of(seed, people);
    let asked = Synth {
        people,
        seed,
        out: None,
        into: None,
        keys: None,
        format: crate::arguments::Files::Parquet,
        through: None,
        report: Format::Text,
        threads: None,
    };
    let keys = secrets(setting)?;
    let (loaded, done) = timed(|| database::fill(db, keys, &city, &asked, threads, setting));
    done?;
    let law = CityLaw::read(&Origin::BuiltIn, super::JURISDICTION, setting)?;
    let clock = Clock::from(setting.now);
    let hall = Hall {
        db,
        law: &law,
        secrets: &secrets(setting)?,
        clock: &clock,
        setting,
    };
    let mut staff = Staff::of(&city);
    let mut rows = Vec::new();
    for number in 0..MONTHS {
        let Ok(month) = first.add_months(number) else {
            break;
        };
        let (declaring, declared) = timed(|| hall.declare(&city, &mut staff, (number == 0, month)));
        let declared = declared?;
        let cut = Cut {
            chunk_size: CHUNK / 4,
            threads,
        };
        let (assessing, assessed) = timed(|| assessed(&hall, month, cut));
        let (run, assessed) = assessed?;
        // What the last month brought in waits for somebody to credit it.
        let credits = number + 1 < MONTHS;
        let (paying, paid) = timed(|| {
            let paid = hall.pay(run, month)?;
            if credits {
                hall.credit(month, cut)?;
            }
            Ok::<_, Failure>(paid)
        });
        let paid = paid?;
        let mut row = vec![month.to_string()];
        row.extend(in_numbers(&declared));
        row.push(seconds(declaring));
        row.extend(assessed);
        row.push(seconds(assessing));
        row.extend([paid.amount, paid.settled].map(|amount| amount.with_separators().to_string()));
        row.push(seconds(paying));
        rows.push(row);
    }
    Ok(Lived { rows, loaded })
}

/// What is said of the months.
fn told(people: u64, lived: Lived, report: &Report, lang: Lang) -> String {
    let head = lang.pick(
        [
            "月份",
            "申报",
            "变更",
            "新增",
            "减员",
            "有误",
            "秒",
            "核定笔数",
            "应缴（元）",
            "未得出",
            "秒",
            "到账（元）",
            "清偿（元）",
            "秒",
        ],
        [
            "month",
            "declared",
            "changed",
            "enrolled",
            "ended",
            "faulty",
            "seconds",
            "lines",
            "due, yuan",
            "without",
            "seconds",
            "paid in",
            "settled",
            "seconds",
        ],
    );
    let people = count(people);
    let heading = lang.pick(
        format!("\n一座 {people} 人的城市存入 SQLite，逐月申报、核定、复核、发布、缴费、记账\n"),
        format!("\nA city of {people} kept in SQLite: months declared, assessed, approved by a second person, published, paid and credited\n"),
    );
    let seconds = seconds(lived.loaded);
    let stored = lang.pick(
        format!("登记入库用时 {seconds} 秒\n"),
        format!("the registers were stored in {seconds} s\n"),
    );
    let told = table(&head, &(1..14).collect::<Vec<_>>(), lived.rows);
    format!("{heading}{told}{stored}{}", verify::text(report, lang))
}

/// Moments, each a little after the one before: what is recorded later is known later.
pub(super) struct Clock {
    next: Cell<Moment>,
}

impl Clock {
    fn from(moment: Moment) -> Clock {
        Clock {
            next: Cell::new(moment),
        }
    }

    /// Somebody acts now.
    pub(super) fn acting<'a>(&self, by: &'a Actor) -> Acting<'a> {
        self.next.set(self.next.get().plus_microseconds(1));
        Acting {
            by,
            at: self.next.get(),
            purpose: "demo",
            through: "demo",
        }
    }
}

/// Nobody in the city is real, so its keys need not be secret.
pub(crate) fn secrets(setting: &Setting) -> Result<Secrets, Failure> {
    let secrets = Secrets::new(1, [(1, [1; 32])], [[2; 32]]);
    secrets.map_err(|error| of_store(&error, setting))
}

/// Assesses one month and puts it in force: the run, and its lines, what they come to, who has no result.
fn assessed(hall: &Hall<'_>, month: Month, cut: Cut) -> Result<(RunId, [String; 3]), Failure> {
    let (db, law) = (hall.db, hall.law);
    let maker = Actor::new("maker").expect("it is a login");
    let checker = Actor::new("checker").expect("it is a login");
    let acting = |by| hall.clock.acting(by);
    let done = (|| {
        open(db, law.applied(), month, cut, acting(&maker))?;
        let run = assess(db, law.applied(), month, cut.threads, &mut |_, _| {})?;
        let content = run.content.map(|content| content.to_string());
        let content = content.unwrap_or_default();
        approve(db, RunKind::Assessment, month, &content, acting(&checker))?;
        publish(db, month, acting(&checker))?;
        Ok((run.id, review(db, RunKind::Assessment, month)?))
    })();
    let (run, seen) = done.map_err(|error: office::Error| of_office(&error, hall.setting))?;
    let all = seen.totals.all();
    let told = [
        count(all.lines.unsigned_abs()),
        yuan(all.employer_due + all.person_due),
        count(seen.refused.unsigned_abs()),
    ];
    Ok((run, told))
}

fn in_numbers(declared: &Declared) -> [String; 5] {
    let numbers = [
        declared.files,
        declared.changed,
        declared.enrolled,
        declared.ended,
        declared.refused,
    ];
    numbers.map(count)
}

fn seconds(took: Duration) -> String {
    format!("{}.{:02}", took.as_secs(), took.subsec_millis() / 10)
}
