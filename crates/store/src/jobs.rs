//! What is still to be done, and who is doing it?
//!
//! A job is a row: put there by the transaction that makes it necessary ([`enqueue`]), taken by a worker for a while
//! ([`claim`]), and ended together with what it did, in one transaction ([`finish`]). So its effects come about once, however
//! often it is begun. A worker that dies lets its lease run out, and another takes the job ([`recover`]); a worker that was
//! only slow finds the job gone when it wants to finish, and its work is undone.
//!
//! Claims use no `skip locked`, which SQLite does not have: two workers may choose the same rows, and the second finds that
//! they are no longer ready.
//!
//! ```text
//!           claim              finish
//!   ready ─────────► running ─────────► done
//!     ▲   fail, recover │
//!     └─────────────────┴── too often ──► dead ── revive ──► ready
//! ```

use crate::{error::Error, params, row::Row, statements, tx::Tx};
use measure::Moment;

statements! {
    /// Adds a job unless one like it waits or runs.
    ENQUEUE = "insert into job (queue, kind, payload, dedup, state, run_at, attempts, attempts_max, enqueued)
        values ($1, $2, $3, $4, 1, $5, 0, $6, $7)
        on conflict (kind, dedup) where state in (1, 2) and dedup is not null do nothing returning job";
    /// Takes the jobs that are due, the longest waiting first.
    CLAIM = "update job set state = 2, worker = $3, lease_until = $4, attempts = attempts + 1
        where state = 1 and job in
            (select job from job where queue = $1 and state = 1 and run_at <= $2 order by run_at, job limit $5)
        returning job, queue, kind, payload, attempts, attempts_max";
    /// Prolongs a lease.
    PROLONG = "update job set lease_until = $4 where job = $1 and state = 2 and worker = $2 and attempts = $3";
    /// A job is done.
    FINISH = "update job set state = 3, finished = $4, worker = null, lease_until = null, last_error = null
        where job = $1 and state = 2 and worker = $2 and attempts = $3";
    /// A job failed: it waits, or is dead.
    FAIL = "update job set state = case when attempts < attempts_max then 1 else 4 end, run_at = $4, last_error = $5,
            worker = null, lease_until = null
        where job = $1 and state = 2 and worker = $2 and attempts = $3";
    /// Those whose lease ran out wait again, or are dead.
    RECOVER = "update job set state = case when attempts < attempts_max then 1 else 4 end, run_at = $1,
            last_error = 'the lease ran out', worker = null, lease_until = null
        where state = 2 and lease_until <= $1";
    /// A dead job is tried again from the beginning.
    REVIVE = "update job set state = 1, attempts = 0, run_at = $2 where job = $1 and state = 4";
    /// Forgets what was done long ago.
    FORGET = "delete from job where state = 3 and finished < $1";
    /// How many there are in each state.
    COUNTS = "select state, cast(count(*) as bigint) as jobs from job where queue = $1 group by state order by state";
    /// The dead ones, for whoever looks after them.
    DEAD = "select job, queue, kind, payload, attempts, attempts_max, last_error from job
        where queue = $1 and state = 4 order by job";
}

/// A job to be queued.
#[derive(Clone, Debug)]
pub struct New<'j> {
    /// In which queue.
    pub queue: &'j str,
    /// What is to be done; the worker knows the word.
    pub kind: &'j str,
    /// With what, as the worker reads it. No personal data: numbers of records.
    pub payload: &'j str,
    /// While a job of this kind with the same key waits or runs, another is not queued.
    pub dedup: Option<&'j str>,
    /// Not before this moment.
    pub run_at: Moment,
    /// After so many failures it is dead.
    pub attempts_max: i32,
}

/// A job that this worker has for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub job: i64,
    /// From which queue.
    pub queue: String,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: String,
    /// The how manieth attempt this is, from 1.
    pub attempt: i32,
    /// How many there may be.
    pub attempts_max: i32,
    /// Who has it.
    pub worker: String,
    /// Until when.
    pub lease_until: Moment,
}

/// How many jobs of a queue are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting.
    pub ready: i64,
    /// With a worker.
    pub running: i64,
    /// Done and not forgotten yet.
    pub done: i64,
    /// Failed too often.
    pub dead: i64,
}

/// A job that failed too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// Its number.
    pub job: i64,
    /// What was to be done.
    pub kind: String,
    /// With what.
    pub payload: String,
    /// What went wrong at last.
    pub last_error: Option<String>,
}

/// Queues a job; `None` when one like it waits or runs.
///
/// # Errors
///
/// What the engine says.
pub fn enqueue(tx: &mut Tx<'_>, job: &New<'_>, now: Moment) -> Result<Option<i64>, Error> {
    let values = params![
        job.queue,
        job.kind,
        job.payload,
        job.dedup,
        job.run_at,
        job.attempts_max,
        now
    ];
    tx.find(ENQUEUE, values, |row| row.get("job"))
}

