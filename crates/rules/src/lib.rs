//! The law language: read it, check it, explain one case, run millions in columns.
//!
//! The modules stand in the order in which a law travels: text becomes a tree ([`syntax`]), the tree becomes a
//! checked law ([`check`] makes [`law`]), and the checked law is run: one case ([`evaluate`], told by [`explain`]),
//! the examples beside it, and millions of rows ([`columns`], which [`needs`] looks up the columns for). [`listing`] says what
//! a law holds and how surely, [`links`] what names what; [`amend`] changes a figure, [`diff`] counts who gains and who loses between two.
//! This crate knows no subject and does no I/O: texts and facts come in as arguments.

pub mod diagnostic;
pub mod syntax;
pub mod law;
pub mod check;
mod exact;
pub mod refusal;
pub mod evaluate;
pub mod explain;
pub mod facts;
pub mod examples;
pub mod columns;
pub mod needs;
pub mod listing;
pub mod links;
pub mod amend;
pub mod diff;
