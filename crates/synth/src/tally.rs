//! How close is the city to what was published? Counts over registers, and each published margin beside what was made.

use crate::city::City;
use crate::codes::{category, employment, scheme, sex};
use crate::insured::AS_AT;
use crate::layout::{Level, Workplace};
use crate::margins::{AGE_SEX, AVERAGE_WAGE, DISTRICTS, FIGURES, INSURED, find, number, residents};
use crate::registers::Registers;

/// Counts of what was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    persons: u64,
    men: u64,
    /// Below 60, to 64, from 65.
    ages: [u64; 3],
    districts: Vec<u64>,
    unemployment: u64,
    work_injury: u64,
    platform: u64,
    /// The staff of the secondary and of the tertiary sector.
    sectors: [u64; 2],
    /// How many wages, their sum in fen, and the sum of their squares.
    wages: (u64, i128, i128),
}

/// Which margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Margin {
    /// The insured by sex, against residents.
    Sex,
    /// The insured by age, against residents.
    Age,
    /// The insured by district, against residents.
    District,
    /// The insured in a scheme, or at work for platforms, against all the insured.
    Insured,
    /// Employees by sector, against the employed.
    Sector,
    /// The mean monthly wage in fen of those whose wage is declared.
    Wage,
}

/// A published figure beside what was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Of which margin.
    pub margin: Margin,
    /// Of what: `men`, `16-59`, `万州区`, `unemployment`, `secondary`, `average`.
    pub name: &'static str,
    /// The figure: so many of `published_of`; of a wage fen a month, for each one.
    pub published: u64,
    /// Of how many, or 1.
    pub published_of: u64,
    /// Where it was published, with its mark, as in `data/`.
    pub source: &'static str,
    /// What was made: so many of `made_of`; of a wage the mean in fen, for each one.
    pub made: u64,
    /// Of how many, or 1.
    pub made_of: u64,
    /// How far `made` may be from [`expected`](Comparison::expected) by chance: five standard deviations, which fewer than
    /// one in a million honest draws exceed.
    pub allowed: u64,
}

impl Comparison {
    /// What would have been made had everything come out as published, to the nearest.
    #[must_use]
    pub fn expected(&self) -> u64 {
        let [made_of, published, of] =
            [self.made_of, self.published, self.published_of].map(u128::from);
        u64::try_from((2 * made_of * published + of) / (2 * of).max(1)).unwrap_or(u64::MAX)
    }

    /// Whether chance alone may explain the difference.
    #[must_use]
    pub fn is_within_chance(&self) -> bool {
        self.made.abs_diff(self.expected()) <= self.allowed
    }
}

impl Tally {
    /// Counts these rows too.
    ///
    /// # Panics
    ///
    /// When the rows are not of this city.
    pub fn add(&mut self, city: &City, registers: &Registers) {
        self.districts.resize(city.districts().len(), 0);
        let calendar = city.registry.calendar();
        let [sixty, sixty_five] = [60, 65].map(|age| calendar.first_day(AS_AT - age * 12));
        for (person_sex, born) in registers.persons.sex.iter().zip(&registers.persons.born) {
            self.persons += 1;
            self.men += u64::from(*person_sex == sex::MALE);
            self.ages[usize::from(*born < sixty) + usize::from(*born < sixty_five)] += 1;
        }
        for code in &registers.residences.district {
            let place = city
                .districts()
                .partition_point(|district| district.code < *code);
            self.districts[place] += 1;
        }
        let employments = &registers.employments;
        for (kind, employer) in employments.kind.iter().zip(&employments.employer) {
            match *kind {
                employment::PLATFORM => self.platform += 1,
                employment::FLEXIBLE => {}
                _ => {
                    let workplace = Workplace::of(*employer).expect("an employer of this city");
                    self.sectors[usize::from(city.sector_of(workplace))] += 1;
                }
            }
        }
        let rows = &registers.participations;
        for row in 0..rows.person.len() {
            match (rows.scheme[row], rows.category[row]) {
                (scheme::UNEMPLOYMENT, _) => self.unemployment += 1,
                (scheme::WORK_INJURY, _) => self.work_injury += 1,
                (scheme::EMPLOYEE_PENSION, category::EMPLOYEE) if rows.declared[row] > 0 => {
                    let wage = i128::from(rows.declared[row]);
                    self.wages.0 += 1;
                    self.wages.1 += wage;
                    self.wages.2 += wage * wage;
                }
                _ => {}
            }
        }
    }

    /// Adds another tally of the same city.
    #[must_use]
    pub fn and(mut self, other: &Tally) -> Tally {
        self.persons += other.persons;
        self.men += other.men;
        let add = |mine: &mut [u64], theirs: &[u64]| {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        };
        add(&mut self.ages, &other.ages);
        self.districts
            .resize(self.districts.len().max(other.districts.len()), 0);
        add(&mut self.districts, &other.districts);
        self.unemployment += other.unemployment;
        self.work_injury += other.work_injury;
        self.platform += other.platform;
        add(&mut self.sectors, &other.sectors);
        self.wages.0 += other.wages.0;
        self.wages.1 += other.wages.1;
        self.wages.2 += other.wages.2;
        self
    }

