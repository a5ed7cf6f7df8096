//! CSV as people hand it in: which encoding, which row of the spreadsheet, where it stops being text.

use crate::{
    error::{Error, unreadable},
    pieces::{Encoding, Pieces, Uncut},
};
use csv::{ReaderBuilder, StringRecord};
use std::{fs::File, io::Read, path::Path};

/// A longer record is a quotation mark that was never closed.
const RECORD_BYTES_MAX: usize = 4 << 20;
/// So much is read at a time to check the encoding.
const CHECKED_BYTES: usize = 64 << 10;
/// What may stand between cells.
pub(crate) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How a file is to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CsvText {
    pub(crate) encoding: Encoding,
    pub(crate) delimiter: u8,
}

impl CsvText {
    /// Every record with the number of its row. Lines without anything are rows, and are passed over.
    pub(crate) fn records<E: From<Error>>(
        &self,
        path: &Path,
        file: &str,
        each: &mut dyn FnMut(u64, &StringRecord) -> Result<(), E>,
    ) -> Result<(), E> {
        let pieces = Pieces::open(path, self.encoding, self.delimiter, RECORD_BYTES_MAX)
            .map_err(|error| unreadable(path, &error))?;
        let mut row = 0;
        let mut record = StringRecord::new();
        for piece in pieces {
            let piece = piece.map_err(|error| match error {
                Uncut::Unreadable(error) => unreadable(path, &error),
                Uncut::Endless { line } => endless(file, line),
            })?;
            let bytes = match piece.heading {
                true => piece.bytes.strip_prefix(MARK).unwrap_or(&piece.bytes),
                false => &piece.bytes,
            };
            let mut reader = ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(self.delimiter)
                .buffer_capacity(64 << 10)
                .from_reader(bytes);
            loop {
                match reader.read_record(&mut record) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => return Err(not_text(path, file, &error).into()),
                }
                let from = record.position().map_or(0, csv::Position::byte);
                let from = usize::try_from(from).expect("a place in the bytes");
                row += 1 + blank_lines(bytes, from);
                each(row, &record)?;
            }
        }
        Ok(())
    }
}

/// How many lines without anything stand where the reader began to look for a record. The `\n` of the record before
/// may still be to come, when its `\r` ended it.
fn blank_lines(bytes: &[u8], from: usize) -> u64 {
    let mut rest = &bytes[from..];
    if 0 < from && bytes[from - 1] == b'\r' {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut lines = 0;
    loop {
        rest = match rest {
            [b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..] => rest,
            _ => return lines,
        };
        lines += 1;
    }
}

fn not_text(path: &Path, file: &str, error: &csv::Error) -> Error {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            not_readable(file, ("在读取时变了", "changed while it was read"))
        }
        _ => unreadable(path, error),
    }
}

/// Reads the file once through: text in one of the two encodings, without NUL.
pub(crate) fn encoding(
    path: &Path,
    file: &str,
    declared: Option<Encoding>,
) -> Result<Encoding, Error> {
    let (mut utf8, mut gb18030) = (
        (declared != Some(Encoding::Gb18030)).then(Utf8::default),
        (declared != Some(Encoding::Utf8))
            .then(|| encoding_rs::GB18030.new_decoder_without_bom_handling()),
    );
    let mut input = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = vec![0; CHECKED_BYTES];
    let mut text = String::with_capacity(4 * CHECKED_BYTES + 16);
    let (mut lines, mut bad_line) = (1_u64, None);
    loop {
        let read = input
            .read(&mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        let part = &bytes[..read];
        if part.contains(&0) {
            return Err(not_readable(
                file,
                (
                    "含有空字节（NUL），可能是 UTF-16 或不是文字",
                    "has NUL bytes: it is UTF-16, or no text",
                ),
            ));
        }
        if let Some(checked) = &mut utf8
            && let Err(at) = checked.goes_on(part)
        {
            utf8 = None;
            bad_line = Some(lines + newlines(&part[..at.min(read)]));
        }
        // UTF-8 that holds to the end is UTF-8, so nothing else is tried while it does.
        if utf8.is_none() && gb18030.is_none() {
            break;
        }
        lines += newlines(part);
        if read == 0 {
            break;
        }
    }
    if utf8.is_some() {
        return Ok(Encoding::Utf8);
    }
    let Some(decoder) = &mut gb18030 else {
        let line = bad_line.unwrap_or(lines);
        let zh = format!("第 {line} 行不是 UTF-8 文字");
        return Err(not_readable(
            file,
            (&zh, &format!("is not UTF-8 text in line {line}")),
        ));
    };
    is_gb18030(path, file, decoder, &mut text, bad_line).map(|()| Encoding::Gb18030)
}

fn is_gb18030(
    path: &Path,
    file: &str,
    decoder: &mut encoding_rs::Decoder,
    text: &mut String,
    not_utf8: Option<u64>,
) -> Result<(), Error> {
    let mut input = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = vec![0; CHECKED_BYTES];
    let mut lines = 1;
    loop {
        let read = input
            .read(&mut bytes)
            .map_err(|error| unreadable(path, &error))?;
        text.clear();
        let part = &bytes[..read];
        let (result, used) = decoder.decode_to_string_without_replacement(part, text, read == 0);
        if !matches!(result, encoding_rs::DecoderResult::InputEmpty) {
            let line = lines + newlines(&part[..used.min(read)]);
            let utf8 = not_utf8.map_or(String::new(), |line| format!("（第 {line} 行）"));
            let zh = format!("既不是 UTF-8{utf8}也不是 GB18030（第 {line} 行）文字");
            let utf8 = not_utf8.map_or(String::new(), |line| format!(" (line {line})"));
            let en = format!("is neither UTF-8{utf8} nor GB18030 (line {line}) text");
            return Err(not_readable(file, (&zh, &en)));
        }
        if read == 0 {
            return Ok(());
        }
        lines += newlines(part);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Checks UTF-8 that comes in parts.
#[derive(Default)]
struct Utf8 {
    /// The beginning of a character whose end is still to come.
    rest: Vec<u8>,
}

impl Utf8 {
    /// Where it stops being UTF-8, within this part.
    fn goes_on(&mut self, part: &[u8]) -> Result<(), usize> {
        if part.is_empty() {
            return match self.rest.is_empty() {
                true => Ok(()),
                false => Err(0),
            };
        }
        let mut rest = part;
        // A character has four bytes at most: complete the one that was cut before looking at the others.
        while !self.rest.is_empty() {
            let [next, others @ ..] = rest else {
                return Ok(());
            };
            self.rest.push(*next);
            rest = others;
            match std::str::from_utf8(&self.rest) {
                Ok(_) => self.rest.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(0),
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_none() => {
                self.rest.extend_from_slice(&rest[error.valid_up_to()..]);
                Ok(())
            }
            Err(error) => Err(part.len() - rest.len() + error.valid_up_to()),
        }
    }
}

fn not_readable(file: &str, (zh, en): (&str, &str)) -> Error {
    Error::new(
        "C0205",
        format!("{file} {zh}；请另存为“CSV UTF-8”或 xlsx"),
        format!("{file} {en}; save it as “CSV UTF-8” or xlsx"),
    )
}

fn endless(file: &str, line: u64) -> Error {
    Error::new(
        "C0220",
        format!("{file} 从第 {line} 行起的记录没有结束；可能是引号没有闭合，请检查该行之后的引号"),
        format!(
            "{file}: the record from line {line} on does not end; a quotation mark is probably not closed, look for it from there"
        ),
    )
}
