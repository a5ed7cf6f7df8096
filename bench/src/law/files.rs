//! A population from Parquet to Parquet, against only reading and writing the same columns.
//!
//! Each run is a process of its own, so that the most memory it ever held is its own too.

use crate::Failure;
use crate::law::columns::Claims;
use crate::law::contest::timed;
use crate::law::{AWARDED, engine, machine, rows};
use arrow_array::types::{Date32Type, Decimal64Type};
use arrow_array::{
    ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray, UInt8Array,
};
use exchange::rows::{Applied, Carried, Opened, Sink, copy, run};
use measure::Month;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rules::columns::{Field, Slot};
use rules::law::{Law, RuleId};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// On so many threads.
const THREADS: usize = 2;
/// The columns of the file. A copy writes the first five, which are as wide as what an award writes: a month and four
/// numbers.
const GIVEN: [&str; 8] = [
    "birth-month",
    "account-balance",
    "calculation-wage-used",
    "average-index",
    "contribution-months",
    "deemed-months",
    "sex",
    "post",
];
/// Rows of one part of the file that is written.
const PART: usize = 1 << 16;

/// What a run from file to file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Awards every pension.
    Award,
    /// Reads the same columns and writes as many.
    Copy,
}

/// How it went.
pub(crate) struct Files {
    /// So many rows.
    pub(crate) rows: usize,
    /// The best time to award them, nanoseconds.
    pub(crate) award: u64,
    /// The best time to copy them.
    pub(crate) copy: u64,
    /// The most memory an awarding process held, KiB.
    pub(crate) peak: u64,
}

/// Runs both in turn, each in a process of its own.
pub(crate) fn measure(data: &Path, rows: usize, rounds: usize) -> Result<Files, Failure> {
    let population = data.join("claims.parquet");
    fs::create_dir_all(data).map_err(|error| Failure::of("cannot make", data, &error))?;
    write(&population, &rows::claims(rows))?;
    let out = data.join("awards.parquet");
    let mut files = Files {
        rows,
        award: u64::MAX,
        copy: u64::MAX,
        peak: 0,
    };
    for round in 1..=rounds {
        eprintln!("files: round {round} of {rounds}");
        let (award, peak) = apart(Task::Award, &population, &out)?;
        let (copy, _) = apart(Task::Copy, &population, &out)?;
        files.award = files.award.min(award);
        files.copy = files.copy.min(copy);
        files.peak = files.peak.max(peak);
    }
    for file in [&population, &out] {
        fs::remove_file(file).map_err(|error| Failure::of("cannot remove", file, &error))?;
    }
    Ok(files)
}

/// Does one task in a process of its own; nanoseconds and KiB.
fn apart(task: Task, from: &Path, to: &Path) -> Result<(u64, u64), Failure> {
    let program = std::env::current_exe().map_err(|error| Failure(format!("who am I? {error}")))?;
    let word = match task {
        Task::Award => "award",
        Task::Copy => "copy",
    };
    let output = Command::new(&program)
        .args([
            "law-file".as_ref(),
            word.as_ref(),
            from.as_os_str(),
            to.as_os_str(),
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::of("cannot run", &program, &error))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut numbers = said.split_whitespace().map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(nanoseconds)), Some(Ok(kib))) => Ok((nanoseconds, kib)),
        _ => Err(Failure(format!("the run from file to file failed: {said}"))),
    }
}

/// Does one task here; prints the nanoseconds it took and the most memory the process held, in KiB.
pub(crate) fn one(law_folder: &Path, task: Task, from: &Path, to: &Path) -> Result<(), Failure> {
    let book = engine::read(law_folder)?;
    let Some(law) = book.law("cn-50") else {
        return Err(Failure(String::from("the law has no jurisdiction cn-50")));
    };
    let (nanoseconds, done) = timed(|| go(law, task, from, to));
    done?;
    println!(
        "{nanoseconds} {}",
        machine::peak_memory().unwrap_or_default()
    );
    Ok(())
}

