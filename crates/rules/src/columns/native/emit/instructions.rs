//! Each step as instructions.

use super::{Emitter, NEAREST_AT, SCRATCH, SIGN, offset};
use crate::columns::instruction::Test;
use crate::columns::native::Stored;
use crate::columns::native::assembler::{
    General, Opcode, Place, Scale, Vector, Width, ops, tests_of,
};
use crate::columns::native::lower::LANES;
use crate::columns::native::steps::{Step, Value};

impl Emitter<'_> {
    pub(super) fn step(&mut self, at: usize, value: Value) {
        let step = self.turn.steps[value];
        let reads = step.reads();
        match step {
            Step::Constant(_) => unreachable!("constants are no items"),
            Step::Column(column) => self.column(at, value, usize::from(column)),
            Step::Add(a, b) => self.either(at, value, ops::ADD, a, b),
            Step::Multiply(a, b) => self.either(at, value, ops::MULTIPLY, a, b),
            Step::Subtract(a, b) => self.both(at, value, ops::SUBTRACT, a, b),
            Step::Divide(a, b) => self.both(at, value, ops::DIVIDE, a, b),
            Step::Min(a, b) => self.both(at, value, ops::MIN, a, b),
            Step::Max(a, b) => self.both(at, value, ops::MAX, a, b),
            Step::MultiplyAdd(a, b, c) => self.multiply_add(at, value, &ADDED, (a, b, c)),
            Step::MultiplyTake(a, b, c) => self.multiply_add(at, value, &TAKEN, (a, b, c)),
            Step::Floor(x) => {
                let from = self.last(at, x, &reads);
                let to = self.result(at, value, &reads);
                self.assembler
                    .vector(ops::ROUND, Width::ThirtyTwo, (to, 0, from), Some(DOWN));
            }
            Step::Size(x) => {
                let from = self.register(at, x, &reads);
                let all_but_sign = self.constant(!SIGN);
                let to = self.result(at, value, &reads);
                self.wide(ops::AND, (to, from, all_but_sign));
            }
            Step::Signed(size, of) => {
                let sign = self.constant(SIGN);
                let of = self.register(at, of, &reads);
                self.wide(ops::AND, (SCRATCH, of, sign));
                let size = self.last(at, size, &reads);
                let to = self.result(at, value, &reads);
                self.wide(ops::OR, (to, SCRATCH, size));
            }
            Step::Choose { test, x, y, a, b } => self.choose(at, value, test, (x, y), (a, b)),
            Step::Pick(index, table) => {
                let index = self.register(at, index, &reads);
                let table = Place::Pool(self.tables[usize::from(table)]);
                let to = self.result(at, value, &reads);
                self.wide(ops::PICK_HALVES, (to, index, table));
            }
            Step::Gather(place, table) => self.gather(at, value, place, usize::from(table)),
        }
    }

    /// The register for a result, which may be that of a value read for the last time: for what one instruction writes.
    fn result(&mut self, at: usize, value: Value, reads: &[Value]) -> Vector {
        self.release_registers(at, reads);
        let to = self.free(at, reads);
        // Only now: what made room must not have gone where the instruction still reads.
        self.release_slots(at, reads);
        self.hold(to, value);
        to
    }

    fn column(&mut self, at: usize, value: Value, column: usize) {
        let to = self.result(at, value, &[]);
        let rows = self.turn.parts[value] * LANES;
        let stored = self.columns[column];
        match stored {
            Stored::I64 { .. } => {
                let from = self.memory(column, Scale::Eight, offset(rows, 8));
                self.wide(ops::ADD_I64, (to, NEAREST_AT, from));
                self.wide(ops::SUBTRACT, (to, to, Place::Vector(NEAREST_AT)));
            }
            Stored::I32 { .. } => {
                let from = self.memory(column, Scale::Four, offset(rows, 4));
                self.wide(ops::FROM_I32, (to, 0, from));
            }
            Stored::U8 { .. } => {
                let from = self.memory(column, Scale::One, offset(rows, 1));
                let widened = (SCRATCH, 0, from);
                self.assembler
                    .vector(ops::FROM_U8_TO_I32, Width::Sixteen, widened, None);
                self.wide(ops::FROM_I32, (to, 0, Place::Vector(SCRATCH)));
            }
            Stored::Lanes => {
                let from = self.memory(column, Scale::Eight, offset(rows, 8));
                self.wide(ops::LOAD, (to, 0, from));
            }
        }
    }

    /// The first in a register, the second anywhere.
    fn both(&mut self, at: usize, value: Value, opcode: Opcode, a: Value, b: Value) {
        let reads = [a, b];
        let first = self.register(at, a, &reads);
        let last = self.last(at, b, &reads);
        let to = self.result(at, value, &reads);
        self.wide(opcode, (to, first, last));
    }

    /// One of them in a register, the other anywhere.
    fn either(&mut self, at: usize, value: Value, opcode: Opcode, a: Value, b: Value) {
        if !self.is_in_register(a) && self.is_in_register(b) {
            self.both(at, value, opcode, b, a);
        } else {
            self.both(at, value, opcode, a, b);
        }
    }

    /// The instruction writes over one of its three operands: over one that is not read again, if there is such.
    fn multiply_add(
        &mut self,
        at: usize,
        value: Value,
        [first_third, second_first, second_third]: &[Opcode; 3],
        (a, b, c): (Value, Value, Value),
    ) {
        let (a, b) = if !self.is_in_register(a) && self.is_in_register(b) {
            (b, a)
        } else {
            (a, b)
        };
        let reads = [a, b, c];
        let factor = self.register(at, a, &reads);
        let (other, sum) = (self.last(at, b, &reads), self.last(at, c, &reads));
        let last_read = |value: Value| self.next_reader(at, value).is_none();
        let (to, opcode, second, last) = match (other, sum) {
            (_, Place::Vector(to)) if last_read(c) && c != a && c != b => {
                (to, second_third, factor, other)
            }
            (Place::Vector(other), _) if last_read(a) && a != b && a != c => {
                (factor, second_first, other, sum)
            }
            (_, Place::Vector(sum)) if last_read(a) && a != b && a != c => {
                (factor, first_third, sum, other)
            }
            _ => {
                let to = self.free(at, &reads);
                self.wide(ops::LOAD, (to, 0, sum));
                (to, second_third, factor, other)
            }
        };
        self.wide(*opcode, (to, second, last));
        self.release(at, &reads);
        self.hold(to, value);
    }

    fn choose(
        &mut self,
        at: usize,
        value: Value,
        test: Test,
        (x, y): (Value, Value),
        (a, b): (Value, Value),
    ) {
        let reads = [x, y, a, b];
        let turned = !self.is_in_register(x) && self.is_in_register(y);
        let (first, last) = if turned { (y, x) } else { (x, y) };
        let first = self.register(at, first, &reads);
        let last = self.last(at, last, &reads);
        // What is chosen where the test holds is masked in; all bits of a mask set are a NaN, none of them 0.
        let number = |value: Value| match self.turn.steps[value] {
            Step::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        };
        let is_nan = |value: Value| number(value).is_some_and(f64::is_nan);
        let is_zero = |value: Value| number(value) == Some(0.0);
        let (masking, masked, predicate) = match (a, b) {
            (_, b) if is_zero(b) => (Some(ops::AND), a, holding(test, turned)),
            (a, _) if is_zero(a) => (Some(ops::AND_NOT), b, holding(test, turned)),
            (a, _) if is_nan(a) => (Some(ops::OR), b, holding(test, turned)),
            (_, b) if is_nan(b) => (Some(ops::OR), a, failing(test, turned)),
            _ => (None, a, holding(test, turned)),
        };
        let compared = (SCRATCH, first, last);
        self.assembler
            .vector(ops::COMPARE, Width::ThirtyTwo, compared, Some(predicate));
        if let Some(masking) = masking {
            let masked = self.last(at, masked, &reads);
            let to = self.result(at, value, &reads);
            return self.wide(masking, (to, SCRATCH, masked));
        }
        let other = self.register(at, b, &reads);
        let chosen = self.last(at, a, &reads);
        let to = self.result(at, value, &reads);
        let blended = (to, other, chosen);
        self.assembler
            .vector(ops::BLEND, Width::ThirtyTwo, blended, Some(SCRATCH << 4));
    }

    /// Cells out of memory.
    fn gather(&mut self, at: usize, value: Value, place: Value, table: usize) {
        let from = self.last(at, place, &[place]);
        self.wide(ops::TO_I32, (SCRATCH, 0, from));
        let to = self.result(at, value, &[place]);
        self.between = None;
        self.assembler.address(TABLE, self.tables[table]);
        // What a mask leaves out is kept: so it does not wait for what was here.
        self.wide(ops::XOR, (to, to, Place::Vector(to)));
        let mask = self.free(at, &[value]);
        self.wide(ops::EQUAL_I32, (mask, mask, Place::Vector(mask)));
        self.assembler.gather(to, TABLE, SCRATCH, mask);
    }
}

