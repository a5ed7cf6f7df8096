//! Rows keep their order and results do not depend on the number of threads.

use crate::House;
use exchange::rows::Carried;
use std::{fmt::Write, fs};

const ROWS: usize = 300_000;

fn people() -> String {
    let mut text = "id,sex,base,hired,children\n".to_owned();
    for row in 0..ROWS {
        let base = if row % 9_973 == 5 {
            "?".to_owned()
        } else {
            format!("{}.{:02}", row * 7 % 20_000, row % 100)
        };
        let note = if row % 101 == 0 {
            format!("\"{row},\n x\"")
        } else {
            row.to_string()
        };
        writeln!(
            text,
            "{note},{},{base},20{:02}-{:02}-{:02},{}",
            ["男", "female"][row % 2],
            row % 90 + 10,
            row % 12 + 1,
            row % 28 + 1,
            row % 5
        )
        .unwrap();
    }
    text
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let mut house = House::new();
    house.write("in.csv", people());
    let inputs = ["sex", "base", "hired", "children"];
    for kind in ["csv", "parquet", "arrow"] {
        let mut first: Option<(Vec<u8>, String)> = None;
        for threads in 1..=4 {
            house.threads = threads;
            let summary = house
                .echo("in.csv", &format!("out.{kind}"), &inputs)
                .unwrap();
            assert_eq!((summary.rows, summary.refused_rows), (ROWS as u64, 31));
            let out = (
                fs::read(house.path(&format!("out.{kind}"))).unwrap(),
                house.read("out.refused.csv"),
            );
            match &first {
                None => first = Some(out),
                Some(first) => assert!(*first == out, "{kind} with {threads} threads"),
            }
        }
    }
}

#[test]
fn rows_come_out_in_the_order_they_went_in() {
    let mut house = House::new();
    house.threads = 4;
    house.write("in.csv", people());
    house
        .echo("in.csv", "a.parquet", &["children", "base"])
        .unwrap();
    // The results are read again as given values of the rules, and copied.
    let opened =
        exchange::rows::Opened::open(&house.path("a.parquet"), &[], &Carried::default()).unwrap();
    let given = [crate::field(&house.law, 0, "out-children")];
    let source = opened
        .source(&house.law, rules::law::EntityId(0), &given, &[])
        .unwrap();
    let sink = exchange::rows::Sink::copying(&house.path("b.csv"), &source, 1).unwrap();
    let summary = exchange::rows::copy(&source, &sink, 4, &mut ()).unwrap();
    assert_eq!(summary.rows, ROWS as u64);
    let mut reader = csv::Reader::from_path(house.path("b.csv")).unwrap();
    let rows = reader.records().map(|record| record.unwrap());
    for (row, record) in rows.enumerate() {
        let key = record[0].split(',').next().unwrap().to_owned();
        let children = if row % 9_973 == 5 {
            String::new()
        } else {
            (row % 5).to_string()
        };
        assert_eq!((key, record[1].to_owned()), (row.to_string(), children));
    }
}

#[test]
fn progress_ends_with_the_number_of_rows() {
    struct Seen(u64, Option<u64>);
    impl exchange::rows::Progress for Seen {
        fn rows(&mut self, done: u64, total: Option<u64>) {
            assert!(done >= self.0);
            (self.0, self.1) = (done, total);
        }
    }
    let house = House::new();
    house.write("in.csv", people());
    house.echo("in.csv", "a.parquet", &["children"]).unwrap();
    let given = [crate::field(&house.law, 0, "out-children")];
    let seen = |file: &str| {
        let opened =
            exchange::rows::Opened::open(&house.path(file), &[], &Carried::default()).unwrap();
        let source = opened
            .source(&house.law, rules::law::EntityId(0), &given, &[])
            .unwrap();
        let sink = exchange::rows::Sink::copying(&house.path("b.parquet"), &source, 1).unwrap();
        let mut seen = Seen(0, None);
        exchange::rows::copy(&source, &sink, 2, &mut seen).unwrap();
        (seen.0, seen.1)
    };
    assert_eq!(seen("a.parquet"), (ROWS as u64, Some(ROWS as u64)));
    // Lines of text do not say how many they are; a piece of them says about how many.
    house.echo("in.csv", "a.csv", &["children"]).unwrap();
    let (done, about) = seen("a.csv");
    let (rows, about) = (ROWS as u64, about.unwrap());
    assert_eq!(done, rows);
    assert!(
        rows - rows / 5 < about && about < rows + rows / 5,
        "{about}"
    );
}
