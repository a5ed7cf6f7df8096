//! What a rule names, and what names it: the links between the items of a law, one step each way.

use crate::law::{Expr, FigureId, InputId, Item, Law, Node, RelationId, RuleId, Step};
use std::collections::BTreeSet;

/// What the bodies of a rule name, of all times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Rules.
    pub rules: BTreeSet<RuleId>,
    /// Parameters and tables.
    pub figures: BTreeSet<FigureId>,
    /// Facts.
    pub inputs: BTreeSet<InputId>,
    /// Records.
    pub relations: BTreeSet<RelationId>,
}

/// What a rule names.
#[must_use]
pub fn uses(law: &Law, rule: RuleId) -> Links {
    let mut links = Links::default();
    for version in &law[rule].versions {
        for step in &version.steps {
            match step {
                Step::Let { value, .. } => links.expr(value),
                Step::Require { condition, .. } => links.expr(condition),
            }
        }
        links.expr(&version.result);
    }
    links
}

/// The rules that name an item, in the order of the law.
#[must_use]
pub fn used_by(law: &Law, item: Item) -> Vec<RuleId> {
    let names = |rule: &RuleId| {
        let links = uses(law, *rule);
        match item {
            Item::Rule(id) => links.rules.contains(&id) && id != *rule,
            Item::Figure(id) => links.figures.contains(&id),
            Item::Input(id) => links.inputs.contains(&id),
            Item::Relation(id) => links.relations.contains(&id),
            Item::Enum(_) | Item::Member(..) | Item::Entity(_) => false,
        }
    };
    (0..law.rules.len())
        .map(RuleId::nth)
        .filter(names)
        .collect()
}

impl Links {
    fn expr(&mut self, expr: &Expr) {
        match &*expr.node {
            Node::Literal(_) | Node::Local(..) | Node::AsOf => {}
            Node::Input(id, _) => drop(self.inputs.insert(*id)),
            Node::Rule(id, _) => drop(self.rules.insert(*id)),
            Node::Figure { figure, keys, at } => {
                self.figures.insert(*figure);
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
                self.all(arms.iter().flat_map(|(a, b)| [a, b]));
                self.expr(otherwise);
            }
            Node::Aggregate {
                value,
                over,
                condition,
                by,
                default,
                ..
            } => {
                self.relations.insert(*over);
                self.inputs.extend(*by);
                self.all(value.iter().chain(condition).chain(default));
            }
            Node::Carry {
                from,
                through,
                by,
                step,
                ..
            } => {
                self.relations.insert(*through);
                self.inputs.insert(*by);
                self.all([from, step]);
            }
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }
}
