//! What does everybody owe, as a run found it?
//!
//! Dues lie in [folios](crate::folio), by person, scheme and employer, 0 where the person pays alone. Those of a run that is not
//! published nobody sees: on PostgreSQL they lie in a table of their own, on SQLite every reader names a run in force; see
//! [`generation`].

use crate::bulk::Kind;
use crate::folio::{self, Packed};
use crate::generation;
use crate::{Engine, Error, Tx, params, statements};
use city::dues::Due;
use city::employers::EmployerId;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen, Moment};
use std::ops::Range;

statements! {
    /// The greatest number of a person.
    LAST_PERSON = "select cast(coalesce(max(person), 0) as bigint) from person";
    /// What the law asks of employers, on a day, as it was known at a moment.
    EMPLOYERS = "select employer, industry_class, rate_level from employer_fact \
                 where valid_from <= $1 and (valid_until is null or valid_until > $1) \
                 and recorded <= $2 and (superseded is null or superseded > $2)";
    /// Folios of a run's dues.
    OF_RUN = "select first_person, district, rows, content from dues \
              where run = $1 and first_person >= $2 and first_person < $3 order by first_person, district";
    /// Those of a run whose dues nobody sees yet.
    COMPUTED postgres = "select first_person, district, rows, content from generation_folios('dues', $1, $2, $3)";
}

impl Packed<8> for Due {
    const KEY: usize = 3;

    fn person(&self) -> PersonId {
        self.person
    }

    fn district(&self) -> District {
        self.district
    }

    fn numbers(&self) -> [i64; 8] {
        [
            self.person.number(),
            self.scheme.code().into(),
            self.through(),
            self.category.code().into(),
            self.base.0,
            self.employer_due.0,
            self.person_due.0,
            self.credit.0,
        ]
    }

    fn of(district: District, numbers: &[i64; 8]) -> Option<Due> {
        let [person, scheme, through, category, amounts @ ..] = *numbers;
        let [base, employer_due, person_due, credit] = amounts.map(Fen);
        Some(Due {
            person: PersonId::new(person)?,
            scheme: Scheme::from_code(i16::try_from(scheme).ok()?)?,
            category: Category::from_code(i16::try_from(category).ok()?)?,
            employer: EmployerId::new(through),
            district,
            base,
            employer_due,
            person_due,
            credit,
        })
    }
}

/// The greatest number of a person; 0 when there is nobody.
///
/// # Errors
///
/// What the database says.
pub fn last_person(tx: &mut Tx<'_>) -> Result<i64, Error> {
    tx.one(LAST_PERSON, params![], |row| row.get(0))
}

/// Hands on each employer with the class of the industry and the level of the rate that hold on a day, as they were known
/// at a moment.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn employers<E: From<Error>>(
    tx: &mut Tx<'_>,
    day: Day,
    known: Moment,
    mut each: impl FnMut(EmployerId, (i16, i16)) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(EMPLOYERS, params![day, known], |row| {
        each(row.get(0)?, (row.get(1)?, row.get(2)?))
    })
}

/// Writes dues of a run, for which [a table](crate::Generation::make) was made. They come by person, scheme and employer.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, dues: &[Due]) -> Result<(), Error> {
    folio::write(tx, generation::dues(run), dues)
}

/// Somebody to whom the law gives no dues in a scheme through an employer or alone, with the code and the reason in Chinese
/// and English.
pub type Without<'a> = (PersonId, Scheme, Option<EmployerId>, [&'a str; 3]);

/// Notes to whom the law gives no dues in a run.
///
/// # Errors
///
/// What the database says.
pub fn refuse<'a>(
    tx: &mut Tx<'_>,
    run: RunId,
    refused: impl Iterator<Item = Without<'a>>,
) -> Result<(), Error> {
    let columns = [
        ("run", Kind::BigInt),
        ("person", Kind::BigInt),
        ("scheme", Kind::SmallInt),
        ("employer", Kind::BigInt),
        ("code", Kind::Text),
        ("reason_zh", Kind::Text),
        ("reason_en", Kind::Text),
    ];
    let mut copy = tx.copy_in("refused", &columns)?;
    for (person, scheme, employer, [code, zh, en]) in refused {
        copy.int(run.number())?
            .int(person.number())?
            .int(scheme.code().into())?
            .int(employer.map_or(0, EmployerId::number))?;
        copy.text(code)?.text(zh)?.text(en)?.end()?;
    }
    copy.finish()?;
    Ok(())
}

/// Hands on the dues of some persons in a run in force, by person, scheme and employer.
///
/// # Errors
///
/// What the database says; `S0126` when a folio is torn; what the closure returns.
pub fn of_run<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: impl FnMut(Due) -> Result<(), E>,
) -> Result<(), E> {
    folio::read(tx, OF_RUN, generation::dues(run), persons, each)
}

/// As [`of_run`], of a run that is computed and not yet in force, and in any order.
///
/// # Errors
///
/// As [`of_run`].
pub fn computed<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: impl FnMut(Due) -> Result<(), E>,
) -> Result<(), E> {
    let statement = match tx.engine() {
        Engine::Sqlite => OF_RUN,
        Engine::Postgres => COMPUTED,
    };
    folio::read_as_they_lie(tx, statement, generation::dues(run), persons, each)
}
