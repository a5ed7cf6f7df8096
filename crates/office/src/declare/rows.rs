//! Rows are decided some thousands at a time: one look into the register for all of them.

use super::pending::{Pending, Person};
use super::{Books, Desk, Hear, Heard, Paper};
use crate::error::Error;
use city::declarations::{
    Arrival, Column, Coverage, Decider, Fault as Wrong, Insured, Known, Movement, Reason, Row,
    Terms, Verdict,
};
use city::employers::EmployerId;
use city::facts::{Change, Origin, OriginKind, Span, Timeline};
use city::insurance::{
    Category, InsuranceRefusal, Participation, Scheme, Slot, Stated, Status, declare,
};
use city::people::{Blind, Name, PersonId};
use city::places::District;
use city::refusal::Refused as _;
use city::work::Employment;
use exchange::sheets::{Declared, Item, Line};
use exchange::{Fault, Place, Weight, Wording};
use measure::{Day, IdentityNumber, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::declarations::{self, Staff};
use store::insurance::Insurance;
use store::secrets::{Place as Sealed, Secrets};
use store::{Tx, insurance, people, work};

/// So many rows are decided at a time.
const AT_ONCE: usize = 2_048;

/// What is recorded before its declaration has a number has this origin, until it has.
pub(super) const NOT_YET: Origin = Origin {
    kind: OriginKind::Declaration,
    id: 0,
};

/// The rows of one file on their way.
pub(super) struct Rows<'a> {
    desk: Desk<'a>,
    paper: Paper<'a>,
    district: District,
    slots: Vec<Slot>,
    /// The first day of the next month that is declared already.
    next: Option<Day>,
    pub(super) decider: Decider,
    /// Of the staff, who is not insured and paying all month long.
    unsteady: BTreeSet<PersonId>,
    pub(super) without_number: u64,
    pub(super) resumed: u64,
    pub(super) registered: u64,
    waiting: Vec<Line>,
}

/// A row whose person's facts are looked at.
struct Touched {
    /// Its place among the lines.
    at: usize,
    /// `None` when the register does not know them.
    person: Option<PersonId>,
    stated: Stated,
    /// Of somebody newly enrolled: in which schemes they are insured elsewhere, and so not here.
    enrols: Option<Vec<Scheme>>,
}

/// What was decided of a row.
enum Decision {
    Refused(Vec<Fault>),
    Taken(Verdict),
}

