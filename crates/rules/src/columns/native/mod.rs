//! Native code: what a plan computes for its rows, as machine code of the processor at hand.
//!
//! The interpreter (`lanes.rs`) goes over a chunk once for each instruction and keeps every value of it in the nearest caches. Here a whole
//! program becomes one loop: a few rows are read from the columns, go through all steps in registers, and their results are written. So the
//! memory is touched once, and a law runs about as fast as if someone had written the loop for it.
//!
//! ```text
//! Program ─► lower.rs ─► steps.rs ─► emit.rs ─► assembler.rs ─► memory.rs
//! (schedule)  taken apart  no repeats   in order,   bytes            made to run
//!                          (order.rs)   registers
//! ```
//!
//! - It is made when a workspace first meets columns of some widths, in a tenth of a millisecond, and kept there.
//! - It computes what the interpreter computes: the same instructions, the same proof. `tests.rs` holds each instruction against the
//!   interpreter, `tests/columns_agree.rs` every rule against the exact evaluator.
//! - It never decides what is refused. It leaves a bit for each row that is NaN or does not meet a requirement, and says whether any
//!   column was out of range; `run.rs` does what it always does with such rows.
//! - It is made for AVX2 and FMA, which all processors with AVX-512 have too; wider vectors would need a test on such a processor.
//! - Wherever it cannot be, the interpreter runs: other processors, systems that refuse memory which runs, programs over records or with
//!   sums over them, a last few rows.

mod lower;
mod steps;
mod order;
mod emit;
mod assembler;
mod memory;
#[cfg(test)]
mod tests;

use super::lanes::{CHUNK, Writing};
use super::program::Program;
use emit::emit;
use lower::LANES;
use memory::Code;
use steps::Out;

/// A program as machine code, for columns stored in one way.
#[derive(Debug)]
pub(super) struct Native {
    code: Code,
    columns: Vec<Stored>,
    writing: Writing,
    /// What it hands out, and which of what the program keeps that is.
    outs: Vec<(Out, u16)>,
    /// For each of them a bit a row, as many in a byte as there are lanes; of numbers unused.
    marks: Vec<[u8; CHUNK / LANES]>,
    /// Where everything lies: the columns, then what is handed out.
    places: Vec<*const u8>,
}

#[expect(
    unsafe_code,
    reason = "pointers are kept from call to call only for their room"
)]
// SAFETY: every pointer is written anew before the code is run; none is read between.
unsafe impl Send for Native {}

/// How a column is stored, and between which numbers its values lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    I64 {
        low: i64,
        high: i64,
    },
    I32 {
        low: i32,
        high: i32,
    },
    U8 {
        high: i32,
    },
    /// As lanes that were filled already, and looked through.
    Lanes,
}

/// How many bytes of memory go together past the caches: whole lines of it are written, and a turn writes two of each answer.
pub(super) const LINE: usize = 64;

/// Rows worked through in one turn of the loop.
pub(super) const TURN: usize = order::PARTS * LANES;

/// A column's values of a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rows<'a> {
    I64(&'a [i64]),
    I32(&'a [i32]),
    U8(&'a [u8]),
    Lanes(&'a [f64]),
}

impl Rows<'_> {
    fn is_stored(self, stored: Stored, rows: usize) -> bool {
        match (self, stored) {
            (Rows::I64(values), Stored::I64 { .. }) => values.len() >= rows,
            (Rows::I32(values), Stored::I32 { .. }) => values.len() >= rows,
            (Rows::U8(values), Stored::U8 { .. }) => values.len() >= rows,
            (Rows::Lanes(values), Stored::Lanes) => values.len() >= rows,
            _ => false,
        }
    }

    fn start(self) -> *const u8 {
        match self {
            Rows::I64(values) => values.as_ptr().cast(),
            Rows::I32(values) => values.as_ptr().cast(),
            Rows::U8(values) => values.as_ptr(),
            Rows::Lanes(values) => values.as_ptr().cast(),
        }
    }
}

impl Native {
    /// The code of a program for columns stored so, of which the first `answers` values kept are asked for; none where it cannot be.
    pub(super) fn new(
        program: &Program,
        answers: usize,
        columns: &[Stored],
        writing: Writing,
    ) -> Option<Native> {
        if !lower::is_possible() {
            return None;
        }
        let steps = lower::steps(program, answers)?;
        let outs: Vec<(Out, u16)> = steps
            .outs
            .iter()
            .map(|handed| (handed.out, handed.nth))
            .collect();
        Some(Native {
            code: Code::new(&emit(&steps, columns, writing))?,
            columns: columns.to_vec(),
            writing,
            marks: vec![[0; CHUNK / LANES]; outs.len()],
            outs,
            places: Vec::new(),
        })
    }

    /// Runs the code over the rows of a chunk, a multiple of [`TURN`] of them, and writes the answers. True if a value of any column was
    /// out of its range: what the rows of such values came to means nothing.
    ///
    /// # Panics
    ///
    /// When a column is not stored as the code expects, or something is too short; when it is to write past the caches and an answer
    /// does not begin with a line of memory.
    pub(super) fn run(
        &mut self,
        columns: &[Rows<'_>],
        answers: &mut [&mut [i64]],
        rows: usize,
    ) -> bool {
        assert!(rows.is_multiple_of(TURN) && 0 < rows && rows <= CHUNK);
        assert_eq!(columns.len(), self.columns.len());
        self.places.clear();
        for (column, stored) in columns.iter().zip(&self.columns) {
            assert!(column.is_stored(*stored, rows));
            self.places.push(column.start());
        }
        for ((out, nth), marks) in self.outs.iter().zip(&mut self.marks) {
            self.places.push(match out {
                Out::Number => {
                    let answer = &mut answers[usize::from(*nth)][..rows];
                    let start: *mut i64 = answer.as_mut_ptr();
                    assert!(self.writing == Writing::Cached || start.addr().is_multiple_of(LINE));
                    start.cast_const().cast()
                }
                Out::Doubtful | Out::Unmet => marks.as_mut_ptr().cast_const(),
            });
        }
        #[expect(unsafe_code, reason = "the code was made just now")]
        // SAFETY: `emit` made the code, of instructions found in this processor. It reads `rows` values of each column, stored as was
        // asserted, and cells of tables within its own memory at places held between the first and the last; it writes `rows` numbers to
        // each answer, which are ours alone, and a byte for four rows to each of the marks.
        let outside = unsafe { self.code.run(&self.places, rows) };
        outside != 0
    }

    /// Tells of the marks of the rows last run: which of what the program keeps, whether it does not meet a requirement (otherwise it is
    /// NaN), and the row.
    pub(super) fn marked(&self, rows: usize, mut tell: impl FnMut(u16, bool, usize)) {
        for ((out, nth), marks) in self.outs.iter().zip(&self.marks) {
            let marks = &marks[..rows / LANES];
            // Nearly always there are none among so many: that is seen first, without a branch for each.
            if *out == Out::Number || marks.iter().fold(0, |all, bits| all | bits) == 0 {
                continue;
            }
            for (byte, bits) in marks.iter().enumerate().filter(|(_, bits)| **bits != 0) {
                for lane in (0..LANES).filter(|lane| bits >> lane & 1 != 0) {
                    tell(*nth, *out == Out::Unmet, byte * LANES + lane);
                }
            }
        }
    }
}
