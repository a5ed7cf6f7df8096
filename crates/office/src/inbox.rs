//! What waits for a second person?
//!
//! Runs, corrections of the register and of accounts, write-offs, refunds, instalments, and files of old months: whatever one
//! person has prepared and another is to approve. Each says exactly what it changes. Runs are approved by the content that was
//! seen, in [`month`](crate::month); the others here.

use crate::account;
use crate::acting::{Acting, Applied};
use crate::collect;
use crate::correction;
use crate::error::Error;
use crate::month::archive;
use crate::permit::{self, Action, Reach};
use crate::whole;
use city::collection::Payer;
use city::collection::instalments::Standing;
use city::collection::refunds::Refund;
use city::collection::write_offs::WriteOff;
use city::corrections::{Correction, CorrectionId};
use city::entries::{Entry, EntryId};
use city::logins::{Login, Role};
use city::runs::Run;
use ledger::{Digest, Encoder};
use measure::Fen;
use store::cold::{self, Moved};
use store::{
    Db, Tx, audit, bills, corrections, entries, instalments, receipts, refunds, runs, write_offs,
};

/// Something that waits.
#[derive(Clone, Debug)]
pub enum Item {
    /// A run, approved by its content.
    Run(Run),
    /// A correction of the register.
    Correction(Correction),
    /// A correction of an account, and what stands in it now.
    Entry(Entry, Fen),
    /// A write-off: of which payer's bill, why.
    WriteOff(write_offs::Known, Payer, String),
    /// A refund: to which payer, why.
    Refund(refunds::Known, Option<Payer>, String),
    /// Instalments.
    Agreement(instalments::Known),
    /// Files of old months, whose rows leave the database together.
    Archive(Vec<Moved>),
}

/// The sorts of things that wait and are decided here, as addresses have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A correction of the register.
    Correction,
    /// A correction of an account.
    Entry,
    /// A write-off.
    WriteOff,
    /// A refund.
    Refund,
    /// Instalments.
    Agreement,
    /// Files of old months.
    Archive,
}

impl Sort {
    /// All of them.
    pub const ALL: [Sort; 6] = [
        Sort::Correction,
        Sort::Entry,
        Sort::WriteOff,
        Sort::Refund,
        Sort::Agreement,
        Sort::Archive,
    ];

    /// As addresses have it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Sort::Correction => "correction",
            Sort::Entry => "entry",
            Sort::WriteOff => "write-off",
            Sort::Refund => "refund",
            Sort::Agreement => "agreement",
            Sort::Archive => "archive",
        }
    }

    /// Read back.
    #[must_use]
    pub fn read(word: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.word() == word)
    }

    /// What one must be permitted to decide it.
    #[must_use]
    pub const fn needs(self) -> Action {
        match self {
            Sort::Correction | Sort::Entry => Action::ApproveCorrection,
            Sort::WriteOff | Sort::Refund | Sort::Agreement => Action::ApproveMoney,
            Sort::Archive => Action::ApproveMonth,
        }
    }
}

impl Item {
    /// Its sort; none for a run.
    #[must_use]
    pub const fn sort(&self) -> Option<Sort> {
        match self {
            Item::Run(_) => None,
            Item::Correction(_) => Some(Sort::Correction),
            Item::Entry(..) => Some(Sort::Entry),
            Item::WriteOff(..) => Some(Sort::WriteOff),
            Item::Refund(..) => Some(Sort::Refund),
            Item::Agreement(_) => Some(Sort::Agreement),
            Item::Archive(_) => Some(Sort::Archive),
        }
    }

    /// What one must be permitted to decide it.
    #[must_use]
    pub const fn needs(&self) -> Action {
        match self.sort() {
            Some(sort) => sort.needs(),
            None => Action::ApproveMonth,
        }
    }

    /// Its number; of files that of their first run.
    #[must_use]
    pub fn number(&self) -> i64 {
        match self {
            Item::Run(run) => run.id.number(),
            Item::Correction(correction) => correction.id.number(),
            Item::Entry(entry, _) => entry.id.number(),
            Item::WriteOff(known, ..) => known.id.number(),
            Item::Refund(known, ..) => known.id.number(),
            Item::Agreement(known) => known.id.number(),
            Item::Archive(files) => files.first().map_or(0, |file| file.run.number()),
        }
    }

