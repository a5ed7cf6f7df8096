//! The law against the facts it was written from: every row, asked of the exact evaluator and of the columns.
//!
//! `tests/facts` holds the rows as they were collected, with their sources; a failure names the row and its source. What
//! is unset in the law must be refused, and nothing that was only seen on an unofficial page may stand as confirmed.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "chance is for the tests with random rows")]
mod common;
mod rows;
mod asking;

mod examples;
mod retirement;
mod pensions;
mod parameters;
mod borders;
