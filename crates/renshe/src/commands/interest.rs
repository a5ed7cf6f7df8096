//! `interest`: the interest of a year on the accounts of a scheme.

use super::account::{in_name, scheme};
use super::month::{cut, shown, watching};
use crate::arguments::interest::{Bear, ByHash, InName, InterestCommand, YearOf};
use crate::output::{Exit, Failure, Setting, answer};
use crate::place::{CityLaw, acting, actor, of_office, open};
use city::insurance::Scheme;
use city::runs::{Run, RunKind};
use measure::Month;
use office::month::discard::discard;
use office::month::interest::bear;
use office::month::publish;
use office::month::review::review;
use rules::explain::Lang;

pub(crate) fn run(command: &InterestCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        InterestCommand::Bear(asked) => borne(asked, setting),
        InterestCommand::Review(asked) => reviewed(asked, setting),
        InterestCommand::Approve(asked) => approved(asked, setting),
        InterestCommand::Publish(asked) => published(asked, setting),
        InterestCommand::Discard(asked) => discarded(asked, setting),
    }
}

/// The run meant: its kind and the month it ends with.
fn of(asked: &YearOf) -> (RunKind, Month) {
    let kind = match scheme(asked.scheme) {
        Scheme::ResidentPension => RunKind::ResidentInterest,
        _ => RunKind::Interest,
    };
    (kind, asked.year.last_month())
}

fn borne(asked: &Bear, setting: &Setting) -> Result<Exit, Failure> {
    let InName { of, signed } = &asked.of;
    let law = CityLaw::asked(&asked.law, setting)?;
    let db = open(&of.place, setting)?;
    let by = actor(signed, setting)?;
    let acting = acting(&by, signed, setting.now);
    let (what, cut) = ((scheme(of.scheme), of.year), cut(asked.threads));
    let run = watching(setting, |progress| {
        bear(&db, law.applied(), what, cut, acting, progress)
    })?;
    say(&run, ("已计算", "computed"), Some("review"), setting);
    Ok(Exit::Good)
}

fn reviewed(asked: &YearOf, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let (kind, month) = of(asked);
    let seen = review(&db, kind, month).map_err(|error| of_office(&error, setting))?;
    answer(&shown(&seen, setting.lang));
    Ok(Exit::Good)
}

fn approved(asked: &ByHash, setting: &Setting) -> Result<Exit, Failure> {
    let InName { of: year, signed } = &asked.of;
    let (kind, month) = of(year);
    let run = in_name(&year.place, signed, setting, |db, acting| {
        publish::approve(db, kind, month, &asked.hash, acting)
    })?;
    say(&run, ("已复核", "approved"), Some("publish"), setting);
    Ok(Exit::Good)
}

fn published(asked: &InName, setting: &Setting) -> Result<Exit, Failure> {
    let (kind, month) = of(&asked.of);
    let run = in_name(&asked.of.place, &asked.signed, setting, |db, acting| {
        publish::bear(db, kind, month, acting)
    })?;
    say(&run, ("已发布", "published"), None, setting);
    Ok(Exit::Good)
}

fn discarded(asked: &InName, setting: &Setting) -> Result<Exit, Failure> {
    let (kind, month) = of(&asked.of);
    let run = in_name(&asked.of.place, &asked.signed, setting, |db, acting| {
        discard(db, kind, month, acting)
    })?;
    say(&run, ("已作废", "given up"), None, setting);
    Ok(Exit::Good)
}

/// What was done to a run, and the next step.
fn say(run: &Run, done: (&str, &str), next: Option<&str>, setting: &Setting) {
    let lang = setting.lang;
    let (id, year, kind) = (run.id, run.month.year().number(), run.kind);
    let mut told = lang.pick(
        format!("{year} 年{}（运行 {id}）{}\n", kind.name(Lang::Zh), done.0),
        format!("{} of {year} (run {id}): {}\n", kind.name(Lang::En), done.1),
    );
    if let Some(verb) = next {
        let command = command(kind, verb, run.month);
        told.push_str(&lang.pick(
            format!("下一步：`{command}`\n"),
            format!("next: `{command}`\n"),
        ));
    }
    answer(&told);
}

/// What is typed to do something with a year's interest.
pub(crate) fn command(kind: RunKind, verb: &str, month: Month) -> String {
    let scheme = match kind {
        RunKind::ResidentInterest => " --scheme resident-pension",
        _ => "",
    };
    format!("renshe interest {verb} {}{scheme}", month.year().number())
}
