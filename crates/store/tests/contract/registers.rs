//! Making persons, employers and insurance for the tests of the registers.

use city::{
    employers::EmployerId,
    facts::{Origin, OriginKind, Span, Timeline},
    insurance::{Category, Command, Participation, Scheme, Slot, Status, apply},
    people::{Blind, IdentifierKind, PersonId},
    places::District,
};
use measure::{CreditCode, Day, Fen, Moment, Month, Sex};
use store::{
    Tx, employers, insurance,
    people::{self, NewPerson, Sealed},
};

/// A day written `2025-01-31`, or `2025-01` for the first of the month.
pub(crate) fn day(text: &str) -> Day {
    match text.len() {
        7 => Month::parse(text).unwrap().first_day(),
        _ => Day::parse(text).unwrap(),
    }
}

pub(crate) fn moment(number: i64) -> Moment {
    Moment::from_microseconds(1_748_736_000_000_000 + number)
}

pub(crate) fn origin(kind: OriginKind, id: i64) -> Origin {
    Origin { kind, id }
}

pub(crate) fn district() -> District {
    District::new(500_103).unwrap()
}

pub(crate) fn sealed(number: u8) -> Sealed {
    Sealed {
        blind: Blind([number; 16]),
        cipher: vec![number, 1, 2, 3],
    }
}

/// A person with this identity number from 2020 on.
pub(crate) fn person(tx: &mut Tx<'_>, number: u8) -> PersonId {
    let new = NewPerson {
        sex: Sex::Female,
        born: day("1980-05-01"),
        name_cipher: vec![9, number],
        recorded: moment(0),
        origin: origin(OriginKind::Import, 1),
    };
    let person = people::enrol(tx, &new).unwrap();
    let known = Timeline::default();
    let from = Span::from(day("2020-01"));
    let changes = known
        .record(
            from,
            IdentifierKind::ResidentIdentity,
            moment(0),
            new.origin,
        )
        .unwrap();
    people::identify(tx, person, &sealed(number), &changes).unwrap();
    person
}

/// An employer, told apart by a letter.
pub(crate) fn employer(tx: &mut Tx<'_>, letter: char) -> EmployerId {
    let code = CreditCode::complete(&format!("91500103MA000000{letter}")).unwrap();
    employers::enrol(
        tx,
        &code,
        "某公司",
        moment(0),
        origin(OriginKind::Import, 1),
    )
    .unwrap()
}

pub(crate) fn slot(scheme: Scheme, employer: EmployerId) -> Slot {
    Slot::new(scheme, Category::Employee, Some(employer)).unwrap()
}

pub(crate) fn participation(slot: Slot, status: Status, yuan: i64) -> Participation {
    Participation {
        slot,
        status,
        district: district(),
        declared: Some(Fen::from_yuan(yuan).unwrap()),
    }
}

pub(crate) fn start(slot: Slot, from: &str, yuan: i64) -> Command {
    Command::Start {
        from: day(from),
        slot,
        district: district(),
        declared: Some(Fen::from_yuan(yuan).unwrap()),
    }
}

/// Loads, decides and carries out, as the office does.
pub(crate) fn command(
    tx: &mut Tx<'_>,
    person: PersonId,
    slot: Slot,
    command: &Command,
    at: i64,
    origin: Origin,
) {
    let known = insurance::of(tx, person)
        .unwrap()
        .remove(&slot)
        .unwrap_or_default();
    let changes = apply(&known, command, moment(at), origin).unwrap();
    insurance::carry_out(tx, person, &changes).unwrap();
}
