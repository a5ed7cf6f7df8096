//! Between which numbers a node's values lie.

use crate::columns::lanes::LIMIT;

/// A range of whole numbers, wide enough for any product of two lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::columns) struct Range {
    pub(super) low: i128,
    pub(super) high: i128,
}

impl Range {
    pub(in crate::columns) fn new(low: i128, high: i128) -> Range {
        Range { low, high }
    }

    pub(super) fn times(self, other: Range) -> Range {
        let ends = [
            self.low * other.low,
            self.low * other.high,
            self.high * other.low,
            self.high * other.high,
        ];
        Range {
            low: ends.into_iter().min().unwrap_or(0),
            high: ends.into_iter().max().unwrap_or(0),
        }
    }

    pub(super) fn by(self, factor: i64) -> Range {
        self.times(Range::new(factor.into(), factor.into()))
    }

    pub(super) fn plus(self, other: Range) -> Range {
        Range {
            low: self.low + other.low,
            high: self.high + other.high,
        }
    }

    /// Whether lanes hold every value.
    pub(in crate::columns) fn fits(self) -> bool {
        self.low > -LIMIT && self.high < LIMIT
    }

    pub(super) fn clipped(self) -> (i64, i64) {
        let clip = |end: i128| i64::try_from(end.clamp(1 - LIMIT, LIMIT - 1)).unwrap_or(0);
        (clip(self.low), clip(self.high))
    }
}
