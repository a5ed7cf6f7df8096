//! From steps to machine code: one loop over the rows, eight a turn, every value in a register while it is needed.
//!
//! Registers are given out along the way. When none is left, the value that is read again last makes room: it goes to the stack and is read
//! from there, as constants are read from the pool. Since the code runs straight on, "read again last" is known, and the choice is the
//! best there is.

use super::Stored;
use super::assembler::{Assembler, General, Opcode, Place, Scale, Vector, Width, ops, tests_of};
use super::lower::Vectors;
use super::order::{Item, PARTS, Turn};
use super::steps::{Out, Step, Steps, Value};
use crate::columns::instruction::Test;
use std::collections::BTreeMap;

/// Whole numbers and lanes differ by this: 1.5 * 2^52.
const NEAREST: u64 = 0x4338_0000_0000_0000;
const SIGN: u64 = 1 << 63;

/// The registers that keep a pointer; A, C and D count and carry, the source is how many rows, the destination where all pointers are.
const POINTERS: [General; 9] = [
    General::R8,
    General::R9,
    General::R10,
    General::R11,
    General::R12,
    General::R13,
    General::R14,
    General::R15,
    General::B,
];
const SAVED: [General; 6] = [
    General::Frame,
    General::B,
    General::R12,
    General::R13,
    General::R14,
    General::R15,
];

/// Never holds a value for longer than a step.
const SCRATCH: Vector = 15;

/// Holds [`NEAREST`] throughout, since with four lanes all whole numbers pass by it.
const NEAREST_AT: Vector = 14;

/// Where the checks gather what was out of range: of eight bytes each, and of four.
const OUTSIDE_OF_EIGHT: i32 = 0;
const OUTSIDE_OF_FOUR: i32 = 32;
const FIRST_SLOT: i32 = 64;

/// The code for these steps; none when there is more to hand out than there are registers for.
pub(super) fn emit(
    steps: &Steps,
    columns: &[Stored],
    streaming: bool,
    vectors: Vectors,
) -> Option<Vec<u8>> {
    let marks = steps.outs.iter().filter(|handed| handed.out != Out::Number);
    if marks.count() > POINTERS.len() {
        return None;
    }
    let mut emitter = Emitter::new(steps, columns, streaming, vectors);
    let frame = emitter.begin();
    let start = emitter.assembler.here();
    emitter.check();
    emitter.turn();
    emitter.end(start, frame);
    Some(emitter.assembler.finish())
}

struct Emitter<'a> {
    assembler: Assembler,
    turn: Turn,
    columns: &'a [Stored],
    streaming: bool,
    vectors: Vectors,
    width: Width,
    constants: BTreeMap<[u64; 2], usize>,
    /// Where each table lies in the pool.
    tables: Vec<usize>,
    /// For each pointer its register.
    pointers: Vec<Option<General>>,
    /// The value each register holds.
    held: Vec<Option<Value>>,
    /// For each value its register, and its place elsewhere.
    registers: Vec<Option<Vector>>,
    homes: Vec<Option<Place>>,
    /// Slots on the stack: how many there are, and those that are free.
    slots: i32,
    free_slots: Vec<Place>,
}

impl<'a> Emitter<'a> {
    fn new(steps: &Steps, columns: &'a [Stored], streaming: bool, vectors: Vectors) -> Self {
        let mut assembler = Assembler::default();
        // A table that is read as a vector is at least as long as one.
        let tables = steps.tables.iter().map(|cells| {
            let fill = vectors.lanes().saturating_sub(cells.len());
            assembler.pooled(cells.iter().copied().chain(std::iter::repeat_n(0, fill)))
        });
        let tables = tables.collect();
        let turn = Turn::new(steps, vectors);
        let values = turn.steps.len();
        let registers = match vectors {
            Vectors::Four => 16,
            Vectors::Eight => 32,
        };
        Emitter {
            assembler,
            turn,
            columns,
            streaming,
            vectors,
            width: match vectors {
                Vectors::Four => Width::ThirtyTwo,
                Vectors::Eight => Width::SixtyFour,
            },
            constants: BTreeMap::new(),
            tables,
            pointers: pointers(steps, columns.len()),
            held: vec![None; registers],
            registers: vec![None; values],
            homes: vec![None; values],
            slots: 0,
            free_slots: Vec::new(),
        }
    }

