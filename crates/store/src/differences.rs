//! What does a month's dues differ by, as runs of differences found it?

use crate::bulk::Kind;
use crate::{Error, Tx, params, statements};
use city::differences::Difference;
use city::dues::Due;
use city::employers::EmployerId;
use city::runs::RunId;
use std::ops::Range;

statements! {
    /// Differences of a run, what is given back first.
    OF_RUN = "select person, scheme, category, employer, district, base, employer_due, person_due, credit, part \
              from difference where run = $1 and person >= $2 and person < $3 \
              order by person, scheme, case when part = 2 then 0 else 1 end, employer";
}

const COLUMNS: [(&str, Kind); 11] = [
    ("run", Kind::BigInt),
    ("person", Kind::BigInt),
    ("scheme", Kind::SmallInt),
    ("part", Kind::SmallInt),
    ("category", Kind::SmallInt),
    ("employer", Kind::BigInt),
    ("district", Kind::Integer),
    ("base", Kind::BigInt),
    ("employer_due", Kind::BigInt),
    ("person_due", Kind::BigInt),
    ("credit", Kind::BigInt),
];

/// Writes differences of a run.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, differences: &[Difference]) -> Result<(), Error> {
    let mut copy = tx.copy_in("difference", &COLUMNS)?;
    for Difference { part, due } in differences {
        copy.int(run.number())?
            .int(due.person.number())?
            .int(due.scheme.code().into())?
            .int(part.code().into())?
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

/// Hands on the differences of some persons in a run, by person and scheme, what is given back first, then by employer.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn of_run<E: From<Error>>(
    tx: &mut Tx<'_>,
    run: RunId,
    persons: &Range<i64>,
    mut each: impl FnMut(Difference) -> Result<(), E>,
) -> Result<(), E> {
    let values = params![run.number(), persons.start, persons.end];
    tx.stream(OF_RUN, values, |row| {
        each(Difference {
            part: row.get(9)?,
            due: Due {
                person: row.get(0)?,
                scheme: row.get(1)?,
                category: row.get(2)?,
                employer: EmployerId::new(row.get(3)?),
                district: row.get(4)?,
                base: row.get(5)?,
                employer_due: row.get(6)?,
                person_due: row.get(7)?,
                credit: row.get(8)?,
            },
        })
    })
}
