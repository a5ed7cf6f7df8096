//! Whether a turn's values are in range, seen before anything else is done with them.

use super::{Emitter, offset, stack};
use crate::columns::native::Stored;
use crate::columns::native::assembler::{General, Place, Scale, Vector, Width, ops};
use crate::columns::native::lower::LANES;
use crate::columns::native::order::PARTS;

/// Where what was out of range is gathered: as signs of eight bytes each, as signs of four, and as any bit at all.
const SIGNS_OF_EIGHT: i32 = 0;
const SIGNS_OF_FOUR: i32 = 32;
const ANY_BIT: i32 = 64;

/// The stack from here on is free for other things.
pub(super) const END: i32 = 128;

/// The registers of the checks, which are done when the turn's own values come.
const EIGHT: Vector = 0;
const FOUR: Vector = 1;
const ANY: Vector = 2;
const VALUE: Vector = 3;
const REST: Vector = 4;
const GATHERED: [(Vector, i32); 3] = [
    (EIGHT, SIGNS_OF_EIGHT),
    (FOUR, SIGNS_OF_FOUR),
    (ANY, ANY_BIT),
];

impl Emitter<'_> {
    /// Nothing was out of range yet.
    pub(super) fn begin_checks(&mut self) {
        self.wide(ops::XOR, (VALUE, VALUE, Place::Vector(VALUE)));
        for (_, at) in GATHERED {
            self.wide(ops::STORE, (VALUE, 0, stack(at)));
        }
    }

    /// Looks at each column that is read as it is.
    pub(super) fn check(&mut self) {
        for (register, at) in GATHERED {
            self.wide(ops::LOAD, (register, 0, stack(at)));
        }
        let turn = PARTS * LANES;
        for (column, stored) in self.columns.iter().enumerate() {
            match *stored {
                Stored::I64 { low, high } => {
                    for first in (0..turn).step_by(4) {
                        let from = self.memory(column, Scale::Eight, offset(first, 8));
                        self.check_eight(from, low, high);
                    }
                }
                Stored::I32 { low, high } => {
                    for first in (0..turn).step_by(8) {
                        let from = self.memory(column, Scale::Four, offset(first, 4));
                        self.check_four(from, low, high);
                    }
                }
                Stored::U8 { high } => {
                    for first in (0..turn).step_by(8) {
                        let from = self.memory(column, Scale::One, offset(first, 1));
                        self.wide(ops::FROM_U8_TO_I32, (VALUE, 0, from));
                        self.check_four(Place::Vector(VALUE), 0, high);
                    }
                }
                Stored::Lanes => {}
            }
        }
        for (register, at) in GATHERED {
            self.wide(ops::STORE, (register, 0, stack(at)));
        }
    }

    /// Four whole numbers of eight bytes. Without regard to overflow, `v - low` and `high - v` are both not negative exactly when
    /// `low <= v <= high`, as long as `high - low` is not negative itself; so a sign says it. Where the range is all there is below a
    /// power of two, any other bit says it.
    fn check_eight(&mut self, from: Place, low: i64, high: i64) {
        let twice = |number: i64| [number.cast_unsigned(); 2];
        if low == 0 && high & (high + 1) == 0 {
            return self.check_bits(from, twice(!high));
        }
        self.wide(ops::LOAD, (VALUE, 0, from));
        let most = self.constant_pair(twice(high));
        self.wide(ops::LOAD, (REST, 0, most));
        self.wide(ops::SUBTRACT_I64, (REST, REST, Place::Vector(VALUE)));
        if low != 0 {
            let least = self.constant_pair(twice(low));
            self.wide(ops::SUBTRACT_I64, (VALUE, VALUE, least));
        }
        self.wide(ops::OR, (EIGHT, EIGHT, Place::Vector(REST)));
        self.wide(ops::OR, (EIGHT, EIGHT, Place::Vector(VALUE)));
    }

    /// Eight of four bytes, by the same argument.
    fn check_four(&mut self, from: Place, low: i32, high: i32) {
        let twice = |number: i32| {
            let half = u64::from(number.cast_unsigned());
            [half << 32 | half; 2]
        };
        if low == 0 && high.checked_add(1).is_none_or(|end| high & end == 0) {
            return self.check_bits(from, twice(!high));
        }
        if from != Place::Vector(VALUE) {
            self.wide(ops::LOAD, (VALUE, 0, from));
        }
        let most = self.constant_pair(twice(high));
        self.wide(ops::LOAD, (REST, 0, most));
        self.wide(ops::SUBTRACT_I32, (REST, REST, Place::Vector(VALUE)));
        if low != 0 {
            let least = self.constant_pair(twice(low));
            self.wide(ops::SUBTRACT_I32, (VALUE, VALUE, least));
        }
        self.wide(ops::OR, (FOUR, FOUR, Place::Vector(REST)));
        self.wide(ops::OR, (FOUR, FOUR, Place::Vector(VALUE)));
    }

    fn check_bits(&mut self, from: Place, beyond: [u64; 2]) {
        let beyond = self.constant_pair(beyond);
        self.wide(ops::LOAD, (REST, 0, beyond));
        self.wide(ops::AND, (REST, REST, from));
        self.wide(ops::OR, (ANY, ANY, Place::Vector(REST)));
    }

    /// What the loop hands back: not 0 when anything was out of range.
    pub(super) fn end_checks(&mut self) {
        for (register, at) in GATHERED {
            self.wide(ops::LOAD, (register, 0, stack(at)));
        }
        // Of a number and its opposite one is negative, unless it is 0.
        self.wide(ops::XOR, (REST, REST, Place::Vector(REST)));
        self.wide(ops::SUBTRACT_I32, (REST, REST, Place::Vector(ANY)));
        self.wide(ops::OR, (FOUR, FOUR, Place::Vector(REST)));
        self.wide(ops::OR, (FOUR, FOUR, Place::Vector(ANY)));
        let signs = [
            (ops::SIGNS, General::A, EIGHT),
            (ops::SIGNS_OF_HALVES, General::D, FOUR),
        ];
        for (opcode, general, register) in signs {
            let signs = (general as u8, 0, Place::Vector(register));
            self.assembler.vector(opcode, Width::ThirtyTwo, signs, None);
        }
        self.assembler.or(General::A, General::D);
    }
}
