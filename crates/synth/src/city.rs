//! The city: a seed and the published margins.

use crate::career::{self, ContributionYear, Histories};
use crate::chance::Chance;
use crate::columns::Persons;
use crate::margins::{District, Margins};
use crate::person::{self, Person};
use measure::Month;
use std::ops::Range;

/// A city of any number of persons, numbered from 0.
///
/// Facts are as known at the end of December 2024; careers go on from there for as long as is asked for.
#[derive(Clone, Debug)]
pub struct City {
    seed: u64,
    margins: Margins,
}

impl City {
    /// The city of this seed.
    #[must_use]
    pub fn new(seed: u64) -> City {
        City {
            seed,
            margins: Margins::published(),
        }
    }

    /// The districts, in the order in which [`Person::district`] counts them.
    #[must_use]
    pub fn districts(&self) -> &[District] {
        &self.margins.districts
    }

    /// The person of this number.
    #[must_use]
    pub fn person(&self, number: u64) -> Person {
        person::make(&self.margins, Chance::new(self.seed, number))
    }

    /// Persons in columns. The same persons come out however their numbers are cut into ranges.
    #[must_use]
    pub fn persons(&self, numbers: Range<u64>) -> Persons {
        let mut persons = Persons::default();
        for number in numbers {
            persons.push(&self.person(number));
        }
        persons
    }

    /// What the codes of a column mean: members of the law's enumeration, in the order in which codes count them, by
    /// their English names, the districts by their Chinese ones. `None` for a column that holds no codes.
    #[must_use]
    pub fn members(&self, column: &str) -> Option<Vec<&str>> {
        Some(match column {
            "sex" => person::SEXES.to_vec(),
            "district" => self
                .margins
                .districts
                .iter()
                .map(|district| district.name.as_str())
                .collect(),
            "post" => person::POSTS.to_vec(),
            "insured-as" => person::STANDINGS.to_vec(),
            "industry-class" => person::INDUSTRIES.to_vec(),
            "rate-level" => person::LEVELS.to_vec(),
            _ => return None,
        })
    }

    /// A person's contribution years from the first through a month, ascending. A year in which nothing was paid has a
    /// record too, since the account bears interest in it.
    #[must_use]
    pub fn history(&self, person: &Person, through: Month) -> Vec<ContributionYear> {
        career::years(&self.margins.wages, person, through.index()).collect()
    }

    /// The histories of these persons through a month, in columns, in the order given.
    #[must_use]
    pub fn histories(
        &self,
        persons: impl IntoIterator<Item = Person>,
        through: Month,
    ) -> Histories {
        let mut histories = Histories::new();
        for person in persons {
            histories.push(career::years(&self.margins.wages, &person, through.index()));
        }
        histories
    }
}
