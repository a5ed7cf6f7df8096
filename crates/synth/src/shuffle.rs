//! Who stands where? A shuffling of the numbers below some size that can be asked forth and back without a list.

use crate::chance::mixed;

/// A one-to-one mapping of the numbers below a size onto themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shuffle {
    size: u64,
    /// One less than the power of two that holds them.
    mask: u64,
    half: u32,
    /// For each round what is multiplied by, which is odd, and what is added.
    rounds: [(u64, u64); 3],
}

impl Shuffle {
    /// The shuffling of the numbers below `size`, which is at least 2, under a key.
    pub(crate) fn new(key: u64, size: u64) -> Shuffle {
        let mask = size.next_power_of_two() - 1;
        let round = |turn: u64| {
            let bits = mixed(key.wrapping_add(turn));
            (bits | 1, bits >> 32)
        };
        Shuffle {
            size,
            mask,
            half: mask.count_ones().div_ceil(2),
            rounds: [round(1), round(2), round(3)],
        }
    }

    /// Where a number goes.
    pub(crate) fn forth(&self, number: u64) -> u64 {
        let mut at = number;
        loop {
            for (factor, added) in self.rounds {
                at = at.wrapping_mul(factor).wrapping_add(added) & self.mask;
                // Half the bits or more are untouched, so the same step undoes itself.
                at ^= at >> self.half;
            }
            // What falls beyond the size goes on until it falls within: still one to one.
            if at < self.size {
                return at;
            }
        }
    }

    /// Which number goes there.
    pub(crate) fn back(&self, place: u64) -> u64 {
        let mut at = place;
        loop {
            for (factor, added) in self.rounds.into_iter().rev() {
                at ^= at >> self.half;
                at = at.wrapping_sub(added).wrapping_mul(inverse(factor)) & self.mask;
            }
            if at < self.size {
                return at;
            }
        }
    }
}

/// What an odd number is multiplied by to give 1, modulo 2^64: Newton's steps double the right bits, from 3 to 96.
fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::Shuffle;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn everybody_has_a_place_of_their_own(key: u64, size in 2_u64..5_000) {
            let shuffle = Shuffle::new(key, size);
            let mut places: Vec<u64> = (0..size).map(|number| shuffle.forth(number)).collect();
            for (number, place) in (0..).zip(&places) {
                prop_assert_eq!(shuffle.back(*place), number);
            }
            places.sort_unstable();
            prop_assert!(places.into_iter().eq(0..size));
        }

        #[test]
        fn of_a_hundred_neighbours_few_stay_together(key: u64) {
            let shuffle = Shuffle::new(key, 4_096);
            let below = (0..400).filter(|number| shuffle.forth(*number) < 1_024).count();
            // A quarter, within five standard deviations of drawing with replacement.
            prop_assert!((57..=143).contains(&below), "{}", below);
        }
    }
}
