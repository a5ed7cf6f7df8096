//! Whatever text is handed in: nothing panics, and every row is declared, refused or blank.

use crate::Desk;
use proptest::prelude::*;

/// How many records a text has below its first, read by the letter: quotation marks at the beginning of a cell quote,
/// within quotes two are one, and a line end outside of them ends the record. Lines without anything are none.
fn records(text: &str) -> u64 {
    let (mut records, mut any, mut quoted, mut start) = (0, false, false, true);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if quoted {
            any = true;
            if c == '"' {
                match characters.peek() {
                    Some('"') => drop(characters.next()),
                    _ => quoted = false,
                }
            }
            continue;
        }
        match c {
            '\n' | '\r' => {
                records += u64::from(any);
                (any, start) = (false, true);
                continue;
            }
            '"' if start => quoted = true,
            ',' => {
                (any, start) = (true, true);
                continue;
            }
            _ => {}
        }
        (any, start) = (true, false);
    }
    records + u64::from(any)
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("11010519491231002X".to_owned()),
        Just("440524188001010014".to_owned()),
        Just("张三".to_owned()),
        Just("8000".to_owned()),
        Just("\"a\nb\"".to_owned()),
        Just("\"a\"\"b\"".to_owned()),
        Just("\"".to_owned()),
        "[0-9]{0,20}",
        "[^\"\u{0}]{0,12}",
    ]
}

fn row() -> impl Strategy<Value = String> {
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\n\n"), Just("\r")];
    (proptest::collection::vec(cell(), 0..9), end).prop_map(|(cells, end)| cells.join(",") + end)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_row_is_declared_refused_or_blank(rows in proptest::collection::vec(row(), 0..12)) {
        let desk = Desk::new();
        let text = rows.concat();
        // A second heading is refused as such, which is another test's matter.
        prop_assume!(!text.contains("身份证"));
        desk.write("a.csv", format!("身份证号码,姓名,月工资,起始日期\n{text}"));
        let read = match desk.read("a.csv") {
            Ok(read) => read,
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let summary = read.summary;
        prop_assert_eq!(summary.declared + summary.refused + summary.blank, records(&text));
        prop_assert_eq!(summary.declared, read.declared.len() as u64);
    }

    #[test]
    fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "[a-c]\\.(csv|xlsx|txt)") {
        let desk = Desk::new();
        let _ = desk.codes(&name, &bytes);
    }

    #[test]
    fn a_workbook_with_some_bytes_changed_is_refused_or_read(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        use crate::workbook::{ROWS, pack, parts};
        let desk = Desk::new();
        let mut bytes = pack(&parts(ROWS));
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = desk.codes("a.xlsx", &bytes);
    }

    #[test]
    fn any_sheet_of_a_sound_package_is_refused_or_read(rows in "(<row r=\"[0-9]{1,12}\">|<c r=\"[A-Z]{1,9}[0-9]{1,12}\"( t=\"(s|n|b|e|str|d|x)\")?>|<v>|</v>|</c>|</row>|<f>|</f>|[0-9]{1,4}|&[a-z#0-9]{1,4};){0,30}") {
        use crate::workbook::{ROWS, pack, parts};
        let desk = Desk::new();
        let _ = desk.codes("a.xlsx", pack(&parts(&format!("{ROWS}{rows}"))));
    }
}
