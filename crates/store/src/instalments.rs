//! Who agreed to pay in which instalments, and how much of it has been paid?

use crate::bills::payer;
use crate::{Error, Row, Tx, params, statements};
use city::actors::Actor;
use city::collection::instalments::{Agreement, Instalment, Standing};
use city::collection::{AgreementId, BillId, Payer};
use measure::{Day, Fen, Moment};

statements! {
    /// Keeps a proposal.
    PROPOSE = "insert into agreement (payer_kind, payer, guaranteed, by, at) values ($1, $2, $3, $4, $5) returning agreement";
    /// One of its parts.
    INSTALMENT = "insert into instalment (agreement, no, due_day, amount) values ($1, $2, $3, $4)";
    /// A bill that it is about.
    AGREED = "insert into agreed (agreement, bill) values ($1, $2)";
    /// An agreement.
    FIND = "select agreement, payer_kind, payer, by, approved_by, approved_at, outcome from agreement where agreement = $1";
    /// The agreement of a payer that has not ended.
    CURRENT = "select agreement, payer_kind, payer, by, approved_by, approved_at, outcome from agreement \
               where payer_kind = $1 and payer = $2 and ended_at is null";
    /// Every agreement that is running.
    RUNNING = "select agreement from agreement where approved_at is not null and ended_at is null order by agreement";
    /// Every agreement that waits for a second person.
    TO_APPROVE = "select agreement from agreement where approved_at is null and ended_at is null order by agreement limit 500";
    /// Its parts, in order.
    PLAN = "select due_day, amount from instalment where agreement = $1 order by no";
    /// What was paid on its bills since it was approved, by the day from which it counts.
    PAID = "select a.day, cast(sum(a.principal + a.fee) as bigint) from agreed g \
            join agreement w on w.agreement = g.agreement \
            join allocation a on a.bill = g.bill and a.undone_at is null and a.at >= w.approved_at \
            where g.agreement = $1 group by a.day order by a.day";
    /// A second person agrees.
    APPROVE = "update agreement set approved_by = $2, approved_at = $3 where agreement = $1 and approved_at is null and ended_at is null";
    /// It is over.
    END = "update agreement set outcome = $2, ended_by = $3, ended_at = $4 where agreement = $1 and ended_at is null";
}

/// How an agreement ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Refused by the one who was to approve it.
    Declined,
    /// Paid to the end.
    Kept,
    /// An instalment was missed.
    Missed,
}

impl Outcome {
    const fn code(self) -> i16 {
        match self {
            Outcome::Declined => 1,
            Outcome::Kept => 2,
            Outcome::Missed => 3,
        }
    }
}

/// An agreement as it is kept. How much of each part is paid follows from the allocations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: AgreementId,
    /// Who pays.
    pub payer: Payer,
    /// Its parts, nothing paid yet, and how it stands.
    pub agreement: Agreement,
    /// What was paid on its bills since it was approved, by the day from which it counts.
    pub paid: Vec<(Day, Fen)>,
}

/// The oldest five hundred that wait for a second person.
///
/// # Errors
///
/// What the database says.
pub fn to_approve(tx: &mut Tx<'_>) -> Result<Vec<AgreementId>, Error> {
    tx.list(TO_APPROVE, params![], |row| row.get(0))
}

/// Keeps a proposal with its parts and bills.
///
/// # Errors
///
/// `S0107` when the payer has an agreement; what else the database says.
pub fn propose(
    tx: &mut Tx<'_>,
    (payer, guaranteed): (Payer, bool),
    plan: &[Instalment],
    bills: &[BillId],
    by: &Actor,
    at: Moment,
) -> Result<AgreementId, Error> {
    let (kind, number) = payer.codes();
    let values = params![kind, number, guaranteed, by.login(), at];
    let id: AgreementId = tx.one(PROPOSE, values, |row| row.get(0))?;
    for (no, part) in (1_i64..).zip(plan) {
        tx.execute(INSTALMENT, params![id.number(), no, part.due, part.amount])?;
    }
    for bill in bills {
        tx.execute(AGREED, params![id.number(), bill.number()])?;
    }
    Ok(id)
}

/// The agreement of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: AgreementId) -> Result<Option<Known>, Error> {
    let found = tx.find(FIND, params![id.number()], head)?;
    found.map(|known| whole(tx, known)).transpose()
}

/// The agreement of a payer that has not ended.
///
/// # Errors
///
/// What the database says.
pub fn current(tx: &mut Tx<'_>, payer: Payer) -> Result<Option<Known>, Error> {
    let (kind, number) = payer.codes();
    let found = tx.find(CURRENT, params![kind, number], head)?;
    found.map(|known| whole(tx, known)).transpose()
}

/// Every agreement that is running, in order.
///
/// # Errors
///
/// What the database says.
pub fn running(tx: &mut Tx<'_>) -> Result<Vec<AgreementId>, Error> {
    tx.list(RUNNING, params![], |row| row.get(0))
}

/// Notes who approved it; false when it is not waiting for that.
///
/// # Errors
///
/// `S0107` when it is its maker; what else the database says.
pub fn approve(tx: &mut Tx<'_>, id: AgreementId, by: &Actor, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(APPROVE, params![id.number(), by.login(), at])? == 1)
}

/// Notes that it ended; false when it had.
///
/// # Errors
///
/// What the database says.
pub fn end(
    tx: &mut Tx<'_>,
    id: AgreementId,
    outcome: Outcome,
    by: &Actor,
    at: Moment,
) -> Result<bool, Error> {
    let values = params![id.number(), outcome.code(), by.login(), at];
    Ok(tx.execute(END, values)? == 1)
}

fn whole(tx: &mut Tx<'_>, mut known: Known) -> Result<Known, Error> {
    let number = known.id.number();
    known.agreement.plan = tx.list(PLAN, params![number], |row| {
        Ok::<_, Error>(Instalment {
            due: row.get(0)?,
            amount: row.get(1)?,
            paid: Fen::ZERO,
        })
    })?;
    known.paid = tx.list(PAID, params![number], |row| {
        Ok::<_, Error>((row.get(0)?, row.get(1)?))
    })?;
    Ok(known)
}

fn head(row: &Row<'_>) -> Result<Known, Error> {
    let approved: Option<String> = row.get(4)?;
    let standing = match (row.get::<Option<i16>>(6)?, approved) {
        (Some(1), _) => Standing::Declined,
        (Some(2), _) => Standing::Kept,
        (Some(_), _) => Standing::Void,
        (None, Some(_)) => Standing::Running,
        (None, None) => Standing::Proposed { by: actor(row, 3)? },
    };
    Ok(Known {
        id: row.get(0)?,
        payer: payer(row, 1)?,
        agreement: Agreement {
            plan: Vec::new(),
            standing,
        },
        paid: Vec::new(),
    })
}

/// The login in a column.
pub(crate) fn actor(row: &Row<'_>, column: usize) -> Result<Actor, Error> {
    let login: String = row.get(column)?;
    Actor::new(&login).ok_or_else(|| Error::Cell {
        column: "by".into(),
        wanted: "a login",
        found: login,
    })
}
