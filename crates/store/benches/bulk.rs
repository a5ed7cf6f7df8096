//! How fast do rows go in and out, beside the engines' own fastest way?
//!
//! ```text
//! cargo bench -p store --bench bulk -- [rows, 2 million by default] [rounds, 3]
//! ```
//!
//! Seven columns, as the dues of a month have: on SQLite against one prepared statement of rusqlite in a loop, on PostgreSQL
//! against a `COPY` of bytes that were encoded before, and against its output thrown away. The best of the rounds counts.
//! Beside the time on the clock stands the processor time of this program alone, as Linux tells it: what a busy machine
//! changes least. On PostgreSQL the server works beside it.
#![expect(clippy::unwrap_used, reason = "a bench that cannot work stops")]
#![expect(clippy::disallowed_methods, reason = "it reports durations")]
#![expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "it reports rates"
)]

use postgres::{Client, NoTls};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    time::Instant,
};
use store::{Db, Error, Kind, Url, params};

const COLUMNS: [(&str, Kind); 7] = [
    ("person", Kind::BigInt),
    ("scheme", Kind::SmallInt),
    ("employer", Kind::BigInt),
    ("district", Kind::Integer),
    ("base", Kind::BigInt),
    ("employer_due", Kind::BigInt),
    ("person_due", Kind::BigInt),
];
const ALL: &str =
    "select person, scheme, employer, district, base, employer_due, person_due from bench_dues";
const SERVER: &str = "postgres://postgres@127.0.0.1:5432/postgres";

fn row(person: i64) -> [i64; 7] {
    let base = 435_700 + person.wrapping_mul(7919) % 1_700_000;
    [
        person,
        1,
        1 + person % 60_000,
        500_101 + person % 38,
        base,
        base * 16 / 100,
        base * 8 / 100,
    ]
}

fn main() {
    let numbers: Vec<i64> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let rows = numbers.first().copied().unwrap_or(2_000_000);
    let rounds = numbers.get(1).copied().unwrap_or(3);
    let mut best = Best::default();
    for _ in 0..rounds {
        sqlite(rows, &mut best);
        postgres(rows, &mut best);
    }
    best.print(rows);
}

/// For each way the least seconds on the clock and of the processor.
#[derive(Default)]
struct Best(BTreeMap<&'static str, (f64, f64)>);

impl Best {
    fn time<T>(&mut self, name: &'static str, work: impl FnOnce() -> T) -> T {
        let (start, processor) = (Instant::now(), processor_seconds());
        let value = work();
        let seconds = start.elapsed().as_secs_f64();
        let processor = processor_seconds() - processor;
        let best = self.0.entry(name).or_insert((seconds, processor));
        *best = (best.0.min(seconds), best.1.min(processor));
        value
    }

    fn print(&self, rows: i64) {
        let rows = rows as f64;
        println!(
            "| {rows} rows of 7 columns | rows/s | beside the engine's own | rows a processor second | beside |"
        );
        println!("|---|---:|---:|---:|---:|");
        for (name, (seconds, processor)) in &self.0 {
            let (way, _) = name.split_once(',').unwrap_or((name, ""));
            let own = self.0.get(format!("{way}, raw").as_str()).copied();
            let (own_seconds, own_processor) = own.unwrap_or((*seconds, *processor));
            println!(
                "| {name} | {:.0} | {:.2} | {:.0} | {:.2} |",
                rows / seconds,
                seconds / own_seconds,
                rows / processor,
                processor / own_processor
            );
        }
    }
}

/// What this program has used of the processor: fields 14 and 15 of Linux's `stat`, in hundredths; NaN elsewhere.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let mut fields = after_name
        .split_whitespace()
        .skip(11)
        .map(str::parse::<f64>);
    match (fields.next(), fields.next()) {
        (Some(Ok(user)), Some(Ok(system))) => (user + system) / 100.0,
        _ => f64::NAN,
    }
}

