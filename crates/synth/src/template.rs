//! How many staff has each employer? Sizes laid end to end over slots, the same for every group of blocks but for how
//! unevenly two neighbours share.

use crate::chance::Chance;
use std::ops::Range;

/// Employers of several sizes, in the order given.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    sizes: Vec<Size>,
    employers: u64,
    staff: u64,
}

/// So many employers of about a size.
#[derive(Clone, Copy, Debug)]
struct Size {
    first_employer: u64,
    first_slot: u64,
    employers: u64,
    staff: u64,
}

impl Template {
    /// Of pairs: how many employers, and the staff of each.
    pub(crate) fn new(sizes: impl Iterator<Item = (u64, u64)>) -> Template {
        let mut template = Template {
            sizes: Vec::new(),
            employers: 0,
            staff: 0,
        };
        for (employers, staff) in sizes {
            template.sizes.push(Size {
                first_employer: template.employers,
                first_slot: template.staff,
                employers,
                staff,
            });
            template.employers += employers;
            template.staff += employers * staff;
        }
        template
    }

    /// How many employers.
    pub(crate) fn employers(&self) -> u64 {
        self.employers
    }

    /// How many slots for staff.
    pub(crate) fn staff(&self) -> u64 {
        self.staff
    }

    /// The sum of the squares of the sizes, at most.
    pub(crate) fn squares(&self) -> u64 {
        let square = |size: &Size| {
            let uneven = most_uneven(size.staff);
            size.employers * (size.staff * size.staff + uneven * uneven)
        };
        self.sizes.iter().map(square).sum()
    }

    /// The employer at a slot.
    pub(crate) fn at(&self, chance: Chance, slot: u64) -> u64 {
        let place = self.sizes.partition_point(|size| size.first_slot <= slot) - 1;
        let size = self.sizes[place];
        let pair = (slot - size.first_slot) / (2 * size.staff);
        let first = size.first_employer + 2 * pair;
        if 2 * pair + 1 == size.employers {
            return first;
        }
        let within = (slot - size.first_slot) % (2 * size.staff);
        first + u64::from(size.larger(chance, pair) <= within)
    }

    /// The slots of an employer.
    pub(crate) fn range(&self, chance: Chance, employer: u64) -> Range<u64> {
        let after = |size: &Size| size.first_employer <= employer;
        let size = self.sizes[self.sizes.partition_point(after) - 1];
        let (pair, second) = (
            (employer - size.first_employer) / 2,
            (employer - size.first_employer) % 2 == 1,
        );
        let start = size.first_slot + pair * 2 * size.staff;
        if 2 * pair + 1 == size.employers {
            return start..start + size.staff;
        }
        let border = start + size.larger(chance, pair);
        match second {
            false => start..border,
            true => border..start + 2 * size.staff,
        }
    }
}

impl Size {
    /// What the first of a pair has of their staff together.
    fn larger(&self, chance: Chance, pair: u64) -> u64 {
        let turn = self.first_employer + pair;
        self.staff + chance.turn(turn, most_uneven(self.staff) + 1)
    }
}

/// Up to three tenths more.
fn most_uneven(staff: u64) -> u64 {
    staff * 3 / 10
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::chance::{Chance, Subject};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn employers_lie_end_to_end(
            seed: u64,
            sizes in prop::collection::vec((1_u64..8, 1_u64..60), 1..6),
        ) {
            let template = Template::new(sizes.into_iter());
            let chance = Chance::of(seed, Subject::Sizes, 0);
            let mut next = 0;
            for employer in 0..template.employers() {
                let range = template.range(chance, employer);
                prop_assert_eq!(range.start, next);
                prop_assert!(range.start < range.end);
                next = range.end;
                for slot in range {
                    prop_assert_eq!(template.at(chance, slot), employer);
                }
            }
            prop_assert_eq!(next, template.staff());
        }
    }
}
