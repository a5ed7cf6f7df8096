//! How the counter shows what many of its pages show.

use crate::look::components::{amount, tag};
use crate::look::districts;
use city::collection::Payer;
use city::corrections::{Shall, State};
use city::facts::{Fact, Origin, Span};
use city::insurance::{Participation, Status};
use maud::{Markup, html};
use measure::{Day, Fen, Words};
use rules::explain::Lang;

const NOTHING: Words = Words::new("没有这项参保", "no such insurance");
const NOT_SAID: Words = Words::new("未申报", "not declared");
const WAITS: Words = Words::new("待复核", "waiting");
const APPROVED: Words = Words::new("已复核", "approved");
const DECLINED: Words = Words::new("已退回", "declined");

/// Days on which something is true.
pub(super) fn days(span: Span, lang: Lang) -> String {
    let first = span.first();
    match span.until().map(|until| until.add_days(-1)) {
        Some(Ok(last)) => lang.pick(format!("{first} 至 {last}"), format!("{first} to {last}")),
        _ => lang.pick(format!("{first} 起"), format!("from {first}")),
    }
}

/// What recorded a fact.
pub(super) fn origin(origin: Origin, lang: Lang) -> String {
    format!("{} {}", origin.kind.name(lang), origin.id)
}

/// How a participation stands.
pub(super) fn status(status: Status, lang: Lang) -> Markup {
    let kind = match status {
        Status::Active => "good",
        Status::Paused => "doubt",
        Status::Ended | Status::Transferred => "",
    };
    tag(status.name(lang), kind)
}

/// What was declared.
pub(super) fn declared(declared: Option<Fen>, lang: Lang) -> Markup {
    match declared {
        Some(fen) => amount(fen, None, lang),
        None => html! { span class="quiet" { (lang.say(NOT_SAID)) } },
    }
}

/// All that a participation says, in a line.
pub(super) fn participation(of: Option<&Participation>, lang: Lang) -> Markup {
    match of {
        Some(of) => html! {
            (declared(of.declared, lang)) " · " (of.status.name(lang)) " · " (districts::name(of.district, lang))
        },
        None => html! { (lang.say(NOTHING)) },
    }
}

/// What shall hold.
pub(super) fn shall(shall: Shall, lang: Lang) -> String {
    match shall {
        Shall::Declared(fen) => lang.pick(
            format!("申报 {} 元", fen.with_separators()),
            format!("declared {} yuan", fen.with_separators()),
        ),
        Shall::Stood(status) => status.name(lang).to_owned(),
        Shall::Held(district) => districts::name(district, lang),
        Shall::Nothing => lang.say(NOTHING).to_owned(),
    }
}

/// How far a correction is.
pub(super) fn state(state: &State, lang: Lang) -> Markup {
    match state {
        State::Asked => tag(lang.say(WAITS), "doubt"),
        State::Approved(_) => tag(lang.say(APPROVED), "good"),
        State::Declined(_) => tag(lang.say(DECLINED), "stop"),
    }
}

/// Who pays, and where their record is.
pub(super) fn payer(payer: Payer, lang: Lang) -> Markup {
    match payer {
        Payer::Employer(employer) => html! {
            a href=(format!("/counter/employers/{employer}")) { (lang.pick("单位", "employer")) " " (employer) }
        },
        Payer::Person(person) => html! {
            a href=(format!("/counter/persons/{person}")) { (lang.pick("个人", "person")) " " (person) }
        },
        Payer::Treasury(district) => {
            html! { (districts::name(district, lang)) " " (lang.pick("财政", "treasury")) }
        }
    }
}

/// Whether a fact is held to be so and true on a day.
pub(super) fn is_now<T>(fact: &Fact<T>, today: Day) -> bool {
    fact.superseded.is_none() && fact.valid.contains(today)
}

/// A sum in fen that may be beyond what an amount can be.
pub(super) fn sum(fen: i128, lang: Lang) -> Markup {
    match i64::try_from(fen) {
        Ok(fen) => amount(Fen(fen), None, lang),
        Err(_) => html! { (fen) },
    }
}

/// A change of a sum, with its sign.
pub(super) fn change(fen: i128) -> Markup {
    let shown = i64::try_from(fen).map_or_else(
        |_| fen.to_string(),
        |fen| Fen(fen).with_separators().to_string(),
    );
    html! { span class="amount" { (if 0 < fen { "+" } else { "" }) (shown) } }
}
