//! Why a case has no value: a named reason with the place in the law, never a silent zero.

use crate::diagnostic::Span;
use crate::law::{FigureId, InputId, RelationId, RuleId, Text, Value};
use measure::Day;

/// A case (or one of its rules) that was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The rule in which it happened; `None` while reading the facts.
    pub rule: Option<RuleId>,
    /// The place in the law.
    pub span: Option<Span>,
}

/// The reasons. Each has a stable code ([`Reason::code`]) and a page in `docs/reference/errors`.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A needed input without default was not given.
    Missing(InputId),
    /// An input is outside the range the law declares.
    OutOfRange {
        /// Which.
        input: InputId,
        /// What was given.
        given: Value,
    },
    /// The rule does not exist on the day whose law applies.
    NotInForce {
        /// Which.
        rule: RuleId,
        /// The day asked for.
        asked: Day,
    },
    /// The parameter or table has no value on the day whose law applies (or none at all: left to a lower jurisdiction).
    NoFigure {
        /// Which.
        figure: FigureId,
        /// The day asked for.
        asked: Day,
    },
    /// The law has a figure, but it is not known; the note says more.
    Unset {
        /// Which.
        figure: FigureId,
        /// The day asked for.
        asked: Day,
        /// The mark's note.
        note: Option<String>,
    },
    /// A table has no row for these keys.
    NoRow {
        /// Which.
        figure: FigureId,
        /// The keys looked up.
        keys: Vec<Value>,
    },
    /// `average`, `largest`, `smallest`, `first` or `last` of no records, without default.
    NoRecords(RelationId),
    /// Records that must be in a strict order have two with the same place.
    SamePlace(RelationId),
    /// A division by zero.
    DivisionByZero,
    /// An amount beyond 128-bit fractions, or a result beyond what its type holds (64 bits of its last decimal).
    TooLarge,
    /// A date outside 1800-2299.
    DateOutside,
    /// A `require` of the law does not hold.
    NotMet(Text),
    /// Rules ask for each other without end through given facts (cannot happen in a checked law; kept as a named refusal).
    TooDeep,
}
