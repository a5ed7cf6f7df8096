//! Rows one by one, taken or refused, for whoever has more to say of them.

use super::{
    Declared, Sheet, Take,
    columns::{Heading, Item},
    reader::{Outcome, Reader},
    value::{self, Cell, Cells},
};
use crate::{
    error::Error,
    fault::{Fault, Place},
};
use measure::IdentityNumber;

/// A row that is not blank, whatever came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The row as a spreadsheet numbers it, the heading included.
    pub row: u64,
    /// What it declares; `None` when it is refused.
    pub declared: Option<Declared>,
    /// Of whom it speaks, as far as that can be read of a row that is refused.
    pub identity: Option<IdentityNumber>,
    /// Why it is refused, or what is doubtful in it.
    pub faults: Vec<Fault>,
    /// What stands in its cells, in the order of the heading; nothing unless it was asked for.
    pub texts: Vec<String>,
}

impl Sheet {
    /// Reads every row that is not blank, in the order of the file. `texts` asks for the cells too, for a file to mend.
    ///
    /// # Errors
    ///
    /// `C0212`, `C0219`, `C0220` when the file cannot be read on; what `each` returns.
    pub fn lines<E: From<Error>>(
        &self,
        texts: bool,
        each: impl FnMut(Line) -> Result<(), E>,
    ) -> Result<(), E> {
        self.rows(&mut Lines {
            reader: Reader::new(&self.heading),
            heading: &self.heading,
            texts,
            each,
        })
    }
}

impl Heading {
    /// Where an item stands, as a fault names it; under its usual name where the sheet does not have it.
    #[must_use]
    pub fn place_of(&self, item: Item) -> Place {
        match self.column(item) {
            Some(column) => self.place(column),
            None => Place::of(item),
        }
    }
}

impl Place {
    /// The place of an item where there is no sheet, under its usual name.
    #[must_use]
    pub fn of(item: Item) -> Place {
        Place {
            name: item.names()[0].to_owned(),
            letter: String::new(),
        }
    }
}

pub(super) struct Lines<'a, F> {
    pub(super) reader: Reader<'a>,
    pub(super) heading: &'a Heading,
    pub(super) texts: bool,
    pub(super) each: F,
}

impl<E: From<Error>, F: FnMut(Line) -> Result<(), E>> Take<E> for Lines<'_, F> {
    fn row(&mut self, row: u64, cells: &impl Cells) -> Result<(), E> {
        let (declared, identity) = match self.reader.row(row, cells) {
            Outcome::Blank => return Ok(()),
            Outcome::Declared(declared) => {
                let identity = declared.identity;
                (Some(declared), Some(identity))
            }
            Outcome::Refused => (None, self.identity(cells)),
        };
        let columns = match self.texts {
            true => 0..self.heading.columns.len(),
            false => 0..0,
        };
        (self.each)(Line {
            row,
            declared,
            identity,
            faults: std::mem::take(&mut self.reader.faults),
            texts: columns
                .map(|column| cells.text(column).into_owned())
                .collect(),
        })
    }
}

impl<F> Lines<'_, F> {
    fn identity(&self, cells: &impl Cells) -> Option<IdentityNumber> {
        let column = self.heading.column(Item::Identity)?;
        match cells.cell(column) {
            Cell::Text(text) => value::identity(text).ok(),
            _ => None,
        }
    }
}
