//! What did this employer declare, whom does it insure, and who has not declared?

use crate::{
    error::Error,
    facts::{self, Asked},
    insurance, params,
    people::actor,
    row::Row,
    statements,
    tx::Tx,
    work,
};
use city::{
    actors::Actor,
    declarations::{Declaration, DeclarationId, State},
    employers::EmployerId,
    facts::{Origin, OriginKind},
    insurance::Scheme,
    people::{Blind, PersonId},
};
use measure::{Day, Fen, Moment, Month};

/// Participations `p` with what their persons are called and numbered.
macro_rules! insured {
    () => {
        "select p.person, i.blind, i.cipher, r.name_cipher, \
         cast(count(*) as bigint) as facts, cast(count(p.declared) as bigint) as declared, \
         min(p.declared) as least, max(p.declared) as most, \
         cast(sum(case when p.status = 2 then 1 else 0 end) as bigint) as paused, \
         cast(sum(case when p.status = 1 and p.valid_from <= $2 and (p.valid_until is null or $3 < p.valid_until) \
             then 1 else 0 end) as bigint) as steady \
         from participation p join person r on r.person = p.person \
         left join identity i on i.person = p.person and i.kind = 1 and i.superseded is null \
              and i.valid_from <= $3 and (i.valid_until is null or $3 < i.valid_until) "
    };
}

/// As known now, active or paused on a day of the month; a row a person.
macro_rules! in_month {
    () => {
        "and p.superseded is null and p.status in (1, 2) \
         and p.valid_from <= $3 and (p.valid_until is null or $2 < p.valid_until) \
         group by p.person, i.blind, i.cipher, r.name_cipher order by p.person"
    };
}

statements! {
    /// Takes a declaration in.
    TAKE_IN = "insert into declaration (employer, month, state, lines, wages, file_hash, batch, by, at, supersedes) \
               values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9) returning declaration";
    /// The one it amends no longer stands.
    SUPERSEDE = "update declaration set state = 2 where declaration = $1 and state = 1";
    /// It is taken back.
    UNDO = "update declaration set state = 3 where declaration = $1 and state = 1";
    /// The one it had amended stands again.
    RESTORE = "update declaration set state = 1 where state = 2 and declaration = \
               (select supersedes from declaration where declaration = $1)";
    /// What an employer declared for a month, from the first on.
    OF_MONTH = "select declaration, employer, month, state, file_hash, supersedes, lines, wages, by, at \
                from declaration where employer = $1 and month = $2 order by declaration";
    /// By its number.
    DECLARATION = "select declaration, employer, month, state, file_hash, supersedes, lines, wages, by, at \
                   from declaration where declaration = $1";
    /// Whom an employer insures in a month, as known now: active or paused on a day of it, one row a person and identity
    /// number.
    STAFF = concat!(insured!(), "where p.employer = $1 ", in_month!());
    /// One of them. By the sign before it the employer is no way to look: thousands are insured through one.
    STAFF_ONE = concat!(insured!(), "where p.person = $4 and +p.employer = $1 ", in_month!());
    /// Those of a list.
    STAFF_LIST postgres = concat!(insured!(), "where p.person = any(string_to_array($4, ',')::bigint[]) and +p.employer = $1 ", in_month!());
    /// Whether an employer insures anybody in a scheme in a month.
    INSURES = "select 1 from participation \
               where employer = $1 and scheme = $2 and superseded is null and status in (1, 2) \
               and valid_from <= $4 and (valid_until is null or $3 < valid_until) limit 1";
    /// The next month that an employer has declared.
    NEXT = "select min(month) from declaration where employer = $1 and month > $2 and state = 1";
    /// A file's batch.
    BATCH = "insert into batch (kind, file_name, file_hash, rows, state, by, at) values (1, $1, $2, $3, 1, $4, $5) \
             returning batch";
    /// It is taken back with its declaration.
    UNDO_BATCH = "update batch set state = 2, undone_by = $2, undone_at = $3 where undone_at is null and batch = \
                  (select batch from declaration where declaration = $1)";
    /// What the file was called.
    FILE = "select file_name from batch where batch = (select batch from declaration where declaration = $1)";
    /// Employers that insure someone actively on a day and have no standing declaration of the month.
    MISSING = "select distinct p.employer from participation p \
               where p.employer is not null and p.superseded is null and p.status = 1 \
               and p.valid_from <= $2 and (p.valid_until is null or $2 < p.valid_until) \
               and not exists (select 1 from declaration d where d.month = $1 and d.employer = p.employer and d.state = 1) \
               order by p.employer";
}

