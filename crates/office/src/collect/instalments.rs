//! Who pays later, in which parts, and who has not kept to it?
//!
//! An agreement is about all that a payer owes when it is proposed. It changes neither bills nor order: money settles bills as
//! always, and what settles those of the agreement since it was approved pays its instalments. So how it stands follows from
//! the allocations, and an allocation taken back is taken back here too.

use super::clarify::unknown;
use super::owes::owes;
use super::refusal::nouns;
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::whole;
use city::collection::instalments::{Agreement, Command, Event, Standing, decide};
use city::collection::{AgreementId, LawRefusal, Payer};
use city::lawful::Lawful;
use measure::{Day, Fen};
use store::instalments::{self, Known, Outcome};
use store::{Db, Tx, audit};

/// What is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who pays.
    pub payer: Payer,
    /// The day of the first instalment; the others follow a month apart.
    pub first: Day,
    /// In how many.
    pub count: u32,
    /// Whether there is security.
    pub guaranteed: bool,
}

/// Proposes an agreement about all that a payer owes today.
///
/// # Errors
///
/// `K0103` when there is one, `K0105` when nothing is owed, `K0106`, `K0107`; what the law or the database say.
pub fn propose(
    db: &Db,
    applied: Applied<'_>,
    proposal: Proposal,
    acting: Acting<'_>,
) -> Result<AgreementId, Error> {
    let today = acting.at.day()?;
    let lawful = Lawful::new(applied.law, today);
    whole::write(db, |tx| {
        let current = instalments::current(tx, proposal.payer)?;
        let owed = owes(tx, applied.law, proposal.payer, today)?;
        let command = Command::Propose {
            owed: owed.outlook.today.total()?,
            first: proposal.first,
            count: proposal.count,
            guaranteed: proposal.guaranteed,
            by: acting.by.clone(),
        };
        let allowed = |months, guaranteed| lawful.plan_allowed(months, guaranteed);
        let current = current.map(|known| known.agreement);
        let events = decide(current.as_ref(), &command, today, allowed)?;
        let plan = events.into_iter().find_map(|event| match event {
            Event::Proposed { plan, .. } => Some(plan),
            _ => None,
        });
        let about = owed
            .bills
            .iter()
            .filter(|open| Fen::ZERO < open.today.principal || Fen::ZERO < open.today.fee);
        let about: Vec<_> = about.map(|open| open.bill.id).collect();
        let whose = (proposal.payer, proposal.guaranteed);
        let plan = plan.unwrap_or_default();
        let id = instalments::propose(tx, whose, &plan, &about, acting.by, acting.at)?;
        let plan: Vec<_> = plan.iter().map(|part| (part.due, part.amount)).collect();
        let subject = (audit::AGREEMENT, id.number());
        acting.note(tx, PROPOSE, subject, &in_words(&plan))?;
        Ok(id)
    })
}

/// What is done when an agreement is proposed, as the audit log names it.
pub(crate) const PROPOSE: &str = "collect.instalments.propose";

/// What was proposed, as the audit log says it.
pub(crate) fn in_words(plan: &[(Day, Fen)]) -> String {
    let parts: Vec<_> = plan
        .iter()
        .map(|(day, amount)| format!("{amount} on {day}"))
        .collect();
    parts.join(", ")
}

/// Approves an agreement.
///
/// # Errors
///
/// `N0302`, `K0103`, `K0104`; what the database says.
pub fn approve(db: &Db, id: AgreementId, acting: Acting<'_>) -> Result<(), Error> {
    let by = acting.by.clone();
    decided(db, id, &Command::Approve { by }, acting)
}

/// Refuses an agreement.
///
/// # Errors
///
/// `N0302`, `K0103`; what the database says.
pub fn decline(db: &Db, id: AgreementId, acting: Acting<'_>) -> Result<(), Error> {
    let by = acting.by.clone();
    decided(db, id, &Command::Decline { by }, acting)
}

fn decided(db: &Db, id: AgreementId, command: &Command, acting: Acting<'_>) -> Result<(), Error> {
    let today = acting.at.day()?;
    whole::write(db, |tx| {
        let known = lookup(tx, id)?;
        for event in decide(Some(&known.agreement), command, today, never)? {
            match event {
                Event::Approved { by } => {
                    instalments::approve(tx, id, &by, acting.at)?;
                    note(tx, "collect.instalments.approve", id, acting)?;
                }
                Event::Declined { by } => {
                    instalments::end(tx, id, Outcome::Declined, &by, acting.at)?;
                    note(tx, "collect.instalments.decline", id, acting)?;
                }
                _ => {}
            }
        }
        Ok(())
    })
}

/// How an agreement stands on a day, with what is paid of each instalment.
///
/// # Errors
///
/// `N0302`; what the database says.
pub fn standing(tx: &mut Tx<'_>, id: AgreementId, on: Day) -> Result<Agreement, Error> {
    let known = lookup(tx, id)?;
    replayed(&known, on)
}

/// Looks at every running agreement: those paid to the end and those of which an instalment was missed are over. Gives
/// them.
///
/// # Errors
///
/// What the database says.
pub fn look(db: &Db, acting: Acting<'_>) -> Result<Vec<(AgreementId, Outcome)>, Error> {
    let today = acting.at.day()?;
    whole::write(db, |tx| {
        let mut over = Vec::new();
        for id in instalments::running(tx)? {
            let known = lookup(tx, id)?;
            let outcome = match replayed(&known, today)?.standing {
                Standing::Kept => Outcome::Kept,
                Standing::Void => Outcome::Missed,
                Standing::Proposed { .. } | Standing::Running | Standing::Declined => continue,
            };
            instalments::end(tx, id, outcome, acting.by, acting.at)?;
            note(tx, "collect.instalments.end", id, acting)?;
            over.push((id, outcome));
        }
        Ok(over)
    })
}

/// The agreement after what was paid on its bills, day by day, and a look on a day.
fn replayed(known: &Known, on: Day) -> Result<Agreement, Error> {
    let kept = known.agreement.standing.clone();
    let mut agreement = known.agreement.clone();
    if matches!(kept, Standing::Kept | Standing::Void) {
        agreement.standing = Standing::Running;
    }
    for (day, amount) in known.paid.iter().filter(|(day, _)| *day <= on) {
        if agreement.standing == Standing::Running {
            let pay = Command::Pay { amount: *amount };
            let events = decide(Some(&agreement), &pay, *day, never)?;
            agreement = after(agreement, &events);
        }
    }
    let look = decide(Some(&agreement), &Command::Look, on, never)?;
    agreement = after(agreement, &look);
    if matches!(kept, Standing::Kept | Standing::Void) {
        agreement.standing = kept;
    }
    Ok(agreement)
}

fn after(agreement: Agreement, events: &[Event]) -> Agreement {
    let next = events
        .iter()
        .fold(Some(agreement.clone()), Agreement::after);
    next.unwrap_or(agreement)
}

fn note(tx: &mut Tx<'_>, action: &str, id: AgreementId, acting: Acting<'_>) -> Result<(), Error> {
    Ok(acting.note(tx, action, (audit::AGREEMENT, id.number()), "")?)
}

fn lookup(tx: &mut Tx<'_>, id: AgreementId) -> Result<Known, Error> {
    instalments::find(tx, id)?.ok_or_else(|| unknown(nouns::AGREEMENT, id.number()))
}

/// The law is asked when an agreement is proposed, and not again.
fn never(_: u32, _: bool) -> Result<bool, LawRefusal> {
    Ok(false)
}
