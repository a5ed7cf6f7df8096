//! The city: a seed, a size and the published margins.

use crate::career::{self, ContributionYear, Histories};
use crate::columns::Persons;
use crate::identity::{MOST_PEOPLE, Registry};
use crate::layout::Layout;
use crate::margins::{District, Margins};
use crate::movements::Rates;
use crate::person::{self, Person};
use measure::Month;
use std::ops::Range;

/// A city of any number of insured persons, numbered from 0.
///
/// Facts are as known at the end of December 2024; careers and [changes](City::changes) go on from there for as long as is
/// asked for. The size only says who is left out: a larger city of the same seed begins with the same persons.
#[derive(Clone, Debug)]
pub struct City {
    pub(crate) seed: u64,
    pub(crate) people: u64,
    pub(crate) margins: Margins,
    pub(crate) layout: Layout,
    pub(crate) registry: Registry,
    pub(crate) rates: Rates,
}

impl City {
    /// The city of this seed, as large as can be.
    #[must_use]
    pub fn new(seed: u64) -> City {
        City::of(seed, MOST_PEOPLE)
    }

    /// The city of this seed with so many insured; at most [`MOST_PEOPLE`].
    #[must_use]
    pub fn of(seed: u64, people: u64) -> City {
        let layout = Layout::published();
        City {
            seed,
            people: people.min(MOST_PEOPLE),
            margins: Margins::published(layout.women_only()),
            layout,
            registry: Registry::new(seed),
            rates: Rates::made_up(),
        }
    }

    /// How many are insured.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.people
    }

    /// The districts, in the order in which [`Person::district`] counts them.
    #[must_use]
    pub fn districts(&self) -> &[District] {
        &self.margins.districts
    }

    /// Persons of these ranks in the employees' scheme, in columns as the law reads them. The same persons come out however
    /// ranks are cut into ranges.
    #[must_use]
    pub fn persons(&self, ranks: Range<u64>) -> Persons {
        let mut persons = Persons::default();
        for rank in ranks {
            persons.push(&self.person(rank));
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