fn go(law: &Law, task: Task, from: &Path, to: &Path) -> Result<(), Failure> {
    let asked = AWARDED.iter().map(|name| engine::rule(law, name));
    let asked = asked.collect::<Result<Vec<RuleId>, Failure>>()?;
    let given = GIVEN.iter().map(|name| engine::slot(law, name));
    let given = given.collect::<Result<Vec<Slot>, Failure>>()?;
    let fields: Vec<Field> = given.iter().map(|&slot| field(law, slot)).collect();
    let opened = Opened::open(from, &[], &Carried::default())?;
    let source = opened.source(law, law[asked[0]].of, &fields, &[])?;
    match task {
        Task::Copy => {
            let sink = Sink::copying(to, &source, asked.len())?;
            copy(&source, &sink, THREADS, &mut ())?;
        }
        Task::Award => {
            let plan = engine::plan(law, &asked, &given)?;
            let asked: Vec<Field> = asked
                .iter()
                .map(|&rule| field(law, Slot::Rule(rule)))
                .collect();
            let sink = Sink::new(law, to, &asked, &source)?;
            run(
                &source,
                &sink,
                &Applied { law, plan: &plan },
                THREADS,
                &mut (),
            )?;
        }
    }
    Ok(())
}

impl From<exchange::rows::Error> for Failure {
    fn from(error: exchange::rows::Error) -> Failure {
        Failure(error.to_string())
    }
}

fn field(law: &Law, slot: Slot) -> Field {
    let (of, ty, names) = match slot {
        Slot::Input(input) => (law[input].of, law[input].ty, law[input].names.clone()),
        Slot::Rule(rule) => (law[rule].of, law[rule].ty, law[rule].names.clone()),
    };
    Field {
        slot,
        of,
        ty,
        names,
        optional: false,
    }
}

/// Writes the claims as an office would hand them in: months as dates, amounts as decimals, words for members.
fn write(path: &Path, claims: &Claims) -> Result<(), Failure> {
    let unwritable = |error: &dyn std::fmt::Display| {
        Failure(format!("cannot write {}: {error}", path.display()))
    };
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let file = File::create(path).map_err(|error| unwritable(&error))?;
    let mut file = Some(file);
    let mut writer: Option<ArrowWriter<File>> = None;
    for start in (0..claims.sex.len()).step_by(PART) {
        let part = part(claims, start..(start + PART).min(claims.sex.len()))
            .map_err(|error| unwritable(&error))?;
        if let Some(file) = file.take() {
            let new = ArrowWriter::try_new(file, part.schema(), Some(properties.clone()));
            writer = Some(new.map_err(|error| unwritable(&error))?);
        }
        if let Some(writer) = &mut writer {
            writer.write(&part).map_err(|error| unwritable(&error))?;
        }
    }
    if let Some(writer) = writer {
        writer.close().map_err(|error| unwritable(&error))?;
    }
    Ok(())
}

fn part(
    claims: &Claims,
    range: std::ops::Range<usize>,
) -> Result<RecordBatch, Box<dyn std::error::Error>> {
    let words = |keys: &[u8], words: [&'static str; 2]| {
        let keys = UInt8Array::from(keys[range.clone()].to_vec());
        Arc::new(DictionaryArray::new(
            keys,
            Arc::new(StringArray::from(words.to_vec())),
        )) as ArrayRef
    };
    let decimal = |values: Vec<i64>, scale| {
        let array =
            PrimitiveArray::<Decimal64Type>::from(values).with_precision_and_scale(18, scale)?;
        Ok::<ArrayRef, Box<dyn std::error::Error>>(Arc::new(array))
    };
    let mut born = Vec::with_capacity(range.len());
    for &month in &claims.birth_month[range.clone()] {
        born.push(Month::from_index(month)?.first_day().number());
    }
    let months =
        |values: &[i32]| Arc::new(Int32Array::from(values[range.clone()].to_vec())) as ArrayRef;
    let index = claims.average_index[range.clone()]
        .iter()
        .map(|&index| index.into())
        .collect();
    let columns: [ArrayRef; 8] = [
        Arc::new(PrimitiveArray::<Date32Type>::from(born)),
        decimal(claims.account_balance[range.clone()].to_vec(), 2)?,
        decimal(claims.calculation_wage_used[range.clone()].to_vec(), 2)?,
        decimal(index, 4)?,
        months(&claims.contribution_months),
        months(&claims.deemed_months),
        words(&claims.sex, ["male", "female"]),
        words(&claims.post, ["worker", "management"]),
    ];
    Ok(RecordBatch::try_from_iter(GIVEN.into_iter().zip(columns))?)
}
