//! What is a program told, and when?
//!
//! Something is told when it was done: what the audit log notes of it is written to the outbox too, in the transaction that does
//! it, for each who wants to be told. So it is told exactly when it is true. What is told is that something was done, and the
//! number of the record; what stands in it is asked for, by those who may. Before it is sent it is looked once more whether the
//! record is within the reach of who wants to be told: what was theirs once may not be now.

use super::Refusal;
use super::tokens::Client;
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action, Reach};
use crate::whole;
use city::declarations::DeclarationId;
use city::employers::EmployerId;
use city::logins::Login;
use city::people::PersonId;
use measure::Moment;
use store::subscriptions::{self as kept, Subscription};
use store::{Db, Tx, Write, audit, declarations, logins, outbox};

/// Under which topic the outbox has what is told.
pub const TOPIC: &str = "told";

/// What is told, with the action one must reach to be told it.
pub const EVENTS: &[(&str, Action)] = &[
    ("month.open", Action::ReadMonth),
    ("month.approve", Action::ReadMonth),
    ("month.publish", Action::ReadMonth),
    ("month.differ", Action::ReadMonth),
    ("month.discard", Action::ReadMonth),
    ("month.credit", Action::ReadMonth),
    ("month.close", Action::ReadMonth),
    ("interest.bear", Action::ReadMonth),
    ("declaration.submit", Action::ReadDeclaration),
    ("declaration.undo", Action::ReadDeclaration),
    ("declaration.chase", Action::ReadDeclaration),
    ("person.register", Action::ReadPerson),
    ("person.update", Action::ReadPerson),
    ("account.approve", Action::ReadAccount),
    ("collect.receive", Action::ReadReceipts),
    ("collect.allocate", Action::ReadReceipts),
    ("collect.clarify", Action::ReadReceipts),
    ("collect.undo", Action::ReadReceipts),
];

/// Something that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'e> {
    /// What.
    pub event: &'e str,
    /// To what sort of record, and which; as the audit log has it.
    pub subject: (i16, i64),
    /// When.
    pub at: Moment,
}

/// A message for somebody who wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The message as the outbox has it.
    pub message: outbox::Message,
    /// For whom, and where to.
    pub subscription: Subscription,
    /// What was done.
    pub event: String,
    /// To what sort of record.
    pub kind: &'static str,
    /// To which.
    pub subject: i64,
    /// When.
    pub at: Moment,
    /// By whose reach it was looked at.
    pub login: Login,
}

/// What a program wants to be told.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The beginning of the events' words.
    pub events: &'w str,
    /// Of whom only.
    pub person: Option<PersonId>,
    /// Where to.
    pub address: &'w str,
    /// How its code begins.
    pub prefix: &'w str,
}

/// Notes that a program wants to be told. Gives the code by which it is known.
///
/// # Errors
///
/// `N0602` and `N0904` for events it does not reach, `N0603` for a person it does not, `N0909` for an address that is not below
/// its callback; what the database says.
pub fn subscribe(
    db: &Db,
    client: &Client,
    wanted: Wanted<'_>,
    acting: Acting<'_>,
) -> Result<Subscription, Error> {
    client.may_be_told_at(wanted.address)?;
    let events = wanted.events;
    let named = EVENTS.iter().filter(|(event, _)| event.starts_with(events));
    let needed: Vec<Action> = named.map(|(_, action)| *action).collect();
    if needed.is_empty() {
        return Err(permit::Refusal::Unknown.into());
    }
    for action in &needed {
        permit::reach(Some(&client.login), *action)?;
        client.may(*action)?;
    }
    let subscription = Subscription {
        code: code(wanted.prefix)?,
        login: client.login.name().login().to_owned(),
        events: events.to_owned(),
        person: wanted.person,
        address: wanted.address.to_owned(),
        made: acting.at,
    };
    whole::write(db, |tx| {
        if let Some(person) = wanted.person {
            permit::person(tx, Some(&client.login), Action::ReadPerson, person)?;
        }
        kept::add(tx, &subscription)?;
        let subject = wanted
            .person
            .map_or((audit::NONE, 0), |person| (audit::PERSON, person.number()));
        Ok(acting.note(tx, "subscription.add", subject, &subscription.code)?)
    })?;
    Ok(subscription)
}

/// A code nobody guesses.
fn code(prefix: &str) -> Result<String, Error> {
    let chance = crate::sign_in::fresh()?.reveal();
    let chance = chance.get(..32).unwrap_or_default();
    Ok(format!("{prefix}{chance}"))
}

/// A program does not want to be told any more.
///
/// # Errors
///
/// `N0910` when its login has none of this code; what the database says.
pub fn unsubscribe(db: &Db, code: &str, acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        if !kept::end(tx, (acting.by.login(), code), acting.at)? {
            return Err(Refusal::NoSubscription.into());
        }
        Ok(acting.note(tx, "subscription.end", (audit::NONE, 0), code)?)
    })
}

/// What a program's login wants to be told, the newest first.
///
/// # Errors
///
/// What the database says.
pub fn list(db: &Db, client: &Client) -> Result<Vec<Subscription>, Error> {
    let login = client.login.name().login().to_owned();
    whole::read(db, |tx| Ok(kept::of_login(tx, &login)?))
}

/// Writes what was done to the outbox, for whoever wants to be told.
pub(crate) fn tell(tx: &mut Tx<'_>, done: Event<'_>) -> Result<(), store::Error> {
    if !EVENTS.iter().any(|(event, _)| *event == done.event) {
        return Ok(());
    }
    tell_all(tx, &[done])
}

