//! *How old is this person, and when will they be old enough?*
//!
//! Ages of the pension law are told in years and months: a man born in March 1965 retires at 60 years and 1 month.
//! An [`Age`] counts the months completed.

use std::fmt;

use crate::{
    Day, Error, Month,
    text::{Quoted, from_str},
};

/// An age in completed months.
///
/// # Representation
///
/// The number of completed months, 0 to 5999.
///
/// # Parsing and printing
///
/// `60y1m`, or `60y` for whole years; [`Age::chinese`] prints `60岁1个月`. Both forms are read.
///
/// ```
/// use measure::Age;
///
/// let age = Age::parse("60y1m")?;
/// assert_eq!(age.to_string(), "60y1m");
/// assert_eq!(age.chinese().to_string(), "60岁1个月");
/// assert_eq!(Age::parse("60岁")?, Age::new(60, 0)?);
///
/// assert_eq!(Age::parse("60y12m").unwrap_err().code(), "M0801");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Younger is less.
///
/// # Arithmetic
///
/// [`Age::at`] counts from the day of birth: a month is completed on the day [`Day::add_months`] names. [`Age::at_month`]
/// counts by months alone, as the retirement tables do. [`Age::reached_in`] goes the other way.
///
/// ```
/// use measure::{Age, Day, Month};
///
/// let birth = Day::parse("1965-03-15")?;
/// assert_eq!(Age::at(birth, Day::parse("2025-04-14")?)?.to_string(), "60y");
/// assert_eq!(Age::at(birth, Day::parse("2025-04-15")?)?.to_string(), "60y1m");
///
/// let born = Month::parse("1965-03")?;
/// assert_eq!(Age::parse("60y1m")?.reached_in(born)?, Month::parse("2025-04")?);
///
/// assert_eq!(Age::at(birth, Day::parse("1965-03-14")?).unwrap_err().code(), "M0803");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// Always down: a month begun is not completed.
///
/// # Errors
///
/// `M0801` not an age, `M0802` out of range, `M0803` asked for before birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age {
    months: i32,
}

impl Age {
    /// Newborn.
    pub const MIN: Age = Age { months: 0 };
    /// 499 years and 11 months, the whole range of [`Month`].
    pub const MAX: Age = Age { months: 5999 };

    /// `years` years and `months` (0 to 11) months.
    ///
    /// # Errors
    ///
    /// `M0802` when either is out of range.
    pub fn new(years: i32, months: i32) -> Result<Age, Error> {
        if !(0..12).contains(&months) {
            return Err(Fault::Range.into());
        }
        Age::from_months(years.saturating_mul(12).saturating_add(months))
    }

    /// The age of so many completed months.
    ///
    /// # Errors
    ///
    /// `M0802` outside 0 to 5999.
    pub fn from_months(months: i32) -> Result<Age, Error> {
        let age = Age { months };
        if !(Age::MIN..=Age::MAX).contains(&age) {
            return Err(Fault::Range.into());
        }
        Ok(age)
    }

    /// The age on a day of a person born on `birth`.
    ///
    /// # Errors
    ///
    /// `M0803` when `on` is before `birth`.
    pub fn at(birth: Day, on: Day) -> Result<Age, Error> {
        if on < birth {
            return Err(Fault::NotYetBorn.into());
        }
        let months = birth.month().months_until(on.month());
        let completed = birth.add_months(months)? <= on;
        Age::from_months(if completed { months } else { months - 1 })
    }

    /// The age in a month of a person born in the month `birth`, whatever the day.
    ///
    /// # Errors
    ///
    /// `M0803` when `on` is before `birth`.
    pub fn at_month(birth: Month, on: Month) -> Result<Age, Error> {
        if on < birth {
            return Err(Fault::NotYetBorn.into());
        }
        Age::from_months(birth.months_until(on))
    }

    /// Reads `60y1m`, `60y`, `60岁1个月` or `60岁`.
    ///
    /// # Errors
    ///
    /// `M0801` when it is none of these or has more than 11 months, `M0802` when out of range.
    pub fn parse(text: &str) -> Result<Age, Error> {
        match read(text, 'y', "m").or_else(|| read(text, '岁', "个月")) {
            Some((years, months)) => Age::new(years, months),
            None => Err(Fault::NotAnAge(Quoted::new(text)).into()),
        }
    }

    /// The completed years.
    pub const fn years(self) -> i32 {
        self.months / 12
    }

    /// The completed months beyond the completed years, 0 to 11.
    pub const fn months_beyond_years(self) -> i32 {
        self.months % 12
    }

    /// All completed months.
    pub const fn months(self) -> i32 {
        self.months
    }

