//! What cannot be had any more?
//!
//! One person asks for it on a ground the law knows, another approves; then it is settled as of that day without money, and
//! the books say what was given up. A late fee is charged before it is given up, so that both stand there.

use super::clarify::unknown;
use super::entries::{Entry, Settled};
use super::refusal::nouns;
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::whole;
use city::collection::write_offs::{Command, Open, WriteOff, decide};
use city::collection::{Bill, BillId, CollectionRefusal, WriteOffId};
use city::lawful::Lawful;
use ledger::{Kind, Origin};
use measure::{Day, Fen};
use store::write_offs::{self, Asked};
use store::{Db, Tx, audit, bills};

/// Asks for a write-off.
///
/// # Errors
///
/// `N0302` when there is no such bill, `K0101`, `K0103` when one is waiting, `K0108`, `K0109`; what the law or the database
/// say.
pub fn ask(
    db: &Db,
    applied: Applied<'_>,
    asked: &Asked<'_>,
    acting: Acting<'_>,
) -> Result<WriteOffId, Error> {
    let today = acting.at.day()?;
    let lawful = Lawful::new(applied.law, today);
    whole::write(db, |tx| {
        let bill = bill(tx, asked.bill)?;
        if write_offs::is_waiting(tx, asked.bill)? {
            let state = ("待复核", "waiting for approval");
            return Err(CollectionRefusal::NotNow { state }.into());
        }
        let command = Command::Ask {
            principal: asked.principal,
            fee: asked.fee,
            ground: asked.ground,
            by: acting.by.clone(),
        };
        let allowed = |ground, part| lawful.may_write_off(ground, part);
        decide(None, &command, open(&bill, today, &lawful)?, allowed)?;
        let id = write_offs::ask(tx, asked, acting.by, acting.at)?;
        let detail = in_words((asked.bill, asked.principal, asked.fee));
        acting.note(tx, ASK, (audit::WRITE_OFF, id.number()), &detail)?;
        Ok(id)
    })
}

/// What is done when a write-off is asked for, as the audit log names it.
pub(crate) const ASK: &str = "collect.write-off.ask";

/// What was asked for, as the audit log says it.
pub(crate) fn in_words((bill, principal, fee): (BillId, Fen, Fen)) -> String {
    format!("{principal} and {fee} of the late fee of bill {bill}")
}

/// Approves a write-off, and books it.
///
/// # Errors
///
/// `N0302`, `K0103`, `K0104` for whoever asked, `K0108` when less is open by now; what the law, the books or the database
/// say.
pub fn approve(
    db: &Db,
    applied: Applied<'_>,
    id: WriteOffId,
    acting: Acting<'_>,
) -> Result<(), Error> {
    let today = acting.at.day()?;
    let lawful = Lawful::new(applied.law, today);
    whole::write(db, |tx| {
        let known = lookup(tx, id)?;
        let mut bill = bill(tx, known.bill)?;
        let by = acting.by.clone();
        let allowed = |ground, part| lawful.may_write_off(ground, part);
        let open = open(&bill, today, &lawful)?;
        let next = decide(
            Some(&known.write_off),
            &Command::Approve { by },
            open,
            allowed,
        )?;
        let WriteOff::Done { principal, fee } = next else {
            return Ok(());
        };
        let accounts = bill.share(principal)?;
        applied.keep(tx)?;
        write_offs::approve(tx, id, accounts, today, acting.by, acting.at)?;
        note(tx, "collect.write-off.approve", id, acting)?;
        book(tx, applied, (id, &bill), (principal, accounts, fee), acting)?;
        bill.settled.push(city::collection::Settled {
            on: today,
            principal,
            accounts,
            fee,
        });
        if bill.is_settled(&lawful)? {
            bills::note_open(tx, bill.id, false)?;
        }
        Ok(())
    })
}

/// Refuses a write-off.
///
/// # Errors
///
/// `N0302`, `K0103`; what the database says.
pub fn decline(db: &Db, id: WriteOffId, acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        let known = lookup(tx, id)?;
        let by = acting.by.clone();
        let nothing = Open {
            principal: Fen::ZERO,
            fee: Fen::ZERO,
        };
        decide(
            Some(&known.write_off),
            &Command::Decline { by },
            nothing,
            |_, _| Ok(true),
        )?;
        write_offs::decline(tx, id, acting.by, acting.at)?;
        note(tx, "collect.write-off.decline", id, acting)
    })
}

fn note(tx: &mut Tx<'_>, action: &str, id: WriteOffId, acting: Acting<'_>) -> Result<(), Error> {
    Ok(acting.note(tx, action, (audit::WRITE_OFF, id.number()), "")?)
}

fn book(
    tx: &mut Tx<'_>,
    applied: Applied<'_>,
    (id, bill): (WriteOffId, &Bill),
    parts: (Fen, Fen, Fen),
    acting: Acting<'_>,
) -> Result<(), Error> {
    let mut settled = Settled::default();
    settled.take((bill.scheme, bill.district), parts)?;
    let journals = [
        (
            format!("late-fee/write-off/{id}"),
            Kind::LateFee,
            settled.charged()?,
        ),
        (
            format!("write-off/{id}"),
            Kind::WriteOff,
            settled.written_off()?,
        ),
    ];
    for (key, kind, lines) in journals {
        let entry = Entry {
            key,
            kind,
            origin: Origin::Case(id.number()),
            law: Some(applied.version),
            lines,
        };
        entry.post(tx, acting)?;
    }
    Ok(())
}

fn open(bill: &Bill, on: Day, lawful: &Lawful<'_>) -> Result<Open, Error> {
    Ok(Open {
        principal: bill.open()?,
        fee: bill.open_fee(on, lawful)?,
    })
}

fn bill(tx: &mut Tx<'_>, id: BillId) -> Result<Bill, Error> {
    bills::find(tx, id)?.ok_or_else(|| unknown(nouns::BILL, id.number()))
}

fn lookup(tx: &mut Tx<'_>, id: WriteOffId) -> Result<write_offs::Known, Error> {
    write_offs::find(tx, id)?.ok_or_else(|| unknown(nouns::WRITE_OFF, id.number()))
}
