//! Records beside their rows: matched by key in one walk through each file.

use crate::House;
use exchange::rows::{Carried, Summary};
use std::fmt::Write;

const RELATION: &str = "contribution-years";

fn joined(house: &House, main: &str, records: &str) -> Result<Summary, String> {
    house.write("in.csv", main);
    house.write("history.csv", records);
    let run = house.run(
        "in.csv",
        "out.csv",
        &["sex"],
        &[(RELATION, "history.csv")],
        &Carried::default(),
    );
    run.map_err(|error| house.without_folder(&error.to_string()))
}

#[test]
fn records_are_summed_for_their_rows() {
    let house = House::new();
    let summary = joined(
        &house,
        "id,sex\n1,男\n2,女\n9,男\n10,女\n",
        "id,year,paid\n1,2020,1.5\n1,2021,2\n9,2020,3\n10,2020,4\n10,2021,0.05\n",
    );
    assert_eq!(
        house.read("out.csv"),
        "id,out-sex,paid-total\n1,male,3.50\n2,female,0.00\n9,male,3.00\n10,female,4.05\n"
    );
    assert_eq!(summary.unwrap().side, None);
}

#[test]
fn records_of_nobody_are_reported() {
    let house = House::new();
    let summary = joined(
        &house,
        "id,sex\nb,男\nd,女\n",
        "id,year,paid\na,2020,1\na,2021,1\nb,2020,2\nc,2020,1\nd,2020,3\ne,2020,1\n",
    )
    .unwrap();
    assert_eq!(
        house.read("out.csv"),
        "id,out-sex,paid-total\nb,male,2.00\nd,female,3.00\n"
    );
    assert_eq!((summary.rows, summary.refused_rows), (2, 0));
    assert_eq!(
        summary.refused[&("C0129".to_owned(), RELATION.to_owned())],
        3
    );
    let side = house.without_folder(&house.read("out.refused.csv"));
    let line = ",a,contribution-years,C0129,,history.csv 有 2 条记录的编号“a”不在主文件中，未使用；请补上此人或删去这些记录,\
                \"history.csv: 2 records have key “a”, which no row has; they were not used. Add the row or remove them\"\n";
    assert!(side.contains(line), "{side}");
}

#[test]
fn a_record_that_cannot_be_read_refuses_its_owner() {
    let house = House::new();
    let summary = joined(
        &house,
        "id,sex\na,男\nb,女\n",
        "id,year,paid\na,2020,1\nb,2020,zero\nb,2021\n",
    )
    .unwrap();
    assert_eq!(
        house.read("out.csv"),
        "id,out-sex,paid-total\na,male,1.00\nb,,\n"
    );
    assert_eq!((summary.rows, summary.refused_rows), (2, 1));
    let side = house.without_folder(&house.read("out.refused.csv"));
    assert!(side.contains("2,b,contribution-years.paid,C0121,,history.csv 第 2 条记录：第 3 行paid列的“zero”无法识别"), "{side}");
    assert!(side.contains("2,b,contribution-years,C0126,,"), "{side}");
}

#[test]
fn files_out_of_order_are_refused_where_they_break() {
    let house = House::new();
    let rows = "id,sex\na,男\nb,女\nc,女\n";
    assert_eq!(
        joined(&house, "id,sex\nb,男\na,女\nc,女\n", "id,year,paid\n").unwrap_err(),
        "C0111: in.csv: row 2 has key “a” after “b”, out of order; sort all files by key, all as text or all as numbers"
    );
    assert_eq!(
        joined(&house, rows, "id,year,paid\nb,2020,1\na,2020,1\n").unwrap_err(),
        "C0111: history.csv: row 2 has key “a” after “b”, out of order; sort all files by key, all as text or all as numbers"
    );
    assert_eq!(
        joined(&house, "id,sex\na,男\na,女\n", "id,year,paid\n").unwrap_err(),
        "C0111: in.csv: row 2 has the same key “a” as the row before; with records each key may have one row only"
    );
    assert_eq!(
        joined(&house, rows, "id,year,paid\n,2020,1\n").unwrap_err(),
        "C0113: history.csv: record 1 has no key, so nobody knows whose it is; give it its key"
    );
    assert!(
        joined(&house, rows, "person,year,paid\n")
            .unwrap_err()
            .starts_with("C0110: history.csv has no column “id”")
    );
}

