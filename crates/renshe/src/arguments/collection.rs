//! What may be typed about money: the bank's and the employer's.

use super::{AppliedLaw, Format, Place, Signed, day};
use city::places::District;
use clap::{Args, Subcommand};
use measure::Day;
use std::path::PathBuf;

/// What can be done with what a bank says was received.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum BankCommand {
    /// Take a bank's file in: each receipt once, however often it is told of · 收取银行到账文件
    #[command(after_help = "\
Examples:
  renshe bank receive 20250630.xml --as cashier@500103 --db sqlite:city.db
  renshe bank receive 20250630.csv --as cashier@500103 --format json

docs/reference/bank-files.md says which files are read. A file is taken in as a whole or not at all; entries that cannot be
read are refused one by one and told. The same file, and a receipt that another file told of, bring nothing twice. What went
out of the account is counted and not taken in.
Exit codes: 0 taken in; 1 an error, nothing was taken in; 2 wrong usage; 3 taken in, but some entries were refused.")]
    Receive(Receive),

    /// Let the money that came in settle what is owed, in the lawful order · 分配到账资金
    #[command(after_help = "\
Examples:
  renshe bank allocate --as cashier@500103 --db sqlite:city.db
  renshe bank allocate --as cashier@500103 --jurisdiction cn-50 --format json

Whose a receipt is, is found by the credit code or the bill's reference in it. What is nobody's, and what is left over, stays
in clarification and is looked at again the next time. Killed and started again, it goes on where it was.
Exit codes: 0 done; 1 an error; 2 wrong usage; 3 done, but of some receipts the law does not say what they settle.")]
    Allocate(Allocate),

    /// Say whose a receipt is, or list those of which nobody has said so · 确认到账归属
    #[command(after_help = "\
Examples:
  renshe bank clarify --as clerk@500103 --db sqlite:city.db
  renshe bank clarify 17 --employer 91500000000000012X --as clerk@500103
  renshe bank clarify 18 --person 2041 --as clerk@500103

Nothing is settled yet: `renshe bank allocate` does that. The day on which it counts as paid is that of the bank.
Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Clarify(Clarify),

    /// Take back all that a receipt has settled: it was somebody else's · 撤销分配
    #[command(after_help = "\
Examples:
  renshe bank undo 17 --as clerk@500103 --db sqlite:city.db

The bills are open again, the money is in clarification, and what the bank says of it is not believed again. What was
credited to individual accounts is not taken back so.
Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Undo(Undo),
}

/// What can be asked of an employer.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum EmployerCommand {
    /// What an employer owes today, bill by bill, and what the late fee will be tomorrow · 查询单位欠费
    #[command(after_help = "\
Examples:
  renshe employer owes 91500000000000012X --db sqlite:city.db
  renshe employer owes 7 --on 2025-07-10 --lang zh
  renshe employer owes 7 --format json

The employer is named by its credit code or its number. Bills are shown with the reference by which they are paid.
Exit codes: 0 shown; 1 no such employer, or an error; 2 wrong usage.")]
    Owes(Owes),

    /// What is open in a district, by the law's bands of age · 欠费账龄
    #[command(after_help = "\
Examples:
  renshe employer arrears --district 500112 --db sqlite:city.db
  renshe employer arrears --district 500112 --on 2025-12-31 --format json

Of all payers of the district, dues only; a late fee is reckoned bill by bill.
Exit codes: 0 shown; 1 an error; 2 wrong usage.")]
    Arrears(Arrears),
}

/// `employer arrears`
#[derive(Args, Debug)]
pub(crate) struct Arrears {
    /// The district's code, such as 500112
    #[arg(long, value_name = "CODE", value_parser = district)]
    pub(crate) district: District,
    /// The day; without it today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

fn district(text: &str) -> Result<District, String> {
    let code = text.parse().ok().and_then(District::new);
    code.ok_or_else(|| "a district is a code of six digits, such as 500112".into())
}

/// `bank receive`
#[derive(Args, Debug)]
pub(crate) struct Receive {
    /// The file: .xml (camt.053, camt.054) or .csv
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the outcome is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `bank allocate`
#[derive(Args, Debug)]
pub(crate) struct Allocate {
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

/// `bank clarify`
#[derive(Args, Debug)]
pub(crate) struct Clarify {
    /// The receipt's number; without it those that wait are listed
    #[arg(value_name = "RECEIPT", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) receipt: Option<i64>,
    /// The employer whose it is: credit code or number
    #[arg(
        long,
        value_name = "CODE|NUMBER",
        requires = "receipt",
        conflicts_with = "person"
    )]
    pub(crate) employer: Option<String>,
    /// The person whose it is
    #[arg(long, value_name = "NUMBER", requires = "receipt", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) person: Option<i64>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `bank undo`
#[derive(Args, Debug)]
pub(crate) struct Undo {
    /// The receipt's number
    #[arg(value_name = "RECEIPT", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) receipt: i64,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `employer owes`
#[derive(Args, Debug)]
pub(crate) struct Owes {
    /// The employer: credit code or number
    #[arg(value_name = "CODE|NUMBER")]
    pub(crate) employer: String,
    /// The day; without it today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}
