//! The schema: that migrations make it, that they run on live data, and that it keeps what it must.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod introspect;
mod migrations;
mod statements;
