//! What is gathered over records, as the compiler hands it to the scheduler.

use super::graph::Id;

/// The compiler's scopes, by number; 0 is the rows themselves.
pub(super) type ScopeId = usize;

/// How a record's value joins those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Sum,
    Smallest,
    Largest,
    First,
    Last,
}

/// One gathering over the records of a relation. Ids named `…_in_records` are nodes of the record scope.
#[derive(Clone, Debug)]
pub(super) struct Sweep {
    /// The record scope.
    pub(super) scope: ScopeId,
    pub(super) what: What,
    /// The record's node by which records must ascend, if their order matters.
    pub(super) ascending: Option<Id>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// The values of the records for which the condition holds, folded; NaN of none, but a sum is 0.
    Fold {
        how: Fold,
        value: Id,
        condition: Option<Id>,
    },
    /// A value carried on: from the row's node, through the step scope's node.
    Carry {
        from: Id,
        step_scope: ScopeId,
        step: Id,
    },
}

/// A person with more records than this is evaluated exactly; it bounds what a sum can reach.
pub(super) const MOST_RECORDS: i64 = 1_000;
