//! What if this figure were another? Who pays more, who gets less, in which district, at which wage?
//!
//! The law is read a second time with the figure changed in its text ([`rules::amend`]), and both laws work out one [`Question`]
//! for everybody of a made-up city whom it concerns. Nobody in that city is real, so it is open to all. What comes out follows
//! from the law's text, the change and the city alone: the same is asked twice, the same is answered.
//!
//! Who plans for the city may try the same over a [file](population) of their own. Real people may stand behind that, so nothing
//! is told of a few of them.

mod question;
mod outcome;
mod refusal;
mod misfit;
mod crowd;
mod population;

pub use crowd::Crowd;
pub use misfit::{Misfit, Said, Takes};
pub use outcome::{Outcome, Why};
pub use population::{Files, MOST_ROWS, Wanted, over, tried_over, wanted};
pub use question::{Effect, Question};
pub use refusal::Refusal;

use crate::sample::Reader;
use measure::{Day, Fen, Words};
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
    let mut cells = vec![vec![Tally::default(); bands.len()]; crowd.districts().len()];
    let mut refused: BTreeMap<&'static str, Why> = BTreeMap::new();
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
            let (district, band) = (some.district(place), band_of(&bands, some.wage(place)));
            let values = [0, 1].map(|side: usize| results[side].0[place]);
            if let Some(tally) = cells[district].get_mut(band) {
                tally.add(row, || None, values[0], values[1]);
            }
        }
        let [(before, why), (_, why_after)] = &results;
        // Who has no answer under either law is counted once.
        let only_after = why_after
            .iter()
            .filter(|(place, _)| before[*place].is_some());
        for (_, (code, zh, en)) in why.iter().chain(only_after) {
            let known = refused.entry(code);
            let known = known.or_insert_with(|| Why {
                code,
                about: String::new(),
                rows: 0,
                first: None,
                words: Words::new(zh.clone(), en.clone()),
            });
            known.rows += 1;
        }
        told(row, whole);
    }
    let changed = asked.changes.iter().zip(amended);
    let changed = changed
        .map(|(change, amended)| (change.place(), amended.was, change.value.clone()))
        .collect();
    let mut outcome = Outcome::new(changed, crowd.people(), bands, cells);
    outcome.refused = refused.into_values().collect();
    Ok(outcome)
}

/// In which band a wage is; the last is of those whose wage nobody knows.
fn band_of(bands: &[Option<(Fen, Fen)>], wage: Option<Fen>) -> usize {
    let last = bands.len() - 1;
    let Some(wage) = wage else {
        return last;
    };
    let mut known = bands[..last].iter();
    let within = |band: &Option<(Fen, Fen)>| band.is_some_and(|(_, most)| wage <= most);
    known.position(within).unwrap_or(last)
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
