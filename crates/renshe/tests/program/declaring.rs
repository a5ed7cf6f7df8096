//! An employer's month from the file to the register and back.

use crate::{Desk, Run};
use measure::{Day, IdentityNumber};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use zip::{ZipWriter, write::SimpleFileOptions};

/// The nth made-up person; nobody is of an area that begins with 99.
fn number(nth: u32) -> String {
    let born = Day::parse("1970-01-01")
        .unwrap()
        .add_days((nth / 900).try_into().unwrap());
    let sequence = u16::try_from(nth % 900 + 1).unwrap();
    let number = IdentityNumber::new("990101", born.unwrap(), sequence).unwrap();
    number.reveal().to_owned()
}

fn city() -> Desk {
    let desk = Desk::bare();
    let made = desk.run("synth --people 5000 --into sqlite:city.db --keys city.keys");
    assert_eq!(made.code, 0, "{}", made.shown());
    desk
}

fn submit(desk: &Desk, file: &str, more: &str, code: i32) -> Run {
    let asked = format!(
        "declaration submit {file} --employer 1 --month 2025-06 --as clerk --keys city.keys --db sqlite:city.db {more}"
    );
    let run = desk.run(&asked);
    assert_eq!(run.code, code, "{}", run.shown());
    run
}

/// Two rows that can be taken, and one whose wage cannot be read.
fn three() -> String {
    format!(
        "身份证号码,姓名,月工资\n{},新来,8000\n{},张三,8O00\n{},王五,7000\n",
        number(1),
        number(2),
        number(3)
    )
}

#[test]
fn a_dry_run_tells_all_and_records_nothing() {
    let desk = city();
    desk.write("june.csv", &three());
    // A dry run: told of, written out to be mended, and nothing recorded.
    let run = submit(&desk, "june.csv", "--part --lang zh", 3);
    assert!(
        run.out.contains("第") || run.out.contains("C0235"),
        "{}",
        run.shown()
    );
    assert!(run.out.contains("试算，未记录"), "{}", run.shown());
    let tried = submit(&desk, "june.csv", "--part --format json", 3).json();
    assert_eq!(
        (&tried["enrolled"], &tried["new"], &tried["faulty"]),
        (&2.into(), &2.into(), &1.into())
    );
    let fault = &tried["faults"][0];
    assert_eq!(
        (&fault["row"], &fault["letter"], &fault["code"]),
        (&3.into(), &"C".into(), &"C0235".into())
    );
    assert!(fault["reason"]["zh"] != fault["reason"]["en"] && fault["remedy"]["zh"] != "");
    let mend = desk.read("june.mend.csv");
    assert!(
        mend.contains(&number(2)) && !mend.contains(&number(1)),
        "{mend}"
    );
}

#[test]
fn the_good_rows_first_and_then_the_rest() {
    let desk = city();
    desk.write("june.csv", &three());
    // Asked for whole it is refused whole; the good rows are recorded when they are asked for.
    let whole = submit(&desk, "june.csv", "--part --record --lang en", 1);
    assert!(
        whole
            .out
            .contains("nothing was recorded because of the faults"),
        "{}",
        whole.shown()
    );
    let good = submit(
        &desk,
        "june.csv",
        "--part --record --good-rows --format json",
        3,
    )
    .json();
    let first = good["recorded"].as_i64().unwrap();
    // Mended, the rest alone is handed in.
    desk.change("june.mend.csv", "8O00", "8000");
    let mended = submit(&desk, "june.mend.csv", "--part --record --format json", 0).json();
    assert_eq!(
        (&mended["enrolled"], &mended["amends"], &mended["to_mend"]),
        (&1.into(), &first.into(), &Value::Null)
    );
    let again = submit(&desk, "june.mend.csv", "--part --record --lang en", 1);
    assert!(again.err.contains("D0109"), "{}", again.shown());

    let shown = desk
        .run("declaration show --employer 1 --month 2025-06 --db sqlite:city.db --format json")
        .json();
    let states: Vec<&str> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["superseded", "accepted"]);
    let second = mended["recorded"].as_i64().unwrap();
    let undone = desk.run(&format!(
        "declaration undo {second} --as clerk --db sqlite:city.db --lang en"
    ));
    assert!(
        undone
            .out
            .contains(&format!("declaration {first} stands again")),
        "{}",
        undone.shown()
    );
    let wrong = desk.run(&format!(
        "declaration undo {second} --as clerk --db sqlite:city.db --lang en"
    ));
    assert!(
        wrong.code == 1 && wrong.err.contains("N0404"),
        "{}",
        wrong.shown()
    );
    assert_eq!(desk.run("verify --db sqlite:city.db").code, 0);
}

