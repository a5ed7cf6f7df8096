//! Does everything still follow from facts and law?
//!
//! Everything that is in force is derived again: each due from the facts as they were known and the law as it was, each
//! account from the one before and what was paid, each bill, total, journal, root and link of the chain from what it stands
//! on. What differs is named; of each kind the first. Corrupting one amount anywhere is found, because whatever is kept is
//! either compared with what it follows from or is what something else is compared with.

mod accounts;
mod bills;
mod books;
mod chain;
mod chunks;
mod collected;
mod dues;
mod finding;

pub use finding::Finding;

use crate::error::Error;
use crate::whole;
use city::runs::{Run, RunKind};
use rules::check::{self, Book};
use rules::diagnostic::SourceFile;
use std::collections::BTreeMap;
use store::{Db, audit, laws, runs};

/// What was looked at, and what was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many runs in force.
    pub runs: u64,
    /// How many rows of dues and accounts.
    pub rows: u64,
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
    let mut books: BTreeMap<String, Option<Book>> = BTreeMap::new();
    let all = whole::read(db, |tx| Ok(runs::in_force(tx)?))?;
    for run in &all {
        report.runs += 1;
        match run.kind {
            RunKind::Assessment => {
                if !books.contains_key(&run.law) {
                    books.insert(run.law.clone(), book(db, &run.law)?);
                }
                let law = books.get(&run.law).and_then(Option::as_ref);
                match law.and_then(|book| book.law(jurisdiction)) {
                    Some(law) => dues::verify(db, law, run, threads, progress, &mut report)?,
                    None => report.findings.push(Finding::LawGone {
                        run: run.id,
                        version: run.law.clone(),
                    }),
                }
                bills::verify(db, run, &mut report)?;
            }
            RunKind::Crediting => accounts::verify(db, run, threads, progress, &mut report)?,
            RunKind::Interest | RunKind::Difference => {}
        }
    }
    books::verify(db, &all, &mut report)?;
    collected::verify(db, &mut report)?;
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

/// The law of this version, from the texts that are kept; `None` when they are not those they are said to be.
fn book(db: &Db, version: &str) -> Result<Option<Book>, Error> {
    let texts = whole::read(db, |tx| Ok(laws::texts(tx, version)?))?;
    let files: Vec<SourceFile> = texts
        .into_iter()
        .map(|(path, text)| SourceFile { path, text })
        .collect();
    if crate::acting::version(&files) != version {
        return Ok(None);
    }
    let book = check::read(files);
    Ok((!book.has_errors()).then_some(book))
}
