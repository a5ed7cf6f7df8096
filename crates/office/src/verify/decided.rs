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
use measure::{Day, Fen};
use std::fmt::Display;
use store::decided::{self, Noted};
use store::{Db, Tx};

/// Says of every row what was asked for and compares what was noted. Of each kind the first that differs is named.
pub(super) fn verify(db: &Db, report: &mut Report) -> Result<(), Error> {
    let wrong = whole::read(db, |tx| {
        let mut wrong = Wrong::default();
        decided::refunds(tx, refund::ASK, |id, (key, receipt, amount), noted| {
            let said = refund::in_words(key, (receipt, amount));
            wrong.unless(("退款", "refund"), id, &said, &noted)
        })?;
        decided::write_offs(tx, write_off::ASK, |id, asked, noted| {
            wrong.unless(
                ("核销", "write-off"),
                id,
                &write_off::in_words(asked),
                &noted,
            )
        })?;
        agreements(tx, &mut wrong)?;
        decided::declarations(tx, submit::SUBMIT, |id, declared, noted| {
            wrong.unless(
                ("申报", "declaration"),
                id,
                &submit::in_words(declared),
                &noted,
            )
        })?;
        decided::corrections(tx, correction::ASK, |id, shall, noted| {
            let said = correction::in_words(id, shall);
            wrong.unless(("登记更正", "correction"), id, &said, &noted)
        })?;
        decided::entries(tx, (post::POST, post::REVERSE), |id, asked, noted| {
            wrong.unless(("更正", "entry"), id, &post::in_words(id, asked), &noted)
        })?;
        Ok(wrong.0)
    })?;
    report.findings.extend(wrong);
    Ok(())
}

fn agreements(tx: &mut Tx<'_>, wrong: &mut Wrong) -> Result<(), Error> {
    let mut last = None;
    let mut plan: Vec<(Day, Fen)> = Vec::new();
    let whole = |wrong: &mut Wrong, plan: &mut Vec<_>, of: Option<(_, Noted)>| {
        let said = instalments::in_words(plan);
        plan.clear();
        match of {
            Some((id, noted)) => wrong.unless(("延期缴费协议", "agreement"), id, &said, &noted),
            None => Ok(()),
        }
    };
    decided::instalments(tx, instalments::PROPOSE, |id, part, noted| {
        if last.as_ref().is_none_or(|(known, _)| *known != id) {
            whole(wrong, &mut plan, last.replace((id, noted)))?;
        }
        plan.push(part);
        Ok::<(), Error>(())
    })?;
    whole(wrong, &mut plan, last)
}

/// What was not asked for as it stands: of each kind the first.
#[derive(Default)]
struct Wrong(Vec<Finding>);

impl Wrong {
    #[expect(clippy::unnecessary_wraps, reason = "it ends what is done with a row")]
    fn unless(
        &mut self,
        what: (&'static str, &'static str),
        number: impl Display,
        said: &str,
        noted: &Noted,
    ) -> Result<(), Error> {
        let known = self
            .0
            .iter()
            .any(|finding| matches!(finding, Finding::Decided { what: kind, .. } if *kind == what));
        if noted.as_deref() != Some(said) && !known {
            let number = number.to_string();
            self.0.push(Finding::Decided { what, number });
        }
        Ok(())
    }
}
