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

// The schema.
pub mod catalogue;
pub mod dialect;
pub mod migrate;

// The registers: who is there, and what is true of them.
pub mod people;
pub mod employers;
pub mod work;
pub mod insurance;
pub mod declarations;
mod facts;
mod nouns;

// The two engines.
mod postgresql;
mod sqlite;

#[cfg(feature = "testing")]
pub mod testing;

pub use crate::{
    address::Url,
    bulk::{Batch, CopyIn, Kind, Values},
    db::{Db, Engine, Isolation, Options, Write},
    error::{ConstraintKind, Error, Violation},
    row::{Column, Row},
    statement::Statement,
    tx::Tx,
    value::{Cell, Read, Value},
};
