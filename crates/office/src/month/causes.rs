//! Why is this month's sum another than last month's?
//!
//! Each person's dues in each scheme are set beside those of the month before, and the difference is told apart by its cause. Who
//! stands in both is assessed twice more: as they are known now, under last month's law, first with last month's employers' rates
//! and then with this month's. From last month's amount to the first is what they or their employer declared; from the first to
//! the second is the employer's rate; from the second to this month's is the law. The causes add up to the difference, to the fen.

use super::assess::{Space, derive, known_employers};
use super::engine::{Progress, chunk};
use super::footing::Assessor;
use super::lookup;
use super::sheet::Employers;
use crate::acting::kept;
use crate::error::Error;
use crate::shelf;
use crate::whole;
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::people::PersonId;
use city::runs::{Run, RunKind};
use measure::Month;
use std::collections::{BTreeMap, BTreeSet};
use store::Db;

/// Why an amount is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Insured now, and not the month before.
    New,
    /// Insured the month before, and not now.
    Ended,
    /// The law gives no result now.
    WithoutResult,
    /// Another employer pays.
    Moved,
    /// Another wage, base or tier was declared, or it is held in another district or as something else.
    Declared,
    /// The employer's rate is another.
    Rate,
    /// The law is another: a limit, a rate, a rule.
    Law,
}

impl Cause {
    /// All of them, in the order in which they are told.
    pub const ALL: [Cause; 7] = [
        Cause::New,
        Cause::Ended,
        Cause::WithoutResult,
        Cause::Moved,
        Cause::Declared,
        Cause::Rate,
        Cause::Law,
    ];
}

/// How many lines, and what they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines.
    pub lines: i64,
    /// By how much they are more, in fen.
    pub amount: i128,
}

/// The causes of a month's difference from the month before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Causes {
    /// By scheme.
    pub by: BTreeMap<(Cause, Scheme), Tally>,
    /// Lines that are the same.
    pub unchanged: i64,
}

impl Causes {
    fn take(&mut self, cause: Cause, scheme: Scheme, amount: i128) {
        let tally = self.by.entry((cause, scheme)).or_default();
        tally.lines += 1;
        tally.amount += amount;
    }

    /// Of one cause, over all schemes.
    #[must_use]
    pub fn of(&self, cause: Cause) -> Tally {
        let mut all = Tally::default();
        for tally in self.by.iter().filter(|((of, _), _)| *of == cause) {
            all.lines += tally.1.lines;
            all.amount += tally.1.amount;
        }
        all
    }

    /// By how much the month is more than the one before, in fen.
    #[must_use]
    pub fn amount(&self) -> i128 {
        self.by.values().map(|tally| tally.amount).sum()
    }
}

/// Whose, in which scheme, through whom.
type Place = (PersonId, Scheme, Option<EmployerId>);

fn place(due: &Due) -> Place {
    (due.person, due.scheme, due.employer)
}

fn amount(due: &Due) -> i128 {
    i128::from(due.employer_due.0) + i128::from(due.person_due.0)
}

/// The causes of the difference of a month's assessment from that of the month before; `None` when there was none before, or its law
/// is not kept.
///
/// # Errors
///
/// `N0101` when the month is not assessed; what the law or the database says.
pub fn causes(
    db: &Db,
    jurisdiction: &str,
    month: Month,
    progress: &mut Progress<'_>,
) -> Result<Option<Causes>, Error> {
    let now = whole::read(db, |tx| lookup(tx, RunKind::Assessment, month))?;
    let last = month.add_months(-1)?;
    let before = whole::read(db, |tx| match lookup(tx, RunKind::Assessment, last) {
        Ok(run) => Ok(Some(run)),
        Err(Error::Run(_)) => Ok(None),
        Err(error) => Err(error),
    })?;
    let Some(before) = before else {
        return Ok(None);
    };
    let books = (kept(db, &now.law)?, kept(db, &before.law)?);
    let (Some(book_now), Some(book_before)) = &books else {
        return Ok(None);
    };
    let laws = (book_now.law(jurisdiction), book_before.law(jurisdiction));
    let (Some(law_now), Some(law_before)) = laws else {
        return Ok(None);
    };
    let of = Compared {
        assessor: Assessor::new(law_now, month)?,
        last: Assessor::new(law_before, last)?,
        employers: whole::read(db, |tx| known_employers(tx, &now))?,
        last_employers: whole::read(db, |tx| known_employers(tx, &before))?,
        now,
        before,
    };
    of.all(db, progress).map(Some)
}

