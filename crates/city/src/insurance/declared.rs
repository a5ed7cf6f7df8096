//! What an employer's month says of someone's insurance.
//!
//! A declaration says how a month was, whole: what was recorded of days within it gives way, what was recorded of later
//! days stands, and goes on as it was. Where nothing is recorded of later days it holds on, until another month says
//! otherwise.

use super::{
    Fact, FactId, InsuranceRefusal, Participation, Slot, Span, Status, Timeline, may_follow,
};
use crate::facts::{Change, Origin};
use crate::places::District;
use measure::{Day, Fen, Moment, Month};

/// What is said of somebody in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Was insured at this wage.
    Insured {
        /// Where, if that is not known yet.
        district: District,
        /// The monthly wage.
        wage: Fen,
        /// The first day within the month, for somebody who was not insured before.
        from: Option<Day>,
        /// The first day on which it is no more, for somebody who left in the month.
        until: Option<Day>,
    },
    /// Was not any more.
    Left,
}

/// What a month's declaration changes in a slot. `next` is the first day of the next month that is declared already: it
/// says by itself what holds from there on.
///
/// # Errors
///
/// A named refusal when what is recorded of later days would not follow, and the refusals of facts.
pub fn declare(
    timeline: &Timeline<Participation>,
    slot: Slot,
    (month, next): (Month, Option<Day>),
    stated: &Stated,
    at: Moment,
    origin: Origin,
) -> Result<Vec<Change<Participation>>, InsuranceRefusal> {
    let current = timeline.current();
    let first = month.first_day();
    let paying = |fact: &Participation| matches!(fact.status, Status::Active | Status::Paused);
    // Insured already on a day of the month: since when within it?
    let since = current
        .iter()
        .filter(|(_, fact)| paying(&fact.value) && fact.valid.overlaps(Span::of_month(month)))
        .map(|(_, fact)| (fact.valid.first().max(first), fact.value))
        .min_by_key(|(day, _)| *day);
    let (begins, ends, wage, district) = match *stated {
        Stated::Insured {
            district,
            wage,
            from,
            until,
        } => {
            let said = from.unwrap_or(first).max(first);
            let begins = since.map_or(said, |(since, _)| match from {
                // Whoever is said to have left before they came was there before, if at all.
                None if until.is_none_or(|until| since < until) => since,
                _ => since.min(said),
            });
            let district = since.map_or(district, |(_, known)| known.district);
            (begins, until, Some(wage), district)
        }
        Stated::Left => match since {
            Some((_, known)) => (first, Some(first), known.declared, known.district),
            None => return Ok(Vec::new()),
        },
    };
    let stands = later(&current, month, ends, next);
    let value = |status| Participation {
        slot,
        status,
        district,
        declared: wage,
    };
    let mut pieces = Vec::with_capacity(2);
    let until_end = ends.or(stands);
    pieces.extend(
        Span::new(begins, until_end)
            .map(|span| (span, value(Status::Active)))
            .ok(),
    );
    if let Some(end) = ends {
        pieces.extend(
            Span::new(end, stands)
                .map(|span| (span, value(Status::Ended)))
                .ok(),
        );
    }
    follows(&current, &pieces, stands)?;
    let known = |span: Span, value: Participation| {
        let same = current.iter().filter(|(_, fact)| fact.value == value);
        span.without(same.map(|(_, fact)| fact.valid)).is_empty()
    };
    pieces.retain(|(span, value)| !known(*span, *value));
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(last) = timeline.last_moment().filter(|last| at < *last) {
        return Err(crate::facts::FactRefusal::Backwards { at, last }.into());
    }
    let pieces: Vec<_> = pieces
        .into_iter()
        .map(|(span, value)| (span, Some(value)))
        .collect();
    Ok(timeline.rewrite(&pieces, at, origin))
}

/// The first later day of which something is recorded or declared by itself.
fn later(
    current: &[(FactId, &Fact<Participation>)],
    month: Month,
    ends: Option<Day>,
    next: Option<Day>,
) -> Option<Day> {
    let behind = month.last_day().max(ends.unwrap_or(month.last_day()));
    let edges = current
        .iter()
        .flat_map(|(_, fact)| [Some(fact.valid.first()), fact.valid.until()]);
    let recorded = edges.flatten().filter(|day| behind < *day).min();
    match (recorded, next) {
        (Some(recorded), Some(next)) => Some(recorded.min(next)),
        (recorded, next) => recorded.or(next),
    }
}

/// Whether what stands from the later day on follows from what is said.
fn follows(
    current: &[(FactId, &Fact<Participation>)],
    pieces: &[(Span, Participation)],
    stands: Option<Day>,
) -> Result<(), InsuranceRefusal> {
    let (Some(day), Some((_, last))) = (stands, pieces.last()) else {
        return Ok(());
    };
    let after = current.iter().find(|(_, fact)| fact.valid.contains(day));
    match after {
        Some((_, fact))
            if !may_follow(last.status, fact.value.status) && last.status != fact.value.status =>
        {
            Err(InsuranceRefusal::LaterStands {
                on: day,
                status: fact.value.status,
            })
        }
        _ => Ok(()),
    }
}
