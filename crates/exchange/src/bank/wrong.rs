//! What can be wrong with an entry, and what is said of it.

use crate::{error::Wording, fault::Weight};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    Currency,
    Decimals,
    Amount,
    NotPositive,
    Direction,
    Negative,
    /// A detail that goes the other way than its only entry.
    OtherWay,
    Reversal,
    Again(u64),
    Day,
    NotBooked,
    /// So many details, of which one has no amount.
    DetailWithoutAmount,
    Sum {
        details: String,
        entry: String,
    },
    Width {
        cells: usize,
        heading: usize,
    },
}

impl Wrong {
    pub(super) const fn weight() -> Weight {
        Weight::Refused
    }

    pub(super) fn code(&self) -> &'static str {
        match self {
            Wrong::Currency => "C0306",
            Wrong::Decimals => "C0307",
            Wrong::Amount | Wrong::NotPositive => "C0308",
            Wrong::Direction | Wrong::Negative | Wrong::OtherWay | Wrong::Reversal => "C0309",
            Wrong::Again(_) => "C0310",
            Wrong::Day => "C0311",
            Wrong::NotBooked => "C0312",
            Wrong::DetailWithoutAmount | Wrong::Sum { .. } => "C0313",
            Wrong::Width { .. } => "C0315",
        }
    }

    pub(super) fn reason(&self) -> Wording {
        match self {
            Wrong::Currency => Wording::new("币种不是人民币", "the currency is not CNY"),
            Wrong::Decimals => {
                Wording::new("金额超过两位小数", "the amount has more than two decimals")
            }
            Wrong::Amount => Wording::new("不是金额", "this is not an amount"),
            Wrong::NotPositive => Wording::new("金额为零", "the amount is zero"),
            Wrong::Direction => Wording::new(
                "没有说明是收还是付",
                "it does not say whether money came in or went out",
            ),
            Wrong::Negative => Wording::new(
                "金额为负，收付方向不明",
                "a negative amount leaves open whether money came in or went out",
            ),
            Wrong::OtherWay => Wording::new(
                "明细与分录的收付方向相反",
                "the detail goes the other way than its entry",
            ),
            Wrong::Reversal => Wording::new(
                "冲正标志既不是“是”也不是“否”",
                "the mark of reversal is neither yes nor no",
            ),
            Wrong::Again(entry) => Wording::new(
                format!("与第 {entry} 笔相同"),
                format!("it is the same as entry {entry}"),
            ),
            Wrong::Day => Wording::new("不是日期，或没有日期", "this is no day, or there is none"),
            Wrong::NotBooked => Wording::new("银行尚未入账", "the bank has not booked it yet"),
            Wrong::DetailWithoutAmount => {
                Wording::new("有明细没有金额", "one of its details has no amount")
            }
            Wrong::Sum { details, entry } => Wording::new(
                format!("明细合计 {details}，分录金额 {entry}"),
                format!("the details come to {details}, the entry to {entry}"),
            ),
            Wrong::Width { cells, heading } => Wording::new(
                format!("本行有 {cells} 格，表头有 {heading} 格"),
                format!("the row has {cells} cells where the heading has {heading}"),
            ),
        }
    }

    pub(super) fn remedy(&self) -> Wording {
        match self {
            Wrong::NotBooked => Wording::new("等入账后的文件", "wait for the file in which it is"),
            Wrong::Again(_) => Wording::new(
                "请银行确认是一笔还是两笔",
                "ask the bank whether these are one or two",
            ),
            _ => Wording::new(
                "请银行更正后重新提供文件；不要自行修改",
                "ask the bank for a corrected file; do not mend it yourself",
            ),
        }
    }
}
