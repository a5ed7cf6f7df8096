//! Asking the law: one question to both evaluators, and figures as they stand in the text.
#![expect(
    clippy::disallowed_types,
    reason = "the law is read once for all tests"
)]

use measure::Day;
use rules::check::Book;
use rules::columns::{Batch, Column, Plan, Records, Results, Slot, Values};
use rules::evaluate::{Case, to_canonical};
use rules::explain::{Lang, shown};
use rules::facts;
use rules::law::{
    EntityId, Exact, Facts, FigureId, Item, KeyMatch, Law, RelationId, Row, RuleId, Type, Value,
};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static BOOK: LazyLock<Book> = LazyLock::new(crate::common::book);

/// The identities of all jurisdictions.
pub(crate) fn jurisdictions() -> Vec<&'static str> {
    BOOK.jurisdictions().collect()
}

/// The law of a jurisdiction of the repository.
pub(crate) fn law(jurisdiction: &str) -> &'static Law {
    BOOK.law(jurisdiction)
        .expect("a jurisdiction of the law folder")
}

/// A day written `2025-01-31`.
pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A rule by name.
pub(crate) fn rule(law: &Law, name: &str) -> RuleId {
    match law.names.get(name) {
        Some(Item::Rule(id)) => *id,
        other => panic!("`{name}` is {other:?}, not a rule"),
    }
}

/// An exact number from its decimal digits.
pub(crate) fn number(text: &str) -> Exact {
    let digits = text.replace(['.', '_'], "");
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let num = digits
        .parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"));
    Exact {
        num,
        den: 10_i128.pow(u32::try_from(decimals).expect("few decimals")),
    }
}

/// How far apart two numbers are.
pub(crate) fn apart(one: Exact, other: Exact) -> Exact {
    Exact {
        num: (one.num * other.den - other.num * one.den).abs(),
        den: one.den * other.den,
    }
}

/// Whether a number is at most another.
pub(crate) fn at_most(one: Exact, other: Exact) -> bool {
    one.num * other.den <= other.num * one.den
}

/// A question: where, when, and what is known.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The jurisdiction.
    pub(crate) at: &'a str,
    /// The day whose law applies.
    pub(crate) as_of: &'a str,
    /// What is known, as JSON.
    pub(crate) given: &'a str,
}

impl Question<'_> {
    /// What the law says, or the code of its refusal; the exact evaluator and the columns must say the same.
    pub(crate) fn ask(&self, name: &str) -> Result<Value, &'static str> {
        let law = law(self.at);
        let rule = rule(law, name);
        let facts = self.facts(law[rule].of);
        let exact = Case::new(law, day(self.as_of), &facts)
            .value(rule)
            .map_err(|refusal| refusal.reason.code());
        let lanes = in_columns(law, day(self.as_of), rule, &facts);
        let canonical = exact
            .as_ref()
            .map_err(|code| *code)
            .map(|value| to_canonical(law[rule].ty, value).expect("it fits"));
        assert_eq!(
            lanes, canonical,
            "{name} as of {} given {}: columns (left) and one case",
            self.as_of, self.given
        );
        exact
    }

    /// The same as a number.
    pub(crate) fn number(&self, name: &str) -> Exact {
        match self.ask(name) {
            Ok(Value::Number(number)) => number,
            other => panic!(
                "{name} as of {} given {}: {other:?} is no number",
                self.as_of, self.given
            ),
        }
    }

    /// What is wrong, if asking does not give what is written: a value as facts write it, or the code of a refusal.
    pub(crate) fn fault(&self, name: &str, expected: &str) -> Option<String> {
        let law = law(self.at);
        let ty = law[rule(law, name)].ty;
        let got = self.ask(name);
        let wanted = if expected.starts_with("R0") {
            Err(expected)
        } else {
            Ok(written(law, name, expected))
        };
        if got == wanted {
            return None;
        }
        let got = got.map(|value| shown(law, ty, &value, Lang::En));
        Some(format!(
            "{name} in {} as of {} given {}: expected {expected}, got {got:?}",
            self.at, self.as_of, self.given
        ))
    }

    fn facts(&self, of: EntityId) -> Facts {
        match facts::from_json(law(self.at), of, self.given) {
            Ok(facts) => facts,
            Err(faults) => panic!(
                "{}: {:?}",
                self.given,
                faults
                    .iter()
                    .map(|f| f.message(Lang::En))
                    .collect::<Vec<_>>()
            ),
        }
    }
}

