//! Before a month is assessed its employers declare: each hands a file in, and it is taken in like any employer's.

use super::months::Clock;
use super::staff::{File, Own, Staff, since};
use crate::output::{Failure, Setting};
use crate::place::{CityLaw, of_exchange, of_office};
use city::actors::Actor;
use city::declarations::Coverage;
use city::employers::EmployerId;
use city::facts::{Change, Origin, OriginKind};
use city::insurance::{Category, Command, Participation, Status, apply};
use city::people::PersonId;
use exchange::sheets::{Options, Sheet};
use ledger::Digest;
use measure::{Day, Month};
use office::declare::submit::submit;
use office::declare::{Desk, Heard, Mode, Outcome, Paper, Rules};
use std::fs;
use std::path::Path;
use store::secrets::Secrets;
use store::{Db, Tx, audit, insurance};
use synth::City;

/// Where the made employers hand in.
pub(super) struct Hall<'a> {
    pub(super) db: &'a Db,
    pub(super) law: &'a CityLaw,
    pub(super) secrets: &'a Secrets,
    pub(super) clock: &'a Clock,
    pub(super) setting: &'a Setting,
}

/// What a month's declarations came to.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared {
    pub(super) files: u64,
    pub(super) changed: u64,
    pub(super) enrolled: u64,
    pub(super) ended: u64,
    /// Rows that were handed in a second time, and refused then too.
    pub(super) refused: u64,
}

/// Why a file is not taken in.
enum Stop {
    File(exchange::Error),
    Office(office::Error),
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl From<office::Error> for Stop {
    fn from(error: office::Error) -> Stop {
        Stop::Office(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Office(error.into())
    }
}

impl Declared {
    fn take(&mut self, outcome: &Outcome) {
        let tally = outcome.tally;
        self.files += 1;
        self.changed += tally.changed;
        self.enrolled += tally.enrolled;
        self.ended += tally.ended;
    }
}

impl Hall<'_> {
    /// Every employer hands its month in; rows that are refused because somebody's former employer had not said yet that they
    /// left are handed in again when all have.
    pub(super) fn declare(
        &self,
        city: &City,
        staff: &mut Staff,
        (first, month): (bool, Month),
    ) -> Result<Declared, Failure> {
        for month in since(first, month) {
            let own = staff.pass(&city.changes(month, 0..city.people()));
            self.counter(&own, month.first_day())?;
        }
        let rules = Rules::of(self.law.applied().law, month);
        let rules = rules.map_err(|error| of_office(&error, self.setting))?;
        let folder = tempfile::tempdir().map_err(|error| self.unwritable(&error))?;
        let path = folder.path().join("declaration.csv");
        let (mut declared, mut to_mend) = (Declared::default(), Vec::new());
        for file in staff.files() {
            let (outcome, refused) =
                self.hand_in(&file, &path, (&rules, month), Coverage::Whole)?;
            declared.take(&outcome);
            if !refused.is_empty() {
                to_mend.push((file, refused));
            }
        }
        for (file, refused) in to_mend {
            let mended = staff.again(&file, &refused);
            let (outcome, refused) =
                self.hand_in(&mended, &path, (&rules, month), Coverage::Part)?;
            declared.take(&outcome);
            declared.refused += refused.len() as u64;
        }
        staff.declared();
        Ok(declared)
    }

    /// Takes a file in; gives which of its rows were refused.
    fn hand_in(
        &self,
        file: &File,
        path: &Path,
        (rules, month): (&Rules, Month),
        coverage: Coverage,
    ) -> Result<(Outcome, Vec<usize>), Failure> {
        fs::write(path, &file.text).map_err(|error| self.unwritable(&error))?;
        let sheet = Sheet::open(path, &Options::default());
        let sheet = sheet.map_err(|error| of_exchange(&error, self.setting))?;
        let by = Actor::new("employer").expect("it is a login");
        let desk = Desk {
            rules,
            secrets: self.secrets,
            districts: None,
            acting: self.clock.acting(&by),
        };
        let paper = Paper {
            name: "declaration.csv",
            hash: Digest::of(file.text.as_bytes()),
            heading: Some(sheet.heading()),
            employer: EmployerId::new(file.employer).expect("employers are numbered from 1"),
            month,
            coverage,
        };
        let mut refused = Vec::new();
        let outcome = submit::<Stop>(
            self.db,
            desk,
            paper,
            Mode::RecordGood,
            &mut |each| sheet.lines(false, each),
            &mut |heard| {
                match heard {
                    Heard::Begin => refused.clear(),
                    // The heading is the first row.
                    Heard::Refused { row, .. } => refused.extend(usize::try_from(row - 2)),
                    Heard::Decided { .. } | Heard::Missing(_) => {}
                }
                Ok(())
            },
        );
        let outcome = outcome.map_err(|stop| match stop {
            Stop::File(error) => of_exchange(&error, self.setting),
            Stop::Office(error) => of_office(&error, self.setting),
        })?;
        Ok((outcome, refused))
    }

    /// What individuals do at the counter.
    fn counter(&self, own: &[(i64, Own)], from: Day) -> Result<(), Failure> {
        let by = Actor::new("counter").expect("it is a login");
        let acting = self.clock.acting(&by);
        let done = self.db.write(|tx| {
            tx.set_all_districts()?;
            let mut changes = Vec::new();
            for (person, own) in own {
                if let Some(person) = PersonId::new(*person) {
                    changes.extend(individually(tx, person, *own, from, &acting)?);
                }
            }
            insurance::carry_out_all(tx, &changes)?;
            acting.note(
                tx,
                "counter",
                (audit::NONE, 0),
                "individuals pause and go on",
            )
        });
        done.map_err(|error: store::Error| of_office(&error.into(), self.setting))
    }

    fn unwritable(&self, error: &std::io::Error) -> Failure {
        let lang = self.setting.lang;
        Failure::new(
            lang,
            lang.pick(
                format!("无法写入临时文件：{error}"),
                format!("a temporary file cannot be written: {error}"),
            ),
        )
    }
}

/// What changes of somebody's own insurance; nothing where they have none.
fn individually(
    tx: &mut Tx<'_>,
    person: PersonId,
    own: Own,
    from: Day,
    acting: &office::Acting<'_>,
) -> Result<Vec<(PersonId, Change<Participation>)>, store::Error> {
    let (wanted, command) = match own {
        Own::Paused => (Status::Active, Command::Pause { from }),
        Own::Resumed => (Status::Paused, Command::Resume { from }),
    };
    let origin = Origin {
        kind: OriginKind::Case,
        id: 1,
    };
    let mut changes = Vec::new();
    for (slot, timeline) in insurance::of(tx, person)? {
        let stands = timeline.on(from, acting.at).map(|known| known.status);
        if slot.category() == Category::Employee || stands != Some(wanted) {
            continue;
        }
        let made = apply(&timeline, &command, acting.at, origin);
        let made = made.map_err(|refusal| store::Error::Damaged {
            cause: refusal.to_string(),
        })?;
        changes.extend(made.into_iter().map(|change| (person, change)));
    }
    Ok(changes)
}
