//! Where do the rows of a run lie?
//!
//! In the database, or, once their month is old enough and somebody has approved it, in a file that was proven equal. Whoever
//! reads the rows of an earlier run reads them here and need not know. What comes from a file is compared chunk by chunk with
//! the root that the month's seal binds, so that an altered file is never believed.

use crate::error::Error;
use crate::month::archive::Refusal;
use city::accounts::Account;
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use exchange::archive::{Column, Reader};
use ledger::{Chunk, ChunkTree};
use measure::Fen;
use std::ops::Range;
use std::path::{Path, PathBuf};
use store::cold::Moved;
use store::{Rows, Tx, accounts, cold, dues, runs};

/// Rows of a run, as a database or a file has them.
pub(crate) trait Shelved: Copy {
    /// Of which kind.
    const ROWS: Rows;
    /// What the columns of a file are called.
    const COLUMNS: &'static [&'static str];

    /// Whose.
    fn person(&self) -> PersonId;

    /// The cells of a file's row.
    fn cells(&self) -> Vec<Option<i64>>;

    /// A file's row; `None` when it holds no such row.
    fn read(cell: &dyn Fn(usize) -> Option<i64>) -> Option<Self>;

    /// Adds the row to its chunk's root.
    fn hash(&self, tree: &mut ChunkTree);

    /// Hands on the rows of some persons that are in the database.
    fn stored(
        tx: &mut Tx<'_>,
        run: RunId,
        persons: &Range<i64>,
        each: &mut dyn FnMut(Self) -> Result<(), Error>,
    ) -> Result<(), Error>;
}

impl Shelved for Due {
    const ROWS: Rows = Rows::Dues;
    const COLUMNS: &'static [&'static str] = &[
        "person",
        "scheme",
        "category",
        "employer",
        "district",
        "base_fen",
        "employer_due_fen",
        "person_due_fen",
        "credit_fen",
    ];

    fn person(&self) -> PersonId {
        self.person
    }

    fn cells(&self) -> Vec<Option<i64>> {
        vec![
            Some(self.person.number()),
            Some(self.scheme.code().into()),
            Some(self.category.code().into()),
            self.employer.map(EmployerId::number),
            Some(self.district.code().into()),
            Some(self.base.0),
            Some(self.employer_due.0),
            Some(self.person_due.0),
            Some(self.credit.0),
        ]
    }

    fn read(cell: &dyn Fn(usize) -> Option<i64>) -> Option<Due> {
        let small = |column| i16::try_from(cell(column)?).ok();
        Some(Due {
            person: PersonId::new(cell(0)?)?,
            scheme: Scheme::from_code(small(1)?)?,
            category: Category::from_code(small(2)?)?,
            employer: cell(3).and_then(EmployerId::new),
            district: District::new(i32::try_from(cell(4)?).ok()?)?,
            base: Fen(cell(5)?),
            employer_due: Fen(cell(6)?),
            person_due: Fen(cell(7)?),
            credit: Fen(cell(8)?),
        })
    }

    fn hash(&self, tree: &mut ChunkTree) {
        tree.row(&self.encoded());
    }

    fn stored(
        tx: &mut Tx<'_>,
        run: RunId,
        persons: &Range<i64>,
        each: &mut dyn FnMut(Due) -> Result<(), Error>,
    ) -> Result<(), Error> {
        dues::of_run(tx, run, persons, each)
    }
}

impl Shelved for Account {
    const ROWS: Rows = Rows::Accounts;
    const COLUMNS: &'static [&'static str] = &[
        "person",
        "scheme",
        "district",
        "months",
        "interest_through",
        "credited_fen",
        "interest_fen",
        "product_fen_months",
    ];

    fn person(&self) -> PersonId {
        self.person
    }

    fn cells(&self) -> Vec<Option<i64>> {
        vec![
            Some(self.person.number()),
            Some(self.scheme.code().into()),
            Some(self.district.code().into()),
            Some(self.months.into()),
            Some(self.year.into()),
            Some(self.credited.0),
            Some(self.interest.0),
            Some(self.product.0),
        ]
    }

    fn read(cell: &dyn Fn(usize) -> Option<i64>) -> Option<Account> {
        let small = |column| i16::try_from(cell(column)?).ok();
        Some(Account {
            person: PersonId::new(cell(0)?)?,
            scheme: Scheme::from_code(small(1)?)?,
            district: District::new(i32::try_from(cell(2)?).ok()?)?,
            months: i32::try_from(cell(3)?).ok()?,
            year: small(4)?,
            credited: Fen(cell(5)?),
            interest: Fen(cell(6)?),
            product: Fen(cell(7)?),
        })
    }

    fn hash(&self, tree: &mut ChunkTree) {
        tree.row(&self.encoded());
    }

    fn stored(
        tx: &mut Tx<'_>,
        run: RunId,
        persons: &Range<i64>,
        each: &mut dyn FnMut(Account) -> Result<(), Error>,
    ) -> Result<(), Error> {
        accounts::of_run(tx, run, persons, each)
    }
}