    /// Who prepared it.
    #[must_use]
    pub fn by(&self) -> &str {
        match self {
            Item::Run(run) => &run.made_by,
            Item::Correction(correction) => correction.by.login(),
            Item::Entry(entry, _) => entry.by.login(),
            Item::WriteOff(known, ..) => match &known.write_off {
                WriteOff::Asked { by, .. } => by.login(),
                WriteOff::Done { .. } | WriteOff::Declined => "",
            },
            Item::Refund(known, ..) => match &known.refund {
                Refund::Asked { by, .. } => by.login(),
                _ => "",
            },
            Item::Agreement(known) => match &known.agreement.standing {
                Standing::Proposed { by } => by.login(),
                _ => "",
            },
            Item::Archive(files) => files.first().map_or("", |file| file.by.login()),
        }
    }

    /// A hash over what is to be approved: who approves sends it back, so that what was seen is what is approved.
    #[must_use]
    pub fn content(&self) -> Digest {
        if let Item::Run(run) = self {
            return run.content.unwrap_or(Digest::ZERO);
        }
        let mut encoder = Encoder::new();
        encoder.text(&format!("{self:?}"));
        Digest::of(encoder.bytes())
    }
}

/// Everything that waits and that who asks may see: what is theirs to decide, and what they prepared themselves. Records that
/// were shown are noted.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn waiting(db: &Db, login: Option<&Login>, acting: Acting<'_>) -> Result<Vec<Item>, Error> {
    permit::reach(login, Action::FindPerson)?;
    whole::look(db, |tx| {
        let mut shown = Vec::new();
        for item in all(tx)? {
            if is_for(tx, login, &item)? {
                noted(tx, &item, acting)?;
                shown.push(item);
            }
        }
        Ok(shown)
    })
}

/// One thing that waits.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn one(
    db: &Db,
    login: Option<&Login>,
    (sort, number): (Sort, i64),
    acting: Acting<'_>,
) -> Result<Item, Error> {
    permit::reach(login, Action::FindPerson)?;
    whole::look(db, |tx| {
        let item = find(tx, sort, number)?;
        if !is_for(tx, login, &item)? {
            return Err(permit::Refusal::Unknown.into());
        }
        noted(tx, &item, acting)?;
        Ok(item)
    })
}

/// Approves or declines something, having seen the content of which this is the hash.
///
/// # Errors
///
/// `N0601` to `N0603`, `N0105` when it is no longer what was seen; what its own use case refuses.
pub fn decide(
    db: &Db,
    applied: Applied<'_>,
    login: Option<&Login>,
    (sort, number, seen): (Sort, i64, &str),
    approve: bool,
    acting: Acting<'_>,
) -> Result<(), Error> {
    permit::reach(login, sort.needs())?;
    let item = whole::read(db, |tx| {
        let item = find(tx, sort, number)?;
        match is_for(tx, login, &item)? {
            true => Ok(item),
            false => Err(permit::Refusal::Unknown.into()),
        }
    })?;
    let content = item.content();
    if content.to_string() != seen {
        return Err(city::runs::Refusal::OtherContent { content }.into());
    }
    match (&item, approve) {
        (Item::Run(_), _) => Err(permit::Refusal::Unknown.into()),
        (Item::Correction(of), true) => correction::approve(db, login, of.id, acting).map(drop),
        (Item::Correction(of), false) => correction::decline(db, login, of.id, acting).map(drop),
        (Item::Entry(of, _), true) => account::post::approve(db, of.id, acting).map(drop),
        (Item::Entry(of, _), false) => account::post::decline(db, of.id, acting).map(drop),
        (Item::WriteOff(of, ..), true) => collect::write_off::approve(db, applied, of.id, acting),
        (Item::WriteOff(of, ..), false) => collect::write_off::decline(db, of.id, acting),
        (Item::Refund(of, ..), true) => collect::refund::approve(db, of.id, acting),
        (Item::Refund(of, ..), false) => collect::refund::decline(db, of.id, acting),
        (Item::Agreement(of), true) => collect::instalments::approve(db, of.id, acting),
        (Item::Agreement(of), false) => collect::instalments::decline(db, of.id, acting),
        (Item::Archive(_), true) => archive::approve(db, acting).map(drop),
        // Files that nobody approves do no harm: they are written anew.
        (Item::Archive(_), false) => Err(permit::Refusal::Unknown.into()),
    }
}

