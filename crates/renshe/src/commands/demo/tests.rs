//! The demo with a small city: what it says, and its totals against a plain fold over the exact evaluator.

use super::check::facts;
use super::totals::Totals;
use super::work::{Cut, Part, Question, Work};
use super::{Checked, tell};
use crate::arguments::Demo;
use crate::folder::Origin;
use crate::output::{Exit, Setting};
use measure::{Day, Month};
use office::sample::Reader;
use rules::check::Book;
use rules::evaluate::{Case, to_canonical};
use rules::explain::Lang;
use rules::law::Facts;
use rules::refusal::Refusal;
use synth::City;

fn setting(lang: Lang) -> Setting {
    let today = Day::parse("2025-09-01").unwrap();
    Setting {
        lang,
        verbose: false,
        today,
        now: measure::Moment::from_microseconds(1_756_684_800_000_000),
        color: false,
        color_of_errors: false,
        terminal: false,
        answers_seen: false,
    }
}

fn book() -> Book {
    Origin::BuiltIn.book(&setting(Lang::En)).unwrap()
}

fn asked(people: u64, month: &str) -> Demo {
    Demo {
        people,
        seed: 1,
        month: Month::parse(month).unwrap(),
        threads: None,
        then: Some(crate::arguments::Then::Leave),
        listen: None,
    }
}

/// Everything said but the times.
fn said(asked: &Demo, threads: usize, lang: Lang) -> (Exit, String) {
    let book = book();
    let law = book.law(super::JURISDICTION).unwrap();
    let mut said = String::new();
    let exit = tell(
        law,
        asked,
        threads,
        &mut Vec::new(),
        &setting(lang),
        &mut |section| said.push_str(&section),
    );
    (exit.unwrap(), said)
}

/// Up to the explained pension, whose words the explainer's own tests hold.
fn without_explanation(said: &str) -> &str {
    said.split("\nPerson ")
        .next()
        .unwrap()
        .split("\n第 ")
        .next()
        .unwrap()
}

#[test]
fn two_thousand_people_in_english() {
    let (exit, said) = said(&asked(2_000, "2025-08"), 2, Lang::En);
    assert_eq!(exit, Exit::Good);
    insta::assert_snapshot!(without_explanation(&said));
}

#[test]
fn two_thousand_people_in_chinese() {
    let (exit, said) = said(&asked(2_000, "2025-08"), 2, Lang::Zh);
    assert_eq!(exit, Exit::Good);
    insta::assert_snapshot!(without_explanation(&said));
}

#[test]
fn a_pension_is_explained_with_its_passbook_and_its_stand_in() {
    let (_, said) = said(&asked(2_000, "2025-08"), 2, Lang::En);
    let explained = said.split("\nPerson ").nth(1).unwrap();
    for word in [
        "monthly pension",
        "account balance",
        "contribution years 2016",
        "calculation wage used",
        "opening balance",
    ] {
        assert!(explained.contains(word), "{word}\n{explained}");
    }
}

#[test]
fn what_is_said_does_not_depend_on_threads() {
    let demo = asked(40_000, "2025-05");
    assert_eq!(said(&demo, 1, Lang::En), said(&demo, 3, Lang::En));
}

#[test]
fn without_the_year_s_average_wage_all_is_refused_with_the_reason() {
    let (exit, said) = said(&asked(20_000, "2026-08"), 2, Lang::En);
    assert_eq!(exit, Exit::Good);
    let reasons = [
        "the average wage used for 2026 was not found",
        "no average wage of this day is known",
    ];
    assert!(reasons.iter().all(|reason| said.contains(reason)), "{said}");
}

/// Sums by a plain loop: every person made anew and every rule evaluated exactly.
fn plain_fold(work: &Work<'_>, question: &Question<'_>, cases: &[Facts]) -> Totals {
    let mut totals = Totals {
        persons: 0,
        sums: vec![0; question.rules.len()],
        refused: Vec::new(),
    };
    for facts in cases {
        let mut case = Case::new(work.law, work.as_of, facts);
        totals.persons += 1;
        let values: Result<Vec<i64>, Refusal> = question
            .rules
            .iter()
            .map(|&rule| Ok(to_canonical(work.law[rule].ty, &case.value(rule)?).unwrap()))
            .collect();
        match values {
            Ok(values) => totals
                .sums
                .iter_mut()
                .zip(values)
                .for_each(|(sum, value)| *sum += i128::from(value)),
            Err(refusal) => match totals
                .refused
                .iter_mut()
                .find(|(other, _)| other.reason == refusal.reason)
            {
                Some((_, persons)) => *persons += 1,
                None => totals.refused.push((refusal, 1)),
            },
        }
    }
    totals
}

