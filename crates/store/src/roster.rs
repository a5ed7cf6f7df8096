//! Who is insured as what, as a run knows it, and what became known since?
//!
//! A roster (名册) holds the participations that an assessment knows and that are not over when its month begins, in
//! [folios](crate::folio). The next assessment begins with it: what that one knows is what the roster holds, without what was
//! superseded since, and with what was recorded since. Facts are altered in no other way, and none is recorded at a moment that a
//! run already knew; so a month reads what has changed, however many are insured and however long their history is.
//!
//! Nothing rests on a roster: whoever has none reads the [facts], and so does whoever verifies. Only the last two in force are
//! kept. On PostgreSQL each lies in a table of its own, as the dues of a run that nobody sees yet; see
//! [`generation`].

use crate::bulk::{Batch, Kind};
use crate::folio::{self, Packed};
use crate::generation;
use crate::{Engine, Error, Tx, params, statements};
use city::dues::InForce;
use city::employers::EmployerId;
use city::facts::{FactId, Span};
use city::insurance::{Category, Scheme};
use city::people::PersonId;
use city::places::District;
use city::runs::RunId;
use measure::{Day, Fen, Moment};
use std::collections::HashSet;
use std::ops::Range;

/// The columns of a participation. What tells where it belongs comes as one number, since each column costs the server as much as
/// the row itself.
macro_rules! columns {
    () => {
        "person, (cast(scheme as bigint) * 256 + category) * 4294967296 + district, \
         employer, declared, valid_from, valid_until, participation"
    };
}

statements! {
    /// Participations of some persons that are not over before a day, as they were known at a moment: in any order, since the server
    /// would sort on its disk.
    FACTS = concat!(
        "select ", columns!(), " from participation where person >= $1 and person < $2 and status = 1 \
         and (valid_until is null or valid_until > $3) \
         and recorded <= $4 and (superseded is null or superseded > $4)"
    );
    /// Those of everybody that were recorded since a moment, and not superseded by another.
    CAME = concat!(
        "select ", columns!(), " from participation where recorded > $1 and recorded <= $2 and status = 1 \
         and (valid_until is null or valid_until > $3) \
         and (superseded is null or superseded > $2) limit $4"
    );
    /// What was superseded from a moment to another.
    GONE = "select participation from participation where superseded > $1 and superseded <= $2 limit $3";
    /// A run's folios.
    FOLIOS sqlite = "select first_person, district, rows, content from roster \
                     where run = $1 and first_person >= $2 and first_person < $3 order by first_person, district";
    /// A run's folios.
    FOLIOS_APART postgres = "select first_person, district, rows, content from generation_folios('roster', $1, $2, $3)";
    /// Notes that a run writes one, from its first chunk on.
    BEGUN = "insert into has_roster (run) values ($1)";
    /// Whether it does.
    HAS = "select exists (select 1 from has_roster where run = $1)";
    /// It has none any more.
    ENDED = "delete from has_roster where run = $1";
    /// The assessments in force that have one, the last first.
    KEPT = "select o.run from has_roster o join run r on r.run = o.run where r.state in (5, 7) order by o.run desc";
}

/// How many rows a batch has.
const BATCH: usize = 8_192;

/// Their types.
const KINDS: [Kind; 7] = [
    Kind::BigInt,
    Kind::BigInt,
    Kind::BigInt,
    Kind::BigInt,
    Kind::Day,
    Kind::Day,
    Kind::BigInt,
];

/// How many rosters are kept: that of the last assessment in force, and the one before, with which another may be at work.
const KEPT_ROSTERS: usize = 2;

/// A participation and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which fact it is.
    pub fact: FactId,
    /// What it says.
    pub says: InForce,
}

impl Line {
    /// The order of lines: those of one person in one scheme together, by beginning, of two that begin on the same day the one
    /// recorded first.
    fn key(&self) -> (PersonId, i16, Day, FactId) {
        let says = &self.says;
        (
            says.person,
            says.scheme.code(),
            says.valid.first(),
            self.fact,
        )
    }

    /// Whether it is over before a day.
    fn is_over(&self, day: Day) -> bool {
        self.says.valid.until().is_some_and(|until| until <= day)
    }
}

impl Packed<8> for Line {
    const KEY: usize = 4;

    fn person(&self) -> PersonId {
        self.says.person
    }

