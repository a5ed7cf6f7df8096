//! What came in, in which file, and whose is it?

use crate::bills::payer;
use crate::like::anywhere;
use crate::{CopyIn, Error, Kind, Row, Tx, params, statements};
use city::collection::{Payer, Receipt, ReceiptId, ReceiptState};
use city::employers::EmployerId;
use measure::{CreditCode, Day, Fen, Moment};

statements! {
    /// The file with this content, if it was taken in.
    FILE = "select batch, rows from batch where kind = 2 and file_hash = $1 and undone_at is null";
    /// Takes a file in.
    TAKE_IN = "insert into batch (kind, file_name, file_hash, rows, state, by, at) values (2, $1, $2, 0, 1, $3, $4) \
               returning batch";
    /// A receipt that is known under the same key as something else.
    OTHER = "select a.key from arriving a join receipt r on r.key = a.key where a.batch = $1 \
             and (a.amount <> r.amount or a.booked <> r.booked) order by a.key limit 1";
    /// A key that comes twice in a file, as something else.
    TWICE = "select key from arriving where batch = $1 group by key \
             having count(*) > 1 and (min(amount) <> max(amount) or min(booked) <> max(booked)) order by key limit 1";
    /// What arrived and is not known.
    KEEP = "insert into receipt (key, booked, amount, payer, payer_code, account, remittance, said_code, said_bill, state, batch) \
            select key, booked, amount, payer, payer_code, account, remittance, said_code, said_bill, 1, batch from arriving \
            where batch = $1 on conflict (key) do nothing";
    /// What arrived is kept.
    ARRIVED = "delete from arriving where batch = $1";
    /// How many receipts a file brought, and what they come to.
    BROUGHT = "select count(*), cast(coalesce(sum(amount), 0) as bigint) from receipt where batch = $1";
    /// Notes how many a file brought.
    ROWS = "update batch set rows = $2 where batch = $1";
    /// What each file brought.
    FILES = "select batch, cast(sum(amount) as bigint) from receipt where batch is not null group by batch order by batch";
    /// What all receipts have left, refunds sent not counted.
    LEFT = "select cast((select coalesce(sum(amount), 0) from receipt) \
              - (select coalesce(sum(principal + fee), 0) from allocation where undone_at is null) \
              - (select coalesce(sum(amount), 0) from refund where state = 3) as bigint)";
    /// One receipt, with what is left of it and whose it is.
    FIND = "select r.receipt, r.booked, r.amount, r.payer, r.account, r.remittance, r.state, \
            cast(r.amount \
              - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
              - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0) as bigint), \
            w.payer_kind, w.payer \
            from receipt r left join attribution w on w.receipt = r.receipt and w.undone_at is null where r.receipt = $1";
    /// The receipts in clarification, the oldest first.
    CLARIFY = "select r.receipt, r.booked, r.amount, r.payer, r.account, r.remittance, r.state, \
            cast(r.amount \
              - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
              - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0) as bigint), \
            w.payer_kind, w.payer \
            from receipt r left join attribution w on w.receipt = r.receipt and w.undone_at is null \
            where r.state in (1, 2) and r.receipt > $1 and w.receipt is null order by r.receipt limit $2";
    /// Those in clarification in whose payer or remittance a text stands: by number (1), by amount (2), the other way below 0.
    CLARIFY_FOUND = "select r.receipt, r.booked, r.amount, r.payer, r.account, r.remittance, r.state, \
            cast(r.amount \
              - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
              - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0) as bigint), \
            w.payer_kind, w.payer \
            from receipt r left join attribution w on w.receipt = r.receipt and w.undone_at is null \
            where r.state in (1, 2) and w.receipt is null \
            and (lower(r.payer) like $1 escape '!' or lower(r.remittance) like $1 escape '!') \
            order by case cast($2 as bigint) when 2 then r.amount when -2 then -r.amount else 0 end, \
            case cast($2 as bigint) when -1 then -r.receipt else r.receipt end limit $3 offset $4";
    /// How many of them there are, counted up to so many.
    CLARIFY_COUNT = "select count(*) from (select 1 from receipt r \
            left join attribution w on w.receipt = r.receipt and w.undone_at is null \
            where r.state in (1, 2) and w.receipt is null \
            and (lower(r.payer) like $1 escape '!' or lower(r.remittance) like $1 escape '!') limit $2) found";
    /// What was received of a payer, the newest first.
    OF_PAYER = "select r.receipt, r.booked, r.amount, r.payer, r.account, r.remittance, r.state, \
            cast(r.amount \
              - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
              - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0) as bigint), \
            w.payer_kind, w.payer \
            from attribution w join receipt r on r.receipt = w.receipt \
            where w.payer_kind = $1 and w.payer = $2 and w.undone_at is null order by r.booked desc, r.receipt desc limit $3";
    /// What is held for a payer and has not settled anything.
    HELD = "select cast(coalesce(sum(r.amount \
              - coalesce((select sum(principal + fee) from allocation a where a.receipt = r.receipt and a.undone_at is null), 0) \
              - coalesce((select sum(amount) from refund f where f.receipt = r.receipt and f.state in (1, 2, 3)), 0)), 0) as bigint) \
            from attribution w join receipt r on r.receipt = w.receipt and r.state in (1, 2) \
            where w.payer_kind = $1 and w.payer = $2 and w.undone_at is null";
    /// Says whose a receipt is.
    ATTRIBUTE = "insert into attribution (receipt, payer_kind, payer, ground, by, at) values ($1, $2, $3, 2, $4, $5)";
    /// It is not.
    UNATTRIBUTE = "update attribution set undone_by = $2, undone_at = $3 where receipt = $1 and undone_at is null";
    /// How far a receipt is now.
    STATE = "update receipt set state = $2 where receipt = $1 and state <> $2";
    /// The account from which a payer paid last.
    PAYS_FROM = "select r.account from attribution w join receipt r on r.receipt = w.receipt \
                 where w.payer_kind = $1 and w.payer = $2 and w.undone_at is null and r.account is not null \
                 order by r.booked desc, r.receipt desc limit 1";
    /// An employer by its credit code.
    BY_CODE = "select employer from employer where credit_code = $1";
    /// An employer's number, if there is such.
    BY_NUMBER = "select employer from employer where employer = $1";
    /// A person's number, if there is such.
    PERSON = "select person from person where person = $1";
}

