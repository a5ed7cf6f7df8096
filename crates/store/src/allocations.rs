//! Which money settles which bills?
//!
//! Receipts are allocated in chunks, by their numbers. Of a chunk everything is read and written in as many statements,
//! however many receipts it has: whose they are, what is open of those payers' bills, what has settled parts of them.

use crate::bills::{self, payer};
use crate::{Error, Kind, Row, Tx, params, statements};
use city::collection::{Allocation, AllocationId, Bill, BillId, Payer, ReceiptId};
use city::employers::EmployerId;
use city::insurance::Scheme;
use city::places::District;
use measure::{Day, Fen, Moment};

statements! {
    /// Receipts with something left, from after one on: what is left, whose they are held to be, and whose they say they
    /// are, where nobody has looked yet.
    CHUNK = "select r.receipt, r.booked, cast(r.amount \
               - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
               - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0) as bigint), \
             w.payer_kind, w.payer, e.employer, \
             case when n.run is null then null else b.payer_kind end, b.payer, \
             exists (select 1 from attribution x where x.receipt = r.receipt) \
             from receipt r \
             left join attribution w on w.receipt = r.receipt and w.undone_at is null \
             left join employer e on e.credit_code = r.said_code \
             left join bill b on b.bill = r.said_bill left join run n on n.run = b.run and n.state + 0 in (5, 7) \
             where r.state in (1, 2) and r.receipt > $1 order by r.receipt limit $2";
    /// What is open of the bills of those whose receipts are in a chunk. Joined in this order: from the receipts of the
    /// chunk, so that neither the months behind nor what others owe is read. (SQLite takes `cross join` as that order,
    /// PostgreSQL as any other join.)
    BILLS = "select b.bill, b.payer_kind, b.payer, b.scheme, b.district, n.month, n.due_day, b.amount, b.credit \
             from (select distinct w.payer_kind, w.payer from receipt r cross join attribution w \
                   where r.state in (1, 2) and r.receipt > $1 and r.receipt <= $2 \
                   and w.receipt = r.receipt and w.undone_at is null) p \
             cross join bill b cross join run n \
             where b.payer_kind = p.payer_kind and b.payer = p.payer and b.open and n.run = b.run and n.state + 0 in (5, 7) \
             order by b.bill";
    /// What has settled parts of them.
    PARTS = "select s.bill, s.day, s.principal, s.accounts, s.fee \
             from (select distinct w.payer_kind, w.payer from receipt r cross join attribution w \
                   where r.state in (1, 2) and r.receipt > $1 and r.receipt <= $2 \
                   and w.receipt = r.receipt and w.undone_at is null) p \
             cross join bill b cross join allocation s \
             where b.payer_kind = p.payer_kind and b.payer = p.payer and b.open and s.bill = b.bill and s.undone_at is null";
    /// What of them was written off.
    WRITTEN_OFF = "select s.bill, s.day, s.principal, s.accounts, s.fee \
             from (select distinct w.payer_kind, w.payer from receipt r cross join attribution w \
                   where r.state in (1, 2) and r.receipt > $1 and r.receipt <= $2 \
                   and w.receipt = r.receipt and w.undone_at is null) p \
             cross join bill b cross join write_off s \
             where b.payer_kind = p.payer_kind and b.payer = p.payer and b.open and s.bill = b.bill and s.approved_at is not null";
    /// What is allocated together.
    OPEN_BATCH = "insert into allocation_batch (law, by, at) values ($1, $2, $3) returning allocation_batch";
    /// The bills on which a batch left nothing open.
    CLOSE = "update bill set open = false where open and bill in \
             (select bill from allocation where batch = $1 and settles)";
    /// The receipts of a chunk of which nothing is left.
    MATCHED = "update receipt set state = 3 where receipt > $1 and receipt <= $2 and state in (1, 2) and amount = \
               (select coalesce(sum(a.principal + a.fee), 0) from allocation a where a.receipt = receipt.receipt and a.undone_at is null) \
               + (select coalesce(sum(f.amount), 0) from refund f where f.receipt = receipt.receipt and f.state = 3)";
    /// The others were looked at as well.
    HELD = "update receipt set state = 2 where receipt > $1 and receipt <= $2 and state = 1";
    /// What each batch settled, taken back or not, by scheme and district.
    BATCHES = "select n.allocation_batch, n.law, b.scheme, b.district, cast(sum(a.principal) as bigint), \
               cast(sum(a.accounts) as bigint), cast(sum(a.fee) as bigint) \
               from allocation_batch n join allocation a on a.batch = n.allocation_batch join bill b on b.bill = a.bill \
               group by n.allocation_batch, n.law, b.scheme, b.district order by n.allocation_batch, b.scheme, b.district";
    /// What was taken back.
    UNDONE = "select a.allocation, a.batch, a.receipt, a.bill, a.day, a.principal, a.accounts, a.fee, a.undone_at, \
              b.scheme, b.district from allocation a join bill b on b.bill = a.bill \
              where a.undone_at is not null order by a.allocation";
    /// What a receipt settles.
    OF_RECEIPT = "select a.allocation, a.batch, a.receipt, a.bill, a.day, a.principal, a.accounts, a.fee, a.undone_at, \
                  b.scheme, b.district from allocation a join bill b on b.bill = a.bill \
                  where a.receipt = $1 order by a.allocation";
    /// One allocation.
    FIND = "select a.allocation, a.batch, a.receipt, a.bill, a.day, a.principal, a.accounts, a.fee, a.undone_at, \
            b.scheme, b.district from allocation a join bill b on b.bill = a.bill where a.allocation = $1";
    /// Takes one back.
    UNDO = "update allocation set undone_at = $2, undone_by = $3 where allocation = $1 and undone_at is null";
    /// Whether a bill was credited to the accounts, whole or in part, or is about to be.
    CREDITED = "select (select count(*) from bill b join crediting c on c.billed = b.run \
        left join passed_over p on p.run = c.run and p.bill = b.bill \
        join run k on k.run = case when p.bill is null then c.run else p.credited end and k.state <> 6 \
        where b.bill = $1 and b.scheme in (1, 2) and b.payer_kind in (1, 2)) \
        + (select count(*) from part_credit c join run k on k.run = c.run and k.state <> 6 where c.bill = $1)";
}

