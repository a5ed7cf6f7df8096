//! A declaration as a workbook: its sheet, its heading and its rows, one after the other.
//!
//! The workbook was unpacked and checked before (see [`super::parts`]). It is read cell by cell and never as a range,
//! which a single cell in the last corner would make as large as the sheet.

use super::{
    Take,
    columns::{self, COLUMNS_MAX, FirstRows, HEADING_ROWS_MAX, Heading},
    parts::{self, SheetPart},
    refused,
    value::{Cell, Cells, day_of_serial, plain_decimal},
};
use crate::error::{Error, Note, unreadable};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxCellReader};
use std::{
    borrow::Cow,
    io::Cursor,
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::Arc,
};

type Bytes = Cursor<Arc<[u8]>>;

/// A sheet of a checked workbook.
pub(super) struct XlsxSheet {
    bytes: Arc<[u8]>,
    sheet: String,
}

impl std::fmt::Debug for XlsxSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxSheet")
            .field("bytes", &self.bytes.len())
            .field("sheet", &self.sheet)
            .finish()
    }
}

pub(super) fn open(
    path: &Path,
    file: &str,
    asked: Option<&str>,
) -> Result<(Heading, Vec<Note>, XlsxSheet), Error> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let sheets = parts::check(file, &bytes)?;
    let chosen = choose(file, &sheets, asked)?;
    let sheet = XlsxSheet {
        bytes: bytes.into(),
        sheet: chosen.name.clone(),
    };
    let rows = sheet.first_rows(file)?;
    if rows.is_empty() {
        return Err(refused::empty(file));
    }
    let (heading, mut notes) = columns::find(file, &rows)?;
    if let Some(range) = chosen
        .merged
        .iter()
        .find(|range| touches(range, heading.row))
    {
        return Err(refused::merged_heading(file, range));
    }
    notes.extend(others(&sheets, chosen));
    Ok((heading, notes, sheet))
}

fn choose<'s>(
    file: &str,
    sheets: &'s [SheetPart],
    asked: Option<&str>,
) -> Result<&'s SheetPart, Error> {
    let chosen = match asked {
        Some(name) => sheets.iter().find(|sheet| sheet.name == name),
        None => sheets.iter().find(|sheet| sheet.visible),
    };
    let names = || {
        sheets
            .iter()
            .map(|sheet| sheet.name.clone())
            .collect::<Vec<_>>()
    };
    chosen.ok_or_else(|| refused::no_sheet(file, asked, &names()))
}

/// A workbook with more sheets may hold more of the declaration than is read.
fn others(sheets: &[SheetPart], chosen: &SheetPart) -> Option<Note> {
    let others: Vec<String> = sheets
        .iter()
        .filter(|sheet| sheet.visible && *sheet != chosen)
        .map(|sheet| crate::error::shown(sheet.name.as_bytes()))
        .collect();
    let name = crate::error::shown(chosen.name.as_bytes());
    (!others.is_empty()).then(|| Note {
        warning: false,
        zh: format!("只读取了工作表“{name}”，未读取：{}", others.join("、")),
        en: format!("only the sheet “{name}” is read, not {}", others.join(", ")),
    })
}

/// Whether a range such as `A1:C2` has cells in a row.
fn touches(range: &str, row: u64) -> bool {
    let rows = range.split(':').map(|cell| {
        let digits = cell.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<u64>().ok()
    });
    let rows: Vec<Option<u64>> = rows.collect();
    match rows.as_slice() {
        [Some(first), Some(last)] => (*first..=*last).contains(&row),
        _ => false,
    }
}

/// What a library makes of a hostile workbook is a damaged workbook, also when it panics.
fn guarded<T>(
    file: &str,
    work: impl FnOnce() -> Result<T, calamine::XlsxError>,
) -> Result<T, Error> {
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(refused::damaged(file, &error)),
        Err(_) => Err(refused::damaged(file, &"panic")),
    }
}

enum Stop {
    Enough,
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Refused(error)
    }
}

impl XlsxSheet {
    /// Hands every row below the heading on.
    pub(super) fn rows<E: From<Error>>(
        &self,
        _path: &Path,
        file: &str,
        heading: &Heading,
        to: &mut impl Take<E>,
    ) -> Result<(), E> {
        self.each_row(file, |row, cells| match row {
            row if row <= heading.row => Ok(()),
            row => to.row(row, cells),
        })
    }

    /// The first rows that are not blank, with their numbers.
    fn first_rows(&self, file: &str) -> Result<FirstRows, Error> {
        let mut rows = Vec::new();
        let stopped = self.each_row(file, |row, cells| {
            let filled = cells.filled();
            if 0 < filled {
                let texts = (0..filled).map(|column| cells.text(column).trim().to_owned());
                rows.push((row, texts.collect()));
            }
            match rows.len() {
                length if HEADING_ROWS_MAX < length => Err(Stop::Enough),
                _ => Ok(()),
            }
        });
        match stopped {
            Ok(()) | Err(Stop::Enough) => Ok(rows),
            Err(Stop::Refused(error)) => Err(error),
        }
    }

