//! One insured person, drawn from the margins.

use crate::career;
use crate::chance::{Chance, Draw};
use crate::margins::Margins;

/// Members of the law's enumerations, in the order in which the codes of a [`Person`] count them.
pub(crate) const SEXES: [&str; 2] = ["male", "female"];
pub(crate) const POSTS: [&str; 2] = ["worker", "management"];
pub(crate) const STANDINGS: [&str; 2] = ["employee", "individual"];
pub(crate) const INDUSTRIES: [&str; 8] = [
    "industry-1",
    "industry-2",
    "industry-3",
    "industry-4",
    "industry-5",
    "industry-6",
    "industry-7",
    "industry-8",
];
pub(crate) const LEVELS: [&str; 5] = [
    "two-steps-down",
    "one-step-down",
    "at-base",
    "one-step-up",
    "two-steps-up",
];

/// An insured person. Amounts are in fen, months of the calendar are [indices](measure::Month::index).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// 0 male, 1 female.
    pub sex: u8,
    /// The month of birth.
    pub birth_month: i32,
    /// An index into [`City::districts`](crate::City::districts).
    pub district: u8,
    /// 0 a worker's post, 1 a post in management or technology.
    pub post: u8,
    /// 0 as an employee, 1 as an individual.
    pub insured_as: u8,
    /// The month of the first contribution.
    pub first_insured_month: i32,
    /// The average monthly wage; none for an individual, nor where the employer has not declared it.
    pub wage: Option<i64>,
    /// The base an individual chose. Some chose last year's floor, which the law refuses.
    pub chosen_base: Option<i64>,
    /// The class of the employer's industry, from 0.
    pub industry_class: u8,
    /// The employer's level: 0 two steps down to 4 two steps up.
    pub rate_level: u8,
    /// Months deemed paid: in state employment before contributions began.
    pub deemed_months: i32,
    /// Of every month's base against the average wage of its year, in ten-thousandths.
    pub index: i64,
    /// Whether the average wage of every year of contributions is a published one, so that a law can work the index out.
    pub index_derivable: bool,
    /// The first year without a contribution; see `gap_years`.
    pub gap_from: i32,
    /// How many years in a row have none.
    pub gap_years: i32,
    /// The balance of the account at the end of 2015.
    pub opening_balance: i64,
    /// The first year whose credits the opening balance does not hold.
    pub passbook_from: i32,
}

/// The month in which ages are as published: the end of December 2024 is the beginning of January 2025.
pub(crate) const AS_AT: i32 = 2025 * 12;
/// The first year whose interest rate the law's text knows.
const PASSBOOK_FROM: i32 = 2016;
/// When Chongqing's firms came under the scheme, made up: from January 1986, within seven years.
const SCHEME_START: i32 = 1986 * 12;

pub(crate) fn make(margins: &Margins, chance: Chance) -> Person {
    let (first_age, last_age) =
        margins.ages[usize::from(margins.by_age.pick(chance, Draw::AgeBand))];
    let birth_month =
        AS_AT - 1 - chance.between(Draw::AgeMonths, first_age * 12, last_age * 12 + 11);
    let district = margins.by_district.pick(chance, Draw::District);
    let minimum_wage_class = margins.districts[usize::from(district)].minimum_wage_class;
    let insured_as = margins.by_standing.pick(chance, Draw::Standing);
    let drawn = margins.wages.draw(chance, minimum_wage_class);
    let (wage, chosen_base) = match insured_as {
        0 => (
            Some(drawn).filter(|_| chance.below(Draw::Undeclared, 2_000) > 0),
            None,
        ),
        _ => (None, Some(chosen_base(margins, chance))),
    };
    let industry_class = {
        let sector = margins.by_sector.pick(chance, Draw::Sector);
        margins.by_industry[usize::from(sector)].pick(chance, Draw::Industry)
    };
    let (first_insured_month, deemed_months) = beginning(chance, birth_month);
    let index = {
        let (least, most) = margins.wages.index_bounds;
        let now = margins.wages.index(chosen_base.unwrap_or(drawn));
        (now * i64::from(chance.between(Draw::Index, 85, 105)) / 100).clamp(least, most)
    };
    let (gap_from, gap_years) = gap(chance, first_insured_month);
    let mut person = Person {
        sex: margins.by_sex.pick(chance, Draw::Sex),
        birth_month,
        district,
        post: margins.by_post.pick(chance, Draw::Post),
        insured_as,
        first_insured_month,
        wage,
        chosen_base,
        industry_class,
        rate_level: level(margins, chance, industry_class),
        deemed_months,
        index,
        index_derivable: first_insured_month.div_euclid(12) >= margins.wages.published_from
            && deemed_months == 0,
        gap_from,
        gap_years,
        opening_balance: 0,
        passbook_from: PASSBOOK_FROM,
    };
    person.opening_balance = career::balance_before(&margins.wages, &person, PASSBOOK_FROM);
    person
}

fn chosen_base(margins: &Margins, chance: Chance) -> i64 {
    let (wages, floor) = (&margins.wages, margins.wages.base_floor);
    match margins.by_choice.pick(chance, Draw::Choice) {
        0 => floor[0],
        1 => floor[1],
        2 => wages.monthly_average(),
        // In steps of a hundred yuan, up to twice the floor.
        _ => floor[0] + i64::from(chance.between(Draw::ChosenBase, 1, 44)) * 10_000,
    }
}

/// The month of the first contribution and the months deemed paid before. Three in five came under the scheme with their
/// first job, or when their firm did; the others, later in life.
fn beginning(chance: Chance, birth_month: i32) -> (i32, i32) {
    let latest = AS_AT - 1;
    let first_job = (birth_month + chance.between(Draw::FirstJob, 16 * 12, 24 * 12)).min(latest);
    let scheme_start = SCHEME_START + chance.between(Draw::SchemeStart, 0, 7 * 12 - 1);
    if chance.below(Draw::Career, 5) < 3 {
        return (
            first_job.max(scheme_start),
            (scheme_start - first_job).max(0),
        );
    }
    let earliest = first_job.max(scheme_start);
    let last = (birth_month + 52 * 12).min(latest).max(earliest);
    (chance.between(Draw::LateEntry, earliest, last), 0)
}

/// Three in ten paid nothing for one to six years, after their first year and before 2024.
fn gap(chance: Chance, first_insured_month: i32) -> (i32, i32) {
    let (first, last) = (first_insured_month.div_euclid(12) + 1, 2023);
    if chance.below(Draw::Gap, 10) >= 3 || first > last {
        return (first, 0);
    }
    let from = chance.between(Draw::GapStart, first, last);
    (
        from,
        chance.between(Draw::GapYears, 1, 6).min(last + 1 - from),
    )
}

/// The first class has no level below its base.
fn level(margins: &Margins, chance: Chance, industry_class: u8) -> u8 {
    let at_base = 2;
    let level = margins.by_level.pick(chance, Draw::Level);
    if industry_class == 0 {
        level.max(at_base)
    } else {
        level
    }
}
