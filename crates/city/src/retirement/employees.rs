//! The employees' pension, for employees and those insured as individuals.

use super::{Ask, Assumed, Known, NoOutlook, grown, object, text};
use crate::collection::LawRefusal;
use crate::insurance::Category;
use crate::lawful::NotAnswered;
use measure::{Day, Fen, Month, Sex, Year};
use rules::law::{Law, Value};
use std::collections::BTreeMap;

/// How a month stands to the statutory one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Before it.
    Early,
    /// In it.
    Statutory,
    /// After it.
    Late,
}

impl How {
    /// The law's name of it, a member of `retirement-choices`.
    #[must_use]
    pub const fn in_law(self) -> &'static str {
        match self {
            How::Early => "early",
            How::Statutory => "at-statutory-age",
            How::Late => "late",
        }
    }
}

/// A month that may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Which.
    pub month: Month,
    /// Early, late or neither.
    pub how: How,
    /// The pension of a month.
    pub pension: Result<Fen, LawRefusal>,
    /// How the account comes to what it pays from.
    pub account: Vec<YearOfAccount>,
    /// What [`RULE`](Outlook::RULE) is given, on the last day of the month.
    pub facts: String,
}

/// A coming year of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearOfAccount {
    /// Which.
    pub year: Year,
    /// How many months are paid in it.
    pub months: u8,
    /// On which monthly base.
    pub base: Fen,
    /// What stands in the account at its end, or in the month of retirement.
    pub balance: Fen,
}

/// Months the law does not open to somebody, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The first.
    pub first: Month,
    /// And the last of them.
    pub last: Month,
    /// Why.
    pub why: LawRefusal,
}

/// What may be chosen, and what each gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The earliest month the law names.
    pub earliest: Month,
    /// The statutory month.
    pub statutory: Month,
    /// The latest month.
    pub latest: Month,
    /// Each month from now on that may be chosen.
    pub choices: Vec<Choice>,
    /// Those between that may not.
    pub refused: Vec<Refused>,
    /// The year as which the coming ones are reckoned.
    pub reckoned_as: Year,
}

impl Outlook {
    /// The rule that gives the pension.
    pub const RULE: &'static str = "monthly-pension";

    /// The choice of a month.
    #[must_use]
    pub fn of(&self, month: Month) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.month == month)
    }
}

/// Every month that may be chosen from today's on.
///
/// # Errors
///
/// When the law does not say between which months, or knows no year as which the coming ones could be reckoned.
pub fn employees(
    law: &Law,
    known: &Known,
    assumed: &Assumed,
    today: Day,
) -> Result<Outlook, NoOutlook> {
    let case = Reckoning::new(Ask(law), known, assumed, today)?;
    let bound = |rule| case.ask.month(rule, today, &object(&case.own));
    let (earliest, statutory, latest) = (
        bound("earliest-retirement-month")?,
        bound("statutory-retirement-month")?,
        bound("latest-retirement-month")?,
    );
    let (mut choices, mut refused) = (Vec::new(), Vec::<Refused>::new());
    let mut path = Path::new(&case);
    for index in earliest.index().max(today.month().index())..=latest.index() {
        let Ok(month) = Month::from_index(index) else {
            break;
        };
        let how = match month.cmp(&statutory) {
            std::cmp::Ordering::Less => How::Early,
            std::cmp::Ordering::Equal => How::Statutory,
            std::cmp::Ordering::Greater => How::Late,
        };
        let (account, facts) = path.to(month, how)?;
        let facts = object(&facts);
        match case.ask.month("retirement-month", month.last_day(), &facts) {
            Ok(_) => {
                let pension = case.ask.money(Outlook::RULE, month.last_day(), &facts);
                choices.push(Choice {
                    month,
                    how,
                    pension: pension.map_err(|not| not.refusal),
                    account,
                    facts,
                });
            }
            Err(not) => match refused.last_mut() {
                Some(last) if last.why == not.refusal => last.last = month,
                _ => refused.push(Refused {
                    first: month,
                    last: month,
                    why: not.refusal,
                }),
            },
        }
    }
    Ok(Outlook {
        earliest,
        statutory,
        latest,
        choices,
        refused,
        reckoned_as: case.year,
    })
}

/// What does not depend on the month chosen.
struct Reckoning<'a> {
    ask: Ask<'a>,
    known: &'a Known,
    assumed: &'a Assumed,
    today: Day,
    /// The year whose figures are known.
    year: Year,
    /// The facts about the person.
    own: Vec<(&'static str, String)>,
    /// The records of the months up to now.
    past: Vec<String>,
    /// The months before accounts began.
    before_accounts: String,
    /// The monthly average wage of the year as which the coming ones are reckoned.
    average: Fen,
}

