//! What a bank says was received: notifications and statements in ISO 20022, and CSV.
//!
//! A file is read once, entry by entry; each becomes one [`Receipt`], or several where the entry has details, or is
//! refused with its [`Fault`](crate::Fault)s. What the file says of itself (how many entries, which sum, which balance)
//! is checked at its end. An error refuses the whole file: receipts handed on before it count for nothing, so whoever
//! takes them keeps them only when [`read`] has returned.
//!
//! | format | |
//! |---|---|
//! | `camt.054.001.08` | notification of debits and credits |
//! | `camt.053.001.08` | statement of an account |
//! | CSV | columns as `docs/reference/bank-files.md` has them |

mod codes;
mod camt;
mod csv_in;
mod entry;
mod fields;
mod refused;
mod totals;
mod wrong;

pub use crate::fault::masked;
pub use codes::CODES;

use crate::{
    error::{Error, Note, unreadable},
    fault::Faults,
};
use entry::Entries;
use measure::{Day, Fen};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// The most bytes a file may have: 1 GiB, some 700 000 entries of a notification.
pub const FILE_BYTES_MAX: u64 = 1 << 30;

/// Money that moved on our account, as the bank booked it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The same for the same money whenever the file comes again: bank, statement and entry reference, with `/2` for the
    /// second detail of an entry; where the bank gives no reference, a hash of the entry.
    pub key: String,
    /// The bank's own reference, the same in notification and statement, if there is one.
    pub bank_reference: Option<String>,
    /// The row of the file, or the number of the entry in it.
    pub row: u64,
    /// The day the bank booked it.
    pub booked: Day,
    /// From which day it counts; the day of booking where the file does not say.
    pub value_day: Day,
    /// How much; always more than nothing.
    pub amount: Fen,
    /// Whether it came in or went out.
    pub direction: Direction,
    /// Whether it takes an earlier entry back. What came in is then taken back by what goes out, and the other way round:
    /// [`Receipt::signed`] needs to know the direction only.
    pub reversal: bool,
    /// Who paid, if it says so.
    pub payer: Option<String>,
    /// The account it was paid from, its first six and last two characters.
    pub payer_account: Option<String>,
    /// What the payer wrote, if anything.
    pub remittance: Option<String>,
    /// A reference with rules of its own, such as the number of a bill.
    pub structured: Option<String>,
    /// What the payer's system called the payment.
    pub end_to_end: Option<String>,
}

impl Receipt {
    /// The amount, negative when money went out.
    #[must_use]
    pub fn signed(&self) -> Fen {
        match self.direction {
            Direction::In => self.amount,
            Direction::Out => Fen(-self.amount.0),
        }
    }
}

/// Which way money moved, seen from our account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It came in: credit, 贷.
    In,
    /// It went out: debit, 借.
    Out,
}

/// How a file went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Entries in the file.
    pub entries: u64,
    /// Receipts handed on: one an entry, or one a detail.
    pub receipts: u64,
    /// Entries refused.
    pub refused: u64,
    /// What came in, of the receipts handed on.
    pub came_in: Fen,
    /// What went out, of the receipts handed on.
    pub went_out: Fen,
    /// Whether the file said how many entries it has and their sum, and both agreed.
    pub controlled: bool,
    /// What else there is to say of the file.
    pub notes: Vec<Note>,
}

/// Reads a file. `name` is what it was handed in as; its ending tells the format, `xml` or `csv`.
///
/// # Errors
///
/// `C0101` when it cannot be opened, `C0301` to `C0305` and `C0314` when it is refused as a whole, `C0205` and `C0220`
/// for a CSV file that is no text or does not end; and what `each` returns.
pub fn read<E: From<Error>>(
    path: &Path,
    name: &str,
    faults: &mut Faults<'_>,
    each: impl FnMut(Receipt) -> Result<(), E>,
) -> Result<Summary, E> {
    let start = start(path, name)?;
    let mut entries = Entries::new(faults, each);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_lowercase().as_str() {
        "xml" => camt::read(path, name, &mut entries)?,
        "csv" | "txt" | "tsv" if !start.trim_ascii_start().starts_with(b"<") => {
            csv_in::read(path, name, &mut entries)?;
        }
        ending => return Err(refused::other_message(name, ending).into()),
    }
    let mut summary = entries.finish();
    if !summary.controlled {
        summary.notes.push(Note {
            warning: true,
            zh: format!("{name} 没有笔数与合计（C0316），无法核对是否完整"),
            en: format!(
                "{name} does not say how many entries it has and their sum (C0316), so nobody can tell whether it is whole"
            ),
        });
    }
    Ok(summary)
}

/// The beginning of the file, after a look at its size.
fn start(path: &Path, name: &str) -> Result<Vec<u8>, Error> {
    let unread = |error: std::io::Error| unreadable(path, &error);
    let mut input = File::open(path).map_err(unread)?;
    let bytes = input.seek(SeekFrom::End(0)).map_err(unread)?;
    if bytes == 0 {
        return Err(refused::cut_off(name, &"0 B"));
    }
    if FILE_BYTES_MAX < bytes {
        let most = FILE_BYTES_MAX >> 20;
        let (zh, en) = (
            format!("超过 {most} MiB"),
            format!("has more than {most} MiB"),
        );
        return Err(refused::too_large(name, (&zh, &en)));
    }
    input.rewind().map_err(unread)?;
    let mut start = Vec::new();
    input.take(256).read_to_end(&mut start).map_err(unread)?;
    Ok(start)
}
