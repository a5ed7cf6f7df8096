//! Is what the next month begins with what the facts tell?

use super::chunks::over;
use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::engine::Chunk;
use crate::month::known::known;
use crate::whole;
use city::people::PersonId;
use store::roster::{self, Line, Since};
use store::{Db, Tx, runs};

/// Compares the rosters that are kept with the facts.
pub(super) fn verify(
    db: &Db,
    threads: usize,
    progress: &mut Progress<'_>,
    report: &mut Report,
) -> Result<(), Error> {
    for run in whole::read(db, |tx| Ok(roster::kept(tx)?))? {
        let Some(run) = whole::read(db, |tx| Ok(runs::find(tx, run)?))? else {
            continue;
        };
        let (day, nothing) = (run.month.first_day(), Since::default());
        let look = |tx: &mut Tx<'_>, chunk: &Chunk, (): &mut ()| {
            let facts = known(tx, &run, None, chunk)?;
            let told = roster::told(tx, run.id, &nothing, &chunk.persons, day)?;
            Ok(first_difference(&facts, &told.unwrap_or_default()))
        };
        let mut first: Option<PersonId> = None;
        let looked = over(
            (db, &run, threads),
            progress,
            || (),
            look,
            |_, person| {
                first = first.into_iter().chain(person).min();
            },
        );
        let run = run.id;
        // A month that begins meanwhile lets go of the oldest.
        if !whole::read(db, |tx| Ok(roster::has(tx, run)?))? {
            continue;
        }
        looked?;
        let differs = first.map(|person| Finding::Roster { run, person });
        report.findings.extend(differs);
    }
    Ok(())
}

/// Of whom two lists in the same order first tell something else.
fn first_difference(facts: &[Line], told: &[Line]) -> Option<PersonId> {
    let same = facts
        .iter()
        .zip(told)
        .take_while(|(one, other)| one == other);
    let at = same.count();
    let lines = [facts.get(at), told.get(at)];
    let persons = lines.into_iter().flatten().map(|line| line.says.person);
    persons.min()
}
