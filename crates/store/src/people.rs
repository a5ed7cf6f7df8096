//! Who is it, by which numbers are they known, and are these two the same?
//!
//! Names and numbers come in and go out encrypted; who holds the keys turns them into text. A number is looked up by its
//! [`Blind`], its keyed digest.

use crate::{
    db::Engine,
    error::Error,
    facts::{self, COMMON, Table},
    insurance, params,
    row::Row,
    statement::Statement,
    statements,
    tx::Tx,
    value::Value,
    work,
};
use city::{
    actors::Actor,
    facts::{Change, Origin, Timeline},
    merge::{Held, Holdings, Merge, MergeId, Move},
    people::{Blind, IdentifierKind, Person, PersonId, Relation},
    places::District,
};
use measure::{Day, Moment, Sex};
use std::collections::BTreeMap;

mod newcomers;

pub use newcomers::enrol_all;

statements! {
    /// Takes a person into the register.
    ENROL = "insert into person (sex, born, name_cipher, recorded, origin_kind, origin) \
             values ($1, $2, $3, $4, $5, $6) returning person";
    /// By their number.
    PERSON = "select sex, born, name_cipher from person where person = $1";
    /// Who has this number now.
    FIND = "select person, kind from identity \
            where blind = $1 and superseded is null and valid_until is null";
    /// Who had this number on a day, as known at a moment.
    FIND_ON = "select person, kind from identity \
               where blind = $1 and valid_from <= $2 and (valid_until is null or $2 < valid_until) \
               and recorded <= $3 and (superseded is null or $3 < superseded)";
    /// Who has this number now, with their name.
    KNOWN = "select i.blind, i.person, r.name_cipher from identity i join person r on r.person = i.person \
             where i.blind = $1 and i.superseded is null and i.valid_until is null";
    /// The same of a list of numbers.
    KNOWN_LIST postgres = "select i.blind, i.person, r.name_cipher from identity i join person r on r.person = i.person \
             where i.blind = any(array(select decode(n, 'hex') from unnest(string_to_array($1, ',')) as n)) \
             and i.superseded is null and i.valid_until is null";
    /// The greatest number of a person.
    LAST sqlite = "select coalesce(max(person), 0) from person";
    /// Takes a list of persons into the register; their names follow.
    ENROL_LISTS postgres = "insert into person (sex, born, name_cipher, recorded, origin_kind, origin) \
             select sex, born, ''::bytea, $3, $4, $5 \
             from unnest(string_to_array($1, ',')::smallint[], string_to_array($2, ',')::date[]) as t (sex, born) \
             returning person, sex, born";
    /// The names of a list of persons.
    NAME_LISTS postgres = "update person set name_cipher = decode(t.name, 'hex') \
             from unnest(string_to_array($1, ',')::bigint[], string_to_array($2, ',')) as t (id, name) \
             where person.person = t.id";
    /// Who was born on a day, with their names.
    BORN = "select person, name_cipher from person where born = $1 order by person limit 20000";
    /// Every fact of the numbers a person is known by.
    IDENTIFIERS = "select identity, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
                   blind, kind from identity where person = $1 order by identity";
    /// The numbers a person has now, encrypted.
    CIPHERS = "select kind, cipher from identity \
               where person = $1 and superseded is null and valid_until is null order by kind, identity";
    /// A number seen for the first time.
    IDENTIFY = "insert into identity (valid_from, valid_until, recorded, origin_kind, origin, \
                person, kind, blind, cipher) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// A number that is in the register already, and for whom it was sealed.
    SEALED = "select person, cipher from identity where blind = $1 order by identity limit 1";
    /// A number is no longer held to be theirs so.
    SUPERSEDE_IDENTITY = "update identity set superseded = $2 where identity = $1 and superseded is null";
    /// Every fact of where a person lives.
    RESIDENCE = "select residence, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
                 district from residence where person = $1 order by residence";
    /// A fact of where a person lives.
    INSERT_RESIDENCE = "insert into residence (valid_from, valid_until, recorded, origin_kind, origin, \
                        person, district) values ($1, $2, $3, $4, $5, $6, $7)";
    /// No longer held to be so.
    SUPERSEDE_RESIDENCE = "update residence set superseded = $2 where residence = $1 and superseded is null";
    /// Every fact of a person's household.
    HOUSEHOLD = "select household, valid_from, valid_until, recorded, superseded, origin_kind, origin, \
                 other, relation from household where person = $1 order by household";
    /// A fact of a person's household.
    INSERT_HOUSEHOLD = "insert into household (valid_from, valid_until, recorded, origin_kind, origin, \
                        person, other, relation) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// No longer held to be so.
    SUPERSEDE_HOUSEHOLD = "update household set superseded = $2 where household = $1 and superseded is null";
    /// Two were found to be one.
    MERGE = "insert into merge (kept, merged, at, by, reason) values ($1, $2, $3, $4, $5) returning merge";
    /// They were not.
    UNDO_MERGE = "update merge set undone_at = $2, undone_by = $3 where merge = $1 and undone_at is null";
    /// The merges in which a person has a part.
    MERGES = "select merge, kept, merged, at, by, reason, undone_at, undone_by from merge \
              where kept = $1 or merged = $1 order by merge";
}

