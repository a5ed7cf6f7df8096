//! Who did what, to which record, and why?

use crate::acting::Acting;
use crate::error::Error;
use crate::part::{COUNTED, Found, Part};
use crate::permit::{self, Action, Reach};
use crate::whole;
use city::logins::Login;
use measure::Moment;
use store::{Db, audit};

pub use store::audit::Noted;

/// Which entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All up to a moment, a part of them, the oldest first or the newest.
    All(Moment, Part, bool),
    /// Those of one record: its sort and number.
    Of(i16, i64),
}

/// The entries, those of one record the newest first. That they were read is noted.
///
/// # Errors
///
/// `N0601` to `N0603`; what the database says.
pub fn read(
    db: &Db,
    login: Option<&Login>,
    which: &Which,
    acting: Acting<'_>,
) -> Result<Found<Noted>, Error> {
    let (_, reach) = permit::reach(login, Action::ReadAudit)?;
    if reach != Reach::City {
        return Err(permit::Refusal::Unknown.into());
    }
    whole::look(db, |tx| {
        let (found, subject) = match which {
            Which::All(until, part, oldest_first) => {
                let sought = (*until, part.text.as_str());
                let lines = audit::found(
                    tx,
                    (sought.0, sought.1, *oldest_first),
                    (part.most, part.after),
                )?;
                let of = audit::count(tx, sought, COUNTED)?;
                (Found { lines, of }, (audit::NONE, 0))
            }
            Which::Of(kind, number) => {
                let lines = audit::of_subject(tx, *kind, *number, 500)?;
                let of = i64::try_from(lines.len()).unwrap_or(COUNTED);
                (Found { lines, of }, (*kind, *number))
            }
        };
        acting.note(tx, Action::ReadAudit.word(), subject, "")?;
        Ok(found)
    })
}

/// What was done to the record of whoever is signed in, the newest first. That they asked is noted too.
///
/// # Errors
///
/// `N0601`, `N0602`; what the database says.
pub fn own(db: &Db, login: Option<&Login>, acting: Acting<'_>) -> Result<Vec<Noted>, Error> {
    const MOST: i32 = 2_000;
    let person = permit::own_person(login, Action::ReadAudit)?;
    whole::look(db, |tx| {
        let found = audit::of_subject(tx, audit::PERSON, person.number(), MOST)?;
        let subject = (audit::PERSON, person.number());
        acting.note(tx, Action::ReadAudit.word(), subject, "")?;
        Ok(found)
    })
}

/// The sorts of records that entries are about, each with its code and its name in both languages.
pub const SORTS: [(i16, &str, &str); 12] = [
    (audit::PERSON, "个人", "person"),
    (audit::EMPLOYER, "单位", "employer"),
    (audit::RUN, "运行", "run"),
    (audit::BATCH, "文件", "file"),
    (audit::RECEIPT, "到账", "receipt"),
    (audit::ALLOCATIONS, "分配批次", "batch of allocations"),
    (audit::ALLOCATION, "分配", "allocation"),
    (audit::AGREEMENT, "延期缴费协议", "agreement"),
    (audit::WRITE_OFF, "核销", "write-off"),
    (audit::REFUND, "退款", "refund"),
    (audit::DECLARATION, "申报", "declaration"),
    (audit::NONE, "", ""),
];

/// Notes something that concerns no record in particular.
///
/// # Errors
///
/// What the database says.
pub fn note(db: &Db, action: &str, acting: Acting<'_>) -> Result<(), Error> {
    whole::write(db, |tx| {
        Ok(acting.note(tx, action, (audit::NONE, 0), "")?)
    })
}
