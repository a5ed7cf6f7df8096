//! An employer's month, row by row.

use crate::day;
use city::declarations::{
    Arrival, Chase, ChasingDays, Coverage, Decider, Declaration, DeclarationId, Insured, Intake,
    Known, MonthState, Movement, Row, State, Terms, Verdict, WageBounds, chase, intake,
};
use city::employers::EmployerId;
use city::insurance::{Scheme, Together};
use city::people::{Name, PersonId};
use city::refusal::Refused;
use measure::{Fen, IdentityNumber, Month};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// The identity number of the nth person of these tests.
fn number(nth: u16) -> IdentityNumber {
    IdentityNumber::new("500103", day("1990-01-01"), nth).unwrap()
}

fn person(nth: u16) -> PersonId {
    PersonId::new(i64::from(nth) + 1).unwrap()
}

fn insured(nth: u16, name: &str, yuan: i64) -> Insured {
    Insured {
        number: number(nth),
        person: person(nth),
        name: Name::new(name).unwrap(),
        wage: Some(Fen::from_yuan(yuan).unwrap()),
        paused: false,
    }
}

fn terms(coverage: Coverage, arrival: Arrival) -> Terms {
    let Ok(together) =
        Together::of(|one, other| Ok::<_, Infallible>(one == Scheme::WorkInjury || one != other));
    Terms {
        month: Month::parse("2025-06").unwrap(),
        employer: EmployerId::new(7).unwrap(),
        schemes: vec![
            Scheme::EmployeePension,
            Scheme::Unemployment,
            Scheme::WorkInjury,
        ],
        bounds: WageBounds {
            least: Fen::ZERO,
            most: Fen::from_yuan(10_000_000).unwrap(),
        },
        together,
        coverage,
        arrival,
    }
}

/// The staff: 1 张三 at 6000, 2 李四 at 7000 (paused), 3 王五 at 8000, 4 赵六 whose wage is not known.
fn staff() -> Vec<Insured> {
    vec![
        insured(1, "张三", 6_000),
        Insured {
            paused: true,
            ..insured(2, "李四", 7_000)
        },
        insured(3, "王五", 8_000),
        Insured {
            wage: None,
            ..insured(4, "赵六", 0)
        },
    ]
}

/// What the register has of others: 5 insured for the pension elsewhere, 6 only against work injury, 7 pays alone, 8 nowhere.
fn known(nth: u16) -> Option<Known> {
    let elsewhere = |scheme| vec![(scheme, EmployerId::new(9))];
    let known = Known {
        person: person(nth),
        name: Name::new("钱七").unwrap(),
        elsewhere: Vec::new(),
    };
    match nth {
        5 => Some(Known {
            elsewhere: elsewhere(Scheme::EmployeePension),
            ..known
        }),
        6 => Some(Known {
            elsewhere: elsewhere(Scheme::WorkInjury),
            ..known
        }),
        7 => Some(Known {
            elsewhere: vec![(Scheme::EmployeePension, None)],
            ..known
        }),
        8 => Some(known),
        _ => None,
    }
}

