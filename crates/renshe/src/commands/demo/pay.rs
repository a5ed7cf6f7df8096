//! After a month is published its payers pay, as the bank tells it: nearly all in time and in full, some late, some too little,
//! and of some nobody can say whose the money is.

use super::declare::Hall;
use crate::output::Failure;
use crate::place::of_office;
use city::actors::Actor;
use city::collection::{Payer, Receipt, reference};
use city::runs::{RunId, RunKind};
use ledger::Digest;
use measure::{Day, Fen, Month};
use office::collect::allocate::{self, allocate};
use office::collect::receive::{BankFile, receive};
use office::month::assess::Cut;
use office::month::credit::credit;
use office::month::publish::{approve, close};
use store::payable::{self, Payable};

/// One payer in so many pays this late, pays half only, or says nothing of what the money is for.
const LATE: (i64, i32) = (20, 12);
const HALF: i64 = 50;
const SILENT: i64 = 100;
/// And pays so many days before the last otherwise.
const EARLY: i32 = 3;

/// What was paid for a month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paid {
    pub(super) amount: Fen,
    pub(super) settled: Fen,
}

impl Hall<'_> {
    /// Takes the month's money in and lets it settle.
    pub(super) fn pay(&self, run: RunId, month: Month) -> Result<Paid, Failure> {
        let (teller, collector) = (login("teller"), login("collector"));
        let name = format!("bank-{month}.xml");
        let done = (|| {
            let receipts = self.db.read(|tx| {
                tx.set_all_districts()?;
                let mut receipts = Vec::new();
                payable::of_run(tx, run, |payable| {
                    receipts.extend(receipt(&payable, month));
                    Ok(())
                })?;
                Ok::<_, store::Error>(receipts)
            })?;
            let file = BankFile {
                name: &name,
                hash: Digest::of(name.as_bytes()),
            };
            let mut source = |each: &mut dyn FnMut(&Receipt) -> Result<(), office::Error>| {
                receipts.iter().try_for_each(each)
            };
            let taken = receive(self.db, file, &mut source, self.clock.acting(&teller))?;
            let acting = self.clock.acting(&collector);
            let applied = self.law.applied();
            let settled = allocate(self.db, applied, allocate::CHUNK, acting, &mut |_| {})?;
            Ok(Paid {
                amount: taken.amount,
                settled: settled.principal,
            })
        })();
        done.map_err(|error: office::Error| of_office(&error, self.setting))
    }

    /// Credits what was paid to the accounts, and closes the month.
    pub(super) fn credit(&self, month: Month, cut: Cut) -> Result<(), Failure> {
        let (maker, checker) = (login("maker"), login("checker"));
        let (db, acting) = (self.db, |by| self.clock.acting(by));
        let done = (|| {
            let applied = self.law.applied();
            let run = credit(db, applied, month, cut, acting(&maker), &mut |_, _| {})?;
            let content = run.content.map(|content| content.to_string());
            let content = content.unwrap_or_default();
            approve(db, RunKind::Crediting, month, &content, acting(&checker))?;
            close(db, month, acting(&checker)).map(drop)
        })();
        done.map_err(|error: office::Error| of_office(&error, self.setting))
    }
}

fn login(name: &str) -> Actor {
    Actor::new(name).expect("it is a login")
}

/// What the bank tells of a payment; nothing where there is no day.
fn receipt(payable: &Payable, month: Month) -> Option<Receipt> {
    let (kind, number) = payable.payer.codes();
    let (one_in, days) = LATE;
    let due = payable.due.unwrap_or_else(|| month.last_day());
    let late = number % one_in == 7;
    let booked: Day = due.add_days(if late { days } else { -EARLY }).ok()?;
    let half = number % HALF == 11;
    let amount = Fen(if half {
        payable.amount.0 / 2
    } else {
        payable.amount.0
    });
    let remittance = match number % SILENT == 33 {
        true => "社保费".to_owned(),
        false => format!("{month} 社保费 {}", reference(payable.bill)),
    };
    let payer = match payable.payer {
        Payer::Employer(_) => payable.name.clone(),
        Payer::Person(_) | Payer::Treasury(_) => String::new(),
    };
    (Fen::ZERO < amount).then(|| Receipt {
        key: format!("DEMO/{month}/{kind}/{number}"),
        booked,
        amount,
        payer,
        payer_code: None,
        account: Some(format!("622202******{:04}", number % 10_000)),
        remittance,
    })
}
