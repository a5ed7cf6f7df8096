//! What may be typed about what employers declare.

use super::{AppliedLaw, Format, Place, Signed, any_month, day};
use clap::{Args, Subcommand, ValueEnum};
use measure::{Day, Month};
use std::path::PathBuf;

/// What can be done with declarations.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum DeclarationCommand {
    /// Read an employer's month: what it changes, what is wrong with it; with --record take it in · 单位申报：试算或接收
    #[command(after_help = "\
Examples:
  renshe declaration submit june.xlsx --employer 91500000000000012X --month 2025-06 --as clerk@500103
  renshe declaration submit june.xlsx --employer 7 --month 2025-06 --as clerk@500103 --record
  renshe declaration submit june.csv --employer 7 --month 2025-06 --as clerk@500103 --record --good-rows
  renshe declaration submit june.mend.csv --employer 7 --month 2025-06 --as clerk@500103 --record --part

docs/reference/declarations.md says which files are read. Without --record nothing is recorded. With it a file is recorded
as a whole or, if a row has a fault, not at all, unless --good-rows asks for the rows without faults; the others are
written into a file to be mended, which is then handed in with --part. A file for a month that was declared amends it.
Exit codes: 0 no faults; 1 an error, or nothing was recorded though it was asked for; 2 wrong usage; 3 some rows have faults.")]
    Submit(Box<Submit>),

    /// Take a whole import back: all it recorded is as before · 撤销申报
    #[command(after_help = "\
Examples:
  renshe declaration undo 17 --as clerk@500103 --purpose '交错单位'

The declaration it had amended stands again. What somebody has changed since is left, and told.
Exit codes: 0 taken back; 1 refused, or an error; 2 wrong usage; 3 taken back, but something was left.")]
    Undo(Undo),

    /// List the employers that insure somebody in a month and have not declared it · 未申报单位
    #[command(after_help = "\
Examples:
  renshe declaration missing 2025-06 --as clerk@500103
  renshe declaration missing 2025-06 --as clerk@500103 --district 500103 --format json

Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    Missing(Missing),

    /// Write to those who have not declared, as often as the law says and once each time · 催报
    #[command(after_help = "\
Examples:
  renshe declaration chase 2025-06 --as clerk@500103
  renshe declaration chase 2025-06 --on 2025-07-08 --as clerk@500103

Notices are put into the outbox, from where they are sent. Run again on the same day it writes none twice.
Exit codes: 0 done; 1 an error; 2 wrong usage.")]
    Chase(Chase),

    /// Show what an employer has declared for a month, in all its versions · 查询申报
    #[command(after_help = "\
Examples:
  renshe declaration show --employer 91500000000000012X --month 2025-06
  renshe declaration show --employer 7 --month 2025-06 --format json

Exit codes: 0 shown; 1 no such employer, or an error; 2 wrong usage.")]
    Show(Show),
}

/// Whose month.
#[derive(Args, Clone, Debug)]
pub(crate) struct Whose {
    /// The employer: credit code or number
    #[arg(long, value_name = "CODE|NUMBER")]
    pub(crate) employer: String,
    /// The month, such as 2025-06
    #[arg(long, value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
}

/// For which districts somebody acts.
#[derive(Args, Clone, Debug)]
pub(crate) struct Districts {
    /// Only employers of this district, by its six digits (may be repeated); without it those of the whole city
    #[arg(long = "district", value_name = "CODE", value_parser = clap::value_parser!(i32).range(100_000..=999_999))]
    pub(crate) districts: Vec<i32>,
}

/// How a CSV file is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// GB18030, and with it GBK and GB 2312
    Gb18030,
}

/// `declaration submit`
#[derive(Args, Debug)]
pub(crate) struct Submit {
    /// The file: .xlsx or .csv
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Record it; without this it is only looked at
    #[arg(long)]
    pub(crate) record: bool,
    /// Record the rows without faults though others have some
    #[arg(long, requires = "record")]
    pub(crate) good_rows: bool,
    /// The file tells of some of the staff only, such as rows that were mended
    #[arg(long)]
    pub(crate) part: bool,
    /// Where rows with faults go, to be mended: .csv or .xlsx; without it NAME.mend beside the file
    #[arg(long, value_name = "FILE")]
    pub(crate) mend: Option<PathBuf>,
    /// Which sheet of a workbook; without it the first that is visible
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// How a CSV file is encoded; without it whichever of the two it is
    #[arg(long, value_enum)]
    pub(crate) encoding: Option<Encoding>,
    /// The file of keys for names and identity numbers
    #[arg(long, value_name = "FILE", default_value = "renshe.keys")]
    pub(crate) keys: PathBuf,
    #[command(flatten)]
    pub(crate) districts: Districts,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
    /// How the outcome is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `declaration undo`
#[derive(Args, Debug)]
pub(crate) struct Undo {
    /// The declaration's number
    #[arg(value_name = "DECLARATION", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) declaration: i64,
    #[command(flatten)]
    pub(crate) districts: Districts,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the outcome is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `declaration missing`
#[derive(Args, Debug)]
pub(crate) struct Missing {
    /// The month, such as 2025-06
    #[arg(value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    #[command(flatten)]
    pub(crate) districts: Districts,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `declaration chase`
#[derive(Args, Debug)]
pub(crate) struct Chase {
    /// The month, such as 2025-06
    #[arg(value_name = "YYYY-MM", value_parser = any_month)]
    pub(crate) month: Month,
    /// The day; without it today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    #[command(flatten)]
    pub(crate) districts: Districts,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
    /// How the outcome is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `declaration show`
#[derive(Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}
