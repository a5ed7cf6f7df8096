//! Why was it not done?

use crate::collect;
use crate::declare;
use crate::draft;
use crate::month::archive;
use crate::month::footing::Unfit;
use crate::once;
use crate::permit;
use crate::programs;
use crate::sign_in;
use crate::whatif;
use city::collection::{CollectionRefusal, LawRefusal};
use city::corrections;
use city::declarations::IntakeRefusal;
use city::entries;
use city::facts::FactRefusal;
use city::merge::MergeRefusal;
use city::refusal::Refused as _;
use city::runs;
use rules::explain::Lang;
use std::borrow::Cow;
use std::fmt;

/// Why a use case was not carried out. Nothing of it was kept.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The database.
    Store(store::Error),
    /// The books refuse.
    Books(ledger::Refusal),
    /// A run is not taken further.
    Run(runs::Refusal),
    /// The law cannot assess.
    Law(Unfit),
    /// Money is not moved so.
    Money(CollectionRefusal),
    /// An account is not corrected so.
    Entry(entries::Refusal),
    /// Rows are not moved to a file, or not read from one.
    Archive(archive::Refusal),
    /// A receipt, bill or agreement is not taken further.
    Collecting(collect::Refusal),
    /// A declaration is not taken in or back.
    Declaring(declare::Refusal),
    /// What is prepared is not taken further.
    Draft(draft::Refusal),
    /// A file cannot be read.
    File(exchange::Error),
    /// A file is not taken in for its month.
    Intake(IntakeRefusal),
    /// The register is not corrected so.
    Correction(corrections::Refusal),
    /// Two persons are not made one so, or parted.
    Merge(MergeRefusal),
    /// A form is not taken.
    Form(once::Refusal),
    /// It is not permitted.
    Permit(permit::Refusal),
    /// Nobody is let in so.
    SignIn(sign_in::Refusal),
    /// A program is not served so.
    Program(programs::Refusal),
    /// A changed law is not tried so.
    Trying(whatif::Refusal),
    /// An amount is beyond what amounts can be.
    Amount(measure::Error),
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Store(error) => error.code(),
            Error::Books(refusal) => refusal.code(),
            Error::Run(refusal) => refusal.said().code,
            Error::Law(unfit) => unfit.code(),
            Error::Money(refusal) => refusal.code(),
            Error::Entry(refusal) => refusal.code(),
            Error::Archive(refusal) => refusal.code(),
            Error::Collecting(refusal) => refusal.code(),
            Error::Declaring(refusal) => refusal.code(),
            Error::Draft(refusal) => refusal.code(),
            Error::File(error) => match error.said().code {
                Cow::Borrowed(code) => code,
                Cow::Owned(_) => "C0101",
            },
            Error::Intake(refusal) => refusal.code(),
            Error::Correction(refusal) => refusal.code(),
            Error::Merge(refusal) => refusal.code(),
            Error::Form(refusal) => refusal.code(),
            Error::Permit(refusal) => refusal.code(),
            Error::SignIn(refusal) => refusal.code(),
            Error::Program(refusal) => refusal.said().code,
            Error::Trying(refusal) => refusal.code(),
            Error::Amount(error) => error.code(),
        }
    }

    /// What happened, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Error::Store(error) => lang.pick(error.zh(), error.en()),
            Error::Books(refusal) => {
                let words = refusal.message();
                lang.pick(words.zh, words.en)
            }
            Error::Run(refusal) => refusal.message(lang),
            Error::Law(unfit) => unfit.message(lang),
            Error::Money(refusal) => refusal.message(lang),
            Error::Entry(refusal) => refusal.message(lang),
            Error::Archive(refusal) => refusal.message(lang),
            Error::Collecting(refusal) => refusal.message(lang),
            Error::Declaring(refusal) => refusal.message(lang),
            Error::Draft(refusal) => refusal.message(lang),
            Error::File(error) => lang.pick(&error.said().zh, &error.said().en).clone(),
            Error::Intake(refusal) => refusal.message(lang),
            Error::Correction(refusal) => refusal.message(lang),
            Error::Merge(refusal) => refusal.message(lang),
            Error::Form(refusal) => refusal.message(lang),
            Error::Permit(refusal) => refusal.message(lang),
            Error::SignIn(refusal) => refusal.message(lang),
            Error::Program(refusal) => refusal.message(lang),
            Error::Trying(refusal) => refusal.message(lang),
            Error::Amount(error) => error.to_string(),
        }
    }

    /// How to mend it, in one sentence; empty where there is nothing to add.
    #[must_use]
    pub fn remedy(&self, lang: Lang) -> String {
        match self {
            Error::Store(error) => {
                let (zh, en) = error.remedy();
                lang.pick(zh, en).to_owned()
            }
            Error::Books(refusal) => {
                let words = refusal.remedy();
                lang.pick(words.zh, words.en).to_owned()
            }
            Error::Run(refusal) => refusal.remedy(lang),
            Error::Money(refusal) => refusal.remedy(lang),
            Error::Entry(refusal) => refusal.remedy(lang),
            Error::Archive(refusal) => refusal.remedy(lang),
            Error::Collecting(refusal) => refusal.remedy(lang),
            Error::Declaring(refusal) => refusal.remedy(lang),
            Error::Draft(refusal) => refusal.remedy(lang),
            Error::Intake(refusal) => refusal.remedy(lang),
            Error::Correction(refusal) => refusal.remedy(lang),
            Error::Merge(refusal) => refusal.remedy(lang),
            Error::Form(refusal) => refusal.remedy(lang),
            Error::Permit(refusal) => refusal.remedy(lang),
            Error::SignIn(refusal) => refusal.remedy(lang),
            Error::Program(refusal) => refusal.remedy(lang),
            Error::Trying(refusal) => refusal.remedy(lang),
            Error::Law(_) | Error::File(_) | Error::Amount(_) => String::new(),
        }
    }

    /// Whether a run cannot be finished because chunks are not there.
    pub(crate) fn is_missing_chunks(&self) -> bool {
        matches!(self, Error::Run(runs::Refusal::Missing { .. }))
    }

    /// Whether the chunk was kept by somebody else meanwhile.
    pub(crate) fn is_taken_chunk(&self) -> bool {
        matches!(self, Error::Store(error) if error.violated() == Some("run_chunk_pkey"))
    }

    /// Whether the bill was written by somebody else meanwhile.
    pub(crate) fn is_taken_bill(&self) -> bool {
        matches!(self, Error::Store(error) if error.violated() == Some("bill_once"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message(Lang::En))
    }
}

