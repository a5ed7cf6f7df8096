//! From steps to machine code: one loop over the rows, sixteen a turn, every value in a register while it is needed.
//!
//! Registers are given out along the way. When none is left, the value that is read again last makes room: it goes to the stack and is read
//! from there, as constants are read from the pool. Since the code runs straight on, "read again last" is known, and the choice is the
//! best there is.

mod check;
mod registers;
mod instructions;

use super::super::lanes::Writing;
use super::Stored;
use super::assembler::{Assembler, General, Opcode, Place, Scale, Vector, Width, ops, tests_of};
use super::lower::LANES;
use super::order::{Item, PARTS, Turn};
use super::steps::{Out, Step, Steps, Value};
use std::collections::BTreeMap;

/// Whole numbers and lanes differ by this: 1.5 * 2^52.
const NEAREST: u64 = 0x4338_0000_0000_0000;
const SIGN: u64 = 1 << 63;

/// The registers that keep a pointer; A, B, C and D count and carry, the source is how many rows, the destination where all pointers are.
const POINTERS: [General; 8] = [
    General::R8,
    General::R9,
    General::R10,
    General::R11,
    General::R12,
    General::R13,
    General::R14,
    General::R15,
];

/// Keeps a pointer that has no register until another is asked for, or a table's while it is read.
const BETWEEN: General = General::B;

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

/// Holds [`NEAREST`] throughout, since all whole numbers pass by it.
const NEAREST_AT: Vector = 14;

/// The code for these steps.
pub(super) fn emit(steps: &Steps, columns: &[Stored], writing: Writing) -> Vec<u8> {
    let mut emitter = Emitter::new(steps, columns, writing);
    let frame = emitter.begin();
    let start = emitter.assembler.here();
    // A turn begins as the last ended.
    emitter.between = None;
    emitter.check();
    emitter.turn();
    emitter.end(start, frame);
    emitter.assembler.finish()
}

struct Emitter<'a> {
    assembler: Assembler,
    turn: Turn,
    columns: &'a [Stored],
    writing: Writing,
    constants: BTreeMap<[u64; 2], usize>,
    /// Where each table lies in the pool.
    tables: Vec<usize>,
    /// For each pointer its register.
    pointers: Vec<Option<General>>,
    /// The pointer in [`BETWEEN`].
    between: Option<usize>,
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
    fn new(steps: &Steps, columns: &'a [Stored], writing: Writing) -> Self {
        let mut assembler = Assembler::default();
        // A table that is read as a vector is at least as long as one.
        let tables = steps.tables.iter().map(|cells| {
            let fill = LANES.saturating_sub(cells.len());
            assembler.pooled(cells.iter().copied().chain(std::iter::repeat_n(0, fill)))
        });
        let tables = tables.collect();
        let turn = Turn::new(steps);
        let values = turn.steps.len();
        Emitter {
            assembler,
            turn,
            columns,
            writing,
            constants: BTreeMap::new(),
            tables,
            between: None,
            pointers: pointers(columns.len() + steps.outs.len()),
            held: vec![None; 16],
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
        self.begin_checks();
        frame
    }

    /// Goes on to the next turn; after the last hands back what was out of range.
    fn end(&mut self, start: usize, frame: usize) {
        let size = check::END + self.slots * offset(LANES, 8);
        let assembler = &mut self.assembler;
        assembler.set_number(frame, -size);
        assembler.add_number(General::C, offset(PARTS * LANES, 1));
        assembler.add_number(General::D, offset(PARTS, 1));
        assembler.repeat_while_below(General::C, General::Source, start);
        self.end_checks();
        let assembler = &mut self.assembler;
        assembler.end_vectors();
        assembler.copy(General::Stack, General::Frame);
        for register in SAVED.into_iter().rev() {
            assembler.pop(register);
        }
        assembler.give_back();
    }

    /// An instruction over all lanes.
    fn wide(&mut self, opcode: Opcode, operands: (Vector, Vector, Place)) {
        self.assembler
            .vector(opcode, Width::ThirtyTwo, operands, None);
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

    /// A number in the pool, in every lane.
    fn constant(&mut self, number: u64) -> Place {
        self.constant_pair([number; 2])
    }

    fn constant_pair(&mut self, pair: [u64; 2]) -> Place {
        let assembler = &mut self.assembler;
        let place = self
            .constants
            .entry(pair)
            .or_insert_with(|| assembler.pooled(pair.into_iter().cycle().take(LANES)));
        Place::Pool(*place)
    }

    /// The register in which a pointer is, now.
    fn pointer(&mut self, pointer: usize) -> General {
        if let Some(register) = self.pointers[pointer] {
            return register;
        }
        if self.between.replace(pointer) != Some(pointer) {
            let by = offset(pointer, 8);
            self.assembler.read(BETWEEN, General::Destination, by);
        }
        BETWEEN
    }

    /// Where a column's or result's rows of this part lie.
    fn memory(&mut self, pointer: usize, scale: Scale, by: i32) -> Place {
        let base = self.pointer(pointer);
        let index = Some((General::C, scale));
        Place::Memory { base, index, by }
    }
}

/// A register for each pointer, as far as there are any.
fn pointers(count: usize) -> Vec<Option<General>> {
    let mut pointers: Vec<Option<General>> = POINTERS.into_iter().map(Some).collect();
    pointers.resize(count, None);
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

/// What is handed out.
impl Emitter<'_> {
    fn out(&mut self, at: usize, number: usize) {
        let (out, values) = self.turn.outs[number];
        let pointer = self.columns.len() + number;
        for (part, value) in values.into_iter().enumerate() {
            let row = part * LANES;
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
        let nearest = Place::Vector(NEAREST_AT);
        self.wide(ops::ADD, (SCRATCH, register, nearest));
        self.wide(ops::SUBTRACT_I64, (SCRATCH, SCRATCH, nearest));
        let to = self.memory(pointer, Scale::Eight, offset(row, 8));
        let store = match self.writing {
            Writing::Cached => ops::STORE,
            Writing::Streaming => ops::STREAM,
        };
        self.wide(store, (SCRATCH, 0, to));
    }

    /// A bit for each lane at which a comparison holds.
    fn mark(&mut self, pointer: usize, row: usize, (first, last): (Vector, Place), predicate: u8) {
        let base = self.pointer(pointer);
        let compared = (SCRATCH, first, last);
        self.assembler
            .vector(ops::COMPARE, Width::ThirtyTwo, compared, Some(predicate));
        let signs = (General::A as u8, 0, Place::Vector(SCRATCH));
        self.wide(ops::SIGNS, signs);
        let by = offset(row / LANES, 1);
        self.assembler.write_byte_of_a(base, by);
    }
}
