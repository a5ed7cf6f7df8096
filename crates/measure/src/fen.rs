//! *How much money is this, to the fen?*
//!
//! Money is a whole number of fen (分), a hundredth of a yuan (元). There is no fraction of a fen anywhere: what
//! would produce one takes a [`Rounding`] and gives whole fen back.

use std::fmt;

use crate::{
    Decimal, Error, Rate, Rounding, divide,
    text::{Quoted, Unreadable, fixed_digits, from_str, read_fixed, write_fixed},
};

/// An amount of money in fen; negative for what is owed back.
///
/// # Representation
///
/// One `i64`, so ±92 quadrillion yuan: a thousand times the country's yearly product. The field is public because
/// every `i64` is a possible amount.
///
/// # Parsing and printing
///
/// Plain decimals in yuan with at most two decimals; `,` or `_` may separate thousands. Printing gives two decimals.
///
/// ```
/// use measure::Fen;
///
/// assert_eq!(Fen::parse("1234.56")?, Fen(123_456));
/// assert_eq!(Fen::parse("-0.05")?, Fen(-5));
/// assert_eq!(Fen::parse("1_234.5")?, Fen(123_450));
/// assert_eq!(Fen(123_456).to_string(), "1234.56");
/// assert_eq!(Fen(123_456).with_separators().to_string(), "1,234.56");
///
/// assert_eq!(Fen::parse("1.005").unwrap_err().code(), "M0102");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// By amount.
///
/// # Arithmetic
///
/// Sums and whole multiples are exact or refused. There is no `+`, because it could overflow.
///
/// ```
/// use measure::Fen;
///
/// assert_eq!(Fen(100).checked_add(Fen(1))?, Fen(101));
/// assert_eq!(Fen::checked_sum([Fen(1), Fen(2), Fen(3)])?, Fen(6));
/// assert_eq!(Fen::MAX.checked_add(Fen(1)).unwrap_err().code(), "M0104");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// Multiplying by a [`Rate`] or [`Decimal`], dividing, and rounding to a unit each take a [`Rounding`] and round once,
/// at the end.
///
/// ```
/// use measure::{Fen, Rate, Rounding};
///
/// let monthly = Fen::parse("8141.50")?;
/// assert_eq!(monthly.round_to(Fen::YUAN, Rounding::Up)?, Fen::from_yuan(8142)?);
/// assert_eq!(Fen(1).checked_mul_rate(Rate::parse("50%")?, Rounding::HalfEven)?, Fen(0));
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Errors
///
/// `M0101` not an amount, `M0102` finer than a fen, `M0103` beyond the range, `M0104` arithmetic beyond the range,
/// `M0105` division by zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(
    /// The amount in fen.
    pub i64,
);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);
    /// One yuan, 100 fen.
    pub const YUAN: Fen = Fen(100);
    /// The least amount that can be held.
    pub const MIN: Fen = Fen(i64::MIN);
    /// The greatest amount that can be held.
    pub const MAX: Fen = Fen(i64::MAX);

    /// An amount of whole yuan.
    ///
    /// # Errors
    ///
    /// `M0103` beyond ±92 233 720 368 547 758 yuan.
    pub fn from_yuan(yuan: i64) -> Result<Fen, Error> {
        match yuan.checked_mul(Fen::YUAN.0) {
            Some(fen) => Ok(Fen(fen)),
            None => Err(Fault::Range.into()),
        }
    }

    /// Reads an amount in yuan, such as `1234.56`, `-0.05` or `1,234.5`.
    ///
    /// # Errors
    ///
    /// `M0101` when it is not a plain decimal, `M0102` when it has more than two decimals, `M0103` when out of range.
    pub fn parse(text: &str) -> Result<Fen, Error> {
        let fen = match read_fixed(text, 2) {
            Ok(fen) => fen,
            Err(Unreadable::NotDigits) => return Err(Fault::NotAnAmount(Quoted::new(text)).into()),
            Err(Unreadable::TooManyDecimals) => {
                return Err(Fault::FinerThanAFen(Quoted::new(text)).into());
            }
            Err(Unreadable::TooLarge) => return Err(Fault::Range.into()),
        };
        match i64::try_from(fen) {
            Ok(fen) => Ok(Fen(fen)),
            Err(_) => Err(Fault::Range.into()),
        }
    }

    /// Prints as `1,234.56`, for people.
    pub fn with_separators(self) -> impl fmt::Display {
        Separated(self)
    }

    /// The sum of two amounts.
    ///
    /// # Errors
    ///
    /// `M0104` on overflow.
    pub fn checked_add(self, other: Fen) -> Result<Fen, Error> {
        fit(i128::from(self.0) + i128::from(other.0))
    }

    /// The difference of two amounts.
    ///
    /// # Errors
    ///
    /// `M0104` on overflow.
    pub fn checked_sub(self, other: Fen) -> Result<Fen, Error> {
        fit(i128::from(self.0) - i128::from(other.0))
    }

    /// The amount the other way: what a reversal posts.
    ///
    /// # Errors
    ///
    /// `M0104` for [`Fen::MIN`], which has no opposite.
    pub fn checked_neg(self) -> Result<Fen, Error> {
        fit(-i128::from(self.0))
    }

    /// `count` times this amount.
    ///
    /// # Errors
    ///
    /// `M0104` on overflow.
    pub fn checked_mul(self, count: i64) -> Result<Fen, Error> {
        fit(i128::from(self.0) * i128::from(count))
    }

    /// This amount at `rate`, rounded to the fen.
    ///
    /// # Errors
    ///
    /// `M0104` on overflow.
    pub fn checked_mul_rate(self, rate: Rate, rounding: Rounding) -> Result<Fen, Error> {
        self.checked_mul_decimal(Decimal::from(rate), rounding)
    }

    /// This amount times an exact factor, rounded to the fen.
    ///
    /// # Errors
    ///
    /// `M0104` on overflow.
    pub fn checked_mul_decimal(self, factor: Decimal, rounding: Rounding) -> Result<Fen, Error> {
        let fen = i128::from(self.0)
            .checked_mul(factor.mantissa())
            .and_then(|product| divide(product, factor.unit(), rounding));
        match fen {
            Some(fen) => fit(fen),
            None => Err(Fault::Overflow.into()),
        }
    }

    /// One of `parts` equal parts, rounded to the fen. The parts need not add up to the whole.
    ///
    /// # Errors
    ///
    /// `M0105` when `parts` is zero, `M0104` on overflow.
    pub fn checked_div(self, parts: i64, rounding: Rounding) -> Result<Fen, Error> {
        match divide(i128::from(self.0), i128::from(parts), rounding) {
            Some(fen) => fit(fen),
            None => Err(Fault::DivisionByZero.into()),
        }
    }

    /// This amount as a whole number of `unit`s: `round_to(Fen::YUAN, Rounding::Up)` is the next whole yuan.
    ///
    /// # Errors
    ///
    /// `M0105` when the unit is zero, `M0104` on overflow.
    pub fn round_to(self, unit: Fen, rounding: Rounding) -> Result<Fen, Error> {
        match divide(i128::from(self.0), i128::from(unit.0), rounding) {
            Some(units) => fit(units * i128::from(unit.0)),
            None => Err(Fault::DivisionByZero.into()),
        }
    }

    /// The sum of many amounts. Only the total must fit, so the order of the amounts never matters.
    ///
    /// # Errors
    ///
    /// `M0104` when the total does not fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Fen>) -> Result<Fen, Error> {
        // Cannot overflow: 2^64 amounts of 2^63 fen would be needed.
        fit(amounts.into_iter().map(|fen| i128::from(fen.0)).sum())
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, i128::from(self.0), 2)
    }
}

