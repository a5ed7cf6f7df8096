//! Months of a whole city, in a database that is gone afterwards: made, assessed, approved, published, and all of it derived
//! again.

use super::timed;
use crate::arguments::{Format, Synth};
use crate::commands::month::{CHUNK, yuan};
use crate::commands::synth::database::Database;
use crate::commands::synth::write;
use crate::commands::verify;
use crate::folder::Origin;
use crate::output::{Failure, Setting, answer, count, table};
use crate::place::{CityLaw, of_office, of_store};
use city::actors::Actor;
use city::runs::RunKind;
use measure::Month;
use office::acting::Acting;
use office::month::assess::{Cut, assess, open};
use office::month::publish::{approve, publish};
use office::month::review::review;
use store::secrets::Secrets;
use store::{Db, Url};
use synth::City;

/// How many insured the city in the database has.
const PEOPLE: u64 = 100_000;
/// How many months it goes through.
const MONTHS: i32 = 3;

/// Runs the months; whether everything that was published follows from facts and law.
pub(super) fn run(
    seed: u64,
    first: Month,
    threads: usize,
    setting: &Setting,
) -> Result<bool, Failure> {
    let lang = setting.lang;
    let of_store = |error: store::Error| of_store(&error, setting);
    let db = Db::open(&Url::Scratch).map_err(of_store)?;
    db.migrate(setting.now).map_err(of_store)?;
    // Nobody in it is real, so its keys need not be secret.
    let secrets = Secrets::new(1, [(1, [1; 32])], [[2; 32]]).map_err(of_store)?;
    let city = City::of(seed, PEOPLE);
    let asked = Synth {
        people: PEOPLE,
        seed,
        out: None,
        into: None,
        keys: None,
        format: crate::arguments::Files::Parquet,
        through: None,
        report: Format::Text,
        threads: None,
    };
    let database = Database::new(db.clone(), secrets, setting.now, setting);
    let (loaded, done) = timed(|| write(&city, &asked, database, threads, setting));
    done?;
    let law = CityLaw::read(&Origin::BuiltIn, super::JURISDICTION, setting)?;
    let mut rows = Vec::new();
    for month in 0..MONTHS {
        let Ok(month) = first.add_months(month) else {
            break;
        };
        let (took, told) = timed(|| one(&db, &law, month, threads, setting));
        let mut told = told?;
        told.push(format!(
            "{}.{:02}",
            took.as_secs(),
            took.subsec_millis() / 10
        ));
        rows.push(told);
    }
    let report = office::verify::verify(&db, super::JURISDICTION, threads, &mut |_, _, _| {});
    let report = report.map_err(|error| of_office(&error, setting))?;
    let head = lang.pick(
        ["月份", "笔数", "应缴（元）", "未得出", "秒"],
        ["month", "lines", "due, yuan", "without", "seconds"],
    );
    let people = count(PEOPLE);
    let heading = lang.pick(
        format!("\n一座 {people} 人的城市存入 SQLite，逐月核定、复核、发布\n"),
        format!("\nA city of {people} kept in SQLite: months assessed, approved by a second person, published\n"),
    );
    let seconds = format!("{}.{:02}", loaded.as_secs(), loaded.subsec_millis() / 10);
    let stored = lang.pick(
        format!("登记入库用时 {seconds} 秒\n"),
        format!("the registers were stored in {seconds} s\n"),
    );
    let told = table(&head, &[1, 2, 3, 4], rows);
    answer(&format!(
        "{heading}{told}{stored}{}",
        verify::text(&report, lang)
    ));
    Ok(report.findings.is_empty())
}

/// One month: lines, what they come to, who has no result.
fn one(
    db: &Db,
    law: &CityLaw,
    month: Month,
    threads: usize,
    setting: &Setting,
) -> Result<Vec<String>, Failure> {
    let maker = Actor::new("maker").expect("it is a login");
    let checker = Actor::new("checker").expect("it is a login");
    let acting = |by| Acting {
        by,
        at: setting.now,
        purpose: "demo",
        through: "demo",
    };
    let cut = Cut {
        chunk_size: CHUNK / 4,
        threads,
    };
    let done = (|| {
        open(db, law.applied(), month, cut, acting(&maker))?;
        let run = assess(db, law.applied(), month, threads, &mut |_, _| {})?;
        let content = run.content.map(|content| content.to_string());
        let content = content.unwrap_or_default();
        approve(db, RunKind::Assessment, month, &content, acting(&checker))?;
        publish(db, month, acting(&checker))?;
        review(db, RunKind::Assessment, month)
    })();
    let seen = done.map_err(|error: office::Error| of_office(&error, setting))?;
    let all = seen.totals.all();
    Ok(vec![
        month.to_string(),
        count(all.lines.unsigned_abs()),
        yuan(all.employer_due + all.person_due),
        count(seen.refused.unsigned_abs()),
    ])
}