/// Where a table is, while it is read.
const TABLE: General = super::BETWEEN;

/// Rounds towards minus infinity, without a word about it.
const DOWN: u8 = 0x09;

const ADDED: [Opcode; 3] = [
    ops::MULTIPLY_ADD_132,
    ops::MULTIPLY_ADD_213,
    ops::MULTIPLY_ADD_231,
];
const TAKEN: [Opcode; 3] = [
    ops::MULTIPLY_TAKE_132,
    ops::MULTIPLY_TAKE_213,
    ops::MULTIPLY_TAKE_231,
];

/// The comparison that holds where the test does; `turned`: its sides are.
fn holding(test: Test, turned: bool) -> u8 {
    match (test, turned) {
        (Test::Less, false) => tests_of::LESS,
        (Test::Less, true) => tests_of::MORE,
        (Test::AtMost, false) => tests_of::AT_MOST,
        (Test::AtMost, true) => tests_of::AT_LEAST,
        (Test::Equal, _) => tests_of::EQUAL,
        (Test::Different, _) => tests_of::DIFFERENT_OR_NAN,
    }
}

/// The comparison that holds where the test does not, of NaN too; but a NaN is different.
fn failing(test: Test, turned: bool) -> u8 {
    match (test, turned) {
        (Test::Less, false) => tests_of::NOT_LESS_OR_NAN,
        (Test::Less, true) => tests_of::NOT_MORE_OR_NAN,
        (Test::AtMost, false) => tests_of::NOT_AT_MOST_OR_NAN,
        (Test::AtMost, true) => tests_of::NOT_AT_LEAST_OR_NAN,
        (Test::Equal, _) => tests_of::DIFFERENT_OR_NAN,
        (Test::Different, _) => tests_of::EQUAL,
    }
}