from_str!(Fen);

struct Separated(Fen);

impl fmt::Display for Separated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = fixed_digits(u128::from(self.0.0.unsigned_abs()), 2);
        let whole_len = digits.len() - 3;
        let mut grouped = String::with_capacity(digits.len() + whole_len / 3);
        for (place, digit) in digits.chars().enumerate() {
            if 0 < place && place < whole_len && (whole_len - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad_integral(0 <= self.0.0, "", &grouped)
    }
}

fn fit(fen: i128) -> Result<Fen, Error> {
    match i64::try_from(fen) {
        Ok(fen) => Ok(Fen(fen)),
        Err(_) => Err(Fault::Overflow.into()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotAnAmount(Quoted),
    FinerThanAFen(Quoted),
    Range,
    Overflow,
    DivisionByZero,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotAnAmount(_) => "M0101",
            Fault::FinerThanAFen(_) => "M0102",
            Fault::Range => "M0103",
            Fault::Overflow => "M0104",
            Fault::DivisionByZero => "M0105",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotAnAmount(text) => {
                write!(
                    f,
                    "{text} is not an amount in yuan; expected one such as 1234.56 or 1,234.56"
                )
            }
            Fault::FinerThanAFen(text) => {
                write!(
                    f,
                    "{text} is finer than a fen; expected at most two decimals of a yuan"
                )
            }
            Fault::Range => write!(
                f,
                "the amount is out of range; expected {} to {} yuan",
                Fen::MIN,
                Fen::MAX
            ),
            Fault::Overflow => {
                write!(
                    f,
                    "the result is out of range; expected amounts whose result is {} to {} yuan",
                    Fen::MIN,
                    Fen::MAX
                )
            }
            Fault::DivisionByZero => write!(
                f,
                "an amount was divided by zero; expected a number of parts other than zero"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_are_amounts() {
        let check = |text: &str, fen: i64| assert_eq!(Fen::parse(text), Ok(Fen(fen)), "{text}");
        check("0", 0);
        check("-0", 0);
        check("0.5", 50);
        check("00012.30", 1230);
        check("1,234,567.89", 123_456_789);
        check("12_345", 1_234_500);
        check("-92233720368547758.08", i64::MIN);
        check("92233720368547758.07", i64::MAX);
    }

    #[test]
    fn texts_that_are_not() {
        let check = |text: &str, code: &str| {
            assert_eq!(Fen::parse(text).unwrap_err().code(), code, "{text}");
        };
        for text in [
            "", "-", ".", "1.", ".5", "+1", " 1", "1 ", "--1", "1e3", "一百", "¥5", "１", "1.2.3",
        ] {
            check(text, "M0101");
        }
        for text in [
            "1,23",
            "1234,567",
            ",123",
            "1,,234",
            "1_234,567",
            "1.2_3",
            "1,234,",
        ] {
            check(text, "M0101");
        }
        check("0.001", "M0102");
        check("92233720368547758.08", "M0103");
        check(&"9".repeat(60), "M0103");
        assert_eq!(Fen::from_yuan(i64::MAX).unwrap_err().code(), "M0103");
    }

    #[test]
    fn printing_keeps_columns_aligned() {
        assert_eq!(
            format!("{:>10}|{:10}|{:<10}|", Fen(-5), Fen(-5), Fen(-5)),
            "     -0.05|     -0.05|-0.05     |"
        );
        assert_eq!(
            Fen(-123_456_789).with_separators().to_string(),
            "-1,234,567.89"
        );
        assert_eq!(Fen(12_345).with_separators().to_string(), "123.45");
        assert_eq!(
            Fen::MIN.with_separators().to_string(),
            "-92,233,720,368,547,758.08"
        );
    }

    #[test]
    fn divisions() {
        assert_eq!(Fen(100).checked_div(3, Rounding::Up), Ok(Fen(34)));
        assert_eq!(
            Fen(100).checked_div(0, Rounding::Up).unwrap_err().code(),
            "M0105"
        );
        assert_eq!(
            Fen::MIN.checked_div(-1, Rounding::Up).unwrap_err().code(),
            "M0104"
        );
        assert_eq!(
            Fen(100).round_to(Fen(0), Rounding::Up).unwrap_err().code(),
            "M0105"
        );
        assert_eq!(
            Fen::MAX
                .round_to(Fen::YUAN, Rounding::Up)
                .unwrap_err()
                .code(),
            "M0104"
        );
        assert_eq!(Fen::MIN.checked_neg().unwrap_err().code(), "M0104");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(fen in any::<i64>()) {
            let fen = Fen(fen);
            prop_assert_eq!(Fen::parse(&fen.to_string()), Ok(fen));
            prop_assert_eq!(Fen::parse(&fen.with_separators().to_string()), Ok(fen));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,24}") {
            let _ = Fen::parse(&text);
        }

        #[test]
        fn a_sum_does_not_depend_on_order(mut amounts in proptest::collection::vec(any::<i64>(), 0..20)) {
            let sum = |amounts: &[i64]| Fen::checked_sum(amounts.iter().copied().map(Fen));
            let forward = sum(&amounts);
            amounts.sort_unstable();
            prop_assert_eq!(&forward, &sum(&amounts));
            let exact: i128 = amounts.iter().map(|fen| i128::from(*fen)).sum();
            prop_assert_eq!(forward.ok(), i64::try_from(exact).ok().map(Fen));
        }

        #[test]
        fn adding_and_subtracting_undo_each_other(a in any::<i64>(), b in any::<i64>()) {
            if let Ok(sum) = Fen(a).checked_add(Fen(b)) {
                prop_assert_eq!(sum.checked_sub(Fen(b)), Ok(Fen(a)));
            }
        }

        #[test]
        fn rounding_to_a_unit_stays_within_one_unit(fen in -1_000_000_i64..1_000_000, unit in 1_i64..1000) {
            for mode in Rounding::ALL {
                let rounded = Fen(fen).round_to(Fen(unit), mode).unwrap();
                prop_assert_eq!(rounded.0 % unit, 0);
                prop_assert!((rounded.0 - fen).abs() < unit);
            }
        }
    }
}
