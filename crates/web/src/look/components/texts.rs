//! What is said: notices, tags, summaries, amounts.

#![expect(
    clippy::needless_pass_by_value,
    reason = "markup is made where it is handed over, and nobody needs it afterwards"
)]

use maud::{Markup, html};
use measure::{Fen, Moment, Words};
use rules::explain::Lang;

/// Something worth knowing.
#[must_use]
pub fn notice(title: &str, body: Markup) -> Markup {
    html! { section class="notice" { h2 { (title) } (body) } }
}

/// Something to heed.
#[must_use]
pub fn warning(title: &str, body: Markup) -> Markup {
    html! { section class="notice warning" { h2 { (title) } (body) } }
}

/// A word beside something; `kind` is `good`, `doubt`, `stop` or nothing.
#[must_use]
pub fn tag(text: &str, kind: &str) -> Markup {
    html! { span class=(format!("tag {kind}")) { (text) } }
}

const CONFIRMED: Words = Words::new("已确证", "confirmed");
const UNCONFIRMED: Words = Words::new("未确证", "unconfirmed");

/// Whether a figure or rule may be relied on.
#[must_use]
pub fn confirmed(is: bool, lang: Lang) -> Markup {
    if is {
        tag(lang.say(CONFIRMED), "good")
    } else {
        tag(lang.say(UNCONFIRMED), "doubt")
    }
}

/// Names with what belongs to each.
#[must_use]
pub fn summary(rows: &[(String, Markup)]) -> Markup {
    html! {
        dl class="summary" {
            @for (name, value) in rows {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

const WHY: Words = Words::new("为什么", "why");

/// Money; where it can be opened, a link says so.
#[must_use]
pub fn amount(fen: Fen, why: Option<&str>, lang: Lang) -> Markup {
    let shown = format!("¥ {}", fen.with_separators());
    html! {
        @match why {
            Some(href) => a class="amount" href=(href) title=(lang.say(WHY)) { (shown) },
            None => span class="amount" { (shown) },
        }
    }
}

/// Where there is nothing yet: what would stand here, and what to do for it.
#[must_use]
pub fn empty(title: &str, body: Markup) -> Markup {
    html! { section class="empty" { h2 { (title) } (body) } }
}

/// What is folded away until wanted.
#[must_use]
pub fn fold(title: &str, body: Markup) -> Markup {
    html! { details { summary { (title) } (body) } }
}

/// A moment to the minute, as clocks in China show it.
#[must_use]
pub fn clock(at: Moment) -> String {
    const EAST: i64 = 8 * 3_600 * 1_000_000;
    let shown = at.plus_microseconds(EAST).to_string();
    shown
        .get(..16)
        .map_or_else(|| shown.clone(), |shown| shown.replace('T', " "))
}
