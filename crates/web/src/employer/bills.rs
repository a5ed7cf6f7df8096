//! What is owed: today, tomorrow, bill by bill.

use super::{asked, home, on, ways};
use crate::house::House;
use crate::look::components::{
    Column, List, Listed, Rows, amount, button_link, empty, no_more, summary, tag, warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use city::collection::{Bill, BillId, Payer, reference};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::places::District;
use maud::{Markup, html};
use measure::{Day, Fen, Month, Words};
use office::collect::owes::{OpenBill, Owes};
use office::employer::bills::{Billed, billed};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("应缴", "What is owed");
const TODAY: Words = Words::new("今天缴清，共需", "To pay everything today");
const DUES: Words = Words::new("其中费款", "Of it dues");
const FEE: Words = Words::new("其中滞纳金", "Of it late fee");
const TOMORROW: Words = Words::new("明天缴清，滞纳金将为", "Tomorrow the late fee will be");
const HELD: Words = Words::new("已到账、尚未分配", "Received, not matched yet");
const UNSAID: Words = Words::new("今日应缴无法算出", "What is owed today cannot be said");
const BILLS: Words = Words::new("账单", "Bills");
const MONTH: Words = Words::new("月份", "Month");
const SCHEME: Words = Words::new("险种", "Scheme");
const AMOUNT: Words = Words::new("应缴", "Dues");
const OPEN: Words = Words::new("未缴", "Open");
const DUE: Words = Words::new("截止日", "Due");
const REFERENCE: Words = Words::new("缴费单号", "Reference");
const STANDS: Words = Words::new("状态", "How it stands");
const NONE: Words = Words::new("还没有账单", "There are no bills yet");
const NONE_SAYS: Words = Words::new(
    "申报的月份核定并发布后，每个险种一张账单，会出现在这里。",
    "When a declared month was assessed and published, there is a bill here for each scheme.",
);
const HOW: Words = Words::new(
    "转账时在附言写明缴费单号。点月份看每名职工的费额，以及滞纳金怎么算。",
    "Write the reference into the remittance when you pay. A month opens to each person's amounts, and to how the late fee comes out.",
);
const PARTS: Words = Words::new(
    "一时付不清？申请分期",
    "Cannot pay at once? Ask for instalments",
);

/// What is owed.
#[derive(Debug)]
pub(crate) struct BillsPage {
    billed: Billed,
    today: Day,
    listed: Listed,
}

async fn read(house: &House, visitor: &Visitor) -> Result<Billed, Problem> {
    let today = visitor.today();
    asked(house, visitor, move |db, asking| {
        billed(db, asking.applied.law, asking.login, today, asking.acting)
    })
    .await
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let page = BillsPage {
        billed: read(&house, &visitor).await?,
        today: visitor.today(),
        listed: Listed::read(&uri),
    };
    match page.listed.file {
        Some(ending) => page.list(visitor.lang).written(ending),
        None => Ok(shown(&page, &visitor)),
    }
}

/// Gives it as a file.
pub(crate) async fn taken_along(
    house: &House,
    visitor: &Visitor,
    (name, uri): (&str, &Uri),
) -> Result<Response, Problem> {
    let page = BillsPage {
        billed: read(house, visitor).await?,
        today: visitor.today(),
        listed: Listed::read(uri),
    };
    let (_, ending) = name.rsplit_once('.').unwrap_or_default();
    page.list(visitor.lang).written(ending)
}

fn open_on<'b>(billed: &'b Billed, bill: &Bill) -> Option<&'b OpenBill> {
    let owes = billed.owes.as_ref().ok()?;
    owes.bills.iter().find(|open| open.bill.id == bill.id)
}

/// What is open of a bill's dues.
pub(super) fn left(bill: &Bill) -> Fen {
    bill.open().unwrap_or(bill.principal)
}

/// How a bill stands, in a word, and of which kind that is.
fn stands(bill: &Bill, today: Day, lang: Lang) -> (&'static str, &'static str) {
    match left(bill) {
        left if left <= Fen::ZERO => (lang.pick("已缴清", "paid"), "good"),
        _ if bill.due < today => (lang.pick("逾期", "overdue"), "stop"),
        _ => (lang.pick("待缴", "open"), "doubt"),
    }
}

/// How a bill stands, in a word.
pub(super) fn standing(bill: &Bill, today: Day, lang: Lang) -> Markup {
    let (word, kind) = stands(bill, today, lang);
    tag(word, kind)
}

