use super::csv_file::{Days, print};
use super::tables::{Cells, TABLES, counts, empty, tables};
use super::*;
use crate::arguments::{Files, Format};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int64Type};
use measure::{Day, Month};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rules::explain::Lang;
use std::fs::{self, File};
use std::path::Path;

const PEOPLE: u64 = 9_000;

fn asked(out: &Path, format: Files, threads: u16) -> Synth {
    Synth {
        people: PEOPLE,
        seed: 3,
        out: Some(out.to_owned()),
        into: None,
        keys: None,
        format,
        through: Some(Month::parse("2025-02").unwrap()),
        report: Format::Text,
        threads: Some(threads),
    }
}

fn setting() -> Setting {
    Setting {
        lang: Lang::En,
        verbose: false,
        today: Day::parse("2025-09-01").unwrap(),
        now: measure::Moment::from_microseconds(1_756_684_800_000_000),
        color: false,
        color_of_errors: false,
        terminal: false,
        answers_seen: false,
    }
}

fn written(format: Files, threads: u16) -> tempfile::TempDir {
    let out = tempfile::tempdir().unwrap();
    let exit = run(&asked(out.path(), format, threads), &setting()).unwrap();
    assert_eq!(exit, Exit::Good);
    out
}

#[test]
fn the_files_are_the_same_whatever_the_number_of_threads() {
    for (format, ending) in [(Files::Parquet, "parquet"), (Files::Csv, "csv")] {
        let [one, three] = [1, 3].map(|threads| written(format, threads));
        assert_eq!(fs::read_dir(one.path()).unwrap().count(), TABLES.len());
        for table in TABLES {
            let read = |out: &Path| fs::read(out.join(format!("{table}.{ending}"))).unwrap();
            assert!(read(one.path()) == read(three.path()), "{table}.{ending}");
        }
    }
}

#[test]
fn parquet_and_csv_hold_the_registers() {
    let [parquet, csv] = [Files::Parquet, Files::Csv].map(|format| written(format, 2));
    let city = City::of(3, PEOPLE);
    let registers = city.registers(0..PEOPLE);
    let file = File::open(parquet.path().join("participations.parquet")).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let (mut person, mut declared, mut from) = (Vec::new(), Vec::new(), Vec::new());
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let column = |name| batch.column_by_name(name).unwrap();
        person.extend(column("person").as_primitive::<Int64Type>().values());
        // Parquet's decimals are read in sixteen bytes where a file does not say how Arrow held them.
        let money = column("declared").as_primitive::<Decimal128Type>();
        declared.extend(
            money
                .iter()
                .map(|fen| i64::try_from(fen.unwrap_or(0)).unwrap()),
        );
        from.extend(column("from").as_primitive::<Date32Type>().values());
    }
    let of = &registers.participations;
    assert_eq!(
        (&person, &declared, &from),
        (&of.person, &of.declared, &of.from)
    );
    let text = fs::read_to_string(csv.path().join("identities.csv")).unwrap();
    let rows = (0..registers.identities.person.len()).map(|row| {
        let number = std::str::from_utf8(&registers.identities.number[row]).unwrap();
        format!("{},{number}\n", registers.identities.person[row])
    });
    assert_eq!(text, format!("person,number\n{}", rows.collect::<String>()));
}

#[test]
fn a_row_of_text() {
    let columns = vec![
        ("id", Cells::Id(vec![7, 1_000])),
        ("none", Cells::IdOrNone(vec![0, 12])),
        ("day", Cells::Day(vec![0, -25_567])),
        ("money", Cells::MoneyOrNone(vec![5, 123_456])),
        ("no money", Cells::MoneyOrNone(vec![0, 100])),
        ("yes", Cells::Yes(vec![true, false])),
        ("code", Cells::CodeOrNone(vec![0, 3])),
        ("district", Cells::DistrictOrNone(vec![0, 500_103])),
    ];
    let text = String::from_utf8(print(&Days::new(), &columns)).unwrap();
    let rows = [
        "7,,1970-01-01,0.05,,true,,",
        "1000,12,1900-01-01,1234.56,1.00,false,3,500103",
        "",
    ];
    assert_eq!(text, rows.join("\n"));
}

#[test]
fn the_counts_are_those_of_the_tables() {
    let city = City::of(3, PEOPLE);
    for piece in pieces(&city, Some(Month::parse("2025-03").unwrap())) {
        let counted = counts(&piece.make(&city).rows);
        let mut counts = [0; TABLES.len()];
        for (place, columns) in tables(piece.make(&city).rows) {
            let lines = print(&Days::new(), &columns);
            counts[place] = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        assert_eq!(counted, counts);
    }
    assert_eq!(empty().len(), TABLES.len());
}

#[test]
fn the_report_tells_each_margin_in_both_languages_and_for_programs() {
    let out = tempfile::tempdir().unwrap();
    let asked = asked(out.path(), Files::Csv, 1);
    let city = City::of(asked.seed, asked.people);
    let folder = Folder::create(out.path(), asked.format, true, Lang::En).unwrap();
    let names = TABLES.map(str::to_owned).to_vec();
    let poured = write(&city, &asked, folder, 1, &setting()).unwrap();
    let report = |lang, format| {
        let asked = Synth {
            report: format,
            out: Some(out.path().to_owned()),
            ..asked.clone()
        };
        let (names, took) = (names.clone(), Duration::from_secs(2));
        Report {
            asked: &asked,
            city: &city,
            poured: &poured,
            names,
            took,
            lang,
        }
        .written()
    };
    insta::assert_snapshot!("report_in_english", report(Lang::En, Format::Text));
    insta::assert_snapshot!("report_in_chinese", report(Lang::Zh, Format::Text));
    let told: serde_json::Value = serde_json::from_str(&report(Lang::En, Format::Json)).unwrap();
    assert_eq!(told["people"], PEOPLE);
    assert_eq!(told["files"][1]["rows"], PEOPLE);
    let margins = told["margins"].as_array().unwrap();
    assert_eq!(margins.len(), 48);
    for margin in margins {
        assert_eq!(margin["within_chance"], true, "{margin}");
    }
    assert_eq!(margins[47]["published"], "7338.75");
}

#[test]
fn a_folder_that_cannot_be_made_is_told_and_nothing_is_left() {
    let out = tempfile::tempdir().unwrap();
    let file = out.path().join("file");
    fs::write(&file, "").unwrap();
    let failure = run(&asked(&file, Files::Csv, 1), &setting())
        .unwrap_err()
        .to_string();
    assert!(
        failure.contains("[C0102]") && failure.contains("help:"),
        "{failure}"
    );
    // A folder where a file should be: it fails at the end, and takes its parts away.
    let taken = out.path().join("city");
    fs::create_dir_all(taken.join("persons.csv").join("inside")).unwrap();
    run(&asked(&taken, Files::Csv, 1), &setting()).unwrap_err();
    let left = fs::read_dir(&taken).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .ends_with(".part")
    });
    assert_eq!(left.count(), 0);
}
