//! *Who did it, and who looked at it after?*
//!
//! Money is not moved by one person alone: whoever proposes does not approve. The rule is held here for decisions, and
//! once more by the database for what it keeps.

use crate::logins::Role;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Who acts: a login, such as `maker@500103`. Nothing of a person but this is kept beside what they did. Whoever has the same
/// login is the same, as whatever they act.
#[derive(Clone, Debug)]
pub struct Actor {
    login: String,
    role: Option<Role>,
}

impl Actor {
    /// The actor of this login, blanks around it trimmed; `None` when nothing is left.
    #[must_use]
    pub fn new(login: &str) -> Option<Actor> {
        let login = login.trim();
        (!login.is_empty()).then(|| Actor {
            login: login.to_owned(),
            role: None,
        })
    }

    /// The same, acting in this role.
    #[must_use]
    pub fn acting_as(self, role: Role) -> Actor {
        Actor {
            role: Some(role),
            ..self
        }
    }

    /// The login.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    /// As what; `None` for whoever works at the console.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role
    }
}

impl PartialEq for Actor {
    fn eq(&self, other: &Actor) -> bool {
        self.login == other.login
    }
}

impl Eq for Actor {}

impl PartialOrd for Actor {
    fn partial_cmp(&self, other: &Actor) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Actor {
    fn cmp(&self, other: &Actor) -> Ordering {
        self.login.cmp(&other.login)
    }
}

impl Hash for Actor {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.login.hash(state);
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.login)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_the_same_login_is_the_same() {
        let li = Actor::new(" li ").expect("it is a login");
        let clerk = li.clone().acting_as(Role::Clerk);
        assert_eq!((&li, li.role()), (&clerk, None));
        assert_eq!((clerk.login(), clerk.role()), ("li", Some(Role::Clerk)));
    }
}
