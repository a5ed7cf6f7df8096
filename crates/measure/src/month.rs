//! *For which month is it due, and how many months have been paid?*
//!
//! Contributions, pensions and delays of retirement count in whole months. A [`Month`] is a month of a given year,
//! not a length of time: that is a [`Duration`](crate::Duration).

use std::fmt;

use crate::{
    Day, Error, Year,
    text::{Quoted, from_str, read_digits, read_two_digits},
};

/// A month of a year, 1800-01 to 2299-12.
///
/// # Representation
///
/// One `i32`, the [index](Month::index): 12 × year + month - 1. Columns of months hold the index.
///
/// # Parsing and printing
///
/// `2025-03`.
///
/// ```
/// use measure::Month;
///
/// let march = Month::parse("2025-03")?;
/// assert_eq!(march.index(), 2025 * 12 + 2);
/// assert_eq!(Month::from_index(march.index())?.to_string(), "2025-03");
///
/// assert_eq!(Month::parse("2025-13").unwrap_err().code(), "M0602");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Earlier is less.
///
/// # Arithmetic
///
/// ```
/// use measure::Month;
///
/// let (born, retired) = (Month::parse("1965-03")?, Month::parse("2025-04")?);
/// assert_eq!(born.add_months(60 * 12 + 1)?, retired);
/// assert_eq!(born.months_until(retired), 721);
/// assert_eq!(Month::parse("2024-02")?.last_day().to_string(), "2024-02-29");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// None.
///
/// # Errors
///
/// `M0601` not a month, `M0602` a month of the year that is not 1 to 12, `M0603` out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    index: i32,
}

impl Month {
    /// 1800-01.
    pub const MIN: Month = Month { index: 1800 * 12 };
    /// 2299-12.
    pub const MAX: Month = Month {
        index: 2299 * 12 + 11,
    };

    /// The month `month` (1 to 12) of the year numbered `year`.
    ///
    /// # Errors
    ///
    /// `M0602` when the month is not 1 to 12, `M0603` when the year is outside 1800 to 2299.
    pub fn new(year: i32, month: u8) -> Result<Month, Error> {
        if !(1..=12).contains(&month) {
            return Err(Fault::NoSuchMonth(month).into());
        }
        match Year::new(year) {
            Ok(year) => Ok(Month::within(year, month)),
            Err(_) => Err(Fault::Range.into()),
        }
    }

    /// The month with this [index](Month::index).
    ///
    /// # Errors
    ///
    /// `M0603` outside 1800-01 to 2299-12.
    pub fn from_index(index: i32) -> Result<Month, Error> {
        let month = Month { index };
        if !(Month::MIN..=Month::MAX).contains(&month) {
            return Err(Fault::Range.into());
        }
        Ok(month)
    }

    /// Reads `2025-03`.
    ///
    /// # Errors
    ///
    /// `M0601` when it is not four digits, a hyphen and two digits; `M0602` when the month is not 01 to 12; `M0603`
    /// when out of range.
    pub fn parse(text: &str) -> Result<Month, Error> {
        let read = |(year, month)| Some((read_digits(year, 4)?, read_two_digits(month)?));
        match text.split_once('-').and_then(read) {
            Some((year, month)) => Month::new(year, month),
            None => Err(Fault::NotAMonth(Quoted::new(text)).into()),
        }
    }

    /// 12 × year + month - 1: consecutive for consecutive months.
    pub const fn index(self) -> i32 {
        self.index
    }

    /// The year it belongs to.
    #[expect(clippy::missing_panics_doc, reason = "every month lies in a year")]
    pub fn year(self) -> Year {
        Year::new(self.index / 12).expect("the range of months is the range of years")
    }

    /// The month of the year, 1 to 12.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 12, as the index is positive"
    )]
    pub const fn month_of_year(self) -> u8 {
        (self.index % 12 + 1) as u8
    }

    /// Its first day.
    #[expect(clippy::missing_panics_doc, reason = "every month has a first day")]
    pub fn first_day(self) -> Day {
        Day::new(self.index / 12, self.month_of_year(), 1)
            .expect("the range of months is the range of days")
    }

    /// Its last day, the 28th to 31st.
    pub fn last_day(self) -> Day {
        self.first_day().last_of_month()
    }

    /// The month so many months later, or earlier when negative.
    ///
    /// # Errors
    ///
    /// `M0603` outside 1800-01 to 2299-12.
    pub fn add_months(self, months: i32) -> Result<Month, Error> {
        Month::from_index(self.index.saturating_add(months))
    }

    /// How many months later `other` is; negative when it is earlier.
    pub const fn months_until(self, other: Month) -> i32 {
        other.index - self.index
    }

    /// For a month of the year known to be 1 to 12.
    pub(crate) const fn within(year: Year, month: u8) -> Month {
        Month {
            index: year.number() * 12 + month as i32 - 1,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "{:04}-{:02}",
            self.index / 12,
            self.month_of_year()
        ))
    }
}

from_str!(Month);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAMonth(Quoted),
    NoSuchMonth(u8),
    Range,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotAMonth(_) => "M0601",
            Fault::NoSuchMonth(_) => "M0602",
            Fault::Range => "M0603",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotAMonth(text) => {
                write!(f, "{text} is not a month; expected one such as 2025-03")
            }
            Fault::NoSuchMonth(month) => {
                write!(f, "there is no month {month} in a year; expected 1 to 12")
            }
            Fault::Range => write!(f, "the month is out of range; expected 1800-01 to 2299-12"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn refusals() {
        for text in [
            "",
            "2025",
            "2025-3",
            "2025/03",
            "202503",
            "2025-03-01",
            "25-03",
            "2025-+3",
            " 2025-03",
        ] {
            assert_eq!(Month::parse(text).unwrap_err().code(), "M0601", "{text}");
        }
        assert_eq!(Month::parse("2025-00").unwrap_err().code(), "M0602");
        assert_eq!(Month::parse("1799-12").unwrap_err().code(), "M0603");
        assert_eq!(Month::from_index(i32::MIN).unwrap_err().code(), "M0603");
        assert_eq!(Month::MAX.add_months(1).unwrap_err().code(), "M0603");
        assert_eq!(Month::MAX.add_months(i32::MAX).unwrap_err().code(), "M0603");
    }

    proptest! {
        #[test]
        fn index_and_text_round_trip(index in Month::MIN.index..=Month::MAX.index) {
            let month = Month::from_index(index).unwrap();
            prop_assert_eq!(Month::parse(&month.to_string()), Ok(month));
            prop_assert_eq!(Month::new(month.year().number(), month.month_of_year()), Ok(month));
            prop_assert_eq!(month.first_day().month(), month);
            prop_assert_eq!(month.last_day().month(), month);
        }

        #[test]
        fn adding_is_undone(index in Month::MIN.index..=Month::MAX.index, months in -6000..6000_i32) {
            let month = Month::from_index(index).unwrap();
            if let Ok(later) = month.add_months(months) {
                prop_assert_eq!(later.add_months(-months), Ok(month));
                prop_assert_eq!(month.months_until(later), months);
            }
        }
    }
}
