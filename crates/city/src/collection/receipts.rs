//! Money that came in.

use super::{Clues, clues};
use crate::numbered::kinds;
use measure::{Day, Fen};

/// Money booked by the bank on the collecting account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The same for the same money whenever it is told again: bank, statement and entry.
    pub key: String,
    /// The day on which the bank booked it.
    pub booked: Day,
    /// How much, above zero.
    pub amount: Fen,
    /// Who paid, as the bank writes it; empty where it does not say.
    pub payer: String,
    /// The payer's credit code, where the bank knows it.
    pub payer_code: Option<String>,
    /// The account it came from, where the bank says it; a refund goes back there.
    pub account: Option<String>,
    /// What the payer wrote, references included.
    pub remittance: String,
}

impl Receipt {
    /// What it says of whose money it is.
    #[must_use]
    pub fn clues(&self) -> Clues {
        clues(
            self.payer_code.as_deref().unwrap_or_default(),
            &self.remittance,
        )
    }
}

kinds! {
    /// How far a receipt is.
    ReceiptState {
        /// Taken in, and not looked at yet.
        TakenIn = 1 "已到账" / "taken in",
        /// Nobody's yet, or some of it is left: held in clarification.
        Clarification = 2 "待确认" / "in clarification",
        /// All of it has settled something.
        Matched = 3 "已分配" / "matched",
        /// It went back.
        Returned = 4 "已退回" / "returned",
    }
}
