//! A draft becomes a declaration, or is let go.

use super::{Draft, Refusal, own, seen};
use crate::acting::Acting;
use crate::declare::submit::submit;
use crate::declare::{Desk, Mode, Rules};
use crate::draft::look::paper;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::declarations::{DeclarationId, State};
use city::logins::Login;
use exchange::sheets::Form;
use ledger::Digest;
use rules::law::Law;
use store::declarations;
use store::secrets::Secrets;
use store::{Db, audit, drafts};

/// Hands an own draft in as it was looked at; gives the number of the declaration. Handed in again it is told by the same
/// number.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; `N0405` when it was altered since, `N0408` when rows have faults; what
/// [`submit()`] refuses.
pub fn hand_in(
    db: &Db,
    law: &Law,
    (secrets, login): (&Secrets, Option<&Login>),
    (draft, looked_at): (i64, &Digest),
    acting: Acting<'_>,
) -> Result<DeclarationId, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    let (draft, form) = whole::read(db, |tx| own(tx, secrets, employer, draft))?;
    if let Some(declaration) = draft.declaration {
        return Ok(declaration);
    }
    let form = form.ok_or(permit::Refusal::Unknown)?;
    if seen(&form) != *looked_at {
        return Err(Refusal::Changed.into());
    }
    let declaration = recorded(db, law, secrets, (&draft, &form), acting)?;
    whole::write(db, |tx| Ok(drafts::done(tx, draft.id, declaration)?))?;
    Ok(declaration)
}

fn recorded(
    db: &Db,
    law: &Law,
    secrets: &Secrets,
    (draft, form): (&Draft, &Form),
    acting: Acting<'_>,
) -> Result<DeclarationId, Error> {
    let rules = Rules::of(law, draft.month)?;
    let desk = Desk {
        rules: &rules,
        secrets,
        districts: None,
        acting,
    };
    let paper = paper(draft, form);
    let outcome = submit::<Error>(
        db,
        desk,
        paper,
        Mode::RecordWhole,
        &mut |each| form.lines(each),
        &mut |_| Ok(()),
    );
    match outcome {
        Ok(outcome) => outcome.recorded.ok_or_else(|| {
            let rows = outcome.tally.faulty;
            Refusal::Faulty { rows }.into()
        }),
        // It stands already: whoever asked a moment ago was not told any more.
        Err(error) if error.code() == "D0109" => {
            let standing = whole::read(db, |tx| {
                let kept = declarations::of_month(tx, draft.employer, draft.month)?;
                let mut kept = kept.into_iter().map(|kept| kept.declaration);
                Ok(kept.find(|one| one.state == State::Accepted && one.file_hash == paper.hash.0))
            })?;
            standing.map(|one| one.id).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// Lets an own draft go. Doing it again does nothing more.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is another's; what the database says.
pub fn let_go(db: &Db, login: Option<&Login>, draft: i64, acting: Acting<'_>) -> Result<(), Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    whole::write(db, |tx| {
        match drafts::find(tx, draft)? {
            Some((known, _)) if known.employer != employer => {
                return Err(permit::Refusal::Unknown.into());
            }
            _ => {}
        }
        if drafts::drop(tx, draft)? {
            let subject = (audit::EMPLOYER, employer.number());
            let detail = format!("draft {draft} let go");
            acting.note(tx, "declaration.draft", subject, &detail)?;
        }
        Ok(())
    })
}
