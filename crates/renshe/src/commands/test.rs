//! `law test`: the examples beside the law.

use crate::arguments::{Format, Test};
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, counted};
use rules::check::Book;
use rules::examples::{self, Outcome, Verdict};
use rules::explain::shown;
use rules::law::{Expected, Law, Value};
use rules::refusal::message;
use serde_json::json;

pub(crate) fn run(asked: &Test, setting: &Setting) -> Result<Exit, Failure> {
    let book = Origin::of(asked.folder.law.as_deref()).book(setting)?;
    let laws: Vec<&Law> = match &asked.jurisdiction {
        Some(id) => vec![lookup::jurisdiction(&book, Some(id), setting)?],
        None => lookup::laws(&book).collect(),
    };
    let told = match asked.format {
        Format::Text => tell,
        Format::Json => tell_json,
    };
    let (mut passed, mut failed) = (0, 0);
    for law in laws {
        let mut outcomes = examples::run(law, None);
        outcomes.retain(|outcome| {
            asked
                .filter
                .as_deref()
                .is_none_or(|filter| fits(&book, law, outcome, filter))
        });
        told(&book, law, &outcomes, setting);
        let good = outcomes.iter().filter(|outcome| outcome.passed()).count();
        passed += good as u64;
        failed += (outcomes.len() - good) as u64;
    }
    if passed + failed == 0 {
        let what = setting.lang.pick("没有合乎条件的算例", "no example fits");
        let help = setting.lang.pick(
            "筛选词须出现在算例的标题、文件路径或所求规则中",
            "FILTER must occur in an example's title, file or expected rules",
        );
        return Err(Failure::new(setting.lang, what).help(help));
    }
    answer(&match asked.format {
        Format::Text => setting.lang.pick(
            format!("共 {} 例：通过 {passed}，不符 {failed}\n", passed + failed),
            format!(
                "{}: {passed} passed, {failed} failed\n",
                counted(passed + failed, "example", "examples")
            ),
        ),
        Format::Json => format!(
            "{}\n",
            json!({ "summary": { "passed": passed, "failed": failed } })
        ),
    });
    Ok(if failed == 0 {
        Exit::Good
    } else {
        Exit::Failed
    })
}

/// Failed examples in full, each with its place; those that passed, only when asked to say more.
fn tell(book: &Book, law: &Law, outcomes: &[Outcome<'_>], setting: &Setting) {
    let (good, bad): (Vec<_>, Vec<_>) = outcomes.iter().cloned().partition(Outcome::passed);
    if setting.verbose {
        answer(&without_count(&examples::text(law, &good, setting.lang)));
    }
    for outcome in &bad {
        let told = examples::text(law, std::slice::from_ref(outcome), setting.lang);
        let (head, rest) = told.split_once('\n').unwrap_or((&told, ""));
        answer(&format!(
            "{head}\n        {}\n{}",
            place(book, outcome),
            without_count(rest)
        ));
    }
}

/// Every example in a line of JSON.
fn tell_json(book: &Book, law: &Law, outcomes: &[Outcome<'_>], setting: &Setting) {
    for outcome in outcomes {
        let checks = outcome.checks.iter().map(|check| {
            let rule = &law[check.expected.rule];
            let value = |value: &Value| shown(law, rule.ty, value, setting.lang);
            json!({
                "rule": rule.names.id,
                "expected": check.expected.value.as_ref().map(value),
                "got": check.got.as_ref().ok().map(value),
                "refused": check.got.as_ref().err().map(|refusal| json!({
                    "code": refusal.reason.code(),
                    "reason": message(refusal, law, setting.lang),
                })),
                "verdict": match check.verdict {
                    Verdict::Passed => "passed",
                    Verdict::Within => "within",
                    Verdict::Failed => "failed",
                },
            })
        });
        let line = json!({
            "example": outcome.example.title,
            "jurisdiction": law.chain.last().map(|last| &last.id),
            "place": place(book, outcome),
            "as_of": outcome.example.as_of.to_string(),
            "passed": outcome.passed(),
            "checks": checks.collect::<Vec<_>>(),
        });
        answer(&format!("{line}\n"));
    }
}

/// Whether the filter occurs in the example's title, its file or a rule it expects.
fn fits(book: &Book, law: &Law, outcome: &Outcome<'_>, filter: &str) -> bool {
    let named = |expected: &Expected| {
        let names = &law[expected.rule].names;
        names.id.contains(filter) || names.zh.as_ref().is_some_and(|zh| zh.contains(filter))
    };
    outcome.example.title.contains(filter)
        || book.files[outcome.example.span.file as usize]
            .path
            .contains(filter)
        || outcome.example.then.iter().any(named)
}

/// `cn/pension/award.law:12`
fn place(book: &Book, outcome: &Outcome<'_>) -> String {
    let span = outcome.example.span;
    let file = &book.files[span.file as usize];
    let line = file.text[..span.start as usize].matches('\n').count() + 1;
    format!("{}:{line}", file.path)
}

/// What is told of examples ends with their count; here one count stands below all of them.
fn without_count(told: &str) -> String {
    let end = told.trim_end().rfind('\n').map_or(0, |end| end + 1);
    told[..end].to_owned()
}
