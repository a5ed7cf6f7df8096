//! *Which year's figures apply?*
//!
//! Social security runs by the calendar year: a year's average wage, ceiling and interest belong to a [`Year`], and
//! calendars of working days are announced by year.

use std::fmt;

use crate::{
    Day, Error, Month,
    text::{Quoted, from_str, read_digits},
};

/// A calendar year, 1800 to 2299.
///
/// # Representation
///
/// The year's number. The range holds every record an office can meet, with room for projections, and keeps typing
/// errors such as 20025 out.
///
/// # Parsing and printing
///
/// Four digits.
///
/// ```
/// use measure::Year;
///
/// assert_eq!(Year::parse("2025")?.number(), 2025);
/// assert_eq!(Year::new(2025)?.to_string(), "2025");
/// assert_eq!(Year::parse("25").unwrap_err().code(), "M0501");
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
/// use measure::Year;
///
/// let year = Year::new(2025)?;
/// assert_eq!(year.add_years(-4)?, Year::new(2021)?);
/// assert_eq!(year.last_day().to_string(), "2025-12-31");
/// assert_eq!(Year::MAX.add_years(1).unwrap_err().code(), "M0502");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// None.
///
/// # Errors
///
/// `M0501` not a year, `M0502` out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year {
    number: i32,
}

impl Year {
    /// 1800.
    pub const MIN: Year = Year { number: 1800 };
    /// 2299.
    pub const MAX: Year = Year { number: 2299 };

    /// The year of this number.
    ///
    /// # Errors
    ///
    /// `M0502` outside 1800 to 2299.
    pub fn new(number: i32) -> Result<Year, Error> {
        if !(Year::MIN.number..=Year::MAX.number).contains(&number) {
            return Err(Fault::Range.into());
        }
        Ok(Year { number })
    }

    /// Reads `2025`.
    ///
    /// # Errors
    ///
    /// `M0501` when it is not four digits, `M0502` outside 1800 to 2299.
    pub fn parse(text: &str) -> Result<Year, Error> {
        match read_digits(text, 4) {
            Some(number) => Year::new(number),
            None => Err(Fault::NotAYear(Quoted::new(text)).into()),
        }
    }

    /// The year's number, e.g. 2025.
    pub const fn number(self) -> i32 {
        self.number
    }

    /// 1 January.
    pub fn first_day(self) -> Day {
        self.first_month().first_day()
    }

    /// 31 December.
    pub fn last_day(self) -> Day {
        self.last_month().last_day()
    }

    /// January.
    pub fn first_month(self) -> Month {
        Month::within(self, 1)
    }

    /// December.
    pub fn last_month(self) -> Month {
        Month::within(self, 12)
    }

    /// The year so many years later, or earlier when negative.
    ///
    /// # Errors
    ///
    /// `M0502` outside 1800 to 2299.
    pub fn add_years(self, years: i32) -> Result<Year, Error> {
        Year::new(self.number.saturating_add(years))
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

from_str!(Year);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAYear(Quoted),
    Range,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotAYear(_) => "M0501",
            Fault::Range => "M0502",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotAYear(text) => {
                write!(f, "{text} is not a year; expected four digits such as 2025")
            }
            Fault::Range => write!(f, "the year is out of range; expected 1800 to 2299"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        for text in ["", "25", "02025", "+202", "２０２５", "2025年"] {
            assert_eq!(Year::parse(text).unwrap_err().code(), "M0501", "{text}");
        }
        for number in [i32::MIN, 1799, 2300, i32::MAX] {
            assert_eq!(Year::new(number).unwrap_err().code(), "M0502", "{number}");
        }
        assert_eq!(Year::MIN.add_years(i32::MIN).unwrap_err().code(), "M0502");
    }

    #[test]
    fn ends() {
        assert_eq!(Year::MIN.first_day(), Day::MIN);
        assert_eq!(Year::MAX.last_day(), Day::MAX);
        assert_eq!(Year::MIN.first_month(), Month::MIN);
        assert_eq!(Year::MAX.last_month(), Month::MAX);
    }
}
