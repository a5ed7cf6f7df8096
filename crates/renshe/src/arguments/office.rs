//! What may be typed about a city that is kept in a database.

use super::{Format, LawFolder};
use clap::{Args, Subcommand};
use measure::Month;
use std::path::PathBuf;

/// The database a city is kept in.
#[derive(Args, Clone, Debug)]
pub(crate) struct Place {
    /// The database: sqlite:FILE or postgres://USER@HOST/NAME
    #[arg(
        long,
        value_name = "URL",
        env = "RENSHE_DB",
        default_value = "sqlite:renshe.db",
        hide_env_values = true
    )]
    pub(crate) db: String,
}

/// The law that is applied to a city.
#[derive(Args, Clone, Debug)]
pub(crate) struct AppliedLaw {
    #[command(flatten)]
    pub(crate) folder: LawFolder,
    /// The jurisdiction whose law applies
    #[arg(long, value_name = "JURISDICTION", default_value = "cn-50")]
    pub(crate) jurisdiction: String,
}

/// In whose name something is done.
#[derive(Args, Clone, Debug)]
pub(crate) struct Signed {
    /// Who does it, as the audit log is to name them, such as li@500103
    #[arg(long = "as", value_name = "LOGIN")]
    pub(crate) actor: String,
    /// What for, such as a case's number; for the audit log
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: Option<String>,
}

/// A month of a city, in somebody's name.
#[derive(Args, Clone, Debug)]
pub(crate) struct OfMonth {
    /// The month, such as 2025-06
    #[arg(value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

/// A month under a law.
#[derive(Args, Clone, Debug)]
pub(crate) struct Opened {
    #[command(flatten)]
    pub(crate) of: OfMonth,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
}

/// A run of a month.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunOf {
    /// The month, such as 2025-06
    #[arg(value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) which: Which,
}

/// Which run of a month; the assessment of dues where nothing is said.
#[derive(Args, Clone, Copy, Debug)]
#[group(multiple = false)]
pub(crate) struct Which {
    /// The crediting of the accounts
    #[arg(long)]
    pub(crate) crediting: bool,
    /// The last run of differences
    #[arg(long)]
    pub(crate) difference: bool,
}

