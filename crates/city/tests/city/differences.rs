//! Added to what was in force, the differences are what is due now.

use city::differences::{Difference, Part, differences};
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use measure::Fen;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn due((person, scheme, employer, district, amount): (i64, usize, i64, i32, i64)) -> Due {
    Due {
        person: PersonId::new(person).unwrap(),
        scheme: Scheme::ALL[scheme],
        category: Category::Employee,
        employer: EmployerId::new(employer),
        district: District::new(500_100 + district).unwrap(),
        base: Fen(amount * 10),
        employer_due: Fen(amount * 2),
        person_due: Fen(amount),
        credit: Fen(if scheme == 0 { amount } else { 0 }),
    }
}

/// A month's dues: one a person, scheme and employer at most.
fn a_month() -> impl Strategy<Value = Vec<Due>> {
    let row = (1_i64..6, 0_usize..3, 0_i64..3, 1_i32..3, 1_i64..4);
    vec(row, 0..12).prop_map(|rows| {
        let dues = rows.into_iter().map(due);
        let key = |due: &Due| (due.person, due.scheme, due.employer);
        let of: BTreeMap<_, _> = dues.map(|due| (key(&due), due)).collect();
        of.into_values().collect()
    })
}

type Sums = BTreeMap<(i64, i16, i64, i32), [i64; 4]>;

fn add(sums: &mut Sums, due: &Due) {
    let employer = due.employer.map_or(0, EmployerId::number);
    let key = (
        due.person.number(),
        due.scheme.code(),
        employer,
        due.district.code(),
    );
    let sum = sums.entry(key).or_default();
    let amounts = [due.base, due.employer_due, due.person_due, due.credit];
    for (sum, amount) in sum.iter_mut().zip(amounts) {
        *sum += amount.0;
    }
}

proptest! {
    #[test]
    fn what_is_added_up_is_what_is_due(months in vec(a_month(), 1..5), silent in 1_i64..8) {
        let without = |due: &Due| due.person.number() == silent;
        let mut in_force: Vec<Due> = Vec::new();
        let mut counted: BTreeMap<(i64, i16), i32> = BTreeMap::new();
        for now in months {
            let now: Vec<Due> = now.into_iter().filter(|due| due.person.number() != silent).collect();
            let found = differences(in_force.clone(), &now, without).unwrap();
            let keys: BTreeSet<_> = found.iter().map(|line| (line.due.person, line.due.scheme, line.due.employer, line.part)).collect();
            prop_assert_eq!(keys.len(), found.len(), "a key twice");
            for line in &found {
                *counted.entry((line.due.person.number(), line.due.scheme.code())).or_default() += line.months();
            }
            in_force.extend(found.into_iter().map(|line| line.due));
            let (mut have, mut want) = (Sums::new(), Sums::new());
            in_force.iter().for_each(|due| add(&mut have, due));
            now.iter().for_each(|due| add(&mut want, due));
            have.retain(|_, sum| *sum != [0; 4]);
            prop_assert_eq!(have, want);
            for (key, months) in &counted {
                let due_now = now.iter().filter(|due| (due.person.number(), due.scheme.code()) == *key);
                prop_assert_eq!(usize::try_from(*months), Ok(due_now.count()));
            }
        }
    }
}

#[test]
fn of_whom_the_law_says_nothing_now_all_stays() {
    let before = due((1, 0, 1, 1, 100));
    let found = differences([before], &[], |_| true).unwrap();
    assert_eq!(found, []);
    let found = differences([before], &[], |_| false).unwrap();
    let back = Difference {
        part: Part::GivenBack,
        due: due((1, 0, 1, 1, -100)),
    };
    assert_eq!(found, [back]);
}

#[test]
fn of_two_employers_the_one_that_the_law_says_nothing_of_stays_and_the_other_is_not_charged_again()
{
    let (one, other) = (due((1, 2, 1, 1, 100)), due((1, 2, 2, 1, 50)));
    let silent = |due: &Due| due.employer == one.employer;
    assert_eq!(differences([one, other], &[other], silent).unwrap(), []);
    let back = Difference {
        part: Part::GivenBack,
        due: due((1, 2, 2, 1, -50)),
    };
    assert_eq!(differences([one, other], &[], silent).unwrap(), [back]);
}