impl<'a> Reckoning<'a> {
    fn new(
        ask: Ask<'a>,
        known: &'a Known,
        assumed: &'a Assumed,
        today: Day,
    ) -> Result<Reckoning<'a>, NotAnswered> {
        let own = own(known, assumed);
        let year = year_known(ask, today)?;
        let average = ask.money("monthly-average-wage", year.last_day(), "{}")?;
        let mut case = Reckoning {
            ask,
            known,
            assumed,
            today,
            year,
            own,
            past: Vec::new(),
            before_accounts: String::new(),
            average,
        };
        case.past = case.past()?;
        case.before_accounts = case.before_accounts()?;
        Ok(case)
    }

    /// The base on which a wage, or what an individual chose, is paid, under the year that is known.
    fn base(&self, declared: Fen) -> Result<Fen, NotAnswered> {
        let (rule, facts) = match self.known.category {
            Category::Individual => (
                "individual-base",
                object(&[
                    ("insured-as", text("individual")),
                    ("chosen-base", text(declared)),
                ]),
            ),
            Category::Employee | Category::Resident => {
                ("contribution-base", object(&[("wage", text(declared))]))
            }
        };
        self.ask.money(rule, self.year.last_day(), &facts)
    }

    fn declared(&self) -> Fen {
        self.assumed.declared.unwrap_or(self.known.declared)
    }

    /// The months up to now: of a year whose average wage is known as they were assessed; the others on today's base, reckoned as
    /// the year that is known.
    fn past(&self) -> Result<Vec<String>, NotAnswered> {
        let mut assessed: BTreeMap<Year, (u8, Fen)> = BTreeMap::new();
        let mut others = u32::from(self.assumed.months_before);
        for (month, base) in &self.known.months {
            match base {
                Some(base) => {
                    let sum = assessed.entry(month.year()).or_insert((0, Fen::ZERO));
                    sum.0 += 1;
                    sum.1 = sum.1.checked_add(*base).unwrap_or(sum.1);
                }
                None => others += 1,
            }
        }
        let mut records = Vec::new();
        for (year, (months, sum)) in assessed {
            let real = record(year, months, sum);
            let is_known = self.average_index(&real).is_ok();
            records.push(if is_known {
                real
            } else {
                record(self.year, months, sum)
            });
        }
        if others > 0 {
            let base = self
                .base(self.known.declared)
                .or_else(|_| self.base(self.declared()))?;
            while others > 0 {
                let months = u8::try_from(others.min(12)).unwrap_or(12);
                records.push(record(self.year, months, times(base, months)));
                others -= u32::from(months);
            }
        }
        Ok(records)
    }

    fn average_index(&self, record: &str) -> Result<Value, NotAnswered> {
        let facts = object(&[("contribution-years", format!("[{record}]"))]);
        self.ask
            .value("average-index", self.year.last_day(), &facts)
    }

    /// The months that count before accounts began, by the years in which they were.
    fn before_accounts(&self) -> Result<String, NotAnswered> {
        let mut years: BTreeMap<Year, u8> = BTreeMap::new();
        for (month, _) in &self.known.months {
            *years.entry(month.year()).or_default() += 1;
        }
        let records: Vec<String> = years
            .into_iter()
            .map(|(year, months)| record(year, months, Fen::ZERO))
            .collect();
        let facts = object(&[("contribution-years", format!("[{}]", records.join(", ")))]);
        match self.ask.value("pre-account-months", self.today, &facts)? {
            Value::Number(months) if months.den == 1 => Ok(months.num.to_string()),
            _ => Err(NotAnswered::unfit("pre-account-months")),
        }
    }
}

/// The coming years up to each month in turn, so that a year is put before the law once and not for every month after it.
struct Path<'c, 'a> {
    case: &'c Reckoning<'a>,
    /// Whole years so far.
    years: Vec<YearOfAccount>,
    records: Vec<String>,
    balance: Fen,
    /// What is declared in the next year, measured by today's average wage; and that average, grown.
    declared: Fen,
    average: Fen,
    /// What a fen of today's average wage has grown to is what a base grows to.
    next: Year,
}

impl<'c, 'a> Path<'c, 'a> {
    fn new(case: &'c Reckoning<'a>) -> Path<'c, 'a> {
        Path {
            case,
            years: Vec::new(),
            records: Vec::new(),
            balance: case.assumed.balance.unwrap_or(case.known.balance),
            declared: case.declared(),
            average: case.average,
            next: case.today.month().year(),
        }
    }

