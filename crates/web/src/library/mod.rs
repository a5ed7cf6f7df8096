//! The law library, open to all: what the law says, how surely it is known, since when, and what it comes to.
//!
//! Nothing here is written about the law: all of it is read from the checked law and its texts. A day in the address, `?on=`,
//! says whose law is shown; without it today's.

pub(crate) mod index;
pub(crate) mod source;
pub(crate) mod rule;
pub(crate) mod figure;
pub(crate) mod search;
pub(crate) mod unconfirmed;
pub(crate) mod whatif;
mod case;
mod item;
#[cfg(test)]
mod tests;

use crate::house::House;
use crate::look::components::{Field, Kind, field};
use crate::look::links::{encoded, pairs};
use crate::page::Crumb;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::http::Uri;
use maud::{Markup, html};
use measure::{Day, Words};
use rules::check::Book;
use rules::diagnostic::Span;
use rules::explain::Lang;
use rules::law::{Law, Names};
use std::sync::Arc;

const LIBRARY: Words = Words::new("法律库", "Law library");
const AS_OF: Words = Words::new("适用日", "Law of");
const SHOW: Words = Words::new("查看", "Show");

/// A law of the library as of a day.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    book: Arc<Book>,
    jurisdiction: String,
    /// The day whose law is read.
    on: Day,
    /// Whether the reader chose it.
    chosen: bool,
}

impl Reading {
    /// The law of a jurisdiction as the address asks for it.
    fn of(
        house: &House,
        jurisdiction: &str,
        uri: &Uri,
        visitor: &Visitor,
    ) -> Result<Reading, Problem> {
        if house.book.law(jurisdiction).is_none() {
            return Err(Problem::no_page());
        }
        let asked = pairs(uri.query().unwrap_or_default()).into_iter();
        let mut asked = asked.filter(|(key, value)| key == "on" && !value.trim().is_empty());
        let asked = asked.next().map(|(_, value)| Day::parse(value.trim()));
        let asked = asked.transpose().map_err(|_| Problem::unreadable())?;
        Ok(Reading {
            book: house.book.clone(),
            jurisdiction: jurisdiction.to_owned(),
            on: asked.unwrap_or_else(|| visitor.today()),
            chosen: asked.is_some(),
        })
    }

    fn law(&self) -> &Law {
        self.book
            .law(&self.jurisdiction)
            .expect("a reading is of a jurisdiction there is")
    }

    /// Where this law's pages lie.
    fn base(&self) -> String {
        format!("/law/{}", self.jurisdiction)
    }

    /// The address of one of its pages, on the same day.
    fn to(&self, rest: &str) -> String {
        let base = self.base();
        if self.chosen {
            format!("{base}/{rest}?on={}", self.on)
        } else {
            format!("{base}/{rest}")
        }
    }

    fn to_rule(&self, id: &str) -> String {
        self.to(&format!("rule/{}", encoded(id)))
    }

    fn to_figure(&self, id: &str) -> String {
        self.to(&format!("figure/{}", encoded(id)))
    }

    /// The title of the jurisdiction.
    fn title(&self, lang: Lang) -> &str {
        let last = self.law().chain.last();
        last.map_or("", |last| lang.text(&last.title))
    }

    /// The way to its pages.
    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![
            Crumb::new("/law", lang.say(LIBRARY)),
            Crumb::new(
                format!("/law#{}", self.jurisdiction),
                self.title(lang).to_owned(),
            ),
        ]
    }

    /// Whether something is in force on the day.
    fn in_force(&self, from: Option<Day>, until: Option<Day>) -> bool {
        from.is_none_or(|from| from <= self.on) && until.is_none_or(|until| self.on <= until)
    }

    /// The text of an item in the law: the line it begins with and all that is indented below it.
    fn text(&self, span: Span) -> &str {
        text_of(&self.book, span)
    }

    /// A form that shows the page on another day.
    fn day_form(&self, action: &str, lang: Lang) -> Markup {
        let day = Field {
            name: "on".into(),
            label: lang.say(AS_OF).into(),
            hint: None,
            kind: Kind::Day,
            value: self.on.to_string(),
            fault: None,
            optional: false,
        };
        html! {
            form class="row" method="get" action=(action) {
                (field(&day, lang))
                button class="button second" { (lang.say(SHOW)) }
            }
        }
    }
}

/// An item's name as a title.
fn titled(names: &Names, lang: Lang) -> String {
    let name = lang.name(names);
    let mut signs = name.chars();
    let first = signs.next().into_iter().flat_map(char::to_uppercase);
    first.chain(signs).collect()
}

/// A period in words: since when, and until when if that is known.
fn period(from: Option<Day>, until: Option<Day>, lang: Lang) -> String {
    let (from, until) = (
        from.map(|day| day.to_string()),
        until.map(|day| day.to_string()),
    );
    match (from, until) {
        (Some(from), Some(until)) => {
            lang.pick(format!("{from} 至 {until}"), format!("{from} to {until}"))
        }
        (Some(from), None) => lang.pick(format!("自 {from} 起"), format!("since {from}")),
        (None, Some(until)) => lang.pick(format!("至 {until} 止"), format!("until {until}")),
        (None, None) => lang.pick("一直", "always").to_owned(),
    }
}

/// The text of an item in the law: the line it begins with and all that is indented below it.
pub(crate) fn text_of(book: &Book, span: Span) -> &str {
    let file = book.files.get(span.file as usize);
    let text = file.map_or("", |file| file.text.as_str());
    let start = text.get(..span.start as usize).map_or(0, |before| {
        before.rfind('\n').map_or(0, |newline| newline + 1)
    });
    let rest = text.get(start..).unwrap_or_default();
    let mut end = 0;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        let belongs = number == 0 || line.starts_with(' ') || line.trim().is_empty();
        if !belongs {
            break;
        }
        end += line.len();
    }
    rest.get(..end).unwrap_or(rest).trim_end()
}