    /// Saves what must be saved, reads the pointers; where the size of the stack's frame is to be written.
    fn begin(&mut self) -> usize {
        let assembler = &mut self.assembler;
        for register in SAVED {
            assembler.push(register);
        }
        assembler.copy(General::Frame, General::Stack);
        assembler.keep_bits(General::Stack, -64);
        assembler.add_number(General::Stack, 0);
        let frame = assembler.here() - 4;
        assembler.clear(General::C);
        assembler.clear(General::D);
        for (number, register) in self.pointers.iter().enumerate() {
            if let Some(register) = register {
                assembler.read(*register, General::Destination, offset(number, 8));
            }
        }
        let nearest = assembler.pooled([NEAREST; 4]);
        let nearest = (NEAREST_AT, 0, Place::Pool(nearest));
        assembler.vector(ops::LOAD, Width::ThirtyTwo, nearest, None);
        let none = (SCRATCH, SCRATCH, Place::Vector(SCRATCH));
        assembler.vector(ops::XOR, Width::ThirtyTwo, none, None);
        for outside in [OUTSIDE_OF_EIGHT, OUTSIDE_OF_FOUR] {
            let to = (SCRATCH, 0, stack(outside));
            assembler.vector(ops::STORE, Width::ThirtyTwo, to, None);
        }
        frame
    }

    /// Goes on to the next turn; after the last hands back what was out of range.
    fn end(&mut self, start: usize, frame: usize) {
        let lanes = self.vectors.lanes();
        let size = FIRST_SLOT + self.slots * offset(lanes, 8);
        let assembler = &mut self.assembler;
        assembler.set_number(frame, -size);
        assembler.add_number(General::C, offset(PARTS * lanes, 1));
        assembler.add_number(General::D, offset(PARTS, 1));
        assembler.repeat_while_below(General::C, General::Source, start);
        for (opcode, general, outside) in [
            (ops::SIGNS, General::A, OUTSIDE_OF_EIGHT),
            (ops::SIGNS_OF_HALVES, General::D, OUTSIDE_OF_FOUR),
        ] {
            let from = (SCRATCH, 0, stack(outside));
            assembler.vector(ops::LOAD, Width::ThirtyTwo, from, None);
            let signs = (general as u8, 0, Place::Vector(SCRATCH));
            assembler.vector(opcode, Width::ThirtyTwo, signs, None);
        }
        assembler.or(General::A, General::D);
        assembler.end_vectors();
        assembler.copy(General::Stack, General::Frame);
        for register in SAVED.into_iter().rev() {
            assembler.pop(register);
        }
        assembler.give_back();
    }

    /// Looks whether a turn's values are in range. As whole numbers, without regard to overflow, `v - low` and `high - v` are both not
    /// negative exactly when `low <= v <= high`, as long as `high - low` is not negative itself; so a sign says it.
    fn check(&mut self) {
        let turn = PARTS * self.vectors.lanes();
        let (eight, four, value, rest) = (0, 1, 2, 3);
        let outside = [(eight, OUTSIDE_OF_EIGHT), (four, OUTSIDE_OF_FOUR)];
        for (register, from) in outside {
            self.narrow(ops::LOAD, (register, 0, stack(from)));
        }
        for (column, stored) in self.columns.iter().enumerate() {
            match *stored {
                Stored::I64 { low, high } => {
                    for first in (0..turn).step_by(4) {
                        let from = self.memory(column, Scale::Eight, offset(first, 8));
                        self.narrow(ops::LOAD, (value, 0, from));
                        let high = self.constant_pair([high.cast_unsigned(); 2]);
                        self.narrow(ops::LOAD, (rest, 0, high));
                        self.narrow(ops::SUBTRACT_I64, (rest, rest, Place::Vector(value)));
                        if low != 0 {
                            let low = self.constant_pair([low.cast_unsigned(); 2]);
                            self.narrow(ops::SUBTRACT_I64, (value, value, low));
                        }
                        self.narrow(ops::OR, (eight, eight, Place::Vector(rest)));
                        self.narrow(ops::OR, (eight, eight, Place::Vector(value)));
                    }
                }
                Stored::I32 { low, high } => {
                    for first in (0..turn).step_by(8) {
                        let from = self.memory(column, Scale::Four, offset(first, 4));
                        self.narrow(ops::LOAD, (value, 0, from));
                        self.check_halves((low, high), value, rest, four);
                    }
                }
                Stored::U8 { high } => {
                    for first in (0..turn).step_by(8) {
                        let from = self.memory(column, Scale::One, offset(first, 1));
                        self.narrow(ops::FROM_U8_TO_I32, (value, 0, from));
                        self.check_halves((0, high), value, rest, four);
                    }
                }
                Stored::Lanes => {}
            }
        }
        for (register, to) in outside {
            self.narrow(ops::STORE, (register, 0, stack(to)));
        }
    }

