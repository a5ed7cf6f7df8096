//! *Cannot pay at once: in which parts, until when, and what if one is missed?*
//!
//! An agreement names instalments a month apart. Someone proposes it and someone else approves it; then each instalment is
//! paid by its day. The first that is not makes the agreement void, and all that is left is due at once. Late fees go on
//! meanwhile: the agreement is about when, not about how much.

use super::{CollectionRefusal, LawRefusal};
use crate::actors::Actor;
use measure::{Day, Fen, Rounding};

/// One instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// The last day on which it is paid in time.
    pub due: Day,
    /// How much.
    pub amount: Fen,
    /// How much of it is paid.
    pub paid: Fen,
}

/// How an agreement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Proposed, not yet approved.
    Proposed {
        /// By whom.
        by: Actor,
    },
    /// Approved and running.
    Running,
    /// Paid to the end.
    Kept,
    /// Refused by the one who was to approve it.
    Declined,
    /// An instalment was missed; everything is due.
    Void,
}

/// An agreement to pay in instalments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its instalments, in order.
    pub plan: Vec<Instalment>,
    /// How it stands.
    pub standing: Standing,
}

/// What is to happen to an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Propose one.
    Propose {
        /// What is owed and to be paid so.
        owed: Fen,
        /// The day of the first instalment; the others follow a month apart.
        first: Day,
        /// In how many instalments.
        count: u32,
        /// Whether there is security.
        guaranteed: bool,
        /// Who proposes.
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
    /// Money was paid for it, and counts from today.
    Pay {
        /// How much.
        amount: Fen,
    },
    /// See whether an instalment was missed by today.
    Look,
}

/// What happened to an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was proposed.
    Proposed {
        /// Its instalments.
        plan: Vec<Instalment>,
        /// By whom.
        by: Actor,
    },
    /// It was approved.
    Approved {
        /// By whom.
        by: Actor,
    },
    /// It was refused.
    Declined {
        /// By whom.
        by: Actor,
    },
    /// Part or all of an instalment was paid.
    Paid {
        /// The how-manieth, from 0.
        place: usize,
        /// How much.
        amount: Fen,
    },
    /// More was paid than the agreement has left.
    Rest {
        /// How much more.
        amount: Fen,
    },
    /// All is paid.
    Kept,
    /// An instalment was missed, and the agreement is void.
    Missed {
        /// The how-manieth, from 0.
        place: usize,
    },
}

impl Standing {
    /// Its name, in both languages.
    const fn names(&self) -> (&'static str, &'static str) {
        match self {
            Standing::Proposed { .. } => ("待复核", "waiting for approval"),
            Standing::Running => ("履行中", "running"),
            Standing::Kept => ("已履行完毕", "paid to the end"),
            Standing::Declined => ("未通过", "declined"),
            Standing::Void => ("已失效", "void"),
        }
    }
}

/// What a command makes happen today. `allowed` is the law's answer to a number of months and whether there is security.
///
/// # Errors
///
/// A named refusal, the first of those that hold.
pub fn decide(
    agreement: Option<&Agreement>,
    command: &Command,
    today: Day,
    allowed: impl Fn(u32, bool) -> Result<bool, LawRefusal>,
) -> Result<Vec<Event>, CollectionRefusal> {
    let standing = agreement.map(|agreement| &agreement.standing);
    match (command, agreement, standing) {
        (
            Command::Propose { .. },
            None | Some(_),
            None | Some(Standing::Void | Standing::Declined),
        ) => propose(command, today, allowed),
        (Command::Approve { by }, _, Some(Standing::Proposed { by: maker })) if by == maker => {
            Err(CollectionRefusal::SamePerson { actor: by.clone() })
        }
        (Command::Approve { by }, _, Some(Standing::Proposed { .. })) => {
            Ok(vec![Event::Approved { by: by.clone() }])
        }
        (Command::Decline { by }, _, Some(Standing::Proposed { .. })) => {
            Ok(vec![Event::Declined { by: by.clone() }])
        }
        (Command::Pay { amount }, Some(agreement), Some(Standing::Running)) => {
            pay(agreement, *amount, today)
        }
        (Command::Look, Some(agreement), Some(Standing::Running)) => {
            Ok(agreement.missed(today).into_iter().collect())
        }
        // Looking at what cannot be missed any more finds nothing.
        (Command::Look, _, _) => Ok(Vec::new()),
        (_, _, standing) => Err(CollectionRefusal::NotNow {
            state: standing.map_or(("没有协议", "not agreed on"), Standing::names),
        }),
    }
}

