//! What changes from month to month? Who is hired, leaves, earns another wage, pauses or goes on.
//!
//! Each person goes their own way, month by month from January 2025, by the seed and their number alone; so any month can
//! be asked for, of any persons, in any order. Whoever is hired goes where somebody with a lower number of the same block
//! works: so employers keep about their sizes, and none is new.
//!
//! The city knows no law: who reaches the age of retirement is for the office to say. From the age at which women and men
//! retired before 2025 nothing changes here any more.

use crate::chance::{Chance, Draw};
use crate::city::City;
use crate::codes::{change, status};
use crate::insurance::kind;
use crate::insured::{AS_AT, Insured};
use crate::layout::{BLOCK, Block, Group, Workplace};
use crate::margins::{MOVEMENTS, find, number};
use crate::registers::id;
use measure::Month;
use std::ops::Range;

/// What changes in a month, in columns, ascending by person; at most one change a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Whose.
    pub person: Vec<i64>,
    /// See [`change`].
    pub change: Vec<u8>,
    /// By whom somebody is hired, whom somebody leaves, who pays another wage; 0 for an individual.
    pub employer: Vec<i64>,
    /// Of the hired the [kind of employment](crate::codes::employment); else 0.
    pub kind: Vec<u8>,
    /// Of the hired the employer's district, by its code; else 0.
    pub district: Vec<i32>,
    /// The monthly wage from now on, in fen; of those who leave, pause or go on 0.
    pub declared: Vec<i64>,
    /// From which day: the month's first.
    pub from: Vec<i32>,
}

/// How often something happens, in a million a month, and by how much, in thousandths.
#[derive(Clone, Debug)]
pub(crate) struct Rates {
    leaves: u64,
    out_of_work_hired: u64,
    individual_hired: u64,
    resident_hired: u64,
    pauses: u64,
    resumes: u64,
    review: (i32, i32),
    hired_wage: (i32, i32),
}

impl Rates {
    pub(crate) fn made_up() -> Rates {
        let rate = |name: &str| number(find(&MOVEMENTS, name)[1]);
        let bound = |name: &str| i32::try_from(rate(name)).expect("some thousandths");
        Rates {
            leaves: rate("employee leaves"),
            out_of_work_hired: rate("out of work is hired"),
            individual_hired: rate("individual is hired"),
            resident_hired: rate("resident is hired"),
            pauses: rate("individual pauses"),
            resumes: rate("paused resumes"),
            review: (
                bound("wage after review at least"),
                bound("wage after review at most"),
            ),
            hired_wage: (
                bound("wage of the hired at least"),
                bound("wage of the hired at most"),
            ),
        }
    }
}

/// How somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Works {
        workplace: Workplace,
        wage: i64,
    },
    OutOfWork,
    Individual,
    Paused,
    Resident,
    /// Nothing changes.
    Settled,
}

/// What happens to somebody in a month.
#[derive(Clone, Copy, Debug)]
struct Event {
    change: u8,
    workplace: Option<Workplace>,
    wage: i64,
}

impl City {
    /// What changes in a month for persons of these numbers, counted from 0. Applied to the
    /// [registers](City::registers) month by month from January 2025, every change fits how the person then stands;
    /// nothing changes in earlier months.
    #[must_use]
    pub fn changes(&self, month: Month, numbers: Range<u64>) -> Changes {
        let mut changes = Changes::default();
        if month.index() < AS_AT {
            return changes;
        }
        let end = numbers.end.min(self.people);
        for index in numbers.start / BLOCK..end.div_ceil(BLOCK) {
            let block = self.layout.block(self.seed, index);
            let mine = numbers.start.max(index * BLOCK)..end.min((index + 1) * BLOCK);
            for number in mine {
                let insured = self.insured(&block, number);
                if let Some(event) = self.event(&block, &insured, month.index()) {
                    self.push_change(&mut changes, &insured, event, month.index());
                }
            }
        }
        changes
    }

    /// What happens in a month, all months before considered.
    fn event(&self, block: &Block, insured: &Insured, month: i32) -> Option<Event> {
        let mut course = self.course(insured);
        if course == Course::Settled {
            return None;
        }
        let until = self.last_age_of_work(insured.sex, insured.post);
        let retires = insured.birth_month + (until + 1) * 12;
        if retires <= month {
            return None;
        }
        let mut event = None;
        for now in AS_AT..=month {
            event = self.step(block, insured, course, now);
            if let Some(event) = event {
                course = after(course, event);
            }
        }
        event
    }

