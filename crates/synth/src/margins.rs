//! The published margins, read from the tables in `data/`.

use crate::chance::{Chance, Draw};
use crate::person::{INDUSTRIES, LEVELS, POSTS, STANDINGS};
use crate::wages::Wages;

/// A district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    /// Its code (GB/T 2260), as remembered.
    pub code: String,
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
    /// Men, then women.
    pub(crate) by_sex: Shares,
    /// First and last age in years of each band.
    pub(crate) ages: Vec<(i32, i32)>,
    pub(crate) by_age: Shares,
    pub(crate) by_post: Shares,
    pub(crate) by_standing: Shares,
    /// The secondary, then the tertiary sector.
    pub(crate) by_sector: Shares,
    /// For each sector, by industry class.
    pub(crate) by_industry: [Shares; 2],
    pub(crate) by_level: Shares,
    pub(crate) by_choice: Shares,
    pub(crate) wages: Wages,
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
        let total = self.upto.last().copied().unwrap_or(0);
        let at = chance.below(draw, total);
        u8::try_from(self.upto.partition_point(|upto| *upto <= at))
            .expect("no table has 256 entries")
    }
}

impl Margins {
    pub(crate) fn published() -> Margins {
        let districts = districts();
        let (ages, by_age) = ages();
        let figure = |name| number(find(&FIGURES, name)[1]);
        let industry = |sector| Shares::new(INDUSTRIES.iter().map(|class| shape(sector, class)));
        let all = |of, names: &[&str]| Shares::new(names.iter().map(|name| shape(of, name)));
        Margins {
            by_district: Shares::new(districts.iter().map(|district| district.residents)),
            by_sex: Shares::new([residents("all", "male"), residents("all", "female")]),
            ages,
            by_age,
            by_post: all("post", &POSTS),
            by_standing: all("standing", &STANDINGS),
            by_sector: Shares::new([figure("secondary_sector"), figure("tertiary_sector")]),
            by_industry: [industry("secondary"), industry("tertiary")],
            by_level: all("level", &LEVELS),
            by_choice: all(
                "choice",
                &["floor", "floor of last year", "average", "between"],
            ),
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
const DISTRICTS: Table = Table(include_str!("../data/districts.csv"));
const AGE_SEX: Table = Table(include_str!("../data/age_sex.csv"));
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
        code: row[0].to_owned(),
        name: row[2].to_owned(),
        residents: number(row[3]),
        minimum_wage_class: u8::try_from(number(row[5])).expect("1 or 2"),
    };
    DISTRICTS.rows().map(district).collect()
}

fn residents(group: &str, sex: &str) -> u64 {
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

/// The bands of age with their weights: the published groups, each shared out in the made-up shape.
fn ages() -> (Vec<(i32, i32)>, Shares) {
    let (working, over_60, over_65) = (
        residents("16-59", "both"),
        residents("60+", "both"),
        residents("65+", "both"),
    );
    let groups = [
        ("age 16-59", working),
        ("age 60-64", over_60 - over_65),
        ("age 65+", over_65),
    ];
    let (mut ages, mut weights) = (Vec::new(), Vec::new());
    for (group, residents) in groups {
        let rows = || SHAPE.rows().filter(|row| row[0] == group);
        let whole: u64 = rows().map(|row| number(row[2])).sum();
        for row in rows() {
            let (first, last) = row[1].split_once('-').expect("a band of ages");
            let year = |text: &str| text.parse().expect("an age in years");
            ages.push((year(first), year(last)));
            weights.push(residents * number(row[2]) / whole);
        }
    }
    (ages, Shares::new(weights))
}
