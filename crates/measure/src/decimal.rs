//! *How many decimals does this figure have, and who said so?*
//!
//! An index of 0.6034, 17.33 years, a coefficient: figures without a unit whose law says to how many decimals they
//! are kept. A [`Decimal`] carries that number of decimals, its scale, and loses digits only when told how.

use std::{cmp::Ordering, fmt};

use crate::{
    Error, Rounding, divide,
    text::{POWERS_OF_TEN, Quoted, Unreadable, from_str, read_fixed, write_fixed},
};

/// An exact decimal number with a declared number of decimals.
///
/// # Representation
///
/// A whole number, the mantissa (`i128`), counted in units of 10^-scale. The scale is 0 to 18.
///
/// # Parsing and printing
///
/// [`Decimal::parse_at`] reads at a declared scale and refuses more digits than declared; [`Decimal::parse`] takes
/// the scale from the text. Printing always shows all declared decimals.
///
/// ```
/// use measure::Decimal;
///
/// assert_eq!(Decimal::parse_at("0.6", 4)?.to_string(), "0.6000");
/// assert_eq!(Decimal::parse("17.33")?.scale(), 2);
///
/// assert_eq!(Decimal::parse_at("0.60345", 4).unwrap_err().code(), "M0302");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// By value, whatever the scales: 0.60 equals 0.6.
///
/// ```
/// use measure::Decimal;
///
/// assert!(Decimal::new(60, 2)? == Decimal::new(6, 1)?);
/// assert!(Decimal::new(61, 2)? > Decimal::new(6, 1)?);
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Arithmetic
///
/// Sums have the finer scale of the two, products the sum of both: nothing is lost. A product that would need more
/// than 18 decimals is refused; rescale first.
///
/// ```
/// use measure::Decimal;
///
/// let (index, share) = (Decimal::parse("0.6034")?, Decimal::parse("1.5")?);
/// assert_eq!(index.checked_add(share)?.to_string(), "2.1034");
/// assert_eq!(index.checked_mul(share)?.to_string(), "0.90510");
///
/// let tiny = Decimal::new(1, 12)?;
/// assert_eq!(tiny.checked_mul(tiny).unwrap_err().code(), "M0305");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// Rescaling and division take a scale and a [`Rounding`], and round once.
///
/// ```
/// use measure::{Decimal, Rounding};
///
/// let two_thirds = Decimal::new(2, 0)?.checked_div(Decimal::new(3, 0)?, 4, Rounding::HalfUp)?;
/// assert_eq!(two_thirds.to_string(), "0.6667");
/// assert_eq!(two_thirds.rescale(2, Rounding::Down)?.to_string(), "0.66");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Errors
///
/// `M0301` not a decimal, `M0302` more decimals than declared, `M0303` a scale beyond 18, `M0304` out of range,
/// `M0305` a product beyond 18 decimals, `M0306` division by zero.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// The largest scale: 18 decimals.
    pub const SCALE_MAX: u8 = 18;

    /// `mantissa` × 10^-`scale`.
    ///
    /// # Errors
    ///
    /// `M0303` when the scale is beyond 18.
    pub fn new(mantissa: i128, scale: u8) -> Result<Decimal, Error> {
        check_scale(scale)?;
        Ok(Decimal { mantissa, scale })
    }

    /// Reads a decimal and keeps as many decimals as it is written with.
    ///
    /// # Errors
    ///
    /// `M0301` when it is not a plain decimal, `M0302` beyond 18 decimals, `M0304` when out of range.
    pub fn parse(text: &str) -> Result<Decimal, Error> {
        let written = text
            .split_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let scale = u8::try_from(written)
            .unwrap_or(u8::MAX)
            .min(Decimal::SCALE_MAX);
        Decimal::parse_at(text, scale)
    }

    /// Reads a decimal at a declared scale.
    ///
    /// # Errors
    ///
    /// `M0301` when it is not a plain decimal, `M0302` when it has more decimals than declared, `M0303` when the
    /// scale is beyond 18, `M0304` when out of range.
    pub fn parse_at(text: &str, scale: u8) -> Result<Decimal, Error> {
        check_scale(scale)?;
        match read_fixed(text, scale) {
            Ok(mantissa) => Ok(Decimal { mantissa, scale }),
            Err(Unreadable::NotDigits) => Err(Fault::NotADecimal(Quoted::new(text)).into()),
            Err(Unreadable::TooManyDecimals) => {
                Err(Fault::TooManyDecimals(Quoted::new(text), scale).into())
            }
            Err(Unreadable::TooLarge) => Err(Fault::Range.into()),
        }
    }

    /// The whole number of units of 10^-scale.
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many decimals are declared.
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same number with `scale` decimals.
    ///
    /// # Errors
    ///
    /// `M0303` when the scale is beyond 18, `M0304` when out of range.
    pub fn rescale(self, scale: u8, rounding: Rounding) -> Result<Decimal, Error> {
        check_scale(scale)?;
        let mantissa = if self.scale <= scale {
            self.mantissa
                .checked_mul(POWERS_OF_TEN[usize::from(scale - self.scale)])
        } else {
            divide(
                self.mantissa,
                POWERS_OF_TEN[usize::from(self.scale - scale)],
                rounding,
            )
        };
        fit(mantissa, scale)
    }

    /// The exact sum, at the finer scale of the two.
    ///
    /// # Errors
    ///
    /// `M0304` on overflow.
    pub fn checked_add(self, other: Decimal) -> Result<Decimal, Error> {
        let (left, right, scale) = self.aligned(other)?;
        fit(left.checked_add(right), scale)
    }

    /// The exact difference, at the finer scale of the two.
    ///
    /// # Errors
    ///
    /// `M0304` on overflow.
    pub fn checked_sub(self, other: Decimal) -> Result<Decimal, Error> {
        let (left, right, scale) = self.aligned(other)?;
        fit(left.checked_sub(right), scale)
    }

    /// The exact product; its scale is the sum of both scales.
    ///
    /// # Errors
    ///
    /// `M0305` when that scale is beyond 18, `M0304` on overflow.
    pub fn checked_mul(self, other: Decimal) -> Result<Decimal, Error> {
        let scale = self.scale + other.scale;
        if Decimal::SCALE_MAX < scale {
            return Err(Fault::ProductScale(scale).into());
        }
        fit(self.mantissa.checked_mul(other.mantissa), scale)
    }

    /// The quotient at `scale` decimals.
    ///
    /// # Errors
    ///
    /// `M0306` when `divisor` is zero, `M0303` when the scale is beyond 18, `M0304` on overflow.
    pub fn checked_div(
        self,
        divisor: Decimal,
        scale: u8,
        rounding: Rounding,
    ) -> Result<Decimal, Error> {
        check_scale(scale)?;
        if divisor.mantissa == 0 {
            return Err(Fault::DivisionByZero.into());
        }
        // a·10^-s / (b·10^-t) at scale u is a·10^(u+t-s) / b; the exponent may have either sign.
        let (up, down) = (scale + divisor.scale, self.scale);
        let quotient = if down <= up {
            checked_shift(self.mantissa, up - down)
                .and_then(|n| divide(n, divisor.mantissa, rounding))
        } else {
            checked_shift(divisor.mantissa, down - up)
                .and_then(|d| divide(self.mantissa, d, rounding))
        };
        fit(quotient, scale)
    }

    /// For scales known to be in range.
    pub(crate) const fn at_scale(mantissa: i128, scale: u8) -> Decimal {
        assert!(scale <= Decimal::SCALE_MAX);
        Decimal { mantissa, scale }
    }

    /// 10^scale: what the mantissa of one would be.
    pub(crate) fn unit(self) -> i128 {
        POWERS_OF_TEN[usize::from(self.scale)]
    }

    fn aligned(self, other: Decimal) -> Result<(i128, i128, u8), Error> {
        let scale = self.scale.max(other.scale);
        // Only ever to a finer scale, so no rounding happens.
        let left = self.rescale(scale, Rounding::Down)?;
        let right = other.rescale(scale, Rounding::Down)?;
        Ok((left.mantissa, right.mantissa, scale))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        // Whole parts first, then fractions brought to 18 decimals: unlike rescaling, this cannot overflow.
        let parts = |d: &Decimal| {
            let fraction_unit = POWERS_OF_TEN[usize::from(Decimal::SCALE_MAX - d.scale)];
            (
                d.mantissa.div_euclid(d.unit()),
                d.mantissa.rem_euclid(d.unit()) * fraction_unit,
            )
        };
        parts(self).cmp(&parts(other))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.mantissa, self.scale)
    }
}

