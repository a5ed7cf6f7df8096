//! *Is the office open that day, and which day is ten working days from now?*
//!
//! Working days in China follow from no formula: each autumn the State Council announces which days of the next year
//! are off and which weekend days are worked in exchange. A year without its notice is not guessed.
//!
//! # The format of a year
//!
//! One text a year, kept in `law/calendar`. Comment lines come first and state the source; then comma-separated rows.
//!
//! ```text
//! # year: 2025
//! # notice: 国务院办公厅关于2025年部分节假日安排的通知
//! # number: 国办发明电〔2024〕12号 [S3]
//! # issued: 2024-11-12 [S2]
//! # mark: S2
//! # status: confirmed
//! #
//! # Any other line that starts so is a remark.
//! date,kind,name
//! 2025-01-01,off,元旦
//! 2025-01-26,work,春节
//! ```
//!
//! `mark` says how the days were seen (`S1` on an official page, `S2` in the press or a repost, `S3` on an unofficial
//! page, `S-code` in program text, `M` remembered), `status` is `confirmed` or `unconfirmed`; number and day of issue
//! carry a mark of their own. A row is `off` (the weekend days
//! inside a span are listed too) or `work`, a weekend day worked in exchange. Days without a row are worked from
//! Monday to Friday. A notice may reach into the last December before its year, and no further.

use std::{collections::BTreeMap, fmt};

use crate::{Day, Error, Year, text::Quoted};

/// The working days of the years whose notices it was built from.
///
/// # Representation
///
/// The [`Notice`] of each year and the [`Arrangement`] of each day a notice names. A year is covered when it has its
/// notice. The last days of December may still be changed by the notice of the year after.
///
/// # Parsing and printing
///
/// Built from texts in the [format of a year](self#the-format-of-a-year); it reads no file itself.
///
/// ```
/// use measure::{Calendar, Day};
///
/// let calendar = Calendar::from_years([
///     include_str!("../../../law/calendar/2024.csv"),
///     include_str!("../../../law/calendar/2025.csv"),
/// ])?;
/// assert!(calendar.is_working_day(Day::parse("2025-01-26")?)?, "a Sunday worked in exchange");
/// assert!(!calendar.is_working_day(Day::parse("2025-01-28")?)?, "Spring Festival");
///
/// let error = calendar.is_working_day(Day::parse("2030-01-02")?).unwrap_err();
/// assert_eq!(error.code(), "M1201");
/// assert_eq!(error.to_string(), "there is no working-day calendar for 2030; expected its notice in law/calendar");
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Comparison
///
/// None.
///
/// # Arithmetic
///
/// The day counted from is not itself counted, as in civil law (Civil Code art. 201).
///
/// ```
/// # use measure::{Calendar, Day};
/// # let calendar = Calendar::from_years([include_str!("../../../law/calendar/2025.csv")])?;
/// let accepted = Day::parse("2025-09-26")?;
/// let due = calendar.add_working_days(accepted, 5)?;
/// assert_eq!(due.to_string(), "2025-10-10");
/// assert_eq!(calendar.working_days_between(accepted, due)?, 5);
/// # Ok::<(), measure::Error>(())
/// ```
///
/// # Rounding
///
/// [`Calendar::working_day_from`] moves a day that is off to the next that is worked.
///
/// # Errors
///
/// `M1201` a year without calendar. In texts: `M1202` a head that lacks or garbles a line, `M1203` a row that is none,
/// `M1204` a row outside the notice's reach, `M1205` the same day or year twice, `M1206` a working weekday listed as
/// worked.
#[derive(Clone, Debug)]
pub struct Calendar {
    notices: BTreeMap<Year, Notice>,
    arrangements: BTreeMap<Day, Arrangement>,
}

/// The notice a year's calendar rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The year arranged.
    pub year: Year,
    /// Its title.
    pub title: String,
    /// Its document number.
    pub number: String,
    /// How the number was seen.
    pub number_mark: String,
    /// The day it was issued.
    pub issued: Day,
    /// How the day of issue was seen.
    pub issued_mark: String,
    /// How the days off and worked were seen, e.g. `S1`.
    pub mark: String,
    /// Whether the days off and worked are confirmed.
    pub confirmed: bool,
}

/// What a notice says of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The day.
    pub day: Day,
    /// Off, or worked in exchange.
    pub kind: Kind,
    /// The holiday it belongs to.
    pub name: String,
    /// The year whose notice says so.
    pub year: Year,
}

/// Off, or worked in exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 放假: not worked.
    Off,
    /// 上班: a weekend day that is worked.
    Work,
}

