//! Is every due, and every difference of dues, what facts and law give?

use super::chunks::{Both, rows};
use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::assess::{Space, derive, known_employers, mark};
use crate::month::differ::{self, compare, earlier};
use crate::month::footing::Assessor;
use crate::shelf;
use crate::whole;
use city::differences::Part;
use city::runs::{Run, RunKind};
use rules::law::Law;
use store::{Db, differences};

/// Derives a run's dues or differences again and compares each row, each chunk's mark, and the totals.
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
    let by = (&assessor, &employers);
    let room = || Space::new(&assessor);
    let of = (db, run, threads);
    let finding = |kept, derived| Finding::Due {
        run: run.id,
        kept,
        derived,
    };
    if run.kind == RunKind::Difference {
        let earlier = whole::read(db, |tx| earlier(tx, run))?;
        return rows(
            of,
            progress,
            report,
            room,
            |tx, chunk, space| {
                let derived = compare(tx, run, &earlier, chunk, by, space)?;
                let mut kept = Vec::new();
                differences::of_run(tx, run.id, &chunk.persons, |line| {
                    kept.push(line);
                    Ok::<(), Error>(())
                })?;
                let mark = differ::mark(&derived);
                Ok(Both {
                    kept,
                    derived: derived.rows,
                    mark,
                })
            },
            |line| {
                (
                    line.due.person,
                    line.due.scheme,
                    line.part != Part::GivenBack,
                    line.due.employer,
                )
            },
            |kept, derived| finding(kept.map(|of| of.due), derived.map(|of| of.due)),
        );
    }
    rows(
        of,
        progress,
        report,
        room,
        |tx, chunk, space| {
            let derived = derive(tx, run, chunk, by, space)?;
            let mut kept = Vec::with_capacity(derived.dues.len());
            shelf::dues(tx, run.id, &chunk.persons, |due| {
                kept.push(due);
                Ok(())
            })?;
            let mark = mark(&derived);
            Ok(Both {
                kept,
                derived: derived.dues,
                mark,
            })
        },
        |due| (due.person, due.scheme, due.employer),
        finding,
    )
}
