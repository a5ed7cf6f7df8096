//! What did we pay, and what did it settle?

use super::{asked, home, on, ways};
use crate::house::House;
use crate::look::components::{
    Column, List, Listed, Rows, amount, button_link, empty, no_more, notice, tag,
};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use city::collection::{ReceiptId, ReceiptState};
use maud::{Markup, html};
use measure::{Day, Fen, Words};
use office::employer::payments::{Payment, Received, payments};
use office::tables::Written;
use rules::explain::Lang;

const TITLE: Words = Words::new("缴款", "Payments");
const NONE: Words = Words::new("还没有收到您的缴款", "No payment of yours has arrived yet");
const NONE_SAYS: Words = Words::new(
    "转账时在附言写明账单上的缴费单号，款项到账后自动对上。未写明的，可能在经办窗口等待认领。",
    "Write the bill's reference into the remittance: then the money finds its bill by itself. Without it, it may be waiting at the counter for somebody to say whose it is.",
);
const NUMBER: Words = Words::new("到账", "Receipt");
const BOOKED: Words = Words::new("到账日", "Booked");
const AMOUNT: Words = Words::new("金额", "Amount");
const TEXT: Words = Words::new("附言", "Remittance");
const SETTLED: Words = Words::new("用于", "It settled");
const REST: Words = Words::new("未分配", "Not matched");
const HELD: Words = Words::new("有款项尚未分配", "Money that has settled nothing yet");
const HELD_SAYS: Words = Words::new(
    "下一次分配时，它会按法定次序抵缴您的账单；多缴的可以在经办窗口申请退回。",
    "The next allocation settles your bills with it, in the lawful order; what is too much can be asked back at the counter.",
);

/// What was paid.
#[derive(Debug)]
pub(crate) struct PaymentsPage {
    payments: Vec<Payment>,
    listed: Listed,
}

async fn read(house: &House, visitor: &Visitor) -> Result<Vec<Payment>, Problem> {
    asked(house, visitor, |db, asking| {
        payments(db, asking.login, asking.acting)
    })
    .await
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let page = PaymentsPage {
        payments: read(&house, &visitor).await?,
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
    let page = PaymentsPage {
        payments: read(house, visitor).await?,
        listed: Listed::read(uri),
    };
    let (_, ending) = name.rsplit_once('.').unwrap_or_default();
    page.list(visitor.lang).written(ending)
}

/// What it settled, as a file has it.
fn settled_in_words(payment: &Payment, lang: Lang) -> String {
    let each = payment.settled.iter().map(|(made, bill)| {
        let month = bill.as_ref().map(|bill| format!("{} ", bill.month));
        let sum = Fen(made.principal.0.saturating_add(made.fee.0));
        format!(
            "{}{} {sum}",
            month.unwrap_or_default(),
            made.scheme.name(lang)
        )
    });
    each.collect::<Vec<_>>().join("; ")
}

impl PaymentsPage {
    fn list(&self, lang: Lang) -> List<'_, Payment> {
        let rest = move |payment: &Payment| match payment.receipt.rest {
            Fen::ZERO => tag(lang.pick("已分配", "matched"), "good"),
            rest => amount(rest, None, lang),
        };
        List {
            caption: lang.say(TITLE).to_owned(),
            name: "payments".into(),
            path: "/employer/payments".into(),
            keep: Vec::new(),
            columns: vec![
                Column::numbers("receipt", lang.say(NUMBER), |payment: &Payment| {
                    Written::Count(payment.receipt.id.number())
                }),
                Column::words("booked", lang.say(BOOKED), |payment: &Payment| {
                    payment.receipt.booked.to_string().into()
                })
                .shown(|payment: &Payment| on(payment.receipt.booked)),
                Column::numbers("amount", lang.say(AMOUNT), |payment: &Payment| {
                    Written::Yuan(payment.receipt.amount.0)
                })
                .shown(move |payment: &Payment| amount(payment.receipt.amount, None, lang)),
                Column::words("text", lang.say(TEXT), |payment: &Payment| {
                    payment.receipt.remittance.as_str().into()
                }),
                Column::words("settled", lang.say(SETTLED), move |payment: &Payment| {
                    settled_in_words(payment, lang).into()
                })
                .shown(move |payment: &Payment| settled(payment, lang))
                .unsorted(),
                Column::numbers("rest", lang.say(REST), |payment: &Payment| {
                    Written::Yuan(payment.receipt.rest.0)
                })
                .shown(rest),
            ],
            rows: &self.payments,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }
}

fn settled(payment: &Payment, lang: Lang) -> Markup {
    html! {
        @if payment.settled.is_empty() { span class="quiet" { "—" } }
        @for (made, bill) in &payment.settled {
            @let sum = Fen(made.principal.0.saturating_add(made.fee.0));
            div {
                a href=(format!("/employer/bills/{}", made.bill)) {
                    @if let Some(bill) = bill { (bill.month) " " }
                    (made.scheme.name(lang))
                }
                " " (amount(sum, None, lang))
                @if made.fee != Fen::ZERO {
                    span class="quiet" { " " (lang.pick("其中滞纳金", "of it late fee")) " " (amount(made.fee, None, lang)) }
                }
            }
        }
    }
}

impl Page for PaymentsPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        home(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let held = self
            .payments
            .iter()
            .any(|payment| payment.receipt.rest != Fen::ZERO);
        html! {
            (ways("/employer/payments", lang))
            @if self.payments.is_empty() {
                (empty(lang.say(NONE), html! {
                    p { (lang.say(NONE_SAYS)) }
                    p { (button_link("/employer/bills", lang.pick("看账单和缴费单号", "See the bills and their references"))) }
                }))
            } @else {
                @if held { (notice(lang.say(HELD), html! { p { (lang.say(HELD_SAYS)) } })) }
                (self.list(lang).on_page(lang))
            }
        }
    }

    fn samples() -> Vec<PaymentsPage> {
        let payment = |rest: i64| Payment {
            receipt: Received {
                id: ReceiptId::new(4).expect("4 is a number"),
                booked: Day::parse("2025-09-08").unwrap_or(Day::MAX),
                amount: Fen(1_234_500),
                payer: "甲".to_owned(),
                account: None,
                remittance: "<script>alert(1)</script>".to_owned(),
                state: ReceiptState::TakenIn,
                rest: Fen(rest),
                whose: None,
            },
            settled: Vec::new(),
        };
        let page = |payments| PaymentsPage {
            payments,
            listed: Listed::default(),
        };
        vec![page(vec![payment(0), payment(1_234_500)]), page(Vec::new())]
    }
}
