//! Rules that need each other in a circle.

use super::Checker;
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{Expr, Node, Rule, RuleId, Step};

/// How far a rule has been followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Not,
    OnPath,
    Done,
}

impl Checker<'_, '_> {
    /// Reports each circle in which a rule of this jurisdiction takes part; the others were reported higher up.
    ///
    /// All versions count together: a circle that no single day closes would still be a puzzle to read.
    pub(super) fn cycles(&mut self) {
        let needs: Vec<Vec<(RuleId, Span)>> = self.law.rules.iter().map(needs).collect();
        let mut seen = vec![Seen::Not; needs.len()];
        for start in 0..needs.len() {
            if seen[start] != Seen::Not {
                continue;
            }
            // The path from `start`, each rule with how many of its needs were followed.
            let mut path = vec![(start, 0)];
            seen[start] = Seen::OnPath;
            while let Some((rule, next)) = path.last_mut() {
                let Some(&(need, _)) = needs[*rule].get(*next) else {
                    seen[*rule] = Seen::Done;
                    path.pop();
                    continue;
                };
                *next += 1;
                let need = need.0 as usize;
                match seen[need] {
                    Seen::Not => {
                        seen[need] = Seen::OnPath;
                        path.push((need, 0));
                    }
                    Seen::OnPath => {
                        let begin = path
                            .iter()
                            .position(|(rule, _)| *rule == need)
                            .unwrap_or_default();
                        let circle: Vec<(RuleId, Span)> = path[begin..]
                            .iter()
                            .map(|&(rule, followed)| {
                                (RuleId::nth(rule), needs[rule][followed - 1].1)
                            })
                            .collect();
                        self.circle(&circle);
                    }
                    Seen::Done => {}
                }
            }
        }
    }

    /// Reports one circle: each rule with the place where it needs the next.
    fn circle(&mut self, circle: &[(RuleId, Span)]) {
        let here = self.here();
        let Some(own) = circle
            .iter()
            .position(|(rule, _)| self.law[*rule].jurisdiction == here)
        else {
            return;
        };
        let name = |rule: RuleId| self.law[rule].names.id.as_str();
        let turned: Vec<_> = circle[own..]
            .iter()
            .chain(&circle[..own])
            .copied()
            .collect();
        let path: Vec<&str> = turned
            .iter()
            .chain(&turned[..1])
            .map(|(rule, _)| name(*rule))
            .collect();
        let needs = |number: usize| format!("`{}` needs `{}`", path[number], path[number + 1]);
        let mut error = Diagnostic::error(
            codes::RULE_CYCLE,
            turned[0].1,
            format!("rules need each other in a circle: {}", path.join(" → ")),
            needs(0),
        );
        for (number, (_, place)) in turned.iter().enumerate().skip(1) {
            error = error.also(*place, needs(number));
        }
        self.report.push(error.help("one of them must be found without the others; what goes from record to record is a `carry`"));
    }
}

/// The rules a rule reads, each with the first place.
fn needs(rule: &Rule) -> Vec<(RuleId, Span)> {
    let mut found = Vec::new();
    for version in &rule.versions {
        for step in &version.steps {
            let (Step::Let { value, .. }
            | Step::Require {
                condition: value, ..
            }) = step;
            gather(value, &mut found);
        }
        gather(&version.result, &mut found);
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|(rule, _)| seen.insert(*rule));
    found
}

fn gather(expr: &Expr, found: &mut Vec<(RuleId, Span)>) {
    let mut visit = |inner: &Expr| gather(inner, found);
    match &*expr.node {
        Node::Rule(id, _) => found.push((*id, expr.span)),
        Node::Literal(_) | Node::Local(..) | Node::Input(..) | Node::AsOf => {}
        Node::Figure { keys, at, .. } => keys.iter().chain(at).for_each(visit),
        Node::Negate(inner)
        | Node::Not(inner)
        | Node::Convert(inner, _)
        | Node::Round(inner, ..) => visit(inner),
        Node::Binary(_, left, right) => [left, right].into_iter().for_each(visit),
        Node::OneOf(inner, list) => std::iter::once(inner).chain(list).for_each(visit),
        Node::Call(_, list) => list.iter().for_each(visit),
        Node::Choose {
            arms, otherwise, ..
        } => {
            arms.iter()
                .flat_map(|(condition, value)| [condition, value])
                .chain([otherwise])
                .for_each(visit);
        }
        Node::Aggregate {
            value,
            condition,
            default,
            ..
        } => value.iter().chain(condition).chain(default).for_each(visit),
        Node::Carry { from, step, .. } => [from, step].into_iter().for_each(visit),
    }
}
