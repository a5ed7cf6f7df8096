//! `law diff`: two laws over the same rows.
//!
//! Each law runs over the file by itself, into a file of its own in a temporary folder; the two are then walked through
//! side by side. So memory does not grow with the rows, and the laws may differ in anything.

mod change;
mod compare;
mod report;
mod picture;

use crate::arguments::{Diff, Sheet};
use crate::folder::{Origin, sound};
use crate::lookup;
use crate::output::{Exit, Failure, Setting, answer, complain};
use crate::population::Population;
use compare::{Compared, compare};
use exchange::rows::Summary;
use measure::Day;
use report::Report;
use rules::check::{self, Book};
use rules::diff::difference_type;
use rules::law::{Law, RuleId};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

pub(crate) fn run(asked: &Diff, setting: &Setting) -> Result<Exit, Failure> {
    let as_of = asked.under.as_of.unwrap_or(setting.today);
    let origin = Origin::of(asked.base.as_deref());
    let before = origin.book(setting)?;
    let place = lookup::jurisdiction(&before, asked.under.jurisdiction.as_deref(), setting)?
        .chain
        .last()
        .map(|last| last.id.clone())
        .unwrap_or_default();
    let (after, words) = after(asked, &before, &place, as_of, setting)?;
    let laws = [&before, &after].map(|book| lookup::jurisdiction(book, Some(&place), setting));
    let [before, after] = laws;
    let laws = [before?, after?];
    let rules = [
        comparable(laws[0], asked, setting)?,
        comparable(laws[1], asked, setting)?,
    ];
    same_types(laws, &rules, setting)?;
    let (compared, summaries) = run_both(laws, &rules, asked, as_of, setting)?;
    let report = Report {
        law: laws[0],
        rules: &rules[0],
        compared: &compared,
        summaries: &summaries,
        by: asked.by.as_deref(),
        before: origin.name(setting),
        after: words,
        place: &place,
        as_of,
        lang: setting.lang,
    };
    answer(&match asked.format {
        Sheet::Text => report.text(),
        Sheet::Json => report.json(),
        Sheet::Csv => report.csv(),
    });
    if let Some(path) = &asked.svg {
        write(path, &picture::svg(&report), setting)?;
    }
    let refused = summaries.iter().any(|summary| !summary.refused.is_empty());
    Ok(if refused { Exit::Partial } else { Exit::Good })
}

/// The law after, another folder or the base with changed figures, and what it is in words.
fn after(
    asked: &Diff,
    before: &Book,
    place: &str,
    as_of: Day,
    setting: &Setting,
) -> Result<(Book, String), Failure> {
    let folders: Vec<_> = asked
        .with
        .iter()
        .filter(|with| !with.contains('=') || Path::new(with).is_dir())
        .collect();
    match (folders.len(), asked.with.len()) {
        (0, _) => {
            let (mut book, mut changes) = (before.clone(), Vec::new());
            for with in &asked.with {
                let law = lookup::jurisdiction(&book, Some(place), setting)?;
                let (files, words) = change::applied(&book, law, with, as_of, setting)?;
                book = sound(check::read(files), setting).map_err(|failure| {
                    failure.only_help(setting.lang.pick(
                        format!("改动 {with} 的数值要照法律文本的写法，如 9%、42 yuan、3 months"),
                        format!("write the value of {with} as law texts do, such as 9%, 42 yuan or 3 months"),
                    ))
                })?;
                changes.push(words);
            }
            Ok((book, changes.join(setting.lang.pick("；", "; "))))
        }
        (1, 1) => {
            let origin = Origin::Disk(folders[0].into());
            Ok((origin.book(setting)?, origin.name(setting)))
        }
        _ => {
            let what = setting.lang.pick(
                "--with 或是一个文件夹，或是若干改动的数值",
                "--with is either one folder or changed figures",
            );
            let help = setting.lang.pick(
                "改动写作 名称=数值，如 employee-rate=9%",
                "write a change as NAME=VALUE, such as employee-rate=9%",
            );
            Err(Failure::new(setting.lang, what).help(help))
        }
    }
}

