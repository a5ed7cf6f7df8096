//! *Against what is she insured, since when, and through whom?*
//!
//! A [`Participation`] is a fact of one person in one [`Slot`]: a scheme, a category and, for employees, an employer. Its
//! life is a closed machine: [`apply`] takes what is known, a [`Command`] and gives the changes to record, or says why
//! not.
//!
//! ```text
//!            start              pause                end
//!   (none) ────────► active ◄─────────► paused    active, paused ────► ended
//!                      │      resume      │
//!                      └── change ────────┘      active, paused, ended ── transfer ──► transferred
//!                                                ended, transferred ── start ──► active
//! ```
//!
//! A command holds from its day until the next change already recorded, so a late one does not undo what came after; and
//! where what came after would no longer follow from it, it is refused.

use crate::employers::EmployerId;
use crate::facts::{Change, Fact, FactId, FactRefusal, Origin, Span, Timeline};
use crate::numbered::kinds;
use crate::places::District;
use crate::refusal::{Refused, Said, errors, said};
use measure::{Day, Fen, Moment};

mod counting;
mod declared;
mod pillars;
mod refusals;
mod together;

pub use counting::Counting;
pub use declared::{Stated, declare};
pub use pillars::Pillar;
pub use refusals::InsuranceRefusal;
pub use together::{Together, clash};

kinds! {
    /// The schemes.
    Scheme {
        /// The employees' basic pension.
        EmployeePension = 1 "企业职工基本养老保险" / "employees' basic pension",
        /// The residents' basic pension.
        ResidentPension = 2 "城乡居民基本养老保险" / "residents' basic pension",
        /// Unemployment insurance.
        Unemployment = 3 "失业保险" / "unemployment insurance",
        /// Work-injury insurance.
        WorkInjury = 4 "工伤保险" / "work-injury insurance",
        /// The enterprise annuity: a further pillar, recorded and not collected.
        EnterpriseAnnuity = 5 "企业年金" / "enterprise annuity",
        /// The personal pension: a further pillar, recorded and not collected.
        PersonalPension = 6 "个人养老金" / "personal pension",
    }
}

impl Scheme {
    /// Whether the office collects its dues; the further pillars are only recorded.
    #[must_use]
    pub const fn collected(self) -> bool {
        !matches!(self, Scheme::EnterpriseAnnuity | Scheme::PersonalPension)
    }

    /// Whether its insured have individual accounts.
    #[must_use]
    pub const fn has_accounts(self) -> bool {
        matches!(self, Scheme::EmployeePension | Scheme::ResidentPension)
    }

    /// The law's name of it, a member of `schemes`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            Scheme::EmployeePension => "employee-pension",
            Scheme::ResidentPension => "resident-pension-scheme",
            Scheme::Unemployment => "unemployment-insurance",
            Scheme::WorkInjury => "work-injury-insurance",
            Scheme::EnterpriseAnnuity => "enterprise-annuity",
            Scheme::PersonalPension => "personal-pension-scheme",
        }
    }
}

kinds! {
    /// As what someone is insured.
    Category {
        /// As an employee, through an employer; the law's `insured-as = employee`.
        Employee = 1 "职工" / "employee",
        /// As an individual, paying the whole; the law's `insured-as = individual`.
        Individual = 2 "个人身份" / "individual",
        /// As a resident.
        Resident = 3 "城乡居民" / "resident",
    }
}

kinds! {
    /// How a participation stands.
    Status {
        /// Insured and paying.
        Active = 1 "参保缴费" / "active",
        /// Insured, payment suspended.
        Paused = 2 "暂停缴费" / "paused",
        /// No longer insured here.
        Ended = 3 "终止参保" / "ended",
        /// The relation was carried to another place.
        Transferred = 4 "关系转出" / "transferred",
    }
}

/// Where a participation has its place: at most one timeline of each for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    scheme: Scheme,
    category: Category,
    employer: Option<EmployerId>,
}

impl Slot {
    /// The slot of a scheme, a category and an employer.
    ///
    /// # Errors
    ///
    /// `I0110` when an employee has no employer, or anyone else has one; `I0111` when the residents' category and scheme do
    /// not stand together.
    pub const fn new(
        scheme: Scheme,
        category: Category,
        employer: Option<EmployerId>,
    ) -> Result<Slot, InsuranceRefusal> {
        let employee = matches!(category, Category::Employee);
        if employee != employer.is_some() {
            return Err(InsuranceRefusal::EmployerDoesNotFit { category });
        }
        let resident = matches!(category, Category::Resident);
        if resident != matches!(scheme, Scheme::ResidentPension) {
            return Err(InsuranceRefusal::SchemeDoesNotFit { scheme, category });
        }
        Ok(Slot {
            scheme,
            category,
            employer,
        })
    }

    /// The scheme.
    #[must_use]
    pub const fn scheme(self) -> Scheme {
        self.scheme
    }

    /// The category.
    #[must_use]
    pub const fn category(self) -> Category {
        self.category
    }

    /// The employer, for employees.
    #[must_use]
    pub const fn employer(self) -> Option<EmployerId> {
        self.employer
    }
}

/// What holds of someone's insurance in a slot for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Participation {
    /// Scheme, category, employer.
    pub slot: Slot,
    /// How it stands.
    pub status: Status,
    /// Where it is held.
    pub district: District,
    /// What is declared: the monthly wage, the base an individual chose, or a resident's yearly tier.
    pub declared: Option<Fen>,
}

