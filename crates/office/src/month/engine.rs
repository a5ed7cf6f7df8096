//! How is a run carried through exactly once, however often it is killed?
//!
//! The persons are cut into chunks by their numbers. A chunk is read and computed, and then its mark and its rows are kept in
//! one transaction: either both are there or neither is. Who starts the run again takes the chunks that have no mark. Of two
//! programs that work on the same chunk at the same time, one is refused by the mark's key and goes on with the next. So
//! nothing is kept twice, and nothing that is kept is computed again.

use crate::error::Error;
use crate::whole;
use city::runs::Run;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use store::runs::{self, Mark};
use store::{Db, Tx, Write};

/// A chunk of a run: its number from 0, and the persons in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its number.
    pub number: i64,
    /// The numbers of its persons; not all need exist.
    pub persons: Range<i64>,
}

/// The chunk of this number.
#[must_use]
pub fn chunk(run: &Run, number: i64) -> Chunk {
    let first = number * run.chunk_size + 1;
    Chunk {
        number,
        persons: first..first + run.chunk_size,
    }
}

/// What a run does with each chunk.
pub trait Work: Sync {
    /// What one thread works with.
    type Room;
    /// What comes out for a chunk.
    type Made;

    /// Room for a thread.
    fn room(&self) -> Self::Room;

    /// Reads and computes a chunk. What it reads does not change: facts as they were known when the run was opened, and what
    /// is published.
    ///
    /// # Errors
    ///
    /// What reading or computing runs into.
    fn compute(
        &self,
        tx: &mut Tx<'_>,
        chunk: &Chunk,
        room: &mut Self::Room,
    ) -> Result<Self::Made, Error>;

    /// What is kept of a chunk besides its rows.
    fn mark(&self, made: &Self::Made) -> Mark;

    /// Keeps the rows.
    ///
    /// # Errors
    ///
    /// What writing runs into.
    fn keep(&self, tx: &mut Tx<'_>, made: &Self::Made) -> Result<(), Error>;
}

/// Told how far a run has come: chunks done, of how many.
pub type Progress<'p> = dyn FnMut(i64, i64) + 'p;

/// Carries a run through: every chunk that has no mark yet, on so many threads, and then what finishes it. A chunk does not
/// wait for the drive, so what a server that died had not written yet is computed again, also when that comes out only while
/// it is finished.
///
/// # Errors
///
/// The first that any chunk runs into, or what finishing does; the chunks that were kept stay.
pub fn carry_out<W: Work>(
    db: &Db,
    run: &Run,
    work: &W,
    threads: usize,
    progress: &mut Progress<'_>,
    mut finish: impl FnMut() -> Result<Run, Error>,
) -> Result<Run, Error> {
    loop {
        let missing = whole::read(db, |tx| missing(tx, run))?;
        let done = run.chunks - i64::try_from(missing.len()).unwrap_or(i64::MAX);
        progress(done, run.chunks);
        if !missing.is_empty() {
            compute(db, run, work, (&missing, threads), &mut |more| {
                progress(done + more, run.chunks);
            })?;
        }
        match finish() {
            Err(error) if error.is_missing_chunks() => {}
            finished => return finished,
        }
    }
}

/// Computes and keeps these chunks, and tells how many are done.
fn compute<W: Work>(
    db: &Db,
    run: &Run,
    work: &W,
    (missing, threads): (&[i64], usize),
    progress: &mut dyn FnMut(i64),
) -> Result<(), Error> {
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (told, heard) = mpsc::channel::<Result<(), Error>>();
    let share = |told: mpsc::Sender<Result<(), Error>>| {
        let mut room = work.room();
        while !stopped.load(Ordering::Relaxed) {
            let Some(&number) = missing.get(next.fetch_add(1, Ordering::Relaxed)) else {
                return;
            };
            let outcome = one_chunk(db, run, work, &chunk(run, number), &mut room);
            if outcome.is_err() {
                stopped.store(true, Ordering::Relaxed);
            }
            // Who no longer listens has met an error already.
            let _ = told.send(outcome);
        }
    };
    thread::scope(|scope| {
        let share = &share;
        for _ in 0..threads.max(1) {
            let told = told.clone();
            scope.spawn(move || share(told));
        }
        // Now the channel ends with the last thread, also when one of them panics.
        drop(told);
        for (done, outcome) in (1..).zip(heard) {
            outcome?;
            progress(done);
        }
        Ok(())
    })
}

/// The numbers of the chunks without a mark, ascending.
///
/// # Errors
///
/// What reading runs into.
pub fn missing(tx: &mut Tx<'_>, run: &Run) -> Result<Vec<i64>, Error> {
    let there = runs::chunks(tx, run.id)?;
    Ok((0..run.chunks)
        .filter(|number| there.binary_search(number).is_err())
        .collect())
}

fn one_chunk<W: Work>(
    db: &Db,
    run: &Run,
    work: &W,
    chunk: &Chunk,
    room: &mut W::Room,
) -> Result<(), Error> {
    let made = whole::read(db, |tx| work.compute(tx, chunk, room))?;
    let kept = whole::write_with(db, Write::chunk(), |tx| {
        // The mark first: who comes second fails before writing a row.
        runs::mark(tx, run.id, chunk.number, &chunk.persons, &work.mark(&made))?;
        work.keep(tx, &made)
    });
    match kept {
        Err(error) if error.is_taken_chunk() => Ok(()),
        kept => kept,
    }
}
