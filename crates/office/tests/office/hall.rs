//! The hall where employers hand in what they declare: a few of them with their staff, names and numbers encrypted.

use crate::town::{TheLaw, actor, day, moment, month};
use city::actors::Actor;
use city::declarations::{Coverage, Verdict};
use city::employers::EmployerId;
use city::people::{Blind, PersonId};
use city::places::District;
use exchange::Fault;
use exchange::sheets::{Options, Sheet};
use ledger::Digest;
use measure::{IdentityNumber, Month};
use office::declare::{Desk, Heard, Mode, Outcome, Paper, Rules, submit::submit};
use office::{Acting, Error};
use rules::explain::Lang;
use std::cell::Cell;
use std::fs;
use store::secrets::{Place, Secrets, fresh_nonce};
use store::{Db, insurance, params, people, work};

/// Where files are handed in.
pub(crate) struct Hall<'d> {
    db: &'d Db,
    pub(crate) law: TheLaw,
    pub(crate) secrets: Secrets,
    clock: Cell<i64>,
    month: Cell<Month>,
    coverage: Cell<Coverage>,
    districts: Cell<Option<&'d [District]>>,
}

/// What was told of a file.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) verdicts: Vec<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) to_mend: Vec<u64>,
    /// By the numbers of persons.
    pub(crate) missing: Vec<String>,
}

/// The nth person of the tests.
fn number(nth: i64) -> IdentityNumber {
    IdentityNumber::new("500103", day("1990-01-01"), u16::try_from(nth).unwrap()).unwrap()
}

/// Their name: 甲一 to 甲九.
fn name_of(nth: i64) -> String {
    let numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    format!("甲{}", numerals[usize::try_from(nth).unwrap()])
}

/// The number of somebody nobody knows.
pub(crate) fn stranger(nth: usize) -> IdentityNumber {
    let (born, sequence) = (nth / 900, nth % 900);
    let born = day("1960-01-01")
        .add_days(i32::try_from(born).unwrap())
        .unwrap();
    IdentityNumber::new("500112", born, u16::try_from(sequence + 1).unwrap()).unwrap()
}

impl<'d> Hall<'d> {
    pub(crate) fn open(db: &'d Db) -> Hall<'d> {
        let hall = Hall {
            db,
            law: TheLaw::read(),
            secrets: Secrets::new(1, [(1, [7; 32])], [[8; 32]]).unwrap(),
            clock: Cell::new(0),
            month: Cell::new(month("2025-06")),
            coverage: Cell::new(Coverage::Whole),
            districts: Cell::new(None),
        };
        hall.settle();
        hall
    }

    fn settle(&self) {
        let known = moment("2025-01-05");
        let since = day("2024-06-01");
        self.db.write(|tx| {
            for employer in 1..=2_i64 {
                tx.execute(
                    "insert into employer (employer, credit_code, name, recorded, origin_kind, origin) values ($1, $2, $3, $4, 6, 1)",
                    params![employer, measure::CreditCode::complete(&format!("9150000000000000{employer}")).unwrap().as_str(), format!("单位{employer}"), known],
                )?;
                tx.execute(
                    "insert into employer_fact (employer, district, industry_class, rate_level, valid_from, recorded, origin_kind, origin) \
                     values ($1, $2, 3, 3, $3, $4, 6, 1)",
                    params![employer, [0, 500_103, 500_112][usize::try_from(employer).unwrap()], day("2020-01-01"), known],
                )?;
            }
            for person in 1..=9_i64 {
                let place = |table, column| Place { table, column, person };
                let text = number(person);
                let text = text.reveal();
                let name = self.secrets.seal(place("person", "name"), &name_of(person), fresh_nonce()?);
                let cipher = self.secrets.seal(place("identity", "number"), text, fresh_nonce()?);
                tx.execute(
                    "insert into person (person, sex, born, name_cipher, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, 6, 1)",
                    params![person, day("1990-01-01"), name, known],
                )?;
                tx.execute(
                    "insert into identity (person, kind, cipher, blind, valid_from, recorded, origin_kind, origin) values ($1, 1, $2, $3, $4, $5, 6, 1)",
                    params![person, cipher, self.secrets.blind("identity", text), day("1990-01-01"), known],
                )?;
                let (employer, schemes, status) = match person {
                    1..=5 => (1_i64, &[1, 3, 4_i64][..], 1),
                    6 => (1, &[1][..], 2),
                    7..=8 => (2, &[1, 3, 4][..], 1),
                    _ => continue,
                };
                for scheme in schemes {
                    tx.execute(
                        "insert into participation (person, scheme, category, employer, district, status, declared, valid_from, recorded, \
                         origin_kind, origin) values ($1, $2, 1, $3, $4, $5, 500000, $6, $7, 6, 1)",
                        params![person, *scheme, employer, [0, 500_103, 500_112][usize::try_from(employer).unwrap()], status, since, known],
                    )?;
                }
                tx.execute(
                    "insert into employment (person, employer, kind, post, valid_from, recorded, origin_kind, origin) values ($1, $2, 1, 1, $3, $4, 6, 1)",
                    params![person, employer, since, known],
                )?;
            }
            tx.number_on("person")?;
            tx.number_on("employer")
        }).unwrap();
    }

    pub(crate) fn employer(&self, number: i64) -> EmployerId {
        EmployerId::new(number).unwrap()
    }

    pub(crate) fn of_month(&self, text: &str) -> &Hall<'d> {
        self.month.set(month(text));
        self
    }

