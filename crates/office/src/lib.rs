//! How does the office work?
//!
//! One file a use case, named as staff would name it. Pages, program and batch reach a change through the same function
//! here, which decides by [`city`], keeps by [`store`], books by [`ledger`], and asks the law for every figure.
//!
//! | to | open |
//! |---|---|
//! | run the month: open, assess, review, publish, credit, close | [`month`] |
//! | prove that everything follows from facts and law | [`verify`] |
//! | correct an individual account, show what stands in it and why | [`account`] |
//! | take in what employers declare, and ask for what is missing | [`declare`] |
//! | prepare a declaration: look, mend, hand it in | [`draft`] |
//! | show an employer its own month: declared, owed, paid | [`employer`] |
//! | take money in, let it settle what is owed, and what becomes of the rest | [`collect`] |
//! | let somebody in, and see who is in | [`sign_in`] |
//! | let a program in, do once what it asks, tell it what was done | [`programs`] |
//! | know who may do what, and how far it reaches | [`permit`] |
//! | find somebody, and see what the register knows of them | [`register`] |
//! | correct the register, by two people | [`correction`] |
//! | see what waits for a second person | [`inbox`] |
//! | see who did what | [`log`] |
//! | show how the city stands, never a person | [`figures`] |
//! | try a changed law on a made-up city: who pays more, who gets less | [`whatif`], on a [`sample`] |
//! | do once what is sent twice | [`once`] |
//! | understand a failure | [`Error`] |
//!
//! It is synchronous and reads no clock: whoever acts says when, and in whose name.

#![warn(missing_docs)]

pub mod acting;
pub mod month;
pub mod verify;
pub mod collect;
pub mod account;
pub mod declare;
pub mod draft;
pub mod employer;
pub mod permit;
pub mod sign_in;
pub mod register;
pub mod correction;
pub mod inbox;
pub mod once;
pub mod log;
pub mod programs;
pub mod figures;
pub mod part;
pub mod sample;
pub mod whatif;

mod error;
mod shelf;
mod whole;

pub use crate::{acting::Acting, error::Error};
/// What pages show, written out to be taken along.
pub use exchange::tables;
/// The database a use case works on; whoever calls only hands it on.
pub use store::Db;
/// The keys by which names and identity numbers are encrypted and found.
pub use store::secrets::Secrets;
