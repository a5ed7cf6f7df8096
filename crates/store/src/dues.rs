//! What does everybody owe, as a run found it, and from which facts?
//!
//! Dues lie in [folios](crate::folio), by person, scheme and employer, 0 where the person pays alone. Those of a run that is not
//! published nobody sees: on PostgreSQL they lie in a table of their own, on SQLite every reader names a run in force; see
//! [`generation`].

use crate::bulk::{Batch, Kind};
use crate::folio::{self, Packed};
use crate::generation;
use crate::{Engine, Error, Tx, params, statements};
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
    /// Participations in force on some day of a month, as they were known at a moment. What tells where they belong comes as one
    /// number, since each column costs the server as much as the row itself; and in any order, since it would sort on its disk.
    IN_FORCE = "select person, (cast(scheme as bigint) * 256 + category) * 4294967296 + district, employer, declared, valid_from, valid_until, participation \
                from participation where person >= $1 and person < $2 and status = 1 \
                and valid_from <= $3 and (valid_until is null or valid_until > $4) \
                and recorded <= $5 and (superseded is null or superseded > $5)";
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

/// How many rows a batch has.
const BATCH: usize = 8_192;

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
        Kind::BigInt,
        Kind::BigInt,
        Kind::BigInt,
        Kind::Day,
        Kind::Day,
        Kind::BigInt,
    ];
    let (first, last) = (month.first_day(), month.last_day());
    let values = params![persons.start, persons.end, last, first, known];
    // Each with its number.
    let mut all: Vec<(i64, InForce)> = Vec::new();
    tx.copy_out(IN_FORCE, values, &kinds, BATCH, |batch| {
        for row in 0..batch.rows {
            all.push((batch.columns[6].numbers[row], participation(batch, row)?));
        }
        Ok::<(), Error>(())
    })?;
    all.sort_unstable_by_key(|(number, one)| {
        (one.person, one.scheme.code(), one.valid.first(), *number)
    });
    let mut together = Vec::new();
    for of_one in
        all.chunk_by(|(_, one), (_, next)| (one.person, one.scheme) == (next.person, next.scheme))
    {
        together.clear();
        together.extend(of_one.iter().map(|(_, one)| *one));
        each(&together)?;
    }
    Ok(())
}

fn participation(batch: &Batch, row: usize) -> Result<InForce, Error> {
    let [person, belongs, ..] = &batch.columns[..] else {
        return Err(unread("participation"));
    };
    let belongs = belongs.numbers[row];
    let code = |number: i64| i16::try_from(number).ok();
    let day = |column: usize| batch.columns[column].day(row);
    Ok(InForce {
        person: PersonId::new(person.numbers[row]).ok_or_else(|| unread("person"))?,
        scheme: code(belongs >> 40)
            .and_then(Scheme::from_code)
            .ok_or_else(|| unread("scheme"))?,
        category: code(belongs >> 32 & 0xff)
            .and_then(Category::from_code)
            .ok_or_else(|| unread("category"))?,
        employer: batch.columns[2].number(row).and_then(EmployerId::new),
        district: i32::try_from(belongs & 0xffff_ffff)
            .ok()
            .and_then(District::new)
            .ok_or_else(|| unread("district"))?,
        declared: batch.columns[3].number(row).map(Fen),
        valid: day(4)
            .and_then(|from| Span::new(from, day(5)).ok())
            .ok_or_else(|| unread("day"))?,
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

fn unread(wanted: &'static str) -> Error {
    Error::Cell {
        column: wanted.into(),
        wanted,
        found: "a code that is not known".into(),
    }
}
