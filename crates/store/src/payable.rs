//! What is each payer to pay for a month?

use crate::bills::payer;
use crate::{Error, Tx, params, statements};
use city::dues::{BillId, Payer};
use city::runs::RunId;
use measure::{Day, Fen};

statements! {
    /// What a run bills everybody but the treasuries, in all schemes and districts together: with the first of the bills, which
    /// is what a payment refers to, and the name where it is an employer's.
    OF_RUN = "select b.payer_kind, b.payer, min(b.bill), cast(sum(b.amount) as bigint), r.due_day, coalesce(min(e.name), '') \
        from bill b join run r on r.run = b.run left join employer e on b.payer_kind = 1 and e.employer = b.payer \
        where b.run = $1 and b.payer_kind in (1, 2) and b.amount > 0 \
        group by b.payer_kind, b.payer, r.due_day order by b.payer_kind, b.payer";
}

/// What a payer is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payable {
    /// Who.
    pub payer: Payer,
    /// The bill a payment refers to.
    pub bill: BillId,
    /// All bills of the run together.
    pub amount: Fen,
    /// By when, where the run says so.
    pub due: Option<Day>,
    /// The employer's name; empty for persons.
    pub name: String,
}

/// Hands on what everybody but the treasuries is to pay for a run, payer by payer.
///
/// # Errors
///
/// What the database says.
pub fn of_run(
    tx: &mut Tx<'_>,
    run: RunId,
    mut each: impl FnMut(Payable) -> Result<(), Error>,
) -> Result<(), Error> {
    tx.stream(OF_RUN, params![run], |row| {
        each(Payable {
            payer: payer(row, 0)?,
            bill: row.get(2)?,
            amount: row.get(3)?,
            due: row.get(4)?,
            name: row.get(5)?,
        })
    })
}
