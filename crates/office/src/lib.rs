//! How does the office work?
//!
//! One file a use case, named as staff would name it. Pages, program and batch reach a change through the same function
//! here, which decides by [`city`], keeps by [`store`], books by [`ledger`], and asks the law for every figure.
//!
//! | to | open |
//! |---|---|
//! | run the month: open, assess, review, publish, credit, close | [`month`] |
//! | prove that everything follows from facts and law | [`verify`] |
//! | take money in, let it settle what is owed, and what becomes of the rest | [`collect`] |
//! | understand a failure | [`Error`] |
//!
//! It is synchronous and reads no clock: whoever acts says when, and in whose name.

#![warn(missing_docs)]

pub mod acting;
pub mod month;
pub mod verify;
pub mod collect;

mod error;
mod whole;

pub use crate::{acting::Acting, error::Error};
