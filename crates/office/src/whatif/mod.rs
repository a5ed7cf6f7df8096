//! What if this figure were another? Who pays more, who gets less, in which district, at which wage?
//!
//! The law is read a second time with the figure changed in its text ([`rules::amend`]), and both laws work out one [`Question`]
//! for everybody of a made-up city whom it concerns. Nobody in that city is real, so it is open to all. What comes out follows
//! from the law's text, the change and the city alone: the same is asked twice, the same is answered.

mod question;
mod refusal;
mod misfit;
mod crowd;

pub use crowd::Crowd;
pub use misfit::{Misfit, Said, Takes};
pub use question::{Effect, Question};
pub use refusal::Refusal;

use crate::sample::Reader;
use measure::{Day, Fen};
use rules::amend::{Amended, Change};
use rules::check::{self, Book};
use rules::columns::{Plan, Results};
use rules::diff::Tally;
use rules::evaluate::Case;
use rules::law::{Facts, Item, Law, RuleId};
use std::collections::BTreeMap;

/// So many figures are changed at once.
pub const MOST_CHANGES: usize = 4;
/// So many letters a value has at most.
const LONGEST: usize = 60;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// Whose law.
    pub jurisdiction: String,
    /// The figures as they would be.
    pub changes: Vec<Change>,
    /// Since when; the law of that day is asked.
    pub since: Day,
    /// What about.
    pub question: Question,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What was changed: the figure with the keys of its row, its value before and after, as the text writes them.
    pub changed: Vec<(String, String, String)>,
    /// How many insured the city has.
    pub people: u64,
    /// By district in the order of their codes, then by band of wage.
    pub cells: Vec<Vec<Tally>>,
    /// The bands of wage, each with its least and greatest; the last is of those whose wage nobody knows.
    pub bands: Vec<Option<(Fen, Fen)>>,
    /// Why rows had no answer, by the code of the law's refusal, with the first's words in Chinese and English.
    pub refused: BTreeMap<&'static str, (u64, String, String)>,
}

impl Outcome {
    /// Everybody together.
    #[must_use]
    pub fn total(&self) -> Tally {
        merged(self.cells.iter().flatten())
    }

    /// A district.
    #[must_use]
    pub fn district(&self, place: usize) -> Tally {
        merged(self.cells.get(place).into_iter().flatten())
    }

    /// A band of wage.
    #[must_use]
    pub fn band(&self, place: usize) -> Tally {
        merged(self.cells.iter().filter_map(|cells| cells.get(place)))
    }
}

fn merged<'t>(tallies: impl Iterator<Item = &'t Tally>) -> Tally {
    let mut whole = Tally::default();
    tallies.for_each(|tally| whole.merge(tally));
    whole
}

/// The law with the figures changed, and each figure with its value before.
///
/// # Errors
///
/// `N1001` to `N1004`.
pub fn amended(book: &Book, asked: &Asked) -> Result<(Book, Vec<Amended>), Refusal> {
    if asked.changes.is_empty() || MOST_CHANGES < asked.changes.len() {
        return Err(Refusal::Count);
    }
    let (mut changed, mut told): (Option<Book>, Vec<Amended>) = (None, Vec::new());
    for change in &asked.changes {
        let change = Change {
            from: Some(asked.since),
            ..change.clone()
        };
        let before = changed.as_ref().unwrap_or(book);
        let law = before
            .law(&asked.jurisdiction)
            .ok_or_else(|| Refusal::NoFigure(change.place()))?;
        if LONGEST < change.value.chars().count() {
            return Err(Refusal::not_a_value(&change, law));
        }
        let amended = change
            .applied(before, law, asked.since)
            .map_err(|refusal| Refusal::of(&refusal, (&change, law), asked.since))?;
        if !is_a_value(&change.value) {
            return Err(Refusal::not_a_value(&change, law));
        }
        let after = check::read(amended.files.clone());
        if after.has_errors() || after.law(&asked.jurisdiction).is_none() {
            return Err(Refusal::unchecked(&change, law, &after));
        }
        told.push(amended);
        changed = Some(after);
    }
    changed.map(|book| (book, told)).ok_or(Refusal::Count)
}

/// The latest day up to a day on which the law can answer: a year's figures may not be known yet, and then it is the last of the
/// year before. The day itself where no year's are.
#[must_use]
pub fn usual_day(law: &Law, today: Day) -> Day {
    const YEARS: i32 = 10;
    let Some(Item::Rule(average)) = law.names.get("monthly-average-wage") else {
        return today;
    };
    let before = (1..=YEARS).filter_map(|back| Day::new(today.year().number() - back, 12, 31).ok());
    let mut days = std::iter::once(today).chain(before);
    let answers = |day: &Day| {
        let facts = Facts::default();
        Case::new(law, *day, &facts).value(*average).is_ok()
    };
    days.find(answers).unwrap_or(today)
}

/// Whether it can stand where a value stands and nowhere else: a change of a figure shall not change what is around it.
fn is_a_value(text: &str) -> bool {
    let sign = |sign: char| sign.is_alphanumeric() || " _.%-+/".contains(sign);
    !text.is_empty() && text.chars().all(sign)
}