    fn district(&self) -> District {
        self.says.district
    }

    /// Person, scheme, beginning, number of the fact, category, employer (0 for none), what is declared (-1 for nothing), how many
    /// days (0 without end).
    fn numbers(&self) -> [i64; 8] {
        let (says, valid) = (&self.says, self.says.valid);
        let days = valid
            .until()
            .map_or(0, |until| valid.first().days_until(until));
        [
            says.person.number(),
            says.scheme.code().into(),
            valid.first().number().into(),
            self.fact.number(),
            says.category.code().into(),
            says.employer.map_or(0, EmployerId::number),
            says.declared.map_or(-1, |declared| declared.0),
            days.into(),
        ]
    }

    fn of(district: District, numbers: &[i64; 8]) -> Option<Line> {
        let [
            person,
            scheme,
            from,
            fact,
            category,
            employer,
            declared,
            days,
        ] = *numbers;
        let from = Day::from_number(i32::try_from(from).ok()?).ok()?;
        let until = match i32::try_from(days).ok()? {
            0 => None,
            days => Some(from.add_days(days).ok()?),
        };
        Some(Line {
            fact: FactId::new(fact)?,
            says: InForce {
                person: PersonId::new(person)?,
                scheme: Scheme::from_code(i16::try_from(scheme).ok()?)?,
                category: Category::from_code(i16::try_from(category).ok()?)?,
                employer: EmployerId::new(employer),
                district,
                declared: (declared >= 0).then_some(Fen(declared)),
                valid: Span::new(from, until).ok()?,
            },
        })
    }
}

/// What became known between two moments.
#[derive(Clone, Debug, Default)]
pub struct Since {
    /// What was recorded, in order.
    came: Vec<Line>,
    /// What was superseded.
    gone: HashSet<i64>,
}

/// The participations of some persons, in order, that are not over before a day, as they were known at a moment.
///
/// # Errors
///
/// What the database says; `S0110` when a row holds a code that is not known.
pub fn facts(
    tx: &mut Tx<'_>,
    persons: &Range<i64>,
    day: Day,
    known: Moment,
) -> Result<Vec<Line>, Error> {
    let values = params![persons.start, persons.end, day, known];
    let mut lines = Vec::new();
    tx.copy_out(FACTS, values, &KINDS, BATCH, |batch| {
        take(batch, &mut lines)
    })?;
    lines.sort_unstable_by_key(Line::key);
    Ok(lines)
}

/// What became known of everybody from a moment to another and is not over before a day; `None` when it is more than so many
/// participations.
///
/// # Errors
///
/// As [`facts`].
pub fn since(
    tx: &mut Tx<'_>,
    (before, known): (Moment, Moment),
    day: Day,
    at_most: usize,
) -> Result<Option<Since>, Error> {
    let more = i64::try_from(at_most).unwrap_or(i64::MAX).saturating_add(1);
    let mut since = Since::default();
    let values = params![before, known, more];
    tx.copy_out(GONE, values, &[Kind::BigInt], BATCH, |batch| {
        since.gone.extend(&batch.columns[0].numbers);
        Ok::<(), Error>(())
    })?;
    if since.gone.len() > at_most {
        return Ok(None);
    }
    let values = params![before, known, day, more];
    tx.copy_out(CAME, values, &KINDS, BATCH, |batch| {
        take(batch, &mut since.came)
    })?;
    if since.came.len() > at_most {
        return Ok(None);
    }
    since.came.sort_unstable_by_key(Line::key);
    Ok(Some(since))
}

/// The participations of some persons that a run's roster holds and those that became known since, in order, without those that
/// are over before a day; `None` when a folio is torn.
///
/// # Errors
///
/// What the database says, also when the run has no roster.
pub fn told(
    tx: &mut Tx<'_>,
    run: RunId,
    since: &Since,
    persons: &Range<i64>,
    day: Day,
) -> Result<Option<Vec<Line>>, Error> {
    let Some(mut lines) = of_run(tx, run, persons)? else {
        return Ok(None);
    };
    lines.retain(|line| !line.is_over(day) && !since.gone.contains(&line.fact.number()));
    let place = |person: i64| {
        let came = &since.came;
        came.partition_point(|line| line.says.person.number() < person)
    };
    lines.extend_from_slice(&since.came[place(persons.start)..place(persons.end)]);
    // It stands by span and district.
    lines.sort_unstable_by_key(Line::key);
    Ok(Some(lines))
}