fn sqlite(rows: i64, best: &mut Best) {
    let make = "create table bench_dues (person integer, scheme integer, employer integer, district integer, \
                base integer, employer_due integer, person_due integer, primary key (person, scheme)) strict, without rowid";
    let folder = tempfile::tempdir().unwrap();
    let mut raw = rusqlite::Connection::open(folder.path().join("raw.db")).unwrap();
    raw.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -65536",
    )
    .unwrap();
    raw.execute_batch(make).unwrap();
    best.time("SQLite in, raw", || {
        let tx = raw.transaction().unwrap();
        {
            let sql = "insert into bench_dues (person, scheme, employer, district, base, employer_due, person_due) \
                       values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
            let mut statement = tx.prepare(sql).unwrap();
            for person in 0..rows {
                statement.execute(row(person)).unwrap();
            }
        }
        tx.commit().unwrap();
    });
    best.time("SQLite out, raw", || {
        let mut statement = raw.prepare(ALL).unwrap();
        let mut found = statement.query([]).unwrap();
        let mut sum = 0_i64;
        while let Some(row) = found.next().unwrap() {
            for number in 0..7 {
                sum = sum.wrapping_add(row.get::<_, i64>(number).unwrap());
            }
        }
        std::hint::black_box(sum)
    });
    let db = Db::open(&Url::Scratch).unwrap();
    db.write(|tx| tx.batch(make)).unwrap();
    best.time("SQLite in, copy_in", || copy_in(&db, rows));
    best.time("SQLite out, copy_out", || copy_out(&db));
    best.time("SQLite out, stream", || stream(&db));
}

fn postgres(rows: i64, best: &mut Best) {
    let mut raw = Client::connect(SERVER, NoTls).unwrap();
    let make = "drop table if exists bench_dues; create table bench_dues (person bigint, scheme smallint, employer bigint, \
                district integer, base bigint, employer_due bigint, person_due bigint)";
    raw.batch_execute(make).unwrap();
    let encoded = encoded(rows);
    let sql = "copy bench_dues from stdin (format binary)";
    best.time("PostgreSQL in, raw", || {
        let mut tx = raw.transaction().unwrap();
        let mut writer = tx.copy_in(sql).unwrap();
        for part in encoded.chunks(64 * 1024) {
            writer.write_all(part).unwrap();
        }
        writer.finish().unwrap();
        tx.commit().unwrap();
    });
    drop(encoded);
    let out = format!("copy ({ALL}) to stdout (format binary)");
    best.time("PostgreSQL out, raw", || {
        let mut reader = raw.copy_out(&out).unwrap();
        let mut part = [0; 64 * 1024];
        while reader.read(&mut part).unwrap() > 0 {}
    });
    raw.batch_execute("truncate bench_dues").unwrap();
    let db = Db::open(&SERVER.parse().unwrap()).unwrap();
    best.time("PostgreSQL in, copy_in", || copy_in(&db, rows));
    best.time("PostgreSQL out, copy_out", || copy_out(&db));
    best.time("PostgreSQL out, stream", || stream(&db));
    raw.batch_execute("drop table bench_dues").unwrap();
}

fn copy_in(db: &Db, rows: i64) {
    db.write_with(store::Write::committed(), |tx| {
        let mut copy = tx.copy_in("bench_dues", &COLUMNS)?;
        for person in 0..rows {
            for number in row(person) {
                copy.int(number)?;
            }
            copy.end()?;
        }
        copy.finish()
    })
    .unwrap();
}

fn copy_out(db: &Db) {
    let kinds: Vec<Kind> = COLUMNS.iter().map(|(_, kind)| *kind).collect();
    let mut sum = 0_i64;
    db.read(|tx| {
        tx.copy_out(ALL, params![], &kinds, 4096, |batch| {
            for column in &batch.columns {
                sum = column
                    .numbers
                    .iter()
                    .fold(sum, |sum, it| sum.wrapping_add(*it));
            }
            Ok::<(), Error>(())
        })
    })
    .unwrap();
    std::hint::black_box(sum);
}

fn stream(db: &Db) {
    let mut sum = 0_i64;
    db.read(|tx| {
        tx.stream(ALL, params![], |row| {
            for number in 0..7 {
                sum = sum.wrapping_add(row.get::<i64>(number)?);
            }
            Ok::<(), Error>(())
        })
    })
    .unwrap();
    std::hint::black_box(sum);
}

fn encoded(rows: i64) -> Vec<u8> {
    let mut bytes = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec();
    for person in 0..rows {
        bytes.extend(7_i16.to_be_bytes());
        for (number, (_, kind)) in row(person).into_iter().zip(COLUMNS) {
            let whole = number.to_be_bytes();
            let width = match kind {
                Kind::SmallInt => 2,
                Kind::Integer => 4,
                _ => 8_usize,
            };
            bytes.extend(i32::try_from(width).unwrap().to_be_bytes());
            bytes.extend(&whole[8 - width..]);
        }
    }
    bytes.extend((-1_i16).to_be_bytes());
    bytes
}
