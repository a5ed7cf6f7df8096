//! What was asked for, as its row says it, and as the audit log does?
//!
//! Of what waits for a second person nothing follows yet, and what was agreed follows from what was owed on a day that is gone.
//! So whoever asks has it noted in the audit log, whose entries hold each other. Here both come side by side.

use crate::{Error, Tx, audit, params, statements};
use city::collection::{AgreementId, BillId, ReceiptId, RefundId, WriteOffId};
use city::corrections::CorrectionId;
use city::declarations::DeclarationId;
use city::entries::EntryId;
use city::insurance::Scheme;
use measure::{Day, Fen, Month};

statements! {
    /// Every refund, and what was noted when it was asked for.
    REFUNDS = "select r.refund, r.key, r.receipt, r.amount, a.detail from refund r \
        left join audit a on a.subject_kind = $1 and a.subject = r.refund and a.action = $2 order by r.refund";
    /// Every write-off.
    WRITE_OFFS = "select w.write_off, w.bill, w.principal, w.fee, a.detail from write_off w \
        left join audit a on a.subject_kind = $1 and a.subject = w.write_off and a.action = $2 order by w.write_off";
    /// Every part of every agreement.
    INSTALMENTS = "select i.agreement, i.due_day, i.amount, a.detail from instalment i \
        left join audit a on a.subject_kind = $1 and a.subject = i.agreement and a.action = $2 order by i.agreement, i.no";
    /// Every declaration.
    DECLARATIONS = "select d.declaration, d.lines, d.wages, a.detail from declaration d \
        left join audit a on a.subject_kind = $1 and a.subject = d.declaration and a.action = $2 order by d.declaration";
    /// Every correction of the register.
    CORRECTIONS = "select c.correction, c.shall, c.value, a.detail from correction c \
        left join audit a on a.subject_kind = $1 and a.subject = c.person and a.at = c.at and a.action = $2 \
        and a.detail like 'correction ' || cast(c.correction as text) || ':%' order by c.correction";
    /// Every entry at the counter. Several may be asked for a person in one moment, each noted under its number.
    ENTRIES = "select e.entry, e.scheme, e.month, e.amount, a.detail from entry e \
        left join audit a on a.subject_kind = $1 and a.subject = e.person and a.at = e.at \
        and a.action = case when e.reverses is null then $2 else $3 end \
        and a.detail like 'entry ' || cast(e.entry as text) || ':%' order by e.entry";
}

/// What was noted, if anything was.
pub type Noted = Option<String>;

/// Hands on every refund: its number, key, receipt and amount.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn refunds<E: From<Error>>(
    tx: &mut Tx<'_>,
    action: &str,
    mut each: impl FnMut(RefundId, (&str, ReceiptId, Fen), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(REFUNDS, params![audit::REFUND, action], |row| {
        let key: String = row.get(1)?;
        let asked = (&*key, row.get(2)?, row.get(3)?);
        each(row.get(0)?, asked, row.get(4)?)
    })
}

/// Hands on every write-off: its number, bill, dues and fee.
///
/// # Errors
///
/// As [`refunds`].
pub fn write_offs<E: From<Error>>(
    tx: &mut Tx<'_>,
    action: &str,
    mut each: impl FnMut(WriteOffId, (BillId, Fen, Fen), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(WRITE_OFFS, params![audit::WRITE_OFF, action], |row| {
        let asked = (row.get(1)?, row.get(2)?, row.get(3)?);
        each(row.get(0)?, asked, row.get(4)?)
    })
}

/// Hands on every part of every agreement, in order: the agreement, the day it is due and its amount.
///
/// # Errors
///
/// As [`refunds`].
pub fn instalments<E: From<Error>>(
    tx: &mut Tx<'_>,
    action: &str,
    mut each: impl FnMut(AgreementId, (Day, Fen), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(INSTALMENTS, params![audit::AGREEMENT, action], |row| {
        each(row.get(0)?, (row.get(1)?, row.get(2)?), row.get(3)?)
    })
}

/// Hands on every declaration: its number, how many lines it has and what their wages come to.
///
/// # Errors
///
/// As [`refunds`].
pub fn declarations<E: From<Error>>(
    tx: &mut Tx<'_>,
    action: &str,
    mut each: impl FnMut(DeclarationId, (u64, Fen), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(DECLARATIONS, params![audit::DECLARATION, action], |row| {
        let lines: u32 = row.get(1)?;
        each(row.get(0)?, (lines.into(), row.get(2)?), row.get(3)?)
    })
}

/// Hands on every entry at the counter: its number, scheme, month and amount. It was noted by one action, and by another where
/// it takes an entry back.
///
/// # Errors
///
/// As [`refunds`].
pub fn entries<E: From<Error>>(
    tx: &mut Tx<'_>,
    (action, back): (&str, &str),
    mut each: impl FnMut(EntryId, (Scheme, Month, Fen), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(ENTRIES, params![audit::PERSON, action, back], |row| {
        let asked = (row.get(1)?, row.get(2)?, row.get(3)?);
        each(row.get(0)?, asked, row.get(4)?)
    })
}

/// Hands on every correction of the register: its number, and what shall hold, as it is kept.
///
/// # Errors
///
/// As [`refunds`].
pub fn corrections<E: From<Error>>(
    tx: &mut Tx<'_>,
    action: &str,
    mut each: impl FnMut(CorrectionId, (i16, Option<i64>), Noted) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(CORRECTIONS, params![audit::PERSON, action], |row| {
        each(row.get(0)?, (row.get(1)?, row.get(2)?), row.get(3)?)
    })
}