/// A person to be taken into the register.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their sex.
    pub sex: Sex,
    /// Their day of birth.
    pub born: Day,
    /// Their name, encrypted.
    pub name_cipher: Vec<u8>,
    /// When they are recorded.
    pub recorded: Moment,
    /// By what.
    pub origin: Origin,
}

/// A number, encrypted, and under what it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its keyed digest.
    pub blind: Blind,
    /// The number, encrypted.
    pub cipher: Vec<u8>,
}

struct Residence;

impl Table for Residence {
    type Subject = PersonId;
    type Value = District;
    const INSERT: Statement = INSERT_RESIDENCE;
    const SUPERSEDE: Statement = SUPERSEDE_RESIDENCE;

    fn columns(person: &PersonId, value: &District) -> Vec<Value> {
        params![*person, *value].to_vec()
    }
}

struct Household;

impl Table for Household {
    type Subject = (PersonId, PersonId);
    type Value = Relation;
    const INSERT: Statement = INSERT_HOUSEHOLD;
    const SUPERSEDE: Statement = SUPERSEDE_HOUSEHOLD;

    fn columns((person, other): &(PersonId, PersonId), value: &Relation) -> Vec<Value> {
        params![*person, *other, *value].to_vec()
    }
}

/// Takes a person into the register.
///
/// # Errors
///
/// What the engine says.
pub fn enrol(tx: &mut Tx<'_>, person: &NewPerson) -> Result<PersonId, Error> {
    let values = params![
        person.sex,
        person.born,
        &person.name_cipher[..],
        person.recorded,
        person.origin.kind,
        person.origin.id
    ];
    tx.one(ENROL, values, |row| row.get(0))
}

/// A person and their name, encrypted.
///
/// # Errors
///
/// What the engine says.
pub fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<(Person, Vec<u8>)>, Error> {
    tx.find(PERSON, params![id], |row| {
        let person = Person {
            id,
            sex: row.get(0)?,
            born: row.get(1)?,
        };
        Ok((person, row.get(2)?))
    })
}