/// A declaration to be taken in.
#[derive(Clone, Debug)]
pub struct NewDeclaration {
    /// The employer.
    pub employer: EmployerId,
    /// The month.
    pub month: Month,
    /// How many rows it has.
    pub lines: u32,
    /// The sum of the wages it declares.
    pub wages: Fen,
    /// The digest of its bytes.
    pub file_hash: [u8; 32],
    /// The batch it came with, if with one.
    pub batch: Option<i64>,
    /// Who sent it.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// The one it amends.
    pub amends: Option<DeclarationId>,
}

/// A declaration as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What the decisions know of it.
    pub declaration: Declaration,
    /// How many rows it has.
    pub lines: u32,
    /// The sum of the wages it declares.
    pub wages: Fen,
    /// Who sent it.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// Someone an employer insures, as the declaration is compared with it; number and name encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub person: PersonId,
    /// Their resident identity number: under what it is found, and encrypted; `None` when they have none.
    pub number: Option<(Blind, Vec<u8>)>,
    /// Their name, encrypted.
    pub name_cipher: Vec<u8>,
    /// The monthly wage declared last; `None` when none was, or not the same for all schemes.
    pub wage: Option<Fen>,
    /// Whether payment is paused in one of the schemes.
    pub paused: bool,
    /// Whether they are insured and paying from the month's first day to beyond its last, in all they are insured in.
    pub steady: bool,
}

/// Of whom something was left as it is when a declaration was undone, because it had changed since.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Of the insurance of these.
    pub insurance: Vec<PersonId>,
    /// Of the employment of these.
    pub work: Vec<PersonId>,
}

/// Takes a declaration in; the one it amends no longer stands.
///
/// # Errors
///
/// `S0107` (`declaration_standing`) when another stands, (`declaration_amended_once`) when that one was amended already;
/// `S0114` when it does not stand; what the engine says.
pub fn take_in(tx: &mut Tx<'_>, new: &NewDeclaration) -> Result<DeclarationId, Error> {
    if let Some(amended) = new.amends {
        facts::superseded(tx, SUPERSEDE, params![amended])?;
    }
    let values = params![
        new.employer,
        new.month,
        new.lines,
        new.wages,
        new.file_hash,
        new.batch,
        new.by.login(),
        new.at,
        new.amends
    ];
    tx.one(TAKE_IN, values, |row| row.get(0))
}

/// Takes a declaration back: what it recorded of its staff's insurance and employment is again as known before, and the
/// one it had amended stands again. Whatever another has changed since is left, and told.
///
/// # Errors
///
/// `S0114` when it does not stand; what the engine says.
pub fn undo(
    tx: &mut Tx<'_>,
    id: DeclarationId,
    (by_whom, at): (&Actor, Moment),
    by: Origin,
) -> Result<Left, Error> {
    let kept = tx.one(DECLARATION, params![id], read)?;
    facts::superseded(tx, UNDO, params![id])?;
    tx.execute(RESTORE, params![id])?;
    tx.execute(UNDO_BATCH, params![id, by_whom.login(), at])?;
    let employer = kept.declaration.employer;
    let undone = origin(id);
    let work = work::undo(tx, employer, undone, at, by)?;
    let insurance = insurance::undo(tx, employer, undone, at, by)?;
    Ok(Left { insurance, work })
}

/// The origin of what a declaration records.
#[must_use]
pub fn origin(id: DeclarationId) -> Origin {
    Origin {
        kind: OriginKind::Declaration,
        id: id.number(),
    }
}

/// What an employer declared for a month, in all its versions, from the first on.
///
/// # Errors
///
/// What the engine says.
pub fn of_month(tx: &mut Tx<'_>, employer: EmployerId, month: Month) -> Result<Vec<Kept>, Error> {
    tx.list(OF_MONTH, params![employer, month], read)
}

/// A declaration by its number.
///
/// # Errors
///
/// What the engine says.
pub fn declaration(tx: &mut Tx<'_>, id: DeclarationId) -> Result<Option<Kept>, Error> {
    tx.find(DECLARATION, params![id], read)
}

/// Hands on whom an employer insures in a month, as known now, active or paused on a day of it, one by one and by their
/// numbers.
///
/// # Errors
///
/// What the engine says; what the closure returns.
pub fn staff<E: From<Error>>(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    month: Month,
    mut each: impl FnMut(Staff) -> Result<(), E>,
) -> Result<(), E> {
    let values = params![employer, month.first_day(), month.last_day()];
    tx.stream(STAFF, values, |row| each(staff_member(row)?))
}

