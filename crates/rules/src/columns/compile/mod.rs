//! From the checked law to graphs: one for the rows, one for the records of each relation, one for each carry's step.

mod expression;
mod figure;
mod gather;

use super::batch::Slot;
use super::graph::{Graph, Id, Op, first_day, last_day};
use super::instruction::Test;
use super::lanes::LIMIT;
use super::sweep::{ScopeId, Sweep};
use super::term::{self, Beyond, Made, Term};
use crate::diagnostic::Span;
use crate::evaluate::to_canonical;
use crate::law::{
    Exact, InputId, Kind, Law, LocalId, Reach, RelationId, Rule, RuleId, RuleVersion, Step, Text,
    Type, Value,
};
use measure::Day;
use std::collections::BTreeMap;

/// The rows' own scope.
pub(super) const ROWS: ScopeId = 0;

/// What a scope's lanes stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lives {
    /// The rows of the file.
    Rows,
    /// The records of a relation.
    Records(RelationId),
    /// The rows again, while a value is carried through the records of this scope.
    Step(ScopeId),
}

/// A column read by a scope.
#[derive(Clone, Debug)]
pub(super) struct LoadColumn {
    pub(super) slot: Slot,
    /// The range outside which a row is evaluated exactly.
    pub(super) low: i64,
    pub(super) high: i64,
    /// What stands for a missing cell; none: the row is evaluated exactly.
    pub(super) default: Option<i64>,
}

/// One scope while it is compiled.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) lives: Lives,
    pub(super) graph: Graph,
    pub(super) loads: Vec<LoadColumn>,
    rules: BTreeMap<RuleId, Term>,
    date: Option<Term>,
}

/// A condition of a body with what is said where it does not hold.
type Required<'a> = (Term, &'a Text, Span);

/// What an asked rule's body requires: a row that does not meet it is refused in these words.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub(super) rule: RuleId,
    pub(super) otherwise: Text,
    pub(super) span: Span,
}

/// A rule asked for: its value where all it requires is met, and the conditions in order.
pub(super) struct Asked {
    pub(super) value: Id,
    pub(super) requirements: Vec<(Id, Requirement)>,
}

/// Everything compiled.
pub(super) struct Compiler<'a> {
    law: &'a Law,
    as_of: Day,
    /// Which columns a file has, per relation and for the rows themselves.
    present: &'a dyn Fn(Option<RelationId>, Slot) -> bool,
    /// Of which relations there are records at all.
    related: &'a dyn Fn(RelationId) -> bool,
    pub(super) scopes: Vec<Scope>,
    pub(super) sweeps: Vec<Sweep>,
    /// In which unit the value counts that is carried through each step scope.
    carried_unit: BTreeMap<ScopeId, Exact>,
}

/// The locals of one rule body while it is compiled in its scope.
pub(super) struct Frame {
    scope: ScopeId,
    locals: BTreeMap<LocalId, Term>,
    /// The carried value, seen only in a step scope.
    carried: Option<(LocalId, ScopeId)>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(
        law: &'a Law,
        as_of: Day,
        present: &'a dyn Fn(Option<RelationId>, Slot) -> bool,
        related: &'a dyn Fn(RelationId) -> bool,
    ) -> Self {
        let rows = Scope::new(Lives::Rows);
        Self {
            law,
            as_of,
            present,
            related,
            scopes: vec![rows],
            sweeps: Vec::new(),
            carried_unit: BTreeMap::new(),
        }
    }

    fn graph(&mut self, scope: ScopeId) -> &mut Graph {
        &mut self.scopes[scope].graph
    }

    /// The node of a rule of the rows, counted in its type's last decimal, and what its body requires.
    pub(super) fn asked(&mut self, id: RuleId) -> Made<Asked> {
        let rule = &self.law[id];
        let step = step_of(rule.ty);
        let version = rule
            .versions
            .iter()
            .find(|version| in_force(version, self.as_of));
        let (value, required) = match version {
            Some(version) if !(self.present)(None, Slot::Rule(id)) => {
                self.body_and_requirements(version, ROWS)?
            }
            _ => (self.rule(id, ROWS)?, Vec::new()),
        };
        let value = term::counted(self.graph(ROWS), &value, step)?;
        let mut requirements = Vec::new();
        for (condition, otherwise, span) in required {
            if condition.truth() != Some(true) {
                let condition = expression::lane(self.graph(ROWS), &condition)?;
                requirements.push((
                    condition,
                    Requirement {
                        rule: id,
                        otherwise: otherwise.clone(),
                        span,
                    },
                ));
            }
        }
        Ok(Asked {
            value,
            requirements,
        })
    }

    fn relation_of(&self, scope: ScopeId) -> Option<RelationId> {
        match self.scopes[scope].lives {
            Lives::Rows => None,
            Lives::Records(relation) => Some(relation),
            Lives::Step(records) => self.relation_of(records),
        }
    }

