//! Who is this? What the city knows of one insured person, drawn from the seed and the number.

use crate::chance::{Chance, Draw};
use crate::city::City;
use crate::layout::{Block, Group, Level, Workplace};

/// One insured person.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Insured {
    pub(crate) number: u64,
    pub(crate) chance: Chance,
    pub(crate) group: Group,
    pub(crate) workplace: Option<Workplace>,
    /// 0 male, 1 female.
    pub(crate) sex: u8,
    /// 0 a worker's post, 1 a post in management or technology.
    pub(crate) post: u8,
    /// An [index](measure::Month::index).
    pub(crate) birth_month: i32,
}

/// The month in which ages are as published: the end of December 2024 is the beginning of January 2025.
pub(crate) const AS_AT: i32 = 2025 * 12;
/// When Chongqing's firms came under the scheme, made up: from January 1986, within seven years.
const SCHEME_START: i32 = 1986 * 12;
/// When residents could first join, made up.
const RESIDENTS_START: i32 = 2010 * 12;

impl City {
    pub(crate) fn insured(&self, block: &Block, number: u64) -> Insured {
        let (margins, chance) = (&self.margins, Chance::new(self.seed, number));
        let slot = block.slot(number);
        let group = self.layout.group(slot);
        let sex = match group {
            Group::EarlyPensioner => 1,
            _ => margins.by_sex.pick(chance, Draw::Sex),
        };
        let post = margins.by_post.pick(chance, Draw::Post);
        Insured {
            number,
            chance,
            group,
            workplace: self.layout.workplace(self.seed, block.index(), slot),
            sex,
            post,
            birth_month: self.birth_month(chance, group, sex, post),
        }
    }

    fn birth_month(&self, chance: Chance, group: Group, sex: u8, post: u8) -> i32 {
        let [working, sixties, old] = &self.margins.ages;
        let last_of_work = self.last_age_of_work(sex, post);
        let (ages, until) = match group {
            Group::Staff | Group::PartTime | Group::PlatformIndividual | Group::Individual => {
                (working, last_of_work)
            }
            Group::PlatformResident | Group::Resident | Group::EarlyPensioner => {
                (working, i32::MAX)
            }
            Group::Pensioner | Group::DrawingResident => (sixties, i32::MAX),
            Group::OldPensioner | Group::OldResident => (old, i32::MAX),
        };
        let (first, last) = match group {
            Group::EarlyPensioner => {
                let last = ages.bands.last().map_or(last_of_work, |band| band.1);
                (last_of_work + 1, last)
            }
            _ => {
                let bands = ages.bands.partition_point(|band| band.1 <= until);
                ages.bands[usize::from(ages.shares.pick_among(chance, Draw::AgeBand, bands))]
            }
        };
        AS_AT - 1 - chance.between(Draw::AgeMonths, first * 12, last * 12 + 11)
    }

    /// The last age in years at which somebody works.
    pub(crate) fn last_age_of_work(&self, sex: u8, post: u8) -> i32 {
        self.margins.working_until[match (sex, post) {
            (0, _) => 0,
            (_, 1) => 1,
            _ => 2,
        }]
    }

    /// The least monthly wage of a district, in fen.
    pub(crate) fn minimum_wage(&self, district: u8) -> i64 {
        let class = self.margins.districts[usize::from(district)].minimum_wage_class;
        self.margins.wages.minimum(class)
    }

    /// Where somebody lives, as an index of districts. The odd one of a couple lives where the even one does.
    pub(crate) fn home(&self, insured: &Insured, neighbour: &Insured) -> u8 {
        match insured.number % 2 == 1 && couple(insured, neighbour) {
            true => self.own_home(neighbour),
            false => self.own_home(insured),
        }
    }

    fn own_home(&self, insured: &Insured) -> u8 {
        // Four in five of the staff of a small employer live in its district; a larger one's come from everywhere.
        match insured.workplace {
            Some(workplace)
                if workplace.level == Level::Small
                    && insured.chance.below(Draw::LivesNear, 5) < 4 =>
            {
                self.district_of(workplace)
            }
            _ => self
                .margins
                .by_district
                .pick(insured.chance, Draw::District),
        }
    }

    /// A monthly wage in fen in a district.
    pub(crate) fn wage(&self, chance: Chance, district: u8) -> i64 {
        let class = self.margins.districts[usize::from(district)].minimum_wage_class;
        self.margins.wages.draw(chance, class)
    }

    /// A monthly base in fen as individuals choose it.
    pub(crate) fn chosen_base(&self, chance: Chance) -> i64 {
        let (wages, floor) = (&self.margins.wages, self.margins.wages.base_floor);
        match self.margins.by_choice.pick(chance, Draw::Choice) {
            0 => floor[0],
            1 => floor[1],
            2 => wages.monthly_average(),
            // In steps of a hundred yuan, up to twice the floor.
            _ => floor[0] + i64::from(chance.between(Draw::ChosenBase, 1, 44)) * 10_000,
        }
    }
}

/// Whether two neighbours, an even number and the next, are married to each other: some of those who could be.
pub(crate) fn couple(one: &Insured, other: &Insured) -> bool {
    let even = match one.number.is_multiple_of(2) {
        true => one,
        false => other,
    };
    let old_enough = AS_AT - 25 * 12;
    one.sex != other.sex
        && one.birth_month <= old_enough
        && other.birth_month <= old_enough
        && (one.birth_month - other.birth_month).abs() <= 6 * 12
        && even.chance.below(Draw::Together, 5) < 4
}

/// Whether one is a parent of the other, of two numbers apart: some of those who could be.
pub(crate) fn parent(one: &Insured, other: &Insured) -> bool {
    (20 * 12..40 * 12).contains(&(other.birth_month - one.birth_month))
}

impl Insured {
    /// The month of the first contribution to the employees' scheme and the months deemed paid before. Three in five came
    /// under the scheme with their first job, or when their firm did; the others, later in life.
    pub(crate) fn beginning(&self) -> (i32, i32) {
        let (chance, latest) = (self.chance, AS_AT - 1);
        let first_job =
            (self.birth_month + chance.between(Draw::FirstJob, 16 * 12, 24 * 12)).min(latest);
        let scheme_start = SCHEME_START + chance.between(Draw::SchemeStart, 0, 7 * 12 - 1);
        if chance.below(Draw::Career, 5) < 3 {
            return (
                first_job.max(scheme_start),
                (scheme_start - first_job).max(0),
            );
        }
        let earliest = first_job.max(scheme_start);
        let last = (self.birth_month + 52 * 12).min(latest).max(earliest);
        (chance.between(Draw::LateEntry, earliest, last), 0)
    }

    /// The month in which a resident joined.
    pub(crate) fn joined(&self) -> i32 {
        let earliest = RESIDENTS_START.max(self.birth_month + 16 * 12);
        let latest = (self.birth_month + 59 * 12).clamp(earliest, AS_AT - 1);
        self.chance
            .between(Draw::Since, earliest.min(latest), latest)
    }

    /// The month in which the present work began, not before the first contribution.
    pub(crate) fn hired(&self, first_insured: i32) -> i32 {
        let months = self.chance.between(Draw::Tenure, 0, 20 * 12);
        (AS_AT - 1 - months).max(first_insured)
    }
}