/// As [`staff`], of these persons only, however many the employer insures.
///
/// # Errors
///
/// As [`staff`].
pub fn staff_among<E: From<Error>>(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    month: Month,
    persons: &[PersonId],
    mut each: impl FnMut(Staff) -> Result<(), E>,
) -> Result<(), E> {
    let (first, last) = (month.first_day(), month.last_day());
    let mut hear = |row: &Row<'_>| each(staff_member(row)?);
    for some in Asked::of(tx, persons) {
        match some {
            Asked::One(person) => {
                tx.stream(STAFF_ONE, params![employer, first, last, person], &mut hear)?;
            }
            Asked::List(list) => {
                tx.stream(STAFF_LIST, params![employer, first, last, list], &mut hear)?;
            }
        }
    }
    Ok(())
}

/// In which schemes an employer insures anybody in a month, as known now.
///
/// # Errors
///
/// What the engine says.
pub fn schemes(tx: &mut Tx<'_>, employer: EmployerId, month: Month) -> Result<Vec<Scheme>, Error> {
    let (first, last) = (month.first_day(), month.last_day());
    let mut schemes = Vec::new();
    for &scheme in Scheme::ALL {
        let values = params![employer, scheme, first, last];
        if tx.find(INSURES, values, |_| Ok(()))?.is_some() {
            schemes.push(scheme);
        }
    }
    Ok(schemes)
}

/// The next month behind this one of which a declaration of the employer stands.
///
/// # Errors
///
/// What the engine says.
pub fn next(tx: &mut Tx<'_>, employer: EmployerId, month: Month) -> Result<Option<Month>, Error> {
    tx.one(NEXT, params![employer, month], |row| row.get(0))
}

/// A file that is taken in.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch<'b> {
    /// What it is called.
    pub name: &'b str,
    /// By what it is known again: for whom, for which month, after which declaration and with which bytes.
    pub hash: [u8; 32],
    /// How many rows it has.
    pub rows: u32,
    /// Who took it in.
    pub by: &'b Actor,
    /// When.
    pub at: Moment,
}

/// Notes the file that a declaration came in.
///
/// # Errors
///
/// `S0107` (`batch_file`) when it was taken in; what the engine says.
pub fn open_batch(tx: &mut Tx<'_>, new: &NewBatch<'_>) -> Result<i64, Error> {
    let values = params![new.name, new.hash, new.rows, new.by.login(), new.at];
    tx.one(BATCH, values, |row| row.get(0))
}

/// What the file of a declaration was called, where it came in one.
///
/// # Errors
///
/// What the engine says.
pub fn file_name(tx: &mut Tx<'_>, id: DeclarationId) -> Result<Option<String>, Error> {
    tx.find(FILE, params![id], |row| row.get(0))
}

/// Hands on the employers that insure someone actively on a day and have no standing declaration of the month.
///
/// # Errors
///
/// What the engine says; what the closure returns.
pub fn missing<E: From<Error>>(
    tx: &mut Tx<'_>,
    month: Month,
    on: Day,
    mut each: impl FnMut(EmployerId) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(MISSING, params![month, on], |row| each(row.get(0)?))
}

fn staff_member(row: &Row<'_>) -> Result<Staff, Error> {
    let blind: Option<Blind> = row.get(1)?;
    let cipher: Option<Vec<u8>> = row.get(2)?;
    let (facts, declared): (i64, i64) = (row.get(4)?, row.get(5)?);
    let (least, most): (Option<Fen>, Option<Fen>) = (row.get(6)?, row.get(7)?);
    let (paused, steady): (i64, i64) = (row.get(8)?, row.get(9)?);
    Ok(Staff {
        person: row.get(0)?,
        number: blind.zip(cipher),
        name_cipher: row.get(3)?,
        wage: most.filter(|_| facts == declared && least == most),
        paused: 0 < paused,
        steady: steady == facts,
    })
}

fn read(row: &Row<'_>) -> Result<Kept, Error> {
    let state: State = row.get(3)?;
    Ok(Kept {
        declaration: Declaration {
            id: row.get(0)?,
            employer: row.get(1)?,
            month: row.get(2)?,
            state,
            file_hash: row.get(4)?,
            supersedes: row.get(5)?,
        },
        lines: row.get(6)?,
        wages: row.get(7)?,
        by: actor(row, 8)?,
        at: row.get(9)?,
    })
}
