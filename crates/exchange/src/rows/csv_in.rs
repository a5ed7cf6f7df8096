//! Reading CSV: cut into pieces at ends of records by one thread, read by all.

use crate::rows::{
    block::{Block, Filling, Unread},
    cell::{Fault, Place, Shape},
    error::{Error, Said},
    layout::{Chosen, Layout},
    table::unreadable,
};
use arrow_array::{StringArray, builder::StringBuilder};
use csv::{ByteRecord, ReaderBuilder};
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// How many bytes a piece has: some ten thousand rows.
const PIECE_BYTES: usize = 2 << 20;
/// A longer record is a quotation mark that was never closed.
const RECORD_BYTES_MAX: usize = 64 << 20;
/// So much of a file is looked at to tell its encoding.
const SNIFFED_BYTES: u64 = 64 << 10;

/// A CSV file with a heading.
#[derive(Clone, Copy)]
pub(crate) struct CsvFile {
    encoding: Encoding,
}

#[derive(Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Gb18030,
}

/// Whole records of a file.
pub(crate) struct CsvPiece {
    bytes: Vec<u8>,
    /// The line of the first byte, counted from 1.
    line: u64,
    /// Whether the first record is the heading.
    heading: bool,
}

impl CsvFile {
    /// Opens it and reads its heading.
    pub(crate) fn open(path: &Path) -> Result<(CsvFile, Vec<String>), Error> {
        let encoding = sniff(path)?;
        let file = CsvFile { encoding };
        let name = path.display();
        let first = match file.pieces(path)?.next() {
            Some(piece) => piece?,
            None => return Err(empty(path)),
        };
        let mut record = ByteRecord::new();
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(first.bytes.as_slice());
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Err(empty(path)),
            Err(error) => return Err(unreadable(path, &error)),
        }
        let names: Vec<String> = record
            .iter()
            .map(|cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned())
            .collect();
        if let [only] = names.as_slice()
            && let Some(mark) = [';', '\t', '|']
                .into_iter()
                .find(|mark| only.contains(*mark))
        {
            return Err(Error::new(
                "C0106",
                format!("{name} 的各列以 {mark:?} 分隔；请另存为以逗号分隔的 CSV"),
                format!(
                    "{name} separates its columns by {mark:?}; save it as CSV separated by commas"
                ),
            ));
        }
        Ok((file, names))
    }

    /// Cuts it into pieces.
    pub(crate) fn pieces(self, path: &Path) -> Result<Pieces, Error> {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let input: Box<dyn Read + Send> = match self.encoding {
            Encoding::Utf8 => Box::new(file),
            Encoding::Gb18030 => Box::new(Decoded::new(file)),
        };
        Ok(Pieces {
            input,
            path: path.to_owned(),
            rest: Vec::new(),
            line: 1,
            heading: true,
            ended: false,
        })
    }
}

/// The pieces of a file, read one after the other.
pub(crate) struct Pieces {
    input: Box<dyn Read + Send>,
    path: std::path::PathBuf,
    rest: Vec<u8>,
    line: u64,
    heading: bool,
    ended: bool,
}

impl Iterator for Pieces {
    type Item = Result<CsvPiece, Error>;

    fn next(&mut self) -> Option<Result<CsvPiece, Error>> {
        match self.cut() {
            Ok(piece) => piece.map(Ok),
            Err(error) => {
                (self.ended, self.rest) = (true, Vec::new());
                Some(Err(error))
            }
        }
    }
}

impl Pieces {
    fn cut(&mut self) -> Result<Option<CsvPiece>, Error> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut wanted = PIECE_BYTES;
        let end = loop {
            if !self.ended && bytes.len() < wanted {
                let missing = wanted - bytes.len();
                bytes.reserve(missing);
                let input = self.input.by_ref();
                let read = input.take(missing as u64).read_to_end(&mut bytes);
                let read = read.map_err(|error| unreadable(&self.path, &error))?;
                self.ended = read < missing;
            }
            if self.ended {
                break bytes.len();
            }
            if let Some(end) = last_record_end(&bytes) {
                break end;
            }
            if wanted >= RECORD_BYTES_MAX {
                return Err(self.endless());
            }
            wanted *= 2;
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        self.rest = bytes.split_off(end);
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64;
        let piece = CsvPiece {
            bytes,
            line: self.line,
            heading: self.heading,
        };
        self.line += lines;
        self.heading = false;
        Ok(Some(piece))
    }

