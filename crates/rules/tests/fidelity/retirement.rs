//! The statutory age: the rows seen, and the closed form for every month of birth.

use crate::asking::{Question, Stored, day, law, none, rule};
use crate::rows;
use rules::columns::{Batch, Plan, Results, Slot};
use rules::law::{Item, Type};

/// The groups: as the rows call them, as the law does, and by the facts that lead to them.
const GROUPS: [(&str, &str, &str); 3] = [
    ("M60", "male-60", r#""sex": "male""#),
    (
        "F55",
        "female-55",
        r#""sex": "female", "post": "management""#,
    ),
    ("F50", "female-50", r#""sex": "female", "post": "worker""#),
];

#[test]
fn every_row_seen() {
    let mut faults = Vec::new();
    for row in rows::of("retirement_rows.csv") {
        let group = GROUPS
            .iter()
            .find(|group| group.0 == row.cell("group"))
            .expect("one of the three groups");
        let birth = row.cell("birth_year_month");
        let by_facts = format!(r#"{{{}, "birth-month": "{birth}"}}"#, group.2);
        let by_group = format!(
            r#"{{"retirement-group": "{}", "birth-month": "{birth}"}}"#,
            group.1
        );
        for given in [&by_facts, &by_group] {
            for as_of in ["2025-01-01", "2026-06-30", "2040-12-31"] {
                let question = Question {
                    at: "cn",
                    as_of,
                    given,
                };
                let parts = [
                    ("retirement-delay", row.cell("delay_months")),
                    ("statutory-retirement-age", row.cell("statutory_age")),
                    ("statutory-retirement-month", row.cell("retire_year_month")),
                ];
                let wrong = parts
                    .iter()
                    .filter_map(|(name, expected)| question.fault(name, expected));
                faults.extend(wrong.map(|fault| format!("{}: {fault}", row.origin())));
            }
        }
    }
    none(&faults);
}

/// The closed form, in months since year 0: the delay, the month of retirement.
fn closed_form(group: &str, year: i64, month: i64) -> (i64, i64) {
    let (age, step, cap) = match group {
        "M60" => (60, 4, 36),
        "F55" => (55, 4, 36),
        _ => (50, 2, 60),
    };
    let elapsed = (year + age - 2025) * 12 + month;
    let delay = (elapsed + step - 1).div_euclid(step).clamp(0, cap);
    (delay, (year + age) * 12 + month - 1 + delay)
}

/// The least time of contributions for a monthly pension, in months, year by year from 2029 on.
fn minimum(year: i64) -> i64 {
    const FROM_2029: [i64; 11] = [180, 186, 192, 198, 204, 210, 216, 222, 228, 234, 240];
    let place = usize::try_from((year - 2029).max(0)).expect("not before 2029");
    FROM_2029[place.min(10)]
}

const ASKED: [&str; 6] = [
    "retirement-delay",
    "statutory-retirement-age",
    "statutory-retirement-month",
    "earliest-retirement-month",
    "latest-retirement-month",
    "minimum-contribution",
];

/// Births of 1950 to 2010 in each group: what the rules say in columns, and for one case, is what the closed form says.
#[test]
fn every_month_of_birth_by_the_closed_form() {
    let births: Vec<i64> = (1950 * 12..2011 * 12).collect();
    for (group, member, by_facts) in GROUPS {
        let columns = in_columns(member, &births);
        for (place, &birth) in births.iter().enumerate() {
            let (year, month) = (birth.div_euclid(12), birth.rem_euclid(12) + 1);
            let (delay, retires) = closed_form(group, year, month);
            let earliest = (retires - delay).max(retires - 36);
            let least = minimum(retires.div_euclid(12));
            let expected = [
                delay,
                retires - birth,
                retires,
                earliest,
                retires + 36,
                least,
            ];
            let got: Vec<i64> = columns.iter().map(|column| column[place]).collect();
            assert_eq!(got, expected, "{group} born {year}-{month:02}: {ASKED:?}");
            let given = format!(r#"{{{by_facts}, "birth-month": "{year}-{month:02}"}}"#);
            let one = Question {
                at: "cn",
                as_of: "2025-01-01",
                given: &given,
            };
            let retires = format!(
                "{}-{:02}",
                retires.div_euclid(12),
                retires.rem_euclid(12) + 1
            );
            assert_eq!(
                one.fault("statutory-retirement-month", &retires),
                None,
                "{group}"
            );
        }
    }
}

/// A column for each rule in [`ASKED`], for people of one group born in these months.
fn in_columns(member: &str, births: &[i64]) -> Vec<Vec<i64>> {
    let law = law("cn");
    let group = rule(law, "retirement-group");
    let Some(Item::Input(birth)) = law.names.get("birth-month") else {
        panic!("an input")
    };
    let Type::Enum(groups) = law[group].ty else {
        panic!("an enumeration")
    };
    let index = law[groups]
        .members
        .iter()
        .position(|names| names.id == member);
    let index = i64::try_from(index.expect("a member")).expect("three");
    let column = |slot, values| Stored {
        slot,
        values,
        missing: vec![false; births.len()],
    };
    let stored = [
        column(Slot::Rule(group), vec![index; births.len()]),
        column(Slot::Input(*birth), births.to_vec()),
    ];
    let columns = stored.iter().map(Stored::column).collect();
    let batch = Batch {
        rows: births.len(),
        columns,
        records: Vec::new(),
    };
    let present = [stored[0].slot, stored[1].slot];
    let asked = ASKED.map(|name| rule(law, name));
    let plan = Plan::new(law, day("2025-01-01"), &asked, &present, &[]).expect("it can be planned");
    assert!(plan.is_columnar(), "the statutory age is computed in lanes");
    let mut results = Results::default();
    plan.run(&mut plan.workspace(), &batch, &mut results);
    assert_eq!(results.refused, [], "{member}: nobody is refused");
    results.columns
}

/// Who would have retired before the reform began does; the first and last births of each step stand where the rows say.
#[test]
fn nobody_born_before_the_reform_is_delayed() {
    for (group, _, by_facts) in GROUPS {
        for birth in ["1900-01", "1930-06", "1949-12", "1964-12"] {
            let given = format!(r#"{{{by_facts}, "birth-month": "{birth}"}}"#);
            for as_of in ["2025-01-01", "2039-12-31", "2060-01-01"] {
                let question = Question {
                    at: "cn",
                    as_of,
                    given: &given,
                };
                assert_eq!(question.fault("retirement-delay", "0"), None, "{group}");
            }
        }
    }
}
