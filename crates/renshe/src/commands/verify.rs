//! `verify`: everything derived again from facts and law.

use crate::arguments::Verify;
use crate::output::{Exit, Failure, Setting, answer, count};
use crate::place::{of_office, open};
use crate::population::Watched;
use exchange::rows::Progress;
use office::verify::{Report, verify};
use rules::explain::Lang;
use serde_json::json;
use std::thread;

pub(crate) fn run(asked: &Verify, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = asked.threads.map_or_else(cores, usize::from);
    let mut watched = Watched::new(setting);
    let report = verify(&db, &asked.jurisdiction, threads, &mut |_, done, of| {
        watched.rows(done.unsigned_abs(), Some(of.unsigned_abs()));
    });
    let report = report.map_err(|error| of_office(&error, setting))?;
    drop(watched);
    answer(&match asked.format {
        crate::arguments::Format::Text => text(&report, setting.lang),
        crate::arguments::Format::Json => json(&report, setting.lang),
    });
    Ok(if report.findings.is_empty() {
        Exit::Good
    } else {
        Exit::Failed
    })
}

pub(crate) fn text(report: &Report, lang: Lang) -> String {
    let (runs, rows, lines) = (report.runs, count(report.rows), count(report.lines));
    let mut told = lang.pick(
        format!("重新推导 {runs} 次运行、{rows} 行、{lines} 条分录、{} 条审计\n", count(report.audited)),
        format!(
            "derived again: {runs} runs, {rows} rows, {lines} lines in the books, {} entries of the audit log\n",
            count(report.audited)
        ),
    );
    for finding in &report.findings {
        told.push_str(&format!("{}  {}\n", finding.code(), finding.message(lang)));
    }
    told.push_str(&match report.findings.len() {
        0 => lang
            .pick("全部相符\n", "everything follows from facts and law\n")
            .to_owned(),
        findings => lang.pick(
            format!("不符 {findings} 处；每类每次运行只列第一处\n"),
            format!("found to differ: {findings}; of each kind and run only the first is told\n"),
        ),
    });
    told
}

fn json(report: &Report, lang: Lang) -> String {
    let findings = report
        .findings
        .iter()
        .map(|finding| json!({ "code": finding.code(), "message": finding.message(lang) }));
    let told = json!({
        "runs": report.runs,
        "rows": report.rows,
        "lines": report.lines,
        "audited": report.audited,
        "findings": findings.collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}
