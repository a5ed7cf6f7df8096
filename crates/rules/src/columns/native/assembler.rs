//! Machine code of x86-64 as far as it is needed here: vectors in the VEX encoding (AVX2 and FMA), and the few instructions of a loop.
//! After the code lies the pool: constants and tables, reached from where the code is.

/// A vector register, 0 to 15.
pub(super) type Vector = u8;

/// A general register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum General {
    A = 0,
    C = 1,
    D = 2,
    B = 3,
    Stack = 4,
    Frame = 5,
    Source = 6,
    Destination = 7,
    R8 = 8,
    R9 = 9,
    R10 = 10,
    R11 = 11,
    R12 = 12,
    R13 = 13,
    R14 = 14,
    R15 = 15,
}

/// What an instruction reads last: a register or memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Vector(Vector),
    /// `base + index * scale + by`.
    Memory {
        base: General,
        index: Option<(General, Scale)>,
        by: i32,
    },
    /// So many bytes into the pool.
    Pool(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    One = 0,
    Four = 2,
    Eight = 3,
}

/// How wide an instruction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// 16 bytes.
    Sixteen = 0,
    /// 32 bytes.
    ThirtyTwo = 1,
}

/// A vector instruction: its prefix, map and number, and the bit W.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opcode {
    prefix: u8,
    map: u8,
    number: u8,
    w: bool,
}

const fn opcode(prefix: u8, map: u8, number: u8, w: bool) -> Opcode {
    Opcode {
        prefix,
        map,
        number,
        w,
    }
}

/// Prefixes by number: none, 66, F3, F2. Maps: 1 is 0F, 2 is 0F38, 3 is 0F3A.
pub(super) mod ops {
    use super::{Opcode, opcode};
    pub(in super::super) const LOAD: Opcode = opcode(1, 1, 0x10, false);
    pub(in super::super) const STORE: Opcode = opcode(1, 1, 0x11, false);
    /// Past the caches; what it writes to must be aligned.
    pub(in super::super) const STREAM: Opcode = opcode(1, 1, 0x2B, false);
    pub(in super::super) const ADD: Opcode = opcode(1, 1, 0x58, false);
    pub(in super::super) const MULTIPLY: Opcode = opcode(1, 1, 0x59, false);
    pub(in super::super) const SUBTRACT: Opcode = opcode(1, 1, 0x5C, false);
    pub(in super::super) const MIN: Opcode = opcode(1, 1, 0x5D, false);
    pub(in super::super) const DIVIDE: Opcode = opcode(1, 1, 0x5E, false);
    pub(in super::super) const MAX: Opcode = opcode(1, 1, 0x5F, false);
    pub(in super::super) const AND: Opcode = opcode(1, 1, 0x54, false);
    pub(in super::super) const AND_NOT: Opcode = opcode(1, 1, 0x55, false);
    pub(in super::super) const OR: Opcode = opcode(1, 1, 0x56, false);
    pub(in super::super) const XOR: Opcode = opcode(1, 1, 0x57, false);
    pub(in super::super) const COMPARE: Opcode = opcode(1, 1, 0xC2, false);
    pub(in super::super) const SIGNS: Opcode = opcode(1, 1, 0x50, false);
    pub(in super::super) const SIGNS_OF_HALVES: Opcode = opcode(0, 1, 0x50, false);
    pub(in super::super) const BLEND: Opcode = opcode(1, 3, 0x4B, false);
    /// Rounds as the number after it says.
    pub(in super::super) const ROUND: Opcode = opcode(1, 3, 0x09, false);
    pub(in super::super) const FROM_I32: Opcode = opcode(2, 1, 0xE6, false);
    pub(in super::super) const TO_I32: Opcode = opcode(1, 1, 0xE6, false);
    pub(in super::super) const FROM_U8_TO_I32: Opcode = opcode(1, 2, 0x31, false);
    pub(in super::super) const ADD_I64: Opcode = opcode(1, 1, 0xD4, false);
    pub(in super::super) const SUBTRACT_I64: Opcode = opcode(1, 1, 0xFB, false);
    pub(in super::super) const SUBTRACT_I32: Opcode = opcode(1, 1, 0xFA, false);
    pub(in super::super) const EQUAL_I32: Opcode = opcode(1, 1, 0x76, false);
    /// The first operand becomes: itself * the third + the second (132), itself * the second + the third (213), the second * the
    /// third + itself (231); and with the product's sign turned.
    pub(in super::super) const MULTIPLY_ADD_132: Opcode = opcode(1, 2, 0x98, true);
    pub(in super::super) const MULTIPLY_ADD_213: Opcode = opcode(1, 2, 0xA8, true);
    pub(in super::super) const MULTIPLY_ADD_231: Opcode = opcode(1, 2, 0xB8, true);
    pub(in super::super) const MULTIPLY_TAKE_132: Opcode = opcode(1, 2, 0x9C, true);
    pub(in super::super) const MULTIPLY_TAKE_213: Opcode = opcode(1, 2, 0xAC, true);
    pub(in super::super) const MULTIPLY_TAKE_231: Opcode = opcode(1, 2, 0xBC, true);
    /// Halves of lanes, picked by the index in the second operand.
    pub(in super::super) const PICK_HALVES: Opcode = opcode(1, 2, 0x16, false);
    pub(in super::super) const GATHER: Opcode = opcode(1, 2, 0x92, true);
}

