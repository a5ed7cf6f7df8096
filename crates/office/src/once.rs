//! How is a form that is sent twice done once?
//!
//! Each form has a key of its own. Before something is done its key is noted with a hash of what was sent; afterwards, where the
//! answer leads. Sent again as it was, it is answered as before; sent as something else, it is refused.

use crate::error::Error;
use crate::whole;
use city::actors::Actor;
use city::refusal::{Refused, Said, Sentence};
use ledger::{Digest, Encoder};
use measure::Moment;
use store::{Db, Write, forms};

/// A form that is sent.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// By whom.
    pub by: &'a Actor,
    /// Its key.
    pub key: &'a str,
    /// Where it was sent, and what.
    pub body: &'a str,
    /// When.
    pub at: Moment,
}

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0701`: it has no key of its own.
    NoKey,
    /// `N0702`: its key was sent with something else.
    Other,
    /// `N0703`: it is being done.
    UnderWay,
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        let (code, zh, en, remedy_zh, remedy_en) = match self {
            Refusal::NoKey => (
                "N0701",
                "表单没有编号",
                "the form has no key of its own",
                "重新打开页面再提交",
                "open the page again and send it from there",
            ),
            Refusal::Other => (
                "N0702",
                "同一表单已提交过，内容不同",
                "this form was sent before with something else in it",
                "重新打开页面，核对后再提交",
                "open the page again, check what is there, and send it anew",
            ),
            Refusal::UnderWay => (
                "N0703",
                "同一表单正在办理",
                "this form is being dealt with",
                "稍等，再看是否已办成",
                "wait a moment and look whether it was done",
            ),
        };
        let sentence = |zh: &str, en: &str| Sentence {
            zh: zh.to_owned(),
            en: en.to_owned(),
        };
        Said {
            code,
            message: sentence(zh, en),
            remedy: sentence(remedy_zh, remedy_en),
        }
    }
}

/// Answers are kept for two days.
const KEPT: i64 = 48 * 3_600_000_000;
/// What was begun so long ago and not answered does not go on: the house fell meanwhile.
const PATIENCE: i64 = 15 * 60_000_000;
/// Keys are of so many signs; a page makes them by chance.
const KEY: std::ops::RangeInclusive<usize> = 16..=64;

/// Does something once. `work` gives where the answer leads; refused, the form may be sent again.
///
/// # Errors
///
/// `N0701` to `N0703`; what `work` or the database says.
pub fn once(
    db: &Db,
    form: Form<'_>,
    work: impl FnOnce() -> Result<String, Error>,
) -> Result<String, Error> {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    if !KEY.contains(&form.key.len()) || !form.key.chars().all(plain) {
        return Err(Refusal::NoKey.into());
    }
    let of = (form.by.login(), form.key);
    let mut encoder = Encoder::new();
    encoder.text(form.body);
    let body = Digest::of(encoder.bytes()).0;
    let (old, begun) = (
        form.at.plus_microseconds(-KEPT),
        form.at.plus_microseconds(-PATIENCE),
    );
    let known = whole::write_with(db, Write::committed(), |tx| {
        forms::sweep(tx, old)?;
        forms::lapse(tx, of, begun)?;
        Ok(forms::begin(tx, of, body, form.at)?)
    })?;
    match known {
        None => {}
        Some(sent) if sent.body != body => return Err(Refusal::Other.into()),
        Some(sent) => return sent.answer.ok_or_else(|| Refusal::UnderWay.into()),
    }
    let done = work();
    whole::write_with(db, Write::committed(), |tx| {
        match &done {
            Ok(answer) => forms::answer(tx, of, answer)?,
            Err(_) => forms::forget(tx, of)?,
        }
        Ok(())
    })?;
    done
}
