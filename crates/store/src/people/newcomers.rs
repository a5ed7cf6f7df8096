//! Many persons at once whom the register does not know yet.

use super::{ENROL_LISTS, LAST, NAME_LISTS, Sealed, hex};
use crate::{bulk::Kind, db::Engine, error::Error, facts, params, tx::Tx, value::Value};
use city::facts::Origin;
use city::people::{IdentifierKind, PersonId};
use measure::{Day, Moment, Sex};
use std::collections::BTreeMap;

/// Takes many persons into the register, each with sex and day of birth and known by a resident identity number from that
/// day on. `seal` encrypts the name and number of one of them, who is by then known by a number of ours. Gives those numbers,
/// in the order given.
///
/// # Errors
///
/// `S0107` (`identity_current`) when a number is somebody else's; what the engine says; what `seal` returns.
pub fn enrol_all<E: From<Error>>(
    tx: &mut Tx<'_>,
    people: &[(Sex, Day)],
    (recorded, origin): (Moment, Origin),
    mut seal: impl FnMut(usize, PersonId) -> Result<(Vec<u8>, Sealed), E>,
) -> Result<Vec<PersonId>, E> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let numbers = numbers(tx, people, (recorded, origin))?;
    let mut sealed = Vec::with_capacity(people.len());
    for (place, person) in numbers.iter().enumerate() {
        sealed.push(seal(place, *person)?);
    }
    let names = sealed.iter().map(|(name, _)| name.as_slice());
    name_all(tx, &numbers, people, names, (recorded, origin))?;
    let columns = [
        ("person", Kind::BigInt),
        ("kind", Kind::SmallInt),
        ("cipher", Kind::Bytes),
        ("blind", Kind::Bytes),
        ("valid_from", Kind::Day),
        ("recorded", Kind::Moment),
        ("origin_kind", Kind::SmallInt),
        ("origin", Kind::BigInt),
    ];
    let mut copy = tx.copy_in("identity", &columns)?;
    for ((person, (_, born)), (_, number)) in numbers.iter().zip(people).zip(&sealed) {
        copy.push(params![
            *person,
            IdentifierKind::ResidentIdentity,
            &number.cipher[..],
            number.blind,
            *born,
            recorded,
            origin.kind,
            origin.id
        ])?;
    }
    copy.finish()?;
    Ok(numbers)
}

/// Numbers for new persons; on PostgreSQL their rows are there, still without names.
fn numbers(
    tx: &mut Tx<'_>,
    people: &[(Sex, Day)],
    (recorded, origin): (Moment, Origin),
) -> Result<Vec<PersonId>, Error> {
    if tx.engine() == Engine::Sqlite {
        // Nobody else writes meanwhile.
        let last: i64 = tx.one(LAST, params![], |row| row.get::<i64>(0))?;
        let numbers = (last + 1..).take(people.len()).map(PersonId::new);
        return Ok(numbers.flatten().collect());
    }
    let sexes = facts::list(people.iter().map(|(sex, _)| code(*sex).to_string()));
    let births = facts::list(people.iter().map(|(_, born)| born.to_string()));
    let values = params![sexes, births, recorded, origin.kind, origin.id];
    // They come in no order that could be relied on, and are told apart by nothing else yet.
    let mut alike: BTreeMap<(i64, Day), Vec<PersonId>> = BTreeMap::new();
    tx.stream(ENROL_LISTS, values, |row| {
        let sex: Sex = row.get(1)?;
        let key = (code(sex), row.get(2)?);
        alike.entry(key).or_default().push(row.get(0)?);
        Ok::<(), Error>(())
    })?;
    let of = people.iter().filter_map(|(sex, born)| {
        let alike = alike.get_mut(&(code(*sex), *born))?;
        alike.pop()
    });
    Ok(of.collect())
}

fn name_all<'n>(
    tx: &mut Tx<'_>,
    numbers: &[PersonId],
    people: &[(Sex, Day)],
    names: impl Iterator<Item = &'n [u8]>,
    (recorded, origin): (Moment, Origin),
) -> Result<(), Error> {
    if tx.engine() == Engine::Postgres {
        let names = facts::list(names.map(hex));
        let numbers = facts::list(numbers.iter().map(|person| person.number().to_string()));
        return tx.execute(NAME_LISTS, params![numbers, names]).map(drop);
    }
    let columns = [
        ("person", Kind::BigInt),
        ("sex", Kind::SmallInt),
        ("born", Kind::Day),
        ("name_cipher", Kind::Bytes),
        ("recorded", Kind::Moment),
        ("origin_kind", Kind::SmallInt),
        ("origin", Kind::BigInt),
    ];
    let mut copy = tx.copy_in("person", &columns)?;
    for ((person, (sex, born)), name) in numbers.iter().zip(people).zip(names) {
        copy.push(params![
            *person,
            *sex,
            *born,
            name,
            recorded,
            origin.kind,
            origin.id
        ])?;
    }
    copy.finish().map(drop)
}

fn code(sex: Sex) -> i64 {
    match Value::from(sex) {
        Value::Int(code) => code,
        _ => 0,
    }
}
