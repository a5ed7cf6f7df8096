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
    LivesNear,
    Together,
    Tenure,
    Surname,
    GivenName,
    Tier,
    Paused,
    Since,
    Dispatches,
    Move,
    Change,
    NewWage,
}

/// What else than a person has chance of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// How a block of persons is shuffled.
    Block = 1,
    /// In which order the insured of the employees' scheme are numbered in a block.
    Scheme,
    /// How the staff of several blocks are shuffled, by level.
    Staff,
    /// How unevenly neighbours of a size share their staff, by level.
    Sizes,
    /// An employer.
    Employer,
    /// Identity numbers.
    Identity,
}

/// The chance of one person or one other thing.
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

    /// The chance of something else than a person. Numbers of different subjects do not meet.
    pub(crate) fn of(seed: u64, subject: Subject, number: u64) -> Chance {
        let subject = (subject as u64).wrapping_mul(0xD1B5_4A32_D192_ED03);
        Chance::new(mixed(seed).wrapping_add(subject), number)
    }

    /// The same one's chance in a month, apart from that of all others.
    pub(crate) fn in_month(self, month: i32) -> Chance {
        let month = u64::from(month.unsigned_abs());
        Chance {
            key: mixed(self.key ^ month.wrapping_mul(0x8CB9_2BA7_2F3D_8DD7)),
        }
    }

    /// All bits, for keys.
    pub(crate) fn key(self) -> u64 {
        self.key
    }

    /// A number below `n` for each of any number of turns.
    pub(crate) fn turn(self, turn: u64, n: u64) -> u64 {
        share(
            mixed(self.key.wrapping_sub((turn + 1).wrapping_mul(STEP))),
            n,
        )
    }

    /// A number below `n`, every one as likely to within n in 2^64.
    pub(crate) fn below(self, draw: Draw, n: u64) -> u64 {
        let bits = mixed(self.key.wrapping_add((draw as u64).wrapping_mul(STEP)));
        share(bits, n)
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(crate) fn between(self, draw: Draw, low: i32, high: i32) -> i32 {
        let count = u64::try_from(i64::from(high) - i64::from(low) + 1).unwrap_or(0);
        let steps =
            i32::try_from(self.below(draw, count)).expect("below the width of an i32 range");
        low + steps
    }
}

/// `bits` of 2^64 as a share of `n`, rounded down.
pub(crate) fn share(bits: u64, n: u64) -> u64 {
    u64::try_from((u128::from(bits) * u128::from(n)) >> 64)
        .expect("a product shifted down is below n")
}

/// The finaliser of splitmix64: every bit of the result hangs on every bit of `z`.
pub(crate) fn mixed(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