/// A verdict in few words.
fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Unchanged { person, wage } => format!("unchanged {person} {wage}"),
        Verdict::Changed {
            person,
            before,
            wage,
            resumed,
        } => {
            let before = before.map_or_else(|| String::from("none"), |before| before.to_string());
            let resumed = if *resumed { " resumed" } else { "" };
            format!("changed {person} {before} to {wage}{resumed}")
        }
        Verdict::Enrolled {
            person, wage, held, ..
        } => {
            let person = person.map_or_else(|| String::from("new"), |person| person.to_string());
            let but: Vec<String> = held
                .iter()
                .map(|(scheme, _)| format!(" but {}", scheme.in_law()))
                .collect();
            format!("enrolled {person} {wage}{}", but.concat())
        }
        Verdict::Ended { person } => format!("ended {person}"),
        Verdict::Faulty(faults) => {
            let codes = faults.iter().map(|fault| fault.reason.code());
            codes.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Rows, one after another in one file: person or text, name, wage or `leaves` -> verdict or codes.
const ROWS: &str = "
    1                  张三   6000        -> unchanged 2 6000.00
    1                  张三   6000        -> D0107
    2                  李四   7000        -> changed 3 7000.00 to 7000.00 resumed
    3                  王五   8000        -> unchanged 4 8000.00
    4                  赵六   6500.50     -> changed 5 none to 6500.50
    4                  赵六   leaves      -> D0107
    5                  钱七   6000        -> enrolled 6 6000.00 but employee-pension
    6                  钱七   6000        -> enrolled 7 6000.00
    6                  钱七   6000        -> D0107
    7                  钱七   6000        -> D0111
    8                  孙八   6000        -> D0104
    8                  钱七   leaves      -> D0107 D0112
    9                  周九   5000        -> enrolled new 5000.00
    10                 周九   -1          -> D0106
    11                 周九   10000000.01 -> D0106
    12                 周九   6000.005    -> D0105
    13                 周九   ¥6000       -> D0105
    14                 -      6000        -> D0103
    15                 -      六千        -> D0103 D0105
    500103199001010018 周九   6000        -> D0102
    50010319900101001  周九   6000        -> D0101
    张三               张三   6000        -> D0101
    16                 周九   leaves      -> D0112
";

#[test]
fn every_row_has_its_verdict() {
    let mut decider = Decider::new(terms(Coverage::Whole, Arrival::Any), staff());
    for (row, line) in (2..).zip(ROWS.lines().map(str::trim).filter(|line| !line.is_empty())) {
        let (given, expected) = line.split_once("->").unwrap();
        let words: Vec<&str> = given.split_whitespace().collect();
        let nth = words[0].parse::<u16>().ok();
        let identity = nth.map_or_else(
            || words[0].to_owned(),
            |nth| number(nth).reveal().to_owned(),
        );
        let leaves = words[2] == "leaves";
        let row = Row {
            number: row,
            identity: &identity,
            name: if words[1] == "-" { " " } else { words[1] },
            wage: if leaves { "" } else { words[2] },
            movement: if leaves {
                Movement::Leaves
            } else {
                Movement::Works
            },
        };
        let known = nth.and_then(known);
        assert_eq!(
            decider.unknown(&row).is_some(),
            nth.is_some_and(|nth| 4 < nth),
            "{line}"
        );
        let verdict = decider.decide(&row, known.as_ref()).unwrap();
        assert_eq!(shown(&verdict), expected.trim(), "{line}");
    }
    let tally = decider.tally();
    assert_eq!((tally.rows, tally.faulty, tally.enrolled), (23, 16, 3));
    assert_eq!(tally.wages, Fen::parse("44500.50").unwrap());
    assert_eq!(
        decider.missing().count(),
        0,
        "a faulty row is not a missing one"
    );
}

#[test]
fn faults_name_row_column_and_remedy_and_hide_the_person() {
    let mut decider = Decider::new(terms(Coverage::Part, Arrival::Any), staff());
    let identity = format!("{}8", &number(1).reveal()[..17]);
    let row = Row {
        number: 1_204,
        identity: &identity,
        name: "张三丰",
        wage: "6000",
        movement: Movement::Works,
    };
    let Verdict::Faulty(faults) = decider.decide(&row, None).unwrap() else {
        panic!("the check character is wrong");
    };
    let fault = &faults[0];
    assert_eq!(
        (fault.row, fault.value.as_str()),
        (1_204, "500103********0018")
    );
    assert_eq!(
        fault.reason.to_string(),
        "D0102: the check character of the identity number does not fit; compare it with the card: a digit is mistyped or \
         two are swapped"
    );
    let right = number(1);
    let row = Row {
        identity: right.reveal(),
        ..row
    };
    let Verdict::Faulty(faults) = decider.decide(&row, None).unwrap() else {
        panic!("the register has another name");
    };
    assert_eq!(faults[0].value, "张***");
}

#[test]
fn who_is_missing_from_the_whole() {
    let missing = |coverage| {
        let mut decider = Decider::new(terms(coverage, Arrival::Any), staff());
        let identity = number(1);
        let row = Row {
            number: 2,
            identity: identity.reveal(),
            name: "张三",
            wage: "6000",
            movement: Movement::Works,
        };
        decider.decide(&row, None).unwrap();
        decider
            .missing()
            .map(|missing| missing.person.number())
            .collect::<Vec<_>>()
    };
    assert_eq!(missing(Coverage::Whole), [3, 4, 5]);
    assert!(missing(Coverage::Part).is_empty());
}

#[test]
fn sorted_files_keep_no_numbers() {
    let mut decider = Decider::new(terms(Coverage::Whole, Arrival::Sorted), staff());
    let mut decide = |row: u32, nth: u16| {
        let identity = number(nth);
        let row = Row {
            number: row,
            identity: identity.reveal(),
            name: "张三",
            wage: "6000",
            movement: Movement::Works,
        };
        shown(&decider.decide(&row, None).unwrap())
    };
    assert_eq!(decide(2, 1), "unchanged 2 6000.00");
    assert_eq!(decide(3, 1), "D0107");
    assert_eq!(decide(4, 20), "enrolled new 6000.00");
    assert_eq!(decide(5, 20), "D0107");
    assert_eq!(decide(6, 10), "D0108");
    assert_eq!(decide(7, 2), "D0108 D0104");
}

#[test]
fn what_a_file_is_taken_in_as() {
    let holds = |id: i64, state, hash: u8| Declaration {
        id: DeclarationId::new(id).unwrap(),
        employer: EmployerId::new(7).unwrap(),
        month: Month::parse("2025-06").unwrap(),
        state,
        file_hash: [hash; 32],
        supersedes: None,
    };
    let check = |earlier: &[Declaration], hash: u8, month, expected: Result<Intake, &str>| {
        let outcome = intake(earlier, &[hash; 32], month).map_err(|refusal| refusal.code());
        assert_eq!(outcome, expected);
    };
    let first = holds(1, State::Accepted, 1);
    let amended = [holds(1, State::Superseded, 1), holds(2, State::Accepted, 2)];
    let (one, two) = (first.id, amended[1].id);
    check(&[], 1, MonthState::Open, Ok(Intake::First));
    check(&[], 1, MonthState::Ahead, Err("D0121"));
    check(
        &[],
        1,
        MonthState::Sealed,
        Ok(Intake::Late { amends: None }),
    );
    check(
        std::slice::from_ref(&first),
        1,
        MonthState::Open,
        Err("D0109"),
    );
    check(
        std::slice::from_ref(&first),
        1,
        MonthState::Sealed,
        Err("D0109"),
    );
    check(
        std::slice::from_ref(&first),
        2,
        MonthState::Open,
        Ok(Intake::Amends(one)),
    );
    check(&amended, 1, MonthState::Open, Ok(Intake::Amends(two)));
    check(&amended, 2, MonthState::Open, Err("D0109"));
    check(
        &amended,
        3,
        MonthState::Sealed,
        Ok(Intake::Late { amends: Some(two) }),
    );
    check(
        &[holds(1, State::Undone, 1)],
        1,
        MonthState::Open,
        Ok(Intake::First),
    );
}

#[test]
fn when_an_employer_is_asked() {
    let days = ChasingDays::new(vec![1, 5, 15]).unwrap();
    let due = day("2025-06-30");
    let check = |today: &str, sent: usize, expected: Option<(usize, &str)>| {
        let expected = expected.map(|(time, since)| Chase {
            time,
            since: day(since),
        });
        assert_eq!(
            chase(&days, due, sent, day(today)),
            expected,
            "{today} after {sent}"
        );
    };
    check("2025-06-30", 0, None);
    check("2025-07-01", 0, Some((1, "2025-07-01")));
    check("2025-07-04", 1, None);
    check("2025-07-05", 1, Some((2, "2025-07-05")));
    check("2025-08-30", 0, Some((3, "2025-07-15")));
    check("2025-08-30", 3, None);
    assert!(ChasingDays::new(vec![1, 1]).is_none());
}

proptest! {
    /// Whatever the order of the rows, a person counts once: the model is a map of who came first.
    #[test]
    fn every_person_counts_once(rows in proptest::collection::vec(0..12_u16, 0..40)) {
        let mut decider = Decider::new(terms(Coverage::Whole, Arrival::Any), staff());
        let mut first: BTreeMap<u16, u32> = BTreeMap::new();
        let (mut faulty, mut wages) = (0, 0_i64);
        for (row, nth) in (2..).zip(rows) {
            let name = staff().iter().find(|insured| insured.number == number(nth)).map(|insured| insured.name.clone());
            let name = name.unwrap_or_else(|| Name::new("周九").unwrap());
            let identity = number(nth);
            let row = Row { number: row, identity: identity.reveal(), name: name.reveal(), wage: "5000", movement: Movement::Works };
            let verdict = decider.decide(&row, None).unwrap();
            let again = first.contains_key(&nth);
            first.entry(nth).or_insert(row.number);
            if again { faulty += 1 } else { wages += 500_000 }
            prop_assert_eq!(shown(&verdict).contains("D0107"), again);
        }
        prop_assert_eq!(decider.tally().faulty, faulty);
        prop_assert_eq!(decider.tally().wages, Fen(wages));
        let unseen = (1..=4_u16).filter(|nth| !first.contains_key(nth)).count();
        prop_assert_eq!(decider.missing().count(), unseen);
    }
}
