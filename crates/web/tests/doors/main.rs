//! The doors on both databases, as a browser meets them, and as somebody meets them who means no good.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod another_house;
mod api;
mod counter;
mod employer;
mod hostile;
mod filled;
mod lists;
mod matrix;
mod openid;
mod outgoing;
mod pages;
mod passkeys;
mod person;
mod population;
mod registry;
mod told;
mod story;
mod whatif;
mod world;
