//! What does the money that came in settle?
//!
//! Receipts are taken in chunks, by their numbers, each in a transaction of its own: whose they are is found by what the bank
//! says of them, all open bills of those payers are read at once, the lawful order decides, and allocations, states and the
//! journal are kept together. Killed and started again, it goes on where it was. What is nobody's and what is left over stay
//! in clarification, and are looked at again the next time: a new month may have been billed.

use super::entries::{Entry, Settled};
use crate::acting::{Acting, Applied};
use crate::error::Error;
use crate::whole;
use city::collection::{
    self, Allocated, Bill, BillId, CollectionRefusal, LawRefusal, Order, Payer, ReceiptId,
};
use city::lawful::Lawful;
use ledger::{Kind, Origin};
use measure::{Day, Fen};
use rules::law::Law;
use std::collections::HashMap;
use store::allocations::{self, Left, New};
use store::{Db, Tx, audit};

/// How many receipts are allocated at once, unless somebody says otherwise.
pub const CHUNK: i64 = 20_000;

/// Of how many receipts that the law keeps from being allocated the reason is told.
const REASONS_MOST: usize = 100;

/// What was allocated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Receipts looked at.
    pub receipts: u64,
    /// Of these, those of which it was found whose they are.
    pub found: u64,
    /// Of these, those of which it is not known whose they are.
    pub nobodys: u64,
    /// Parts of bills settled.
    pub allocations: u64,
    /// Their dues.
    pub principal: Fen,
    /// Their late fees.
    pub fee: Fen,
    /// What is left of all receipts looked at.
    pub held: Fen,
    /// Receipts that the law keeps from being allocated, and why: the first hundred.
    pub refused: Vec<(ReceiptId, LawRefusal)>,
}

/// Lets all money that is somebody's settle that payer's bills, so many receipts at a time.
///
/// # Errors
///
/// The law's refusal of an order, what the books or the database say. Chunks that were kept stay.
pub fn allocate(
    db: &Db,
    applied: Applied<'_>,
    chunk: i64,
    acting: Acting<'_>,
    progress: &mut dyn FnMut(&Done),
) -> Result<Done, Error> {
    let order = Lawful::new(applied.law, acting.at.day()?).order()?;
    whole::write(db, |tx| Ok(applied.keep(tx)?))?;
    let mut done = Done::default();
    let mut after = 0;
    loop {
        let kept = whole::write(db, |tx| {
            let mut now = done.clone();
            let last = one_chunk(
                tx,
                (applied, &order),
                (after, chunk.max(1)),
                acting,
                &mut now,
            )?;
            Ok::<_, Error>(last.map(|last| (last, now)))
        })?;
        let Some((last, now)) = kept else {
            return Ok(done);
        };
        (after, done) = (last, now);
        progress(&done);
    }
}

