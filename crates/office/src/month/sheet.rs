//! How do the participations of some persons become their dues?
//!
//! Sorted by footing, put before the law in columns, and laid back in the order of persons and schemes. Nothing here knows
//! where participations come from or where dues go, so a check derives them again by the same way.

use super::footing::{Amounts, Assessor, Desk, FOOTINGS, Footing, Members, Refused};
use super::publish::funds;
use city::dues::{Due, InForce, Totals};
use city::employers::EmployerId;
use city::insurance::{Counting, Scheme};
use city::people::PersonId;
use std::collections::HashMap;

/// Participations on which a month is paid, by person, then scheme, then employer; one of each.
#[derive(Clone, Debug, Default)]
pub struct Sheet(Vec<InForce>);

impl Sheet {
    /// Takes up those of one person in one scheme, which come by beginning, that the law lets count.
    pub fn take(&mut self, of_one: &[InForce], counting: &Counting) {
        counting.paid_on(of_one, |entry| self.0.push(entry));
    }

    /// Makes room for others.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The participations.
    #[must_use]
    pub fn entries(&self) -> &[InForce] {
        &self.0
    }
}

/// What the law asks of employers: the class of the industry, 1 to 8, and the level of the rate, 1 to 5.
pub type Employers = HashMap<EmployerId, (i16, i16)>;

/// A participation for which the law gives no dues, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Without {
    /// Whose.
    pub person: PersonId,
    /// In which scheme.
    pub scheme: Scheme,
    /// Through which employer.
    pub employer: Option<EmployerId>,
    /// Why.
    pub why: Refused,
}

/// What came out for some persons.
#[derive(Clone, Debug, Default)]
pub struct Assessed {
    /// By person, then scheme, then employer.
    pub dues: Vec<Due>,
    /// Who has none, in the same order.
    pub refused: Vec<Without>,
    /// What they come to.
    pub totals: Totals,
}

/// One thread's room to assess in.
#[derive(Debug)]
pub struct Room {
    desk: Desk,
    members: Members,
    amounts: Amounts,
    rows: Vec<usize>,
}

impl Room {
    /// A room for this law.
    #[must_use]
    pub fn new(assessor: &Assessor<'_>) -> Room {
        Room {
            desk: assessor.desk(),
            members: Members::default(),
            amounts: Amounts::default(),
            rows: Vec::new(),
        }
    }

    /// The dues of a sheet.
    #[must_use]
    pub fn assess(
        &mut self,
        assessor: &Assessor<'_>,
        sheet: &Sheet,
        employers: &Employers,
    ) -> Assessed {
        let entries = sheet.entries();
        let mut dues: Vec<Option<Due>> = vec![None; entries.len()];
        let mut refused = Vec::new();
        for (number, footing) in FOOTINGS.iter().enumerate() {
            self.gather(entries, employers, |entry| {
                footing.is_of(entry.scheme, entry.category)
            });
            if self.rows.is_empty() {
                continue;
            }
            assessor.assess(&mut self.desk, number, &self.members, &mut self.amounts);
            for (place, &row) in self.rows.iter().enumerate() {
                dues[row] = self.amounts.due(place, &entries[row]);
            }
            for (place, why) in self.amounts.refused.drain(..) {
                let row = self.rows[place];
                dues[row] = None;
                refused.push((row, why));
            }
        }
        for (row, entry) in entries.iter().enumerate() {
            let footed = |footing: &Footing| footing.is_of(entry.scheme, entry.category);
            if funds(entry.scheme) != (None, None) && !FOOTINGS.iter().any(footed) {
                refused.push((row, Refused::no_footing(entry.scheme, entry.category)));
            }
        }
        refused.sort_by_key(|(row, _)| *row);
        let mut totals = Totals::default();
        let dues: Vec<Due> = dues.into_iter().flatten().collect();
        dues.iter().for_each(|due| totals.take(due));
        let refused = refused.into_iter().map(|(row, why)| Without {
            person: entries[row].person,
            scheme: entries[row].scheme,
            employer: entries[row].employer,
            why,
        });
        Assessed {
            dues,
            refused: refused.collect(),
            totals,
        }
    }

    /// The members among the entries, with their rows.
    fn gather(
        &mut self,
        entries: &[InForce],
        employers: &Employers,
        is_member: impl Fn(&InForce) -> bool,
    ) {
        self.members.clear();
        self.rows.clear();
        for (row, entry) in entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| is_member(entry))
        {
            let of_employer = entry.employer.and_then(|employer| employers.get(&employer));
            self.rows.push(row);
            self.members
                .push(entry, of_employer.copied().unwrap_or((0, 0)));
        }
    }
}
