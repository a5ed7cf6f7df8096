//! What does somebody owe today, what will it be tomorrow, and how old is it?

use crate::error::Error;
use city::collection::{self, Aged, Bill, Outlook, OwedBill, Payer};
use city::lawful::Lawful;
use city::places::District;
use measure::{Day, Fen};
use rules::law::Law;
use std::collections::BTreeMap;
use store::{Tx, bills, receipts};

/// What a payer owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owes {
    /// Who.
    pub payer: Payer,
    /// Today and tomorrow, in total.
    pub outlook: Outlook,
    /// Bill by bill.
    pub bills: Vec<OpenBill>,
    /// What is held for the payer and has not settled anything.
    pub held: Fen,
}

/// What is owed on a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenBill {
    /// The bill.
    pub bill: Bill,
    /// What is owed on it today.
    pub today: OwedBill,
    /// What its late fee will be tomorrow.
    pub fee_tomorrow: Fen,
}

/// What a payer owes on a day, as is known now: what settled something later was still open on it.
///
/// # Errors
///
/// The law's refusal of a late fee; what the database says.
pub fn owes(tx: &mut Tx<'_>, law: &Law, payer: Payer, on: Day) -> Result<Owes, Error> {
    let mut bills = bills::of_payer(tx, payer)?;
    for bill in &mut bills {
        bill.settled.retain(|part| part.on <= on);
    }
    let outlook = collection::outlook(&bills, on, &Lawful::new(law, on))?;
    let fee_tomorrow = |today: &OwedBill| {
        let same = outlook
            .tomorrow
            .bills
            .iter()
            .find(|one| one.bill == today.bill);
        same.map_or(today.fee, |tomorrow| tomorrow.fee)
    };
    let open = outlook.today.bills.iter().filter_map(|today| {
        let bill = bills.iter().find(|bill| bill.id == today.bill)?.clone();
        Some(OpenBill {
            bill,
            today: *today,
            fee_tomorrow: fee_tomorrow(today),
        })
    });
    Ok(Owes {
        payer,
        bills: open.collect(),
        held: receipts::held(tx, payer)?,
        outlook,
    })
}

/// What is open in a district by the law's bands of age on a day, as is known now. The database adds up by the day due; the
/// law says in which band a day is.
///
/// # Errors
///
/// The law's refusal of a band; what the database says; when a sum is beyond what an amount can be.
pub fn ageing(
    tx: &mut Tx<'_>,
    law: &Law,
    district: District,
    on: Day,
) -> Result<BTreeMap<i64, Aged>, Error> {
    let lawful = Lawful::new(law, on);
    let mut bands: BTreeMap<i64, Aged> = BTreeMap::new();
    bills::open(tx, district, |open| {
        let aged = bands.entry(lawful.band(open.due, on)?).or_default();
        aged.take(open.bills.unsigned_abs(), open.principal, open.due)?;
        Ok::<(), Error>(())
    })?;
    Ok(bands)
}