/// Allocates the next receipts; gives the number of the last of them.
fn one_chunk(
    tx: &mut Tx<'_>,
    (applied, order): (Applied<'_>, &Order),
    (after, most): (i64, i64),
    acting: Acting<'_>,
    done: &mut Done,
) -> Result<Option<i64>, Error> {
    let mut left = allocations::chunk(tx, after, most)?;
    let Some(last) = left.last().map(|left| left.receipt.number()) else {
        return Ok(None);
    };
    attribute(tx, &mut left, acting, done)?;
    let purse = Purse::of(allocations::bills(tx, after, last)?);
    let settling = Settling {
        law: applied.law,
        order,
        purse,
        paid_on: HashMap::new(),
        settled: Settled::default(),
        new: Vec::new(),
    };
    let (new, settled) = settling.all(left, done)?;
    keep(tx, applied, &new, &settled, acting)?;
    allocations::note_states(tx, after, last)?;
    Ok(Some(last))
}

/// Finds whose receipts are of which nobody has said so yet.
fn attribute(
    tx: &mut Tx<'_>,
    left: &mut [Left],
    acting: Acting<'_>,
    done: &mut Done,
) -> Result<(), Error> {
    let mut found = Vec::new();
    for left in left.iter_mut().filter(|left| left.whose.is_none()) {
        if let Some(whose) = whose(left) {
            left.whose = Some(whose);
            found.push((left.receipt, whose));
        } else {
            done.nobodys += 1;
        }
    }
    done.found += found.len() as u64;
    if !found.is_empty() {
        allocations::attribute(tx, &found, acting.by.login(), acting.at)?;
    }
    Ok(())
}

/// Whose money it is by what the bank says: of the one employer whose code it names or the one who owes the bill it refers
/// to, unless these are two.
fn whose(left: &Left) -> Option<Payer> {
    if left.looked_at {
        return None;
    }
    let by_code = left.by_code.map(Payer::Employer);
    match (by_code, left.by_bill) {
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

fn keep(
    tx: &mut Tx<'_>,
    applied: Applied<'_>,
    new: &[New],
    settled: &Settled,
    acting: Acting<'_>,
) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let batch = allocations::open_batch(tx, applied.version, acting.by.login(), acting.at)?;
    let parts = format!("{} parts", new.len());
    acting.note(tx, "collect.allocate", (audit::ALLOCATIONS, batch), &parts)?;
    allocations::write(tx, batch, new, acting.by.login(), acting.at)?;
    let journals = [
        ("late-fee", Kind::LateFee, settled.charged()?),
        ("allocation", Kind::Allocation, settled.allocated()?),
    ];
    for (name, kind, lines) in journals {
        let entry = Entry {
            key: format!("{name}/{batch}"),
            kind,
            origin: Origin::Batch(batch),
            law: Some(applied.version),
            lines,
        };
        entry.post(tx, acting)?;
    }
    Ok(())
}

/// The open bills of some payers.
struct Purse {
    of: HashMap<Payer, Vec<Bill>>,
    /// Where each bill stands among its payer's.
    place: HashMap<BillId, usize>,
}

impl Purse {
    fn of(bills: Vec<Bill>) -> Purse {
        let mut purse = Purse {
            of: HashMap::new(),
            place: HashMap::new(),
        };
        for bill in bills {
            let own = purse.of.entry(bill.payer).or_default();
            purse.place.insert(bill.id, own.len());
            own.push(bill);
        }
        purse
    }

    fn settle(&mut self, payer: Payer, on: Day, made: &collection::Allocation) -> Option<&Bill> {
        let place = *self.place.get(&made.bill)?;
        let bill = self.of.get_mut(&payer)?.get_mut(place)?;
        bill.settled.push(collection::Settled {
            on,
            principal: made.principal,
            accounts: made.accounts,
            fee: made.fee,
        });
        Some(bill)
    }
}

/// A chunk while its money settles bills.
struct Settling<'a> {
    law: &'a Law,
    order: &'a Order,
    purse: Purse,
    /// From which day money of a day of booking counts.
    paid_on: HashMap<Day, Day>,
    settled: Settled,
    new: Vec<New>,
}

impl Settling<'_> {
    fn all(mut self, mut left: Vec<Left>, done: &mut Done) -> Result<(Vec<New>, Settled), Error> {
        // What came in first settles first.
        left.sort_by_key(|left| (left.booked, left.receipt));
        for left in left {
            done.receipts += 1;
            let rest = match left.whose {
                Some(payer) if Fen::ZERO < left.rest => self.one(&left, payer, done)?,
                _ => left.rest,
            };
            done.held = done.held.checked_add(rest)?;
        }
        Ok((self.new, self.settled))
    }

    /// Lets one receipt settle bills; gives what is left of it.
    fn one(&mut self, left: &Left, payer: Payer, done: &mut Done) -> Result<Fen, Error> {
        let Some(bills) = self.purse.of.get(&payer) else {
            return Ok(left.rest);
        };
        let on = match self.paid_on.get(&left.booked) {
            Some(on) => *on,
            None => {
                let on = Lawful::new(self.law, left.booked).paid_on(left.booked)?;
                self.paid_on.insert(left.booked, on);
                on
            }
        };
        let fees = Lawful::new(self.law, on);
        let Allocated { allocations, rest } =
            match collection::allocate(left.rest, on, bills, self.order, &fees) {
                Ok(allocated) => allocated,
                // What the law does not say of one payer keeps nobody else waiting.
                Err(CollectionRefusal::Law(refusal)) => {
                    if done.refused.len() < REASONS_MOST {
                        done.refused.push((left.receipt, refusal));
                    }
                    return Ok(left.rest);
                }
                Err(refusal) => return Err(refusal.into()),
            };
        for made in allocations {
            if let Some(bill) = self.purse.settle(payer, on, &made) {
                let place = (bill.scheme, bill.district);
                self.settled
                    .take(place, (made.principal, made.accounts, made.fee))?;
            }
            done.allocations += 1;
            done.principal = done.principal.checked_add(made.principal)?;
            done.fee = done.fee.checked_add(made.fee)?;
            self.new.push((left.receipt, on, made));
        }
        Ok(rest)
    }
}