struct Compared<'a> {
    now: Run,
    before: Run,
    assessor: Assessor<'a>,
    last: Assessor<'a>,
    employers: Employers,
    last_employers: Employers,
}

impl Compared<'_> {
    fn all(&self, db: &Db, progress: &mut Progress<'_>) -> Result<Causes, Error> {
        let mut causes = Causes::default();
        let (mut space, mut under_last) = (Space::new(&self.assessor), Space::new(&self.last));
        for number in 0..self.now.chunks {
            progress(number, self.now.chunks);
            self.chunk(db, number, (&mut space, &mut under_last), &mut causes)?;
        }
        progress(self.now.chunks, self.now.chunks);
        Ok(causes)
    }

    fn chunk(
        &self,
        db: &Db,
        number: i64,
        (space, under_last): (&mut Space, &mut Space),
        causes: &mut Causes,
    ) -> Result<(), Error> {
        let chunk = chunk(&self.now, number);
        let (before, now) = whole::read(db, |tx| {
            let mut before: BTreeMap<Place, Due> = BTreeMap::new();
            shelf::dues(tx, self.before.id, &chunk.persons, |due| {
                before.insert(place(&due), due);
                Ok(())
            })?;
            let by = (&self.assessor, &self.employers);
            let now = derive(tx, &self.now, &chunk, by, space)?;
            Ok((before, now))
        })?;
        let without: BTreeSet<_> = now
            .refused
            .iter()
            .map(|of| (of.person, of.scheme))
            .collect();
        let again = |employers, room: &mut Space, sheet: &Space| {
            let made = room.room.assess(&self.last, &sheet.sheet, employers);
            let made = made.dues.iter().map(|due| (place(due), amount(due)));
            made.collect::<BTreeMap<Place, i128>>()
        };
        let declared = again(&self.last_employers, under_last, space);
        let rated = again(&self.employers, under_last, space);
        let now: BTreeMap<Place, Due> = now.dues.iter().map(|due| (place(due), *due)).collect();
        let side = Sides {
            before,
            declared,
            rated,
        };
        side.told(&now, &without, causes);
        Ok(())
    }
}

/// A chunk's dues: the month before's, and this month's facts under that month's law, with its employers and with this month's.
struct Sides {
    before: BTreeMap<Place, Due>,
    declared: BTreeMap<Place, i128>,
    rated: BTreeMap<Place, i128>,
}

impl Sides {
    fn told(
        mut self,
        now: &BTreeMap<Place, Due>,
        without: &BTreeSet<(PersonId, Scheme)>,
        causes: &mut Causes,
    ) {
        let mut new: Vec<&Due> = Vec::new();
        for (place, due) in now {
            match self.before.remove(place) {
                Some(before) => self.same(*place, (amount(&before), amount(due)), causes),
                None => new.push(due),
            }
        }
        for due in new {
            // Somebody with another employer has moved; who has two is paired in the order of their numbers.
            let first = (due.person, due.scheme, None);
            let mut left = self.before.range(first..).map(|(place, _)| *place);
            let moved = left
                .next()
                .filter(|(person, scheme, _)| (*person, *scheme) == (due.person, due.scheme));
            match moved.and_then(|place| self.before.remove(&place)) {
                Some(before) => {
                    causes.take(Cause::Moved, due.scheme, amount(due) - amount(&before));
                }
                None => causes.take(Cause::New, due.scheme, amount(due)),
            }
        }
        for (_, due) in self.before {
            let cause = match without.contains(&(due.person, due.scheme)) {
                true => Cause::WithoutResult,
                false => Cause::Ended,
            };
            causes.take(cause, due.scheme, -amount(&due));
        }
    }

    fn same(&self, place: Place, (before, now): (i128, i128), causes: &mut Causes) {
        // Where last month's law gives nothing for what is declared now, all of it is for what was declared.
        let declared = self.declared.get(&place).copied().unwrap_or(now);
        let rated = self.rated.get(&place).copied().unwrap_or(declared);
        let parts = [
            (Cause::Declared, declared - before),
            (Cause::Rate, rated - declared),
            (Cause::Law, now - rated),
        ];
        if before == now {
            causes.unchanged += 1;
        }
        for (cause, part) in parts {
            if part != 0 {
                causes.take(cause, place.1, part);
            }
        }
    }
}
