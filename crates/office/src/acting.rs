//! Who does it, when, and under which law?

use crate::error::Error;
use crate::programs::subscriptions::{self, Event};
use crate::whole;
use city::actors::Actor;
use city::logins::Role;
use measure::Moment;
use rules::check::{self, Book};
use rules::diagnostic::SourceFile;
use rules::law::Law;
use store::{Db, Tx, audit, laws};

/// Everything an action rests on besides what it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub at: Moment,
    /// What for, such as a case's number; for the audit log.
    pub purpose: &'a str,
    /// Through what: the program, the portal, the exchange; for the audit log.
    pub through: &'a str,
}

impl Acting<'_> {
    /// Notes in the audit log what is done to a record, in the transaction that does it; whoever wants to be told of it is.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn note(
        &self,
        tx: &mut Tx<'_>,
        action: &str,
        subject: (i16, i64),
        detail: &str,
    ) -> Result<(), store::Error> {
        audit::append(tx, &self.entry(action, subject, detail))?;
        let at = self.at;
        subscriptions::tell(
            tx,
            Event {
                event: action,
                subject,
                at,
            },
        )
    }

    /// What the audit log is to say of something done to a record.
    #[must_use]
    pub fn entry<'e>(
        &'e self,
        action: &'e str,
        (subject_kind, subject): (i16, i64),
        detail: &'e str,
    ) -> audit::Entry<'e> {
        audit::Entry {
            at: self.at,
            actor: self.by.login(),
            // At the console it is the office that acts.
            role: self.by.role().map_or("office", Role::word),
            purpose: self.purpose,
            action,
            subject_kind,
            subject,
            through: self.through,
            detail,
        }
    }
}

/// The law applied, and which text of it that is.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// The checked law of the jurisdiction.
    pub law: &'a Law,
    /// All its texts: what was decided by them is derived again by them, so they are kept with it.
    pub files: &'a [SourceFile],
    /// A hash over them: see [`version`].
    pub version: &'a str,
}

impl Applied<'_> {
    /// Keeps the texts, so that what is decided by them can be derived again when the law has changed.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn keep(&self, tx: &mut Tx<'_>) -> Result<(), store::Error> {
        let texts = self.files.iter();
        let texts = texts.map(|file| (file.path.as_str(), file.text.as_str()));
        laws::keep(tx, self.version, texts)
    }
}

/// Which text of the law this is: a hash over all files, their paths included, in order of path. One changed letter is
/// another version.
#[must_use]
pub fn version(files: &[SourceFile]) -> String {
    let mut encoder = ledger::Encoder::new();
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    for file in files {
        encoder.text(&file.path).text(&file.text);
    }
    ledger::Digest::of(encoder.bytes()).to_string()
}

/// The law of a version, from the texts that are kept; `None` when they are not those they are said to be.
///
/// # Errors
///
/// What the database says.
pub fn kept(db: &Db, named: &str) -> Result<Option<Book>, Error> {
    let texts = whole::read(db, |tx| Ok(laws::texts(tx, named)?))?;
    let files: Vec<SourceFile> = texts
        .into_iter()
        .map(|(path, text)| SourceFile { path, text })
        .collect();
    if version(&files) != named {
        return Ok(None);
    }
    let book = check::read(files);
    Ok((!book.has_errors()).then_some(book))
}
