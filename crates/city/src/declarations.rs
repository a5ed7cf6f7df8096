//! *What does an employer's month change, and what is wrong with its file?*
//!
//! Once a month an employer declares its staff and their wages. [`Decider`] reads the declared rows one by one beside what
//! the register knows of the staff and says of each what it changes, or every fault it has. Nothing is recorded here: a
//! dry run is the same function, its verdicts thrown away.
//!
//! # Memory
//!
//! The staff the register knows is held, one entry a person. Of the rows only identity numbers are kept, to find the
//! second of two: packed into eight bytes, beside four for the row, so a file of a million rows takes 23 to 29
//! megabytes with the tree around them (measured), whatever its names and notes. A file sorted by identity number ([`Arrival::Sorted`]) takes none: the
//! second of two stands right behind the first.
//!
//! # What needs a look into the register
//!
//! Of the staff everything is known beforehand. Of anyone else the caller looks up what is known, many rows at a time:
//! [`Decider::unknown`] says of a row whether that is needed.

use crate::employers::EmployerId;
use crate::insurance::{Scheme, Together};
use crate::people::{Name, PersonId};
use measure::{Error, Fen, IdentityNumber, Month};
use std::collections::BTreeMap;

mod chasing;
mod faults;
mod intake;
mod seen;

pub use chasing::{Chase, ChasingDays, chase};
pub use faults::{Column, Fault, Reason};
pub use intake::{Declaration, DeclarationId, Intake, IntakeRefusal, MonthState, State, intake};
use seen::Seen;

/// One row of a declaration as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its row in the file, from 1, the heading counted.
    pub number: u32,
    /// The identity number.
    pub identity: &'a str,
    /// The name.
    pub name: &'a str,
    /// The monthly wage, in yuan.
    pub wage: &'a str,
    /// Whether they stay or leave.
    pub movement: Movement,
}

/// What a row says of someone's employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// Works there in the month.
    Works,
    /// No longer works there in the month.
    Leaves,
}

/// Someone the register knows as insured through the employer in the month.
#[derive(Clone, Debug)]
pub struct Insured {
    /// Their identity number.
    pub number: IdentityNumber,
    /// Their number in the register.
    pub person: PersonId,
    /// Their name in the register.
    pub name: Name,
    /// The monthly wage declared last; `None` when none was, or not the same for all schemes.
    pub wage: Option<Fen>,
    /// Whether payment is paused.
    pub paused: bool,
}

/// What the register knows of someone who is not among the staff.
#[derive(Clone, Debug)]
pub struct Known {
    /// Their number in the register.
    pub person: PersonId,
    /// Their name in the register.
    pub name: Name,
    /// What they are actively insured in elsewhere in the month, and through whom.
    pub elsewhere: Vec<(Scheme, Option<EmployerId>)>,
}

/// Whether a file tells of the whole staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// It does: who is not in it is missing.
    Whole,
    /// It tells of some only, such as the corrected faults of an earlier one; the others stay as they are.
    Part,
}

/// In which order the rows come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// In any order.
    Any,
    /// By identity number; a row that is not is a fault.
    Sorted,
}

/// The least and the most that may be declared as a monthly wage: the range the law declares for its input `wage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WageBounds {
    /// The least.
    pub least: Fen,
    /// The most.
    pub most: Fen,
}

/// What a decision about an employer's month rests on besides the rows.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The month.
    pub month: Month,
    /// The employer.
    pub employer: EmployerId,
    /// The schemes in which the employer insures its staff.
    pub schemes: Vec<Scheme>,
    /// The bounds of a wage.
    pub bounds: WageBounds,
    /// What may stand beside each other.
    pub together: Together,
    /// Whether the file tells of all.
    pub coverage: Coverage,
    /// In which order it comes.
    pub arrival: Arrival,
}

