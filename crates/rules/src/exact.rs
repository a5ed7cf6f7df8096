//! Arithmetic on exact fractions: what makes every sum of the law come out the same on every machine.
//!
//! Nothing here rounds unless told how, and nothing wraps: what does not fit 128 bits even in lowest terms is
//! `None`, which the evaluator turns into [`Reason::TooLarge`](crate::refusal::Reason::TooLarge). Money and rates
//! have denominators that are powers of ten, so the common cases (equal denominators, whole numbers, one
//! denominator a multiple of the other) never look for a common divisor.

use crate::law::Exact;
use measure::{Rounding, divide};
use std::cmp::Ordering;

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact { num: 0, den: 1 };

    /// A whole number.
    #[must_use]
    pub const fn integer(num: i128) -> Exact {
        Exact { num, den: 1 }
    }

    /// `mantissa / 10^scale`; `None` for a scale above 38.
    #[must_use]
    pub fn decimal(mantissa: i128, scale: u8) -> Option<Exact> {
        Some(Exact {
            num: mantissa,
            den: 10_i128.checked_pow(u32::from(scale))?,
        })
    }

    /// `num / den`; `None` when `den` is 0 or a sign cannot be moved to the numerator.
    #[must_use]
    pub fn fraction(num: i128, den: i128) -> Option<Exact> {
        match den.signum() {
            0 => None,
            1 => Some(Exact { num, den }),
            _ => Some(Exact {
                num: num.checked_neg()?,
                den: den.checked_neg()?,
            }),
        }
    }

    /// Whether it is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Whether it is below 0.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.num < 0
    }

    /// The same value in lowest terms.
    #[must_use]
    pub fn reduced(self) -> Exact {
        let common = common_divisor(self.num.unsigned_abs(), self.den.unsigned_abs());
        // The denominator is positive, so the common divisor is at most i128::MAX.
        let common = common.cast_signed();
        Exact {
            num: self.num / common,
            den: self.den / common,
        }
    }

    /// The sum.
    #[must_use]
    pub fn checked_add(self, other: Exact) -> Option<Exact> {
        if self.den == other.den
            && let Some(num) = self.num.checked_add(other.num)
        {
            return Some(Exact { num, den: self.den });
        }
        match add_plainly(self, other) {
            Some(sum) => Some(sum),
            None => add_in_lowest_terms(self.reduced(), other.reduced()),
        }
    }

    /// The difference.
    #[must_use]
    pub fn checked_sub(self, other: Exact) -> Option<Exact> {
        match other.checked_neg() {
            Some(other) => self.checked_add(other),
            None => self.checked_add(other.reduced().checked_neg()?),
        }
    }

    /// The product.
    #[must_use]
    pub fn checked_mul(self, other: Exact) -> Option<Exact> {
        match (
            self.num.checked_mul(other.num),
            self.den.checked_mul(other.den),
        ) {
            (Some(num), Some(den)) => Some(Exact { num, den }),
            _ => mul_crosswise(self.reduced(), other.reduced()),
        }
    }

    /// The quotient; `None` also when `other` is 0.
    #[must_use]
    pub fn checked_div(self, other: Exact) -> Option<Exact> {
        if other.num == 0 {
            return None;
        }
        let upside_down = match Exact::fraction(other.den, other.num) {
            Some(turned) => turned,
            None => {
                let other = other.reduced();
                Exact::fraction(other.den, other.num)?
            }
        };
        // Equal denominators cancel: fen by fen is a plain ratio.
        if self.den == other.den && upside_down.num == other.den {
            return Some(Exact {
                num: self.num,
                den: upside_down.den,
            });
        }
        self.checked_mul(upside_down)
    }

    /// The opposite; `None` only for -2^127.
    #[must_use]
    pub fn checked_neg(self) -> Option<Exact> {
        Some(Exact {
            num: self.num.checked_neg()?,
            den: self.den,
        })
    }

    /// Its whole multiple of `unit_num / unit_den` (both positive) in this rounding: 3.14159 in units of 1/100 is 314.
    #[must_use]
    pub fn in_units(self, unit_num: i128, unit_den: i128, rounding: Rounding) -> Option<i128> {
        debug_assert!(unit_num > 0 && unit_den > 0, "a unit is positive");
        let plain = self
            .num
            .checked_mul(unit_den)
            .zip(self.den.checked_mul(unit_num));
        let (num, den) = match plain {
            Some(parts) => parts,
            None => {
                let quotient = self.checked_div(Exact {
                    num: unit_num,
                    den: unit_den,
                })?;
                (quotient.num, quotient.den)
            }
        };
        divide(num, den, rounding)
    }

    /// Rounded to a multiple of `unit_num / unit_den` (both positive).
    #[must_use]
    pub fn rounded(self, unit_num: i128, unit_den: i128, rounding: Rounding) -> Option<Exact> {
        let units = self.in_units(unit_num, unit_den, rounding)?;
        Some(Exact {
            num: units.checked_mul(unit_num)?,
            den: unit_den,
        })
    }

    /// Its value in whole units of `1 / unit_den`; `None` when it lies between two of them.
    #[must_use]
    pub fn exactly(self, unit_den: i128) -> Option<i128> {
        if self.den == unit_den {
            return Some(self.num);
        }
        let scaled = match self.num.checked_mul(unit_den) {
            Some(num) => Exact { num, den: self.den },
            None => self.checked_mul(Exact::integer(unit_den))?,
        };
        (scaled.num % scaled.den == 0).then(|| scaled.num / scaled.den)
    }

    /// Its value when it is a whole number.
    #[must_use]
    pub fn whole(self) -> Option<i128> {
        self.exactly(1)
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Exact) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        if self.den == other.den {
            return self.num.cmp(&other.num);
        }
        match (
            self.num.checked_mul(other.den),
            other.num.checked_mul(self.den),
        ) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare_by_parts(*self, *other),
        }
    }
}

