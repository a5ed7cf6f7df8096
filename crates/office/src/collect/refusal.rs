//! Why a receipt, bill or agreement is not taken further. What money itself refuses is the city's to say.

use city::collection::{BillId, Payer, ReceiptId};
use city::refusal::{Refused, Said, Sentence};
use std::fmt;

/// Why it is not done. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0301`: a receipt is known under this key with another day or amount.
    OtherContent {
        /// The key.
        key: String,
    },
    /// `N0302`: there is nothing of this number.
    Unknown {
        /// What, in both languages.
        what: (&'static str, &'static str),
        /// The number.
        number: i64,
    },
    /// `N0303`: the receipt is somebody's already.
    Attributed {
        /// Which.
        receipt: ReceiptId,
        /// Whose.
        whose: Payer,
    },
    /// `N0304`: there is no such payer in the registers.
    NoPayer {
        /// As it was named.
        named: String,
    },
    /// `N0305`: what was paid on the bill is credited to individual accounts, or is about to be.
    Credited {
        /// The bill.
        bill: BillId,
    },
    /// `N0306`: it was taken back already.
    UndoneAlready {
        /// What, in both languages.
        what: (&'static str, &'static str),
        /// The number.
        number: i64,
    },
    /// `N0307`: the key of a refund is taken by another.
    KeyTaken {
        /// The key.
        key: String,
    },
}

/// What a number may stand for.
pub(super) mod nouns {
    pub(in super::super) const RECEIPT: (&str, &str) = ("到账", "receipt");
    pub(in super::super) const ALLOCATION: (&str, &str) = ("分配", "allocation");
    pub(in super::super) const BILL: (&str, &str) = ("账单", "bill");
    pub(in super::super) const AGREEMENT: (&str, &str) = ("延期缴费协议", "agreement");
    pub(in super::super) const WRITE_OFF: (&str, &str) = ("核销申请", "write-off");
    pub(in super::super) const REFUND: (&str, &str) = ("退款", "refund");
}

/// A payer as people see it, in both languages.
pub(super) fn shown(payer: Payer) -> (String, String) {
    match payer {
        Payer::Employer(employer) => (format!("单位 {employer}"), format!("employer {employer}")),
        Payer::Person(person) => (format!("个人 {person}"), format!("person {person}")),
        Payer::Treasury(district) => (
            format!("{district} 财政"),
            format!("the treasury of {district}"),
        ),
    }
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        match self {
            Refusal::OtherContent { key } => said(
                "N0301",
                (
                    format!("到账 {key} 已登记，日期或金额不同"),
                    format!("the receipt {key} is known with another day or amount"),
                ),
                (
                    "向银行核实；整个文件未收",
                    "ask the bank; nothing of the file was taken in",
                ),
            ),
            Refusal::Unknown { what, number } => said(
                "N0302",
                (
                    format!("没有编号为 {number} 的{}", what.0),
                    format!("there is no {} {number}", what.1),
                ),
                ("核对编号", "check the number"),
            ),
            Refusal::Attributed { receipt, whose } => {
                let (zh, en) = shown(*whose);
                said(
                    "N0303",
                    (
                        format!("到账 {receipt} 已归{zh}"),
                        format!("receipt {receipt} is held to be of {en}"),
                    ),
                    (
                        "归错的先撤销：renshe bank undo",
                        "if that is wrong, take it back first: renshe bank undo",
                    ),
                )
            }
            Refusal::NoPayer { named } => said(
                "N0304",
                (
                    format!("登记中没有“{named}”"),
                    format!("“{named}” is in no register"),
                ),
                ("核对代码或编号", "check the code or number"),
            ),
            Refusal::Credited { bill } => said(
                "N0305",
                (
                    format!("账单 {bill} 的缴费已记入个人账户"),
                    format!("what was paid on bill {bill} is credited to individual accounts"),
                ),
                (
                    "以差额更正账户，不撤销分配",
                    "correct the accounts by a difference instead of taking the allocation back",
                ),
            ),
            Refusal::UndoneAlready { what, number } => said(
                "N0306",
                (
                    format!("{} {number} 已撤销", what.0),
                    format!("{} {number} was taken back already", what.1),
                ),
                ("无需再办", "nothing is to be done"),
            ),
            Refusal::KeyTaken { key } => said(
                "N0307",
                (
                    format!("编号“{key}”已用于另一笔退款"),
                    format!("the key “{key}” is taken by another refund"),
                ),
                ("换一个编号", "take another key"),
            ),
        }
    }
}

fn said(
    code: &'static str,
    message: (impl Into<String>, impl Into<String>),
    remedy: (&str, &str),
) -> Said {
    let sentence = |zh: String, en: String| Sentence { zh, en };
    Said {
        code,
        message: sentence(message.0.into(), message.1.into()),
        remedy: sentence(remedy.0.to_owned(), remedy.1.to_owned()),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.said();
        write!(f, "{}: {}; {}", said.code, said.message.en, said.remedy.en)
    }
}

impl std::error::Error for Refusal {}
