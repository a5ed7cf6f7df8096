//! Pictures: drawn by us, with a title, a description, and the same as a table.

mod bars;
mod line;
mod tiles;

pub use bars::{Bar, Bars, bars};
pub use line::{Line, line};
pub use tiles::{Tile, Tiles, tiles};

use super::components::{Cell, Head, Table, fold, table};
use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

const AS_TABLE: Words = Words::new("以表格查看", "The same as a table");

/// A picture with what it is called, and its twin below.
#[expect(
    clippy::needless_pass_by_value,
    reason = "markup is made where it is handed over, and nobody needs it afterwards"
)]
fn framed(drawing: Markup, title: &str, twin: (Vec<Head>, Vec<Vec<String>>), lang: Lang) -> Markup {
    let (head, rows) = twin;
    let rows = rows
        .into_iter()
        .map(|row| row.into_iter().map(Cell::from).collect());
    let twin = Table {
        caption: title.to_owned(),
        head,
        rows: rows.collect(),
        foot: None,
    };
    html! {
        figure {
            figcaption { (title) }
            (drawing)
            (fold(lang.say(AS_TABLE), table(&twin, lang)))
        }
    }
}

/// The least round number that is not below the greatest value: 1, 2 or 5 with zeros.
fn round_above(greatest: i64) -> i64 {
    let mut unit = 1_i64;
    loop {
        for step in [1, 2, 5] {
            let Some(round) = unit.checked_mul(step) else {
                return greatest.max(1);
            };
            if greatest <= round {
                return round;
            }
        }
        let Some(next) = unit.checked_mul(10) else {
            return greatest.max(1);
        };
        unit = next;
    }
}

/// How far along a stretch a value lies, in whole units.
fn along(value: i64, greatest: i64, stretch: i64) -> i64 {
    let far = i128::from(value.max(0)) * i128::from(stretch) / i128::from(greatest.max(1));
    i64::try_from(far).unwrap_or(stretch)
}

/// About how wide a text is in a type of this size.
fn width_of(text: &str, size: i64) -> i64 {
    let tenths = text
        .chars()
        .map(|sign| if sign.is_ascii() { 6 } else { 10 });
    tenths.sum::<i64>() * size / 10
}
