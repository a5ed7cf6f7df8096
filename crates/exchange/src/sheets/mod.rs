//! An employer's month: who was employed, at what wage, as a spreadsheet or CSV file says it.
//!
//! A sheet is opened first: everything that makes a file dangerous or unreadable is found then, before a row is read.
//! Then its rows come one by one, each a [`Declared`] person or a row refused with all its [`Fault`](crate::Fault)s. Memory does not
//! grow with the rows but for what is remembered of each person to tell a second declaration, about forty bytes.
//!
//! ```no_run
//! use exchange::{Faults, sheets::{Options, Sheet, ToMend}};
//!
//! # fn main() -> Result<(), exchange::Error> {
//! let mut sheet = Sheet::open("october.xlsx".as_ref(), &Options::default())?;
//! let mut faults = Faults::keeping(1_000);
//! let mut to_mend = ToMend::new("october.mend.xlsx".as_ref(), rules::explain::Lang::Zh)?;
//! let mut people = Vec::new();
//! let summary = sheet.read(&mut faults, Some(&mut to_mend), |declared| {
//!     people.push(declared);
//!     Ok::<(), exchange::Error>(())
//! })?;
//! let mended_by_the_clerk = to_mend.finish()?;
//! # Ok(())
//! # }
//! ```
//!
//! The file of rows to mend has the columns of the original, the number each row had there, and what is wrong. A clerk
//! mends it and hands in only that: it reads like any other. Whoever has more to say of a row than its form, because a
//! register knows the person, takes [lines](Sheet::lines) and writes the file to mend row by row.
//!
//! Nothing is decided here. Whether the wage is possible and the person known is the register's to say. An error from
//! [`Sheet::read`] refuses the whole file: what was handed on before counts for nothing.

mod codes;
mod columns;
mod csv_in;
mod form;
mod kind;
mod lines;
mod mend;
mod name;
mod package;
mod parts;
mod reader;
mod refused;
mod scan;
mod value;
mod wrong;
mod xlsx_in;

pub use crate::pieces::Encoding;
pub use codes::CODES;
pub(crate) use columns::fold;
pub use columns::{Heading, Item};
pub use form::Form;
pub use lines::Line;
pub use mend::ToMend;

use crate::{
    error::{Error, Note},
    fault::{Faults, Weight},
};
use kind::FileKind;
use measure::{Day, Fen, IdentityNumber};
use reader::{Outcome, Reader};
use std::path::{Path, PathBuf};
use value::Cells;

/// One person's month, as an employer declares it. Nothing but its form was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The row as a spreadsheet numbers it, the heading included.
    pub row: u64,
    /// The resident identity number; well formed, not necessarily issued.
    pub identity: IdentityNumber,
    /// The name as it stands there, blanks around it and full-width letters apart; rare characters are kept.
    pub name: String,
    /// The wage of the month; not negative.
    pub wage: Fen,
    /// The first day of the employment, if it says so.
    pub from: Option<Day>,
    /// The last day of the employment, itself included; never before `from`.
    pub last_day: Option<Day>,
    /// The form of employment, if it says so.
    pub kind: Option<Kind>,
    /// The kind of post, if it says so.
    pub post: Option<Post>,
}

/// 用工形式, the form of employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 标准, an ordinary contract.
    Standard,
    /// 平台, through a platform.
    Platform,
    /// 灵活, flexible work.
    Flexible,
    /// 派遣, dispatched by an agency.
    Dispatched,
}

/// 岗位, the kind of post; it matters for the age of retirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Post {
    /// 生产操作岗位
    Worker,
    /// 管理技术岗位
    Management,
}

/// What is known of a file beforehand.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The name under which it was handed in, where the path is another; its ending tells the format.
    pub name: Option<String>,
    /// Which sheet of a workbook; without it the first that is visible.
    pub sheet: Option<String>,
    /// How a CSV file is encoded; without it UTF-8 or GB18030, whichever it is.
    pub encoding: Option<Encoding>,
}

