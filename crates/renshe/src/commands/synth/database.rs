//! A database that takes a city: names and identity numbers encrypted on all threads, rows poured in by bulk copy, in one
//! transaction.

use super::pour::{Poured, Rows};
use super::{Destination, write};
use crate::arguments::Synth;
use crate::output::{Failure, Setting};
use crate::place::of_store;
use measure::{Day, Moment};
use std::sync::Arc;
use store::secrets::{Place, Secrets, counted_nonce};
use store::{Db, Error, Kind, Tx, Write, audit, filling};
use synth::{City, Employers, Registers};

/// The database that is filled.
struct Database<'t, 'c> {
    tx: &'t mut Tx<'c>,
    secrets: Arc<Secrets>,
    setting: Setting,
}

/// Why a city is not poured.
enum Stop {
    Told(Failure),
    Store(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Store(error)
    }
}

/// Rows made ready.
enum Ready {
    Employers(Employers),
    Registers(Box<Registers>, Encrypted),
    /// What changes in months is not a register's.
    Nothing,
}

/// Of each person the name and the number, encrypted, and what the number is found by.
struct Encrypted {
    names: Vec<Vec<u8>>,
    numbers: Vec<Vec<u8>>,
    blinds: Vec<[u8; 16]>,
}

/// Names and numbers have each a series of nonces of their own: a city is poured once under a key.
const NAMES: u32 = 0x5359_4E01;
const NUMBERS: u32 = 0x5359_4E02;
/// `origin_kind` and `origin`: made up, for trials.
const SYNTHETIC: (i64, i64) = (6, 1);
/// `participation.category`: through an employer, and alone.
const EMPLOYEE: u8 = synth::codes::category::EMPLOYEE;
const INDIVIDUAL: u8 = synth::codes::category::INDIVIDUAL;
/// `identity.kind`: a resident's identity number.
const RESIDENT: i64 = 1;

/// Fills a database with a city that is said to have been recorded now. It is there as a whole or not at all.
pub(crate) fn fill(
    db: &Db,
    secrets: Secrets,
    city: &City,
    asked: &Synth,
    threads: usize,
    setting: &Setting,
) -> Result<Poured, Failure> {
    let secrets = Arc::new(secrets);
    let filled = db.write_with(Write::committed(), |tx| {
        tx.set_all_districts()?;
        let poured = filling::registers(tx, |tx| {
            let database = Database {
                tx,
                secrets: secrets.clone(),
                setting: *setting,
            };
            write(city, asked, database, threads, setting).map_err(Stop::Told)
        })?;
        tx.take_stock()?;
        audit::append(tx, &loaded(setting.now))?;
        Ok(poured)
    });
    filled.map_err(|stop| match stop {
        Stop::Told(failure) => failure,
        Stop::Store(error) => of_store(&error, setting),
    })
}

/// What the audit log says of it.
fn loaded(at: Moment) -> audit::Entry<'static> {
    audit::Entry {
        at,
        actor: "synth",
        role: "office",
        purpose: "a synthetic city",
        action: "registers.load",
        subject_kind: audit::NONE,
        subject: 0,
        through: "command",
        detail: "",
    }
}

type Prepare = Box<dyn Fn(Rows) -> Result<Ready, Failure> + Sync>;

impl Destination for Database<'_, '_> {
    type Ready = Ready;
    type Prepare = Prepare;

    fn prepare(&self) -> Prepare {
        let secrets = self.secrets.clone();
        Box::new(move |rows| {
            Ok(match rows {
                Rows::Employers(employers) => Ready::Employers(employers),
                Rows::Registers(registers) => {
                    let encrypted = encrypted(&secrets, &registers);
                    Ready::Registers(registers, encrypted)
                }
                Rows::Changes(_) => Ready::Nothing,
            })
        })
    }

    fn accept(&mut self, ready: Ready) -> Result<(), Failure> {
        let recorded = self.setting.now;
        let taken = match &ready {
            Ready::Employers(employers) => take_employers(self.tx, employers, recorded),
            Ready::Registers(registers, encrypted) => {
                take_persons(self.tx, registers, encrypted, recorded)
                    .and_then(|()| take_work(self.tx, registers, recorded))
            }
            Ready::Nothing => Ok(()),
        };
        taken.map_err(|error| of_store(&error, &self.setting))
    }

    fn finish(self) -> Result<(), Failure> {
        Ok(())
    }
}

fn encrypted(secrets: &Secrets, registers: &Registers) -> Encrypted {
    let persons = &registers.persons;
    let seal = |table, column, person: i64, text: &str, series| {
        let place = Place {
            table,
            column,
            person,
        };
        secrets.seal(place, text, counted_nonce(series, person.unsigned_abs()))
    };
    let numbers = registers.identities.number.iter();
    let texts: Vec<&str> = numbers
        .map(|number| std::str::from_utf8(number).expect("a synthetic number is digits"))
        .collect();
    let of_identity = registers.identities.person.iter().zip(&texts);
    Encrypted {
        names: persons
            .person
            .iter()
            .zip(persons.name.iter())
            .map(|(person, name)| seal("person", "name", *person, name, NAMES))
            .collect(),
        numbers: of_identity
            .map(|(person, text)| seal("identity", "number", *person, text, NUMBERS))
            .collect(),
        blinds: texts
            .iter()
            .map(|text| secrets.blind("identity", text))
            .collect(),
    }
}