fn propose(
    command: &Command,
    today: Day,
    allowed: impl Fn(u32, bool) -> Result<bool, LawRefusal>,
) -> Result<Vec<Event>, CollectionRefusal> {
    let Command::Propose {
        owed,
        first,
        count,
        guaranteed,
        by,
    } = command
    else {
        return Ok(Vec::new());
    };
    if *owed <= Fen::ZERO {
        return Err(CollectionRefusal::NothingOwed);
    }
    // The months begun from today until the last instalment.
    let begun = today.month().months_until(first.month()).unsigned_abs() + count.saturating_sub(1);
    let months = begun.max(1);
    if *count == 0 || !allowed(months, *guaranteed)? {
        return Err(CollectionRefusal::PlanNotAllowed {
            months,
            guaranteed: *guaranteed,
        });
    }
    if *first < today {
        return Err(CollectionRefusal::PlanInThePast {
            first: *first,
            today,
        });
    }
    let part = owed.checked_div(i64::from(*count), Rounding::Down)?;
    let mut plan = Vec::new();
    let mut left = *owed;
    for (month, last) in (0..).zip((1..=*count).map(|number| number == *count)) {
        let amount = if last { left } else { part };
        left = left.checked_sub(amount)?;
        plan.push(Instalment {
            due: first.add_months(month)?,
            amount,
            paid: Fen::ZERO,
        });
    }
    Ok(vec![Event::Proposed {
        plan,
        by: by.clone(),
    }])
}

fn pay(agreement: &Agreement, amount: Fen, today: Day) -> Result<Vec<Event>, CollectionRefusal> {
    if amount <= Fen::ZERO {
        return Err(CollectionRefusal::NoMoney { money: amount });
    }
    // Too late is too late, even with the money in hand: it settles bills as any other.
    if let Some(missed) = agreement.missed(today) {
        return Ok(vec![missed, Event::Rest { amount }]);
    }
    let mut events = Vec::new();
    let mut rest = amount;
    for (place, instalment) in agreement.plan.iter().enumerate() {
        let paid = instalment.amount.checked_sub(instalment.paid)?.min(rest);
        if Fen::ZERO < paid {
            events.push(Event::Paid {
                place,
                amount: paid,
            });
            rest = rest.checked_sub(paid)?;
        }
    }
    if Fen::ZERO < rest {
        events.push(Event::Rest { amount: rest });
    }
    let mut after = Some(agreement.clone());
    for event in &events {
        after = Agreement::after(after, event);
    }
    if after.is_some_and(|after| {
        after
            .plan
            .iter()
            .all(|instalment| instalment.paid == instalment.amount)
    }) {
        events.push(Event::Kept);
    }
    Ok(events)
}

impl Agreement {
    /// The agreement after an event; `None` when there is none to which it could happen.
    #[must_use]
    pub fn after(agreement: Option<Agreement>, event: &Event) -> Option<Agreement> {
        if let Event::Proposed { plan, by } = event {
            return Some(Agreement {
                plan: plan.clone(),
                standing: Standing::Proposed { by: by.clone() },
            });
        }
        let mut agreement = agreement?;
        match event {
            Event::Proposed { .. } | Event::Rest { .. } => {}
            Event::Approved { .. } => agreement.standing = Standing::Running,
            Event::Declined { .. } => agreement.standing = Standing::Declined,
            Event::Kept => agreement.standing = Standing::Kept,
            Event::Missed { .. } => agreement.standing = Standing::Void,
            Event::Paid { place, amount } => {
                let instalment = agreement.plan.get_mut(*place)?;
                instalment.paid = instalment.paid.checked_add(*amount).ok()?;
            }
        }
        Some(agreement)
    }

    /// The first instalment not paid in full by its day.
    fn missed(&self, today: Day) -> Option<Event> {
        let missed = self
            .plan
            .iter()
            .position(|instalment| instalment.due < today && instalment.paid < instalment.amount);
        missed.map(|place| Event::Missed { place })
    }
}
