//! An explanation as plain text, for a terminal or a letter.

use super::Explanation;
use super::view::{StepView, TableView, View, view};
use super::words::{Lang, Word};

/// The explanation as text in a language.
#[must_use]
pub fn text(explanation: &Explanation<'_>, lang: Lang) -> String {
    let view = view(explanation, lang);
    let mut out = String::with_capacity(BYTES_OF_A_STEP * (view.steps.len() + 1));
    put(
        &mut out,
        0,
        &[view.of(view.title), " = ", view.of(view.value)],
    );
    put(&mut out, 0, &[view.of(view.under)]);
    if let Some(remedy) = view.remedy {
        let (colon, remedy) = (lang.pick("：", ": "), view.of(remedy));
        put(&mut out, 0, &[Word::Mend.in_language(lang), colon, remedy]);
        let path: Vec<&str> = view.path.iter().map(|rule| view.of(*rule)).collect();
        let path = path.join(" → ");
        put(&mut out, 0, &[Word::Path.in_language(lang), colon, &path]);
    }
    for (number, step) in view.steps.iter().enumerate() {
        out.push('\n');
        write_step(&mut out, number + 1, step, &view);
    }
    if !view.unconfirmed.is_empty() {
        out.push('\n');
        put(&mut out, 0, &[Word::Unconfirmed.in_language(lang)]);
        for item in &view.unconfirmed {
            put(&mut out, 2, &["- ", view.of(*item)]);
        }
    } else if !view.refused {
        out.push('\n');
        put(&mut out, 0, &[Word::AllConfirmed.in_language(lang)]);
    }
    out
}

/// About as long as a step is.
const BYTES_OF_A_STEP: usize = 1_024;

fn write_step(out: &mut String, number: usize, step: &StepView<'_>, view: &View<'_>) {
    let (number, title, value) = (number.to_string(), view.of(step.title), view.of(step.value));
    put(out, 0, &[&number, ". ", title, " = ", value]);
    for line in step.clause.lines() {
        put(out, 3, &["> ", line]);
    }
    let label = |word: Word| word.in_language(view.lang);
    let labels = step.lines.iter().map(|(word, _)| width(label(*word)));
    let widest = labels.max().unwrap_or(0);
    let mut before = None;
    for &(word, line) in &step.lines {
        let is_first = before.replace(word) != Some(word);
        let label = if is_first { label(word) } else { "" };
        let gap = widest - width(label) + 2;
        put(
            out,
            3,
            &[label, &SPACES[..gap.min(SPACES.len())], view.of(line)],
        );
    }
    for table in &step.tables {
        write_table(out, table);
    }
    if step.alike > 0 {
        let alike = step.alike.to_string();
        put(out, 3, &[&alike, " ", Word::Alike.in_language(view.lang)]);
    }
}

/// As many spaces as ever stand beside a label.
const SPACES: &str = "                                        ";

fn write_table(out: &mut String, table: &TableView) {
    put(out, 3, &[&table.caption]);
    let rows = || std::iter::once(&table.head).chain(&table.rows);
    let widths: Vec<usize> = (0..table.head.len())
        .map(|column| rows().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    for row in rows() {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| aligned(cell, *width));
        put(out, 5, &[&cells.collect::<Vec<_>>().join("  ")]);
    }
    for line in &table.foot {
        put(out, 5, &[line]);
    }
}

/// A line of these parts, without spaces at its end.
fn put(out: &mut String, indent: usize, parts: &[&str]) {
    out.push_str(&SPACES[..indent]);
    let start = out.len();
    for part in parts {
        out.push_str(part);
    }
    out.truncate(start + out[start..].trim_end().len());
    out.push('\n');
}

/// To the right, as figures stand.
fn aligned(text: &str, wanted: usize) -> String {
    format!("{}{text}", " ".repeat(wanted.saturating_sub(width(text))))
}

/// Columns of a terminal: Chinese letters take two.
fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars()
        .map(|c| {
            if ('\u{2e80}'..='\u{ffe6}').contains(&c) {
                2
            } else {
                1
            }
        })
        .sum()
}
