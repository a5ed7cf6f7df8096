//! Talking to others: the files, and later the wires, through which facts come in and results go out.
//!
//! [`rows`] runs a whole population from file to file. [`sheets`] reads what an employer declares for a month, [`bank`]
//! what a bank says was received, [`archive`] keeps rows that leave the database, [`tables`] writes what a page
//! shows. Nothing here decides anything: the law is applied by whoever is handed in as
//! [`rows::Evaluator`], and rows and receipts are handed on as they were read.

#![warn(missing_docs)]

pub mod rows;
pub mod sheets;
pub mod bank;
pub mod archive;
pub mod tables;

mod csv_text;
mod error;
mod fault;
mod harmless;
mod pieces;
mod xml;

pub use error::{Error, Note, Said, Wording};
pub use fault::{Fault, Faults, Place, Weight};
