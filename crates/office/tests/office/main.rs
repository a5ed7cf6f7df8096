//! The office at work, on both databases.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod any_order;
mod archive;
mod collecting;
mod counter;
mod deciding;
mod declaring;
mod differing;
mod every_amount;
mod hall;
mod interest;
mod money;
mod month;
mod pages;
mod permitting;
mod registering;
mod roles;
mod roster;
mod several;
mod statement;
mod town;
mod verifying;
mod correcting;
mod explaining;
