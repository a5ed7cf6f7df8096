//! Something the register says of me is wrong: what, when, what is right, and why. One question at a time; at the end stands what
//! was and what shall be. Nothing is changed by asking: somebody of the office decides.

pub(crate) mod one;
mod answers;

use super::{data, own};

use crate::forms::{Form, at_field, faults, fresh_key};
use crate::house::House;
use crate::look::components::{
    Choice, Field, Head, Kind, Table, amount, button_link, empty, error_summary, field, hidden,
    one_of, submit, summary, table,
};
use crate::look::districts;
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::Visitor;
use answers::{Answers, Ask, Wrong, slots};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use city::corrections::{Asked, Piece};
use city::insurance::Participation;
use maud::{Markup, html};
use measure::Words;
use office::register::person::Registered;
use rules::explain::Lang;

const TITLE: Words = Words::new("申请更正", "Ask for a correction");
const LEAD: Words = Words::new(
    "登记与事实不符时，在这里申请更正。提交后由经办机构另一人核对，批准前不会改动任何记录。",
    "If the register is wrong about you, say so here. Somebody of the office checks it; nothing changes before they approve it.",
);
const NEXT: Words = Words::new("下一步", "Next");
const SEND: Words = Words::new("提交申请", "Send it");
const CHECK: Words = Words::new("请核对", "Please check");
const WAS: Words = Words::new("现在登记的", "The register says");
const SHALL: Words = Words::new("应当是", "It shall say");
const DAYS: Words = Words::new("期间", "Days");
const CHANGES: Words = Words::new("将要更正的内容", "What would change");
const NOTHING: Words = Words::new("没有这项参保", "no such insurance");
const NONE: Words = Words::new(
    "没有可以更正的参保登记",
    "There is no insurance of yours to correct",
);
const NONE_SAYS: Words = Words::new(
    "如果您应当有登记而没有，请到经办窗口办理。",
    "If there should be one, please come to the counter.",
);
const AGAIN: Words = Words::new("从头再来", "Begin again");
const CHANGE: Words = Words::new("修改", "Change");

/// A question, or the check at the end.
#[derive(Debug)]
pub(crate) struct CorrectionPage {
    record: Registered,
    answers: Answers,
    /// The question; `None` where all is answered.
    asks: Option<Ask>,
    fault: Option<String>,
    pieces: Vec<Piece>,
    key: String,
}

/// Asks the first question.
pub(crate) async fn begin(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let record = data::record(&house, &visitor).await?;
    let page = CorrectionPage {
        record,
        answers: Answers::default(),
        asks: Some(Ask::FIRST),
        fault: None,
        pieces: Vec::new(),
        key: fresh_key(),
    };
    Ok(shown(&page, &visitor))
}

/// Takes an answer, and asks the next question, shows the check, or sends.
pub(crate) async fn next(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let said = Form::read(&form);
    let record = data::record(&house, &visitor).await?;
    let answers = Answers::of(&said);
    let mut page = CorrectionPage {
        asks: None,
        fault: None,
        pieces: Vec::new(),
        key: match said.get("key") {
            "" => fresh_key(),
            known => known.to_owned(),
        },
        record,
        answers,
    };
    let lang = visitor.lang;
    let stop = Ask::read(said.get("change"));
    // Everything asked before is looked at again; what is wrong is asked anew.
    for ask in page.answers.asks() {
        let wrong = if stop == Some(ask) {
            Some(None)
        } else {
            page.answers
                .fault(ask, &page.record)
                .map(|wrong| match wrong {
                    Wrong::NotYet => None,
                    Wrong::Fault(words) => Some(lang.say(words).to_owned()),
                })
        };
        if let Some(fault) = wrong {
            let status = if fault.is_some() {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                StatusCode::OK
            };
            (page.asks, page.fault) = (Some(ask), fault);
            return Ok(shown_as(status, &page, &visitor));
        }
    }
    let asked = page
        .answers
        .asked(&page.record, &page.key)
        .ok_or_else(Problem::unreadable)?;
    let send = said.get("send") == "1";
    match ask_office(&house, &visitor, asked, send).await {
        Ok(Done::Sent(path)) => Ok(Redirect::to(&path).into_response()),
        Ok(Done::Tried(pieces)) => {
            page.pieces = pieces;
            Ok(shown(&page, &visitor))
        }
        Err(problem) => match Ask::of_code(problem.code) {
            Some(ask) => {
                page.fault = Some(at_field(&problem, lang));
                page.asks = Some(ask);
                Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
            }
            None => Err(problem),
        },
    }
}

enum Done {
    Tried(Vec<Piece>),
    Sent(String),
}

/// Tries what is asked, or asks it. The key makes it the same correction when it is sent again.
async fn ask_office(
    house: &House,
    visitor: &Visitor,
    asked: Asked,
    send: bool,
) -> Result<Done, Problem> {
    own(house, visitor, move |db, login, acting| {
        if send {
            let id = office::correction::ask(db, login, &asked, acting)?;
            return Ok(Done::Sent(format!("/me/correction/{id}")));
        }
        office::correction::tried(db, login, &asked).map(Done::Tried)
    })
    .await
}

