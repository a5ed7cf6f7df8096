//! Chongqing's figures: every row of `cq_parameters.csv` by asking the law, and the classes of its districts.

use crate::asking::{Question, day, figure, law, none};
use crate::rows::{self, Row};
use rules::law::{Exact, Item, Type, Value};

/// A district of the first class and of the second with 80 per cent, and one with 90.
const FIRST: &str = r#"{"district": "yuzhong"}"#;
const SECOND: &str = r#"{"district": "fengdu"}"#;
const NINETY: &str = r#"{"district": "chengkou"}"#;

#[test]
fn every_row_is_what_the_law_says() {
    let mut faults = Vec::new();
    for row in rows::of("cq_parameters.csv") {
        let found = check(&row);
        faults.extend(
            found
                .into_iter()
                .map(|fault| format!("{}: {}: {fault}", row.origin(), row.cell("parameter"))),
        );
    }
    none(&faults);
}

fn check(row: &Row) -> Vec<String> {
    let (parameter, value) = (row.cell("parameter"), row.cell("value"));
    let of_year = |rule: &str| through(row, rule, "{}");
    match parameter {
        "avg_wage_used_for_base" => stands(row, "average-wage", Some(value), ""),
        "base_ceiling" => both(of_year("base-ceiling"), base_of("10000000", row)),
        "base_floor" => both(of_year("base-floor"), base_of("0", row)),
        "min_wage_class1" => through(row, "monthly-minimum-wage", FIRST),
        "min_wage_class2" => through(row, "monthly-minimum-wage", SECOND),
        "min_wage_hour_class1" => through(row, "hourly-minimum-wage", FIRST),
        "min_wage_hour_class2" => through(row, "hourly-minimum-wage", SECOND),
        "ui_benefit_class1" => through(row, "unemployment-benefit-amount", FIRST),
        "ui_benefit_class2" => through(row, "unemployment-benefit-amount", SECOND),
        "ui_benefit_4counties" => through(row, "unemployment-benefit-amount", NINETY),
        "ui_benefit" if row.cell("from_or_year").starts_with("before ") => {
            let last_day = Question {
                at: "cn-50",
                as_of: "2018-07-31",
                given: FIRST,
            };
            last_day
                .fault("unemployment-benefit-amount", value)
                .into_iter()
                .collect()
        }
        "ui_benefit" => both(
            through(row, "unemployment-benefit-amount", FIRST),
            // The share is of the highest class, in every district but the four; before 2019 too.
            through(row, "unemployment-benefit-amount", SECOND),
        ),
        "pension_adj_fixed" => stands(row, "adjustment-fixed", known(value), ""),
        "pension_adj_per_year" => stands(row, "adjustment-per-year", known(value), ""),
        "pension_adj_pct_of_own" => stands(row, "adjustment-share", known(value), "%"),
        "pension_adj_national_cap" => stands(row, "adjustment-cap", known(value), "%"),
        "account_interest_rate" => both(
            stands(row, "account-interest-rate", Some(value), "%"),
            a_year_of_interest(row),
        ),
        "work_death_lump_sum" => of_year("work-death-lump-sum"),
        tier if tier.starts_with("resident_tier_") => resident_tier(row, tier.ends_with("poor")),
        other => vec![format!("nothing asks for `{other}`")],
    }
}

fn both(mut one: Vec<String>, other: Vec<String>) -> Vec<String> {
    one.extend(other);
    one
}

