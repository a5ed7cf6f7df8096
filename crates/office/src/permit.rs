//! Who may do what, and how far does it reach?
//!
//! One table: for each role and each action, whether it reaches nothing, the own record, the own district or the whole city.
//! Pages, the API and jobs ask here and decide nothing themselves. Where an action does not reach a record, that record is
//! *unknown*, not forbidden: whether it exists is nobody's business who may not see it. That a role may not do something at all
//! is no secret and is said.
//!
//! The whole table is a snapshot in `crates/office/tests/office`.

use crate::error::Error;
use city::employers::EmployerId;
use city::logins::{Login, Party, Role};
use city::people::PersonId;
use city::places::District;
use city::refusal::{Refused, Said, Sentence};
use std::collections::BTreeSet;
use store::{Tx, employers, insurance, people};

/// How far an action of a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nowhere: the role does not do this.
    Nothing,
    /// The person's, or the employer's, own record.
    Own,
    /// The records of the login's district; of every district where the login is for the whole city.
    District,
    /// What is the whole city's: only for logins that are for it.
    City,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $word:literal: $person:ident $agent:ident $clerk:ident $supervisor:ident $auditor:ident $planner:ident $administrator:ident;)*) => {
        /// What may be done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $action,)* }

        impl Action {
            /// All of them, in the order of the table.
            pub const ALL: &[Action] = &[$(Action::$action,)*];

            /// As the audit log and the table call it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Action::$action => $word,)* }
            }

            /// How far it reaches for a role.
            #[must_use]
            pub const fn reach(self, role: Role) -> Reach {
                let row = match self {
                    $(Action::$action => [Reach::$person, Reach::$agent, Reach::$clerk, Reach::$supervisor, Reach::$auditor, Reach::$planner, Reach::$administrator],)*
                };
                match role {
                    Role::Person => row[0],
                    Role::Agent => row[1],
                    Role::Clerk => row[2],
                    Role::Supervisor => row[3],
                    Role::Auditor => row[4],
                    Role::Planner => row[5],
                    Role::Administrator => row[6],
                }
            }
        }
    };
}

actions! {
    //                                              person   agent    clerk    supervisor auditor planner administrator
    /// Sign out, here and everywhere.
    EndOwnSession = "session.end":                  Own      Own      Own      Own      Own      Own      Own;
    /// Add a passkey to one's own login, and remove one.
    KeepOwnPasskeys = "passkey.keep":               Own      Own      Own      Own      Own      Own      Own;
    /// What a person paid, and what stands in their accounts.
    ReadAccount = "account.read":                   Own      Nothing  District District City     Nothing  Nothing;
    /// What the register knows of a person, and since when.
    ReadPerson = "person.read":                     Own      Nothing  District District City     Nothing  Nothing;
    /// Find a person by number or name.
    FindPerson = "person.find":                     Nothing  Nothing  District District City     Nothing  Nothing;
    /// Ask for a correction of what the register or an account says.
    AskCorrection = "correction.ask":               Own      Nothing  District Nothing  Nothing  Nothing  Nothing;
    /// Approve or decline a correction another has asked for.
    ApproveCorrection = "correction.approve":       Nothing  Nothing  Nothing  District Nothing  Nothing  Nothing;
    /// What the register knows of an employer.
    ReadEmployer = "employer.read":                 Nothing  Own      District District City     Nothing  Nothing;
    /// Find an employer by code or name.
    FindEmployer = "employer.find":                 Nothing  Nothing  District District City     Nothing  Nothing;
    /// Hand in an employer's month, mend it, take it back.
    Declare = "declaration.submit":                 Nothing  Own      District Nothing  Nothing  Nothing  Nothing;
    /// What was declared.
    ReadDeclaration = "declaration.read":           Nothing  Own      District District City     Nothing  Nothing;
    /// What is owed, paid, unmatched, and what tomorrow's fee will be.
    ReadDues = "dues.read":                         Own      Own      District District City     Nothing  Nothing;
    /// Ask to pay arrears in parts.
    AskInstalments = "instalments.ask":             Nothing  Own      District Nothing  Nothing  Nothing  Nothing;
    /// Approve instalments, write-offs and refunds.
    ApproveMoney = "money.approve":                 Nothing  Nothing  Nothing  District Nothing  Nothing  Nothing;
    /// Take receipts in, say whose they are, let them settle.
    KeepReceipts = "receipt.keep":                  Nothing  Nothing  District Nothing  Nothing  Nothing  Nothing;
    /// See receipts.
    ReadReceipts = "receipt.read":                  Nothing  Nothing  District District City     Nothing  Nothing;
    /// Open and assess a month, credit accounts.
    RunMonth = "month.run":                         Nothing  Nothing  City     Nothing  Nothing  Nothing  Nothing;
    /// See how far a run is and what it comes to.
    ReadMonth = "month.read":                       Nothing  Nothing  City     City     City     Nothing  Nothing;
    /// Approve, publish and close what another has run.
    ApproveMonth = "month.approve":                 Nothing  Nothing  Nothing  City     Nothing  Nothing  Nothing;
    /// Derive everything again and see what differs.
    Verify = "verify":                              Nothing  Nothing  Nothing  City     City     Nothing  Nothing;
    /// Who looked at a record, and who did what.
    ReadAudit = "audit.read":                       Own      Nothing  Nothing  Nothing  City     Nothing  Nothing;
    /// Figures of the city and its districts, never a person's.
    ReadFigures = "figures.read":                   Nothing  Nothing  District District City     City     Nothing;
    /// Change a figure of law and see who would gain and who lose.
    TryReform = "reform.try":                       Nothing  Nothing  Nothing  City     City     City     Nothing;
    /// Make, end and list logins.
    KeepLogins = "login.keep":                      Nothing  Nothing  Nothing  Nothing  Nothing  Nothing  City;
}

