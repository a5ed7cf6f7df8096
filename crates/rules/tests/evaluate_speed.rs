//! How long one case takes. Ignored: it measures, and a busy machine would fail it. Run it with
//! `cargo test -p rules --release --test evaluate_speed -- --ignored --nocapture`.

#[path = "evaluate_common/mod.rs"]
mod common;

use common::{day, entity, law, rule};
use rules::evaluate::Case;
use rules::explain::{Lang, explain, text};
use rules::facts;
use std::hint::black_box;
use std::time::{Duration, Instant};

#[test]
#[ignore = "measures time"]
fn one_award_with_thirty_five_years() {
    let text_of_law = include_str!("evaluate_common/pension.law");
    // The same law in force early enough for thirty-five years.
    let from_1980 = |text: String, from: &str| text.replace(from, "from 1980-01-01");
    let starts = ["from 2006-01-01", "from 2015-01-01", "from 2020-01-01"];
    let law = law(&starts.into_iter().fold(text_of_law.into(), from_1980));
    let years: Vec<String> = (1988..2023)
        .map(|year| format!("{{ \"year\": {year}, \"base\": {year} }}"))
        .collect();
    let facts = format!(
        r#"{{ "sex": "female", "payout-age": 55, "contribution-months": 410, "contribution-years": [{}] }}"#,
        years.join(", ")
    );
    let facts = facts::from_json(&law, entity(&law, "person"), &facts).unwrap();
    let (pension, as_of) = (rule(&law, "pension"), day("2023-06-30"));
    let value = best(|| black_box(Case::new(&law, as_of, &facts).value(pension)).is_ok());
    let explained = best(|| {
        black_box(explain(&law, as_of, &facts, pension))
            .outcome
            .is_ok()
    });
    let written = best(|| !text(&explain(&law, as_of, &facts, pension), Lang::Zh).is_empty());
    println!("evaluated {value:?}, explained {explained:?}, as text {written:?}");
}

/// The best mean of several rounds.
fn best(act: impl Fn() -> bool) -> Duration {
    let round = |_| {
        let start = Instant::now();
        assert!((0..200).all(|_| act()));
        start.elapsed() / 200
    };
    (0..20).map(round).min().unwrap_or_default()
}
