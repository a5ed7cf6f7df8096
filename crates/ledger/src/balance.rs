//! *What stood on the account on that day, and do the books agree?*
//!
//! A [`Balance`] keeps what was debited and what was credited as two sums that only grow, pending and posted apart; the
//! difference is derived. All functions here read [`Booked`] lines one at a time, in any order, from wherever the caller has
//! them, and hold no more than their result: a [`TrialBalance`] is at most a row an account, however many lines there are.
//!
//! ```
//! use ledger::{Account, Booked, Fund, Heading, Holder, Line, Side, State, TrialBalance};
//! use measure::{Day, Fen};
//!
//! let bank = Account::of(Fund::WorkInjury, Heading::Bank)?;
//! let clearing = Account::of(Fund::WorkInjury, Heading::Clearing)?;
//! let (day, state) = (Day::parse("2025-03-05").unwrap(), State::Direct);
//! let lines = [
//!     Booked { line: Line::debit(bank, Holder::NOBODY, Fen(500)), day, state },
//!     Booked { line: Line::credit(clearing, Holder::employer(7)?, Fen(500)), day, state },
//! ];
//! let books = TrialBalance::as_of(lines, day)?;
//! assert_eq!(books.balance(clearing).net(Side::Credit), Fen(500));
//! books.check()?;
//! # Ok::<(), ledger::Refusal>(())
//! ```

use crate::chart::{Account, Fund, Heading, Holder, Side};
use crate::journal::{Line, Phase, State};
use crate::status::{Place, Refusal, Status};
use measure::{Day, Fen};
use std::collections::BTreeMap;

/// A line with what its journal says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The line.
    pub line: Line,
    /// The day of its journal.
    pub day: Day,
    /// How far its journal has come.
    pub state: State,
}

/// The two sums of an account, pending and posted apart. None is negative.
///
/// # Arithmetic
///
/// Each sum is at most [`Fen::MAX`], so a difference of two always fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Debits prepared.
    pub debits_pending: Fen,
    /// Debits booked.
    pub debits_posted: Fen,
    /// Credits prepared.
    pub credits_pending: Fen,
    /// Credits booked.
    pub credits_posted: Fen,
}

/// The books of all funds on one day, a row an account that was ever touched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialBalance {
    rows: BTreeMap<Account, Balance>,
}

impl Balance {
    /// What stands there, of what is booked: positive when `side` exceeds the other.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the difference fits")]
    pub fn net(&self, side: Side) -> Fen {
        let (more, less) = match side {
            Side::Debit => (self.debits_posted, self.credits_posted),
            Side::Credit => (self.credits_posted, self.debits_posted),
        };
        more.checked_sub(less)
            .expect("both are within 0 and Fen::MAX, so the difference fits")
    }

    /// With an amount more on this side.
    ///
    /// # Errors
    ///
    /// [`measure::Error`] when what is pending and posted on that side would exceed [`Fen::MAX`] together.
    pub fn with(self, side: Side, phase: Phase, amount: Fen) -> Result<Balance, measure::Error> {
        let mut sums = self;
        let (sum, other) = match (side, phase) {
            (Side::Debit, Phase::Pending) => (&mut sums.debits_pending, self.debits_posted),
            (Side::Debit, Phase::Posted) => (&mut sums.debits_posted, self.debits_pending),
            (Side::Credit, Phase::Pending) => (&mut sums.credits_pending, self.credits_posted),
            (Side::Credit, Phase::Posted) => (&mut sums.credits_posted, self.credits_pending),
        };
        *sum = sum.checked_add(amount)?;
        sum.checked_add(other)?;
        Ok(sums)
    }

    /// The sums of two balances.
    ///
    /// # Errors
    ///
    /// [`measure::Error`] when what is pending and posted on a side would exceed [`Fen::MAX`] together.
    pub fn plus(self, other: Balance) -> Result<Balance, measure::Error> {
        self.with(Side::Debit, Phase::Pending, other.debits_pending)?
            .with(Side::Debit, Phase::Posted, other.debits_posted)?
            .with(Side::Credit, Phase::Pending, other.credits_pending)?
            .with(Side::Credit, Phase::Posted, other.credits_posted)
    }

