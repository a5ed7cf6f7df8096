//! Our engine as a contestant: the plan made once, then run by each thread over its share of the rows.

use crate::Failure;
use crate::law::columns::Named;
use crate::law::contest::{Contestant, Who, timed};
use crate::law::figures::AS_OF;
use crate::law::report::OURS;
use measure::Day;
use rules::check::{self, Book};
use rules::columns::{Batch, Column, Plan, RefusedRow, Slot, Values, Workspace};
use rules::diagnostic::{self, SourceFile};
use rules::explain::Lang;
use rules::law::{Item, Law, RuleId};
use rules::refusal::message;
use std::fs;
use std::ops::Range;
use std::path::Path;

/// The day whose law the bench applies.
pub(crate) fn as_of() -> Day {
    let (year, month, day) = AS_OF;
    Day::new(year, month, day).expect("a day of the calendar")
}

/// Every law file below a folder, in order of path.
pub(crate) fn law_files(folder: &Path) -> Result<Vec<SourceFile>, Failure> {
    let mut files = Vec::new();
    gather(folder, folder, &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn gather(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) -> Result<(), Failure> {
    let unreadable = |path: &Path, error: &std::io::Error| Failure::of("cannot read", path, error);
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.is_dir() {
            gather(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "law") {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let shown = path.strip_prefix(root).unwrap_or(&path);
            files.push(SourceFile {
                path: shown.display().to_string(),
                text,
            });
        }
    }
    Ok(())
}

/// The whole law, checked.
pub(crate) fn read(folder: &Path) -> Result<Book, Failure> {
    let book = check::read(law_files(folder)?);
    if book.has_errors() {
        return Err(Failure(diagnostic::render(
            &book.diagnostics,
            &book.files,
            false,
        )));
    }
    Ok(book)
}

/// A rule by name.
pub(crate) fn rule(law: &Law, name: &str) -> Result<RuleId, Failure> {
    match slot(law, name)? {
        Slot::Rule(rule) => Ok(rule),
        Slot::Input(_) => Err(Failure(format!("`{name}` is an input, not a rule"))),
    }
}

/// A plan for the bench's day that computes every rule in lanes.
pub(crate) fn plan<'a>(
    law: &'a Law,
    asked: &[RuleId],
    given: &[Slot],
) -> Result<Plan<'a>, Failure> {
    let plan = Plan::new(law, as_of(), asked, given, &[]);
    let plan = plan.map_err(|refusal| Failure(message(&refusal, law, Lang::En)))?;
    match plan.is_columnar() {
        true => Ok(plan),
        false => Err(Failure(String::from(
            "the engine would evaluate this load row by row",
        ))),
    }
}

/// An input or rule by the name of its column.
pub(crate) fn slot(law: &Law, column: &str) -> Result<Slot, Failure> {
    match law.names.get(&column.replace('_', "-")) {
        Some(Item::Input(input)) => Ok(Slot::Input(*input)),
        Some(Item::Rule(rule)) => Ok(Slot::Rule(*rule)),
        _ => Err(Failure(format!(
            "the law has no input or rule `{}`",
            column.replace('_', "-")
        ))),
    }
}

/// The engine on some threads.
pub(crate) struct Engine<'a> {
    who: Who,
    plan: Plan<'a>,
    input: Vec<Column<'a>>,
    asked: Vec<&'static str>,
    threads: Vec<(Workspace, Vec<RefusedRow>)>,
    output: Vec<Vec<i64>>,
}

impl<'a> Engine<'a> {
    /// Plans the columns `asked` from the columns given.
    pub(crate) fn new(
        law: &'a Law,
        given: &Named<'a>,
        asked: &[&'static str],
        threads: usize,
    ) -> Result<Engine<'a>, Failure> {
        let input = given
            .iter()
            .map(|&(name, values)| {
                Ok(Column {
                    slot: slot(law, name)?,
                    values,
                    missing: None,
                })
            })
            .collect::<Result<Vec<Column<'a>>, Failure>>()?;
        let rules = asked
            .iter()
            .map(|name| rule(law, name))
            .collect::<Result<Vec<RuleId>, Failure>>()?;
        let present: Vec<Slot> = input.iter().map(|column| column.slot).collect();
        let plan = plan(law, &rules, &present)?;
        let rows = input.first().map_or(0, |column| rows(column.values));
        let who = Who {
            name: OURS.to_string(),
            version: String::new(),
            threads,
            rows,
        };
        let spaces = (0..threads)
            .map(|_| (plan.workspace(), Vec::new()))
            .collect();
        let output = vec![vec![0; rows]; asked.len()];
        Ok(Engine {
            who,
            plan,
            input,
            asked: asked.to_vec(),
            threads: spaces,
            output,
        })
    }

    fn compute(&mut self) {
        let share = self.who.rows.div_ceil(self.threads.len());
        let mut outputs: Vec<&mut [i64]> = self.output.iter_mut().map(Vec::as_mut_slice).collect();
        let (plan, input, rows) = (&self.plan, &self.input, self.who.rows);
        std::thread::scope(|scope| {
            for (number, space) in self.threads.iter_mut().enumerate() {
                let range = (number * share).min(rows)..((number + 1) * share).min(rows);
                let mine = outputs
                    .iter_mut()
                    .map(|rest| rest.split_off_mut(..range.len()).unwrap_or_default());
                let mut mine: Vec<&mut [i64]> = mine.collect();
                scope.spawn(move || compute(plan, input, range, space, &mut mine));
            }
        });
    }
}

fn compute(
    plan: &Plan<'_>,
    input: &[Column<'_>],
    range: Range<usize>,
    (workspace, refused): &mut (Workspace, Vec<RefusedRow>),
    output: &mut [&mut [i64]],
) {
    let columns = input.iter().map(|column| Column {
        values: cut(column.values, &range),
        ..*column
    });
    let batch = Batch {
        rows: range.len(),
        columns: columns.collect(),
        records: Vec::new(),
    };
    plan.run_into(workspace, &batch, output, refused);
}

fn rows(values: Values<'_>) -> usize {
    match values {
        Values::I64(values) => values.len(),
        Values::I32(values) => values.len(),
        Values::U8(values) => values.len(),
        Values::Text(values) => values.len(),
    }
}

fn cut<'a>(values: Values<'a>, range: &Range<usize>) -> Values<'a> {
    match values {
        Values::I64(values) => Values::I64(&values[range.clone()]),
        Values::I32(values) => Values::I32(&values[range.clone()]),
        Values::U8(values) => Values::U8(&values[range.clone()]),
        Values::Text(values) => Values::Text(&values[range.clone()]),
    }
}

impl Contestant for Engine<'_> {
    fn who(&self) -> &Who {
        &self.who
    }

    fn show(&mut self, see: &mut dyn FnMut(&str, &[i64])) -> Result<(), Failure> {
        self.compute();
        for (name, values) in self.asked.iter().zip(&self.output) {
            see(name, values);
        }
        Ok(())
    }

    fn run(&mut self) -> Result<u64, Failure> {
        Ok(timed(|| self.compute()).0)
    }
}
