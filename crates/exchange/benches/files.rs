//! How fast a population goes from file to file, and in how much memory.
//!
//! ```text
//! cargo bench -p exchange --bench files -- [rows, 24 million by default] [folder] [threads]
//! ```
//!
//! Writes a population and four yearly records a person as Parquet once. Then copies three columns from file to file,
//! gives the same three back through an evaluator that only looks at them, does so from CSV, and sums the records of
//! each person beside them. It fails when the process ever held more than a gibibyte.
#![expect(clippy::unwrap_used, reason = "a bench that cannot work stops")]

#[path = "../tests/rows/law.rs"]
mod law;

use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray, UInt8Array,
    types::{Date32Type, Decimal64Type},
};
use exchange::rows::{Carried, Opened, Said, Sink, Source, copy, run};
use law::Echo;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use rules::{
    law::{EntityId, Law},
    refusal::Refusal,
};
use std::{
    fs,
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

const READ: [&str; 5] = ["sex", "birth-month", "base", "index", "deemed-months"];
const WRITTEN: usize = 3;
const MEMORY_MAX_KIB: u64 = 1 << 20;

fn main() {
    let numbers: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let rows = numbers
        .first()
        .map_or(24_000_000, |rows| rows.parse().expect("a number of rows"));
    let folder = numbers.get(1).map_or_else(std::env::temp_dir, Into::into);
    let threads = numbers
        .get(2)
        .map_or(2, |threads| threads.parse().expect("a number of threads"));
    let file = |name: &str| folder.join(format!("renshe-{rows}-{name}"));
    let (people, records) = (file("people.parquet"), file("years.parquet"));
    if !people.exists() {
        timed("made people", rows, || {
            write_parts(&people, rows, people_of);
        });
        timed("made records", rows, || {
            write_parts(&records, rows, records_of);
        });
    }
    let bench = Bench {
        law: law::law(),
        rows,
        threads,
    };
    for out in [file("out.parquet"), file("out.csv")] {
        bench.copy(&people, &out, WRITTEN);
        bench.run(&people, &out, &[]);
        fs::remove_file(out).expect("just written");
    }
    let text = file("people.csv");
    bench.copy(&people, &text, READ.len());
    bench.run(&text, &file("out.parquet"), &[]);
    bench.run(
        &people,
        &file("out.parquet"),
        &[("contribution-years".to_owned(), records)],
    );
    let memory = peak_memory_kib();
    println!("peak memory {} MiB", memory >> 10);
    assert!(
        memory < MEMORY_MAX_KIB,
        "more than {} MiB",
        MEMORY_MAX_KIB >> 10
    );
}

struct Bench {
    law: Law,
    rows: u64,
    threads: usize,
}

impl Bench {
    fn source(&self, from: &Path, records: &[(String, PathBuf)]) -> Source {
        let echo = Echo::new(&self.law, &READ, records.len());
        let opened = Opened::open(from, records, &Carried::default()).expect("the people");
        opened
            .source(&self.law, EntityId(0), &echo.fields, &echo.records)
            .expect("their columns")
    }

    fn copy(&self, from: &Path, to: &Path, columns: usize) {
        timed(
            &format!("copied {columns} columns, {}", ends(from, to)),
            self.rows,
            || {
                let source = self.source(from, &[]);
                let sink = Sink::copying(to, &source, columns).expect("a sink");
                assert_eq!(
                    copy(&source, &sink, self.threads, &mut ())
                        .expect("a copy")
                        .rows,
                    self.rows
                );
            },
        );
    }

    fn run(&self, from: &Path, to: &Path, records: &[(String, PathBuf)]) {
        let what = if records.is_empty() {
            "ran"
        } else {
            "ran with four records a row"
        };
        timed(&format!("{what}, {}", ends(from, to)), self.rows, || {
            let source = self.source(from, records);
            let echo = Echo::new(&self.law, &READ[..WRITTEN], records.len());
            let sink = Sink::new(&self.law, to, &echo.asked, &source).expect("a sink");
            let summary = run(&source, &sink, &echo, self.threads, &mut ()).expect("a run");
            assert_eq!((summary.rows, summary.refused_rows), (self.rows, 0));
        });
    }
}

fn ends(from: &Path, to: &Path) -> String {
    let end = |path: &Path| {
        path.extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    format!("{} to {}", end(from), end(to))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::float_arithmetic,
    reason = "what reports a duration measures one, and a speed is a float"
)]
fn timed(what: &str, rows: u64, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what}: {seconds:.2} s, {:.2} million rows a second",
        rows as f64 / seconds / 1e6
    );
}

