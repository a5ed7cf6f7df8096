//! Keeping it: the only room that speaks SQL.
//!
//! *Why one room?* Because whoever asks for a person's participations as of a day should not have to know on which of two
//! engines they lie, and because what must hold of every record is held in one place, by the schema.
//!
//! | to | open |
//! |---|---|
//! | say where the database is | [`Url`] |
//! | read and write | [`Db`], [`Tx`], [`Row`] |
//! | bind values and read cells | [`params!`], [`Value`], [`Read`] |
//! | move millions of rows | [`bulk`] |
//! | name a statement | [`statements!`], [`Statement`] |
//! | make or migrate the schema | [`Db::migrate`], [`migrate`]; the texts are in `crates/store/schema` |
//! | load, attach and drop the rows of a run | [`Generation`] |
//! | note who did what | [`audit`] |
//! | have something done later, or tell others | [`jobs`], [`outbox`] |
//! | keep identity numbers | [`secrets`] |
//! | keep who may come in, and who is in | [`logins`], [`sessions`], [`forms`] |
//! | keep by what else they come in | [`outside`], [`passkeys`], [`attempts`] |
//! | see every statement | [`catalogue`] |
//! | keep persons, employers and what is true of them | [`people`], [`employers`], [`work`], [`insurance`] |
//! | keep what employers declare | [`declarations`] |
//! | understand a failure | [`Error`] |
//!
//! It is synchronous and reads no clock: whoever records something says when.

#![warn(missing_docs)]

mod address;
mod db;
mod error;
mod row;
mod statement;
mod tx;
mod value;

// Millions of rows.
pub mod bulk;

// The schema, and what it makes of runs and districts.
pub mod catalogue;
pub mod dialect;
mod folio;
pub mod generation;
pub mod migrate;

// The registers: who is there, and what is true of them.
pub mod people;
pub mod merge_requests;
pub mod employers;
pub mod work;
pub mod insurance;
pub mod declarations;
pub mod drafts;
mod facts;
mod nouns;

// The month: what is owed, what stands in the accounts, what is in the books.
mod like;
pub mod laws;
pub mod runs;
pub mod roster;
pub mod dues;
pub mod differences;
pub mod bills;
pub mod crediting;
pub mod owed;
pub mod part_credits;
pub mod figures;
pub mod filling;
pub mod payable;
pub mod accounts;
pub mod entries;
pub mod corrections;
pub mod journals;
pub mod seals;
pub mod cold;
mod district;

// What an office needs besides its records.
pub mod audit;
pub mod jobs;
pub mod outbox;
pub mod secrets;

// Who may come in, and who is in.
pub mod logins;
pub mod sessions;
pub mod forms;
pub mod outside;
pub mod attempts;
pub mod passkeys;

// Programs: how they come in, what they asked, what they are told.
pub mod tokens;
pub mod calls;
pub mod subscriptions;
pub mod exchanges;

// Collection.
pub mod receipts;
pub mod allocations;
pub mod instalments;
pub mod write_offs;
pub mod refunds;
pub mod decided;

// The two engines.
mod postgresql;
mod sqlite;

#[cfg(feature = "testing")]
pub mod testing;

pub use crate::{
    address::Url,
    bulk::{Batch, CopyIn, Kind, Values},
    db::{Db, Engine, Isolation, Knowledge, Lasting, Options, Write},
    error::{ConstraintKind, Error, Violation},
    generation::{Generation, Rows},
    row::{Column, Row},
    statement::Statement,
    tx::Tx,
    value::{Cell, Read, Value},
};
