//! How are the chunks of a run gone over on all threads, and the first difference kept?

use super::{Finding, Progress, Report};
use crate::error::Error;
use crate::month::engine::{Chunk, chunk};
use crate::whole;
use city::dues::Totals;
use city::runs::Run;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::thread;
use store::runs::{self, Mark};
use store::{Db, Tx};

/// What a chunk was found to be.
struct Looked {
    /// How many rows it has.
    rows: u64,
    /// What they come to.
    totals: Totals,
    /// The first difference.
    finding: Option<Finding>,
}

/// What a run was found to be. Of what differs, the first in order of chunks is told.
#[derive(Default)]
struct Whole {
    rows: u64,
    totals: Totals,
    findings: BTreeMap<i64, Finding>,
}

impl Whole {
    fn take(&mut self, chunk: i64, looked: Looked) {
        self.rows += looked.rows;
        for (scheme, district, sum) in looked.totals.rows() {
            self.totals.put(scheme, district, sum);
        }
        self.findings
            .extend(looked.finding.map(|finding| (chunk, finding)));
    }
}

/// Goes over all chunks of a run, and hands on what was found of each, in any order.
pub(super) fn over<R, L: Send>(
    (db, run, threads): (&Db, &Run, usize),
    progress: &mut Progress<'_>,
    room: impl Fn() -> R + Sync,
    look: impl Fn(&mut Tx<'_>, &Chunk, &mut R) -> Result<L, Error> + Sync,
    mut each: impl FnMut(i64, L),
) -> Result<(), Error> {
    let next = AtomicI64::new(0);
    let (told, heard) = mpsc::channel();
    let share = |told: mpsc::Sender<(i64, Result<L, Error>)>| {
        let mut room = room();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= run.chunks {
                return;
            }
            let chunk = chunk(run, number);
            let looked = whole::read(db, |tx| look(tx, &chunk, &mut room));
            if told.send((number, looked)).is_err() {
                return;
            }
        }
    };
    thread::scope(|scope| {
        let share = &share;
        for _ in 0..threads.max(1) {
            let told = told.clone();
            scope.spawn(move || share(told));
        }
        drop(told);
        for (done, (number, looked)) in (1..).zip(heard) {
            each(number, looked?);
            progress(run, done, run.chunks);
        }
        Ok(())
    })
}

/// A chunk's rows as they are kept and as they are derived, and the mark that the derived ones give.
pub(super) struct Both<T> {
    pub(super) kept: Vec<T>,
    pub(super) derived: Vec<T>,
    pub(super) mark: Mark,
}

/// Derives a run's rows again and compares each row, each chunk's mark, and the totals.
pub(super) fn rows<R, T: Copy + PartialEq, K: Ord>(
    of: (&Db, &Run, usize),
    progress: &mut Progress<'_>,
    report: &mut Report,
    room: impl Fn() -> R + Sync,
    look: impl Fn(&mut Tx<'_>, &Chunk, &mut R) -> Result<Both<T>, Error> + Sync,
    key: impl Fn(&T) -> K + Sync,
    finding: impl Fn(Option<T>, Option<T>) -> Finding + Sync,
) -> Result<(), Error> {
    let (db, run, _) = of;
    let (roots, refusals) = whole::read(db, |tx| {
        Ok((runs::roots(tx, run.id)?, runs::refusals(tx, run.id)?))
    })?;
    let mut whole = Whole::default();
    let look = |tx: &mut Tx<'_>, chunk: &Chunk, room: &mut R| {
        let Both {
            kept,
            derived,
            mark,
        } = look(tx, chunk, room)?;
        let place = usize::try_from(chunk.number).ok();
        let marked = place.and_then(|at| roots.get(at)) == Some(&mark.rows)
            && place.and_then(|at| refusals.get(at)) == Some(&mark.refused);
        let finding = match first_difference(&kept, &derived, &key) {
            Some((kept, derived)) => Some(finding(kept, derived)),
            None => (!marked).then_some(Finding::Chunk {
                run: run.id,
                chunk: chunk.number,
            }),
        };
        Ok(Looked {
            rows: kept.len() as u64,
            totals: mark.totals,
            finding,
        })
    };
    over(of, progress, room, look, |chunk, looked| {
        whole.take(chunk, looked);
    })?;
    report.rows += whole.rows;
    report.findings.extend(whole.findings.into_values().next());
    let (totals, said) = whole::read(db, |tx| {
        Ok((runs::totals(tx, run.id)?, runs::rows(tx, run.id)?))
    })?;
    if whole.totals != totals || said.map(u64::try_from) != Some(Ok(whole.rows)) {
        report.findings.push(Finding::Totals { run: run.id });
    }
    Ok(())
}

/// The first place where two lists in the same order differ: what stands in one, and in the other.
fn first_difference<T: Copy + PartialEq, K: Ord>(
    kept: &[T],
    derived: &[T],
    key: impl Fn(&T) -> K,
) -> Option<(Option<T>, Option<T>)> {
    let same = kept
        .iter()
        .zip(derived)
        .take_while(|(one, other)| one == other);
    let at = same.count();
    match (kept.get(at), derived.get(at)) {
        (None, None) => None,
        (Some(kept), Some(derived)) => Some(match key(kept).cmp(&key(derived)) {
            std::cmp::Ordering::Less => (Some(*kept), None),
            std::cmp::Ordering::Greater => (None, Some(*derived)),
            std::cmp::Ordering::Equal => (Some(*kept), Some(*derived)),
        }),
        (kept, derived) => Some((kept.copied(), derived.copied())),
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_difference_is_a_change_a_loss_or_an_addition() {
        let of = |kept: &[(i32, i32)], derived: &[(i32, i32)]| {
            first_difference(kept, derived, |row| row.0)
        };
        let rows = [(1, 10), (2, 20), (3, 30)];
        assert_eq!(of(&rows, &rows), None);
        assert_eq!(of(&[], &[]), None);
        assert_eq!(
            of(&[(1, 10), (2, 21)], &rows),
            Some((Some((2, 21)), Some((2, 20))))
        );
        assert_eq!(of(&[(1, 10), (3, 30)], &rows), Some((None, Some((2, 20)))));
        assert_eq!(of(&rows, &[(1, 10), (3, 30)]), Some((Some((2, 20)), None)));
        assert_eq!(of(&rows[..2], &rows), Some((None, Some((3, 30)))));
        assert_eq!(of(&rows, &rows[..2]), Some((Some((3, 30)), None)));
    }
}