fn known(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

/// The first day a row speaks of, and the last day of that year or the same day.
fn days(row: &Row) -> [String; 2] {
    match row.cell("from_or_year") {
        year if year.len() == 4 => [format!("{year}-01-01"), format!("{year}-12-31")],
        from => [from.to_owned(), from.to_owned()],
    }
}

/// What is wrong with the row's value as a rule gives it.
fn through(row: &Row, rule: &str, given: &str) -> Vec<String> {
    let asked = |as_of: &String| {
        Question {
            at: "cn-50",
            as_of,
            given,
        }
        .fault(rule, row.cell("value"))
    };
    days(row).iter().filter_map(asked).collect()
}

/// A wage beyond the bound is held at it.
fn base_of(wage: &str, row: &Row) -> Vec<String> {
    through(
        row,
        "contribution-base",
        &format!(r#"{{"wage": "{wage}"}}"#),
    )
}

/// What is wrong with a parameter as it stands in the text: its value, or that a mark says more than the source does.
fn stands(row: &Row, name: &str, value: Option<&str>, unit: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for as_of in days(row) {
        let found = figure(law("cn-50"), name, day(&as_of), &[]);
        let got = found.and_then(|found| found.value.clone());
        let expected = value.map(|text| {
            let number = crate::asking::number(text);
            Value::Number(Exact {
                den: number.den * if unit == "%" { 100 } else { 1 },
                ..number
            })
        });
        if got != expected {
            faults.push(format!(
                "{name} on {as_of}: expected {expected:?}, got {got:?}"
            ));
        }
        let seen = ["[S1]", "[S2]"]
            .iter()
            .any(|mark| row.cell("source").contains(mark));
        if found.is_some_and(|found| found.mark.confirmed) && !seen {
            faults.push(format!(
                "{name} on {as_of} stands as confirmed, but the source is weak"
            ));
        }
    }
    faults
}

/// A hundred yuan in the account for a year without payments.
fn a_year_of_interest(row: &Row) -> Vec<String> {
    let year = row.cell("from_or_year");
    let given = format!(
        r#"{{"opening-balance": "10000", "passbook-from": {year},
            "contribution-years": [{{"year": {year}, "yearly-base": "0", "months-paid": 0}}]}}"#
    );
    let rate = crate::asking::number(row.cell("value"));
    // 10,000 yuan bear 100 yuan a per cent.
    let fen = (1_000_000 * rate.den + 10_000 * rate.num) / rate.den;
    let as_of = format!("{year}-12-31");
    let question = Question {
        at: "cn-50",
        as_of: &as_of,
        given: &given,
    };
    question
        .fault(
            "account-balance",
            &format!("{}.{:02}", fen / 100, fen % 100),
        )
        .into_iter()
        .collect()
}

/// Paid and subsidy, as one credit.
fn resident_tier(row: &Row, in_hardship: bool) -> Vec<String> {
    let (paid, subsidy) = row.cell("value").split_once('/').expect("paid/subsidy");
    let (paid, subsidy): (u32, u32) = (paid.parse().expect("yuan"), subsidy.parse().expect("yuan"));
    let mut faults = Vec::new();
    for year in [2022, 2024] {
        let given = format!(
            r#"{{"resident-years": [{{"resident-contribution-year": {year}, "resident-tier": {paid}, "in-hardship": {in_hardship}}}]}}"#
        );
        let question = Question {
            at: "cn-50",
            as_of: "2024-12-31",
            given: &given,
        };
        faults.extend(question.fault("resident-credits", &(paid + subsidy).to_string()));
    }
    let from = figure(
        law("cn-50"),
        "resident-tier-subsidy",
        day("2022-01-01"),
        &[Value::Number(Exact {
            num: paid.into(),
            den: 1,
        })],
    );
    if from.is_none_or(|from| {
        from.value
            != Some(Value::Number(Exact {
                num: subsidy.into(),
                den: 1,
            }))
    }) {
        faults.push(format!("the tier of {paid} from 2022-01-01"));
    }
    faults
}

/// Every district by its printed name: its class, whether it is remote, whether its benefit is 90 per cent.
#[test]
fn every_district() {
    let mut faults = Vec::new();
    let rows = rows::of("districts.csv");
    let law = law("cn-50");
    let Some(Item::Input(district)) = law.names.get("district") else {
        panic!("an input")
    };
    let Type::Enum(districts) = law[*district].ty else {
        panic!("an enumeration")
    };
    assert_eq!(
        rows.len(),
        law[districts].members.len(),
        "as many districts as rows"
    );
    for row in rows {
        let given = format!(r#"{{"district": "{}"}}"#, row.cell("name"));
        let question = Question {
            at: "cn-50",
            as_of: "2025-01-01",
            given: &given,
        };
        let class = format!("wage-class-{}", row.cell("min_wage_class"));
        let benefit = if row.cell("ui_90pct_county") == "1" {
            "2097"
        } else {
            "1864"
        };
        let in_2024 = Question {
            as_of: "2024-01-01",
            ..question
        };
        let remote = row.cell("remote_area_pension_tilt") == "1";
        faults.extend(
            [
                question.fault("local-wage-class", &class),
                question.fault("unemployment-benefit-amount", benefit),
                in_2024.fault("in-remote-district", if remote { "true" } else { "false" }),
                in_2024.fault("remote-part", if remote { "15" } else { "0" }),
                Question {
                    as_of: "2023-12-31",
                    ..question
                }
                .fault("remote-part", if remote { "20" } else { "0" }),
            ]
            .into_iter()
            .flatten()
            .map(|fault| format!("{}: {fault}", row.place)),
        );
    }
    none(&faults);
}