/// The value of a rule as facts write it.
fn written(law: &Law, name: &str, text: &str) -> Value {
    let id = rule(law, name);
    let quoted = if matches!(law[id].ty, Type::Bool) {
        text.to_owned()
    } else {
        format!("{text:?}")
    };
    let facts = facts::from_json(law, law[id].of, &format!("{{{name:?}: {quoted}}}"));
    facts
        .unwrap_or_else(|faults| panic!("{name} = {text}: {faults:?}"))
        .rules
        .remove(&id)
        .expect("it was given")
}

/// One row through the columns: the canonical number, or the code of the refusal.
fn in_columns(law: &Law, as_of: Day, rule: RuleId, facts: &Facts) -> Result<i64, &'static str> {
    let own = Stored::of(law, std::slice::from_ref(facts));
    let histories: Vec<(RelationId, Vec<u32>, Vec<Stored>)> = facts
        .records
        .iter()
        .map(|(relation, records)| {
            (
                *relation,
                vec![0, u32::try_from(records.len()).expect("few")],
                Stored::of(law, records),
            )
        })
        .collect();
    let batch = Batch {
        rows: 1,
        columns: own.iter().map(Stored::column).collect(),
        records: histories
            .iter()
            .map(|(relation, starts, stored)| Records {
                relation: *relation,
                starts,
                columns: stored.iter().map(Stored::column).collect(),
            })
            .collect(),
    };
    let present: Vec<Slot> = own.iter().map(|stored| stored.slot).collect();
    let of_records: Vec<(RelationId, Vec<Slot>)> = histories
        .iter()
        .map(|(relation, _, stored)| (*relation, stored.iter().map(|stored| stored.slot).collect()))
        .collect();
    let plan = Plan::new(law, as_of, &[rule], &present, &of_records)
        .map_err(|refusal| refusal.reason.code())?;
    let mut results = Results::default();
    plan.run(&mut plan.workspace(), &batch, &mut results);
    match results.refused.first() {
        Some(refused) => Err(refused.refusal.reason.code()),
        None => Ok(results.columns[0][0]),
    }
}

/// A column with its own storage.
pub(crate) struct Stored {
    /// What it holds.
    pub(crate) slot: Slot,
    /// Canonical numbers.
    pub(crate) values: Vec<i64>,
    /// Which are missing.
    pub(crate) missing: Vec<bool>,
}

impl Stored {
    /// The column.
    pub(crate) fn column(&self) -> Column<'_> {
        Column {
            slot: self.slot,
            values: Values::I64(&self.values),
            missing: Some(&self.missing),
        }
    }

    /// The columns of some cases or records.
    fn of(law: &Law, cases: &[Facts]) -> Vec<Stored> {
        let inputs = cases
            .iter()
            .flat_map(|case| case.inputs.keys().map(|id| Slot::Input(*id)));
        let rules = cases
            .iter()
            .flat_map(|case| case.rules.keys().map(|id| Slot::Rule(*id)));
        let slots: BTreeSet<Slot> = inputs.chain(rules).collect();
        let stored = |slot| {
            let cells: Vec<Option<i64>> = cases
                .iter()
                .map(|case| {
                    let (ty, value) = match slot {
                        Slot::Input(id) => (law[id].ty, case.inputs.get(&id)),
                        Slot::Rule(id) => (law[id].ty, case.rules.get(&id)),
                    };
                    value.map(|value| to_canonical(ty, value).expect("a fact fits its column"))
                })
                .collect();
            Stored {
                slot,
                values: cells.iter().map(|cell| cell.unwrap_or(0)).collect(),
                missing: cells.iter().map(Option::is_none).collect(),
            }
        };
        slots.into_iter().map(stored).collect()
    }
}

/// The row of a figure in force on a day whose keys are these members and numbers, as the text has it; `None` if none is.
pub(crate) fn figure<'a>(law: &'a Law, name: &str, as_of: Day, keys: &[Value]) -> Option<&'a Row> {
    let id: FigureId = match law.names.get(name) {
        Some(Item::Figure(id)) => *id,
        other => panic!("`{name}` is {other:?}, not a figure"),
    };
    let version = law[id]
        .versions
        .iter()
        .rfind(|version| version.from <= as_of)?;
    if version.until.is_some_and(|until| until < as_of) {
        return None;
    }
    let exactly = |row: &&Row| {
        row.keys
            .iter()
            .zip(keys)
            .all(|(key, value)| *key == KeyMatch::Exactly(value.clone()))
    };
    version.rows.iter().rfind(exactly)
}

/// Fails with everything that went wrong, a line each.
pub(crate) fn none(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} rows differ\n{}",
        faults.len(),
        faults.join("\n")
    );
}
