//! Why something came out so: the steps of a derivation, the answer first.

use super::texts::{confirmed, warning};
use maud::{Markup, html};
use measure::Words;
use rules::explain::{Lang, Told, ToldStep, ToldTable};

const MEND: Words = Words::new("办法", "What to do");
const STEPS: Words = Words::new("怎么得出的", "How it came out");
const USES: Words = Words::new("用到", "Uses");
const DOUBTS: Words = Words::new(
    "结果用到未确证的内容",
    "The result rests on what is not confirmed",
);
const SURE: Words = Words::new(
    "所用数值与规则均已确证。",
    "Every figure and rule used is confirmed.",
);

/// A derivation, its rules leading to their pages where there are any below `library`.
#[must_use]
pub fn derivation(told: &Told, library: Option<&str>, lang: Lang) -> Markup {
    derivation_at("step", told, library, lang)
}

/// One of several on a page: `place` is its own among them, so that its steps lead to one another.
#[must_use]
pub fn derivation_at(place: &str, told: &Told, library: Option<&str>, lang: Lang) -> Markup {
    html! {
        section class=(if told.refused { "answer refused" } else { "answer" }) {
            h2 { (told.title) }
            p class="value" { (told.value) }
            p class="quiet" { (told.under) }
            @if let Some(remedy) = &told.remedy { p { strong { (lang.say(MEND)) } " · " (remedy) } }
        }
        @if !told.unconfirmed.is_empty() {
            (warning(lang.say(DOUBTS), html! { ul { @for line in &told.unconfirmed { li { (line) } } } }))
        } @else if !told.refused {
            p class="quiet" { (lang.say(SURE)) }
        }
        h2 { (lang.say(STEPS)) }
        div class="steps" {
            @for (number, step) in told.steps.iter().enumerate() {
                (one(step, (place, number == 0 || step.refused), library, lang))
            }
        }
    }
}

fn one(step: &ToldStep, (place, open): (&str, bool), library: Option<&str>, lang: Lang) -> Markup {
    html! {
        details open[open] id=(format!("{place}-{}", step.index)) {
            summary {
                span class="name" { (step.title) } " "
                span class=(if step.refused { "value refused" } else { "value" }) { (step.value) }
                @if step.unconfirmed { " " (confirmed(false, lang)) }
            }
            @if !step.clause.is_empty() { blockquote { p { (step.clause) } } }
            dl class="summary" {
                @for section in &step.sections {
                    div {
                        dt { (section.heading) }
                        @for line in &section.lines {
                            dd class=[section.is_formula.then_some("formula")] { (line) }
                        }
                    }
                }
                @if !step.uses.is_empty() {
                    div {
                        dt { (lang.say(USES)) }
                        @for (shown, came_to) in &step.uses {
                            dd {
                                @match shown {
                                    Some(index) => a href=(format!("#{place}-{index}")) { (came_to) },
                                    None => (came_to),
                                }
                            }
                        }
                    }
                }
            }
            @for table in &step.tables { (records(table)) }
            @if let Some(alike) = &step.alike { p class="quiet" { (alike) } }
            @if let Some(library) = library {
                p { a href=(format!("{library}/rule/{}", step.rule)) { (lang.pick("看这条规则", "See this rule")) } }
            }
        }
    }
}

fn records(table: &ToldTable) -> Markup {
    html! {
        div class="box" tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr { @for head in &table.head { th scope="col" class="number" { (head) } } } }
                tbody { @for row in &table.rows { tr { @for cell in row { td class="number" { (cell) } } } } }
            }
        }
        @for line in &table.foot { p class="quiet" { (line) } }
    }
}
