//! What may be typed about persons: their household, their further pillars, and whether two are one.

use super::account::{Whose, yuan};
use super::{Format, Place, Signed, day};
use clap::{Args, Subcommand, ValueEnum};
use measure::{Day, Fen};
use std::path::PathBuf;

/// What can be done about a person.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum PersonCommand {
    /// Show a person's household, further pillars and merges, and since when · 查看家庭关系、补充保险与合并
    #[command(after_help = "\
Examples:
  renshe person show 2041 --as li --purpose 'case 184' --db sqlite:city.db
  renshe person show 500101199902300010 --keys city.keys --as li --purpose 'case 184' --format json

As known now. Persons are named by their number in the register. Who looked and what for is noted.
Exit codes: 0 shown; 1 no such person, or an error; 2 wrong usage.")]
    Show(ShowPerson),

    /// Record what another person is to somebody in the household · 登记家庭关系
    #[command(after_help = "\
Examples:
  renshe person link 2041 2042 --relation spouse --from 2020-05-01 --as li --db sqlite:city.db
  renshe person link 2041 2043 --relation child --from 2021-02-11 --until 2024-09-01 --as li

2042 is the spouse of 2041, and 2041 that of 2042: both are recorded where the one follows from the other. What is said of
days takes the place of what was recorded of them.
Exit codes: 0 recorded, or the register said so already; 1 refused, or an error; 2 wrong usage.")]
    Link(Link),

    /// Record that two persons are of one household no more, or never were · 解除家庭关系
    #[command(after_help = "\
Examples:
  renshe person unlink 2041 2042 --from 2025-03-01 --as li --db sqlite:city.db

Exit codes: 0 recorded, or there was nothing; 1 refused, or an error; 2 wrong usage.")]
    Unlink(Unlink),

    /// Record what a provider tells of somebody's enterprise annuity or personal pension · 登记企业年金、个人养老金
    #[command(after_help = "\
Examples:
  renshe person pillar 2041 --scheme enterprise-annuity --provider 某信托 --contributed 12000.00 --from 2025-01-01 --as li
  renshe person pillar 2041 --scheme personal-pension --provider 某银行 --contributed 3000 --from 2025-06-01 --until 2025-07-01 --as li

The sum is what was paid in by then. The office collects none of it.
Exit codes: 0 recorded, or the register said so already; 1 refused, or an error; 2 wrong usage.")]
    Pillar(TellPillar),

    /// Two records of one person: make them one, or part them again, by two people · 合并重复人员
    #[command(subcommand)]
    Merge(MergeCommand),
}

/// What can be done about two records of one person.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum MergeCommand {
    /// Ask that a person be made one with another, who remains · 申请合并
    #[command(after_help = "\
Examples:
  renshe person merge ask 2041 7730 --reason 'one card, case 184' --as li --db sqlite:city.db

What is held under 7730 is to move to 2041. What cannot be done is refused at once; nothing moves before another approves.
Exit codes: 0 asked for; 1 refused, or an error; 2 wrong usage.")]
    Ask(AskMerge),

    /// Ask that a merge be undone · 申请撤销合并
    #[command(after_help = "\
Examples:
  renshe person merge undo 3 --reason 'two cousins after all' --as li --db sqlite:city.db

3 is the number of the merge, as `renshe person show` has it. It is undone as long as nothing that moved has changed since.
Exit codes: 0 asked for; 1 refused, or an error; 2 wrong usage.")]
    Undo(AskUndo),

    /// Approve a request: the two are one from now on, or two again; not by whoever asked · 复核合并
    #[command(after_help = "\
Examples:
  renshe person merge approve 5 --keys city.keys --as chief --db sqlite:city.db

Identity numbers move with their person and are sealed anew, which takes the keys.
Exit codes: 0 done; 1 refused, or an error; 2 wrong usage.")]
    Approve(ApproveMerge),

    /// Decline a request: nothing moves · 不予合并
    #[command(after_help = "\
Examples:
  renshe person merge decline 5 --as chief --db sqlite:city.db

Exit codes: 0 declined; 1 refused, or an error; 2 wrong usage.")]
    Decline(NumberedRequest),

    /// List the requests that wait for a second person · 列出待复核的合并
    #[command(after_help = "\
Examples:
  renshe person merge list --as chief --db sqlite:city.db
  renshe person merge list --as chief --format json

Exit codes: 0 listed; 1 an error; 2 wrong usage.")]
    List(ListRequests),
}

/// Two persons.
#[derive(Args, Clone, Debug)]
pub(crate) struct Pair {
    /// The person: number in the register, or identity number with --keys
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    /// The other person
    #[arg(value_name = "OTHER")]
    pub(crate) other: String,
    /// The file of keys by which identity numbers are found
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
}

impl Pair {
    /// Each of them, as one is named.
    pub(crate) fn each(&self) -> [Whose; 2] {
        [&self.person, &self.other].map(|person| Whose {
            person: person.clone(),
            keys: self.keys.clone(),
        })
    }
}

/// On which days something holds.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Days {
    /// The first day
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) from: Day,
    /// The first day on which it holds no more; without it, it holds on
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) until: Option<Day>,
}

/// What another person of the household is to one.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Relative {
    /// 户主
    Head,
    /// 配偶
    Spouse,
    /// 子女
    Child,
    /// 父母
    Parent,
    /// 祖父母、外祖父母
    Grandparent,
    /// 孙子女、外孙子女
    Grandchild,
    /// 兄弟姐妹
    Sibling,
    /// 其他
    Other,
}

/// A further pillar.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PillarScheme {
    /// 企业年金
    EnterpriseAnnuity,
    /// 个人养老金
    PersonalPension,
}

/// `person show`
#[derive(Args, Debug)]
pub(crate) struct ShowPerson {
    #[command(flatten)]
    pub(crate) whose: Whose,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the answer is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}

/// `person link`
#[derive(Args, Debug)]
pub(crate) struct Link {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// What the other is to the person
    #[arg(long, value_enum)]
    pub(crate) relation: Relative,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person unlink`
#[derive(Args, Debug)]
pub(crate) struct Unlink {
    #[command(flatten)]
    pub(crate) pair: Pair,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person pillar`
#[derive(Args, Debug)]
pub(crate) struct TellPillar {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Which
    #[arg(long, value_enum)]
    pub(crate) scheme: PillarScheme,
    /// Who runs it: a bank, an insurer, a trustee
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: String,
    /// What was paid in by then, in yuan
    #[arg(long, value_name = "YUAN", value_parser = yuan)]
    pub(crate) contributed: Fen,
    #[command(flatten)]
    pub(crate) days: Days,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person merge ask`
#[derive(Args, Debug)]
pub(crate) struct AskMerge {
    #[command(flatten)]
    pub(crate) pair: Pair,
    /// Why they are one
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person merge undo`
#[derive(Args, Debug)]
pub(crate) struct AskUndo {
    /// The merge's number
    #[arg(value_name = "MERGE", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) merge: i64,
    /// Why they are two
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person merge decline`
#[derive(Args, Debug)]
pub(crate) struct NumberedRequest {
    /// The request's number
    #[arg(value_name = "REQUEST", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) request: i64,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
}

/// `person merge approve`
#[derive(Args, Debug)]
pub(crate) struct ApproveMerge {
    #[command(flatten)]
    pub(crate) which: NumberedRequest,
    /// The file of keys with which identity numbers are sealed
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: PathBuf,
}

/// `person merge list`
#[derive(Args, Debug)]
pub(crate) struct ListRequests {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signed: Signed,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
}