fn owed(owes: &Owes, lang: Lang) -> Markup {
    let (today, tomorrow) = (&owes.outlook.today, &owes.outlook.tomorrow);
    let all = Fen(today.principal.0.saturating_add(today.fee.0));
    summary(&[
        (
            lang.say(TODAY).to_owned(),
            html! { strong { (amount(all, None, lang)) } },
        ),
        (
            lang.say(DUES).to_owned(),
            amount(today.principal, None, lang),
        ),
        (lang.say(FEE).to_owned(), amount(today.fee, None, lang)),
        (
            lang.say(TOMORROW).to_owned(),
            amount(tomorrow.fee, None, lang),
        ),
        (
            lang.say(HELD).to_owned(),
            amount(owes.held, Some("/employer/payments"), lang),
        ),
    ])
}

fn to(bill: &Bill) -> String {
    format!("/employer/bills/{}", bill.id)
}

impl BillsPage {
    fn fee(&self, bill: &Bill) -> Fen {
        open_on(&self.billed, bill).map_or(Fen::ZERO, |open| open.today.fee)
    }

    fn list(&self, lang: Lang) -> List<'_, Bill> {
        let money = |fen: Fen| Written::Yuan(fen.0);
        List {
            caption: lang.say(BILLS).to_owned(),
            name: "bills".into(),
            path: "/employer/bills".into(),
            keep: Vec::new(),
            columns: vec![
                Column::words("month", lang.say(MONTH), |bill: &Bill| {
                    bill.month.to_string().into()
                })
                .shown(|bill: &Bill| html! { a href=(to(bill)) { (on(bill.month)) } }),
                Column::words("scheme", lang.say(SCHEME), move |bill: &Bill| {
                    bill.scheme.name(lang).into()
                }),
                Column::numbers("dues", lang.say(AMOUNT), move |bill: &Bill| {
                    money(bill.principal)
                })
                .shown(move |bill: &Bill| amount(bill.principal, Some(&to(bill)), lang)),
                Column::numbers("open", lang.say(OPEN), move |bill: &Bill| money(left(bill)))
                    .shown(move |bill: &Bill| amount(left(bill), None, lang)),
                Column::numbers("fee", lang.say(FEE), move |bill: &Bill| {
                    money(self.fee(bill))
                })
                .shown(move |bill: &Bill| {
                    amount(self.fee(bill), Some(&format!("{}#fee", to(bill))), lang)
                }),
                Column::words("due", lang.say(DUE), |bill: &Bill| {
                    bill.due.to_string().into()
                })
                .shown(|bill: &Bill| on(bill.due)),
                Column::words("stands", lang.say(STANDS), move |bill: &Bill| {
                    stands(bill, self.today, lang).0.into()
                })
                .shown(move |bill: &Bill| standing(bill, self.today, lang)),
                Column::words("reference", lang.say(REFERENCE), |bill: &Bill| {
                    reference(bill.id).into()
                })
                .shown(|bill: &Bill| html! { code { (reference(bill.id)) } }),
            ],
            rows: &self.billed.bills,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }
}

impl Page for BillsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            (ways("/employer/bills", lang))
            @match &self.billed.owes {
                Ok(owes) => (owed(owes, lang)),
                Err(error) => (warning(lang.say(UNSAID), html! {
                    p { (error.message(lang)) }
                    p class="quiet" { (error.remedy(lang)) " " code { (error.code()) } }
                })),
            }
            @if self.billed.bills.is_empty() {
                (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } }))
            } @else {
                p { (button_link("/employer/instalments", lang.say(PARTS))) }
                p { (lang.say(HOW)) }
                (self.list(lang).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<BillsPage> {
        let page = |bills: Vec<Bill>| BillsPage {
            billed: Billed {
                owes: Err(office::permit::Refusal::Unknown.into()),
                bills,
            },
            today: Day::parse("2025-09-08").unwrap_or(Day::MAX),
            listed: Listed::default(),
        };
        vec![page(vec![sample(), sample()]), page(Vec::new())]
    }
}

/// A bill for samples.
pub(super) fn sample() -> Bill {
    Bill {
        id: BillId::new(31).expect("31 is a number"),
        payer: Payer::Employer(EmployerId::new(7).expect("7 is a number")),
        scheme: Scheme::EmployeePension,
        district: District::new(500_103).expect("it is a district"),
        month: Month::parse("2025-07").unwrap_or(Month::MAX),
        due: Day::parse("2025-08-25").unwrap_or(Day::MAX),
        principal: Fen(4_321_000),
        accounts: Fen(1_440_333),
        settled: Vec::new(),
    }
}
