//! What is in this row of the result?

use crate::{
    error::Error,
    postgresql, sqlite,
    value::{Cell, Read, read},
};

/// One row of a result, as long as the next is not asked for.
pub struct Row<'r>(pub(crate) Of<'r>);

pub(crate) enum Of<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

/// A column, by its number from 0 or by its name. The number is quicker.
pub trait Column: Copy {
    /// The number, if there is such a column.
    fn number(self, row: &Row<'_>) -> Option<usize>;
    /// As messages say it.
    fn shown(self) -> String;
}

impl Column for usize {
    fn number(self, _: &Row<'_>) -> Option<usize> {
        Some(self)
    }

    fn shown(self) -> String {
        self.to_string()
    }
}

impl Column for &str {
    fn number(self, row: &Row<'_>) -> Option<usize> {
        match row.0 {
            Of::Sqlite(row) => row.as_ref().column_index(self).ok(),
            Of::Postgres(row) => row.columns().iter().position(|it| it.name() == self),
        }
    }

    fn shown(self) -> String {
        self.to_owned()
    }
}

impl Row<'_> {
    /// The value in a column.
    ///
    /// # Errors
    ///
    /// `S0110` when there is no such column, or it holds something else.
    pub fn get<T: Read>(&self, column: impl Column) -> Result<T, Error> {
        read(self.cell(column)?, || column.shown())
    }

    /// The cell in a column, whatever it holds.
    ///
    /// # Errors
    ///
    /// `S0110` when there is no such column, or it is of a type that is not used here.
    pub fn cell(&self, column: impl Column) -> Result<Cell<'_>, Error> {
        let cell = column.number(self).and_then(|number| match self.0 {
            Of::Sqlite(row) => sqlite::cell(row, number),
            Of::Postgres(row) => postgresql::cell(row, number),
        });
        match cell {
            Some(cell) => Ok(cell),
            None => Err(Error::Cell {
                column: column.shown(),
                wanted: "a column",
                found: "nothing, or a type that is not used here (cast it)".into(),
            }),
        }
    }
}
