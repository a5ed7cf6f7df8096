//! The exact evaluator: what the law says for one case, to the last decimal.
//!
//! It walks the checked law directly and computes only what is asked for and reached: the branch not taken, the
//! `let` not used and the record not counted refuse nothing. Every rule is computed once per record. The
//! [explainer](crate::explain) reads its values back, and the [columnar engine](crate::columns) hands it the rows
//! it cannot prove; so what this module says is what the system says.
//!
//! The order in which things are looked at is fixed, so that of several possible refusals always the same one
//! comes out: `require`s in order, then the value; operands from left to right; records in the order given (in the
//! order of their `by` for `carry`), in each the condition before the value.
//!
//! ```text
//! let mut case = Case::new(&law, as_of, &facts);
//! let pension = case.value(basic_pension)?;
//! ```

mod arithmetic;
mod canonical;
mod expression;
mod figure;
mod gather;

pub(crate) use arithmetic::rounded;
pub use canonical::{facts_from_batch, from_canonical, to_canonical};
pub(crate) use expression::let_line;
pub(crate) use figure::{Found, look_up};

use crate::diagnostic::Span;
use crate::law::{
    EntityId, Facts, InputId, Law, Reach, RelationId, RuleId, RuleVersion, Step, Value,
};
use crate::refusal::{Reason, Refusal};
use measure::Day;

/// How many rules may wait for each other. A checked law never comes near it; it keeps a broken one from
/// exhausting the stack.
const DEEPEST: u32 = 200;

/// One case under the law of one day, with everything computed for it so far.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    law: &'a Law,
    /// The case itself, then records as they are first looked at.
    scopes: Vec<Scope<'a>>,
    /// The `let`s and carried values of the bodies being computed, end to end.
    locals: Vec<Option<Value>>,
    /// How many bodies are being computed.
    depth: u32,
}

/// The case itself or one record.
#[derive(Clone, Debug)]
struct Scope<'a> {
    facts: &'a Facts,
    owner: Option<usize>,
    /// What it is a record of; `None` for the case itself.
    entity: Option<EntityId>,
    /// The day whose law applies, once known.
    day: Option<Day>,
    /// Its records by relation: the first scope and how many.
    records: Vec<(RelationId, usize, usize)>,
    /// The rules computed, and beside them what came out. Few enough that looking through them beats any map.
    asked: Vec<RuleId>,
    got: Vec<Outcome>,
}

pub(crate) type Outcome = Result<Value, Box<Refusal>>;

/// Where an expression is read: names in `scope`; the body it belongs to, with its locals, in `home`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here<'a> {
    pub(crate) scope: usize,
    pub(crate) home: usize,
    pub(crate) rule: RuleId,
    steps: &'a [Step],
    base: usize,
}