/// A receipt as the office has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: ReceiptId,
    /// The day on which the bank booked it.
    pub booked: Day,
    /// How much came in.
    pub amount: Fen,
    /// Who paid, as the bank writes it.
    pub payer: String,
    /// The account it came from.
    pub account: Option<String>,
    /// What the payer wrote.
    pub remittance: String,
    /// How far it is.
    pub state: ReceiptState,
    /// What is left of it: neither allocated nor asked back.
    pub rest: Fen,
    /// Whose it is held to be.
    pub whose: Option<Payer>,
}

/// What a file brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Receipts that were not known.
    pub receipts: i64,
    /// What they come to.
    pub amount: Fen,
}

/// The number of the file with this content and how many receipts it brought, if it was taken in.
///
/// # Errors
///
/// What the database says.
pub fn file(tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<(i64, i64)>, Error> {
    tx.find(FILE, params![hash], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Opens the batch of a bank's file.
///
/// # Errors
///
/// `S0111` when a file of this content is taken in: whoever asked before did not see it; what else the database says.
pub fn open_batch(
    tx: &mut Tx<'_>,
    name: &str,
    hash: [u8; 32],
    by: &str,
    at: Moment,
) -> Result<i64, Error> {
    let taken = tx.one(TAKE_IN, params![name, hash, by, at], |row| row.get(0));
    match taken {
        // Two take the same file in at the same time: the second finds it taken in.
        Err(error) if error.violated() == Some("batch_file") => Err(tx.overtaken("batch_file")),
        taken => taken,
    }
}

/// Takes the receipts of a file, one after another, without holding them.
pub struct Arriving<'t> {
    batch: i64,
    copy: CopyIn<'t>,
    count: u64,
}

impl<'t> Arriving<'t> {
    /// Room for the receipts of a batch.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn begin(tx: &'t mut Tx<'_>, batch: i64) -> Result<Arriving<'t>, Error> {
        let columns = [
            ("batch", Kind::BigInt),
            ("key", Kind::Text),
            ("booked", Kind::Day),
            ("amount", Kind::BigInt),
            ("payer", Kind::Text),
            ("payer_code", Kind::Text),
            ("account", Kind::Text),
            ("remittance", Kind::Text),
            ("said_code", Kind::Text),
            ("said_bill", Kind::BigInt),
        ];
        let copy = tx.copy_in("arriving", &columns)?;
        Ok(Arriving {
            batch,
            copy,
            count: 0,
        })
    }

    /// One receipt.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn take(&mut self, receipt: &Receipt) -> Result<(), Error> {
        let clues = receipt.clues();
        let (code, bill) = clues.plain().unwrap_or_default();
        let copy = &mut self.copy;
        copy.int(self.batch)?.text(&receipt.key)?;
        copy.day(receipt.booked)?.fen(receipt.amount)?;
        copy.text(&receipt.payer)?;
        for text in [receipt.payer_code.as_deref(), receipt.account.as_deref()] {
            optional(copy, text)?;
        }
        copy.text(&receipt.remittance)?;
        optional(copy, code.map(CreditCode::as_str))?;
        match bill {
            Some(bill) => copy.int(bill.number())?,
            None => copy.null()?,
        };
        self.count += 1;
        copy.end()
    }

    /// All are there; gives how many.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn finish(self) -> Result<u64, Error> {
        self.copy.finish()?;
        Ok(self.count)
    }
}