/// A run of a month, in somebody's name.
#[derive(Args, Clone, Debug)]
pub(crate) struct SignedRun {
    #[command(flatten)]
    pub(crate) run: RunOf,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// A run, by the content that was looked at.
#[derive(Args, Clone, Debug)]
pub(crate) struct ByHash {
    #[command(flatten)]
    pub(crate) run: RunOf,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// The hash that `review` showed, at least its first sixteen digits
    #[arg(long, value_name = "HASH")]
    pub(crate) hash: String,
}

/// What can be done with a month.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum MonthCommand {
    /// Open the month's assessment: it knows what is recorded now · 开启核定
    #[command(after_help = "\
Examples:
  renshe month open 2025-06 --as maker@500103 --db sqlite:city.db

Exit codes: 0 opened; 1 refused, or an error; 2 wrong usage.")]
    Open(Opened),
    /// Compute what everybody owes; started again, it goes on where it was killed · 核定应缴
    #[command(after_help = "\
Examples:
  renshe month assess 2025-06 --as maker@500103 --db sqlite:city.db

Exit codes: 0 computed; 1 refused, or an error; 2 wrong usage.")]
    Assess(Opened),
    /// Show what a run comes to, beside last month, and the hash of its content · 查看控制总数
    #[command(after_help = "\
Examples:
  renshe month review 2025-06 --db sqlite:city.db
  renshe month review 2025-06 --crediting --db sqlite:city.db

Exit codes: 0 shown; 1 an error; 2 wrong usage.")]
    Review(RunOf),
    /// Approve exactly the content that was looked at; not by whoever made it · 复核
    #[command(after_help = "\
Examples:
  renshe month approve 2025-06 --hash 0123456789abcdef --as checker@500103 --db sqlite:city.db

Exit codes: 0 approved; 1 refused, or an error; 2 wrong usage.")]
    Approve(ByHash),
    /// Put the approved assessment, or differences, in force: bills are owed from now on · 发布
    #[command(after_help = "\
Examples:
  renshe month publish 2025-06 --as checker@500103 --db sqlite:city.db

Exit codes: 0 published; 1 refused, or an error; 2 wrong usage.")]
    Publish(SignedRun),
    /// Compute what a month in force differs by, now that more is known · 差额核定
    #[command(after_help = "\
Examples:
  renshe month differ 2025-06 --as maker@500103 --db sqlite:city.db
  renshe month review 2025-06 --difference --db sqlite:city.db
  renshe month approve 2025-06 --difference --hash 0123456789abcdef --as checker@500103 --db sqlite:city.db
  renshe month publish 2025-06 --difference --as checker@500103 --db sqlite:city.db

What is given back becomes money of the payer, which settles other bills or is sent back.
Exit codes: 0 computed; 1 refused, or an error; 2 wrong usage.")]
    Differ(Opened),
    /// Give up a run that is not in force · 作废
    #[command(after_help = "\
Examples:
  renshe month discard 2025-06 --as maker@500103 --db sqlite:city.db
  renshe month discard 2025-06 --crediting --as maker@500103 --db sqlite:city.db

Exit codes: 0 given up; 1 refused, or an error; 2 wrong usage.")]
    Discard(SignedRun),
    /// Compute which accounts are credited with what was paid in full · 记账
    #[command(after_help = "\
Examples:
  renshe month credit 2025-06 --as maker@500103 --db sqlite:city.db

Exit codes: 0 computed; 1 refused, or an error; 2 wrong usage.")]
    Credit(Opened),
    /// Put the approved crediting in force and seal the month · 结账封存
    #[command(after_help = "\
Examples:
  renshe month close 2025-06 --as checker@500103 --db sqlite:city.db

Exit codes: 0 closed; 1 refused, or an error; 2 wrong usage.")]
    Close(OfMonth),
    /// Move old closed months to files, proven equal, when another has approved · 归档旧月份
    #[command(after_help = "\
Examples:
  renshe month archive --through 2024-12 --folder archive --as maker --db sqlite:city.db
  renshe month archive --older-than 12 --as maker --db sqlite:city.db
  renshe month archive --approve --as checker --db sqlite:city.db

Dues and accounts of closed months are written to Parquet, read back, and compared with what their seals bind. Only when a
second person has approved, and the same was proven once more, do the rows leave the database. Statements, proofs, crediting
and verify go on reading them from the files. --folder says where the files lie; given again, where they were moved to.
Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Archive(Archive),
    /// List the chain of seals, with the hashes to be made known · 列出封存链
    #[command(after_help = "\
Examples:
  renshe month seals --db sqlite:city.db

Whoever keeps the last hash elsewhere can tell later whether anything sealed up to then was altered.
Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    Seals(Seals),
}

/// `month archive`
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["through", "older_than", "approve"])))]
pub(crate) struct Archive {
    /// Write closed months up to this one, such as 2024-12
    #[arg(long, value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) through: Option<Month>,
    /// Write closed months that are more than so many months back
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..=1200))]
    pub(crate) older_than: Option<i32>,
    /// Approve what was written by someone else: its rows leave the database
    #[arg(long)]
    pub(crate) approve: bool,
    /// Where the files lie; without it where they lay before
    #[arg(long, value_name = "DIR", conflicts_with = "approve")]
    pub(crate) folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `month seals`
#[derive(Args, Debug)]
pub(crate) struct Seals {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `verify`
#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The jurisdiction whose law was applied
    #[arg(long, value_name = "JURISDICTION", default_value = "cn-50")]
    pub(crate) jurisdiction: String,
    /// How many threads work; without it as many as there are cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How the findings are written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// What can be done with the database.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum StoreCommand {
    /// Make the tables, or bring them up to this program · 建立或升级表结构
    #[command(after_help = "\
Examples:
  renshe store migrate --db sqlite:city.db
  renshe store migrate --db postgres://renshe@db/renshe

Readers go on meanwhile. Run twice it does nothing.
Exit codes: 0 up to date; 1 an error; 2 wrong usage.")]
    Migrate(Migrate),
    /// Make a file of keys for names and identity numbers · 生成密钥文件
    #[command(after_help = "\
Examples:
  renshe store keys city.keys

Exit codes: 0 written; 1 an error, such as a file that is there; 2 wrong usage.")]
    Keys(Keys),
}

/// `store migrate`
#[derive(Args, Debug)]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) place: Place,
}

/// `store keys`
#[derive(Args, Debug)]
pub(crate) struct Keys {
    /// The file to write
    pub(crate) file: PathBuf,
}

pub(crate) fn any_month(text: &str) -> Result<Month, String> {
    Month::parse(text).map_err(|error| format!("{error}; write it as 2025-06"))
}
