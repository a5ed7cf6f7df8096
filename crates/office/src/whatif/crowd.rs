//! The made-up city a reform is tried on, kept in memory, and who of it a question concerns.

use super::{Asked, Effect, Question, Refusal};
use crate::sample::Reader;
use measure::Fen;
use rules::columns::{Plan, Results};
use rules::law::{Item, Law, RuleId};
use synth::{City, Persons};

/// Persons a piece of work; of those who are awarded a pension a thirty-second, since a history is some thirty records.
const BLOCK: usize = 8_192;
const AWARDS: usize = 256;
/// So many bands of wage there are, each with as many people.
const BANDS: usize = 5;
/// Whoever retires within so many months is awarded a pension.
const MONTHS: i64 = 12;

/// A city that is made once. Facts are as known at the end of December 2024.
#[derive(Debug)]
pub struct Crowd {
    city: City,
    persons: Persons,
}

/// Some of them.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) persons: Persons,
}

/// Those whom a question concerns, block by block.
#[derive(Debug)]
pub(super) struct Concerned<'c> {
    crowd: &'c Crowd,
    rows: Vec<usize>,
    at: usize,
    block: usize,
}

impl Crowd {
    /// The city of a seed with so many insured.
    #[must_use]
    pub fn new(seed: u64, people: u64) -> Crowd {
        let city = City::of(seed, people);
        let persons = city.persons(0..city.people());
        Crowd { city, persons }
    }

    /// How many insured it has.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.city.people()
    }

    /// What its districts are called in Chinese, in the order of an outcome's cells.
    #[must_use]
    pub fn districts(&self) -> Vec<&str> {
        self.city.members("district").unwrap_or_default()
    }

    pub(super) fn city(&self) -> &City {
        &self.city
    }

    /// Whom a question concerns under the law as it is: who pays in the month as an employee or by themselves, who is awarded
    /// a pension, who has yet to retire.
    pub(super) fn concerned(&self, law: &Law, asked: &Asked) -> Result<Concerned<'_>, Refusal> {
        let retires = self.retirement(law, asked)?;
        let this = i64::from(asked.since.month().index());
        let concerns = |row: &usize| {
            let person = self.persons.person(*row);
            let Some(retires) = retires[*row] else {
                return false;
            };
            match asked.question {
                Question::Pension => (this..this + MONTHS).contains(&retires),
                Question::Retirement => this <= retires,
                Question::IndividualDue => this <= retires && person.chosen_base.is_some(),
                _ => this <= retires && person.wage.is_some(),
            }
        };
        let block = match asked.question.effect() {
            Effect::Gets => AWARDS,
            Effect::Pays | Effect::Costs | Effect::Retires => BLOCK,
        };
        Ok(Concerned {
            crowd: self,
            rows: (0..self.persons.len()).filter(concerns).collect(),
            at: 0,
            block,
        })
    }

    /// When everybody retires under a law, as indices of months.
    fn retirement(&self, law: &Law, asked: &Asked) -> Result<Vec<Option<i64>>, Refusal> {
        let reader = Reader::new(law, &self.city, asked.since).map_err(Refusal::Missing)?;
        let rule = retirement_rule(law).ok_or(Refusal::NoQuestion)?;
        let plan = Plan::new(law, asked.since, &[rule], &reader.slots(), &[])
            .map_err(|refusal| Refusal::by_law(&refusal, law))?;
        let mut workspace = plan.workspace();
        let mut months = Vec::with_capacity(self.persons.len());
        for first in (0..self.persons.len()).step_by(BLOCK) {
            let until = (first + BLOCK).min(self.persons.len());
            let rows = reader.rows(self.persons.select(first..until));
            let mut results = Results::default();
            plan.run(&mut workspace, &reader.batch(&rows), &mut results);
            let begins = months.len();
            months.extend(results.columns.into_iter().flatten().map(Some));
            for refused in &results.refused {
                months[begins + refused.row] = None;
            }
        }
        Ok(months)
    }
}

fn retirement_rule(law: &Law) -> Option<RuleId> {
    match law.names.get(Question::Retirement.word()) {
        Some(Item::Rule(id)) => Some(*id),
        _ => None,
    }
}

impl Concerned<'_> {
    /// How many.
    pub(super) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The bands of wage: as many people in each as can be, those of one wage in one band; the last of those without a wage.
    pub(super) fn bands(&self) -> Vec<Option<(Fen, Fen)>> {
        let wages = self
            .rows
            .iter()
            .filter_map(|row| wage(&self.crowd.persons, *row));
        let mut wages: Vec<Fen> = wages.collect();
        wages.sort_unstable();
        let mut bands: Vec<Option<(Fen, Fen)>> = Vec::new();
        let mut from = 0;
        for band in 1..=BANDS {
            let Some(most) = (wages.len() * band / BANDS)
                .checked_sub(1)
                .map(|last| wages[last])
            else {
                continue;
            };
            let until = wages.partition_point(|wage| *wage <= most);
            if from < until {
                bands.push(Some((wages[from], most)));
                from = until;
            }
        }
        bands.push(None);
        bands
    }

    /// The next of them.
    pub(super) fn next_block(&mut self) -> Option<Block> {
        let some = self.rows.get(self.at..)?;
        let some = &some[..some.len().min(self.block)];
        if some.is_empty() {
            return None;
        }
        self.at += some.len();
        Some(Block {
            persons: self.crowd.persons.select(some.iter().copied()),
        })
    }
}

impl Block {
    pub(super) fn len(&self) -> usize {
        self.persons.len()
    }

    pub(super) fn district(&self, row: usize) -> usize {
        usize::from(self.persons.person(row).district)
    }

    /// The wage, or the base somebody chose.
    pub(super) fn wage(&self, row: usize) -> Option<Fen> {
        wage(&self.persons, row)
    }
}

fn wage(persons: &Persons, row: usize) -> Option<Fen> {
    let person = persons.person(row);
    person.wage.or(person.chosen_base).map(Fen)
}