#[test]
fn who_has_not_declared_is_found_and_asked_once() {
    let desk = city();
    let at = "--as clerk --db sqlite:city.db --format json";
    let missing = |desk: &Desk| {
        desk.run(&format!("declaration missing 2025-06 {at}"))
            .json()
            .as_array()
            .unwrap()
            .len()
    };
    let before = missing(&desk);
    desk.write(
        "june.csv",
        &format!("身份证号码,姓名,月工资\n{},新来,8000\n", number(1)),
    );
    submit(&desk, "june.csv", "--record", 0);
    assert_eq!(missing(&desk), before - 1);
    let chase = |on: &str| {
        desk.run(&format!("declaration chase 2025-06 --on {on} {at}"))
            .json()
    };
    assert_eq!(chase("2025-06-20")["written"], 0);
    let first = chase("2025-07-02");
    assert_eq!(
        (&first["written"], &first["time"]),
        (&(before - 1).into(), &1.into())
    );
    assert_eq!(chase("2025-07-02")["written"], 0);
    assert_eq!(chase("2025-08-30")["written"], before - 1);
}

/// A small workbook that would be a large one.
fn bomb() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    for _ in 0..256 {
        zip.write_all(&[b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook_comes_back_as_a_workbook_to_mend() {
    let desk = city();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip([
        [
            "身份证号码".to_owned(),
            "姓名".to_owned(),
            "月工资".to_owned(),
        ],
        [number(1), "新来".to_owned(), "8000".to_owned()],
        [number(2), "张三".to_owned(), "很多".to_owned()],
    ]) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    book.save(desk.path("june.xlsx")).unwrap();
    let good = submit(
        &desk,
        "june.xlsx",
        "--part --record --good-rows --format json",
        3,
    )
    .json();
    assert_eq!(
        (&good["new"], &good["to_mend"]),
        (&1.into(), &"june.mend.xlsx".into())
    );
    // Unmended it says the same of the same row again.
    let again = submit(&desk, "june.mend.xlsx", "--part --record --format json", 1).json();
    assert_eq!(
        (&again["rows"], &again["faults"][0]["row"]),
        (&1.into(), &2.into())
    );
}

#[test]
fn files_one_should_not_read_are_refused_by_name() {
    let desk = city();
    desk.write("utf16.csv", "\u{feff}身\0份\0");
    desk.write("empty.csv", "");
    desk.write("book.xls", "old");
    let path = |name: &str| desk.path(name);
    // One more than 64 MiB, with nothing behind the first bytes.
    let large = fs::File::create(path("large.csv")).unwrap();
    large.set_len((64 << 20) + 1).unwrap();
    fs::write(path("bomb.xlsx"), bomb()).unwrap();
    let (gb, _, _) = encoding_rs::GB18030.encode("身份证号码,姓名,月工资\n");
    fs::write(path("gb.csv"), &gb).unwrap();
    desk.write(
        "formula.csv",
        &format!("身份证号码,姓名,月工资\n{},新来,=A1*2\n", number(1)),
    );
    for (file, code) in [
        ("utf16.csv", "C0205"),
        ("empty.csv", "C0204"),
        ("bomb.xlsx", "C0206"),
        ("book.xls", "C0203"),
        ("large.csv", "C0201"),
        ("absent.csv", "C0101"),
    ] {
        let run = submit(&desk, file, "--record --lang zh", 1);
        assert!(run.err.contains(code), "{file}: {}", run.shown());
    }
    assert_eq!(
        submit(&desk, "gb.csv", "--format json", 0).json()["rows"],
        0
    );
    let formula = submit(&desk, "formula.csv", "--record --format json", 1).json();
    assert_eq!(formula["faults"][0]["code"], "C0232");
    let shown = desk
        .run("declaration show --employer 1 --month 2025-06 --db sqlite:city.db --format json")
        .json();
    assert_eq!(shown.as_array().unwrap().len(), 0);
}

/// Some thousand rows of people nobody knows: quick enough to be waited for, and nobody is taken in twice.
#[test]
fn a_large_employer_is_taken_in() {
    let desk = city();
    let mut rows = String::from("身份证号码,姓名,月工资\n");
    for nth in 0..5_000 {
        writeln!(rows, "{},众人,6000", number(nth)).unwrap();
    }
    writeln!(rows, "{},众人,6000", number(7)).unwrap();
    desk.write("june.csv", &rows);
    let tried = submit(
        &desk,
        "june.csv",
        "--part --record --good-rows --format json",
        3,
    )
    .json();
    assert_eq!(
        (&tried["new"], &tried["faulty"]),
        (&5_000.into(), &1.into())
    );
    desk.write("july.csv", &rows.replace(",6000", ",6100"));
    let changed = submit(
        &desk,
        "july.csv",
        "--part --record --good-rows --format json",
        3,
    )
    .json();
    assert_eq!(
        (&changed["changed"], &changed["new"], &changed["enrolled"]),
        (&5_000.into(), &0.into(), &0.into())
    );
}

#[test]
fn every_verb_about_declarations_explains_itself() {
    let desk = Desk::bare();
    for verb in ["submit", "undo", "missing", "chase", "show"] {
        let run = desk.run(&format!("declaration {verb} --help"));
        assert_eq!(run.code, 0);
        assert!(
            run.out.contains("Examples:") && run.out.contains("Exit codes:"),
            "{}",
            run.out
        );
    }
}
