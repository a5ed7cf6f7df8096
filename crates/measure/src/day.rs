//! *On which day did it happen, and on which day is it due?*
//!
//! A civil day as it stands on a document: no time of day, no zone. Whoever knows an instant decides the day first.

use std::fmt;

use jiff::{SignedDuration, civil};

use crate::{
    Error, Month, Year,
    text::{Quoted, from_str, read_digits, read_two_digits},
};

/// A civil day, 1800-01-01 to 2299-12-31.
///
/// # Representation
///
/// A [`jiff::civil::Date`] kept within the range; the two convert into each other. Columns of days hold the
/// [number](Day::number), days since 1970-01-01.
///
/// # Parsing and printing
///
/// `2025-01-31`, and nothing else: two-digit years and slashes are where dates go wrong.
///
/// ```
/// use measure::Day;
///
/// let day = Day::parse("2025-01-31")?;
/// assert_eq!(day, Day::new(2025, 1, 31)?);
/// assert_eq!(day.number(), 20_119);
/// assert_eq!(Day::from_number(20_119)?.to_string(), "2025-01-31");
///
/// let error = Day::parse("2025-02-29").unwrap_err();
/// assert_eq!(error.to_string(), "there is no day 2025-02-29; expected a day of that month, 01 to 28");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Earlier is less.
///
/// # Arithmetic
///
/// Days are counted exactly. Months keep the day of the month where the month has it and end on its last day where
/// not, as periods counted in months do in civil law (Civil Code art. 202).
///
/// ```
/// use measure::Day;
///
/// let day = Day::parse("2025-01-31")?;
/// assert_eq!(day.add_days(1)?.to_string(), "2025-02-01");
/// assert_eq!(day.add_months(1)?.to_string(), "2025-02-28");
/// assert_eq!(day.days_until(Day::parse("2025-03-01")?), 29);
/// assert_eq!(Day::MAX.add_days(1).unwrap_err().code(), "M0403");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// To the month: [`Day::first_of_month`], [`Day::last_of_month`], [`Day::month`].
///
/// # Errors
///
/// `M0401` not a day, `M0402` a day its month does not have, `M0403` out of range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    date: civil::Date,
}

/// A day of the week, as [`Day::weekday`] tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// 星期一
    Monday,
    /// 星期二
    Tuesday,
    /// 星期三
    Wednesday,
    /// 星期四
    Thursday,
    /// 星期五
    Friday,
    /// 星期六
    Saturday,
    /// 星期日
    Sunday,
}

impl Day {
    /// 1800-01-01.
    pub const MIN: Day = Day {
        date: civil::date(1800, 1, 1),
    };
    /// 2299-12-31.
    pub const MAX: Day = Day {
        date: civil::date(2299, 12, 31),
    };

