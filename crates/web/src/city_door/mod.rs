//! The door for planners: the city's figures, never a person's.

pub(crate) mod overview;
pub(crate) mod district;

use crate::house::House;
use crate::problem::Problem;
use crate::visitor::Visitor;
use city::insurance::Scheme;
use city::places::District;
use measure::{Fen, Words};
use office::figures::{Cell, Figures, figures};
use rules::explain::Lang;

/// The schemes whose dues the office collects.
pub(crate) fn schemes() -> impl Iterator<Item = Scheme> {
    Scheme::ALL
        .iter()
        .copied()
        .filter(|scheme| scheme.collected())
}

/// What is shown of a scheme or a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// How many are insured.
    Insured,
    /// What is due for the month.
    Due,
    /// What of it came in.
    Collected,
    /// What is open of all that was billed.
    Arrears,
}

impl Measure {
    pub(crate) const ALL: [Measure; 4] = [
        Measure::Insured,
        Measure::Due,
        Measure::Collected,
        Measure::Arrears,
    ];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Measure::Insured => "insured",
            Measure::Due => "due",
            Measure::Collected => "collected",
            Measure::Arrears => "arrears",
        }
    }

    pub(crate) const fn name(self) -> Words {
        match self {
            Measure::Insured => Words::new("参保缴费人数", "Insured and paying"),
            Measure::Due => Words::new("当月应缴", "Due for the month"),
            Measure::Collected => Words::new("当月已到账", "Of it collected"),
            Measure::Arrears => Words::new("欠费余额", "In arrears"),
        }
    }

    pub(crate) fn read(word: &str) -> Measure {
        let mut all = Measure::ALL.into_iter();
        all.find(|measure| measure.word() == word)
            .unwrap_or(Measure::Insured)
    }

    pub(crate) fn of(self, cell: &Cell) -> i64 {
        match self {
            Measure::Insured => cell.insured,
            Measure::Due => cell.due.0,
            Measure::Collected => cell.collected.0,
            Measure::Arrears => 0,
        }
    }

    /// A value as a picture writes it: yuan by the thousand where it is money.
    pub(crate) const fn written(self) -> fn(i64) -> String {
        match self {
            Measure::Insured => count,
            Measure::Due | Measure::Collected | Measure::Arrears => thousands,
        }
    }
}

/// What is said in place of what is hidden.
pub(crate) const HIDDEN: Words = Words::new("少于 5，不显示", "below 5, not shown");

/// A count with its thousands apart; below zero what is hidden.
pub(crate) fn count(number: i64) -> String {
    if number < 0 {
        return "< 5".to_owned();
    }
    let text = Fen(number.saturating_mul(100))
        .with_separators()
        .to_string();
    text.strip_suffix(".00")
        .map_or_else(|| text.clone(), str::to_owned)
}

fn thousands(fen: i64) -> String {
    if fen < 0 {
        return "—".to_owned();
    }
    format!("{}k", count(fen / 100_000))
}

/// The figures within reach of who asks.
pub(crate) async fn read(house: &House, visitor: &Visitor) -> Result<Figures, Problem> {
    let (login, today, rooms) = (visitor.login().cloned(), visitor.today(), house.clone());
    house
        .office(move |db| figures(db, rooms.law(), login.as_ref(), today))
        .await
}

/// The sum of a measure over the cells that are shown, of one scheme or all, in one district or all; `None` where all that
/// there are is hidden.
pub(crate) fn sum(
    of: &Figures,
    measure: Measure,
    scheme: Option<Scheme>,
    district: Option<District>,
) -> Option<i64> {
    let here = |place: District| district.is_none_or(|only| only == place);
    if measure == Measure::Arrears {
        let overdue = |band: i64| {
            of.bands
                .iter()
                .any(|(known, from)| *known == band && *from > 0)
        };
        let arrears = of.arrears.iter();
        let within = arrears.filter(|((place, band), _)| overdue(*band) && here(*place));
        return shown_sum(within.map(|(_, open)| open.map(|open| open.0)));
    }
    let cells = of.cells.iter();
    let within = cells.filter(|((of_scheme, place), _)| {
        scheme.is_none_or(|only| only == *of_scheme) && here(*place)
    });
    shown_sum(within.map(|(_, cell)| cell.as_ref().map(|cell| measure.of(cell))))
}

/// What is shown of some values, added up; `None` where nothing is but what is hidden.
pub(crate) fn shown_sum(values: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    let (mut sum, mut hides) = (0, false);
    for value in values {
        sum += value.unwrap_or(0);
        hides |= value.is_none();
    }
    (sum != 0 || !hides).then_some(sum)
}

/// A band of age in words, as the law's table has it.
pub(crate) fn band(of: &Figures, band: i64, lang: Lang) -> String {
    let Some(at) = of.bands.iter().position(|(known, _)| *known == band) else {
        return band.to_string();
    };
    let from = of.bands[at].1;
    let to = of.bands.get(at + 1).map(|(_, next)| next - 1);
    match (from, to) {
        (0, _) => lang.pick("未逾期", "not overdue").to_owned(),
        (from, Some(to)) => lang.pick(
            format!("逾期 {from} 至 {to} 天"),
            format!("{from} to {to} days overdue"),
        ),
        (from, None) => lang.pick(
            format!("逾期 {from} 天以上"),
            format!("{from} days overdue and more"),
        ),
    }
}

/// Made-up figures for samples.
pub(crate) fn sample() -> Figures {
    sample_of(crate::look::districts::ALL)
}

fn sample_of(places: &[crate::look::districts::Placed]) -> Figures {
    use measure::{Day, Month};
    let cells = schemes().flat_map(|scheme| {
        places.iter().filter_map(move |placed| {
            let district = District::new(placed.code)?;
            let many = i64::from(placed.code % 100) * 137 + i64::from(scheme.code());
            let cell = Cell {
                scheme,
                district,
                insured: many,
                due: Fen(many * 170_000),
                due_before: Fen(many * 169_000),
                billed: Fen(many * 170_000),
                collected: Fen(many * 150_000),
            };
            Some(((scheme, district), (placed.code % 7 != 3).then_some(cell)))
        })
    });
    let arrears = places.iter().flat_map(|placed| {
        (0..4).filter_map(move |band| {
            let district = District::new(placed.code)?;
            Some((
                (district, band),
                (band != 3).then_some(Fen(i64::from(placed.code) * (6 - band))),
            ))
        })
    });
    Figures {
        on: Day::new(2025, 9, 1).unwrap_or(Day::MAX),
        month: Month::parse("2025-08").ok(),
        before: Month::parse("2025-07").ok(),
        cells: cells.collect(),
        arrears: arrears.collect(),
        bands: vec![(0, 0), (1, 1), (2, 31), (3, 61)],
    }
}
