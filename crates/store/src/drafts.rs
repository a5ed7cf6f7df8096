//! What does an employer prepare to declare?

use crate::{Error, Row, Tx, params, statements};
use city::actors::Actor;
use city::declarations::{Coverage, DeclarationId};
use city::employers::EmployerId;
use measure::{Moment, Month};

statements! {
    /// Somebody begins one.
    BEGIN = "insert into draft (employer, month, coverage, name, key, brought, by, at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) returning draft";
    /// Its rows, as they are now.
    FILL = "update draft set cipher = $2 where draft = $1 and declaration is null";
    /// One that was begun under a key, and a hash of what was brought.
    BY_KEY = "select draft, brought from draft where employer = $1 and key = $2";
    /// One by its number.
    FIND = "select draft, employer, month, coverage, name, by, at, declaration, cipher from draft where draft = $1";
    /// Those of an employer that are not handed in, the newest first.
    OPEN = "select draft, employer, month, coverage, name, by, at, declaration from draft \
            where employer = $1 and declaration is null order by draft desc";
    /// It is handed in; its rows are kept by what was recorded of them.
    DONE = "update draft set declaration = $2, cipher = null where draft = $1 and declaration is null";
    /// It is let go.
    DROP = "delete from draft where draft = $1 and declaration is null";
    /// What was left lying is let go.
    SWEEP = "delete from draft where declaration is null and at < $1";
}

/// One to be begun.
#[derive(Clone, Copy, Debug)]
pub struct NewDraft<'a> {
    /// Whose staff.
    pub employer: EmployerId,
    /// Of which month.
    pub month: Month,
    /// Whether it tells of the whole staff.
    pub coverage: Coverage,
    /// What the file was called.
    pub name: &'a str,
    /// Under which key it is begun.
    pub key: &'a str,
    /// A hash of what was brought.
    pub brought: &'a [u8; 32],
    /// Who prepares it.
    pub by: &'a Actor,
    /// Since when.
    pub at: Moment,
}

/// One that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number.
    pub id: i64,
    /// Whose staff.
    pub employer: EmployerId,
    /// Of which month.
    pub month: Month,
    /// Whether it tells of the whole staff.
    pub coverage: Coverage,
    /// What the file was called.
    pub name: String,
    /// Who prepares it.
    pub by: String,
    /// Since when.
    pub at: Moment,
    /// As what it was handed in, if it was.
    pub declaration: Option<DeclarationId>,
}

/// One that was found, with its rows, encrypted, while it is not handed in.
pub type Found = (Draft, Option<Vec<u8>>);

/// Begins one; its rows are [filled in](fill) then.
///
/// # Errors
///
/// `S0107` (`draft_key`) when one was begun under the key; what else the database says.
pub fn begin(tx: &mut Tx<'_>, new: &NewDraft<'_>) -> Result<i64, Error> {
    let coverage: i16 = match new.coverage {
        Coverage::Whole => 1,
        Coverage::Part => 2,
    };
    let values = params![
        new.employer,
        new.month,
        coverage,
        new.name,
        new.key,
        &new.brought[..],
        new.by.login(),
        new.at
    ];
    tx.one(BEGIN, values, |row| row.get(0))
}

/// Keeps its rows, encrypted; `false` when it is handed in or let go.
///
/// # Errors
///
/// What the database says.
pub fn fill(tx: &mut Tx<'_>, draft: i64, cipher: &[u8]) -> Result<bool, Error> {
    Ok(tx.execute(FILL, params![draft, cipher])? == 1)
}

/// The one that was begun under a key, and the hash of what was brought.
///
/// # Errors
///
/// What the database says.
pub fn by_key(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    key: &str,
) -> Result<Option<(i64, [u8; 32])>, Error> {
    tx.find(BY_KEY, params![employer, key], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// One by its number, with its rows, encrypted, while it is not handed in.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, draft: i64) -> Result<Option<Found>, Error> {
    tx.find(FIND, params![draft], |row| Ok((read(row)?, row.get(8)?)))
}

/// Those of an employer that are not handed in, the newest first.
///
/// # Errors
///
/// What the database says.
pub fn open(tx: &mut Tx<'_>, employer: EmployerId) -> Result<Vec<Draft>, Error> {
    tx.list(OPEN, params![employer], read)
}

/// Notes as what it was handed in; its rows are not kept any more.
///
/// # Errors
///
/// What the database says.
pub fn done(tx: &mut Tx<'_>, draft: i64, declaration: DeclarationId) -> Result<bool, Error> {
    Ok(tx.execute(DONE, params![draft, declaration])? == 1)
}

/// Lets one go; `false` when it is handed in or gone.
///
/// # Errors
///
/// What the database says.
pub fn drop(tx: &mut Tx<'_>, draft: i64) -> Result<bool, Error> {
    Ok(tx.execute(DROP, params![draft])? == 1)
}

/// Lets go what was begun before a moment and not handed in.
///
/// # Errors
///
/// What the database says.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<u64, Error> {
    tx.execute(SWEEP, params![before])
}

fn read(row: &Row<'_>) -> Result<Draft, Error> {
    let coverage: i16 = row.get(3)?;
    Ok(Draft {
        id: row.get(0)?,
        employer: row.get(1)?,
        month: row.get(2)?,
        coverage: match coverage {
            1 => Coverage::Whole,
            _ => Coverage::Part,
        },
        name: row.get(4)?,
        by: row.get(5)?,
        at: row.get(6)?,
        declaration: row.get(7)?,
    })
}
