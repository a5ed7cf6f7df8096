//! A program of one scope: what is read, computed and kept, in order.

use super::instruction::{Dense, Instruction, Operand, Register};

/// A part of a program in order.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Reads a column of the scope.
    Load { column: u16, to: Register },
    /// Copies a register of the enclosing scope: of each record's owner, or of the row in a carry's step.
    Outer { from: Register, to: Register },
    /// In a carry's step: the record's kept values.
    Record { kept: u16, to: Register },
    /// In a carry's step: the value so far.
    Carried { to: Register },
    /// Instructions `start..end`.
    Run { start: usize, end: usize },
    /// Gathers records into registers of the rows: a number in the plan.
    Sweeps { group: u16 },
    /// Hands a register on: the answer to the nth question, or the nth value kept of a record.
    Keep {
        nth: u16,
        from: Operand,
        /// Whether it may be NaN.
        doubtful: bool,
    },
}

/// A program of one scope.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) parts: Vec<Part>,
    pub(super) code: Vec<Instruction>,
    pub(super) tables: Vec<Dense>,
    pub(super) registers: usize,
}