/// The rules asked for, all of types that have more and less.
fn comparable(law: &Law, asked: &Diff, setting: &Setting) -> Result<Vec<RuleId>, Failure> {
    let rules = lookup::rules(law, &asked.rules, setting)?;
    match rules
        .iter()
        .find(|id| difference_type(law[**id].ty).is_none())
    {
        None => Ok(rules),
        Some(id) => {
            let (name, ty) = (&law[*id].names.id, super::list::type_name(law, law[*id].ty));
            let what = setting.lang.pick(
                format!("{name} 的类型是 {ty}，没有多少之分，不能比较"),
                format!("{name} is of type {ty}, which has no more and less to compare"),
            );
            let help = setting.lang.pick(
                "请比较金额、数、时长、日期或条件",
                "compare amounts, numbers, lengths of time, dates or conditions",
            );
            Err(Failure::new(setting.lang, what).help(help))
        }
    }
}

fn same_types(laws: [&Law; 2], rules: &[Vec<RuleId>; 2], setting: &Setting) -> Result<(), Failure> {
    let mut pairs = rules[0].iter().zip(&rules[1]);
    let Some((id, other)) = pairs.find(|(id, other)| laws[0][**id].ty != laws[1][**other].ty)
    else {
        return Ok(());
    };
    let name = &laws[0][*id].names.id;
    let types = [
        super::list::type_name(laws[0], laws[0][*id].ty),
        super::list::type_name(laws[1], laws[1][*other].ty),
    ];
    let what = setting.lang.pick(
        format!("{name} 在两部法律中类型不同：{} 与 {}", types[0], types[1]),
        format!(
            "{name} has different types in the two laws: {} and {}",
            types[0], types[1]
        ),
    );
    Err(Failure::new(setting.lang, what))
}

fn run_both(
    laws: [&Law; 2],
    rules: &[Vec<RuleId>; 2],
    asked: &Diff,
    as_of: Day,
    setting: &Setting,
) -> Result<(Compared, [Summary; 2]), Failure> {
    let failed = |error: std::io::Error| {
        let what = setting.lang.pick(
            format!("临时文件出错：{error}"),
            format!("a temporary file failed: {error}"),
        );
        let help = setting.lang.pick(
            "检查临时文件夹的权限与空间",
            "check the temporary folder's permissions and room",
        );
        Failure::new(setting.lang, what).help(help)
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let files = ["before.arrow", "after.arrow"].map(|name| folder.path().join(name));
    let open = |side: usize| {
        Population::open(
            laws[side],
            as_of,
            &rules[side],
            &asked.rows,
            asked.by.as_deref(),
            setting,
        )
    };
    // Both are fitted to the file before either runs, so that a mistake is told at once.
    let populations = [open(0)?, open(1)?];
    // What is so under both laws is worth saying once.
    let notes: BTreeSet<&String> = populations
        .iter()
        .flat_map(|population| &population.notes)
        .collect();
    notes.into_iter().for_each(|note| complain(note));
    let mut summaries = [Summary::default(), Summary::default()];
    for side in 0..2 {
        summaries[side] = populations[side].run(&files[side], asked.rows.threads, setting)?;
    }
    let columns: Vec<_> = rules[0]
        .iter()
        .map(|id| (laws[0][*id].names.id.clone(), laws[0][*id].ty))
        .collect();
    let compared = compare(&files, &columns, asked.by.is_some(), setting)?;
    Ok((compared, summaries))
}

fn write(path: &Path, text: &str, setting: &Setting) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| {
        let name = path.display();
        let what = setting.lang.pick(
            format!("写不了 {name}：{error}"),
            format!("{name} cannot be written: {error}"),
        );
        Failure::new(setting.lang, what)
    })
}
