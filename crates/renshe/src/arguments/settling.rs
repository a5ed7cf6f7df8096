//! What may be typed about debts that are not simply paid: instalments, write-offs, refunds.

use super::{AppliedLaw, Format, Place, Signed, day};
use city::collection::{BillId, referred};
use clap::{Args, Subcommand, ValueEnum};
use measure::{Day, Fen};

/// What can be done with an agreement on instalments.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum InstalmentsCommand {
    /// Propose to pay all that is owed today in parts a month apart · 提出延期缴费
    #[command(after_help = "\
Examples:
  renshe instalments propose 91500000000000012X --count 6 --first 2025-08-31 --as clerk@500103 --db sqlite:city.db
  renshe instalments propose 7 --count 12 --first 2025-08-31 --guaranteed --as clerk@500103

The law says how many are allowed, with and without security. Late fees go on meanwhile.
Exit codes: 0 proposed; 1 refused, or an error; 2 wrong usage.")]
    Propose(Propose),
    /// Approve an agreement; not by whoever proposed it · 复核延期缴费
    #[command(after_help = "\
Examples:
  renshe instalments approve 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 approved; 1 refused, or an error; 2 wrong usage.")]
    Approve(Numbered),
    /// Refuse an agreement · 不予延期
    #[command(after_help = "\
Examples:
  renshe instalments decline 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 refused; 1 an error; 2 wrong usage.")]
    Decline(Numbered),
    /// Show how an agreement stands, instalment by instalment · 查看延期缴费
    #[command(after_help = "\
Examples:
  renshe instalments show 3 --db sqlite:city.db
  renshe instalments show 3 --on 2025-10-01 --format json

Exit codes: 0 shown; 1 no such agreement, or an error; 2 wrong usage.")]
    Show(Show),
    /// End the agreements that are paid to the end or of which an instalment was missed · 检查履行情况
    #[command(after_help = "\
Examples:
  renshe instalments look --as clerk@500103 --db sqlite:city.db

Exit codes: 0 done; 1 an error; 2 wrong usage.")]
    Look(AsSomebody),
}

/// What can be done about what cannot be had any more.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum WriteOffCommand {
    /// Ask for a write-off of a bill's dues or late fee, on a ground the law knows · 申请核销
    #[command(after_help = "\
Examples:
  renshe write-off ask RF6812 --ground bankruptcy --dues 1200.00 --reason \"(2025)渝01破12号\" --as clerk@500103
  renshe write-off ask 12 --ground fee-waived --fee 36.50 --reason \"waived by ruling 8\" --as clerk@500103 --db sqlite:city.db

The bill is named by its reference or number, as `renshe employer owes` shows it.
Exit codes: 0 asked for; 1 refused, or an error; 2 wrong usage.")]
    Ask(AskWriteOff),
    /// Approve a write-off: it is settled as of today without money; not by whoever asked · 复核核销
    #[command(after_help = "\
Examples:
  renshe write-off approve 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 written off; 1 refused, or an error; 2 wrong usage.")]
    Approve(UnderLaw),
    /// Refuse a write-off · 不予核销
    #[command(after_help = "\
Examples:
  renshe write-off decline 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 refused; 1 an error; 2 wrong usage.")]
    Decline(Numbered),
}

/// What can be done about money that goes back.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum RefundCommand {
    /// Ask for what is left of a receipt to be sent back · 申请退费
    #[command(after_help = "\
Examples:
  renshe refund ask 17 --amount 12.34 --account 3100021909024800000 --reason \"paid twice\" --as clerk@500103
  renshe refund ask 17 --amount 12.34 --account 3100021909024800000 --reason \"paid twice\" --key case-881 --as clerk@500103

Asked again under the same key it is the same refund.
Exit codes: 0 asked for; 1 refused, or an error; 2 wrong usage.")]
    Ask(AskRefund),
    /// Approve a refund: the money is set aside; not by whoever asked · 复核退费
    #[command(after_help = "\