/// Why something is not permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `N0601`: nobody is signed in.
    Nobody,
    /// `N0602`: the role does not do this.
    Role {
        /// Which.
        role: Role,
        /// What.
        action: Action,
    },
    /// `N0603`: there is no such record, as far as this login reaches.
    Unknown,
}

impl Refused for Refusal {
    fn said(&self) -> Said {
        let (code, zh, en, remedy_zh, remedy_en) = match self {
            Refusal::Nobody => (
                "N0601",
                "尚未登录".to_owned(),
                "nobody is signed in".to_owned(),
                "登录后再试",
                "sign in and try again",
            ),
            Refusal::Role { role, .. } => (
                "N0602",
                format!("“{}”不办理此事", role.name(rules::explain::Lang::Zh)),
                format!(
                    "this is not for the role “{}”",
                    role.name(rules::explain::Lang::En)
                ),
                "换用有此职责的账号，或请管理员设置",
                "use a login whose role it is, or ask an administrator for one",
            ),
            Refusal::Unknown => (
                "N0603",
                "没有这条记录".to_owned(),
                "there is no such record".to_owned(),
                "核对编号；其他区县或他人的记录不在您的范围内",
                "check the number; records of other districts or people are beyond this login",
            ),
        };
        Said {
            code,
            message: Sentence { zh, en },
            remedy: Sentence {
                zh: remedy_zh.to_owned(),
                en: remedy_en.to_owned(),
            },
        }
    }
}

/// How far an action reaches for who is signed in, if anybody is.
///
/// # Errors
///
/// `N0601` for nobody, `N0602` where it reaches nothing: also where it is the whole city's and the login is for a district.
pub fn reach(login: Option<&Login>, action: Action) -> Result<(&Login, Reach), Refusal> {
    let login = login.ok_or(Refusal::Nobody)?;
    let refused = Refusal::Role {
        role: login.role(),
        action,
    };
    match (action.reach(login.role()), login.district()) {
        (Reach::Nothing, _) => Err(refused),
        // Auditors and planners of a district see that district.
        (Reach::City, Some(_)) if action.has_districts() => Ok((login, Reach::District)),
        (Reach::City, Some(_)) => Err(refused),
        (reach, _) => Ok((login, reach)),
    }
}

impl Action {
    /// Whether it is only about how one comes in and goes out: open to whoever is not yet in all the way.
    #[must_use]
    pub const fn is_of_the_way_in(self) -> bool {
        matches!(self, Action::EndOwnSession | Action::KeepOwnPasskeys)
    }

