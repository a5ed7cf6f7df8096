//! Rules over files of rows: what they need of the files, the run itself, and how far it is.

use crate::arguments::Rows;
use crate::output::{Failure, Setting, count};
use exchange::rows::{self, Applied, Carried, Opened, Progress, Sink, Source, Summary};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use measure::Day;
use rules::columns::{Field, Plan, Slot};
use rules::law::{Law, RuleId};
use rules::needs::Needs;
use rules::refusal::{Refusal, message, remedy};
use std::fmt;
use std::path::Path;
use std::thread;

/// Rules made ready to run over a file.
pub(crate) struct Population<'a> {
    law: &'a Law,
    plan: Plan<'a>,
    asked: Vec<Field>,
    source: Source,
    /// What the rules may read.
    pub(crate) needs: Needs,
    /// What there is to say about the files before anything runs, a line each.
    pub(crate) notes: Vec<String>,
}

impl<'a> Population<'a> {
    /// Reads the headings of the files and fits the rules to them. A rule that does not exist on the day, or a column that
    /// is missing, is told here, before anything runs.
    pub(crate) fn open(
        law: &'a Law,
        as_of: Day,
        asked: &[RuleId],
        rows: &Rows,
        by: Option<&str>,
        setting: &Setting,
    ) -> Result<Population<'a>, Failure> {
        let lang = setting.lang;
        let of_files = |error: rows::Error| Failure::of_files(lang, &error);
        let entity = law[asked[0]].of;
        let carried = Carried {
            key: rows.key.clone(),
            by: by.map(str::to_owned),
        };
        let opened = Opened::open(&rows.input, &rows.records, &carried).map_err(of_files)?;
        let fitted = opened.fitted(law, as_of, asked).map_err(of_files)?;
        let (present, needs) = (fitted.present, fitted.needs);
        let plan = Plan::new(law, as_of, asked, &present, &fitted.records)
            .map_err(|refusal| refused(law, &refusal, setting))?;
        let source = opened
            .source(law, entity, &needs.fields, &needs.records)
            .map_err(of_files)?;
        let mut notes = given_notes(law, asked, &present, setting);
        notes.extend(file_notes(&source, setting));
        let asked = asked.iter().map(|id| field(law, *id)).collect();
        Ok(Population {
            law,
            plan,
            asked,
            source,
            needs,
            notes,
        })
    }

    /// Runs over every row into a file.
    pub(crate) fn run(
        &self,
        out: &Path,
        threads: Option<u16>,
        setting: &Setting,
    ) -> Result<Summary, Failure> {
        let of_files = |error: rows::Error| Failure::of_files(setting.lang, &error);
        let sink = Sink::new(self.law, out, &self.asked, &self.source).map_err(of_files)?;
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.map_or_else(cores, usize::from);
        let mut progress = Watched::new(setting);
        let law = Applied {
            law: self.law,
            plan: &self.plan,
        };
        rows::run(&self.source, &sink, &law, threads, &mut progress).map_err(of_files)
    }
}

fn field(law: &Law, id: RuleId) -> Field {
    let rule = &law[id];
    Field {
        slot: Slot::Rule(id),
        of: rule.of,
        ty: rule.ty,
        names: rule.names.clone(),
        optional: true,
    }
}

/// Whoever asks for what the file gives gets it back, which is rarely what was meant.
fn given_notes(law: &Law, asked: &[RuleId], present: &[Slot], setting: &Setting) -> Vec<String> {
    let given = asked
        .iter()
        .filter(|id| present.contains(&Slot::Rule(**id)));
    let note = |id: &RuleId| {
        let name = &law[*id].names.id;
        setting.lang.pick(
            format!("警告：文件已给出 {name} 一列，照抄而不计算；要计算请去掉该列"),
            format!("warning: the file gives {name}, so it is copied and not computed; to compute it, take that column out"),
        )
    };
    given.map(note).collect()
}

/// Columns that look misspelt; with `--verbose` also those that are of no use.
fn file_notes(source: &Source, setting: &Setting) -> Vec<String> {
    let lang = setting.lang;
    let notes = source.notes().iter();
    let wanted = notes.filter(|note| note.warning || setting.verbose);
    let line = |note: &rows::Note| {
        let kind = match note.warning {
            true => lang.pick("警告：", "warning: "),
            false => lang.pick("说明：", "note: "),
        };
        format!("{kind}{}", lang.pick(&note.zh, &note.en))
    };
    wanted.map(line).collect()
}

/// A refusal that keeps the whole run from beginning.
pub(crate) fn refused(law: &Law, refusal: &Refusal, setting: &Setting) -> Failure {
    Failure::new(setting.lang, message(refusal, law, setting.lang))
        .code(refusal.reason.code())
        .help(remedy(refusal, law, setting.lang))
}

/// A bar with rate and remaining time, if somebody watches.
pub(crate) struct Watched {
    bar: Option<ProgressBar>,
    setting: Setting,
}

impl Watched {
    pub(crate) fn new(setting: &Setting) -> Watched {
        Watched {
            bar: None,
            setting: *setting,
        }
    }

    fn begin(&self, total: Option<u64>) -> ProgressBar {
        let lang = self.setting.lang;
        let (bar, look) = match total {
            Some(total) => (
                ProgressBar::new(total),
                lang.pick(
                    "{bar:30} {human_pos}/{human_len} 行  每秒 {rate} 行  剩余 {eta}",
                    "{bar:30} {human_pos}/{human_len} rows  {rate} rows/s  {eta} left",
                ),
            ),
            None => (
                ProgressBar::no_length(),
                lang.pick(
                    "{spinner} {human_pos} 行  每秒 {rate} 行  已用 {elapsed}",
                    "{spinner} {human_pos} rows  {rate} rows/s  {elapsed} so far",
                ),
            ),
        };
        let style = ProgressStyle::with_template(look);
        let style = style.expect("the template is one of the four above");
        bar.with_style(style.with_key("rate", rate))
    }
}

/// Whole rows a second since the beginning.
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    let milliseconds = state.elapsed().as_millis().max(1);
    let rows = u128::from(state.pos()) * 1_000 / milliseconds;
    // A bar that cannot be written is no reason to stop the run.
    let _ = out.write_str(&count(u64::try_from(rows).unwrap_or(u64::MAX)));
}

impl Progress for Watched {
    fn rows(&mut self, done: u64, total: Option<u64>) {
        if !self.setting.terminal {
            return;
        }
        if self.bar.is_none() {
            self.bar = Some(self.begin(total));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Refusals by code and by the column, rule or relation they concern, a line each.
pub(crate) fn refusals(summary: &Summary) -> String {
    let lines = summary
        .refused
        .iter()
        .map(|((code, column), number)| format!("  {} × {code} {column}\n", count(*number)));
    lines.collect()
}
