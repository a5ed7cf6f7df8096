//! What people earn, and what the average was in each year.

use crate::chance::{Chance, Draw};
use crate::margins::{AVERAGE_WAGE, FIGURES, OCCUPATIONS, find, number};

/// Wages and the bounds between which one pays.
#[derive(Clone, Debug)]
pub(crate) struct Wages {
    /// For each occupation its pay of 2019 in yuan a year, at each of [`POINTS`].
    occupations: Vec<[i64; POINTS.len()]>,
    /// What the pay of 2019 is multiplied by, in millionths.
    level: i64,
    /// The minimum wage by class, in fen a month.
    minimum: [i64; 2],
    /// The average wage in yuan, from [`EARLIEST`].
    average: Vec<i64>,
    /// The first year from which on every average wage is a published one.
    pub(crate) published_from: i32,
    /// The least base, this year's and last year's, in fen a month.
    pub(crate) base_floor: [i64; 2],
    /// The least and the greatest index, in ten-thousandths.
    pub(crate) index_bounds: (i64, i64),
}

/// No career begins before.
const EARLIEST: i32 = 1985;
/// The year whose wages the city has.
const THIS_YEAR: i32 = 2025;
/// Of a million, how many earn no more. The ends, the 99th included, are made up.
const POINTS: [i64; 8] = [
    0, 100_000, 250_000, 500_000, 750_000, 900_000, 990_000, 1_000_000,
];

impl Wages {
    pub(crate) fn published() -> Wages {
        let figure = |name: &str| whole(find(&FIGURES, name)[1]);
        let (average, published_from) = averages();
        let mut wages = Wages {
            occupations: OCCUPATIONS.rows().map(|row| pay_of_2019(&row)).collect(),
            level: 0,
            minimum: ["minimum_wage_class_1", "minimum_wage_class_2"]
                .map(|class| figure(class) * 100),
            average,
            published_from,
            base_floor: ["base_floor", "base_floor_last_year"].map(|floor| figure(floor) * 100),
            index_bounds: (
                figure("floor_per_cent") * 100,
                figure("ceiling_per_cent") * 100,
            ),
        };
        wages.level = wages.level_of_this_year();
        wages
    }

    /// A monthly wage in fen, by chance, in a district of this minimum-wage class.
    pub(crate) fn draw(&self, chance: Chance, minimum_wage_class: u8) -> i64 {
        let occupations = u64::try_from(self.occupations.len()).expect("a handful");
        let occupation =
            usize::try_from(chance.below(Draw::Occupation, occupations)).expect("a handful");
        let at = i64::try_from(chance.below(Draw::Pay, 1_000_000)).expect("below a million");
        self.monthly(occupation, at, minimum_wage_class)
    }

    /// The average wage of a year in yuan.
    pub(crate) fn average(&self, year: i32) -> i64 {
        let last = self.average.len() - 1;
        self.average[usize::try_from(year - EARLIEST).unwrap_or(0).min(last)]
    }

    /// The index of a monthly amount in fen against this year's average, within the bounds, in ten-thousandths.
    pub(crate) fn index(&self, monthly: i64) -> i64 {
        let (least, most) = self.index_bounds;
        (monthly * 12 * 100 / self.average(THIS_YEAR)).clamp(least, most)
    }

    /// This year's monthly average in fen, up to the yuan.
    pub(crate) fn monthly_average(&self) -> i64 {
        (self.average(THIS_YEAR) + 11) / 12 * 100
    }

    /// This year's monthly average in fen, to the fen below.
    pub(crate) fn exact_monthly_average(&self) -> u64 {
        u64::try_from(self.average(THIS_YEAR) * 100 / 12).expect("a wage")
    }

    /// The minimum wage of a class, in fen a month.
    pub(crate) fn minimum(&self, minimum_wage_class: u8) -> i64 {
        self.minimum[usize::from(minimum_wage_class - 1)]
    }

    /// The pay of the `at`th in a million of an occupation, in fen a month of this year.
    fn monthly(&self, occupation: usize, at: i64, minimum_wage_class: u8) -> i64 {
        let pay = &self.occupations[occupation];
        let above = POINTS.partition_point(|point| *point <= at);
        let (low, high) = (POINTS[above - 1], POINTS[above]);
        // In hundredths of a yuan a year, that is fen.
        let yearly =
            pay[above - 1] * 100 + (pay[above] - pay[above - 1]) * 100 * (at - low) / (high - low);
        (yearly * self.level / 1_000_000 / 12).max(self.minimum(minimum_wage_class))
    }

    /// The level at which the mean wage is the published average, the minimum wage already counted.
    fn level_of_this_year(&self) -> i64 {
        let wanted = self.average(THIS_YEAR) * 100 / 12;
        let mean = |level| {
            let wages = Wages {
                level,
                ..self.clone()
            };
            let places = || (0..1_000).map(|place| place * 1_000 + 500);
            let of = |occupation| {
                places()
                    .map(|at| wages.monthly(occupation, at, 1))
                    .sum::<i64>()
                    / 1_000
            };
            let occupations = self.occupations.len();
            (0..occupations).map(of).sum::<i64>() / i64::try_from(occupations).expect("a handful")
        };
        let (mut low, mut high) = (0, 10_000_000);
        while low + 1 < high {
            let middle = (low + high) / 2;
            match mean(middle) < wanted {
                true => low = middle,
                false => high = middle,
            }
        }
        high
    }
}

fn whole(cell: &str) -> i64 {
    i64::try_from(number(cell)).expect("a figure of the tables")
}

/// The published percentiles of an occupation between made-up ends.
fn pay_of_2019(row: &[&str]) -> [i64; POINTS.len()] {
    let [p10, p25, p50, p75, p90] = [1, 2, 3, 4, 5].map(|column| whole(row[column]));
    [p10 * 6 / 10, p10, p25, p50, p75, p90, p90 * 2, p90 * 5]
}

/// The average wage of each year from [`EARLIEST`], and from when on all are published. A year without a published
/// figure takes the next year's less a tenth of what remains: made up, so that careers have a past.
fn averages() -> (Vec<i64>, i32) {
    let published: Vec<(i32, i64)> = AVERAGE_WAGE
        .rows()
        .map(|row| (row[0].parse().expect("a year"), whole(row[1])))
        .collect();
    let (mut averages, mut published_from, mut next) = (Vec::new(), THIS_YEAR, 0);
    let mut unbroken = true;
    for year in (EARLIEST..=THIS_YEAR).rev() {
        match published.iter().find(|row| row.0 == year) {
            Some((_, yuan)) => next = *yuan,
            None => {
                unbroken = false;
                next = next * 10 / 11;
            }
        }
        if unbroken {
            published_from = year;
        }
        averages.push(next);
    }
    averages.reverse();
    (averages, published_from)
}