/// Hands on the dues of some persons in a run in force, by person and scheme.
///
/// # Errors
///
/// `N0501` and `N0502` when a file that holds them is gone or altered; what the database says; what the closure returns.
pub(crate) fn dues(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    mut each: impl FnMut(Due) -> Result<(), Error>,
) -> Result<(), Error> {
    rows(tx, run, persons, &mut each)
}

/// Hands on the accounts of some persons in a generation, by person and scheme.
///
/// # Errors
///
/// As [`dues()`].
pub(crate) fn accounts(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    mut each: impl FnMut(Account) -> Result<(), Error>,
) -> Result<(), Error> {
    rows(tx, run, persons, &mut each)
}

/// The account of a person in a scheme, in a generation.
///
/// # Errors
///
/// As [`dues()`].
pub(crate) fn account(
    tx: &mut Tx<'_>,
    run: RunId,
    person: PersonId,
    scheme: Scheme,
) -> Result<Option<Account>, Error> {
    if cold::find(tx, run, Rows::Accounts.code())?.is_none() {
        return Ok(accounts::find(tx, run, person, scheme)?);
    }
    let mut found = None;
    accounts(tx, run, &only(person), |account| {
        if account.scheme == scheme {
            found = Some(account);
        }
        Ok(())
    })?;
    Ok(found)
}

/// This person and no other.
pub(crate) fn only(person: PersonId) -> Range<i64> {
    person.number()..person.number() + 1
}

fn rows<T: Shelved>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: &mut dyn FnMut(T) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(moved) = cold::find(tx, run, T::ROWS.code())? else {
        return T::stored(tx, run, persons, each);
    };
    let Some(run) = runs::find(tx, run)? else {
        return Ok(());
    };
    let file = open::<T>(tx, &moved)?;
    let chunk_of = |person: i64| (person - 1).div_euclid(run.chunk_size);
    for chunk in chunk_of(persons.start)..=chunk_of(persons.end - 1).min(run.chunks - 1) {
        let (rows, found) = file.chunk::<T>(chunk)?;
        if runs::root(tx, run.id, chunk)? != Some(found) {
            return Err(Refusal::Altered { file: moved.file }.into());
        }
        for row in rows {
            if persons.contains(&row.person().number()) {
                each(row)?;
            }
        }
    }
    Ok(())
}

/// A file of rows.
pub(crate) struct Shelf {
    name: String,
    reader: Reader,
}

/// Opens a file.
///
/// # Errors
///
/// `N0501`, `N0502`.
pub(crate) fn open<T: Shelved>(tx: &mut Tx<'_>, moved: &Moved) -> Result<Shelf, Error> {
    let path = path(tx, &moved.file)?;
    Shelf::open::<T>(&path, &moved.file)
}

/// Where a file lies.
///
/// # Errors
///
/// What the database says.
pub(crate) fn path(tx: &mut Tx<'_>, file: &str) -> Result<PathBuf, Error> {
    let folder = cold::folder(tx)?.unwrap_or_default();
    Ok(Path::new(&folder).join(file))
}

impl Shelf {
    /// Opens a file by its path, which messages call by its name.
    ///
    /// # Errors
    ///
    /// `N0501`, `N0502`.
    pub(crate) fn open<T: Shelved>(path: &Path, name: &str) -> Result<Shelf, Error> {
        let reader = Reader::open(path, T::COLUMNS).map_err(|error| unread(path, name, &error))?;
        Ok(Shelf {
            name: name.to_owned(),
            reader,
        })
    }

    /// The rows of a chunk, and what they come down to.
    ///
    /// # Errors
    ///
    /// `N0501`, `N0502`.
    pub(crate) fn chunk<T: Shelved>(&self, chunk: i64) -> Result<(Vec<T>, Chunk), Error> {
        let altered = || {
            let file = self.name.clone();
            Error::from(Refusal::Altered { file })
        };
        let columns = self.reader.chunk(chunk).map_err(|_| altered())?;
        let count = columns.first().map_or(0, |column| column.values.len());
        let mut rows = Vec::with_capacity(count);
        let mut tree = ChunkTree::new();
        for row in 0..count {
            let cell = |column: usize| columns.get(column).and_then(|it| it.get(row));
            let read = T::read(&cell).ok_or_else(altered)?;
            read.hash(&mut tree);
            rows.push(read);
        }
        Ok((rows, tree.finish()))
    }
}

/// Rows as a file's columns.
pub(crate) fn columns<T: Shelved>(rows: &[T]) -> Vec<Column> {
    let mut columns = vec![Column::default(); T::COLUMNS.len()];
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row.cells()) {
            column.push(cell);
        }
    }
    columns
}

fn unread(path: &Path, name: &str, error: &exchange::Error) -> Error {
    let file = name.to_owned();
    if error.code() == "C0101" {
        let folder = path.parent().unwrap_or(path).display().to_string();
        return Refusal::Gone { file, folder }.into();
    }
    Refusal::Altered { file }.into()
}