/// A receipt with something left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Which.
    pub receipt: ReceiptId,
    /// The day on which the bank booked it.
    pub booked: Day,
    /// How much is left of it.
    pub rest: Fen,
    /// Whose it is held to be.
    pub whose: Option<Payer>,
    /// The employer whose credit code it names.
    pub by_code: Option<EmployerId>,
    /// Who owes the bill it refers to.
    pub by_bill: Option<Payer>,
    /// Whether it was held to be somebody's before, so that what it names is not believed again.
    pub looked_at: bool,
}

/// What is kept of an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its number.
    pub id: AllocationId,
    /// With which it was booked.
    pub batch: i64,
    /// Whose money.
    pub receipt: ReceiptId,
    /// Which bill.
    pub bill: BillId,
    /// The day from which it counts as paid.
    pub day: Day,
    /// Of the dues.
    pub principal: Fen,
    /// Of these, what went to individual accounts.
    pub accounts: Fen,
    /// Of the late fee.
    pub fee: Fen,
    /// Whether it was taken back.
    pub undone: bool,
    /// The bill's scheme.
    pub scheme: Scheme,
    /// The bill's district.
    pub district: District,
}

/// Receipts with something left, by number from after one on, at most so many.
///
/// # Errors
///
/// What the database says.
pub fn chunk(tx: &mut Tx<'_>, after: i64, most: i64) -> Result<Vec<Left>, Error> {
    tx.list(CHUNK, params![after, most], |row| {
        let optional = |column| match row.get::<Option<i16>>(column)? {
            Some(_) => payer(row, column).map(Some),
            None => Ok(None),
        };
        Ok(Left {
            receipt: row.get(0)?,
            booked: row.get(1)?,
            rest: row.get(2)?,
            whose: optional(3)?,
            by_code: row.get(5)?,
            by_bill: optional(6)?,
            looked_at: row.get(8)?,
        })
    })
}

/// Notes whose receipts are, by what the bank says of them.
///
/// # Errors
///
/// What the database says.
pub fn attribute(
    tx: &mut Tx<'_>,
    whose: &[(ReceiptId, Payer)],
    by: &str,
    at: Moment,
) -> Result<(), Error> {
    let columns = [
        ("receipt", Kind::BigInt),
        ("payer_kind", Kind::SmallInt),
        ("payer", Kind::BigInt),
        ("ground", Kind::SmallInt),
        ("by", Kind::Text),
        ("at", Kind::Moment),
    ];
    let kept = (|| {
        let mut copy = tx.copy_in("attribution", &columns)?;
        for (receipt, payer) in whose {
            let (kind, number) = payer.codes();
            copy.int(receipt.number())?.int(kind.into())?.int(number)?;
            copy.int(1)?.text(by)?.moment(at)?.end()?;
        }
        copy.finish()
    })();
    match kept {
        // Whoever allocated at the same time has found it too.
        Err(error) if error.violated() == Some(CURRENT) => Err(tx.overtaken(CURRENT)),
        kept => kept.map(drop),
    }
}

/// The index by which a receipt is one payer's.
const CURRENT: &str = "attribution_current";

/// What is open of the bills of those whose receipts are after one number and up to another, with what has settled parts
/// of them.
///
/// # Errors
///
/// What the database says.
pub fn bills(tx: &mut Tx<'_>, after: i64, last: i64) -> Result<Vec<Bill>, Error> {
    let range = params![after, last];
    let open = tx.list(BILLS, range, bills::bill)?;
    let open = bills::settled(tx, open, PARTS, range)?;
    bills::settled(tx, open, WRITTEN_OFF, range)
}

