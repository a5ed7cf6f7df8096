//! What of the law speaks of something?

use super::item::{Thing, citations, link};
use super::{LIBRARY, Reading};
use crate::house::House;
use crate::look::components::{Field, Kind, empty, field, pages};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, page_asked, query};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use rules::law::Item;

const TITLE: Words = Words::new("查找法律", "Search the law");
const WHAT: Words = Words::new("查找", "Search for");
const GO: Words = Words::new("查找", "Find");
const FOUND: Words = Words::new("条结果", "results");
const NOTHING: Words = Words::new("没有找到", "Nothing was found");
const NOTHING_SAYS: Words = Words::new(
    "换一个说法，或用其中一个词：如“退休”“缴费基数”“late fee”。",
    "Try another word, or only one of them: such as “retirement”, “base”, “滞纳金”.",
);

/// So many results a page.
const A_PAGE: usize = 30;
/// So long may be what is looked for, in characters.
const LONGEST: usize = 100;

/// What was found.
#[derive(Debug)]
pub(crate) struct SearchPage {
    reading: Reading,
    asked: String,
    page: usize,
}

/// The form, with what was asked; beside it how its field and its button are called.
pub(crate) fn form(asked: &str, visitor: &Visitor, (label, button): (&str, &str)) -> Markup {
    let lang = visitor.lang;
    let field_of = Field {
        name: "q".into(),
        label: label.to_owned(),
        hint: None,
        kind: Kind::Search,
        value: asked.to_owned(),
        fault: None,
        optional: false,
    };
    html! {
        form class="row" method="get" action="/law/search" role="search" {
            (field(&field_of, lang))
            button class="button" { (button) }
        }
    }
}

/// Shows what was found.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &house.settings.jurisdiction, &uri, &visitor)?;
    let asked = query(&uri, "q").unwrap_or_default();
    let page = SearchPage {
        reading,
        asked: asked.trim().chars().take(LONGEST).collect(),
        page: page_asked(&uri),
    };
    Ok(shown(&page, &visitor))
}

impl SearchPage {
    /// What speaks of every word: those that have it in their name first.
    fn found(&self) -> Vec<Thing> {
        let words: Vec<String> = self
            .asked
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        if words.is_empty() {
            return Vec::new();
        }
        let law = self.reading.law();
        let rules = (0..law.rules.len()).map(|place| Thing::Rule(rules::law::RuleId::nth(place)));
        let figures =
            (0..law.figures.len()).map(|place| Thing::Figure(rules::law::FigureId::nth(place)));
        let ranked = rules.chain(figures).filter_map(|thing| {
            let names = thing.names(&self.reading);
            let name = format!(
                "{} {} {}",
                names.id,
                names.id.replace('-', " "),
                names.zh.as_deref().unwrap_or_default()
            )
            .to_lowercase();
            let clause = thing.clause(&self.reading);
            let [zh, en] = [&clause.zh, &clause.en]
                .map(|text| text.as_deref().unwrap_or_default().to_lowercase());
            let in_name = words.iter().all(|word| name.contains(word.as_str()));
            let anywhere = words.iter().all(|word| {
                [&name, &zh, &en]
                    .iter()
                    .any(|text| text.contains(word.as_str()))
            });
            anywhere.then_some((!in_name, names.id.len(), thing))
        });
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_by_key(|(not_in_name, length, _)| (*not_in_name, *length));
        ranked.into_iter().map(|(_, _, thing)| thing).collect()
    }
}

impl Page for SearchPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/law", lang.say(LIBRARY))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let found = self.found();
        let last = found.len().div_ceil(A_PAGE).max(1);
        let here = self.page.min(last);
        html! {
            (form(&self.asked, visitor, (lang.say(WHAT), lang.say(GO))))
            @if !self.asked.is_empty() {
                @if found.is_empty() {
                    (empty(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } }))
                } @else {
                    p class="quiet" role="status" { (found.len()) " " (lang.say(FOUND)) }
                    ul class="list" {
                        @for thing in found.iter().skip((here - 1) * A_PAGE).take(A_PAGE) {
                            li {
                                (link(*thing, &self.reading, lang))
                                p { (lang.text(thing.clause(&self.reading))) }
                                p class="small" {
                                    @match thing {
                                        Thing::Rule(id) => (citations(&self.reading, &self.reading.law()[*id].citations, lang)),
                                        Thing::Figure(id) => (citations(&self.reading, &self.reading.law()[*id].citations, lang)),
                                    }
                                }
                            }
                        }
                    }
                    (pages(&[("q", &self.asked)], "/law/search", (here, last), lang))
                }
            }
        }
    }

    fn samples() -> Vec<SearchPage> {
        let asked = ["", "due", "\"><script>alert(1)</script>"];
        let page = |asked: &str| SearchPage {
            reading: super::case::sample(),
            asked: asked.to_owned(),
            page: 1,
        };
        debug_assert!(matches!(
            super::case::sample().law().names.get("due"),
            Some(Item::Rule(_))
        ));
        asked.into_iter().map(page).collect()
    }
}
