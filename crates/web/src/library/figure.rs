//! One parameter or table: its values over time, each with how surely it is known.

use super::item::{Thing, citations, evidence, link};
use super::{Reading, period};
use crate::house::House;
use crate::look::components::{
    Column, Head, List, Listed, Rows, Table, button, fold, no_more, summary, table, tag,
};
use crate::look::links::encoded;
use crate::page::{Crumb, Page, shown};
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use office::whatif::Question;
use rules::explain::{Lang, shown as value_shown};
use rules::law::{Figure, FigureId, FigureVersion, Item, KeyMatch, Law, Row};
use rules::links::used_by;

const BASIS: Words = Words::new("依据", "Basis");
const WHAT_IF: Words = Words::new("假如它是另一个数值……", "What if this were …");
const HISTORY: Words = Words::new("历史", "History");
const VALUE: Words = Words::new("数值", "Value");
const SURE: Words = Words::new("核对", "Evidence");
const TEXT: Words = Words::new("原文", "As the law text has it");
const USED_BY: Words = Words::new("用到它的规则", "Rules that use it");
const NOT_KNOWN: Words = Words::new("尚未查到", "not known");
const OTHERWISE: Words = Words::new("其余", "otherwise");
const OF_THE_DAY: Words = Words::new("适用日现行", "in force on the day");
const LOWER: Words = Words::new(
    "由下级法律规定，本级没有数值。",
    "Left to a lower law; there are no values here.",
);
const MORE: Words = Words::new("行未列出，见原文", "rows more: see the text");

/// How the keys of a table are called in addresses; none has more.
const WORDS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
/// So many rows of a version that is not in force are shown; the rest stands in the text.
const MOST_ROWS: usize = 80;

/// One figure.
#[derive(Debug)]
pub(crate) struct FigurePage {
    reading: Reading,
    figure: FigureId,
    /// Where it can be tried as another: in the law under which the city lives.
    tried: Option<String>,
    listed: Listed,
}

