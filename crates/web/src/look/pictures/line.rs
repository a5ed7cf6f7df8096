//! A line: how something goes on.

use super::{along, framed, round_above};
use crate::look::components::Head;
use maud::{Markup, html};
use rules::explain::Lang;

/// A line through points at equal distances.
#[derive(Clone, Debug)]
pub struct Line {
    /// What is shown.
    pub title: String,
    /// What there is to see, in a sentence.
    pub says: String,
    /// What goes on along it, and what rises.
    pub axes: (String, String),
    /// The points.
    pub points: Vec<(String, i64)>,
    /// How a value is written.
    pub written: fn(i64) -> String,
}

const HIGH: i64 = 180;
const WIDE: i64 = 640;
const LEFT: i64 = 84;

/// The picture and its twin.
#[must_use]
pub fn line(of: &Line, lang: Lang) -> Markup {
    let greatest = of.points.iter().map(|(_, value)| *value).max();
    let greatest = round_above(greatest.unwrap_or(0));
    let gaps = i64::try_from(of.points.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(1)
        .max(1);
    let every = (gaps * 60 + WIDE - LEFT - 1) / (WIDE - LEFT);
    let place = |number: i64, value: i64| {
        let x = LEFT + number * (WIDE - LEFT - 24) / gaps;
        (x, 12 + HIGH - along(value, greatest, HIGH))
    };
    let path: String = (0_i64..)
        .zip(&of.points)
        .map(|(number, (_, value))| {
            let (x, y) = place(number, *value);
            format!("{}{x} {y}", if number == 0 { "M" } else { " L" })
        })
        .collect();
    let drawing = html! {
        svg class="picture" viewBox=(format!("0 0 {WIDE} {}", HIGH + 44)) role="img" aria-label=(format!("{}. {}", of.title, of.says)) {
            title { (of.title) }
            desc { (of.says) }
            @for quarter in [0, 2, 4] {
                @let y = 12 + HIGH - HIGH * quarter / 4;
                line class="grid" x1=(LEFT) x2=(WIDE) y1=(y) y2=(y) {}
                text class="axis" x=(LEFT - 8) y=(y + 4) text-anchor="end" { ((of.written)(greatest * quarter / 4)) }
            }
            path class="line-0" d=(path) {}
            @for (number, (name, value)) in (0_i64..).zip(&of.points) {
                @let (x, y) = place(number, *value);
                circle class="part-0" cx=(x) cy=(y) r="4" { title { (name) " · " ((of.written)(*value)) } }
                @if number % every == 0 { text class="axis" x=(x) y=(HIGH + 32) text-anchor="middle" { (name) } }
            }
        }
    };
    let head = vec![Head::words(&of.axes.0), Head::numbers(&of.axes.1)];
    let rows = of.points.iter();
    let rows = rows.map(|(name, value)| vec![name.clone(), (of.written)(*value)]);
    framed(drawing, &of.title, (head, rows.collect()), lang)
}
