//! *Which employer, where, and in which class of risk?*

use crate::numbered::{ids, kinds};
use crate::places::District;
use measure::CreditCode;

ids! {
    /// An employer's number in the register.
    EmployerId;
}

/// An employer. Never changed once recorded; what may change is a [`Registration`] over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employer {
    /// Its number.
    pub id: EmployerId,
    /// Its unified social credit code.
    pub credit_code: CreditCode,
    /// Its name.
    pub name: String,
}

/// What holds of an employer for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Where it is registered.
    pub district: District,
    /// The class of risk of its industry, for work injury.
    pub industry_class: IndustryClass,
    /// The level the agency placed it at within its class.
    pub rate_level: RateLevel,
}

/// A class of risk, 1 to 8; the law's `industry-classes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndustryClass(i16);

impl IndustryClass {
    /// The class of this number; `None` unless it is 1 to 8.
    #[must_use]
    pub const fn new(number: i16) -> Option<IndustryClass> {
        if 1 <= number && number <= 8 {
            Some(IndustryClass(number))
        } else {
            None
        }
    }

    /// Its number, 1 to 8.
    #[must_use]
    pub const fn number(self) -> i16 {
        self.0
    }

    /// The law's name of it, such as `industry-5`.
    #[must_use]
    pub fn in_law(self) -> String {
        format!("industry-{}", self.0)
    }
}

kinds! {
    /// A level within a class of risk; the law's `rate-levels`.
    RateLevel {
        /// Two steps below the base rate.
        TwoStepsDown = 1 "下浮二档" / "two steps down",
        /// One step below it.
        OneStepDown = 2 "下浮一档" / "one step down",
        /// The base rate.
        AtBase = 3 "基准档" / "at base",
        /// One step above it.
        OneStepUp = 4 "上浮一档" / "one step up",
        /// Two steps above it.
        TwoStepsUp = 5 "上浮二档" / "two steps up",
    }
}

impl RateLevel {
    /// The law's name of it, such as `at-base`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            RateLevel::TwoStepsDown => "two-steps-down",
            RateLevel::OneStepDown => "one-step-down",
            RateLevel::AtBase => "at-base",
            RateLevel::OneStepUp => "one-step-up",
            RateLevel::TwoStepsUp => "two-steps-up",
        }
    }
}
