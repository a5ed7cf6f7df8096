//! What a file changes, until it is recorded.

use super::rows::NOT_YET;
use super::{Desk, Paper};
use crate::error::Error;
use crate::programs::subscriptions::{self, Event};
use city::facts::{Change, Origin, Span, Timeline};
use city::insurance::{Participation, Slot, Stated, declare};
use city::people::{Name, PersonId};
use city::work::{Employment, Kind, Post, WorkRefusal, hire, leave};
use exchange::sheets::{self, Declared};
use measure::{Day, IdentityNumber, Moment, Month};
use store::people::Sealed;
use store::secrets::{Place, fresh_nonce};
use store::{Tx, audit, insurance, people, work};

/// Changes that wait.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) insurance: Vec<(PersonId, Change<Participation>)>,
    pub(super) work: Vec<((PersonId, city::employers::EmployerId), Change<Employment>)>,
    /// Whom the register does not know yet.
    pub(super) new: Vec<Person>,
    /// Whose data was looked at although the employer does not insure them.
    pub(super) looked_at: Vec<PersonId>,
}

/// Someone the register does not know yet.
#[derive(Debug)]
pub(super) struct Person {
    number: IdentityNumber,
    name: String,
    stated: Stated,
    since: Day,
    employment: Employment,
}

impl Person {
    pub(super) fn new(declared: &Declared, month: Month, stated: Stated) -> Person {
        Person {
            number: declared.identity,
            name: declared.name.clone(),
            stated,
            since: since(declared, month),
            employment: employment(declared),
        }
    }
}

/// From which day on somebody new works: as the row says, or from the month's first.
fn since(declared: &Declared, month: Month) -> Day {
    declared.from.unwrap_or(month.first_day())
}

/// As what: as the row says; without that by an ordinary contract in a worker's post.
fn employment(declared: &Declared) -> Employment {
    Employment {
        kind: match declared.kind {
            None | Some(sheets::Kind::Standard) => Kind::Standard,
            Some(sheets::Kind::Platform) => Kind::Platform,
            Some(sheets::Kind::Flexible) => Kind::Flexible,
            Some(sheets::Kind::Dispatched) => Kind::Dispatched,
        },
        post: match declared.post {
            None | Some(sheets::Post::Worker) => Post::Worker,
            Some(sheets::Post::Management) => Post::Management,
        },
    }
}

/// When it is said of which month.
pub(super) struct Worked {
    pub(super) month: Month,
    /// The first day of the next month that is declared by itself.
    pub(super) next: Option<Day>,
    pub(super) at: Moment,
}

impl Worked {
    /// What changes of somebody's employment. What is recorded of later days stands.
    pub(super) fn changes(
        &self,
        known: &Timeline<Employment>,
        declared: &Declared,
        stated: Stated,
        enrols: bool,
    ) -> Result<Vec<Change<Employment>>, Error> {
        let current = known.current();
        let on = |day: Day| current.iter().find(|(_, fact)| fact.valid.contains(day));
        let ends = match stated {
            Stated::Insured { until, .. } => until,
            Stated::Left => Some(self.month.first_day()),
        };
        let made = match ends {
            // Whoever came back and left within the month was not there before or after it.
            Some(end) if enrols => match Span::new(since(declared, self.month), Some(end)) {
                Ok(span) => known
                    .record(span, employment(declared), self.at, NOT_YET)
                    .map_err(Into::into),
                Err(_) => Ok(Vec::new()),
            },
            Some(end) => match self.next {
                Some(next) => match Span::new(end, Some(next)) {
                    Ok(span) if on(end).is_some() => {
                        known.withdraw(span, self.at, NOT_YET).map_err(Into::into)
                    }
                    _ => Ok(Vec::new()),
                },
                // Whose first day it was has never worked there, as far as is known.
                None if current
                    .last()
                    .is_some_and(|(_, last)| last.valid.first() == end) =>
                {
                    known
                        .withdraw(Span::from(end), self.at, NOT_YET)
                        .map_err(Into::into)
                }
                None => leave(known, end, self.at, NOT_YET),
            },
            None if enrols => hire(
                known,
                since(declared, self.month),
                employment(declared),
                self.at,
                NOT_YET,
            ),
            // Said to have left within the month before, and did not.
            None => match (on(self.month.last_day()), current.last()) {
                (None, Some((_, last))) => {
                    let back = last
                        .valid
                        .until()
                        .filter(|day| self.month.first_day() <= *day);
                    back.map_or(Ok(Vec::new()), |day| {
                        hire(known, day, last.value, self.at, NOT_YET)
                    })
                }
                _ => Ok(Vec::new()),
            },
        };
        match made {
            Ok(changes) => Ok(changes),
            // There is nothing to end, nothing to begin, or somebody has recorded what came later.
            Err(
                WorkRefusal::EmployedAlready { .. }
                | WorkRefusal::NotEmployed { .. }
                | WorkRefusal::ChangedLater { .. }
                | WorkRefusal::Facts(city::facts::FactRefusal::KnownAlready { .. }),
            ) => Ok(Vec::new()),
            Err(WorkRefusal::Facts(refusal)) => Err(store::Error::Damaged {
                cause: refusal.to_string(),
            }
            .into()),
        }
    }
}