    /// How somebody stands at the end of 2024.
    fn course(&self, insured: &Insured) -> Course {
        match (insured.group, insured.workplace) {
            (Group::Staff, Some(workplace)) => Course::Works {
                workplace,
                wage: self.wage(insured.chance, self.district_of(workplace)),
            },
            (Group::Individual, _) => match self.individual_status(insured) {
                status::PAUSED => Course::Paused,
                _ => Course::Individual,
            },
            (Group::Resident, _) => Course::Resident,
            _ => Course::Settled,
        }
    }

    fn step(&self, block: &Block, insured: &Insured, course: Course, month: i32) -> Option<Event> {
        let (rates, chance) = (&self.rates, insured.chance.in_month(month));
        let at = chance.below(Draw::Move, 1_000_000);
        let only = |change| {
            Some(Event {
                change,
                workplace: None,
                wage: 0,
            })
        };
        match course {
            Course::Works { workplace, .. } if at < rates.leaves => Some(Event {
                change: change::LEFT,
                workplace: Some(workplace),
                wage: 0,
            }),
            Course::Works { workplace, wage } => self.review(chance, workplace, wage, month),
            Course::OutOfWork if at < rates.out_of_work_hired => self.hire(block, insured, chance),
            Course::Individual if at < rates.pauses => only(change::PAUSED),
            Course::Individual if at < rates.pauses + rates.individual_hired => {
                self.hire(block, insured, chance)
            }
            Course::Paused if at < rates.resumes => only(change::RESUMED),
            Course::Resident if at < rates.resident_hired => self.hire(block, insured, chance),
            _ => None,
        }
    }

    /// Once a year an employer looks at its wages; not all change.
    fn review(&self, chance: Chance, workplace: Workplace, wage: i64, month: i32) -> Option<Event> {
        if u64::from(month.unsigned_abs() % 12) != self.review_month(workplace) {
            return None;
        }
        let (least, most) = self.rates.review;
        let thousandths = i64::from(chance.between(Draw::Change, least, most));
        let minimum = self.minimum_wage(self.district_of(workplace));
        let raised = (wage * thousandths / 1_000).max(minimum);
        (raised != wage).then_some(Event {
            change: change::WAGE,
            workplace: Some(workplace),
            wage: raised,
        })
    }

    /// Goes where one of a few others with lower numbers works; without any such, nobody hires.
    fn hire(&self, block: &Block, insured: &Insured, chance: Chance) -> Option<Event> {
        const TRIES: u64 = 12;
        let lower = insured.number % BLOCK;
        let workplace = (0..TRIES).find_map(|turn| {
            let other = insured.number - lower + chance.turn(turn, lower);
            let slot = block.slot(other);
            (self.layout.group(slot) == Group::Staff)
                .then(|| self.layout.workplace(self.seed, block.index(), slot))?
        })?;
        let employer = self.employer(workplace);
        let (least, most) = self.rates.hired_wage;
        let thousandths = i64::from(chance.between(Draw::NewWage, least, most));
        let drawn = self.wage(chance, employer.district);
        let minimum = self.minimum_wage(employer.district);
        Some(Event {
            change: change::HIRED,
            workplace: Some(workplace),
            wage: (drawn * thousandths / 1_000).max(minimum),
        })
    }

    fn push_change(&self, changes: &mut Changes, insured: &Insured, event: Event, month: i32) {
        let hired = event
            .workplace
            .filter(|_| event.change == change::HIRED)
            .map(|workplace| self.employer(workplace));
        changes.person.push(id(insured.number));
        changes.change.push(event.change);
        changes
            .employer
            .push(event.workplace.map_or(0, Workplace::number));
        changes
            .kind
            .push(hired.map_or(0, |employer| kind(Group::Staff, &employer)));
        changes
            .district
            .push(hired.map_or(0, |employer| self.code(employer.district)));
        changes.declared.push(event.wage);
        changes.from.push(self.registry.calendar().first_day(month));
    }
}

fn after(course: Course, event: Event) -> Course {
    match (event.change, event.workplace) {
        (change::HIRED | change::WAGE, Some(workplace)) => Course::Works {
            workplace,
            wage: event.wage,
        },
        (change::LEFT, _) => Course::OutOfWork,
        (change::PAUSED, _) => Course::Paused,
        (change::RESUMED, _) => Course::Individual,
        _ => course,
    }
}
