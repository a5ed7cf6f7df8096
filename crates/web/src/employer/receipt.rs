//! What was handed in: its number, to be kept; and how it is taken back.

use super::{asked, at, file_name, home, month_name, ways};
use crate::house::House;
use crate::look::components::{
    amount, button, button_link, hidden, notice, submit, summary, tag, warning,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, query};
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use city::declarations::{Declaration, DeclarationId, State as Stands};
use maud::{Markup, html};
use measure::{Fen, Moment, Month, Words};
use office::employer::declared::{Kept, Receipt, receipt, withdraw};
use rules::explain::Lang;

const NUMBER: Words = Words::new("申报编号", "Number");
const MONTH: Words = Words::new("月份", "Month");
const STANDS: Words = Words::new("状态", "How it stands");
const FILE: Words = Words::new("文件", "File");
const ROWS: Words = Words::new("行数", "Rows");
const WAGES: Words = Words::new("工资合计", "Wages");
const BY: Words = Words::new("经办", "By");
const AT: Words = Words::new("时间", "When");
const AMENDS: Words = Words::new("更正的申报", "It amends");
const TAKEN: Words = Words::new("已受理", "It is recorded");
const TAKEN_SAYS: Words = Words::new(
    "请记下申报编号，或打印本页。核定后可在“应缴”看到账单。",
    "Note the number, or print this page. After the assessment the bill stands under “What is owed”.",
);
const WITHDRAW: Words = Words::new("撤销这份申报", "Take it back");
const WITHDRAW_SAYS: Words = Words::new(
    "撤销后，它所记录的增减和工资变更全部恢复原样；被它更正的那一份重新有效。",
    "Everything it recorded is again as it was before, and the declaration it amended stands again.",
);
const SURE: Words = Words::new("确实要撤销吗", "Take it back?");
const YES: Words = Words::new("确认撤销", "Yes, take it back");
const NO: Words = Words::new("不撤销", "No, leave it");
const OTHERS: Words = Words::new(
    "另有变更的未恢复",
    "Some was changed since and is left as it is",
);
const NEXT: Words = Words::new("回到概览", "Back to the overview");

/// What was handed in.
#[derive(Debug)]
pub(crate) struct ReceiptPage {
    receipt: Receipt,
    is_new: bool,
    left: u32,
}

/// The question before it is taken back.
#[derive(Debug)]
pub(crate) struct WithdrawPage {
    receipt: Receipt,
}

async fn read(house: &House, visitor: &Visitor, id: i64) -> Result<Receipt, Problem> {
    let id = DeclarationId::new(id).ok_or_else(unknown)?;
    asked(house, visitor, move |db, asking| {
        receipt(db, asking.login, id, asking.acting)
    })
    .await
}

/// As if there were none.
pub(super) fn unknown() -> Problem {
    office::Error::from(office::permit::Refusal::Unknown).into()
}

/// Shows what was handed in.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path(id): Path<i64>,
    uri: Uri,
) -> Result<Response, Problem> {
    let receipt = read(&house, &visitor, id).await?;
    let left = query(&uri, "left").and_then(|text| text.parse().ok());
    let page = ReceiptPage {
        receipt,
        is_new: query(&uri, "done").is_some(),
        left: left.unwrap_or(0),
    };
    Ok(shown(&page, &visitor))
}

/// Asks whether it shall be taken back.
pub(crate) async fn question(
    State(house): State<House>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let receipt = read(&house, &visitor, id).await?;
    Ok(shown(&WithdrawPage { receipt }, &visitor))
}

/// Takes it back.
pub(crate) async fn take_back(
    State(house): State<House>,
    visitor: Visitor,
    Path(id): Path<i64>,
) -> Result<Response, Problem> {
    let declaration = DeclarationId::new(id).ok_or_else(unknown)?;
    let left = asked(&house, &visitor, move |db, asking| {
        withdraw(db, asking.login, declaration, asking.acting)
    })
    .await?;
    let left = match left {
        0 => String::new(),
        left => format!("?left={left}"),
    };
    Ok(Redirect::to(&format!("/employer/declarations/{id}{left}")).into_response())
}

