//! What the tests of the evaluator share: laws from text, values as text.
#![allow(dead_code, reason = "each test binary uses its part")]

use measure::Day;
use rules::check::{Book, read};
use rules::diagnostic::SourceFile;
use rules::evaluate::Case;
use rules::explain::{Lang, shown};
use rules::facts;
use rules::law::{EntityId, Item, Law, RuleId};

/// A law of one file in one jurisdiction; panics with what the checker says when it is wrong.
pub(crate) fn law(text: &str) -> Law {
    let files = [
        (
            "cn/jurisdiction.law",
            "jurisdiction cn \"全国\" / \"China\"\n  level nation\n",
        ),
        ("cn/test.law", text),
    ];
    let files = files.map(|(path, text)| SourceFile {
        path: path.into(),
        text: text.into(),
    });
    let book: Book = read(files.into());
    match book.law("cn") {
        Some(law) => law.clone(),
        None => panic!(
            "{}",
            rules::diagnostic::render(&book.diagnostics, &book.files, false)
        ),
    }
}

pub(crate) fn rule(law: &Law, name: &str) -> RuleId {
    match law.names[name] {
        Item::Rule(id) => id,
        other => panic!("{name} is {other:?}"),
    }
}

pub(crate) fn entity(law: &Law, name: &str) -> EntityId {
    match law.names[name] {
        Item::Entity(id) => id,
        other => panic!("{name} is {other:?}"),
    }
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// The value of a rule as an English reader sees it, or the refusal's code.
pub(crate) fn value(law: &Law, as_of: &str, facts: &str, name: &str) -> String {
    let id = rule(law, name);
    let facts = match facts::from_json(law, law[id].of, facts) {
        Ok(facts) => facts,
        Err(faults) => panic!(
            "{:#?}",
            faults
                .iter()
                .map(|f| f.message(Lang::En))
                .collect::<Vec<_>>()
        ),
    };
    match Case::new(law, day(as_of), &facts).value(id) {
        Ok(value) => shown(law, law[id].ty, &value, Lang::En),
        Err(refusal) => refusal.reason.code().into(),
    }
}
