//! A sheet whose cells can be written: filled in by hand, or read from a file in order to be mended.

use super::{
    Heading, Item, Line, Sheet, Take, columns, lines::Lines, reader::Reader, value, value::Cell,
    value::Cells,
};
use crate::error::{Error, Note};
use crate::fault::{Place, letter};
use std::borrow::Cow;

/// What stands in the column of a file to mend that holds the number the row had.
const ROW_NAMES: [&str; 2] = [columns::ROW_ZH, columns::ROW_EN];

/// A sheet in memory: its heading, and its rows by their numbers as texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    heading: Heading,
    rows: Vec<(u64, Vec<String>)>,
}

impl Form {
    /// A form with its usual columns and no row.
    ///
    /// # Panics
    ///
    /// Never: the usual names are a heading.
    #[must_use]
    pub fn usual() -> Form {
        let names = Item::ALL.map(|item| item.names()[0].to_owned());
        Form::under(1, names.to_vec()).expect("the usual names are a heading")
    }

    /// A form with these columns and no row; `None` when they are not those of a declaration.
    #[must_use]
    pub fn under_names(names: &[String]) -> Option<Form> {
        Form::under(1, names.to_vec())
    }

    fn under(row: u64, names: Vec<String>) -> Option<Form> {
        let (heading, _) = columns::find("", &[(row, names)]).ok()?;
        Some(Form {
            heading,
            rows: Vec::new(),
        })
    }

    /// What stands in a sheet, row by row, at most so many; `None` when it has more.
    ///
    /// # Errors
    ///
    /// `C0212`, `C0219`, `C0220` when the file cannot be read on.
    pub fn of(sheet: &Sheet, most: usize) -> Result<Option<Form>, Error> {
        let mut form = Form {
            heading: sheet.heading().clone(),
            rows: Vec::new(),
        };
        let mut all = true;
        sheet.lines(true, |line| {
            match form.rows.len() < most {
                true => form.rows.push((line.row, as_text(line))),
                false => all = false,
            }
            Ok::<(), Error>(())
        })?;
        Ok(all.then_some(form))
    }

    /// What [`text`](Form::text) wrote, read back; `None` when it is something else.
    #[must_use]
    pub fn read(text: &str) -> Option<Form> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut records = reader.records().map(|record| {
            let record = record.ok()?;
            let row: u64 = record.get(0)?.parse().ok()?;
            let cells = record.iter().skip(1).map(str::to_owned);
            Some((row, cells.collect::<Vec<String>>()))
        });
        let (row, names) = records.next()??;
        let mut form = Form::under(row, names)?;
        form.rows = records.collect::<Option<_>>()?;
        Some(form)
    }

    /// All of it as one text, to be kept.
    ///
    /// # Panics
    ///
    /// Never: memory takes any text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        let head = (self.heading.row, &self.heading.columns);
        let rows = self.rows.iter().map(|(row, cells)| (*row, cells));
        for (row, cells) in std::iter::once(head).chain(rows) {
            let number = row.to_string();
            let cells = cells.iter().map(String::as_str);
            let record = std::iter::once(number.as_str()).chain(cells);
            writer
                .write_record(record)
                .expect("memory takes any record");
        }
        let bytes = writer.into_inner().expect("memory takes any record");
        String::from_utf8(bytes).expect("texts are UTF-8")
    }

    /// The heading.
    #[must_use]
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    /// What there is to say of its columns.
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        let row = (self.heading.row, self.heading.columns.clone());
        columns::find("", &[row]).map_or_else(|_| Vec::new(), |(_, notes)| notes)
    }

    /// The rows that are not blank, with their numbers.
    #[must_use]
    pub fn rows(&self) -> &[(u64, Vec<String>)] {
        &self.rows
    }

    /// The cells of a row.
    #[must_use]
    pub fn row(&self, row: u64) -> Option<&[String]> {
        let found = self.rows.iter().find(|(number, _)| *number == row);
        found.map(|(_, cells)| &cells[..])
    }

    /// Writes a cell; `false` when there is no such row or column.
    pub fn set(&mut self, row: u64, column: usize, text: &str) -> bool {
        let width = self.heading.columns.len();
        let Some((_, cells)) = self.rows.iter_mut().find(|(number, _)| *number == row) else {
            return false;
        };
        if width <= column {
            return false;
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        text.clone_into(&mut cells[column]);
        true
    }

    /// Takes a row out; `false` when there is none of this number.
    pub fn remove(&mut self, row: u64) -> bool {
        let before = self.rows.len();
        self.rows.retain(|(number, _)| *number != row);
        self.rows.len() < before
    }

    /// Adds a row below the last.
    pub fn add(&mut self, items: &[(Item, &str)]) {
        let last = self.rows.last().map_or(self.heading.row, |(row, _)| *row);
        let mut cells = vec![String::new(); self.heading.columns.len()];
        for (item, text) in items {
            if let Some(column) = self.heading.column(*item) {
                (*text).clone_into(&mut cells[column]);
            }
        }
        self.rows.push((last + 1, cells));
    }

    /// Puts mended rows in the place of those whose numbers they bear; gives how many, and `None` when the other has no column
    /// of such numbers.
    pub fn take_over(&mut self, mended: &Form) -> Option<usize> {
        let names = mended.heading.columns.iter();
        let mut names = names.map(|name| columns::fold(name));
        let numbers = names.position(|name| ROW_NAMES.iter().any(|row| columns::fold(row) == name));
        let numbers = numbers?;
        let mut taken = 0;
        for (_, cells) in &mended.rows {
            let number = cells.get(numbers).and_then(|text| text.trim().parse().ok());
            let Some(row) = number.filter(|row| self.row(*row).is_some()) else {
                continue;
            };
            for item in Item::ALL {
                let (ours, theirs) = (self.heading.column(item), mended.heading.column(item));
                if let (Some(ours), Some(theirs)) = (ours, theirs) {
                    self.set(row, ours, cells.get(theirs).map_or("", String::as_str));
                }
            }
            taken += 1;
        }
        Some(taken)
    }

    /// Reads every row that is not blank, in order, as a file's are read.
    ///
    /// # Errors
    ///
    /// What `each` returns.
    pub fn lines<E: From<Error>>(&self, each: impl FnMut(Line) -> Result<(), E>) -> Result<(), E> {
        let mut lines = Lines {
            reader: Reader::new(&self.heading),
            heading: &self.heading,
            texts: true,
            each,
        };
        for (row, cells) in &self.rows {
            lines.row(*row, &Texts(cells))?;
        }
        Ok(())
    }
}

