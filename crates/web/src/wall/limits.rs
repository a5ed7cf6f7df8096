//! How often may somebody come?
//!
//! A bucket for each address that fills again with time. Attempts to sign in have buckets of their own, by address, and by login
//! *and* address: whoever tries a login from elsewhere does not lock out its owner. The number of buckets is bounded; when there
//! are too many, those that are full again go first, then the longest unused.

use measure::Moment;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The buckets.
#[derive(Debug)]
pub struct Limits {
    pace: (u32, u32),
    coming: Mutex<Buckets>,
    attempts: Mutex<Buckets>,
    misses: Mutex<Buckets>,
    works: Mutex<Buckets>,
}

/// So many searches in vain a login has at once; how long one more takes, in microseconds. Enough for a slip of the hand every
/// other minute, too few to try numbers out.
const MISSES: (i64, i64) = (20, 120_000_000);
/// So many sign-ins an address may try at once, and one login from it; how long one more takes, in microseconds.
const ATTEMPTS: (i64, i64, i64) = (30, 6, 10_000_000);
/// So many changed laws an address has worked out at once; how long one more takes, in microseconds. What was worked out before is
/// shown as often as it is asked for.
const WORKS: (i64, i64) = (30, 4_000_000);
/// So many buckets of a sort are kept at most.
const MOST: usize = 50_000;

impl Limits {
    /// Limits by which an address may send so many requests at once, and so many more each second.
    #[must_use]
    pub fn new(pace: (u32, u32)) -> Limits {
        Limits {
            pace,
            coming: Mutex::default(),
            attempts: Mutex::default(),
            misses: Mutex::default(),
            works: Mutex::default(),
        }
    }

    /// Whether an address may send a request now.
    #[must_use]
    pub fn may_come(&self, address: &str, now: Moment) -> bool {
        let (most, each_second) = self.pace;
        let refill = 1_000_000 / i64::from(each_second.max(1));
        let mut coming = self.coming.lock().unwrap_or_else(PoisonError::into_inner);
        coming.take(address, (i64::from(most), refill), now)
    }

    /// Whether a sign-in may be tried now.
    #[must_use]
    pub fn may_try(&self, login: &str, address: &str, now: Moment) -> bool {
        let (of_address, of_login, refill) = ATTEMPTS;
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        // However long a name is sent, its bucket's name is short.
        let login: String = login.chars().take(64).collect();
        attempts.take(address, (of_address, refill), now)
            && attempts.take(&format!("{address} {login}"), (of_login, refill), now)
    }

    /// Whether something long may be worked out for an address now.
    #[must_use]
    pub fn may_work(&self, address: &str, now: Moment) -> bool {
        let mut works = self.works.lock().unwrap_or_else(PoisonError::into_inner);
        works.take(address, WORKS, now)
    }

    /// Whether a login may look for somebody now, having looked in vain not too often.
    #[must_use]
    pub fn may_miss(&self, login: &str, now: Moment) -> bool {
        let misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        misses.has(login, MISSES, now)
    }

    /// Counts that a login looked in vain.
    pub fn missed(&self, login: &str, now: Moment) {
        let mut misses = self.misses.lock().unwrap_or_else(PoisonError::into_inner);
        misses.take(login, MISSES, now);
    }
}

/// When each bucket is full again. A bucket that is full is no bucket.
#[derive(Debug, Default)]
struct Buckets(BTreeMap<String, i64>);

impl Buckets {
    /// Whether there is something in it.
    fn has(&self, key: &str, (most, refill): (i64, i64), now: Moment) -> bool {
        let now = now.microseconds();
        let full = self.0.get(key).copied().unwrap_or(now).max(now);
        full.saturating_add(refill) <= now.saturating_add(refill.saturating_mul(most))
    }

    fn take(&mut self, key: &str, (most, refill): (i64, i64), now: Moment) -> bool {
        let now = now.microseconds();
        let full = self
            .0
            .get(key)
            .copied()
            .filter(|full| now < *full)
            .unwrap_or(now);
        let after = full.saturating_add(refill);
        if now.saturating_add(refill.saturating_mul(most)) < after {
            return false;
        }
        if MOST <= self.0.len() && !self.0.contains_key(key) {
            self.make_room(now);
        }
        self.0.insert(key.to_owned(), after);
        true
    }

    fn make_room(&mut self, now: i64) {
        self.0.retain(|_, full| now < *full);
        if MOST <= self.0.len() {
            let mut fullest: Vec<i64> = self.0.values().copied().collect();
            fullest.sort_unstable();
            let middle = fullest[fullest.len() / 2];
            self.0.retain(|_, full| middle < *full);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_microseconds(seconds * 1_000_000)
    }

    #[test]
    fn a_bucket_fills_again() {
        let limits = Limits::new((3, 1));
        let came = |seconds| limits.may_come("a", at(seconds));
        assert_eq!(
            [came(0), came(0), came(0), came(0)],
            [true, true, true, false]
        );
        assert!(limits.may_come("b", at(0)));
        assert_eq!([came(1), came(1)], [true, false]);
        assert_eq!(
            [came(9), came(9), came(9), came(9)],
            [true, true, true, false]
        );
    }

    #[test]
    fn who_tries_from_elsewhere_locks_nobody_out() {
        let limits = Limits::new((1_000, 1_000));
        let tried = (0..20)
            .filter(|_| limits.may_try("li", "thief", at(0)))
            .count();
        assert_eq!(tried, 6);
        assert!(limits.may_try("li", "home", at(0)));
        let others = (0..100)
            .filter(|login| limits.may_try(&login.to_string(), "thief", at(0)))
            .count();
        assert!(others < 30, "{others}");
    }

    #[test]
    fn long_work_is_done_for_an_address_now_and_then() {
        let limits = Limits::new((1_000, 1_000));
        let done = (0..100).filter(|_| limits.may_work("a", at(0))).count();
        assert_eq!(done, 30);
        assert!(limits.may_work("b", at(0)) && !limits.may_work("a", at(3)));
        assert!(limits.may_work("a", at(4)));
    }

    #[test]
    fn who_looks_in_vain_too_often_waits() {
        let limits = Limits::new((1_000, 1_000));
        for _ in 0..20 {
            assert!(limits.may_miss("li", at(0)));
            limits.missed("li", at(0));
        }
        assert!(!limits.may_miss("li", at(100)));
        assert!(limits.may_miss("li", at(120)) && limits.may_miss("wang", at(0)));
    }

    #[test]
    fn there_are_never_too_many_buckets() {
        let mut buckets = Buckets::default();
        for number in 0..2 * MOST {
            assert!(buckets.take(&number.to_string(), (1, 1_000_000_000), at(0)));
        }
        assert!(buckets.0.len() <= MOST);
    }
}
