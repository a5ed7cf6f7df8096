//! A rule or figure as it stands in a list or below its article.

use super::{Reading, period};
use crate::look::components::{confirmed, fold};
use maud::{Markup, html};
use measure::Words;
use rules::diagnostic::Span;
use rules::explain::{Lang, cited};
use rules::law::{Citation, FigureId, Grade, Item, Mark, Names, RuleId, Text};
use rules::listing::{Listed, items};

const TEXT: Words = Words::new("规则原文", "As the law text has it");

/// A rule or figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Rule(RuleId),
    Figure(FigureId),
}

impl Thing {
    pub(super) fn of(item: Item) -> Option<Thing> {
        match item {
            Item::Rule(id) => Some(Thing::Rule(id)),
            Item::Figure(id) => Some(Thing::Figure(id)),
            Item::Enum(_)
            | Item::Member(..)
            | Item::Entity(_)
            | Item::Relation(_)
            | Item::Input(_) => None,
        }
    }

    pub(super) fn names(self, reading: &Reading) -> &Names {
        match self {
            Thing::Rule(id) => &reading.law()[id].names,
            Thing::Figure(id) => &reading.law()[id].names,
        }
    }

    pub(super) fn clause(self, reading: &Reading) -> &Text {
        match self {
            Thing::Rule(id) => &reading.law()[id].clause,
            Thing::Figure(id) => &reading.law()[id].clause,
        }
    }

    pub(super) fn href(self, reading: &Reading) -> String {
        let id = &self.names(reading).id;
        match self {
            Thing::Rule(_) => reading.to_rule(id),
            Thing::Figure(_) => reading.to_figure(id),
        }
    }

    /// Where the text stands that is in force here.
    pub(super) fn span(self, reading: &Reading) -> Span {
        match self {
            Thing::Rule(id) => {
                let rule = &reading.law()[id];
                rule.versions
                    .first()
                    .map_or(rule.span, |version| outer(rule.span, version.span))
            }
            Thing::Figure(id) => {
                let figure = &reading.law()[id];
                figure
                    .versions
                    .first()
                    .map_or(figure.span, |version| outer(figure.span, version.span))
            }
        }
    }
}

/// What a higher law opens and a lower one sets stands in the lower one's file.
fn outer(item: Span, version: Span) -> Span {
    if item.file == version.file {
        item
    } else {
        version
    }
}

/// A link to it, in words.
pub(super) fn link(thing: Thing, reading: &Reading, lang: Lang) -> Markup {
    html! { a href=(thing.href(reading)) { (lang.name(thing.names(reading))) } }
}

/// What is said of one in a list.
pub(super) fn listed<'r>(reading: &'r Reading, thing: Thing) -> Option<Listed<'r>> {
    let all = items(reading.law(), None).into_iter();
    all.into_iter()
        .find(|listed| Thing::of(listed.item) == Some(thing))
}

/// Its heading, what it says, its text folded away.
pub(super) fn block(reading: &Reading, listed: &Listed<'_>, thing: Thing, lang: Lang) -> Markup {
    let clause = lang.text(thing.clause(reading));
    html! {
        section class="item" id=(listed.names.id) {
            h3 { (link(thing, reading, lang)) " " (mark(listed, lang)) }
            @if !clause.is_empty() { blockquote { p { (clause) } } }
            p class="quiet small" { (period(listed.from, listed.until, lang)) }
            (fold(lang.say(TEXT), html! { pre { code { (reading.text(thing.span(reading))) } } }))
        }
    }
}

/// Whether all of it may be relied on; nothing where there is nothing to rely on.
pub(super) fn mark(listed: &Listed<'_>, lang: Lang) -> Markup {
    let standing = &listed.standing;
    html! {
        @if standing.is_doubtful() { (confirmed(false, lang)) }
        @else if standing.is_confirmed() { (confirmed(true, lang)) }
    }
}

/// The articles it rests on, each leading to its source.
pub(super) fn citations(reading: &Reading, all: &[Citation], lang: Lang) -> Markup {
    let law = reading.law();
    html! {
        @for (number, citation) in all.iter().enumerate() {
            @if 0 < number { (lang.pick("；", "; ")) }
            @let place = citation.article.as_deref().map_or_else(String::new, |article| format!("#{}", super::source::anchor(article)));
            a href=(format!("{}{place}", reading.to(&law[citation.source].id))) { (cited(law, citation, lang)) }
        }
    }
}

const GRADES: [(Grade, Words); 6] = [
    (
        Grade::S1,
        Words::new("见于政府网站", "seen on a government page"),
    ),
    (
        Grade::S2,
        Words::new("见于新闻或转载", "seen in news or a repost"),
    ),
    (
        Grade::S3,
        Words::new("仅见于非官方网页", "seen only on an unofficial page"),
    ),
    (
        Grade::SCode,
        Words::new("见于他人程序", "seen in somebody's program"),
    ),
    (
        Grade::D,
        Words::new("由所见数值推算", "derived from figures seen"),
    ),
    (Grade::M, Words::new("凭记忆", "remembered")),
];

/// How surely it is known, and where it was seen.
pub(super) fn evidence(mark: &Mark, lang: Lang) -> Markup {
    let grade = mark
        .grade
        .and_then(|grade| GRADES.iter().find(|(known, _)| *known == grade));
    html! {
        (confirmed(mark.confirmed, lang))
        @if let Some((_, words)) = grade { " " (lang.say(*words)) }
        @if let Some(note) = &mark.note { " " span class="quiet" { "“" (note) "”" } }
    }
}
