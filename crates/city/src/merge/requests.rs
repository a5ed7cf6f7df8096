//! *Who asked that two records be made one, or be parted again, and who agreed?*
//!
//! One person asks, with a reason; another approves or declines. What is decided of the facts is decided when it is approved.

use super::{MergeId, MergeRefusal};
use crate::actors::Actor;
use crate::facts::{Origin, OriginKind};
use crate::numbered::ids;
use crate::people::PersonId;
use measure::Moment;

ids! {
    /// The number of a request to merge two persons, or to undo a merge.
    RequestId;
}

/// A request as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub id: RequestId,
    /// Who remains, or remained.
    pub kept: PersonId,
    /// Who is, or was, found to be the same.
    pub merged: PersonId,
    /// The merge that is to be undone; `None` when it is a merge that is asked for.
    pub undoes: Option<MergeId>,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// How far it is.
    pub state: State,
}

/// How far a request is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for a second person.
    Asked,
    /// Done.
    Approved(Actor),
    /// A second person did not approve it.
    Declined(Actor),
}

impl Request {
    /// What records the facts that it moves.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        Origin {
            kind: OriginKind::Case,
            id: self.id.number(),
        }
    }

    /// Whether it still waits to be decided.
    ///
    /// # Errors
    ///
    /// `P0109`.
    pub fn waits(&self) -> Result<(), MergeRefusal> {
        match self.state {
            State::Asked => Ok(()),
            State::Approved(_) | State::Declined(_) => Err(MergeRefusal::Decided),
        }
    }

    /// Whether somebody may approve it.
    ///
    /// # Errors
    ///
    /// `P0108` for whoever asked, `P0109` when it was decided.
    pub fn may_approve(&self, by: &Actor) -> Result<(), MergeRefusal> {
        self.waits()?;
        if self.by == *by {
            return Err(MergeRefusal::SamePerson { actor: by.clone() });
        }
        Ok(())
    }
}

/// Whether it may be asked at all: with a reason, and not while another request about one of them waits.
///
/// # Errors
///
/// `P0107`, `P0110`.
pub fn may_ask(reason: &str, waiting: Option<RequestId>) -> Result<(), MergeRefusal> {
    if reason.trim().is_empty() {
        return Err(MergeRefusal::NoReason);
    }
    match waiting {
        Some(request) => Err(MergeRefusal::Waits(request)),
        None => Ok(()),
    }
}