    /// The sum of one side in one phase.
    #[must_use]
    pub const fn sum(&self, side: Side, phase: Phase) -> Fen {
        match (side, phase) {
            (Side::Debit, Phase::Pending) => self.debits_pending,
            (Side::Debit, Phase::Posted) => self.debits_posted,
            (Side::Credit, Phase::Pending) => self.credits_pending,
            (Side::Credit, Phase::Posted) => self.credits_posted,
        }
    }
}

/// The balance of one account and holder at the end of the day `as_of`; lines of others are passed over.
///
/// # Errors
///
/// `B0603` when a sum would not fit.
pub fn balance_as_of(
    lines: impl IntoIterator<Item = Booked>,
    account: Account,
    holder: Holder,
    as_of: Day,
) -> Result<Balance, Refusal> {
    let mut balance = Balance::default();
    for booked in lines {
        let line = booked.line;
        if (line.account, line.holder) != (account, holder) {
            continue;
        }
        if let Some(phase) = booked.state.phase(booked.day, as_of) {
            balance = balance
                .with(line.side, phase, line.amount)
                .map_err(|_| too_large(account))?;
        }
    }
    Ok(balance)
}

/// The balances of every account and holder at the end of the day `as_of`. Memory grows with the holders, not the lines.
///
/// # Errors
///
/// `B0603` when a sum would not fit.
pub fn balances_as_of(
    lines: impl IntoIterator<Item = Booked>,
    as_of: Day,
) -> Result<BTreeMap<(Account, Holder), Balance>, Refusal> {
    let mut balances: BTreeMap<(Account, Holder), Balance> = BTreeMap::new();
    for booked in lines {
        let line = booked.line;
        if let Some(phase) = booked.state.phase(booked.day, as_of) {
            let balance = balances.entry((line.account, line.holder)).or_default();
            *balance = balance
                .with(line.side, phase, line.amount)
                .map_err(|_| too_large(line.account))?;
        }
    }
    Ok(balances)
}

impl TrialBalance {
    /// Books without a line.
    #[must_use]
    pub fn new() -> TrialBalance {
        TrialBalance::default()
    }

    /// The books at the end of the day `as_of`.
    ///
    /// # Errors
    ///
    /// `B0603` when a sum would not fit.
    pub fn as_of(
        lines: impl IntoIterator<Item = Booked>,
        as_of: Day,
    ) -> Result<TrialBalance, Refusal> {
        let mut books = TrialBalance::new();
        for booked in lines {
            books.add(booked, as_of)?;
        }
        Ok(books)
    }

    /// Adds one line as it counts at the end of the day `as_of`.
    ///
    /// # Errors
    ///
    /// `B0603` when a sum would not fit.
    pub fn add(&mut self, booked: Booked, as_of: Day) -> Result<(), Refusal> {
        let Some(phase) = booked.state.phase(booked.day, as_of) else {
            return Ok(());
        };
        let line = booked.line;
        let sum = Balance::default().with(line.side, phase, line.amount);
        self.add_balance(line.account, sum.map_err(|_| too_large(line.account))?)
    }

    /// Adds sums that were made elsewhere: by a database, or over a part of the lines.
    ///
    /// # Errors
    ///
    /// `B0603` when a sum would not fit.
    pub fn add_balance(&mut self, account: Account, balance: Balance) -> Result<(), Refusal> {
        let row = self.rows.entry(account).or_default();
        *row = row.plus(balance).map_err(|_| too_large(account))?;
        Ok(())
    }

    /// Adds all rows of another, so that parts of the lines may be read in parallel.
    ///
    /// # Errors
    ///
    /// `B0603` when a sum would not fit.
    pub fn merge(&mut self, other: &TrialBalance) -> Result<(), Refusal> {
        for (account, balance) in other.rows() {
            self.add_balance(account, balance)?;
        }
        Ok(())
    }

    /// Each account ever touched, in order.
    pub fn rows(&self) -> impl Iterator<Item = (Account, Balance)> {
        self.rows
            .iter()
            .map(|(account, balance)| (*account, *balance))
    }

