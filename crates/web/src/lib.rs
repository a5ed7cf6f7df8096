//! The doors: where people meet the city.
//!
//! *What is here?* HTTP and HTML, and nothing else: what may be done and by whom is decided in [`office`], what is owed in the
//! law. A page asks a use case on a blocking thread through [`House::office`], and turns what it gets into markup.
//!
//! | to | open |
//! |---|---|
//! | see every page and who may open it | [`routes`] |
//! | add a page | [`page`], then its door's folder |
//! | see what every request passes | [`wall`] |
//! | use or change a component | [`look`] |
//! | tell somebody why not | [`problem`] |
//! | see how one comes in | [`sign_in`] |
//! | see what programs meet | [`api`] |
//! | run it | [`serve`], [`House`] |
//!
//! Nothing needs a script. Every text is said in Chinese and English, or it does not compile.

#![warn(missing_docs)]

pub mod routes;
pub mod page;
pub mod visitor;
pub mod problem;
pub mod house;
pub mod serve;
pub mod counters;
pub mod jobs;
pub mod signing;
pub mod outgoing;

pub mod wall;
pub mod upload;
pub(crate) mod acts;
pub(crate) mod forms;
pub(crate) mod export;
pub mod look;

// The doors.
mod home;
pub mod sign_in;
mod library;
mod person;
mod employer;
mod counter;
mod city_door;
pub mod api;
mod registry;
#[cfg(test)]
mod samples;

pub use house::{Clock, House, Joined, Persona, Settings};