/// The columns that end a row of a fact that holds from a day on.
const FACT: [(&str, Kind); 4] = [
    ("valid_from", Kind::Day),
    ("recorded", Kind::Moment),
    ("origin_kind", Kind::SmallInt),
    ("origin", Kind::BigInt),
];

fn with_fact(columns: &[(&'static str, Kind)]) -> Vec<(&'static str, Kind)> {
    columns.iter().chain(&FACT).copied().collect()
}

fn day(number: i32) -> Day {
    Day::from_number(number).expect("a synthetic day is in the calendar")
}

fn take_employers(tx: &mut Tx<'_>, employers: &Employers, recorded: Moment) -> Result<(), Error> {
    let columns = [
        ("employer", Kind::BigInt),
        ("credit_code", Kind::Text),
        ("name", Kind::Text),
        ("recorded", Kind::Moment),
        ("origin_kind", Kind::SmallInt),
        ("origin", Kind::BigInt),
    ];
    let mut copy = tx.copy_in("employer", &columns)?;
    for (row, name) in employers.name.iter().enumerate() {
        let code = std::str::from_utf8(&employers.credit_code[row]);
        copy.int(employers.employer[row])?
            .text(code.expect("a synthetic code is letters and digits"))?
            .text(name)?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    let columns = with_fact(&[
        ("employer", Kind::BigInt),
        ("district", Kind::Integer),
        ("industry_class", Kind::SmallInt),
        ("rate_level", Kind::SmallInt),
    ]);
    let mut copy = tx.copy_in("employer_fact", &columns)?;
    let since = Day::new(2020, 1, 1).expect("a day of the calendar");
    for (row, employer) in employers.employer.iter().enumerate() {
        copy.int(*employer)?
            .int(employers.district[row].into())?
            .int(employers.industry_class[row].into())?
            .int(employers.rate_level[row].into())?
            .day(since)?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
}

fn take_persons(
    tx: &mut Tx<'_>,
    registers: &Registers,
    encrypted: &Encrypted,
    recorded: Moment,
) -> Result<(), Error> {
    let persons = &registers.persons;
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
    for (row, person) in persons.person.iter().enumerate() {
        copy.int(*person)?
            .int(persons.sex[row].into())?
            .day(day(persons.born[row]))?
            .bytes(&encrypted.names[row])?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    let columns = with_fact(&[
        ("person", Kind::BigInt),
        ("kind", Kind::SmallInt),
        ("cipher", Kind::Bytes),
        ("blind", Kind::Bytes),
    ]);
    let mut copy = tx.copy_in("identity", &columns)?;
    for (row, person) in registers.identities.person.iter().enumerate() {
        copy.int(*person)?
            .int(RESIDENT)?
            .bytes(&encrypted.numbers[row])?
            .bytes(&encrypted.blinds[row])?
            .day(day(persons.born[row]))?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    let homes = &registers.residences;
    let columns = with_fact(&[("person", Kind::BigInt), ("district", Kind::Integer)]);
    let mut copy = tx.copy_in("residence", &columns)?;
    for (row, person) in homes.person.iter().enumerate() {
        copy.int(*person)?
            .int(homes.district[row].into())?
            .day(day(homes.from[row]))?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
}

fn take_work(tx: &mut Tx<'_>, registers: &Registers, recorded: Moment) -> Result<(), Error> {
    let work = &registers.employments;
    let columns = with_fact(&[
        ("person", Kind::BigInt),
        ("employer", Kind::BigInt),
        ("kind", Kind::SmallInt),
        ("post", Kind::SmallInt),
    ]);
    let mut copy = tx.copy_in("employment", &columns)?;
    for (row, person) in work.person.iter().enumerate() {
        copy.int(*person)?
            .int(work.employer[row])?
            .int(work.kind[row].into())?
            .int(work.post[row].into())?
            .day(day(work.from[row]))?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    let parts = &registers.participations;
    let columns = with_fact(&[
        ("person", Kind::BigInt),
        ("scheme", Kind::SmallInt),
        ("category", Kind::SmallInt),
        ("employer", Kind::BigInt),
        ("district", Kind::Integer),
        ("status", Kind::SmallInt),
        ("declared", Kind::BigInt),
    ]);
    let mut copy = tx.copy_in("participation", &columns)?;
    for (row, person) in parts.person.iter().enumerate() {
        // Who pays through an employer has one. Whoever has left theirs is paused, on their own; who works for a platform
        // and pays alone has an employment there, but no employer who pays.
        let (category, employer) = match (parts.category[row], parts.employer[row]) {
            (EMPLOYEE, 0) => (INDIVIDUAL, None),
            (EMPLOYEE, employer) => (EMPLOYEE, Some(employer)),
            (category, _) => (category, None),
        };
        copy.int(*person)?
            .int(parts.scheme[row].into())?
            .int(category.into())?;
        match employer {
            Some(employer) => copy.int(employer)?,
            None => copy.null()?,
        };
        copy.int(parts.district[row].into())?
            .int(parts.status[row].into())?;
        match parts.declared[row] {
            0 => copy.null()?,
            declared => copy.int(declared)?,
        };
        copy.day(day(parts.from[row]))?
            .moment(recorded)?
            .int(SYNTHETIC.0)?
            .int(SYNTHETIC.1)?
            .end()?;
    }
    copy.finish()?;
    Ok(())
}
