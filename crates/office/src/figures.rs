//! How does the city stand: how many are insured, what is due, what came in, what is in arrears?
//!
//! Figures by scheme and district, never a person's: cells of a few are hidden, whoever asks. A login for a district sees that
//! district.

use crate::collect::owes::ageing;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::dues::Totals;
use city::figures::hidden;
use city::insurance::Scheme;
use city::lawful::Lawful;
use city::logins::Login;
use city::places::District;
use city::runs::{Run, RunKind};
use measure::{Day, Fen, Month};
use rules::law::Law;
use std::collections::{BTreeMap, BTreeSet};
use store::{Db, Tx, figures, runs};

/// A scheme in a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Which scheme.
    pub scheme: Scheme,
    /// Where.
    pub district: District,
    /// How many are insured and paying.
    pub insured: i64,
    /// What was due for the month.
    pub due: Fen,
    /// What was due for the month before.
    pub due_before: Fen,
    /// What was billed for the month.
    pub billed: Fen,
    /// What of it came in.
    pub collected: Fen,
}

/// The city's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// As of which day.
    pub on: Day,
    /// The last month that was published; `None` before the first.
    pub month: Option<Month>,
    /// The one before it, where it was published too.
    pub before: Option<Month>,
    /// The cells; `None` where one is hidden.
    pub cells: BTreeMap<(Scheme, District), Option<Cell>>,
    /// What is open of all that was billed, by district and the law's band of age; `None` where it is of a few bills.
    pub arrears: BTreeMap<(District, i64), Option<Fen>>,
    /// The law's bands of age, each with the number of days overdue from which it is.
    pub bands: Vec<(i64, i64)>,
}

/// The figures of what a login reaches, on a day.
///
/// # Errors
///
/// `N0601`, `N0602`; the law's refusal of a band of age; what the database says.
pub fn figures(db: &Db, law: &Law, login: Option<&Login>, on: Day) -> Result<Figures, Error> {
    let (login, _) = permit::reach(login, Action::ReadFigures)?;
    let only = login.district();
    whole::read(db, |tx| {
        let (run, before) = last_two(tx)?;
        let cells = cells(tx, run.as_ref(), before.as_ref(), on)?;
        let mut arrears = BTreeMap::new();
        let districts: BTreeSet<District> = cells.keys().map(|(_, district)| *district).collect();
        let reached = |district: District| only.is_none_or(|only| only == district);
        for district in districts.into_iter().filter(|district| reached(*district)) {
            let bands = ageing(tx, law, district, on)?;
            let counts: Vec<u64> = bands.values().map(|aged| aged.bills).collect();
            for ((band, aged), hidden) in bands.into_iter().zip(hidden(&counts)) {
                arrears.insert((district, band), (!hidden).then_some(aged.principal));
            }
        }
        let shown = shown(cells).into_iter();
        Ok(Figures {
            on,
            month: run.map(|run| run.month),
            before: before.map(|run| run.month),
            cells: shown
                .filter(|((_, district), _)| reached(*district))
                .collect(),
            arrears,
            bands: Lawful::new(law, on).bands(),
        })
    })
}

/// The assessments in force of the last month and the one before it.
fn last_two(tx: &mut Tx<'_>) -> Result<(Option<Run>, Option<Run>), Error> {
    let mut runs = runs::in_force(tx)?;
    runs.retain(|run| run.kind == RunKind::Assessment);
    runs.sort_by_key(|run| run.month);
    let last = runs.pop();
    let before = runs.pop().filter(|before| {
        let last = last.as_ref();
        last.is_some_and(|last| before.month.months_until(last.month) == 1)
    });
    Ok((last, before))
}

fn cells(
    tx: &mut Tx<'_>,
    run: Option<&Run>,
    before: Option<&Run>,
    on: Day,
) -> Result<BTreeMap<(Scheme, District), Cell>, Error> {
    let mut cells = BTreeMap::new();
    let mut at = |scheme: Scheme, district: District, take: &mut dyn FnMut(&mut Cell)| {
        take(cells.entry((scheme, district)).or_insert(Cell {
            scheme,
            district,
            insured: 0,
            due: Fen::ZERO,
            due_before: Fen::ZERO,
            billed: Fen::ZERO,
            collected: Fen::ZERO,
        }));
    };
    for (scheme, district, count) in figures::insured(tx, on)? {
        at(scheme, district, &mut |cell| cell.insured = count);
    }
    if let Some(run) = run {
        for (scheme, district, due) in dues(&runs::totals(tx, run.id)?) {
            at(scheme, district, &mut |cell| cell.due = due);
        }
        for (scheme, district, billed, collected) in figures::collected(tx, run.id)? {
            at(scheme, district, &mut |cell| {
                (cell.billed, cell.collected) = (billed, collected);
            });
        }
    }
    if let Some(before) = before {
        for (scheme, district, due) in dues(&runs::totals(tx, before.id)?) {
            at(scheme, district, &mut |cell| cell.due_before = due);
        }
    }
    Ok(cells)
}

fn dues(totals: &Totals) -> Vec<(Scheme, District, Fen)> {
    let rows = totals.rows();
    rows.map(|(scheme, district, sum)| {
        let due = i64::try_from(sum.employer_due + sum.person_due).unwrap_or(i64::MAX);
        (scheme, district, Fen(due))
    })
    .collect()
}

/// Hides what tells of a few, among the districts of each scheme.
#[expect(clippy::needless_pass_by_value, reason = "it is used up")]
fn shown(cells: BTreeMap<(Scheme, District), Cell>) -> BTreeMap<(Scheme, District), Option<Cell>> {
    let mut shown = BTreeMap::new();
    for scheme in Scheme::ALL {
        let of: Vec<Cell> = cells
            .values()
            .filter(|cell| cell.scheme == *scheme)
            .copied()
            .collect();
        let counts: Vec<u64> = of.iter().map(|cell| cell.insured.unsigned_abs()).collect();
        for (cell, hidden) in of.into_iter().zip(hidden(&counts)) {
            let key = (cell.scheme, cell.district);
            shown.insert(key, (!hidden).then_some(cell));
        }
    }
    shown
}
