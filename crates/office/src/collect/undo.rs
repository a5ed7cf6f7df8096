//! What if money settled the wrong bill?
//!
//! The allocation is taken back: its row stays and says by whom and when, a journal of its own turns what was booked, the
//! bill is open again and the money is in clarification. What was credited to accounts is not undone so.

use super::clarify::{lookup, unknown};
use super::entries::{Entry, Settled};
use super::refusal::{Refusal, nouns};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::collection::{AllocationId, ReceiptId, ReceiptState};
use ledger::{Kind, Origin};
use store::allocations::{self, Made};
use store::{Db, Tx, audit, bills, receipts};

/// Takes one allocation back. The money is still its payer's, and settles again what the lawful order says.
///
/// # Errors
///
/// `N0302` when there is none, `N0305` when the bill was credited, `N0306` when it was taken back; what the books or the
/// database say.
pub fn undo(db: &Db, allocation: AllocationId, acting: Acting<'_>) -> Result<Made, Error> {
    whole::write(db, |tx| {
        let made = allocations::find(tx, allocation)?;
        let made = made.ok_or_else(|| unknown(nouns::ALLOCATION, allocation.number()))?;
        one(tx, &made, acting)?;
        receipts::note_state(tx, made.receipt, ReceiptState::Clarification)?;
        let subject = (audit::ALLOCATION, allocation.number());
        acting.note(tx, "collect.undo", subject, "")?;
        Ok(made)
    })
}

/// Takes back all that a receipt has settled, and whose it was held to be: it was somebody else's. Gives what was taken
/// back.
///
/// # Errors
///
/// `N0302` when there is none, `N0305` when a bill was credited, `N0306` when it is nobody's; what the books or the
/// database say.
pub fn undo_receipt(db: &Db, receipt: ReceiptId, acting: Acting<'_>) -> Result<Vec<Made>, Error> {
    whole::write(db, |tx| {
        if lookup(tx, receipt)?.whose.is_none() {
            let (what, number) = (nouns::RECEIPT, receipt.number());
            return Err(Refusal::UndoneAlready { what, number }.into());
        }
        let mut made = allocations::of_receipt(tx, receipt)?;
        made.retain(|made| !made.undone);
        for made in &made {
            one(tx, made, acting)?;
        }
        let subject = (audit::RECEIPT, receipt.number());
        acting.note(tx, "collect.undo", subject, "")?;
        receipts::unattribute(tx, receipt, acting.by.login(), acting.at)?;
        receipts::note_state(tx, receipt, ReceiptState::Clarification)?;
        Ok(made)
    })
}

fn one(tx: &mut Tx<'_>, made: &Made, acting: Acting<'_>) -> Result<(), Error> {
    let (what, number) = (nouns::ALLOCATION, made.id.number());
    if made.undone {
        return Err(Refusal::UndoneAlready { what, number }.into());
    }
    if allocations::is_credited(tx, made.bill)? {
        return Err(Refusal::Credited { bill: made.bill }.into());
    }
    if !allocations::undo(tx, made.id, acting.by.login(), acting.at)? {
        return Err(Refusal::UndoneAlready { what, number }.into());
    }
    bills::note_open(tx, made.bill, true)?;
    let mut settled = Settled::default();
    settled.take(
        (made.scheme, made.district),
        (made.principal, made.accounts, made.fee),
    )?;
    let entry = Entry {
        key: format!("allocation/{}/undone/{}", made.batch, made.id),
        kind: Kind::Correction,
        origin: Origin::Batch(made.batch),
        law: None,
        lines: settled.undone()?,
    };
    entry.post(tx, acting)
}
