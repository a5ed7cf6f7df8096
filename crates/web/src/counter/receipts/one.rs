//! One receipt, and whose it is.

use super::{
    ACCOUNT, AMOUNT, BOOKED, NOBODY, PAYER, RECEIPT, REST, ReceiptPage, STANDS, TITLE, UNDO, WHO,
    WHOSE, WRITTEN, sample,
};
use crate::counter::form::press;
use crate::counter::purpose::COUNTER;
use crate::counter::words::payer;
use crate::look::components::{amount, summary, tag};
use crate::page::{Crumb, Page};
use crate::visitor::Visitor;
use city::people::PersonId;
use maud::{Markup, html};
use measure::Words;
use office::collect::desk::{Receipt, Seen};
use rules::explain::Lang;

impl Page for ReceiptPage {
    fn title(&self, lang: Lang) -> String {
        format!("{} {}", lang.say(RECEIPT), self.of.receipt.id)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![
            Crumb::new("/counter", lang.say(COUNTER)),
            Crumb::new("/counter/receipts", lang.say(TITLE)),
        ]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let known = &self.of.receipt;
        let whose = match known.whose {
            Some(whose) => payer(whose, lang),
            None => tag(lang.say(NOBODY), "doubt"),
        };
        html! {
            (self.clerk.bar())
            (summary(&[
                (lang.say(BOOKED).to_owned(), html! { (known.booked) }),
                (lang.say(AMOUNT).to_owned(), amount(known.amount, None, lang)),
                (lang.say(REST).to_owned(), amount(known.rest, None, lang)),
                (lang.say(PAYER).to_owned(), html! { (known.payer) }),
                (lang.say(ACCOUNT).to_owned(), html! { (known.account.as_deref().unwrap_or("—")) }),
                (lang.say(WRITTEN).to_owned(), html! { (known.remittance) }),
                (lang.say(WHOSE).to_owned(), whose),
                (lang.say(STANDS).to_owned(), html! { (known.state.name(lang)) }),
            ]))
            (self.settled(lang))
            @if self.may_keep {
                @if known.whose.is_none() { (self.say(visitor)) }
                @else { (press(&format!("/counter/receipts/{}/undo", known.id), lang.say(UNDO), false, visitor)) }
            }
        }
    }

    fn samples() -> Vec<ReceiptPage> {
        let of = |may_keep, fault, whose| ReceiptPage {
            of: Seen {
                receipt: Receipt { whose, ..sample() },
                settled: Vec::new(),
            },
            may_keep,
            named: ("<b>8000".into(), String::new()),
            fault,
            clerk: crate::counter::purpose::sample(),
        };
        let fault = Words::new(WHO.zh.to_owned(), WHO.en.to_owned());
        let person = PersonId::new(1).map(city::collection::Payer::Person);
        vec![
            of(true, Some(fault), None),
            of(true, None, person),
            of(false, None, None),
        ]
    }
}
