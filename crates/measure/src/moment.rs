//! When exactly did the office learn of it?
//!
//! A [`Day`] says when a fact is true; a [`Moment`] says when it was recorded. The two are never mixed: what was true on
//! 1 March may have been recorded on the 20th, corrected in April, and asked about in ten years as it was known then.

use crate::Day;
use crate::error::Error;
use std::fmt;

/// A point in time, to the microsecond, in Coordinated Universal Time.
///
/// # Representation
///
/// Microseconds since 1970-01-01 00:00 UTC, negative before. Any `i64` is a moment, so there is nothing to refuse;
/// the office's own moments lie between the years 1900 and 2200.
///
/// # Comparisons
///
/// Earlier is less.
///
/// ```
/// use measure::{Day, Moment};
///
/// let recorded = Moment::from_microseconds(1_748_736_000_000_000);
/// assert_eq!(recorded.to_string(), "2025-06-01T00:00:00Z");
/// assert_eq!(recorded.day()?, Day::parse("2025-06-01")?);
/// assert!(recorded < recorded.plus_microseconds(1));
/// # Ok::<(), measure::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

const MICROSECONDS_A_DAY: i64 = 24 * 60 * 60 * 1_000_000;

impl Moment {
    /// The moment so many microseconds after 1970-01-01 00:00 UTC.
    #[must_use]
    pub const fn from_microseconds(microseconds: i64) -> Moment {
        Moment(microseconds)
    }

    /// The first moment of a day, in Coordinated Universal Time.
    #[must_use]
    pub fn start_of(day: Day) -> Moment {
        Moment(i64::from(day.number()) * MICROSECONDS_A_DAY)
    }

    /// Microseconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub const fn microseconds(self) -> i64 {
        self.0
    }

    /// The day it lies in, in Coordinated Universal Time.
    ///
    /// # Errors
    ///
    /// When the day lies outside the calendar of [`Day`].
    pub fn day(self) -> Result<Day, Error> {
        let number = self.0.div_euclid(MICROSECONDS_A_DAY);
        Day::from_number(i32::try_from(number).unwrap_or(i32::MAX))
    }

    /// So many microseconds later; the last moment there is when that is beyond it.
    #[must_use]
    pub const fn plus_microseconds(self, microseconds: i64) -> Moment {
        Moment(self.0.saturating_add(microseconds))
    }
}

/// As ISO 8601 with the fraction only where there is one; outside the calendar, the bare number of microseconds.
impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(day) = self.day() else {
            return write!(formatter, "{} µs", self.0);
        };
        let rest = self.0.rem_euclid(MICROSECONDS_A_DAY);
        let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(formatter, "{day}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction > 0 {
            write!(formatter, ".{fraction:06}")?;
        }
        formatter.write_str("Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fraction_is_shown_only_where_there_is_one() {
        let shown = |microseconds| Moment::from_microseconds(microseconds).to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00Z");
        assert_eq!(shown(1), "1970-01-01T00:00:00.000001Z");
        assert_eq!(shown(-1), "1969-12-31T23:59:59.999999Z");
        assert_eq!(shown(i64::MAX), format!("{} µs", i64::MAX));
    }

    proptest! {
        #[test]
        fn a_day_starts_within_itself_and_ends_before_the_next(number in -60_000_i32..100_000) {
            let day = Day::from_number(number).unwrap();
            let start = Moment::start_of(day);
            prop_assert_eq!(start.day().unwrap(), day);
            prop_assert_eq!(start.plus_microseconds(MICROSECONDS_A_DAY - 1).day().unwrap(), day);
            prop_assert_ne!(start.plus_microseconds(MICROSECONDS_A_DAY).day().unwrap(), day);
        }
    }
}
