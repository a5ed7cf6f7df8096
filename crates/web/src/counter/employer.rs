//! What the register knows of an employer, what it owes today and tomorrow, and what it declared and paid.

use super::purpose::{COUNTER, Clerk};
use super::words::{days, origin};
use crate::house::House;
use crate::look::components::clock;
use crate::look::components::{Cell, Head, Table, amount, empty, summary, table, tag};
use crate::look::districts;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::employers::EmployerId;
use maud::{Markup, html};
use measure::Words;
use office::permit::Refusal;
use office::register::employer::{Registered, registered};
use rules::explain::Lang;

const CODE: Words = Words::new("统一社会信用代码", "Credit code");
const NUMBER: Words = Words::new("单位编号", "Register number");
const TODAY: Words = Words::new("今天欠缴", "Owed today");
const TOMORROW: Words = Words::new("明天的滞纳金", "Tomorrow's late fee");
const HELD: Words = Words::new("已到账未分配", "Received, not yet settled");
const OWED: Words = Words::new("欠缴", "What is owed");
const NOTHING: Words = Words::new("没有欠缴", "Nothing is owed");
const NOTHING_SAYS: Words = Words::new("已核定的都已缴清。", "All that was assessed is paid.");
const MONTH: Words = Words::new("月份", "Month");
const SCHEME: Words = Words::new("险种", "Scheme");
const DISTRICT: Words = Words::new("区县", "District");
const DUE: Words = Words::new("截止日", "Due");
const LATE: Words = Words::new("逾期天数", "Days late");
const DUES: Words = Words::new("本金", "Dues");
const FEE: Words = Words::new("滞纳金", "Late fee");
const REGISTERED: Words = Words::new("登记", "Registration");
const CLASS: Words = Words::new("行业类别", "Class of industry");
const LEVEL: Words = Words::new("费率档次", "Level of rate");
const DAYS: Words = Words::new("有效期", "True");
const RECORDED: Words = Words::new("记录于", "Recorded");
const FROM: Words = Words::new("来源", "From");
const SUPERSEDED: Words = Words::new("已更正", "superseded");
const DECLARED: Words = Words::new("近一年申报", "Declared in the last year");
const LINES: Words = Words::new("人数", "Persons");
const WAGES: Words = Words::new("工资合计", "Wages");
const BY: Words = Words::new("提交", "Sent by");
const NO_DECLARATION: Words = Words::new("近一年没有申报", "Nothing was declared in the last year");
const NO_DECLARATION_SAYS: Words =
    Words::new("单位提交后会出现在这里。", "What it hands in appears here.");
const RECEIVED: Words = Words::new("到账", "Received");
const RECEIPT: Words = Words::new("到账编号", "Receipt");
const BOOKED: Words = Words::new("入账日", "Booked");
const AMOUNT: Words = Words::new("金额", "Amount");
const REST: Words = Words::new("未分配", "Left");

/// An employer's page.
#[derive(Debug)]
pub(crate) struct EmployerPage {
    of: Registered,
    clerk: Clerk,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    clerk: Clerk,
    Path(employer): Path<String>,
) -> Result<Response, Problem> {
    let employer = employer.parse().ok().and_then(EmployerId::new);
    let employer = employer.ok_or_else(|| office::Error::from(Refusal::Unknown))?;
    let (asking, rooms) = (clerk.clone(), house.clone());
    let of = house
        .office(move |db| {
            let by = asking.name()?;
            let on = asking.visitor.today();
            let who = (asking.login(), employer);
            registered(db, who, (rooms.law(), on), asking.acting(&by))
        })
        .await?;
    let visitor = clerk.visitor.clone();
    Ok(shown(&EmployerPage { of, clerk }, &visitor))
}

impl EmployerPage {
    fn list(caption: Words, head: Vec<Head>, rows: Vec<Vec<Cell>>, lang: Lang) -> Markup {
        html! {
            h2 { (lang.say(caption)) }
            (table(&Table { caption: lang.say(caption).to_owned(), head, rows, foot: None }, lang))
        }
    }