    /// What stands on an account, over all its holders.
    #[must_use]
    pub fn balance(&self, account: Account) -> Balance {
        self.rows.get(&account).copied().unwrap_or_default()
    }

    /// The sums of a fund's accounts in one phase, in fen: debits, credits.
    #[must_use]
    pub fn totals(&self, fund: Fund, phase: Phase) -> (i128, i128) {
        self.sums(phase, |account| account.fund() == fund)
    }

    /// Whether the books agree with themselves: each fund's debits are its credits, and settlement is zero over all funds,
    /// among what is posted and among what is pending.
    ///
    /// # Errors
    ///
    /// `B0506` with the first fund that does not balance, `B0507` when settlement does not meet.
    pub fn check(&self) -> Result<(), Refusal> {
        let phases = [Phase::Posted, Phase::Pending];
        for (fund, phase) in Fund::ALL
            .into_iter()
            .flat_map(|fund| phases.map(|phase| (fund, phase)))
        {
            let (debits, credits) = self.totals(fund, phase);
            if debits != credits {
                let place = Place::Sides(Some(fund), debits, credits);
                return Err(Refusal::at(Status::Unbalanced, place));
            }
        }
        for phase in phases {
            let (debits, credits) =
                self.sums(phase, |account| account.heading() == Heading::Settlement);
            if debits != credits {
                let place = Place::Sides(None, debits, credits);
                return Err(Refusal::at(Status::SettlementUnequal, place));
            }
        }
        Ok(())
    }

    /// At most a hundred rows, so 128 bits hold their sum.
    fn sums(&self, phase: Phase, wanted: impl Fn(Account) -> bool) -> (i128, i128) {
        let rows = self.rows().filter(|(account, _)| wanted(*account));
        rows.fold((0, 0), |(debits, credits), (_, balance)| {
            (
                debits + i128::from(balance.sum(Side::Debit, phase).0),
                credits + i128::from(balance.sum(Side::Credit, phase).0),
            )
        })
    }
}

fn too_large(account: Account) -> Refusal {
    Refusal::at(Status::TooLarge, Place::Total(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank(fund: Fund) -> Account {
        Account::of(fund, Heading::Bank).unwrap()
    }

    #[test]
    fn a_side_holds_no_more_than_an_amount_in_both_phases_together() {
        let full = Balance::default()
            .with(Side::Debit, Phase::Posted, Fen::MAX)
            .unwrap();
        assert!(full.with(Side::Debit, Phase::Pending, Fen(1)).is_err());
        assert!(full.with(Side::Debit, Phase::Posted, Fen(1)).is_err());
        let both = full.with(Side::Credit, Phase::Posted, Fen::MAX).unwrap();
        assert_eq!(both.net(Side::Debit), Fen(0));
        assert_eq!(full.net(Side::Credit), Fen(-i64::MAX));
        assert!(full.plus(full).is_err());
        let mut books = TrialBalance::new();
        books.add_balance(bank(Fund::WorkInjury), full).unwrap();
        let refused = books.add_balance(bank(Fund::WorkInjury), full).unwrap_err();
        assert_eq!(refused.status, Status::TooLarge);
    }

    #[test]
    fn books_that_do_not_agree_are_named() {
        let one = |side| {
            Balance::default()
                .with(side, Phase::Posted, Fen(1))
                .unwrap()
        };
        let mut books = TrialBalance::new();
        books
            .add_balance(bank(Fund::Unemployment), one(Side::Debit))
            .unwrap();
        let refused = books.check().unwrap_err();
        assert_eq!(refused.status, Status::Unbalanced);
        let settlement = |fund| Account::of(fund, Heading::Settlement).unwrap();
        books
            .add_balance(settlement(Fund::Unemployment), one(Side::Credit))
            .unwrap();
        let refused = books.check().unwrap_err();
        assert_eq!(
            refused.message().zh,
            "基金间往来不相等：各基金合计，借 0.00，贷 0.01"
        );
        books
            .add_balance(settlement(Fund::WorkInjury), one(Side::Debit))
            .unwrap();
        books
            .add_balance(bank(Fund::WorkInjury), one(Side::Credit))
            .unwrap();
        assert_eq!(books.check(), Ok(()));
    }
}
