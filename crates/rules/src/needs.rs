//! What rules may ask of files, found by reading the law, not by running it: inputs, records, figures and rules.

use crate::columns::{Field, Slot};
use crate::law::{
    EntityId, Expr, FigureId, InputId, Law, Node, RelationId, RuleId, RuleVersion, Step,
};
use measure::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What can be reached from the rules asked for, whatever the facts are.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// The columns the rows can use; what must be there is not [optional](Field::optional).
    pub fields: Vec<Field>,
    /// The same for the records of each relation that must be there.
    pub records: Vec<(RelationId, Vec<Field>)>,
    /// The figures that may be read, and of which days.
    pub figures: BTreeMap<FigureId, Days>,
    /// The rules that may be computed.
    pub rules: BTreeSet<RuleId>,
}

/// Of which days a figure may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Days {
    /// Only of the day whose law applies.
    AsOf,
    /// Of others too: by records under laws of their own days, or `at` a date.
    Any,
}

/// Reads the bodies of `asked`, all of one entity, and of every rule they lead to. Of the entity's own rules only the
/// body in force on `as_of` counts; records are judged under laws of their own days, so of theirs every body does.
///
/// `given` are the columns files have: behind a rule whose value is given nothing is required, but still of use for rows
/// in which that value is missing.
#[must_use]
pub fn needs(law: &Law, as_of: Day, asked: &[RuleId], given: &[Slot]) -> Needs {
    let Some(root) = asked.first().map(|rule| law[*rule].of) else {
        return Needs::default();
    };
    let reached = |given: &[Slot]| {
        let mut walk = Walk {
            law,
            as_of,
            root,
            given,
            days: Days::AsOf,
            found: Found::default(),
        };
        asked.iter().for_each(|rule| walk.rule(*rule));
        walk.found
    };
    let (required, useful) = (reached(given), reached(&[]));
    let fields_of = |entity: EntityId| {
        let inputs = useful
            .inputs
            .iter()
            .filter(|id| law[**id].of == entity)
            .map(|id| Field {
                slot: Slot::Input(*id),
                of: entity,
                ty: law[*id].ty,
                names: law[*id].names.clone(),
                optional: law[*id].default.is_some() || !required.inputs.contains(id),
            });
        let rules = useful
            .met
            .iter()
            .filter(|id| law[**id].of == entity)
            .map(|id| Field {
                slot: Slot::Rule(*id),
                of: entity,
                ty: law[*id].ty,
                names: law[*id].names.clone(),
                optional: true,
            });
        inputs.chain(rules).collect::<Vec<Field>>()
    };
    let own = required
        .relations
        .iter()
        .filter(|relation| law[**relation].of == root);
    Needs {
        fields: fields_of(root),
        records: own
            .map(|relation| (*relation, fields_of(law[*relation].to)))
            .collect(),
        figures: required.figures,
        rules: required.rules,
    }
}

#[derive(Default)]
struct Found {
    /// Rules come across, given or not.
    met: BTreeSet<RuleId>,
    /// Rules of which a body was read.
    rules: BTreeSet<RuleId>,
    inputs: BTreeSet<InputId>,
    relations: BTreeSet<RelationId>,
    figures: BTreeMap<FigureId, Days>,
}

struct Walk<'a> {
    law: &'a Law,
    as_of: Day,
    root: EntityId,
    given: &'a [Slot],
    /// Of which days the figures met now are read.
    days: Days,
    found: Found,
}

impl Walk<'_> {
    fn rule(&mut self, id: RuleId) {
        if !self.found.met.insert(id) || self.given.contains(&Slot::Rule(id)) {
            return;
        }
        self.found.rules.insert(id);
        let law = self.law;
        let counts = |version: &&RuleVersion| {
            let begun = version.from.is_none_or(|from| from <= self.as_of);
            let ended = version.until.is_some_and(|until| until < self.as_of);
            law[id].of != self.root || begun && !ended
        };
        let outside = self.days;
        self.days = if law[id].of == self.root {
            Days::AsOf
        } else {
            Days::Any
        };
        for version in law[id].versions.iter().filter(counts).collect::<Vec<_>>() {
            for step in &version.steps {
                match step {
                    Step::Let { value, .. } => self.expr(value),
                    Step::Require { condition, .. } => self.expr(condition),
                }
            }
            self.expr(&version.result);
        }
        self.days = outside;
    }

    fn relation(&mut self, id: RelationId, by: Option<InputId>) {
        self.found.inputs.extend(by);
        if self.found.relations.insert(id)
            && let Some(date) = &self.law[self.law[id].to].dated_by
        {
            self.expr(date);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &*expr.node {
            Node::Literal(_) | Node::Local(..) | Node::AsOf => {}
            Node::Input(id, _) => {
                self.found.inputs.insert(*id);
            }
            Node::Rule(id, _) => self.rule(*id),
            Node::Figure { figure, keys, at } => {
                let days = if at.is_some() { Days::Any } else { self.days };
                let known = self.found.figures.entry(*figure).or_insert(days);
                *known = days.max(*known);
                self.all(keys.iter().chain(at));
            }
            Node::Negate(a) | Node::Not(a) | Node::Convert(a, _) | Node::Round(a, _, _) => {
                self.expr(a);
            }
            Node::Binary(_, a, b) => self.all([a, b]),
            Node::OneOf(a, members) => self.all(std::iter::once(a).chain(members)),
            Node::Call(_, arguments) => self.all(arguments),
            Node::Choose {
                arms, otherwise, ..
            } => {
                self.all(
                    arms.iter()
                        .flat_map(|(a, b)| [a, b])
                        .chain(std::iter::once(otherwise)),
                );
            }
            Node::Aggregate {
                value,
                over,
                condition,
                by,
                default,
                ..
            } => {
                self.relation(*over, *by);
                self.in_records(value.iter().chain(condition));
                self.all(default);
            }
            Node::Carry {
                from,
                through,
                by,
                step,
                ..
            } => {
                self.relation(*through, Some(*by));
                self.expr(from);
                self.in_records([step]);
            }
        }
    }

    /// What is read in records, under laws of their own days.
    fn in_records<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        let outside = std::mem::replace(&mut self.days, Days::Any);
        self.all(exprs);
        self.days = outside;
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }
}
