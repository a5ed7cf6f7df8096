//! What becomes of somebody's individual account besides what the month credits?
//!
//! | to | open |
//! |---|---|
//! | correct it at the counter, and take a correction back | [`post`] |
//! | show what stands in it, line by line, and by which law | [`statement`] |
//! | show a person's months in every scheme, and what each part follows from | [`months`] |
//! | say what a person may count on when they retire | [`prospect`] |
//! | prove that a person's line belongs to a sealed month | [`proof`] |
//!
//! Nothing here waits for a run. A run that credits takes up the entries that were approved when it was opened; whatever is
//! posted while it computes, waits for review or is published stands beside its generation until the next takes it up. So a
//! balance is always that of the generation in force and of the entries that are in none.

pub mod post;
pub mod statement;
pub mod months;
pub mod prospect;
pub mod proof;