    fn each_row<E: From<Error>>(
        &self,
        file: &str,
        mut each: impl FnMut(u64, &Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let input = Cursor::new(Arc::clone(&self.bytes));
        let mut book: Xlsx<Bytes> = guarded(file, || Xlsx::new(input))?;
        let mut cells = guarded(file, || book.worksheet_cells_reader(&self.sheet))?;
        let mut row = Row::default();
        while let Some((number, column, content)) = next(file, &mut cells)? {
            if number != row.number {
                if number < row.number {
                    return Err(refused::damaged(file, &format!("row {number}")).into());
                }
                if 0 < row.number {
                    each(row.number, &row)?;
                }
                row.clear(number);
            }
            if matches!(content, Content::Value(DataRef::Empty)) {
                continue;
            }
            if COLUMNS_MAX <= column {
                return Err(refused::too_many_columns(file, column + 1).into());
            }
            row.set(column, content);
        }
        if 0 < row.number {
            each(row.number, &row)?;
        }
        Ok(())
    }
}

/// The next cell, with its row from 1 and its column from 0.
fn next<'a>(
    file: &str,
    cells: &mut XlsxCellReader<'a, Bytes>,
) -> Result<Option<(u64, usize, Content<'a>)>, Error> {
    let Some(cell) = guarded(file, || cells.next_cell_with_formula_metadata())? else {
        return Ok(None);
    };
    let (row, column) = cell.pos;
    let content = match cell.formula {
        Some(_) => Content::Formula(cell.value),
        None => Content::Value(cell.value),
    };
    let column = usize::try_from(column).unwrap_or(usize::MAX - 1);
    Ok(Some((u64::from(row) + 1, column, content)))
}

#[derive(Debug)]
enum Content<'a> {
    Value(DataRef<'a>),
    Formula(DataRef<'a>),
}

/// The cells of one row; the columns beyond the last that is filled are not there.
#[derive(Debug, Default)]
struct Row<'a> {
    number: u64,
    cells: Vec<Content<'a>>,
}

impl<'a> Row<'a> {
    fn clear(&mut self, number: u64) {
        self.number = number;
        self.cells.clear();
    }

    fn set(&mut self, column: usize, content: Content<'a>) {
        while self.cells.len() <= column {
            self.cells.push(Content::Value(DataRef::Empty));
        }
        self.cells[column] = content;
    }
}

impl Cells for Row<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        let value = match self.cells.get(column) {
            None => return Cell::Empty,
            Some(Content::Formula(_)) => return Cell::Formula,
            Some(Content::Value(value)) => value,
        };
        match value {
            DataRef::Empty => Cell::Empty,
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                text_cell(text)
            }
            DataRef::SharedString(text) => text_cell(text),
            DataRef::Float(number) => Cell::Number(*number),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a sheet's whole numbers are floats anyway, and are read in fifteen digits"
            )]
            DataRef::Int(number) => Cell::Number(*number as f64),
            DataRef::DateTime(date) => Cell::Day(day(date)),
            DataRef::Bool(true) => Cell::Text("TRUE"),
            DataRef::Bool(false) => Cell::Text("FALSE"),
            DataRef::Error(_) => Cell::Failed,
        }
    }

    fn filled(&self) -> usize {
        let last = (0..self.cells.len())
            .rev()
            .find(|column| self.cell(*column) != Cell::Empty);
        last.map_or(0, |last| last + 1)
    }

    fn text(&self, column: usize) -> Cow<'_, str> {
        let value = match self.cells.get(column) {
            None => return Cow::Borrowed(""),
            Some(Content::Formula(value) | Content::Value(value)) => value,
        };
        match value {
            DataRef::Empty => Cow::Borrowed(""),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                Cow::Borrowed(text)
            }
            DataRef::SharedString(text) => Cow::Borrowed(text),
            DataRef::Float(number) => Cow::Owned(number_text(*number)),
            DataRef::Int(number) => Cow::Owned(number.to_string()),
            DataRef::DateTime(date) => Cow::Owned(match day(date) {
                Some(day) => day.to_string(),
                None => number_text(date.as_f64()),
            }),
            DataRef::Bool(yes) => Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" }),
            DataRef::Error(error) => Cow::Owned(error.to_string()),
        }
    }
}

fn text_cell(text: &str) -> Cell<'_> {
    match text.trim() {
        "" | "'" => Cell::Empty,
        text => Cell::Text(text),
    }
}

fn number_text(number: f64) -> String {
    plain_decimal(number).unwrap_or_else(|| number.to_string())
}

/// The day of a cell that shows a date; `None` for a length of time, or a number that is no day.
fn day(date: &ExcelDateTime) -> Option<measure::Day> {
    if date.is_duration() {
        return None;
    }
    let (year, month, day, ..) = date.to_ymd_hms_milli();
    let number = plain_decimal(date.as_f64())?;
    let whole: i32 = number.split('.').next()?.parse().ok()?;
    // The library gives the first or last day it knows for a number beyond; then the two ways of reading differ. The
    // spreadsheets' 29 February 1900, which never was, is none either.
    let read = measure::Day::new(i32::from(year), month, day).ok()?;
    let counted = [0, 1_462].map(|later| day_of_serial(whole + later));
    counted.contains(&Some(read)).then_some(read)
}
