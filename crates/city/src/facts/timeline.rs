//! All facts of one subject, and what changes them.

use super::{Change, Fact, FactId, FactRefusal, Origin, Span};
use measure::{Day, Moment};
use std::collections::BTreeSet;

/// All facts of one subject and kind, known now or once known.
///
/// At any moment at most one of them is known to be true on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<T> {
    facts: Vec<(FactId, Fact<T>)>,
}

/// Nothing is known yet.
impl<T> Default for Timeline<T> {
    fn default() -> Timeline<T> {
        Timeline { facts: Vec::new() }
    }
}

/// What it takes to undo an origin, and what cannot be undone any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undoing<T> {
    /// What the store does.
    pub changes: Vec<Change<T>>,
    /// Days the origin had changed and another has changed since; they are left as they are.
    pub changed_since: Vec<Span>,
}

impl<T> Timeline<T> {
    /// The timeline of these facts, in any order.
    ///
    /// # Errors
    ///
    /// `F0104` when two of them are held to be so on the same day at the same moment.
    pub fn of(
        facts: impl IntoIterator<Item = (FactId, Fact<T>)>,
    ) -> Result<Timeline<T>, FactRefusal> {
        let facts: Vec<_> = facts.into_iter().collect();
        for (place, (id, fact)) in facts.iter().enumerate() {
            let earlier = facts[..place].iter();
            if let Some((other, _)) = earlier
                .into_iter()
                .find(|(_, other)| fact.contradicts(other))
            {
                return Err(FactRefusal::Contradiction(*other, *id));
            }
        }
        Ok(Timeline { facts })
    }

    /// What was true on a day, as known at a moment.
    #[must_use]
    pub fn on(&self, day: Day, known: Moment) -> Option<&T> {
        self.fact_on(day, known).map(|(_, fact)| &fact.value)
    }

    /// The fact that was true on a day, as known at a moment.
    #[must_use]
    pub fn fact_on(&self, day: Day, known: Moment) -> Option<(FactId, &Fact<T>)> {
        self.facts()
            .find(|(_, fact)| fact.valid.contains(day) && fact.known(known))
    }

    /// The facts known at a moment, from the earliest day on.
    #[must_use]
    pub fn history(&self, known: Moment) -> Vec<(FactId, &Fact<T>)> {
        let mut held: Vec<_> = self.facts().filter(|(_, fact)| fact.known(known)).collect();
        held.sort_by_key(|(_, fact)| fact.valid.from);
        held
    }

    /// The facts not superseded, from the earliest day on.
    #[must_use]
    pub fn current(&self) -> Vec<(FactId, &Fact<T>)> {
        let mut held: Vec<_> = self
            .facts()
            .filter(|(_, fact)| fact.superseded.is_none())
            .collect();
        held.sort_by_key(|(_, fact)| fact.valid.from);
        held
    }

    /// Every fact, superseded or not, in the order given.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact<T>)> {
        self.facts.iter().map(|(id, fact)| (*id, fact))
    }

    /// Whether nothing was ever recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The last moment at which something was recorded or superseded.
    #[must_use]
    pub fn last_moment(&self) -> Option<Moment> {
        let moments = self
            .facts()
            .flat_map(|(_, fact)| [Some(fact.recorded), fact.superseded]);
        moments.flatten().max()
    }

    /// Carries changes out, numbering what is inserted: what the store does, in memory.
    pub fn take(&mut self, changes: &[Change<T>], mut next_id: impl FnMut() -> FactId)
    where
        T: Clone,
    {
        for change in changes {
            match change {
                Change::Supersede { fact, at } => {
                    for (_, known) in self.facts.iter_mut().filter(|(id, _)| id == fact) {
                        known.superseded = Some(*at);
                    }
                }
                Change::Insert(fact) => self.facts.push((next_id(), fact.clone())),
            }
        }
    }

    fn in_order(&self, at: Moment) -> Result<(), FactRefusal> {
        match self.last_moment() {
            Some(last) if at < last => Err(FactRefusal::Backwards { at, last }),
            _ => Ok(()),
        }
    }
}

