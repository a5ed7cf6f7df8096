//! *At what rate is it levied, paid, or charged?*
//!
//! A rate has no unit: 8 % of a base, 0.05 % a day. The law writes none finer than a millionth, so a rate is a whole
//! number of parts per million, and rates add up exactly.

use std::fmt;

use crate::{
    Decimal, Error,
    text::{Quoted, Unreadable, fixed_digits, from_str, read_fixed},
};

/// An exact rate.
///
/// # Representation
///
/// Parts per million in an `i64`: 8 % is 80 000. Rates may be negative or above 100 %.
///
/// # Parsing and printing
///
/// Either a percentage with at most four decimals or a plain decimal with at most six. Printing gives a percentage
/// without trailing zeros.
///
/// ```
/// use measure::Rate;
///
/// assert_eq!(Rate::parse("8%")?, Rate::from_ppm(80_000));
/// assert_eq!(Rate::parse("0.08")?, Rate::parse("8%")?);
/// assert_eq!(Rate::parse("1.375%")?.to_string(), "1.375%");
///
/// assert_eq!(Rate::parse("0.0000005").unwrap_err().code(), "M0202");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// By value.
///
/// # Arithmetic
///
/// Rates add and subtract exactly. A rate of an amount is [`Fen::checked_mul_rate`](crate::Fen::checked_mul_rate).
///
/// ```
/// use measure::Rate;
///
/// let employer = Rate::parse("16%")?;
/// assert_eq!(employer.checked_add(Rate::parse("8%")?)?.to_string(), "24%");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// None: nothing here rounds. For products of rates convert to [`Decimal`].
///
/// # Errors
///
/// `M0201` not a rate, `M0202` finer than a millionth, `M0203` out of range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate {
    ppm: i64,
}

impl Rate {
    /// Nothing.
    pub const ZERO: Rate = Rate::from_ppm(0);
    /// The whole, 100 %.
    pub const ONE: Rate = Rate::from_ppm(1_000_000);

    /// A rate of `ppm` parts per million.
    pub const fn from_ppm(ppm: i64) -> Rate {
        Rate { ppm }
    }

    /// This rate in parts per million.
    pub const fn ppm(self) -> i64 {
        self.ppm
    }

    /// Reads `8%`, `1.375%` or `0.08`.
    ///
    /// # Errors
    ///
    /// `M0201` when it is neither form, `M0202` when finer than a millionth, `M0203` when out of range.
    pub fn parse(text: &str) -> Result<Rate, Error> {
        let read = match text.strip_suffix('%') {
            Some(percent) => read_fixed(percent, 4),
            None => read_fixed(text, 6),
        };
        match read {
            Ok(ppm) => fit(ppm),
            Err(Unreadable::NotDigits) => Err(Fault::NotARate(Quoted::new(text)).into()),
            Err(Unreadable::TooManyDecimals) => Err(Fault::TooFine(Quoted::new(text)).into()),
            Err(Unreadable::TooLarge) => Err(Fault::Range.into()),
        }
    }

    /// The sum of two rates.
    ///
    /// # Errors
    ///
    /// `M0203` on overflow.
    pub fn checked_add(self, other: Rate) -> Result<Rate, Error> {
        fit(i128::from(self.ppm) + i128::from(other.ppm))
    }

    /// The difference of two rates.
    ///
    /// # Errors
    ///
    /// `M0203` on overflow.
    pub fn checked_sub(self, other: Rate) -> Result<Rate, Error> {
        fit(i128::from(self.ppm) - i128::from(other.ppm))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut percent, mut scale) = (self.ppm, 4);
        while 0 < scale && percent % 10 == 0 {
            percent /= 10;
            scale -= 1;
        }
        let digits = fixed_digits(u128::from(percent.unsigned_abs()), scale);
        f.pad_integral(0 <= percent, "", &format!("{digits}%"))
    }
}

from_str!(Rate);

impl From<Rate> for Decimal {
    fn from(rate: Rate) -> Decimal {
        Decimal::at_scale(i128::from(rate.ppm), 6)
    }
}

fn fit(ppm: i128) -> Result<Rate, Error> {
    match i64::try_from(ppm) {
        Ok(ppm) => Ok(Rate { ppm }),
        Err(_) => Err(Fault::Range.into()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotARate(Quoted),
    TooFine(Quoted),
    Range,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotARate(_) => "M0201",
            Fault::TooFine(_) => "M0202",
            Fault::Range => "M0203",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotARate(text) => write!(
                f,
                "{text} is not a rate; expected one such as 8%, 1.375% or 0.08"
            ),
            Fault::TooFine(text) => {
                write!(
                    f,
                    "{text} is finer than a millionth; expected at most 4 decimals of a percent or 6 decimals"
                )
            }
            Fault::Range => {
                let (min, max) = (Rate::from_ppm(i64::MIN), Rate::from_ppm(i64::MAX));
                write!(f, "the rate is out of range; expected {min} to {max}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Fen, Rounding};

    #[test]
    fn texts() {
        let check = |text: &str, printed: &str| {
            assert_eq!(Rate::parse(text).unwrap().to_string(), printed, "{text}");
        };
        check("8%", "8%");
        check("0.08", "8%");
        check("-0.5%", "-0.5%");
        check("0.05%", "0.05%");
        check("0", "0%");
        check("1.5", "150%");
        check("0.0001%", "0.0001%");
        check("100%", "100%");
        let refused = |text: &str, code: &str| {
            assert_eq!(Rate::parse(text).unwrap_err().code(), code, "{text}");
        };
        refused("%", "M0201");
        refused("8 %", "M0201");
        refused("8%%", "M0201");
        refused("百分之八", "M0201");
        refused("0.00001%", "M0202");
        refused("9999999999999999%", "M0203");
        assert_eq!(
            Rate::from_ppm(i64::MAX)
                .checked_add(Rate::from_ppm(1))
                .unwrap_err()
                .code(),
            "M0203"
        );
        assert_eq!(
            Rate::from_ppm(i64::MIN)
                .checked_sub(Rate::from_ppm(1))
                .unwrap_err()
                .code(),
            "M0203"
        );
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(ppm in any::<i64>()) {
            let rate = Rate::from_ppm(ppm);
            prop_assert_eq!(Rate::parse(&rate.to_string()), Ok(rate));
        }

        #[test]
        fn the_whole_changes_nothing(fen in any::<i64>()) {
            for mode in Rounding::ALL {
                prop_assert_eq!(Fen(fen).checked_mul_rate(Rate::ONE, mode), Ok(Fen(fen)));
            }
        }
    }
}
