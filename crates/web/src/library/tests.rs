//! The form of a rule, filled in and told.

use super::case::{Case, sample};
use rules::explain::Lang;
use rules::law::Item;

fn tried(given: &[(&str, &str)]) -> (Option<String>, String) {
    let reading = sample();
    let Some(Item::Rule(rule)) = reading.law().names.get("due").copied() else {
        panic!("the sample has it")
    };
    let given = given
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let case = Case::new(&reading, rule, given.collect());
    let told = case.answer(&reading, rule, Lang::En);
    let form = case.form(&reading, "/law/xx/rule/due", Lang::En);
    (told.map(|told| told.value), form.into_string())
}

#[test]
fn a_case_is_worked_out() {
    let (value, form) = tried(&[("try", "1"), ("wage", "8000"), ("kind", "usual")]);
    assert_eq!(value.as_deref(), Some("800.00 yuan"));
    assert!(!form.contains("role=\"alert\""));
    let with_years = [
        ("try", "1"),
        ("wage", "8000"),
        ("kind", "usual"),
        ("years.1.year", "2024"),
        ("years.1.paid", "12"),
    ];
    let (value, form) = tried(&with_years);
    assert_eq!(value.as_deref(), Some("0.00 yuan"));
    assert!(form.contains("years.2.year"));
    // A rule may be given and is not computed.
    let (value, _) = tried(&[
        ("try", "1"),
        ("wage", "8000"),
        ("kind", "usual"),
        ("months-paid", "12"),
    ]);
    assert_eq!(value.as_deref(), Some("0.00 yuan"));
}

#[test]
fn what_cannot_be_taken_is_told_at_its_field() {
    let (value, form) = tried(&[("try", "1"), ("wage", "eight"), ("kind", "usual")]);
    assert_eq!(value, None);
    assert!(form.contains("href=\"#f-wage\""), "{form}");
    let (value, form) = tried(&[("try", "1"), ("wage", "999999"), ("kind", "usual")]);
    assert!(value.is_some_and(|value| value.contains("refused")));
    assert!(
        form.contains("f-wage-fault") && form.contains("100,000"),
        "{form}"
    );
    let (value, form) = tried(&[("try", "1"), ("kind", "usual")]);
    assert!(value.is_some());
    assert!(form.contains("f-wage-fault"), "{form}");
    let records = [
        ("try", "1"),
        ("wage", "1"),
        ("kind", "usual"),
        ("years.1.year", "2024"),
        ("years.1.paid", "x"),
    ];
    let (_, form) = tried(&records);
    assert!(form.contains("f-years_1_paid-fault"), "{form}");
}
