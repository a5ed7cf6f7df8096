//! *Who works for whom, and how?*
//!
//! An employment is a fact of one person and one employer. It begins with [`hire`], may [`change`], and ends with
//! [`leave`]; who comes back is hired again on the same timeline.

use crate::facts::{Change, FactRefusal, Origin, Span, Timeline};
use crate::numbered::kinds;
use crate::refusal::{Refused, Said, errors, said};
use measure::{Day, Moment};

kinds! {
    /// How someone is employed.
    Kind {
        /// A labour contract with the one worked for.
        Standard = 1 "劳动合同用工" / "standard employment",
        /// Work through a platform.
        Platform = 2 "平台用工" / "platform work",
        /// Flexible work: by the hour or the task.
        Flexible = 3 "灵活用工" / "flexible work",
        /// Sent by an agency to whom one is employed.
        Dispatched = 4 "劳务派遣" / "dispatched work",
    }
}

kinds! {
    /// The post; the law's `posts`.
    Post {
        /// A worker's post.
        Worker = 1 "生产操作岗位" / "worker",
        /// A manager's or technician's post.
        Management = 2 "管理技术岗位" / "management",
    }
}

impl Post {
    /// The law's name of it.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            Post::Worker => "worker",
            Post::Management => "management",
        }
    }
}

/// What holds of an employment for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Employment {
    /// How.
    pub kind: Kind,
    /// In which post.
    pub post: Post,
}

/// Begins an employment.
///
/// # Errors
///
/// `W0101` when employed already on that day or later, and the refusals of facts.
pub fn hire(
    timeline: &Timeline<Employment>,
    from: Day,
    employment: Employment,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Change<Employment>>, WorkRefusal> {
    let span = Span::from(from);
    if let Some((_, known)) = timeline
        .current()
        .into_iter()
        .find(|(_, fact)| fact.valid.overlaps(span))
    {
        return Err(WorkRefusal::EmployedAlready {
            from: known.valid.first(),
        });
    }
    Ok(timeline.record(span, employment, at, origin)?)
}

/// Changes kind or post from a day on, until the next change already recorded.
///
/// # Errors
///
/// `W0102` when not employed on that day, and the refusals of facts.
pub fn change(
    timeline: &Timeline<Employment>,
    from: Day,
    employment: Employment,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Change<Employment>>, WorkRefusal> {
    let current = timeline.current();
    let Some((_, known)) = current.iter().find(|(_, fact)| fact.valid.contains(from)) else {
        return Err(WorkRefusal::NotEmployed { on: from });
    };
    let span = Span::new(from, known.valid.until())?;
    Ok(timeline.correct(span, employment, at, origin)?)
}

/// Ends an employment: `from` is the first day on which it is no more.
///
/// # Errors
///
/// `W0102` when not employed on the day before, `W0103` when something is recorded of later days, and the refusals of
/// facts.
pub fn leave(
    timeline: &Timeline<Employment>,
    from: Day,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Change<Employment>>, WorkRefusal> {
    let last = from
        .add_days(-1)
        .map_err(|_| WorkRefusal::NotEmployed { on: from })?;
    let current = timeline.current();
    if !current.iter().any(|(_, fact)| fact.valid.contains(last)) {
        return Err(WorkRefusal::NotEmployed { on: last });
    }
    if let Some((_, later)) = current.iter().find(|(_, fact)| from < fact.valid.first()) {
        return Err(WorkRefusal::ChangedLater {
            on: later.valid.first(),
        });
    }
    Ok(timeline.withdraw(Span::from(from), at, origin)?)
}

/// Why an employment is not recorded so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkRefusal {
    /// Employed there already.
    EmployedAlready {
        /// Since when.
        from: Day,
    },
    /// Not employed there on a day.
    NotEmployed {
        /// The day.
        on: Day,
    },
    /// Something is recorded of later days.
    ChangedLater {
        /// The first of them.
        on: Day,
    },
    /// The facts do not admit it.
    Facts(FactRefusal),
}

impl From<FactRefusal> for WorkRefusal {
    fn from(refusal: FactRefusal) -> WorkRefusal {
        WorkRefusal::Facts(refusal)
    }
}

impl Refused for WorkRefusal {
    fn said(&self) -> Said {
        match self {
            WorkRefusal::EmployedAlready { from } => said(
                "W0101",
                (
                    format!("自 {from} 起已在该单位用工"),
                    format!("employed there already from {from} on"),
                ),
                (
                    "如系变更用工形式或岗位，请办理变更",
                    "if kind or post changed, record a change",
                ),
            ),
            WorkRefusal::NotEmployed { on } => said(
                "W0102",
                (
                    format!("{on} 不在该单位用工"),
                    format!("not employed there on {on}"),
                ),
                (
                    "核对单位和日期；需要时先登记用工",
                    "check employer and day; record the employment first where needed",
                ),
            ),
            WorkRefusal::ChangedLater { on } => said(
                "W0103",
                (
                    format!("{on} 起另有用工记录"),
                    format!("there is another record of the employment from {on} on"),
                ),
                ("先更正以后的记录", "correct the later record first"),
            ),
            WorkRefusal::Facts(refusal) => refusal.said(),
        }
    }
}

errors!(WorkRefusal);
