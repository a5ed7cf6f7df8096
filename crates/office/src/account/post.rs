//! How is an account corrected at the counter?
//!
//! One person asks, with a reason and a key; another approves, and in that moment it counts and is booked: what the fund owes
//! to its insured is another amount, and the difference is a correction of accounts. A correction that was wrong is taken
//! back by another that is asked and approved in the same way.

use crate::acting::Acting;
use crate::collect;
use crate::error::Error;
use crate::month::publish::{funds, pair};
use crate::whole;
use city::actors::Actor;
use city::entries::{self as decide, Asked, Entry, EntryId, Refusal, Standing};
use city::insurance::Scheme;
use city::people::PersonId;
use city::places::District;
use ledger::{Command, Heading, Journal, Key, Kind, Line, Origin, Reversal};
use measure::{Fen, Month};
use rules::explain::Lang;
use store::{Db, Tx, Write, accounts, audit, entries, journals, people};

/// Many post at once and every one of them is booked: whoever meets others tries again, and for longer than usual.
const PATIENT: Write = Write {
    isolation: store::Isolation::Serializable,
    attempts: 40,
    knowledge: store::Knowledge::Apart,
    lasting: store::Lasting::AtOnce,
};

/// Asks for a correction of an account. Asked again under the same key, it is the same entry. The district is asked for where
/// there is no account yet.
///
/// # Errors
///
/// `N0302` when there is no such person; `A0101` to `A0105`, `A0108`; what the database says.
pub fn post(
    db: &Db,
    asked: &Asked,
    district: Option<District>,
    acting: Acting<'_>,
) -> Result<EntryId, Error> {
    whole::write_with(db, PATIENT, |tx| {
        if let Some(id) = again(tx, asked, None)? {
            return Ok(id);
        }
        if people::person(tx, asked.person)?.is_none() {
            return Err(unknown(("人员", "person"), asked.person.number()));
        }
        ask(tx, asked, district, None, acting)
    })
}

/// Asks for a posted entry to be taken back, under a key of its own and for a reason of its own.
///
/// # Errors
///
/// `N0302` when there is no such entry; `A0101`, `A0105`, `A0107` to `A0110`; what the database says.
pub fn reverse(
    db: &Db,
    id: EntryId,
    key: &str,
    reason: &str,
    acting: Acting<'_>,
) -> Result<EntryId, Error> {
    whole::write_with(db, PATIENT, |tx| {
        let entry = lookup(tx, id)?;
        let by = entries::reversed_by(tx, id)?;
        if let Some(known) = entries::by_key(tx, key)?
            && known.reverses == Some(id)
        {
            return Ok(known.id);
        }
        let asked = decide::reversal(&entry, by, key, reason)?;
        if let Some(id) = again(tx, &asked, Some(id))? {
            return Ok(id);
        }
        ask(tx, &asked, Some(entry.district), Some(id), acting)
    })
}

/// Approves an entry: it counts from now on, and is booked.
///
/// # Errors
///
/// `N0302`, `A0105` to `A0107`; what the books or the database say.
pub fn approve(db: &Db, id: EntryId, acting: Acting<'_>) -> Result<Entry, Error> {
    whole::write_with(db, PATIENT, |tx| {
        let entry = lookup(tx, id)?;
        let asked = &entry.asked;
        let standing = standing(tx, asked.person, asked.scheme)?;
        decide::may_approve(&entry, acting.by, standing.balance)?;
        entries::approve(tx, id, acting.by, acting.at)?;
        book(tx, &entry, acting)?;
        note(tx, "account.approve", (id, asked.person), acting)?;
        Ok(entry)
    })
}

/// Declines an entry: it never counts.
///
/// # Errors
///
/// `N0302`, `A0107`; what the database says.
pub fn decline(db: &Db, id: EntryId, acting: Acting<'_>) -> Result<Entry, Error> {
    whole::write_with(db, PATIENT, |tx| {
        let entry = lookup(tx, id)?;
        decide::may_decline(&entry)?;
        entries::decline(tx, id, acting.by, acting.at)?;
        note(tx, "account.decline", (id, entry.asked.person), acting)?;
        Ok(entry)
    })
}

/// The entries that wait for somebody to approve them. That they were looked at is noted.
///
/// # Errors
///
/// What the database says.
pub fn waiting(db: &Db, acting: Acting<'_>) -> Result<Vec<Entry>, Error> {
    whole::write(db, |tx| {
        let waiting = entries::waiting(tx)?;
        for entry in &waiting {
            note(
                tx,
                "account.waiting",
                (entry.id, entry.asked.person),
                acting,
            )?;
        }
        Ok(waiting)
    })
}

