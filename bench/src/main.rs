//! Comparisons with hand-written code and other people's software, each one command.
#![warn(missing_docs)]

mod law;

fn main() {}
