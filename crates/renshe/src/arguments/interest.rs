//! What may be typed about a year's interest.

use super::account::AccountScheme;
use super::{AppliedLaw, Place, Signed};
use clap::{Args, Subcommand};
use measure::Year;

/// What can be done with the interest of a year.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum InterestCommand {
    /// Compute the interest of a year; started again, it goes on where it was killed · 计算年度利息
    #[command(after_help = "\
Examples:
  renshe interest bear 2025 --as maker --db sqlite:city.db
  renshe interest bear 2025 --scheme resident-pension --as maker --db sqlite:city.db

The year's last month must be closed and its rate known. Each credit bears interest from its month on.
Exit codes: 0 computed; 1 refused, or an error; 2 wrong usage.")]
    Bear(Bear),
    /// Show what a year's interest comes to, beside last year, and the hash of its content · 查看利息控制总数
    #[command(after_help = "\
Examples:
  renshe interest review 2025 --db sqlite:city.db

Exit codes: 0 shown; 1 an error; 2 wrong usage.")]
    Review(YearOf),
    /// Approve exactly the content that was looked at; not by whoever made it · 复核利息
    #[command(after_help = "\
Examples:
  renshe interest approve 2025 --hash 0123456789abcdef --as checker --db sqlite:city.db

Exit codes: 0 approved; 1 refused, or an error; 2 wrong usage.")]
    Approve(ByHash),
    /// Put the approved interest in force: it stands in the accounts from now on · 发布利息
    #[command(after_help = "\
Examples:
  renshe interest publish 2025 --as checker --db sqlite:city.db

Exit codes: 0 published; 1 refused, or an error; 2 wrong usage.")]
    Publish(InName),
    /// Give up a computation that is not in force · 作废未发布的利息
    #[command(after_help = "\
Examples:
  renshe interest discard 2025 --as maker --db sqlite:city.db

Exit codes: 0 given up; 1 refused, or an error; 2 wrong usage.")]
    Discard(InName),
}

/// A year's interest on the accounts of a scheme.
#[derive(Args, Clone, Debug)]
pub(crate) struct YearOf {
    /// The year, such as 2025
    #[arg(value_name = "YEAR", value_parser = any_year)]
    pub(crate) year: Year,
    /// On the accounts of which scheme
    #[arg(long, value_enum, default_value = "employee-pension")]
    pub(crate) scheme: AccountScheme,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// A year's interest, in somebody's name.
#[derive(Args, Clone, Debug)]
pub(crate) struct InName {
    #[command(flatten)]
    pub(crate) of: YearOf,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `interest bear`
#[derive(Args, Clone, Debug)]
pub(crate) struct Bear {
    #[command(flatten)]
    pub(crate) of: InName,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// `interest approve`
#[derive(Args, Clone, Debug)]
pub(crate) struct ByHash {
    #[command(flatten)]
    pub(crate) of: InName,
    /// The hash that `review` showed, at least its first sixteen digits
    #[arg(long, value_name = "HASH")]
    pub(crate) hash: String,
}

fn any_year(text: &str) -> Result<Year, String> {
    Year::parse(text).map_err(|error| format!("{error}; write it as 2025"))
}
