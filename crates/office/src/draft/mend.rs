//! What is wrong in a draft is put right.

use super::{Refusal, keep, own, read};
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::logins::Login;
use exchange::sheets::Form;
use store::secrets::Secrets;
use store::{Db, audit};

/// What is to be altered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mending {
    /// Cells: the row's number, the column from 0, what shall stand there.
    pub cells: Vec<(u64, usize, String)>,
    /// Rows to be taken out.
    pub out: Vec<u64>,
}

/// Alters cells of an own draft and takes rows out of it. Doing it again does nothing more.
///
/// # Errors
///
/// `N0601`, `N0602`; `N0603` when it is not theirs; `N0405` when it is handed in; what the database says.
pub fn mend(
    db: &Db,
    with: (&Secrets, Option<&Login>),
    draft: i64,
    mending: &Mending,
    acting: Acting<'_>,
) -> Result<(), Error> {
    altered(db, with, draft, acting, |form| {
        for (row, column, text) in &mending.cells {
            form.set(*row, *column, text);
        }
        for row in &mending.out {
            form.remove(*row);
        }
        Ok(())
    })
}

/// Puts the rows of a mended file in the place of those they came from; gives how many.
///
/// # Errors
///
/// As [`mend`]; `C0201` and others when it is not a file one should read; `N0409` when it does not say which rows it mends.
pub fn mend_by_file(
    db: &Db,
    with: (&Secrets, Option<&Login>),
    draft: i64,
    (name, bytes): (&str, &[u8]),
    acting: Acting<'_>,
) -> Result<usize, Error> {
    permit::own_employer(with.1, Action::Declare)?;
    let mended = read(name, bytes)?;
    altered(db, with, draft, acting, |form| {
        form.take_over(&mended)
            .ok_or_else(|| Refusal::NoRowNumbers.into())
    })
}

fn altered<T>(
    db: &Db,
    (secrets, login): (&Secrets, Option<&Login>),
    draft: i64,
    acting: Acting<'_>,
    mut alter: impl FnMut(&mut Form) -> Result<T, Error>,
) -> Result<T, Error> {
    let employer = permit::own_employer(login, Action::Declare)?;
    whole::write(db, |tx| {
        let (known, form) = own(tx, secrets, employer, draft)?;
        let mut form = form.ok_or(Refusal::Changed)?;
        let done = alter(&mut form)?;
        keep(tx, secrets, draft, &form)?;
        let subject = (audit::EMPLOYER, employer.number());
        let detail = format!("{}, draft {draft} mended", known.month);
        acting.note(tx, "declaration.draft", subject, &detail)?;
        Ok(done)
    })
}
