//! What do the city's registers hold? All facts as they stand at the end of December 2024, in columns for fast loading.
//!
//! Persons are known by their number plus one, so that each is above 0. In columns of numbers, 0 stands for none. Days are
//! counted from 1970-01-01, amounts are in fen, and the small numbers are those of [`codes`](crate::codes).

use crate::city::City;
use crate::codes::{relation, sex};
use crate::insured::{Insured, couple, parent};
use crate::layout::BLOCK;
use crate::names::{Texts, write_person};
use std::ops::Range;

/// The registers' rows about some persons. Each part is in columns of one length and in the order of persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    /// Each once.
    pub persons: PersonRows,
    /// One identity number each.
    pub identities: Identities,
    /// One each.
    pub residences: Residences,
    /// Some: a row for each of the two.
    pub households: Households,
    /// Of those who have an employer.
    pub employments: Employments,
    /// One to three each, at most one for each scheme.
    pub participations: Participations,
}

/// Persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRows {
    /// The person, above 0.
    pub person: Vec<i64>,
    /// See [`sex`].
    pub sex: Vec<u8>,
    /// The day of birth.
    pub born: Vec<i32>,
    /// The name.
    pub name: Texts,
}

/// Identity numbers, in plain characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// Whose.
    pub person: Vec<i64>,
    /// Eighteen characters with a valid check; all begin with 99.
    pub number: Vec<[u8; 18]>,
}

/// Where persons live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Residences {
    /// Who.
    pub person: Vec<i64>,
    /// The district, by its code of six digits.
    pub district: Vec<i32>,
    /// Since which day.
    pub from: Vec<i32>,
}

/// Links between members of a household.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Households {
    /// Who.
    pub person: Vec<i64>,
    /// To whom.
    pub other: Vec<i64>,
    /// What the other is, see [`relation`].
    pub relation: Vec<u8>,
}

/// Employments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employments {
    /// Who.
    pub person: Vec<i64>,
    /// By whom.
    pub employer: Vec<i64>,
    /// See [`employment`](crate::codes::employment).
    pub kind: Vec<u8>,
    /// See [`post`](crate::codes::post).
    pub post: Vec<u8>,
    /// Since which day.
    pub from: Vec<i32>,
}

/// Participations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participations {
    /// Who.
    pub person: Vec<i64>,
    /// See [`scheme`](crate::codes::scheme).
    pub scheme: Vec<u8>,
    /// See [`category`](crate::codes::category).
    pub category: Vec<u8>,
    /// Through whom, or 0.
    pub employer: Vec<i64>,
    /// In which district: the employer's, or where the person lives; by its code.
    pub district: Vec<i32>,
    /// See [`status`](crate::codes::status).
    pub status: Vec<u8>,
    /// The monthly wage, the monthly base an individual chose, or what a resident pays a year, in fen; 0 for none.
    pub declared: Vec<i64>,
    /// Since which day.
    pub from: Vec<i32>,
}

impl City {
    /// The registers' rows about persons of these numbers, counted from 0; whoever lies beyond the city's size is left
    /// out. The same rows come out however numbers are cut into ranges.
    #[must_use]
    pub fn registers(&self, numbers: Range<u64>) -> Registers {
        let (start, end) = (numbers.start, numbers.end.min(self.people));
        let mut registers = Registers::with_room_for(end.saturating_sub(start));
        let mut at = start;
        while at < end {
            let block = self.layout.block(self.seed, at / BLOCK);
            let block_end = (block.index() + 1) * BLOCK;
            // Households are among four neighbours.
            while at < end.min(block_end) {
                let first = at / 4 * 4;
                let four = [0, 1, 2, 3].map(|offset| self.insured(&block, first + offset));
                for (place, insured) in four.iter().enumerate() {
                    if (at..end).contains(&insured.number) {
                        self.push(&mut registers, &four, place);
                    }
                }
                at = first + 4;
            }
        }
        registers
    }

    fn push(&self, registers: &mut Registers, four: &[Insured; 4], place: usize) {
        let (insured, neighbour) = (&four[place], &four[place ^ 1]);
        let (born, identity) = self.registry.identity(insured);
        let person = id(insured.number);
        let persons = &mut registers.persons;
        persons.person.push(person);
        persons.sex.push(match insured.sex {
            0 => sex::MALE,
            _ => sex::FEMALE,
        });
        persons.born.push(born);
        persons.name.push(|text| write_person(text, insured.chance));
        registers.identities.person.push(person);
        registers.identities.number.push(identity);
        let home = self.home(insured, neighbour);
        let residences = &mut registers.residences;
        residences.person.push(person);
        residences.district.push(self.code(home));
        residences.from.push(born);
        self.push_household(&mut registers.households, four, place);
        self.push_insurance(registers, insured, home);
    }

    fn push_household(&self, households: &mut Households, four: &[Insured; 4], place: usize) {
        let one = &four[place];
        let mut push = |other: &Insured, relation: u8| {
            if other.number < self.people {
                households.person.push(id(one.number));
                households.other.push(id(other.number));
                households.relation.push(relation);
            }
        };
        if couple(one, &four[place ^ 1]) {
            push(&four[place ^ 1], relation::SPOUSE);
        }
        let across = &four[place ^ 2];
        if place == 1 || place == 3 {
            return;
        }
        if parent(across, one) {
            push(across, relation::PARENT);
        } else if parent(one, across) {
            push(across, relation::CHILD);
        }
    }

    pub(crate) fn code(&self, district: u8) -> i32 {
        self.margins.districts[usize::from(district)].code
    }
}

/// The number of a person in the registers.
pub(crate) fn id(number: u64) -> i64 {
    i64::try_from(number).expect("a city has fewer than 2^27") + 1
}

impl Participations {
    fn reserve(&mut self, rows: usize) {
        self.person.reserve(rows);
        self.scheme.reserve(rows);
        self.category.reserve(rows);
        self.employer.reserve(rows);
        self.district.reserve(rows);
        self.status.reserve(rows);
        self.declared.reserve(rows);
        self.from.reserve(rows);
    }
}

impl Employments {
    fn reserve(&mut self, rows: usize) {
        self.person.reserve(rows);
        self.employer.reserve(rows);
        self.kind.reserve(rows);
        self.post.reserve(rows);
        self.from.reserve(rows);
    }
}

impl Registers {
    /// Empty, with room for about as many rows as so many persons have.
    fn with_room_for(persons: u64) -> Registers {
        let rows = usize::try_from(persons).unwrap_or(0);
        let mut registers = Registers::default();
        registers.persons.person.reserve(rows);
        registers.persons.sex.reserve(rows);
        registers.persons.born.reserve(rows);
        registers.identities.person.reserve(rows);
        registers.identities.number.reserve(rows);
        registers.residences.person.reserve(rows);
        registers.residences.district.reserve(rows);
        registers.residences.from.reserve(rows);
        // Of 1000 persons about 281 have work, and there are 1507 participations.
        let (work, parts) = (rows * 3 / 10 + 16, rows * 155 / 100 + 16);
        registers.persons.name.reserve(rows);
        registers.employments.reserve(work);
        registers.participations.reserve(parts);
        registers
    }
}
