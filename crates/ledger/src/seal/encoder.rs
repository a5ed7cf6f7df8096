//! *Which bytes are hashed?*

use super::Digest;
use measure::{Day, Fen, Moment, Month};

/// Writes values in fixed widths, so that the same row has the same bytes, and so the same hash, on any machine and in any
/// year.
///
/// Whole numbers are big-endian, in two's complement. A text is its length in bytes as 32 bits and then its UTF-8. What
/// may be missing is led by a byte, 0 or 1. There are no names and no separators: the order in which a row is written is
/// part of its format, and a format that changes begins with another number.
///
/// ```
/// use ledger::Encoder;
/// use measure::{Fen, Month};
///
/// let mut row = Encoder::new();
/// row.u8(1).i64(12).month(Month::parse("2025-03")?).fen(Fen(48_000));
/// assert_eq!(row.bytes().len(), 1 + 8 + 4 + 8);
/// row.clear();
/// assert!(row.bytes().is_empty());
/// # Ok::<(), measure::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    /// Nothing written yet.
    #[must_use]
    pub fn new() -> Encoder {
        Encoder::default()
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Encoder {
        self.raw(&[value])
    }

    /// Two bytes, such as a code.
    pub fn i16(&mut self, value: i16) -> &mut Encoder {
        self.raw(&value.to_be_bytes())
    }

    /// Four bytes.
    pub fn i32(&mut self, value: i32) -> &mut Encoder {
        self.raw(&value.to_be_bytes())
    }

    /// Eight bytes, such as a person's number.
    pub fn i64(&mut self, value: i64) -> &mut Encoder {
        self.raw(&value.to_be_bytes())
    }

    /// Eight bytes, such as a count.
    pub fn u64(&mut self, value: u64) -> &mut Encoder {
        self.raw(&value.to_be_bytes())
    }

    /// One byte, 0 or 1.
    pub fn boolean(&mut self, value: bool) -> &mut Encoder {
        self.u8(u8::from(value))
    }

    /// Eight bytes, the fen.
    pub fn fen(&mut self, value: Fen) -> &mut Encoder {
        self.i64(value.0)
    }

    /// Four bytes, days since 1970-01-01.
    pub fn day(&mut self, value: Day) -> &mut Encoder {
        self.i32(value.number())
    }

    /// Four bytes, the month's index.
    pub fn month(&mut self, value: Month) -> &mut Encoder {
        self.i32(value.index())
    }

    /// Eight bytes, microseconds since 1970.
    pub fn moment(&mut self, value: Moment) -> &mut Encoder {
        self.i64(value.microseconds())
    }

    /// 32 bytes.
    pub fn digest(&mut self, value: &Digest) -> &mut Encoder {
        self.raw(&value.0)
    }

    /// Four bytes of length, then the text.
    ///
    /// # Panics
    ///
    /// When the text is longer than 4 GiB, which no row's is.
    pub fn text(&mut self, value: &str) -> &mut Encoder {
        let length = u32::try_from(value.len()).expect("no text of a row has 4 GiB");
        self.raw(&length.to_be_bytes()).raw(value.as_bytes())
    }

    /// A byte 0, or a byte 1 and eight bytes.
    pub fn optional_i64(&mut self, value: Option<i64>) -> &mut Encoder {
        match value {
            None => self.u8(0),
            Some(value) => self.u8(1).i64(value),
        }
    }

    /// A byte 0, or a byte 1 and the text with its length.
    pub fn optional_text(&mut self, value: Option<&str>) -> &mut Encoder {
        match value {
            None => self.u8(0),
            Some(value) => self.u8(1).text(value),
        }
    }

    /// What was written.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Begins anew and keeps the memory: for the next of many rows.
    pub fn clear(&mut self) -> &mut Encoder {
        self.bytes.clear();
        self
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Encoder {
        self.bytes.extend_from_slice(bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Written down once: whoever changes these bytes changes every hash ever sealed.
    #[test]
    fn the_bytes_are_these() {
        let mut row = Encoder::new();
        row.u8(7)
            .i16(-2)
            .i32(1)
            .i64(-1)
            .u64(258)
            .boolean(true)
            .fen(Fen(48_000))
            .day(Day::parse("2025-01-31").unwrap())
            .month(Month::parse("2025-03").unwrap())
            .moment(Moment::from_microseconds(1))
            .text("年")
            .optional_i64(None)
            .optional_i64(Some(3))
            .optional_text(None)
            .optional_text(Some(""));
        let expected = "07 fffe 00000001 ffffffffffffffff 0000000000000102 01 000000000000bb80 00004e97 00005eee \
             0000000000000001 00000003e5b9b4 00 010000000000000003 00 0100000000";
        let shown: String = row
            .bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(shown, expected.replace(' ', ""));
    }

    #[test]
    fn neighbouring_texts_do_not_run_together() {
        let of = |a: &str, b: &str| {
            let mut row = Encoder::new();
            row.text(a).text(b);
            row.bytes().to_vec()
        };
        assert_ne!(of("ab", "c"), of("a", "bc"));
    }
}
