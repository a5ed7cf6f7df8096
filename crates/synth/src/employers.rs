//! Who employs? An employer's facts, drawn from the seed and its number, and employers in columns.

use crate::chance::{Chance, Draw, Subject, mixed};
use crate::city::City;
use crate::identity::credit_code;
use crate::layout::{LEVELS, Level, Workplace};
use crate::names::{Texts, write_employer};
use std::ops::Range;

/// What is known of an employer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Employer {
    /// An index of districts.
    pub(crate) district: u8,
    /// 0 the secondary, 1 the tertiary sector.
    pub(crate) sector: u8,
    /// From 0.
    pub(crate) industry_class: u8,
    /// 0 two steps down to 4 two steps up.
    pub(crate) rate_level: u8,
    /// Whether its staff work elsewhere.
    pub(crate) dispatches: bool,
}

/// Employers in columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employers {
    /// Their numbers, above 0, ascending.
    pub employer: Vec<i64>,
    /// Their credit codes (GB 32100), all of the area 990000 that no office registers in.
    pub credit_code: Vec<[u8; 18]>,
    /// Their names, which begin with 虚拟.
    pub name: Texts,
    /// The district, by its code of six digits.
    pub district: Vec<i32>,
    /// The class of industry, 1 to 8.
    pub industry_class: Vec<u8>,
    /// The level of the rate against work injury: 1 two steps down, 3 at the base, 5 two steps up.
    pub rate_level: Vec<u8>,
    /// The size it was made by, one of [`codes::size`](crate::codes::size).
    pub size: Vec<u8>,
    /// Whether it dispatches its staff to others.
    pub dispatches: Vec<bool>,
    /// How many of the city work there, part-time and for a platform included.
    pub staff: Vec<u32>,
}

/// 2^64 over the golden ratio. Its multiples spread evenly over the whole whatever stretch of them is taken, also with the
/// strides at which employers of one size follow each other, since no fraction comes near to it. Sectors, which are those
/// of thousands at once, then follow the published shares more closely than draws would.
const EVENLY: u64 = 0x9E37_79B9_7F4A_7C15;
/// The tertiary sector among the two, business services and road transport among the classes, from 0.
const TERTIARY: u8 = 1;
const BUSINESS_SERVICES: u8 = 1;
const TRANSPORT: u8 = 4;

impl City {
    /// How many indices [`City::employers`] takes.
    #[must_use]
    pub fn employer_indices(&self) -> u64 {
        LEVELS
            .iter()
            .map(|level| self.layout.employers(*level, self.people))
            .sum()
    }

    /// Employers in columns, by index in the order of their numbers. An index whose employer has nobody in a city of this
    /// size gives no row, so there may be fewer rows than indices.
    #[must_use]
    pub fn employers(&self, indices: Range<u64>) -> Employers {
        let mut employers = Employers::default();
        let mut first = 0;
        for level in LEVELS {
            let after = first + self.layout.employers(level, self.people);
            for index in indices.start.max(first)..indices.end.min(after) {
                let workplace = Workplace {
                    level,
                    ordinal: index - first,
                };
                if self.layout.has_staff(self.seed, workplace, self.people) {
                    self.push_employer(&mut employers, workplace);
                }
            }
            first = after;
        }
        employers
    }

    /// The numbers, counted from 0, of the persons who work for an employer of this number, ascending; nobody when there
    /// is no such employer.
    #[must_use]
    pub fn staff(&self, employer: i64) -> Vec<u64> {
        match Workplace::of(employer) {
            Some(workplace)
                if workplace.ordinal < self.layout.employers(workplace.level, self.people) =>
            {
                self.layout.staff(self.seed, workplace, self.people)
            }
            _ => Vec::new(),
        }
    }

    pub(crate) fn employer(&self, workplace: Workplace) -> Employer {
        let (margins, chance) = (&self.margins, self.chance_of(workplace));
        let sector = self.sector_of(workplace);
        let industry_class = match workplace.level {
            Level::Platform => TRANSPORT,
            _ => margins.by_industry[usize::from(sector)].pick(chance, Draw::Industry),
        };
        let level = margins.by_level.pick(chance, Draw::Level);
        Employer {
            district: self.district_of(workplace),
            sector,
            industry_class,
            rate_level: rate_level(level, industry_class),
            dispatches: matches!(workplace.level, Level::Middling | Level::Large)
                && industry_class == BUSINESS_SERVICES
                && chance.below(Draw::Dispatches, 15) == 0,
        }
    }

    /// An employer's sector alone.
    pub(crate) fn sector_of(&self, workplace: Workplace) -> u8 {
        match workplace.level {
            Level::Platform => TERTIARY,
            _ => {
                let start = mixed(self.seed ^ EVENLY ^ workplace.level as u64);
                let bits = start.wrapping_add(workplace.ordinal.wrapping_mul(EVENLY));
                self.margins.by_sector.at(bits)
            }
        }
    }

    /// An employer's district alone.
    pub(crate) fn district_of(&self, workplace: Workplace) -> u8 {
        let chance = self.chance_of(workplace);
        self.margins.by_district.pick(chance, Draw::District)
    }

    /// In which calendar month, 0 to 11, an employer looks at its wages.
    pub(crate) fn review_month(&self, workplace: Workplace) -> u64 {
        self.chance_of(workplace).turn(0, 12)
    }

    fn chance_of(&self, workplace: Workplace) -> Chance {
        Chance::of(
            self.seed,
            Subject::Employer,
            workplace.number().unsigned_abs(),
        )
    }

    fn push_employer(&self, employers: &mut Employers, workplace: Workplace) {
        let facts = self.employer(workplace);
        let district = &self.margins.districts[usize::from(facts.district)];
        let trades = self.margins.trades[usize::from(facts.industry_class)];
        let number = workplace.number();
        employers.employer.push(number);
        employers.credit_code.push(credit_code(workplace));
        employers.name.push(|text| {
            write_employer(text, &district.name, trades, facts.dispatches, number);
        });
        employers.district.push(district.code);
        employers.industry_class.push(facts.industry_class + 1);
        employers.rate_level.push(facts.rate_level + 1);
        employers.size.push(workplace.level as u8 + 1);
        employers.dispatches.push(facts.dispatches);
        let staff = self.layout.staff_count(self.seed, workplace, self.people);
        employers
            .staff
            .push(u32::try_from(staff).expect("the largest has 40,000"));
    }
}

/// The first class has no level below its base.
pub(crate) fn rate_level(drawn: u8, industry_class: u8) -> u8 {
    let at_base = 2;
    match industry_class {
        0 => drawn.max(at_base),
        _ => drawn,
    }
}
