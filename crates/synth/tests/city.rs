//! The insured of the employees' scheme as the law reads them, against published wages and against themselves.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use measure::Month;
use proptest::prelude::*;
use std::collections::BTreeSet;
use synth::{City, Person};

const PEOPLE: u64 = 200_000;

fn city() -> (City, Vec<Person>) {
    let city = City::new(1);
    let persons = (0..PEOPLE).map(|number| city.person(number)).collect();
    (city, persons)
}

fn count(persons: &[Person], which: impl Fn(&Person) -> bool) -> u64 {
    persons
        .iter()
        .filter(|person| which(person))
        .count()
        .try_into()
        .unwrap()
}

proptest! {
    #[test]
    fn the_same_city_however_it_is_cut(seed: u64, mut cuts in prop::collection::vec(0_u64..500, 0..6)) {
        let city = City::new(seed);
        cuts.extend([0, 500]);
        cuts.sort_unstable();
        let whole = city.persons(0..500);
        let pieces = cuts.windows(2).flat_map(|cut| {
            let block = city.persons(cut[0]..cut[1]);
            (0..block.len()).map(|row| block.person(row)).collect::<Vec<_>>()
        });
        let pieces: Vec<Person> = pieces.collect();
        prop_assert_eq!(pieces.len(), whole.len());
        for (row, person) in pieces.iter().enumerate() {
            prop_assert_eq!(person, &whole.person(row));
        }
    }
}

#[test]
fn another_seed_is_another_city() {
    let birthdays = |seed| {
        (0..50)
            .map(|number| City::new(seed).person(number).birth_month)
            .collect::<Vec<_>>()
    };
    assert_ne!(birthdays(1), birthdays(2));
}

#[test]
fn wages_are_skewed_about_the_published_average() {
    let (_, persons) = city();
    let mut wages: Vec<i64> = persons.iter().filter_map(|person| person.wage).collect();
    wages.sort_unstable();
    let n = i128::try_from(wages.len()).unwrap();
    let sum: i128 = wages.iter().copied().map(i128::from).sum();
    // 88,065 yuan a year are 733,875 fen a month. The tolerance is five standard errors of the mean:
    // (sum - n × mean)² × n ≤ 25 × n² × variance.
    let mean = 733_875;
    let variance = wages
        .iter()
        .map(|wage| (i128::from(*wage) - mean).pow(2))
        .sum::<i128>()
        / n;
    let off = sum - n * mean;
    assert!(off * off <= 25 * n * variance, "mean {} of {n}", sum / n);
    assert!(
        i128::from(wages[wages.len() / 2]) < mean,
        "more than half earn less than the average"
    );
}

#[test]
fn an_individual_has_a_chosen_base_and_an_employee_a_wage() {
    let (_, persons) = city();
    let undeclared = count(&persons, |person| {
        person.insured_as == 0 && person.wage.is_none()
    });
    assert!(undeclared > 0, "some employer has not declared");
    for person in &persons {
        match person.insured_as {
            0 => assert_eq!(person.chosen_base, None),
            _ => assert!(person.wage.is_none() && person.chosen_base.is_some()),
        }
    }
    assert!(
        count(&persons, |person| person.chosen_base == Some(435_900)) > 0,
        "some chose last year's floor"
    );
}

#[test]
fn a_history_runs_from_the_first_contribution_through_the_month_without_a_missing_year() {
    let (city, persons) = city();
    let through = Month::parse("2025-08").unwrap();
    let mut lengths = BTreeSet::new();
    for person in persons.iter().step_by(7) {
        let history = city.history(person, through);
        let first = history.first().expect("everybody was insured by 2024");
        assert_eq!(
            first.year * 12 + first.first_month_paid - 1,
            person.first_insured_month
        );
        assert!(
            history
                .windows(2)
                .all(|pair| pair[1].year == pair[0].year + 1)
        );
        let last = history.last().unwrap();
        assert_eq!((last.year, last.interest_through), (2025, 8));
        assert!(last.months_paid > 0, "still paying");
        let idle = history.iter().filter(|year| year.months_paid == 0).count();
        assert_eq!(i32::try_from(idle).unwrap(), person.gap_years);
        lengths.insert(history.len());
    }
    assert!(lengths.len() > 20, "long and short careers: {lengths:?}");
    let before_the_first = Month::from_index(persons[0].first_insured_month - 1).unwrap();
    assert!(city.history(&persons[0], before_the_first).is_empty());
}
