//! What did a bank's file bring?
//!
//! A file is taken in once, known again by its bytes, and as a whole; a receipt once, known again by its key, whichever file
//! tells of it. What comes in stands in clearing until it is allocated.

use super::entries::{Entry, of_collecting};
use super::refusal::Refusal;
use crate::acting::Acting;
use crate::error::Error;
use city::collection::{CollectionRefusal, Receipt};
use ledger::{Digest, Heading, Kind, Origin};
use measure::Fen;
use store::receipts::{self, Arriving};
use store::{Db, Tx, audit};

/// A bank's file.
#[derive(Clone, Copy, Debug)]
pub struct BankFile<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The hash of its bytes.
    pub hash: Digest,
}

/// What a file brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The number of its batch.
    pub batch: i64,
    /// Whether it had been taken in before: then nothing was done.
    pub again: bool,
    /// Receipts that were not known.
    pub receipts: i64,
    /// Receipts that other files had told of.
    pub known: i64,
    /// What the new ones come to.
    pub amount: Fen,
}

/// Hands on the receipts of a file one by one.
pub type Source<'s, E> = dyn FnMut(&mut dyn FnMut(&Receipt) -> Result<(), E>) -> Result<(), E> + 's;

/// Takes a file in: its receipts, and one journal of what they come to. `source` hands them on one by one, and may be asked
/// to do so again from the beginning when somebody else stands in the way.
///
/// # Errors
///
/// `K0101` for an amount that is none, `N0301` for a key known with another day or amount; what the source, the books or the
/// database say. Nothing of the file is taken in then.
pub fn receive<E: From<Error> + From<store::Error>>(
    db: &Db,
    file: BankFile<'_>,
    source: &mut Source<'_, E>,
    acting: Acting<'_>,
) -> Result<Received, E> {
    db.write(|tx| {
        if let Some((batch, receipts)) = receipts::file(tx, file.hash.0)? {
            return Ok(Received {
                batch,
                again: true,
                receipts: 0,
                known: receipts,
                amount: Fen::ZERO,
            });
        }
        let batch = receipts::open_batch(tx, file.name, file.hash.0, acting.by.login(), acting.at)?;
        acting.note(tx, "collect.receive", (audit::BATCH, batch), file.name)?;
        let told = arrive(tx, batch, source)?;
        let received = keep(tx, batch, told, acting)?;
        Ok(received)
    })
}

fn arrive<E: From<Error> + From<store::Error>>(
    tx: &mut Tx<'_>,
    batch: i64,
    source: &mut Source<'_, E>,
) -> Result<u64, E> {
    let mut arriving = Arriving::begin(tx, batch)?;
    source(&mut |receipt| {
        if receipt.amount <= Fen::ZERO {
            let money = receipt.amount;
            return Err(Error::from(CollectionRefusal::NoMoney { money }).into());
        }
        Ok(arriving.take(receipt)?)
    })?;
    Ok(arriving.finish()?)
}

fn keep(tx: &mut Tx<'_>, batch: i64, told: u64, acting: Acting<'_>) -> Result<Received, Error> {
    if let Some(key) = receipts::other_content(tx, batch)? {
        return Err(Refusal::OtherContent { key }.into());
    }
    let brought = receipts::keep(tx, batch)?;
    if brought.amount != Fen::ZERO {
        let entry = Entry {
            key: format!("receipt/{batch}"),
            kind: Kind::Receipt,
            origin: Origin::Batch(batch),
            law: None,
            lines: of_collecting(Heading::Bank, Heading::Clearing, brought.amount)?,
        };
        entry.post(tx, acting)?;
    }
    let told = i64::try_from(told).unwrap_or(i64::MAX);
    Ok(Received {
        batch,
        again: false,
        receipts: brought.receipts,
        known: told - brought.receipts,
        amount: brought.amount,
    })
}