impl Pending {
    /// Forgets what waits to be recorded; whose data was looked at stays.
    pub(super) fn forget(&mut self) {
        self.insurance.clear();
        self.work.clear();
        self.new.clear();
    }

    /// Records what waits, as the declaration's, and forgets it.
    pub(super) fn record(
        &mut self,
        tx: &mut Tx<'_>,
        (desk, paper): (Desk<'_>, Paper<'_>),
        (slots, next): (&[Slot], Option<Day>),
        origin: Origin,
    ) -> Result<(), Error> {
        let at = desk.acting.at;
        let new = std::mem::take(&mut self.new);
        let about: Vec<_> = new
            .iter()
            .map(|one| (one.number.sex(), one.number.birth()))
            .collect();
        let numbers = people::enrol_all(tx, &about, (at, origin), |place, person| {
            seal(desk, &new[place], person)
        })?;
        let month = (paper.month, next);
        for (one, person) in new.iter().zip(&numbers) {
            for slot in slots {
                let none = Timeline::default();
                let changes = declare(&none, *slot, month, &one.stated, at, origin);
                let changes = changes.map_err(|refusal| store::Error::Damaged {
                    cause: refusal.to_string(),
                })?;
                self.insurance
                    .extend(changes.into_iter().map(|change| (*person, change)));
            }
            let until = match one.stated {
                Stated::Insured { until, .. } => until,
                Stated::Left => None,
            };
            if let Ok(span) = Span::new(one.since, until) {
                let hired = Timeline::default().record(span, one.employment, at, origin);
                let hired = hired.unwrap_or_default().into_iter();
                self.work
                    .extend(hired.map(|change| ((*person, paper.employer), change)));
            }
        }
        let insured = from(std::mem::take(&mut self.insurance), origin);
        insurance::carry_out_all(tx, &insured)?;
        work::carry_out_all(tx, &from(std::mem::take(&mut self.work), origin))?;
        note_all(tx, desk, "declaration.register", &numbers)?;
        told(tx, at, &insured, &numbers)?;
        Ok(())
    }

    /// Notes whose data was looked at although the employer does not insure them.
    pub(super) fn note(&self, tx: &mut Tx<'_>, desk: Desk<'_>) -> Result<(), Error> {
        note_all(tx, desk, "declaration.look", &self.looked_at)
    }
}

/// Tells of whom something was recorded.
fn told(
    tx: &mut Tx<'_>,
    at: Moment,
    insured: &[(PersonId, Change<Participation>)],
    new: &[PersonId],
) -> Result<(), Error> {
    let mut persons: Vec<PersonId> = insured.iter().map(|(person, _)| *person).collect();
    persons.sort_unstable();
    persons.dedup();
    let mut new = new.to_vec();
    new.sort_unstable();
    let events = persons.iter().map(|person| Event {
        event: match new.binary_search(person).is_ok() {
            true => "person.register",
            false => "person.update",
        },
        subject: (audit::PERSON, person.number()),
        at,
    });
    Ok(subscriptions::tell_all(tx, &events.collect::<Vec<_>>())?)
}

/// The same changes as of this origin.
fn from<S, T>(changes: Vec<(S, Change<T>)>, origin: Origin) -> Vec<(S, Change<T>)> {
    let of = changes.into_iter().map(|(subject, change)| match change {
        Change::Insert(fact) => (
            subject,
            Change::Insert(city::facts::Fact { origin, ..fact }),
        ),
        superseded @ Change::Supersede { .. } => (subject, superseded),
    });
    of.collect()
}

fn note_all(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    action: &str,
    persons: &[PersonId],
) -> Result<(), Error> {
    const AT_ONCE: usize = 4_096;
    for some in persons.chunks(AT_ONCE) {
        let entries = some.iter().map(|person| {
            let subject = (audit::PERSON, person.number());
            desk.acting.entry(action, subject, "")
        });
        audit::append_all(tx, &entries.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// A new person's name and number, encrypted.
fn seal(desk: Desk<'_>, one: &Person, person: PersonId) -> Result<(Vec<u8>, Sealed), store::Error> {
    let place = |table, column| Place {
        table,
        column,
        person: person.number(),
    };
    let secrets = desk.secrets;
    let name = Name::new(&one.name).map_or_else(String::new, |name| name.reveal().to_owned());
    let number = one.number.reveal();
    Ok((
        secrets.seal(place("person", "name"), &name, fresh_nonce()?),
        Sealed {
            blind: city::people::Blind(secrets.blind("identity", number)),
            cipher: secrets.seal(place("identity", "number"), number, fresh_nonce()?),
        },
    ))
}
