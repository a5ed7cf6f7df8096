//! May we pay in parts? Asked here; a second person of the office decides.

use super::{asked, home, ways};
use crate::forms::{Form, at_field, faults};
use crate::house::House;
use crate::look::components::{
    Choice, Field, Head, Kind, Table, amount, button, empty, error_summary, field, hidden, notice,
    one_of, submit, summary, table, tag, warning,
};
use crate::page::{Crumb, Page, shown, shown_as};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use city::collection::instalments::{Agreement, Instalment, Standing};
use maud::{Markup, html};
use measure::{Day, Fen, Words};
use office::employer::parts::{ask, parts};
use rules::explain::Lang;

const TITLE: Words = Words::new("分期缴纳", "Paying in parts");
const LEAD: Words = Words::new(
    "一时付不清，可以申请分期。由经办机构另一名人员批准后生效；分期期间滞纳金照常计算。",
    "Who cannot pay at once may ask to pay in parts. It holds when the office has approved it. Late fees go on meanwhile.",
);
const OWED: Words = Words::new("今天欠缴（含滞纳金）", "Owed today, late fee included");
const COUNT: Words = Words::new("分几期", "In how many parts");
const COUNT_HINT: Words = Words::new("每月一期", "one a month");
const FIRST: Words = Words::new("第一期缴款日", "Day of the first part");
const SECURITY: Words = Words::new(
    "能否提供担保（抵押、质押或保证）",
    "Can you give security (a mortgage, a pledge or a guarantor)",
);
const ASK: Words = Words::new("提出申请", "Ask for it");
const NOTHING: Words = Words::new("没有欠费", "Nothing is owed");
const NOTHING_SAYS: Words = Words::new("目前不需要分期。", "There is nothing to be paid in parts.");
const PLAN: Words = Words::new("各期", "The parts");
const DUE: Words = Words::new("缴款日", "Due");
const AMOUNT: Words = Words::new("金额", "Amount");
const PAID: Words = Words::new("已缴", "Paid");
const STANDS: Words = Words::new("状态", "How it stands");
const WAITING: Words = Words::new("申请已收到", "We have your request");
const WAITING_SAYS: Words = Words::new(
    "等待经办机构批准。批准前仍请按账单缴款。",
    "It waits for the office to approve it. Until then, please pay as billed.",
);
const NOT_A_COUNT: Words = Words::new("写期数，如 6", "write a number, such as 6");
const NOT_A_DAY: Words = Words::new("写日期，如 2025-10-15", "write a day, such as 2025-10-15");

/// Paying in parts.
#[derive(Debug)]
pub(crate) struct PartsPage {
    owed: Fen,
    jurisdiction: String,
    agreement: Option<(i64, Agreement)>,
    count: (String, Option<String>),
    first: (String, Option<String>),
    security: String,
}

async fn read(house: &House, visitor: &Visitor) -> Result<PartsPage, Problem> {
    let today = visitor.today();
    let parts = asked(house, visitor, move |db, asking| {
        parts(db, asking.applied, asking.login, today)
    })
    .await?;
    let today = &parts.owes.outlook.today;
    Ok(PartsPage {
        jurisdiction: house.settings.jurisdiction.clone(),
        owed: Fen(today.principal.0.saturating_add(today.fee.0)),
        agreement: parts
            .agreement
            .map(|(id, agreement)| (id.number(), agreement)),
        count: (String::new(), None),
        first: (String::new(), None),
        security: String::new(),
    })
}

/// Shows how it stands, and asks.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    Ok(shown(&read(&house, &visitor).await?, &visitor))
}

