//! Double entry for the funds of social security: who owes what, what has come in, what was paid, and proof of it.
//!
//! *Why not a column `balance` that is added to?* Because a balance tells neither how it came about nor whether anything is
//! missing. Here each event is a [`Journal`] whose lines balance within every fund, journals are never edited, and each
//! balance can be derived again for any day.
//!
//! | a question of the office | open |
//! |---|---|
//! | how is it done: assess, allocate, correct, refund? | [`recipes`] |
//! | on which account does it stand, and for whom? | [`chart`] |
//! | what was booked, when and under which law? | [`journal`] |
//! | why was it not booked, and what is to be done? | [`status`] |
//! | what is in the books, and what may be added? | [`book`] |
//! | what stood there on that day; do the books agree? | [`balance`] |
//! | is the sealed month what it was; is my line in it? | [`seal`] |
//!
//! Four things are absent on purpose, and stay so. There is no command to change or delete a journal. There is no fund that
//! does not balance on its own. There is no rule of law: amounts come in, computed elsewhere. And there is no clock and no
//! storage: days come in as arguments, and [`judge`] says what is to be written to whoever keeps the books.

#![warn(missing_docs)]

pub mod recipes;

// What the books are made of.
pub mod chart;
pub mod journal;
pub mod status;

// Keeping them.
pub mod book;
pub mod balance;

// Proving them.
pub mod seal;

mod words;

pub use crate::{
    balance::{Balance, Booked, TrialBalance},
    book::{Applied, Book, Command, Effect, Failed, Lookup, judge},
    chart::{Account, Bound, CHART, Fund, Heading, Holder, HolderKind, Side},
    journal::{Entry, Journal, Key, Kind, Line, Origin, Phase, Reversal, State},
    seal::{
        Chunk, ChunkTree, ControlTotal, Digest, Encoder, Proof, RunTree, Seal, Sealed, leaf, prove,
        verify,
    },
    status::{Place, Refusal, Status, TITLES},
    words::Words,
};
