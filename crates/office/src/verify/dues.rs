//! Is every due what facts and law give?

use super::chunks::{Looked, first_difference, over};
use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::assess::{derive, known_employers, mark};
use crate::month::footing::Assessor;
use crate::month::sheet::{Room, Sheet};
use crate::whole;
use city::runs::Run;
use rules::law::Law;
use store::{Db, dues, runs};

/// Derives a run's dues again and compares each row, each chunk's mark, and the totals.
pub(super) fn verify(
    db: &Db,
    law: &Law,
    run: &Run,
    threads: usize,
    progress: &mut Progress<'_>,
    report: &mut Report,
) -> Result<(), Error> {
    let assessor = Assessor::new(law, run.month)?;
    let employers = whole::read(db, |tx| known_employers(tx, run))?;
    let roots = whole::read(db, |tx| Ok(runs::roots(tx, run.id)?))?;
    let room = || (Room::new(&assessor), Sheet::default());
    let whole = over(
        db,
        run,
        threads,
        progress,
        room,
        |tx, chunk, (room, sheet)| {
            let derived = derive(tx, run, chunk, (&assessor, &employers), room, sheet)?;
            let mut kept = Vec::with_capacity(derived.dues.len());
            dues::of_run(tx, run.id, &chunk.persons, |due| {
                kept.push(due);
                Ok::<(), Error>(())
            })?;
            let differs = first_difference(&kept, &derived.dues, |due| (due.person, due.scheme));
            let finding = match differs {
                Some((kept, derived)) => Some(Finding::Due {
                    run: run.id,
                    kept,
                    derived,
                }),
                None => {
                    let root = usize::try_from(chunk.number)
                        .ok()
                        .and_then(|at| roots.get(at));
                    let mark = mark(&derived);
                    (root != Some(&mark.rows)).then_some(Finding::Chunk {
                        run: run.id,
                        chunk: chunk.number,
                    })
                }
            };
            Ok(Looked {
                rows: kept.len() as u64,
                totals: derived.totals,
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
