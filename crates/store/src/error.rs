//! What went wrong with the database, and what can be done about it?
//!
//! Both engines' many codes come down to the few things an office can act on. Each has a stable code, a sentence in
//! Chinese and English, a remedy, and a page in `docs/reference/errors`. What an engine adds in the way of *values*
//! (PostgreSQL's "Key (blind)=(…) already exists") is left out on purpose: an error is written to logs, and a log is no
//! place for a person's data.

mod said;

use measure::Moment;
use std::{fmt, path::PathBuf};

/// Why the database did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// `S0101`: the database cannot be opened or the server not reached.
    Open {
        /// Its address, without a password.
        address: String,
        /// The system's own words.
        cause: String,
    },
    /// `S0102`: the address is of no form that is known.
    Address {
        /// As given, without a password.
        address: String,
    },
    /// `S0103`: the connection ended while something was asked; nothing of the transaction was kept.
    ConnectionLost {
        /// The system's own words.
        cause: String,
    },
    /// `S0104`: the connection ended during the commit, so it is not known whether the transaction was kept.
    OutcomeUnknown {
        /// The system's own words.
        cause: String,
    },
    /// `S0105`: others held what was needed for too long.
    Busy {
        /// The system's own words.
        cause: String,
    },
    /// `S0106`: there is no room left on the disk.
    DiskFull {
        /// The system's own words.
        cause: String,
    },
    /// `S0107`: a constraint of the schema was violated.
    Constraint(Violation),
    /// `S0108`: a trigger refused the change: the record may not be altered or removed.
    Kept {
        /// What the trigger says, beginning with the table's name.
        rule: String,
    },
    /// `S0109`: something was to be written in a transaction that only reads.
    ReadOnly,
    /// `S0110`: a cell does not hold what the reader asked for.
    Cell {
        /// The column's name, or its number when it has none.
        column: String,
        /// What the reader asked for, such as `i16`.
        wanted: &'static str,
        /// What is there, such as `null` or `text`; never the value itself.
        found: String,
    },
    /// `S0111`: transactions stood in each other's way, again and again.
    Conflict {
        /// How often it was tried.
        attempts: u32,
        /// The system's own words.
        cause: String,
    },
    /// `S0112`: the database is damaged.
    Damaged {
        /// The system's own words.
        cause: String,
    },
    /// `S0113`: the engine does not take the statement; the program is wrong.
    Statement {
        /// The statement's name in the catalogue.
        statement: String,
        /// The system's own words.
        cause: String,
    },
    /// `S0114`: exactly one row was expected.
    RowCount {
        /// The statement's name in the catalogue.
        statement: String,
        /// Whether there was none, or more than one.
        none: bool,
    },
    /// `S0115`: the database does not let this user do it, or not in this district.
    Denied {
        /// The system's own words.
        cause: String,
    },
    /// `S0116`: all connections were in use for too long.
    NoConnection {
        /// How many there are.
        connections: usize,
    },
    /// `S0117`: it took longer than allowed, or was cancelled.
    Cancelled {
        /// The system's own words.
        cause: String,
    },
    /// `S0118`: a value cannot be kept: it is outside the range of its column, or not text the engine can hold.
    Value {
        /// What it was to be, such as `smallint` or `day`.
        wanted: String,
        /// Why not; never the value itself.
        cause: String,
    },
    /// `S0119`: anything else an engine may say.
    Engine {
        /// The system's own words, with its code.
        cause: String,
    },
    /// `S0120`: what the address says about encryption does not go together.
    TlsAsked {
        /// What stands in it.
        said: String,
        /// What is needed with it, or in its place.
        needed: &'static str,
    },
    /// `S0121`: a file with certificates or a key that the address names cannot be used.
    TlsFile {
        /// As what the address names it, such as `sslrootcert`.
        parameter: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong with it; never what stands in it.
        cause: String,
    },
    /// `S0122`: the server offers no encryption, and the address does not do without.
    TlsNotOffered {
        /// Its address, without a password.
        address: String,
    },
    /// `S0123`: the server's certificate is not to be believed.
    TlsNotTrusted {
        /// Its address, without a password.
        address: String,
        /// What is wrong with the certificate.
        cause: String,
    },
    /// `S0124`: the server's certificate is for another name.
    TlsOtherName {
        /// Its address, without a password.
        address: String,
        /// The names it is for; empty when there are none.
        names: String,
    },
    /// `S0125`: the drive under the database does not read or write any more.
    Drive {
        /// The system's own words.
        cause: String,
    },
    /// `S0126`: a folio, which holds rows of a run, does not hold what was written.
    Torn {
        /// Of which table.
        table: &'static str,
        /// Of which run.
        run: i64,
        /// Its first person.
        first: i64,
        /// Its district.
        district: i64,
    },
    /// `S0201`: the database's schema is older than the program.
    SchemaOlder {
        /// The last migration the database has.
        database: u32,
        /// The last migration the program knows.
        program: u32,
    },
    /// `S0202`: the database's schema is newer than the program.
    SchemaNewer {
        /// The last migration the database has.
        database: u32,
        /// The last migration the program knows.
        program: u32,
    },
    /// `S0203`: a migration that was applied differs from the one the program has under its number.
    MigrationChanged {
        /// Its number.
        number: u32,
        /// Its name in the program.
        name: String,
    },
    /// `S0204`: the database's migrations have a gap, or one the program never had.
    MigrationUnknown {
        /// Its number.
        number: u32,
    },
    /// `S0205`: a migration failed; it was undone as a whole.
    MigrationFailed {
        /// Its number.
        number: u32,
        /// Its name.
        name: String,
        /// Why.
        cause: Box<Error>,
    },
    /// `S0206`: the database holds tables, but nothing of Renshe's.
    NotOurs {
        /// A table that is there.
        table: String,
    },
    /// `S0301`: the chain of the audit log does not hold.
    AuditBroken {
        /// The first entry that does not fit.
        audit: i64,
    },
    /// `S0302`: there is no key of this number.
    KeyUnknown {
        /// The number that stands in the ciphertext.
        key: u32,
    },
    /// `S0303`: a ciphertext was altered, moved to another row, or written under another key.
    NotAuthentic {
        /// The table and column it stands in.
        place: String,
    },
    /// `S0304`: the job is no longer this worker's: its lease ran out and another took it.
    LeaseLost {
        /// The job's number.
        job: i64,
        /// Until when it was leased.
        until: Moment,
    },
    /// `S0305`: there is no chance to be had from the operating system.
    NoChance {
        /// The system's own words.
        cause: String,
    },
}