impl<T: Clone + PartialEq> Timeline<T> {
    /// Records a fact on days of which nothing is known yet.
    ///
    /// # Errors
    ///
    /// `F0103` when something is known of one of the days, `F0102` when `at` is before something already recorded.
    pub fn record(
        &self,
        span: Span,
        value: T,
        at: Moment,
        origin: Origin,
    ) -> Result<Vec<Change<T>>, FactRefusal> {
        self.in_order(at)?;
        if let Some((_, known)) = self
            .current()
            .into_iter()
            .find(|(_, fact)| fact.valid.overlaps(span))
        {
            return Err(FactRefusal::KnownAlready {
                asked: span,
                known: known.valid,
            });
        }
        Ok(self.rewrite(&[(span, Some(value))], at, origin))
    }

    /// Makes a value true on these days, whatever was known of them. Facts that reach beyond are split; the days beyond
    /// stay as they were. What is known already changes nothing.
    ///
    /// # Errors
    ///
    /// `F0102` when `at` is before something already recorded.
    pub fn correct(
        &self,
        span: Span,
        value: T,
        at: Moment,
        origin: Origin,
    ) -> Result<Vec<Change<T>>, FactRefusal> {
        self.in_order(at)?;
        let current = self.current();
        let same = current
            .iter()
            .filter(|(_, fact)| fact.value == value)
            .map(|(_, fact)| fact.valid);
        if span.without(same).is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.rewrite(&[(span, Some(value))], at, origin))
    }

    /// Makes nothing true on these days, whatever was known of them.
    ///
    /// A fact withdrawn whole leaves no row that names the origin: only who knows when it was done can undo it, see
    /// [`undo_done_at`](Timeline::undo_done_at).
    ///
    /// # Errors
    ///
    /// `F0102` when `at` is before something already recorded.
    pub fn withdraw(
        &self,
        span: Span,
        at: Moment,
        origin: Origin,
    ) -> Result<Vec<Change<T>>, FactRefusal> {
        self.in_order(at)?;
        Ok(self.rewrite(&[(span, None)], at, origin))
    }

    /// What it takes to make true again what was known before an origin recorded anything, on the days that still stand
    /// as it left them.
    ///
    /// # Errors
    ///
    /// `F0102` when `at` is before something already recorded.
    pub fn undo(
        &self,
        undone: Origin,
        at: Moment,
        origin: Origin,
    ) -> Result<Undoing<T>, FactRefusal> {
        self.undo_done_at(undone, None, at, origin)
    }

    /// As [`undo`](Timeline::undo), of an origin that is known to have done something about this at a moment, also where it
    /// withdrew facts whole and recorded nothing.
    ///
    /// # Errors
    ///
    /// As [`undo`](Timeline::undo).
    pub fn undo_done_at(
        &self,
        undone: Origin,
        done_at: Option<Moment>,
        at: Moment,
        origin: Origin,
    ) -> Result<Undoing<T>, FactRefusal> {
        self.in_order(at)?;
        let recorded = self
            .facts()
            .filter(|(_, fact)| fact.origin == undone)
            .map(|(_, fact)| fact.recorded);
        let withdrawn = self.facts().filter_map(|(_, fact)| fact.superseded);
        let withdrawn = withdrawn.filter(|moment| done_at == Some(*moment));
        let moments: BTreeSet<Moment> = recorded.chain(withdrawn).collect();
        let (Some(first), Some(last)) = (moments.first(), moments.last()) else {
            return Ok(Undoing {
                changes: Vec::new(),
                changed_since: Vec::new(),
            });
        };
        let before = first.plus_microseconds(-1);
        let mut restored: Vec<(Span, Option<T>)> = Vec::new();
        let mut changed_since: Vec<Span> = Vec::new();
        for span in self.touched(undone, &moments) {
            let day = span.from;
            let (was, made) = (self.on(day, before), self.on(day, *last));
            if was == made {
                continue;
            }
            if self.on(day, at) != made {
                join(&mut changed_since, span);
                continue;
            }
            match restored.last_mut() {
                Some((end, value)) if end.until == Some(day) && value.as_ref() == was => {
                    end.until = span.until;
                }
                _ => restored.push((span, was.cloned())),
            }
        }
        Ok(Undoing {
            changes: self.rewrite(&restored, at, origin),
            changed_since,
        })
    }

    /// Makes true again, on every day, what was known at a moment.
    ///
    /// # Errors
    ///
    /// `F0102` when `at` is before something already recorded.
    pub fn restore(
        &self,
        as_known: Moment,
        at: Moment,
        origin: Origin,
    ) -> Result<Vec<Change<T>>, FactRefusal> {
        self.in_order(at)?;
        let was = self.history(as_known);
        let same = |(id, _): &(FactId, &Fact<T>)| was.iter().any(|(other, _)| other == id);
        let wrong = self.current().into_iter().filter(|fact| !same(fact));
        let superseded = wrong.map(|(id, _)| Change::Supersede { fact: id, at });
        let missing = was.iter().filter(|(_, fact)| fact.superseded.is_some());
        let recorded = missing.map(|(_, fact)| {
            Change::Insert(Fact {
                recorded: at,
                superseded: None,
                origin,
                ..(*fact).clone()
            })
        });
        Ok(superseded.chain(recorded).collect())
    }

    /// The days an origin may have changed, cut wherever any fact begins or ends.
    fn touched(&self, undone: Origin, moments: &BTreeSet<Moment>) -> Vec<Span> {
        let touched: Vec<Span> = self
            .facts()
            .filter(|(_, fact)| {
                fact.origin == undone || fact.superseded.is_some_and(|at| moments.contains(&at))
            })
            .map(|(_, fact)| fact.valid)
            .collect();
        let ends = self
            .facts()
            .flat_map(|(_, fact)| [Some(fact.valid.from), fact.valid.until]);
        let cuts: Vec<Day> = ends
            .flatten()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let next = cuts.iter().skip(1).copied().map(Some).chain([None]);
        let pieces = cuts.iter().copied().zip(next);
        let pieces = pieces.map(|(from, until)| Span { from, until });
        pieces
            .filter(|piece| touched.iter().any(|span| span.contains(piece.from)))
            .collect()
    }

    /// Makes each piece true (or nothing, for `None`); the pieces are in order and apart.
    pub(crate) fn rewrite(
        &self,
        pieces: &[(Span, Option<T>)],
        at: Moment,
        origin: Origin,
    ) -> Vec<Change<T>> {
        let spans = || pieces.iter().map(|(span, _)| *span);
        let mut superseded = Vec::new();
        let mut recorded: Vec<(Span, T)> = Vec::new();
        for (id, fact) in self.current() {
            if !spans().any(|span| span.overlaps(fact.valid)) {
                continue;
            }
            superseded.push(Change::Supersede { fact: id, at });
            let left = fact.valid.without(spans());
            recorded.extend(left.into_iter().map(|span| (span, fact.value.clone())));
        }
        let made = pieces
            .iter()
            .filter_map(|(span, value)| Some((*span, value.clone()?)));
        recorded.extend(made);
        recorded.sort_by_key(|(span, _)| span.from);
        let recorded = recorded.into_iter().map(|(valid, value)| {
            Change::Insert(Fact {
                valid,
                recorded: at,
                superseded: None,
                origin,
                value,
            })
        });
        superseded.into_iter().chain(recorded).collect()
    }
}

/// Adds a span, as one with the last when it follows it.
fn join(spans: &mut Vec<Span>, span: Span) {
    match spans.last_mut() {
        Some(last) if last.until == Some(span.from) => last.until = span.until,
        _ => spans.push(span),
    }
}