fn all(tx: &mut Tx<'_>) -> Result<Vec<Item>, Error> {
    let mut all: Vec<Item> = runs::to_approve(tx)?.into_iter().map(Item::Run).collect();
    all.extend(corrections::waiting(tx)?.into_iter().map(Item::Correction));
    for entry in entries::waiting(tx)? {
        all.push(entry_of(tx, entry)?);
    }
    for (known, reason) in write_offs::to_approve(tx)? {
        if let Some(bill) = bills::find(tx, known.bill)? {
            all.push(Item::WriteOff(known, bill.payer, reason));
        }
    }
    for (known, reason) in refunds::to_approve(tx)? {
        let receipt = receipts::find(tx, known.receipt)?;
        all.push(Item::Refund(known, receipt.and_then(|of| of.whose), reason));
    }
    for id in instalments::to_approve(tx)? {
        all.extend(instalments::find(tx, id)?.map(Item::Agreement));
    }
    let files = cold::waiting(tx)?;
    if !files.is_empty() {
        all.push(Item::Archive(files));
    }
    Ok(all)
}

fn entry_of(tx: &mut Tx<'_>, entry: Entry) -> Result<Item, Error> {
    let asked = &entry.asked;
    let standing = account::post::standing(tx, asked.person, asked.scheme)?;
    Ok(Item::Entry(entry, standing.balance))
}

fn find(tx: &mut Tx<'_>, sort: Sort, number: i64) -> Result<Item, Error> {
    let unknown = || Error::from(permit::Refusal::Unknown);
    let found = match sort {
        Sort::Correction => match CorrectionId::new(number) {
            Some(id) => corrections::find(tx, id)?.map(Item::Correction),
            None => None,
        },
        Sort::Entry => match EntryId::new(number) {
            Some(id) => match entries::find(tx, id)? {
                Some(entry) => Some(entry_of(tx, entry)?),
                None => None,
            },
            None => None,
        },
        _ => all(tx)?
            .into_iter()
            .find(|item| item.sort() == Some(sort) && item.number() == number),
    };
    found.ok_or_else(unknown)
}

/// Whether somebody may see it: who decides such things within reach, who looks over everything, and who prepared it.
fn is_for(tx: &mut Tx<'_>, login: Option<&Login>, item: &Item) -> Result<bool, Error> {
    let Some(login) = login else {
        return Ok(false);
    };
    if login.role() == Role::Auditor && login.district().is_none() {
        return Ok(true);
    }
    if item.by() == login.name().login() {
        return Ok(true);
    }
    let action = item.needs();
    let Ok((_, reach)) = permit::reach(Some(login), action) else {
        return Ok(false);
    };
    let within = match item {
        Item::Run(_) | Item::Archive(_) => return Ok(reach == Reach::City),
        Item::Correction(of) => permit::person(tx, Some(login), action, of.asked.person),
        Item::Entry(of, _) => {
            return Ok(login
                .district()
                .is_none_or(|district| district == of.district));
        }
        Item::WriteOff(_, payer, _) => reaches(tx, login, action, *payer),
        Item::Refund(_, Some(payer), _) => reaches(tx, login, action, *payer),
        Item::Refund(_, None, _) => return Ok(login.district().is_none()),
        Item::Agreement(of) => reaches(tx, login, action, of.payer),
    };
    match within {
        Ok(()) => Ok(true),
        Err(Error::Permit(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an action reaches a payer's record.
pub(crate) fn reaches(
    tx: &mut Tx<'_>,
    login: &Login,
    action: Action,
    payer: Payer,
) -> Result<(), Error> {
    match payer {
        Payer::Employer(employer) => permit::employer(tx, Some(login), action, employer),
        Payer::Person(person) => permit::person(tx, Some(login), action, person),
        Payer::Treasury(district) => match login.district() {
            Some(own) if own != district => Err(permit::Refusal::Unknown.into()),
            _ => Ok(()),
        },
    }
}

fn noted(tx: &mut Tx<'_>, item: &Item, acting: Acting<'_>) -> Result<(), Error> {
    let number = item.number();
    let person = |person: city::people::PersonId| (audit::PERSON, person.number());
    let (action, subject) = match item {
        Item::Run(_) | Item::Archive(_) => return Ok(()),
        Item::Correction(of) => ("correction.waiting", person(of.asked.person)),
        Item::Entry(of, _) => ("account.waiting", person(of.asked.person)),
        Item::WriteOff(..) => ("collect.write-off.waiting", (audit::WRITE_OFF, number)),
        Item::Refund(..) => ("collect.refund.waiting", (audit::REFUND, number)),
        Item::Agreement(_) => ("collect.instalments.waiting", (audit::AGREEMENT, number)),
    };
    Ok(acting.note(tx, action, subject, &format!("number {number}"))?)
}

/// The hash of nothing that was seen, for pages that are only samples.
#[must_use]
pub const fn nothing_seen() -> Digest {
    Digest::ZERO
}
