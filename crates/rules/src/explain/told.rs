//! An explanation in one language as plain data, for whoever lays it out in pages of their own: the same view that the text and
//! the page print.

use super::Explanation;
use super::view::{StepView, View, came_to, used, view};
use super::words::{Lang, Word};

/// What a reader is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The rule asked.
    pub title: String,
    /// Its value, or why there is none.
    pub value: String,
    /// Whether there is none.
    pub refused: bool,
    /// The law and its day.
    pub under: String,
    /// When refused: how to mend it.
    pub remedy: Option<String>,
    /// When refused: the rules from the one asked to the one that refuses.
    pub path: Vec<String>,
    /// Every rule reached that is worth reading.
    pub steps: Vec<ToldStep>,
    /// What was used and is not confirmed.
    pub unconfirmed: Vec<String>,
}

/// One rule reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldStep {
    /// Its number, to which the uses of others lead.
    pub index: usize,
    /// The rule's English identity.
    pub rule: String,
    /// Its name, and of which record.
    pub title: String,
    /// Its value, or why there is none.
    pub value: String,
    /// Whether there is none.
    pub refused: bool,
    /// Whether the rule is not confirmed.
    pub unconfirmed: bool,
    /// What the law says, in one sentence.
    pub clause: String,
    /// Basis, formula, numbers, facts and figures, under their headings.
    pub sections: Vec<ToldSection>,
    /// The rules used, with what they came to; the number where that step is shown too.
    pub uses: Vec<(Option<usize>, String)>,
    /// The records gone through.
    pub tables: Vec<ToldTable>,
    /// How many more records were computed in the same way.
    pub alike: Option<String>,
}

/// Lines under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSection {
    /// The heading.
    pub heading: &'static str,
    /// Whether the lines are formulas.
    pub is_formula: bool,
    /// The lines.
    pub lines: Vec<String>,
}

/// Records gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldTable {
    /// What is gathered.
    pub caption: String,
    /// The heads of the columns.
    pub head: Vec<String>,
    /// A row a record.
    pub rows: Vec<Vec<String>>,
    /// What is to be said below.
    pub foot: Vec<String>,
}

/// The explanation in a language.
#[must_use]
pub fn told(explanation: &Explanation<'_>, lang: Lang) -> Told {
    let view = view(explanation, lang);
    let all = |lines: &[super::view::Line]| {
        let lines = lines.iter();
        lines.map(|line| view.of(*line).to_owned()).collect()
    };
    Told {
        title: view.of(view.title).to_owned(),
        value: view.of(view.value).to_owned(),
        refused: view.refused,
        under: view.of(view.under).to_owned(),
        remedy: view.remedy.map(|line| view.of(line).to_owned()),
        path: all(&view.path),
        steps: view
            .steps
            .iter()
            .map(|step| told_step(explanation, &view, step))
            .collect(),
        unconfirmed: all(&view.unconfirmed),
    }
}

fn told_step(explanation: &Explanation<'_>, view: &View<'_>, step: &StepView<'_>) -> ToldStep {
    let lang = view.lang;
    let is_shown = |index: usize| view.steps.iter().any(|shown| shown.index == index);
    let mut sections: Vec<(Word, ToldSection)> = Vec::new();
    for &(word, line) in &step.lines {
        let line = view.of(line).to_owned();
        match sections.last_mut() {
            Some((last, section)) if *last == word => section.lines.push(line),
            _ => sections.push((
                word,
                ToldSection {
                    heading: word.in_language(lang),
                    is_formula: matches!(word, Word::Formula | Word::Numbers),
                    lines: vec![line],
                },
            )),
        }
    }
    let tables = step.tables.iter().map(|table| ToldTable {
        caption: table.caption.clone(),
        head: table.head.clone(),
        rows: table.rows.clone(),
        foot: table.foot.clone(),
    });
    ToldStep {
        index: step.index,
        rule: explanation.law[explanation.steps[step.index].rule]
            .names
            .id
            .clone(),
        title: view.of(step.title).to_owned(),
        value: view.of(step.value).to_owned(),
        refused: step.refused,
        unconfirmed: step.unconfirmed,
        clause: step.clause.to_owned(),
        sections: sections.into_iter().map(|(_, section)| section).collect(),
        uses: used(explanation, step)
            .map(|index| {
                (
                    is_shown(index).then_some(index),
                    came_to(explanation, index, lang),
                )
            })
            .collect(),
        tables: tables.collect(),
        alike: (step.alike > 0)
            .then(|| format!("{} {}", step.alike, Word::Alike.in_language(lang))),
    }
}
