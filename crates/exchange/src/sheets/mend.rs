//! The rows refused, as a file that a clerk mends and hands in again.

use super::{
    columns::{Heading, REASON_EN, REASON_ZH, ROW_EN, ROW_ZH},
    refused,
    value::Cells,
};
use crate::{
    error::{Error, unwritable},
    fault::Fault,
    harmless::harmless,
};
use rules::explain::Lang;
use rust_xlsxwriter::{Format, Workbook};
use std::{
    borrow::Cow,
    fmt,
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// As many rows as a sheet has, with its heading.
const SHEET_ROWS_MAX: u32 = 1 << 20;

/// Writes refused rows with the columns they came in, the number each had, and what is wrong. The format is told by the
/// ending: `xlsx`, in which every cell is text and an identity number stays whole, or `csv`.
pub struct ToMend {
    path: PathBuf,
    lang: Lang,
    output: Option<Output>,
    rows: u32,
}

enum Output {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>, Format),
}

impl fmt::Debug for ToMend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToMend")
            .field("path", &self.path)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl ToMend {
    /// The file comes to be with its first row; one that an earlier run left there is removed.
    ///
    /// # Errors
    ///
    /// `C0102` when the earlier one cannot be removed.
    pub fn new(path: &Path, lang: Lang) -> Result<ToMend, Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(unwritable(path, &error))
            }
            _ => Ok(ToMend {
                path: path.to_owned(),
                lang,
                output: None,
                rows: 0,
            }),
        }
    }

    /// Ends the file; `None` when no row was refused.
    ///
    /// # Errors
    ///
    /// `C0102` when it cannot be written.
    pub fn finish(self) -> Result<Option<PathBuf>, Error> {
        let failed = |error: &dyn fmt::Display| unwritable(&self.path, error);
        match self.output {
            None => return Ok(None),
            Some(Output::Csv(mut writer)) => writer.flush().map_err(|error| failed(&error))?,
            Some(Output::Xlsx(mut book, _)) => {
                book.save(&self.path).map_err(|error| failed(&error))?;
            }
        }
        Ok(Some(self.path))
    }

    /// Adds a row that is refused, with the texts of its cells in the order of the heading, and why.
    ///
    /// # Errors
    ///
    /// `C0102` when it cannot be written, `C0221` when a workbook cannot hold so many.
    pub fn line<'f>(
        &mut self,
        heading: &Heading,
        (row, texts): (u64, &[String]),
        faults: impl Iterator<Item = &'f Fault>,
    ) -> Result<(), Error> {
        let text = |column: usize| texts.get(column).map_or("", String::as_str).into();
        self.row(heading, row, text, faults)
    }

    pub(super) fn add<'f>(
        &mut self,
        heading: &Heading,
        row: u64,
        cells: &impl Cells,
        faults: impl Iterator<Item = &'f Fault>,
    ) -> Result<(), Error> {
        self.row(heading, row, |column| cells.text(column), faults)
    }

    fn row<'f, 'c>(
        &mut self,
        heading: &Heading,
        row: u64,
        text: impl Fn(usize) -> Cow<'c, str>,
        faults: impl Iterator<Item = &'f Fault>,
    ) -> Result<(), Error> {
        if self.output.is_none() {
            self.begin(heading)?;
        }
        let width = heading.columns.len();
        let own = self.own_columns(heading);
        let mut texts: Vec<String> = (0..width)
            .filter(|column| !own.contains(column))
            .map(|column| text(column).into_owned())
            .collect();
        texts.push(row.to_string());
        let (comma, stop) = match self.lang {
            Lang::Zh => ("：", "；"),
            Lang::En => (": ", "; "),
        };
        let reasons = faults.map(|fault| {
            let name = fault.place.as_ref().map_or("", |place| &place.name);
            let comma = if name.is_empty() { "" } else { comma };
            let (reason, remedy) = (
                fault.reason.in_lang(self.lang),
                fault.remedy.in_lang(self.lang),
            );
            format!("{} {name}{comma}{reason}{stop}{remedy}", fault.code)
        });
        texts.push(reasons.collect::<Vec<_>>().join(" | "));
        self.write(&texts)
    }

    /// Columns that a file to mend added before; they are written anew.
    fn own_columns(&self, heading: &Heading) -> Vec<usize> {
        let own = [ROW_ZH, ROW_EN, REASON_ZH, REASON_EN];
        let columns = heading.columns.iter().enumerate();
        columns
            .filter(|(_, name)| own.contains(&name.as_str()))
            .map(|(index, _)| index)
            .collect()
    }

    fn begin(&mut self, heading: &Heading) -> Result<(), Error> {
        let failed = |error: &dyn fmt::Display| unwritable(&self.path, error);
        let is_csv = self
            .path
            .extension()
            .is_none_or(|ending| !ending.eq_ignore_ascii_case("xlsx"));
        self.output = Some(if is_csv {
            let file = File::create(&self.path).map_err(|error| failed(&error))?;
            let mut output = BufWriter::new(file);
            // Spreadsheets take CSV for UTF-8 by this mark only.
            output
                .write_all(b"\xef\xbb\xbf")
                .map_err(|error| failed(&error))?;
            Output::Csv(Box::new(csv::Writer::from_writer(output)))
        } else {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet_with_constant_memory();
            sheet.map_err(|error| failed(&error))?;
            Output::Xlsx(Box::new(book), Format::new().set_num_format("@"))
        });
        let own = self.own_columns(heading);
        let columns = heading.columns.iter().enumerate();
        let kept = columns.filter(|(index, _)| !own.contains(index));
        let mut names: Vec<String> = kept.map(|(_, name)| name.clone()).collect();
        let added = match self.lang {
            Lang::Zh => [ROW_ZH, REASON_ZH],
            Lang::En => [ROW_EN, REASON_EN],
        };
        names.extend(added.map(str::to_owned));
        self.write(&names)
    }

    fn write(&mut self, texts: &[String]) -> Result<(), Error> {
        let failed = |error: &dyn fmt::Display| unwritable(&self.path, error);
        match &mut self.output {
            None => unreachable!("begun before anything is written"),
            Some(Output::Csv(writer)) => {
                let cells = texts.iter().map(|text| harmless(text));
                writer.write_record(cells).map_err(|error| failed(&error))?;
            }
            Some(Output::Xlsx(book, text_format)) => {
                if SHEET_ROWS_MAX <= self.rows {
                    return Err(refused::too_many_refused(&self.path.display().to_string()));
                }
                let sheet = book.worksheet_from_index(0);
                let sheet = sheet.map_err(|error| failed(&error))?;
                for (column, text) in (0..).zip(texts) {
                    // Longer than a cell can hold: the beginning is enough to find it in the original.
                    let text: String = text.chars().take(32_767).collect();
                    sheet
                        .write_string_with_format(self.rows, column, text, text_format)
                        .map_err(|error| failed(&error))?;
                }
            }
        }
        self.rows += 1;
        Ok(())
    }
}
