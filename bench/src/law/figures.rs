//! The law's figures of cn-50 on 1 June 2025, as a programmer copies them out of it.
//!
//! Hand-written code and peers have nothing else to start from. Nothing of this is used to apply the law: our engine
//! reads `law/`, and every contestant's results are compared with it, so a figure that no longer holds shows at once.

use serde_json::{Value, json};

/// The day whose law applies: year, month, day.
pub(crate) const AS_OF: (i32, u8, u8) = (2025, 6, 1);

/// The floor of contribution bases, fen: 60 % of 88,065 yuan a year by month, rounded up to the yuan.
pub(crate) const FLOOR: i64 = 440_400;
/// The ceiling of contribution bases, fen: 300 % likewise.
pub(crate) const CEILING: i64 = 2_201_700;
/// The employer's pension rate, per cent.
pub(crate) const EMPLOYER_PERCENT: i64 = 16;
/// The employee's pension rate, per cent.
pub(crate) const EMPLOYEE_PERCENT: i64 = 8;
/// Both sides' unemployment rate, per mille.
pub(crate) const UNEMPLOYMENT_PER_MILLE: i64 = 5;

/// The former retirement age of a group and how it rises.
pub(crate) struct Group {
    /// The former age, months.
    pub(crate) original_age: i32,
    /// Every so many months, a month more.
    pub(crate) step: i32,
    /// At most so many months more.
    pub(crate) greatest_delay: i32,
}

/// Men; women in management; other women.
pub(crate) const GROUPS: [Group; 3] = [
    Group {
        original_age: 720,
        step: 4,
        greatest_delay: 36,
    },
    Group {
        original_age: 660,
        step: 4,
        greatest_delay: 36,
    },
    Group {
        original_age: 600,
        step: 2,
        greatest_delay: 60,
    },
];
/// The month in which the ages begin to rise.
pub(crate) const REFORM_START: i32 = 2025 * 12;

/// The age of the first entry of [`PAYOUT_MONTHS`].
pub(crate) const PAYOUT_FIRST_AGE: i32 = 40;
/// The age of the last.
pub(crate) const PAYOUT_LAST_AGE: i32 = 70;
/// Months over which an account is paid out, by age in whole years from 40 on.
pub(crate) const PAYOUT_MONTHS: [i32; (PAYOUT_LAST_AGE - PAYOUT_FIRST_AGE + 1) as usize] = [
    233, 230, 226, 223, 220, 216, 212, 208, 204, 199, 195, 190, 185, 180, 175, 170, 164, 158, 152,
    145, 139, 132, 125, 117, 109, 101, 93, 84, 75, 65, 56,
];

/// The minimum of contributions, months, until it rises.
pub(crate) const MINIMUM: i32 = 180;
/// The year of its first rise.
pub(crate) const MINIMUM_RISES_FROM: i32 = 2030;
/// Its rise a year, months.
pub(crate) const MINIMUM_RISE: i32 = 6;
/// Where it stays, months.
pub(crate) const FINAL_MINIMUM: i32 = 240;

/// The coefficient of the transitional pension, per mille.
pub(crate) const TRANSITIONAL_PER_MILLE: i64 = 14;

/// The same for those who read them from a file.
pub(crate) fn as_json() -> Value {
    let of_groups = |figure: fn(&Group) -> i32| GROUPS.iter().map(figure).collect::<Vec<i32>>();
    json!({
        "floor": FLOOR,
        "ceiling": CEILING,
        "employer_percent": EMPLOYER_PERCENT,
        "employee_percent": EMPLOYEE_PERCENT,
        "unemployment_per_mille": UNEMPLOYMENT_PER_MILLE,
        "original_age": of_groups(|group| group.original_age),
        "step": of_groups(|group| group.step),
        "greatest_delay": of_groups(|group| group.greatest_delay),
        "reform_start": REFORM_START,
        "payout_first_age": PAYOUT_FIRST_AGE,
        "payout_months": PAYOUT_MONTHS,
        "minimum": MINIMUM,
        "minimum_rises_from": MINIMUM_RISES_FROM,
        "minimum_rise": MINIMUM_RISE,
        "final_minimum": FINAL_MINIMUM,
        "transitional_per_mille": TRANSITIONAL_PER_MILLE,
    })
}
