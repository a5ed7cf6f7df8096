//! Is every account what the one before and what was paid give?

use super::chunks::{Looked, first_difference, over};
use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::credit::{Credited, derive};
use crate::whole;
use city::runs::Run;
use store::{Db, accounts, runs};

/// Derives a generation again and compares each account, each chunk's mark, and the totals.
pub(super) fn verify(
    db: &Db,
    run: &Run,
    threads: usize,
    progress: &mut Progress<'_>,
    report: &mut Report,
) -> Result<(), Error> {
    let before = whole::read(db, |tx| Ok(accounts::before(tx, run.id)?))?;
    let credited = whole::read(db, |tx| Credited::of(tx, run.id))?;
    let roots = whole::read(db, |tx| Ok(runs::roots(tx, run.id)?))?;
    let whole = over(
        db,
        run,
        threads,
        progress,
        || (),
        |tx, chunk, ()| {
            let (derived, mark) = derive(tx, before, &credited, chunk)?;
            let mut kept = Vec::with_capacity(derived.len());
            accounts::of_run(tx, run.id, &chunk.persons, |account| {
                kept.push(account);
                Ok::<(), Error>(())
            })?;
            let differs =
                first_difference(&kept, &derived, |account| (account.person, account.scheme));
            let finding = match differs {
                Some((kept, derived)) => Some(Finding::Account {
                    run: run.id,
                    kept,
                    derived,
                }),
                None => {
                    let root = usize::try_from(chunk.number)
                        .ok()
                        .and_then(|at| roots.get(at));
                    (root != Some(&mark.rows)).then_some(Finding::Chunk {
                        run: run.id,
                        chunk: chunk.number,
                    })
                }
            };
            Ok(Looked {
                rows: kept.len() as u64,
                totals: mark.totals,
                finding,
            })
        },
    )?;
    report.rows += whole.rows;
    report.findings.extend(whole.finding);
    if whole.totals != whole::read(db, |tx| Ok(runs::totals(tx, run.id)?))? {
        report.findings.push(Finding::Totals { run: run.id });
    }
    Ok(())
}
