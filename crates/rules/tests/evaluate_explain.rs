//! Explanations of a small pension law, as a reader gets them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "evaluate_common/mod.rs"]
mod common;

use common::{day, entity, law, rule};
use rules::explain::{Explanation, Lang, explain, html, json, text};
use rules::law::{Facts, Law};
use rules::{examples, facts};

const LAW: &str = include_str!("evaluate_common/pension.law");
const FACTS: &str = r#"{
  "sex": "女", "领取年龄": 55, "contribution-months": "34y2m",
  "contribution-years": [
    { "year": 2021, "base": 5000 }, { "year": 2020, "base": "4,000.00" }, { "year": 2022, "base": 6000 },
    { "year": 2019, "base": 0 }
  ]
}"#;

fn read(law: &Law, text: &str) -> Facts {
    facts::from_json(law, entity(law, "person"), text).unwrap()
}

fn with<T>(as_of: &str, text: &str, asked: &str, show: impl FnOnce(&Explanation<'_>) -> T) -> T {
    let law = law(LAW);
    let facts = read(&law, text);
    show(&explain(&law, day(as_of), &facts, rule(&law, asked)))
}

#[test]
fn a_pension_in_chinese() {
    insta::assert_snapshot!(with("2023-06-30", FACTS, "pension", |it| text(
        it,
        Lang::Zh
    )));
}

#[test]
fn a_pension_in_english() {
    insta::assert_snapshot!(with("2023-06-30", FACTS, "pension", |it| text(
        it,
        Lang::En
    )));
}

#[test]
fn a_pension_as_a_page() {
    insta::assert_snapshot!(with("2023-06-30", FACTS, "pension", |it| html(
        it,
        Lang::Zh
    )));
}

#[test]
fn a_pension_for_programs() {
    insta::assert_snapshot!(with("2023-06-30", FACTS, "basic-pension", |it| {
        serde_json::to_string_pretty(&json(it)).unwrap()
    }));
}

#[test]
fn a_refusal_tells_the_way_to_it() {
    insta::assert_snapshot!(with("2024-06-30", FACTS, "pension", |it| text(
        it,
        Lang::En
    )));
    let short = r#"{ "contribution-months": 100 }"#;
    insta::assert_snapshot!(with("2023-06-30", short, "pension", |it| text(
        it,
        Lang::Zh
    )));
    let page = with("2023-06-30", short, "pension", |it| html(it, Lang::En));
    assert!(page.contains("<ol class=\"path\""), "{page}");
}

#[test]
fn the_page_escapes_what_the_law_says_and_needs_nothing_else() {
    let page = with("2023-06-30", FACTS, "pension", |it| html(it, Lang::En));
    assert!(
        page.contains("seen on a &lt;forum&gt; &amp; nowhere else"),
        "{page}"
    );
    for outside in ["<script", "http:", "https:", "src=", "<forum>"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

/// What is explained is what was computed: every line ends with the value its rule has.
#[test]
fn every_step_shows_the_value_the_evaluator_gives() {
    for as_of in [
        "2005-12-31",
        "2010-01-01",
        "2021-06-30",
        "2023-06-30",
        "2024-06-30",
    ] {
        for facts in [
            FACTS,
            "{}",
            r#"{ "contribution-months": 200, "average-index": 1.2, "account-pension": 7 }"#,
        ] {
            with(as_of, facts, "pension", |it| {
                let mut case_steps = 0;
                for step in &it.steps {
                    let Some(line) = &step.result else { continue };
                    assert_eq!(
                        line.value.as_ref(),
                        step.outcome.as_ref().ok(),
                        "{as_of} {facts}"
                    );
                    case_steps += 1;
                }
                assert!(case_steps > 0 || it.outcome.is_err());
                assert_eq!(it.path.is_empty(), it.outcome.is_ok());
                if let (Some(last), Err(refusal)) = (it.path.last(), &it.outcome) {
                    assert_eq!(Some(it.steps[*last].rule), refusal.rule);
                }
            });
        }
    }
}

#[test]
fn examples_tell_what_differs() {
    let law = law(LAW);
    let outcomes = examples::run(&law, None);
    insta::assert_snapshot!(examples::text(&law, &outcomes, Lang::En));
    insta::assert_snapshot!(examples::text(&law, &outcomes, Lang::Zh));
    assert_eq!(examples::run(&law, Some("too short")).len(), 1);
    assert_eq!(examples::run(&law, Some("个人账户储存额")).len(), 1);
    assert!(examples::run(&law, Some("nothing")).is_empty());
}

#[test]
fn a_template_lists_what_a_rule_may_need() {
    let law = law(LAW);
    insta::assert_snapshot!(facts::template(&law, rule(&law, "pension")));
    insta::assert_snapshot!(facts::template(&law, rule(&law, "payment-index")));
}

#[test]
fn all_faults_of_a_file_at_once() {
    let law = law(LAW);
    let wrong = r#"{
      "sexx": "male", "sex": "mal", "payout-age": 1.5, "contribution-months": {"years": 1, "days": 3},
      "payout-age": 60, "base": 1, "average-wage": 5000, "pension": "1.005",
      "contribution-years": [ {"year": "20", "base": 1e3}, 7, {"yaer": 2020} ]
    }"#;
    let faults = facts::from_json(&law, entity(&law, "person"), wrong).unwrap_err();
    let say = |lang| {
        faults
            .iter()
            .map(|fault| fault.message(lang) + "\n")
            .collect::<String>()
    };
    insta::assert_snapshot!(say(Lang::En));
    insta::assert_snapshot!(say(Lang::Zh));
    let broken = facts::from_json(&law, entity(&law, "person"), "{").unwrap_err();
    assert_eq!(broken[0].code, "R0201");
}