/// What is to happen to a participation. `from` is the first day on which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Begin, or begin again after an end or a transfer back.
    Start {
        /// From when.
        from: Day,
        /// The slot.
        slot: Slot,
        /// Where.
        district: District,
        /// What is declared.
        declared: Option<Fen>,
    },
    /// Suspend payment.
    Pause {
        /// From when.
        from: Day,
    },
    /// Pay again.
    Resume {
        /// From when.
        from: Day,
    },
    /// Declare another amount or hold it in another district.
    Change {
        /// From when.
        from: Day,
        /// Where; `None` leaves it.
        district: Option<District>,
        /// What is declared; `None` leaves it.
        declared: Option<Fen>,
    },
    /// No longer insured here.
    End {
        /// From when.
        from: Day,
    },
    /// The relation goes to another place.
    Transfer {
        /// From when.
        from: Day,
    },
}

impl Command {
    /// The first day on which it holds.
    #[must_use]
    pub const fn from(&self) -> Day {
        match self {
            Command::Start { from, .. }
            | Command::Pause { from }
            | Command::Resume { from }
            | Command::Change { from, .. }
            | Command::End { from }
            | Command::Transfer { from } => *from,
        }
    }

    /// How things stand after it, if they stand so before.
    fn next(&self, before: Option<Status>) -> Result<Status, InsuranceRefusal> {
        use InsuranceRefusal as R;
        use Status::{Active, Ended, Paused, Transferred};
        match (self, before) {
            (Command::Start { .. }, None | Some(Ended | Transferred)) => Ok(Active),
            (Command::Start { .. }, Some(Active)) => Err(R::ActiveAlready),
            (Command::Start { .. }, Some(Paused)) => Err(R::PausedNotEnded),
            (_, None) => Err(R::NotStarted { on: self.from() }),
            (Command::Pause { .. }, Some(Active)) => Ok(Paused),
            (Command::Pause { .. }, Some(Paused)) => Err(R::PausedAlready),
            (Command::Resume { .. }, Some(Paused)) => Ok(Active),
            (Command::Resume { .. }, Some(Active)) => Err(R::NotPaused),
            (Command::Change { .. }, Some(status @ (Active | Paused))) => Ok(status),
            (Command::End { .. }, Some(Active | Paused)) => Ok(Ended),
            (Command::Transfer { .. }, Some(Active | Paused | Ended)) => Ok(Transferred),
            (Command::Transfer { .. }, Some(Transferred)) => Err(R::TransferredAlready),
            (_, Some(Ended)) => Err(R::EndedAlready),
            (_, Some(Transferred)) => Err(R::TransferredAway),
        }
    }
}

/// Whether a status may stand right after another on a timeline.
pub(crate) const fn may_follow(before: Status, after: Status) -> bool {
    match (before, after) {
        (Status::Active | Status::Paused, _) => true,
        (Status::Ended, Status::Active | Status::Transferred)
        | (Status::Transferred, Status::Active) => true,
        (Status::Ended, Status::Paused | Status::Ended)
        | (Status::Transferred, Status::Paused | Status::Ended | Status::Transferred) => false,
    }
}

/// What a command changes of a participation.
///
/// # Errors
///
/// A named refusal when the command does not follow from what is known, or what was recorded for later days would no
/// longer follow from it.
pub fn apply(
    timeline: &Timeline<Participation>,
    command: &Command,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Change<Participation>>, InsuranceRefusal> {
    let from = command.from();
    let current = timeline.current();
    let on = |day: Day| current.iter().find(|(_, fact)| fact.valid.contains(day));
    let before = on(from).map(|(_, fact)| *fact);
    let status = command.next(before.map(|fact| fact.value.status))?;
    // On the very day of a change the day before counts too: who begins again in June is not paused from June on.
    let yesterday = from.add_days(-1).ok().and_then(on);
    if let Some((_, earlier)) = yesterday.filter(|(_, fact)| !may_follow(fact.value.status, status))
    {
        command.next(Some(earlier.value.status))?;
    }
    let made = made(before.map(|fact| &fact.value), command, status)?;
    let until = ends(&current, from);
    let next = current
        .iter()
        .find(|(_, fact)| Some(fact.valid.first()) == until);
    if let Some((_, later)) = next.filter(|(_, fact)| !may_follow(status, fact.value.status)) {
        return Err(InsuranceRefusal::LaterStands {
            on: later.valid.first(),
            status: later.value.status,
        });
    }
    Ok(timeline.correct(Span::new(from, until)?, made, at, origin)?)
}

/// Until when a command from a day on holds: the next change recorded.
fn ends(current: &[(FactId, &Fact<Participation>)], from: Day) -> Option<Day> {
    let ends = current
        .iter()
        .flat_map(|(_, fact)| [Some(fact.valid.first()), fact.valid.until()]);
    ends.flatten().filter(|day| from < *day).min()
}

/// The participation as a command leaves it.
fn made(
    before: Option<&Participation>,
    command: &Command,
    status: Status,
) -> Result<Participation, InsuranceRefusal> {
    match (command, before) {
        (
            Command::Start {
                slot,
                district,
                declared,
                ..
            },
            before,
        ) => match before {
            Some(before) if before.slot != *slot => Err(InsuranceRefusal::AnotherSlot),
            _ => Ok(Participation {
                slot: *slot,
                status,
                district: *district,
                declared: *declared,
            }),
        },
        (
            Command::Change {
                district, declared, ..
            },
            Some(before),
        ) => Ok(Participation {
            district: district.unwrap_or(before.district),
            declared: declared.or(before.declared),
            ..*before
        }),
        (
            Command::Pause { .. }
            | Command::Resume { .. }
            | Command::End { .. }
            | Command::Transfer { .. },
            Some(before),
        ) => Ok(Participation { status, ..*before }),
        (_, None) => Err(InsuranceRefusal::NotStarted { on: command.from() }),
    }
}