from_str!(Decimal);

fn check_scale(scale: u8) -> Result<(), Error> {
    if Decimal::SCALE_MAX < scale {
        return Err(Fault::Scale(scale).into());
    }
    Ok(())
}

/// `value` × 10^`places`, for up to 36 places.
fn checked_shift(value: i128, places: u8) -> Option<i128> {
    let first = places.min(Decimal::SCALE_MAX);
    value
        .checked_mul(POWERS_OF_TEN[usize::from(first)])?
        .checked_mul(POWERS_OF_TEN[usize::from(places - first)])
}

fn fit(mantissa: Option<i128>, scale: u8) -> Result<Decimal, Error> {
    match mantissa {
        Some(mantissa) => Ok(Decimal { mantissa, scale }),
        None => Err(Fault::Range.into()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NotADecimal(Quoted),
    TooManyDecimals(Quoted, u8),
    Scale(u8),
    Range,
    ProductScale(u8),
    DivisionByZero,
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::NotADecimal(_) => "M0301",
            Fault::TooManyDecimals(..) => "M0302",
            Fault::Scale(_) => "M0303",
            Fault::Range => "M0304",
            Fault::ProductScale(_) => "M0305",
            Fault::DivisionByZero => "M0306",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotADecimal(text) => write!(
                f,
                "{text} is not a decimal; expected one such as 0.6034 or 1,234.5"
            ),
            Fault::TooManyDecimals(text, scale) => {
                write!(
                    f,
                    "{text} has too many decimals; expected at most {scale}, or round it first"
                )
            }
            Fault::Scale(scale) => write!(f, "{scale} decimals cannot be kept; expected 0 to 18"),
            Fault::Range => write!(
                f,
                "the decimal is out of range; expected at most 38 digits in all"
            ),
            Fault::ProductScale(scale) => {
                write!(
                    f,
                    "the product needs {scale} decimals; expected at most 18, so rescale a factor first"
                )
            }
            Fault::DivisionByZero => {
                write!(f, "a decimal was divided by zero; expected another divisor")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal() -> impl Strategy<Value = Decimal> {
        (any::<i64>(), 0..=Decimal::SCALE_MAX).prop_map(|(mantissa, scale)| Decimal {
            mantissa: mantissa.into(),
            scale,
        })
    }

    #[test]
    fn refusals() {
        let code = |result: Result<Decimal, Error>| result.unwrap_err().code();
        assert_eq!(code(Decimal::new(1, 19)), "M0303");
        assert_eq!(code(Decimal::parse("")), "M0301");
        assert_eq!(code(Decimal::parse("1.")), "M0301");
        assert_eq!(code(Decimal::parse("0.1234567890123456789")), "M0302");
        assert_eq!(code(Decimal::parse_at("1", 200)), "M0303");
        assert_eq!(code(Decimal::parse(&"9".repeat(40))), "M0304");
        let (one, zero, max) = (
            Decimal::at_scale(1, 0),
            Decimal::at_scale(0, 3),
            Decimal::at_scale(i128::MAX, 0),
        );
        assert_eq!(code(one.checked_div(zero, 2, Rounding::Up)), "M0306");
        assert_eq!(code(one.checked_div(one, 19, Rounding::Up)), "M0303");
        assert_eq!(code(max.checked_add(one)), "M0304");
        assert_eq!(code(max.rescale(1, Rounding::Up)), "M0304");
        assert_eq!(code(max.checked_mul(Decimal::at_scale(2, 0))), "M0304");
    }

    #[test]
    fn comparison_at_the_ends_of_the_range() {
        let (min, max) = (
            Decimal::at_scale(i128::MIN, 0),
            Decimal::at_scale(i128::MAX, 0),
        );
        let fine = Decimal::at_scale(i128::MAX, 18);
        assert!(min < fine && fine < max);
        assert!(Decimal::at_scale(i128::MIN, 18) < Decimal::at_scale(-1, 18));
        assert!(Decimal::at_scale(-15, 1) < Decimal::at_scale(-1, 0));
    }

    proptest! {
        #[test]
        fn printing_and_parsing_round_trip(d in decimal()) {
            let again = Decimal::parse(&d.to_string()).unwrap();
            prop_assert_eq!((again.mantissa, again.scale), (d.mantissa, d.scale));
        }

        #[test]
        fn sums_are_exact_and_undone(a in decimal(), b in decimal()) {
            let sum = a.checked_add(b).unwrap();
            prop_assert_eq!(sum.checked_sub(b).unwrap(), a);
            prop_assert_eq!(sum.scale, a.scale.max(b.scale));
        }

        #[test]
        fn a_finer_scale_is_the_same_number(d in decimal(), scale in 0..=Decimal::SCALE_MAX) {
            prop_assume!(d.scale <= scale);
            let finer = d.rescale(scale, Rounding::Down).unwrap();
            prop_assert_eq!(finer, d);
            prop_assert_eq!(finer.rescale(d.scale, Rounding::Up).unwrap().mantissa, d.mantissa);
        }

        #[test]
        fn a_product_divided_gives_the_factor(a in any::<i32>(), b in any::<i32>(), s in 0..=9_u8, t in 0..=9_u8) {
            prop_assume!(b != 0);
            let (a, b) = (Decimal::at_scale(a.into(), s), Decimal::at_scale(b.into(), t));
            let product = a.checked_mul(b).unwrap();
            prop_assert_eq!(product.checked_div(b, s, Rounding::HalfEven).unwrap(), a);
        }

        /// Small mantissas, so that whole parts and signs often coincide.
        #[test]
        fn comparison_of_close_numbers(a in -30..30_i128, b in -30..30_i128, s in 0..=2_u8, t in 0..=2_u8) {
            let hundredths = |mantissa: i128, scale: u8| mantissa * POWERS_OF_TEN[usize::from(2 - scale)];
            let order = hundredths(a, s).cmp(&hundredths(b, t));
            prop_assert_eq!(Decimal::at_scale(a, s).cmp(&Decimal::at_scale(b, t)), order);
        }

        #[test]
        fn comparison_agrees_with_differences(a in decimal(), b in decimal()) {
            prop_assert_eq!(a.cmp(&b), a.checked_sub(b).unwrap().mantissa.cmp(&0));
        }

        #[test]
        fn division_never_panics(a in any::<i128>(), b in any::<i128>(), s in 0..=18_u8, t in 0..=18_u8, u in any::<u8>()) {
            let _ = Decimal::at_scale(a, s).checked_div(Decimal::at_scale(b, t), u, Rounding::HalfUp);
        }
    }
}