/// Shows it.
pub(crate) async fn page(
    State(house): State<House>,
    visitor: Visitor,
    Path((jurisdiction, name)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let reading = Reading::of(&house, &jurisdiction, &uri, &visitor)?;
    let Some(Item::Figure(figure)) = reading.law().names.get(&name) else {
        return Err(Problem::no_page());
    };
    let figure = *figure;
    let city = house.law();
    let tried = match city.names.get(&name) {
        Some(Item::Figure(id)) if !Question::reached_by(city, *id).is_empty() => Some(format!(
            "/law/{}/what-if?figure={}",
            house.settings.jurisdiction,
            encoded(&name)
        )),
        _ => None,
    };
    let page = FigurePage {
        reading,
        figure,
        tried,
        listed: Listed::read(&uri),
    };
    match (page.listed.file, page.of_the_day()) {
        (Some(ending), Some(version)) => page.list(version, visitor.lang).written(ending),
        _ => Ok(shown(&page, &visitor)),
    }
}

/// A row's value in words.
pub(super) fn value(law: &Law, figure: &Figure, row: &Row, lang: Lang) -> Markup {
    html! {
        @match &row.value {
            Some(value) => (value_shown(law, figure.ty, value, lang)),
            None => span class="quiet" { (lang.say(NOT_KNOWN)) },
        }
    }
}

impl FigurePage {
    fn key(&self, place: usize, matched: &KeyMatch, lang: Lang) -> String {
        let law = self.reading.law();
        let ty = law[self.figure].keys.get(place).map(|key| key.ty);
        let said = |value| ty.map_or_else(String::new, |ty| value_shown(law, ty, value, lang));
        match matched {
            KeyMatch::Exactly(value) => said(value),
            KeyMatch::Between(from, to) => lang.pick(
                format!("{} 至 {}", said(from), said(to)),
                format!("{} to {}", said(from), said(to)),
            ),
            KeyMatch::AtLeast(value) => lang.pick(
                format!("{} 及以上", said(value)),
                format!("{} and above", said(value)),
            ),
            KeyMatch::Otherwise => lang.say(OTHERWISE).to_owned(),
        }
    }

    /// The version in force on the day.
    fn of_the_day(&self) -> Option<&FigureVersion> {
        let mut versions = self.reading.law()[self.figure].versions.iter();
        versions.find(|version| self.reading.in_force(Some(version.from), version.until))
    }

    /// The rows of a table in force, sorted and narrowed as they are asked for.
    fn list<'v>(&'v self, version: &'v FigureVersion, lang: Lang) -> List<'v, Row> {
        let law = self.reading.law();
        let figure = &law[self.figure];
        let keys = figure.keys.iter().enumerate().zip(WORDS);
        let mut columns: Vec<Column<'v, Row>> = keys
            .map(|((place, key), word)| {
                Column::words(word, lang.name(&key.names), move |row: &Row| {
                    let key = row.keys.get(place);
                    key.map_or_else(String::new, |key| self.key(place, key, lang))
                        .into()
                })
            })
            .collect();
        let written = move |row: &Row| match &row.value {
            Some(value) => value_shown(law, figure.ty, value, lang).into(),
            None => lang.say(NOT_KNOWN).into(),
        };
        columns.push(
            Column::numbers("value", lang.say(VALUE), written)
                .shown(move |row: &Row| value(law, figure, row, lang))
                .unsorted(),
        );
        columns.push(Column::acts(lang.say(SURE), move |row: &Row| {
            evidence(&row.mark, lang)
        }));
        let on = self.reading.on.to_string();
        List {
            caption: period(Some(version.from), version.until, lang),
            name: figure.names.id.as_str().into(),
            path: format!(
                "{}/figure/{}",
                self.reading.base(),
                encoded(&figure.names.id)
            )
            .into(),
            keep: vec![("on", on)],
            columns,
            rows: &version.rows,
            come: Rows::All,
            listed: &self.listed,
            also: no_more,
            foot: None,
        }
    }

    fn version(&self, version: &FigureVersion, lang: Lang) -> Markup {
        let law = self.reading.law();
        let figure = &law[self.figure];
        let mut head: Vec<Head> = figure
            .keys
            .iter()
            .map(|key| Head::words(lang.name(&key.names)))
            .collect();
        head.push(Head::numbers(lang.say(VALUE)));
        head.push(Head::words(lang.say(SURE)));
        let rows = version.rows.iter().take(MOST_ROWS).map(|row| {
            let keys = row.keys.iter().enumerate();
            let mut cells: Vec<_> = keys
                .map(|(place, key)| self.key(place, key, lang).into())
                .collect();
            cells.push(value(law, figure, row, lang).into());
            cells.push(evidence(&row.mark, lang).into());
            cells
        });
        let caption = period(Some(version.from), version.until, lang);
        let more = version.rows.len().saturating_sub(MOST_ROWS);
        let now = self.reading.in_force(Some(version.from), version.until);
        let is_long = now && 1 < version.rows.len();
        html! {
            h3 {
                (caption)
                @if now { " " (tag(lang.say(OF_THE_DAY), "good")) }
            }
            @if is_long {
                (self.list(version, lang).on_page(lang))
            } @else {
                (table(&Table { caption, head, rows: rows.collect(), foot: None }, lang))
            }
            @if !is_long && 0 < more { p class="quiet" { (more) " " (lang.say(MORE)) } }
        }
    }
}

impl Page for FigurePage {
    fn title(&self, lang: Lang) -> String {
        super::titled(&self.reading.law()[self.figure].names, lang)
    }

    fn trail(&self, lang: Lang) -> Vec<Crumb> {
        let (law, mut trail) = (self.reading.law(), self.reading.trail(lang));
        if let Some(citation) = law[self.figure].citations.first() {
            let source = &law[citation.source];
            trail.push(Crumb::new(
                self.reading.to(&source.id),
                lang.text(&source.title),
            ));
        }
        trail
    }

    fn main(&self, visitor: &Visitor) -> Markup {
        let lang = visitor.lang;
        let law = self.reading.law();
        let figure = &law[self.figure];
        let clause = lang.text(&figure.clause);
        let used = used_by(law, Item::Figure(self.figure));
        let now = figure
            .versions
            .iter()
            .position(|version| self.reading.in_force(Some(version.from), version.until));
        // Long tables of old times are told by the day form, not all on one page.
        let few = figure
            .versions
            .iter()
            .map(|version| version.rows.len())
            .sum::<usize>()
            <= 2 * MOST_ROWS;
        let shown = figure
            .versions
            .iter()
            .enumerate()
            .rev()
            .filter(|(place, _)| few || now.is_none_or(|now| now == *place));
        html! {
            @if !clause.is_empty() { blockquote { p { (clause) } } }
            (summary(&[(lang.say(BASIS).to_owned(), citations(&self.reading, &figure.citations, lang))]))
            (self.reading.day_form(&format!("{}/figure/{}", self.reading.base(), figure.names.id), lang))
            @if let Some(tried) = &self.tried { p { (button(tried, lang.say(WHAT_IF))) } }
            h2 { (lang.say(HISTORY)) }
            @if figure.versions.is_empty() { p { (lang.say(LOWER)) } }
            @for (_, version) in shown.take(if few { usize::MAX } else { 1 }) { (self.version(version, lang)) }
            (fold(lang.say(TEXT), html! { pre { code { (self.reading.text(Thing::Figure(self.figure).span(&self.reading))) } } }))
            @if !used.is_empty() {
                h2 { (lang.say(USED_BY)) }
                ul { @for id in used { li { (link(Thing::Rule(id), &self.reading, lang)) } } }
            }
        }
    }

    fn samples() -> Vec<FigurePage> {
        let reading = super::case::sample();
        let names = ["rate", "ceiling"];
        let found = names
            .into_iter()
            .filter_map(|name| match reading.law().names.get(name) {
                Some(Item::Figure(id)) => Some(*id),
                _ => None,
            });
        found
            .map(|figure| FigurePage {
                reading: reading.clone(),
                figure,
                tried: Some("/law/xx/what-if?figure=rate".to_owned()),
                listed: Listed::default(),
            })
            .collect()
    }
}
