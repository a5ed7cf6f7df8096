//! Where there is no native code: everything is interpreted.

use super::lanes::Writing;
use super::program::Program;

/// How a column would be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    I64 { low: i64, high: i64 },
    I32 { low: i32, high: i32 },
    U8 { high: i32 },
    Lanes,
}

/// Where results that go past the caches would begin.
pub(super) const LINE: usize = 64;

/// Rows that would be worked through in one turn.
pub(super) const TURN: usize = 16;

/// A column's values of a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rows<'a> {
    I64(&'a [i64]),
    I32(&'a [i32]),
    U8(&'a [u8]),
    Lanes(&'a [f64]),
}

/// There is none.
#[derive(Debug)]
pub(super) enum Native {}

impl Native {
    pub(super) fn new(_: &Program, _: usize, _: &[Stored], _: Writing) -> Option<Native> {
        None
    }

    pub(super) fn run(&mut self, _: &[Rows<'_>], _: &mut [&mut [i64]], _: usize) -> bool {
        match *self {}
    }

    pub(super) fn marked(&self, _: usize, _: impl FnMut(u16, bool, usize)) {
        match *self {}
    }
}
