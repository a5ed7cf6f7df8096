//! *What went wrong, and what was expected instead?*
//!
//! Every fallible function of this crate returns the one [`Error`]. Each module keeps its own small list of faults;
//! they are folded here, so that a caller handles one type and can still tell faults apart by their code.

use std::fmt;

use crate::{
    age, calendar, credit_code, day, decimal, duration, fen, identity_number, month, period, rate,
    rounding, year,
};

/// Why a value was refused, or why arithmetic has no exact result.
///
/// # Representation
///
/// Opaque: faults may gain detail without breaking callers. [`Error::code`] is what to match on.
///
/// # Parsing and printing
///
/// Printing gives one sentence: what was found, and what was expected. A text that was refused is quoted, cut to 40
/// characters; an identity number is never quoted in full, wherever it stood, because messages end in logs.
///
/// ```
/// use measure::Fen;
///
/// let error = Fen::parse("12,34").unwrap_err();
/// assert_eq!(error.code(), "M0101");
/// assert_eq!(error.to_string(), "\"12,34\" is not an amount in yuan; expected one such as 1234.56 or 1,234.56");
/// ```
///
/// # Comparison
///
/// Two errors are equal when they have the same fault with the same details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    fault: Fault,
}

impl Error {
    /// The stable code of this fault: `M`, two digits for the module, two for the fault, e.g. `M0101`.
    ///
    /// A code is never given a new meaning.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)
    }
}

impl std::error::Error for Error {}

/// Folds each module's faults into one, so that a module need only write `Fault::X.into()`.
macro_rules! fold {
    ($($module:ident => $variant:ident),* $(,)?) => {
        #[derive(Clone, Debug, PartialEq, Eq)]
        enum Fault {
            $($variant($module::Fault),)*
        }

        impl Fault {
            fn code(&self) -> &'static str {
                match self {
                    $(Fault::$variant(fault) => fault.code(),)*
                }
            }
        }

        impl fmt::Display for Fault {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Fault::$variant(fault) => fault.fmt(f),)*
                }
            }
        }

        $(impl From<$module::Fault> for Error {
            fn from(fault: $module::Fault) -> Error {
                Error { fault: Fault::$variant(fault) }
            }
        })*
    };
}

fold! {
    rounding => Rounding,
    fen => Fen,
    rate => Rate,
    decimal => Decimal,
    year => Year,
    month => Month,
    day => Day,
    duration => Duration,
    age => Age,
    period => Period,
    identity_number => IdentityNumber,
    credit_code => CreditCode,
    calendar => Calendar,
}
