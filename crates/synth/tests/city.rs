//! The city against the published figures it follows, and against itself.

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

/// A table of `data/` as published, read anew: comment, headings, rows.
fn table(text: &'static str) -> Vec<Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').collect()).collect()
}

/// Holds when `count` of `n` draws may well have come from the share `part / whole`: within five standard deviations,
/// that is once in about 1.7 million honest tests it does not. Squared, to stay in whole numbers:
/// (count × whole - n × part)² ≤ 25 × n × part × (whole - part).
fn follows(what: &str, count: u64, n: u64, part: u64, whole: u64) {
    let [count, n, part, whole] = [count, n, part, whole].map(i128::from);
    let off = count * whole - n * part;
    assert!(
        off * off <= 25 * n * part * (whole - part),
        "{what}: {count} of {n}, published {part} of {whole}"
    );
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
fn districts_follow_the_census() {
    let (city, persons) = city();
    let rows = table(include_str!("../data/districts.csv"));
    let whole = rows.iter().map(|row| row[3].parse::<u64>().unwrap()).sum();
    // The total that was seen on an official page.
    assert_eq!(whole, 32_054_159);
    for (number, row) in rows.iter().enumerate() {
        let mine = count(&persons, |person| usize::from(person.district) == number);
        assert_eq!(city.districts()[number].name, row[2]);
        follows(row[2], mine, PEOPLE, row[3].parse().unwrap(), whole);
    }
}

#[test]
fn sex_and_age_follow_the_bulletin_of_2022() {
    let (_, persons) = city();
    follows(
        "men",
        count(&persons, |person| person.sex == 0),
        PEOPLE,
        16_231_700,
        32_133_400,
    );
    // Whole years of age at the end of 2024.
    let age = |person: &Person| (2024 * 12 + 11 - person.birth_month).div_euclid(12);
    let whole = 19_921_800 + 7_121_100;
    for (first, last, residents) in [
        (16, 59, 19_921_800),
        (60, 64, 7_121_100 - 5_881_600),
        (65, 120, 5_881_600),
    ] {
        let mine = count(&persons, |person| (first..=last).contains(&age(person)));
        follows(
            &format!("{first} to {last}"),
            mine,
            PEOPLE,
            residents,
            whole,
        );
    }
}

#[test]
fn industries_follow_the_sectors_of_2022() {
    let (_, persons) = city();
    // Only the tertiary sector has classes 1 and 2 (80 of 100), only the secondary class 4 (35 of 100): see shape.csv.
    follows(
        "1 and 2",
        count(&persons, |person| person.industry_class < 2),
        PEOPLE,
        512 * 80,
        (512 + 252) * 100,
    );
    follows(
        "4",
        count(&persons, |person| person.industry_class == 3),
        PEOPLE,
        252 * 35,
        (512 + 252) * 100,
    );
}

#[test]
fn wages_are_skewed_about_the_published_average_and_above_the_minimum() {
    let (city, persons) = city();
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
    for person in &persons {
        let minimum = if city.districts()[usize::from(person.district)].minimum_wage_class == 1 {
            233_000
        } else {
            220_000
        };
        assert!(person.wage.is_none_or(|wage| wage >= minimum), "{person:?}");
    }
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
