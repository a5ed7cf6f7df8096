//! However dues are gathered and joined, the bills are what they come to.

use city::dues::{Added, Bills, Due, Of, Payer};
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use measure::Fen;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A due of few who pay, so that many stand on one bill; some of them give back.
fn due(number: u32) -> Due {
    let digit = |place: u32, of: u32| i64::from(number / place % of);
    let employer = EmployerId::new(digit(1, 300));
    let (scheme, category) = match employer {
        Some(_) => (Scheme::WorkInjury, Category::Employee),
        None if digit(300, 2) == 0 => (Scheme::ResidentPension, Category::Resident),
        None => (Scheme::EmployeePension, Category::Individual),
    };
    Due {
        person: PersonId::new(1 + digit(600, 90)).unwrap(),
        scheme,
        category,
        employer,
        district: District::new(500_101 + i32::try_from(digit(54_000, 5)).unwrap()).unwrap(),
        base: Fen(1_000),
        employer_due: Fen(digit(270_000, 9) - 4),
        person_due: Fen(digit(2_430_000, 7) - 3),
        credit: Fen(digit(17_010_000, 5) - 2),
    }
}

/// One by one, in a map.
fn one_by_one(dues: &[Due]) -> BTreeMap<Of, Added> {
    let mut bills: BTreeMap<Of, Added> = BTreeMap::new();
    let mut add = |payer, due: &Due, amount: i64, credit: i64| {
        let sum = bills.entry((payer, due.scheme, due.district)).or_default();
        sum.lines += 1;
        sum.amount = Fen(sum.amount.0 + amount);
        sum.credit = Fen(sum.credit.0 + credit);
    };
    for due in dues {
        let (from_employer, from_person) = (due.employer_due.0, due.person_due.0);
        let own = Payer::Person(due.person);
        match (due.employer, due.category) {
            (Some(employer), _) => {
                let both = from_employer + from_person;
                add(Payer::Employer(employer), due, both, due.credit.0);
            }
            (None, Category::Resident) => {
                let treasury = Payer::Treasury(due.district);
                add(treasury, due, from_employer, from_employer);
                add(own, due, from_person, due.credit.0 - from_employer);
            }
            (None, _) => add(own, due, from_person, due.credit.0),
        }
    }
    bills.retain(|_, sum| sum.amount != Fen(0));
    bills
}

fn all(bills: &mut Bills, dues: &[Due]) {
    dues.iter().for_each(|due| bills.take(due).unwrap());
}

fn check(dues: &[Due], cut: usize) {
    let expected = one_by_one(dues);
    let (before, after) = dues.split_at(cut);
    let (mut bills, mut others) = (Bills::default(), Bills::default());
    all(&mut bills, before);
    all(&mut others, after);
    bills.join(others).unwrap();
    assert_eq!(bills.clone().unequal(&expected), Ok(0));
    let rows = bills.rows().unwrap();
    assert_eq!(rows, expected.into_iter().collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn some_joined_with_others(numbers in vec(any::<u32>(), 0..80), cut in 0_usize..80) {
        let dues: Vec<Due> = numbers.into_iter().map(due).collect();
        check(&dues, cut.min(dues.len()));
    }
}

/// So many that they are sorted in several times before they are joined.
#[test]
fn half_a_million() {
    let step = 2_654_435_761_u32;
    let dues: Vec<Due> = (0..500_000_u32)
        .map(|place| due(place.wrapping_mul(step)))
        .collect();
    check(&dues, 350_000);
}

#[test]
fn what_is_not_billed_or_billed_otherwise_is_counted() {
    let dues: Vec<Due> = (0..9).map(|place| due(270_000 * 5 + place)).collect();
    let mut bills = Bills::default();
    all(&mut bills, &dues);
    let mut billed = one_by_one(&dues);
    assert!(3 < billed.len());
    billed.pop_first().unwrap();
    assert_eq!(bills.clone().unequal(&billed), Ok(1));
    // Of another amount, it is missing as it is and too many as it stands there.
    billed.first_entry().unwrap().get_mut().lines += 1;
    assert_eq!(bills.unequal(&billed), Ok(3));
}

#[test]
fn more_than_an_amount_can_be_is_refused() {
    let much = Due {
        employer_due: Fen(i64::MAX),
        person_due: Fen(0),
        ..due(7)
    };
    let mut bills = Bills::default();
    all(&mut bills, &[much, much]);
    assert!(bills.clone().rows().is_err());
    assert!(bills.unequal(&BTreeMap::new()).is_err());
}