    /// The day of this year, month (1 to 12) and day of the month (1 to 31).
    ///
    /// # Errors
    ///
    /// `M0402` when the calendar has no such day, `M0403` when the year is outside 1800 to 2299.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Day, Error> {
        if Year::new(year).is_err() {
            return Err(Fault::Range.into());
        }
        let in_month = |number: u8| i8::try_from(number).ok();
        let date = match (i16::try_from(year), in_month(month), in_month(day)) {
            (Ok(y), Some(m), Some(d)) => civil::Date::new(y, m, d).ok(),
            _ => None,
        };
        match date {
            Some(date) => Ok(Day { date }),
            None => Err(Fault::NoSuchDay { year, month, day }.into()),
        }
    }

    /// Reads `2025-01-31`.
    ///
    /// # Errors
    ///
    /// `M0401` when it is not written so, `M0402` when the calendar has no such day, `M0403` when out of range.
    pub fn parse(text: &str) -> Result<Day, Error> {
        let mut parts = text.split('-');
        let year = parts.next().and_then(|year| read_digits(year, 4));
        let mut next = || read_two_digits(parts.next()?);
        let (month, day) = (next(), next());
        match (year, month, day, parts.next()) {
            (Some(year), Some(month), Some(day), None) => Day::new(year, month, day),
            _ => Err(Fault::NotADay(Quoted::new(text)).into()),
        }
    }

    /// The day so many days after 1970-01-01, or before it when negative.
    ///
    /// # Errors
    ///
    /// `M0403` outside 1800-01-01 to 2299-12-31.
    pub fn from_number(number: i32) -> Result<Day, Error> {
        EPOCH.add_days(number)
    }

    /// Days since 1970-01-01; negative before it.
    pub fn number(self) -> i32 {
        EPOCH.days_until(self)
    }

    /// The year it falls in.
    pub fn year(self) -> Year {
        self.month().year()
    }

    /// The month it falls in.
    #[expect(clippy::missing_panics_doc, reason = "every day lies in a month")]
    pub fn month(self) -> Month {
        Month::new(i32::from(self.date.year()), self.month_of_year())
            .expect("the range of days is the range of months")
    }

    /// The month of the year, 1 to 12.
    pub fn month_of_year(self) -> u8 {
        self.date.month().unsigned_abs()
    }

    /// The day of the month, 1 to 31.
    pub fn day_of_month(self) -> u8 {
        self.date.day().unsigned_abs()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        match self.date.weekday() {
            civil::Weekday::Monday => Weekday::Monday,
            civil::Weekday::Tuesday => Weekday::Tuesday,
            civil::Weekday::Wednesday => Weekday::Wednesday,
            civil::Weekday::Thursday => Weekday::Thursday,
            civil::Weekday::Friday => Weekday::Friday,
            civil::Weekday::Saturday => Weekday::Saturday,
            civil::Weekday::Sunday => Weekday::Sunday,
        }
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Day {
        Day {
            date: self.date.first_of_month(),
        }
    }

    /// The last day of its month.
    pub fn last_of_month(self) -> Day {
        Day {
            date: self.date.last_of_month(),
        }
    }

    /// The day so many days later, or earlier when negative.
    ///
    /// # Errors
    ///
    /// `M0403` outside 1800-01-01 to 2299-12-31.
    pub fn add_days(self, days: i32) -> Result<Day, Error> {
        match self
            .date
            .checked_add(SignedDuration::from_hours(i64::from(days) * 24))
        {
            Ok(date) => Day::try_from(date),
            Err(_) => Err(Fault::Range.into()),
        }
    }

    /// The same day of the month so many months later, or earlier when negative; the month's last day where it has
    /// no such day.
    ///
    /// # Errors
    ///
    /// `M0403` outside 1800-01-01 to 2299-12-31.
    pub fn add_months(self, months: i32) -> Result<Day, Error> {
        let Ok(month) = self.month().add_months(months) else {
            return Err(Fault::Range.into());
        };
        let last = month.last_day().day_of_month();
        Day::new(
            month.index() / 12,
            month.month_of_year(),
            self.day_of_month().min(last),
        )
    }

    /// How many days later `other` is; negative when it is earlier.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 500 years, so it fits by far"
    )]
    pub fn days_until(self, other: Day) -> i32 {
        (other.date.duration_since(self.date).as_hours() / 24) as i32
    }
}

impl Weekday {
    /// 1 for Monday to 7 for Sunday (ISO 8601).
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Whether it is a Saturday or Sunday. Whether it is worked is the [`Calendar`](crate::Calendar)'s to say.
    pub const fn is_weekend(self) -> bool {
        matches!(self, Weekday::Saturday | Weekday::Sunday)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.date.year(), self.date.month(), self.date.day());
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

from_str!(Day);

impl From<Day> for civil::Date {
    fn from(day: Day) -> civil::Date {
        day.date
    }
}

impl TryFrom<civil::Date> for Day {
    type Error = Error;

