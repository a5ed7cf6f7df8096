//! Who belongs to somebody's household, and what have they beside what the office collects?
//!
//! Household links and further pillars, the enterprise annuity and the personal pension, as somebody at the counter or a
//! provider tells. What is said of days takes the place of what was recorded of them; nothing is overwritten.

use crate::account::post::unknown;
use crate::acting::Acting;
use crate::error::Error;
use crate::whole;
use city::facts::{Origin, OriginKind, Span, Timeline};
use city::insurance::{Pillar, Scheme};
use city::merge::{Merge, MergeRefusal, resolve};
use city::people::{PersonId, Relation};
use std::collections::BTreeMap;
use store::{Db, Tx, audit, insurance, people};

/// Who said so and what for stands in the audit log; no case of its own is kept.
const AT_THE_COUNTER: Origin = Origin {
    kind: OriginKind::Case,
    id: 0,
};

/// As a provider of a further pillar tells.
const TOLD: Origin = Origin {
    kind: OriginKind::Exchange,
    id: 0,
};

/// What is held beside what the office collects.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// What others of the household are to them, over time.
    pub household: BTreeMap<PersonId, Timeline<Relation>>,
    /// The further pillars, by scheme and provider, over time.
    pub pillars: BTreeMap<(Scheme, String), Timeline<Pillar>>,
    /// The merges in which they had a part.
    pub merges: Vec<Merge>,
}

/// What is held of somebody. That it was looked at is noted.
///
/// # Errors
///
/// `N0302` when there is no such person; what the database says.
pub fn beside(db: &Db, person: PersonId, acting: Acting<'_>) -> Result<Beside, Error> {
    whole::look(db, |tx| {
        registered(tx, person)?;
        acting.note(tx, "person.read", (audit::PERSON, person.number()), "")?;
        Ok(Beside {
            household: people::household(tx, person)?,
            pillars: insurance::pillars(tx, person)?,
            merges: people::merges(tx, person)?,
        })
    })
}

/// Records what another is to a person on some days, and what the person is to the other where that follows; or, without a
/// relation, that they are nothing to each other. Tells whether the register said otherwise.
///
/// # Errors
///
/// `N0302` when one is not registered; `P0111` for one and the same, `P0103` when one was merged; what the database says.
pub fn link(
    db: &Db,
    (person, other): (PersonId, PersonId),
    (relation, days): (Option<Relation>, Span),
    acting: Acting<'_>,
) -> Result<bool, Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        if person == other {
            return Err(MergeRefusal::NotTwo.into());
        }
        for one in [person, other] {
            stands(tx, one)?;
            acting.note(tx, "person.household", (audit::PERSON, one.number()), "")?;
        }
        // A head of the household may be anything to one, and one to them.
        let back = relation.map_or(Some(None), |relation| relation.reversed().map(Some));
        let mut changed = false;
        for (of, to, relation) in [(person, other, Some(relation)), (other, person, back)] {
            let Some(relation) = relation else { continue };
            let known = people::household(tx, of)?.remove(&to).unwrap_or_default();
            let changes = match relation {
                Some(relation) => known.correct(days, relation, at, AT_THE_COUNTER)?,
                None => known.withdraw(days, at, AT_THE_COUNTER)?,
            };
            changed |= !changes.is_empty();
            people::carry_out_household(tx, of, to, &changes)?;
        }
        Ok(changed)
    })
}

/// Records what a provider tells of somebody's further pillar for some days. Tells whether the register said otherwise.
///
/// # Errors
///
/// `N0302` when there is no such person; `P0103` when they were merged; what the database says.
pub fn tell(
    db: &Db,
    person: PersonId,
    (pillar, days): (&Pillar, Span),
    acting: Acting<'_>,
) -> Result<bool, Error> {
    db.record(acting.at, |tx, at| {
        tx.set_all_districts()?;
        stands(tx, person)?;
        acting.note(tx, "person.pillar", (audit::PERSON, person.number()), "")?;
        let place = (pillar.scheme(), pillar.provider().to_owned());
        let known = insurance::pillars(tx, person)?;
        let none = Timeline::default();
        let known = known.get(&place).unwrap_or(&none);
        let changes = known.correct(days, pillar.clone(), at, TOLD)?;
        insurance::carry_out_pillars(tx, person, &changes)?;
        Ok(!changes.is_empty())
    })
}

/// Whether they are registered, and not merged into another.
fn stands(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Error> {
    registered(tx, person)?;
    match resolve(person, &people::merges(tx, person)?) == person {
        true => Ok(()),
        false => Err(MergeRefusal::MergedAlready(person).into()),
    }
}

fn registered(tx: &mut Tx<'_>, person: PersonId) -> Result<(), Error> {
    match people::person(tx, person)? {
        Some(_) => Ok(()),
        None => Err(unknown(("人员", "person"), person.number())),
    }
}
