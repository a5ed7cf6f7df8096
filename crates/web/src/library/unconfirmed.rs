//! All that is not confirmed, with why.

use super::item::{Thing, evidence, link};
use super::{LIBRARY, Reading, period};
use crate::house::House;
use crate::look::components::{empty, pages};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::{Visitor, page_asked};
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use rules::listing::{doubts, items};

const TITLE: Words = Words::new("未确证的内容", "What is not confirmed");
const LEAD: Words = Words::new(
    "下面的规则和数值还没有在官方出处核对到，或者尚未查到。凡是用到它们的结果都带有标记。",
    "These rules and figures were not yet seen at an official source, or are not known. Every result that uses one carries its mark.",
);
const NONE: Words = Words::new("全部已确证", "All is confirmed");
const NONE_SAYS: Words = Words::new(
    "适用日的法律没有未确证的内容。",
    "In the law of the day nothing is unconfirmed.",
);

/// So many a page.
const A_PAGE: usize = 40;

/// The list.
#[derive(Debug)]
pub(crate) struct UnconfirmedPage {
    reading: Reading,
    page: usize,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let page = UnconfirmedPage {
        reading: Reading::of(&house, &house.settings.jurisdiction, &uri, &visitor)?,
        page: page_asked(&uri),
    };
    Ok(shown(&page, &visitor))
}

impl Page for UnconfirmedPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(TITLE).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        vec![Crumb::new("/law", lang.say(LIBRARY))]
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let (law, on) = (self.reading.law(), Some(self.reading.on));
        let all = items(law, on).into_iter();
        let doubtful: Vec<_> = all.filter(|listed| listed.standing.is_doubtful()).collect();
        let last = doubtful.len().div_ceil(A_PAGE).max(1);
        let here = self.page.min(last);
        let day = self.reading.on.to_string();
        html! {
            p { (lang.say(LEAD)) }
            (self.reading.day_form("/law/unconfirmed", lang))
            @if doubtful.is_empty() { (empty(lang.say(NONE), html! { p { (lang.say(NONE_SAYS)) } })) }
            ul class="list" {
                @for listed in doubtful.iter().skip((here - 1) * A_PAGE).take(A_PAGE) {
                    li {
                        @if let Some(thing) = Thing::of(listed.item) { (link(thing, &self.reading, lang)) }
                        @for doubt in doubts(law, listed.item, on).iter().take(4) {
                            p class="small" { (period(doubt.from, doubt.until, lang)) " · " (evidence(doubt.mark, lang)) }
                        }
                    }
                }
            }
            (pages(&[("on", &day)], "/law/unconfirmed", (here, last), lang))
        }
    }

    fn samples() -> Vec<UnconfirmedPage> {
        vec![UnconfirmedPage {
            reading: super::case::sample(),
            page: 1,
        }]
    }
}
