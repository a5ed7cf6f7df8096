//! Is what was asked for what the audit log says was asked for?
//!
//! Of what waits for a second person nothing follows yet, and an agreement follows from what was owed on a day that is gone. Each
//! was noted when it was asked for, in words that its row gives again.

use super::{Finding, Report};
use crate::account::post;
use crate::collect::{instalments, refund, write_off};
use crate::correction;
use crate::declare::submit;
use crate::error::Error;
use crate::whole;
use city::collection::AgreementId;
use measure::{Day, Fen};
use std::fmt::Display;
use store::decided::{self, Noted};
use store::{Db, Tx};

/// Says of every row what was asked for and compares what was noted. Of each kind the first that differs is named.
pub(super) fn verify(db: &Db, report: &mut Report) -> Result<(), Error> {
    let wrong = whole::read(db, |tx| {
        let kinds = [
            refunds(tx)?,
            write_offs(tx)?,
            agreements(tx)?,
            declarations(tx)?,
            corrections(tx)?,
            entries(tx)?,
        ];
        Ok(kinds.into_iter().filter_map(|kind| kind.first))
    })?;
    report.findings.extend(wrong);
    Ok(())
}

/// Of one kind, the first that is not what was noted.
struct Kind {
    what: (&'static str, &'static str),
    first: Option<Finding>,
}

impl Kind {
    /// By the Chinese and the English name.
    const fn of(zh: &'static str, en: &'static str) -> Kind {
        Kind {
            what: (zh, en),
            first: None,
        }
    }

    /// What was asked for, by its row and by the note.
    fn look(&mut self, number: impl Display, said: &str, noted: &Noted) {
        if noted.as_deref() != Some(said) && self.first.is_none() {
            self.first = Some(Finding::Decided {
                what: self.what,
                number: number.to_string(),
            });
        }
    }
}

fn refunds(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("退款", "refund");
    decided::refunds(tx, refund::ASK, |id, (key, receipt, amount), noted| {
        kind.look(id, &refund::in_words(key, (receipt, amount)), &noted);
        Ok::<(), Error>(())
    })?;
    Ok(kind)
}

fn write_offs(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("核销", "write-off");
    decided::write_offs(tx, write_off::ASK, |id, asked, noted| {
        kind.look(id, &write_off::in_words(asked), &noted);
        Ok::<(), Error>(())
    })?;
    Ok(kind)
}

fn agreements(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("延期缴费协议", "agreement");
    // The one whose parts are coming, and what of it has come.
    let mut current: Option<(AgreementId, Noted)> = None;
    let mut plan: Vec<(Day, Fen)> = Vec::new();
    decided::instalments(tx, instalments::PROPOSE, |id, part, noted| {
        if let Some((last, noted)) = current.take_if(|(last, _)| *last != id) {
            kind.look(last, &instalments::in_words(&plan), &noted);
            plan.clear();
        }
        current.get_or_insert((id, noted));
        plan.push(part);
        Ok::<(), Error>(())
    })?;
    if let Some((last, noted)) = current {
        kind.look(last, &instalments::in_words(&plan), &noted);
    }
    Ok(kind)
}

fn declarations(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("申报", "declaration");
    decided::declarations(tx, submit::SUBMIT, |id, declared, noted| {
        kind.look(id, &submit::in_words(declared), &noted);
        Ok::<(), Error>(())
    })?;
    Ok(kind)
}

fn corrections(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("登记更正", "correction");
    decided::corrections(tx, correction::ASK, |id, shall, noted| {
        kind.look(id, &correction::in_words(id, shall), &noted);
        Ok::<(), Error>(())
    })?;
    Ok(kind)
}

fn entries(tx: &mut Tx<'_>) -> Result<Kind, Error> {
    let mut kind = Kind::of("更正", "entry");
    decided::entries(tx, (post::POST, post::REVERSE), |id, asked, noted| {
        kind.look(id, &post::in_words(id, asked), &noted);
        Ok::<(), Error>(())
    })?;
    Ok(kind)
}
