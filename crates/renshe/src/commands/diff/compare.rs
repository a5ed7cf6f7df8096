//! Two files of results walked through side by side.

use crate::output::{Failure, Setting, count};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal64Type, Int32Type, Int64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use measure::Day;
use rules::diff::Tally;
use rules::law::Type;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// More groups than anyone reads; such a column tells rows apart instead of grouping them.
const MOST_GROUPS: usize = 10_000;

/// What came of every rule.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// By group, in order of their names; a tally for each rule. Rows whose group is empty have the empty name.
    pub(crate) groups: BTreeMap<String, Vec<Tally>>,
    /// A tally for each rule over all groups.
    pub(crate) total: Vec<Tally>,
}

/// Compares the columns of two files of results, which have the same rows in the same order.
pub(crate) fn compare(
    files: &[PathBuf; 2],
    columns: &[(String, Type)],
    grouped: bool,
    setting: &Setting,
) -> Result<Compared, Failure> {
    let mut sides = [
        Side::open(&files[0], columns, setting)?,
        Side::open(&files[1], columns, setting)?,
    ];
    let mut compared = Compared {
        groups: BTreeMap::new(),
        total: vec![Tally::default(); columns.len()],
    };
    let mut row = 0;
    loop {
        let [before, after] = &mut sides;
        let rows = before.ready(setting)?.min(after.ready(setting)?);
        if rows == 0 {
            break;
        }
        for _ in 0..rows {
            row += 1;
            let group = if grouped { before.group() } else { "" };
            if !compared.groups.contains_key(group) {
                if compared.groups.len() == MOST_GROUPS {
                    return Err(too_many(setting));
                }
                compared
                    .groups
                    .insert(group.to_owned(), vec![Tally::default(); columns.len()]);
            }
            if let Some(tallies) = compared.groups.get_mut(group) {
                for (index, tally) in tallies.iter_mut().enumerate() {
                    tally.add(
                        row,
                        || before.key(),
                        before.value(index),
                        after.value(index),
                    );
                }
            }
            before.at += 1;
            after.at += 1;
        }
    }
    for tallies in compared.groups.values() {
        for (total, tally) in compared.total.iter_mut().zip(tallies) {
            total.merge(tally);
        }
    }
    Ok(compared)
}

fn too_many(setting: &Setting) -> Failure {
    let most = count(MOST_GROUPS as u64);
    let what = setting.lang.pick(
        format!("分组的列有 {most} 个以上不同的值"),
        format!("the column to group by has more than {most} different values"),
    );
    let help = setting.lang.pick(
        "用 --by 指定区县一类值不多的列",
        "choose a column with few values, such as a district, with --by",
    );
    Failure::new(setting.lang, what).help(help)
}

/// One of the two files.
struct Side<'a> {
    columns: &'a [(String, Type)],
    batches: FileReader<BufReader<File>>,
    batch: Option<Held>,
    at: usize,
}

/// A batch with its columns found.
struct Held {
    rows: usize,
    keys: Vec<StringArray>,
    columns: Vec<Vec<Option<i64>>>,
}

impl<'a> Side<'a> {
    fn open(
        path: &Path,
        columns: &'a [(String, Type)],
        setting: &Setting,
    ) -> Result<Side<'a>, Failure> {
        let file = File::open(path).map_err(|error| failed(&error, setting))?;
        let batches = FileReader::try_new(BufReader::new(file), None)
            .map_err(|error| failed(&error, setting))?;
        Ok(Side {
            columns,
            batches,
            batch: None,
            at: 0,
        })
    }

    /// How many rows of the batch at hand are left; the next batch where none is. 0 at the end.
    fn ready(&mut self, setting: &Setting) -> Result<usize, Failure> {
        loop {
            if let Some(batch) = self.batch.as_ref().filter(|batch| self.at < batch.rows) {
                return Ok(batch.rows - self.at);
            }
            let Some(batch) = self.batches.next() else {
                return Ok(0);
            };
            let batch = batch.map_err(|error| failed(&error, setting))?;
            self.batch = Some(Held::new(&batch, self.columns));
            self.at = 0;
        }
    }

    fn value(&self, column: usize) -> Option<i64> {
        self.batch.as_ref()?.columns[column][self.at]
    }

    /// The last of the columns carried through, as the key comes first.
    fn group(&self) -> &str {
        let carried = self.batch.as_ref().and_then(|batch| batch.keys.last());
        carried
            .filter(|group| group.is_valid(self.at))
            .map_or("", |group| group.value(self.at))
    }

    fn key(&self) -> Option<String> {
        let keys = &self.batch.as_ref()?.keys;
        keys.first()
            .filter(|key| key.is_valid(self.at))
            .map(|key| key.value(self.at).to_owned())
    }
}

impl Held {
    fn new(batch: &RecordBatch, columns: &[(String, Type)]) -> Held {
        let carried = batch.num_columns() - columns.len();
        let keys = batch.columns()[..carried]
            .iter()
            .filter_map(|column| column.as_string_opt().cloned());
        let values = batch.columns()[carried..].iter().zip(columns);
        Held {
            rows: batch.num_rows(),
            keys: keys.collect(),
            columns: values
                .map(|(column, (_, ty))| numbers(column.as_ref(), *ty))
                .collect(),
        }
    }
}

/// The canonical numbers of a column of results.
fn numbers(column: &dyn Array, ty: Type) -> Vec<Option<i64>> {
    let whole = |day: i32| match ty {
        Type::Month => Day::from_number(day)
            .ok()
            .map(|day| i64::from(day.month().index())),
        _ => Some(i64::from(day)),
    };
    if let Some(decimals) = column.as_primitive_opt::<Decimal64Type>() {
        decimals.iter().collect()
    } else if let Some(integers) = column.as_primitive_opt::<Int64Type>() {
        integers.iter().collect()
    } else if let Some(integers) = column.as_primitive_opt::<Int32Type>() {
        integers
            .iter()
            .map(|number| number.map(i64::from))
            .collect()
    } else if let Some(days) = column.as_primitive_opt::<Date32Type>() {
        days.iter().map(|day| day.and_then(whole)).collect()
    } else if let Some(bools) = column.as_boolean_opt() {
        bools.iter().map(|holds| holds.map(i64::from)).collect()
    } else {
        unreachable!("only types that have more and less are compared, and these are all of theirs")
    }
}

fn failed(error: &dyn std::fmt::Display, setting: &Setting) -> Failure {
    let what = setting.lang.pick(
        format!("临时结果读不了：{error}"),
        format!("the temporary results cannot be read: {error}"),
    );
    Failure::new(setting.lang, what)
}