impl<'a> Rows<'a> {
    /// With the staff as the register has it.
    pub(super) fn begin(
        tx: &mut Tx<'_>,
        desk: Desk<'a>,
        paper: Paper<'a>,
        district: District,
    ) -> Result<Rows<'a>, Error> {
        let (employer, month) = (paper.employer, paper.month);
        let slots = slots(tx, employer, paper)?;
        let next = declarations::next(tx, employer, month)?;
        let terms = Terms {
            month,
            employer,
            schemes: slots.iter().map(|slot| slot.scheme()).collect(),
            bounds: desk.rules.bounds,
            together: desk.rules.together.clone(),
            coverage: paper.coverage,
            arrival: Arrival::Any,
        };
        let mut rows = Rows {
            desk,
            paper,
            district,
            slots,
            next: next.map(Month::first_day),
            decider: Decider::new(terms, []),
            unsteady: BTreeSet::new(),
            without_number: 0,
            resumed: 0,
            registered: 0,
            waiting: Vec::new(),
        };
        // Who is missing from a file is asked only where it tells of all; otherwise those it names are looked up as they come.
        if paper.coverage == Coverage::Whole {
            declarations::staff(tx, employer, month, |member| rows.learn(&member))?;
        }
        Ok(rows)
    }

    /// Learns of somebody of the staff.
    fn learn(&mut self, member: &Staff) -> Result<(), store::Error> {
        if !member.steady {
            self.unsteady.insert(member.person);
        }
        match insured(self.desk.secrets, member)? {
            Some(insured) => self.decider.learn(insured),
            None => self.without_number += 1,
        }
        Ok(())
    }

    /// Takes a row; when enough have come they are decided. Tells whether they were.
    pub(super) fn take<E: From<Error> + From<store::Error>>(
        &mut self,
        tx: &mut Tx<'_>,
        line: Line,
        pending: &mut Pending,
        hear: &mut Hear<'_, E>,
    ) -> Result<bool, E> {
        self.waiting.push(line);
        match self.waiting.len() {
            AT_ONCE.. => self.decide(tx, pending, hear).map(|()| true),
            _ => Ok(false),
        }
    }

    /// Decides the rows that have come.
    pub(super) fn decide<E: From<Error> + From<store::Error>>(
        &mut self,
        tx: &mut Tx<'_>,
        pending: &mut Pending,
        hear: &mut Hear<'_, E>,
    ) -> Result<(), E> {
        let mut lines = std::mem::take(&mut self.waiting);
        let known = self.look_up(tx, &lines, pending)?;
        let mut touched = Vec::new();
        let mut decisions = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            decisions.push(self.one(at, line, &known, &mut touched)?);
        }
        self.follow(tx, &lines, touched, &mut decisions, pending)?;
        for (line, decision) in lines.iter_mut().zip(&decisions) {
            line.faults
                .extend(self.second_employment(line.row, decision));
        }
        for (line, decision) in lines.iter().zip(&decisions) {
            hear(match decision {
                Decision::Refused(faults) => Heard::Refused {
                    row: line.row,
                    texts: &line.texts,
                    faults,
                },
                Decision::Taken(verdict) => Heard::Decided {
                    row: line.row,
                    verdict,
                    doubts: &line.faults,
                },
            })?;
        }
        Ok(())
    }

    /// What the register knows of those whom the rows name and the employer does not insure. Those it insures are learned of.
    fn look_up(
        &mut self,
        tx: &mut Tx<'_>,
        lines: &[Line],
        pending: &mut Pending,
    ) -> Result<BTreeMap<IdentityNumber, Known>, Error> {
        let declared = lines.iter().filter_map(|line| line.declared.as_ref());
        let numbers = declared.map(|declared| declared.identity);
        let outside = numbers.filter(|number| self.decider.member(number).is_none());
        let mut numbers: BTreeMap<Blind, IdentityNumber> = BTreeMap::new();
        for number in outside {
            let blinds = self.desk.secrets.blinds("identity", number.reveal());
            numbers.extend(blinds.into_iter().map(|blind| (Blind(blind), number)));
        }
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let blinds: Vec<Blind> = numbers.keys().copied().collect();
        let mut found = people::known(tx, &blinds)?;
        if self.paper.coverage == Coverage::Part {
            let persons: Vec<PersonId> = found.values().map(|(person, _)| *person).collect();
            let (employer, month) = (self.paper.employer, self.paper.month);
            declarations::staff_among(tx, employer, month, &persons, |member| self.learn(&member))?;
            found.retain(|blind, _| self.decider.member(&numbers[blind]).is_none());
        }
        let persons: Vec<PersonId> = found.values().map(|(person, _)| *person).collect();
        if persons.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut elsewhere: BTreeMap<PersonId, Vec<(Scheme, Option<EmployerId>)>> = BTreeMap::new();
        // Whether somebody is insured already is asked of the whole city, whoever asks.
        tx.set_all_districts()?;
        let (employer, month) = (self.paper.employer, self.paper.month);
        insurance::elsewhere(tx, employer, month, &persons, |person, scheme, through| {
            elsewhere.entry(person).or_default().push((scheme, through));
        })?;
        self.desk.within(tx)?;
        pending.looked_at.extend(&persons);
        let mut known = BTreeMap::new();
        for (blind, (person, name_cipher)) in found {
            let theirs = elsewhere.get(&person).cloned().unwrap_or_default();
            known.insert(
                numbers[&blind],
                Known {
                    person,
                    name: name(self.desk.secrets, person, &name_cipher)?,
                    elsewhere: theirs,
                },
            );
        }
        Ok(known)
    }

    fn one(
        &mut self,
        at: usize,
        line: &Line,
        known: &BTreeMap<IdentityNumber, Known>,
        touched: &mut Vec<Touched>,
    ) -> Result<Decision, Error> {
        let number = u32::try_from(line.row).unwrap_or(u32::MAX);
        let Some(declared) = &line.declared else {
            self.decider.refused(line.identity, number);
            return Ok(Decision::Refused(line.faults.clone()));
        };
        let month = self.paper.month;
        if let Some(on) = declared.from.filter(|from| month.last_day() < *from) {
            self.decider.refused(Some(declared.identity), number);
            let fault = self.fault(
                line.row,
                Item::From,
                on.to_string(),
                &Reason::BeginsLater { on },
            );
            return Ok(Decision::Refused(vec![fault]));
        }
        let leaves = declared
            .last_day
            .is_some_and(|last| last < month.first_day());
        let wage = declared.wage.to_string();
        let row = Row {
            number,
            identity: declared.identity.reveal(),
            name: &declared.name,
            wage: &wage,
            movement: match leaves {
                true => Movement::Leaves,
                false => Movement::Works,
            },
        };
        let verdict = self.decider.decide(&row, known.get(&declared.identity))?;
        if let Verdict::Faulty(faults) = &verdict {
            let faults = faults.iter().map(|wrong| self.wrong(line.row, wrong));
            return Ok(Decision::Refused(faults.collect()));
        }
        let ends = declared.last_day.filter(|last| *last <= month.last_day());
        let until = ends.and_then(|last| last.add_days(1).ok());
        let stays = |wage| Stated::Insured {
            district: self.district,
            wage,
            from: declared.from.filter(|from| month.first_day() <= *from),
            until,
        };
        let (person, stated, enrols) = match &verdict {
            Verdict::Unchanged { person, .. }
                if until.is_none() && !self.unsteady.contains(person) =>
            {
                return Ok(Decision::Taken(verdict));
            }
            Verdict::Unchanged { person, wage } | Verdict::Changed { person, wage, .. } => {
                (Some(*person), stays(*wage), None)
            }
            Verdict::Enrolled {
                person, wage, held, ..
            } => {
                let held = held.iter().map(|(scheme, _)| *scheme).collect();
                (*person, stays(*wage), Some(held))
            }
            Verdict::Ended { person } => (Some(*person), Stated::Left, None),
            Verdict::Faulty(_) => return Ok(Decision::Taken(verdict)),
        };
        touched.push(Touched {
            at,
            person,
            stated,
            enrols,
        });
        Ok(Decision::Taken(verdict))
    }

    /// What follows for the facts of everyone a row changes anything of.
    fn follow(
        &mut self,
        tx: &mut Tx<'_>,
        lines: &[Line],
        touched: Vec<Touched>,
        decisions: &mut [Decision],
        pending: &mut Pending,
    ) -> Result<(), Error> {
        if touched.is_empty() {
            return Ok(());
        }
        let employer = self.paper.employer;
        let persons: Vec<PersonId> = touched.iter().filter_map(|one| one.person).collect();
        let facts = insurance::current(tx, employer, &persons)?;
        let employments = work::current(tx, employer, &persons)?;
        for one in touched {
            let line = &lines[one.at];
            let declared = line
                .declared
                .as_ref()
                .expect("only rows that declare are touched");
            let Some(person) = one.person else {
                self.registered += 1;
                pending
                    .new
                    .push(Person::new(declared, self.paper.month, one.stated));
                continue;
            };
            match self.insurance(&one, facts.get(&person)) {
                Ok(changes) => {
                    let changes = changes.into_iter().map(|change| (person, change));
                    pending.insurance.extend(changes);
                    let changes = self.employment(declared, &one, employments.get(&person))?;
                    let changes = changes.into_iter();
                    pending
                        .work
                        .extend(changes.map(|change| ((person, employer), change)));
                    if let Decision::Taken(Verdict::Changed { resumed: true, .. }) =
                        decisions[one.at]
                    {
                        self.resumed += 1;
                    }
                }
                Err(refusal) => {
                    if let Decision::Taken(verdict) = &decisions[one.at] {
                        self.decider.turned_down(verdict);
                    }
                    let shown = declared.identity.masked().to_string();
                    let reason = Reason::Insurance(refusal);
                    let fault = self.fault(line.row, Item::Identity, shown, &reason);
                    decisions[one.at] = Decision::Refused(vec![fault]);
                }
            }
        }
        Ok(())
    }

    fn insurance(
        &self,
        one: &Touched,
        known: Option<&Insurance>,
    ) -> Result<Vec<Change<Participation>>, InsuranceRefusal> {
        let (none, nothing) = (Timeline::default(), Insurance::new());
        let known = known.unwrap_or(&nothing);
        let days = Span::of_month(self.paper.month);
        let insured = |timeline: &Timeline<Participation>| {
            let mut current = timeline.current().into_iter();
            current.any(|(_, fact)| {
                matches!(fact.value.status, Status::Active | Status::Paused)
                    && fact.valid.overlaps(days)
            })
        };
        let theirs: Vec<Slot> = match &one.enrols {
            Some(held) => {
                let ours = self.slots.iter().copied();
                ours.filter(|slot| !held.contains(&slot.scheme())).collect()
            }
            None => {
                let of = known.iter().filter(|(_, timeline)| insured(timeline));
                of.map(|(slot, _)| *slot).collect()
            }
        };
        let (month, at) = ((self.paper.month, self.next), self.desk.acting.at);
        let mut changes = Vec::new();
        for slot in theirs {
            let timeline = known.get(&slot).unwrap_or(&none);
            changes.extend(declare(timeline, slot, month, &one.stated, at, NOT_YET)?);
        }
        Ok(changes)
    }

    fn employment(
        &self,
        declared: &Declared,
        one: &Touched,
        known: Option<&Timeline<Employment>>,
    ) -> Result<Vec<Change<Employment>>, Error> {
        let none = Timeline::default();
        let stated = super::pending::Worked {
            month: self.paper.month,
            next: self.next,
            at: self.desk.acting.at,
        };
        stated.changes(
            known.unwrap_or(&none),
            declared,
            one.stated,
            one.enrols.is_some(),
        )
    }

    /// What somebody should look at of whoever is enrolled beside another employer.
    fn second_employment(&self, row: u64, decision: &Decision) -> Option<Fault> {
        let Decision::Taken(Verdict::Enrolled { number, held, .. }) = decision else {
            return None;
        };
        let &(_, employer) = held.first()?;
        let schemes = held.iter().map(|(scheme, _)| *scheme).collect();
        let reason = Reason::SecondEmployment { schemes, employer };
        Some(Fault {
            weight: Weight::Doubt,
            ..self.fault(row, Item::Identity, number.masked().to_string(), &reason)
        })
    }

    fn wrong(&self, row: u64, wrong: &Wrong) -> Fault {
        let item = match wrong.column {
            Column::Identity => Item::Identity,
            Column::Name => Item::Name,
            Column::Wage => Item::Wage,
            Column::Movement => Item::LastDay,
        };
        self.fault(row, item, wrong.value.clone(), &wrong.reason)
    }

    fn fault(&self, row: u64, item: Item, value: String, reason: &Reason) -> Fault {
        let said = reason.said();
        let place = self.paper.heading.map(|heading| heading.place_of(item));
        Fault {
            row,
            place: Some(place.unwrap_or_else(|| Place::of(item))),
            value,
            code: said.code,
            reason: Wording::new(said.message.zh, said.message.en),
            remedy: Wording::new(said.remedy.zh, said.remedy.en),
            weight: Weight::Refused,
        }
    }

    /// Where the employer is registered.
    pub(super) fn district(&self) -> District {
        self.district
    }

    /// The slots a new employee is insured in, where, and until when a month stands by itself.
    pub(super) fn of_new(&self) -> (&[Slot], Option<Day>) {
        (&self.slots, self.next)
    }
}