/// What a row changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Declared as the register has it.
    Unchanged {
        /// Who.
        person: PersonId,
        /// The wage.
        wage: Fen,
    },
    /// Another wage, or payment resumed.
    Changed {
        /// Who.
        person: PersonId,
        /// The wage before; `None` when none was declared.
        before: Option<Fen>,
        /// The wage declared.
        wage: Fen,
        /// Whether payment was paused and is resumed.
        resumed: bool,
    },
    /// Newly enrolled through this employer.
    Enrolled {
        /// Who; `None` when the register does not know them yet.
        person: Option<PersonId>,
        /// Their identity number.
        number: IdentityNumber,
        /// Their name.
        name: Name,
        /// The wage.
        wage: Fen,
        /// In which of the employer's schemes they are insured elsewhere, where another employer holds what by law is held
        /// in one place: in these they are not insured here.
        held: Vec<(Scheme, EmployerId)>,
    },
    /// No longer insured through this employer.
    Ended {
        /// Who.
        person: PersonId,
    },
    /// Nothing is recorded of the row: its faults.
    Faulty(Vec<Fault>),
}

/// Someone of the staff no row spoke of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Who.
    pub person: PersonId,
    /// Their identity number, masked.
    pub masked: String,
    /// The wage declared last.
    pub wage: Option<Fen>,
}

/// How many rows came out how, and what they declare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows read.
    pub rows: u64,
    /// Unchanged.
    pub unchanged: u64,
    /// Changed.
    pub changed: u64,
    /// Newly enrolled.
    pub enrolled: u64,
    /// Ended.
    pub ended: u64,
    /// Faulty.
    pub faulty: u64,
    /// The wages of the rows that are unchanged, changed or enrolled.
    pub wages: Fen,
}

/// Decides about the rows of one declaration.
#[derive(Debug)]
pub struct Decider {
    terms: Terms,
    staff: BTreeMap<IdentityNumber, Member>,
    seen: Seen,
    tally: Tally,
}

#[derive(Debug)]
struct Member {
    insured: Insured,
    /// The row that spoke of them; 0 while none has.
    row: u32,
}

impl Decider {
    /// A decider for one employer's month and the staff the register knows in it.
    #[must_use]
    pub fn new(terms: Terms, staff: impl IntoIterator<Item = Insured>) -> Decider {
        let mut decider = Decider {
            seen: Seen::new(terms.arrival),
            staff: BTreeMap::new(),
            tally: Tally::default(),
            terms,
        };
        for insured in staff {
            decider.learn(insured);
        }
        decider
    }

    /// Learns of one more of the staff. Where a file tells of some only, those its rows name are enough, so that a few rows of a
    /// large employer cost no more than of a small one.
    pub fn learn(&mut self, insured: Insured) {
        let number = insured.number;
        self.staff
            .entry(number)
            .or_insert(Member { insured, row: 0 });
    }

    /// The identity number of a row whose decision needs to know what the register has of them elsewhere.
    #[must_use]
    pub fn unknown(&self, row: &Row<'_>) -> Option<IdentityNumber> {
        let number = IdentityNumber::parse(row.identity).ok()?;
        (!self.staff.contains_key(&number)).then_some(number)
    }

    /// What a row changes. `known` is what the register has of its [`unknown`](Decider::unknown) number, and looked at
    /// for no other row.
    ///
    /// # Errors
    ///
    /// When the wages of all rows together are more than an amount can hold.
    pub fn decide(&mut self, row: &Row<'_>, known: Option<&Known>) -> Result<Verdict, Error> {
        let mut faults = Faults {
            row: row.number,
            found: Vec::new(),
        };
        let number = self.number(row, &mut faults);
        let name = name(row, &mut faults);
        let wage = self.wage(row, &mut faults);
        let verdict = match number {
            Some(number) => self.person(row, number, name, wage, known, &mut faults),
            None => None,
        };
        let verdict = match verdict {
            Some(verdict) if faults.found.is_empty() => verdict,
            _ => Verdict::Faulty(faults.found),
        };
        self.count(&verdict)?;
        Ok(verdict)
    }

