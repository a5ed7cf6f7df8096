//! One insured of the employees' scheme, as the law reads them.

use crate::career;
use crate::chance::{Chance, Draw};
use crate::city::City;
use crate::employers::rate_level;
use crate::insured::Insured;
use crate::layout::{BLOCK, Group};

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

/// An insured person of the employees' scheme. Amounts are in fen, months of the calendar are [indices](measure::Month::index).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// 0 male, 1 female.
    pub sex: u8,
    /// The month of birth.
    pub birth_month: i32,
    /// Where they live: an index into [`City::districts`](crate::City::districts).
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

/// The first year whose interest rate the law's text knows.
const PASSBOOK_FROM: i32 = 2016;

impl City {
    /// The person of this rank among the insured of the employees' scheme, those who draw a pension of it included.
    #[must_use]
    pub fn person(&self, rank: u64) -> Person {
        let number = self.number_of(rank);
        let block = self.layout.block(self.seed, number / BLOCK);
        let insured = self.insured(&block, number);
        let neighbour = self.insured(&block, number ^ 1);
        self.in_scheme(&insured, self.home(&insured, &neighbour))
    }

    /// The number in the city, counted from 0, of the person of a rank in the employees' scheme.
    #[must_use]
    pub fn number_of(&self, rank: u64) -> u64 {
        self.layout.of_scheme(self.seed, rank)
    }

    fn in_scheme(&self, insured: &Insured, home: u8) -> Person {
        let (margins, chance) = (&self.margins, insured.chance);
        let employer = insured.workplace.map(|workplace| self.employer(workplace));
        let insured_as = match insured.group {
            Group::Staff => 0,
            Group::PartTime | Group::PlatformIndividual | Group::Individual => 1,
            _ => margins.by_standing.pick(chance, Draw::Standing),
        };
        let at_work = employer.filter(|_| insured_as == 0);
        let drawn = self.wage(chance, at_work.map_or(home, |employer| employer.district));
        let (wage, chosen_base) = match insured_as {
            0 => (
                Some(drawn).filter(|_| chance.below(Draw::Undeclared, 2_000) > 0),
                None,
            ),
            _ => (None, Some(self.chosen_base(chance))),
        };
        let (industry_class, rate_level) = match employer {
            Some(employer) => (employer.industry_class, employer.rate_level),
            None => self.last_employer(chance),
        };
        let (first_insured_month, deemed_months) = insured.beginning();
        let index = {
            let (least, most) = margins.wages.index_bounds;
            let now = margins.wages.index(chosen_base.unwrap_or(drawn));
            (now * i64::from(chance.between(Draw::Index, 85, 105)) / 100).clamp(least, most)
        };
        let (gap_from, gap_years) = gap(chance, first_insured_month);
        let mut person = Person {
            sex: insured.sex,
            birth_month: insured.birth_month,
            district: home,
            post: insured.post,
            insured_as,
            first_insured_month,
            wage,
            chosen_base,
            industry_class,
            rate_level,
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

    /// Class of industry and level of rate of whoever has no employer now.
    fn last_employer(&self, chance: Chance) -> (u8, u8) {
        let margins = &self.margins;
        let sector = margins.by_sector.pick(chance, Draw::Sector);
        let industry_class = margins.by_industry[usize::from(sector)].pick(chance, Draw::Industry);
        let level = margins.by_level.pick(chance, Draw::Level);
        (industry_class, rate_level(level, industry_class))
    }
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
