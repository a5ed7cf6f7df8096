//! Does everything still follow from facts and law?
//!
//! Everything that is in force is derived again: each due from the facts as they were known and the law as it was, each
//! account from the one before and what was paid, each bill, total, journal, root and link of the chain from what it stands
//! on. What differs is named; of each kind the first. Corrupting one amount anywhere is found, because whatever is kept is
//! either compared with what it follows from, or with what the audit log says was asked for, or is what something else is
//! compared with. (A fact that alters no due in force is neither: it is what somebody told.)

mod accounts;
mod bills;
mod books;
mod chain;
mod chunks;
mod collected;
mod decided;
mod dues;
mod entries;
mod files;
mod finding;
mod opened;
mod parts;
mod rosters;

pub use finding::Finding;

use crate::error::Error;
use crate::month::credit::{Credited, derive};
use crate::month::engine::Chunk;
use crate::month::interest::{Interest, Room};
use crate::whole;
use city::runs::{Run, RunKind};
use rules::check::Book;
use rules::law::Law;
use std::collections::BTreeMap;
use store::{Db, Tx, audit, runs};

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many runs in force.
    pub runs: u64,
    /// How many rows of dues and accounts.
    pub rows: u64,
    /// How many files of moved rows are as they were approved.
    pub files: u64,
    /// How many journals' lines.
    pub lines: u64,
    /// How many entries of the audit log.
    pub audited: u64,
    /// What differs: of each kind and run the first.
    pub findings: Vec<Finding>,
}

/// Told how far it has come: what is looked at, chunks done, of how many.
pub type Progress<'p> = dyn FnMut(&Run, i64, i64) + 'p;

/// Derives everything again, on so many threads.
///
/// # Errors
///
/// What the database says, or a law that is kept and cannot be read. That something differs is no error but a finding.
pub fn verify(
    db: &Db,
    jurisdiction: &str,
    threads: usize,
    progress: &mut Progress<'_>,
) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut laws = Laws::default();
    let all = whole::read(db, |tx| Ok(runs::in_force(tx)?))?;
    files::verify(db, &mut report)?;
    for run in &all {
        report.runs += 1;
        let law = laws.of(db, &run.law)?;
        match law.and_then(|book| book.law(jurisdiction)) {
            Some(law) => {
                let outcome = run_again(db, law, run, threads, progress, &mut report);
                files::or_found(outcome, &mut report)?;
            }
            None => report.findings.push(Finding::LawGone {
                run: run.id,
                version: run.law.clone(),
            }),
        }
        if matches!(run.kind, RunKind::Assessment | RunKind::Difference) {
            let outcome = bills::verify(db, run, &mut report);
            files::or_found(outcome, &mut report)?;
        }
    }
    rosters::verify(db, threads, progress, &mut report)?;
    entries::verify(db, &mut report)?;
    decided::verify(db, &mut report)?;
    let outcome = books::verify(db, &all, &mut report);
    files::or_found(outcome, &mut report)?;
    collected::verify(db, &all, &mut report)?;
    opened::verify(db, &mut laws, jurisdiction, &mut report)?;
    chain::verify(db, &all, &mut report)?;
    match whole::read(db, |tx| Ok(audit::verify(tx, &[])?)) {
        Ok(entries) => report.audited = entries,
        Err(Error::Store(broken @ store::Error::AuditBroken { .. })) => {
            report.findings.push(Finding::Audit {
                zh: broken.zh(),
                en: broken.en(),
            });
        }
        Err(error) => return Err(error),
    }
    Ok(report)
}

/// Derives the rows of one run again.
fn run_again(
    db: &Db,
    law: &Law,
    run: &Run,
    threads: usize,
    progress: &mut Progress<'_>,
    report: &mut Report,
) -> Result<(), Error> {
    match run.kind {
        RunKind::Assessment | RunKind::Difference => {
            dues::verify(db, law, run, threads, progress, report)
        }
        RunKind::Crediting => {
            let credited = whole::read(db, |tx| Credited::of(tx, law, run))?;
            let derive = |tx: &mut Tx<'_>, chunk: &Chunk, (): &mut ()| derive(tx, &credited, chunk);
            parts::verify(db, law, run, report)?;
            accounts::verify((db, run, threads), progress, (&|| (), &derive), report)
        }
        RunKind::Interest | RunKind::ResidentInterest => {
            let interest = whole::read(db, |tx| Interest::of(tx, law, run))?;
            let derive = |tx: &mut Tx<'_>, chunk: &Chunk, room: &mut Room| {
                let borne = interest.derive(tx, chunk, room)?;
                Ok((borne.made, borne.mark))
            };
            accounts::verify(
                (db, run, threads),
                progress,
                (&|| interest.room(), &derive),
                report,
            )
        }
    }
}

/// The laws that runs applied, each read once.
#[derive(Default)]
struct Laws(BTreeMap<String, Option<Book>>);

impl Laws {
    /// The law of this version; `None` when its texts are not those they are said to be.
    fn of(&mut self, db: &Db, version: &str) -> Result<Option<&Book>, Error> {
        if !self.0.contains_key(version) {
            self.0
                .insert(version.to_owned(), crate::acting::kept(db, version)?);
        }
        Ok(self.0.get(version).and_then(Option::as_ref))
    }
}