    /// A row that could not be read whole, and of whom it speaks as far as that is known: it is counted as faulty, and who
    /// is spoken of is not missing.
    pub fn refused(&mut self, number: Option<IdentityNumber>, row: u32) {
        self.tally.rows += 1;
        self.tally.faulty += 1;
        let member = number.and_then(|number| self.staff.get_mut(&number));
        if let Some(member) = member.filter(|member| member.row == 0) {
            member.row = row;
        }
    }

    /// A row that was decided otherwise, and turns out not to follow from what is recorded of the person.
    pub fn turned_down(&mut self, verdict: &Verdict) {
        let tally = &mut self.tally;
        let (counter, wage) = tally.place(verdict);
        *counter -= 1;
        tally.faulty += 1;
        // It was added when the row was decided, so it can be taken off.
        tally.wages = tally.wages.checked_sub(wage).unwrap_or(tally.wages);
    }

    /// The employee of this identity number, as the register knows them.
    #[must_use]
    pub fn member(&self, number: &IdentityNumber) -> Option<&Insured> {
        self.staff.get(number).map(|member| &member.insured)
    }

    /// How the rows came out so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Who of the staff no row spoke of, by identity number; nobody when the file tells of some only.
    pub fn missing(&self) -> impl Iterator<Item = Missing> {
        let whole = self.terms.coverage == Coverage::Whole;
        let members = self
            .staff
            .values()
            .filter(move |member| whole && member.row == 0);
        members.map(|member| Missing {
            person: member.insured.person,
            masked: member.insured.number.masked().to_string(),
            wage: member.insured.wage,
        })
    }

    fn number(&mut self, row: &Row<'_>, faults: &mut Faults) -> Option<IdentityNumber> {
        let number = match IdentityNumber::parse(row.identity) {
            Ok(number) => number,
            Err(error) => {
                let reason = match error.code() {
                    "M1005" => Reason::WrongCheckCharacter,
                    _ => Reason::NotAnIdentityNumber(error),
                };
                faults.add(Column::Identity, faults::hidden(row.identity), reason);
                return None;
            }
        };
        let member = self.staff.get_mut(&number);
        let before = member.map(|member| std::mem::replace(&mut member.row, row.number));
        let shown = || number.masked().to_string();
        match (before, self.terms.arrival) {
            // Of the staff the row is kept beside them, in whatever order the rows come.
            (Some(0), Arrival::Any) => {}
            (Some(first), Arrival::Any) => {
                faults.add(Column::Identity, shown(), Reason::Duplicate { first });
            }
            (Some(_), Arrival::Sorted) | (None, _) => {
                if let Err(reason) = self.seen.add(number, row.number) {
                    faults.add(Column::Identity, shown(), reason);
                }
            }
        }
        Some(number)
    }

    fn wage(&self, row: &Row<'_>, faults: &mut Faults) -> Option<Fen> {
        let text = row.wage.trim();
        if row.movement == Movement::Leaves && text.is_empty() {
            return None;
        }
        let WageBounds { least, most } = self.terms.bounds;
        let reason = match Fen::parse(text) {
            Ok(wage) if (least..=most).contains(&wage) => return Some(wage),
            Ok(_) => Reason::WageOutOfBounds { least, most },
            Err(error) => Reason::WageUnreadable(error),
        };
        faults.add(Column::Wage, faults::short(text), reason);
        None
    }