    /// Whether what it is about lies in districts, so that a login of one district can do it there.
    #[must_use]
    pub const fn has_districts(self) -> bool {
        !matches!(
            self,
            Action::RunMonth
                | Action::ReadMonth
                | Action::ApproveMonth
                | Action::Verify
                | Action::ReadAudit
                | Action::TryReform
                | Action::KeepLogins
        )
    }
}

/// The person a login is for, to do something with their own record.
///
/// # Errors
///
/// As [`reach`]; `N0602` for whom it is not their own.
pub fn own_person(login: Option<&Login>, action: Action) -> Result<PersonId, Refusal> {
    match reach(login, action)? {
        (login, Reach::Own) => match login.party() {
            Party::Person(person) => Ok(person),
            Party::Employer(_) | Party::Office => Err(Refusal::Unknown),
        },
        (login, _) => Err(Refusal::Role {
            role: login.role(),
            action,
        }),
    }
}

/// The employer a login is for, to do something with its own record.
///
/// # Errors
///
/// As [`own_person`].
pub fn own_employer(login: Option<&Login>, action: Action) -> Result<EmployerId, Refusal> {
    match reach(login, action)? {
        (login, Reach::Own) => match login.party() {
            Party::Employer(employer) => Ok(employer),
            Party::Person(_) | Party::Office => Err(Refusal::Unknown),
        },
        (login, _) => Err(Refusal::Role {
            role: login.role(),
            action,
        }),
    }
}

/// Whether an action reaches the whole city for who is signed in: what lies in no district is for them alone.
///
/// # Errors
///
/// As [`reach`]; `N0602` for a login of one district.
pub fn whole_city(login: Option<&Login>, action: Action) -> Result<&Login, Refusal> {
    match reach(login, action)? {
        (login, Reach::District | Reach::City) if login.district().is_none() => Ok(login),
        (login, _) => Err(Refusal::Role {
            role: login.role(),
            action,
        }),
    }
}

/// Whether an action reaches a person's record: their own, or one that lives or is insured in the login's district.
///
/// # Errors
///
/// As [`reach`]; `N0603` where it does not; what the database says.
pub fn person(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    action: Action,
    whose: PersonId,
) -> Result<(), Error> {
    let (login, reach) = reach(login, action)?;
    if people::person(tx, whose)?.is_none() {
        return Err(Refusal::Unknown.into());
    }
    let within = match (reach, login.district()) {
        (Reach::Nothing, _) => false,
        (Reach::Own, _) => login.party() == Party::Person(whose),
        (Reach::District | Reach::City, None) => true,
        (Reach::District | Reach::City, Some(district)) => {
            districts_of_person(tx, whose)?.contains(&district)
        }
    };
    if within {
        Ok(())
    } else {
        Err(Refusal::Unknown.into())
    }
}

/// Whether an action reaches an employer's record: its own, or one registered in the login's district.
///
/// # Errors
///
/// As [`person`].
pub fn employer(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    action: Action,
    whose: EmployerId,
) -> Result<(), Error> {
    let (login, reach) = reach(login, action)?;
    if employers::employer(tx, whose)?.is_none() {
        return Err(Refusal::Unknown.into());
    }
    let within = match (reach, login.district()) {
        (Reach::Nothing, _) => false,
        (Reach::Own, _) => login.party() == Party::Employer(whose),
        (Reach::District | Reach::City, None) => true,
        (Reach::District | Reach::City, Some(district)) => {
            let registered = employers::registrations(tx, whose)?;
            let current = registered.current();
            current
                .iter()
                .any(|(_, fact)| fact.value.district == district)
        }
    };
    if within {
        Ok(())
    } else {
        Err(Refusal::Unknown.into())
    }
}

/// Where somebody lives or is insured, as known now; past places too, as their office keeps looking after what was there.
fn districts_of_person(
    tx: &mut Tx<'_>,
    whose: PersonId,
) -> Result<BTreeSet<District>, store::Error> {
    let residence = people::residence(tx, whose)?;
    let current = residence.current();
    let mut found: BTreeSet<District> = current.iter().map(|(_, fact)| fact.value).collect();
    for participations in insurance::of(tx, whose)?.values() {
        let current = participations.current();
        found.extend(current.iter().map(|(_, fact)| fact.value.district));
    }
    Ok(found)
}
