//! Is every entry at the counter booked as what it is?

use super::{Finding, Report};
use crate::account::post::{key, lines};
use crate::error::Error;
use crate::whole;
use ledger::{Kind, Line};
use measure::Fen;
use store::entries::Posted;
use store::{Db, Tx, entries, journals};

/// Makes the journal of every entry that counts again. Of those that differ the first is named.
pub(super) fn verify(db: &Db, report: &mut Report) -> Result<(), Error> {
    let wrong = whole::read(db, |tx| {
        let mut posted = Vec::new();
        entries::posted(tx, |entry| {
            posted.push(entry);
            Ok::<(), Error>(())
        })?;
        for entry in posted {
            if !as_booked(tx, &entry)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    })?;
    report
        .findings
        .extend(wrong.map(|entry| Finding::Entry { entry: entry.id }));
    Ok(())
}

fn as_booked(tx: &mut Tx<'_>, entry: &Posted) -> Result<bool, Error> {
    let (kind, lines) = match entry.reverses {
        None => (
            Kind::Correction,
            lines(entry.scheme, entry.district, entry.amount)?,
        ),
        Some(_) => {
            let reversed = Fen(entry.amount.0.saturating_neg());
            let lines = lines(entry.scheme, entry.district, reversed)?;
            (
                Kind::Reversal,
                lines.into_iter().map(Line::turned).collect(),
            )
        }
    };
    let found = journals::find(tx, &key(entry.id)?)?;
    let reverses = entry.reverses.map(key).transpose()?;
    Ok(found.is_some_and(|found| {
        (found.journal.kind, &found.journal.lines) == (kind, &lines) && found.reverses == reverses
    }))
}
