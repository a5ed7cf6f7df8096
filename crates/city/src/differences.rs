//! *What does a month's dues differ by, now that more is known?*
//!
//! Dues in force are never altered. When a declaration comes late or a fact is corrected, the month is assessed anew, and what
//! the new dues have over those in force is charged, what they lack is given back: a run of differences. Added to what was in
//! force they give the new dues exactly.

use crate::dues::Due;
use crate::employers::EmployerId;
use crate::insurance::{Category, Scheme};
use crate::numbered::kinds;
use crate::people::PersonId;
use crate::places::District;
use measure::{Error, Fen};
use std::collections::BTreeMap;

kinds! {
    /// How a line of a run of differences stands to what was in force.
    Part {
        /// Nothing was due there before.
        Added = 1 "新增" / "added",
        /// Nothing is due there any more: another employer, place or category, or nobody at all.
        GivenBack = 2 "冲减" / "given back",
        /// The same as before, by another amount.
        Altered = 3 "调整" / "altered",
    }
}

/// A line of a run of differences: what is to be added to what was in force, below 0 where it is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// How it stands to what was in force.
    pub part: Part,
    /// What is to be added.
    pub due: Due,
}

impl Difference {
    /// The line as bytes, the same on every machine, for its hash.
    #[must_use]
    pub fn encoded(&self) -> [u8; 64] {
        let mut bytes = self.due.encoded();
        bytes[56..].copy_from_slice(&i64::from(self.part.code()).to_be_bytes());
        bytes
    }

    /// By how many months the account counts more: an amount altered is no other month.
    #[must_use]
    pub const fn months(&self) -> i32 {
        match self.part {
            Part::Added => 1,
            Part::GivenBack => -1,
            Part::Altered => 0,
        }
    }
}

/// Where a due stands: whose and in which scheme, then as what, through which employer and in which district. What stands
/// elsewhere is another due, not the same one altered.
pub type Place = (PersonId, Scheme, Category, Option<EmployerId>, District);

/// What is to be added to what was in force, in any order and parts, so that it is what is due now; by person and scheme,
/// what is given back first, then by employer. What the law gives no dues for now stays as it was in force: `without` says so
/// of somebody in a scheme through an employer.
///
/// # Errors
///
/// When an amount is beyond what an amount can be.
pub fn differences(
    in_force: impl IntoIterator<Item = Due>,
    now: &[Due],
    without: impl Fn(&Due) -> bool,
) -> Result<Vec<Difference>, Error> {
    let mut before: BTreeMap<Place, Due> = BTreeMap::new();
    for due in in_force {
        match before.entry(due.place()) {
            std::collections::btree_map::Entry::Vacant(empty) => {
                empty.insert(due);
            }
            std::collections::btree_map::Entry::Occupied(mut there) => {
                let sum = there.get().plus(&due)?;
                there.insert(sum);
            }
        }
    }
    before.retain(|_, due| !due.is_nothing() && !without(due));
    let mut found = Vec::new();
    for due in now {
        let difference = match before.remove(&due.place()) {
            Some(old) => Difference {
                part: Part::Altered,
                due: due.plus(&old.turned()?)?,
            },
            None => Difference {
                part: Part::Added,
                due: *due,
            },
        };
        if !difference.due.is_nothing() {
            found.push(difference);
        }
    }
    for old in before.into_values() {
        found.push(Difference {
            part: Part::GivenBack,
            due: old.turned()?,
        });
    }
    found.sort_by_key(|line| {
        let given_back = line.part == Part::GivenBack;
        (
            line.due.person,
            line.due.scheme,
            !given_back,
            line.due.employer,
        )
    });
    Ok(found)
}

impl Due {
    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        (
            self.person,
            self.scheme,
            self.category,
            self.employer,
            self.district,
        )
    }

    fn each(
        &self,
        mut amount: impl FnMut(Fen, fn(&Due) -> Fen) -> Result<Fen, Error>,
    ) -> Result<Due, Error> {
        Ok(Due {
            base: amount(self.base, |due| due.base)?,
            employer_due: amount(self.employer_due, |due| due.employer_due)?,
            person_due: amount(self.person_due, |due| due.person_due)?,
            credit: amount(self.credit, |due| due.credit)?,
            ..*self
        })
    }

    /// With the amounts of another that stands there added.
    ///
    /// # Errors
    ///
    /// When an amount is beyond what an amount can be.
    pub fn plus(&self, other: &Due) -> Result<Due, Error> {
        self.each(|amount, of| amount.checked_add(of(other)))
    }

    fn turned(&self) -> Result<Due, Error> {
        self.each(|amount, _| amount.checked_neg())
    }

    /// Whether all its amounts are 0.
    fn is_nothing(&self) -> bool {
        let amounts = [self.base, self.employer_due, self.person_due, self.credit];
        amounts.iter().all(|amount| *amount == Fen::ZERO)
    }
}