impl Heading {
    /// The column that a fault names, from 0.
    #[must_use]
    pub fn column_at(&self, place: &Place) -> Option<usize> {
        (0..self.columns.len()).find(|column| self.place(*column) == *place)
    }
}

/// The texts of a row, such that what was refused because of how the spreadsheet held it is refused as a text too.
fn as_text(line: Line) -> Vec<String> {
    let mut texts = line.texts;
    for fault in line.faults {
        let place = fault.place.map(|place| place.letter).unwrap_or_default();
        let mut columns = 0..texts.len();
        let Some(column) = columns.find(|column| letter(*column) == place) else {
            continue;
        };
        let text = &mut texts[column];
        match fault.code {
            "C0232" if !text.starts_with('=') => *text = format!("={text}"),
            // Its last digits are lost, whatever they look like now.
            "C0233" if value::identity(text).is_ok() => {
                *text = format!("{}.{}E+17", &text[..1], &text[1..6]);
            }
            _ => {}
        }
    }
    texts
}

struct Texts<'a>(&'a [String]);

impl Cells for Texts<'_> {
    fn cell(&self, column: usize) -> Cell<'_> {
        match self.0.get(column).map(|text| text.trim()) {
            None | Some("" | "'") => Cell::Empty,
            Some(text) => Cell::Text(text),
        }
    }

    fn filled(&self) -> usize {
        let last = (0..self.0.len()).rfind(|column| self.cell(*column) != Cell::Empty);
        last.map_or(0, |last| last + 1)
    }

    fn text(&self, column: usize) -> Cow<'_, str> {
        Cow::Borrowed(self.0.get(column).map_or("", String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &Form) -> Vec<(u64, Option<i64>, Vec<&'static str>)> {
        let mut read = Vec::new();
        let done = form.lines(|line| {
            let wage = line.declared.as_ref().map(|declared| declared.wage.0);
            let codes = line.faults.iter().map(|fault| fault.code).collect();
            read.push((line.row, wage, codes));
            Ok::<(), Error>(())
        });
        assert_eq!(done, Ok(()));
        read
    }

    fn filled() -> Form {
        let mut form = Form::usual();
        for (number, wage) in [
            ("110101199003070011", "八千"),
            ("11010119900307002X", "8000"),
        ] {
            form.add(&[
                (Item::Identity, number),
                (Item::Name, "张,三\n\"李\""),
                (Item::Wage, wage),
            ]);
        }
        form
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let form = filled();
        assert_eq!(Form::read(&form.text()), Some(form));
        assert_eq!(Form::read("nothing of ours"), None);
        assert_eq!(Form::read(""), None);
    }

    #[test]
    fn a_cell_is_mended_and_a_row_taken_out() {
        let mut form = filled();
        let wrong = read(&form);
        assert!(wrong[0].2.contains(&"C0235"), "{wrong:?}");
        let wage = form.heading().column(Item::Wage).unwrap_or_default();
        assert!(form.set(2, wage, "8,123.45"));
        assert!(!read(&form)[0].2.contains(&"C0235"));
        assert!(!form.set(9, wage, "1") && !form.set(2, 99, "1"));
        assert!(form.remove(3) && !form.remove(3));
        assert_eq!(form.rows().len(), 1);
    }

    #[test]
    fn mended_rows_take_the_place_of_those_they_came_from() {
        let mut form = filled();
        let names = ["row", "name", "identity-number", "wage", "reason"].map(str::to_owned);
        let mut mended = Form::under(1, names.to_vec()).unwrap_or_else(Form::usual);
        let cells = ["3", "王五", "11010119900307002X", "9000", "it was wrong"];
        mended.rows = vec![
            (2, cells.map(str::to_owned).to_vec()),
            (3, vec!["77".to_owned()]),
        ];
        assert_eq!(form.take_over(&mended), Some(1));
        let row = form.row(3).unwrap_or_default();
        assert_eq!((row[1].as_str(), row[2].as_str()), ("王五", "9000"));
        assert_eq!(form.take_over(&filled()), None);
    }
}
