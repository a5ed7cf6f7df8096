//! `law test`: the examples beside the law.

use crate::arguments::Test;
use crate::folder::Origin;
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, counted};
use rules::check::Book;
use rules::examples::{self, Outcome};
use rules::law::{Expected, Law};

pub(crate) fn run(asked: &Test, setting: &Setting) -> Result<Exit, Failure> {
    let book = Origin::of(asked.folder.law.as_deref()).book(setting)?;
    let laws: Vec<&Law> = match &asked.jurisdiction {
        Some(id) => vec![lookup::jurisdiction(&book, Some(id), setting)?],
        None => lookup::laws(&book).collect(),
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
        let (good, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Outcome::passed);
        if setting.verbose {
            answer(&without_count(&examples::text(law, &good, setting.lang)));
        }
        for outcome in &bad {
            let told = examples::text(law, std::slice::from_ref(outcome), setting.lang);
            let (head, rest) = told.split_once('\n').unwrap_or((&told, ""));
            answer(&format!(
                "{head}\n        {}\n{}",
                place(&book, outcome),
                without_count(rest)
            ));
        }
        passed += good.len() as u64;
        failed += bad.len() as u64;
    }
    if passed + failed == 0 {
        let what = setting.lang.pick("没有合乎条件的算例", "no example fits");
        let help = setting.lang.pick(
            "筛选词须出现在算例的标题、文件路径或所求规则中",
            "FILTER must occur in an example's title, file or expected rules",
        );
        return Err(Failure::new(setting.lang, what).help(help));
    }
    answer(&setting.lang.pick(
        format!("共 {} 例：通过 {passed}，不符 {failed}\n", passed + failed),
        format!(
            "{}: {passed} passed, {failed} failed\n",
            counted(passed + failed, "example", "examples")
        ),
    ));
    Ok(if failed == 0 {
        Exit::Good
    } else {
        Exit::Failed
    })
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
