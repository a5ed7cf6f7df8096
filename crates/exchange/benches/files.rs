//! How fast a population goes from file to file, and in how much memory.
//!
//! ```text
//! cargo bench -p exchange --bench files -- [rows, 24 million by default] [folder] [threads]
//! ```
//!
//! Writes a population as Parquet once, then copies three columns of it, then gives the same three back through an
//! evaluator that only looks at them. It fails when the process ever held more than a gibibyte.

#[path = "../tests/rows/law.rs"]
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
mod law;

use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray, UInt8Array,
    types::{Date32Type, Decimal64Type},
};
use exchange::rows::{Carried, Opened, Said, Sink, copy, run};
use law::Echo;
use parquet::{arrow::ArrowWriter, basic::Compression, file::properties::WriterProperties};
use rules::{
    law::{EntityId, Law},
    refusal::Refusal,
};
use std::{fs, fs::File, path::Path, sync::Arc, time::Instant};

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
    let population = folder.join(format!("renshe-rows-{rows}.parquet"));
    if !population.exists() {
        timed("made", rows, || write_population(&population, rows));
    }
    for kind in ["parquet", "csv"] {
        go(
            &population,
            &folder.join(format!("renshe-rows-out.{kind}")),
            rows,
            threads,
        );
    }
    let memory = peak_memory_kib();
    println!("peak memory {} MiB", memory >> 10);
    assert!(
        memory < MEMORY_MAX_KIB,
        "more than {} MiB",
        MEMORY_MAX_KIB >> 10
    );
}

fn go(from: &Path, to: &Path, rows: u64, threads: usize) {
    let law = law::law();
    let source = || {
        let echo = Echo::new(&law, &READ, 0);
        let opened = Opened::open(from, &[], &Carried::default()).unwrap();
        opened.source(&law, EntityId(0), &echo.fields, &[]).unwrap()
    };
    let of = to
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    timed(&format!("copied to {of}"), rows, || {
        let source = source();
        let sink = Sink::copying(to, &source, WRITTEN).unwrap();
        assert_eq!(copy(&source, &sink, threads, &mut ()).unwrap().rows, rows);
    });
    timed(&format!("run to {of}"), rows, || {
        let source = source();
        let echo = Echo::new(&law, &READ[..WRITTEN], 0);
        let sink = Sink::new(&law, to, &echo.asked, &source).unwrap();
        assert_eq!(
            run(&source, &sink, &echo, threads, &mut ()).unwrap().rows,
            rows
        );
    });
    fs::remove_file(to).unwrap();
}

fn timed(what: &str, rows: u64, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{what}: {seconds:.2} s, {:.2} million rows a second",
        rows as f64 / seconds / 1e6
    );
}

fn write_population(path: &Path, rows: u64) {
    const PART: u64 = 1 << 16;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer: Option<ArrowWriter<File>> = None;
    for start in (0..rows).step_by(PART as usize) {
        let part = people(start..rows.min(start + PART));
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

fn people(range: std::ops::Range<u64>) -> RecordBatch {
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
    let base = range.clone().map(|row| (mixed(row, 2) % 2_000_000) as i64);
    let index = range.clone().map(|row| (mixed(row, 3) % 30_000) as i64);
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
