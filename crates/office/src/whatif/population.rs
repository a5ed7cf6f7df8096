//! A changed law tried over the people of a file, who may be real under other names: what `renshe law diff` says of them, and
//! nothing of a few.
//!
//! The file is read once, both laws beside each other, in memory that does not grow with its rows. Of it sums are kept, and of a
//! row that was refused which it was and under which code; not what stood in it.

use super::outcome::Why;
use super::{Asked, Outcome, Refusal, amended};
use crate::acting::Acting;
use crate::error::Error;
use crate::permit::{self, Action};
use crate::whole;
use city::logins::Login;
use exchange::rows::{
    Applied, Carried, Cause, Columns, Fitted, Opened, Told, Without, tell, title,
};
use measure::{Fen, Words};
use rules::amend::Change;
use rules::check::Book;
use rules::columns::{Field, Plan, Slot};
use rules::diff::Tally;
use rules::explain::Lang;
use rules::law::{InputId, Item, Law, RelationId, RuleId, Type};
use rules::needs::needs;
use rules::refusal::Reason;
use rules::refusal::codes::RUNNING;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use store::{Db, audit};

/// So many rows are tried at once.
pub const MOST_ROWS: u64 = 5_000_000;
/// So many bands of wage there are, each with about as many people.
const BANDS: u64 = 5;
/// Bands of wage end at whole hundreds of yuan: where one ends is then nobody's wage.
const STEP: i64 = 10_000;
/// Above a hundred thousand yuan wages are not told apart.
const STEPS: i64 = 1_000;

/// The files of a population.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// A row a person.
    pub people: &'a Path,
    /// Their records, for a question that asks for them.
    pub records: Option<&'a Path>,
}

/// What a question reads of a file.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its columns; what every row must have is not optional.
    pub people: Vec<Field>,
    /// The columns of their records.
    pub records: Vec<Field>,
}

/// What a question reads of a file. Where the law does not know it: nothing.
#[must_use]
pub fn wanted(law: &Law, asked: &Asked) -> Wanted {
    let Some(rule) = asked.question.rule(law) else {
        return Wanted::default();
    };
    let needs = needs(law, asked.since, &[rule], &[]);
    let is_input = |field: &Field| matches!(field.slot, Slot::Input(_));
    let inputs = |fields: Vec<Field>| fields.into_iter().filter(is_input).collect();
    let mut people: Vec<Field> = inputs(needs.fields);
    for field in looked_at(law, rule) {
        if people.iter().all(|known| known.slot != field.slot) {
            people.push(field);
        }
    }
    let records = needs.records.into_iter().flat_map(|(_, fields)| fields);
    Wanted {
        people,
        records: inputs(records.collect()),
    }
}

