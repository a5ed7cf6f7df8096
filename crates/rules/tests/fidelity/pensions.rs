//! The worked pensions: every row, with the tolerance its own check states.

use crate::asking::{Question, apart, at_most, none, number};
use crate::rows::{self, Row};

/// A row's id, what its `check` says, and how far each part (basic, account, transitional, total) may be off for that.
/// The parts that the check itself gives to the fen stand behind, and must come out exactly.
type Allowed = (
    &'static str,
    &'static str,
    [&'static str; 4],
    &'static [(&'static str, &'static str)],
);

/// A part truncated to the yuan is off by less than one yuan, a part rounded to it by at most half a yuan.
const ALLOWED: [Allowed; 7] = [
    (
        "E3",
        "source truncates/rounds each part to yuan",
        ["0.99", "0.99", "0.99", "0.99"],
        &[],
    ),
    (
        "E4",
        "exact sum 5349.17; source rounds basic 3140.51 to 3141",
        ["0.50", "0", "0", "0.50"],
        &[("monthly-pension", "5349.17"), ("basic-pension", "3140.51")],
    ),
    (
        "E6",
        "account part truncated (316.55)",
        ["0", "0.99", "0", "0.99"],
        &[
            ("account-pension", "316.55"),
            ("monthly-pension", "1291.55"),
        ],
    ),
    // Its amounts are whole yuan: the account part of 60,480 / 139 = 435.11 was rounded.
    (
        "E7",
        "account = 7000*0.6*8%*12*15 no interest (=60480)",
        ["0", "0.50", "0", "0.50"],
        &[],
    ),
    (
        "E9",
        "reproduces within 0.01 (page typo 6000)",
        ["0.01", "0.01", "0", "0.01"],
        &[],
    ),
    ("E10", "rounded to yuan", ["0.50", "0.50", "0", "0.50"], &[]),
    ("E13", "basic part only", ["0", "0", "0", "0"], &[]),
];

const PARTS: [(&str, &str); 4] = [
    ("basic", "basic-pension"),
    ("account_pension", "account-pension"),
    ("transitional", "transitional-pension"),
    ("total", "monthly-pension"),
];

/// The facts of a row. Its years are whole months to two decimals; its coefficient is the first percentage of its rule.
fn given(row: &Row) -> String {
    let months = number(row.cell("years"));
    let months = (2 * 12 * months.num + months.den) / (2 * months.den);
    let mut given = vec![
        format!(r#""age-at-retirement": "{}y""#, row.cell("age")),
        format!(r#""calculation-wage-used": "{}""#, row.cell("base")),
        format!(r#""average-index": "{}""#, row.cell("index")),
        format!(r#""contribution-months": {months}"#),
        // Old enough under any law asked here; the years of contributions are the row's matter, not the minimum.
        r#""minimum-reached": true"#.to_owned(),
    ];
    if !row.cell("account").is_empty() {
        given.push(format!(r#""account-balance": "{}""#, row.cell("account")));
    }
    if let Some((years, _)) = row.cell("deemed_years").split_once(' ') {
        given.push(format!(r#""deemed-months": "{years}y""#));
        let (coefficient, _) = row
            .cell("transition_rule")
            .split_once('%')
            .expect("a percentage");
        given.push(format!(
            r#""transitional-coefficient-used": "{coefficient}%""#
        ));
    }
    format!("{{{}}}", given.join(", "))
}

#[test]
fn every_worked_pension() {
    let mut faults = Vec::new();
    let rows = rows::of("pension_examples.csv");
    assert_eq!(rows.len(), ALLOWED.len(), "every row has its tolerance");
    for row in rows {
        let allowed = ALLOWED
            .iter()
            .find(|allowed| allowed.0 == row.cell("id"))
            .expect("a tolerance for the row");
        assert_eq!(
            row.cell("check"),
            allowed.1,
            "{}: the tolerance rests on this",
            row.origin()
        );
        let given = given(&row);
        // Before and after the reform: at a whole year of age the two differ in nothing.
        for as_of in ["2018-12-31", "2023-12-31", "2025-06-30"] {
            let question = Question {
                at: "cn",
                as_of,
                given: &given,
            };
            for ((column, name), within) in PARTS.iter().zip(allowed.2) {
                let printed = row.cell(column);
                let absent = column == &"transitional" && printed.is_empty();
                if printed.is_empty() && !absent {
                    continue;
                }
                let off = apart(
                    question.number(name),
                    number(if absent { "0" } else { printed }),
                );
                if !at_most(off, number(within)) {
                    faults.push(format!(
                        "{}: {name} as of {as_of}: printed {printed}, off by {}/{}, allowed {within} because {}",
                        row.origin(),
                        off.num,
                        off.den,
                        allowed.1
                    ));
                }
            }
            let exact = allowed
                .3
                .iter()
                .filter_map(|(name, expected)| question.fault(name, expected));
            faults.extend(exact.map(|fault| format!("{}: {fault}", row.origin())));
            let years = number(row.cell("years"));
            if apart(question.number("counted-years"), years).num != 0 {
                faults.push(format!(
                    "{}: counted-years are not {}",
                    row.origin(),
                    row.cell("years")
                ));
            }
        }
    }
    none(&faults);
}