/// Who has a number now, and as what.
///
/// # Errors
///
/// What the engine says.
pub fn find(tx: &mut Tx<'_>, blind: Blind) -> Result<Option<(PersonId, IdentifierKind)>, Error> {
    tx.find(FIND, params![blind], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Hands on who was born on a day and their names, encrypted; at most twenty thousand.
///
/// # Errors
///
/// What the engine says; what the closure returns.
pub fn born<E: From<Error>>(
    tx: &mut Tx<'_>,
    day: Day,
    mut each: impl FnMut(PersonId, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(BORN, params![day], |row| {
        let name: Vec<u8> = row.get(1)?;
        each(row.get(0)?, &name)
    })
}

/// Who had a number on a day, as known at a moment, and as what.
///
/// # Errors
///
/// What the engine says; `S0114` when the database holds two.
pub fn find_on(
    tx: &mut Tx<'_>,
    blind: Blind,
    day: Day,
    known: Moment,
) -> Result<Option<(PersonId, IdentifierKind)>, Error> {
    let values = params![blind, day, known];
    tx.find(FIND_ON, values, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Who has which of many numbers now, and their names, encrypted; numbers nobody has are not in the answer.
///
/// # Errors
///
/// What the engine says.
pub fn known(
    tx: &mut Tx<'_>,
    blinds: &[Blind],
) -> Result<BTreeMap<Blind, (PersonId, Vec<u8>)>, Error> {
    const AT_ONCE: usize = 4_096;
    let mut found = BTreeMap::new();
    let mut each = |row: &Row<'_>| {
        found.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
        Ok::<(), Error>(())
    };
    match tx.engine() {
        Engine::Sqlite => {
            for blind in blinds {
                tx.stream(KNOWN, params![*blind], &mut each)?;
            }
        }
        Engine::Postgres => {
            for some in blinds.chunks(AT_ONCE) {
                let list = facts::list(some.iter().map(|blind| hex(&blind.0)));
                tx.stream(KNOWN_LIST, params![list], &mut each)?;
            }
        }
    }
    Ok(found)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// All that is or was known of the numbers a person is known by.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn identifiers(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<BTreeMap<Blind, Timeline<IdentifierKind>>, Error> {
    let facts = tx.list(IDENTIFIERS, params![person], |row| {
        let kind = row.get(COMMON + 1)?;
        Ok::<_, Error>((row.get(COMMON)?, facts::fact(row, kind)?))
    })?;
    facts::timelines(facts)
}

/// The numbers a person has now, encrypted, each with what it is.
///
/// # Errors
///
/// What the engine says.
pub fn ciphers(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<(IdentifierKind, Vec<u8>)>, Error> {
    tx.list(CIPHERS, params![person], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

/// Carries out what was decided of a number of a person.
///
/// # Errors
///
/// `S0107` (`identity_current`) when it is someone else's; `S0114` when a fact was superseded meanwhile; what the engine
/// says.
pub fn identify(
    tx: &mut Tx<'_>,
    person: PersonId,
    number: &Sealed,
    changes: &[Change<IdentifierKind>],
) -> Result<(), Error> {
    for change in changes {
        match change {
            Change::Supersede { fact, at } => {
                facts::superseded(tx, SUPERSEDE_IDENTITY, params![*fact, *at])?;
            }
            Change::Insert(fact) => {
                let mut values = facts::common(fact);
                let kind = fact.value;
                values.extend_from_slice(params![person, kind, number.blind, &number.cipher[..]]);
                tx.execute(IDENTIFY, &values)?;
            }
        }
    }
    Ok(())
}

/// All that is or was known of where a person lives.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn residence(tx: &mut Tx<'_>, person: PersonId) -> Result<Timeline<District>, Error> {
    let facts = tx.list(RESIDENCE, params![person], |row| {
        facts::fact(row, row.get(COMMON)?)
    })?;
    facts::timeline(facts)
}

/// Carries out what was decided of where a person lives.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out_residence(
    tx: &mut Tx<'_>,
    person: PersonId,
    changes: &[Change<District>],
) -> Result<(), Error> {
    facts::carry_out::<Residence>(tx, &person, changes)
}

/// All that is or was known of what others are to a person.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn household(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<BTreeMap<PersonId, Timeline<Relation>>, Error> {
    let facts = tx.list(HOUSEHOLD, params![person], |row| {
        let relation = row.get(COMMON + 1)?;
        Ok::<_, Error>((row.get(COMMON)?, facts::fact(row, relation)?))
    })?;
    facts::timelines(facts)
}

/// Carries out what was decided of what another is to a person.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out_household(
    tx: &mut Tx<'_>,
    person: PersonId,
    other: PersonId,
    changes: &[Change<Relation>],
) -> Result<(), Error> {
    facts::carry_out::<Household>(tx, &(person, other), changes)
}

/// Everything held under a person.
///
/// # Errors
///
/// What the engine says; `S0112` when facts contradict each other.
pub fn holdings(tx: &mut Tx<'_>, person: PersonId) -> Result<Holdings, Error> {
    Ok(Holdings {
        identifiers: identifiers(tx, person)?,
        residence: residence(tx, person)?,
        household: household(tx, person)?,
        employments: work::of(tx, person)?,
        participations: insurance::of(tx, person)?,
        pillars: insurance::pillars(tx, person)?,
    })
}

/// Seals a number that was sealed for one person for another. A number is sealed for whom it stands, so that none can be
/// put under another.
pub type Reseal<'a> = dyn FnMut(PersonId, PersonId, &[u8]) -> Result<Vec<u8>, Error> + 'a;

/// Records that two persons are one, and moves what was decided.
///
/// # Errors
///
/// `S0107` (`merge_current`) when the one was merged already; `S0114` when a fact was superseded meanwhile; what the
/// engine says.
pub fn merge(
    tx: &mut Tx<'_>,
    (kept, merged): (PersonId, PersonId),
    (at, by, reason): (Moment, &Actor, &str),
    moves: &[Move],
    reseal: &mut Reseal<'_>,
) -> Result<MergeId, Error> {
    let values = params![kept, merged, at, by.login(), reason];
    let id = tx.one(MERGE, values, |row| row.get(0))?;
    carry_out(tx, moves, reseal)?;
    Ok(id)
}

/// Records that a merge is undone, and moves back what was decided.
///
/// # Errors
///
/// `S0114` when it was undone already or a fact was superseded meanwhile; what the engine says.
pub fn undo_merge(
    tx: &mut Tx<'_>,
    merge: MergeId,
    (at, by): (Moment, &Actor),
    moves: &[Move],
    reseal: &mut Reseal<'_>,
) -> Result<(), Error> {
    facts::superseded(tx, UNDO_MERGE, params![merge, at, by.login()])?;
    carry_out(tx, moves, reseal)
}

/// The merges in which a person has a part, undone or not, from the first on.
///
/// # Errors
///
/// What the engine says.
pub fn merges(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Merge>, Error> {
    tx.list(MERGES, params![person], |row| {
        let undone_at: Option<Moment> = row.get(6)?;
        let undone_by: Option<String> = row.get(7)?;
        let undone_by = undone_by.and_then(|login| Actor::new(&login));
        Ok(Merge {
            id: row.get(0)?,
            kept: row.get(1)?,
            merged: row.get(2)?,
            at: row.get(3)?,
            by: actor(row, 4)?,
            reason: row.get(5)?,
            undone: undone_at.zip(undone_by),
        })
    })
}

/// Carries out what was decided of everything held under persons.
///
/// # Errors
///
/// What the engine says; `S0114` when a fact was superseded meanwhile.
pub fn carry_out(tx: &mut Tx<'_>, moves: &[Move], reseal: &mut Reseal<'_>) -> Result<(), Error> {
    for Move { person, change } in moves {
        match change {
            Held::Identifier(blind, change) => {
                identify_again(tx, *person, *blind, change, reseal)?;
            }
            Held::Residence(change) => {
                carry_out_residence(tx, *person, std::slice::from_ref(change))?;
            }
            Held::Household(other, change) => {
                carry_out_household(tx, *person, *other, std::slice::from_ref(change))?;
            }
            Held::Employment(employer, change) => {
                work::carry_out(tx, *person, *employer, std::slice::from_ref(change))?;
            }
            Held::Participation(_, change) => {
                insurance::carry_out(tx, *person, std::slice::from_ref(change))?;
            }
            Held::Pillar(_, change) => {
                insurance::carry_out_pillars(tx, *person, std::slice::from_ref(change))?;
            }
        }
    }
    Ok(())
}

/// Changes what is known of a number that is in the register already, sealed anew for whom it was not sealed for.
fn identify_again(
    tx: &mut Tx<'_>,
    person: PersonId,
    blind: Blind,
    change: &Change<IdentifierKind>,
    reseal: &mut Reseal<'_>,
) -> Result<(), Error> {
    let mut cipher = Vec::new();
    if let Change::Insert(_) = change {
        let (of, sealed): (PersonId, Vec<u8>) = tx.one(SEALED, params![blind], |row| {
            Ok::<_, Error>((row.get(0)?, row.get(1)?))
        })?;
        cipher = match of == person {
            true => sealed,
            false => reseal(of, person, &sealed)?,
        };
    }
    let number = Sealed { blind, cipher };
    identify(tx, person, &number, std::slice::from_ref(change))
}

/// The actor in a column.
pub(crate) fn actor(row: &Row<'_>, column: usize) -> Result<Actor, Error> {
    let login: String = row.get(column)?;
    Actor::new(&login).ok_or_else(|| facts::damaged(&"an act of nobody"))
}
