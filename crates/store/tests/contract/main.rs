//! What both engines must do alike: each test runs on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod bulk;
mod failures;
mod transactions;
mod values;
