//! Bars: how much of each, in one or more parts.

use super::{along, framed, round_above, width_of};
use crate::look::components::Head;
use maud::{Markup, html};
use rules::explain::Lang;

/// Bars beside each other.
#[derive(Clone, Debug)]
pub struct Bars {
    /// What is shown.
    pub title: String,
    /// What there is to see, in a sentence.
    pub says: String,
    /// What the bars are for.
    pub across: String,
    /// The parts of which each bar is made, from the foot up; at most four.
    pub parts: Vec<String>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// How a value is written.
    pub written: fn(i64) -> String,
}

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is for.
    pub name: String,
    /// A value for each part.
    pub values: Vec<i64>,
}

const HIGH: i64 = 180;
const WIDE: i64 = 640;
const LEFT: i64 = 84;
/// The greatest type that names are set in, on a small screen.
const TYPE: i64 = 21;

/// The picture and its twin.
#[must_use]
pub fn bars(of: &Bars, lang: Lang) -> Markup {
    let sum = |bar: &Bar| bar.values.iter().sum::<i64>();
    let greatest = round_above(of.bars.iter().map(sum).max().unwrap_or(0));
    let count = i64::try_from(of.bars.len()).unwrap_or(i64::MAX).max(1);
    let longest = of.bars.iter().map(|bar| width_of(&bar.name, TYPE)).max();
    let name = longest.unwrap_or(0) + 12;
    // The last name may stand out at the right.
    let room = WIDE - LEFT - name / 2;
    let each = (room / count).max(1);
    let thick = (each * 7 / 10).clamp(1, 56);
    // Not more names than there is room for.
    let every = (count * name + room - 1) / room;
    let drawing = html! {
        svg class="picture" viewBox=(format!("0 0 {WIDE} {}", HIGH + 44)) role="img" aria-label=(format!("{}. {}", of.title, of.says)) {
            title { (of.title) }
            desc { (of.says) }
            @for quarter in [0, 2, 4] {
                @let y = 12 + HIGH - HIGH * quarter / 4;
                line class="grid" x1=(LEFT) x2=(WIDE) y1=(y) y2=(y) {}
                text class="axis" x=(LEFT - 8) y=(y + 4) text-anchor="end" { ((of.written)(greatest * quarter / 4)) }
            }
            @for (place, bar) in (0_i64..).zip(&of.bars) {
                @let x = LEFT + place * each + (each - thick) / 2;
                @for (part, from, value) in stacked(&bar.values) {
                    @let (foot, head) = (along(from, greatest, HIGH), along(from + value, greatest, HIGH));
                    rect class=(format!("part-{part}")) x=(x) y=(12 + HIGH - head) width=(thick) height=(head - foot) {
                        title { (bar.name) " · " (of.parts.get(part).map_or("", String::as_str)) " " ((of.written)(value)) }
                    }
                }
                @if place % every == 0 {
                    text class="axis" x=(x + thick / 2) y=(HIGH + 32) text-anchor="middle" { (bar.name) }
                }
            }
        }
        ul class="legend" {
            @for (part, name) in of.parts.iter().enumerate() {
                li { svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" { rect class=(format!("part-{part}")) width="12" height="12" {} } (name) }
            }
        }
    };
    let mut head = vec![Head::words(&of.across)];
    head.extend(of.parts.iter().map(Head::numbers));
    let rows = of.bars.iter().map(|bar| {
        let values = bar.values.iter().map(|value| (of.written)(*value));
        std::iter::once(bar.name.clone()).chain(values).collect()
    });
    framed(drawing, &of.title, (head, rows.collect()), lang)
}

/// Each part with where it begins.
fn stacked(values: &[i64]) -> Vec<(usize, i64, i64)> {
    let mut from = 0;
    let parts = values.iter().enumerate();
    parts
        .map(|(part, value)| {
            let begins = from;
            from += value;
            (part, begins, *value)
        })
        .collect()
}
