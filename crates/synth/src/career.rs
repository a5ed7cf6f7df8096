//! What a person paid, year by year.

use crate::columns::{Cells, Column};
use crate::person::Person;
use crate::wages::Wages;

/// One calendar year of contributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContributionYear {
    /// The year.
    pub year: i32,
    /// The sum of the bases of the months paid, in fen.
    pub yearly_base: i64,
    /// How many months were paid.
    pub months_paid: i32,
    /// The calendar month, 1 to 12, of the first.
    pub first_month_paid: i32,
    /// Through which month, 1 to 12, the account bears interest.
    pub interest_through: i32,
}

/// The contribution years of many persons in columns, laid end to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histories {
    /// Person i owns the records `starts[i] .. starts[i + 1]`.
    pub starts: Vec<u32>,
    /// The years.
    pub year: Vec<i32>,
    /// The sums of the bases, in fen.
    pub yearly_base: Vec<i64>,
    /// The months paid.
    pub months_paid: Vec<i32>,
    /// The first month paid, 1 to 12.
    pub first_month_paid: Vec<i32>,
    /// Through which month the account bears interest, 1 to 12.
    pub interest_through: Vec<i32>,
}

impl Histories {
    pub(crate) fn new() -> Histories {
        Histories {
            starts: vec![0],
            year: Vec::new(),
            yearly_base: Vec::new(),
            months_paid: Vec::new(),
            first_month_paid: Vec::new(),
            interest_through: Vec::new(),
        }
    }

    /// The records' columns under the names the law gives them.
    #[must_use]
    pub fn columns(&self) -> Vec<Column<'_>> {
        let column = |name, values| Column {
            name,
            values,
            missing: None,
        };
        vec![
            column("year", Cells::I32(&self.year)),
            column("yearly-base", Cells::I64(&self.yearly_base)),
            column("months-paid", Cells::I32(&self.months_paid)),
            column("first-month-paid", Cells::I32(&self.first_month_paid)),
            column("interest-through", Cells::I32(&self.interest_through)),
        ]
    }

    pub(crate) fn push(&mut self, history: impl Iterator<Item = ContributionYear>) {
        for record in history {
            self.year.push(record.year);
            self.yearly_base.push(record.yearly_base);
            self.months_paid.push(record.months_paid);
            self.first_month_paid.push(record.first_month_paid);
            self.interest_through.push(record.interest_through);
        }
        self.starts
            .push(u32::try_from(self.year.len()).expect("fewer than 2^32 records a batch"));
    }
}

/// The years from the first contribution through a month; none when it lies later.
pub(crate) fn years(
    wages: &Wages,
    person: &Person,
    through: i32,
) -> impl Iterator<Item = ContributionYear> {
    let first = person.first_insured_month;
    let (first_year, last_year) = (first.div_euclid(12), through.div_euclid(12));
    let years = if first > through {
        0..0
    } else {
        first_year..last_year + 1
    };
    years.map(move |year| {
        let begin = if year == first_year {
            first.rem_euclid(12) + 1
        } else {
            1
        };
        let end = if year == last_year {
            through.rem_euclid(12) + 1
        } else {
            12
        };
        let idle = (person.gap_from..person.gap_from + person.gap_years).contains(&year);
        let months_paid = if idle { 0 } else { end + 1 - begin };
        ContributionYear {
            year,
            yearly_base: monthly_base(wages, person, year) * i64::from(months_paid),
            months_paid,
            first_month_paid: begin,
            interest_through: end,
        }
    })
}

/// The balance at the end of the year before `year`, made up: an eighth of what was paid on since 1996.
pub(crate) fn balance_before(wages: &Wages, person: &Person, year: i32) -> i64 {
    let since_1996 = years(wages, person, year * 12 - 1).filter(|record| record.year >= 1996);
    since_1996.map(|record| record.yearly_base).sum::<i64>() / 8
}

/// A month's base in fen: the person's index of the year's average, up to the yuan.
fn monthly_base(wages: &Wages, person: &Person, year: i32) -> i64 {
    (wages.average(year) * person.index + 12 * 10_000 - 1) / (12 * 10_000) * 100
}
