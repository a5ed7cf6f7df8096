//! *What stands in a person's account?*
//!
//! Credits of months that were paid, and the interest of every year that is over. Sums are kept since the account
//! began, so that any two generations say what was credited between them, whenever a year's rate was announced.
//!
//! A generation of accounts is made by a run from the one before and never altered; what is posted at the counter stands
//! beside it until the next.

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
    /// What was credited, ever; what was posted at the counter and taken up is in it.
    pub credited: Fen,
    /// The interest it has borne, ever.
    pub interest: Fen,
    /// Each credit times the months of its year through which it bears interest, added up, ever. What two ends of years
    /// differ by is what the year between them bears interest on.
    pub product: Fen,
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
            credited: Fen(0),
            interest: Fen(0),
            product: Fen(0),
        }
    }

    /// What stands in it.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn balance(&self) -> Result<Fen, measure::Error> {
        self.credited.checked_add(self.interest)
    }

    /// With a credit paid in this district: by how many months it counts more, one, or by a difference one less or none; and
    /// through how many months of its year it bears interest.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn credit(
        &mut self,
        district: District,
        amount: Fen,
        months: i32,
        interest_months: i64,
    ) -> Result<(), measure::Error> {
        self.correct(amount, interest_months)?;
        self.months += months;
        self.district = district;
        Ok(())
    }

    /// With what was posted at the counter: an amount and its interest, and no month.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn correct(&mut self, amount: Fen, interest_months: i64) -> Result<(), measure::Error> {
        let product = amount.checked_mul(interest_months)?;
        self.credited = self.credited.checked_add(amount)?;
        self.product = self.product.checked_add(product)?;
        Ok(())
    }

    /// With the interest of a year.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn bear(&mut self, year: i16, interest: Fen) -> Result<(), measure::Error> {
        self.interest = self.interest.checked_add(interest)?;
        self.year = year;
        Ok(())
    }

    /// The account as bytes, the same on every machine, for its hash.
    #[must_use]
    pub fn encoded(&self) -> [u8; 56] {
        let mut bytes = [0; 56];
        let words = [
            self.person.number(),
            i64::from(self.scheme.code()) << 32 | i64::from(self.district.code()),
            i64::from(self.months),
            i64::from(self.year),
            self.credited.0,
            self.interest.0,
            self.product.0,
        ];
        for (word, place) in words.iter().zip(bytes.chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }
}
