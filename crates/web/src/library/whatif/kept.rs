//! What was worked out, kept in memory for a while, and what is being worked out, never much at once.

use super::Done;
use crate::forms::fresh_key;
use crate::house::House;
use crate::problem::Problem;
use crate::visitor::Visitor;
use measure::Moment;
use office::whatif::{Asked, Crowd, Outcome, tried};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

/// Which city it is: the same in every house.
const SEED: u64 = 1;
/// So many outcomes are kept; each some ten kilobytes.
const MOST: usize = 64;
/// So many are worked out at once; whoever comes then is asked to wait.
const AT_ONCE: usize = 2;
/// A page waits so long before it says how far it is; a file so long before it gives up.
const WAIT: (u32, u32) = (30, 300);
const GLANCE: Duration = Duration::from_millis(50);

/// What came of a file is kept so long, in microseconds, and so much of it.
const A_DAY: i64 = 24 * 3_600 * 1_000_000;
const MOST_FILES: usize = 32;
/// So many files are worked on at once.
const DESKS: usize = 2;

/// The city, what came of changes, and what is being worked out.
#[derive(Debug)]
pub(crate) struct Tries {
    crowd: OnceLock<Crowd>,
    known: Mutex<Known>,
    /// What came of files, by a key that nobody guesses.
    files: Mutex<BTreeMap<String, Kept>>,
    desks: Arc<Semaphore>,
}

impl Default for Tries {
    fn default() -> Tries {
        Tries {
            crowd: OnceLock::new(),
            known: Mutex::default(),
            files: Mutex::default(),
            desks: Arc::new(Semaphore::new(DESKS)),
        }
    }
}

/// What came of a file: sums, for who sent it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(super) login: String,
    pub(super) asked: Asked,
    pub(super) done: Done,
    at: Moment,
}

impl Kept {
    pub(super) fn new(house: &House, visitor: &Visitor, asked: Asked, outcome: Outcome) -> Kept {
        let login = visitor.login().map(|login| login.name().login().to_owned());
        Kept {
            login: login.unwrap_or_default(),
            asked,
            done: Arc::new(Ok(outcome)),
            at: house.now(),
        }
    }

    fn is_past(&self, now: Moment) -> bool {
        A_DAY <= now.microseconds() - self.at.microseconds()
    }
}

#[derive(Debug, Default)]
struct Known {
    done: BTreeMap<Asked, (u64, Done)>,
    under_way: BTreeMap<Asked, Arc<Progress>>,
    /// Counts the looks, so that what was not looked at longest goes first.
    looks: u64,
}

#[derive(Debug, Default)]
struct Progress(AtomicU64, AtomicU64);

/// How it stands.
#[derive(Debug)]
pub(crate) enum Standing {
    /// It was worked out, or refused.
    Done(Done),
    /// So many persons are done, of so many.
    UnderWay(u64, u64),
}

impl Known {
    fn look(&mut self, asked: &Asked) -> Option<Standing> {
        self.looks += 1;
        let looks = self.looks;
        if let Some((looked, done)) = self.done.get_mut(asked) {
            *looked = looks;
            return Some(Standing::Done(done.clone()));
        }
        let Progress(done, of) = &**self.under_way.get(asked)?;
        let [done, of] = [done, of].map(|number| number.load(Ordering::Relaxed));
        Some(Standing::UnderWay(done, of))
    }

    fn keep(&mut self, asked: Asked, done: Done) {
        if MOST <= self.done.len() {
            let oldest = self.done.iter().min_by_key(|(_, (looked, _))| *looked);
            if let Some(oldest) = oldest.map(|(asked, _)| asked.clone()) {
                self.done.remove(&oldest);
            }
        }
        self.done.insert(asked, (self.looks, done));
    }
}

