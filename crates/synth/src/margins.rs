//! The published margins, read from the tables in `data/`.

use crate::chance::{Chance, Draw, share};
use crate::layout::BLOCK;
use crate::person::{INDUSTRIES, LEVELS, POSTS, STANDINGS};
use crate::wages::Wages;

/// A district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its code (GB/T 2260), as remembered, such as 500101.
    pub code: i32,
    /// Its name, 万州区.
    pub name: String,
    /// Residents at the census of 2020.
    pub residents: u64,
    /// The class of its minimum wage, 1 or 2.
    pub minimum_wage_class: u8,
}

/// What the city is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct Margins {
    pub(crate) districts: Vec<District>,
    pub(crate) by_district: Shares,
    /// Men, then women, outside the groups that are of women alone.
    pub(crate) by_sex: Shares,
    /// From 16 to 59, from 60 to 64, from 65.
    pub(crate) ages: [Ages; 3],
    /// The last age at which a man, a woman in management and a woman in a worker's post still work.
    pub(crate) working_until: [i32; 3],
    pub(crate) by_post: Shares,
    pub(crate) by_standing: Shares,
    /// The secondary, then the tertiary sector.
    pub(crate) by_sector: Shares,
    /// For each sector, by industry class.
    pub(crate) by_industry: [Shares; 2],
    pub(crate) by_level: Shares,
    pub(crate) by_choice: Shares,
    /// What residents pay in a year, in fen, by the shares in which they choose it.
    pub(crate) tiers: Vec<i64>,
    pub(crate) by_tier: Shares,
    /// For each class of industry two words for names.
    pub(crate) trades: Vec<[&'static str; 2]>,
    pub(crate) wages: Wages,
}

/// Bands of age with their shares.
#[derive(Clone, Debug)]
pub(crate) struct Ages {
    /// First and last age in years of each band, ascending.
    pub(crate) bands: Vec<(i32, i32)>,
    pub(crate) shares: Shares,
}

/// Weights that count against each other.
#[derive(Clone, Debug)]
pub(crate) struct Shares {
    /// Each entry's weight added to all before it.
    upto: Vec<u64>,
}

impl Shares {
    pub(crate) fn new(weights: impl IntoIterator<Item = u64>) -> Shares {
        let mut sum = 0;
        let upto = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        Shares {
            upto: upto.collect(),
        }
    }

    /// An entry's index, by chance in proportion to its weight.
    pub(crate) fn pick(&self, chance: Chance, draw: Draw) -> u8 {
        self.pick_among(chance, draw, self.upto.len())
    }

    /// The same among the first so many entries.
    pub(crate) fn pick_among(&self, chance: Chance, draw: Draw, entries: usize) -> u8 {
        let total = entries.checked_sub(1).map_or(0, |last| self.upto[last]);
        self.holding(chance.below(draw, total))
    }

    /// The entry at `bits` of 2^64 of the whole.
    pub(crate) fn at(&self, bits: u64) -> u8 {
        self.holding(share(bits, self.upto.last().copied().unwrap_or(0)))
    }

    fn holding(&self, at: u64) -> u8 {
        u8::try_from(self.upto.partition_point(|upto| *upto <= at))
            .expect("no table has 256 entries")
    }
}

impl Margins {
    /// The margins; of a block's persons so many are women by their group.
    pub(crate) fn published(women_only: u64) -> Margins {
        let districts = districts();
        let figure = |name| number(find(&FIGURES, name)[1]);
        let industry = |sector| Shares::new(INDUSTRIES.iter().map(|class| shape(sector, class)));
        let all = |of, names: &[&str]| Shares::new(names.iter().map(|name| shape(of, name)));
        let until = |who| i32::try_from(shape("working until", who)).expect("an age in years");
        let tiers = || SHAPE.rows().filter(|row| row[0] == "tier");
        Margins {
            by_district: Shares::new(districts.iter().map(|district| district.residents)),
            by_sex: sexes(women_only),
            ages: ["age 16-59", "age 60-64", "age 65+"].map(ages),
            working_until: ["man", "woman in management", "woman worker"].map(until),
            by_post: all("post", &POSTS),
            by_standing: all("standing", &STANDINGS),
            by_sector: Shares::new([figure("secondary_sector"), figure("tertiary_sector")]),
            by_industry: [industry("secondary"), industry("tertiary")],
            by_level: all("level", &LEVELS),
            by_choice: all(
                "choice",
                &["floor", "floor of last year", "average", "between"],
            ),
            tiers: tiers()
                .map(|row| i64::try_from(number(row[1])).expect("some yuan") * 100)
                .collect(),
            by_tier: Shares::new(tiers().map(|row| number(row[2]))),
            trades: trades(),
            wages: Wages::published(),
            districts,
        }
    }
}

