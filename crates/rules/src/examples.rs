//! Running the examples that stand beside the law.

use crate::evaluate::Case;
use crate::explain::{Lang, shown};
use crate::law::{Exact, Example, Expected, Law, Type, Value};
use crate::refusal::{self, Refusal};

/// What came out of one example.
#[derive(Clone, Debug)]
pub struct Outcome<'a> {
    /// The example.
    pub example: &'a Example,
    /// What came out for each thing expected, in order.
    pub checks: Vec<Check<'a>>,
}

/// What came out for one rule of an example.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// What must come out.
    pub expected: &'a Expected,
    /// What came out.
    pub got: Result<Value, Refusal>,
    /// Whether that is it.
    pub verdict: Verdict,
}

/// Whether what came out is what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, to the last decimal; or it was refused as expected.
    Passed,
    /// It is off, within the tolerance the example states.
    Within,
    /// It is not.
    Failed,
}

impl Outcome<'_> {
    /// Whether everything came out as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.verdict != Verdict::Failed)
    }
}

/// Runs the examples whose title, or a rule they expect, contains the filter; all of them without one.
#[must_use]
pub fn run<'a>(law: &'a Law, filter: Option<&str>) -> Vec<Outcome<'a>> {
    let wanted = |example: &&Example| {
        let names = |expected: &Expected| &law[expected.rule].names;
        filter.is_none_or(|filter| {
            let named = |expected: &Expected| {
                let names = names(expected);
                names.id.contains(filter) || names.zh.as_ref().is_some_and(|zh| zh.contains(filter))
            };
            example.title.contains(filter) || example.then.iter().any(named)
        })
    };
    law.examples
        .iter()
        .filter(wanted)
        .map(|example| run_one(law, example))
        .collect()
}

/// The outcomes as text: failures in full, what passed in a line each, and a count.
#[must_use]
pub fn text(law: &Law, outcomes: &[Outcome<'_>], lang: Lang) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let verdict = match outcome.passed() {
            true => lang.pick("通过", "passed"),
            false => lang.pick("不符", "FAILED"),
        };
        let as_of = lang.pick("适用日", "as of");
        out.push_str(&format!(
            "{verdict}  {} ({as_of} {})\n",
            outcome.example.title, outcome.example.as_of
        ));
        for check in outcome
            .checks
            .iter()
            .filter(|check| check.verdict != Verdict::Passed)
        {
            write_check(&mut out, law, check, lang);
        }
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let passed = outcomes.len() - failed;
    out.push_str(&lang.pick(
        format!("共 {} 例：通过 {passed}，不符 {failed}\n", outcomes.len()),
        format!(
            "{} examples: {passed} passed, {failed} failed\n",
            outcomes.len()
        ),
    ));
    out
}

fn run_one<'a>(law: &'a Law, example: &'a Example) -> Outcome<'a> {
    let mut case = Case::new(law, example.as_of, &example.facts);
    let check = |expected: &'a Expected| {
        let got = case.value(expected.rule);
        let verdict = verdict(expected, &got);
        Check {
            expected,
            got,
            verdict,
        }
    };
    Outcome {
        example,
        checks: example.then.iter().map(check).collect(),
    }
}

fn verdict(expected: &Expected, got: &Result<Value, Refusal>) -> Verdict {
    match (&expected.value, got) {
        (None, Err(_)) => Verdict::Passed,
        (Some(wanted), Ok(got)) if wanted == got => Verdict::Passed,
        (Some(wanted), Ok(got)) => match (distance(wanted, got), expected.within) {
            (Some(distance), Some(within)) if distance <= within => Verdict::Within,
            _ => Verdict::Failed,
        },
        _ => Verdict::Failed,
    }
}

/// How far apart two values are: an amount, or a length of time.
fn distance(a: &Value, b: &Value) -> Option<Exact> {
    let apart = match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.checked_sub(*b)?,
        (Value::Day(a), Value::Day(b)) => Exact::integer(i128::from(a.days_until(*b))),
        (Value::Month(a), Value::Month(b)) => Exact::integer(i128::from(a.months_until(*b))),
        (Value::Year(a), Value::Year(b)) => Exact::integer(i128::from(a - b)),
        _ => return None,
    };
    if apart.is_negative() {
        apart.checked_neg()
    } else {
        Some(apart)
    }
}

/// The type a tolerance of a value of this type has.
fn distance_type(ty: Type) -> Type {
    match ty {
        Type::Date => Type::Days,
        Type::Month => Type::Months,
        Type::Year => Type::Integer,
        other => other,
    }
}

fn write_check(out: &mut String, law: &Law, check: &Check<'_>, lang: Lang) {
    let rule = &law[check.expected.rule];
    let refused = || lang.pick("无法得出", "refused").to_owned();
    let wanted = check
        .expected
        .value
        .as_ref()
        .map_or_else(refused, |value| shown(law, rule.ty, value, lang));
    let got = match &check.got {
        Ok(value) => shown(law, rule.ty, value, lang),
        Err(reason) => {
            let code = reason.reason.code();
            format!(
                "{}{}{code} {}",
                refused(),
                lang.pick("：", ": "),
                refusal::message(reason, law, lang)
            )
        }
    };
    out.push_str(&format!("        {}\n", lang.name(&rule.names)));
    let line = |label: &str, value: &str| format!("          {label} {value}\n");
    out.push_str(&line(lang.pick("应为", "expected"), &wanted));
    if let Some(within) = check.expected.within {
        let within = shown(law, distance_type(rule.ty), &Value::Number(within), lang);
        out.push_str(&line(lang.pick("允许相差", "within  "), &within));
    }
    out.push_str(&line(lang.pick("实为", "got     "), &got));
    let off = match (&check.expected.value, &check.got) {
        (Some(wanted), Ok(got)) => distance(wanted, got),
        _ => None,
    };
    if let Some(off) = off {
        let off = shown(law, distance_type(rule.ty), &Value::Number(off), lang);
        out.push_str(&line(lang.pick("相差", "off by  "), &off));
    }
    if let Some(because) = &check.expected.because {
        out.push_str(&line(lang.pick("原因", "because "), because));
    }
}
