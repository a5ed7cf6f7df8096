//! What the law of this repository answers to the decisions.

use crate::{day, yuan};
use city::collection::write_offs::Ground;
use city::collection::{LateFees, Part, Payer, allocate};
use city::declarations::{WageBounds, chase};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::lawful::Lawful;
use city::people::PersonId;
use city::places::District;
use city::refusal::Refused;
use measure::Fen;
use rules::check::{Book, read};
use rules::diagnostic::SourceFile;
use std::path::{Path, PathBuf};

/// The texts of the law folder.
#[expect(
    clippy::disallowed_methods,
    reason = "a test reads the law where it stands"
)]
pub(crate) fn book() -> Book {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../law");
    let (mut folders, mut texts) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "law") {
                let name = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                texts.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts.sort();
    read(
        texts
            .into_iter()
            .map(|(path, text)| SourceFile { path, text })
            .collect(),
    )
}

#[test]
fn the_law_answers_what_the_decisions_ask() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let lawful = Lawful::new(law, day("2025-06-30"));
    assert_eq!(
        lawful.payment_due(day("2025-02").month()).unwrap(),
        day("2025-02-28")
    );
    assert_eq!(
        lawful.declaration_due(day("2025-02").month()).unwrap(),
        day("2025-02-28")
    );
    assert_eq!(
        lawful.paid_on(day("2025-02-20")).unwrap(),
        day("2025-02-20")
    );
    assert_eq!(
        lawful.band(day("2025-01-01"), day("2025-04-02")).unwrap(),
        2
    );
    assert!(lawful.plan_allowed(12, true).unwrap() && !lawful.plan_allowed(13, true).unwrap());
    assert!(!lawful.plan_allowed(1, false).unwrap());
    assert!(
        lawful
            .may_write_off(Ground::Bankruptcy, Part::Principal)
            .unwrap()
    );
    assert!(
        !lawful
            .may_write_off(Ground::FeeWaived, Part::Principal)
            .unwrap()
    );
    for ground in Ground::ALL {
        assert!(lawful.may_write_off(*ground, Part::Fee).unwrap());
    }
    // 10,000 yuan at five ten-thousandths for thirty days.
    let fee = lawful.late_fee(yuan("10000"), day("2025-05-31"), day("2025-06-30"));
    assert_eq!(fee.unwrap(), yuan("150"));
    // It is the employer's, and nobody else's.
    let (employer, person) = (EmployerId::new(1).unwrap(), PersonId::new(1).unwrap());
    let district = District::new(500_103).unwrap();
    let borne = [
        Payer::Employer(employer),
        Payer::Person(person),
        Payer::Treasury(district),
    ]
    .map(|payer| lawful.is_borne_by(payer).unwrap());
    assert_eq!(borne, [true, false, false]);
    let bounds = WageBounds {
        least: Fen::ZERO,
        most: yuan("10000000"),
    };
    assert_eq!(lawful.wage_bounds().unwrap(), bounds);
    let days = lawful.chasing_days().unwrap();
    assert_eq!(
        chase(&days, day("2025-06-30"), 0, day("2025-07-01"))
            .unwrap()
            .time,
        1
    );
    assert_eq!(
        chase(&days, day("2025-06-30"), 0, day("2025-09-01"))
            .unwrap()
            .time,
        3
    );
    let together = lawful.together().unwrap();
    assert!(together.may(Scheme::WorkInjury, Scheme::WorkInjury));
    assert!(together.may(Scheme::EmployeePension, Scheme::PersonalPension));
    assert!(!together.may(Scheme::EmployeePension, Scheme::EmployeePension));
    assert!(!together.may(Scheme::EmployeePension, Scheme::ResidentPension));
    let nothing = allocate(
        yuan("5"),
        day("2025-06-30"),
        &[],
        &lawful.order().unwrap(),
        &lawful,
    );
    assert_eq!(nothing.unwrap().rest, yuan("5"));
}

#[test]
fn a_refusal_says_what_the_law_says() {
    let book = book();
    let law = book.law("cn-50").unwrap();
    let lawful = Lawful::new(law, day("2025-06-30"));
    let refusal = lawful
        .late_fee(yuan("1"), day("2011-06-30"), day("2025-06-30"))
        .unwrap_err();
    assert_eq!(refusal.code(), "R0112");
    assert!(
        refusal.to_string().contains("before 1 July 2011"),
        "{refusal}"
    );
    let early = Lawful::new(law, day("1990-01-01"));
    assert_eq!(
        early
            .payment_due(day("1999-01").month())
            .unwrap_err()
            .code(),
        "R0103"
    );
}
