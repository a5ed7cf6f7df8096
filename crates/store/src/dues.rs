//! What does everybody owe, as a run found it, and from which facts?
//!
//! Dues are kept by run, person, scheme and employer, 0 where the person pays alone. Those of a run that is not published nobody
//! sees: on PostgreSQL they lie in a table of their own, on SQLite every reader names a run in force; see [`generation`].

use crate::bulk::{Batch, Kind};
use crate::generation;
use crate::{Error, Statement, Tx, params, statements};
use city::dues::{Due, InForce};
use city::employers::EmployerId;
use city::facts::Span;
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen, Moment, Month};
use std::ops::Range;

statements! {
    /// Participations in force on some day of a month, as they were known at a moment. In the order of the index, so that
    /// nothing is sorted: of a person and scheme there is hardly ever more than one.
    IN_FORCE = "select person, scheme, category, employer, district, declared, valid_from, valid_until, participation from participation \
                where person >= $1 and person < $2 and status = 1 \
                and valid_from <= $3 and (valid_until is null or valid_until > $4) \
                and recorded <= $5 and (superseded is null or superseded > $5) \
                order by person, scheme";
    /// The greatest number of a person.
    LAST_PERSON = "select cast(coalesce(max(person), 0) as bigint) from person";
    /// What the law asks of employers, on a day, as it was known at a moment.
    EMPLOYERS = "select employer, industry_class, rate_level from employer_fact \
                 where valid_from <= $1 and (valid_until is null or valid_until > $1) \
                 and recorded <= $2 and (superseded is null or superseded > $2)";
    /// Dues of a run.
    OF_RUN = "select person, scheme, category, employer, district, base, employer_due, person_due, credit from dues \
              where run = $1 and person >= $2 and person < $3 order by person, scheme, employer";
    /// Dues of a run in the schemes that have accounts.
    WITH_ACCOUNTS = "select person, scheme, category, employer, district, base, employer_due, person_due, credit from dues \
              where run = $1 and person >= $2 and person < $3 and scheme in (1, 2) order by person, scheme, employer";
}

/// How many rows a batch has.
const BATCH: usize = 8_192;

/// The columns of dues, in the order in which they are written.
const COLUMNS: [(&str, Kind); 10] = [
    ("run", Kind::BigInt),
    ("person", Kind::BigInt),
    ("scheme", Kind::SmallInt),
    ("category", Kind::SmallInt),
    ("employer", Kind::BigInt),
    ("district", Kind::Integer),
    ("base", Kind::BigInt),
    ("employer_due", Kind::BigInt),
    ("person_due", Kind::BigInt),
    ("credit", Kind::BigInt),
];

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

/// Hands on the participations of some persons in force in a month as they were known at a moment: those of one person in
/// one scheme together, by beginning, of two that begin on the same day the one recorded first.
///
/// # Errors
///
/// What the database says; `S0110` when a row holds a code that is not known; what the closure returns.
pub fn in_force<E: From<Error>>(
    tx: &mut Tx<'_>,
    persons: &Range<i64>,
    month: Month,
    known: Moment,
    mut each: impl FnMut(&[InForce]) -> Result<(), E>,
) -> Result<(), E> {
    let kinds = [
        Kind::BigInt,
        Kind::SmallInt,
        Kind::SmallInt,
        Kind::BigInt,
        Kind::Integer,
        Kind::BigInt,
        Kind::Day,
        Kind::Day,
        Kind::BigInt,
    ];
    let (first, last) = (month.first_day(), month.last_day());
    let values = params![persons.start, persons.end, last, first, known];
    // Of one person and scheme: its number, itself.
    let mut together: Vec<(i64, InForce)> = Vec::new();
    let mut of_one = Vec::new();
    let mut hand_on = |together: &mut Vec<(i64, InForce)>| {
        together.sort_unstable_by_key(|(number, entry)| (entry.valid.first(), *number));
        of_one.clear();
        of_one.extend(together.drain(..).map(|(_, entry)| entry));
        each(&of_one)
    };
    tx.copy_out(IN_FORCE, values, &kinds, BATCH, |batch| {
        for row in 0..batch.rows {
            let entry = InForce {
                person: person(batch, row)?,
                scheme: scheme(batch, row)?,
                category: category(batch, row)?,
                employer: batch.columns[3].number(row).and_then(EmployerId::new),
                district: district(batch, row)?,
                declared: batch.columns[5].number(row).map(Fen),
                valid: valid(batch, row)?,
            };
            let key = (entry.person, entry.scheme);
            if together
                .last()
                .is_some_and(|(_, last)| (last.person, last.scheme) != key)
            {
                hand_on(&mut together)?;
            }
            together.push((batch.columns[8].numbers[row], entry));
        }
        Ok::<(), E>(())
    })?;
    match together.is_empty() {
        true => Ok(()),
        false => hand_on(&mut together),
    }
}

