//! Whether a declaration is the first of its month, amends an earlier one, or comes too late to change it.

use super::{EmployerId, Month};
use crate::numbered::{ids, kinds};
use crate::refusal::{Refused, Said, errors, said};

ids! {
    /// The number of a declaration.
    DeclarationId;
}

kinds! {
    /// How a declaration stands.
    State {
        /// It holds.
        Accepted = 1 "已接受" / "accepted",
        /// Another took its place.
        Superseded = 2 "已被更正" / "superseded",
        /// It was taken back whole.
        Undone = 3 "已撤销" / "undone",
    }
}

/// A declaration taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Its number.
    pub id: DeclarationId,
    /// The employer.
    pub employer: EmployerId,
    /// The month.
    pub month: Month,
    /// How it stands.
    pub state: State,
    /// The digest of the file's bytes.
    pub file_hash: [u8; 32],
    /// The one it took the place of.
    pub supersedes: Option<DeclarationId>,
}

/// How the month stands for which something is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthState {
    /// It is not open yet.
    Ahead,
    /// It is open.
    Open,
    /// Its books are closed.
    Sealed,
}

/// As what a declaration is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// The first of the month.
    First,
    /// It takes the place of another.
    Amends(DeclarationId),
    /// The month is sealed: what differs is assessed as differences in the open month, and nothing is edited.
    Late {
        /// The one that held until now, if there was one.
        amends: Option<DeclarationId>,
    },
}

/// As what a file is taken in, given the declarations of the same employer and month.
///
/// # Errors
///
/// `D0109` when the very same file holds already, `D0121` when the month is not open yet.
pub fn intake<'a>(
    earlier: impl IntoIterator<Item = &'a Declaration>,
    file_hash: &[u8; 32],
    month: MonthState,
) -> Result<Intake, IntakeRefusal> {
    let mut holding = earlier
        .into_iter()
        .filter(|declaration| declaration.state == State::Accepted);
    let holding = holding.next();
    if let Some(same) = holding.filter(|declaration| declaration.file_hash == *file_hash) {
        return Err(IntakeRefusal::DeclaredAlready(same.id));
    }
    let amends = holding.map(|declaration| declaration.id);
    match (month, amends) {
        (MonthState::Ahead, _) => Err(IntakeRefusal::MonthAhead),
        (MonthState::Open, None) => Ok(Intake::First),
        (MonthState::Open, Some(earlier)) => Ok(Intake::Amends(earlier)),
        (MonthState::Sealed, amends) => Ok(Intake::Late { amends }),
    }
}

/// Why a file is not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntakeRefusal {
    /// The same bytes hold already.
    DeclaredAlready(DeclarationId),
    /// The month is not open yet.
    MonthAhead,
}

impl Refused for IntakeRefusal {
    fn said(&self) -> Said {
        match self {
            IntakeRefusal::DeclaredAlready(id) => said(
                "D0109",
                (
                    format!("同一文件已作为申报 {id} 接受"),
                    format!("the same file holds already as declaration {id}"),
                ),
                (
                    "无需重报；如有更正，请上传更正后的文件",
                    "nothing is to be done; to amend, send the amended file",
                ),
            ),
            IntakeRefusal::MonthAhead => said(
                "D0121",
                ("该月尚未开放申报", "the month is not open yet"),
                (
                    "核对月份，或待开放后再报",
                    "check the month, or declare once it is open",
                ),
            ),
        }
    }
}

errors!(IntakeRefusal);