impl Calendar {
    /// Builds the calendar from one text a year, in any order.
    ///
    /// # Errors
    ///
    /// `M1202` to `M1206` for the first fault found.
    pub fn from_years<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Calendar, Error> {
        let mut calendar = Calendar {
            notices: BTreeMap::new(),
            arrangements: BTreeMap::new(),
        };
        for text in texts {
            calendar.add_year(text)?;
        }
        Ok(calendar)
    }

    /// Whether the day is worked.
    ///
    /// # Errors
    ///
    /// `M1201` when its year has no calendar.
    pub fn is_working_day(&self, day: Day) -> Result<bool, Error> {
        match self.arrangement(day)? {
            Some(arrangement) => Ok(arrangement.kind == Kind::Work),
            None => Ok(!day.weekday().is_weekend()),
        }
    }

    /// What a notice says of the day; `None` when none mentions it and the day of the week decides.
    ///
    /// # Errors
    ///
    /// `M1201` when its year has no calendar.
    pub fn arrangement(&self, day: Day) -> Result<Option<&Arrangement>, Error> {
        if !self.notices.contains_key(&day.year()) {
            return Err(Fault::YearMissing(day.year()).into());
        }
        Ok(self.arrangements.get(&day))
    }

    /// The day itself when it is worked, otherwise the next that is (Civil Code art. 203: a period whose last day is
    /// off ends on the day after).
    ///
    /// # Errors
    ///
    /// `M1201` when the search runs into a year without calendar.
    pub fn working_day_from(&self, day: Day) -> Result<Day, Error> {
        let mut day = day;
        while !self.is_working_day(day)? {
            day = day.add_days(1)?;
        }
        Ok(day)
    }