/// Which comparisons hold; of NaN none, but `…_OR_NAN`.
pub(super) mod tests_of {
    pub(in super::super) const EQUAL: u8 = 0x00;
    pub(in super::super) const NAN: u8 = 0x03;
    pub(in super::super) const DIFFERENT_OR_NAN: u8 = 0x04;
    pub(in super::super) const LESS: u8 = 0x11;
    pub(in super::super) const AT_MOST: u8 = 0x12;
    pub(in super::super) const NOT_LESS_OR_NAN: u8 = 0x15;
    pub(in super::super) const NOT_AT_MOST_OR_NAN: u8 = 0x16;
    pub(in super::super) const NOT_AT_LEAST_OR_NAN: u8 = 0x19;
    pub(in super::super) const NOT_MORE_OR_NAN: u8 = 0x1A;
    pub(in super::super) const AT_LEAST: u8 = 0x1D;
    pub(in super::super) const MORE: u8 = 0x1E;
}

/// Code as it grows.
#[derive(Debug, Default)]
pub(super) struct Assembler {
    code: Vec<u8>,
    pool: Vec<u8>,
    /// Where four bytes wait for the way to a place in the pool, counted from the instruction's end.
    waiting: Vec<(usize, usize, usize)>,
}

/// The pool begins at a multiple of this after the code.
const POOL_ALIGNMENT: usize = 64;

impl Assembler {
    /// Code and pool, ready to be put anywhere.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.code
            .resize(self.code.len().next_multiple_of(POOL_ALIGNMENT), 0xCC);
        let pool = self.code.len();
        for (at, end, place) in self.waiting {
            let way = i32::try_from(pool + place - end).expect("a pool is far below 2 GiB");
            self.code[at..at + 4].copy_from_slice(&way.to_le_bytes());
        }
        self.code.extend(self.pool);
        self.code
    }

    /// Puts numbers into the pool, at a multiple of 64 bytes.
    pub(super) fn pooled(&mut self, numbers: impl IntoIterator<Item = u64>) -> usize {
        self.pool
            .resize(self.pool.len().next_multiple_of(POOL_ALIGNMENT), 0);
        let at = self.pool.len();
        self.pool
            .extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        at
    }

    /// Writes over four bytes of the code.
    pub(super) fn set_number(&mut self, at: usize, number: i32) {
        self.code[at..at + 4].copy_from_slice(&number.to_le_bytes());
    }

    pub(super) fn here(&self) -> usize {
        self.code.len()
    }

    fn byte(&mut self, byte: u8) {
        self.code.push(byte);
    }

    /// A vector instruction: `to`, the second operand (register 0 stands for none), the last, and a number after it.
    pub(super) fn vector(
        &mut self,
        opcode: Opcode,
        width: Width,
        (to, second, last): (Vector, Vector, Place),
        number: Option<u8>,
    ) {
        let (x, b) = extensions(last);
        self.byte(0xC4);
        self.byte(turned(to >> 3, 7) | turned(x, 6) | turned(b, 5) | opcode.map);
        self.byte(
            u8::from(opcode.w) << 7 | (!second & 15) << 3 | (width as u8) << 2 | opcode.prefix,
        );
        self.byte(opcode.number);
        self.operand(to, last, usize::from(number.is_some()));
        self.code.extend(number);
    }

    /// Four lanes from a table at a general register by whole numbers of 32 bits; `mask` is used up.
    pub(super) fn gather(&mut self, to: Vector, table: General, index: Vector, mask: Vector) {
        let table = table as u8;
        self.byte(0xC4);
        self.byte(
            turned(to >> 3, 7) | turned(index >> 3, 6) | turned(table >> 3, 5) | ops::GATHER.map,
        );
        self.byte(1 << 7 | (!mask & 15) << 3 | (Width::ThirtyTwo as u8) << 2 | 1);
        self.byte(ops::GATHER.number);
        self.byte(0b1000_0100 | (to & 7) << 3);
        self.byte((Scale::Eight as u8) << 6 | (index & 7) << 3 | table & 7);
        self.code.extend([0; 4]);
    }

    /// The register and the place of an instruction; `after`: bytes that follow.
    fn operand(&mut self, register: u8, place: Place, after: usize) {
        let register = (register & 7) << 3;
        match place {
            Place::Vector(vector) => self.byte(0b1100_0000 | register | vector & 7),
            Place::Pool(place) => {
                self.byte(register | 5);
                let at = self.code.len();
                self.waiting.push((at, at + 4 + after, place));
                self.code.extend([0; 4]);
            }
            Place::Memory { base, index, by } => {
                let base = base as u8;
                match index {
                    Some((index, scale)) => {
                        self.byte(0b1000_0100 | register);
                        self.byte((scale as u8) << 6 | (index as u8 & 7) << 3 | base & 7);
                    }
                    // The stack pointer's number means that an index follows.
                    None if base & 7 == General::Stack as u8 => {
                        self.byte(0b1000_0100 | register);
                        self.byte(0b0010_0000 | base & 7);
                    }
                    None => self.byte(0b1000_0000 | register | base & 7),
                }
                self.code.extend(by.to_le_bytes());
            }
        }
    }
}