    fn owed(&self, lang: Lang) -> Markup {
        let rows = self.of.owes.bills.iter().map(|open| {
            let month = format!("/counter/month/{}", open.bill.month);
            vec![
                html! { a href=(month) { (open.bill.month) } }.into(),
                open.bill.scheme.name(lang).into(),
                districts::name(open.bill.district, lang).into(),
                open.today.due.to_string().into(),
                open.today.days_late.to_string().into(),
                amount(open.today.principal, None, lang).into(),
                amount(open.today.fee, None, lang).into(),
                amount(open.fee_tomorrow, None, lang).into(),
            ]
        });
        if self.of.owes.bills.is_empty() {
            return html! {
                h2 { (lang.say(OWED)) }
                (empty(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } }))
            };
        }
        let head = vec![
            Head::words(lang.say(MONTH)),
            Head::words(lang.say(SCHEME)),
            Head::words(lang.say(DISTRICT)),
            Head::words(lang.say(DUE)),
            Head::numbers(lang.say(LATE)),
            Head::numbers(lang.say(DUES)),
            Head::numbers(lang.say(FEE)),
            Head::numbers(lang.say(TOMORROW)),
        ];
        EmployerPage::list(OWED, head, rows.collect(), lang)
    }

    fn facts(&self, lang: Lang) -> Markup {
        let rows = self.of.facts.iter().map(|(_, fact)| {
            vec![
                districts::name(fact.value.district, lang).into(),
                fact.value.industry_class.number().to_string().into(),
                fact.value.rate_level.code().to_string().into(),
                days(fact.valid, lang).into(),
                html! {
                    (clock(fact.recorded))
                    @if fact.superseded.is_some() { " " (tag(lang.say(SUPERSEDED), "stop")) }
                }
                .into(),
                origin(fact.origin, lang).into(),
            ]
        });
        let head = vec![
            Head::words(lang.say(DISTRICT)),
            Head::numbers(lang.say(CLASS)),
            Head::numbers(lang.say(LEVEL)),
            Head::words(lang.say(DAYS)),
            Head::words(lang.say(RECORDED)),
            Head::words(lang.say(FROM)),
        ];
        EmployerPage::list(REGISTERED, head, rows.collect(), lang)
    }

    fn declared(&self, lang: Lang) -> Markup {
        if self.of.declared.is_empty() {
            return html! {
                h2 { (lang.say(DECLARED)) }
                (empty(lang.say(NO_DECLARATION), html! { p { (lang.say(NO_DECLARATION_SAYS)) } }))
            };
        }
        let rows = self.of.declared.iter().map(|kept| {
            vec![
                kept.declaration.month.to_string().into(),
                kept.declaration.state.name(lang).into(),
                kept.lines.to_string().into(),
                amount(kept.wages, None, lang).into(),
                format!("{} · {}", kept.by, clock(kept.at)).into(),
            ]
        });
        let head = vec![
            Head::words(lang.say(MONTH)),
            Head::words(lang.pick("状态", "Standing")),
            Head::numbers(lang.say(LINES)),
            Head::numbers(lang.say(WAGES)),
            Head::words(lang.say(BY)),
        ];
        EmployerPage::list(DECLARED, head, rows.collect(), lang)
    }

    fn received(&self, lang: Lang) -> Markup {
        let rows: Vec<_> = self
            .of
            .received
            .iter()
            .map(|known| {
                let to = format!("/counter/receipts/{}", known.id);
                vec![
                    html! { a href=(to) { (known.id) } }.into(),
                    known.booked.to_string().into(),
                    amount(known.amount, None, lang).into(),
                    amount(known.rest, None, lang).into(),
                ]
            })
            .collect();
        html! {
            @if !rows.is_empty() {
                (EmployerPage::list(RECEIVED, vec![
                    Head::numbers(lang.say(RECEIPT)),
                    Head::words(lang.say(BOOKED)),
                    Head::numbers(lang.say(AMOUNT)),
                    Head::numbers(lang.say(REST)),
                ], rows, lang))
            }
        }
    }
}

impl Page for EmployerPage {
    fn title(&self, _: Lang) -> String {
        self.of.employer.name.clone()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/counter?for=employer", lang.say(COUNTER))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (today, tomorrow) = (&self.of.owes.outlook.today, &self.of.owes.outlook.tomorrow);
        let all = today
            .principal
            .checked_add(today.fee)
            .unwrap_or(today.principal);
        html! {
            (self.clerk.bar())
            ul class="figures" {
                li { span { (lang.say(TODAY)) } strong { (amount(all, None, lang)) } }
                li { span { (lang.say(TOMORROW)) } strong { (amount(tomorrow.fee, None, lang)) } }
                li { span { (lang.say(HELD)) } strong { (amount(self.of.owes.held, None, lang)) } }
            }
            (summary(&[
                (lang.say(CODE).to_owned(), html! { code { (self.of.employer.credit_code.as_str()) } }),
                (lang.say(NUMBER).to_owned(), html! { (self.of.employer.id) }),
            ]))
            (self.owed(lang))
            (self.facts(lang))
            (self.declared(lang))
            (self.received(lang))
        }
    }

    fn samples() -> Vec<EmployerPage> {
        let on = measure::Day::MAX;
        let owed = || city::collection::Owed {
            on,
            bills: Vec::new(),
            principal: measure::Fen(100),
            fee: measure::Fen(5),
        };
        let of = EmployerId::new(7).zip(measure::CreditCode::complete("91500000000000001").ok());
        let page = of.map(|(id, credit_code)| EmployerPage {
            of: Registered {
                employer: city::employers::Employer {
                    id,
                    credit_code,
                    name: "<script>alert(1)</script>渝中“甲”公司 & 子".into(),
                },
                facts: Vec::new(),
                owes: office::collect::owes::Owes {
                    payer: city::collection::Payer::Employer(id),
                    outlook: city::collection::Outlook {
                        today: owed(),
                        tomorrow: owed(),
                    },
                    bills: Vec::new(),
                    held: measure::Fen(0),
                },
                declared: Vec::new(),
                received: Vec::new(),
            },
            clerk: super::purpose::sample(),
        });
        page.into_iter().collect()
    }
}
