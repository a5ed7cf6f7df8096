//! Text files in pieces: which encoding is it, and where does a record end?
//!
//! One thread cuts a CSV file at ends of records, so that every piece can be read by itself.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// How many bytes a piece has: some ten thousand rows.
const PIECE_BYTES: usize = 2 << 20;
/// So much of a file is looked at to tell its encoding.
const SNIFFED_BYTES: u64 = 64 << 10;

/// How the characters of a text file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// GB18030, and so GBK and GB2312, which it contains.
    Gb18030,
}

/// Whole records of a file.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// The line of the first byte, counted from 1.
    pub(crate) line: u64,
    /// Whether the first record is the first of the file.
    pub(crate) heading: bool,
}

/// Why a file cannot be cut any further.
pub(crate) enum Uncut {
    /// The system could not read it.
    Unreadable(io::Error),
    /// The record that begins on this line does not end: most likely a quotation mark was not closed.
    Endless { line: u64 },
}

/// The pieces of a file, read one after the other.
pub(crate) struct Pieces {
    input: Box<dyn Read + Send>,
    delimiter: u8,
    record_bytes_max: usize,
    rest: Vec<u8>,
    line: u64,
    heading: bool,
    ended: bool,
}

impl Pieces {
    /// Opens the file. A record longer than `record_bytes_max` ends the reading.
    pub(crate) fn open(
        path: &Path,
        encoding: Encoding,
        delimiter: u8,
        record_bytes_max: usize,
    ) -> io::Result<Pieces> {
        let file = File::open(path)?;
        let input: Box<dyn Read + Send> = match encoding {
            Encoding::Utf8 => Box::new(file),
            Encoding::Gb18030 => Box::new(Decoded::new(file)),
        };
        Ok(Pieces {
            input,
            delimiter,
            record_bytes_max,
            rest: Vec::new(),
            line: 1,
            heading: true,
            ended: false,
        })
    }

    fn cut(&mut self) -> Result<Option<Piece>, Uncut> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut wanted = PIECE_BYTES;
        let end = loop {
            if !self.ended && bytes.len() < wanted {
                let missing = wanted - bytes.len();
                bytes.reserve(missing);
                let input = self.input.by_ref();
                let read = input.take(missing as u64).read_to_end(&mut bytes);
                let read = read.map_err(Uncut::Unreadable)?;
                self.ended = read < missing;
            }
            if self.ended {
                break bytes.len();
            }
            if let Some(end) = last_record_end(&bytes, self.delimiter) {
                break end;
            }
            if wanted >= self.record_bytes_max {
                return Err(Uncut::Endless { line: self.line });
            }
            wanted *= 2;
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        self.rest = bytes.split_off(end);
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let piece = Piece {
            bytes,
            line: self.line,
            heading: self.heading,
        };
        self.line += lines;
        self.heading = false;
        Ok(Some(piece))
    }
}

impl Iterator for Pieces {
    type Item = Result<Piece, Uncut>;

    fn next(&mut self) -> Option<Result<Piece, Uncut>> {
        match self.cut() {
            Ok(piece) => piece.map(Ok),
            Err(error) => {
                (self.ended, self.rest) = (true, Vec::new());
                Some(Err(error))
            }
        }
    }
}

/// Where the last whole record ends, reading quotation marks as the csv crate does.
fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    if memchr::memchr(b'"', bytes).is_none() {
        return memchr::memrchr(b'\n', bytes).map(|at| at + 1);
    }
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        FieldStart,
        Field,
        Quoted,
        QuoteInQuoted,
    }
    let (mut at, mut end) = (At::FieldStart, None);
    for (index, &byte) in bytes.iter().enumerate() {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::Quoted, _) | (At::FieldStart | At::QuoteInQuoted, b'"') => At::Quoted,
            (_, b'\n') => {
                end = Some(index + 1);
                At::FieldStart
            }
            (_, b'\r') => At::FieldStart,
            (_, other) if other == delimiter => At::FieldStart,
            _ => At::Field,
        };
    }
    end
}

/// The encoding of a file by its beginning; `None` when it is neither.
pub(crate) fn sniff(path: &Path) -> io::Result<Option<Encoding>> {
    let mut start = Vec::new();
    File::open(path)?
        .take(SNIFFED_BYTES)
        .read_to_end(&mut start)?;
    let cut_character = start.len() as u64 == SNIFFED_BYTES;
    match std::str::from_utf8(&start) {
        Ok(_) if !start.contains(&0) => return Ok(Some(Encoding::Utf8)),
        Err(error) if error.error_len().is_none() && cut_character => {
            return Ok(Some(Encoding::Utf8));
        }
        _ => {}
    }
    let mut decoded = String::with_capacity(3 * start.len() + 16);
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let (result, _) =
        decoder.decode_to_string_without_replacement(&start, &mut decoded, !cut_character);
    let readable = matches!(result, encoding_rs::DecoderResult::InputEmpty);
    Ok((!start.contains(&0) && readable).then_some(Encoding::Gb18030))
}

/// GB18030 read as UTF-8. What is not GB18030 becomes U+FFFD, which no cell but a text can hold.
struct Decoded {
    input: File,
    decoder: encoding_rs::Decoder,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl Decoded {
    fn new(input: File) -> Decoded {
        Decoded {
            input,
            decoder: encoding_rs::GB18030.new_decoder_without_bom_handling(),
            text: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let mut raw = [0; 16 << 10];
        let read = self.input.read(&mut raw)?;
        self.ended = read == 0;
        // Four bytes of UTF-8 for every one read are more than GB18030 ever needs.
        self.text.resize(4 * raw.len() + 16, 0);
        let (_, _, written, _) =
            self.decoder
                .decode_to_utf8(&raw[..read], &mut self.text, self.ended);
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.decode_more()?;
        }
        let given = (self.text.len() - self.given).min(out.len());
        out[..given].copy_from_slice(&self.text[self.given..self.given + given]);
        self.given += given;
        Ok(given)
    }
}