    /// What the row changes of a person; `None` when a fault was found.
    fn person(
        &self,
        row: &Row<'_>,
        number: IdentityNumber,
        name: Option<Name>,
        wage: Option<Fen>,
        known: Option<&Known>,
        faults: &mut Faults,
    ) -> Option<Verdict> {
        let member = self.staff.get(&number).map(|member| &member.insured);
        let registered = member
            .map(|member| &member.name)
            .or(known.map(|known| &known.name));
        if let (Some(registered), Some(name)) = (registered, &name)
            && !registered.same_as(name)
        {
            let registered = registered.masked();
            faults.add(
                Column::Name,
                name.masked(),
                Reason::NameDiffers { registered },
            );
        }
        let shown = number.masked().to_string();
        if row.movement == Movement::Leaves {
            let Some(member) = member else {
                faults.add(Column::Movement, shown, Reason::NotEnrolled);
                return None;
            };
            return Some(Verdict::Ended {
                person: member.person,
            });
        }
        if let Some(member) = member {
            return Some(stays(member, wage?));
        }
        let held = match known.map(|known| self.held(known)) {
            None => Vec::new(),
            Some(Ok(held)) => held,
            Some(Err(reason)) => {
                faults.add(Column::Identity, shown, reason);
                Vec::new()
            }
        };
        Some(Verdict::Enrolled {
            person: known.map(|known| known.person),
            number,
            name: name?,
            wage: wage?,
            held,
        })
    }

    /// In which of our schemes another employer insures someone the register knows, so that we do not; or what speaks against
    /// enrolling them at all: that nothing is left, or that they are insured otherwise than through an employer.
    fn held(&self, known: &Known) -> Result<Vec<(Scheme, EmployerId)>, Reason> {
        let (ours, together) = (&self.terms.schemes, &self.terms.together);
        let mut held: Vec<(Scheme, EmployerId)> = Vec::new();
        for (theirs, employer) in &known.elsewhere {
            let excluded = ours.iter().filter(|ours| !together.may(**ours, *theirs));
            for scheme in excluded.copied() {
                let Some(employer) = *employer else {
                    return Err(Reason::InsuredElsewhere { scheme: *theirs });
                };
                if held.iter().all(|(known, _)| *known != scheme) {
                    held.push((scheme, employer));
                }
            }
        }
        match held.first() {
            Some(&(scheme, employer)) if held.len() == ours.len() => {
                Err(Reason::EmployedElsewhere { scheme, employer })
            }
            _ => Ok(held),
        }
    }

    fn count(&mut self, verdict: &Verdict) -> Result<(), Error> {
        let tally = &mut self.tally;
        tally.rows += 1;
        let (counter, wage) = tally.place(verdict);
        *counter += 1;
        tally.wages = tally.wages.checked_add(wage)?;
        Ok(())
    }
}

impl Tally {
    /// Where a verdict is counted, and the wage it declares.
    fn place(&mut self, verdict: &Verdict) -> (&mut u64, Fen) {
        match verdict {
            Verdict::Unchanged { wage, .. } => (&mut self.unchanged, *wage),
            Verdict::Changed { wage, .. } => (&mut self.changed, *wage),
            Verdict::Enrolled { wage, .. } => (&mut self.enrolled, *wage),
            Verdict::Ended { .. } => (&mut self.ended, Fen::ZERO),
            Verdict::Faulty(_) => (&mut self.faulty, Fen::ZERO),
        }
    }
}

/// What a declared wage changes of someone who stays.
fn stays(member: &Insured, wage: Fen) -> Verdict {
    let person = member.person;
    if member.wage == Some(wage) && !member.paused {
        return Verdict::Unchanged { person, wage };
    }
    Verdict::Changed {
        person,
        before: member.wage,
        wage,
        resumed: member.paused,
    }
}

fn name(row: &Row<'_>, faults: &mut Faults) -> Option<Name> {
    let name = Name::new(row.name);
    if name.is_none() {
        faults.add(Column::Name, String::new(), Reason::NameMissing);
    }
    name
}

/// The faults of one row.
struct Faults {
    row: u32,
    found: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, column: Column, value: String, reason: Reason) {
        self.found.push(Fault {
            row: self.row,
            column,
            value,
            reason,
        });
    }
}
