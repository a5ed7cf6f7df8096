//! What did we declare, and how is it taken back?

use crate::acting::Acting;
use crate::declare::undo::undo;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::declarations::{DeclarationId, State};
use city::employers::EmployerId;
use city::logins::Login;
use store::declarations;
pub use store::declarations::Kept;
use store::{Db, audit};

/// A declaration of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// What is kept of it.
    pub kept: Kept,
    /// What its file was called.
    pub file: Option<String>,
}

/// An own declaration by its number. That it was looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; what the database says.
pub fn receipt(
    db: &Db,
    login: Option<&Login>,
    id: DeclarationId,
    acting: Acting<'_>,
) -> Result<Receipt, Error> {
    let employer = permit::own_employer(login, Action::ReadDeclaration)?;
    let receipt = own(db, employer, id)?;
    whole::look(db, |tx| {
        let subject = (audit::DECLARATION, id.number());
        Ok(acting.note(tx, Action::ReadDeclaration.word(), subject, "")?)
    })?;
    Ok(receipt)
}

/// Takes an own declaration back. Taken back again it stays so. Gives of how many persons something was left because it was
/// changed since.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; `N0404` when another took its place; what the database says.
pub fn withdraw(
    db: &Db,
    login: Option<&Login>,
    id: DeclarationId,
    acting: Acting<'_>,
) -> Result<usize, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    let receipt = own(db, employer, id)?;
    if receipt.kept.declaration.state == State::Undone {
        return Ok(0);
    }
    let (_, left) = undo(db, id, None, acting)?;
    Ok(left.insurance.len().max(left.work.len()))
}

fn own(db: &Db, employer: EmployerId, id: DeclarationId) -> Result<Receipt, Error> {
    whole::read(db, |tx| {
        let kept = declarations::declaration(tx, id)?;
        let kept = kept.filter(|kept| kept.declaration.employer == employer);
        let kept = kept.ok_or(permit::Refusal::Unknown)?;
        Ok(Receipt {
            file: declarations::file_name(tx, id)?,
            kept,
        })
    })
}
