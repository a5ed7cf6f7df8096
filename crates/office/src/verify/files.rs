//! Are the files of moved rows there, and as they were when they were approved? Can what holds rows be read?

use super::{Finding, Report};
use crate::error::Error;
use crate::month::archive::{Refusal, hash};
use crate::shelf::path;
use crate::whole;
use store::{Db, cold, runs};

/// Compares each file's hash with the one that was approved, and that all rows of its run are said to be in it.
pub(super) fn verify(db: &Db, report: &mut Report) -> Result<(), Error> {
    let files = whole::read(db, |tx| {
        let mut files = Vec::new();
        for moved in cold::all(tx)? {
            let path = path(tx, &moved.file)?;
            let whole = runs::rows(tx, moved.run)? == Some(moved.rows);
            files.push((moved, path, whole));
        }
        Ok(files)
    })?;
    for (moved, path, whole) in files {
        let (file, run) = (moved.file, moved.run);
        match hash(&path) {
            Ok(found) if whole && found == moved.hash => report.files += 1,
            Ok(_) => report.findings.push(Finding::FileAltered {
                file,
                run: Some(run),
            }),
            Err(_) => report.findings.push(Finding::FileGone {
                file,
                run: Some(run),
            }),
        }
    }
    Ok(())
}

/// What could not be derived again because a file is gone or altered, or a folio torn, is a finding, each once, and no error.
pub(super) fn or_found(outcome: Result<(), Error>, report: &mut Report) -> Result<(), Error> {
    let finding = match outcome {
        Err(Error::Archive(Refusal::Gone { file, .. })) => Finding::FileGone { file, run: None },
        Err(Error::Archive(Refusal::Altered { file })) => Finding::FileAltered { file, run: None },
        Err(Error::Store(torn @ store::Error::Torn { .. })) => Finding::Torn {
            zh: torn.zh(),
            en: torn.en(),
        },
        other => return other,
    };
    let told = report.findings.iter().any(|known| match finding.file() {
        Some(file) => known.file() == Some(file),
        None => *known == finding,
    });
    if !told {
        report.findings.push(finding);
    }
    Ok(())
}