/// Works it out for everybody of a file, for who may try reforms, and notes that it was tried, also where it was
/// refused. `places` are the districts' names
/// in Chinese, in the order of their codes.
///
/// # Errors
///
/// `N0601`, `N0602`; `N1001` to `N1010`; what files are refused for (`C01`); what the database says.
pub fn tried_over(
    db: &Db,
    (book, asked): (&Book, &Asked),
    (files, places): (Files<'_>, &[&str]),
    threads: usize,
    (login, acting): (Option<&Login>, Acting<'_>),
) -> Result<Outcome, Error> {
    permit::whole_city(login, Action::TryReform)?;
    let outcome = over((book, asked), (files, places), threads);
    let changes = asked.changes.iter().map(Change::written);
    let came_of_it = match &outcome {
        Ok(outcome) => format!("{} rows of a file", outcome.people),
        // Who tries again and again to be told of a few is seen.
        Err(error) => format!("a file, refused with {}", error.code()),
    };
    let detail = format!(
        "{} since {}, {}: {came_of_it}",
        changes.collect::<Vec<_>>().join(", "),
        asked.since,
        asked.question.word(),
    );
    whole::write(db, |tx| {
        Ok(acting.note(tx, Action::TryReform.word(), (audit::NONE, 0), &detail)?)
    })?;
    outcome
}

/// The same, for whoever may.
///
/// # Errors
///
/// `N1001` to `N1010`; what files are refused for (`C01`).
pub fn over(
    (book, asked): (&Book, &Asked),
    (files, places): (Files<'_>, &[&str]),
    threads: usize,
) -> Result<Outcome, Error> {
    let (changed, amended) = amended(book, asked)?;
    let laws = [book, &changed].map(|book| book.law(&asked.jurisdiction));
    let [Some(before), Some(after)] = laws else {
        return Err(Refusal::NoQuestion.into());
    };
    let rule = asked.question.rule(before).ok_or(Refusal::NoQuestion)?;
    let opened = opened(before, (asked, rule), files)?;
    // A figure with another value is the only difference: what is called so in one law is the same item of the other.
    let fitted = [
        fitted(&opened, (before, asked), rule)?,
        fitted(&opened, (after, asked), rule)?,
    ];
    let plan = |law, fitted: &Fitted| {
        Plan::new(law, asked.since, &[rule], &fitted.present, &fitted.records)
            .map_err(|refusal| Refusal::by_law(&refusal, law))
    };
    let plans = [plan(before, &fitted[0])?, plan(after, &fitted[1])?];
    let applied = [
        Applied {
            law: before,
            plan: &plans[0],
        },
        Applied {
            law: after,
            plan: &plans[1],
        },
    ];
    let looked = looked_at(before, rule);
    let (fields, records) = together(&fitted, &looked);
    let source = opened.source(before, before[rule].of, &fields, &records)?;
    let read: Vec<Slot> = fitted
        .iter()
        .flat_map(|fitted| &fitted.present)
        .copied()
        .collect();
    let looked: Vec<Slot> = looked.iter().map(|field| field.slot).collect();
    let mut gathered = Gathered::new(before, &looked, places);
    let columns = Columns {
        read: &read,
        looked: &looked,
    };
    tell(&source, &applied, columns, threads, &mut |told| {
        gathered.hear(&told);
        match gathered.rows <= MOST_ROWS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    if MOST_ROWS < gathered.rows {
        return Err(Refusal::TooManyRows.into());
    }
    let changed = asked.changes.iter().zip(amended);
    let changed = changed
        .map(|(change, amended)| (change.place(), amended.was, change.value.clone()))
        .collect();
    let mut outcome = gathered.outcome(changed, places.len());
    let notes = source.notes().iter().filter(|note| note.warning);
    outcome.notes = notes
        .map(|note| Words::new(note.zh.clone(), note.en.clone()))
        .collect();
    outcome.hiding_few().ok_or_else(|| Refusal::TooFew.into())
}

/// The files with their headings read. Records are of the relation the question asks for.
fn opened(law: &Law, (asked, rule): (&Asked, RuleId), files: Files<'_>) -> Result<Opened, Error> {
    let needs = needs(law, asked.since, &[rule], &[]);
    let relation = needs.records.first().map(|(relation, _)| *relation);
    let records: Vec<(String, PathBuf)> = match (relation, files.records) {
        (Some(relation), Some(path)) => vec![(law[relation].names.id.clone(), path.to_owned())],
        _ => Vec::new(),
    };
    Ok(Opened::open(files.people, &records, &Carried::default())?)
}

/// What a law may read of the files; never the answer itself, which a file of results has.
fn fitted(opened: &Opened, (law, asked): (&Law, &Asked), rule: RuleId) -> Result<Fitted, Error> {
    let mut fitted = opened.fitted(law, asked.since, &[rule])?;
    fitted.present.retain(|slot| *slot != Slot::Rule(rule));
    let given = |relation: &RelationId| fitted.records.iter().any(|(known, _)| known == relation);
    let mut needed = fitted.needs.records.iter();
    match needed.find(|(relation, _)| !given(relation)) {
        Some((relation, _)) => {
            let names = &law[*relation].names;
            let zh = names.zh.as_ref().unwrap_or(&names.id);
            Err(Refusal::NoRecords(zh.clone(), names.id.clone()).into())
        }
        None => Ok(fitted),
    }
}

type Records = Vec<(RelationId, Vec<Field>)>;

/// What either law may ask for, and what is looked at besides.
fn together(fitted: &[Fitted; 2], looked: &[Field]) -> (Vec<Field>, Records) {
    let mut fields = fitted[0].needs.fields.clone();
    let besides = fitted[1].needs.fields.iter().chain(looked);
    for field in besides {
        if fields.iter().all(|known| known.slot != field.slot) {
            fields.push(field.clone());
        }
    }
    let mut records: Records = fitted[0].needs.records.clone();
    for (relation, wanted) in &fitted[1].needs.records {
        match records.iter_mut().find(|(known, _)| known == relation) {
            Some((_, known)) => {
                let more = wanted.iter();
                let more = more.filter(|field| known.iter().all(|one| one.slot != field.slot));
                let more: Vec<Field> = more.cloned().collect();
                known.extend(more);
            }
            None => records.push((*relation, wanted.clone())),
        }
    }
    (fields, records)
}

/// By what people are told apart where the file has it: their district, their wage, the base they chose.
fn looked_at(law: &Law, rule: RuleId) -> Vec<Field> {
    let field = |name: &str| {
        let Some(Item::Input(id)) = law.names.get(name) else {
            return None;
        };
        let input = &law[*id];
        let fits = match name {
            "district" => matches!(input.ty, Type::Enum(_)),
            _ => input.ty == Type::Money,
        };
        (fits && input.of == law[rule].of).then(|| Field {
            slot: Slot::Input(*id),
            of: input.of,
            ty: input.ty,
            names: input.names.clone(),
            optional: true,
        })
    };
    ["district", "wage", "chosen-base"]
        .into_iter()
        .filter_map(field)
        .collect()
}

/// What was heard of the rows.
struct Gathered<'a> {
    law: &'a Law,
    rows: u64,
    /// Of what is looked at, which is the district, and its place for each of the law's members.
    district: Option<(usize, Vec<Option<usize>>)>,
    /// The others are wages, the first that is known counts.
    wages: Vec<usize>,
    /// By district, and by the wage in steps.
    cells: BTreeMap<(Option<usize>, Option<i64>), Tally>,
    refused: BTreeMap<(&'static str, String, String), Why>,
}

impl<'a> Gathered<'a> {
    fn new(law: &'a Law, looked: &[Slot], places: &[&str]) -> Gathered<'a> {
        let members = |slot: &Slot| match slot {
            Slot::Input(id) => members_of(law, *id, places),
            Slot::Rule(_) => None,
        };
        let districts = looked.iter().enumerate();
        let mut districts = districts.filter_map(|(at, slot)| Some((at, members(slot)?)));
        let district = districts.next();
        let of_district = district.as_ref().map(|(at, _)| *at);
        Gathered {
            law,
            rows: 0,
            wages: (0..looked.len())
                .filter(|at| Some(*at) != of_district)
                .collect(),
            district,
            cells: BTreeMap::new(),
            refused: BTreeMap::new(),
        }
    }

    fn hear(&mut self, told: &Told) {
        for row in 0..told.rows {
            let district = self.district.as_ref().and_then(|(at, places)| {
                let member = usize::try_from(told.looked[*at][row]?).ok()?;
                *places.get(member)?
            });
            let mut wages = self.wages.iter();
            let wage = wages.find_map(|at| told.looked[*at][row]);
            let tally = self.cells.entry((district, wage.map(step))).or_default();
            let number = self.rows + row as u64 + 1;
            tally.add(number, || None, told.values[0][row], told.values[1][row]);
        }
        for without in &told.refused {
            self.refuse(told, without);
        }
        self.rows += told.rows as u64;
    }

    /// Counts a row without an answer, once where it has none under either law.
    fn refuse(&mut self, told: &Told, without: &Without) {
        let (code, about, words) = match &without.cause {
            Cause::Law(1, _) if without.row.is_some_and(|row| told.values[0][row].is_none()) => {
                return;
            }
            Cause::Law(_, refusal) => about(refusal, self.law),
            Cause::File(code, column) => {
                let words = title(code);
                (
                    match code {
                        Cow::Borrowed(code) => code,
                        Cow::Owned(_) => "C0112",
                    },
                    column.clone(),
                    Words::new(words.zh.to_owned(), words.en.to_owned()),
                )
            }
        };
        let number = without.row.map(|row| self.rows + row as u64 + 1);
        let why = self.refused.entry((code, about.clone(), words.zh.clone()));
        let why = why.or_insert_with(|| Why {
            code,
            about,
            rows: 0,
            first: number,
            words,
        });
        why.rows += 1;
    }

    fn outcome(self, changed: Vec<(String, String, String)>, places: usize) -> Outcome {
        let mut wages: BTreeMap<i64, u64> = BTreeMap::new();
        for ((_, wage), tally) in &self.cells {
            if let Some(wage) = wage {
                *wages.entry(*wage).or_default() += tally.compared() + tally.refused();
            }
        }
        let ends = ends(&wages);
        let mut cells = vec![vec![Tally::default(); ends.len() + 1]; places + 1];
        for ((district, wage), tally) in self.cells {
            let band = wage.map_or(ends.len(), |wage| ends.partition_point(|end| *end < wage));
            cells[district.unwrap_or(places)][band].merge(&tally);
        }
        let mut outcome = Outcome::new(changed, self.rows, bands(&ends), cells);
        outcome.refused = self.refused.into_values().collect();
        outcome
    }
}

/// For each member of the law's districts its place among these.
fn members_of(law: &Law, id: InputId, places: &[&str]) -> Option<Vec<Option<usize>>> {
    let Type::Enum(members) = law[id].ty else {
        return None;
    };
    let place = |zh: &str| places.iter().position(|place| *place == zh);
    let members = law[members].members.iter();
    Some(members.map(|names| place(names.zh.as_deref()?)).collect())
}

/// A wage in steps of which the last fen counts.
fn step(fen: i64) -> i64 {
    let (whole, rest) = (fen.div_euclid(STEP), fen.rem_euclid(STEP));
    (whole + i64::from(0 < rest)).clamp(0, STEPS)
}

/// With which steps bands end so that about as many people are in each; the last has no end.
fn ends(wages: &BTreeMap<i64, u64>) -> Vec<i64> {
    let whole: u64 = wages.values().sum();
    let (mut ends, mut until, mut band) = (Vec::new(), 0, 1);
    for (wage, people) in wages {
        until += people;
        if band * whole <= until * BANDS {
            ends.push(*wage);
            band = until * BANDS / whole + 1;
        }
    }
    if let Some(last) = ends.last_mut() {
        *last = i64::MAX;
    }
    ends
}

fn bands(ends: &[i64]) -> Vec<Option<(Fen, Fen)>> {
    let mut bands = Vec::with_capacity(ends.len() + 1);
    let mut least = Fen::ZERO;
    for end in ends {
        let most = Fen(end.saturating_mul(STEP));
        bands.push(Some((least, most)));
        least = Fen(most.0.saturating_add(1));
    }
    bands.push(None);
    bands
}

/// A refusal of the law: its code, the name it is about, and what is said; nothing of who is refused.
fn about(refusal: &rules::refusal::Refusal, law: &Law) -> (&'static str, String, Words<String>) {
    let code = refusal.reason.code();
    let name = match &refusal.reason {
        Reason::Missing(input) | Reason::OutOfRange { input, .. } => &law[*input].names.id,
        Reason::NoFigure { figure, .. }
        | Reason::Unset { figure, .. }
        | Reason::NoRow { figure, .. } => &law[*figure].names.id,
        Reason::NoRecords(relation) | Reason::SamePlace(relation) => &law[*relation].names.id,
        Reason::NotMet(words) => {
            let said = |lang: Lang| lang.text(words).to_owned();
            return (
                code,
                String::new(),
                Words::new(said(Lang::Zh), said(Lang::En)),
            );
        }
        _ => "",
    };
    let title = RUNNING.iter().find(|title| title.code.0 == code);
    let (zh, en) = title.map_or((code, code), |title| (title.zh, title.en));
    (
        code,
        name.to_owned(),
        Words::new(zh.to_owned(), en.to_owned()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_have_about_as_many_people_and_end_at_nobodys_wage() {
        let wages = [
            4_001,
            250_000,
            250_001,
            399_999,
            500_000,
            912_345,
            1_200_000,
            900_000_000,
        ];
        let mut steps = BTreeMap::new();
        for wage in wages {
            *steps.entry(step(wage)).or_default() += 1;
        }
        let ends = ends(&steps);
        assert_eq!(ends, [25, 40, 50, 120, i64::MAX]);
        let bands: Vec<_> = bands(&ends).into_iter().flatten().collect();
        assert_eq!(bands[0], (Fen(0), Fen(250_000)));
        assert_eq!(bands[1], (Fen(250_001), Fen(400_000)));
        assert_eq!(bands[4].1, Fen::MAX);
        assert_eq!(
            (step(0), step(1), step(10_000), step(10_001), step(-5)),
            (0, 1, 1, 2, 0)
        );
        assert_eq!(super::ends(&BTreeMap::new()), [0_i64; 0]);
        assert_eq!(super::ends(&BTreeMap::from([(3, 9)])), [i64::MAX]);
    }
}
