//! *Which way does this amount round?*
//!
//! No division in this project rounds silently. A function that cannot be exact takes a [`Rounding`], and the law
//! says which one: contribution ceilings go up to the next yuan, shares of a contribution to the nearest fen.

use std::fmt;

use crate::text::{Quoted, from_str};

/// How a quotient that is not a whole number becomes one.
///
/// # Representation
///
/// Four modes. Directions are told from zero, so that a reversal rounds exactly as what it reverses:
/// rounding `-x` always gives minus the rounding of `x`.
///
/// | | 2.4 | 2.5 | 2.6 | 3.5 | -2.5 |
/// |---|---|---|---|---|---|
/// | [`HalfUp`](Rounding::HalfUp) | 2 | 3 | 3 | 4 | -3 |
/// | [`HalfEven`](Rounding::HalfEven) | 2 | 2 | 3 | 4 | -2 |
/// | [`Up`](Rounding::Up) | 3 | 3 | 3 | 4 | -3 |
/// | [`Down`](Rounding::Down) | 2 | 2 | 2 | 3 | -2 |
///
/// # Parsing and printing
///
/// As the law language writes them: `half up`, `half even`, `up`, `down`.
///
/// ```
/// use measure::Rounding;
///
/// assert_eq!(Rounding::parse("half up")?, Rounding::HalfUp);
/// assert_eq!(Rounding::HalfEven.to_string(), "half even");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// Modes are equal or not; they have no order.
///
/// # Arithmetic
///
/// [`divide`] is the one division everything else is built on.
///
/// # Errors
///
/// `M0001` for a name that is none of the four.
///
/// ```
/// assert_eq!(measure::Rounding::parse("nearest").unwrap_err().code(), "M0001");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero. 四舍五入.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour, so that many halves do not drift.
    HalfEven,
    /// Away from zero. 进一.
    Up,
    /// Toward zero. 舍去.
    Down,
}

impl Rounding {
    /// Every mode, in the order of the table above.
    pub const ALL: [Rounding; 4] = [
        Rounding::HalfUp,
        Rounding::HalfEven,
        Rounding::Up,
        Rounding::Down,
    ];

    /// Reads a mode by its name in the law language.
    ///
    /// # Errors
    ///
    /// `M0001` when the name is none of `half up`, `half even`, `up`, `down`.
    pub fn parse(text: &str) -> Result<Rounding, crate::Error> {
        match Rounding::ALL.into_iter().find(|mode| mode.name() == text) {
            Some(mode) => Ok(mode),
            None => Err(Fault::Unknown(Quoted::new(text)).into()),
        }
    }

    /// The name in the law language.
    pub const fn name(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half up",
            Rounding::HalfEven => "half even",
            Rounding::Up => "up",
            Rounding::Down => "down",
        }
    }
}

/// `numerator / denominator`, rounded to a whole number.
///
/// `None` when the denominator is zero, or when the quotient does not fit (only `i128::MIN / -1`).
///
/// ```
/// use measure::{Rounding, divide};
///
/// assert_eq!(divide(5, 2, Rounding::HalfUp), Some(3));
/// assert_eq!(divide(5, -2, Rounding::Down), Some(-2));
/// assert_eq!(divide(5, 0, Rounding::HalfUp), None);
/// ```
pub fn divide(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let remainder = (numerator % denominator).unsigned_abs();
    if remainder == 0 {
        return Some(quotient);
    }
    // Compared with what is missing to the next whole number: doubling the remainder could overflow.
    let missing = denominator.unsigned_abs() - remainder;
    let away_from_zero = match rounding {
        Rounding::HalfUp => missing <= remainder,
        Rounding::HalfEven => missing < remainder || (missing == remainder && quotient % 2 != 0),
        Rounding::Up => true,
        Rounding::Down => false,
    };
    let negative = (numerator < 0) != (denominator < 0);
    match (away_from_zero, negative) {
        (false, _) => Some(quotient),
        (true, false) => quotient.checked_add(1),
        (true, true) => quotient.checked_sub(1),
    }
}

impl fmt::Display for Rounding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

from_str!(Rounding);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unknown(Quoted),
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::Unknown(_) => "M0001",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Unknown(text) => {
                write!(
                    f,
                    "{text} is not a way of rounding; expected half up, half even, up or down"
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
    fn the_table_in_the_documentation() {
        let rows = [
            (24, [2, 2, 3, 2]),
            (25, [3, 2, 3, 2]),
            (26, [3, 3, 3, 2]),
            (35, [4, 4, 4, 3]),
            (-25, [-3, -2, -3, -2]),
        ];
        for (tenths, expected) in rows {
            let got = Rounding::ALL.map(|mode| divide(tenths, 10, mode));
            assert_eq!(got, expected.map(Some), "{tenths} tenths");
        }
    }

    #[test]
    fn the_ends_of_the_range() {
        for mode in Rounding::ALL {
            assert_eq!(divide(i128::MIN, -1, mode), None);
            assert_eq!(divide(i128::MIN, 1, mode), Some(i128::MIN));
            assert_eq!(divide(i128::MAX, i128::MAX, mode), Some(1));
            assert_eq!(divide(i128::MIN, 0, mode), None);
        }
        assert_eq!(divide(1, i128::MIN, Rounding::Up), Some(-1));
        assert_eq!(divide(i128::MAX, i128::MIN, Rounding::HalfUp), Some(-1));
        assert_eq!(
            divide(i128::MIN / 2, i128::MIN, Rounding::HalfEven),
            Some(0)
        );
    }

    proptest! {
        /// Against the definition: `r` is right when no whole number in the mode's direction is nearer to n/d.
        #[test]
        fn divide_meets_the_definition(n in -1_000_000_i128..=1_000_000, d in -1000_i128..=1000) {
            prop_assume!(d != 0);
            for mode in Rounding::ALL {
                let r = divide(n, d, mode).unwrap();
                let error = r * d - n; // (r - n/d)·d
                prop_assert!(error.abs() < d.abs());
                let further_from_zero = (r * d).abs() - n.abs(); // > 0 when r lies beyond n/d
                match mode {
                    Rounding::Up => prop_assert!(further_from_zero >= 0),
                    Rounding::Down => prop_assert!(further_from_zero <= 0),
                    Rounding::HalfUp => {
                        prop_assert!(2 * error.abs() <= d.abs());
                        prop_assert!(2 * error.abs() < d.abs() || further_from_zero > 0);
                    }
                    Rounding::HalfEven => {
                        prop_assert!(2 * error.abs() <= d.abs());
                        prop_assert!(2 * error.abs() < d.abs() || r % 2 == 0);
                    }
                }
            }
        }

        #[test]
        fn a_reversal_rounds_as_what_it_reverses(n in any::<i64>(), d in any::<i64>()) {
            for mode in Rounding::ALL {
                let (n, d) = (i128::from(n), i128::from(d));
                prop_assert_eq!(divide(-n, d, mode), divide(n, d, mode).map(|r| -r));
            }
        }

        #[test]
        fn never_panics(n in any::<i128>(), d in any::<i128>()) {
            for mode in Rounding::ALL {
                prop_assert_eq!(divide(n, d, mode).is_none(), d == 0 || (n == i128::MIN && d == -1));
            }
        }
    }
}
