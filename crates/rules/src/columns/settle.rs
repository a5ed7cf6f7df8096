//! What lanes leave open: rows that do not meet a requirement are refused in its words, doubtful ones are evaluated exactly.

use super::batch::{Batch, RefusedRow};
use super::plan::Plan;
use super::workspace::Workspace;
use crate::evaluate::{Case, facts_from_batch, to_canonical};
use crate::refusal::{Reason, Refusal};

pub(super) fn settle(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    batch: &Batch<'_>,
    results: &mut [&mut [i64]],
    refused: &mut Vec<RefusedRow>,
) {
    settle_unmet(plan, workspace, results, refused);
    settle_doubtful(plan, workspace, batch, results, refused);
    refused.sort_by_key(|refused| {
        (
            refused.row,
            plan.asked.iter().position(|asked| *asked == refused.asked),
        )
    });
}

/// Refuses the rows that do not meet a requirement, each for the first; one that is doubtful anywhere is left to be evaluated
/// exactly.
fn settle_unmet(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    results: &mut [&mut [i64]],
    refused: &mut Vec<RefusedRow>,
) {
    let Workspace {
        doubtful, unmet, ..
    } = workspace;
    if unmet.is_empty() {
        return;
    }
    doubtful.sort_unstable();
    doubtful.dedup();
    unmet.sort_unstable();
    unmet.dedup_by_key(|(row, question, _)| (*row, *question));
    for &mut (row, question, number) in unmet {
        if doubtful.binary_search(&(row, question)).is_ok() {
            continue;
        }
        let requirement = &plan.requirements[number].1;
        let reason = Reason::NotMet(requirement.otherwise.clone());
        let refusal = Refusal {
            reason,
            rule: Some(requirement.rule),
            span: Some(requirement.span),
        };
        results[question][row] = 0;
        refused.push(RefusedRow {
            row,
            asked: plan.asked[question],
            refusal,
        });
    }
}

/// Evaluates the doubtful rows one by one with the exact evaluator.
fn settle_doubtful(
    plan: &Plan<'_>,
    workspace: &mut Workspace,
    batch: &Batch<'_>,
    results: &mut [&mut [i64]],
    refused: &mut Vec<RefusedRow>,
) {
    workspace.doubtful.sort_unstable();
    workspace.doubtful.dedup();
    for questions in workspace.doubtful.chunk_by(|a, b| a.0 == b.0) {
        let row = questions[0].0;
        let facts = facts_from_batch(plan.law, batch, row);
        let mut case = facts
            .as_ref()
            .ok()
            .map(|facts| Case::new(plan.law, plan.as_of, facts));
        for &(_, question) in questions {
            let asked = plan.asked[question];
            let refuse = |reason| Refusal {
                reason,
                rule: Some(asked),
                span: None,
            };
            let value = match (&mut case, &facts) {
                (Some(case), _) => case
                    .value(asked)
                    .and_then(|value| to_canonical(plan.law[asked].ty, &value).map_err(refuse)),
                (None, Err(reason)) => Err(refuse(reason.clone())),
                (None, Ok(_)) => unreachable!("there is a case where there are facts"),
            };
            results[question][row] = match value {
                Ok(value) => value,
                Err(refusal) => {
                    refused.push(RefusedRow {
                        row,
                        asked,
                        refusal,
                    });
                    0
                }
            };
        }
    }
}