impl<'a> Case<'a> {
    /// A case with these facts under the law of `as_of`. Facts must be of the types the law declares, as
    /// [`facts::from_json`](crate::facts::from_json) and [`facts_from_batch`] make them.
    #[must_use]
    pub fn new(law: &'a Law, as_of: Day, facts: &'a Facts) -> Case<'a> {
        let root = Scope::new(facts, None, None, Some(as_of));
        Case {
            law,
            scopes: vec![root],
            locals: Vec::new(),
            depth: 0,
        }
    }

    /// The value of a rule of the case; given values are not computed.
    ///
    /// # Errors
    ///
    /// The first refusal met, with the rule and place where it happened.
    pub fn value(&mut self, rule: RuleId) -> Result<Value, Refusal> {
        self.rule(rule, ROOT).map_err(|refusal| *refusal)
    }

    pub(crate) fn law(&self) -> &'a Law {
        self.law
    }

    pub(crate) fn facts(&self, scope: usize) -> &'a Facts {
        self.scopes[scope].facts
    }

    /// What came out for a rule, if it was computed.
    pub(crate) fn computed(&self, id: RuleId, scope: usize) -> Option<&Outcome> {
        let here = &self.scopes[scope];
        here.asked
            .iter()
            .position(|asked| *asked == id)
            .map(|index| &here.got[index])
    }

    /// The relation a record belongs to and its number in the facts, from 1; `None` for the case itself.
    pub(crate) fn place(&self, scope: usize) -> Option<(RelationId, usize)> {
        let records = &self.scopes[self.scopes[scope].owner?].records;
        let mine = records
            .iter()
            .find(|(_, first, count)| (*first..first + count).contains(&scope));
        mine.map(|(relation, first, _)| (*relation, scope - first + 1))
    }

    /// A rule's value in the case or a record.
    pub(crate) fn rule(&mut self, id: RuleId, scope: usize) -> Outcome {
        if let Some(known) = self.computed(id, scope) {
            return known.clone();
        }
        let outcome = self.rule_anew(id, scope);
        let here = &mut self.scopes[scope];
        here.asked.push(id);
        here.got.push(outcome.clone());
        outcome
    }

    fn rule_anew(&mut self, id: RuleId, scope: usize) -> Outcome {
        let rule = &self.law[id];
        let refuse = |reason, span| {
            Box::new(Refusal {
                reason,
                rule: Some(id),
                span: Some(span),
            })
        };
        if let Some(given) = self.scopes[scope].facts.rules.get(&id) {
            let given = match canonical::is_of(self.law, rule.ty, given) {
                true => canonical::fitted(rule.ty, given),
                false => Err(Reason::TooLarge),
            };
            return given.map_err(|reason| refuse(reason, rule.span));
        }
        if self.depth >= DEEPEST {
            return Err(refuse(Reason::TooDeep, rule.span));
        }
        self.depth += 1;
        let outcome = self.body_in_force(id, scope).and_then(|version| {
            let here = self.enter(id, scope, version);
            let outcome = self.body(version, here);
            self.leave(here);
            let value = outcome?;
            canonical::fitted(rule.ty, &value).map_err(|reason| refuse(reason, version.result.span))
        });
        self.depth -= 1;
        outcome
    }

    /// The body of a rule under the law of the record's day.
    pub(crate) fn body_in_force(
        &mut self,
        id: RuleId,
        scope: usize,
    ) -> Result<&'a RuleVersion, Box<Refusal>> {
        let rule = &self.law[id];
        let asked = self.day(scope, id)?;
        let in_force = |version: &&RuleVersion| {
            version.from.is_none_or(|from| from <= asked)
                && version.until.is_none_or(|until| asked <= until)
        };
        match rule.versions.iter().rev().find(in_force) {
            Some(version) => Ok(version),
            None => {
                let reason = Reason::NotInForce { rule: id, asked };
                Err(Box::new(Refusal {
                    reason,
                    rule: Some(id),
                    span: Some(rule.span),
                }))
            }
        }
    }

    /// Opens a body: its locals are unknown until used. Bodies are left in the opposite order.
    pub(crate) fn enter(
        &mut self,
        rule: RuleId,
        scope: usize,
        version: &'a RuleVersion,
    ) -> Here<'a> {
        let base = self.locals.len();
        self.locals.resize(base + version.locals as usize, None);
        Here {
            scope,
            home: scope,
            rule,
            steps: &version.steps,
            base,
        }
    }

    pub(crate) fn leave(&mut self, here: Here<'a>) {
        self.locals.truncate(here.base);
    }

    fn body(&mut self, version: &'a RuleVersion, here: Here<'a>) -> Outcome {
        for step in &version.steps {
            if let Step::Require {
                condition,
                otherwise,
                span,
            } = step
                && !self.holds(condition, here)?
            {
                return Err(here.refuse(Reason::NotMet(otherwise.clone()), *span));
            }
        }
        self.eval(&version.result, here)
    }

    /// The day whose law applies in the case or a record: the as-of day, or what a dated entity is dated by.
    pub(crate) fn day(&mut self, scope: usize, asking: RuleId) -> Result<Day, Box<Refusal>> {
        let known = &self.scopes[scope];
        if let Some(day) = known.day {
            return Ok(day);
        }
        let dated_by = known
            .entity
            .and_then(|entity| self.law[entity].dated_by.as_ref());
        let day = match (dated_by, known.owner) {
            (Some(date), _) => {
                // A date that asks for the law of its own day would never end.
                if self.depth >= DEEPEST {
                    let span = Some(date.span);
                    return Err(Box::new(Refusal {
                        reason: Reason::TooDeep,
                        rule: Some(asking),
                        span,
                    }));
                }
                self.depth += 1;
                let here = Here {
                    scope,
                    home: scope,
                    rule: asking,
                    steps: &[],
                    base: self.locals.len(),
                };
                let day = self.eval_day(date, here);
                self.depth -= 1;
                day?
            }
            (None, Some(owner)) => self.day(owner, asking)?,
            (None, None) => unreachable!("the case's own day is known from the start"),
        };
        self.scopes[scope].day = Some(day);
        Ok(day)
    }

    /// The records of a relation: the first one's scope and how many.
    pub(crate) fn records(&mut self, relation: RelationId, scope: usize) -> (usize, usize) {
        let here = &self.scopes[scope];
        let known = here.records.iter().find(|(known, _, _)| *known == relation);
        if let Some(&(_, first, count)) = known {
            return (first, count);
        }
        let records = here
            .facts
            .records
            .get(&relation)
            .map_or(&[][..], Vec::as_slice);
        let (first, count) = (self.scopes.len(), records.len());
        let entity = Some(self.law[relation].to);
        self.scopes.extend(
            records
                .iter()
                .map(|facts| Scope::new(facts, Some(scope), entity, None)),
        );
        self.scopes[scope].records.push((relation, first, count));
        (first, count)
    }

    /// The record itself or an owner of it. The case itself has no owner: what is asked of one is read in it, so
    /// that a record can be run by itself with its owner's facts beside its own.
    pub(crate) fn reach(&self, scope: usize, reach: Reach) -> usize {
        let steps = match reach {
            Reach::Own => 0,
            Reach::Owner(steps) => steps,
        };
        (0..steps).fold(scope, |scope, _| self.scopes[scope].owner.unwrap_or(scope))
    }

    /// An input's value: given and within its range, or its default.
    pub(crate) fn input(&self, id: InputId, scope: usize) -> Result<Value, Reason> {
        let input = &self.law[id];
        let Some(given) = self.scopes[scope].facts.inputs.get(&id) else {
            return input.default.clone().ok_or(Reason::Missing(id));
        };
        let possible = canonical::is_of(self.law, input.ty, given);
        let within = |(least, greatest): &(Value, Value)| {
            arithmetic::order(least, given).is_le() && arithmetic::order(given, greatest).is_le()
        };
        if !possible || !input.range.as_ref().is_none_or(within) {
            return Err(Reason::OutOfRange {
                input: id,
                given: given.clone(),
            });
        }
        Ok(given.clone())
    }
}

/// The case itself.
pub(crate) const ROOT: usize = 0;

impl<'a> Scope<'a> {
    fn new(
        facts: &'a Facts,
        owner: Option<usize>,
        entity: Option<EntityId>,
        day: Option<Day>,
    ) -> Self {
        Scope {
            facts,
            owner,
            entity,
            day,
            records: Vec::new(),
            asked: Vec::new(),
            got: Vec::new(),
        }
    }
}

impl<'a> Here<'a> {
    /// The same body, reading names in a record.
    pub(crate) fn within(self, scope: usize) -> Here<'a> {
        Here { scope, ..self }
    }

    pub(crate) fn refuse(self, reason: Reason, span: Span) -> Box<Refusal> {
        Box::new(Refusal {
            reason,
            rule: Some(self.rule),
            span: Some(span),
        })
    }
}