/// The most bytes a file may have: 64 MiB.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// A sheet whose heading was found.
#[derive(Debug)]
pub struct Sheet {
    file: String,
    path: PathBuf,
    heading: Heading,
    notes: Vec<Note>,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Csv(csv_in::CsvSheet),
    Xlsx(xlsx_in::XlsxSheet),
}

/// How a file went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows handed on.
    pub declared: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows with nothing in them.
    pub blank: u64,
}

impl Sheet {
    /// Looks at the whole file without taking anything from it, and finds its heading.
    ///
    /// # Errors
    ///
    /// `C0101` when it cannot be opened, `C0201` to `C0219` when it is not a file one should read.
    pub fn open(path: &Path, options: &Options) -> Result<Sheet, Error> {
        let file = name_of(path, options);
        let (heading, notes, body) = match kind::tell(path, &file)? {
            FileKind::Csv => {
                let (heading, notes, sheet) = csv_in::open(path, &file, options.encoding)?;
                (heading, notes, Body::Csv(sheet))
            }
            FileKind::Xlsx => {
                let asked = options.sheet.as_deref();
                let (heading, notes, sheet) = xlsx_in::open(path, &file, asked)?;
                (heading, notes, Body::Xlsx(sheet))
            }
        };
        Ok(Sheet {
            file,
            path: path.to_owned(),
            heading,
            notes,
            body,
        })
    }

    /// The heading that was found.
    #[must_use]
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    /// What there is to say of the columns and sheets before anything is read.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Reads every row. `each` is given the persons declared, in the order of the file; `faults` what is wrong;
    /// `to_mend` the rows refused.
    ///
    /// # Errors
    ///
    /// `C0212`, `C0219`, `C0220` when the file cannot be read on; `C0102`, `C0221` when the rows to mend cannot be
    /// written; and what `each` returns.
    pub fn read<E: From<Error>>(
        &mut self,
        faults: &mut Faults<'_>,
        to_mend: Option<&mut ToMend>,
        each: impl FnMut(Declared) -> Result<(), E>,
    ) -> Result<Summary, E> {
        let mut reading = Reading {
            reader: Reader::new(&self.heading),
            heading: &self.heading,
            faults,
            to_mend,
            each,
            summary: Summary::default(),
        };
        self.rows(&mut reading)?;
        Ok(reading.summary)
    }

    fn rows<E: From<Error>>(&self, to: &mut impl Take<E>) -> Result<(), E> {
        match &self.body {
            Body::Csv(sheet) => sheet.rows(&self.path, &self.file, &self.heading, to),
            Body::Xlsx(sheet) => sheet.rows(&self.path, &self.file, &self.heading, to),
        }
    }
}

fn name_of(path: &Path, options: &Options) -> String {
    let own = || {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    options.name.clone().unwrap_or_else(own)
}

/// Takes rows from whichever format.
trait Take<E> {
    fn row(&mut self, row: u64, cells: &impl Cells) -> Result<(), E>;
}

struct Reading<'a, 'f, F> {
    reader: Reader<'a>,
    heading: &'a Heading,
    faults: &'a mut Faults<'f>,
    to_mend: Option<&'a mut ToMend>,
    each: F,
    summary: Summary,
}

impl<E: From<Error>, F: FnMut(Declared) -> Result<(), E>> Take<E> for Reading<'_, '_, F> {
    fn row(&mut self, row: u64, cells: &impl Cells) -> Result<(), E> {
        match self.reader.row(row, cells) {
            Outcome::Blank => self.summary.blank += 1,
            Outcome::Declared(declared) => {
                self.summary.declared += 1;
                for doubt in self.reader.faults.drain(..) {
                    self.faults.add(doubt);
                }
                (self.each)(declared)?;
            }
            Outcome::Refused => {
                self.summary.refused += 1;
                if let Some(to_mend) = self.to_mend.as_deref_mut() {
                    let wrong = self.reader.faults.iter();
                    let refused = wrong.filter(|fault| fault.weight == Weight::Refused);
                    to_mend.add(self.heading, row, cells, refused)?;
                }
                for fault in self.reader.faults.drain(..) {
                    self.faults.add(fault);
                }
            }
        }
        Ok(())
    }
}
