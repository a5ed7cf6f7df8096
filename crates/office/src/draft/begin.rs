//! A draft comes to be.

use super::{Item, Refusal, keep, read};
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::declarations::Coverage;
use city::employers::EmployerId;
use city::logins::Login;
use exchange::sheets::Form;
use ledger::{Digest, Encoder};
use measure::Month;
use store::drafts::NewDraft;
use store::secrets::Secrets;
use store::{Db, audit, drafts};

/// What was left lying for so long, in microseconds, is let go: a month.
const LEFT_LYING: i64 = 31 * 86_400 * 1_000_000;

/// What is begun.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// By which whoever asks again is told that it was done.
    pub key: &'a str,
    /// Of which month.
    pub month: Month,
    /// Whether it tells of the whole staff.
    pub coverage: Coverage,
    /// What the file is called; of rows without a file, what they are about.
    pub name: &'a str,
}

/// Begins one with a file; gives its number.
///
/// # Errors
///
/// `N0601`, `N0602`; `C0201` and others when it is not a file one should read; `N0406`, `N0407`; what the database says.
pub fn begin_with_file(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    new: New<'_>,
    bytes: &[u8],
    acting: Acting<'_>,
) -> Result<i64, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    let form = read(new.name, bytes)?;
    begun(db, secrets, employer, (new, bytes), &form, acting)
}

/// Begins one with a few rows that were typed; gives its number.
///
/// # Errors
///
/// `N0601`, `N0602`, `N0406`; what the database says.
pub fn begin_with_rows(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    new: New<'_>,
    rows: &[Vec<(Item, String)>],
    acting: Acting<'_>,
) -> Result<i64, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    let mut form = Form::usual();
    for row in rows {
        let row: Vec<(Item, &str)> = row
            .iter()
            .map(|(item, text)| (*item, text.as_str()))
            .collect();
        form.add(&row);
    }
    let text = form.text();
    begun(db, secrets, employer, (new, text.as_bytes()), &form, acting)
}

fn begun(
    db: &Db,
    secrets: &Secrets,
    employer: EmployerId,
    (new, bytes): (New<'_>, &[u8]),
    form: &Form,
    acting: Acting<'_>,
) -> Result<i64, Error> {
    let mut encoder = Encoder::new();
    encoder
        .month(new.month)
        .digest(&Digest::of(bytes))
        .text(new.name)
        .text(match new.coverage {
            Coverage::Whole => "whole",
            Coverage::Part => "part",
        });
    let brought = Digest::of(encoder.bytes()).0;
    whole::write(db, |tx| {
        if let Some((draft, before)) = drafts::by_key(tx, employer, new.key)? {
            return match before == brought {
                true => Ok(draft),
                false => Err(Refusal::OtherContent.into()),
            };
        }
        drafts::sweep(tx, acting.at.plus_microseconds(-LEFT_LYING))?;
        let begun = NewDraft {
            employer,
            month: new.month,
            coverage: new.coverage,
            name: new.name,
            key: new.key,
            brought: &brought,
            by: acting.by,
            at: acting.at,
        };
        let draft = drafts::begin(tx, &begun)?;
        keep(tx, secrets, draft, form)?;
        let subject = (audit::EMPLOYER, employer.number());
        let detail = format!("{}, draft {draft}", new.month);
        acting.note(tx, "declaration.draft", subject, &detail)?;
        Ok(draft)
    })
}
