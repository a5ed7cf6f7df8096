//! How does money come in, and what does it settle?
//!
//! ```text
//! receive ─► allocate ─► (what is nobody's, or too much) ─► clarify ─► allocate
//!                                      └──► refund
//! undo takes back what was allocated to the wrong one; instalments, write-offs and refunds take two people.
//! ```
//!
//! | to | open |
//! |---|---|
//! | take in what a bank says was received | [`receive`] |
//! | let it settle bills, in the lawful order | [`allocate`] |
//! | say whose money it is | [`clarify`] |
//! | take an allocation back | [`undo`] |
//! | show what is owed today and tomorrow, and how old it is | [`owes`] |
//! | agree on instalments | [`instalments`] |
//! | write off what cannot be had any more | [`write_off`] |
//! | send back what was paid too much | [`refund`] |
//! | hand a file in and decide at the counter | [`desk`] |
//!
//! # The books
//!
//! All money comes in on the bank account of one fund, the employees' pooled pension, and stands there in clearing. What it
//! settles of other funds goes through settlement. What was assessed by district is taken by district: a batch of
//! allocations is a journal with a line a fund and district, however many receipts it has, and the rows of receipts and
//! allocations are its sub-ledger. So always, to the fen:
//!
//! - clearing is what receipts have left, refunds sent not counted;
//! - the receivable of a fund and district is what its bills have open;
//! - late fees receivable are zero: a fee is charged when it is paid or written off, and is not claimed before.

pub mod receive;
pub mod allocate;
pub mod clarify;
pub mod undo;
pub mod owes;
pub mod instalments;
pub mod write_off;
pub mod refund;
pub mod desk;

pub(crate) mod entries;
mod refusal;

pub use refusal::Refusal;