    pub(crate) fn part(&self) -> &Hall<'d> {
        self.coverage.set(Coverage::Part);
        self
    }

    pub(crate) fn of_districts(&self, districts: &'d [District]) -> &Hall<'d> {
        self.districts.set(Some(districts));
        self
    }

    /// Each time a little later.
    pub(crate) fn acting<'a>(&self, by: &'a Actor) -> Acting<'a> {
        self.clock.set(self.clock.get() + 1);
        Acting {
            by,
            at: moment("2025-12-01").plus_microseconds(self.clock.get()),
            purpose: "test",
            through: "test",
        }
    }

    /// Hands a CSV file in, in which persons may stand as their numbers; asked for June and the whole staff unless it was
    /// said otherwise just before.
    pub(crate) fn submit(
        &self,
        employer: i64,
        text: &str,
        mode: Mode,
    ) -> Result<(Outcome, Told), Error> {
        let month = self.month.replace(month("2025-06"));
        let coverage = self.coverage.replace(Coverage::Whole);
        let districts = self.districts.replace(None);
        let text: String = text.lines().map(written).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("june.csv");
        fs::write(&path, &text).unwrap();
        let sheet = Sheet::open(&path, &Options::default()).unwrap();
        let clerk = actor("clerk");
        let rules = Rules::of(self.law.applied().law, month)?;
        let desk = Desk {
            rules: &rules,
            secrets: &self.secrets,
            districts,
            acting: self.acting(&clerk),
        };
        let paper = Paper {
            name: "june.csv",
            hash: Digest::of(text.as_bytes()),
            heading: Some(sheet.heading()),
            employer: self.employer(employer),
            month,
            coverage,
        };
        let mut told = Told::default();
        let outcome = submit(
            self.db,
            desk,
            paper,
            mode,
            &mut |each| {
                sheet
                    .lines(true, |line| each(line).map_err(Stop::Office))
                    .map_err(Stop::into_error)
            },
            &mut |heard| {
                told.hear(&heard);
                Ok(())
            },
        )?;
        Ok((outcome, told))
    }

    /// How somebody's insurance stands on a day, as known now.
    pub(crate) fn stands(&self, person: i64, on: &str) -> String {
        let person = PersonId::new(person).unwrap();
        let known = moment("2026-12-01");
        let found = self
            .db
            .read(|tx| insurance::on(tx, person, day(on), known))
            .unwrap();
        let shown = found.iter().map(|one| {
            let wage = one
                .declared
                .map_or_else(String::new, |wage| wage.to_string());
            format!(
                "{} {} {wage}",
                one.slot.scheme().code(),
                one.status.name(Lang::En)
            )
        });
        shown.collect::<Vec<_>>().join("; ")
    }

    /// For whom somebody works on a day, as known now.
    pub(crate) fn works(&self, person: i64, on: &str) -> String {
        let person = PersonId::new(person).unwrap();
        let known = moment("2026-12-01");
        let found = self
            .db
            .read(|tx| work::on(tx, person, day(on), known))
            .unwrap();
        let shown = found.iter().map(|(employer, work)| {
            format!(
                "{employer} {} {}",
                work.kind.name(Lang::En),
                work.post.name(Lang::En)
            )
        });
        shown.collect::<Vec<_>>().join("; ")
    }

    /// The number in the register of the nth person.
    pub(crate) fn person(&self, nth: i64) -> i64 {
        let blind = Blind(self.secrets.blind("identity", number(nth).reveal()));
        let found = self.db.read(|tx| people::find(tx, blind)).unwrap();
        found.unwrap().0.number()
    }

    pub(crate) fn name(&self, person: i64) -> String {
        let id = PersonId::new(person).unwrap();
        let (_, cipher) = self.db.read(|tx| people::person(tx, id)).unwrap().unwrap();
        let place = Place {
            table: "person",
            column: "name",
            person,
        };
        self.secrets.open(place, &cipher).unwrap()
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
        crate::money::sum(self.db, sql)
    }
}

/// A line with the identity number of whom it names by a short one.
fn written(line: &str) -> String {
    let (first, rest) = line.split_once(',').unwrap_or((line, ""));
    match first.parse::<i64>() {
        Ok(nth) if nth < 1_000 => format!("{},{rest}\n", number(nth).reveal()),
        _ => format!("{line}\n"),
    }
}

/// A source may fail by its file too.
enum Stop {
    File(exchange::Error),
    Office(Error),
}

impl Stop {
    fn into_error(self) -> Error {
        match self {
            Stop::File(error) => panic!("{error}"),
            Stop::Office(error) => error,
        }
    }
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl Told {
    fn hear(&mut self, heard: &Heard<'_>) {
        match heard {
            Heard::Begin => *self = Told::default(),
            Heard::Decided {
                row,
                verdict,
                doubts,
            } => {
                self.faults.extend_from_slice(doubts);
                self.verdicts.push(format!("row {row} {}", shown(verdict)));
            }
            Heard::Refused { row, texts, faults } => {
                assert!(!texts.is_empty());
                self.faults.extend_from_slice(faults);
                self.to_mend.push(*row);
            }
            Heard::Missing(missing) => self.missing.push(missing.person.to_string()),
        }
    }
}

fn shown(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Unchanged { .. } => String::from("unchanged"),
        Verdict::Changed {
            before,
            wage,
            resumed,
            ..
        } => {
            let before = before.map_or_else(String::new, |before| before.to_string());
            format!(
                "changed {before} to {wage}{}",
                if *resumed { " resumed" } else { "" }
            )
        }
        Verdict::Enrolled { wage, .. } => format!("enrolled {wage}"),
        Verdict::Ended { .. } => String::from("ended"),
        Verdict::Faulty(_) => String::from("faulty"),
    }
}