Examples:
  renshe refund approve 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 approved; 1 refused, or an error; 2 wrong usage.")]
    Approve(Numbered),
    /// Refuse a refund, or take it back before it is sent · 不予退费
    #[command(after_help = "\
Examples:
  renshe refund decline 3 --as checker@500103 --db sqlite:city.db

Exit codes: 0 refused; 1 an error; 2 wrong usage.")]
    Decline(Numbered),
    /// Note that a refund was handed to the bank · 已交银行
    #[command(after_help = "\
Examples:
  renshe refund sent 3 --as cashier@500103 --db sqlite:city.db

Exit codes: 0 noted; 1 refused, or an error; 2 wrong usage.")]
    Sent(Numbered),
    /// Note that the bank sent a refund back; the money is held again · 银行退回
    #[command(after_help = "\
Examples:
  renshe refund returned 3 --as cashier@500103 --db sqlite:city.db

Exit codes: 0 noted; 1 refused, or an error; 2 wrong usage.")]
    Returned(Numbered),
}

/// Something by its number, in somebody's name.
#[derive(Args, Debug)]
pub(crate) struct Numbered {
    /// Its number
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// In somebody's name.
#[derive(Args, Debug)]
pub(crate) struct AsSomebody {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// Something by its number, decided under a law.
#[derive(Args, Debug)]
pub(crate) struct UnderLaw {
    #[command(flatten)]
    pub(crate) which: Numbered,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
}

/// `instalments propose`
#[derive(Args, Debug)]
pub(crate) struct Propose {
    /// The employer: credit code or number
    #[arg(value_name = "CODE|NUMBER")]
    pub(crate) employer: String,
    /// In how many instalments
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) count: u32,
    /// The last day of the first instalment; the others follow a month apart
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) first: Day,
    /// There is security
    #[arg(long)]
    pub(crate) guaranteed: bool,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
}

/// `instalments show`
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// The agreement's number
    #[arg(value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) number: i64,
    /// The day; without it today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) on: Option<Day>,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `write-off ask`
#[derive(Args, Debug)]
pub(crate) struct AskWriteOff {
    /// The bill: reference or number
    #[arg(value_name = "BILL", value_parser = bill)]
    pub(crate) bill: BillId,
    /// On what ground
    #[arg(long, value_enum)]
    pub(crate) ground: OnGround,
    /// How much of the dues, in yuan
    #[arg(long, value_name = "YUAN", default_value = "0", value_parser = yuan)]
    pub(crate) dues: Fen,
    /// How much of the late fee, in yuan
    #[arg(long, value_name = "YUAN", default_value = "0", value_parser = yuan)]
    pub(crate) fee: Fen,
    /// Why: the ruling, the resolution
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    #[command(flatten)]
    pub(crate) law: AppliedLaw,
}

/// The law's grounds for a write-off.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum OnGround {
    /// Bankrupt, and the estate does not suffice
    Bankruptcy,
    /// Dissolved without a successor
    Dissolution,
    /// A court's ruling
    Ruling,
    /// The late fee is waived by law
    FeeWaived,
}

/// `refund ask`
#[derive(Args, Debug)]
pub(crate) struct AskRefund {
    /// The receipt's number
    #[arg(value_name = "RECEIPT", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) receipt: i64,
    /// How much, in yuan
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    pub(crate) amount: Fen,
    /// The account it goes to: the one it came from, or of money given back the one the payer paid from last
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The same when it is asked again; without it one made of receipt and amount
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

fn yuan(text: &str) -> Result<Fen, String> {
    let amount = Fen::parse(text).map_err(|error| format!("{error}; write it as 1200.00"))?;
    match amount < Fen::ZERO {
        true => Err("an amount is not below 0".into()),
        false => Ok(amount),
    }
}

fn bill(text: &str) -> Result<BillId, String> {
    let numbered = || text.parse().ok().and_then(BillId::new);
    referred(text).or_else(numbered).ok_or_else(|| {
        "it is neither a bill's number nor a reference with true check digits; `renshe employer owes` shows them".into()
    })
}