    fn check_halves(
        &mut self,
        (low, high): (i32, i32),
        value: Vector,
        rest: Vector,
        outside: Vector,
    ) {
        let twice = |number: i32| {
            let half = u64::from(number.cast_unsigned());
            [half << 32 | half; 2]
        };
        let high = self.constant_pair(twice(high));
        self.narrow(ops::LOAD, (rest, 0, high));
        self.narrow(ops::SUBTRACT_I32, (rest, rest, Place::Vector(value)));
        if low != 0 {
            let low = self.constant_pair(twice(low));
            self.narrow(ops::SUBTRACT_I32, (value, value, low));
        }
        self.narrow(ops::OR, (outside, outside, Place::Vector(rest)));
        self.narrow(ops::OR, (outside, outside, Place::Vector(value)));
    }

    /// An instruction over four lanes, also where others have eight.
    fn narrow(&mut self, opcode: Opcode, operands: (Vector, Vector, Place)) {
        self.assembler
            .vector(opcode, Width::ThirtyTwo, operands, None);
    }

    fn wide(&mut self, opcode: Opcode, operands: (Vector, Vector, Place)) {
        self.assembler.vector(opcode, self.width, operands, None);
    }

    /// Everything for the rows of a turn.
    fn turn(&mut self) {
        for value in 0..self.turn.steps.len() {
            if let Step::Constant(bits) = self.turn.steps[value]
                && !self.turn.readers[value].is_empty()
            {
                self.homes[value] = Some(self.constant(bits));
            }
        }
        for at in 0..self.turn.items.len() {
            match self.turn.items[at] {
                Item::Step(value) => self.step(at, value),
                Item::Out(number) => self.out(at, number),
            }
        }
    }

    /// The first row of a part.
    fn first_row(&self, part: usize) -> usize {
        part * self.vectors.lanes()
    }

    /// A number in the pool, in every lane.
    fn constant(&mut self, number: u64) -> Place {
        self.constant_pair([number; 2])
    }

    fn constant_pair(&mut self, pair: [u64; 2]) -> Place {
        let assembler = &mut self.assembler;
        let lanes = self.vectors.lanes();
        let place = self
            .constants
            .entry(pair)
            .or_insert_with(|| assembler.pooled(pair.into_iter().cycle().take(lanes)));
        Place::Pool(*place)
    }

    /// Where a column's or result's rows of this part lie.
    fn memory(&mut self, pointer: usize, scale: Scale, by: i32) -> Place {
        let base = self.pointers[pointer].unwrap_or_else(|| {
            self.assembler
                .read(General::A, General::Destination, offset(pointer, 8));
            General::A
        });
        let index = Some((General::C, scale));
        Place::Memory { base, index, by }
    }
}

/// A register for each pointer, as far as there are any: bits come first, since they need A for themselves.
fn pointers(steps: &Steps, columns: usize) -> Vec<Option<General>> {
    let mut pointers = vec![None; columns + steps.outs.len()];
    let marks = (0..steps.outs.len()).filter(|out| steps.outs[*out].out != Out::Number);
    let others = (0..steps.outs.len()).filter(|out| steps.outs[*out].out == Out::Number);
    let order = marks.map(|out| columns + out).chain(0..columns);
    let order = order.chain(others.map(|out| columns + out));
    for (pointer, register) in order.zip(POINTERS) {
        pointers[pointer] = Some(register);
    }
    pointers
}

