//! What did we pay, what did it settle, and what is still nobody's?

use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::collection::{Bill, Payer};
use city::logins::Login;
use store::allocations::{self, Made};
use store::receipts;
pub use store::receipts::Known as Received;
use store::{Db, audit, bills};

/// A payment and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    /// What came in.
    pub receipt: Received,
    /// What it settled; what was taken back is not among it.
    pub settled: Vec<(Made, Option<Bill>)>,
}

/// The own payments, the newest first. That they were looked at is noted.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn payments(db: &Db, login: Option<&Login>, acting: Acting<'_>) -> Result<Vec<Payment>, Error> {
    let employer = permit::own_employer(login, Action::ReadDues)?;
    whole::look(db, |tx| {
        let mut payments = Vec::new();
        for receipt in receipts::of_payer(tx, Payer::Employer(employer), i64::MAX)? {
            let mut settled = Vec::new();
            for made in allocations::of_receipt(tx, receipt.id)? {
                if !made.undone {
                    settled.push((made, bills::find(tx, made.bill)?));
                }
            }
            payments.push(Payment { receipt, settled });
        }
        let subject = (audit::EMPLOYER, employer.number());
        acting.note(tx, Action::ReadDues.word(), subject, "payments")?;
        Ok(payments)
    })
}
