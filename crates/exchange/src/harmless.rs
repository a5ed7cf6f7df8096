//! Cells that a spreadsheet would run as a formula.

/// Whether a cell that begins so would be run, or taken for something else than text, when a spreadsheet opens it.
pub(crate) fn begins_a_formula(cell: &str) -> bool {
    matches!(
        cell.chars().next(),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
    )
}

/// A cell that a spreadsheet would run as a formula is shown behind an apostrophe.
pub(crate) fn harmless(cell: &str) -> String {
    match begins_a_formula(cell) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}