/// Works it out for everybody of the crowd whom the question concerns. `told` hears how much is done, of how much.
///
/// # Errors
///
/// `N1001` to `N1005`.
pub fn tried(
    crowd: &Crowd,
    book: &Book,
    asked: &Asked,
    told: &mut dyn FnMut(u64, u64),
) -> Result<Outcome, Refusal> {
    let (after, amended) = amended(book, asked)?;
    let laws = [book, &after].map(|book| book.law(&asked.jurisdiction));
    let [Some(before), Some(after)] = laws else {
        return Err(Refusal::NoQuestion);
    };
    let mut rows = crowd.concerned(before, asked)?;
    let bands = rows.bands();
    let cells = vec![vec![Tally::default(); bands.len()]; crowd.districts().len()];
    let changed = asked.changes.iter().zip(amended);
    let mut outcome = Outcome {
        changed: changed
            .map(|(change, amended)| (change.place(), amended.was, change.value.clone()))
            .collect(),
        people: crowd.people(),
        cells,
        bands,
        refused: BTreeMap::new(),
    };
    let mut sides = [
        Side::new(before, crowd, asked)?,
        Side::new(after, crowd, asked)?,
    ];
    // What the law of today gives in place of a figure it does not know is the same under both.
    sides[1].reader.stand_in = sides[0].reader.stand_in;
    let whole = rows.len();
    let mut row = 0;
    while let Some(some) = rows.next_block() {
        let results = [0, 1].map(|side: usize| sides[side].run(&some, asked));
        for place in 0..some.len() {
            row += 1;
            let (district, band) = (some.district(place), outcome.band_of(some.wage(place)));
            let values = [0, 1].map(|side: usize| results[side].0[place]);
            if let Some(tally) = outcome.cells[district].get_mut(band) {
                tally.add(row, || None, values[0], values[1]);
            }
        }
        let [(before, why), (_, why_after)] = &results;
        // Who has no answer under either law is counted once.
        let only_after = why_after
            .iter()
            .filter(|(place, _)| before[*place].is_some());
        for (_, (code, zh, en)) in why.iter().chain(only_after) {
            let known = outcome.refused.entry(code);
            known.or_insert_with(|| (0, zh.clone(), en.clone())).0 += 1;
        }
        told(row, whole);
    }
    Ok(outcome)
}

impl Outcome {
    fn band_of(&self, wage: Option<Fen>) -> usize {
        let last = self.bands.len() - 1;
        let Some(wage) = wage else {
            return last;
        };
        let known = self.bands[..last].iter();
        let within = |band: &Option<(Fen, Fen)>| band.is_some_and(|(_, most)| wage <= most);
        known.clone().position(within).unwrap_or(last)
    }
}

/// A law with the question made ready.
struct Side<'a> {
    law: &'a Law,
    rule: RuleId,
    reader: Reader<'a>,
    plan: Plan<'a>,
}

/// A value for each row, and for each without one its place and the law's code and words.
type Answers = (
    Vec<Option<i64>>,
    Vec<(usize, (&'static str, String, String))>,
);

impl<'a> Side<'a> {
    fn new(law: &'a Law, crowd: &'a Crowd, asked: &Asked) -> Result<Side<'a>, Refusal> {
        let rule = asked.question.rule(law).ok_or(Refusal::NoQuestion)?;
        let reader = Reader::new(law, crowd.city(), asked.since).map_err(Refusal::Missing)?;
        let (slots, records) = match asked.question.effect() {
            Effect::Gets => reader.slots_of_awards(),
            Effect::Pays | Effect::Costs | Effect::Retires => (reader.slots(), Vec::new()),
        };
        let plan = Plan::new(law, asked.since, &[rule], &slots, &records)
            .map_err(|refusal| Refusal::by_law(&refusal, law))?;
        Ok(Side {
            law,
            rule,
            reader,
            plan,
        })
    }

    fn run(&self, some: &crowd::Block, asked: &Asked) -> Answers {
        let persons = some.persons.clone();
        let rows = match asked.question.effect() {
            Effect::Gets => self.reader.rows_for_award(persons, asked.since.month()),
            Effect::Pays | Effect::Costs | Effect::Retires => self.reader.rows(persons),
        };
        let (mut workspace, mut results) = (self.plan.workspace(), Results::default());
        let batch = self.reader.batch(&rows);
        self.plan.run(&mut workspace, &batch, &mut results);
        debug_assert_eq!(self.plan.asked(), [self.rule]);
        let column = results.columns.into_iter().next().unwrap_or_default();
        let mut values: Vec<Option<i64>> = column.into_iter().map(Some).collect();
        let mut why = Vec::new();
        for refused in &results.refused {
            if let Some(value) = values.get_mut(refused.row) {
                *value = None;
            }
            why.push((refused.row, refusal::in_words(&refused.refusal, self.law)));
        }
        (values, why)
    }
}
