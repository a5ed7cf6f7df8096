//! What goes back to whoever paid too much?
//!
//! One person asks, another approves; from then on the money is set aside in the books. It is gone when it is handed to the
//! bank, and held again when the bank sends it back.

use super::clarify::{lookup as receipt_of, unknown};
use super::entries::{Entry, key, of_collecting};
use super::refusal::{Refusal, nouns};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::collection::refunds::{Command, Held, Refund, decide};
use city::collection::{ReceiptId, ReceiptState, RefundId};
use ledger::{Heading, Kind, Origin, Reversal};
use measure::Fen;
use store::refunds::{self, Known};
use store::{Db, Tx, allocations, audit, journals, receipts};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The same when it is asked again.
    pub key: &'a str,
    /// Of which receipt.
    pub receipt: ReceiptId,
    /// How much.
    pub amount: Fen,
    /// The account it is to go to.
    pub account: &'a str,
    /// Why, in words.
    pub reason: &'a str,
}

/// Asks for a refund. Asked again under the same key, it is the same refund.
///
/// # Errors
///
/// `N0302` when there is no such receipt, `N0307` when the key is another refund's, `K0101`, `K0108`, `K0110`; what the
/// database says.
pub fn ask(db: &Db, asked: &Asked<'_>, acting: Acting<'_>) -> Result<RefundId, Error> {
    whole::write(db, |tx| {
        if let Some(known) = refunds::by_key(tx, asked.key)? {
            if (known.receipt, known.amount) == (asked.receipt, asked.amount) {
                return Ok(known.id);
            }
            let key = asked.key.to_owned();
            return Err(Refusal::KeyTaken { key }.into());
        }
        let command = Command::Ask {
            amount: asked.amount,
            account: asked.account.to_owned(),
            by: acting.by.clone(),
        };
        decide(None, &command, &held(tx, asked.receipt, Fen::ZERO)?)?;
        let what = (asked.receipt, asked.amount);
        let id = refunds::ask(tx, asked.key, what, asked.reason, acting.by, acting.at)?;
        let detail = in_words(asked.key, what);
        acting.note(tx, ASK, (audit::REFUND, id.number()), &detail)?;
        Ok(id)
    })
}

/// What is done when a refund is asked for, as the audit log names it.
pub(crate) const ASK: &str = "collect.refund.ask";

/// What was asked for, as the audit log says it.
pub(crate) fn in_words(key: &str, (receipt, amount): (ReceiptId, Fen)) -> String {
    format!("{key}: {amount} of receipt {receipt}")
}

/// Approves a refund; the money is set aside.
///
/// # Errors
///
/// `N0302`, `K0103`, `K0104` for whoever asked, `K0108`; what the books or the database say.
pub fn approve(db: &Db, id: RefundId, acting: Acting<'_>) -> Result<(), Error> {
    let by = acting.by.clone();
    step(db, id, &Command::Approve { by }, acting)
}

/// Refuses a refund, or takes it back before it is sent.
///
/// # Errors
///
/// `N0302`, `K0103`; what the books or the database say.
pub fn decline(db: &Db, id: RefundId, acting: Acting<'_>) -> Result<(), Error> {
    let by = acting.by.clone();
    step(db, id, &Command::Decline { by }, acting)
}

/// Notes that a refund is handed to the bank.
///
/// # Errors
///
/// `N0302`, `K0103`; what the books or the database say.
pub fn send(db: &Db, id: RefundId, acting: Acting<'_>) -> Result<(), Error> {
    step(db, id, &Command::Send, acting)
}

/// Notes that the bank sent a refund back.
///
/// # Errors
///
/// `N0302`, `K0103`; what the books or the database say.
pub fn came_back(db: &Db, id: RefundId, acting: Acting<'_>) -> Result<(), Error> {
    step(db, id, &Command::CameBack, acting)
}

fn step(db: &Db, id: RefundId, command: &Command, acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        let known = refunds::find(tx, id)?;
        let known = known.ok_or_else(|| unknown(nouns::REFUND, id.number()))?;
        let held = held(tx, known.receipt, known.refund.takes())?;
        let next = decide(Some(&known.refund), command, &held)?;
        refunds::note(tx, id, &next, acting.by, acting.at)?;
        let done = match next {
            Refund::Asked { .. } => "collect.refund.ask",
            Refund::Approved { .. } => "collect.refund.approve",
            Refund::Sent { .. } => "collect.refund.send",
            Refund::Returned => "collect.refund.came-back",
            Refund::Declined => "collect.refund.decline",
        };
        acting.note(tx, done, (audit::REFUND, id.number()), "")?;
        book(tx, &known, &next, acting)?;
        note_receipt(tx, known.receipt, &next)
    })
}

/// What is held of a receipt besides what this refund takes of it.
fn held(tx: &mut Tx<'_>, receipt: ReceiptId, taken: Fen) -> Result<Held, Error> {
    let known = receipt_of(tx, receipt)?;
    // What the office itself gives back came from no account.
    let account = match (known.account, known.whose) {
        (None, Some(payer)) => receipts::pays_from(tx, payer)?,
        (account, _) => account,
    };
    Ok(Held {
        rest: known.rest.checked_add(taken)?,
        account: account.unwrap_or_default(),
    })
}

fn book(tx: &mut Tx<'_>, known: &Known, next: &Refund, acting: Acting<'_>) -> Result<(), Error> {
    let (name, day) = (format!("refund/{}", known.id), acting.at.day()?);
    let origin = Origin::Case(known.id.number());
    let command = match (&known.refund, next) {
        (_, Refund::Approved { amount }) => {
            let entry = Entry {
                key: name,
                kind: Kind::Refund,
                origin,
                law: None,
                lines: of_collecting(Heading::Clearing, Heading::Bank, *amount)?,
            };
            return entry.prepare(tx, acting);
        }
        (_, Refund::Sent { .. }) => ledger::Command::Post {
            key: key(name)?,
            day,
        },
        (Refund::Approved { .. }, Refund::Declined) => ledger::Command::Void {
            key: key(name)?,
            day,
        },
        (_, Refund::Returned) => ledger::Command::Reverse(Reversal {
            key: key(format!("{name}/returned"))?,
            reverses: key(name)?,
            day,
            origin,
        }),
        (_, Refund::Asked { .. } | Refund::Declined) => return Ok(()),
    };
    journals::apply(tx, &command)?;
    Ok(())
}

/// How far the receipt is, now that a refund of it is where it is.
fn note_receipt(tx: &mut Tx<'_>, receipt: ReceiptId, refund: &Refund) -> Result<(), Error> {
    let state = match refund {
        Refund::Sent { .. } if receipt_of(tx, receipt)?.rest == Fen::ZERO => {
            let made = allocations::of_receipt(tx, receipt)?;
            match made.iter().any(|made| !made.undone) {
                true => ReceiptState::Matched,
                false => ReceiptState::Returned,
            }
        }
        Refund::Returned => ReceiptState::Clarification,
        _ => return Ok(()),
    };
    Ok(receipts::note_state(tx, receipt, state)?)
}
