//! What takes long: begun by a form, carried on while whoever began it goes elsewhere, and looked at when they return.
//!
//! A job is under way in this house only. What it has done is in the database, chunk by chunk, so that one that was killed is begun
//! again and goes on.

use crate::problem::Problem;
use measure::Moment;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The jobs of the house, by name; of each the last.
#[derive(Debug, Default)]
pub struct Jobs(Mutex<BTreeMap<String, Arc<Kept>>>);

#[derive(Debug)]
struct Kept {
    begun: Moment,
    done: AtomicI64,
    of: AtomicI64,
    /// How it ended; nothing while it is under way.
    ended: Mutex<Option<Option<Problem>>>,
}

/// A job as its own work sees it. Dropped without an end, it has broken.
#[derive(Debug)]
pub struct Job(Arc<Kept>);

/// A job as others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When it was begun.
    pub begun: Moment,
    /// How much is done, of how much.
    pub done: (i64, i64),
    /// Whether it is under way.
    pub is_under_way: bool,
    /// Why it did not come to its end.
    pub problem: Option<Problem>,
}

/// Names of more jobs than this are not kept.
const MOST: usize = 200;

impl Jobs {
    /// Begins a job; `None` when one of this name is under way.
    pub(crate) fn begin(&self, name: &str, now: Moment) -> Option<Job> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.get(name).is_some_and(|job| job.is_under_way()) {
            return None;
        }
        if MOST <= jobs.len() {
            jobs.retain(|_, job| job.is_under_way());
        }
        let job = Arc::new(Kept {
            begun: now,
            done: AtomicI64::new(0),
            of: AtomicI64::new(0),
            ended: Mutex::new(None),
        });
        jobs.insert(name.to_owned(), job.clone());
        Some(Job(job))
    }

    /// How the last job of this name stands.
    #[must_use]
    pub fn standing(&self, name: &str) -> Option<Standing> {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let job = jobs.get(name)?;
        let ended = job.ended.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Standing {
            begun: job.begun,
            done: (
                job.done.load(Ordering::Relaxed),
                job.of.load(Ordering::Relaxed),
            ),
            is_under_way: ended.is_none(),
            problem: ended.clone().flatten(),
        })
    }
}

impl Kept {
    fn is_under_way(&self) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.is_none()
    }

    fn end(&self, problem: Option<Problem>) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.get_or_insert(problem);
    }
}

impl Job {
    /// Says how far it is.
    pub fn at(&self, done: i64, of: i64) {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, problem: Option<Problem>) {
        self.0.end(problem);
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.0.end(Some(Problem::broken()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_under_way_once_and_breaks_when_it_is_dropped() {
        let (jobs, now) = (Jobs::default(), Moment::from_microseconds(0));
        let job = jobs.begin("verify", now).unwrap();
        assert!(jobs.begin("verify", now).is_none());
        job.at(2, 5);
        let standing = jobs.standing("verify").unwrap();
        assert_eq!((standing.done, standing.is_under_way), ((2, 5), true));
        drop(job);
        let broken = jobs.standing("verify").unwrap();
        assert!(!broken.is_under_way && broken.problem.is_some());
        jobs.begin("verify", now).unwrap().end(None);
        assert_eq!(jobs.standing("verify").unwrap().problem, None);
    }
}
