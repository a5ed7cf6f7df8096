//! An explanation as plain text, for a terminal or a letter.

use super::Explanation;
use super::view::{StepView, TableView, View, view};
use super::words::{Lang, Word};

/// The explanation as text in a language.
#[must_use]
pub fn text(explanation: &Explanation<'_>, lang: Lang) -> String {
    let view = view(explanation, lang);
    let mut out = String::new();
    put(&mut out, 0, &format!("{} = {}", view.title, view.value));
    put(&mut out, 0, &view.under);
    if let Some(remedy) = &view.remedy {
        put(&mut out, 0, &labelled(Word::Mend, &view, remedy));
        put(
            &mut out,
            0,
            &labelled(Word::Path, &view, &view.path.join(" → ")),
        );
    }
    for (number, step) in view.steps.iter().enumerate() {
        out.push('\n');
        write_step(&mut out, number + 1, step, &view);
    }
    if !view.unconfirmed.is_empty() {
        out.push('\n');
        put(&mut out, 0, Word::Unconfirmed.in_language(lang));
        for item in &view.unconfirmed {
            put(&mut out, 2, &format!("- {item}"));
        }
    } else if !view.refused {
        out.push('\n');
        put(&mut out, 0, Word::AllConfirmed.in_language(lang));
    }
    out
}

fn write_step(out: &mut String, number: usize, step: &StepView, view: &View) {
    put(
        out,
        0,
        &format!("{number}. {} = {}", step.title, step.value),
    );
    for line in step.clause.lines() {
        put(out, 3, &format!("> {line}"));
    }
    let width = step
        .sections
        .iter()
        .map(|(word, _)| width(word.in_language(view.lang)))
        .max()
        .unwrap_or(0);
    for (word, lines) in &step.sections {
        for (index, line) in lines.iter().enumerate() {
            let label = if index == 0 {
                word.in_language(view.lang)
            } else {
                ""
            };
            put(out, 3, &format!("{}  {line}", padded(label, width)));
        }
    }
    for table in &step.tables {
        write_table(out, table);
    }
    if step.alike > 0 {
        put(
            out,
            3,
            &format!("{} {}", step.alike, Word::Alike.in_language(view.lang)),
        );
    }
}

fn write_table(out: &mut String, table: &TableView) {
    put(out, 3, &table.caption);
    let rows = || std::iter::once(&table.head).chain(&table.rows);
    let widths: Vec<usize> = (0..table.head.len())
        .map(|column| rows().map(|row| width(&row[column])).max().unwrap_or(0))
        .collect();
    for row in rows() {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| aligned(cell, *width));
        put(out, 5, &cells.collect::<Vec<_>>().join("  "));
    }
    for line in &table.foot {
        put(out, 5, line);
    }
}

fn labelled(word: Word, view: &View, text: &str) -> String {
    format!(
        "{}{}{text}",
        word.in_language(view.lang),
        view.lang.pick("：", ": ")
    )
}

fn put(out: &mut String, indent: usize, line: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(line.trim_end());
    out.push('\n');
}

fn padded(text: &str, wanted: usize) -> String {
    format!("{text}{}", " ".repeat(wanted.saturating_sub(width(text))))
}

/// To the right, as figures stand.
fn aligned(text: &str, wanted: usize) -> String {
    format!("{}{text}", " ".repeat(wanted.saturating_sub(width(text))))
}

/// Columns of a terminal: Chinese letters take two.
fn width(text: &str) -> usize {
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
