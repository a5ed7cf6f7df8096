//! What rules may ask of files, found by reading the law, not by running it: inputs, records, figures and rules.

use crate::columns::{Field, Slot};
use crate::law::{
    EntityId, Expr, FigureId, InputId, Law, LocalId, Node, Operator, RelationId, RuleId,
    RuleVersion, Step,
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
/// Required is what every case reads. What only some read, those of a branch or those in which a given value is missing,
/// may be left out: they are refused for it. Records are required as soon as any case reads them, since none at all would
/// not be refused but counted as none.
///
/// `given` are the columns the files of rows and records have.
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
            surely: Surely::Every,
            lets: Vec::new(),
            found: Found::default(),
        };
        asked.iter().for_each(|rule| walk.rule(*rule));
        walk.found
    };
    let (required, useful) = (reached(given), reached(&[]));
    let of_every_case = |id: &InputId| required.inputs.get(id) == Some(&Surely::Every);
    let fields_of = |entity: EntityId| {
        let inputs = useful.inputs.keys().filter(|id| law[**id].of == entity);
        let inputs = inputs.map(|id| Field {
            slot: Slot::Input(*id),
            of: entity,
            ty: law[*id].ty,
            names: law[*id].names.clone(),
            optional: law[*id].default.is_some() || !of_every_case(id),
        });
        let rules = useful.met.keys().filter(|id| law[**id].of == entity);
        let rules = rules.map(|id| Field {
            slot: Slot::Rule(*id),
            of: entity,
            ty: law[*id].ty,
            names: law[*id].names.clone(),
            optional: true,
        });
        inputs.chain(rules).collect::<Vec<Field>>()
    };
    let has_file =
        |relation: &RelationId| given.iter().any(|slot| of(law, *slot) == law[*relation].to);
    let own = useful
        .relations
        .iter()
        .filter(|relation| law[**relation].of == root);
    let own = own.filter(|relation| required.relations.contains(relation) || has_file(relation));
    Needs {
        fields: fields_of(root),
        records: own
            .map(|relation| (*relation, fields_of(law[*relation].to)))
            .collect(),
        figures: required.figures,
        rules: required.rules,
    }
}

fn of(law: &Law, slot: Slot) -> EntityId {
    match slot {
        Slot::Input(id) => law[id].of,
        Slot::Rule(id) => law[id].of,
    }
}

/// Of how many cases something is read, the fewer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Surely {
    Some,
    Every,
}

#[derive(Default)]
struct Found {
    /// Rules come across, given or not.
    met: BTreeMap<RuleId, Surely>,
    /// Rules of which a body was read.
    rules: BTreeSet<RuleId>,
    inputs: BTreeMap<InputId, Surely>,
    relations: BTreeSet<RelationId>,
    figures: BTreeMap<FigureId, Days>,
}

/// A `let` of the body being read; it is read where it is used.
struct Let<'a> {
    local: LocalId,
    value: &'a Expr,
    /// As how it was read so far.
    read: Option<Surely>,
}

struct Walk<'a> {
    law: &'a Law,
    as_of: Day,
    root: EntityId,
    given: &'a [Slot],
    /// Of which days the figures met now are read.
    days: Days,
    /// Of how many cases what is met now is read.
    surely: Surely,
    lets: Vec<Let<'a>>,
    found: Found,
}

impl<'a> Walk<'a> {
    fn rule(&mut self, id: RuleId) {
        let before = self.found.met.get(&id).copied();
        if before >= Some(self.surely) {
            return;
        }
        self.found.met.insert(id, self.surely);
        if self.given.contains(&Slot::Rule(id)) {
            return;
        }
        self.found.rules.insert(id);
        let law = self.law;
        let own = law[id].of == self.root;
        let counts = |version: &&RuleVersion| {
            let begun = version.from.is_none_or(|from| from <= self.as_of);
            let ended = version.until.is_some_and(|until| until < self.as_of);
            !own || begun && !ended
        };
        let versions: Vec<&RuleVersion> = law[id].versions.iter().filter(counts).collect();
        let outside = (self.days, self.surely, std::mem::take(&mut self.lets));
        self.days = if own { Days::AsOf } else { Days::Any };
        if versions.len() > 1 {
            self.surely = Surely::Some;
        }
        for version in versions {
            self.body(version);
        }
        (self.days, self.surely, self.lets) = outside;
    }

    fn body(&mut self, version: &'a RuleVersion) {
        let lets = version.steps.iter().filter_map(|step| match step {
            Step::Let { local, value, .. } => Some(Let {
                local: *local,
                value,
                read: None,
            }),
            Step::Require { .. } => None,
        });
        self.lets = lets.collect();
        for step in &version.steps {
            if let Step::Require { condition, .. } = step {
                self.expr(condition);
            }
        }
        self.expr(&version.result);
    }

    fn local(&mut self, local: LocalId) {
        let surely = self.surely;
        // A carried value is no `let`.
        if let Some(known) = self.lets.iter_mut().find(|known| known.local == local)
            && known.read < Some(surely)
        {
            known.read = Some(surely);
            let value = known.value;
            self.expr(value);
        }
    }

    fn input(&mut self, id: InputId) {
        let known = self.found.inputs.entry(id).or_insert(self.surely);
        *known = self.surely.max(*known);
    }

    fn relation(&mut self, id: RelationId, by: Option<InputId>) {
        if let Some(by) = by {
            self.input(by);
        }
        self.found.relations.insert(id);
        if let Some(date) = &self.law[self.law[id].to].dated_by {
            self.expr(date);
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &*expr.node {
            Node::Literal(_) | Node::AsOf => {}
            Node::Local(local, _) => self.local(*local),
            Node::Input(id, _) => self.input(*id),
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
            Node::Binary(Operator::And | Operator::Or, a, b) => {
                self.expr(a);
                self.perhaps([b]);
            }
            Node::Binary(_, a, b) => self.all([a, b]),
            Node::OneOf(a, members) => self.all(std::iter::once(a).chain(members)),
            Node::Call(_, arguments) => self.all(arguments),
            Node::Choose {
                arms, otherwise, ..
            } => {
                let mut parts = arms
                    .iter()
                    .flat_map(|(condition, value)| [condition, value]);
                self.all(parts.next());
                self.perhaps(parts.chain(std::iter::once(otherwise)));
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
                self.perhaps(default);
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

    /// What only some cases read.
    fn perhaps(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        let outside = std::mem::replace(&mut self.surely, Surely::Some);
        self.all(exprs);
        self.surely = outside;
    }

    /// What is read in records, under laws of their own days.
    fn in_records(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        let outside = std::mem::replace(&mut self.days, Days::Any);
        self.all(exprs);
        self.days = outside;
    }

    fn all(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }
}
