//! A sheet to be mended: a list of the rows as they came, whose cells can be written, with what is wrong beside each.
//!
//! A list has a form of its own, and forms do not nest: the cells name the form by which they are sent.

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

/// The place of a cell on the page.
#[must_use]
pub fn cell_place(name: &str) -> String {
    format!("f-{name}")
}

/// A list as a sheet: on a phone each of its rows stands by itself.
#[must_use]
pub fn sheet(list: &Markup) -> Markup {
    html! { div class="sheet" { (list) } }
}

/// The number of a row, with what is wrong with it as a whole.
#[must_use]
pub fn sheet_row(number: u64, faults: &[String], lang: Lang) -> Markup {
    html! {
        span class="cell-name" { (lang.say(ROW)) " " } (number)
        @for fault in faults { div class="fault" { span class="unseen" { (lang.say(FAULT)) } (fault) } }
    }
}

/// A cell of a column and row, to be written; `form` is the place of its form.
#[must_use]
pub fn sheet_cell(cell: &SheetCell, (column, row): (&str, u64), form: &str, lang: Lang) -> Markup {
    let place = cell_place(&cell.name);
    let told = format!("{place}-fault");
    let wrong = !cell.faults.is_empty();
    html! {
        label class="cell-name" for=(place) { (column) span class="unseen" { " " (lang.say(ROW)) " " (row) } }
        input id=(place) form=(form) name=(cell.name) type="text" value=(cell.value) autocomplete="off" class=[cell.is_long.then_some("long")]
            aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some(&told)];
        @if wrong {
            div class="fault" id=(told) {
                @for fault in &cell.faults { div { span class="unseen" { (lang.say(FAULT)) } (fault) } }
            }
        }
    }
}

/// The name of the column of [`sheet_out`].
#[must_use]
pub fn sheet_out_name(lang: Lang) -> &'static str {
    lang.say(OUT)
}

/// Takes a row out.
#[must_use]
pub fn sheet_out(row: u64, form: &str, lang: Lang) -> Markup {
    let out = format!("out-{row}");
    html! {
        div class="choice" {
            input type="checkbox" id=(cell_place(&out)) form=(form) name=(out) value="yes";
            label for=(cell_place(&out)) { span class="cell-name" { (lang.say(OUT)) } span class="unseen" { " " (row) } }
        }
    }
}

/// The endings of sheets, for [`file()`].
pub const SHEETS: &str = ".xlsx,.csv,.txt";

/// A file to be sent, with what goes along; `kinds` are the endings it may have.
#[must_use]
pub fn file(
    (name, kinds): (&str, &str),
    label: &str,
    hint: &str,
    fault: Option<&str>,
    lang: Lang,
) -> Markup {
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
            input id=(place) name=(name) type="file" accept=(kinds) aria-describedby=(described) aria-invalid=[fault.map(|_| "true")];
        }
    }
}