fn optional(copy: &mut CopyIn<'_>, text: Option<&str>) -> Result<(), Error> {
    match text {
        Some(text) => copy.text(text)?,
        None => copy.null()?,
    };
    Ok(())
}

/// The key of a receipt that arrived with another day or amount than what is known, or than itself.
///
/// # Errors
///
/// What the database says.
pub fn other_content(tx: &mut Tx<'_>, batch: i64) -> Result<Option<String>, Error> {
    let other = tx.find(OTHER, params![batch], |row| row.get(0))?;
    match other {
        Some(key) => Ok(Some(key)),
        None => tx.find(TWICE, params![batch], |row| row.get(0)),
    }
}

/// Keeps what arrived and was not known.
///
/// # Errors
///
/// What the database says.
pub fn keep(tx: &mut Tx<'_>, batch: i64) -> Result<Brought, Error> {
    tx.execute(KEEP, params![batch])?;
    tx.execute(ARRIVED, params![batch])?;
    let brought = tx.one(BROUGHT, params![batch], |row| {
        Ok::<_, Error>(Brought {
            receipts: row.get(0)?,
            amount: row.get(1)?,
        })
    })?;
    tx.execute(ROWS, params![batch, brought.receipts])?;
    Ok(brought)
}

/// What the receipts of each file come to, by the file's number.
///
/// # Errors
///
/// What the database says.
pub fn files(tx: &mut Tx<'_>) -> Result<Vec<(i64, Fen)>, Error> {
    tx.list(FILES, params![], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What all receipts have left: what came in, less what settles bills and what was sent back.
///
/// # Errors
///
/// What the database says.
pub fn left(tx: &mut Tx<'_>) -> Result<Fen, Error> {
    tx.one(LEFT, params![], |row| row.get(0))
}

/// The receipt of this number.
///
/// # Errors
///
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: ReceiptId) -> Result<Option<Known>, Error> {
    tx.find(FIND, params![id.number()], known)
}

/// Receipts of which nobody has said whose they are, by number from after one on, at most so many.
///
/// # Errors
///
/// What the database says.
pub fn to_clarify(tx: &mut Tx<'_>, after: i64, most: i64) -> Result<Vec<Known>, Error> {
    tx.list(CLARIFY, params![after, most], known)
}

/// How receipts in clarification are sorted: by number or by amount, from the least on or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By number.
    Number(bool),
    /// By amount.
    Amount(bool),
}

impl Order {
    const fn code(self) -> i64 {
        match self {
            Order::Number(true) => 1,
            Order::Number(false) => -1,
            Order::Amount(true) => 2,
            Order::Amount(false) => -2,
        }
    }
}