fn stack(by: i32) -> Place {
    Place::Memory {
        base: General::Stack,
        index: None,
        by,
    }
}

fn offset(count: usize, size: i32) -> i32 {
    i32::try_from(count).expect("a program has far fewer than 2^28 values") * size
}

/// Registers.
impl Emitter<'_> {
    /// Where a value can be read as an instruction's last operand.
    fn place(&self, value: Value) -> Place {
        match (self.registers[value], self.homes[value]) {
            (Some(register), _) => Place::Vector(register),
            (None, Some(home)) => home,
            (None, None) => unreachable!("a value that is still read is somewhere"),
        }
    }

    /// Where a value is read as an instruction's last operand: a constant that is read again at once is better read from memory only once.
    fn last(&mut self, at: usize, value: Value) -> Place {
        let again = self
            .next_reader(at, value)
            .is_some_and(|next| next <= at + SOON);
        let is_free = |(register, held): (usize, &Option<Value>)| {
            held.is_none() && ![SCRATCH, NEAREST_AT].contains(&small(register))
        };
        if again
            && matches!(self.place(value), Place::Pool(_))
            && self.held.iter().enumerate().any(is_free)
        {
            return Place::Vector(self.register(at, value, &[value]));
        }
        self.place(value)
    }

    /// A value's register, into which it is read if need be; those of `with` stay.
    fn register(&mut self, at: usize, value: Value, with: &[Value]) -> Vector {
        if let Some(register) = self.registers[value] {
            return register;
        }
        let home = self.place(value);
        let register = self.free(at, with);
        self.wide(ops::LOAD, (register, 0, home));
        self.hold(register, value);
        register
    }

    fn hold(&mut self, register: Vector, value: Value) {
        self.held[usize::from(register)] = Some(value);
        self.registers[value] = Some(register);
    }

    fn is_in_register(&self, value: Value) -> bool {
        self.registers[value].is_some()
    }

    /// When a value is read again after this item.
    fn next_reader(&self, at: usize, value: Value) -> Option<usize> {
        let readers = &self.turn.readers[value];
        readers
            .get(readers.partition_point(|reader| *reader <= at))
            .copied()
    }

    /// A register to write to: a free one, or that of the value which is read again last and is not of `with`.
    fn free(&mut self, at: usize, with: &[Value]) -> Vector {
        let mut furthest: Option<(usize, usize)> = None;
        for (register, held) in self.held.iter().enumerate() {
            if [SCRATCH, NEAREST_AT].contains(&small(register)) {
                continue;
            }
            let Some(value) = *held else {
                return small(register);
            };
            if with.contains(&value) {
                continue;
            }
            let next = self.next_reader(at, value).unwrap_or(usize::MAX);
            if furthest.is_none_or(|(other, _)| next > other) {
                furthest = Some((next, register));
            }
        }
        let (_, register) = furthest.expect("a step reads fewer values than there are registers");
        let value = self.held[register]
            .take()
            .expect("every register holds a value");
        self.registers[value] = None;
        if self.homes[value].is_none() {
            let lanes = self.vectors.lanes();
            let slot = self.free_slots.pop().unwrap_or_else(|| {
                self.slots += 1;
                stack(FIRST_SLOT + (self.slots - 1) * offset(lanes, 8))
            });
            self.homes[value] = Some(slot);
            self.wide(ops::STORE, (small(register), 0, slot));
        }
        small(register)
    }

    /// Frees what is not read after this item.
    fn release(&mut self, at: usize, values: &[Value]) {
        self.release_registers(at, values);
        self.release_slots(at, values);
    }

    fn release_registers(&mut self, at: usize, values: &[Value]) {
        for &value in values {
            if self.next_reader(at, value).is_none()
                && let Some(register) = self.registers[value].take()
            {
                self.held[usize::from(register)] = None;
            }
        }
    }

    fn release_slots(&mut self, at: usize, values: &[Value]) {
        for &value in values {
            if self.next_reader(at, value).is_none()
                && let Some(slot @ Place::Memory { .. }) = self.homes[value].take()
            {
                self.free_slots.push(slot);
            }
        }
    }
}

