//! What did this employer declare, whom does it insure, and who has not declared?

use crate::{
    error::Error, facts, insurance, params, people::actor, row::Row, statements, tx::Tx, work,
};
use city::{
    actors::Actor,
    declarations::{Declaration, DeclarationId, State},
    employers::EmployerId,
    facts::{Origin, OriginKind},
    people::{Blind, PersonId},
};
use measure::{Day, Fen, Moment, Month};

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
    /// Whom an employer insures on a day, as known now: active or paused, one row a person and identity number.
    STAFF = "select p.person, i.blind, i.cipher, r.name_cipher, \
             cast(count(*) as bigint) as schemes, cast(count(p.declared) as bigint) as declared, \
             min(p.declared) as least, max(p.declared) as most, \
             cast(sum(case when p.status = 2 then 1 else 0 end) as bigint) as paused \
             from participation p join person r on r.person = p.person \
             left join identity i on i.person = p.person and i.kind = 1 and i.superseded is null \
                  and i.valid_from <= $2 and (i.valid_until is null or $2 < i.valid_until) \
             where p.employer = $1 and p.superseded is null and p.status in (1, 2) \
             and p.valid_from <= $2 and (p.valid_until is null or $2 < p.valid_until) \
             group by p.person, i.blind, i.cipher, r.name_cipher order by p.person";
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
pub fn undo(tx: &mut Tx<'_>, id: DeclarationId, at: Moment, by: Origin) -> Result<Left, Error> {
    let kept = tx.one(DECLARATION, params![id], read)?;
    facts::superseded(tx, UNDO, params![id])?;
    tx.execute(RESTORE, params![id])?;
    let employer = kept.declaration.employer;
    let undone = origin(id);
    Ok(Left {
        insurance: insurance::undo(tx, employer, undone, at, by)?,
        work: work::undo(tx, employer, undone, at, by)?,
    })
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

/// Hands on whom an employer insures on a day, as known now, active or paused, one by one and by their numbers. For a
/// month it is asked of the month's last day: who came or left within it is then known.
///
/// # Errors
///
/// What the engine says; what the closure returns.
pub fn staff<E: From<Error>>(
    tx: &mut Tx<'_>,
    employer: EmployerId,
    on: Day,
    mut each: impl FnMut(Staff) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(STAFF, params![employer, on], |row| each(staff_member(row)?))
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
    let (schemes, declared): (i64, i64) = (row.get(4)?, row.get(5)?);
    let (least, most): (Option<Fen>, Option<Fen>) = (row.get(6)?, row.get(7)?);
    let paused: i64 = row.get(8)?;
    Ok(Staff {
        person: row.get(0)?,
        number: blind.zip(cipher),
        name_cipher: row.get(3)?,
        wage: most.filter(|_| schemes == declared && least == most),
        paused: 0 < paused,
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
