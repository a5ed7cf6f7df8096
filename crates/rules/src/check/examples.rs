//! Examples: facts given, outcomes expected.

use super::Checker;
use super::constants::Fit;
use super::marks::{Placed, lower};
use crate::diagnostic::{Diagnostic, Span, codes_check as codes};
use crate::law::{EntityId, Exact, Example, Expected, Facts, Item, RuleId, Type, Value};
use crate::syntax::ast::{self, Given, ItemKind, Name};

impl<'f> Checker<'_, 'f> {
    /// Reads the folder's examples.
    pub(super) fn examples(&mut self, placed: &[Placed<'f>]) {
        for item in placed {
            if let ItemKind::Example(written) = &item.item.kind
                && let Some(example) = self.example(written, item.item.span)
            {
                self.law.examples.push(example);
            }
        }
    }

    fn example(&mut self, written: &ast::Example, span: Span) -> Option<Example> {
        self.check_mark(written.mark.as_ref());
        let title = written.title.span;
        if written.as_of.is_none() {
            let error = Diagnostic::error(
                codes::NO_AS_OF,
                title,
                "the example does not say which day's law applies",
                "as of which day?",
            );
            self.report
                .push(error.help("add a line `as of 2025-01-31`"));
        }
        if written.then.is_empty() {
            let error = Diagnostic::error(
                codes::EXAMPLE_ROOT,
                title,
                "the example expects nothing",
                "what comes out?",
            );
            self.report
                .push(error.help("add `then RULE = VALUE` or `then RULE refused`"));
        }
        let mut root: Option<(EntityId, &Name)> = None;
        let mut then = Vec::with_capacity(written.then.len());
        for expected in &written.then {
            let (ast::Expected::Value { name, .. } | ast::Expected::Refused(name)) = expected;
            let Some(rule) = self.expected_rule(name) else {
                continue;
            };
            let of = self.law[rule].of;
            if let Some((first, place)) = root
                && first != of
            {
                let (ours, theirs) = (self.law[of].names.id.clone(), &self.law[first].names.id);
                let error = Diagnostic::error(
                    codes::EXAMPLE_ROOT,
                    name.span,
                    "an example speaks of one entity",
                    format!("a rule of `{ours}`"),
                )
                .also(place.span, format!("a rule of `{theirs}`"))
                .help("split it in two");
                self.report.push(error);
                continue;
            }
            root = Some((of, name));
            then.extend(self.expected(rule, expected));
        }
        let facts = self.facts(&written.given, root?.0);
        let mark = written.mark.as_ref().map(lower);
        Some(Example {
            title: written.title.node.clone(),
            mark,
            as_of: written.as_of.as_ref()?.node,
            facts,
            then,
            span,
        })
    }

    fn expected_rule(&mut self, name: &Name) -> Option<RuleId> {
        match self.single(name)? {
            Item::Rule(id) => Some(id),
            other => self.wrong_sort(name, other, "a rule"),
        }
    }

    fn expected(&mut self, rule: RuleId, written: &ast::Expected) -> Option<Expected> {
        let ty = self.law[rule].ty;
        Some(match written {
            ast::Expected::Refused(name) => Expected {
                rule,
                value: None,
                within: None,
                because: None,
                span: name.span,
            },
            ast::Expected::Value {
                name,
                value,
                within,
                because,
            } => {
                let fit = if within.is_some() {
                    Fit::Loose
                } else {
                    Fit::Exact
                };
                let span = within
                    .as_ref()
                    .map_or(name.span.to(value.span), |within| name.span.to(within.span));
                let value = self.constant(value, ty, fit);
                let within = within.as_ref().map(|within| self.tolerance(within, ty));
                let within = match within {
                    Some(None) => return None,
                    Some(tolerance) => tolerance,
                    None => None,
                };
                Expected {
                    rule,
                    value: Some(value?),
                    within,
                    because: because.as_ref().map(|because| because.node.clone()),
                    span,
                }
            }
        })
    }

    /// How far off a value may be: an amount of its kind; of points in time a length.
    fn tolerance(&mut self, written: &ast::Expr, ty: Type) -> Option<Exact> {
        let ty = match ty {
            Type::Month => Type::Months,
            Type::Date => Type::Days,
            Type::Year => Type::Integer,
            other => other,
        };
        match self.constant(written, ty, Fit::Loose)? {
            Value::Number(exact) if exact.num >= 0 => Some(exact),
            _ => {
                let error = Diagnostic::error(
                    codes::CONSTANT_MISFIT,
                    written.span,
                    "a tolerance is an amount, not below zero",
                    "not a tolerance",
                );
                self.report.push(error);
                None
            }
        }
    }

    fn facts(&mut self, given: &[Given], of: EntityId) -> Facts {
        let mut facts = Facts::default();
        let mut seen: Vec<(Item, Span)> = Vec::new();
        for fact in given {
            let (Given::Value(name, _) | Given::Records(name, _)) = fact;
            let Some(item) = self.single(name) else {
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == item) {
                let error = Diagnostic::error(
                    codes::GIVEN_TWICE,
                    name.span,
                    format!("`{}` is given twice", name.node),
                    "again here",
                )
                .also(*first, "first here");
                self.report.push(error.help("give it once"));
                continue;
            }
            seen.push((item, name.span));
            self.fact(fact, name, item, of, &mut facts);
        }
        facts
    }

    fn fact(&mut self, fact: &Given, name: &Name, item: Item, of: EntityId, facts: &mut Facts) {
        let belongs = match item {
            Item::Input(id) => self.law[id].of,
            Item::Rule(id) => self.law[id].of,
            Item::Relation(id) => self.law[id].of,
            other => {
                self.wrong_sort::<()>(name, other, "an input, a rule or a relation");
                return;
            }
        };
        if belongs != of {
            let (ours, theirs) = (&self.law[of].names.id, &self.law[belongs].names.id);
            let mut error = Diagnostic::error(
                codes::OTHER_ENTITY,
                name.span,
                format!("`{}` is of `{theirs}`, not of `{ours}`", name.node),
                format!("a fact of `{ours}` is expected"),
            );
            if let Some(through) = self.law[belongs].owned_through {
                error = error.help(format!(
                    "give it in a record below `{}`",
                    self.law[through].names.id
                ));
            }
            self.report.push(error);
            return;
        }
        match (fact, item) {
            (Given::Value(_, value), Item::Input(id)) => {
                let place = self.law[id].span;
                self.report.used.insert(place);
                if let Some(known) = self.constant(value, self.law[id].ty, Fit::Exact) {
                    self.in_range(id, &known, value);
                    facts.inputs.insert(id, known);
                }
            }
            (Given::Value(_, value), Item::Rule(id)) => {
                if let Some(known) = self.constant(value, self.law[id].ty, Fit::Exact) {
                    facts.rules.insert(id, known);
                }
            }
            (Given::Records(_, records), Item::Relation(id)) => {
                let to = self.law[id].to;
                let records = records
                    .iter()
                    .map(|record| self.facts(record, to))
                    .collect();
                facts.records.insert(id, records);
            }
            (Given::Records(..), other) => {
                self.wrong_sort::<()>(name, other, "a relation");
            }
            (Given::Value(..), other) => {
                self.wrong_sort::<()>(name, other, "an input or a rule");
            }
        }
    }
}