/// Writes dues of a run, for which [a table](crate::Generation::make) was made.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, dues: &[Due]) -> Result<(), Error> {
    let table = generation::dues(run).table(tx.engine());
    let mut copy = tx.copy_in(&table, &COLUMNS)?;
    for due in dues {
        copy.int(run.number())?
            .int(due.person.number())?
            .int(due.scheme.code().into())?
            .int(due.category.code().into())?;
        copy.int(due.through())?
            .int(due.district.code().into())?
            .fen(due.base)?
            .fen(due.employer_due)?
            .fen(due.person_due)?
            .fen(due.credit)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
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
/// What the database says; what the closure returns.
pub fn of_run<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: impl FnMut(Due) -> Result<(), E>,
) -> Result<(), E> {
    read(tx, OF_RUN, run, persons, each)
}

/// As [`of_run`], only the dues in schemes that have individual accounts.
///
/// # Errors
///
/// As [`of_run`].
pub fn with_accounts<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    each: impl FnMut(Due) -> Result<(), E>,
) -> Result<(), E> {
    read(tx, WITH_ACCOUNTS, run, persons, each)
}

fn read<E: From<Error>>(
    tx: &mut Tx<'_>,
    statement: Statement,
    run: RunId,
    persons: &Range<i64>,
    mut each: impl FnMut(Due) -> Result<(), E>,
) -> Result<(), E> {
    let kinds: Vec<Kind> = COLUMNS[1..].iter().map(|(_, kind)| *kind).collect();
    let values = params![run.number(), persons.start, persons.end];
    tx.copy_out(statement, values, &kinds, BATCH, |batch| {
        for row in 0..batch.rows {
            let amount = |column: usize| Fen(batch.columns[column].numbers[row]);
            each(Due {
                person: person(batch, row)?,
                scheme: scheme(batch, row)?,
                category: category(batch, row)?,
                employer: batch.columns[3].number(row).and_then(EmployerId::new),
                district: district(batch, row)?,
                base: amount(5),
                employer_due: amount(6),
                person_due: amount(7),
                credit: amount(8),
            })?;
        }
        Ok::<(), E>(())
    })?;
    Ok(())
}

fn person(batch: &Batch, row: usize) -> Result<PersonId, Error> {
    PersonId::new(batch.columns[0].numbers[row]).ok_or_else(|| unread("person"))
}

fn scheme(batch: &Batch, row: usize) -> Result<Scheme, Error> {
    let code = i16::try_from(batch.columns[1].numbers[row]).ok();
    code.and_then(Scheme::from_code)
        .ok_or_else(|| unread("scheme"))
}

fn category(batch: &Batch, row: usize) -> Result<Category, Error> {
    let code = i16::try_from(batch.columns[2].numbers[row]).ok();
    code.and_then(Category::from_code)
        .ok_or_else(|| unread("category"))
}

fn district(batch: &Batch, row: usize) -> Result<District, Error> {
    let code = i32::try_from(batch.columns[4].numbers[row]).ok();
    code.and_then(District::new)
        .ok_or_else(|| unread("district"))
}

fn valid(batch: &Batch, row: usize) -> Result<Span, Error> {
    let from = batch.columns[6].day(row).ok_or_else(|| unread("day"))?;
    Span::new(from, batch.columns[7].day(row)).map_err(|_| unread("day"))
}

fn unread(wanted: &'static str) -> Error {
    Error::Cell {
        column: wanted.into(),
        wanted,
        found: "a code that is not known".into(),
    }
}
