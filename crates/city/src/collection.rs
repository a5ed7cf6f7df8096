//! *What is owed, what was paid, and what becomes of the rest?*
//!
//! A [`Bill`] is owed by one payer for one scheme and month. Money settles bills in the lawful order ([`allocate`]); what
//! is overdue ages by bands and bears a late fee by the day ([`owed`], [`outlook`]); who cannot pay agrees on instalments
//! ([`instalments`]); what cannot be had any more is written off ([`write_offs`]); what was paid too much goes back
//! ([`refunds`]). Each is a function from what is known, a command and a day to events, or to a named refusal.
//!
//! # The late fee
//!
//! What the law takes a day is the law's, asked through [`LateFees`]. Each part of the dues bears the fee until the day on
//! which it is settled: a part paid bears no more from then on, the open part goes on. A bill's fee is the sum over its
//! parts, each rounded by itself as the rule says.

use crate::employers::EmployerId;
use crate::insurance::Scheme;
use crate::numbered::ids;
use crate::people::PersonId;
use crate::refusal::{Refused, Said};
use measure::{Day, Fen, Month};

mod allocation;
mod arrears;
pub mod instalments;
mod matching;
mod refusals;
pub mod refunds;
pub mod write_offs;

pub use allocation::{Allocated, Allocation, Order, allocate};
pub use arrears::{Aged, Outlook, Owed, OwedBill, ageing, outlook, owed};
pub use matching::{Clue, clue};
pub use refusals::CollectionRefusal;

ids! {
    /// The number of a bill.
    BillId;
    /// The number of a receipt: money booked on the collecting account.
    ReceiptId;
}

/// Who owes a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// An employer, for both shares of its staff.
    Employer(EmployerId),
    /// Someone insured as an individual or resident.
    Person(PersonId),
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
    /// For which month.
    pub month: Month,
    /// The last day on which it is paid in time.
    pub due: Day,
    /// The dues; negative for a difference in the payer's favour.
    pub principal: Fen,
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
}

impl<F: Fn(Fen, Day, Day) -> Result<Fen, LawRefusal>> LateFees for F {
    fn late_fee(&self, amount: Fen, due: Day, paid: Day) -> Result<Fen, LawRefusal> {
        self(amount, due, paid)
    }
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
        let settled = Fen::checked_sum(self.settled.iter().map(|part| part.principal))?;
        Ok(self.principal.checked_sub(settled)?)
    }

    /// The late fee on a day, settled or not.
    ///
    /// # Errors
    ///
    /// The law's refusal, or `K0102` when an amount is too large.
    pub fn fee(&self, on: Day, fees: &impl LateFees) -> Result<Fen, CollectionRefusal> {
        let mut fee = Fen::ZERO;
        let open = Settled {
            on,
            principal: self.open()?,
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
        let settled = Fen::checked_sum(self.settled.iter().map(|part| part.fee))?;
        Ok(self.fee(on, fees)?.checked_sub(settled)?.max(Fen::ZERO))
    }
}