#[test]
fn a_row_without_key_has_no_records() {
    let house = House::new();
    let summary = joined(
        &house,
        "id,sex\na,男\n,女\nb,女\n",
        "id,year,paid\na,2020,1\nb,2020,2\n",
    )
    .unwrap();
    assert_eq!(
        house.read("out.csv"),
        "id,out-sex,paid-total\na,male,1.00\n,,\nb,female,2.00\n"
    );
    assert_eq!(summary.refused[&("C0128".to_owned(), String::new())], 1);
}

#[test]
fn long_files_are_joined_alike_by_any_number_of_threads() {
    const PEOPLE: usize = 120_000;
    let mut house = House::new();
    let (mut rows, mut records) = ("id,sex\n".to_owned(), "id,year,paid\n".to_owned());
    for person in 0..PEOPLE {
        writeln!(rows, "{person},男").unwrap();
        for year in 0..person % 7 {
            writeln!(
                records,
                "{person},{},{year}.{:02}",
                2000 + year,
                person % 100
            )
            .unwrap();
        }
    }
    let mut first = None;
    for threads in 1..=4 {
        house.threads = threads;
        joined(&house, &rows, &records).unwrap();
        let out = house.read("out.csv");
        for (person, line) in out.lines().skip(1).enumerate() {
            let years = person % 7;
            let fen = (0..years)
                .map(|year| year * 100 + person % 100)
                .sum::<usize>();
            assert_eq!(
                line,
                format!("{person},male,{}.{:02}", fen / 100, fen % 100)
            );
        }
        assert_eq!(*first.get_or_insert_with(|| out.clone()), out);
    }
}

#[test]
fn whole_numbers_are_keys_in_the_order_of_numbers() {
    use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use std::{fs::File, sync::Arc};
    let house = House::new();
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![9, 10, 100]));
    let sexes: ArrayRef = Arc::new(StringArray::from(vec!["男", "女", "男"]));
    let batch = RecordBatch::try_from_iter([("id", ids), ("sex", sexes)]).unwrap();
    let file = File::create(house.path("in.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    house.write(
        "history.csv",
        "id,year,paid\n9,2020,1\n10,2020,2\n10,2021,3\n100,2020,4\n",
    );
    house
        .run(
            "in.parquet",
            "out.csv",
            &["sex"],
            &[(RELATION, "history.csv")],
            &Carried::default(),
        )
        .unwrap();
    assert_eq!(
        house.read("out.csv"),
        "id,out-sex,paid-total\n9,male,1.00\n10,female,5.00\n100,male,4.00\n"
    );
}

#[test]
fn needed_records_must_be_given() {
    let house = House::new();
    house.write("in.csv", "id,sex\n");
    house.write("history.csv", "id,year,paid\n");
    let run = |name: &str| {
        house
            .run(
                "in.csv",
                "out.csv",
                &["sex"],
                &[(name, "history.csv")],
                &Carried::default(),
            )
            .unwrap_err()
    };
    assert_eq!(
        run("salaries").to_string(),
        "C0113: the law has no records named “salaries”; it has: contribution-years"
    );
    let opened =
        exchange::rows::Opened::open(&house.path("in.csv"), &[], &Carried::default()).unwrap();
    let needed = [(rules::law::RelationId(0), crate::law::fields(&house.law, 1))];
    let error = opened
        .source(&house.law, rules::law::EntityId(0), &[], &needed)
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "C0113: records of contribution-years are needed; give their file with --records contribution-years=FILE"
    );
}
