//! By which numbers do registers know them? Identity numbers and credit codes with valid check characters that nobody
//! was ever issued.
//!
//! GB/T 2260 gives areas of China two digits for the province, from 11 to 82; numbers of foreigners' permanent residence
//! begin with 9 and the province's two digits. So nothing real begins with 99: the areas from 990000 on are the city's, and
//! whatever begins so can be told as made up.
//!
//! No two persons share a number, by construction. A person's number is shuffled among 2^27; the remainder by the days of
//! the month of birth is the day, and the quotient, below 2^27 / 28, is counted by area and sequence, five hundred of one
//! sex in each area.

use crate::chance::{Chance, Subject};
use crate::insured::Insured;
use crate::layout::Workplace;
use crate::shuffle::Shuffle;
use measure::{CreditCode, Day, IdentityNumber, Month};
use std::ops::RangeInclusive;

/// How many persons have identity numbers: a city has no more.
pub const MOST_PEOPLE: u64 = 1 << 27;
/// The first area of the city's own.
const FIRST_AREA: u64 = 990_000;
/// Sequences of one sex in an area: odd for men.
const SEQUENCES: u64 = 500;

/// Gives identity numbers.
#[derive(Clone, Debug)]
pub(crate) struct Registry {
    shuffle: Shuffle,
    calendar: Calendar,
}

impl Registry {
    pub(crate) fn new(seed: u64) -> Registry {
        Registry {
            shuffle: Shuffle::new(Chance::of(seed, Subject::Identity, 0).key(), MOST_PEOPLE),
            calendar: Calendar::new(),
        }
    }

    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The number of a person's day of birth, and the identity number.
    pub(crate) fn identity(&self, insured: &Insured) -> (i32, [u8; 18]) {
        let (first, days) = self.calendar.month(insured.birth_month);
        let at = self.shuffle.forth(insured.number);
        let (day, counted) = (at % days, at / days);
        let day = u8::try_from(day).expect("a day of a month");
        let month = u8::try_from(insured.birth_month.rem_euclid(12)).expect("below 12");
        let born = Day::new(insured.birth_month.div_euclid(12), month + 1, day + 1)
            .expect("a day of this century or the last");
        let area = area(FIRST_AREA + counted / SEQUENCES);
        let area = std::str::from_utf8(&area).expect("digits");
        let sequence = 2 * (counted % SEQUENCES) + u64::from(insured.sex == 0);
        let number = IdentityNumber::new(area, born, u16::try_from(sequence).expect("below 1000"))
            .expect("2^27 / 28 / 500 is below 10,000, so the area has six digits");
        let mut characters = [0; 18];
        characters.copy_from_slice(number.reveal().as_bytes());
        (first + i32::from(day), characters)
    }
}

/// An area's six digits.
fn area(number: u64) -> [u8; 6] {
    [100_000, 10_000, 1_000, 100, 10, 1].map(|power| {
        let digit = u8::try_from(number / power % 10).expect("below 10");
        b'0' + digit
    })
}

/// Whether an identity number is one of a city's, and so nobody's.
#[must_use]
pub fn is_synthetic(number: &IdentityNumber) -> bool {
    number.area_code().starts_with("99")
}

/// An employer's credit code: registered as an enterprise in an area of the city's own, one for each size.
pub(crate) fn credit_code(workplace: Workplace) -> [u8; 18] {
    let area = FIRST_AREA + workplace.level as u64;
    let organisation = workplace.ordinal % 100_000_000;
    let check = organisation_check(organisation);
    let text = format!("91{area}{organisation:08}{check}");
    let code = CreditCode::complete(&text).expect("digits, and a check character that is allowed");
    let mut characters = [0; 18];
    characters.copy_from_slice(code.as_str().as_bytes());
    characters
}

/// GB 11714: the check character of an organisation's eight digits.
fn organisation_check(organisation: u64) -> char {
    const WEIGHTS: [u64; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let (mut rest, mut sum) = (organisation, 0);
    for weight in WEIGHTS.into_iter().rev() {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(u32::try_from(digit).expect("below 10"), 10).expect("a digit"),
    }
}

/// The first days of the months a city can speak of.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    first_days: Vec<i32>,
}

/// From the birth of the oldest to long after any month asked for.
const YEARS: RangeInclusive<i32> = 1900..=2150;

impl Calendar {
    fn new() -> Calendar {
        let months = YEARS.start() * 12..(YEARS.end() + 1) * 12;
        let first_day = |index| {
            let month = Month::from_index(index).expect("a month of these years");
            month.first_day().number()
        };
        Calendar {
            first_days: months.map(first_day).collect(),
        }
    }

    /// The number of a month's first day, and how many days it has.
    pub(crate) fn month(&self, index: i32) -> (i32, u64) {
        let place = usize::try_from(index - YEARS.start() * 12).expect("a month of these years");
        let (first, next) = (self.first_days[place], self.first_days[place + 1]);
        (first, u64::from(next.abs_diff(first)))
    }

    /// The number of a month's first day.
    pub(crate) fn first_day(&self, index: i32) -> i32 {
        self.month(index).0
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_PEOPLE, Registry, organisation_check};
    use crate::City;
    use crate::layout::BLOCK;
    use measure::IdentityNumber;
    use proptest::prelude::*;

    proptest! {
        /// Nothing of a person's number is lost in the identity number, so two persons never share one.
        #[test]
        fn an_identity_number_tells_whose_it_is(seed: u64, number in 0..MOST_PEOPLE) {
            let (city, registry) = (City::new(seed), Registry::new(seed));
            let insured = city.insured(&city.layout.block(seed, number / BLOCK), number);
            let (born, characters) = registry.identity(&insured);
            let identity = IdentityNumber::parse(std::str::from_utf8(&characters).unwrap()).unwrap();
            prop_assert_eq!(identity.birth().number(), born);
            prop_assert_eq!(identity.birth().month().index(), insured.birth_month);
            let sequence: u64 = identity.reveal()[14..17].parse().unwrap();
            let area: u64 = identity.area_code().parse().unwrap();
            let counted = (area - 990_000) * 500 + sequence / 2;
            let (_, days) = registry.calendar().month(insured.birth_month);
            let at = counted * days + u64::from(identity.birth().day_of_month()) - 1;
            prop_assert_eq!(registry.shuffle.back(at), number);
        }
    }

    #[test]
    fn the_check_character_of_an_organisation() {
        // By hand: 8 digits 1 to 8 weigh 3 + 14 + 27 + 40 + 25 + 48 + 28 + 16 = 201, and 201 = 18 × 11 + 3.
        assert_eq!(organisation_check(12_345_678), '8');
        assert_eq!(organisation_check(0), '0');
        // 1 × 2 leaves 9; 5 × 2 leaves 1, and 6 × 2 leaves 10, which is an X.
        assert_eq!(organisation_check(1), '9');
        assert_eq!(organisation_check(6), 'X');
    }
}
