//! The rows: made up, but shaped like a city, and the same on every machine.

use crate::law::columns::{Claims, Wages};

/// The seed of all rows.
const SEED: u64 = 0x5245_4E53_4845_0050;

/// Wages between 1,800 and 31,800 yuan: three in ten below the floor, one in twenty above the ceiling.
pub(crate) fn wages(rows: usize) -> Wages {
    let mut chance = Chance(SEED);
    let mut wages = Wages::empty(rows);
    for wage in &mut wages.wage {
        *wage = 180_000 + chance.mostly_small(3_000_000);
    }
    wages
}

/// Claims of people born 1960 to 1991, so that every branch of the retirement age is met; one in a thousand has fewer
/// months than any minimum asks for.
pub(crate) fn claims(rows: usize) -> Claims {
    let mut chance = Chance(SEED);
    let mut claims = Claims::empty(rows);
    for row in 0..rows {
        claims.sex[row] = u8::from(chance.one_in(2));
        claims.post[row] = u8::from(chance.one_in(3));
        claims.birth_month[row] = chance.between(1960 * 12, 1991 * 12 + 11);
        let short = chance.one_in(1_000);
        let months = if short {
            chance.between(60, 179)
        } else {
            chance.between(240, 540)
        };
        let deemed = if chance.one_in(3) {
            chance.between(1, 240).min(months)
        } else {
            0
        };
        claims.contribution_months[row] = months;
        claims.deemed_months[row] = deemed;
        claims.account_balance[row] = 500_000 + chance.mostly_small(60_000_000);
        claims.average_index[row] = chance.between(4_000, 30_000);
        claims.calculation_wage_used[row] = i64::from(chance.between(600_000, 1_000_000));
    }
    claims
}

/// A small generator of even chances (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`.
    fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    fn between(&mut self, least: i32, greatest: i32) -> i32 {
        let width = least.abs_diff(greatest) + 1;
        least + self.below(width).cast_signed()
    }

    fn one_in(&mut self, many: u32) -> bool {
        self.below(many) == 0
    }

    /// Below `bound`, the smaller the likelier: the product of two even chances.
    fn mostly_small(&mut self, bound: u32) -> i64 {
        let first = self.below(bound);
        i64::from(self.below(first + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_rows_are_the_first_of_more() {
        assert_eq!(wages(10).wage, wages(1_000).wage[..10]);
        assert_eq!(claims(10).average_index, claims(1_000).average_index[..10]);
    }

    #[test]
    fn every_case_of_the_law_is_met() {
        let claims = claims(20_000);
        for (sex, post) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let found = (0..20_000).any(|row| claims.sex[row] == sex && claims.post[row] == post);
            assert!(found, "no claim with sex {sex} and post {post}");
        }
        assert!(
            claims
                .contribution_months
                .iter()
                .any(|&months| months < 180)
        );
        assert!(claims.deemed_months.contains(&0));
        let wages = wages(20_000).wage;
        assert!(wages.iter().any(|&wage| wage < 440_400));
        assert!(wages.iter().any(|&wage| wage > 2_201_700));
    }
}