    /// The `count`-th working day after `day`, or before it when negative; `day` itself when zero.
    ///
    /// # Errors
    ///
    /// `M1201` when the count runs into a year without calendar.
    pub fn add_working_days(&self, day: Day, count: i32) -> Result<Day, Error> {
        let mut day = day;
        let mut left = count.unsigned_abs();
        while 0 < left {
            day = day.add_days(count.signum())?;
            if self.is_working_day(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// How many working days after `from` there are up to `until`, `until` included; negative when `until` is earlier.
    ///
    /// Undoes [`Calendar::add_working_days`].
    ///
    /// # Errors
    ///
    /// `M1201` when the count runs into a year without calendar.
    pub fn working_days_between(&self, from: Day, until: Day) -> Result<i32, Error> {
        let step = from.days_until(until).signum();
        let mut day = from;
        let mut count = 0;
        while day != until {
            day = day.add_days(step)?;
            if self.is_working_day(day)? {
                count += step;
            }
        }
        Ok(count)
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// The notice of one year, if there is one.
    pub fn notice(&self, year: Year) -> Option<&Notice> {
        self.notices.get(&year)
    }

    /// Every day a notice names, by day.
    pub fn arrangements(&self) -> impl Iterator<Item = &Arrangement> {
        self.arrangements.values()
    }

    fn add_year(&mut self, text: &str) -> Result<(), Error> {
        let notice = read_notice(text)?;
        let year = notice.year;
        if self.notices.insert(year, notice).is_some() {
            return Err(Fault::YearTwice(year).into());
        }
        for (line, row) in rows(text) {
            let arrangement = read_row(year, line, row)?;
            let day = arrangement.day;
            if self.arrangements.insert(day, arrangement).is_some() {
                return Err(Fault::DayTwice { year, line, day }.into());
            }
        }
        Ok(())
    }
}

/// The lines that are neither comments nor blank, without the line of column names, each with its line number.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text
        .lines()
        .enumerate()
        .map(|(index, row)| (index + 1, row));
    numbered.filter(|(_, row)| !row.is_empty() && !row.starts_with('#') && *row != COLUMNS)
}

const COLUMNS: &str = "date,kind,name";

fn read_notice(text: &str) -> Result<Notice, Error> {
    let line = |key: &'static str| {
        let values = text.lines().filter_map(|line| {
            line.strip_prefix("# ")?
                .strip_prefix(key)?
                .strip_prefix(": ")
        });
        match values.map(str::trim).find(|value| !value.is_empty()) {
            Some(value) => Ok(value),
            None => Err(Error::from(Fault::Head { key, found: None })),
        }
    };
    let garbled = |key, found: &str| {
        Error::from(Fault::Head {
            key,
            found: Some(Quoted::new(found)),
        })
    };
    let (year, mark, status) = (line("year")?, line("mark")?, line("status")?);
    let (number, issued) = (line("number")?, line("issued")?);
    let (number, number_mark) = split_mark(number).ok_or_else(|| garbled("number", number))?;
    let (issued_day, issued_mark) = split_mark(issued).ok_or_else(|| garbled("issued", issued))?;
    Ok(Notice {
        year: Year::parse(year).map_err(|_| garbled("year", year))?,
        title: line("notice")?.to_owned(),
        number: number.to_owned(),
        number_mark: number_mark.to_owned(),
        issued: Day::parse(issued_day).map_err(|_| garbled("issued", issued))?,
        issued_mark: issued_mark.to_owned(),
        mark: mark.to_owned(),
        confirmed: match status {
            // What was seen on unofficial pages only, or remembered, is never promoted.
            "confirmed" if matches!(mark, "S1" | "S2") => true,
            "unconfirmed" => false,
            _ => return Err(garbled("status", status)),
        },
    })
}

/// `2024-11-12 [S2]` as its value and its mark.
fn split_mark(text: &str) -> Option<(&str, &str)> {
    text.strip_suffix(']')?.rsplit_once(" [")
}

fn read_row(year: Year, line: usize, row: &str) -> Result<Arrangement, Error> {
    let fields: Vec<&str> = row.split(',').collect();
    let read = match fields[..] {
        [day, "off", name] => Some((day, Kind::Off, name)),
        [day, "work", name] => Some((day, Kind::Work, name)),
        _ => None,
    };
    let read = read.and_then(|(day, kind, name)| Some((Day::parse(day).ok()?, kind, name)));
    let Some((day, kind, name)) = read else {
        return Err(Fault::Row {
            year,
            line,
            row: Quoted::new(row),
        }
        .into());
    };
    let december_before = year
        .first_month()
        .add_months(-1)
        .is_ok_and(|month| day.month() == month);
    if day.year() != year && !december_before {
        return Err(Fault::OutOfReach { year, line, day }.into());
    }
    if kind == Kind::Work && !day.weekday().is_weekend() {
        return Err(Fault::WorkedAnyway { year, line, day }.into());
    }
    Ok(Arrangement {
        day,
        kind,
        name: name.to_owned(),
        year,
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    YearMissing(Year),
    Head {
        key: &'static str,
        found: Option<Quoted>,
    },
    Row {
        year: Year,
        line: usize,
        row: Quoted,
    },
    OutOfReach {
        year: Year,
        line: usize,
        day: Day,
    },
    DayTwice {
        year: Year,
        line: usize,
        day: Day,
    },
    YearTwice(Year),
    WorkedAnyway {
        year: Year,
        line: usize,
        day: Day,
    },
}

impl Fault {
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Fault::YearMissing(_) => "M1201",
            Fault::Head { .. } => "M1202",
            Fault::Row { .. } => "M1203",
            Fault::OutOfReach { .. } => "M1204",
            Fault::DayTwice { .. } | Fault::YearTwice(_) => "M1205",
            Fault::WorkedAnyway { .. } => "M1206",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::YearMissing(year) => {
                write!(
                    f,
                    "there is no working-day calendar for {year}; expected its notice in law/calendar"
                )
            }
            Fault::Head { key, found } => {
                match found {
                    Some(found) => write!(f, "a calendar states \"{key}\" as {found}; ")?,
                    None => write!(f, "a calendar does not state its \"{key}\"; ")?,
                }
                match *key {
                    "year" => write!(f, "expected a line such as \"# year: 2025\""),
                    "issued" => write!(f, "expected a line such as \"# issued: 2024-11-12 [S2]\""),
                    "number" => write!(
                        f,
                        "expected a line such as \"# number: 国办发明电〔2024〕12号 [S3]\""
                    ),
                    "status" => write!(
                        f,
                        "expected confirmed, for a mark S1 or S2 only, or unconfirmed"
                    ),
                    _ => write!(f, "expected a line \"# {key}: …\""),
                }
            }
            Fault::Row { year, line, row } => {
                write!(
                    f,
                    "calendar {year}, line {line}: {row} is not a row; expected one such as 2025-01-01,off,元旦"
                )
            }
            Fault::OutOfReach { year, line, day } => {
                write!(
                    f,
                    "calendar {year}, line {line}: {day} is not of this year; expected a day of {year} or the December before"
                )
            }
            Fault::DayTwice { year, line, day } => {
                write!(
                    f,
                    "calendar {year}, line {line}: {day} is arranged twice; expected one row a day"
                )
            }
            Fault::YearTwice(year) => write!(
                f,
                "the calendar of {year} is given twice; expected one text a year"
            ),
            Fault::WorkedAnyway { year, line, day } => {
                write!(
                    f,
                    "calendar {year}, line {line}: {day} is a weekday, worked anyway; expected a Saturday or Sunday"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
