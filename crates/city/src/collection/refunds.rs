//! *What becomes of money that belongs to nobody's bill?*
//!
//! Money paid twice, paid too much or never matched is held for whoever sent it. It goes back only to the account it came
//! from; one person asks for it, another approves, then it is sent. What the bank sends back is held again.

use super::CollectionRefusal;
use crate::actors::Actor;
use measure::Fen;

/// How a refund stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refund {
    /// Asked for.
    Asked {
        /// How much.
        amount: Fen,
        /// By whom.
        by: Actor,
    },
    /// Approved, and to be sent.
    Approved {
        /// How much.
        amount: Fen,
    },
    /// Sent to the bank.
    Sent {
        /// How much.
        amount: Fen,
    },
    /// Came back; the money is held again.
    Returned,
    /// Refused.
    Declined,
}

/// What is to happen to a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask for it.
    Ask {
        /// How much.
        amount: Fen,
        /// The account it is to go to.
        account: String,
        /// Who asks.
        by: Actor,
    },
    /// Approve it.
    Approve {
        /// Who approves.
        by: Actor,
    },
    /// Refuse it, or take it back before it is sent.
    Decline {
        /// Who refuses.
        by: Actor,
    },
    /// It is handed to the bank.
    Send,
    /// The bank sent it back.
    CameBack,
}

/// What is held of a receipt: the rest after allocations and other refunds, and the account it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What is left of it, this refund not counted.
    pub rest: Fen,
    /// The payer's account.
    pub account: String,
}

impl Refund {
    /// What it takes of the receipt: nothing once it was refused or came back.
    #[must_use]
    pub fn takes(&self) -> Fen {
        match self {
            Refund::Asked { amount, .. }
            | Refund::Approved { amount }
            | Refund::Sent { amount } => *amount,
            Refund::Returned | Refund::Declined => Fen::ZERO,
        }
    }
}

/// How a refund stands after a command.
///
/// # Errors
///
/// A named refusal, the first of those that hold.
pub fn decide(
    refund: Option<&Refund>,
    command: &Command,
    held: &Held,
) -> Result<Refund, CollectionRefusal> {
    let within = |amount: Fen| match amount <= held.rest {
        true => Ok(()),
        false => Err(CollectionRefusal::MoreThanOpen {
            asked: amount,
            open: held.rest,
        }),
    };
    match (command, refund) {
        (
            Command::Ask {
                amount,
                account,
                by,
            },
            None | Some(Refund::Returned | Refund::Declined),
        ) => {
            if *amount <= Fen::ZERO {
                return Err(CollectionRefusal::NoMoney { money: *amount });
            }
            within(*amount)?;
            let account = account.trim();
            if account.is_empty() || account != held.account.trim() {
                return Err(CollectionRefusal::AnotherAccount);
            }
            Ok(Refund::Asked {
                amount: *amount,
                by: by.clone(),
            })
        }
        (Command::Approve { by }, Some(Refund::Asked { by: maker, .. })) if by == maker => {
            Err(CollectionRefusal::SamePerson { actor: by.clone() })
        }
        (Command::Approve { .. }, Some(Refund::Asked { amount, .. })) => {
            within(*amount)?;
            Ok(Refund::Approved { amount: *amount })
        }
        (Command::Decline { .. }, Some(Refund::Asked { .. } | Refund::Approved { .. })) => {
            Ok(Refund::Declined)
        }
        (Command::Send, Some(Refund::Approved { amount })) => Ok(Refund::Sent { amount: *amount }),
        (Command::CameBack, Some(Refund::Sent { .. })) => Ok(Refund::Returned),
        (_, refund) => Err(CollectionRefusal::NotNow {
            state: match refund {
                None => ("未申请", "not asked for"),
                Some(Refund::Asked { .. }) => ("待复核", "waiting for approval"),
                Some(Refund::Approved { .. }) => ("待划付", "waiting to be sent"),
                Some(Refund::Sent { .. }) => ("已退款", "sent back"),
                Some(Refund::Returned) => ("已退回", "returned by the bank"),
                Some(Refund::Declined) => ("未通过", "declined"),
            },
        }),
    }
}
