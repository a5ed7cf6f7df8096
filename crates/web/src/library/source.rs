//! One legal source: its articles in order, with the rules and figures that stand below each.

use super::item::{Thing, block};
use super::{Reading, period};
use crate::house::House;
use crate::look::components::{notice, summary};
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;
use rules::law::{Source, SourceId};
use rules::listing::{Listed, items};

const NUMBER: Words = Words::new("文号", "Number");
const ISSUED: Words = Words::new("发布", "Issued");
const IN_FORCE: Words = Words::new("施行", "In force");
const PUBLISHED: Words = Words::new("公布于", "Published");
const EVIDENCE: Words = Words::new("依据核对", "Evidence");
const NOTHING: Words = Words::new(
    "这一天没有施行的内容",
    "Nothing of it is in force on this day",
);
const NOTHING_SAYS: Words = Words::new("换一个适用日再看。", "Choose another day.");
const OTHERS: Words = Words::new("其他", "Besides");
const CONTENTS: Words = Words::new("目录", "Contents");

/// One source.
#[derive(Debug)]
pub(crate) struct SourcePage {
    reading: Reading,
    source: SourceId,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path((jurisdiction, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let mut sources = reading.law().sources.iter();
    let place = sources.position(|source| source.id == id);
    let source = SourceId::nth(place.ok_or_else(Problem::no_page)?);
    Ok(shown(&SourcePage { reading, source }, &visitor))
}

/// The place of an article on its source's page.
pub(super) fn anchor(article: &str) -> String {
    format!("article-{}", article.replace(' ', "-"))
}

/// An article as the text heads it, with its title.
struct Heading<'t> {
    label: &'t str,
    title: String,
}

impl SourcePage {
    fn source(&self) -> &Source {
        &self.reading.law()[self.source]
    }

    /// The headings of the source's file, in order.
    fn headings(&self, lang: Lang) -> Vec<Heading<'_>> {
        let file = &self.reading.book.files[self.source().span.file as usize];
        let lines = file.text.lines();
        let heads = lines.filter_map(|line| line.strip_prefix("article "));
        heads
            .map(|line| {
                let (label, titles) = line.split_once('"').unwrap_or((line, ""));
                let mut titles = titles.split('"');
                let (zh, en) = (titles.next(), titles.nth(1));
                let title = match lang {
                    Lang::Zh => zh,
                    Lang::En => en.or(zh),
                };
                Heading {
                    label: label.trim(),
                    title: title.unwrap_or_default().to_owned(),
                }
            })
            .collect()
    }

    /// What rests on the source on the day, each with the article.
    fn content(&self) -> Vec<(Option<&str>, Thing, Listed<'_>)> {
        let all = items(self.reading.law(), Some(self.reading.on)).into_iter();
        all.into_iter()
            .filter_map(|listed| {
                let thing = Thing::of(listed.item)?;
                let mut cites = listed.citations.iter();
                let cites = cites.find(|cites| cites.source == self.source)?;
                Some((cites.article.as_deref(), thing, listed))
            })
            .collect()
    }

    fn facts(&self, lang: Lang) -> Markup {
        let source = self.source();
        let mut rows: Vec<(String, Markup)> = Vec::new();
        let mut add = |name: Words, value: Option<Markup>| {
            rows.extend(value.map(|value| (lang.say(name).to_owned(), value)));
        };
        add(
            NUMBER,
            source.number.as_ref().map(|number| html! { (number) }),
        );
        add(ISSUED, source.issued.map(|day| html! { (day) }));
        add(
            IN_FORCE,
            source
                .in_force
                .map(|day| html! { (period(Some(day), None, lang)) }),
        );
        add(
            PUBLISHED,
            source.published.as_ref().map(|place| html! { (place) }),
        );
        add(
            EVIDENCE,
            source
                .mark
                .as_ref()
                .map(|mark| super::item::evidence(mark, lang)),
        );
        summary(&rows)
    }
}

impl Page for SourcePage {
    fn title(&self, lang: Lang) -> String {
        lang.text(&self.source().title).to_owned()
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        self.reading.trail(lang)
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let content = self.content();
        let headings = self.headings(lang);
        let of = |label: &str| {
            let content = content.iter();
            content
                .filter(|(article, _, _)| *article == Some(label))
                .collect::<Vec<_>>()
        };
        let filled: Vec<&Heading<'_>> = headings
            .iter()
            .filter(|heading| !of(heading.label).is_empty())
            .collect();
        let is_headed = |article: &Option<&str>| {
            article.is_some_and(|article| headings.iter().any(|heading| heading.label == article))
        };
        let others: Vec<_> = content
            .iter()
            .filter(|(article, _, _)| !is_headed(article))
            .collect();
        let named = |heading: &Heading<'_>| {
            let label = lang.pick(
                format!("第 {} 条", heading.label),
                format!("Article {}", heading.label),
            );
            if heading.title.is_empty() {
                label
            } else {
                format!("{label} · {}", heading.title)
            }
        };
        html! {
            (self.facts(lang))
            (self.reading.day_form(&format!("{}/{}", self.reading.base(), self.source().id), lang))
            @if content.is_empty() { (notice(lang.say(NOTHING), html! { p { (lang.say(NOTHING_SAYS)) } })) }
            @if 3 < filled.len() {
                nav aria-label=(lang.say(CONTENTS)) {
                    h2 { (lang.say(CONTENTS)) }
                    ul { @for heading in &filled { li { a href=(format!("#{}", anchor(heading.label))) { (named(heading)) } } } }
                }
            }
            @for heading in &filled {
                section class="article" id=(anchor(heading.label)) {
                    h2 { (named(heading)) }
                    @for (_, thing, listed) in of(heading.label) { (block(&self.reading, listed, *thing, lang)) }
                }
            }
            @if !others.is_empty() {
                section class="article" {
                    h2 { (lang.say(OTHERS)) }
                    @for (_, thing, listed) in &others { (block(&self.reading, listed, *thing, lang)) }
                }
            }
        }
    }

    fn samples() -> Vec<SourcePage> {
        vec![SourcePage {
            reading: super::case::sample(),
            source: SourceId(0),
        }]
    }
}
