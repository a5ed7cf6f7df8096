//! What both engines must do alike: each test runs on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bulk;
mod declarations;
mod employers;
mod failures;
mod insurance;
mod people;
mod registers;
mod transactions;
mod values;
