//! What rules say: bodies over time, and values that fit their type.

use super::Checker;
use super::body::{Body, Sight};
use super::figures::Term;
use super::marks::{Context, Placed};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{
    EntityId, Expr, Function, Gather, Item, Kind, Length, LocalId, Node, Operator, RuleId,
    RuleVersion, Step, Type,
};
use crate::syntax::ast::{self, At, ItemKind};

impl<'f> Checker<'_, 'f> {
    /// Reads what decides under which day's law the records of the folder's entities stand.
    pub(super) fn dates(&mut self, placed: &[Placed<'f>]) {
        for item in placed {
            let ItemKind::Entity(declared) = &item.item.kind else {
                continue;
            };
            let Some(written) = &declared.dated_by else {
                continue;
            };
            let Some(&[Item::Entity(id)]) = self.names.get(&declared.naming.id.node) else {
                continue;
            };
            let mut body = Body::new(self, id, Sight::Inputs);
            let found = body
                .expr(written, Some(Kind::Date))
                .and_then(|found| body.expect(found, Kind::Date, written));
            self.law.entities[id.0 as usize].dated_by = found;
        }
    }

    /// Reads the bodies of the folder's rules.
    pub(super) fn rules(&mut self, work: &[(RuleId, &'f ast::Rule, Context<'f>)]) {
        for &(id, declared, _) in work {
            self.check_mark(declared.basis.mark.as_ref());
            let versions = self.rule_versions(id, declared);
            self.law.rules[id.0 as usize].versions = versions;
        }
    }

    fn rule_versions(&mut self, id: RuleId, declared: &ast::Rule) -> Vec<RuleVersion> {
        if declared.versions.is_empty() && (declared.set || self.law[id].opened_to.is_none()) {
            let name = &declared.naming.id;
            let error = Diagnostic::error(
                codes::NO_VERSION,
                name.span,
                format!("the rule `{}` says nothing", name.node),
                "has no body",
            );
            self.report.push(error.help("add `from DATE` with a body below it, or `opened to LEVEL` if a lower law is to say it"));
        }
        // `before` is written last and holds first.
        let (mut written, dated): (Vec<_>, Vec<_>) = declared
            .versions
            .iter()
            .partition(|version| version.from.is_none());
        if let [first, second, ..] = &*written {
            let error = Diagnostic::error(
                codes::VERSION_ORDER,
                head(second),
                "a rule has one `before`",
                "a second one",
            )
            .also(head(first), "the first");
            self.report
                .push(error.help("give all but the earliest body a `from DATE`"));
        }
        written.extend(dated);
        let terms: Vec<Term> = written
            .iter()
            .map(|version| Term {
                from: version.from.clone(),
                until: version.until.clone(),
            })
            .collect();
        let days = self.schedule(&terms);
        let (of, ty) = (self.law[id].of, self.law[id].ty);
        let bodies = written.iter().zip(days).map(|(version, (from, until))| {
            let (steps, result, locals) = self.body(version, of, ty)?;
            Some(RuleVersion {
                from,
                until,
                steps,
                result,
                locals,
                span: version.span,
            })
        });
        bodies.collect::<Vec<_>>().into_iter().flatten().collect()
    }

    fn body(
        &mut self,
        version: &ast::RuleVersion,
        of: EntityId,
        ty: Type,
    ) -> Option<(Vec<Step>, Expr, u32)> {
        let mut body = Body::new(self, of, Sight::Law);
        let mut steps = Vec::with_capacity(version.steps.len());
        for step in &version.steps {
            match step {
                ast::Step::Let(name, written) => {
                    let value = body.expr(written, None);
                    let local = LocalId(body.count);
                    body.declare_local(
                        name,
                        value.as_ref().map(|value| (value.kind, value.decimals)),
                    );
                    steps.push(value.map(|value| Step::Let {
                        name: name.node.clone(),
                        local: LocalId(local.0),
                        value,
                    }));
                }
                ast::Step::Require(written, otherwise, span) => {
                    let condition = body.condition(written);
                    steps.push(condition.map(|condition| Step::Require {
                        condition,
                        otherwise: otherwise.clone(),
                        span: *span,
                    }));
                }
            }
        }
        let result = body
            .expr(&version.result, Some(ty.kind()))
            .and_then(|found| body.expect(found, ty.kind(), &version.result));
        body.forget(body.locals.len());
        let count = body.count;
        let result = self.kept(result?, ty)?;
        Some((
            steps.into_iter().collect::<Option<Vec<_>>>()?,
            result,
            count,
        ))
    }

    /// Reports a value with more decimals than its type keeps.
    fn kept(&mut self, result: Expr, ty: Type) -> Option<Expr> {
        let keeps = ty.decimals();
        if result.decimals.is_some_and(|decimals| decimals <= keeps) {
            return Some(result);
        }
        let unit = match ty {
            Type::Money => "fen".to_owned(),
            Type::Integer => "integer".to_owned(),
            Type::Months => "months".to_owned(),
            Type::Days => "days".to_owned(),
            _ => format!("{keeps} decimals"),
        };
        let (place, why) = self.culprit(&result);
        let keeps = if matches!(ty, Type::Months | Type::Days) {
            "whole ones".to_owned()
        } else {
            keeps.to_string()
        };
        let message = format!("{why}, but {} keeps {keeps}", self.type_name(ty));
        let mut error = Diagnostic::error(codes::MUST_ROUND, place, message, "not yet rounded");
        if place != result.span {
            error = error.also(result.span, "the value of the rule");
        }
        let round = format!(
            "add `rounded half up to {unit}` at the end, or the way the law says it is rounded"
        );
        self.report.push(error.help(round));
        None
    }

    /// The part of an expression that brings its decimals in, and what it does.
    pub(super) fn culprit(&self, found: &Expr) -> (Span, String) {
        let of = |decimals: Option<u8>| match decimals {
            Some(1) => "1 decimal".to_owned(),
            Some(decimals) => format!("{decimals} decimals"),
            None => "a fraction".to_owned(),
        };
        let like = |inner: &&Expr| inner.decimals == found.decimals;
        let inner = match &*found.node {
            Node::Binary(Operator::Multiply, left, right) => [left, right]
                .into_iter()
                .find(|inner| like(inner) && inner.decimals.is_none()),
            Node::Binary(Operator::Add | Operator::Subtract, left, right) => {
                [left, right].into_iter().find(like)
            }
            Node::Negate(inner)
            | Node::Convert(inner, Length::Months | Length::Days | Length::Yuan) => Some(inner),
            Node::Call(Function::Min | Function::Max | Function::Bounded, values) => {
                values.iter().find(like)
            }
            Node::Choose {
                arms, otherwise, ..
            } => arms
                .iter()
                .map(|(_, value)| value)
                .chain([otherwise])
                .find(like),
            Node::Aggregate {
                how: Gather::Average,
                ..
            } => None,
            Node::Aggregate { value, default, .. } => value.iter().chain(default).find(like),
            _ => None,
        };
        if let Some(inner) = inner {
            return self.culprit(inner);
        }
        let does = match &*found.node {
            Node::Binary(Operator::Multiply | Operator::Divide, left, right) => {
                let verb = if found.decimals.is_some() {
                    "leaves"
                } else {
                    "gives"
                };
                let tail = self
                    .report
                    .text(Span {
                        start: left.span.end,
                        ..right.span
                    })
                    .trim();
                // Brackets around the left side end after it.
                let tail = tail.trim_start_matches(')').trim_start();
                let short = tail.chars().count() <= 40 && !tail.contains('\n');
                let what = if short {
                    format!("`{tail}`")
                } else {
                    "this".to_owned()
                };
                return (found.span, format!("{what} {verb} {}", of(found.decimals)));
            }
            Node::Convert(..) => "`in years` gives",
            Node::Aggregate { .. } => "an average gives",
            Node::Local(_, name) => {
                return (found.span, format!("`{name}` has {}", of(found.decimals)));
            }
            _ => {
                return (
                    found.span,
                    format!(
                        "`{}` has {}",
                        self.report.text(found.span),
                        of(found.decimals)
                    ),
                );
            }
        };
        (found.span, format!("{does} {}", of(found.decimals)))
    }
}

/// Where a version begins, for a message about its dates.
fn head(version: &ast::RuleVersion) -> Span {
    let keyword = Span {
        // The length of `before`.
        end: version.span.start + 6,
        ..version.span
    };
    version
        .from
        .as_ref()
        .map_or(keyword, |At { span, .. }| *span)
}
