//! The door for programs: what the other doors do, as JSON.
//!
//! A program comes in with the token of a login, in `Authorization: Bearer …`, and reaches what the login reaches, or less. It
//! says what for in the header `Purpose` when it looks at somebody's data. What alters something is asked under an
//! `Idempotency-Key` and done once. Lists are read on by cursors, states are known by `ETag`. Why not is told as RFC 9457 has it,
//! by the same stable codes as everywhere. Amounts are texts in yuan, so that no program makes a float of them.
//!
//! | to | open |
//! |---|---|
//! | see every operation and the document made of them | [`operations`], [`document`] |
//! | see what goes out and comes in | [`shapes`] |
//! | know who asks | [`caller`] |
//! | do something once, know a state again, read a list on | [`answer`] |
//! | see how programs are told what was done | [`told`] |

pub mod answer;
pub mod caller;
pub mod document;
pub mod jobs;
pub mod operations;
pub mod shapes;
pub mod told;

pub(crate) mod declarations;
pub(crate) mod employers;
pub(crate) mod law;
pub(crate) mod months;
pub(crate) mod page;
pub(crate) mod persons;
pub(crate) mod receipts;
pub(crate) mod subscriptions;
pub(crate) mod verify;

use crate::house::House;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

/// What is here.
pub(crate) async fn index() -> Json<Value> {
    Json(
        json!({ "name": "renshe", "version": 1, "document": "/api/v1/openapi.json", "page": "/api" }),
    )
}

/// The public half of the key that signs what is sent out.
pub(crate) async fn keys(State(house): State<House>) -> Json<Value> {
    Json(house.signer.public())
}
