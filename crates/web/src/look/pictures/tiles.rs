//! A map of tiles: each district a square of the same size, about where it lies, darker where there is more.

use super::{framed, width_of};
use crate::look::components::Head;
use maud::{Markup, html};
use rules::explain::Lang;

/// A map.
#[derive(Clone, Debug)]
pub struct Tiles {
    /// What is shown.
    pub title: String,
    /// What there is to see, in a sentence.
    pub says: String,
    /// What a tile is, and what it holds.
    pub axes: (String, String),
    /// The tiles.
    pub tiles: Vec<Tile>,
    /// The value of the lightest shade.
    pub least: i64,
    /// How a value is written.
    pub written: fn(i64) -> String,
}

/// A tile.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Its column and row, from 0.
    pub at: (i64, i64),
    /// Its name, and a short one that fits it.
    pub name: (String, String),
    /// What it holds.
    pub value: i64,
    /// Where it leads.
    pub href: Option<String>,
}

/// How many shades there are.
const SHADES: i64 = 5;
const SIDE: i64 = 56;

/// The picture and its twin.
#[must_use]
pub fn tiles(of: &Tiles, lang: Lang) -> Markup {
    let (wide, high) = of.tiles.iter().fold((1, 1), |(wide, high), tile| {
        (wide.max(tile.at.0 + 1), high.max(tile.at.1 + 1))
    });
    let greatest = of.tiles.iter().map(|tile| tile.value).max();
    let most = greatest.unwrap_or(0).saturating_sub(of.least).max(1);
    let shade = |value: i64| super::along(value.saturating_sub(of.least), most, SHADES - 1);
    let drawn = |tile: &Tile| {
        let (x, y) = (tile.at.0 * SIDE, tile.at.1 * SIDE);
        html! {
            g class=(format!("shade-{}", shade(tile.value))) {
                title { (tile.name.0) " · " ((of.written)(tile.value)) }
                rect x=(x + 2) y=(y + 2) width=(SIDE - 4) height=(SIDE - 4) rx="6" {}
                @let squeezed = (SIDE - 6 < width_of(&tile.name.1, 16)).then_some(SIDE - 6);
                text x=(x + SIDE / 2) y=(y + SIDE / 2 + 5) text-anchor="middle" textLength=[squeezed] lengthAdjust=[squeezed.map(|_| "spacingAndGlyphs")] { (tile.name.1) }
            }
        }
    };
    // What holds links is no picture for who hears it.
    let leads = of.tiles.iter().any(|tile| tile.href.is_some());
    let role = if leads { "group" } else { "img" };
    let drawing = html! {
        svg class="picture tiles" viewBox=(format!("0 0 {} {}", wide * SIDE, high * SIDE)) role=(role) aria-label=(format!("{}. {}", of.title, of.says)) {
            title { (of.title) }
            desc { (of.says) }
            @for tile in &of.tiles {
                @match &tile.href {
                    Some(href) => a href=(href) { (drawn(tile)) },
                    None => (drawn(tile)),
                }
            }
        }
    };
    let head = vec![Head::words(&of.axes.0), Head::numbers(&of.axes.1)];
    let rows = of.tiles.iter();
    let rows = rows.map(|tile| vec![tile.name.0.clone(), (of.written)(tile.value)]);
    framed(drawing, &of.title, (head, rows.collect()), lang)
}
