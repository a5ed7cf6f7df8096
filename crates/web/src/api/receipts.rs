//! Receipts: a bank's file taken in.

use super::answer::done;
use super::caller::{Caller, Sent};
use super::shapes::Receipts;
use crate::house::House;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use office::programs::files::{self, bring};

/// The kinds of files that are taken.
pub(super) const KINDS: [(&str, &str); 3] = [
    ("text/csv", "csv"),
    ("application/xml", "xml"),
    ("text/xml", "xml"),
];

/// Takes a bank's file in.
pub(crate) async fn receive(
    State(house): State<House>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let (name, bytes) = sent.file(&KINDS)?;
    done(&house, (caller, sent), move |db, caller, _| {
        let file = files::Sent {
            name: &name,
            bytes: &bytes,
        };
        let brought = bring(db, caller.login(), file, caller.acting())?;
        let status = match brought.received.again {
            true => StatusCode::OK,
            false => StatusCode::CREATED,
        };
        Ok((status, Receipts::of(&brought)))
    })
    .await
}