    fn endless(&self) -> Error {
        let (name, line, most) = (self.path.display(), self.line, RECORD_BYTES_MAX >> 20);
        Error::new(
            "C0112",
            format!(
                "{name} 从第 {line} 行起有一条记录超过 {most} MiB；可能是引号没有闭合，请检查该行之后的引号"
            ),
            format!(
                "{name}: a record from line {line} on is longer than {most} MiB; a quotation mark is probably not closed, look for it from there"
            ),
        )
    }
}

/// Where the last whole record ends, reading quotation marks as the csv crate does.
fn last_record_end(bytes: &[u8]) -> Option<usize> {
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
    for (index, byte) in bytes.iter().enumerate() {
        at = match (at, byte) {
            (At::Quoted, b'"') => At::QuoteInQuoted,
            (At::Quoted, _) | (At::FieldStart | At::QuoteInQuoted, b'"') => At::Quoted,
            (_, b'\n') => {
                end = Some(index + 1);
                At::FieldStart
            }
            (_, b',' | b'\r') => At::FieldStart,
            _ => At::Field,
        };
    }
    end
}

/// Reads the rows of a piece.
pub(crate) fn read(path: &Path, piece: &CsvPiece, layout: &Layout) -> Result<Block, Error> {
    let mut reader = ReaderBuilder::new()
        .has_headers(piece.heading)
        .flexible(true)
        .buffer_capacity(64 << 10)
        .from_reader(piece.bytes.as_slice());
    let mut reading = Reading::new(layout, piece);
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => reading.row(&record),
            Ok(false) => return Ok(reading.finish()),
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
}

struct Reading<'a> {
    layout: &'a Layout,
    bytes: &'a [u8],
    /// Up to which byte the lines have been counted, and the line there.
    counted: (usize, u64),
    rows: usize,
    columns: Vec<Filling>,
    key: Option<StringBuilder>,
    by: Option<StringBuilder>,
    unread: Vec<Unread>,
}

impl<'a> Reading<'a> {
    fn new(layout: &'a Layout, piece: &'a CsvPiece) -> Reading<'a> {
        // A guess good enough to reserve by; short rows only make the columns grow.
        let rows = piece.bytes.len() / (8 * layout.width.max(1));
        let text =
            |index: Option<usize>| index.map(|_| StringBuilder::with_capacity(rows, 16 * rows));
        Reading {
            layout,
            bytes: &piece.bytes,
            counted: (0, piece.line),
            rows: 0,
            columns: layout
                .chosen
                .iter()
                .map(|chosen| Filling::new(chosen.shape.width(), rows))
                .collect(),
            key: text(layout.key),
            by: text(layout.by),
            unread: Vec::new(),
        }
    }

    fn row(&mut self, record: &ByteRecord) {
        let whole = record.len() == self.layout.width;
        if !whole {
            let line = line_of(self.bytes, &mut self.counted, record);
            self.unread.push(self.odd_row(record.len(), line));
        }
        for (column, chosen) in self.columns.iter_mut().zip(&self.layout.chosen) {
            if !whole {
                column.push_missing();
                continue;
            }
            let cell = &record[chosen.index];
            if let Err(fault) = column.push(&chosen.shape, cell) {
                let line = line_of(self.bytes, &mut self.counted, record);
                self.unread
                    .push(refused_cell(chosen, fault, self.rows, line, cell));
            }
        }
        let carried = [
            (self.layout.key, &mut self.key),
            (self.layout.by, &mut self.by),
        ];
        for (index, texts) in carried {
            let (Some(index), Some(texts)) = (index, texts) else {
                continue;
            };
            match record
                .get(index)
                .map(|cell| std::str::from_utf8(cell.trim_ascii()))
            {
                None | Some(Ok("")) => texts.append_null(),
                Some(Ok(text)) => texts.append_value(text),
                Some(Err(_)) => {
                    texts.append_null();
                    let line = line_of(self.bytes, &mut self.counted, record);
                    let said = said_at(
                        &Shape::Text,
                        Fault::NotUtf8,
                        line,
                        "",
                        record.get(index).unwrap_or_default(),
                    );
                    self.unread.push(Unread {
                        row: self.rows,
                        line: Some(line),
                        column: String::new(),
                        said,
                    });
                }
            }
        }
        self.rows += 1;
    }

    fn odd_row(&self, fields: usize, line: u64) -> Unread {
        let width = self.layout.width;
        let said = Said::new(
            "C0126",
            format!("第 {line} 行有 {fields} 格，表头有 {width} 格；请检查逗号与引号"),
            format!(
                "line {line} has {fields} cells where the heading has {width}; check its commas and quotation marks"
            ),
        );
        Unread {
            row: self.rows,
            line: Some(line),
            column: String::new(),
            said,
        }
    }

    fn finish(self) -> Block {
        let columns = self.columns.into_iter().zip(&self.layout.chosen);
        let text = |builder: Option<StringBuilder>| -> Option<StringArray> {
            builder.map(|mut b| b.finish())
        };
        Block {
            rows: self.rows,
            key: text(self.key),
            by: text(self.by),
            columns: columns
                .map(|(column, chosen)| column.finish(chosen.slot))
                .collect(),
            unread: self.unread,
        }
    }
}