fn add_plainly(a: Exact, b: Exact) -> Option<Exact> {
    let (wide, narrow) = if a.den >= b.den { (a, b) } else { (b, a) };
    if wide.den % narrow.den == 0 {
        let num = wide
            .num
            .checked_add(narrow.num.checked_mul(wide.den / narrow.den)?)?;
        return Some(Exact { num, den: wide.den });
    }
    let num = a
        .num
        .checked_mul(b.den)?
        .checked_add(b.num.checked_mul(a.den)?)?;
    Some(Exact {
        num,
        den: a.den.checked_mul(b.den)?,
    })
}

fn add_in_lowest_terms(a: Exact, b: Exact) -> Option<Exact> {
    let common = common_divisor(a.den.unsigned_abs(), b.den.unsigned_abs()).cast_signed();
    let (a_share, b_share) = (a.den / common, b.den / common);
    let num = a
        .num
        .checked_mul(b_share)?
        .checked_add(b.num.checked_mul(a_share)?)?;
    Some(Exact {
        num,
        den: a.den.checked_mul(b_share)?,
    })
}

/// Of two fractions in lowest terms; what is left after crossing out is in lowest terms again.
fn mul_crosswise(a: Exact, b: Exact) -> Option<Exact> {
    let left = Exact {
        num: a.num,
        den: b.den,
    }
    .reduced();
    let right = Exact {
        num: b.num,
        den: a.den,
    }
    .reduced();
    Some(Exact {
        num: left.num.checked_mul(right.num)?,
        den: left.den.checked_mul(right.den)?,
    })
}

/// Whole parts first, then the rests turned upside down: Euclid's steps, which never grow.
fn compare_by_parts(a: Exact, b: Exact) -> Ordering {
    let (mut a, mut b) = ((a.num, a.den), (b.num, b.den));
    loop {
        let whole = a.0.div_euclid(a.1).cmp(&b.0.div_euclid(b.1));
        if whole != Ordering::Equal {
            return whole;
        }
        let (a_rest, b_rest) = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
        match (a_rest, b_rest) {
            (0, 0) => return Ordering::Equal,
            (0, _) => return Ordering::Less,
            (_, 0) => return Ordering::Greater,
            // a_rest / a.1 < b_rest / b.1 exactly when b.1 / b_rest < a.1 / a_rest.
            _ => (a, b) = ((b.1, b_rest), (a.1, a_rest)),
        }
    }
}

