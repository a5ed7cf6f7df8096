//! What is owed today, what tomorrow, and how old it is.

use super::{Bill, BillId, CollectionRefusal, LateFees, LawRefusal};
use measure::{Day, Fen};
use std::collections::BTreeMap;

/// What is owed on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// The day.
    pub on: Day,
    /// The bills with something open, in the order given.
    pub bills: Vec<OwedBill>,
    /// The dues of all.
    pub principal: Fen,
    /// The late fee of all.
    pub fee: Fen,
}

/// What is owed on one bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedBill {
    /// Which.
    pub bill: BillId,
    /// The last day on which it was or is paid in time.
    pub due: Day,
    /// How many days it is overdue; 0 when it is not.
    pub days_late: i32,
    /// The dues open.
    pub principal: Fen,
    /// The late fee open.
    pub fee: Fen,
}

/// What is owed today, and what it will be tomorrow if nothing is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Today.
    pub today: Owed,
    /// Tomorrow.
    pub tomorrow: Owed,
}

/// The arrears of one band of age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aged {
    /// How many bills.
    pub bills: u64,
    /// Their dues open.
    pub principal: Fen,
    /// The first and the last day on which one of them was due; `None` while there are none.
    pub due: Option<(Day, Day)>,
}

impl Aged {
    /// With so many more bills that were due on a day.
    ///
    /// # Errors
    ///
    /// When the amount is too large.
    pub fn take(&mut self, bills: u64, principal: Fen, due: Day) -> Result<(), measure::Error> {
        self.bills += bills;
        self.principal = self.principal.checked_add(principal)?;
        let (first, last) = self.due.unwrap_or((due, due));
        self.due = Some((first.min(due), last.max(due)));
        Ok(())
    }
}

impl Owed {
    /// Dues and late fee.
    ///
    /// # Errors
    ///
    /// `K0102` when the amount is too large.
    pub fn total(&self) -> Result<Fen, CollectionRefusal> {
        Ok(self.principal.checked_add(self.fee)?)
    }
}

/// What is owed on these bills on a day.
///
/// # Errors
///
/// The law's refusal of a fee, or `K0102` when an amount is too large.
pub fn owed(bills: &[Bill], on: Day, fees: &impl LateFees) -> Result<Owed, CollectionRefusal> {
    let mut owed = Owed {
        on,
        bills: Vec::new(),
        principal: Fen::ZERO,
        fee: Fen::ZERO,
    };
    for bill in bills {
        let (principal, fee) = (bill.open()?, bill.open_fee(on, fees)?);
        if principal == Fen::ZERO && fee == Fen::ZERO {
            continue;
        }
        owed.principal = owed.principal.checked_add(principal)?;
        owed.fee = owed.fee.checked_add(fee)?;
        owed.bills.push(OwedBill {
            bill: bill.id,
            due: bill.due,
            days_late: bill.due.days_until(on).max(0),
            principal,
            fee,
        });
    }
    Ok(owed)
}

/// What is owed today, and what the fee will be tomorrow.
///
/// # Errors
///
/// Those of [`owed`], and `K0102` on the last day of the calendar.
pub fn outlook(
    bills: &[Bill],
    today: Day,
    fees: &impl LateFees,
) -> Result<Outlook, CollectionRefusal> {
    Ok(Outlook {
        today: owed(bills, today, fees)?,
        tomorrow: owed(bills, today.add_days(1)?, fees)?,
    })
}

/// The open dues by the band of their age on a day; `band` is the law's answer to a day due and a day asked about.
///
/// # Errors
///
/// The law's refusal of a band, or `K0102` when an amount is too large.
pub fn ageing(
    bills: &[Bill],
    on: Day,
    band: impl Fn(Day, Day) -> Result<i64, LawRefusal>,
) -> Result<BTreeMap<i64, Aged>, CollectionRefusal> {
    let mut bands: BTreeMap<i64, Aged> = BTreeMap::new();
    for bill in bills {
        let open = bill.open()?;
        if Fen::ZERO < open {
            let aged = bands.entry(band(bill.due, on)?).or_default();
            aged.take(1, open, bill.due)?;
        }
    }
    Ok(bands)
}
