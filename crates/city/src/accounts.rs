//! *What stands in a person's account?*
//!
//! Credits of months that were paid, and the interest of every year that is over. Sums are kept since the account
//! began, so that any two generations say what was credited between them, whenever a year's rate was announced.
//!
//! A generation of accounts is made by a run from the one before and never altered; what is posted at the counter stands
//! beside it until the next.
//!
//! Of a bill that was written off in part each person on it is credited a share of what was paid: a [`PartCredit`].

use crate::dues::BillId;
use crate::insurance::Scheme;
use crate::people::PersonId;
use crate::places::District;
use measure::Fen;
use std::collections::BTreeMap;

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

/// A bill of which a part was paid and the rest was written off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartPaid {
    /// Which.
    pub bill: BillId,
    /// In which scheme.
    pub scheme: Scheme,
    /// Where it was paid.
    pub district: District,
    /// What the bill has for individual accounts.
    pub whole: Fen,
    /// Of that, what was paid.
    pub paid: Fen,
}

/// What somebody is credited of a bill that was paid in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartCredit {
    /// Of which bill.
    pub of: PartPaid,
    /// Whose.
    pub person: PersonId,
    /// What the bill has for the accounts of those before, by their numbers.
    pub before: Fen,
    /// What it has for this person's.
    pub own: Fen,
    /// What is credited.
    pub credit: Fen,
}

/// What each person on a bill is credited of it, as the law shares it out; those who are credited nothing are left out.
/// `owed` is what the bill has for each, `share` the law's answer for one.
///
/// # Errors
///
/// The law's refusal, or when a sum is beyond what an amount can be.
pub fn part_credits<E: From<measure::Error>>(
    of: PartPaid,
    owed: &BTreeMap<PersonId, Fen>,
    share: impl Fn(&PartCredit) -> Result<Fen, E>,
) -> Result<Vec<PartCredit>, E> {
    let mut before = Fen::ZERO;
    let mut credits = Vec::new();
    for (&person, &own) in owed {
        let mut one = PartCredit {
            of,
            person,
            before,
            own,
            credit: Fen::ZERO,
        };
        one.credit = share(&one)?;
        if one.credit != Fen::ZERO {
            credits.push(one);
        }
        before = before.checked_add(own)?;
    }
    Ok(credits)
}