/// Takes at most so many jobs that are due, for so many microseconds. May give fewer, even none, when others take at the
/// same time. Best in a transaction of its own, with [`Write::committed`](crate::Write::committed).
///
/// # Errors
///
/// What the engine says.
pub fn claim(
    tx: &mut Tx<'_>,
    queue: &str,
    worker: &str,
    now: Moment,
    lease_microseconds: i64,
    limit: i32,
) -> Result<Vec<Claimed>, Error> {
    let lease_until = now.plus_microseconds(lease_microseconds);
    let read = |row: &Row<'_>| {
        Ok::<_, Error>(Claimed {
            job: row.get("job")?,
            queue: row.get("queue")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            attempt: row.get("attempts")?,
            attempts_max: row.get("attempts_max")?,
            worker: worker.to_owned(),
            lease_until,
        })
    };
    let mut claimed = tx.list(CLAIM, params![queue, now, worker, lease_until, limit], read)?;
    // `returning` promises no order.
    claimed.sort_by_key(|claimed| claimed.job);
    Ok(claimed)
}

/// Says that the worker is still at it, and prolongs its lease.
///
/// # Errors
///
/// `S0304` when the job is another's by now.
pub fn prolong(
    tx: &mut Tx<'_>,
    claimed: &mut Claimed,
    now: Moment,
    lease_microseconds: i64,
) -> Result<(), Error> {
    let until = now.plus_microseconds(lease_microseconds);
    let values = params![claimed.job, &claimed.worker, claimed.attempt, until];
    let touched = tx.execute(PROLONG, values)?;
    held(claimed, touched)?;
    claimed.lease_until = until;
    Ok(())
}

/// The job is done. To be called in the transaction of what it did, so that both are kept or neither.
///
/// # Errors
///
/// `S0304` when the job is another's by now: what was done is undone with this transaction.
pub fn finish(tx: &mut Tx<'_>, claimed: &Claimed, now: Moment) -> Result<(), Error> {
    let values = params![claimed.job, &claimed.worker, claimed.attempt, now];
    let touched = tx.execute(FINISH, values)?;
    held(claimed, touched)
}

/// The job failed: it is tried again after [`pause`], or is dead after its last attempt.
///
/// # Errors
///
/// `S0304` when the job is another's by now.
pub fn fail(tx: &mut Tx<'_>, claimed: &Claimed, now: Moment, error: &str) -> Result<(), Error> {
    let again = now.plus_microseconds(pause(claimed.attempt, claimed.job));
    let values = params![claimed.job, &claimed.worker, claimed.attempt, again, error];
    let touched = tx.execute(FAIL, values)?;
    held(claimed, touched)
}

/// Gives back the jobs whose lease ran out; tells how many.
///
/// # Errors
///
/// What the engine says.
pub fn recover(tx: &mut Tx<'_>, now: Moment) -> Result<u64, Error> {
    tx.execute(RECOVER, params![now])
}

/// A dead job is tried again; tells whether there was one.
///
/// # Errors
///
/// `S0107` when a job like it waits or runs; what the engine says.
pub fn revive(tx: &mut Tx<'_>, job: i64, now: Moment) -> Result<bool, Error> {
    Ok(tx.execute(REVIVE, params![job, now])? == 1)
}

/// Forgets the jobs that were done before a moment; tells how many.
///
/// # Errors
///
/// What the engine says.
pub fn forget(tx: &mut Tx<'_>, before: Moment) -> Result<u64, Error> {
    tx.execute(FORGET, params![before])
}

/// How many jobs of a queue are in which state.
///
/// # Errors
///
/// What the engine says.
pub fn counts(tx: &mut Tx<'_>, queue: &str) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    tx.stream(COUNTS, params![queue], |row| {
        let jobs = row.get("jobs")?;
        match row.get::<i16>("state")? {
            1 => counts.ready = jobs,
            2 => counts.running = jobs,
            3 => counts.done = jobs,
            _ => counts.dead = jobs,
        }
        Ok::<(), Error>(())
    })?;
    Ok(counts)
}

/// The jobs of a queue that failed too often.
///
/// # Errors
///
/// What the engine says.
pub fn dead(tx: &mut Tx<'_>, queue: &str) -> Result<Vec<Dead>, Error> {
    tx.list(DEAD, params![queue], |row| {
        Ok(Dead {
            job: row.get("job")?,
            kind: row.get("kind")?,
            payload: row.get("payload")?,
            last_error: row.get("last_error")?,
        })
    })
}

/// How long a job waits after its so many-th attempt failed, in microseconds: 5 s, 10 s, 20 s … at most an hour, and up to
/// a second more by its number, so that jobs that failed together do not come back together.
#[must_use]
pub fn pause(attempt: i32, job: i64) -> i64 {
    const SECOND: i64 = 1_000_000;
    let doublings = attempt.clamp(1, 20) - 1;
    let seconds = (5_i64 << doublings).min(3600);
    seconds * SECOND + job.rem_euclid(1000) * 1000
}

fn held(claimed: &Claimed, touched: u64) -> Result<(), Error> {
    if touched == 1 {
        return Ok(());
    }
    Err(Error::LeaseLost {
        job: claimed.job,
        until: claimed.lease_until,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds = |attempt| pause(attempt, 0) / 1_000_000;
        assert_eq!(
            [1, 2, 3, 10, 11, i32::MAX].map(seconds),
            [5, 10, 20, 2560, 3600, 3600]
        );
        assert_eq!(seconds(0), 5);
        assert_eq!(pause(1, 1999) - pause(1, 0), 999_000);
    }
}
