//! The files of the look, built into the program.

use axum::http::header;
use axum::response::IntoResponse;
use maud::{Markup, html};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
/// Their sums, made once by the compiler and not for each page.
const SUMS: (u64, u64) = (sum(STYLE), sum(SCRIPT));
/// A change of either changes its address, so a browser may keep it for ever.
const AGE: &str = "public, max-age=31536000, immutable";

/// The style.
pub async fn style() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, AGE),
        ],
        STYLE,
    )
}

/// The script, for comfort only.
pub async fn script() -> impl IntoResponse {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, AGE),
        ],
        SCRIPT,
    )
}

/// The mark of the house: a roof over two people.
pub async fn mark() -> impl IntoResponse {
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" {
            rect width="32" height="32" rx="7" fill="#0f4c54" {}
            path d="M6 15 16 7l10 8" fill="none" stroke="#f4b183" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" {}
            path d="M12 18v7M20 18v7M9.5 25h5M17.5 25h5" stroke="#fff" stroke-width="2.6" stroke-linecap="round" {}
        }
    };
    (
        [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        svg.into_string(),
    )
}

/// The links to them, for the head of a page.
#[must_use]
pub fn linked() -> Markup {
    html! {
        link rel="stylesheet" href=(format!("/look/style.css?{:x}", SUMS.0));
        link rel="icon" href="/look/mark.svg" type="image/svg+xml";
        script src=(format!("/look/script.js?{:x}", SUMS.1)) defer {}
    }
}

/// A sum that differs when the text does (FNV-1a): no secret hangs on it.
const fn sum(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (mut sum, mut place) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while place < bytes.len() {
        sum = (sum ^ bytes[place] as u64).wrapping_mul(0x0100_0000_01b3);
        place += 1;
    }
    sum
}
