//! How fast it can be at all: everything fused into one loop without branches, for these two loads and nothing else.
//!
//! Whole numbers are carried in `f64` because processors multiply and divide eight of those at a time and no 64-bit
//! integers. This is exact, not approximate: every numerator below is a whole number under 2^51, so sums and products
//! are exact, and [`floor`] proves the quotients. Only this module of the bench computes with floats.
#![expect(
    clippy::float_arithmetic,
    reason = "whole numbers in f64, exact by the proof above"
)]
#![expect(
    clippy::cast_precision_loss,
    reason = "figures of the law, far below 2^52"
)]

use crate::law::by_hand::payout_tenths;
use crate::law::columns::{AwardsWritten, ClaimsRead, DuesWritten, Split, WagesRead};
use crate::law::figures::{
    CEILING, EMPLOYEE_PERCENT, EMPLOYER_PERCENT, FINAL_MINIMUM, FLOOR, GROUPS, MINIMUM,
    MINIMUM_RISE, MINIMUM_RISES_FROM, PAYOUT_FIRST_AGE, PAYOUT_LAST_AGE, REFORM_START,
    TRANSITIONAL_PER_MILLE, UNEMPLOYMENT_PER_MILLE,
};

/// What is due on each wage; wages from 0 to 10 million yuan.
pub(crate) fn contribution(wages: WagesRead<'_>, dues: DuesWritten<'_>) {
    widest(
        wages,
        dues,
        contribution_avx512,
        contribution_avx2,
        contribution_lanes,
    );
}

/// What is awarded on each claim; calculation wages up to 10,000 yuan, indices up to 3, at most 45 years, 20 of them
/// deemed, and balances up to 10 million yuan, which keeps the greatest numerator (7 · 2^20 · 2^16 · 2^11) under 2^51.
pub(crate) fn award(claims: ClaimsRead<'_>, awards: AwardsWritten<'_>) {
    widest(claims, awards, award_avx512, award_avx2, award_lanes);
}

/// Runs the widest of three compilations of one loop that this processor can.
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "a function compiled for a wider processor may only run on one"
)]
fn widest<I, O>(
    input: I,
    output: O,
    avx512: unsafe fn(I, O),
    avx2: unsafe fn(I, O),
    any: fn(I, O),
) {
    let wide = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl");
    if wide {
        // SAFETY: every feature the function is compiled for was just detected.
        unsafe { avx512(input, output) }
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: as above.
        unsafe { avx2(input, output) }
    } else {
        any(input, output);
    }
}

/// Elsewhere there is one compilation.
#[cfg(not(target_arch = "x86_64"))]
fn widest<I, O>(input: I, output: O, _: fn(I, O), _: fn(I, O), any: fn(I, O)) {
    any(input, output);
}

macro_rules! compiled_for {
    ($($name:ident = $features:literal, $lanes:ident, $input:ident, $output:ident;)*) => {$(
        #[cfg_attr(target_arch = "x86_64", target_feature(enable = $features))]
        fn $name(input: $input<'_>, output: $output<'_>) {
            $lanes(input, output);
        }
    )*};
}
compiled_for! {
    contribution_avx512 = "avx512f,avx512dq,avx512bw,avx512vl", contribution_lanes, WagesRead, DuesWritten;
    contribution_avx2 = "avx2,fma", contribution_lanes, WagesRead, DuesWritten;
    award_avx512 = "avx512f,avx512dq,avx512bw,avx512vl", award_lanes, ClaimsRead, AwardsWritten;
    award_avx2 = "avx2,fma", award_lanes, ClaimsRead, AwardsWritten;
}

#[inline(always)]
fn contribution_lanes(wages: WagesRead<'_>, dues: DuesWritten<'_>) {
    let DuesWritten {
        contribution_base,
        employer_due,
        employee_due,
        unemployment_employer_contribution,
        unemployment_employee_contribution,
    } = dues;
    const EMPLOYER: Share = Share::of(EMPLOYER_PERCENT, 100);
    const EMPLOYEE: Share = Share::of(EMPLOYEE_PERCENT, 100);
    const UNEMPLOYMENT: Share = Share::of(UNEMPLOYMENT_PER_MILLE, 1_000);
    let rows = wages.rows();
    let wage = &wages.wage[..rows];
    let base_out = &mut contribution_base[..rows];
    let employer = &mut employer_due[..rows];
    let employee = &mut employee_due[..rows];
    let unemployment_employer = &mut unemployment_employer_contribution[..rows];
    let unemployment_employee = &mut unemployment_employee_contribution[..rows];
    for row in 0..rows {
        let bounded = wage[row].clamp(FLOOR, CEILING);
        let base = lane(bounded);
        let unemployment = whole(UNEMPLOYMENT.half_up(base));
        base_out[row] = bounded;
        employer[row] = whole(EMPLOYER.half_up(base));
        employee[row] = whole(EMPLOYEE.half_up(base));
        unemployment_employer[row] = unemployment;
        unemployment_employee[row] = unemployment;
    }
}

