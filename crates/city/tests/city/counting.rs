//! Which of several participations in a month are paid on: against a look at every day of it.

use crate::day;
use city::dues::InForce;
use city::employers::EmployerId;
use city::facts::Span;
use city::insurance::{Category, Counting, Scheme, Together};
use city::people::PersonId;
use city::places::District;
use measure::{Day, Fen};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// Work injury through several employers, everything else through one.
fn counting(later: bool) -> Counting {
    let together = Together::of(|one, other| {
        Ok::<_, Infallible>((one, other) == (Scheme::WorkInjury, Scheme::WorkInjury))
    });
    let together = together.unwrap();
    Counting { together, later }
}

fn june(of: i32) -> Day {
    day("2025-06-01").add_days(of - 1).unwrap()
}

/// Through an employer from a day of June until before another; 31 is without end.
fn through(scheme: Scheme, (employer, from, until): (i64, i32, i32)) -> InForce {
    let until = (until < 31).then(|| june(until));
    InForce {
        person: PersonId::new(1).unwrap(),
        scheme,
        category: Category::Employee,
        employer: EmployerId::new(employer),
        district: District::new(500_103).unwrap(),
        declared: Some(Fen(i64::from(from))),
        valid: Span::new(june(from), until).unwrap(),
    }
}

/// The employers that pay, each with the day on which the participation began that counts.
fn paid(counting: &Counting, scheme: Scheme, of_one: &[(i64, i32, i32)]) -> Vec<(i64, i64)> {
    let mut of_one: Vec<InForce> = of_one.iter().map(|of| through(scheme, *of)).collect();
    of_one.sort_by_key(|entry| entry.valid.first());
    let mut found = Vec::new();
    counting.paid_on(&of_one, |entry| {
        found.push((entry.employer.unwrap().number(), entry.declared.unwrap().0));
    });
    found
}

#[test]
fn each_of_several_employers_pays_and_one_who_was_left_does_not() {
    let (later, earlier) = (counting(true), counting(false));
    let check = |of: &[(i64, i32, i32)], by_later: &[(i64, i64)], by_earlier: &[(i64, i64)]| {
        assert_eq!(paid(&later, Scheme::WorkInjury, of), by_later, "{of:?}");
        assert_eq!(paid(&earlier, Scheme::WorkInjury, of), by_earlier, "{of:?}");
    };
    check(&[(7, 1, 31)], &[(7, 1)], &[(7, 1)]);
    // Two at once.
    check(
        &[(7, 1, 31), (3, 5, 31)],
        &[(3, 5), (7, 1)],
        &[(3, 5), (7, 1)],
    );
    // Two at once for some days.
    check(
        &[(7, 1, 9), (3, 5, 31)],
        &[(3, 5), (7, 1)],
        &[(3, 5), (7, 1)],
    );
    // One after the other.
    check(&[(7, 1, 5), (3, 5, 31)], &[(3, 5)], &[(7, 1)]);
    // One all along, the other two one after the other.
    check(
        &[(7, 1, 31), (3, 1, 10), (5, 10, 31)],
        &[(5, 10), (7, 1)],
        &[(3, 1), (7, 1)],
    );
    // Another wage with one of them is no other employer.
    check(
        &[(7, 1, 15), (7, 15, 31), (3, 1, 9)],
        &[(3, 1), (7, 15)],
        &[(3, 1), (7, 1)],
    );
    // Where one pays, one does.
    assert_eq!(
        paid(&later, Scheme::EmployeePension, &[(7, 1, 31), (3, 5, 31)]),
        [(3, 5)]
    );
    assert_eq!(
        paid(&earlier, Scheme::EmployeePension, &[(7, 1, 31), (3, 5, 31)]),
        [(7, 1)]
    );
}

/// Somebody's participations of June: of one employer they do not overlap.
fn of_one() -> impl Strategy<Value = Vec<(i64, i32, i32)>> {
    let employer =
        (1_i32..30, 1_i32..12, 0_i32..4, 1_i32..12).prop_map(|(from, long, gap, again)| {
            let until = (from + long).min(31);
            let back = until + gap;
            let mut spans = vec![(from, until)];
            if again < 8 && back < 31 {
                spans.push((back, (back + again).min(31)));
            }
            spans
        });
    vec(employer, 1..5).prop_map(|employers| {
        let numbered = (1..).zip(employers);
        let all = numbered.flat_map(|(number, spans)| {
            spans
                .into_iter()
                .map(move |(from, until)| (number, from, until))
        });
        all.collect()
    })
}

proptest! {
    /// Whoever insures her on the day on which the last employer comes pays, or on the last day of the first that goes.
    #[test]
    fn all_pay_who_insure_her_when_the_last_comes_or_the_first_goes(of_one in of_one(), later in any::<bool>()) {
        let mut hulls: BTreeMap<i64, (i32, i32)> = BTreeMap::new();
        for (employer, from, until) in &of_one {
            let hull = hulls.entry(*employer).or_insert((*from, *until));
            *hull = (hull.0.min(*from), hull.1.max(*until));
        }
        let on = match later {
            true => hulls.values().map(|(from, _)| *from).max().unwrap(),
            false => hulls.values().map(|(_, until)| *until - 1).min().unwrap(),
        };
        let there = hulls.iter().filter(|(_, (from, until))| (*from..*until).contains(&on));
        let want: BTreeSet<i64> = there.map(|(employer, _)| *employer).collect();
        let found = paid(&counting(later), Scheme::WorkInjury, &of_one);
        let employers: Vec<i64> = found.iter().map(|(employer, _)| *employer).collect();
        prop_assert_eq!(&employers, &want.into_iter().collect::<Vec<_>>());
        for (employer, began) in found {
            let theirs = of_one.iter().filter(|(of, _, _)| *of == employer).map(|(_, from, _)| i64::from(*from));
            let counts = if later { theirs.max() } else { theirs.min() };
            prop_assert_eq!(Some(began), counts);
        }
    }
}
