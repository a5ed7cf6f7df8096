//! `month`: a month from opening to closing.

use crate::arguments::{ByHash, MonthCommand, OfMonth, Opened, RunOf};
use crate::folder::Origin;
use crate::output::{Exit, Failure, Setting, answer, count, table};
use crate::place::{CityLaw, acting, actor, of_office, open};
use crate::population::Watched;
use city::dues::{Sum, Totals};
use city::runs::{Run, RunKind};
use exchange::rows::Progress as _;
use measure::Fen;
use office::month::assess::{Cut, assess, open as open_month};
use office::month::credit::credit;
use office::month::engine::Progress;
use office::month::publish::{approve, close, publish};
use office::month::review::{Review, review};
use rules::explain::Lang;
use std::thread;

/// Numbers of persons a chunk of work.
pub(crate) const CHUNK: i64 = 50_000;

pub(crate) fn run(command: &MonthCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        MonthCommand::Open(asked) => opened(asked, setting),
        MonthCommand::Assess(asked) => assessed(asked, setting),
        MonthCommand::Review(asked) => reviewed(asked, setting),
        MonthCommand::Approve(asked) => approved(asked, setting),
        MonthCommand::Publish(asked) => published(asked, setting, RunKind::Assessment),
        MonthCommand::Credit(asked) => credited(asked, setting),
        MonthCommand::Close(asked) => published(asked, setting, RunKind::Crediting),
    }
}

fn threads(asked: Option<u16>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    asked.map_or_else(cores, usize::from)
}

fn cut(asked: Option<u16>) -> Cut {
    Cut {
        chunk_size: CHUNK,
        threads: threads(asked),
    }
}

fn law(asked: &Opened, setting: &Setting) -> Result<CityLaw, Failure> {
    let origin = Origin::of(asked.folder.law.as_deref());
    CityLaw::read(&origin, &asked.jurisdiction, setting)
}

fn opened(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (law(asked, setting)?, open(&asked.of.place, setting)?);
    let by = actor(&asked.of.signed, setting)?;
    let acting = acting(&by, &asked.of.signed, setting.now);
    let run = open_month(&db, law.applied(), asked.of.month, cut(None), acting);
    let run = run.map_err(|error| of_office(&error, setting))?;
    say(
        &run,
        ("已开启", "opened"),
        ("renshe month assess", "计算"),
        setting,
    );
    Ok(Exit::Good)
}

fn assessed(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (law(asked, setting)?, open(&asked.of.place, setting)?);
    let threads = threads(asked.of.threads);
    let run = watching(setting, |progress| {
        assess(&db, law.applied(), asked.of.month, threads, progress)
    })?;
    say(
        &run,
        ("已核定", "assessed"),
        ("renshe month review", "查看"),
        setting,
    );
    Ok(Exit::Good)
}

fn credited(asked: &Opened, setting: &Setting) -> Result<Exit, Failure> {
    let (law, db) = (law(asked, setting)?, open(&asked.of.place, setting)?);
    let by = actor(&asked.of.signed, setting)?;
    let acting = acting(&by, &asked.of.signed, setting.now);
    let cut = cut(asked.of.threads);
    let run = watching(setting, |progress| {
        credit(&db, law.applied(), asked.of.month, cut, acting, progress)
    })?;
    say(
        &run,
        ("已记账", "credited"),
        ("renshe month review --crediting", "查看"),
        setting,
    );
    Ok(Exit::Good)
}

/// Does a step that tells how many chunks are done, and shows it as the persons in them.
fn watching(
    setting: &Setting,
    step: impl FnOnce(&mut Progress<'_>) -> Result<Run, office::Error>,
) -> Result<Run, Failure> {
    let mut watched = Watched::new(setting);
    let persons = |chunks: i64| (chunks * CHUNK).unsigned_abs();
    let run = step(&mut |done, of| watched.rows(persons(done), Some(persons(of))));
    run.map_err(|error| of_office(&error, setting))
}

fn kind(asked: &RunOf) -> RunKind {
    if asked.crediting {
        RunKind::Crediting
    } else {
        RunKind::Assessment
    }
}

fn reviewed(asked: &RunOf, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let seen = review(&db, kind(asked), asked.month).map_err(|error| of_office(&error, setting))?;
    answer(&shown(&seen, setting.lang));
    Ok(Exit::Good)
}

fn approved(asked: &ByHash, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.run.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let kind = kind(&asked.run);
    let run = approve(&db, kind, asked.run.month, &asked.hash, acting);
    let run = run.map_err(|error| of_office(&error, setting))?;
    let next = match kind {
        RunKind::Crediting => ("renshe month close", "结账"),
        _ => ("renshe month publish", "发布"),
    };
    say(&run, ("已复核", "approved"), next, setting);
    Ok(Exit::Good)
}

fn published(asked: &OfMonth, setting: &Setting, kind: RunKind) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let by = actor(&asked.signed, setting)?;
    let acting = acting(&by, &asked.signed, setting.now);
    let (run, done, next) = match kind {
        RunKind::Crediting => (
            close(&db, asked.month, acting),
            ("已结账", "closed"),
            ("renshe verify", "核验"),
        ),
        _ => (
            publish(&db, asked.month, acting),
            ("已发布", "published"),
            ("renshe month credit", "收款后记账"),
        ),
    };
    let run = run.map_err(|error| of_office(&error, setting))?;
    say(&run, done, next, setting);
    Ok(Exit::Good)
}