    /// The scope of a relation's records.
    fn records(&mut self, relation: RelationId) -> ScopeId {
        let lives = Lives::Records(relation);
        if let Some(scope) = self.scopes.iter().position(|scope| scope.lives == lives) {
            return scope;
        }
        self.scopes.push(Scope::new(lives));
        self.scopes.len() - 1
    }

    /// A term of the rows or records, seen from a scope inside.
    fn seen_from(&mut self, value: Term, from: ScopeId, inside: ScopeId) -> Made<Term> {
        if from == inside {
            return Ok(value);
        }
        let (value, wrap): (Term, fn(Id) -> Op) = match self.scopes[inside].lives {
            Lives::Rows => return Err(Beyond),
            Lives::Records(_) => (value, Op::Outer),
            Lives::Step(records) if from == ROWS => {
                debug_assert_ne!(records, ROWS, "a step lies inside records");
                (value, Op::Outer)
            }
            Lives::Step(_) => (value, Op::Record),
        };
        let mut lift = |id: Id| {
            let node = self.scopes[from].graph.node(id).clone();
            let inner = &mut self.scopes[inside].graph;
            match node.op {
                Op::Constant(Some(value)) => inner.constant(value),
                Op::Constant(None) => inner.refused(),
                _ => inner.add(wrap(id), term::range(node.low, node.high), node.doubtful),
            }
        };
        Ok(match value {
            Term::Known(known) => Term::Known(known),
            Term::Lane { id, unit } => Term::Lane { id: lift(id), unit },
            Term::Fraction { num, den, unit } => Term::Fraction {
                num: lift(num),
                den: lift(den),
                unit,
            },
        })
    }

    /// A rule's value in a scope.
    fn rule(&mut self, id: RuleId, scope: ScopeId) -> Made<Term> {
        if let Some(known) = self.scopes[scope].rules.get(&id) {
            return Ok(known.clone());
        }
        let rule = &self.law[id];
        let value = if (self.present)(self.relation_of(scope), Slot::Rule(id)) {
            self.load(scope, Slot::Rule(id), rule.ty, None, None)?
        } else {
            self.body_of_day(rule, scope)?
        };
        self.scopes[scope].rules.insert(id, value.clone());
        Ok(value)
    }

    /// The body in force, or a choice among the bodies by the record's own day.
    fn body_of_day(&mut self, rule: &'a Rule, scope: ScopeId) -> Made<Term> {
        let day = self.day(scope)?;
        if let Term::Known(Value::Day(day)) = day {
            return match rule.versions.iter().find(|version| in_force(version, day)) {
                Some(version) => self.body(version, scope),
                None => Ok(Term::refused(self.graph(scope))),
            };
        }
        let mut value = Term::refused(self.graph(scope));
        for version in &rule.versions {
            let body = self.body(version, scope)?;
            let mut applies = Term::Known(Value::Bool(true));
            if let Some(from) = version.from {
                applies = term::compare(
                    self.graph(scope),
                    Test::AtMost,
                    &Term::Known(Value::Day(from)),
                    &day,
                )?;
            }
            if let Some(until) = version.until {
                let ends = term::compare(
                    self.graph(scope),
                    Test::AtMost,
                    &day,
                    &Term::Known(Value::Day(until)),
                )?;
                applies = expression::both(self.graph(scope), &applies, &ends)?;
            }
            value = term::select(self.graph(scope), &applies, &body, &value)?;
        }
        Ok(value)
    }

    fn body(&mut self, version: &'a RuleVersion, scope: ScopeId) -> Made<Term> {
        let (mut value, required) = self.body_and_requirements(version, scope)?;
        for (condition, ..) in required.iter().rev() {
            let refused = Term::refused(self.graph(scope));
            value = term::select(self.graph(scope), condition, &value, &refused)?;
        }
        Ok(value)
    }

    /// A body's value as if all it requires were met, and what it requires, in order.
    fn body_and_requirements(
        &mut self,
        version: &'a RuleVersion,
        scope: ScopeId,
    ) -> Made<(Term, Vec<Required<'a>>)> {
        let mut frame = Frame {
            scope,
            locals: BTreeMap::new(),
            carried: None,
        };
        let mut required = Vec::new();
        for step in &version.steps {
            match step {
                Step::Let { local, value, .. } => {
                    let value = self.expression(value, scope, &mut frame)?;
                    frame.locals.insert(*local, value);
                }
                Step::Require {
                    condition,
                    otherwise,
                    span,
                } => {
                    required.push((
                        self.expression(condition, scope, &mut frame)?,
                        otherwise,
                        *span,
                    ));
                }
            }
        }
        Ok((
            self.expression(&version.result, scope, &mut frame)?,
            required,
        ))
    }

