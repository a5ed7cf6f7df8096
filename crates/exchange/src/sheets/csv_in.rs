//! A declaration as CSV: its delimiter, its heading and its rows.

use super::{
    Encoding, Take,
    columns::{self, FirstRows, HEADING_ROWS_MAX, Heading},
    refused,
    value::{Cell, Cells, tidy},
};
use crate::{
    csv_text::{CsvText, DELIMITERS, encoding},
    error::{Error, Note},
};
use csv::StringRecord;
use std::{borrow::Cow, path::Path};

/// How the file is to be read.
#[derive(Debug)]
pub(super) struct CsvSheet {
    text: CsvText,
}

pub(super) fn open(
    path: &Path,
    file: &str,
    declared: Option<Encoding>,
) -> Result<(Heading, Vec<Note>, CsvSheet), Error> {
    let encoding = encoding(path, file, declared)?;
    let mut best: Option<(usize, u8, FirstRows)> = None;
    for delimiter in DELIMITERS {
        let rows = first_rows(path, file, encoding, delimiter)?;
        let known = rows.iter().map(|(_, cells)| columns::known(cells)).max();
        let known = known.unwrap_or(0);
        if best.as_ref().is_none_or(|(most, _, _)| *most < known) {
            best = Some((known, delimiter, rows));
        }
    }
    let (_, delimiter, rows) = best.expect("there are delimiters");
    if rows.is_empty() {
        return Err(refused::empty(file));
    }
    let (heading, notes) = columns::find(file, &rows)?;
    let text = CsvText {
        encoding,
        delimiter,
    };
    Ok((heading, notes, CsvSheet { text }))
}

/// The first rows that are not blank, with their numbers.
fn first_rows(
    path: &Path,
    file: &str,
    encoding: Encoding,
    delimiter: u8,
) -> Result<FirstRows, Error> {
    let mut rows = Vec::new();
    let text = CsvText {
        encoding,
        delimiter,
    };
    let stopped = text.records(path, file, &mut |row, record| {
        let cells: Vec<String> = record.iter().map(|cell| tidy(cell).to_owned()).collect();
        let filled = cells.iter().rposition(|cell| !cell.is_empty());
        if let Some(last) = filled {
            rows.push((row, cells[..=last].to_vec()));
        }
        match rows.len() {
            // One more, for a second heading below the last place of a first.
            length if HEADING_ROWS_MAX < length => Err(Stop::Enough),
            _ => Ok(()),
        }
    });
    match stopped {
        Ok(()) | Err(Stop::Enough) => Ok(rows),
        // A record that does not end by this delimiter may do so by another; what is wrong shows when rows are read.
        Err(Stop::Refused(error)) if error.code() == "C0220" && !rows.is_empty() => Ok(rows),
        Err(Stop::Refused(error)) => Err(error),
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

impl CsvSheet {
    /// Hands every row below the heading on.
    pub(super) fn rows<E: From<Error>>(
        &self,
        path: &Path,
        file: &str,
        heading: &Heading,
        to: &mut impl Take<E>,
    ) -> Result<(), E> {
        self.text.records(path, file, &mut |row, record| match row {
            row if row <= heading.row => Ok(()),
            row => to.row(row, record),
        })
    }
}

impl Cells for StringRecord {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.get(column).map(str::trim) {
            None | Some("" | "'") => Cell::Empty,
            Some(text) => Cell::Text(text),
        }
    }

    fn filled(&self) -> usize {
        // The last cell is filled in nearly every row, so looking from the end is quick.
        let last = (0..self.len())
            .rev()
            .find(|column| self.cell(*column) != Cell::Empty);
        last.map_or(0, |last| last + 1)
    }

    fn text(&self, column: usize) -> Cow<'_, str> {
        Cow::Borrowed(self.get(column).unwrap_or_default())
    }
}
