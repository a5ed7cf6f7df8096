//! *Who may come in, as what, and for whom?*
//!
//! A login is one person's, or one firm's agent's, or a member of staff's. What each role may do is the office's to say; here is
//! only what a login can be: a person's is for one person, an agent's for one employer, and staff are for nobody but for a
//! district or the whole city.

use crate::actors::Actor;
use crate::employers::EmployerId;
use crate::numbered::kinds;
use crate::people::PersonId;
use crate::places::District;
use measure::Moment;

kinds! {
    /// As what somebody comes in.
    Role {
        /// For their own record.
        Person = 1 "个人" / "person",
        /// For one employer's.
        Agent = 2 "单位经办人" / "employer's agent",
        /// Prepares at the counter.
        Clerk = 3 "经办人员" / "clerk",
        /// Approves what others prepared.
        Supervisor = 4 "复核人员" / "supervisor",
        /// Looks at everything, changes nothing.
        Auditor = 5 "审计人员" / "auditor",
        /// Sees figures, never a person.
        Planner = 6 "规划人员" / "planner",
        /// Makes and ends logins.
        Administrator = 7 "系统管理员" / "administrator",
    }
}

impl Role {
    /// The role in one word, as the audit log keeps it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Person => "person",
            Role::Agent => "agent",
            Role::Clerk => "clerk",
            Role::Supervisor => "supervisor",
            Role::Auditor => "auditor",
            Role::Planner => "planner",
            Role::Administrator => "administrator",
        }
    }

    /// The role of a word in the audit log; `None` for the console's.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.word() == word)
    }
}

/// Whose records a login is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// One person's.
    Person(PersonId),
    /// One employer's.
    Employer(EmployerId),
    /// The office's.
    Office,
}

impl Party {
    /// Whether a role acts for such a party.
    #[must_use]
    pub const fn suits(self, role: Role) -> bool {
        match role {
            Role::Person => matches!(self, Party::Person(_)),
            Role::Agent => matches!(self, Party::Employer(_)),
            Role::Clerk
            | Role::Supervisor
            | Role::Auditor
            | Role::Planner
            | Role::Administrator => matches!(self, Party::Office),
        }
    }
}

/// A login as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    name: Actor,
    role: Role,
    party: Party,
    district: Option<District>,
    /// Since when it lets nobody in.
    pub ended: Option<Moment>,
}

impl Login {
    /// A login that is in use; `None` where the party does not suit the role.
    #[must_use]
    pub fn new(name: Actor, role: Role, party: Party, district: Option<District>) -> Option<Login> {
        party.suits(role).then(|| Login {
            name: name.acting_as(role),
            role,
            party,
            district,
            ended: None,
        })
    }

    /// Its name, under which the audit log knows who did what.
    #[must_use]
    pub fn name(&self) -> &Actor {
        &self.name
    }

    /// As what.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// For whom.
    #[must_use]
    pub fn party(&self) -> Party {
        self.party
    }

    /// For which district; `None` for the whole city.
    #[must_use]
    pub fn district(&self) -> Option<District> {
        self.district
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_for_whom_its_role_acts() {
        let actor = || Actor::new("li").expect("it is a login");
        let person = Party::Person(PersonId::new(1).expect("above 0"));
        assert!(Login::new(actor(), Role::Person, person, None).is_some());
        assert!(Login::new(actor(), Role::Clerk, person, None).is_none());
        assert!(Login::new(actor(), Role::Person, Party::Office, None).is_none());
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
            assert_eq!(Role::of_word(role.word()), Some(*role));
        }
    }
}