    /// The day whose law applies in a scope.
    fn day(&mut self, scope: ScopeId) -> Made<Term> {
        if let Some(day) = &self.scopes[scope].date {
            return Ok(day.clone());
        }
        let day = match self.scopes[scope].lives {
            Lives::Rows => Term::Known(Value::Day(self.as_of)),
            Lives::Step(_) => return Err(Beyond),
            Lives::Records(relation) => match &self.law[self.law[relation].to].dated_by {
                None => Term::Known(Value::Day(self.as_of)),
                Some(dated_by) => {
                    let mut frame = Frame {
                        scope,
                        locals: BTreeMap::new(),
                        carried: None,
                    };
                    self.expression(dated_by, scope, &mut frame)?
                }
            },
        };
        self.scopes[scope].date = Some(day.clone());
        Ok(day)
    }

    /// An input or given rule, here or in the owner.
    fn reach(&mut self, scope: ScopeId, reach: Reach) -> Made<ScopeId> {
        match (self.scopes[scope].lives, reach) {
            (_, Reach::Own) => Ok(scope),
            (Lives::Records(_), Reach::Owner(1)) => Ok(ROWS),
            _ => Err(Beyond),
        }
    }

    fn input(&mut self, id: InputId, scope: ScopeId) -> Made<Term> {
        let input = &self.law[id];
        if (self.present)(self.relation_of(scope), Slot::Input(id)) {
            return self.load(
                scope,
                Slot::Input(id),
                input.ty,
                input.range.as_ref(),
                input.default.as_ref(),
            );
        }
        Ok(match &input.default {
            Some(default) => Term::Known(default.clone()),
            None => Term::refused(self.graph(scope)),
        })
    }

    /// A column as a term; its range is the declared one, as far as lanes go.
    fn load(
        &mut self,
        scope: ScopeId,
        slot: Slot,
        ty: Type,
        range: Option<&(Value, Value)>,
        default: Option<&Value>,
    ) -> Made<Term> {
        let canonical = |value: &Value| to_canonical(ty, value).map_err(|_| Beyond);
        let (mut low, mut high) = match slot {
            Slot::Input(_) => self.widest(ty)?,
            Slot::Rule(_) => self.usual(ty)?,
        };
        if let Some((least, most)) = range {
            low = low.max(canonical(least)?);
            high = high.min(canonical(most)?);
        }
        let default = default.map(canonical).transpose()?;
        let scope = &mut self.scopes[scope];
        let column = match scope.loads.iter().position(|load| load.slot == slot) {
            Some(column) => column,
            None => {
                scope.loads.push(LoadColumn {
                    slot,
                    low,
                    high,
                    default,
                });
                scope.loads.len() - 1
            }
        };
        let column = u16::try_from(column).map_err(|_| Beyond)?;
        let (low, high) =
            default.map_or((low, high), |default| (low.min(default), high.max(default)));
        let id = scope
            .graph
            .add(Op::Load(column), term::range(low, high), false);
        Ok(Term::Lane {
            id,
            unit: step_of(ty),
        })
    }

    /// What lanes expect of a given rule's value, for which the law declares no range: not negative, and no more than 10 million
    /// yuan, 1,048,575 last decimals or 1,365 years. Rows beyond are evaluated exactly; the narrower this is, the less must be checked.
    fn usual(&self, ty: Type) -> Made<(i64, i64)> {
        Ok(match ty {
            Type::Money => (0, (1 << 30) - 1),
            Type::Rate | Type::Decimal(_) | Type::Integer => (0, (1 << 20) - 1),
            Type::Months | Type::Days => (0, (1 << 14) - 1),
            _ => self.widest(ty)?,
        })
    }

    /// The widest range a column of this type is read in.
    fn widest(&self, ty: Type) -> Made<(i64, i64)> {
        let limit = i64::try_from(LIMIT - 1).map_err(|_| Beyond)?;
        Ok(match ty {
            Type::Text => return Err(Beyond),
            Type::Bool => (0, 1),
            Type::Enum(id) => (
                0,
                i64::try_from(self.law[id].members.len()).map_err(|_| Beyond)? - 1,
            ),
            Type::Date => (first_day().into(), last_day().into()),
            Type::Month => (1800 * 12, 2299 * 12 + 11),
            Type::Year => (1800, 2299),
            _ => (-limit, limit),
        })
    }
}

impl Scope {
    fn new(lives: Lives) -> Scope {
        Scope {
            lives,
            graph: Graph::default(),
            loads: Vec::new(),
            rules: BTreeMap::new(),
            date: None,
        }
    }
}

fn in_force(version: &RuleVersion, day: Day) -> bool {
    version.from.is_none_or(|from| from <= day) && version.until.is_none_or(|until| day <= until)
}

/// The unit in which a type's canonical number counts: its last decimal.
pub(super) fn step_of(ty: Type) -> Exact {
    decimal_step(ty.decimals())
}

fn decimal_step(decimals: u8) -> Exact {
    Exact {
        num: 1,
        den: 10_i128.pow(decimals.into()),
    }
}

/// The least and greatest canonical number of a point in time.
fn calendar_bounds(kind: Kind) -> Option<(i64, i64)> {
    match kind {
        Kind::Date => Some((first_day().into(), last_day().into())),
        Kind::Month => Some((1800 * 12, 2299 * 12 + 11)),
        Kind::Year => Some((1800, 2299)),
        _ => None,
    }
}
