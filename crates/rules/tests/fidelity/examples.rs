//! The text as a whole: nothing to warn of, every example beside it comes out, every rule runs in columns.

use crate::asking::{day, jurisdictions, law, none};
use crate::common;
use rules::check;
use rules::columns::{Plan, Slot};
use rules::diagnostic;
use rules::examples;
use rules::explain::Lang;
use rules::law::{EntityId, InputId, RelationId, RuleId};

#[test]
fn nothing_to_warn_of() {
    let book = check::read(common::law_folder());
    assert!(
        book.diagnostics.is_empty(),
        "{}",
        diagnostic::render(&book.diagnostics, &book.files, false)
    );
}

#[test]
fn every_example_comes_out() {
    let mut faults = Vec::new();
    for jurisdiction in jurisdictions() {
        let law = law(jurisdiction);
        let outcomes = examples::run(law, None);
        assert!(!outcomes.is_empty(), "{jurisdiction} has examples");
        let failed: Vec<_> = outcomes
            .into_iter()
            .filter(|outcome| !outcome.passed())
            .collect();
        if !failed.is_empty() {
            faults.push(examples::text(law, &failed, Lang::En));
        }
    }
    none(&faults);
}

/// Where Chongqing's law says enough to be planned, no rule falls back to one row after another.
#[test]
fn every_rule_of_chongqing_runs_in_lanes() {
    let law = law("cn-50");
    let inputs = |of: EntityId| {
        let all =
            (0..law.inputs.len()).map(|number| InputId(u32::try_from(number).expect("few inputs")));
        all.filter(move |&input| law[input].of == of)
            .map(Slot::Input)
            .collect::<Vec<_>>()
    };
    let mut slow = Vec::new();
    for (number, rule) in law
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| law[rule.of].owned_through.is_none())
    {
        let relations = (0_u32..)
            .zip(&law.relations)
            .filter(|(_, relation)| relation.of == rule.of);
        let records: Vec<_> = relations
            .map(|(number, relation)| (RelationId(number), inputs(relation.to)))
            .collect();
        let asked = [RuleId(u32::try_from(number).expect("few rules"))];
        let plan = Plan::new(law, day("2025-12-31"), &asked, &inputs(rule.of), &records);
        if plan.is_ok_and(|plan| !plan.is_columnar()) {
            slow.push(rule.names.id.clone());
        }
    }
    none(&slow);
}
