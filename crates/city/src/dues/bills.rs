//! How are dues added up to bills?
//!
//! Dues come by the million in the order of persons, and stand on the bills of payers who are anywhere. To look for the bill of
//! each would be a walk through memory for each; so they are gathered, and sorted into what is there when there are many.

use super::{Added, Due, Of, Payer};
use crate::insurance::Category;
use measure::Fen;
use std::collections::BTreeMap;

/// Bills while they are added up.
#[derive(Clone, Debug, Default)]
pub struct Bills {
    /// What was added up, by payer, scheme and district, each once.
    sums: Vec<(Of, Added)>,
    /// What came since, as it came.
    gathered: Vec<(Of, Added)>,
}

/// So many are gathered at least.
const GATHERED: usize = 1 << 16;

impl Bills {
    /// Adds a due to the bills on which it stands: its payer's, and for what the government adds to a resident's payment the
    /// treasury's of the district.
    ///
    /// # Errors
    ///
    /// When a sum is beyond what amounts can be.
    pub fn take(&mut self, due: &Due) -> Result<(), measure::Error> {
        self.take_own(due)?;
        self.take_others(due)
    }

    /// Adds a due to the bill of a person who pays alone, if it is such a person's.
    ///
    /// # Errors
    ///
    /// As [`take`](Bills::take).
    pub fn take_own(&mut self, due: &Due) -> Result<(), measure::Error> {
        match due.own_bill()? {
            Some((of, added)) => self.put(of, added),
            None => Ok(()),
        }
    }

    /// Adds a due to the bills on which it stands but the person's own.
    ///
    /// # Errors
    ///
    /// As [`take`](Bills::take).
    pub fn take_others(&mut self, due: &Due) -> Result<(), measure::Error> {
        match (due.category, due.employer) {
            (_, Some(employer)) => {
                let both = due.employer_due.checked_add(due.person_due)?;
                self.add(Payer::Employer(employer), due, (both, due.credit))
            }
            (Category::Resident, None) => {
                let added = (due.employer_due, due.employer_due);
                self.add(Payer::Treasury(due.district), due, added)
            }
            (Category::Employee | Category::Individual, None) => Ok(()),
        }
    }

    fn add(
        &mut self,
        payer: Payer,
        due: &Due,
        (amount, credit): (Fen, Fen),
    ) -> Result<(), measure::Error> {
        let added = Added {
            lines: 1,
            amount,
            credit,
        };
        self.put((payer, due.scheme, due.district), added)
    }

    fn put(&mut self, of: Of, added: Added) -> Result<(), measure::Error> {
        self.gathered.push((of, added));
        // The more bills there are, the more is gathered first: altogether each is sorted in a few times.
        if self.gathered.len() < GATHERED.max(self.sums.len() / 2) {
            return Ok(());
        }
        self.sort_in()
    }

    fn sort_in(&mut self) -> Result<(), measure::Error> {
        self.sums.append(&mut self.gathered);
        // A sort that keeps the order of equals takes what is in order already as it is.
        self.sums.sort_by_key(|(of, _)| *of);
        let mut outcome = Ok(());
        self.sums.dedup_by(|(next, added), (of, sum)| {
            let same = next == of;
            if same && outcome.is_ok() {
                outcome = sum.add(added);
            }
            same
        });
        outcome
    }

    /// Adds others.
    ///
    /// # Errors
    ///
    /// When a sum is beyond what amounts can be.
    pub fn join(&mut self, mut others: Bills) -> Result<(), measure::Error> {
        self.gathered.append(&mut others.sums);
        self.gathered.append(&mut others.gathered);
        self.sort_in()
    }

    /// The bills by payer, scheme and district; what comes to nothing is not billed.
    ///
    /// # Errors
    ///
    /// When a sum is beyond what amounts can be.
    pub fn rows(mut self) -> Result<Vec<(Of, Added)>, measure::Error> {
        self.sort_in()?;
        self.sums.retain(|(_, added)| added.amount != Fen(0));
        Ok(self.sums)
    }

    /// How many bills are not the same in both.
    ///
    /// # Errors
    ///
    /// When a sum is beyond what amounts can be.
    pub fn unequal(self, billed: &BTreeMap<Of, Added>) -> Result<i64, measure::Error> {
        let rows = self.rows()?;
        let missing = rows.iter().filter(|(of, sum)| billed.get(of) != Some(sum));
        let surplus = billed.iter().filter(|(of, sum)| {
            let place = rows.binary_search_by_key(of, |(of, _)| of);
            place.ok().map(|place| rows[place].1) != Some(**sum)
        });
        Ok(i64::try_from(missing.count() + surplus.count()).unwrap_or(i64::MAX))
    }
}

impl Added {
    fn add(&mut self, more: &Added) -> Result<(), measure::Error> {
        self.lines += more.lines;
        self.amount = self.amount.checked_add(more.amount)?;
        self.credit = self.credit.checked_add(more.credit)?;
        Ok(())
    }
}
