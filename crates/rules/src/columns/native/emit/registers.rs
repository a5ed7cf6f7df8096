//! Where values are while they are needed.

use super::{Emitter, NEAREST_AT, SCRATCH, check, offset, stack};
use crate::columns::native::assembler::{Place, Vector, ops};
use crate::columns::native::lower::LANES;
use crate::columns::native::steps::Value;

/// Within so many items a constant's second reader is worth a register.
const SOON: usize = 6;

impl Emitter<'_> {
    /// Where a value can be read as an instruction's last operand.
    pub(super) fn place(&self, value: Value) -> Place {
        match (self.registers[value], self.homes[value]) {
            (Some(register), _) => Place::Vector(register),
            (None, Some(home)) => home,
            (None, None) => unreachable!("a value that is still read is somewhere"),
        }
    }

    /// Where a value is read as an instruction's last operand: a constant that is read again at once is better read from memory only once.
    pub(super) fn last(&mut self, at: usize, value: Value, with: &[Value]) -> Place {
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
            return Place::Vector(self.register(at, value, with));
        }
        self.place(value)
    }

    /// A value's register, into which it is read if need be; those of `with` stay.
    pub(super) fn register(&mut self, at: usize, value: Value, with: &[Value]) -> Vector {
        if let Some(register) = self.registers[value] {
            return register;
        }
        let home = self.place(value);
        let register = self.free(at, with);
        self.wide(ops::LOAD, (register, 0, home));
        self.hold(register, value);
        register
    }

    pub(super) fn hold(&mut self, register: Vector, value: Value) {
        self.held[usize::from(register)] = Some(value);
        self.registers[value] = Some(register);
    }

    pub(super) fn is_in_register(&self, value: Value) -> bool {
        self.registers[value].is_some()
    }

    /// When a value is read again after this item.
    pub(super) fn next_reader(&self, at: usize, value: Value) -> Option<usize> {
        let readers = &self.turn.readers[value];
        readers
            .get(readers.partition_point(|reader| *reader <= at))
            .copied()
    }

    /// A register to write to: a free one, or that of the value which is read again last and is not of `with`.
    pub(super) fn free(&mut self, at: usize, with: &[Value]) -> Vector {
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
            let slot = self.free_slots.pop().unwrap_or_else(|| {
                self.slots += 1;
                stack(check::END + (self.slots - 1) * offset(LANES, 8))
            });
            self.homes[value] = Some(slot);
            self.wide(ops::STORE, (small(register), 0, slot));
        }
        small(register)
    }

    /// Frees what is not read after this item.
    pub(super) fn release(&mut self, at: usize, values: &[Value]) {
        self.release_registers(at, values);
        self.release_slots(at, values);
    }

    pub(super) fn release_registers(&mut self, at: usize, values: &[Value]) {
        for &value in values {
            if self.next_reader(at, value).is_none()
                && let Some(register) = self.registers[value].take()
            {
                self.held[usize::from(register)] = None;
            }
        }
    }

    pub(super) fn release_slots(&mut self, at: usize, values: &[Value]) {
        for &value in values {
            if self.next_reader(at, value).is_none()
                && let Some(slot @ Place::Memory { .. }) = self.homes[value].take()
            {
                self.free_slots.push(slot);
            }
        }
    }
}

pub(super) fn small(register: usize) -> Vector {
    Vector::try_from(register).expect("there are 32 registers at most")
}
