//! Which generation of accounts does a run build on, and is it still the one in force?
//!
//! Generations follow one another: each is made from the one before. Were two runs at work on the same one, the second to be
//! published would undo the first. So one is at work at a time, and what is published follows what is in force.

use crate::error::Error;
use city::runs::{Refusal, Run};
use store::{Tx, accounts, runs};

/// Sees to it that no run is at work on the accounts.
///
/// # Errors
///
/// `N0112` with the run that is; what the database says.
pub(super) fn is_free(tx: &mut Tx<'_>) -> Result<(), Error> {
    match runs::at_accounts(tx)? {
        Some(run) => Err(Refusal::AtWork {
            run: run.id,
            kind: run.kind,
            month: run.month,
        }
        .into()),
        None => Ok(()),
    }
}

/// Notes that a run builds on the generation in force.
///
/// # Errors
///
/// What the database says.
pub(super) fn build_on(tx: &mut Tx<'_>, run: &Run) -> Result<(), Error> {
    let current = accounts::current(tx)?;
    Ok(accounts::build_on(tx, run.id, current)?)
}

/// Sees to it that the generation a run was made from is still the one in force.
///
/// # Errors
///
/// `N0113` when it is not; what the database says.
pub(super) fn follows(tx: &mut Tx<'_>, run: &Run) -> Result<(), Error> {
    if accounts::before(tx, run.id)? == accounts::current(tx)? {
        Ok(())
    } else {
        Err(Refusal::Overtaken { run: run.id }.into())
    }
}