fn small(register: usize) -> Vector {
    Vector::try_from(register).expect("there are 32 registers at most")
}

/// Steps.
impl Emitter<'_> {
    fn step(&mut self, at: usize, value: Value) {
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
                let from = self.last(at, x);
                let to = self.result(at, value, &reads);
                self.assembler
                    .vector(ops::ROUND, self.width, (to, 0, from), Some(DOWN));
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
                let size = self.last(at, size);
                let to = self.result(at, value, &reads);
                self.wide(ops::OR, (to, SCRATCH, size));
            }
            Step::Choose { test, x, y, a, b } => self.choose(at, value, test, (x, y), (a, b)),
            Step::Pick(index, table) => {
                let index = self.register(at, index, &reads);
                let table = Place::Pool(self.tables[usize::from(table)]);
                let opcode = match self.vectors {
                    Vectors::Four => ops::PICK_HALVES,
                    Vectors::Eight => ops::PICK_LANES,
                };
                let to = self.result(at, value, &reads);
                self.wide(opcode, (to, index, table));
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

    /// The register for a result that is written before everything is read.
    fn result_apart(&mut self, at: usize, value: Value, reads: &[Value]) -> Vector {
        let to = self.free(at, reads);
        self.hold(to, value);
        to
    }

    fn column(&mut self, at: usize, value: Value, column: usize) {
        let to = self.result(at, value, &[]);
        let rows = self.first_row(self.turn.parts[value]);
        let stored = self.columns[column];
        match stored {
            Stored::I64 { .. } => {
                let from = self.memory(column, Scale::Eight, offset(rows, 8));
                if self.vectors == Vectors::Eight {
                    return self.wide(ops::FROM_I64, (to, 0, from));
                }
                self.wide(ops::ADD_I64, (to, NEAREST_AT, from));
                self.wide(ops::SUBTRACT, (to, to, Place::Vector(NEAREST_AT)));
            }
            Stored::I32 { .. } => {
                let from = self.memory(column, Scale::Four, offset(rows, 4));
                self.wide(ops::FROM_I32, (to, 0, from));
            }
            Stored::U8 { .. } => {
                let from = self.memory(column, Scale::One, offset(rows, 1));
                let half = match self.vectors {
                    Vectors::Four => Width::Sixteen,
                    Vectors::Eight => Width::ThirtyTwo,
                };
                let widened = (SCRATCH, 0, from);
                self.assembler
                    .vector(ops::FROM_U8_TO_I32, half, widened, None);
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
        let first = self.register(at, a, &[a, b]);
        let last = self.last(at, b);
        let to = self.result(at, value, &[a, b]);
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
        let last_read = |value: Value| self.next_reader(at, value).is_none();
        if let Some(to) = self.registers[c]
            && last_read(c)
            && c != a
            && c != b
        {
            let other = self.last(at, b);
            self.wide(*second_third, (to, factor, other));
            self.release(at, &reads);
            return self.hold(to, value);
        }
        if last_read(a) && a != b && a != c {
            let (b_at, c_at) = (self.registers[b], self.registers[c]);
            if let Some(other) = b_at {
                let sum = self.last(at, c);
                self.wide(*second_first, (factor, other, sum));
            } else if let Some(sum) = c_at {
                let other = self.last(at, b);
                self.wide(*first_third, (factor, sum, other));
            }
            if b_at.or(c_at).is_some() {
                self.release(at, &reads);
                return self.hold(factor, value);
            }
        }
        let to = self.result_apart(at, value, &reads);
        let sum = self.last(at, c);
        self.wide(ops::LOAD, (to, 0, sum));
        let other = self.last(at, b);
        self.wide(*second_third, (to, factor, other));
        self.release(at, &reads);
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
        let last = self.last(at, last);
        if self.vectors == Vectors::Eight {
            let other = self.register(at, b, &reads);
            let chosen = self.last(at, a);
            let compared = (1, first, last);
            self.assembler
                .evex(ops::COMPARE, compared, 0, Some(holding(test, turned)));
            let to = self.result(at, value, &reads);
            self.assembler
                .evex(ops::BLEND_BY_MASK, (to, other, chosen), 1, None);
            return;
        }
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
            .vector(ops::COMPARE, self.width, compared, Some(predicate));
        if let Some(masking) = masking {
            let masked = self.last(at, masked);
            let to = self.result(at, value, &reads);
            return self.wide(masking, (to, SCRATCH, masked));
        }
        let other = self.register(at, b, &reads);
        let chosen = self.last(at, a);
        let to = self.result(at, value, &reads);
        let blended = (to, other, chosen);
        self.assembler
            .vector(ops::BLEND, self.width, blended, Some(SCRATCH << 4));
    }

    fn gather(&mut self, at: usize, value: Value, place: Value, table: usize) {
        let from = self.last(at, place);
        self.wide(ops::TO_I32, (SCRATCH, 0, from));
        self.release(at, &[place]);
        let to = self.result_apart(at, value, &[]);
        // A gather keeps what its mask leaves out: so it does not wait for what was here.
        self.wide(ops::XOR, (to, to, Place::Vector(to)));
        self.assembler.address(General::A, self.tables[table]);
        match self.vectors {
            Vectors::Four => {
                let mask = self.free(at, &[value]);
                let all = (mask, mask, Place::Vector(mask));
                self.narrow(ops::EQUAL_I32, all);
                self.assembler.gather_four(to, General::A, SCRATCH, mask);
            }
            Vectors::Eight => {
                self.assembler.fill_mask();
                self.assembler.gather_eight(to, General::A, SCRATCH);
            }
        }
    }

    fn out(&mut self, at: usize, number: usize) {
        let (out, values) = self.turn.outs[number];
        let pointer = self.columns.len() + number;
        for (part, value) in values.into_iter().enumerate() {
            let row = self.first_row(part);
            let register = self.register(at, value, &values);
            match out {
                Out::Number => self.number(pointer, row, register),
                Out::Doubtful => {
                    let itself = Place::Vector(register);
                    self.mark(pointer, row, (register, itself), tests_of::NAN);
                }
                Out::Unmet => {
                    let zero = self.constant(0);
                    self.mark(pointer, row, (register, zero), tests_of::EQUAL);
                }
            }
        }
        self.release(at, &values);
    }

    /// A value as whole numbers.
    fn number(&mut self, pointer: usize, row: usize, register: Vector) {
        if self.vectors == Vectors::Eight {
            self.wide(ops::TO_I64, (SCRATCH, 0, Place::Vector(register)));
        } else {
            let nearest = Place::Vector(NEAREST_AT);
            self.wide(ops::ADD, (SCRATCH, register, nearest));
            self.wide(ops::SUBTRACT_I64, (SCRATCH, SCRATCH, nearest));
        }
        let to = self.memory(pointer, Scale::Eight, offset(row, 8));
        let opcode = if self.streaming {
            ops::STREAM
        } else {
            ops::STORE
        };
        self.wide(opcode, (SCRATCH, 0, to));
    }

    /// A bit for each lane at which a comparison holds.
    fn mark(&mut self, pointer: usize, row: usize, (first, last): (Vector, Place), predicate: u8) {
        let base = self.pointers[pointer].expect("bits have their pointers in registers");
        let by = offset(row / self.vectors.lanes(), 1);
        match self.vectors {
            Vectors::Four => {
                let compared = (SCRATCH, first, last);
                self.assembler
                    .vector(ops::COMPARE, self.width, compared, Some(predicate));
                let signs = (General::A as u8, 0, Place::Vector(SCRATCH));
                self.wide(ops::SIGNS, signs);
                self.assembler.write_byte_of_a(base, by);
            }
            Vectors::Eight => {
                self.assembler
                    .evex(ops::COMPARE, (1, first, last), 0, Some(predicate));
                self.assembler.write_mask(base, by);
            }
        }
    }
}

/// Within so many items a constant's second reader is worth a register.
const SOON: usize = 6;

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