fn write_parts(path: &Path, rows: u64, part_of: fn(std::ops::Range<u64>) -> RecordBatch) {
    const PART: usize = 1 << 16;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer: Option<ArrowWriter<File>> = None;
    for start in (0..rows).step_by(PART) {
        let part = part_of(start..rows.min(start + PART as u64));
        let writer = writer.get_or_insert_with(|| {
            ArrowWriter::try_new(
                File::create(path).unwrap(),
                part.schema(),
                Some(properties.clone()),
            )
            .unwrap()
        });
        writer.write(&part).unwrap();
    }
    writer.expect("at least one row").close().unwrap();
}

fn people_of(range: std::ops::Range<u64>) -> RecordBatch {
    // A fixed stream of numbers that look random; splitmix64.
    let mixed = |row: u64, of: u64| {
        let mut z = (row * 8 + of).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (z ^ (z >> 27)) >> 16
    };
    let ids = StringArray::from_iter_values(range.clone().map(|row| format!("5001{row:014}")));
    let sexes: ArrayRef = Arc::new(StringArray::from(vec!["male", "female"]));
    let sex = UInt8Array::from_iter_values(range.clone().map(|row| (mixed(row, 0) % 2) as u8));
    // The first of a month from 1940 on.
    let calendar: Vec<i32> = (0..960)
        .map(|month| {
            measure::Month::from_index(1940 * 12 + month)
                .unwrap()
                .first_day()
                .number()
        })
        .collect();
    let born = range
        .clone()
        .map(|row| calendar[(mixed(row, 1) % 960) as usize]);
    let base = range
        .clone()
        .map(|row| (mixed(row, 2) % 2_000_000).cast_signed());
    let index = range
        .clone()
        .map(|row| (mixed(row, 3) % 30_000).cast_signed());
    let months = range.map(|row| (mixed(row, 4) % 400) as i32);
    let decimal = |array: PrimitiveArray<Decimal64Type>, scale| {
        Arc::new(array.with_precision_and_scale(18, scale).unwrap()) as ArrayRef
    };
    let columns: [(&str, ArrayRef); 6] = [
        ("id", Arc::new(ids)),
        ("sex", Arc::new(DictionaryArray::new(sex, sexes))),
        (
            "birth-month",
            Arc::new(PrimitiveArray::<Date32Type>::from_iter_values(born)),
        ),
        ("base", decimal(PrimitiveArray::from_iter_values(base), 2)),
        ("index", decimal(PrimitiveArray::from_iter_values(index), 4)),
        (
            "deemed-months",
            Arc::new(Int32Array::from_iter_values(months)),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn records_of(range: std::ops::Range<u64>) -> RecordBatch {
    let records = range.flat_map(|row| (0..4).map(move |year| (row, year)));
    let ids =
        StringArray::from_iter_values(records.clone().map(|(row, _)| format!("5001{row:014}")));
    let years = Int32Array::from_iter_values(records.clone().map(|(_, year)| 2020 + year));
    let paid = PrimitiveArray::<Decimal64Type>::from_iter_values(
        records.map(|(row, year)| (row % 5_000).cast_signed() * 100 + i64::from(year)),
    );
    let paid = paid.with_precision_and_scale(18, 2).unwrap();
    let columns: [(&str, ArrayRef); 3] = [
        ("id", Arc::new(ids)),
        ("year", Arc::new(years)),
        ("paid", Arc::new(paid)),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn say(law: &Law, refusal: &Refusal) -> Said {
    Said::of(law, refusal)
}

/// The most this process ever held, as Linux tells it; 0 elsewhere.
fn peak_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
