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
use std::fmt;

mod timeline;

pub use timeline::{Timeline, Undoing};

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

/// `from 2025-01-01 until 2025-03-01`, or `from 2025-01-01`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.until {
            Some(until) => write!(f, "from {} until {until}", self.from),
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