fn facts(receipt: &Receipt, lang: Lang) -> Markup {
    let kept = &receipt.kept;
    let declaration = &kept.declaration;
    let kind = match declaration.state {
        Stands::Accepted => "good",
        Stands::Superseded => "",
        Stands::Undone => "stop",
    };
    let mut rows = vec![
        (
            lang.say(NUMBER).to_owned(),
            html! { strong { (declaration.id) } },
        ),
        (
            lang.say(MONTH).to_owned(),
            html! { (month_name(declaration.month, lang)) },
        ),
        (
            lang.say(STANDS).to_owned(),
            tag(declaration.state.name(lang), kind),
        ),
        (
            lang.say(FILE).to_owned(),
            html! { (file_name(receipt.file.as_deref().unwrap_or("—"), lang)) },
        ),
        (lang.say(ROWS).to_owned(), html! { (kept.lines) }),
        (lang.say(WAGES).to_owned(), amount(kept.wages, None, lang)),
        (lang.say(BY).to_owned(), html! { (kept.by) }),
        (lang.say(AT).to_owned(), html! { (at(kept.at)) }),
    ];
    if let Some(earlier) = declaration.supersedes {
        let to = format!("/employer/declarations/{earlier}");
        rows.push((
            lang.say(AMENDS).to_owned(),
            html! { a href=(to) { (earlier) } },
        ));
    }
    summary(&rows)
}

fn title(receipt: &Receipt, lang: Lang) -> String {
    let name = month_name(receipt.kept.declaration.month, lang);
    lang.pick(format!("{name}申报回执"), format!("Receipt of {name}"))
}

impl Page for ReceiptPage {
    fn title(&self, lang: Lang) -> String {
        title(&self.receipt, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let declaration = &self.receipt.kept.declaration;
        html! {
            (ways("/employer/declare", lang))
            @if self.is_new && declaration.state == Stands::Accepted {
                (notice(lang.say(TAKEN), html! { p { (lang.say(TAKEN_SAYS)) } }))
            }
            @if 0 < self.left {
                (warning(lang.say(OTHERS), html! { p { (lang.pick(format!("{} 人", self.left), format!("{} persons", self.left))) } }))
            }
            (facts(&self.receipt, lang))
            div class="row" {
                (button("/employer", lang.say(NEXT)))
                @if declaration.state == Stands::Accepted {
                    (button_link(&format!("/employer/declarations/{}/withdraw", declaration.id), lang.say(WITHDRAW)))
                }
            }
        }
    }

    fn samples() -> Vec<ReceiptPage> {
        [(Stands::Accepted, true, 0), (Stands::Undone, false, 2)]
            .map(|(state, is_new, left)| ReceiptPage {
                receipt: sample(state),
                is_new,
                left,
            })
            .into()
    }
}

impl Page for WithdrawPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(SURE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let id = self.receipt.kept.declaration.id;
        let mut trail = home(lang);
        trail.push(Crumb::new(
            format!("/employer/declarations/{id}"),
            title(&self.receipt, lang),
        ));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let id = self.receipt.kept.declaration.id;
        html! {
            (warning(lang.say(WITHDRAW), html! { p { (lang.say(WITHDRAW_SAYS)) } }))
            (facts(&self.receipt, lang))
            form method="post" action=(format!("/employer/declarations/{id}/withdraw")) {
                (hidden("csrf", &visitor.csrf()))
                div class="row" { (submit(lang.say(YES))) (button_link(&format!("/employer/declarations/{id}"), lang.say(NO))) }
            }
        }
    }

    fn samples() -> Vec<WithdrawPage> {
        vec![WithdrawPage {
            receipt: sample(Stands::Accepted),
        }]
    }
}

fn sample(state: Stands) -> Receipt {
    let id = |number| DeclarationId::new(number).expect("it is a number");
    Receipt {
        kept: Kept {
            declaration: Declaration {
                id: id(12),
                employer: city::employers::EmployerId::new(7).expect("7 is a number"),
                month: Month::parse("2025-09").unwrap_or(Month::MAX),
                state,
                file_hash: [0; 32],
                supersedes: Some(id(11)),
            },
            lines: 42,
            wages: Fen(31_415_926),
            by: city::actors::Actor::new("li").expect("it is a login"),
            at: Moment::from_microseconds(1_757_300_000_000_000),
        },
        file: Some("<b>8000.csv".to_owned()),
    }
}