/// The schemes in which an employer insures its staff: those it does, or all that employees have, when it has no staff yet.
fn slots(tx: &mut Tx<'_>, employer: EmployerId, paper: Paper<'_>) -> Result<Vec<Slot>, Error> {
    let mut schemes = declarations::schemes(tx, employer, paper.month)?;
    if schemes.is_empty() {
        schemes = Scheme::ALL.to_vec();
        schemes.retain(|scheme| scheme.collected());
    }
    let slots = schemes
        .into_iter()
        .map(|scheme| Slot::new(scheme, Category::Employee, Some(employer)));
    Ok(slots.flatten().collect())
}

/// Someone of the staff with name and number in the clear; `None` without a resident identity number.
fn insured(secrets: &Secrets, member: &Staff) -> Result<Option<Insured>, store::Error> {
    let Some((_, cipher)) = &member.number else {
        return Ok(None);
    };
    let place = Sealed {
        table: "identity",
        column: "number",
        person: member.person.number(),
    };
    let Ok(number) = IdentityNumber::parse(&secrets.open(place, cipher)?) else {
        return Ok(None);
    };
    Ok(Some(Insured {
        number,
        person: member.person,
        name: name(secrets, member.person, &member.name_cipher)?,
        wage: member.wage,
        paused: member.paused,
    }))
}

fn name(secrets: &Secrets, person: PersonId, cipher: &[u8]) -> Result<Name, store::Error> {
    let place = Sealed {
        table: "person",
        column: "name",
        person: person.number(),
    };
    let text = secrets.open(place, cipher)?;
    Name::new(&text).ok_or_else(|| store::Error::Damaged {
        cause: format!("person {person} has an empty name"),
    })
}

/// How far a month's books are.
pub(super) fn books(tx: &mut Tx<'_>, month: Month) -> Result<Books, Error> {
    use city::runs::{RunKind, RunState};
    if store::seals::is_closed(tx, month)? {
        return Ok(Books::Sealed);
    }
    let runs = store::runs::of_month(tx, RunKind::Assessment, month)?;
    Ok(match runs.last().map(|run| run.state) {
        None => Books::Open,
        Some(RunState::Open | RunState::Computing | RunState::Computed | RunState::Approved) => {
            Books::Assessed
        }
        Some(_) => Books::Published,
    })
}
