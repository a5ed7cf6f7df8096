//! What went wrong with a file or a cell, said to an office in its own two languages.

use rules::{
    explain::Lang,
    law::Law,
    refusal::{Refusal, message, remedy},
};
use std::{borrow::Cow, fmt, fs::File, path::Path};

/// A sentence in two languages under a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// `C0107`; each has a page in `docs/reference/errors`.
    pub code: Cow<'static, str>,
    /// The Chinese sentence: what happened, where, how to mend it.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Said {
    /// What the law says of a refusal, with how to mend it.
    #[must_use]
    pub fn of(law: &Law, refusal: &Refusal) -> Said {
        let (zh, en) = (Lang::Zh, Lang::En);
        Said::new(
            refusal.reason.code(),
            format!(
                "{}；{}",
                message(refusal, law, zh),
                remedy(refusal, law, zh)
            ),
            format!(
                "{}; {}",
                message(refusal, law, en),
                remedy(refusal, law, en)
            ),
        )
    }

    pub(crate) fn new(code: &'static str, zh: String, en: String) -> Said {
        Said {
            code: code.into(),
            zh,
            en,
        }
    }
}

/// Why a whole run cannot begin or go on. What concerns one row only is never an error: that row is refused and the
/// others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    said: Box<Said>,
}

impl Error {
    pub(crate) fn new(code: &'static str, zh: String, en: String) -> Error {
        Error {
            said: Box::new(Said::new(code, zh, en)),
        }
    }

    /// The stable code, `C0101` and so on.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.said.code
    }

    /// The sentence in both languages.
    #[must_use]
    pub fn said(&self) -> &Said {
        &self.said
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.said.code, self.said.en)
    }
}

impl std::error::Error for Error {}

/// A hint about a file that does not keep the run from going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whether it is probably a mistake, such as a misspelt column.
    pub warning: bool,
    /// The Chinese sentence.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// A refused text as messages show it: control characters escaped, cut to 40 characters.
pub(crate) fn shown(text: &[u8]) -> String {
    const SHOWN_CHARS_MAX: usize = 40;
    // Four bytes a character at most, so a cell of a gigabyte costs no more than a short one.
    let head = &text[..text.len().min(4 * SHOWN_CHARS_MAX + 4)];
    let head = String::from_utf8_lossy(head);
    let mut shown: String = head
        .chars()
        .take(SHOWN_CHARS_MAX)
        .flat_map(char::escape_debug)
        .collect();
    if head.chars().nth(SHOWN_CHARS_MAX).is_some() {
        shown.push('…');
    }
    shown
}

/// One sentence, or part of one, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// In Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Wording {
    /// The sentence in its two languages.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Wording {
        Wording {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// The sentence in one of its languages.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A file that cannot be opened (`C0101`) or is damaged (`C0112`).
pub(crate) fn unreadable(path: &Path, error: &dyn fmt::Display) -> Error {
    let name = path.display();
    if let Err(error) = File::open(path) {
        return Error::new(
            "C0101",
            format!("打不开 {name}：{error}；请检查路径与权限"),
            format!("{name} cannot be opened: {error}; check its path and permissions"),
        );
    }
    Error::new(
        "C0112",
        format!("{name} 已损坏或不是该类型的文件：{error}；请重新导出"),
        format!("{name} is damaged or not what its ending says: {error}; export it again"),
    )
}

/// A file that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &dyn fmt::Display) -> Error {
    let name = path.display();
    Error::new(
        "C0102",
        format!("写不了 {name}：{error}；请检查路径、权限与磁盘空间"),
        format!(
            "{name} cannot be written: {error}; check its path, its permissions and the room on the disk"
        ),
    )
}
