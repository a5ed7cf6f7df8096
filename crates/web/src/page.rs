//! What a page is.
//!
//! A type with what it shows, made by its handler from what the office said. It says its title and its main part; the
//! [layout] does the rest. Its [`samples`](Page::samples) are rendered in both languages by a test, and are
//! what its states look like.

use crate::look::layout;
use crate::visitor::Visitor;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use rules::explain::Lang;

/// A page.
pub trait Page {
    /// Its title, which is also its first heading.
    fn title(&self, lang: Lang) -> String;

    /// The pages above it, from the first page's child down; its own title is added.
    fn trail(&self, lang: Lang) -> Vec<Crumb>;

    /// What stands below the first heading.
    fn main(&self, visitor: &Visitor) -> Markup;

    /// Its states, with made-up content.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub name: String,
}

impl Crumb {
    /// A step.
    #[must_use]
    pub fn new(href: impl Into<String>, name: impl Into<String>) -> Crumb {
        Crumb {
            href: href.into(),
            name: name.into(),
        }
    }
}

/// A page for its visitor, as an answer.
#[must_use]
pub fn shown(page: &dyn Page, visitor: &Visitor) -> Response {
    layout::whole(page, visitor).into_response()
}

/// A page that is itself the answer to something that was not taken, such as a form with its faults.
#[must_use]
pub fn shown_as(status: axum::http::StatusCode, page: &dyn Page, visitor: &Visitor) -> Response {
    let mut response = shown(page, visitor);
    *response.status_mut() = status;
    // So the wall knows that there is nothing left to say.
    response.headers_mut().insert(
        "x-renshe-page",
        axum::http::HeaderValue::from_static("told"),
    );
    response
}
