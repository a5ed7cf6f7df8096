//! Walking from the rule asked for to everything it used.

use super::formula::{Bond, Piece};
use super::{
    Condition, Explanation, FigureUsed, Formula, InputUsed, Line, Place, Requirement, Step, Table,
    Unconfirmed,
};
use crate::evaluate::{Case, Here, ROOT, rounded};
use crate::law::{self, Expr, Facts, Kind, Law, LocalId, Node, RuleId, RuleVersion, Type, Value};
use measure::Day;
use std::collections::BTreeMap;

/// The walk came to what is refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped;

pub(super) struct Tracer<'a> {
    pub(super) law: &'a Law,
    pub(super) case: Case<'a>,
    /// Whether a record is being walked: what it uses is shown in a table, not line by line.
    pub(super) inside: bool,
    /// What the rule being walked uses.
    pub(super) notes: Notes<'a>,
    steps: Vec<Step<'a>>,
    /// For each step the step whose refusal stopped it.
    stopped_in: Vec<Option<usize>>,
    seen: BTreeMap<(RuleId, usize), usize>,
    unconfirmed: Vec<Unconfirmed<'a>>,
}

#[derive(Default)]
pub(super) struct Notes<'a> {
    pub(super) lets: Vec<Line<'a>>,
    pub(super) conditions: Vec<Condition<'a>>,
    pub(super) inputs: Vec<InputUsed>,
    pub(super) figures: Vec<FigureUsed<'a>>,
    pub(super) uses: Vec<(RuleId, usize)>,
    pub(super) tables: Vec<Table<'a>>,
    pub(super) stopped_in: Option<(RuleId, usize)>,
}

pub(super) fn trace<'a>(
    law: &'a Law,
    as_of: Day,
    facts: &'a Facts,
    rule: RuleId,
) -> Explanation<'a> {
    let mut tracer = Tracer {
        law,
        case: Case::new(law, as_of, facts),
        inside: false,
        notes: Notes::default(),
        steps: Vec::new(),
        stopped_in: Vec::new(),
        seen: BTreeMap::new(),
        unconfirmed: Vec::new(),
    };
    let outcome = tracer.case.value(rule);
    tracer.visit(rule, ROOT);
    let path = if outcome.is_err() {
        tracer.path()
    } else {
        Vec::new()
    };
    let Tracer {
        steps, unconfirmed, ..
    } = tracer;
    Explanation {
        law,
        as_of,
        rule,
        outcome,
        steps,
        path,
        unconfirmed,
    }
}

impl<'a> Tracer<'a> {
    /// Makes the step of a rule in a record, then those of what it used; its number.
    fn visit(&mut self, rule: RuleId, scope: usize) -> usize {
        if let Some(&known) = self.seen.get(&(rule, scope)) {
            return known;
        }
        let index = self.steps.len();
        self.seen.insert((rule, scope), index);
        let (step, uses, stopped_in) = self.step(rule, scope);
        self.steps.push(step);
        self.stopped_in.push(None);
        let uses = uses
            .into_iter()
            .map(|(rule, scope)| self.visit(rule, scope))
            .collect();
        self.steps[index].uses = uses;
        self.stopped_in[index] = stopped_in.and_then(|stopped| self.seen.get(&stopped).copied());
        index
    }

