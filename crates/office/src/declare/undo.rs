//! What if a file was the wrong one?
//!
//! It is taken back whole: what it recorded is again as it was known before, and the declaration it had amended stands again.
//! What somebody has changed since is left, and told.

use super::refusal::Refusal;
use super::serves;
use crate::acting::Acting;
use crate::error::Error;
use city::declarations::{DeclarationId, State};
use city::facts::{Origin, OriginKind};
use city::places::District;
use store::declarations::{self, Kept, Left};
use store::{Db, Tx, audit, employers};

/// Takes a declaration back with all it recorded. Gives what it was, and of whom something was left.
///
/// # Errors
///
/// `N0402` when its employer is of a district that is not served, `N0403` when there is none of this number, `N0404` when it
/// does not stand; what the database says.
pub fn undo(
    db: &Db,
    id: DeclarationId,
    districts: Option<&[District]>,
    acting: Acting<'_>,
) -> Result<(Kept, Left), Error> {
    db.record(acting.at, |tx, at| {
        let acting = Acting { at, ..acting };
        tx.set_all_districts()?;
        let kept = find(tx, id, districts)?;
        if kept.declaration.state != State::Accepted {
            return Err(Refusal::DoesNotStand {
                declaration: id,
                state: kept.declaration.state,
            }
            .into());
        }
        let origin = Origin {
            kind: OriginKind::Correction,
            id: id.number(),
        };
        let left = declarations::undo(tx, id, (acting.by, acting.at), origin)?;
        let subject = (audit::DECLARATION, id.number());
        acting.note(tx, "declaration.undo", subject, "")?;
        Ok((kept, left))
    })
}

/// A declaration of an employer that is served.
pub(super) fn find(
    tx: &mut Tx<'_>,
    id: DeclarationId,
    districts: Option<&[District]>,
) -> Result<Kept, Error> {
    let Some(kept) = declarations::declaration(tx, id)? else {
        let number = id.number();
        return Err(Refusal::Unknown { number }.into());
    };
    let (employer, month) = (kept.declaration.employer, kept.declaration.month);
    let registered = employers::on(tx, employer, month.last_day(), kept.at)?;
    match registered.map(|registered| registered.district) {
        Some(district) if !serves(districts, district) => {
            Err(Refusal::ElsewhereRegistered { employer, district }.into())
        }
        _ => Ok(kept),
    }
}
