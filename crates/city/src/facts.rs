//! *What was true on a day, as it was known at a moment?*
//!
//! An office is asked two times at once. Was she insured in March? And: did we know it in April, when we refused her?
//! So a [`Fact`] has the days on which it is true, the moment it was recorded, the moment it was superseded if it was, and
//! the origin that recorded it. Nothing is ever overwritten: who learns better on 20 April supersedes the fact and records
//! the ones that replace it, and what was known on the 19th can still be said.
//!
//! A [`Timeline`] holds all facts of one subject and one kind, known now or once known. It decides; it does not store: a
//! correction gives the list of [`Change`]s that make it, to be carried out in one transaction.
//!
//! ```
//! use city::facts::{Change, FactId, Origin, OriginKind, Span, Timeline};
//! use measure::{Day, Moment};
//!
//! let (day, march) = (|text| Day::parse(text), Moment::start_of(Day::parse("2025-03-10")?));
//! let declared = Origin { kind: OriginKind::Declaration, id: 1 };
//! let corrected = Origin { kind: OriginKind::Correction, id: 2 };
//!
//! // In March the office learns of a wage from January on; in May, that it was another in February only.
//! let mut wage = Timeline::default();
//! let mut ids = (1..).map_while(FactId::new);
//! let changes = wage.record(Span::from(day("2025-01-01")?), 6_000, march, declared)?;
//! wage.take(&changes, || ids.next().expect("endless"));
//! let may = march.plus_microseconds(1);
//! let changes = wage.correct(Span::new(day("2025-02-01")?, Some(day("2025-03-01")?))?, 6_500, may, corrected)?;
//! assert_eq!(changes.len(), 4, "one superseded; before, February, and after recorded");
//! wage.take(&changes, || ids.next().expect("endless"));
//!
//! assert_eq!(wage.on(day("2025-02-15")?, march), Some(&6_000));
//! assert_eq!(wage.on(day("2025-02-15")?, may), Some(&6_500));
//! assert_eq!(wage.on(day("2025-03-01")?, may), Some(&6_000));
//! assert_eq!(wage.on(day("2024-12-31")?, may), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::numbered::{ids, kinds};
use crate::refusal::{Refused, Said, errors, said};
use measure::{Day, Moment, Month};
use std::collections::BTreeSet;
use std::fmt;

ids! {
    /// The number of a recorded fact.
    FactId;
}

kinds! {
    /// What sort of thing recorded a fact.
    OriginKind {
        /// An employer's declaration.
        Declaration = 1 "申报" / "declaration",
        /// A case at the counter or online.
        Case = 2 "业务办理" / "case",
        /// Another authority's data.
        Exchange = 3 "数据共享" / "exchange",
        /// An import of files.
        Import = 4 "导入" / "import",
        /// A correction by the office.
        Correction = 5 "更正" / "correction",
        /// Made up, for trials.
        Synthetic = 6 "合成" / "synthetic",
    }
}

/// What recorded a fact: the sort of thing and the number of its batch, case or correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The sort.
    pub kind: OriginKind,
    /// Its number.
    pub id: i64,
}

/// Days on which something is true: from a day until before another, or without end.
///
/// Half open, unlike a [`measure::Period`], so that what follows begins on the day on which this ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    from: Day,
    until: Option<Day>,
}

impl Span {
    /// From a day until before another; `None` is without end.
    ///
    /// # Errors
    ///
    /// `F0101` when it would have no day.
    pub fn new(from: Day, until: Option<Day>) -> Result<Span, FactRefusal> {
        match until {
            Some(until) if until <= from => Err(FactRefusal::NoDay { from, until }),
            _ => Ok(Span { from, until }),
        }
    }

    /// From a day on, without end.
    #[must_use]
    pub const fn from(from: Day) -> Span {
        Span { from, until: None }
    }

    /// The days of one month; without end for the last month of the calendar.
    #[must_use]
    pub fn of_month(month: Month) -> Span {
        Span {
            from: month.first_day(),
            until: month.add_months(1).ok().map(Month::first_day),
        }
    }

    /// The first day.
    #[must_use]
    pub const fn first(self) -> Day {
        self.from
    }

    /// The first day on which it is no longer true; `None` when it has no end.
    #[must_use]
    pub const fn until(self) -> Option<Day> {
        self.until
    }

    /// Whether it is true on a day.
    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// The days in both; `None` when there are none.
    #[must_use]
    pub fn intersect(self, other: Span) -> Option<Span> {
        let until = match (self.until, other.until) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Span::new(self.from.max(other.from), until).ok()
    }

    /// Whether the two have a day in common.
    #[must_use]
    pub fn overlaps(self, other: Span) -> bool {
        self.intersect(other).is_some()
    }