impl Tries {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place to work on a file.
    ///
    /// # Errors
    ///
    /// `H0203` when others are at all of them.
    pub(super) fn desk(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let desk = self.desks.clone().try_acquire_owned();
        desk.map_err(|_| Problem::too_many())
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what came of a file, under the key that is given back.
    pub(super) fn keep(&self, kept: Kept) -> String {
        let mut files = self.files();
        files.retain(|_, known| !known.is_past(kept.at));
        if MOST_FILES <= files.len() {
            let oldest = files.iter().min_by_key(|(_, known)| known.at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                files.remove(&oldest);
            }
        }
        let key = fresh_key();
        files.insert(key.clone(), kept);
        key
    }

    /// What came of a file, while it is kept.
    pub(super) fn kept(&self, key: &str, now: Moment) -> Option<Kept> {
        let mut files = self.files();
        files.retain(|_, known| !known.is_past(now));
        files.get(key).cloned()
    }

    /// How something stands that is asked; it is begun if nobody has asked it before.
    ///
    /// # Errors
    ///
    /// `H0203` when the address has had much worked out lately, or the house is at work for others.
    pub(crate) async fn standing(
        &self,
        house: &House,
        address: &str,
        asked: Asked,
    ) -> Result<Standing, Problem> {
        self.begin(house, address, &asked)?;
        self.wait(&asked, WAIT.0).await
    }

    /// What came of something that is asked, waited for.
    ///
    /// # Errors
    ///
    /// As [`standing`](Tries::standing); `H0205` when it takes too long.
    pub(crate) async fn finished(
        &self,
        house: &House,
        address: &str,
        asked: Asked,
    ) -> Result<Done, Problem> {
        self.begin(house, address, &asked)?;
        match self.wait(&asked, WAIT.1).await? {
            Standing::Done(done) => Ok(done),
            Standing::UnderWay(..) => Err(Problem::too_slow()),
        }
    }

    async fn wait(&self, asked: &Asked, glances: u32) -> Result<Standing, Problem> {
        for _ in 0..glances {
            match self.known().look(asked) {
                Some(Standing::UnderWay(..)) => {}
                Some(done) => return Ok(done),
                // It broke.
                None => return Err(Problem::broken()),
            }
            sleep(GLANCE).await;
        }
        self.known().look(asked).ok_or_else(Problem::broken)
    }

    fn begin(&self, house: &House, address: &str, asked: &Asked) -> Result<(), Problem> {
        let mut known = self.known();
        if known.look(asked).is_some() {
            return Ok(());
        }
        if AT_ONCE <= known.under_way.len() || !house.limits.may_work(address, house.now()) {
            return Err(Problem::too_many());
        }
        let progress = Arc::new(Progress::default());
        known.under_way.insert(asked.clone(), progress.clone());
        drop(known);
        let work = UnderWay {
            house: house.clone(),
            asked: asked.clone(),
        };
        tokio::task::spawn_blocking(move || work.carry_out(&progress));
        Ok(())
    }
}

/// Something being worked out. However it ends, it is under way no more.
struct UnderWay {
    house: House,
    asked: Asked,
}

impl UnderWay {
    fn carry_out(self, Progress(done, of): &Progress) {
        let tries = &self.house.tries;
        let people = self.house.settings.crowd;
        let crowd = tries.crowd.get_or_init(|| Crowd::new(SEED, people));
        let mut told = |now: u64, whole: u64| {
            done.store(now, Ordering::Relaxed);
            of.store(whole, Ordering::Relaxed);
        };
        let came = tried(crowd, &self.house.book, &self.asked, &mut told);
        tries.known().keep(self.asked.clone(), Arc::new(came));
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.house.tries.known().under_way.remove(&self.asked);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use measure::Day;
    use office::whatif::{Question, Refusal};

    fn asked(number: usize) -> Asked {
        Asked {
            jurisdiction: number.to_string(),
            changes: Vec::new(),
            since: Day::MAX,
            question: Question::Pension,
        }
    }

    #[test]
    fn what_came_of_files_is_kept_for_a_day_and_not_much_of_it() {
        let tries = Tries::default();
        let at = |sixtieths: i64| Moment::from_microseconds(sixtieths * 24 * 60_000_000);
        let kept = |sixtieths: i64| Kept {
            login: "planner".to_owned(),
            asked: asked(0),
            done: Arc::new(Err(Refusal::Count)),
            at: at(sixtieths),
        };
        let first = tries.keep(kept(0));
        assert!(tries.kept(&first, at(59)).is_some() && tries.kept("", at(59)).is_none());
        assert!(tries.kept(&first, at(60)).is_none() && tries.kept(&first, at(0)).is_none());
        let keys: Vec<String> = (0..40).map(|at| tries.keep(kept(100 + at % 9))).collect();
        let there = keys.iter().filter(|key| tries.kept(key, at(110)).is_some());
        assert_eq!(there.count(), MOST_FILES);
    }

    #[test]
    fn what_was_not_looked_at_longest_goes_first() {
        let mut known = Known::default();
        let done: Done = Arc::new(Err(Refusal::Count));
        for number in 0..MOST {
            known.look(&asked(number));
            known.keep(asked(number), done.clone());
        }
        assert!(known.look(&asked(0)).is_some());
        known.keep(asked(MOST), done);
        assert_eq!(known.done.len(), MOST);
        assert!(known.look(&asked(0)).is_some() && known.look(&asked(1)).is_none());
    }
}
