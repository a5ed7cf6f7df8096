//! What can be pressed, and how far something is.

use crate::look::links::encoded;
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

/// A link that is the main thing to do here.
#[must_use]
pub fn button(href: &str, text: &str) -> Markup {
    html! { a class="button" href=(href) { (text) } }
}

/// A link that is another thing one might do.
#[must_use]
pub fn button_link(href: &str, text: &str) -> Markup {
    html! { a class="button second" href=(href) { (text) } }
}

/// What sends a form.
#[must_use]
pub fn submit(text: &str) -> Markup {
    html! { button class="button" type="submit" { (text) } }
}

/// Views of the same thing, by links; the one shown is named.
#[must_use]
pub fn tabs(label: &str, tabs: &[(&str, &str)], shown: &str) -> Markup {
    html! {
        nav class="tabs" aria-label=(label) {
            ul {
                @for (href, name) in tabs {
                    li { a href=(href) aria-current=[(*href == shown).then_some("page")] { (name) } }
                }
            }
        }
    }
}

const PAGES: Words = Words::new("翻页", "Pages");
const BEFORE: Words = Words::new("上一页", "Previous");
const NEXT: Words = Words::new("下一页", "Next");

/// Links to the pages before and after; `of` is the address with its other parameters.
#[must_use]
pub fn pages(of: &[(&str, &str)], path: &str, (page, last): (usize, usize), lang: Lang) -> Markup {
    let to = |page: usize| {
        let mut parts: Vec<String> = of
            .iter()
            .map(|(key, value)| format!("{key}={}", encoded(value)))
            .collect();
        parts.push(format!("page={page}"));
        format!("{path}?{}", parts.join("&"))
    };
    html! {
        @if 1 < last {
            nav class="pages" aria-label=(lang.say(PAGES)) {
                @if 1 < page { a rel="prev" href=(to(page - 1)) { "← " (lang.say(BEFORE)) } }
                span { (page) " / " (last) }
                @if page < last { a rel="next" href=(to(page + 1)) { (lang.say(NEXT)) " →" } }
            }
        }
    }
}

/// A step of something long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is over.
    Done,
    /// It is under way.
    Now,
    /// It is still to come.
    Ahead,
}

const STEPS: [(Step, Words); 3] = [
    (Step::Done, Words::new("已完成", "done")),
    (Step::Now, Words::new("进行中", "under way")),
    (Step::Ahead, Words::new("未开始", "to come")),
];

/// How far something long is, step by step.
#[must_use]
pub fn progress(label: &str, steps: &[(&str, Step)], lang: Lang) -> Markup {
    html! {
        ol class="progress" aria-label=(label) {
            @for (name, step) in steps {
                @let word = STEPS.iter().find(|(known, _)| known == step).map_or("", |(_, words)| lang.say(*words));
                li class=(match step { Step::Done => "done", Step::Now => "now", Step::Ahead => "ahead" })
                    aria-current=[(*step == Step::Now).then_some("step")] {
                    span { (name) } " " small { (word) }
                }
            }
        }
    }
}
