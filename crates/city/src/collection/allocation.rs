//! In which order money settles bills.

use super::{Bill, BillId, CollectionRefusal, LateFees, Part, Settled};
use crate::insurance::Scheme;
use measure::{Day, Fen};
use std::collections::BTreeMap;

/// The lawful order: by the rank of the part, then the day it is due, then the rank of the scheme, then the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    parts: BTreeMap<Part, i64>,
    schemes: BTreeMap<Scheme, i64>,
}

/// What an amount of money settles of one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Which.
    pub bill: BillId,
    /// Of the dues.
    pub principal: Fen,
    /// Of these dues, what goes to individual accounts.
    pub accounts: Fen,
    /// Of the late fee.
    pub fee: Fen,
    /// Whether nothing is open on the bill any more.
    pub settles: bool,
}

/// What an amount of money settles, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// What it settles, one for each bill it reaches, in the order in which it reaches them.
    pub allocations: Vec<Allocation>,
    /// What is left: held for the payer.
    pub rest: Fen,
}

impl Order {
    /// The order the law gives: the rank of each part and of each scheme, the least first.
    ///
    /// # Errors
    ///
    /// The first refusal of the law.
    pub fn of<E>(
        mut part: impl FnMut(Part) -> Result<i64, E>,
        mut scheme: impl FnMut(Scheme) -> Result<i64, E>,
    ) -> Result<Order, E> {
        let parts = [Part::Principal, Part::Fee].into_iter();
        let parts = parts.map(|one| Ok((one, part(one)?)));
        let schemes = Scheme::ALL
            .iter()
            .copied()
            .filter(|scheme| scheme.collected());
        let schemes = schemes.map(|one| Ok((one, scheme(one)?)));
        Ok(Order {
            parts: parts.collect::<Result<_, E>>()?,
            schemes: schemes.collect::<Result<_, E>>()?,
        })
    }

    fn part(&self, part: Part) -> i64 {
        self.parts.get(&part).copied().unwrap_or(i64::MAX)
    }

    fn scheme(&self, scheme: Scheme) -> i64 {
        self.schemes.get(&scheme).copied().unwrap_or(i64::MAX)
    }
}

/// What money that counts as paid on a day settles of a payer's bills, in the lawful order.
///
/// Bills not due yet are settled too, after those due: they are the latest.
///
/// # Errors
///
/// `K0101` unless there is money, the law's refusal of a fee, and `K0102` when an amount is too large.
pub fn allocate(
    money: Fen,
    on: Day,
    bills: &[Bill],
    order: &Order,
    fees: &impl LateFees,
) -> Result<Allocated, CollectionRefusal> {
    if money <= Fen::ZERO {
        return Err(CollectionRefusal::NoMoney { money });
    }
    let mut turns: Vec<(Part, usize)> = (0..bills.len())
        .flat_map(|place| [(Part::Principal, place), (Part::Fee, place)])
        .collect();
    turns.sort_by_key(|(part, place)| {
        let bill = &bills[*place];
        (
            order.part(*part),
            bill.due,
            order.scheme(bill.scheme),
            bill.id,
            *part,
        )
    });
    let mut rest = money;
    let mut reached: Vec<Settling> = Vec::new();
    for (part, place) in turns {
        if rest == Fen::ZERO {
            break;
        }
        let known = reached.iter().position(|settling| settling.place == place);
        let mut settling = match known {
            Some(at) => reached.remove(at),
            None => Settling::new(place, &bills[place]),
        };
        let taken = settling.take(part, rest, on, fees)?;
        rest = rest.checked_sub(taken)?;
        if settling.allocation.principal != Fen::ZERO || settling.allocation.fee != Fen::ZERO {
            reached.insert(known.unwrap_or(reached.len()), settling);
        }
    }
    let mut allocations = Vec::with_capacity(reached.len());
    for mut settling in reached {
        settling.allocation.settles = settling.bill.is_settled(fees)?;
        allocations.push(settling.allocation);
    }
    Ok(Allocated { allocations, rest })
}

/// A bill while money is settling it.
struct Settling {
    place: usize,
    bill: Bill,
    allocation: Allocation,
}

impl Settling {
    fn new(place: usize, bill: &Bill) -> Settling {
        Settling {
            place,
            bill: bill.clone(),
            allocation: Allocation {
                bill: bill.id,
                principal: Fen::ZERO,
                accounts: Fen::ZERO,
                fee: Fen::ZERO,
                settles: false,
            },
        }
    }

    /// Settles a part of it with at most so much; gives what that took.
    fn take(
        &mut self,
        part: Part,
        most: Fen,
        on: Day,
        fees: &impl LateFees,
    ) -> Result<Fen, CollectionRefusal> {
        let open = match part {
            Part::Principal => self.bill.open()?,
            Part::Fee => self.bill.open_fee(on, fees)?,
        };
        let taken = open.max(Fen::ZERO).min(most);
        let (principal, fee) = match part {
            Part::Principal => (taken, Fen::ZERO),
            Part::Fee => (Fen::ZERO, taken),
        };
        let accounts = self.bill.share(principal)?;
        if taken != Fen::ZERO {
            self.bill.settled.push(Settled {
                on,
                principal,
                accounts,
                fee,
            });
        }
        let allocation = &mut self.allocation;
        allocation.principal = allocation.principal.checked_add(principal)?;
        allocation.accounts = allocation.accounts.checked_add(accounts)?;
        allocation.fee = allocation.fee.checked_add(fee)?;
        Ok(taken)
    }
}