/// The same of many things.
pub(crate) fn tell_all(tx: &mut Tx<'_>, done: &[Event<'_>]) -> Result<(), store::Error> {
    let open = kept::open(tx)?;
    if open.is_empty() {
        return Ok(());
    }
    for one in done {
        let (kind, subject) = one.subject;
        for wants in &open {
            let of_another = wants
                .person
                .is_some_and(|person| (audit::PERSON, person.number()) != one.subject);
            if of_another || !one.event.starts_with(&wants.events) {
                continue;
            }
            let (code, event, at) = (&wants.code, one.event, one.at.microseconds());
            let key = format!("{code}/{event}/{kind}/{subject}/{at}");
            let body = format!("{code} {event} {kind} {subject} {at}");
            outbox::put(tx, TOPIC, &key, &body, one.at)?;
        }
    }
    Ok(())
}

/// Takes what is to be told now, at most so much; for a while nobody else takes it. What its subscriber does not reach any more,
/// or does not want, is let go.
///
/// # Errors
///
/// What the database says.
pub fn take(db: &Db, now: Moment, most: i32) -> Result<Vec<Told>, Error> {
    let taken = whole::write_with(db, Write::committed(), |tx| {
        Ok(outbox::take_of(tx, TOPIC, now, LEASE, most)?)
    })?;
    let mut told = Vec::new();
    for message in taken {
        match whole::read(db, |tx| within(tx, &message))? {
            Some(one) => told.push(one),
            None => sent(db, &message, now)?,
        }
    }
    Ok(told)
}

/// For so long nobody else tells what one has taken.
const LEASE: i64 = 60_000_000;

/// It was told, or there is nobody to tell.
///
/// # Errors
///
/// What the database says.
pub fn sent(db: &Db, message: &outbox::Message, now: Moment) -> Result<(), Error> {
    whole::write_with(db, Write::committed(), |tx| {
        Ok(outbox::sent(tx, message, now)?)
    })
}

/// It could not be told, and is tried again later.
///
/// # Errors
///
/// What the database says.
pub fn failed(db: &Db, message: &outbox::Message, now: Moment, why: &str) -> Result<(), Error> {
    if MOST_ATTEMPTS <= message.attempt {
        return sent(db, message, now);
    }
    whole::write_with(db, Write::committed(), |tx| {
        Ok(outbox::failed(tx, message, now, why)?)
    })
}

/// After so many attempts it is let go: whoever was away for days asks what stands now.
const MOST_ATTEMPTS: i32 = 20;

fn within(tx: &mut Tx<'_>, message: &outbox::Message) -> Result<Option<Told>, Error> {
    let parts: Vec<&str> = message.body.split(' ').collect();
    let [code, event, kind, subject, at] = parts[..] else {
        return Ok(None);
    };
    let read = (kind.parse().ok(), subject.parse().ok(), at.parse().ok());
    let (Some(kind), Some(subject), Some(at)) = read else {
        return Ok(None);
    };
    let Some(subscription) = kept::find(tx, code)? else {
        return Ok(None);
    };
    let found = logins::find(tx, &subscription.login)?;
    let login = found.map(|(login, _)| login);
    let Some(login) = login.filter(|login| login.ended.is_none()) else {
        return Ok(None);
    };
    let action = EVENTS.iter().find(|(name, _)| *name == event);
    let Some((_, action)) = action else {
        return Ok(None);
    };
    match reaches(tx, &login, *action, (kind, subject)) {
        Ok(true) => {}
        Ok(false) | Err(Error::Permit(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    Ok(Some(Told {
        event: event.to_owned(),
        kind: noun(kind),
        subject,
        at: Moment::from_microseconds(at),
        message: message.clone(),
        subscription,
        login,
    }))
}

fn reaches(
    tx: &mut Tx<'_>,
    login: &Login,
    action: Action,
    (kind, subject): (i16, i64),
) -> Result<bool, Error> {
    let (_, reach) = permit::reach(Some(login), action)?;
    match kind {
        audit::PERSON => match PersonId::new(subject) {
            Some(person) => permit::person(tx, Some(login), action, person).map(|()| true),
            None => Ok(false),
        },
        audit::EMPLOYER => match EmployerId::new(subject) {
            Some(employer) => permit::employer(tx, Some(login), action, employer).map(|()| true),
            None => Ok(false),
        },
        audit::DECLARATION => {
            let id = DeclarationId::new(subject);
            let kept = id.map(|id| declarations::declaration(tx, id)).transpose()?;
            match kept.flatten() {
                Some(kept) => {
                    let employer = kept.declaration.employer;
                    permit::employer(tx, Some(login), action, employer).map(|()| true)
                }
                None => Ok(false),
            }
        }
        // What is no one person's or employer's is the whole city's.
        _ => Ok(reach == Reach::City || (reach == Reach::District && login.district().is_none())),
    }
}

/// What sort of record a subject is.
fn noun(kind: i16) -> &'static str {
    match kind {
        audit::PERSON => "person",
        audit::EMPLOYER => "employer",
        audit::RUN => "run",
        audit::BATCH => "file",
        audit::RECEIPT => "receipt",
        audit::ALLOCATIONS | audit::ALLOCATION => "allocation",
        audit::DECLARATION => "declaration",
        _ => "other",
    }
}
