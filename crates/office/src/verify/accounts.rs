//! Is every account what the one before, what was paid, posted and borne give?

use super::chunks::{Both, rows};
use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::engine::Chunk;
use crate::shelf;
use city::accounts::Account;
use city::runs::Run;
use store::runs::Mark;
use store::{Db, Tx};

/// How a chunk of a generation is derived again, and the room of a thread for it.
type Again<'a, R> = (
    &'a (dyn Fn() -> R + Sync),
    &'a (dyn Fn(&mut Tx<'_>, &Chunk, &mut R) -> Result<(Vec<Account>, Mark), Error> + Sync),
);

/// Derives a generation again and compares each account, each chunk's mark, and the totals.
pub(super) fn verify<R>(
    of: (&Db, &Run, usize),
    progress: &mut Progress<'_>,
    (room, derive): Again<'_, R>,
    report: &mut Report,
) -> Result<(), Error> {
    let run = of.1.id;
    rows(
        of,
        progress,
        report,
        room,
        |tx, chunk, room| {
            let (derived, mark) = derive(tx, chunk, room)?;
            let mut kept = Vec::with_capacity(derived.len());
            shelf::accounts(tx, run, &chunk.persons, |account| {
                kept.push(account);
                Ok(())
            })?;
            Ok(Both {
                kept,
                derived,
                mark,
            })
        },
        |account| (account.person, account.scheme),
        |kept, derived| Finding::Account { run, kept, derived },
    )
}
