//! A sheet to be mended: the rows as they came, what is wrong beside each cell.

use maud::{Markup, html};
use measure::Words;
use rules::explain::Lang;

const ROW: Words = Words::new("行", "Row");
const OUT: Words = Words::new("删去此行", "Take this row out");
const FAULT: Words = Words::new("有误：", "Error: ");

/// A cell that can be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetCell {
    /// Its name in the form.
    pub name: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
    /// Whether what stands in it is as long as an identity number.
    pub is_long: bool,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// The number it has in the file.
    pub number: u64,
    /// Its cells, one a column.
    pub cells: Vec<SheetCell>,
    /// What is wrong with it as a whole.
    pub faults: Vec<String>,
}

/// The place of a cell on the page.
#[must_use]
pub fn cell_place(name: &str) -> String {
    format!("f-{name}")
}

/// The rows of a sheet, to be mended within a form.
#[must_use]
pub fn sheet(caption: &str, columns: &[String], rows: &[SheetRow], lang: Lang) -> Markup {
    html! {
        div class="box sheet" tabindex="0" role="region" aria-label=(caption) {
            table {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { (lang.say(ROW)) }
                        @for column in columns { th scope="col" { (column) } }
                        th scope="col" { (lang.say(OUT)) }
                    }
                }
                tbody { @for row in rows { (one(row, columns, lang)) } }
            }
        }
    }
}

fn one(row: &SheetRow, columns: &[String], lang: Lang) -> Markup {
    let number = row.number;
    let out = format!("out-{number}");
    html! {
        tr {
            th scope="row" {
                span class="cell-name" { (lang.say(ROW)) " " } (number)
                @for fault in &row.faults { div class="fault" { span class="unseen" { (lang.say(FAULT)) } (fault) } }
            }
            @for (cell, column) in row.cells.iter().zip(columns) { td class=[cell.is_long.then_some("long")] { (input(cell, column, number, lang)) } }
            td {
                div class="choice" {
                    input type="checkbox" id=(cell_place(&out)) name=(out) value="yes";
                    label for=(cell_place(&out)) { span class="cell-name" { (lang.say(OUT)) } span class="unseen" { " " (number) } }
                }
            }
        }
    }
}

fn input(cell: &SheetCell, column: &str, row: u64, lang: Lang) -> Markup {
    let place = cell_place(&cell.name);
    let told = format!("{place}-fault");
    let wrong = !cell.faults.is_empty();
    html! {
        label class="cell-name" for=(place) { (column) span class="unseen" { " " (lang.say(ROW)) " " (row) } }
        input id=(place) name=(cell.name) type="text" value=(cell.value) autocomplete="off"
            aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some(&told)];
        @if wrong {
            div class="fault" id=(told) {
                @for fault in &cell.faults { div { span class="unseen" { (lang.say(FAULT)) } (fault) } }
            }
        }
    }
}

/// A file to be sent, with what goes along.
#[must_use]
pub fn file(name: &str, label: &str, hint: &str, fault: Option<&str>, lang: Lang) -> Markup {
    let place = cell_place(name);
    let (told, hinted) = (format!("{place}-fault"), format!("{place}-hint"));
    let described = match fault {
        Some(_) => format!("{hinted} {told}"),
        None => hinted.clone(),
    };
    html! {
        div class=(if fault.is_some() { "field wrong" } else { "field" }) {
            label for=(place) { (label) }
            div class="hint" id=(hinted) { (hint) }
            @if let Some(fault) = fault { div class="fault" id=(told) { span class="unseen" { (lang.say(FAULT)) } (fault) } }
            input id=(place) name=(name) type="file" accept=".xlsx,.csv,.txt" aria-describedby=(described) aria-invalid=[fault.map(|_| "true")];
        }
    }
}
