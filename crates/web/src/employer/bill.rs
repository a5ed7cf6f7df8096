//! A bill, opened: each person's line, what settled it, and how the late fee comes out, today and tomorrow.

use super::bills::{left, standing};
use super::receipt::unknown;
use super::{asked, home, ways};
use crate::house::House;
use crate::look::components::{
    Column, Head, List, Listed, Rows, Table, amount, derivation, empty, fold, no_more, notice,
    summary, table,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use city::collection::{Bill, BillId, reference};
use maud::{Markup, html};
use measure::{Day, Fen, Words};
use office::employer::bills::{Line, Opened, open};
use office::tables::Written;
use rules::explain::{Lang, Told, explain, told};
use rules::facts::from_json;
use rules::law::{Item, Law};

const OWED: Words = Words::new("应缴", "What is owed");
const AMOUNT: Words = Words::new("应缴", "Dues");
const OPEN: Words = Words::new("未缴", "Open");
const DUE: Words = Words::new("截止日", "Due");
const REFERENCE: Words = Words::new("缴费单号", "Reference");
const DISTRICT: Words = Words::new("缴费区县", "Paid in");
const STANDS: Words = Words::new("状态", "How it stands");
const LINES: Words = Words::new("每名职工", "Each person");
const NAME: Words = Words::new("姓名", "Name");
const BASE: Words = Words::new("基数", "Base");
const EMPLOYER: Words = Words::new("单位缴费", "Employer's share");
const PERSON: Words = Words::new("个人缴费", "Own share");
const SETTLED: Words = Words::new("已缴部分", "What settled it");
const FEE: Words = Words::new("滞纳金", "Late fee");
const TODAY: Words = Words::new("今天的滞纳金", "Today's late fee");
const TOMORROW: Words = Words::new("明天的滞纳金", "Tomorrow's late fee");
const NO_FEE: Words = Words::new("目前没有滞纳金", "There is no late fee");
const NO_LINES: Words = Words::new("没有可展开的明细", "There are no lines to open");

/// A bill, opened.
#[derive(Debug)]
pub(crate) struct BillPage {
    opened: Opened,
    jurisdiction: String,
    today: Day,
    listed: Listed,
    fees: Vec<(Words, Told)>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(bill): Path<i64>,
    uri: Uri,
) -> Result<Response, Problem> {
    let opened = read(&house, &visitor, bill).await?;
    let today = visitor.today();
    let fees = [(TODAY, Ok(today)), (TOMORROW, today.add_days(1))]
        .into_iter()
        .filter_map(|(name, day)| {
            let told = fee(house.law(), &opened.bill, day.ok()?, visitor.lang)?;
            Some((name, told))
        });
    let page = BillPage {
        fees: fees.collect(),
        jurisdiction: house.settings.jurisdiction.clone(),
        opened,
        today,
        listed: Listed::read(&uri),
    };
    match page.listed.file {
        Some(ending) => lines(&page.opened, &page.listed, visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

async fn read(house: &House, visitor: &Visitor, bill: i64) -> Result<Opened, Problem> {
    let bill = BillId::new(bill).ok_or_else(unknown)?;
    asked(house, visitor, move |db, asking| {
        open(db, asking.with(), bill, asking.acting)
    })
    .await
}

/// Gives its lines as a file.
pub(crate) async fn taken_along(
    house: &House,
    visitor: &Visitor,
    (name, bill): (&str, i64),
) -> Result<Response, Problem> {
    let opened = read(house, visitor, bill).await?;
    let (_, ending) = name.rsplit_once('.').unwrap_or_default();
    lines(&opened, &Listed::default(), visitor.lang).written(ending)
}

/// Each person's line.
fn lines<'l>(opened: &'l Opened, listed: &'l Listed, lang: Lang) -> List<'l, Line> {
    let bill = &opened.bill;
    let money = |word, name: Words, of: fn(&Line) -> Fen| {
        Column::numbers(word, lang.say(name), move |line: &Line| {
            Written::Yuan(of(line).0)
        })
        .shown(move |line| amount(of(line), None, lang))
    };
    let sum =
        |of: fn(&Line) -> Fen| Fen::checked_sum(opened.lines.iter().map(of)).unwrap_or(Fen::ZERO);
    let foot = vec![
        lang.pick("合计", "Together").into(),
        "".into(),
        amount(sum(|line| line.due.employer_due), None, lang).into(),
        amount(sum(|line| line.due.person_due), None, lang).into(),
    ];
    let many = opened.lines.len();
    List {
        caption: lang.pick(format!("{many} 人"), format!("{many} persons")),
        name: format!("bill-{}", bill.id).into(),
        path: format!("/employer/bills/{}", bill.id).into(),
        keep: Vec::new(),
        columns: vec![
            Column::words("name", lang.say(NAME), |line: &Line| {
                line.name.as_str().into()
            })
            .shown(|line: &Line| {
                let to = format!("/employer/bills/{}/{}", bill.id, line.due.person);
                html! { a href=(to) { (line.name) } }
            }),
            money("base", BASE, |line| line.due.base),
            money("employer", EMPLOYER, |line| line.due.employer_due),
            money("own", PERSON, |line| line.due.person_due),
        ],
        rows: &opened.lines,
        come: Rows::All,
        listed,
        also: no_more,
        foot: Some(foot),
    }
}

/// How the late fee on what is open comes out on a day; `None` where there is none, or the law has no such rule.
fn fee(law: &Law, bill: &Bill, on: Day, lang: Lang) -> Option<Told> {
    let open = left(bill);
    if open <= Fen::ZERO || on <= bill.due {
        return None;
    }
    let Some(Item::Rule(rule)) = law.names.get("late-fee") else {
        return None;
    };
    let facts = serde_json::json!({
        "arrears": open.to_string(),
        "due-date": bill.due.to_string(),
        "paid-date": on.to_string(),
    });
    let facts = from_json(law, law[*rule].of, &facts.to_string()).ok()?;
    let explanation = explain(law, on, &facts, *rule);
    Some(told(&explanation, lang))
}

impl BillPage {
    fn facts(&self, lang: Lang) -> Markup {
        let bill = &self.opened.bill;
        summary(&[
            (
                lang.say(AMOUNT).to_owned(),
                html! { strong { (amount(bill.principal, None, lang)) } },
            ),
            (lang.say(OPEN).to_owned(), amount(left(bill), None, lang)),
            (lang.say(DUE).to_owned(), html! { (bill.due) }),
            (
                lang.say(STANDS).to_owned(),
                standing(bill, self.today, lang),
            ),
            (
                lang.say(REFERENCE).to_owned(),
                html! { code { (reference(bill.id)) } },
            ),
            (lang.say(DISTRICT).to_owned(), html! { (bill.district) }),
        ])
    }

    fn settled(&self, lang: Lang) -> Markup {
        let settled = &self.opened.bill.settled;
        let rows = settled.iter().map(|part| {
            vec![
                part.on.to_string().into(),
                amount(part.principal, None, lang).into(),
                amount(part.fee, None, lang).into(),
            ]
        });
        html! {
            @if !settled.is_empty() {
                h2 { (lang.say(SETTLED)) }
                (table(&Table {
                    caption: lang.say(SETTLED).to_owned(),
                    head: vec![
                        Head::words(lang.pick("日期", "Day")),
                        Head::numbers(lang.say(AMOUNT)),
                        Head::numbers(lang.say(FEE)),
                    ],
                    rows: rows.collect(),
                    foot: None,
                }, lang))
                p { a href="/employer/payments" { (lang.pick("看缴款", "See the payments")) } }
            }
        }
    }
}

impl Page for BillPage {
    fn title(&self, lang: Lang) -> String {
        let bill = &self.opened.bill;
        format!("{} · {}", bill.month, bill.scheme.name(lang))
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let mut trail = home(lang);
        trail.push(Crumb::new("/employer/bills", lang.say(OWED)));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let library = format!("/law/{}", self.jurisdiction);
        html! {
            (ways("/employer/bills", lang))
            (self.facts(lang))
            h2 { (lang.say(LINES)) }
            @if self.opened.lines.is_empty() { (empty(lang.say(NO_LINES), html! {})) } @else { (lines(&self.opened, &self.listed, lang).on_page(lang)) }
            (self.settled(lang))
            h2 id="fee" { (lang.say(FEE)) }
            @if self.fees.is_empty() { (notice(lang.say(NO_FEE), html! {})) }
            @for (name, told) in &self.fees {
                (fold(&format!("{} {}", lang.say(*name), told.value), derivation(told, Some(&library), lang)))
            }
        }
    }

    fn samples() -> Vec<BillPage> {
        let page = || BillPage {
            opened: Opened {
                bill: super::bills::sample(),
                law: String::new(),
                lines: Vec::new(),
            },
            jurisdiction: "cn-50".to_owned(),
            today: Day::parse("2025-09-08").unwrap_or(Day::MAX),
            listed: Listed::default(),
            fees: Vec::new(),
        };
        let mut named = page();
        named.opened.lines.push(Line {
            name: "<script>alert(1)</script>".to_owned(),
            due: sample_due(),
        });
        vec![page(), named]
    }
}

/// What is due of somebody, for samples.
pub(super) fn sample_due() -> city::dues::Due {
    let bill = super::bills::sample();
    city::dues::Due {
        person: city::people::PersonId::new(5).expect("5 is a number"),
        scheme: bill.scheme,
        category: city::insurance::Category::Employee,
        employer: city::employers::EmployerId::new(7),
        district: bill.district,
        base: Fen(800_000),
        employer_due: Fen(128_000),
        person_due: Fen(64_000),
        credit: Fen(64_000),
    }
}
