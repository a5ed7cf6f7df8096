//! *Who did it, and who looked at it after?*
//!
//! Money is not moved by one person alone: whoever proposes does not approve. The rule is held here for decisions, and
//! once more by the database for what it keeps.

use std::fmt;

/// Who acts: a login, such as `maker@500103`. Nothing of a person but this is kept beside what they did.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(String);

impl Actor {
    /// The actor of this login, blanks around it trimmed; `None` when nothing is left.
    #[must_use]
    pub fn new(login: &str) -> Option<Actor> {
        let login = login.trim();
        (!login.is_empty()).then(|| Actor(login.to_owned()))
    }

    /// The login.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