/// An embedded table: comment lines begin with `#`, then a line of names, then rows. No cell holds a comma.
pub(crate) struct Table(&'static str);

pub(crate) const FIGURES: Table = Table(include_str!("../data/figures.csv"));
pub(crate) const AVERAGE_WAGE: Table = Table(include_str!("../data/average_wage.csv"));
pub(crate) const OCCUPATIONS: Table = Table(include_str!("../data/occupations.csv"));
pub(crate) const DISTRICTS: Table = Table(include_str!("../data/districts.csv"));
pub(crate) const AGE_SEX: Table = Table(include_str!("../data/age_sex.csv"));
pub(crate) const INSURED: Table = Table(include_str!("../data/insured.csv"));
pub(crate) const BLOCK_SHARES: Table = Table(include_str!("../data/standings.csv"));
pub(crate) const EMPLOYERS: Table = Table(include_str!("../data/employers.csv"));
pub(crate) const MOVEMENTS: Table = Table(include_str!("../data/movements.csv"));
const TRADES: Table = Table(include_str!("../data/trades.csv"));
const SHAPE: Table = Table(include_str!("../data/shape.csv"));

impl Table {
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<&'static str>> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#')).skip(1);
        lines.map(|line| line.split(',').collect())
    }
}

/// The row of this name.
pub(crate) fn find(table: &Table, name: &str) -> Vec<&'static str> {
    table
        .rows()
        .find(|row| row[0] == name)
        .expect("the tests read every row that is asked for")
}

pub(crate) fn number(cell: &str) -> u64 {
    cell.parse()
        .expect("the tests read every number of the embedded tables")
}

fn districts() -> Vec<District> {
    let district = |row: Vec<&str>| District {
        code: row[0].parse().expect("six digits"),
        name: row[2].to_owned(),
        residents: number(row[3]),
        minimum_wage_class: u8::try_from(number(row[5])).expect("1 or 2"),
    };
    DISTRICTS.rows().map(district).collect()
}

/// Residents of a published group at the end of 2022.
pub(crate) fn residents(group: &str, sex: &str) -> u64 {
    let mut rows = AGE_SEX.rows();
    let row = rows
        .find(|row| row[0] == group && row[1] == sex)
        .expect("a published group");
    number(row[2])
}

/// The weight of a name in a made-up shape; nothing where the shape does not speak of it.
fn shape(of: &str, name: &str) -> u64 {
    SHAPE
        .rows()
        .find(|row| row[0] == of && row[1] == name)
        .map_or(0, |row| number(row[2]))
}

/// Men and women among those whose group leaves it open, so that of all residents as many are men as published.
fn sexes(women_only: u64) -> Shares {
    let (men, all) = (residents("all", "male"), residents("all", "both"));
    let men = men * BLOCK;
    Shares::new([men, all * (BLOCK - women_only) - men])
}

/// The bands of age of a published group, in the made-up shape.
fn ages(group: &str) -> Ages {
    let rows = || SHAPE.rows().filter(|row| row[0] == group);
    let band = |row: Vec<&str>| {
        let (first, last) = row[1].split_once('-').expect("a band of ages");
        let year = |text: &str| text.parse().expect("an age in years");
        (year(first), year(last))
    };
    Ages {
        bands: rows().map(band).collect(),
        shares: Shares::new(rows().map(|row| number(row[2]))),
    }
}

fn trades() -> Vec<[&'static str; 2]> {
    let words: Vec<&str> = TRADES.rows().map(|row| row[1]).collect();
    words.chunks_exact(2).map(|two| [two[0], two[1]]).collect()
}
