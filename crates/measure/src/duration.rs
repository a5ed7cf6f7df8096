//! *How long does it run?*
//!
//! The law counts a length of time in months or in days and never mixes them: a month has no fixed number of days, so
//! one does not become the other without the day it starts on.

use std::fmt;

use crate::{
    Day, Error,
    text::{Quoted, from_str},
};

/// A length of time as the law states it.
///
/// # Representation
///
/// A number of months, or a number of days; years are twelve months. Negative lengths run backwards.
///
/// # Parsing and printing
///
/// `18 months`, `15 years`, `30 days`, or in Chinese `18个月`, `15年`, `30天`, `30日`. Printing gives months or days;
/// [`Duration::chinese`] prints in Chinese.
///
/// ```
/// use measure::Duration;
///
/// assert_eq!(Duration::parse("15 years")?, Duration::Months(180));
/// assert_eq!(Duration::parse("30天")?, Duration::Days(30));
/// assert_eq!(Duration::Months(18).to_string(), "18 months");
/// assert_eq!(Duration::Months(18).chinese().to_string(), "18个月");
///
/// assert_eq!(Duration::parse("two weeks").unwrap_err().code(), "M0701");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Equal when unit and number are. There is no order: whether a month is longer than 30 days depends on the month.
///
/// # Arithmetic
///
/// Lengths of one unit add up; [`Duration::after`] finds the day it ends.
///
/// ```
/// use measure::{Day, Duration};
///
/// let start = Day::parse("2025-01-31")?;
/// assert_eq!(Duration::Months(1).after(start)?.to_string(), "2025-02-28");
/// assert_eq!(Duration::Days(28).after(start)?.to_string(), "2025-02-28");
///
/// let mixed = Duration::Months(1).checked_add(Duration::Days(1));
/// assert_eq!(mixed.unwrap_err().code(), "M0703");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// None.
///
/// # Errors
///
/// `M0701` not a duration, `M0702` out of range, `M0703` months and days mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duration {
    /// So many months, from a day to its like in a later month.
    Months(i32),
    /// So many days.
    Days(i32),
}

impl Duration {
    /// So many years of twelve months.
    ///
    /// # Errors
    ///
    /// `M0702` on overflow.
    pub fn years(years: i32) -> Result<Duration, Error> {
        in_range(years.checked_mul(12).map(Duration::Months))
    }

    /// Reads `18 months`, `15 years`, `30 days`, `18个月`, `15年`, `30天` or `30日`.
    ///
    /// # Errors
    ///
    /// `M0701` when it is none of these, `M0702` when out of range.
    pub fn parse(text: &str) -> Result<Duration, Error> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let digits_len = unsigned.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(text.len() - unsigned.len() + digits_len);
        if digits_len == 0 {
            return Err(Fault::NotADuration(Quoted::new(text)).into());
        }
        let number: Option<i32> = number.parse().ok();
        match unit {
            " month" | " months" | "个月" => in_range(number.map(Duration::Months)),
            " day" | " days" | "天" | "日" => in_range(number.map(Duration::Days)),
            " year" | " years" | "年" => match number {
                Some(years) => Duration::years(years),
                None => in_range(None),
            },
            _ => Err(Fault::NotADuration(Quoted::new(text)).into()),
        }
    }

    /// Prints as `18个月` or `30天`.
    pub fn chinese(self) -> impl fmt::Display {
        Chinese(self)
    }

    /// The day this length of time after `day`, counted as [`Day::add_months`] and [`Day::add_days`] do.
    ///
    /// # Errors
    ///
    /// `M0403` when that day is out of range.
    pub fn after(self, day: Day) -> Result<Day, Error> {
        match self {
            Duration::Months(months) => day.add_months(months),
            Duration::Days(days) => day.add_days(days),
        }
    }

    /// The sum of two lengths of one unit.
    ///
    /// # Errors
    ///
    /// `M0703` for months and days together, `M0702` on overflow.
    pub fn checked_add(self, other: Duration) -> Result<Duration, Error> {
        match (self, other) {
            (Duration::Months(a), Duration::Months(b)) => {
                in_range(a.checked_add(b).map(Duration::Months))
            }
            (Duration::Days(a), Duration::Days(b)) => {
                in_range(a.checked_add(b).map(Duration::Days))
            }
            _ => Err(Fault::Mixed.into()),
        }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self {
            Duration::Months(months) => (months, "month"),
            Duration::Days(days) => (days, "day"),
        };
        let plural = if *number == 1 { "" } else { "s" };
        f.pad(&format!("{number} {unit}{plural}"))
    }
}

from_str!(Duration);

struct Chinese(Duration);

impl fmt::Display for Chinese {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Duration::Months(months) => f.pad(&format!("{months}个月")),
            Duration::Days(days) => f.pad(&format!("{days}天")),
        }
    }
}

fn in_range(duration: Option<Duration>) -> Result<Duration, Error> {
    match duration {
        Some(duration) => Ok(duration),
        None => Err(Fault::Range.into()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotADuration(Quoted),
    Range,
    Mixed,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotADuration(_) => "M0701",
            Fault::Range => "M0702",
            Fault::Mixed => "M0703",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotADuration(text) => {
                write!(
                    f,
                    "{text} is not a length of time; expected one such as 18 months, 15 years, 30 days or 18个月"
                )
            }
            Fault::Range => write!(
                f,
                "the length of time is out of range; expected at most {} months or days",
                i32::MAX
            ),
            Fault::Mixed => {
                write!(
                    f,
                    "months and days do not add up; expected both in one unit, or the day to count from"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts() {
        let check =
            |text: &str, duration| assert_eq!(Duration::parse(text), Ok(duration), "{text}");
        check("1 month", Duration::Months(1));
        check("-1 months", Duration::Months(-1));
        check("1 year", Duration::Months(12));
        check("2年", Duration::Months(24));
        check("15日", Duration::Days(15));
        check("0 days", Duration::Days(0));
        let refused = |text: &str, code: &str| {
            assert_eq!(Duration::parse(text).unwrap_err().code(), code, "{text}");
        };
        for text in [
            "",
            "18",
            "months",
            "-",
            "18months",
            "18  months",
            "+1 day",
            "1.5 years",
            "18月",
            "-个月",
            "日",
        ] {
            refused(text, "M0701");
        }
        refused("99999999999 days", "M0702");
        refused("99999999999 years", "M0702");
        refused("999999999 years", "M0702");
        assert_eq!(
            Duration::Days(i32::MAX)
                .checked_add(Duration::Days(1))
                .unwrap_err()
                .code(),
            "M0702"
        );
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(number in any::<i32>()) {
            for duration in [Duration::Months(number), Duration::Days(number)] {
                prop_assert_eq!(Duration::parse(&duration.to_string()), Ok(duration));
                prop_assert_eq!(Duration::parse(&duration.chinese().to_string()), Ok(duration));
            }
        }

        #[test]
        fn parsing_never_panics(text in ".{0,12}") {
            let _ = Duration::parse(&text);
        }
    }
}
