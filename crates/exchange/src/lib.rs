//! Talking to others: the files, and later the wires, through which facts come in and results go out.
//!
//! [`rows`] runs a whole population from file to file. Nothing here decides anything: the law is applied by whoever is
//! handed in as [`rows::Evaluator`].

#![warn(missing_docs)]

pub mod rows;

mod error;
mod harmless;
mod pieces;
