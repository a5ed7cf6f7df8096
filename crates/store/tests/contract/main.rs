//! What both engines must do alike: each test runs on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod auditing;
mod bulk;
mod declarations;
mod employers;
mod entering;
mod insurance;
mod owing;
mod people;
mod registers;
mod rosters;
mod districts;
mod encrypted;
mod failures;
mod filling;
mod generations;
mod keeping;
mod mishaps;
mod transactions;
mod values;
mod working;
