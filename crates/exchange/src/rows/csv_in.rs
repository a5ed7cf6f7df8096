//! Reading CSV: cut into pieces at ends of records by one thread, read by all.

use crate::error::{Error, Said, unreadable};
use crate::pieces::{Encoding, Piece, Pieces, Uncut, sniff};
use crate::rows::{
    block::{Block, Filling, Unread},
    cell::{Fault, Place, Shape},
    layout::{Chosen, Layout},
};
use arrow_array::{StringArray, builder::StringBuilder};
use csv::{ByteRecord, ReaderBuilder};
use std::path::Path;

/// A longer record is a quotation mark that was never closed.
const RECORD_BYTES_MAX: usize = 64 << 20;

/// A CSV file with a heading.
#[derive(Clone, Copy)]
pub(crate) struct CsvFile {
    encoding: Encoding,
}

/// Whole records of a file.
pub(crate) type CsvPiece = Piece;

impl CsvFile {
    /// Opens it and reads its heading.
    pub(crate) fn open(path: &Path) -> Result<(CsvFile, Vec<String>), Error> {
        let encoding = sniff(path).map_err(|error| unreadable(path, &error))?;
        let Some(encoding) = encoding else {
            return Err(unknown_encoding(path));
        };
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
    pub(crate) fn pieces(
        self,
        path: &Path,
    ) -> Result<impl Iterator<Item = Result<CsvPiece, Error>> + Send + use<>, Error> {
        let pieces = Pieces::open(path, self.encoding, b',', RECORD_BYTES_MAX)
            .map_err(|error| unreadable(path, &error))?;
        let path = path.to_owned();
        Ok(pieces.map(move |piece| {
            piece.map_err(|error| match error {
                Uncut::Unreadable(error) => unreadable(&path, &error),
                Uncut::Endless { line } => endless(&path, line),
            })
        }))
    }
}

fn endless(path: &Path, line: u64) -> Error {
    let (name, most) = (path.display(), RECORD_BYTES_MAX >> 20);
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

fn unknown_encoding(path: &Path) -> Error {
    let name = path.display();
    Error::new(
        "C0105",
        format!(
            "{name} 既不是 UTF-8 也不是 GB18030 文字（可能是 UTF-16 或不是 CSV）；请另存为“CSV UTF-8”"
        ),
        format!(
            "{name} is neither UTF-8 nor GB18030 text (UTF-16, or no CSV at all); save it as “CSV UTF-8”"
        ),
    )
}