/// Which constraint was violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Of which kind it is.
    pub kind: ConstraintKind,
    /// Its name, the same on both engines: the name in the schema; for a primary key the table's with `_pkey`; for a
    /// column that must have a value, `table.column`; empty for a reference on SQLite, which does not tell.
    pub name: String,
}

/// The kinds of constraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// Something that must be there once is there already.
    Unique,
    /// A condition on the row does not hold.
    Check,
    /// What is referred to is not there, or is still referred to.
    Reference,
    /// A column has no value and needs one.
    Required,
}

impl Error {
    /// The stable code, `S0101` and so on; `docs/reference/errors` has a page of this name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Open { .. } => "S0101",
            Error::Address { .. } => "S0102",
            Error::ConnectionLost { .. } => "S0103",
            Error::OutcomeUnknown { .. } => "S0104",
            Error::Busy { .. } => "S0105",
            Error::DiskFull { .. } => "S0106",
            Error::Constraint(_) => "S0107",
            Error::Kept { .. } => "S0108",
            Error::ReadOnly => "S0109",
            Error::Cell { .. } => "S0110",
            Error::Conflict { .. } => "S0111",
            Error::Damaged { .. } => "S0112",
            Error::Statement { .. } => "S0113",
            Error::RowCount { .. } => "S0114",
            Error::Denied { .. } => "S0115",
            Error::NoConnection { .. } => "S0116",
            Error::Cancelled { .. } => "S0117",
            Error::Value { .. } => "S0118",
            Error::Engine { .. } => "S0119",
            Error::TlsAsked { .. } => "S0120",
            Error::TlsFile { .. } => "S0121",
            Error::TlsNotOffered { .. } => "S0122",
            Error::TlsNotTrusted { .. } => "S0123",
            Error::TlsOtherName { .. } => "S0124",
            Error::Drive { .. } => "S0125",
            Error::Torn { .. } => "S0126",
            Error::SchemaOlder { .. } => "S0201",
            Error::SchemaNewer { .. } => "S0202",
            Error::MigrationChanged { .. } => "S0203",
            Error::MigrationUnknown { .. } => "S0204",
            Error::MigrationFailed { .. } => "S0205",
            Error::NotOurs { .. } => "S0206",
            Error::AuditBroken { .. } => "S0301",
            Error::KeyUnknown { .. } => "S0302",
            Error::NotAuthentic { .. } => "S0303",
            Error::LeaseLost { .. } => "S0304",
            Error::NoChance { .. } => "S0305",
        }
    }

    /// Whether the same transaction, run again from its beginning, may well succeed: nothing of it was kept.
    ///
    /// [`OutcomeUnknown`](Error::OutcomeUnknown) is not among them: whoever runs it again must be able to see whether it
    /// was done, by a key of its own.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Error::Busy { .. }
                | Error::Conflict { .. }
                | Error::ConnectionLost { .. }
                | Error::NoConnection { .. }
        )
    }

    /// Whether the connection it came over is of no further use.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(
            self,
            Error::ConnectionLost { .. } | Error::OutcomeUnknown { .. } | Error::Open { .. }
        )
    }

    /// The name of the constraint that was violated, if that is what went wrong.
    #[must_use]
    pub fn violated(&self) -> Option<&str> {
        match self {
            Error::Constraint(violation) => Some(&violation.name),
            _ => None,
        }
    }

    /// The Chinese sentence: what happened.
    #[must_use]
    pub fn zh(&self) -> String {
        said::zh(self)
    }

    /// The English sentence: what happened.
    #[must_use]
    pub fn en(&self) -> String {
        said::en(self)
    }

    /// How to mend it, in Chinese and English.
    #[must_use]
    pub fn remedy(&self) -> (&'static str, &'static str) {
        said::remedy(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.code(), self.en(), self.remedy().1)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    /// The codes as this file says them, each once.
    fn codes() -> BTreeSet<String> {
        let text = include_str!("error.rs");
        let arms = text
            .lines()
            .filter_map(|line| line.trim().split_once("=> \"S0"));
        arms.map(|(_, code)| format!("S0{}", &code[..3])).collect()
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors");
        let pages = fs::read_dir(&folder).unwrap();
        let pages: BTreeSet<String> = pages
            .map(|page| page.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| Some(name.strip_suffix(".md")?.to_owned()))
            .filter(|name| name.starts_with("S0"))
            .collect();
        assert!(codes().len() > 20);
        assert_eq!(codes(), pages);
        for code in pages {
            let page = fs::read_to_string(folder.join(format!("{code}.md"))).unwrap();
            assert!(page.starts_with(&format!("# {code} ")), "{code}");
            assert!(page.lines().next().unwrap().contains(" · "), "{code}");
        }
    }

    #[test]
    fn only_what_left_nothing_behind_is_run_again() {
        let cause = String::new;
        assert!(Error::Busy { cause: cause() }.is_retryable());
        assert!(Error::ConnectionLost { cause: cause() }.is_retryable());
        assert!(!Error::OutcomeUnknown { cause: cause() }.is_retryable());
        assert!(!Error::DiskFull { cause: cause() }.is_retryable());
    }

    #[test]
    fn an_error_says_what_and_how_to_mend_it() {
        let error = Error::Constraint(Violation {
            kind: ConstraintKind::Check,
            name: "run_maker_is_not_checker".into(),
        });
        assert_eq!(
            error.to_string(),
            "S0107: the condition `run_maker_is_not_checker` does not hold; nothing was kept; mend the data and \
             send it again"
        );
        assert_eq!(error.zh(), "不满足条件“run_maker_is_not_checker”");
    }
}