    /// The account and the facts of retiring in a month.
    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn to(
        &mut self,
        month: Month,
        how: How,
    ) -> Result<(Vec<YearOfAccount>, Vec<(&'static str, String)>), NotAnswered> {
        while self.next < month.year() {
            let (year, record) = self.year(12)?;
            self.balance = year.balance;
            self.years.push(year);
            self.records.extend(record);
            let grows = (
                self.case.assumed.wage_growth,
                self.case.assumed.average_growth,
            );
            self.declared = grown(self.declared, grows.0, grows.1);
            self.average = grown(self.average, grows.1, measure::Rate::ZERO);
            self.next = self.next.add_years(1).unwrap_or(Year::MAX);
        }
        let (last, record) = self.year(month.month_of_year())?;
        let mut account = self.years.clone();
        account.push(last);
        let case = self.case;
        let records: Vec<&str> = case
            .past
            .iter()
            .chain(&self.records)
            .chain(&record)
            .map(String::as_str)
            .collect();
        let mut facts = case.own.clone();
        facts.push(("retirement-choice", text(how.in_law())));
        if how != How::Statutory {
            facts.push(("chosen-month", text(month)));
        }
        facts.push(("calculation-wage-used", text(self.average)));
        facts.push(("account-balance", text(last.balance)));
        facts.push(("pre-account-months", case.before_accounts.clone()));
        facts.push(("contribution-years", format!("[{}]", records.join(", "))));
        Ok((account, facts))
    }

    /// The next year through a month of it: what is paid, and what then stands in the account.
    fn year(&self, through: u8) -> Result<(YearOfAccount, Option<String>), NotAnswered> {
        let case = self.case;
        let first = if self.next == case.today.month().year() {
            case.today.month().month_of_year()
        } else {
            1
        };
        let pays = case.assumed.pays && first <= through;
        let months = if pays { through + 1 - first } else { 0 };
        let base = if pays {
            case.base(self.declared)?
        } else {
            Fen::ZERO
        };
        // In the yuan of that year: a base keeps its place between the bounds, which grow with the average.
        let of_then = scaled(base, self.average, case.average);
        let year = case.year;
        let own = object(&[
            ("year", year.number().to_string()),
            ("yearly-base", text(times(of_then, months))),
            ("months-paid", months.to_string()),
            ("first-month-paid", first.to_string()),
            ("interest-through", through.max(first).to_string()),
        ]);
        let before = (year.number() - 1).to_string();
        // An account without anything in it has no balance to bring forward.
        let opening = self.balance > Fen::ZERO;
        let facts = object(&[
            ("opening-balance", text(self.balance)),
            (
                "passbook-from",
                if opening {
                    year.number().to_string()
                } else {
                    before.clone()
                },
            ),
            ("contribution-years", format!("[{own}]")),
        ]);
        let balance = case.ask.money("account-balance", year.last_day(), &facts)?;
        let shown = YearOfAccount {
            year: self.next,
            months,
            base: of_then,
            balance,
        };
        Ok((
            shown,
            pays.then(|| record(year, months, times(base, months))),
        ))
    }
}

/// The facts about the person themselves.
fn own(known: &Known, assumed: &Assumed) -> Vec<(&'static str, String)> {
    let sex = match known.sex {
        Sex::Male => "male",
        Sex::Female => "female",
    };
    let insured_as = match known.category {
        Category::Individual => "individual",
        Category::Employee | Category::Resident => "employee",
    };
    let mut facts = vec![
        ("sex", text(sex)),
        ("birth-month", text(known.born)),
        ("insured-as", text(insured_as)),
    ];
    if let Some((first, _)) = known.months.first() {
        facts.push(("first-insured-month", text(first)));
    }
    if let Some(post) = assumed.post {
        facts.push(("post", text(post.in_law())));
    }
    facts
}

/// The last year of which the law knows what an index and an account rest on.
fn year_known(ask: Ask<'_>, today: Day) -> Result<Year, NotAnswered> {
    const BACK: i32 = 15;
    let this = today.month().year();
    let mut last = None;
    for back in 0..BACK {
        let Ok(year) = this.add_years(-back) else {
            break;
        };
        let facts = object(&[
            ("passbook-from", year.number().to_string()),
            (
                "contribution-years",
                format!("[{}]", record(year, 12, Fen(100))),
            ),
        ]);
        let knows = ["average-index", "account-balance"]
            .into_iter()
            .try_for_each(|rule| ask.value(rule, year.last_day(), &facts).map(drop));
        match knows {
            Ok(()) => return Ok(year),
            Err(not) => last = last.or(Some(not)),
        }
    }
    Err(last.unwrap_or_else(|| NotAnswered::unfit("average-index")))
}

/// A record of a year for the law.
fn record(year: Year, months: u8, bases: Fen) -> String {
    object(&[
        ("year", year.number().to_string()),
        ("yearly-base", text(bases)),
        ("months-paid", months.to_string()),
    ])
}

fn times(base: Fen, months: u8) -> Fen {
    base.checked_mul(i64::from(months)).unwrap_or(Fen::ZERO)
}

/// An amount in the ratio of two others, to the fen.
fn scaled(amount: Fen, to: Fen, from: Fen) -> Fen {
    let from = i128::from(from.0.max(1));
    let doubled = i128::from(amount.0) * i128::from(to.0) * 2 / from;
    i64::try_from((doubled + 1) / 2).map_or(amount, Fen)
}
