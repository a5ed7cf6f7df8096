//! What came in, at the counter: a receipt with what it settled, a bank's file handed in, and who may do what with them.
//!
//! Of a receipt of nobody nobody knows whose district it is, so whoever keeps receipts sees it; once it is somebody's, only who may
//! see that payer. Files and allocations are the whole city's.

use super::allocate::{self, CHUNK, Done};
use super::clarify::{clarify, employer, lookup};
use super::receive::{BankFile, Received, receive};
use super::undo::undo_receipt;
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::inbox::reaches;
use crate::part::{COUNTED, Found, Part};
use crate::permit::{self, Action, Refusal};
use crate::whole;
use city::collection::{Payer, Receipt as Entered, ReceiptId};
use city::logins::Login;
use city::people::PersonId;
use exchange::bank::{self, Direction};
use exchange::{Fault, Faults};
use ledger::Digest;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use store::allocations::{self, Made};
use store::receipts::{self, Known};
pub use store::receipts::{Known as Receipt, Order};
use store::{Db, Tx, audit};

/// A receipt, and what it settled.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The receipt.
    pub receipt: Known,
    /// What it settled, taken back or not.
    pub settled: Vec<Made>,
}

/// The receipts of which nobody knows whose they are, a part of them. That they were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn waiting(
    db: &Db,
    login: Option<&Login>,
    (part, order): (&Part, Order),
    acting: Acting<'_>,
) -> Result<Found<Known>, Error> {
    permit::reach(login, Action::ReadReceipts)?;
    whole::look(db, |tx| {
        let lines = receipts::found_to_clarify(tx, (&part.text, order), (part.most, part.after))?;
        for known in &lines {
            let subject = (audit::RECEIPT, known.id.number());
            acting.note(tx, "collect.waiting", subject, "")?;
        }
        let of = receipts::count_to_clarify(tx, &part.text, COUNTED)?;
        Ok(Found { lines, of })
    })
}

/// One receipt. That it was looked at is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn see(
    db: &Db,
    login: Option<&Login>,
    id: ReceiptId,
    acting: Acting<'_>,
) -> Result<Seen, Error> {
    whole::look(db, |tx| {
        let receipt = within(tx, login, Action::ReadReceipts, id)?;
        let subject = (audit::RECEIPT, id.number());
        acting.note(tx, Action::ReadReceipts.word(), subject, "")?;
        Ok(Seen {
            settled: allocations::of_receipt(tx, id)?,
            receipt,
        })
    })
}

/// A receipt within reach.
fn within(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    action: Action,
    id: ReceiptId,
) -> Result<Known, Error> {
    let (login, _) = permit::reach(login, action)?;
    let receipt = match lookup(tx, id) {
        Ok(receipt) => receipt,
        Err(Error::Collecting(_)) => return Err(Refusal::Unknown.into()),
        Err(error) => return Err(error),
    };
    if let Some(payer) = receipt.whose {
        reaches(tx, login, payer_action(action, payer), payer)?;
    }
    Ok(receipt)
}

/// Receipts are kept by whoever may see what their payer owes.
fn payer_action(action: Action, payer: Payer) -> Action {
    match payer {
        Payer::Employer(_) | Payer::Person(_) => Action::ReadDues,
        Payer::Treasury(_) => action,
    }
}

/// Whose money it is, as staff name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// An employer, by credit code or number.
    Employer(String),
    /// A person, by number.
    Person(PersonId),
}

/// Says whose a receipt is: somebody within reach.
///
/// # Errors
///
/// `N0601` to `N0603`; `N0303`, `N0304`; what the database says.
pub fn say_whose(
    db: &Db,
    login: Option<&Login>,
    (id, named): (ReceiptId, &Named),
    acting: Acting<'_>,
) -> Result<(), Error> {
    let payer = whole::read(db, |tx| {
        within(tx, login, Action::KeepReceipts, id)?;
        let (login, _) = permit::reach(login, Action::KeepReceipts)?;
        let payer = match named {
            Named::Employer(text) => Payer::Employer(employer(tx, text)?),
            Named::Person(person) => Payer::Person(*person),
        };
        reaches(tx, login, Action::ReadDues, payer)?;
        Ok(payer)
    })?;
    clarify(db, id, payer, acting).map(drop)
}

