//! *What is due for a person in a scheme for a month, and what does it come to over the city?*
//!
//! A [`Due`] is one line of the sub-ledger: who, in which scheme, through which employer, on which base, how much from each
//! side, and what it will bring to the person's account once it is paid. [`Totals`] add them up by scheme and district while
//! they stream by; what they come to is compared with the same sums made by the database.

mod bills;

pub use bills::Bills;

use crate::employers::EmployerId;
use crate::facts::Span;
use crate::insurance::{Category, Scheme};
use crate::numbered::ids;
use crate::people::PersonId;
use crate::places::District;
use measure::Fen;
use std::collections::BTreeMap;

ids! {
    /// The number of a bill.
    BillId;
}

/// A participation in force in a month: what its dues rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Whose.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// As what.
    pub category: Category,
    /// The employer who pays, if one does.
    pub employer: Option<EmployerId>,
    /// Where it is paid.
    pub district: District,
    /// The wage, base or yearly tier declared.
    pub declared: Option<Fen>,
    /// From when until when.
    pub valid: Span,
}

/// What is due for one person in one scheme for one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// As what.
    pub category: Category,
    /// The employer who pays both shares; `None` where the person does.
    pub employer: Option<EmployerId>,
    /// Where it is paid.
    pub district: District,
    /// What it is reckoned on.
    pub base: Fen,
    /// The employer's share; for a resident the government's subsidy.
    pub employer_due: Fen,
    /// The person's own share.
    pub person_due: Fen,
    /// What goes to the person's account once all is paid.
    pub credit: Fen,
}

impl Due {
    /// The number by which dues of one person in one scheme are kept apart: the employer's, 0 where nobody pays but the
    /// person.
    #[must_use]
    pub fn through(&self) -> i64 {
        self.employer.map_or(0, EmployerId::number)
    }

    /// The line as bytes, the same on every machine, for its hash.
    #[must_use]
    pub fn encoded(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let words = [
            self.person.number(),
            i64::from(self.scheme.code()) << 48
                | i64::from(self.category.code()) << 32
                | i64::from(self.district.code()),
            self.through(),
            self.base.0,
            self.employer_due.0,
            self.person_due.0,
            self.credit.0,
        ];
        for (word, place) in words.iter().zip(bytes.chunks_exact_mut(8)) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        bytes
    }

    /// What the payer owes: both shares, but of a resident's the person's own alone.
    ///
    /// # Errors
    ///
    /// When it is beyond what an amount can be.
    pub fn billed(&self) -> Result<Fen, measure::Error> {
        match self.category {
            Category::Resident => Ok(self.person_due),
            Category::Employee | Category::Individual => {
                self.employer_due.checked_add(self.person_due)
            }
        }
    }
}

/// What a bill is of: whose, in which scheme and district.
pub type Of = (Payer, Scheme, District);

impl Due {
    /// The bill of a person who pays alone, which is of nothing but this due; `None` where an employer pays. What the
    /// government adds to a resident's payment is billed to the treasury.
    ///
    /// # Errors
    ///
    /// When an amount is beyond what amounts can be.
    pub fn own_bill(&self) -> Result<Option<(Of, Added)>, measure::Error> {
        let credit = match (self.category, self.employer) {
            (_, Some(_)) => return Ok(None),
            (Category::Resident, None) => self.credit.checked_sub(self.employer_due)?,
            (Category::Employee | Category::Individual, None) => self.credit,
        };
        let added = Added {
            lines: 1,
            amount: self.person_due,
            credit,
        };
        let of = (Payer::Person(self.person), self.scheme, self.district);
        Ok(Some((of, added)))
    }
}

/// What a bill adds up: how many lines, what is due, and of it what is for individual accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// How many lines.
    pub lines: i64,
    /// What is due.
    pub amount: Fen,
    /// Of it, what is for individual accounts.
    pub credit: Fen,
}

/// Who pays a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payer {
    /// An employer, both shares.
    Employer(EmployerId),
    /// A person.
    Person(PersonId),
    /// A district's treasury: what the government adds to residents' payments.
    Treasury(District),
}

impl Payer {
    /// A code of its kind and its number, for storage: 1 employer, 2 person, 3 treasury.
    #[must_use]
    pub fn codes(self) -> (i16, i64) {
        match self {
            Payer::Employer(employer) => (1, employer.number()),
            Payer::Person(person) => (2, person.number()),
            Payer::Treasury(district) => (3, district.code().into()),
        }
    }

    /// What the law calls such a payer among its `debtors`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            Payer::Employer(_) => "employer-debtor",
            Payer::Person(_) => "person-debtor",
            Payer::Treasury(_) => "treasury-debtor",
        }
    }

    /// The payer with these codes, if they stand for one.
    #[must_use]
    pub fn from_codes(kind: i16, number: i64) -> Option<Payer> {
        match kind {
            1 => EmployerId::new(number).map(Payer::Employer),
            2 => PersonId::new(number).map(Payer::Person),
            3 => District::new(i32::try_from(number).ok()?).map(Payer::Treasury),
            _ => None,
        }
    }
}

/// What dues come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many lines.
    pub lines: i64,
    /// Their bases, in fen.
    pub base: i128,
    /// The employers' shares, in fen.
    pub employer_due: i128,
    /// The persons' shares, in fen.
    pub person_due: i128,
    /// What goes to accounts, in fen.
    pub credit: i128,
}

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.lines += other.lines;
        self.base += other.base;
        self.employer_due += other.employer_due;
        self.person_due += other.person_due;
        self.credit += other.credit;
    }
}

/// Dues by scheme and district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<(Scheme, District), Sum>);

impl Totals {
    /// Adds a line.
    pub fn take(&mut self, due: &Due) {
        let line = Sum {
            lines: 1,
            base: due.base.0.into(),
            employer_due: due.employer_due.0.into(),
            person_due: due.person_due.0.into(),
            credit: due.credit.0.into(),
        };
        self.0
            .entry((due.scheme, due.district))
            .or_default()
            .add(&line);
    }

    /// Adds a sum that was made elsewhere.
    pub fn put(&mut self, scheme: Scheme, district: District, sum: &Sum) {
        self.0.entry((scheme, district)).or_default().add(sum);
    }

    /// By scheme, then district.
    pub fn rows(&self) -> impl Iterator<Item = (Scheme, District, &Sum)> {
        self.0
            .iter()
            .map(|((scheme, district), sum)| (*scheme, *district, sum))
    }

    /// Of one scheme, over all districts.
    #[must_use]
    pub fn of(&self, scheme: Scheme) -> Sum {
        let mut all = Sum::default();
        for (_, _, sum) in self.rows().filter(|(of, _, _)| *of == scheme) {
            all.add(sum);
        }
        all
    }

    /// Over everything.
    #[must_use]
    pub fn all(&self) -> Sum {
        let mut all = Sum::default();
        for (_, _, sum) in self.rows() {
            all.add(sum);
        }
        all
    }
}
