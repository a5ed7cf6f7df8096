//! Who does it, when, and under which law?

use city::actors::Actor;
use measure::Moment;
use rules::diagnostic::SourceFile;
use rules::law::Law;
use store::{Tx, audit};

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
    /// Notes in the audit log what is done to a record, in the transaction that does it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub fn note(
        &self,
        tx: &mut Tx<'_>,
        action: &str,
        (subject_kind, subject): (i16, i64),
        detail: &str,
    ) -> Result<(), store::Error> {
        let entry = audit::Entry {
            at: self.at,
            actor: self.by.login(),
            role: "office",
            purpose: self.purpose,
            action,
            subject_kind,
            subject,
            through: self.through,
            detail,
        };
        audit::append(tx, &entry).map(drop)
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
        store::laws::keep(tx, self.version, texts)
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
