//! The office at work, on both databases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod any_order;
mod collecting;
mod deciding;
mod money;
mod month;
mod pages;
mod town;
mod verifying;