    /// The month in which a person born in the month `birth` reaches this age.
    ///
    /// # Errors
    ///
    /// `M0603` when that month is out of range.
    pub fn reached_in(self, birth: Month) -> Result<Month, Error> {
        birth.add_months(self.months)
    }

    /// Prints as `60岁1个月`.
    pub fn chinese(self) -> impl fmt::Display {
        Chinese(self)
    }
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(*self, f, "y", "m")
    }
}

from_str!(Age);

struct Chinese(Age);

impl fmt::Display for Chinese {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self.0, f, "岁", "个月")
    }
}

fn write(age: Age, f: &mut fmt::Formatter<'_>, years_unit: &str, months_unit: &str) -> fmt::Result {
    match (age.years(), age.months_beyond_years()) {
        (years, 0) => f.pad(&format!("{years}{years_unit}")),
        (years, months) => f.pad(&format!("{years}{years_unit}{months}{months_unit}")),
    }
}

fn read(text: &str, years_unit: char, months_unit: &str) -> Option<(i32, i32)> {
    let number = |digits: &str| {
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        if all_digits {
            digits.parse().ok()
        } else {
            None
        }
    };
    let (years, months) = text.split_once(years_unit)?;
    let months = match months {
        "" => 0,
        _ => number(months.strip_suffix(months_unit)?).filter(|months| *months < 12)?,
    };
    Some((number(years)?, months))
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAnAge(Quoted),
    Range,
    NotYetBorn,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotAnAge(_) => "M0801",
            Fault::Range => "M0802",
            Fault::NotYetBorn => "M0803",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotAnAge(text) => {
                write!(
                    f,
                    "{text} is not an age; expected one such as 60y1m or 60岁1个月, with 0 to 11 months"
                )
            }
            Fault::Range => write!(
                f,
                "the age is out of range; expected {} to {}, with 0 to 11 months",
                Age::MIN,
                Age::MAX
            ),
            Fault::NotYetBorn => write!(
                f,
                "an age was asked for before birth; expected a day from birth on"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_ages() {
        let check = |birth: &str, on: &str, age: &str| {
            let got = Age::at(Day::parse(birth).unwrap(), Day::parse(on).unwrap()).unwrap();
            assert_eq!(got.to_string(), age, "{birth} to {on}");
        };
        check("2000-01-01", "2000-01-01", "0y");
        check("2000-02-29", "2001-02-28", "1y");
        check("2000-02-29", "2004-02-28", "3y11m");
        check("2000-02-29", "2004-02-29", "4y");
        check("2000-01-31", "2000-02-28", "0y");
        check("2000-01-31", "2000-02-29", "0y1m");
        check("1965-12-31", "2025-12-30", "59y11m");
    }

    #[test]
    fn refusals() {
        let refused = |text: &str, code: &str| {
            assert_eq!(Age::parse(text).unwrap_err().code(), code, "{text}");
        };
        for text in [
            "",
            "60",
            "y",
            "60y1",
            "60y1个月",
            "60岁1m",
            "-60y",
            "60y-1m",
            "+60y",
            "60ym",
            "60y12m",
            "60周岁",
        ] {
            refused(text, "M0801");
        }
        refused("500y", "M0802");
        refused("2000000000y", "M0802");
        for (years, months) in [(-1, 0), (0, -1), (0, 12), (i32::MAX, 0), (i32::MIN, 11)] {
            assert_eq!(Age::new(years, months).unwrap_err().code(), "M0802");
        }
        let (march, february) = (
            Month::parse("2025-03").unwrap(),
            Month::parse("2025-02").unwrap(),
        );
        assert_eq!(Age::at_month(march, february).unwrap_err().code(), "M0803");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(months in 0..=5999_i32) {
            let age = Age::from_months(months).unwrap();
            prop_assert_eq!(Age::parse(&age.to_string()), Ok(age));
            prop_assert_eq!(Age::parse(&age.chinese().to_string()), Ok(age));
            prop_assert_eq!(Age::new(age.years(), age.months_beyond_years()), Ok(age));
        }

        /// Against the definition: the last month completed, and not the next.
        #[test]
        fn at_meets_the_definition(birth in -60_000..20_000_i32, days in 0..45_000_i32) {
            let birth = Day::from_number(birth).unwrap();
            let on = birth.add_days(days).unwrap();
            let months = Age::at(birth, on).unwrap().months();
            prop_assert!(birth.add_months(months).unwrap() <= on);
            prop_assert!(on < birth.add_months(months + 1).unwrap());
        }

        #[test]
        fn reaching_an_age_and_being_it(birth in 1900 * 12..2000 * 12_i32, months in 0..1500_i32) {
            let (birth, age) = (Month::from_index(birth).unwrap(), Age::from_months(months).unwrap());
            prop_assert_eq!(Age::at_month(birth, age.reached_in(birth).unwrap()), Ok(age));
        }
    }
}