/// The line on which a record begins. Lines are counted only for records that are spoken of, and only once.
#[cold]
fn line_of(bytes: &[u8], counted: &mut (usize, u64), record: &ByteRecord) -> u64 {
    let from = record.position().map_or(0, csv::Position::byte);
    let from = usize::try_from(from).expect("a place in the bytes");
    let blank = bytes[from..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    let start = from + blank;
    counted.1 += memchr::memchr_iter(b'\n', &bytes[counted.0..start]).count() as u64;
    counted.0 = start;
    counted.1
}

#[cold]
fn refused_cell(chosen: &Chosen, fault: Fault, row: usize, line: u64, cell: &[u8]) -> Unread {
    let said = said_at(&chosen.shape, fault, line, &chosen.name, cell);
    Unread {
        row,
        line: Some(line),
        column: chosen.name.clone(),
        said,
    }
}

fn said_at(shape: &Shape, fault: Fault, line: u64, column: &str, cell: &[u8]) -> Said {
    let place = Place {
        zh: &format!("第 {line} 行{column}列的"),
        en: &format!("line {line}, column {column}: "),
    };
    shape.refuse(fault, &place, cell.trim_ascii())
}

fn empty(path: &Path) -> Error {
    let name = path.display();
    Error::new(
        "C0104",
        format!("{name} 是空文件；第一行应为列名"),
        format!("{name} is empty; its first line should name the columns"),
    )
}

fn sniff(path: &Path) -> Result<Encoding, Error> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(SNIFFED_BYTES)
        .read_to_end(&mut start)
        .map_err(|error| unreadable(path, &error))?;
    let cut_character = start.len() as u64 == SNIFFED_BYTES;
    match std::str::from_utf8(&start) {
        Ok(_) if !start.contains(&0) => return Ok(Encoding::Utf8),
        Err(error) if error.error_len().is_none() && cut_character => return Ok(Encoding::Utf8),
        _ => {}
    }
    let mut decoded = String::with_capacity(3 * start.len() + 16);
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let (result, _) =
        decoder.decode_to_string_without_replacement(&start, &mut decoded, !cut_character);
    if !start.contains(&0) && matches!(result, encoding_rs::DecoderResult::InputEmpty) {
        return Ok(Encoding::Gb18030);
    }
    let name = path.display();
    Err(Error::new(
        "C0105",
        format!(
            "{name} 既不是 UTF-8 也不是 GB18030 文字（可能是 UTF-16 或不是 CSV）；请另存为“CSV UTF-8”"
        ),
        format!(
            "{name} is neither UTF-8 nor GB18030 text (UTF-16, or no CSV at all); save it as “CSV UTF-8”"
        ),
    ))
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