    /// What is left of it without these spans, which are in order and apart.
    pub(crate) fn without(self, pieces: impl IntoIterator<Item = Span>) -> Vec<Span> {
        let mut left = Vec::new();
        let mut rest = Some(self);
        for piece in pieces {
            let Some(span) = rest.filter(|span| span.overlaps(piece)) else {
                continue;
            };
            left.extend(Span::new(span.from, Some(piece.from)).ok());
            rest = piece
                .until
                .and_then(|until| Span::new(until, span.until).ok());
        }
        left.extend(rest);
        left
    }
}

/// `2025-01-01 until 2025-03-01`, or `from 2025-01-01`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "{} until {until}", self.from),
            None => write!(f, "from {}", self.from),
        }
    }
}

/// Something that is true on days, as recorded at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// The days on which it is true.
    pub valid: Span,
    /// When it was recorded.
    pub recorded: Moment,
    /// Since when it is no longer held to be so; `None` while it is.
    pub superseded: Option<Moment>,
    /// What recorded it, on these days. What is left of a fact that was corrected in part is recorded by the correction.
    pub origin: Origin,
    /// What is true.
    pub value: T,
}

impl<T> Fact<T> {
    /// Whether it was held to be so at a moment: recorded by then and not yet superseded.
    #[must_use]
    pub fn known(&self, at: Moment) -> bool {
        self.recorded <= at && self.superseded.is_none_or(|superseded| at < superseded)
    }

    /// Whether there is a day and a moment at which both would be true.
    fn contradicts(&self, other: &Fact<T>) -> bool {
        let since = self.recorded.max(other.recorded);
        let held = |fact: &Fact<T>| fact.superseded.is_none_or(|superseded| since < superseded);
        held(self) && held(other) && self.valid.overlaps(other.valid)
    }
}

/// What the store does, exactly: the only two ways in which facts change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change<T> {
    /// This fact is no longer held to be so from a moment on.
    Supersede {
        /// Which.
        fact: FactId,
        /// Since when.
        at: Moment,
    },
    /// This fact is recorded.
    Insert(Fact<T>),
}

impl<T> Change<T> {
    /// The same change of what the value is turned into.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Change::Supersede { fact, at } => Change::Supersede { fact, at },
            Change::Insert(fact) => Change::Insert(Fact {
                valid: fact.valid,
                recorded: fact.recorded,
                superseded: fact.superseded,
                origin: fact.origin,
                value: turn(fact.value),
            }),
        }
    }
}

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
    /// A fact withdrawn whole leaves no row that names the origin, so that alone cannot be undone by origin.
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
        self.in_order(at)?;
        let moments: BTreeSet<Moment> = self
            .facts()
            .filter(|(_, fact)| fact.origin == undone)
            .map(|(_, fact)| fact.recorded)
            .collect();
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
    fn rewrite(&self, pieces: &[(Span, Option<T>)], at: Moment, origin: Origin) -> Vec<Change<T>> {
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

/// Why facts are not recorded so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactRefusal {
    /// It would be true on no day.
    NoDay {
        /// The first day.
        from: Day,
        /// The day before which it ends.
        until: Day,
    },
    /// Something was recorded later than this.
    Backwards {
        /// The moment given.
        at: Moment,
        /// The last moment at which something was recorded.
        last: Moment,
    },
    /// Something is known of these days.
    KnownAlready {
        /// The days asked for.
        asked: Span,
        /// The days known.
        known: Span,
    },
    /// Two facts are held to be so on the same day at the same moment.
    Contradiction(FactId, FactId),
}

impl Refused for FactRefusal {
    fn said(&self) -> Said {
        match self {
            FactRefusal::NoDay { from, until } => said(
                "F0101",
                (
                    format!("自 {from} 起至 {until} 前没有一天"),
                    format!("from {from} until before {until} there is no day"),
                ),
                (
                    "结束日期应晚于开始日期",
                    "let it end after the day on which it begins",
                ),
            ),
            FactRefusal::Backwards { at, last } => said(
                "F0102",
                (
                    format!("记录时间 {at} 早于已有记录 {last}"),
                    format!("{at} is before {last}, when something was last recorded"),
                ),
                ("用当前时间重新办理", "do it again with the present moment"),
            ),
            FactRefusal::KnownAlready { asked, known } => said(
                "F0103",
                (
                    format!("{} 起的日期已有记录（{} 起）", asked.from, known.from),
                    format!("something is known already of days {asked}: a fact {known}"),
                ),
                ("改用更正", "correct what is known instead"),
            ),
            FactRefusal::Contradiction(one, two) => said(
                "F0104",
                (
                    format!("记录 {one} 与 {two} 在同一天同时有效"),
                    format!("facts {one} and {two} are both held to be so on the same day"),
                ),
                (
                    "数据库已损坏：停止办理并核验",
                    "the database is damaged: stop and verify it",
                ),
            ),
        }
    }
}

errors!(FactRefusal);
