//! *Why was it not booked, and what is to be done?*
//!
//! A [`Refusal`] is a [`Status`] and the [`Place`] where it was met. The statuses are ordered: of several that hold the
//! first is returned.
//!
//! ```
//! use ledger::{Account, Fund, Heading};
//!
//! let refused = Account::of(Fund::WorkInjury, Heading::AccountsPayable).unwrap_err();
//! assert_eq!(refused.code(), "B0103");
//! assert_eq!(refused.message().zh, "该基金没有这个科目：work-injury/accounts-payable");
//! assert_eq!(
//!     refused.to_string(),
//!     "B0103: an account its fund does not have: work-injury/accounts-payable; \
//!      see the chart of accounts; it may belong to another fund"
//! );
//! ```

mod table;

pub use self::table::{Status, TITLES};
use crate::chart::{Account, Fund, Holder};
use crate::journal::{Key, Kind, Line};
use crate::words::Words;
use measure::{Day, Month};
use std::fmt;

/// A status with what is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// Which.
    pub status: Status,
    /// The stable code.
    pub code: &'static str,
    /// What it is, without a full stop.
    pub names: Words,
    /// How to mend it, without a full stop.
    pub remedy: Words,
}

/// Where a status was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the journal as a whole.
    Whole,
    /// In a text or code that was given.
    Given(String),
    /// In the journal with this key.
    Journal(Key),
    /// In a line; lines are numbered from 1.
    Line(usize, Line),
    /// In a line, for a journal of this kind.
    LineOf(usize, Line, Kind),
    /// In the lines of a fund, or of settlement when there is none: both sides' totals in fen.
    Sides(Option<Fund>, i128, i128),
    /// On an account of a holder, in fen that are missing (or too much).
    Account(Account, Holder, i128),
    /// On an account's total over its holders.
    Total(Account),
    /// On a day; the other is the month or day it should have agreed with.
    Day(Day, String),
    /// In a month.
    Month(Month),
}

/// A command that was refused, or a seal or proof that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub status: Status,
    /// Where.
    pub place: Place,
}

impl Status {
    /// All of them, in order of precedence.
    pub fn all() -> impl Iterator<Item = Status> {
        TITLES.iter().map(|title| title.status)
    }

    /// What is said about it.
    #[must_use]
    pub const fn title(self) -> &'static Title {
        // One macro makes both from one list.
        &TITLES[self as usize]
    }

    /// The stable code; `docs/reference/errors` has a page of this name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.title().code
    }
}

impl Refusal {
    pub(crate) const fn at(status: Status, place: Place) -> Refusal {
        Refusal { status, place }
    }

    /// The stable code; `docs/reference/errors` has a page of this name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.status.code()
    }

    /// What happened and where, in one sentence without a full stop.
    #[must_use]
    pub fn message(&self) -> Words<String> {
        let names = self.status.title().names;
        match self.place.words() {
            Some(place) => Words {
                zh: format!("{}：{}", names.zh, place.zh),
                en: format!("{}: {}", names.en, place.en),
            },
            None => Words {
                zh: names.zh.to_string(),
                en: names.en.to_string(),
            },
        }
    }

    /// How to mend it, in one sentence without a full stop.
    #[must_use]
    pub const fn remedy(&self) -> Words {
        self.status.title().remedy
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (message, remedy) = (self.message(), self.remedy());
        write!(f, "{}: {}; {}", self.code(), message.en, remedy.en)
    }
}

impl std::error::Error for Refusal {}

impl Place {
    fn words(&self) -> Option<Words<String>> {
        let (zh, en) = match self {
            Place::Whole => return None,
            Place::Given(text) => (text.clone(), text.clone()),
            Place::Journal(key) => (key.to_string(), key.to_string()),
            Place::Line(number, line) => in_line(*number, line),
            Place::LineOf(number, line, kind) => {
                let ((zh, en), kind) = (in_line(*number, line), kind.names());
                (
                    format!("{zh}（{}）", kind.zh),
                    format!("{en} ({})", kind.en),
                )
            }
            Place::Sides(fund, debits, credits) => {
                let (debits, credits) = (yuan(*debits), yuan(*credits));
                let (zh, en) = match fund {
                    Some(fund) => (fund.names().zh, fund.names().en),
                    None => ("各基金合计", "over all funds"),
                };
                (
                    format!("{zh}，借 {debits}，贷 {credits}"),
                    format!("{en}, debits {debits}, credits {credits}"),
                )
            }
            Place::Account(account, holder, missing) => {
                let (names, missing) = (account.names(), yuan(*missing));
                (
                    format!("{}（{holder}），差 {missing}", names.zh),
                    format!("{} ({holder}), by {missing}", names.en),
                )
            }
            Place::Total(account) => {
                let names = account.names();
                (names.zh, names.en)
            }
            Place::Day(day, other) => (format!("{day}，{other}"), format!("{day}, {other}")),
            Place::Month(month) => (month.to_string(), month.to_string()),
        };
        Some(Words { zh, en })
    }
}

fn in_line(number: usize, line: &Line) -> (String, String) {
    let (account, side) = (line.account.names(), line.side.names());
    let (holder, amount) = (line.holder, line.amount);
    (
        format!(
            "第 {number} 行，{} {}（{holder}）{amount}",
            side.zh, account.zh
        ),
        format!(
            "line {number}, {} {} ({holder}) {amount}",
            side.en, account.en
        ),
    )
}

/// Fen that may exceed what an amount holds, in yuan.
fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_stand_for_one_status_each() {
        let codes: BTreeSet<&str> = TITLES.iter().map(|title| title.code).collect();
        assert_eq!(codes.len(), TITLES.len());
        for title in TITLES {
            assert_eq!(title.status.title(), title);
        }
        assert!(Status::all().is_sorted());
    }

    #[test]
    fn totals_beyond_an_amount_are_shown_whole() {
        assert_eq!(yuan(-5), "-0.05");
        assert_eq!(yuan(2 * i128::from(i64::MAX)), "184467440737095516.14");
    }
}
