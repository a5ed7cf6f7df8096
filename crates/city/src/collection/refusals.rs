//! Why money is not moved so.

use super::LawRefusal;
use crate::actors::Actor;
use crate::refusal::{Refused, Said, errors, said};
use measure::{Day, Error, Fen};

/// Why money is not moved so. Where several hold, the first of this list is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CollectionRefusal {
    /// There is no money to allocate, or an amount that must be above zero is not.
    NoMoney {
        /// The amount.
        money: Fen,
    },
    /// An amount or day is too large to be held.
    TooLarge(Error),
    /// The law gives no answer.
    Law(LawRefusal),
    /// It is not in the state in which this can be done.
    NotNow {
        /// The state, in both languages.
        state: (&'static str, &'static str),
    },
    /// Whoever proposed does not approve.
    SamePerson {
        /// Who.
        actor: Actor,
    },
    /// Nothing is owed.
    NothingOwed,
    /// An agreement of no instalment, or one longer than the law allows, or without the security it asks for.
    PlanNotAllowed {
        /// In how many months it would be paid.
        months: u32,
        /// Whether there is security.
        guaranteed: bool,
    },
    /// The first instalment would be in the past.
    PlanInThePast {
        /// The day of the first.
        first: Day,
        /// Today.
        today: Day,
    },
    /// More than is open.
    MoreThanOpen {
        /// Asked.
        asked: Fen,
        /// Open.
        open: Fen,
    },
    /// The law does not let this be written off on that ground.
    GroundNotLawful,
    /// Money goes back only to the account it came from.
    AnotherAccount,
}

impl From<Error> for CollectionRefusal {
    fn from(error: Error) -> CollectionRefusal {
        CollectionRefusal::TooLarge(error)
    }
}

impl From<LawRefusal> for CollectionRefusal {
    fn from(refusal: LawRefusal) -> CollectionRefusal {
        CollectionRefusal::Law(refusal)
    }
}

impl Refused for CollectionRefusal {
    #[expect(clippy::too_many_lines, reason = "a table: an arm a refusal")]
    fn said(&self) -> Said {
        match self {
            CollectionRefusal::NoMoney { money } => said(
                "K0101",
                (
                    format!("金额 {money} 元不大于零"),
                    format!("an amount of {money} yuan is not above zero"),
                ),
                ("核对金额", "check the amount"),
            ),
            CollectionRefusal::TooLarge(error) => said(
                "K0102",
                (
                    "金额或日期超出范围",
                    format!("an amount or day is out of range: {error}"),
                ),
                (
                    "核对金额、日期及其单位",
                    "check amounts, days and their units",
                ),
            ),
            CollectionRefusal::Law(refusal) => refusal.said(),
            CollectionRefusal::NotNow { state } => said(
                "K0103",
                (
                    format!("当前状态为“{}”，不能办理", state.0),
                    format!("it is {} and this cannot be done", state.1),
                ),
                ("核对编号和进度", "check the number and how far it is"),
            ),
            CollectionRefusal::SamePerson { actor } => said(
                "K0104",
                (
                    format!("{actor} 是经办人，不能自行复核"),
                    format!("{actor} proposed it and cannot approve it"),
                ),
                ("由另一人复核", "have someone else approve it"),
            ),
            CollectionRefusal::NothingOwed => said(
                "K0105",
                ("没有欠费", "nothing is owed"),
                ("无需办理", "nothing is to be done"),
            ),
            CollectionRefusal::PlanNotAllowed { months, guaranteed } => {
                let (zh, en) = if *guaranteed {
                    ("有担保", "with")
                } else {
                    ("无担保", "without")
                };
                said(
                    "K0106",
                    (
                        format!("分 {months} 个月（{zh}）的协议不符合规定"),
                        format!("the law does not allow {months} months {en} security"),
                    ),
                    ("缩短期限，并提供担保", "shorten it, and give security"),
                )
            }
            CollectionRefusal::PlanInThePast { first, today } => said(
                "K0107",
                (
                    format!("首期 {first} 早于今天 {today}"),
                    format!("the first instalment on {first} is before today, {today}"),
                ),
                ("选择今天或以后的日期", "choose today or a later day"),
            ),
            CollectionRefusal::MoreThanOpen { asked, open } => said(
                "K0108",
                (
                    format!("申请 {asked} 元，超过可办理的 {open} 元"),
                    format!("{asked} yuan are asked, and {open} are open"),
                ),
                ("减少金额", "ask for less"),
            ),
            CollectionRefusal::GroundNotLawful => said(
                "K0109",
                (
                    "该事由不能核销所申请的部分",
                    "on this ground the part asked for cannot be written off",
                ),
                (
                    "核对事由；本金不得减免",
                    "check the ground; dues are not remitted",
                ),
            ),
            CollectionRefusal::AnotherAccount => said(
                "K0110",
                (
                    "退款账户不是来款账户",
                    "the account is not the one the money came from",
                ),
                (
                    "退回来款账户；账户已注销的另行核实",
                    "send it to the account it came from; where that is closed, have it checked",
                ),
            ),
        }
    }
}

errors!(CollectionRefusal);
