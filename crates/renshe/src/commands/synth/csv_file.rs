//! One table as CSV, UTF-8 with a heading: amounts in yuan, days as 2025-01-31, `true` and `false`, nothing for none.

use super::tables::{Cells, Columns};
use measure::Day;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A file being written.
pub(super) struct CsvFile {
    file: BufWriter<File>,
}

impl CsvFile {
    /// Begins a file with the names of these columns.
    pub(super) fn create(path: &Path, columns: &Columns) -> io::Result<CsvFile> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        writeln!(file, "{}", names.join(","))?;
        Ok(CsvFile { file })
    }

    /// Adds printed rows.
    pub(super) fn append(&mut self, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)
    }

    /// Writes what is left.
    pub(super) fn close(mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Printed days.
pub(super) struct Days {
    printed: Vec<[u8; 10]>,
    first: i32,
}

impl Days {
    /// All from 1900 to 2100.
    pub(super) fn new() -> Days {
        let day = |year| Day::new(year, 1, 1).expect("a first of January").number();
        let (first, last) = (day(1900), day(2101));
        let print = |number| {
            let text = Day::from_number(number)
                .expect("a day of these years")
                .to_string();
            let mut printed = [0; 10];
            printed.copy_from_slice(text.as_bytes());
            printed
        };
        Days {
            printed: (first..last).map(print).collect(),
            first,
        }
    }

    fn print(&self, number: i32, out: &mut Vec<u8>) {
        let place = usize::try_from(number - self.first).ok();
        match place.and_then(|place| self.printed.get(place)) {
            Some(printed) => out.extend_from_slice(printed),
            // A city has no such day; whoever finds one should see it.
            None => out.extend_from_slice(number.to_string().as_bytes()),
        }
    }
}

/// Rows of these columns. Nothing in a city needs quotes: its texts have no commas, quotes or ends of lines.
pub(super) fn print(days: &Days, columns: &Columns) -> Vec<u8> {
    let rows = columns.first().map_or(0, |(_, cells)| length(cells));
    let mut out = Vec::with_capacity(rows * columns.len() * 9);
    for row in 0..rows {
        for (place, (_, cells)) in columns.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            print_cell(days, cells, row, &mut out);
        }
        out.push(b'\n');
    }
    out
}

fn print_cell(days: &Days, cells: &Cells, row: usize, out: &mut Vec<u8>) {
    match cells {
        Cells::Id(values) => print_number(values[row].unsigned_abs(), out),
        Cells::IdOrNone(values) => print_unless_zero(values[row].unsigned_abs(), out),
        Cells::Code(values) => print_number(values[row].into(), out),
        Cells::CodeOrNone(values) => print_unless_zero(values[row].into(), out),
        Cells::District(values) => print_number(values[row].unsigned_abs().into(), out),
        Cells::DistrictOrNone(values) => print_unless_zero(values[row].unsigned_abs().into(), out),
        Cells::Day(values) => days.print(values[row], out),
        Cells::MoneyOrNone(values) => {
            let fen = values[row].unsigned_abs();
            if fen > 0 {
                print_number(fen / 100, out);
                out.push(b'.');
                for digit in [fen / 10 % 10, fen % 10] {
                    print_number(digit, out);
                }
            }
        }
        Cells::Count(values) => print_number(values[row].into(), out),
        Cells::Yes(values) => out.extend_from_slice(match values[row] {
            true => b"true",
            false => b"false",
        }),
        Cells::Text(texts) => out.extend_from_slice(texts.get(row).as_bytes()),
        Cells::Number(numbers) => out.extend_from_slice(&numbers[row]),
    }
}

fn print_unless_zero(number: u64, out: &mut Vec<u8>) {
    if number > 0 {
        print_number(number, out);
    }
}

fn print_number(number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let (mut rest, mut place) = (number, digits.len());
    loop {
        place -= 1;
        digits[place] = b'0' + u8::try_from(rest % 10).expect("a remainder by ten is a digit");
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[place..]);
}

fn length(cells: &Cells) -> usize {
    match cells {
        Cells::Id(values) | Cells::IdOrNone(values) | Cells::MoneyOrNone(values) => values.len(),
        Cells::Code(values) | Cells::CodeOrNone(values) => values.len(),
        Cells::District(values) | Cells::DistrictOrNone(values) | Cells::Day(values) => {
            values.len()
        }
        Cells::Count(values) => values.len(),
        Cells::Yes(values) => values.len(),
        Cells::Text(texts) => texts.len(),
        Cells::Number(numbers) => numbers.len(),
    }
}
