//! *What stands in a person's account?*
//!
//! Credits of months that were paid, and the interest of every year that is over. A generation of accounts is made by a run
//! from the one before and never altered; what is posted at the counter stands beside it until the next.

use crate::insurance::Scheme;
use crate::people::PersonId;
use crate::places::District;
use measure::Fen;

/// A person's account in a scheme, as one generation has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// Where the last credit was paid.
    pub district: District,
    /// How many months were credited, ever.
    pub months: i32,
    /// The last year whose interest it has borne; 0 before the first.
    pub year: i16,
    /// What stood in it at the end of that year, with the interest.
    pub opening: Fen,
    /// What was credited since.
    pub credited: Fen,
}

impl Account {
    /// An account with nothing in it.
    #[must_use]
    pub const fn empty(person: PersonId, scheme: Scheme, district: District) -> Account {
        Account {
            person,
            scheme,
            district,
            months: 0,
            year: 0,
            opening: Fen(0),
            credited: Fen(0),
        }
    }

    /// What stands in it.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn balance(&self) -> Result<Fen, measure::Error> {
        self.opening.checked_add(self.credited)
    }

    /// With a month's credit, paid in this district; what takes a credit back takes its month too.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn credit(&mut self, district: District, amount: Fen) -> Result<(), measure::Error> {
        self.credited = self.credited.checked_add(amount)?;
        self.months += if amount < Fen(0) { -1 } else { 1 };
        self.district = district;
        Ok(())
    }

    /// The account as bytes, the same on every machine, for its hash.
    #[must_use]
    pub fn encoded(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        let words = [
            self.person.number(),
            i64::from(self.scheme.code()) << 32 | i64::from(self.district.code()),
            i64::from(self.months),
            i64::from(self.year),
            self.opening.0,
            self.credited.0,
        ];
        for (word, place) in words.iter().zip(bytes.chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }
}