/// What a run's roster holds of some persons, by span and district; `None` when a folio is torn.
fn of_run(tx: &mut Tx<'_>, run: RunId, persons: &Range<i64>) -> Result<Option<Vec<Line>>, Error> {
    let statement = match tx.engine() {
        Engine::Sqlite => FOLIOS,
        Engine::Postgres => FOLIOS_APART,
    };
    // To end the reading with an error would end what may be done with the connection as well.
    let (mut lines, mut whole) = (Vec::new(), true);
    folio::folios(
        tx,
        statement,
        generation::roster(run),
        persons,
        |folio, room| {
            let opened = folio.open(room, |numbers, line: Line| {
                if persons.contains(&numbers[0]) {
                    lines.push(line);
                }
            });
            whole &= opened.is_some();
            Ok::<(), Error>(())
        },
    )?;
    Ok(whole.then_some(lines))
}

/// Makes room for the roster of a run of which no chunk is kept yet.
///
/// # Errors
///
/// As [`Generation::make`](crate::Generation::make); what the database says.
pub fn begin(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    tx.execute(BEGUN, params![run])?;
    generation::roster(run).make(tx)
}

/// Whether a run has a roster. One whose first chunks an older program kept has none.
///
/// # Errors
///
/// What the database says.
pub fn has(tx: &mut Tx<'_>, run: RunId) -> Result<bool, Error> {
    tx.one(HAS, params![run], |row| row.get(0))
}

/// Writes what a run that [has] a roster knows of some persons. It comes in order.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, run: RunId, lines: &[Line]) -> Result<(), Error> {
    folio::write(tx, generation::roster(run), lines)
}

/// The assessments in force that have a roster, the last first.
///
/// # Errors
///
/// What the database says.
pub fn kept(tx: &mut Tx<'_>) -> Result<Vec<RunId>, Error> {
    tx.list(KEPT, params![], |row| row.get(0))
}

/// Removes the rosters with which nobody begins any more.
///
/// # Errors
///
/// What the database says.
pub fn forget(tx: &mut Tx<'_>) -> Result<(), Error> {
    let kept = kept(tx)?;
    let mut old = kept.into_iter().skip(KEPT_ROSTERS);
    old.try_for_each(|run| drop(tx, run))
}

/// Removes the roster of a run, if it has one.
///
/// # Errors
///
/// What the database says.
pub fn drop(tx: &mut Tx<'_>, run: RunId) -> Result<(), Error> {
    tx.execute(ENDED, params![run])?;
    generation::roster(run).drop(tx)
}

fn take(batch: &Batch, lines: &mut Vec<Line>) -> Result<(), Error> {
    lines.reserve(batch.rows);
    for row in 0..batch.rows {
        lines.push(line(batch, row)?);
    }
    Ok(())
}

fn line(batch: &Batch, row: usize) -> Result<Line, Error> {
    let [person, belongs, employer, declared, from, until, fact] = &batch.columns[..] else {
        return Err(unread("participation"));
    };
    let belongs = belongs.numbers[row];
    let code = |number: i64| i16::try_from(number).ok();
    let says = InForce {
        person: PersonId::new(person.numbers[row]).ok_or_else(|| unread("person"))?,
        scheme: code(belongs >> 40)
            .and_then(Scheme::from_code)
            .ok_or_else(|| unread("scheme"))?,
        category: code(belongs >> 32 & 0xff)
            .and_then(Category::from_code)
            .ok_or_else(|| unread("category"))?,
        employer: employer.number(row).and_then(EmployerId::new),
        district: i32::try_from(belongs & 0xffff_ffff)
            .ok()
            .and_then(District::new)
            .ok_or_else(|| unread("district"))?,
        declared: declared.number(row).map(Fen),
        valid: from
            .day(row)
            .and_then(|from| Span::new(from, until.day(row)).ok())
            .ok_or_else(|| unread("day"))?,
    };
    let fact = FactId::new(fact.numbers[row]).ok_or_else(|| unread("participation"))?;
    Ok(Line { fact, says })
}

fn unread(wanted: &'static str) -> Error {
    Error::Cell {
        column: wanted.into(),
        wanted,
        found: "a code that is not known".into(),
    }
}