/// Opens a batch of allocations under a text of the law; gives its number.
///
/// # Errors
///
/// What the database says.
pub fn open_batch(tx: &mut Tx<'_>, law: &str, by: &str, at: Moment) -> Result<i64, Error> {
    tx.one(OPEN_BATCH, params![law, by, at], |row| row.get(0))
}

/// An allocation to be kept: whose money, from which day it counts, and what it settles.
pub type New = (ReceiptId, Day, Allocation);

/// Keeps the allocations of a batch, and notes the bills on which nothing is open any more.
///
/// # Errors
///
/// What the database says.
pub fn write(tx: &mut Tx<'_>, batch: i64, new: &[New], by: &str, at: Moment) -> Result<(), Error> {
    let columns = [
        ("batch", Kind::BigInt),
        ("receipt", Kind::BigInt),
        ("bill", Kind::BigInt),
        ("day", Kind::Day),
        ("principal", Kind::BigInt),
        ("accounts", Kind::BigInt),
        ("fee", Kind::BigInt),
        ("settles", Kind::Bool),
        ("by", Kind::Text),
        ("at", Kind::Moment),
    ];
    let mut copy = tx.copy_in("allocation", &columns)?;
    for (receipt, day, made) in new {
        copy.int(batch)?
            .int(receipt.number())?
            .int(made.bill.number())?;
        copy.day(*day)?
            .fen(made.principal)?
            .fen(made.accounts)?
            .fen(made.fee)?;
        copy.bool(made.settles)?.text(by)?.moment(at)?.end()?;
    }
    copy.finish()?;
    tx.execute(CLOSE, params![batch])?;
    Ok(())
}

/// Notes how far the receipts after one number and up to another are: matched when nothing is left of them, else in
/// clarification.
///
/// # Errors
///
/// What the database says.
pub fn note_states(tx: &mut Tx<'_>, after: i64, last: i64) -> Result<(), Error> {
    tx.execute(MATCHED, params![after, last])?;
    tx.execute(HELD, params![after, last])?;
    Ok(())
}

/// All that a receipt ever settled.
///
/// # Errors
///
/// What the database says.
pub fn of_receipt(tx: &mut Tx<'_>, id: ReceiptId) -> Result<Vec<Made>, Error> {
    tx.list(OF_RECEIPT, params![id.number()], made)
}

/// The allocation of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: AllocationId) -> Result<Option<Made>, Error> {
    tx.find(FIND, params![id.number()], made)
}

/// Takes an allocation back.
///
/// # Errors
///
/// What the database says.
pub fn undo(tx: &mut Tx<'_>, id: AllocationId, by: &str, at: Moment) -> Result<bool, Error> {
    Ok(tx.execute(UNDO, params![id.number(), at, by])? == 1)
}

/// What a batch settled of one scheme in one district, taken back since or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The batch.
    pub batch: i64,
    /// Which text of the law it was allocated by.
    pub law: String,
    /// The scheme.
    pub scheme: Scheme,
    /// The district.
    pub district: District,
    /// Of the dues.
    pub principal: Fen,
    /// Of these, for individual accounts.
    pub accounts: Fen,
    /// Of the late fee.
    pub fee: Fen,
}

/// Hands on what each batch settled, batch by batch, by scheme and district.
///
/// # Errors
///
/// What the database says; what the closure returns.
pub fn batches<E: From<Error>>(
    tx: &mut Tx<'_>,
    mut each: impl FnMut(Together) -> Result<(), E>,
) -> Result<(), E> {
    tx.stream(BATCHES, params![], |row| {
        each(Together {
            batch: row.get(0)?,
            law: row.get(1)?,
            scheme: row.get(2)?,
            district: row.get(3)?,
            principal: row.get(4)?,
            accounts: row.get(5)?,
            fee: row.get(6)?,
        })
    })
}

/// What was taken back, in order.
///
/// # Errors
///
/// What the database says.
pub fn undone(tx: &mut Tx<'_>) -> Result<Vec<Made>, Error> {
    tx.list(UNDONE, params![], made)
}

/// Whether a bill was credited to the accounts, or a run is about to.
///
/// # Errors
///
/// What the database says.
pub fn is_credited(tx: &mut Tx<'_>, bill: BillId) -> Result<bool, Error> {
    let runs: i64 = tx.one(CREDITED, params![bill.number()], |row| row.get(0))?;
    Ok(0 < runs)
}

fn made(row: &Row<'_>) -> Result<Made, Error> {
    Ok(Made {
        id: row.get(0)?,
        batch: row.get(1)?,
        receipt: row.get(2)?,
        bill: row.get(3)?,
        day: row.get(4)?,
        principal: row.get(5)?,
        accounts: row.get(6)?,
        fee: row.get(7)?,
        undone: row.get::<Option<Moment>>(8)?.is_some(),
        scheme: row.get(9)?,
        district: row.get(10)?,
    })
}
