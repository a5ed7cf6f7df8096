//! *What if it cannot be had any more?*
//!
//! Dues are not remitted. Where nothing is left to pay them from, or a court has so ruled, they are written off: asked for
//! by one person on a ground the law knows, approved by another, and then settled as of that day without money.

use super::{CollectionRefusal, LawRefusal, Part};
use crate::actors::Actor;
use crate::numbered::kinds;
use measure::Fen;

kinds! {
    /// On what ground; the law's `write-off-grounds`.
    Ground {
        /// Bankrupt, and the estate does not suffice.
        Bankruptcy = 1 "破产财产不足清偿" / "bankruptcy",
        /// Dissolved without a successor.
        Dissolution = 2 "注销且无承继" / "dissolution",
        /// A court's ruling.
        Ruling = 3 "人民法院裁判" / "a court's ruling",
        /// The late fee is waived by law.
        FeeWaived = 4 "依法免收滞纳金" / "the late fee is waived by law",
    }
}

impl Ground {
    /// The law's name of it, a member of `write-off-grounds`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            Ground::Bankruptcy => "bankruptcy",
            Ground::Dissolution => "dissolution",
            Ground::Ruling => "ruling",
            Ground::FeeWaived => "fee-waived",
        }
    }
}

/// How a write-off stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOff {
    /// Asked for.
    Asked {
        /// Of the dues.
        principal: Fen,
        /// Of the late fee.
        fee: Fen,
        /// On what ground.
        ground: Ground,
        /// By whom.
        by: Actor,
    },
    /// Approved: settled without money.
    Done {
        /// Of the dues.
        principal: Fen,
        /// Of the late fee.
        fee: Fen,
    },
    /// Refused.
    Declined,
}

/// What is to happen to a write-off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask for it.
    Ask {
        /// Of the dues.
        principal: Fen,
        /// Of the late fee.
        fee: Fen,
        /// On what ground.
        ground: Ground,
        /// Who asks.
        by: Actor,
    },
    /// Approve it.
    Approve {
        /// Who approves.
        by: Actor,
    },
    /// Refuse it.
    Decline {
        /// Who refuses.
        by: Actor,
    },
}

/// What is open on the bill: dues and late fee, on the day of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The dues.
    pub principal: Fen,
    /// The late fee.
    pub fee: Fen,
}

/// How a write-off stands after a command. `lawful` is the law's answer to a ground and a part.
///
/// What is open is looked at again on approval: it may have been paid in between.
///
/// # Errors
///
/// A named refusal, the first of those that hold.
pub fn decide(
    write_off: Option<&WriteOff>,
    command: &Command,
    open: Open,
    lawful: impl Fn(Ground, Part) -> Result<bool, LawRefusal>,
) -> Result<WriteOff, CollectionRefusal> {
    match (command, write_off) {
        (
            Command::Ask {
                principal,
                fee,
                ground,
                by,
            },
            None | Some(WriteOff::Declined),
        ) => {
            let parts = [(Part::Principal, *principal), (Part::Fee, *fee)];
            if parts.iter().any(|(_, amount)| *amount < Fen::ZERO)
                || parts.iter().all(|(_, amount)| *amount == Fen::ZERO)
            {
                return Err(CollectionRefusal::NoMoney {
                    money: principal.checked_add(*fee)?,
                });
            }
            within(*principal, *fee, open)?;
            for (part, amount) in parts {
                if Fen::ZERO < amount && !lawful(*ground, part)? {
                    return Err(CollectionRefusal::GroundNotLawful);
                }
            }
            Ok(WriteOff::Asked {
                principal: *principal,
                fee: *fee,
                ground: *ground,
                by: by.clone(),
            })
        }
        (Command::Approve { by }, Some(WriteOff::Asked { by: maker, .. })) if by == maker => {
            Err(CollectionRefusal::SamePerson { actor: by.clone() })
        }
        (Command::Approve { .. }, Some(WriteOff::Asked { principal, fee, .. })) => {
            within(*principal, *fee, open)?;
            Ok(WriteOff::Done {
                principal: *principal,
                fee: *fee,
            })
        }
        (Command::Decline { .. }, Some(WriteOff::Asked { .. })) => Ok(WriteOff::Declined),
        (_, write_off) => Err(CollectionRefusal::NotNow {
            state: match write_off {
                None => ("未申请", "not asked for"),
                Some(WriteOff::Asked { .. }) => ("待复核", "waiting for approval"),
                Some(WriteOff::Done { .. }) => ("已核销", "written off"),
                Some(WriteOff::Declined) => ("未通过", "declined"),
            },
        }),
    }
}

fn within(principal: Fen, fee: Fen, open: Open) -> Result<(), CollectionRefusal> {
    for (asked, open) in [(principal, open.principal), (fee, open.fee)] {
        if open.max(Fen::ZERO) < asked {
            return Err(CollectionRefusal::MoreThanOpen { asked, open });
        }
    }
    Ok(())
}