/// The upper bits of a place's index and base, or of its register.
fn extensions(place: Place) -> (u8, u8) {
    match place {
        Place::Vector(vector) => (0, vector >> 3 & 1),
        Place::Pool(_) => (0, 0),
        Place::Memory { base, index, .. } => (
            index.map_or(0, |(index, _)| index as u8 >> 3),
            base as u8 >> 3,
        ),
    }
}

/// The lowest bit, turned, at a place: the prefixes keep such bits inverted.
fn turned(bit: u8, place: u8) -> u8 {
    (!bit & 1) << place
}

/// What a loop needs beside vectors.
impl Assembler {
    fn rex(&mut self, register: u8, base: u8) {
        self.byte(0x48 | (register >> 3) << 2 | base >> 3);
    }

    pub(super) fn push(&mut self, register: General) {
        let register = register as u8;
        if register > 7 {
            self.byte(0x41);
        }
        self.byte(0x50 | register & 7);
    }

    pub(super) fn pop(&mut self, register: General) {
        let register = register as u8;
        if register > 7 {
            self.byte(0x41);
        }
        self.byte(0x58 | register & 7);
    }

    pub(super) fn copy(&mut self, to: General, from: General) {
        self.rex(from as u8, to as u8);
        self.byte(0x89);
        self.byte(0b1100_0000 | (from as u8 & 7) << 3 | to as u8 & 7);
    }

    /// Reads eight bytes.
    pub(super) fn read(&mut self, to: General, base: General, by: i32) {
        self.rex(to as u8, base as u8);
        self.byte(0x8B);
        let place = Place::Memory {
            base,
            index: None,
            by,
        };
        self.operand(to as u8, place, 0);
    }

    /// The address of a place in the pool.
    pub(super) fn address(&mut self, to: General, pool: usize) {
        self.rex(to as u8, 0);
        self.byte(0x8D);
        self.operand(to as u8, Place::Pool(pool), 0);
    }

    /// Writes the lowest byte of the first register to where the second points, moved by D and a number.
    pub(super) fn write_byte_of_a(&mut self, base: General, by: i32) {
        self.byte(0x40 | base as u8 >> 3);
        self.byte(0x88);
        let place = Place::Memory {
            base,
            index: Some((General::D, Scale::One)),
            by,
        };
        self.operand(General::A as u8, place, 0);
    }

    pub(super) fn add_number(&mut self, to: General, number: i32) {
        self.rex(0, to as u8);
        self.byte(0x81);
        self.byte(0b1100_0000 | to as u8 & 7);
        self.code.extend(number.to_le_bytes());
    }

    /// Only these bits stay.
    pub(super) fn keep_bits(&mut self, to: General, bits: i32) {
        self.rex(0, to as u8);
        self.byte(0x81);
        self.byte(0b1110_0000 | to as u8 & 7);
        self.code.extend(bits.to_le_bytes());
    }

    pub(super) fn clear(&mut self, register: General) {
        self.rex(register as u8, register as u8);
        self.byte(0x31);
        self.byte(0b1100_0000 | (register as u8 & 7) << 3 | register as u8 & 7);
    }

    pub(super) fn or(&mut self, to: General, from: General) {
        self.rex(from as u8, to as u8);
        self.byte(0x09);
        self.byte(0b1100_0000 | (from as u8 & 7) << 3 | to as u8 & 7);
    }

    /// Back to `start` while the first is below the second.
    pub(super) fn repeat_while_below(&mut self, first: General, second: General, start: usize) {
        self.rex(second as u8, first as u8);
        self.byte(0x39);
        self.byte(0b1100_0000 | (second as u8 & 7) << 3 | first as u8 & 7);
        self.code.extend([0x0F, 0x82]);
        let back = i32::try_from(self.code.len() + 4 - start).expect("a loop is far below 2 GiB");
        let way = -back;
        self.code.extend(way.to_le_bytes());
    }

    /// Leaves vectors as code without them expects.
    pub(super) fn end_vectors(&mut self) {
        self.code.extend([0xC5, 0xF8, 0x77]);
    }

    pub(super) fn give_back(&mut self) {
        self.byte(0xC3);
    }
}
