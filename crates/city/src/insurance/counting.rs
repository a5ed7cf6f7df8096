//! Which of somebody's participations in a month is paid on.

use super::{Scheme, Together};
use crate::dues::InForce;
use measure::Day;

/// How a month is paid on that has several participations of one person in one scheme, as the law has it.
///
/// Where the law lets several employers insure somebody at once, each of them pays. For what is left one participation
/// counts: of those one after the other, and of one employer's within the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counting {
    /// What may be held at once.
    pub together: Together,
    /// Whether of two, one after the other, the later counts, or the earlier.
    pub later: bool,
}

/// What an employer insured somebody through in a month.
#[derive(Clone, Copy)]
struct Stretch {
    /// The participation that counts for it.
    counts: InForce,
    /// From the first day of the first to the last day of the last.
    from: Day,
    until: Option<Day>,
}

impl Counting {
    /// Hands on, by employer, those that are paid on among the participations of one person in one scheme, which come by
    /// beginning.
    pub fn paid_on(&self, of_one: &[InForce], mut each: impl FnMut(InForce)) {
        let (first, last) = match of_one {
            [] => return,
            [one] => return each(*one),
            [first, .., last] => (*first, *last),
        };
        if !self.each_pays(first.scheme) {
            return each(if self.later { last } else { first });
        }
        let mut stretches = self.by_employer(of_one);
        stretches.retain({
            let all = stretches.clone();
            move |one| all.iter().all(|other| self.stands_beside(one, other))
        });
        stretches.sort_by_key(|one| one.counts.employer);
        stretches.into_iter().for_each(|one| each(one.counts));
    }

    /// Whether each of several employers insures somebody in this scheme.
    fn each_pays(&self, scheme: Scheme) -> bool {
        self.together.may(scheme, scheme)
    }

    /// What each employer insured them through, and which of it counts.
    fn by_employer(&self, of_one: &[InForce]) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for entry in of_one {
            let theirs = stretches
                .iter_mut()
                .find(|known| known.counts.employer == entry.employer);
            match theirs {
                Some(known) => {
                    known.until = known
                        .until
                        .zip(entry.valid.until())
                        .map(|(one, other)| one.max(other));
                    if self.later {
                        known.counts = *entry;
                    }
                }
                None => stretches.push(Stretch {
                    counts: *entry,
                    from: entry.valid.first(),
                    until: entry.valid.until(),
                }),
            }
        }
        stretches
    }

    /// Whether one does not give way to another that was held before or after it.
    fn stands_beside(&self, one: &Stretch, other: &Stretch) -> bool {
        let (before, after) = if self.later {
            (one, other)
        } else {
            (other, one)
        };
        // What ended before the other began was not held at once with it.
        before.until.is_none_or(|until| after.from < until)
    }
}
