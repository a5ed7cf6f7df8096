//! The collected rows, as CSV.

use std::collections::BTreeMap;

/// One row of a file of facts: its cells by the names in the first line.
pub(crate) struct Row {
    /// Where it stands, such as `retirement_rows.csv:7`.
    pub(crate) place: String,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// A cell; the file must have the column.
    pub(crate) fn cell(&self, column: &str) -> &str {
        self.cells
            .get(column)
            .unwrap_or_else(|| panic!("{}: no column `{column}`", self.place))
    }

    /// Where it stands and where it comes from, for a failure.
    pub(crate) fn origin(&self) -> String {
        format!(
            "{} [{}]",
            self.place,
            self.cells.get("source").map_or("", String::as_str)
        )
    }
}

/// The rows of `tests/facts/NAME`.
pub(crate) fn of(name: &str) -> Vec<Row> {
    let text = match name {
        "cq_parameters.csv" => include_str!("../facts/cq_parameters.csv"),
        "districts.csv" => include_str!("../facts/districts.csv"),
        "pension_examples.csv" => include_str!("../facts/pension_examples.csv"),
        "retirement_rows.csv" => include_str!("../facts/retirement_rows.csv"),
        other => panic!("no file of facts is called `{other}`"),
    };
    let mut lines = text.lines().map(cells);
    let heads = lines.next().expect("a first line");
    let row = |(number, cells): (usize, Vec<String>)| {
        let place = format!("{name}:{}", number + 2);
        assert_eq!(
            cells.len(),
            heads.len(),
            "{place}: as many cells as columns"
        );
        Row {
            place,
            cells: heads.iter().cloned().zip(cells).collect(),
        }
    };
    lines.enumerate().map(row).collect()
}

/// The cells of a line; those with commas stand in double quotes, doubled within.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        let cell = cells.last_mut().expect("never empty");
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => cell.extend(signs.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            sign => cell.push(sign),
        }
    }
    cells
}
