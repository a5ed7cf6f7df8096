//! *What is owed, what was paid, and what becomes of the rest?*
//!
//! A [`Bill`] is owed by one payer for one scheme and month. Money settles bills in the lawful order ([`allocate`]); what
//! is overdue ages by bands and bears a late fee by the day ([`owed`], [`outlook`]); who cannot pay agrees on instalments
//! ([`instalments`]); what cannot be had any more is written off ([`write_offs`]); what was paid too much goes back
//! ([`refunds`]). Each is a function from what is known, a command and a day to events, or to a named refusal.
//!
//! # The late fee
//!
//! What the law takes a day is the law's, asked through [`LateFees`], as is who bears it. Each part of the dues bears the fee until the day on
//! which it is settled: a part paid bears no more from then on, the open part goes on. A bill's fee is the sum over its
//! parts, each rounded by itself as the rule says.

use crate::insurance::Scheme;
use crate::numbered::ids;
use crate::places::District;
use crate::refusal::{Refused, Said};
use measure::{Day, Fen, Month};

mod allocation;
mod arrears;
pub mod instalments;
mod matching;
mod receipts;
mod refusals;
pub mod refunds;
pub mod write_offs;

pub use crate::dues::{BillId, Payer};
pub use allocation::{Allocated, Allocation, Order, allocate};
pub use arrears::{Aged, Outlook, Owed, OwedBill, ageing, outlook, owed};
pub use matching::{Clues, clues, reference, referred};
pub use receipts::{Receipt, ReceiptState};
pub use refusals::CollectionRefusal;

ids! {
    /// The number of a receipt: money booked on the collecting account.
    ReceiptId;
    /// The number of an allocation: a part of a receipt that settles a part of a bill.
    AllocationId;
    /// The number of an agreement on instalments.
    AgreementId;
    /// The number of a write-off.
    WriteOffId;
    /// The number of a refund.
    RefundId;
}

/// The parts of what is owed on a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The dues themselves.
    Principal,
    /// The late fee on them.
    Fee,
}

/// What is owed for one scheme and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its number.
    pub id: BillId,
    /// Who owes it.
    pub payer: Payer,
    /// For which scheme.
    pub scheme: Scheme,
    /// Where it is paid.
    pub district: District,
    /// For which month.
    pub month: Month,
    /// The last day on which it is paid in time.
    pub due: Day,
    /// The dues; negative for a difference in the payer's favour.
    pub principal: Fen,
    /// Of the dues, what is for individual accounts; the rest is the pooled fund's.
    pub accounts: Fen,
    /// What has settled parts of it, in any order.
    pub settled: Vec<Settled>,
}

/// What settled a part of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The day as of which it counts as settled.
    pub on: Day,
    /// Of the dues.
    pub principal: Fen,
    /// Of these dues, what went to individual accounts.
    pub accounts: Fen,
    /// Of the late fee.
    pub fee: Fen,
}

/// What the law takes for being late.
pub trait LateFees {
    /// The late fee on an amount due on a day and paid on another; zero when paid in time.
    ///
    /// # Errors
    ///
    /// The law's refusal, such as for dues of a time of which the rule is not known.
    fn late_fee(&self, amount: Fen, due: Day, paid: Day) -> Result<Fen, LawRefusal>;

    /// Whether such a payer bears it.
    ///
    /// # Errors
    ///
    /// The law's refusal.
    fn is_borne_by(&self, payer: Payer) -> Result<bool, LawRefusal>;
}

/// Why the law gives no answer, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawRefusal(pub Said);

impl Refused for LawRefusal {
    fn said(&self) -> Said {
        self.0.clone()
    }
}

crate::refusal::errors!(LawRefusal);

impl Bill {
    /// The dues not settled yet; negative when more was settled than owed.
    ///
    /// # Errors
    ///
    /// `K0102` when an amount is too large.
    pub fn open(&self) -> Result<Fen, CollectionRefusal> {
        Ok(self
            .principal
            .checked_sub(self.settled(|part| part.principal)?)?)
    }

    /// Of an amount about to settle dues, what is for the individual accounts: both funds are paid in step, in the
    /// proportion of the bill, rounded down, so that neither is kept waiting for the other; the last payment evens it out.
    ///
    /// # Errors
    ///
    /// `K0102` when an amount is too large.
    pub fn share(&self, principal: Fen) -> Result<Fen, CollectionRefusal> {
        let (settled, given) = (
            self.settled(|part| part.principal)?,
            self.settled(|part| part.accounts)?,
        );
        let open_accounts = self.accounts.checked_sub(given)?.max(Fen::ZERO);
        let open_pooled = self
            .open()?
            .checked_sub(self.accounts.checked_sub(given)?)?
            .max(Fen::ZERO);
        if self.principal <= Fen::ZERO {
            return Ok(open_accounts.min(principal));
        }
        let after = i128::from(settled.checked_add(principal)?.0);
        let aim = after * i128::from(self.accounts.0) / i128::from(self.principal.0)
            - i128::from(given.0);
        // Within what is open of each; what was undone in between may have left one ahead of the other.
        let aim = Fen(i64::try_from(aim).unwrap_or(i64::MAX));
        let least = principal.checked_sub(open_pooled)?.max(Fen::ZERO);
        Ok(aim.max(least).min(open_accounts).min(principal))
    }

    /// Whether nothing is open on it any more, and nothing will be.
    ///
    /// # Errors
    ///
    /// The law's refusal, or `K0102` when an amount is too large.
    pub fn is_settled(&self, fees: &impl LateFees) -> Result<bool, CollectionRefusal> {
        if self.open()? != Fen::ZERO {
            return Ok(false);
        }
        // With all dues settled, the fee is that of the last day on which a part was.
        match self.settled.iter().map(|part| part.on).max() {
            Some(last) => Ok(self.open_fee(last, fees)? == Fen::ZERO),
            None => Ok(true),
        }
    }

    /// The late fee on a day, settled or not.
    ///
    /// # Errors
    ///
    /// The law's refusal, or `K0102` when an amount is too large.
    pub fn fee(&self, on: Day, fees: &impl LateFees) -> Result<Fen, CollectionRefusal> {
        let mut fee = Fen::ZERO;
        if on <= self.due || !fees.is_borne_by(self.payer)? {
            return Ok(fee);
        }
        let open = Settled {
            on,
            principal: self.open()?,
            accounts: Fen::ZERO,
            fee: Fen::ZERO,
        };
        for part in self.settled.iter().chain([&open]) {
            // What is settled after the day asked about was still open on it.
            let until = part.on.min(on);
            if Fen::ZERO < part.principal && self.due < until {
                fee = fee.checked_add(fees.late_fee(part.principal, self.due, until)?)?;
            }
        }
        Ok(fee)
    }

    /// The late fee not settled yet, on a day; zero when more was settled.
    ///
    /// # Errors
    ///
    /// The law's refusal, or `K0102` when an amount is too large.
    pub fn open_fee(&self, on: Day, fees: &impl LateFees) -> Result<Fen, CollectionRefusal> {
        let settled = self.settled(|part| part.fee)?;
        Ok(self.fee(on, fees)?.checked_sub(settled)?.max(Fen::ZERO))
    }

    /// What was settled, of one kind of amount.
    fn settled(&self, of: impl Fn(&Settled) -> Fen) -> Result<Fen, CollectionRefusal> {
        Ok(Fen::checked_sum(self.settled.iter().map(of))?)
    }
}
