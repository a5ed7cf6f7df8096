//! What changes from month to month, replayed on the registers by a plain model.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use measure::Month;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use synth::codes::{category, change, employment, scheme, status};
use synth::{Changes, City};

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn months(first: &str, count: i32) -> impl Iterator<Item = Month> {
    let first = month(first);
    (0..count).map(move |after| first.add_months(after).unwrap())
}

type Row = (i64, u8, i64, u8, i32, i64, i32);

fn rows(changes: &Changes) -> Vec<Row> {
    let c = changes;
    let row = |n: usize| {
        (
            c.person[n],
            c.change[n],
            c.employer[n],
            c.kind[n],
            c.district[n],
            c.declared[n],
            c.from[n],
        )
    };
    (0..c.person.len()).map(row).collect()
}

/// How the plain model knows somebody.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    Works { employer: i64, wage: i64 },
    Without,
    Paying,
    Paused,
    Settled,
}

fn at_the_end_of_2024(city: &City) -> BTreeMap<i64, Stands> {
    let registers = city.registers(0..city.people());
    let (x, e) = (&registers.participations, &registers.employments);
    let platform: BTreeSet<i64> = (0..e.person.len())
        .filter(|row| [employment::PLATFORM, employment::FLEXIBLE].contains(&e.kind[*row]))
        .map(|row| e.person[row])
        .collect();
    let mut stands = BTreeMap::new();
    for row in 0..x.person.len() {
        if ![scheme::EMPLOYEE_PENSION, scheme::RESIDENT_PENSION].contains(&x.scheme[row]) {
            continue;
        }
        let how = match (x.category[row], x.status[row]) {
            _ if platform.contains(&x.person[row]) => Stands::Settled,
            (_, status::ENDED) => Stands::Settled,
            (category::EMPLOYEE, _) => Stands::Works {
                employer: x.employer[row],
                wage: x.declared[row],
            },
            (category::INDIVIDUAL, status::PAUSED) => Stands::Paused,
            (category::INDIVIDUAL, _) => Stands::Paying,
            _ => Stands::Without,
        };
        stands.insert(x.person[row], how);
    }
    stands
}

#[test]
fn every_change_fits_how_the_person_then_stands() {
    let city = City::of(6, 30_000);
    let mut stands = at_the_end_of_2024(&city);
    let employers: BTreeSet<i64> = city
        .employers(0..city.employer_indices())
        .employer
        .into_iter()
        .collect();
    let mut counts = BTreeMap::new();
    for month in months("2025-01", 18) {
        let changes = city.changes(month, 0..30_000);
        assert!(
            changes.person.windows(2).all(|pair| pair[0] < pair[1]),
            "one a person, ascending"
        );
        for (person, what, employer, kind, district, declared, from) in rows(&changes) {
            *counts.entry(what).or_insert(0) += 1;
            assert_eq!(from, month.first_day().number());
            let now = stands.get_mut(&person).unwrap();
            assert_eq!(what == change::HIRED, kind != 0 && district != 0);
            *now = match (what, *now) {
                (change::HIRED, Stands::Without | Stands::Paying) => {
                    assert!(employers.contains(&employer) && declared >= 220_000);
                    assert!([employment::STANDARD, employment::DISPATCHED].contains(&kind));
                    Stands::Works {
                        employer,
                        wage: declared,
                    }
                }
                (change::LEFT, Stands::Works { employer: left, .. }) => {
                    assert_eq!((employer, declared), (left, 0));
                    Stands::Without
                }
                (
                    change::WAGE,
                    Stands::Works {
                        employer: same,
                        wage,
                    },
                ) => {
                    assert_eq!(employer, same);
                    // An employer who had not declared does so now.
                    assert!(declared != wage && declared >= 220_000);
                    assert!(
                        wage == 0
                            || (declared * 100 / wage) <= 112 && declared * 1_000 >= wage * 979
                    );
                    Stands::Works {
                        employer,
                        wage: declared,
                    }
                }
                (change::PAUSED, Stands::Paying) => Stands::Paused,
                (change::RESUMED, Stands::Paused) => Stands::Paying,
                (what, now) => panic!("{person}: change {what} of {now:?} in {month}"),
            };
        }
    }
    let counted: Vec<u8> = counts.keys().copied().collect();
    assert_eq!(
        counted,
        [
            change::HIRED,
            change::LEFT,
            change::WAGE,
            change::PAUSED,
            change::RESUMED
        ]
    );
    // Of some 7,500 employees one in a hundred leaves each month, and each has a review a year.
    assert!((900..=1_800).contains(&counts[&change::LEFT]), "{counts:?}");
    assert!(
        (7_500..=13_000).contains(&counts[&change::WAGE]),
        "{counts:?}"
    );
    assert!(
        counts[&change::HIRED] * 2 > counts[&change::LEFT],
        "{counts:?}"
    );
}

#[test]
fn months_differ_and_none_lies_before_2025() {
    let city = City::of(6, 20_000);
    assert_eq!(
        city.changes(month("2024-12"), 0..20_000),
        Changes::default()
    );
    let made: Vec<Changes> = months("2025-01", 14)
        .map(|month| city.changes(month, 0..20_000))
        .collect();
    for pair in made.windows(2) {
        assert!(!pair[0].person.is_empty());
        assert_ne!(pair[0].person, pair[1].person);
    }
    // The thirteenth month is not the first again.
    assert_ne!(made[0].person, made[12].person);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_changes_however_they_are_cut_and_in_a_larger_city(seed: u64, cut in 0_u64..9_000, after in 0_i32..30) {
        let month = month("2025-01").add_months(after).unwrap();
        let city = City::of(seed, 9_000);
        let whole = rows(&city.changes(month, 0..u64::MAX));
        let mut pieces = rows(&city.changes(month, 0..cut));
        pieces.extend(rows(&city.changes(month, cut..9_000)));
        prop_assert_eq!(&pieces, &whole);
        prop_assert_eq!(rows(&City::new(seed).changes(month, 0..9_000)), whole);
    }
}