impl std::error::Error for Error {}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        Error::Store(error)
    }
}

impl From<runs::Refusal> for Error {
    fn from(refusal: runs::Refusal) -> Error {
        Error::Run(refusal)
    }
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Error {
        Error::Law(unfit)
    }
}

impl From<CollectionRefusal> for Error {
    fn from(refusal: CollectionRefusal) -> Error {
        Error::Money(refusal)
    }
}

impl From<LawRefusal> for Error {
    fn from(refusal: LawRefusal) -> Error {
        Error::Money(refusal.into())
    }
}

impl From<entries::Refusal> for Error {
    fn from(refusal: entries::Refusal) -> Error {
        Error::Entry(refusal)
    }
}

impl From<archive::Refusal> for Error {
    fn from(refusal: archive::Refusal) -> Error {
        Error::Archive(refusal)
    }
}

impl From<collect::Refusal> for Error {
    fn from(refusal: collect::Refusal) -> Error {
        Error::Collecting(refusal)
    }
}

impl From<declare::Refusal> for Error {
    fn from(refusal: declare::Refusal) -> Error {
        Error::Declaring(refusal)
    }
}

impl From<draft::Refusal> for Error {
    fn from(refusal: draft::Refusal) -> Error {
        Error::Draft(refusal)
    }
}

impl From<exchange::Error> for Error {
    fn from(error: exchange::Error) -> Error {
        Error::File(error)
    }
}

impl From<IntakeRefusal> for Error {
    fn from(refusal: IntakeRefusal) -> Error {
        Error::Intake(refusal)
    }
}

impl From<corrections::Refusal> for Error {
    fn from(refusal: corrections::Refusal) -> Error {
        Error::Correction(refusal)
    }
}

impl From<MergeRefusal> for Error {
    fn from(refusal: MergeRefusal) -> Error {
        Error::Merge(refusal)
    }
}

impl From<FactRefusal> for Error {
    fn from(refusal: FactRefusal) -> Error {
        Error::Merge(refusal.into())
    }
}

impl From<once::Refusal> for Error {
    fn from(refusal: once::Refusal) -> Error {
        Error::Form(refusal)
    }
}

impl From<permit::Refusal> for Error {
    fn from(refusal: permit::Refusal) -> Error {
        Error::Permit(refusal)
    }
}

impl From<sign_in::Refusal> for Error {
    fn from(refusal: sign_in::Refusal) -> Error {
        Error::SignIn(refusal)
    }
}

impl From<programs::Refusal> for Error {
    fn from(refusal: programs::Refusal) -> Error {
        Error::Program(refusal)
    }
}

impl From<whatif::Refusal> for Error {
    fn from(refusal: whatif::Refusal) -> Error {
        Error::Trying(refusal)
    }
}

impl From<measure::Error> for Error {
    fn from(error: measure::Error) -> Error {
        Error::Amount(error)
    }
}

impl From<ledger::Failed<store::Error>> for Error {
    fn from(failed: ledger::Failed<store::Error>) -> Error {
        match failed {
            ledger::Failed::Refused(refusal) => Error::Books(refusal),
            ledger::Failed::Lookup(error) => Error::Store(error),
        }
    }
}
