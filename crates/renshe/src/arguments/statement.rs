//! What may be typed to see an account, and to prove a line of it.

use super::account::Whose;
use super::{Page, Place, any_month, day};
use clap::Args;
use measure::{Day, Month};
use std::path::PathBuf;

/// In whose name a person's data is read, and why: both are noted.
#[derive(Args, Clone, Debug)]
pub(crate) struct Reading {
    /// Who reads it, as the audit log is to name them, such as li@500103
    #[arg(long = "as", value_name = "LOGIN")]
    pub(crate) actor: String,
    /// What for, such as a case's number; for the audit log
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: String,
}

/// `account statement`
#[derive(Args, Debug)]
pub(crate) struct Statement {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// As it was known at the end of which day; without it today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) as_of: Option<Day>,
    /// Open a line to its law, by its number in the statement
    #[arg(long, value_name = "LINE", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) explain: Option<u32>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The jurisdiction whose law was applied
    #[arg(long, value_name = "JURISDICTION", default_value = "cn-50")]
    pub(crate) jurisdiction: String,
    /// How it is written; a page of HTML only with --explain
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Page,
}

/// `account proof`
#[derive(Args, Debug)]
pub(crate) struct Prove {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// The month, such as 2025-06
    #[arg(value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    /// The accounts as the month left them, not what was due for it
    #[arg(long)]
    pub(crate) crediting: bool,
    /// The file to write; without it the output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// `account check-proof`
#[derive(Args, Debug)]
pub(crate) struct CheckProof {
    /// The file that `account proof` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The hash of the month's seal, as it was made known
    #[arg(long, value_name = "HASH")]
    pub(crate) seal: String,
}
