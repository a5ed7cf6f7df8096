//! Tables to take along: what a page shows, as CSV or as a workbook. What a spreadsheet would run as a formula is made harmless.

use crate::error::Error;
use crate::harmless::harmless;
use rust_xlsxwriter::{Format, Workbook};

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// A text; it stays one, however it looks.
    Text(String),
    /// An amount in fen; shown in yuan.
    Yuan(i64),
    /// A count.
    Count(i64),
}

impl From<String> for Written {
    fn from(text: String) -> Written {
        Written::Text(text)
    }
}

impl From<&str> for Written {
    fn from(text: &str) -> Written {
        Written::Text(text.to_owned())
    }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// As CSV in UTF-8, with the mark by which spreadsheets know it.
///
/// # Errors
///
/// `C0102` when it cannot be written.
pub fn csv(head: &[&str], rows: &[Vec<Written>]) -> Result<Vec<u8>, Error> {
    let mut writer = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut write = |record: Vec<String>| writer.write_record(record);
    let mut written = write(head.iter().map(|name| harmless(name)).collect());
    for row in rows {
        let cells = row.iter().map(|cell| match cell {
            Written::Text(text) => harmless(text),
            Written::Yuan(fen) => yuan(*fen),
            Written::Count(count) => count.to_string(),
        });
        written = written.and_then(|()| write(cells.collect()));
    }
    let failed =
        |error: &dyn std::fmt::Display| crate::error::unwritable("table.csv".as_ref(), error);
    written.map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(&error))
}

/// As a workbook of one sheet, in which every text is a text.
///
/// # Errors
///
/// `C0102` when it cannot be written, as when it has more rows than a sheet.
pub fn xlsx(sheet: &str, head: &[&str], rows: &[Vec<Written>]) -> Result<Vec<u8>, Error> {
    let fill = || {
        let mut book = Workbook::new();
        let (text, money, bold) = (
            Format::new().set_num_format("@"),
            Format::new().set_num_format("#,##0.00"),
            Format::new().set_bold(),
        );
        let page = book.add_worksheet();
        page.set_name(sheet)?;
        page.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(head) {
            page.write_string_with_format(0, column, *name, &bold)?;
        }
        for (row, cells) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Written::Text(it) => {
                        // As much as a cell holds.
                        let it: String = it.chars().take(32_767).collect();
                        page.write_string_with_format(row, column, it, &text)?;
                    }
                    Written::Yuan(fen) => {
                        // Read from its digits: as near as a spreadsheet's number comes.
                        let yuan: f64 = yuan(*fen).parse().unwrap_or_default();
                        page.write_number_with_format(row, column, yuan, &money)?;
                    }
                    Written::Count(count) => {
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "a spreadsheet has no other numbers"
                        )]
                        let count = *count as f64;
                        page.write_number(row, column, count)?;
                    }
                }
            }
        }
        book.save_to_buffer()
    };
    fill().map_err(|error| crate::error::unwritable("table.xlsx".as_ref(), &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_a_text_and_an_amount_a_number() {
        let rows = [vec!["=1+1".into(), Written::Yuan(-105), Written::Count(3)]];
        let text = csv(&["name", "yuan", "n"], &rows)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(
            text.as_deref(),
            Ok("\u{feff}name,yuan,n\r\n'=1+1,-1.05,3\r\n")
        );
        let book = xlsx("one", &["name", "yuan", "n"], &rows).unwrap_or_default();
        assert!(book.starts_with(b"PK"));
    }
}