    #[expect(
        clippy::type_complexity,
        reason = "what the step uses, then where it stopped"
    )]
    fn step(
        &mut self,
        id: RuleId,
        scope: usize,
    ) -> (Step<'a>, Vec<(RuleId, usize)>, Option<(RuleId, usize)>) {
        let rule = &self.law[id];
        let given = self.case.facts(scope).rules.contains_key(&id);
        let version = if given {
            None
        } else {
            self.case.body_in_force(id, scope).ok()
        };
        if version.is_some() && !rule.mark.confirmed {
            self.note_unconfirmed_rule(id);
        }
        self.notes = Notes::default();
        let (requires, result) = match version {
            Some(version) => self.body(version, rule.ty, id, scope),
            None => (Vec::new(), None),
        };
        let mut notes = std::mem::take(&mut self.notes);
        notes
            .lets
            .sort_by_key(|line| line.local.map(|(local, _)| local));
        let step = Step {
            rule: id,
            place: self.place(scope),
            day: self.case.day(scope, id).ok(),
            outcome: self.case.rule(id, scope).map_err(|refusal| *refusal),
            given,
            version,
            lets: notes.lets,
            requires,
            conditions: notes.conditions,
            result,
            inputs: notes.inputs,
            figures: notes.figures,
            uses: Vec::new(),
            tables: notes.tables,
        };
        (step, notes.uses, notes.stopped_in)
    }

    fn body(
        &mut self,
        version: &'a RuleVersion,
        ty: Type,
        id: RuleId,
        scope: usize,
    ) -> (Vec<Requirement<'a>>, Option<Line<'a>>) {
        let here = self.case.enter(id, scope, version);
        let mut requires = Vec::new();
        let mut result = None;
        let mut met = true;
        for step in &version.steps {
            if let law::Step::Require {
                condition,
                otherwise,
                ..
            } = step
            {
                let condition = self.condition(condition, here);
                met = condition.holds == Some(true);
                requires.push(Requirement {
                    condition,
                    otherwise,
                });
                if !met {
                    break;
                }
            }
        }
        if met {
            result = Some(self.line(None, &version.result, ty, here));
        }
        self.case.leave(here);
        (requires, result)
    }

    /// A formula with its numbers and value; a rounding at its end is told apart.
    pub(super) fn line(
        &mut self,
        local: Option<(LocalId, &'a str)>,
        expr: &'a Expr,
        ty: Type,
        here: Here<'a>,
    ) -> Line<'a> {
        let mut line = Line {
            local,
            expr,
            filled: Formula::default(),
            rounding: None,
            exact: None,
            value: None,
            ty,
        };
        let Ok(applies) = self.applying(expr, here) else {
            return line;
        };
        let unrounded = match &*applies.node {
            Node::Round(inner, rounding, unit) => {
                line.rounding = Some((*rounding, *unit));
                inner
            }
            _ => applies,
        };
        let reached = self.fill(unrounded, here, Bond::Whole, &mut line.filled.0);
        let value = reached.and_then(|()| self.value_of(&line.filled.0, unrounded, here));
        let Ok(value) = value else { return line };
        match line.rounding {
            Some((rounding, unit)) => {
                line.value = rounded(&value, rounding, unit).ok();
                line.exact = Some(value);
            }
            None => line.value = Some(value),
        }
        line
    }

    /// The value of an expression whose numbers were just written: often they are it.
    pub(super) fn value_of(
        &mut self,
        filled: &[Piece<'a>],
        expr: &'a Expr,
        here: Here<'a>,
    ) -> Result<Value, Stopped> {
        match filled {
            [Piece::Value(_, value)] => Ok(value.clone()),
            _ => self.case.eval(expr, here).map_err(|_| Stopped),
        }
    }

    /// The branch that applies, through any choices.
    fn applying(&mut self, expr: &'a Expr, here: Here<'a>) -> Result<&'a Expr, Stopped> {
        match &*expr.node {
            Node::Choose {
                arms, otherwise, ..
            } => {
                let chosen = self.fill_choice(arms, otherwise, here)?;
                self.applying(chosen, here)
            }
            _ => Ok(expr),
        }
    }

    pub(super) fn note_unconfirmed_figure(&mut self, used: &FigureUsed<'a>) {
        let same = |other: &Unconfirmed<'a>| match other {
            Unconfirmed::Figure(other) => std::ptr::eq(other.row, used.row),
            Unconfirmed::Rule(_) => false,
        };
        if !used.row.mark.confirmed && !self.unconfirmed.iter().any(same) {
            self.unconfirmed.push(Unconfirmed::Figure(used.clone()));
        }
    }

    fn note_unconfirmed_rule(&mut self, id: RuleId) {
        let same =
            |other: &Unconfirmed<'a>| matches!(other, Unconfirmed::Rule(other) if *other == id);
        if !self.unconfirmed.iter().any(same) {
            self.unconfirmed.push(Unconfirmed::Rule(id));
        }
    }

    fn place(&self, scope: usize) -> Option<Place> {
        let (relation, number) = self.case.place(scope)?;
        let given = &self.case.facts(scope).inputs;
        let label = given
            .iter()
            .find(|(id, _)| is_in_time(self.law[**id].ty.kind()));
        Some(Place {
            relation,
            number,
            label: label.map(|(id, value)| (*id, value.clone())),
        })
    }

    /// From the rule asked to the one that refuses.
    fn path(&self) -> Vec<usize> {
        let next = |index: &usize| self.stopped_in[*index].filter(|next| next != index);
        std::iter::successors(Some(0), next)
            .take(self.steps.len())
            .collect()
    }
}

/// Whether values of this kind tell records apart in time.
pub(super) fn is_in_time(kind: Kind) -> bool {
    matches!(kind, Kind::Year | Kind::Month | Kind::Date)
}