/// What stands in an account now: in the generation in force, and beside it.
///
/// # Errors
///
/// What the database says; when it is beyond what an amount can be.
pub fn standing(tx: &mut Tx<'_>, person: PersonId, scheme: Scheme) -> Result<Standing, Error> {
    let beside = entries::beside(tx, person, scheme)?;
    let account = match accounts::current(tx)? {
        Some(run) => accounts::find(tx, run, person, scheme)?,
        None => None,
    };
    Ok(match account {
        Some(account) => Standing {
            balance: account.balance()?.checked_add(beside)?,
            district: Some(account.district),
        },
        None => Standing {
            balance: beside,
            district: None,
        },
    })
}

/// The entry that the same question was given before.
fn again(
    tx: &mut Tx<'_>,
    asked: &Asked,
    reverses: Option<EntryId>,
) -> Result<Option<EntryId>, Error> {
    match entries::by_key(tx, &asked.key)? {
        None => Ok(None),
        Some(known) if known.asked == *asked && known.reverses == reverses => Ok(Some(known.id)),
        Some(_) => {
            let key = asked.key.clone();
            Err(Refusal::KeyTaken { key }.into())
        }
    }
}

fn ask(
    tx: &mut Tx<'_>,
    asked: &Asked,
    named: Option<District>,
    reverses: Option<EntryId>,
    acting: Acting<'_>,
) -> Result<EntryId, Error> {
    let standing = standing(tx, asked.person, asked.scheme)?;
    let district = match reverses {
        // What is taken back is taken back in the books that have it, wherever the account is by now.
        Some(_) => {
            decide::may_ask(asked, standing, named)?;
            named.or(standing.district)
        }
        None => Some(decide::may_ask(asked, standing, named)?),
    };
    let district = district.ok_or(Refusal::NoAccount)?;
    let by: &Actor = acting.by;
    let id = entries::ask(tx, asked, district, reverses, by, acting.at)?;
    let action = match reverses {
        None => POST,
        Some(_) => REVERSE,
    };
    let detail = in_words(id, (asked.scheme, asked.month, asked.amount));
    let subject = (audit::PERSON, asked.person.number());
    acting.note(tx, action, subject, &detail)?;
    Ok(id)
}

/// What is done when an entry is asked for, as the audit log names it.
pub(crate) const POST: &str = "account.post";
/// The same of one that takes another back.
pub(crate) const REVERSE: &str = "account.reverse";

/// What was asked for, as the audit log says it.
pub(crate) fn in_words(id: EntryId, (scheme, month, amount): (Scheme, Month, Fen)) -> String {
    format!(
        "entry {id}: {amount} for {month}, {}",
        scheme.name(Lang::En)
    )
}

/// Books an entry: what the fund owes to its insured, against corrections of accounts.
fn book(tx: &mut Tx<'_>, entry: &Entry, acting: Acting<'_>) -> Result<(), Error> {
    let (day, origin) = (acting.at.day()?, Origin::Case(entry.id.number()));
    let key = key(entry.id)?;
    let command = match entry.reverses {
        Some(reversed) => Command::Reverse(Reversal {
            key,
            reverses: self::key(reversed)?,
            day,
            origin,
        }),
        None => Command::PostDirectly(Journal {
            key,
            kind: Kind::Correction,
            month: day.month(),
            day,
            origin,
            law_version: None,
            lines: lines(entry.asked.scheme, entry.district, entry.asked.amount)?,
        }),
    };
    journals::apply(tx, &command)?;
    Ok(())
}

/// The key of an entry's journal.
pub(crate) fn key(id: EntryId) -> Result<Key, Error> {
    Key::new(format!("entry/{id}")).map_err(Error::Books)
}

/// The lines of an entry's journal.
pub(crate) fn lines(scheme: Scheme, district: District, amount: Fen) -> Result<Vec<Line>, Error> {
    match funds(scheme).1 {
        Some(fund) => pair(
            (fund, Heading::AccountsCorrected),
            (fund, Heading::AccountsPayable),
            district,
            amount.0.into(),
        ),
        None => Ok(Vec::new()),
    }
}

fn lookup(tx: &mut Tx<'_>, id: EntryId) -> Result<Entry, Error> {
    entries::find(tx, id)?.ok_or_else(|| unknown(("更正", "entry"), id.number()))
}

pub(crate) fn unknown(what: (&'static str, &'static str), number: i64) -> Error {
    collect::Refusal::Unknown { what, number }.into()
}

fn note(
    tx: &mut Tx<'_>,
    action: &str,
    (id, person): (EntryId, PersonId),
    acting: Acting<'_>,
) -> Result<(), Error> {
    let detail = format!("entry {id}");
    Ok(acting.note(tx, action, (audit::PERSON, person.number()), &detail)?)
}
