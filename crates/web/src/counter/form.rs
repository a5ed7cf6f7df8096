//! What is sent to the counter, in whose name, and once.

use super::purpose::Clerk;
use crate::forms::{Form, fresh_key};
use crate::house::House;
use crate::look::components::hidden;
use crate::problem::Problem;
use crate::visitor::Visitor;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use office::once::{self, once};
use office::{Acting, Db};

/// What every form that alters something carries unseen.
pub(super) fn tokens(visitor: &Visitor) -> Markup {
    html! {
        (hidden("csrf", &visitor.csrf()))
        (hidden("key", &fresh_key()))
    }
}

/// A button of its own: a form that alters something and asks for nothing more.
pub(super) fn press(action: &str, text: &str, is_main: bool, visitor: &Visitor) -> Markup {
    html! {
        form class="press" method="post" action=(action) {
            (tokens(visitor))
            button class=(if is_main { "button" } else { "button second" }) type="submit" { (text) }
        }
    }
}

/// Does something once, however often the form is sent; then leads where `work` says.
pub(super) async fn done_once(
    house: &House,
    clerk: &Clerk,
    (path, form): (&str, &Form),
    work: impl FnOnce(&Db, Acting<'_>) -> Result<String, office::Error> + Send + 'static,
) -> Result<Response, Problem> {
    let (body, key) = (form.body(path), form.get("key").to_owned());
    let clerk = clerk.clone();
    let then = house
        .office(move |db| {
            let by = clerk.name()?;
            let sent = once::Form {
                by: &by,
                key: &key,
                body: &body,
                at: clerk.visitor.now,
            };
            once(db, sent, || work(db, clerk.acting(&by)))
        })
        .await?;
    Ok(Redirect::to(&then).into_response())
}