/// Takes back what a receipt settled, and whose it was held to be.
///
/// # Errors
///
/// `N0601` to `N0603`; `N0305`, `N0306`; what the books or the database say.
pub fn take_back(
    db: &Db,
    login: Option<&Login>,
    id: ReceiptId,
    acting: Acting<'_>,
) -> Result<(), Error> {
    whole::read(db, |tx| within(tx, login, Action::KeepReceipts, id))?;
    undo_receipt(db, id, acting).map(drop)
}

/// What a file brought, and what of it could not be read.
#[derive(Clone, Debug)]
pub struct Handed {
    /// What it brought.
    pub received: Received,
    /// The first entries that could not be read.
    pub faults: Vec<Fault>,
    /// How many entries could not be read.
    pub refused: u64,
}

/// Why a file is not taken in.
#[derive(Clone, Debug)]
pub enum Stop {
    /// The file itself.
    File(exchange::Error),
    /// The office.
    Office(Error),
}

impl Stop {
    /// What was sent could not be laid down to be read.
    #[must_use]
    pub fn unwritten(error: &std::io::Error) -> Stop {
        Stop::Office(
            store::Error::Engine {
                cause: error.to_string(),
            }
            .into(),
        )
    }
}

impl From<exchange::Error> for Stop {
    fn from(error: exchange::Error) -> Stop {
        Stop::File(error)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Office(error)
    }
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Stop {
        Stop::Office(error.into())
    }
}

/// So many entries that could not be read are told one by one.
const FAULTS: usize = 50;

/// Who keeps receipts for the whole city.
fn of_the_city(login: Option<&Login>) -> Result<(), Error> {
    let (login, _) = permit::reach(login, Action::KeepReceipts)?;
    match login.district() {
        None => Ok(()),
        // There is no such file as far as a district reaches.
        Some(_) => Err(Refusal::Unknown.into()),
    }
}

/// Takes in a bank's file that lies at a path, under the name it was handed in with.
///
/// # Errors
///
/// `N0601` to `N0603`; why the file is not read; what the books or the database say. Nothing of it is kept then.
pub fn hand_in(
    db: &Db,
    login: Option<&Login>,
    (path, name, bytes): (&Path, &str, &[u8]),
    acting: Acting<'_>,
) -> Result<Handed, Stop> {
    of_the_city(login)?;
    let hash = Digest(Sha256::digest(bytes).into());
    let (mut told, mut refused) = (Vec::new(), 0);
    let mut source = |each: &mut dyn FnMut(&Entered) -> Result<(), Stop>| {
        let mut faults = Faults::keeping(FAULTS);
        let summary = bank::read(path, name, &mut faults, |entry| match entry.direction {
            Direction::In => each(&taken(entry)),
            Direction::Out => Ok(()),
        })?;
        (told, refused) = (faults.kept().to_vec(), summary.refused);
        Ok::<(), Stop>(())
    };
    let received = receive(db, BankFile { name, hash }, &mut source, acting)?;
    Ok(Handed {
        received,
        faults: told,
        refused,
    })
}

fn taken(told: bank::Receipt) -> Entered {
    let written = [told.remittance, told.structured, told.end_to_end];
    let written: Vec<String> = written.into_iter().flatten().collect();
    Entered {
        key: told.key,
        booked: told.booked,
        amount: told.amount,
        payer: told.payer.unwrap_or_default(),
        payer_code: None,
        account: told.payer_account,
        remittance: written.join(" "),
    }
}

/// Lets all money that is somebody's settle what they owe.
///
/// # Errors
///
/// `N0601` to `N0603`; what the law, the books or the database say.
pub fn settle(
    db: &Db,
    applied: Applied<'_>,
    login: Option<&Login>,
    acting: Acting<'_>,
) -> Result<Done, Error> {
    of_the_city(login)?;
    allocate::allocate(db, applied, CHUNK, acting, &mut |_| {})
}
