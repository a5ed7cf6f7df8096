//! What stands in the accounts, generation by generation?
//!
//! A generation is all accounts as one run left them. The current one is that of the last run in force that made one; what
//! was posted at the counter since is added to it.

use crate::bulk::Kind;
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
    /// What stands in a generation's accounts, by scheme.
    SUMS = "select scheme, cast(sum(credited + interest) as bigint) from account where run = $1 group by scheme order by scheme";
    /// An account in a generation.
    FIND = "select person, scheme, district, months, year, credited, interest, product from account \
            where run = $1 and person = $2 and scheme = $3";
    /// Accounts of some persons in a generation.
    OF_RUN = "select person, scheme, district, months, year, credited, interest, product from account \
              where run = $1 and person >= $2 and person < $3 order by person, scheme";
}

const BATCH: usize = 8_192;

const COLUMNS: [(&str, Kind); 9] = [
    ("run", Kind::BigInt),
    ("person", Kind::BigInt),
    ("scheme", Kind::SmallInt),
    ("district", Kind::Integer),
    ("months", Kind::Integer),
    ("year", Kind::SmallInt),
    ("credited", Kind::BigInt),
    ("interest", Kind::BigInt),
    ("product", Kind::BigInt),
];

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
/// What the database says.
pub fn find(
    tx: &mut Tx<'_>,
    run: RunId,
    person: PersonId,
    scheme: Scheme,
) -> Result<Option<Account>, Error> {
    tx.find(FIND, params![run, person, scheme], |row| {
        Ok::<_, Error>(Account {
            person: row.get(0)?,
            scheme: row.get(1)?,
            district: row.get(2)?,
            months: row.get(3)?,
            year: row.get(4)?,
            credited: row.get(5)?,
            interest: row.get(6)?,
            product: row.get(7)?,
        })
    })
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

/// What stands in all accounts of a generation, by scheme.
///
/// # Errors
///
/// What the database says.
pub fn sums(tx: &mut Tx<'_>, run: RunId) -> Result<Vec<(Scheme, Fen)>, Error> {
    tx.list(SUMS, params![run.number()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// Hands on the accounts of some persons in a generation, by person and scheme.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn of_run<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    mut each: impl FnMut(Account) -> Result<(), E>,
) -> Result<(), E> {
    let kinds: Vec<Kind> = COLUMNS[1..].iter().map(|(_, kind)| *kind).collect();
    let values = params![run.number(), persons.start, persons.end];
    tx.copy_out(OF_RUN, values, &kinds, BATCH, |batch| {
        for row in 0..batch.rows {
            let number = |column: usize| batch.columns[column].numbers[row];
            let small = |column| i32::try_from(number(column)).ok();
            let tiny = |column| i16::try_from(number(column)).ok();
            let account = (|| {
                Some(Account {
                    person: PersonId::new(number(0))?,
                    scheme: Scheme::from_code(tiny(1)?)?,
                    district: District::new(small(2)?)?,
                    months: small(3)?,
                    year: tiny(4)?,
                    credited: Fen(number(5)),
                    interest: Fen(number(6)),
                    product: Fen(number(7)),
                })
            })();
            each(account.ok_or_else(|| Error::Cell {
                column: "account".into(),
                wanted: "an account",
                found: "a code that is not known".into(),
            })?)?;
        }
        Ok::<(), E>(())
    })?;
    Ok(())
}

/// Writes accounts of a run's generation.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, accounts: &[Account]) -> Result<(), Error> {
    let table = generation::accounts(run).table(tx.engine());
    let mut copy = tx.copy_in(&table, &COLUMNS)?;
    for account in accounts {
        copy.int(run.number())?
            .int(account.person.number())?
            .int(account.scheme.code().into())?
            .int(account.district.code().into())?
            .int(account.months.into())?
            .int(account.year.into())?
            .fen(account.credited)?
            .fen(account.interest)?
            .fen(account.product)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
}
