//! *Where?*

use std::fmt;

/// A district or county by its six-digit code (GB/T 2260), such as 500103.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct District(i32);

impl District {
    /// The district of this code; `None` unless it has six digits.
    #[must_use]
    pub const fn new(code: i32) -> Option<District> {
        if 100_000 <= code && code <= 999_999 {
            Some(District(code))
        } else {
            None
        }
    }

    /// Its six-digit code.
    #[must_use]
    pub const fn code(self) -> i32 {
        self.0
    }

    /// The province it lies in: the first two digits.
    #[must_use]
    pub const fn province(self) -> i32 {
        self.0 / 10_000
    }
}

impl fmt::Display for District {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
