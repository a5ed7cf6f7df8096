//! The components: functions from what they show to markup.

mod actions;
mod fields;
mod texts;
mod tables;
mod lists;
mod reasons;
mod sheets;

pub use actions::{Step, button, button_link, pages, progress, submit, tabs};
pub use fields::{Choice, Fault, Field, Kind, error_summary, field, hidden, many, one_of};
pub use lists::{A_PAGE, Column, List, Listed, Rows, no_more};
pub use reasons::{derivation, derivation_at};
pub use sheets::{
    SHEETS, SheetCell, cell_place, file, sheet, sheet_cell, sheet_out, sheet_out_name, sheet_row,
};
pub use tables::{Cell, Head, Table, table};
pub use texts::{amount, clock, confirmed, empty, fold, notice, summary, tag, warning};
