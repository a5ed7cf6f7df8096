//! Chance as a function: the same number for the same seed, person and draw, in whatever order they are asked for.

/// What is drawn. Each has its own stream, so a new one changes none of the others.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Draw {
    Sex = 1,
    AgeBand,
    AgeMonths,
    District,
    Post,
    Standing,
    Sector,
    Industry,
    Level,
    Occupation,
    Pay,
    Undeclared,
    Choice,
    ChosenBase,
    FirstJob,
    SchemeStart,
    Career,
    LateEntry,
    Index,
    Gap,
    GapStart,
    GapYears,
}

/// The chance of one person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    key: u64,
}

/// 2^64 over the golden ratio: consecutive multiples are far apart.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    pub(crate) fn new(seed: u64, person: u64) -> Chance {
        Chance {
            key: mixed(mixed(seed) ^ person.wrapping_mul(STEP)),
        }
    }

    /// A number below `n`, every one as likely to within n in 2^64.
    pub(crate) fn below(self, draw: Draw, n: u64) -> u64 {
        let bits = mixed(self.key.wrapping_add((draw as u64).wrapping_mul(STEP)));
        u64::try_from((u128::from(bits) * u128::from(n)) >> 64)
            .expect("a product shifted down is below n")
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(crate) fn between(self, draw: Draw, low: i32, high: i32) -> i32 {
        let count = u64::try_from(i64::from(high) - i64::from(low) + 1).unwrap_or(0);
        let steps =
            i32::try_from(self.below(draw, count)).expect("below the width of an i32 range");
        low + steps
    }
}

/// The finaliser of splitmix64: every bit of the result hangs on every bit of `z`.
fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