    /// Every published margin beside what was made of it.
    #[must_use]
    pub fn compare(&self, city: &City) -> Vec<Comparison> {
        let mut comparisons = self.compare_persons();
        comparisons.extend(self.compare_districts(city));
        comparisons.extend(self.compare_insured());
        comparisons.extend(self.compare_sectors(city));
        comparisons.push(self.compare_wages(city));
        comparisons
    }

    fn compare_persons(&self) -> Vec<Comparison> {
        let row = |group: &str, of: &str| {
            let mut rows = AGE_SEX.rows();
            let row = rows.find(|row| row[0] == group && row[1] == of);
            row.expect("a published group")[3]
        };
        let share = |margin, name, published, of, source, made| Share {
            margin,
            name,
            published,
            published_of: of,
            source,
            made,
            made_of: self.persons,
            clustered: u128::from(self.persons),
        };
        let (men, both) = (residents("all", "male"), residents("all", "both"));
        let (over_60, over_65) = (residents("60+", "both"), residents("65+", "both"));
        let (working, sixties) = (residents("16-59", "both"), over_60 - over_65);
        let grown = working + over_60;
        let [below, between, above] = self.ages;
        [
            share(Margin::Sex, "men", men, both, row("all", "male"), self.men),
            share(
                Margin::Age,
                "16-59",
                working,
                grown,
                row("16-59", "both"),
                below,
            ),
            share(
                Margin::Age,
                "60-64",
                sixties,
                grown,
                row("60+", "both"),
                between,
            ),
            share(
                Margin::Age,
                "65+",
                over_65,
                grown,
                row("65+", "both"),
                above,
            ),
        ]
        .map(Share::compared)
        .into()
    }

    fn compare_districts(&self, city: &City) -> Vec<Comparison> {
        let all: u64 = city
            .districts()
            .iter()
            .map(|district| district.residents)
            .sum();
        // The staff of a small employer mostly live together, and couples do.
        let clustered =
            city.layout.squares(Level::Small, city.people()) + 2 * u128::from(self.persons);
        let rows = DISTRICTS.rows().zip(city.districts()).zip(&self.districts);
        rows.map(|((row, district), made)| {
            let share = Share {
                margin: Margin::District,
                name: row[2],
                published: district.residents,
                published_of: all,
                source: row[4],
                made: *made,
                made_of: self.persons,
                clustered,
            };
            share.compared()
        })
        .collect()
    }

    fn compare_insured(&self) -> Vec<Comparison> {
        let made = [
            ("unemployment", self.unemployment),
            ("work-injury", self.work_injury),
            ("platform", self.platform),
        ];
        let all = number(find(&INSURED, "pension")[1]);
        made.map(|(name, made)| {
            let row = find(&INSURED, name);
            let share = Share {
                margin: Margin::Insured,
                name,
                published: number(row[1]),
                published_of: all,
                source: row[2],
                made,
                made_of: self.persons,
                clustered: u128::from(self.persons),
            };
            share.compared()
        })
        .into()
    }

    fn compare_sectors(&self, city: &City) -> Vec<Comparison> {
        let rows = ["secondary_sector", "tertiary_sector"].map(|name| find(&FIGURES, name));
        let all = rows.iter().map(|row| number(row[1])).sum();
        // A sector is an employer's, for all of its staff.
        let levels = [Level::Small, Level::Middling, Level::Large];
        let squares = levels.map(|level| city.layout.squares(level, city.people()));
        let rows = rows
            .into_iter()
            .zip(["secondary", "tertiary"])
            .zip(self.sectors);
        rows.map(|((row, name), made)| {
            let share = Share {
                margin: Margin::Sector,
                name,
                published: number(row[1]),
                published_of: all,
                source: row[2],
                made,
                made_of: self.sectors.iter().sum(),
                clustered: squares.iter().sum(),
            };
            share.compared()
        })
        .collect()
    }

    fn compare_wages(&self, city: &City) -> Comparison {
        let row = AVERAGE_WAGE
            .rows()
            .last()
            .expect("a year with an average wage");
        let (count, sum, squares) = self.wages;
        let n = i128::from(count.max(1));
        // The variance of the mean: the mean square less the squared mean, by the number of wages.
        let variance = (squares - sum * sum / n) / (n * n);
        let mean = u64::try_from(sum / n).unwrap_or(0);
        Comparison {
            margin: Margin::Wage,
            name: "average",
            published: city.margins.wages.exact_monthly_average(),
            published_of: 1,
            source: row[2],
            made: mean,
            made_of: 1,
            allowed: 5 * (root(variance.unsigned_abs()) + 1),
        }
    }
}

/// A share on the way to its comparison.
struct Share {
    margin: Margin,
    name: &'static str,
    published: u64,
    published_of: u64,
    source: &'static str,
    made: u64,
    made_of: u64,
    /// The sum of squares of those who are drawn together; of independent draws their number.
    clustered: u128,
}

impl Share {
    fn compared(self) -> Comparison {
        let [part, of] = [self.published, self.published_of].map(u128::from);
        // The variance of the count is p (1 - p) for each draw.
        let variance = self.clustered * part / of * (of - part) / of;
        Comparison {
            margin: self.margin,
            name: self.name,
            published: self.published,
            published_of: self.published_of,
            source: self.source,
            made: self.made,
            made_of: self.made_of,
            allowed: 5 * (root(variance) + 1),
        }
    }
}

/// The whole part of the square root.
fn root(square: u128) -> u64 {
    u64::try_from(square.isqrt()).unwrap_or(u64::MAX)
}
