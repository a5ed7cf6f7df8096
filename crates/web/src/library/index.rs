//! All of the law: jurisdictions, their subjects, their sources.

use super::{LIBRARY, Reading, search};
use crate::house::House;
use crate::look::components::button_link;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use std::collections::BTreeMap;

const LEAD: Words = Words::new(
    "这里是计算所依据的全部条文。每条规则都能看原文、出处和历史，并用您自己的数字试算。看的人不留记录。",
    "All the law that anything here is computed by. Each rule shows its text, source and history, and can be tried with your own numbers. Nobody notes what you read.",
);
const FIND: Words = Words::new("在法律库中查找", "Search the library");
const GO: Words = Words::new("查找", "Find");
const DOUBTS: Words = Words::new("看全部未确证的内容", "See all that is not confirmed");
const WHAT_IF: Words = Words::new("试改法律：谁多谁少", "What if the law were another?");
const RULES: Words = Words::new("条规则", "rules");

/// What the folders of the law are called. Where a folder has no name here, its own is shown.
const SUBJECTS: [(&str, Words); 7] = [
    ("collection", Words::new("申报与征缴", "Collection")),
    ("injury", Words::new("工伤保险", "Work injury")),
    ("labour", Words::new("劳动关系", "Labour")),
    ("pension", Words::new("养老保险", "Pensions")),
    ("retirement", Words::new("退休", "Retirement")),
    ("unemployment", Words::new("失业保险", "Unemployment")),
    ("", Words::new("通用", "In general")),
];

pub(super) fn subject(folder: &str, lang: Lang) -> String {
    let known = SUBJECTS.iter().find(|(known, _)| *known == folder);
    known.map_or_else(
        || folder.to_owned(),
        |(_, words)| lang.say(*words).to_owned(),
    )
}

/// The library's first page.
#[derive(Debug)]
pub(crate) struct IndexPage {
    /// The jurisdiction under whose law the city lives.
    city: String,
    readings: Vec<Reading>,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    uri: Uri,
) -> Result<Response, Problem> {
    let jurisdictions = house.book.jurisdictions();
    let readings = jurisdictions
        .map(|jurisdiction| Reading::of(&house, jurisdiction, &uri, &visitor))
        .collect::<Result<_, _>>()?;
    let city = house.settings.jurisdiction.clone();
    Ok(shown(&IndexPage { city, readings }, &visitor))
}

impl IndexPage {
    fn jurisdiction(reading: &Reading, lang: Lang) -> Markup {
        let law = reading.law();
        let own = law.chain.len() - 1;
        let mut subjects: BTreeMap<&str, Vec<&rules::law::Source>> = BTreeMap::new();
        for source in law
            .sources
            .iter()
            .filter(|source| source.jurisdiction == own)
        {
            let file = &reading.book.files[source.span.file as usize];
            let mut parts = file.path.split('/').skip(1);
            let folder = parts.next().filter(|_| parts.next().is_some());
            subjects
                .entry(folder.unwrap_or_default())
                .or_default()
                .push(source);
        }
        let rules_of = |source: &rules::law::Source| {
            let rules = law.rules.iter();
            rules
                .filter(|rule| {
                    let mut cites = rule.citations.iter();
                    cites.any(|cites| law[cites.source].id == source.id)
                })
                .count()
        };
        html! {
            section class="article" id=(reading.jurisdiction) {
                h2 { (reading.title(lang)) " " span class="quiet small" { (reading.jurisdiction) } }
                @for (folder, sources) in &subjects {
                    h3 { (subject(folder, lang)) }
                    ul class="list" {
                        @for source in sources {
                            li {
                                a href=(reading.to(&source.id)) { (lang.text(&source.title)) }
                                p class="small" {
                                    @if let Some(number) = &source.number { (number) " · " }
                                    @if let Some(day) = source.in_force { (super::period(Some(day), None, lang)) " · " }
                                    (rules_of(source)) " " (lang.say(RULES))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Page for IndexPage {
    fn title(&self, lang: Lang) -> String {
        lang.say(LIBRARY).to_owned()
    }

    fn trail(&self, _: Lang) -> Vec<Crumb> {
        Vec::new()
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        html! {
            p class="lead" { (lang.say(LEAD)) }
            (search::form("", visitor, (lang.say(FIND), lang.say(GO))))
            p {
                (button_link(&format!("/law/{}/what-if", self.city), lang.say(WHAT_IF))) " "
                (button_link("/law/unconfirmed", lang.say(DOUBTS)))
            }
            @for reading in &self.readings { (IndexPage::jurisdiction(reading, lang)) }
        }
    }

    fn samples() -> Vec<IndexPage> {
        vec![IndexPage {
            city: "xx".to_owned(),
            readings: vec![super::case::sample()],
        }]
    }
}
