//! *Why not, and what now?*
//!
//! Whoever is refused stands at a counter or reads a list of faults in the evening. So every refusal is a named value
//! with a stable code, and says in both languages what happened and how to mend it. The enumerations of refusals stand
//! beside the decisions that make them; this module is what they have in common.

use rules::explain::Lang;
use std::fmt;

/// A sentence in both languages, without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Sentence {
    /// The sentence of a language.
    #[must_use]
    pub fn of(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }
}

/// What a refusal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its stable code: a letter for the area, two digits for the group, two for the refusal. Never given a new meaning.
    pub code: &'static str,
    /// What happened.
    pub message: Sentence,
    /// How to mend it.
    pub remedy: Sentence,
}

/// A named reason why something is not done.
pub trait Refused {
    /// Its code, message and remedy.
    fn said(&self) -> Said;

    /// The stable code; `docs/reference/refusals.md` lists them all.
    fn code(&self) -> &'static str {
        self.said().code
    }

    /// What happened, in one sentence.
    fn message(&self, lang: Lang) -> String {
        self.said().message.of(lang).to_owned()
    }

    /// How to mend it, in one sentence.
    fn remedy(&self, lang: Lang) -> String {
        self.said().remedy.of(lang).to_owned()
    }
}

/// Composes what a refusal says: what happened and the remedy, each in Chinese and English.
pub(crate) fn said(
    code: &'static str,
    message: (impl Into<String>, impl Into<String>),
    remedy: (impl Into<String>, impl Into<String>),
) -> Said {
    Said {
        code,
        message: Sentence {
            zh: message.0.into(),
            en: message.1.into(),
        },
        remedy: Sentence {
            zh: remedy.0.into(),
            en: remedy.1.into(),
        },
    }
}

/// Shows a refusal as one English line, for logs and tests.
pub(crate) fn line(refused: &impl Refused, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let said = refused.said();
    write!(f, "{}: {}; {}", said.code, said.message.en, said.remedy.en)
}

/// Gives refusals their `Display` and `Error`.
macro_rules! errors {
    ($($refusal:ty),* $(,)?) => {$(
        impl std::fmt::Display for $refusal {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::refusal::line(self, f)
            }
        }

        impl std::error::Error for $refusal {}
    )*};
}
pub(crate) use errors;