    fn try_from(date: civil::Date) -> Result<Day, Error> {
        let day = Day { date };
        if !(Day::MIN..=Day::MAX).contains(&day) {
            return Err(Fault::Range.into());
        }
        Ok(day)
    }
}

const EPOCH: Day = Day {
    date: civil::date(1970, 1, 1),
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotADay(Quoted),
    NoSuchDay { year: i32, month: u8, day: u8 },
    Range,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotADay(_) => "M0401",
            Fault::NoSuchDay { .. } => "M0402",
            Fault::Range => "M0403",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotADay(text) => {
                write!(f, "{text} is not a day; expected one such as 2025-01-31")
            }
            Fault::NoSuchDay { year, month, day } => {
                write!(
                    f,
                    "there is no day {year:04}-{month:02}-{day:02}; expected "
                )?;
                match Month::new(*year, *month) {
                    Ok(month) => write!(
                        f,
                        "a day of that month, 01 to {}",
                        month.last_day().day_of_month()
                    ),
                    Err(_) => write!(f, "a month from 01 to 12"),
                }
            }
            Fault::Range => write!(
                f,
                "the day is out of range; expected {} to {}",
                Day::MIN,
                Day::MAX
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day() -> impl Strategy<Value = Day> {
        (Day::MIN.number()..=Day::MAX.number()).prop_map(|number| Day::from_number(number).unwrap())
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            "2025",
            "2025-1-31",
            "2025/01/31",
            "20250131",
            "2025-01-31 ",
            "2025-01-31-1",
            "25-01-31",
            "2025年1月31日",
        ] {
            assert_eq!(Day::parse(text).unwrap_err().code(), "M0401", "{text}");
        }
        for text in [
            "2025-02-29",
            "1900-02-29",
            "2025-13-01",
            "2025-00-10",
            "2025-04-31",
            "2025-04-00",
        ] {
            assert_eq!(Day::parse(text).unwrap_err().code(), "M0402", "{text}");
        }
        assert_eq!(Day::new(2025, 200, 200).unwrap_err().code(), "M0402");
        for text in ["1799-12-31", "2300-01-01", "0000-01-01", "9999-12-31"] {
            assert_eq!(Day::parse(text).unwrap_err().code(), "M0403", "{text}");
        }
        for days in [i32::MIN, i32::MAX] {
            assert_eq!(Day::from_number(days).unwrap_err().code(), "M0403");
            assert_eq!(Day::MIN.add_months(days).unwrap_err().code(), "M0403");
        }
        assert!(Day::try_from(civil::date(-1, 1, 1)).is_err());
    }

    #[test]
    fn known_days() {
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(day("1970-01-01").number(), 0);
        assert_eq!(day("2000-03-01").number(), 11_017);
        assert_eq!(day("2024-02-09").weekday(), Weekday::Friday);
        assert_eq!(day("2025-01-01").weekday().number(), 3);
        assert_eq!(day("2024-02-29").add_months(12).unwrap(), day("2025-02-28"));
        assert_eq!(day("2025-03-31").add_months(-1).unwrap(), day("2025-02-28"));
        assert_eq!(day("2024-02-15").last_of_month(), day("2024-02-29"));
        assert_eq!(day("2024-02-15").first_of_month(), day("2024-02-01"));
    }

    proptest! {
        #[test]
        fn number_text_and_parts_round_trip(day in day()) {
            prop_assert_eq!(Day::from_number(day.number()), Ok(day));
            prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
            prop_assert_eq!(Day::new(day.year().number(), day.month_of_year(), day.day_of_month()), Ok(day));
            prop_assert_eq!(Day::try_from(civil::Date::from(day)), Ok(day));
        }

        #[test]
        fn adding_days_is_undone(day in day(), days in -200_000..200_000_i32) {
            if let Ok(later) = day.add_days(days) {
                prop_assert_eq!(later.add_days(-days), Ok(day));
                prop_assert_eq!(day.days_until(later), days);
                prop_assert_eq!(i32::from(later.weekday().number() + 14 - day.weekday().number()) % 7, days.rem_euclid(7));
            }
        }

        #[test]
        fn adding_months_keeps_the_day_or_ends_the_month(day in day(), months in -6000..6000_i32) {
            if let Ok(later) = day.add_months(months) {
                prop_assert_eq!(day.month().months_until(later.month()), months);
                let kept = later.day_of_month() == day.day_of_month();
                prop_assert!(kept || (later == later.last_of_month() && later.day_of_month() < day.day_of_month()));
            }
        }

        #[test]
        fn parsing_never_panics(text in "[0-9-]{0,12}|.{0,12}") {
            let _ = Day::parse(&text);
        }
    }
}
