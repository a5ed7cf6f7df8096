//! What may be typed about individual accounts.

use super::statement::{CheckProof, Prove, Statement};
use super::{Format, Place, Signed, any_month};
use clap::{Args, Subcommand, ValueEnum};
use measure::{Fen, Month};
use std::path::PathBuf;

/// What can be done with an individual account.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum AccountCommand {
    /// What stands in a person's accounts: every credit, entry and year's interest, each with its law · 个人账户对账单
    #[command(after_help = "\
Examples:
  renshe account statement 2041 --as li --purpose 'case 184' --db sqlite:city.db
  renshe account statement 2041 --as-of 2025-12-31 --as li --purpose 'case 184' --lang zh
  renshe account statement 2041 --explain 3 --as li --purpose 'case 184'
  renshe account statement 500101199902300010 --keys city.keys --as li --purpose 'case 184' --format json

As of a day it says what was known at its end. --explain opens a line to the rule that gave it, under the law that was
applied then. Who read it and what for is noted.
Exit codes: 0 shown; 1 no such person, or an error; 2 wrong usage.")]
    Statement(Statement),

    /// Prove that a person's lines belong to a sealed month, as a file that is checked without the office · 封存明细证明
    #[command(after_help = "\
Examples:
  renshe account proof 2041 2025-06 --out proof.json --as li --purpose 'asked by the insured' --db sqlite:city.db
  renshe account proof 2041 2025-06 --crediting --as li --purpose 'asked by the insured'

Exit codes: 0 proven; 1 refused, or an error; 2 wrong usage.")]
    Proof(Prove),

    /// Check such a file against the hash of a seal; no database is needed · 核对封存明细证明
    #[command(after_help = "\
Examples:
  renshe account check-proof proof.json --seal 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef

`renshe month seals` lists the hashes an office makes known.
Exit codes: 0 the lines are in what was sealed; 1 they are not, or an error; 2 wrong usage.")]
    CheckProof(CheckProof),

    /// Ask for a correction of an account; it counts when another has approved it · 申请更正个人账户
    #[command(after_help = "\
Examples:
  renshe account post 2041 --amount 352.32 --month 2025-03 --reason 'March was credited to another' --key case/184 --as clerk
  renshe account post 2041 --amount -20 --month 2025-03 --reason 'a transposed figure' --key case/185 --as clerk

A correction waits for no run and disturbs none. Sent again under the same key, it is the same entry.
Exit codes: 0 asked; 1 refused, or an error; 2 wrong usage.")]
    Post(Post),

    /// Ask for a posted correction to be taken back · 申请冲销更正
    #[command(after_help = "\
Examples:
  renshe account reverse 7 --reason 'it was right before' --key case/190 --as clerk --db sqlite:city.db

Exit codes: 0 asked; 1 refused, or an error; 2 wrong usage.")]
    Reverse(Reverse),

    /// Approve a correction, or list those that wait; not by whoever asked · 复核更正
    #[command(after_help = "\
Examples:
  renshe account approve --as chief --db sqlite:city.db
  renshe account approve 7 --as chief --db sqlite:city.db

From now on it counts, and it is booked. The next run that credits takes it up into its generation of accounts.
Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Approve(Approve),

    /// Decline a correction that waits: it never counts · 退回更正
    #[command(after_help = "\
Examples:
  renshe account decline 7 --as chief --db sqlite:city.db

Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Decline(Decline),
}

/// Whose account.
#[derive(Args, Clone, Debug)]
pub(crate) struct Whose {
    /// The person: number in the register, or identity number with --keys
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    /// The file of keys by which identity numbers are found
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

/// A scheme with individual accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccountScheme {
    /// 企业职工基本养老保险
    EmployeePension,
    /// 城乡居民基本养老保险
    ResidentPension,
}

/// `account post`
#[derive(Args, Debug)]
pub(crate) struct Post {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// In which scheme
    #[arg(long, value_enum, default_value = "employee-pension")]
    pub(crate) scheme: AccountScheme,
    /// Which month it puts right
    #[arg(long, value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    /// What is added, in yuan; below zero what is taken
    #[arg(long, value_name = "YUAN", value_parser = yuan, allow_hyphen_values = true)]
    pub(crate) amount: Fen,
    /// Why, and what it rests on
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The same when it is sent again, such as a case's number
    #[arg(long, value_name = "KEY")]
    pub(crate) key: String,
    /// The district whose books are to have it, where there is no account yet
    #[arg(long, value_name = "CODE")]
    pub(crate) district: Option<i32>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `account reverse`
#[derive(Args, Debug)]
pub(crate) struct Reverse {
    /// The entry's number
    #[arg(value_name = "ENTRY", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) entry: i64,
    /// Why, and what it rests on
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The same when it is sent again, such as a case's number
    #[arg(long, value_name = "KEY")]
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `account approve`
#[derive(Args, Debug)]
pub(crate) struct Approve {
    /// The entry's number; without it those that wait are listed
    #[arg(value_name = "ENTRY", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) entry: Option<i64>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `account decline`
#[derive(Args, Debug)]
pub(crate) struct Decline {
    /// The entry's number
    #[arg(value_name = "ENTRY", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) entry: i64,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

pub(crate) fn yuan(text: &str) -> Result<Fen, String> {
    Fen::parse(text).map_err(|error| error.to_string())
}
