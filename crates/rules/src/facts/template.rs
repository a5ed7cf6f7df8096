//! A skeleton of the facts a rule may ask for.

use super::read::expected;
use crate::law::{EntityId, Expr, InputId, Law, Node, RelationId, RuleId, Step, Type, Value};
use std::collections::BTreeSet;

/// A JSON skeleton of every input the rule may need, under the law of any day. What must be filled in stands as
/// a text that says what is expected; what has a default stands with it.
#[must_use]
pub fn template(law: &Law, rule: RuleId) -> String {
    let (needs, root) = needed(law, rule);
    let mut out = String::new();
    needs.write(&root, 0, &mut out);
    out.push('\n');
    out
}

/// What a rule may ask of a case, under the law of any day: for a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Facts of the case itself, and of its owners where it is a record.
    pub inputs: Vec<InputId>,
    /// Its records, each with the facts of one.
    pub records: Vec<(RelationId, Vec<InputId>)>,
}

/// What a rule may ask of a case.
#[must_use]
pub fn asked(law: &Law, rule: RuleId) -> Asked {
    let (needs, root) = needed(law, rule);
    let of = |entities: &[EntityId]| {
        let inputs = needs.inputs.iter().copied();
        inputs
            .filter(|id| entities.contains(&law[*id].of))
            .collect()
    };
    let records = needs.relations.iter();
    let records = records.filter(|id| root.contains(&law[**id].of));
    Asked {
        inputs: of(&root),
        records: records.map(|id| (*id, of(&[law[*id].to]))).collect(),
    }
}

/// Everything the rule may need, and the entity it is of with its owners.
fn needed(law: &Law, rule: RuleId) -> (Needs<'_>, Vec<EntityId>) {
    let mut needs = Needs {
        law,
        seen: BTreeSet::new(),
        inputs: BTreeSet::new(),
        relations: BTreeSet::new(),
    };
    needs.rule(rule);
    let of = law[rule].of;
    // A record run by itself has its owners' facts beside its own.
    let mut root = vec![of];
    while let Some(relation) = law[root[root.len() - 1]]
        .owned_through
        .filter(|id| !root.contains(&law[*id].of))
    {
        root.push(law[relation].of);
    }
    let below = |relation: &RelationId| !root.contains(&law[*relation].to);
    needs.relations = needs.relations.iter().copied().filter(below).collect();
    (needs, root)
}

struct Needs<'a> {
    law: &'a Law,
    seen: BTreeSet<RuleId>,
    inputs: BTreeSet<InputId>,
    relations: BTreeSet<RelationId>,
}

impl Needs<'_> {
    fn rule(&mut self, id: RuleId) {
        if !self.seen.insert(id) {
            return;
        }
        let law = self.law;
        if let Some(date) = &law[law[id].of].dated_by {
            self.expr(date);
        }
        for version in &law[id].versions {
            for step in &version.steps {
                match step {
                    Step::Let { value, .. } => self.expr(value),
                    Step::Require { condition, .. } => self.expr(condition),
                }
            }
            self.expr(&version.result);
        }
    }

    fn relation(&mut self, id: RelationId, by: Option<InputId>) {
        self.inputs.extend(by);
        if self.relations.insert(id)
            && let Some(date) = &self.law[self.law[id].to].dated_by
        {
            self.expr(date);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &*expr.node {
            Node::Literal(_) | Node::Local(..) | Node::AsOf => {}
            Node::Input(id, _) => {
                self.inputs.insert(*id);
            }
            Node::Rule(id, _) => self.rule(*id),
            Node::Figure { keys, at, .. } => self.all(keys.iter().chain(at)),
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
                self.all(value.iter().chain(condition).chain(default));
            }
            Node::Carry {
                from,
                through,
                by,
                step,
                ..
            } => {
                self.relation(*through, Some(*by));
                self.all([from, step]);
            }
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn write(&self, entities: &[EntityId], indent: usize, out: &mut String) {
        let mut members = Vec::new();
        for id in &self.inputs {
            let input = &self.law[*id];
            if entities.contains(&input.of) {
                let value = match &input.default {
                    Some(value) => written(self.law, input.ty, value),
                    None => placeholder(self.law, input.ty),
                };
                members.push(format!("{}: {value}", quoted(&input.names.id)));
            }
        }
        for id in &self.relations {
            let relation = &self.law[*id];
            if entities.contains(&relation.of) {
                let mut record = String::new();
                self.write(&[relation.to], indent + 4, &mut record);
                let pad = " ".repeat(indent + 4);
                let end = " ".repeat(indent + 2);
                members.push(format!(
                    "{}: [\n{pad}{record}\n{end}]",
                    quoted(&relation.names.id)
                ));
            }
        }
        let pad = " ".repeat(indent + 2);
        out.push_str("{\n");
        out.push_str(
            &members
                .iter()
                .map(|member| format!("{pad}{member}"))
                .collect::<Vec<_>>()
                .join(",\n"),
        );
        out.push_str(&format!("\n{}}}", " ".repeat(indent)));
    }
}

fn placeholder(law: &Law, ty: Type) -> String {
    match ty {
        Type::Enum(id) => {
            let members = law[id].members.iter().map(|names| names.id.as_str());
            quoted(&format!("<{}>", members.collect::<Vec<_>>().join(" | ")))
        }
        _ => quoted(&format!("<{}>", expected(ty).1)),
    }
}

/// A value as [`from_json`](super::from_json) reads it.
fn written(law: &Law, ty: Type, value: &Value) -> String {
    match (ty, value) {
        (_, Value::Bool(holds)) => holds.to_string(),
        (_, Value::Number(number)) => {
            let decimals = ty.decimals();
            let scale = 10_i128.pow(u32::from(decimals));
            let units = number.exactly(scale).unwrap_or_default();
            let (whole, rest) = (
                units.unsigned_abs() / scale.unsigned_abs(),
                units.unsigned_abs() % scale.unsigned_abs(),
            );
            let sign = if units < 0 { "-" } else { "" };
            match decimals {
                0 => format!("{sign}{whole}"),
                _ => format!(
                    "{sign}{whole}.{rest:0width$}",
                    width = usize::from(decimals)
                ),
            }
        }
        (_, Value::Day(day)) => quoted(&day.to_string()),
        (_, Value::Month(month)) => quoted(&month.to_string()),
        (_, Value::Year(year)) => year.to_string(),
        (Type::Enum(id), Value::Member(member)) => quoted(
            law[id]
                .members
                .get(usize::from(*member))
                .map_or("", |names| &names.id),
        ),
        (_, Value::Member(member)) => member.to_string(),
        (_, Value::Text(text)) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
