//! Rows going in and out of the columnar engine, in columns of whole numbers.
//!
//! Every type has one canonical whole number: money its fen, a rate its millionths, `decimal(n)` its n-th decimals, an integer
//! itself, a date its days since 1970-01-01, a month `year * 12 + month - 1`, a year itself, months and days their count,
//! an enumeration the member's index, a bool 0 or 1. A column may hold them in any of the widths below.

use crate::law::{EntityId, InputId, RelationId, RuleId, Type};
use crate::refusal::Refusal;

/// What a column holds: an input, or the given (or asked) value of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// An input.
    Input(InputId),
    /// A rule.
    Rule(RuleId),
}

/// The values of one column in the width they were read in; one per row.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Eight bytes each.
    I64(&'a [i64]),
    /// Four bytes each.
    I32(&'a [i32]),
    /// One byte each.
    U8(&'a [u8]),
    /// Texts; only for inputs of type text.
    Text(&'a [String]),
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// What it holds.
    pub slot: Slot,
    /// Its values.
    pub values: Values<'a>,
    /// For each row whether the value is missing; `None` when none is.
    pub missing: Option<&'a [bool]>,
}

/// The records of one relation for all rows of a batch, laid end to end.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    /// Which relation.
    pub relation: RelationId,
    /// Row i owns the records `starts[i] .. starts[i + 1]`; one entry more than rows.
    pub starts: &'a [u32],
    /// The records' columns.
    pub columns: Vec<Column<'a>>,
}

/// Rows of one entity with their records.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    /// How many rows.
    pub rows: usize,
    /// The rows' own columns.
    pub columns: Vec<Column<'a>>,
    /// Their records.
    pub records: Vec<Records<'a>>,
}

/// What a plan reads or writes, so that a reader of files can find and check the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// What it is.
    pub slot: Slot,
    /// Whose.
    pub of: EntityId,
    /// Its type.
    pub ty: Type,
    /// Its names, English first; a file may use either.
    pub names: crate::law::Names,
    /// Whether a file may leave it out (it has a default, or it is a rule and so computed).
    pub optional: bool,
}

/// A row without a value, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedRow {
    /// Counted from 0 within the batch.
    pub row: usize,
    /// The rule asked for.
    pub asked: RuleId,
    /// The reason.
    pub refusal: Refusal,
}

/// What came out: for each rule asked one column of canonical numbers (0 where refused), and the refused rows in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// A column for each rule asked.
    pub columns: Vec<Vec<i64>>,
    /// The rows without a value, by row, then by rule asked.
    pub refused: Vec<RefusedRow>,
}
