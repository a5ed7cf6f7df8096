//! What a bill has for one person: which base, which rates, by which articles, under the law of the run.

use super::receipt::unknown;
use super::{asked, home, ways};
use crate::house::House;
use crate::look::components::{amount, summary};
use crate::page::{Crumb, Page, shown};
use crate::person::month::{Opened, open, parts_of};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::response::Response;
use city::collection::{Bill, BillId};
use city::people::PersonId;
use maud::{Markup, html};
use measure::Words;
use office::account::months::Share;
use office::employer::bills::{Line, line};
use rules::explain::Lang;

const BASE: Words = Words::new("缴费基数", "Base");
const NAME: Words = Words::new("姓名", "Name");
const EMPLOYER: Words = Words::new("单位缴费", "Employer's share");
const PERSON: Words = Words::new("个人缴费", "Own share");

/// A person's line of a bill.
#[derive(Debug)]
pub(crate) struct LinePage {
    bill: Bill,
    line: Line,
    opened: Vec<Opened>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path((bill, person)): Path<(i64, i64)>,
) -> Result<Response, Problem> {
    let id = BillId::new(bill).zip(PersonId::new(person));
    let id = id.ok_or_else(unknown)?;
    let (bill, line, parts) = asked(&house, &visitor, move |db, asking| {
        line(db, asking.with(), id, asking.acting)
    })
    .await?;
    let mut opened = Vec::new();
    for part in parts.iter().filter(|part| part.share != Share::Credit) {
        let book = house.law_of(&part.opens.law).await?;
        let jurisdiction = &house.settings.jurisdiction;
        opened.push(open(part, book.as_ref(), jurisdiction, visitor.lang));
    }
    Ok(shown(&LinePage { bill, line, opened }, &visitor))
}

impl Page for LinePage {
    fn title(&self, lang: Lang) -> String {
        let bill = &self.bill;
        format!(
            "{} · {} · {}",
            self.line.name,
            bill.month,
            bill.scheme.name(lang)
        )
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let mut trail = home(lang);
        let name = format!("{} · {}", self.bill.month, self.bill.scheme.name(lang));
        trail.push(Crumb::new(
            format!("/employer/bills/{}", self.bill.id),
            name,
        ));
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let due = &self.line.due;
        html! {
            (ways("/employer/bills", lang))
            (summary(&[
                (lang.say(NAME).to_owned(), html! { (self.line.name) }),
                (lang.say(BASE).to_owned(), amount(due.base, None, lang)),
                (lang.say(EMPLOYER).to_owned(), amount(due.employer_due, None, lang)),
                (lang.say(PERSON).to_owned(), amount(due.person_due, None, lang)),
            ]))
            (parts_of(&self.opened, (1, None), lang))
        }
    }

    fn samples() -> Vec<LinePage> {
        let due = super::bill::sample_due();
        let opened = |share, is_kept| Opened {
            share,
            amount: due.person_due,
            why: None,
            is_kept,
        };
        vec![LinePage {
            bill: super::bills::sample(),
            line: Line {
                name: "<script>alert(1)</script>".to_owned(),
                due,
            },
            opened: vec![opened(Share::Employer, true), opened(Share::Person, false)],
        }]
    }
}