/// What was done to a run, and the next step.
fn say(run: &Run, done: (&str, &str), next: (&str, &str), setting: &Setting) {
    let lang = setting.lang;
    let (id, month) = (run.id, run.month);
    let (command, why) = next;
    let command = match run.kind {
        RunKind::Crediting if command == "renshe verify" => command.to_owned(),
        _ => format!("{command} {month}"),
    };
    answer(&lang.pick(
        format!(
            "{month} {}（运行 {id}）{}\n下一步：`{command}`（{why}）\n",
            run.kind.name(Lang::Zh),
            done.0
        ),
        format!(
            "{} of {month} (run {id}): {}\nnext: `{command}`\n",
            run.kind.name(Lang::En),
            done.1
        ),
    ));
}

/// The totals beside those of the month before, and the hash to approve.
pub(crate) fn shown(seen: &Review, lang: Lang) -> String {
    let run = &seen.run;
    let (id, month, state) = (run.id, run.month, run.state.name(lang));
    let kind = run.kind.name(lang);
    let mut told = lang.pick(
        format!("{month} {kind}，运行 {id}：{state}\n\n"),
        format!("{kind} of {month}, run {id}: {state}\n\n"),
    );
    told.push_str(&totals(seen, lang));
    if seen.refused > 0 {
        let refused = count(seen.refused.unsigned_abs());
        told.push_str(&lang.pick(
            format!("\n未得出：{refused}\n"),
            format!("\nwithout a result: {refused}\n"),
        ));
    }
    if let Some(content) = run.content {
        told.push_str(&lang.pick(
            format!("\n内容摘要 {content}\n复核：`renshe month approve {month} --hash {content:.16}`\n"),
            format!("\ncontent {content}\nto approve it: `renshe month approve {month} --hash {content:.16}`\n"),
        ));
    }
    told
}

fn totals(seen: &Review, lang: Lang) -> String {
    let head = lang.pick(
        ["", "笔数", "基数", "单位", "个人", "记账", "比上月"],
        [
            "",
            "lines",
            "base",
            "employers",
            "persons",
            "credit",
            "to last month",
        ],
    );
    let before = seen.before.as_ref().map(|(_, totals)| totals);
    let mut rows = Vec::new();
    for scheme in city::insurance::Scheme::ALL {
        let sum = seen.totals.of(*scheme);
        if sum.lines > 0 {
            let before = before.map(|before| before.of(*scheme));
            rows.push(row(scheme.name(lang), &sum, before));
        }
    }
    let all = lang.pick("合计", "total");
    rows.push(row(all, &seen.totals.all(), before.map(Totals::all)));
    table(&head, &[1, 2, 3, 4, 5, 6], rows)
}

fn row(name: &str, sum: &Sum, before: Option<Sum>) -> Vec<String> {
    let due = |sum: &Sum| sum.employer_due + sum.person_due;
    vec![
        name.to_owned(),
        count(sum.lines.unsigned_abs()),
        yuan(sum.base),
        yuan(sum.employer_due),
        yuan(sum.person_due),
        yuan(sum.credit),
        before.map_or_else(String::new, |before| {
            let change = due(sum) - due(&before);
            let sign = if change > 0 { "+" } else { "" };
            format!("{sign}{}", yuan(change))
        }),
    ]
}

/// An amount with its thousands apart.
pub(crate) fn yuan(fen: i128) -> String {
    match i64::try_from(fen) {
        Ok(fen) => {
            let amount = Fen(fen).to_string();
            let (sign, digits) = match amount.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => ("", amount.as_str()),
            };
            let (whole, rest) = digits.split_once('.').unwrap_or((digits, "00"));
            let whole = whole
                .replace(',', "")
                .parse()
                .map_or_else(|_| whole.to_owned(), count);
            format!("{sign}{whole}.{rest}")
        }
        Err(_) => fen.to_string(),
    }
}
