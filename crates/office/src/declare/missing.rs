//! Who has not declared a month, and when are they asked to?
//!
//! A month is due on a day of the next, as the law says, and on some days after it the employer is asked again. A notice is a
//! message in the outbox under a key of its own, so it is written once however often it is looked. After a long silence one
//! is written, the latest, and not one for each day that passed.

use super::serves;
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::declarations::chase as due_notice;
use city::employers::{Employer, EmployerId};
use city::lawful::Lawful;
use city::places::District;
use measure::{Day, Month};
use rules::law::Law;
use store::declarations::{self, Kept};
use store::{Db, Tx, audit, employers, outbox};

/// What notices are about, in the outbox.
pub const TOPIC: &str = "declaration.chase";

/// So many notices are written in one transaction.
const AT_ONCE: usize = 1_000;

/// An employer that has not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Which.
    pub employer: Employer,
    /// Where it is registered.
    pub district: Option<District>,
}

/// The employers served that insure somebody in a month and have not declared it, at most so many from one on.
///
/// # Errors
///
/// What the database says.
pub fn missing(
    db: &Db,
    month: Month,
    districts: Option<&[District]>,
    acting: Acting<'_>,
) -> Result<Vec<Silent>, Error> {
    whole::read(db, |tx| {
        let mut silent = Vec::new();
        for employer in silent_ones(tx, month)? {
            let registered = employers::on(tx, employer, month.last_day(), acting.at)?;
            let district = registered.map(|registered| registered.district);
            if district.is_some_and(|district| !serves(districts, district)) {
                continue;
            }
            if let Some(employer) = employers::employer(tx, employer)? {
                silent.push(Silent { employer, district });
            }
        }
        Ok(silent)
    })
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chased {
    /// The last day on which the month was declared in time.
    pub due: Day,
    /// Which notice it is time for, from 1, and since when; `None` before the first.
    pub time: Option<(usize, Day)>,
    /// How many employers have not declared.
    pub silent: usize,
    /// To how many of them a notice was written now; the others have theirs.
    pub written: usize,
}

/// Writes to every employer served that has not declared a month the notice that it is time for on a day.
///
/// # Errors
///
/// The law's refusal; what the database says.
pub fn chase(
    db: &Db,
    law: &Law,
    (month, on): (Month, Day),
    districts: Option<&[District]>,
    acting: Acting<'_>,
) -> Result<Chased, Error> {
    let lawful = Lawful::new(law, on);
    let (due, days) = (lawful.declaration_due(month)?, lawful.chasing_days()?);
    let silent = missing(db, month, districts, acting)?;
    // Which were written is known by their keys.
    let notice = due_notice(&days, due, 0, on);
    let mut chased = Chased {
        due,
        time: notice.map(|notice| (notice.time, notice.since)),
        silent: silent.len(),
        written: 0,
    };
    let Some(notice) = notice else {
        return Ok(chased);
    };
    for some in silent.chunks(AT_ONCE) {
        chased.written += whole::write(db, |tx| {
            let mut written = 0;
            for one in some {
                let employer = one.employer.id;
                let key = format!("{month}/{employer}/{}", notice.time);
                let body = format!(
                    "{{\"employer\":{employer},\"month\":\"{month}\",\"time\":{},\"due\":\"{due}\"}}",
                    notice.time
                );
                if outbox::put(tx, TOPIC, &key, &body, acting.at)? {
                    let subject = (audit::EMPLOYER, employer.number());
                    acting.note(tx, "declaration.chase", subject, &key)?;
                    written += 1;
                }
            }
            Ok(written)
        })?;
    }
    Ok(chased)
}

/// What an employer has declared for a month, in all its versions, each with the name of its file.
///
/// # Errors
///
/// What the database says.
pub fn versions(
    db: &Db,
    employer: EmployerId,
    month: Month,
) -> Result<Vec<(Kept, Option<String>)>, Error> {
    whole::read(db, |tx| {
        let kept = declarations::of_month(tx, employer, month)?;
        let each = kept.into_iter().map(|kept| {
            let name = declarations::file_name(tx, kept.declaration.id)?;
            Ok((kept, name))
        });
        each.collect()
    })
}

fn silent_ones(tx: &mut Tx<'_>, month: Month) -> Result<Vec<EmployerId>, Error> {
    let mut silent = Vec::new();
    declarations::missing(tx, month, month.last_day(), |employer| {
        silent.push(employer);
        Ok::<(), store::Error>(())
    })?;
    Ok(silent)
}
