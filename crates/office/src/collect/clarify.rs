//! Whose money is it, when the bank does not say, or says it wrongly?
//!
//! Somebody looks, and says whose it is. Nothing is settled yet: [`allocate`](super::allocate) does that, in the lawful order.

use super::refusal::{Refusal, nouns, shown};
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::collection::{Payer, ReceiptId, ReceiptState};
use city::employers::EmployerId;
use measure::CreditCode;
use store::receipts::{self, Known};
use store::{Db, Tx, audit};

/// Says whose a receipt is.
///
/// # Errors
///
/// `N0302` when there is no such receipt, `N0303` when it is somebody's, `N0304` when there is no such payer; what the
/// database says.
pub fn clarify(
    db: &Db,
    receipt: ReceiptId,
    payer: Payer,
    acting: Acting<'_>,
) -> Result<Known, Error> {
    whole::write(db, |tx| {
        let known = lookup(tx, receipt)?;
        if let Some(whose) = known.whose {
            return Err(Refusal::Attributed { receipt, whose }.into());
        }
        if !receipts::is_known(tx, payer)? {
            let named = shown(payer).1;
            return Err(Refusal::NoPayer { named }.into());
        }
        receipts::attribute(tx, receipt, payer, acting.by.login(), acting.at)?;
        let subject = (audit::RECEIPT, receipt.number());
        acting.note(tx, "collect.clarify", subject, &shown(payer).1)?;
        if known.state == ReceiptState::TakenIn {
            receipts::note_state(tx, receipt, ReceiptState::Clarification)?;
        }
        Ok(Known {
            whose: Some(payer),
            ..known
        })
    })
}

/// The receipts of which nobody has said whose they are, by number from after one on, at most so many. They name payers, so
/// who looked is noted.
///
/// # Errors
///
/// What the database says.
pub fn waiting(db: &Db, after: i64, most: i64, acting: Acting<'_>) -> Result<Vec<Known>, Error> {
    whole::write(db, |tx| {
        let waiting = receipts::to_clarify(tx, after, most)?;
        for known in &waiting {
            let subject = (audit::RECEIPT, known.id.number());
            acting.note(tx, "collect.waiting", subject, "")?;
        }
        Ok(waiting)
    })
}

/// The employer named by its credit code or its number.
///
/// # Errors
///
/// `N0304` when there is none; what the database says.
pub fn employer(tx: &mut Tx<'_>, named: &str) -> Result<EmployerId, Error> {
    let none = || {
        Error::from(Refusal::NoPayer {
            named: named.to_owned(),
        })
    };
    if let Ok((code, _)) = CreditCode::parse(named) {
        return receipts::by_code(tx, &code)?.ok_or_else(none);
    }
    let number = named.trim().parse().ok().and_then(EmployerId::new);
    let id = number.ok_or_else(none)?;
    match receipts::is_known(tx, Payer::Employer(id))? {
        true => Ok(id),
        false => Err(none()),
    }
}

/// The receipt of this number.
pub(super) fn lookup(tx: &mut Tx<'_>, receipt: ReceiptId) -> Result<Known, Error> {
    receipts::find(tx, receipt)?.ok_or_else(|| unknown(nouns::RECEIPT, receipt.number()))
}

/// That there is nothing of this number.
pub(super) fn unknown(what: (&'static str, &'static str), number: i64) -> Error {
    Refusal::Unknown { what, number }.into()
}
