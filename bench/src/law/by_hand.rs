//! The law as a good programmer writes it for this one purpose: one pass, whole numbers of 64 bits, tables as arrays.

use crate::law::columns::{AwardsWritten, ClaimsRead, DuesWritten, Split, WagesRead};
use crate::law::figures::{
    CEILING, EMPLOYEE_PERCENT, EMPLOYER_PERCENT, FINAL_MINIMUM, FLOOR, GROUPS, MINIMUM,
    MINIMUM_RISE, MINIMUM_RISES_FROM, PAYOUT_FIRST_AGE, PAYOUT_MONTHS, REFORM_START,
    TRANSITIONAL_PER_MILLE, UNEMPLOYMENT_PER_MILLE,
};

/// What is due on each wage.
pub(crate) fn contribution(wages: WagesRead<'_>, dues: DuesWritten<'_>) {
    let DuesWritten {
        contribution_base,
        employer_due,
        employee_due,
        unemployment_employer_contribution,
        unemployment_employee_contribution,
    } = dues;
    let rows = wages.rows();
    // Slices of one known length let the compiler drop the bounds checks.
    let base_out = &mut contribution_base[..rows];
    let employer = &mut employer_due[..rows];
    let employee = &mut employee_due[..rows];
    let unemployment_employer = &mut unemployment_employer_contribution[..rows];
    let unemployment_employee = &mut unemployment_employee_contribution[..rows];
    for (row, &wage) in wages.wage.iter().enumerate() {
        let base = wage.clamp(FLOOR, CEILING);
        base_out[row] = base;
        employer[row] = half_up(base * EMPLOYER_PERCENT, 100);
        employee[row] = half_up(base * EMPLOYEE_PERCENT, 100);
        unemployment_employer[row] = half_up(base * UNEMPLOYMENT_PER_MILLE, 1_000);
        unemployment_employee[row] = half_up(base * UNEMPLOYMENT_PER_MILLE, 1_000);
    }
}

/// What is awarded on each claim.
pub(crate) fn award(claims: ClaimsRead<'_>, awards: AwardsWritten<'_>) {
    let AwardsWritten {
        statutory_retirement_month,
        basic_pension,
        account_pension,
        transitional_pension,
        monthly_pension,
    } = awards;
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
        let group = match (sex[row], post[row]) {
            (0, _) => &GROUPS[0],
            (_, 1) => &GROUPS[1],
            _ => &GROUPS[2],
        };
        let original_month = birth_month[row] + group.original_age;
        let elapsed = original_month - REFORM_START + 1;
        let steps = (elapsed + group.step - 1).div_euclid(group.step);
        let delay = steps.clamp(0, group.greatest_delay);
        let retirement_month = original_month + delay;
        retirement_out[row] = retirement_month;

        let divisor = payout_tenths(group.original_age + delay);
        let account = half_up(account_balance[row] * 10, divisor);

        // Twice the averaged wage, in ten-thousandths of a fen.
        let wages = calculation_wage[row] * (10_000 + i64::from(average_index[row]));
        let basic = half_up(
            wages * hundredths_of_years(contribution_months[row]),
            200_000_000,
        );
        let transitional = half_up(
            wages * hundredths_of_years(deemed_months[row]) * TRANSITIONAL_PER_MILLE,
            2_000_000_000,
        );

        let rises = retirement_month / 12 - MINIMUM_RISES_FROM + 1;
        let minimum = (MINIMUM + MINIMUM_RISE * rises).clamp(MINIMUM, FINAL_MINIMUM);
        let reached = contribution_months[row] >= minimum;

        basic_out[row] = basic;
        account_out[row] = account;
        transitional_out[row] = transitional;
        pension_out[row] = if reached {
            basic + account + transitional
        } else {
            0
        };
    }
}

/// Months of contributions in years with two decimals.
fn hundredths_of_years(months: i32) -> i64 {
    half_up(i64::from(months) * 100, 12)
}

/// The payout months at an age in months, between birthdays by month, with one decimal.
pub(crate) const fn payout_tenths(age: i32) -> i64 {
    let year = (age / 12 - PAYOUT_FIRST_AGE).cast_unsigned() as usize;
    let over = (age % 12) as i64;
    let this = PAYOUT_MONTHS[year] as i64;
    if over == 0 {
        return this * 10;
    }
    let fall = this - PAYOUT_MONTHS[year + 1] as i64;
    half_up(this * 120 - fall * over * 10, 12)
}

/// The quotient of two amounts that are not negative, rounded half up.
const fn half_up(amount: i64, by: i64) -> i64 {
    (amount * 2 + by) / (by * 2)
}