/// What holds on some days, in words.
fn holds(of: Option<&Participation>, lang: Lang) -> Markup {
    html! {
        @match of {
            Some(of) => {
                (of.status.name(lang)) " · " (districts::name(of.district, lang))
                @if let Some(declared) = of.declared { " · " (amount(declared, None, lang)) }
            }
            None => (lang.say(NOTHING)),
        }
    }
}

/// What was and what shall be.
fn pieces(pieces: &[Piece], lang: Lang) -> Markup {
    let rows = pieces.iter().map(|piece| {
        vec![
            data::span(piece.days, lang).into(),
            holds(Some(&piece.was), lang).into(),
            holds(piece.shall.as_ref(), lang).into(),
        ]
    });
    table(
        &Table {
            caption: lang.say(CHANGES).to_owned(),
            head: [DAYS, WAS, SHALL]
                .map(|words| Head::words(lang.say(words)))
                .to_vec(),
            rows: rows.collect(),
            foot: None,
        },
        lang,
    )
}

impl CorrectionPage {
    /// What was answered goes along, but for what is asked now.
    fn carried(&self, visitor: &Visitor) -> Markup {
        html! {
            (hidden("csrf", &visitor.csrf()))
            (hidden("key", &self.key))
            @for (name, value) in self.answers.all() {
                @if self.asks.is_none_or(|ask| ask.name() != *name) { (hidden(name, value)) }
            }
        }
    }

    fn question(&self, ask: Ask, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let mut asked = Field {
            name: ask.name().to_owned(),
            label: lang.say(ask.words()).to_owned(),
            hint: ask.hint().map(|hint| lang.say(hint).to_owned()),
            kind: ask.kind(lang),
            value: self.answers.get(ask.name()).to_owned(),
            fault: self.fault.clone(),
            optional: ask == Ask::Until,
        };
        let choices: Vec<Choice> = ask.choices(&self.record, lang);
        if asked.kind == Kind::Text && choices.is_empty() && asked.value.len() > 2_000 {
            asked.value = String::new();
        }
        html! {
            (error_summary(&faults(&[&asked]), lang))
            form method="post" action="/me/correction" {
                (self.carried(visitor))
                @if choices.is_empty() { (field(&asked, lang)) } @else { (one_of(&asked, &choices, lang)) }
                (submit(lang.say(NEXT)))
            }
        }
    }

    fn check(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let rows: Vec<(String, Markup)> = self
            .answers
            .asks()
            .into_iter()
            .map(|ask| {
                let shown = self.answers.shown(ask, &self.record, lang);
                let change = html! {
                    (shown) " "
                    form class="inline" method="post" action="/me/correction" {
                        (self.carried(visitor))
                        button class="plain" name="change" value=(ask.name()) aria-label=(format!("{} · {}", lang.say(CHANGE), lang.say(ask.short()))) { (lang.say(CHANGE)) }
                    }
                };
                (lang.say(ask.short()).to_owned(), change)
            })
            .collect();
        html! {
            h2 { (lang.say(CHECK)) }
            (summary(&rows))
            (pieces(&self.pieces, lang))
            form method="post" action="/me/correction" {
                (self.carried(visitor))
                (hidden("send", "1"))
                (submit(lang.say(SEND)))
            }
        }
    }
}

impl Page for CorrectionPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (super::ways("/me/correction", lang))
            @if slots(&self.record).is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                @match self.asks {
                    Some(ask) => {
                        @if ask == Ask::FIRST { p { (lang.say(LEAD)) } }
                        (self.question(ask, visitor))
                    }
                    None => (self.check(visitor)),
                }
                @if self.asks != Some(Ask::FIRST) { p { (button_link("/me/correction", lang.say(AGAIN))) } }
            }
        }
    }

    fn samples() -> Vec<CorrectionPage> {
        let answered = Answers::sample();
        let page = |asks: Option<Ask>, fault: Option<&str>| {
            let record = data::sample();
            let pieces = record.insured.first().map(|(_, fact)| Piece {
                days: fact.valid,
                was: fact.value,
                shall: None,
            });
            CorrectionPage {
                record,
                answers: answered.clone(),
                asks,
                fault: fault.map(str::to_owned),
                pieces: pieces.into_iter().collect(),
                key: "0123456789abcdef".to_owned(),
            }
        };
        let mut all: Vec<CorrectionPage> =
            Ask::ALL.iter().map(|ask| page(Some(*ask), None)).collect();
        all.push(page(Some(Ask::Amount), Some("<script>alert(1)</script>")));
        all.push(page(None, None));
        all.push(CorrectionPage {
            record: Registered {
                insured: Vec::new(),
                ..data::sample()
            },
            ..page(Some(Ask::FIRST), None)
        });
        all
    }
}