#[inline(always)]
fn award_lanes(claims: ClaimsRead<'_>, awards: AwardsWritten<'_>) {
    let AwardsWritten {
        statutory_retirement_month,
        basic_pension,
        account_pension,
        transitional_pension,
        monthly_pension,
    } = awards;
    const YEARS: Share = Share::of(100, 12);
    const BASIC: Share = Share::of(1, 200_000_000);
    const TRANSITIONAL: Share = Share::of(TRANSITIONAL_PER_MILLE / 2, 1_000_000_000);
    let rows = claims.rows();
    let sex = &claims.sex[..rows];
    let post = &claims.post[..rows];
    let birth_month = &claims.birth_month[..rows];
    let contribution_months = &claims.contribution_months[..rows];
    let deemed_months = &claims.deemed_months[..rows];
    let account_balance = &claims.account_balance[..rows];
    let average_index = &claims.average_index[..rows];
    let calculation_wage = &claims.calculation_wage_used[..rows];
    let retirement_out = &mut statutory_retirement_month[..rows];
    let basic_out = &mut basic_pension[..rows];
    let account_out = &mut account_pension[..rows];
    let transitional_out = &mut transitional_pension[..rows];
    let pension_out = &mut monthly_pension[..rows];

    for row in 0..rows {
        let male = sex[row] == 0;
        let management = post[row] == 1;
        let pick = |men: i32, managing: i32, others: i32| {
            let women = if management { managing } else { others };
            if male { men } else { women }
        };
        let [men, managing, others] = &GROUPS;
        let age = pick(men.original_age, managing.original_age, others.original_age);
        let greatest = pick(
            men.greatest_delay,
            managing.greatest_delay,
            others.greatest_delay,
        );
        let original_month = birth_month[row] + age;
        let elapsed = original_month - REFORM_START + 1;
        // Steps are 4, 4 and 2 months: a shift divides by them, downwards also below 0.
        const { assert!(GROUPS[0].step == 4 && GROUPS[1].step == 4 && GROUPS[2].step == 2) };
        let by_four = (elapsed + 3) >> 2;
        let by_two = (elapsed + 1) >> 1;
        let delay = pick(by_four, by_four, by_two).max(0).min(greatest);
        let retirement_month = original_month + delay;
        retirement_out[row] = retirement_month;

        let divisor = PAYOUT_TENTHS[((age + delay).cast_unsigned() & 1023) as usize];
        let tenfold = lane(account_balance[row]) * 20.0 + divisor;
        let account = floor((tenfold + 0.5) / (divisor * 2.0));

        let index = f64::from(average_index[row] + 10_000);
        let wages = lane(calculation_wage[row]) * index;
        let counted = YEARS.half_up(f64::from(contribution_months[row]));
        let deemed = YEARS.half_up(f64::from(deemed_months[row]));
        let basic = BASIC.half_up(wages * counted);
        let transitional = TRANSITIONAL.half_up(wages * deemed);

        let year = (retirement_month.cast_unsigned() / 12).cast_signed();
        let rises = year - MINIMUM_RISES_FROM + 1;
        let minimum = (MINIMUM + MINIMUM_RISE * rises).clamp(MINIMUM, FINAL_MINIMUM);
        let reached = contribution_months[row] >= minimum;
        let pension = basic + account + transitional;

        basic_out[row] = whole(basic);
        account_out[row] = whole(account);
        transitional_out[row] = whole(transitional);
        pension_out[row] = whole(if reached { pension } else { 0.0 });
    }
}

/// Payout months in tenths by age in months, as long as a power of two so that a mask bounds the index.
static PAYOUT_TENTHS: [f64; 1024] = {
    let mut tenths = [1.0; 1024];
    let mut age = PAYOUT_FIRST_AGE * 12;
    while age <= PAYOUT_LAST_AGE * 12 {
        tenths[age.cast_unsigned() as usize] = payout_tenths(age) as f64;
        age += 1;
    }
    tenths
};

/// A fixed share, `of / by`, ready to be multiplied with.
struct Share {
    of: f64,
    half: f64,
    reciprocal: f64,
}

impl Share {
    /// Folded when compiled.
    const fn of(of: i64, by: i64) -> Share {
        assert!(by % 2 == 0, "the half of an odd number is not whole");
        Share {
            of: of as f64,
            half: (by / 2) as f64,
            reciprocal: 1.0 / by as f64,
        }
    }

    /// The share of a whole amount, not negative, rounded half up.
    #[inline(always)]
    fn half_up(&self, amount: f64) -> f64 {
        floor((amount * self.of + self.half + 0.5) * self.reciprocal)
    }
}

/// The greatest whole number not above `quotient`.
///
/// Called with `(n + ½) / d`, or with `(n + ½) · fl(1 / d)`, for whole `n ≥ 0`, `d ≥ 1`, `n + d < 2^51`, it is exactly
/// `⌊n / d⌋ = q`: the true quotient lies between `q + ½/d` and `q + 1 - ½/d`, and the two roundings move it by less
/// than `(q + 1) · 2^-52 < ½/d`.
#[inline(always)]
fn floor(quotient: f64) -> f64 {
    quotient.floor()
}

/// 2^52: from here to 2^53 a float's last bits are a whole number's.
const SHIFT: f64 = 4_503_599_627_370_496.0;

/// A whole number from 0 to 2^52 as a lane.
#[inline(always)]
fn lane(whole: i64) -> f64 {
    f64::from_bits(whole.cast_unsigned() | SHIFT.to_bits()) - SHIFT
}

/// A lane that holds a whole number from 0 to 2^52.
#[inline(always)]
fn whole(lane: f64) -> i64 {
    ((lane + SHIFT).to_bits() ^ SHIFT.to_bits()).cast_signed()
}