#[test]
fn control_totals_are_those_of_a_plain_fold() {
    let (book, people, month) = (book(), 6_000, Month::parse("2025-08").unwrap());
    let (law, setting, city) = (
        book.law(super::JURISDICTION).unwrap(),
        setting(Lang::En),
        City::new(5),
    );
    let reader = Reader::new(law, &city, month.last_day()).unwrap();
    let work = Work::new(law, &city, &reader, month, month.last_day(), &setting).unwrap();
    let (mut employees, mut individuals, mut due) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..people {
        let facts_of = facts(&work, &reader.rows(city.persons(number..number + 1)));
        let retires = Case::new(law, work.as_of, &facts_of)
            .value(work.retirement.rules[0])
            .unwrap();
        let retires = to_canonical(law[work.retirement.rules[0]].ty, &retires).unwrap();
        if retires >= i64::from(month.index()) {
            let mine = if city.person(number).insured_as == 0 {
                &mut employees
            } else {
                &mut individuals
            };
            mine.push(facts_of);
        }
        if retires == i64::from(month.index()) {
            due.push(facts(&work, &work.rows_for_award(&[number])));
        }
    }
    let [of_employees, of_individuals, of_pensions] = work
        .totals(
            people,
            Cut {
                threads: 2,
                block: 512,
            },
        )
        .unwrap();
    assert_eq!(of_employees, plain_fold(&work, &work.employees, &employees));
    assert_eq!(
        of_individuals,
        plain_fold(&work, &work.individuals, &individuals)
    );
    assert_eq!(of_pensions, plain_fold(&work, &work.awards, &due));
    let sums = &of_pensions.sums;
    assert_eq!(
        sums[0],
        sums[1] + sums[2] + sums[3],
        "a pension is the sum of its parts"
    );
    assert!(
        of_employees.refused() > 0 && of_individuals.refused() > 0 && of_pensions.done() > 0,
        "some of each"
    );
}

#[test]
fn a_wrong_fen_is_found() {
    let (book, demo) = (book(), asked(2_000, "2025-08"));
    let (law, setting, city) = (
        book.law(super::JURISDICTION).unwrap(),
        setting(Lang::En),
        City::new(demo.seed),
    );
    let reader = Reader::new(law, &city, demo.month.last_day()).unwrap();
    let work = Work::new(
        law,
        &city,
        &reader,
        demo.month,
        demo.month.last_day(),
        &setting,
    )
    .unwrap();
    let cut = Cut {
        threads: 1,
        block: 500,
    };
    let blocks = work.make(demo.people, cut);
    let retirement = work.retirement(&blocks, cut).unwrap();
    let mut assessed = work.assess(work.payers(&blocks, &retirement, cut), cut);
    let mut awarded = work.award(&work.standing(&retirement).due, cut);
    let totals = |awarded: &[Part]| {
        [
            Totals::of(assessed.iter().map(|both| &both.employees)),
            Totals::of(assessed.iter().map(|both| &both.individuals)),
            Totals::of(awarded.iter()),
        ]
    };
    let right = totals(&awarded);
    awarded[0].results.columns[0][0] += 1;
    let mut checked = Checked::one_by_one(&work, &demo, &retirement, &assessed, &awarded, 1_000);
    assert_eq!(checked.differing.len(), 1, "{:?}", checked.differing);
    checked.totals(&totals(&awarded), &right);
    assert_eq!(checked.totals_agree, [true, true, false]);
    assert!(!checked.is_clean());
    awarded[0].results.columns[0][0] -= 1;
    for column in &mut assessed[1].employees.results.columns {
        column.iter_mut().for_each(|due| *due += 1);
    }
    let checked = Checked::one_by_one(&work, &demo, &retirement, &assessed, &awarded, 1_000);
    assert!(
        checked.differing.len() > 500,
        "one block of four, six rules: {}",
        checked.differing.len()
    );
}