/// Receipts of which nobody has said whose they are, in whose payer or remittance a text stands: so many after the first so many.
///
/// # Errors
///
/// What the database says.
pub fn found_to_clarify(
    tx: &mut Tx<'_>,
    (text, order): (&str, Order),
    (most, after): (i64, i64),
) -> Result<Vec<Known>, Error> {
    let pattern = anywhere(&text.to_lowercase());
    tx.list(
        CLARIFY_FOUND,
        params![pattern, order.code(), most, after],
        known,
    )
}

/// How many of them there are, counted up to so many.
///
/// # Errors
///
/// What the database says.
pub fn count_to_clarify(tx: &mut Tx<'_>, text: &str, most: i64) -> Result<i64, Error> {
    let pattern = anywhere(&text.to_lowercase());
    tx.one(CLARIFY_COUNT, params![pattern, most], |row| row.get(0))
}

/// The latest receipts of a payer, at most so many.
///
/// # Errors
///
/// What the database says.
pub fn of_payer(tx: &mut Tx<'_>, payer: Payer, most: i64) -> Result<Vec<Known>, Error> {
    let (kind, number) = payer.codes();
    tx.list(OF_PAYER, params![kind, number, most], known)
}

/// What is held for a payer: received, and neither allocated nor asked back.
///
/// # Errors
///
/// What the database says.
pub fn held(tx: &mut Tx<'_>, payer: Payer) -> Result<Fen, Error> {
    let (kind, number) = payer.codes();
    tx.one(HELD, params![kind, number], |row| row.get(0))
}

/// The account from which a payer paid last, if it is known.
///
/// # Errors
///
/// What the database says.
pub fn pays_from(tx: &mut Tx<'_>, payer: Payer) -> Result<Option<String>, Error> {
    let (kind, number) = payer.codes();
    tx.find(PAYS_FROM, params![kind, number], |row| row.get(0))
}

/// Notes that somebody has looked and says whose a receipt is.
///
/// # Errors
///
/// `S0107` when it is somebody's; what else the database says.
pub fn attribute(
    tx: &mut Tx<'_>,
    id: ReceiptId,
    payer: Payer,
    by: &str,
    at: Moment,
) -> Result<(), Error> {
    let (kind, number) = payer.codes();
    tx.execute(ATTRIBUTE, params![id.number(), kind, number, by, at])?;
    Ok(())
}

/// Notes that a receipt is not whose it was held to be.
///
/// # Errors
///
/// What the database says.
pub fn unattribute(tx: &mut Tx<'_>, id: ReceiptId, by: &str, at: Moment) -> Result<(), Error> {
    tx.execute(UNATTRIBUTE, params![id.number(), by, at])?;
    Ok(())
}

/// Notes how far a receipt is.
///
/// # Errors
///
/// What the database says.
pub fn note_state(tx: &mut Tx<'_>, id: ReceiptId, state: ReceiptState) -> Result<(), Error> {
    tx.execute(STATE, params![id.number(), state.code()])?;
    Ok(())
}

/// The employer with this credit code.
///
/// # Errors
///
/// What the database says.
pub fn by_code(tx: &mut Tx<'_>, code: &CreditCode) -> Result<Option<EmployerId>, Error> {
    tx.find(BY_CODE, params![code.as_str()], |row| row.get(0))
}

/// Whether there is such a payer in the registers.
///
/// # Errors
///
/// What the database says.
pub fn is_known(tx: &mut Tx<'_>, payer: Payer) -> Result<bool, Error> {
    let statement = match payer {
        Payer::Employer(_) => BY_NUMBER,
        Payer::Person(_) => PERSON,
        Payer::Treasury(_) => return Ok(true),
    };
    let found = tx.find(statement, params![payer.codes().1], |row| row.get::<i64>(0))?;
    Ok(found.is_some())
}

fn known(row: &Row<'_>) -> Result<Known, Error> {
    let whose = match row.get::<Option<i16>>(8)? {
        Some(_) => Some(payer(row, 8)?),
        None => None,
    };
    Ok(Known {
        id: row.get(0)?,
        booked: row.get(1)?,
        amount: row.get(2)?,
        payer: row.get(3)?,
        account: row.get(4)?,
        remittance: row.get(5)?,
        state: row.get(6)?,
        rest: row.get(7)?,
        whose,
    })
}
