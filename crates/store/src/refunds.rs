//! What goes back, and how far is it?

use crate::instalments::actor;
use crate::{Error, Row, Tx, params, statements};
use city::actors::Actor;
use city::collection::refunds::Refund;
use city::collection::{ReceiptId, RefundId};
use measure::{Fen, Moment};

statements! {
    /// Keeps what is asked.
    ASK = "insert into refund (key, receipt, amount, reason, state, by, at) values ($1, $2, $3, $4, 1, $5, $6) returning refund";
    /// One refund.
    FIND = "select refund, receipt, amount, state, by from refund where refund = $1";
    /// The refund asked for under a key.
    BY_KEY = "select refund, receipt, amount, state, by from refund where key = $1";
    /// Those that wait for a second person, with their reasons.
    TO_APPROVE = "select refund, receipt, amount, state, by, reason from refund where state = 1 order by refund limit 500";
    /// Every refund, in order.
    ALL = "select refund, receipt, amount, state, by, approved_by from refund order by refund";
    /// A second person agrees.
    APPROVE = "update refund set state = 2, approved_by = $2, approved_at = $3 where refund = $1 and state = 1";
    /// It is handed to the bank.
    SEND = "update refund set state = 3, sent_at = $2 where refund = $1 and state = 2";
    /// It is refused, or the bank sent it back.
    STEP = "update refund set state = $2 where refund = $1 and state <> $2";
}

/// A refund as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: RefundId,
    /// Of which receipt.
    pub receipt: ReceiptId,
    /// How much.
    pub amount: Fen,
    /// How it stands.
    pub refund: Refund,
}

/// Keeps what is asked.
///
/// # Errors
///
/// `S0107` when the key is taken; what else the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    key: &str,
    (receipt, amount): (ReceiptId, Fen),
    reason: &str,
    by: &Actor,
    at: Moment,
) -> Result<RefundId, Error> {
    let values = params![key, receipt.number(), amount, reason, by.login(), at];
    tx.one(ASK, values, |row| row.get(0))
}

/// The refund of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: RefundId) -> Result<Option<Known>, Error> {
    tx.find(FIND, params![id.number()], known)
}

/// The refund asked for under this key.
///
/// # Errors
///
/// What the database says.
pub fn by_key(tx: &mut Tx<'_>, key: &str) -> Result<Option<Known>, Error> {
    tx.find(BY_KEY, params![key], known)
}

/// The oldest five hundred that wait for a second person, with their reasons.
///
/// # Errors
///
/// What the database says.
pub fn to_approve(tx: &mut Tx<'_>) -> Result<Vec<(Known, String)>, Error> {
    tx.list(TO_APPROVE, params![], |row| Ok((known(row)?, row.get(5)?)))
}

/// Notes how a refund stands after something was done by somebody; false when it had got there.
///
/// # Errors
///
/// `S0107` when the maker approves, `S0108` for a step that is none; what else the database says.
pub fn note(
    tx: &mut Tx<'_>,
    id: RefundId,
    refund: &Refund,
    by: &Actor,
    at: Moment,
) -> Result<bool, Error> {
    let number = id.number();
    let rows = match refund {
        Refund::Asked { .. } => 0,
        Refund::Approved { .. } => tx.execute(APPROVE, params![number, by.login(), at])?,
        Refund::Sent { .. } => tx.execute(SEND, params![number, at])?,
        Refund::Returned => tx.execute(STEP, params![number, 4_i64])?,
        Refund::Declined => tx.execute(STEP, params![number, 5_i64])?,
    };
    Ok(rows == 1)
}

/// Every refund that was approved at some time, in order.
///
/// # Errors
///
/// What the database says.
pub fn approved(tx: &mut Tx<'_>) -> Result<Vec<Known>, Error> {
    let mut all = Vec::new();
    tx.stream(ALL, params![], |row| {
        if row.get::<Option<String>>(5)?.is_some() {
            all.push(known(row)?);
        }
        Ok::<(), Error>(())
    })?;
    Ok(all)
}

fn known(row: &Row<'_>) -> Result<Known, Error> {
    let amount = row.get(2)?;
    let state: i16 = row.get(3)?;
    Ok(Known {
        id: row.get(0)?,
        receipt: row.get(1)?,
        amount,
        refund: match state {
            1 => Refund::Asked {
                amount,
                by: actor(row, 4)?,
            },
            2 => Refund::Approved { amount },
            3 => Refund::Sent { amount },
            4 => Refund::Returned,
            _ => Refund::Declined,
        },
    })
}
