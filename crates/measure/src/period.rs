//! *From which day to which day does it hold?*
//!
//! A participation, an entitlement, a version of a law: each holds from a day until a day, both included, as forms and
//! decisions state it. What has not ended has no last day.

use std::fmt;

use crate::{
    Day, Error,
    text::{Quoted, from_str},
};

/// A span of days, first and last included; the last may be open.
///
/// # Representation
///
/// The first day and, unless it is open, the last. There is no empty period.
///
/// # Parsing and printing
///
/// The two days with a slash between, as in ISO 8601; `..` for an open end.
///
/// ```
/// use measure::{Day, Period};
///
/// let year = Period::parse("2025-01-01/2025-12-31")?;
/// assert!(year.contains(Day::parse("2025-12-31")?));
/// assert_eq!(Period::parse("2025-01-01/..")?.to_string(), "2025-01-01/..");
///
/// let error = Period::parse("2025-12-31/2025-01-01").unwrap_err();
/// assert_eq!(error.to_string(), "a period cannot run from 2025-12-31 until 2025-01-01; expected the earlier day first");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Equal when both ends are. Periods have no order; sort by [`Period::from`].
///
/// # Arithmetic
///
/// ```
/// use measure::Period;
///
/// let (employed, year) = (Period::parse("2024-07-01/..")?, Period::parse("2025-01-01/2025-12-31")?);
/// assert_eq!(employed.intersect(year), Some(year));
/// assert_eq!(year.days(), Some(365));
/// assert_eq!(employed.days(), None);
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// None.
///
/// # Errors
///
/// `M0901` not a period, `M0902` an end before its beginning; and those of [`Day`] for its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: Day,
    until: Option<Day>,
}

impl Period {
    /// From a day until a day, both included; `None` while it has not ended.
    ///
    /// # Errors
    ///
    /// `M0902` when `until` is before `from`.
    pub fn new(from: Day, until: Option<Day>) -> Result<Period, Error> {
        match until {
            Some(until) if until < from => Err(Fault::Reversed { from, until }.into()),
            _ => Ok(Period { from, until }),
        }
    }

    /// Reads `2025-01-01/2025-12-31` or `2025-01-01/..`.
    ///
    /// # Errors
    ///
    /// `M0901` without a slash, `M0401` to `M0403` for an end that is no day, `M0902` when they are reversed.
    pub fn parse(text: &str) -> Result<Period, Error> {
        match text.split_once('/') {
            Some((from, "..")) => Period::new(Day::parse(from)?, None),
            Some((from, until)) => Period::new(Day::parse(from)?, Some(Day::parse(until)?)),
            None => Err(Fault::NotAPeriod(Quoted::new(text)).into()),
        }
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day; `None` when it is open.
    pub const fn until(self) -> Option<Day> {
        self.until
    }

    /// How many days it has; `None` when it is open.
    pub fn days(self) -> Option<i32> {
        self.until.map(|until| self.from.days_until(until) + 1)
    }

    /// Whether a day falls in it.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether the two have a day in common.
    pub fn overlaps(self, other: Period) -> bool {
        self.intersect(other).is_some()
    }

    /// The days both have in common; `None` when there are none.
    pub fn intersect(self, other: Period) -> Option<Period> {
        let from = self.from.max(other.from);
        let until = match (self.until, other.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Period::new(from, until).ok()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => f.pad(&format!("{}/{until}", self.from)),
            None => f.pad(&format!("{}/..", self.from)),
        }
    }
}

from_str!(Period);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAPeriod(Quoted),
    Reversed { from: Day, until: Day },
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotAPeriod(_) => "M0901",
            Fault::Reversed { .. } => "M0902",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotAPeriod(text) => {
                write!(
                    f,
                    "{text} is not a period; expected one such as 2025-01-01/2025-12-31 or 2025-01-01/.."
                )
            }
            Fault::Reversed { from, until } => {
                write!(
                    f,
                    "a period cannot run from {from} until {until}; expected the earlier day first"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Short periods near each other, so that overlapping and not overlapping are both common.
    fn period() -> impl Strategy<Value = Period> {
        (0..40_i32, proptest::option::of(0..15_i32)).prop_map(|(from, length)| {
            let from = Day::from_number(from).unwrap();
            Period::new(from, length.map(|days| from.add_days(days).unwrap())).unwrap()
        })
    }

    #[test]
    fn refusals() {
        let refused = |text: &str, code: &str| {
            assert_eq!(Period::parse(text).unwrap_err().code(), code, "{text}");
        };
        refused("", "M0901");
        refused("2025-01-01", "M0901");
        refused("2025-01-01/", "M0401");
        refused("../2025-01-01", "M0401");
        refused("2025-01-01/2025-02-30", "M0402");
        refused("2025-01-02/2025-01-01", "M0902");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(period in period()) {
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }

        /// Against the definition, day by day.
        #[test]
        fn intersection_is_of_the_days(a in period(), b in period()) {
            let common = a.intersect(b);
            for number in -1..60 {
                let day = Day::from_number(number).unwrap();
                let in_common = common.is_some_and(|common| common.contains(day));
                prop_assert_eq!(in_common, a.contains(day) && b.contains(day));
            }
            prop_assert_eq!(b.intersect(a), common);
        }

        #[test]
        fn days_are_counted_both_ends_included(period in period()) {
            let counted = (-1..60).filter(|n| period.contains(Day::from_number(*n).unwrap())).count();
            if let Some(days) = period.days() {
                prop_assert_eq!(usize::try_from(days), Ok(counted));
            }
        }
    }
}
