//! *For whom does it stand there?*

use crate::status::{Place, Refusal, Status};
use crate::words::{Words, words};
use std::fmt;

/// For whom an amount stands on an account: what makes a sub-ledger of it.
///
/// # Representation
///
/// A kind and a positive number: a district's six digits (GB/T 2260), or an employer's or person's number in the registers.
/// Storage keeps [`Holder::codes`].
///
/// # Parsing and printing
///
/// Prints as `-`, `district:500103`, `employer:7`, `person:12`.
///
/// ```
/// use ledger::{Holder, HolderKind, Status};
///
/// let employer = Holder::employer(7)?;
/// assert_eq!(employer.to_string(), "employer:7");
/// assert_eq!(employer.codes(), (2, 7));
/// assert_eq!(Holder::from_codes(2, 7)?, employer);
/// assert_eq!(Holder::NOBODY.codes(), (0, 0));
///
/// assert_eq!(Holder::person(0).unwrap_err().status, Status::HolderUnknown);
/// # Ok::<(), ledger::Refusal>(())
/// ```
///
/// # Comparison
///
/// By kind, then by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder {
    kind: HolderKind,
    number: i64,
}

/// Who can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderKind {
    /// The fund itself, as a whole.
    Nobody,
    /// A district: its treasury, or a total of its persons.
    District,
    /// An employer.
    Employer,
    /// An insured person.
    Person,
}

impl Holder {
    /// The fund itself, as a whole.
    pub const NOBODY: Holder = Holder {
        kind: HolderKind::Nobody,
        number: 0,
    };

    /// The district with these six digits.
    ///
    /// # Errors
    ///
    /// `B0104` when it does not have six digits.
    pub fn district(number: i32) -> Result<Holder, Refusal> {
        Holder::made(HolderKind::District, i64::from(number))
    }

    /// The employer with this number.
    ///
    /// # Errors
    ///
    /// `B0104` when the number is not positive.
    pub fn employer(number: i64) -> Result<Holder, Refusal> {
        Holder::made(HolderKind::Employer, number)
    }

    /// The person with this number.
    ///
    /// # Errors
    ///
    /// `B0104` when the number is not positive.
    pub fn person(number: i64) -> Result<Holder, Refusal> {
        Holder::made(HolderKind::Person, number)
    }

    /// The holder with these codes.
    ///
    /// # Errors
    ///
    /// `B0104` when the kind stands for nothing or cannot have this number.
    pub fn from_codes(kind: i16, number: i64) -> Result<Holder, Refusal> {
        match HolderKind::from_code(kind) {
            Some(kind) => Holder::made(kind, number),
            None => Err(unknown(&kind.to_string(), number)),
        }
    }

    /// Who it is.
    #[must_use]
    pub const fn kind(self) -> HolderKind {
        self.kind
    }

    /// The number among those of its kind; 0 for nobody.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.number
    }

    /// Kind and number, for storage.
    #[must_use]
    pub const fn codes(self) -> (i16, i64) {
        (self.kind.code(), self.number)
    }

    fn made(kind: HolderKind, number: i64) -> Result<Holder, Refusal> {
        let possible = match kind {
            HolderKind::Nobody => number == 0,
            HolderKind::District => (100_000..=999_999).contains(&number),
            HolderKind::Employer | HolderKind::Person => 0 < number,
        };
        if !possible {
            return Err(unknown(kind.id(), number));
        }
        Ok(Holder { kind, number })
    }
}

impl HolderKind {
    /// All of them, in order.
    pub const ALL: [HolderKind; 4] = [
        HolderKind::Nobody,
        HolderKind::District,
        HolderKind::Employer,
        HolderKind::Person,
    ];

    /// For storage; never changed.
    #[must_use]
    pub const fn code(self) -> i16 {
        match self {
            HolderKind::Nobody => 0,
            HolderKind::District => 1,
            HolderKind::Employer => 2,
            HolderKind::Person => 3,
        }
    }

    /// The kind with this code, if there is one.
    #[must_use]
    pub fn from_code(code: i16) -> Option<HolderKind> {
        HolderKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// For files and commands.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            HolderKind::Nobody => "nobody",
            HolderKind::District => "district",
            HolderKind::Employer => "employer",
            HolderKind::Person => "person",
        }
    }

    /// For people.
    #[must_use]
    pub const fn names(self) -> Words {
        match self {
            HolderKind::Nobody => words("本基金", "the fund"),
            HolderKind::District => words("区县", "district"),
            HolderKind::Employer => words("单位", "employer"),
            HolderKind::Person => words("个人", "person"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == HolderKind::Nobody {
            return f.pad("-");
        }
        f.pad(&format!("{}:{}", self.kind.id(), self.number))
    }
}

fn unknown(kind: &str, number: i64) -> Refusal {
    Refusal::at(
        Status::HolderUnknown,
        Place::Given(format!("{kind}:{number}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip_and_nothing_else_is_a_holder() {
        let holders = [
            Holder::NOBODY,
            Holder::district(500_103).unwrap(),
            Holder::employer(i64::MAX).unwrap(),
            Holder::person(1).unwrap(),
        ];
        for holder in holders {
            let (kind, number) = holder.codes();
            assert_eq!(Holder::from_codes(kind, number), Ok(holder));
        }
        for (kind, number) in [
            (0, 1),
            (1, 99_999),
            (1, 1_000_000),
            (2, 0),
            (3, -1),
            (4, 1),
            (-1, 0),
        ] {
            assert!(Holder::from_codes(kind, number).is_err(), "{kind} {number}");
        }
    }
}
