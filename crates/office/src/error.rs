//! Why was it not done?

use crate::collect;
use crate::month::footing::Unfit;
use city::collection::{CollectionRefusal, LawRefusal};
use city::refusal::Refused;
use city::runs;
use rules::explain::Lang;
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
    /// A receipt, bill or agreement is not taken further.
    Collecting(collect::Refusal),
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
            Error::Collecting(refusal) => refusal.code(),
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
            Error::Collecting(refusal) => refusal.message(lang),
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
            Error::Collecting(refusal) => refusal.remedy(lang),
            Error::Law(_) | Error::Amount(_) => String::new(),
        }
    }

    /// Whether the chunk was kept by somebody else meanwhile.
    pub(crate) fn is_taken_chunk(&self) -> bool {
        matches!(self, Error::Store(error) if error.violated() == Some("run_chunk_pkey"))
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

impl From<collect::Refusal> for Error {
    fn from(refusal: collect::Refusal) -> Error {
        Error::Collecting(refusal)
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
