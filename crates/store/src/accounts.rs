//! What stands in the accounts, generation by generation?
//!
//! A generation is all accounts as one run left them. The current one is that of the last run in force that made one; what
//! was posted at the counter since is added to it.

use crate::folio::{self, Packed};
use crate::generation;
use crate::{Error, Tx, params, statements};
use city::accounts::Account;
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::Fen;
use std::ops::Range;

statements! {
    /// The run of the current generation.
    CURRENT = "select run from run where kind in (2, 3, 5) and state in (5, 7) order by published desc, run desc limit 1";
    /// The generation before a run's.
    BEFORE = "select before from based_on where run = $1";
    /// Notes on which generation a run builds.
    BUILDS_ON = "insert into based_on (run, before) values ($1, $2)";
    /// Of a generation the folios that may hold a person's accounts: they stand in no other district than the person was ever
    /// insured in, or had something posted for in.
    FIND = "select run, first_person, district, rows, content from account \
            where run = $1 and first_person >= $2 and first_person <= $3 and district in ( \
              select p.district from participation p where p.person = $3 union select e.district from entry e where e.person = $3)";
    /// Folios of a generation's accounts.
    OF_RUN = "select first_person, district, rows, content from account \
              where run = $1 and first_person >= $2 and first_person < $3 order by first_person, district";
}

impl Packed<7> for Account {
    const KEY: usize = 2;

    fn person(&self) -> PersonId {
        self.person
    }

    fn district(&self) -> District {
        self.district
    }

    fn numbers(&self) -> [i64; 7] {
        [
            self.person.number(),
            self.scheme.code().into(),
            self.months.into(),
            self.year.into(),
            self.credited.0,
            self.interest.0,
            self.product.0,
        ]
    }

    fn of(district: District, numbers: &[i64; 7]) -> Option<Account> {
        let [person, scheme, months, year, amounts @ ..] = *numbers;
        let [credited, interest, product] = amounts.map(Fen);
        Some(Account {
            person: PersonId::new(person)?,
            scheme: Scheme::from_code(i16::try_from(scheme).ok()?)?,
            district,
            months: i32::try_from(months).ok()?,
            year: i16::try_from(year).ok()?,
            credited,
            interest,
            product,
        })
    }
}

/// The run whose generation is current, if there is any.
///
/// # Errors
///
/// What the database says.
pub fn current(tx: &mut Tx<'_>) -> Result<Option<RunId>, Error> {
    tx.find(CURRENT, params![], |row| row.get(0))
}

/// An account in a generation in force.
///
/// # Errors
///
/// As [`of_run`].
pub fn find(
    tx: &mut Tx<'_>,
    run: RunId,
    person: PersonId,
    scheme: Scheme,
) -> Result<Option<Account>, Error> {
    let mut found: Vec<Account> = Vec::new();
    let values = params![run, folio::span(person.number()), person];
    tx.stream(FIND, values, |row| {
        folio::of_person(row, generation::accounts(run), person, &mut found)
    })?;
    Ok(found.into_iter().find(|account| account.scheme == scheme))
}

/// Notes that a run builds on a generation, or on none.
///
/// # Errors
///
/// What the database says.
pub fn build_on(tx: &mut Tx<'_>, run: RunId, before: Option<RunId>) -> Result<(), Error> {
    let before = before.map(RunId::number);
    tx.execute(BUILDS_ON, params![run.number(), before])?;
    Ok(())
}

/// The generation that a run builds on.
///
/// # Errors
///
/// What the database says.
pub fn before(tx: &mut Tx<'_>, run: RunId) -> Result<Option<RunId>, Error> {
    tx.one(BEFORE, params![run.number()], |row| row.get(0))
}

/// Hands on the accounts of some persons in a generation, by person and scheme.
///
/// # Errors
///
/// What the database says; `S0126` when a folio is torn; what the closure returns.
pub fn of_run<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: impl FnMut(Account) -> Result<(), E>,
) -> Result<(), E> {
    folio::read(tx, OF_RUN, generation::accounts(run), persons, each)
}

/// Writes accounts of a run's generation. They come by person and scheme.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, accounts: &[Account]) -> Result<(), Error> {
    folio::write(tx, generation::accounts(run), accounts)
}
