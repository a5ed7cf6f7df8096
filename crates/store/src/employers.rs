//! Which employer, and what is true of it?

use crate::like::anywhere;
use crate::{
    error::Error,
    facts::{self, COMMON, Table},
    params,
    row::Row,
    statement::Statement,
    statements,
    tx::Tx,
    value::Value,
};
use city::{
    employers::{Employer, EmployerId, Registration},
    facts::{Change, Origin, Timeline},
    places::District,
};
use measure::{CreditCode, Day, Moment};

statements! {
    /// Takes an employer into the register.
    ENROL = "insert into employer (credit_code, name, recorded, origin_kind, origin) \
             values ($1, $2, $3, $4, $5) returning employer";
    /// By its number.
    EMPLOYER = "select employer, credit_code, name from employer where employer = $1";
    /// By its credit code.
    FIND = "select employer, credit_code, name from employer where credit_code = $1";
    /// Those in whose name a text stands, of a district or, for 0, of any; the first so many.
    NAMED = "select e.employer, e.credit_code, e.name from employer e join employer_fact f on f.employer = e.employer \
             where f.superseded is null and f.valid_until is null and (cast($2 as integer) = 0 or f.district = $2) \
             and e.name like $1 escape '!' order by e.name, e.employer limit $3";
    /// Another name of the same firm.
    RENAME = "update employer set name = $2 where employer = $1";
    /// Every fact of an employer's registration.
    REGISTRATIONS = "select employer_fact, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
                     district, industry_class, rate_level from employer_fact where employer = $1 \
                     order by employer_fact";
    /// What was true of an employer on a day, as known at a moment.
    ON = "select district, industry_class, rate_level from employer_fact \
          where employer = $1 and valid_from <= $2 and (valid_until is null or $2 < valid_until) \
          and recorded <= $3 and (superseded is null or $3 < superseded)";
    /// A fact of an employer's registration.
    INSERT = "insert into employer_fact (valid_from, valid_until, recorded, origin_kind, origin, \
              employer, district, industry_class, rate_level) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// No longer held to be so.
    SUPERSEDE = "update employer_fact set superseded = $2 where employer_fact = $1 and superseded is null";
}

struct Registrations;

impl Table for Registrations {
    type Subject = EmployerId;
    type Value = Registration;
    const INSERT: Statement = INSERT;
    const SUPERSEDE: Statement = SUPERSEDE;

    fn columns(employer: &EmployerId, value: &Registration) -> Vec<Value> {
        params![
            *employer,
            value.district,
            value.industry_class,
            value.rate_level
        ]
        .to_vec()
    }
}

/// Takes an employer into the register.
///
/// # Errors
///
/// `S0107` (`employer_credit_code`) when one of this code is there already; what the engine says.
pub fn enrol(
    tx: &mut Tx<'_>,
    credit_code: &CreditCode,
    name: &str,
    recorded: Moment,
    origin: Origin,
) -> Result<EmployerId, Error> {
    let values = params![credit_code.as_str(), name, recorded, origin.kind, origin.id];
    tx.one(ENROL, values, |row| row.get(0))
}

/// An employer by its number.
///
/// # Errors
///
/// What the engine says.
pub fn employer(tx: &mut Tx<'_>, employer: EmployerId) -> Result<Option<Employer>, Error> {
    tx.find(EMPLOYER, params![employer], read)
}

/// An employer by its credit code.
///
/// # Errors
///
/// What the engine says.
pub fn find(tx: &mut Tx<'_>, credit_code: &CreditCode) -> Result<Option<Employer>, Error> {
    tx.find(FIND, params![credit_code.as_str()], read)
}

/// The employers in whose name a text stands, of a district or of any, by name; the first so many.
///
/// # Errors
///
/// What the engine says.
pub fn named(
    tx: &mut Tx<'_>,
    text: &str,
    district: Option<District>,
    most: i64,
) -> Result<Vec<Employer>, Error> {
    let pattern = anywhere(text);
    let district = district.map_or(0, District::code);
    tx.list(NAMED, params![pattern, district, most], read)
}

/// Gives the same employer another name.
///
/// # Errors
///
/// `S0114` when there is none of this number; what the engine says.
pub fn rename(tx: &mut Tx<'_>, employer: EmployerId, name: &str) -> Result<(), Error> {
    facts::superseded(tx, RENAME, params![employer, name])
}

/// All that is or was known of where an employer is registered and in which class.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn registrations(
    tx: &mut Tx<'_>,
    employer: EmployerId,
) -> Result<Timeline<Registration>, Error> {
    let facts = tx.list(REGISTRATIONS, params![employer], |row| {
        facts::fact(row, registration(row, COMMON)?)
    })?;
    facts::timeline(facts)
}

/// What was true of an employer on a day, as known at a moment.
///
/// # Errors
///
/// What the engine says.
pub fn on(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    day: Day,
    known: Moment,
) -> Result<Option<Registration>, Error> {
    tx.find(ON, params![employer, day, known], |row| {
        registration(row, 0)
    })
}

/// Carries out what was decided of an employer's registration.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    changes: &[Change<Registration>],
) -> Result<(), Error> {
    facts::carry_out::<Registrations>(tx, &employer, changes)
}

fn read(row: &Row<'_>) -> Result<Employer, Error> {
    let code: String = row.get(1)?;
    let (credit_code, _) = CreditCode::parse(&code).map_err(|error| facts::damaged(&error))?;
    Ok(Employer {
        id: row.get(0)?,
        credit_code,
        name: row.get(2)?,
    })
}

/// The registration in the three columns from this one on.
fn registration(row: &Row<'_>, first: usize) -> Result<Registration, Error> {
    Ok(Registration {
        district: row.get(first)?,
        industry_class: row.get(first + 1)?,
        rate_level: row.get(first + 2)?,
    })
}