/// Takes the request.
pub(crate) async fn request(
    State(house): State<House>,
    visitor: Visitor,
    form: String,
) -> Result<Response, Problem> {
    let (said, lang) = (Form::read(&form), visitor.lang);
    let (count, first) = (said.get("count"), said.get("first"));
    let mut page = read(&house, &visitor).await?;
    page.count.0 = count.to_owned();
    page.first.0 = first.to_owned();
    page.security = said.get("security").to_owned();
    let guaranteed = page.security == "yes";
    let (number, day) = (count.parse::<u32>(), Day::parse(first));
    if number.is_err() {
        page.count.1 = Some(lang.say(NOT_A_COUNT).to_owned());
    }
    if day.is_err() {
        page.first.1 = Some(lang.say(NOT_A_DAY).to_owned());
    }
    if let (Ok(number), Ok(day)) = (number, day) {
        let done = asked(&house, &visitor, move |db, asking| {
            let plan = (day, number, guaranteed);
            ask(db, asking.applied, asking.login, plan, asking.acting)
        })
        .await;
        match done {
            Ok(_) => return Ok(Redirect::to("/employer/instalments").into_response()),
            Err(problem) if problem.status == StatusCode::UNPROCESSABLE_ENTITY => {
                page.count.1 = Some(at_field(&problem, lang));
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(shown_as(StatusCode::UNPROCESSABLE_ENTITY, &page, &visitor))
}

fn plan(agreement: &Agreement, lang: Lang) -> Markup {
    let rows = agreement.plan.iter().map(|part| {
        vec![
            part.due.to_string().into(),
            amount(part.amount, None, lang).into(),
            amount(part.paid, None, lang).into(),
        ]
    });
    let (word, kind) = match &agreement.standing {
        Standing::Proposed { .. } => (lang.pick("待批准", "waits for approval"), "doubt"),
        Standing::Running => (lang.pick("执行中", "running"), "good"),
        Standing::Kept => (lang.pick("已缴清", "paid to the end"), "good"),
        Standing::Declined => (lang.pick("未获批准", "declined"), "stop"),
        Standing::Void => (lang.pick("已失效", "void"), "stop"),
    };
    html! {
        (summary(&[(lang.say(STANDS).to_owned(), tag(word, kind))]))
        (table(&Table {
            caption: lang.say(PLAN).to_owned(),
            head: vec![Head::words(lang.say(DUE)), Head::numbers(lang.say(AMOUNT)), Head::numbers(lang.say(PAID))],
            rows: rows.collect(),
            foot: None,
        }, lang))
    }
}

impl PartsPage {
    fn form(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let count = Field {
            name: "count".into(),
            label: lang.say(COUNT).into(),
            hint: Some(lang.say(COUNT_HINT).into()),
            kind: Kind::Number(lang.pick("期", "parts").into()),
            value: self.count.0.clone(),
            fault: self.count.1.clone(),
            optional: false,
        };
        let first = Field {
            name: "first".into(),
            label: lang.say(FIRST).into(),
            hint: None,
            kind: Kind::Day,
            value: self.first.0.clone(),
            fault: self.first.1.clone(),
            optional: false,
        };
        let security = Field {
            name: "security".into(),
            label: lang.say(SECURITY).into(),
            hint: None,
            kind: Kind::Text,
            value: self.security.clone(),
            fault: None,
            optional: false,
        };
        let answers = [
            ("yes", lang.pick("能", "yes")),
            ("no", lang.pick("不能", "no")),
        ];
        let answers = answers.map(|(value, label)| Choice {
            value: value.into(),
            label: label.into(),
        });
        html! {
            (error_summary(&faults(&[&count, &first]), lang))
            form method="post" action="/employer/instalments" {
                (hidden("csrf", &visitor.csrf()))
                (field(&count, lang))
                (field(&first, lang))
                (one_of(&security, &answers, lang))
                (submit(lang.say(ASK)))
            }
        }
    }
}

impl Page for PartsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways("/employer/instalments", lang))
            @if let Some((_, agreement)) = &self.agreement {
                @if matches!(agreement.standing, Standing::Proposed { .. }) {
                    (notice(lang.say(WAITING), html! { p { (lang.say(WAITING_SAYS)) } }))
                }
                @if self.count.1.is_some() { (warning(self.count.1.as_deref().unwrap_or_default(), html! {})) }
                (plan(agreement, lang))
            } @else if self.owed == Fen::ZERO {
                (empty(lang.say(NOTHING), html! {
                    p { (lang.say(NOTHING_SAYS)) }
                    p { (button("/employer", lang.pick("回到概览", "Back to the overview"))) }
                }))
            } @else {
                p class="lead" { (lang.say(LEAD)) }
                (summary(&[(lang.say(OWED).to_owned(), html! { strong { (amount(self.owed, Some("/employer/bills"), lang)) } })]))
                (self.form(visitor))
                p { a href=(format!("/law/{}/rule/plan-allowed", self.jurisdiction)) { (lang.pick("法律允许分多少期", "How many parts the law allows")) } }
            }
        }
    }

    fn samples() -> Vec<PartsPage> {
        let page = |owed: i64, agreement| PartsPage {
            owed: Fen(owed),
            jurisdiction: "cn-50".to_owned(),
            agreement,
            count: (
                "<script>alert(1)</script>".to_owned(),
                Some("不是期数".to_owned()),
            ),
            first: (String::new(), None),
            security: "yes".to_owned(),
        };
        let part = Instalment {
            due: Day::parse("2025-10-15").unwrap_or(Day::MAX),
            amount: Fen(500_000),
            paid: Fen::ZERO,
        };
        let agreement = Agreement {
            plan: vec![part, part],
            standing: Standing::Proposed {
                by: city::actors::Actor::new("li").expect("it is a login"),
            },
        };
        vec![
            page(1_000_000, None),
            page(0, None),
            page(1, Some((1, agreement))),
        ]
    }
}