/// The greatest number that divides both; at least 1.
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    if a == 0 || b == 0 {
        return (a | b).max(1);
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
    }
    a << twos
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigInt;
    use num_rational::BigRational;
    use proptest::prelude::*;

    fn model(value: Exact) -> BigRational {
        BigRational::new(BigInt::from(value.num), BigInt::from(value.den))
    }

    /// Whether the true result fits 128 bits in lowest terms.
    fn fits(value: &BigRational) -> bool {
        i128::try_from(value.numer()).is_ok() && i128::try_from(value.denom()).is_ok()
    }

    /// Small ones, decimals, and numbers at the edge of 128 bits.
    fn part() -> impl Strategy<Value = i128> {
        prop_oneof![
            -1000..1000_i128,
            any::<i64>().prop_map(i128::from),
            any::<i128>(),
            (0..126_u32, -3..3_i128).prop_map(|(bits, off)| (1_i128 << bits) + off),
            Just(i128::MIN),
            Just(i128::MAX),
        ]
    }

    fn exact() -> impl Strategy<Value = Exact> {
        let den = prop_oneof![
            Just(1_i128),
            (0..19_u32).prop_map(|n| 10_i128.pow(n)),
            part().prop_map(|n| n.checked_abs().unwrap_or(7).max(1)),
        ];
        (part(), den).prop_map(|(num, den)| Exact { num, den })
    }

    fn check(got: Option<Exact>, expected: &BigRational, edge: bool) -> Result<(), TestCaseError> {
        match got {
            Some(value) => {
                prop_assert!(value.den > 0);
                prop_assert_eq!(&model(value), expected);
            }
            // Only -2^127, whose opposite does not fit, may be refused where the result would fit.
            None => prop_assert!(
                !fits(expected) || edge,
                "refused {expected} although it fits"
            ),
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn sums_products_and_quotients_are_exact(a in exact(), b in exact()) {
            let (x, y) = (model(a), model(b));
            let edge = a.num == i128::MIN || b.num == i128::MIN;
            check(a.checked_mul(b), &(&x * &y), edge)?;
            if !b.is_zero() {
                check(a.checked_div(b), &(&x / &y), edge)?;
            } else {
                prop_assert!(a.checked_div(b).is_none());
            }
            // A sum may need more bits on the way than its result; it is only ever refused for large operands.
            let small = [&x, &y].iter().all(|v| v.numer().bits().max(v.denom().bits()) < 42);
            for (got, expected) in [(a.checked_add(b), &x + &y), (a.checked_sub(b), &x - &y)] {
                match got {
                    Some(value) => prop_assert_eq!(model(value), expected),
                    None => prop_assert!(!small),
                }
            }
        }

        #[test]
        fn order_is_by_value(a in exact(), b in exact()) {
            prop_assert_eq!(a.cmp(&b), model(a).cmp(&model(b)));
            prop_assert_eq!(a == b, model(a) == model(b));
        }

        #[test]
        fn rounding_is_nearest_in_its_direction(a in exact(), unit in 1..2000_i128, scale in 0..13_u32) {
            let unit_den = 10_i128.pow(scale);
            let quotient = model(a) / BigRational::new(unit.into(), unit_den.into());
            let expected = [
                (Rounding::HalfUp, quotient.round()),
                (Rounding::Down, quotient.trunc()),
                (Rounding::Up, if quotient < BigRational::from(BigInt::from(0)) { quotient.floor() } else { quotient.ceil() }),
            ];
            for (rounding, expected) in expected {
                match a.in_units(unit, unit_den, rounding) {
                    Some(units) => prop_assert_eq!(BigInt::from(units), expected.to_integer()),
                    None => prop_assert!(a.num.unsigned_abs() > 1 << 60 || a.den > 1 << 60),
                }
            }
        }

        #[test]
        fn exactly_is_the_value_or_nothing(a in exact(), scale in 0..13_u32) {
            let unit_den = 10_i128.pow(scale);
            let scaled = model(a) * BigRational::from(BigInt::from(unit_den));
            if let Some(units) = a.exactly(unit_den) {
                prop_assert_eq!(BigRational::from(BigInt::from(units)), scaled);
            } else {
                prop_assert!(!scaled.is_integer() || !fits(&scaled));
            }
        }
    }

    #[test]
    fn reduces_before_it_gives_up() {
        let third = Exact {
            num: 1 << 120,
            den: 3 << 120,
        };
        assert_eq!(third.checked_mul(third), Some(Exact { num: 1, den: 9 }));
        assert_eq!(third.checked_add(third), Some(Exact { num: 2, den: 3 }));
        assert_eq!(
            Exact::integer(i128::MAX).checked_add(Exact::integer(1)),
            None
        );
        assert_eq!(Exact::integer(i128::MIN).checked_neg(), None);
    }

    #[test]
    fn fractions_keep_their_sign_above() {
        assert_eq!(Exact::fraction(1, -2), Some(Exact { num: -1, den: 2 }));
        assert_eq!(Exact::fraction(1, 0), None);
        assert_eq!(
            Exact::integer(1).checked_div(Exact::integer(-4)),
            Some(Exact { num: -1, den: 4 })
        );
    }
}
