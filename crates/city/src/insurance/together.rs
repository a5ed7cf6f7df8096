//! Which participations may stand beside each other.

use super::*;
use std::collections::BTreeMap;

/// Which schemes may be paid for at once by one person; the law's `insured-at-once`. Within one scheme it says whether
/// several employers may insure the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    may: BTreeMap<(Scheme, Scheme), bool>,
}

impl Together {
    /// What may stand together, as the law answers for each pair of schemes, in both orders.
    ///
    /// # Errors
    ///
    /// The first refusal of the law.
    pub fn of<E>(mut may: impl FnMut(Scheme, Scheme) -> Result<bool, E>) -> Result<Together, E> {
        let mut answers = BTreeMap::new();
        for one in Scheme::ALL {
            for other in Scheme::ALL {
                answers.insert((*one, *other), may(*one, *other)?);
            }
        }
        Ok(Together { may: answers })
    }

    /// Whether both may be paid for at once.
    #[must_use]
    pub fn may(&self, one: Scheme, other: Scheme) -> bool {
        let said = |pair| self.may.get(&pair).copied().unwrap_or(false);
        said((one, other)) && said((other, one))
    }
}

/// Whether a participation active on these days would stand beside another of the same person that excludes it.
///
/// `others` are all timelines of the person; that of the slot itself is passed over.
///
/// # Errors
///
/// `I0113` with the first day on which both would be active.
pub fn clash<'a>(
    others: impl IntoIterator<Item = &'a Timeline<Participation>>,
    slot: Slot,
    span: Span,
    together: &Together,
) -> Result<(), InsuranceRefusal> {
    let active = others
        .into_iter()
        .flat_map(Timeline::current)
        .filter(|(_, fact)| {
            let other = fact.value;
            other.status == Status::Active
                && other.slot != slot
                && !together.may(slot.scheme, other.slot.scheme)
        });
    let shared =
        active.filter_map(|(_, fact)| Some((fact.valid.intersect(span)?.first(), fact.value.slot)));
    match shared.min_by_key(|(on, _)| *on) {
        Some((on, other)) => Err(InsuranceRefusal::Excluded {
            scheme: other.scheme,
            employer: other.employer,
            on,
        }),
        None => Ok(()),
    }
}
