//! `law check`: every message about the law's texts, and a count.

use crate::arguments::{Check, Format};
use crate::folder::Origin;
use crate::output::{Exit, Failure, Setting, answer, counted};
use rules::check::{self, Book};
use rules::diagnostic::{Severity, render, render_json};
use serde_json::json;

pub(crate) fn run(asked: &Check, setting: &Setting) -> Result<Exit, Failure> {
    let origin = Origin::of(asked.folder.law.as_deref());
    let book = check::read(origin.files(setting)?);
    answer(&match asked.format {
        Format::Text => {
            let said = render(&book.diagnostics, &book.files, setting.color);
            format!("{said}{}\n", summary(&book, &origin.name(setting), setting))
        }
        Format::Json => {
            let said = render_json(&book.diagnostics, &book.files);
            let [errors, warnings] = counts(&book);
            let summary = json!({ "summary": {
                "files": book.files.len(), "jurisdictions": book.jurisdictions().collect::<Vec<_>>(),
                "errors": errors, "warnings": warnings,
            } });
            format!("{said}{summary}\n")
        }
    });
    Ok(if book.has_errors() {
        Exit::Failed
    } else {
        Exit::Good
    })
}

fn counts(book: &Book) -> [u64; 2] {
    [Severity::Error, Severity::Warning].map(|severity| {
        let same = book
            .diagnostics
            .iter()
            .filter(|said| said.severity == severity);
        same.count() as u64
    })
}

fn summary(book: &Book, name: &str, setting: &Setting) -> String {
    let [errors, warnings] = counts(book);
    let files = book.files.len() as u64;
    let jurisdictions = book.jurisdictions().count() as u64;
    let mut line = setting.lang.pick(
        format!("{name}：{files} 个文件，{jurisdictions} 个辖区；错误 {errors}，警告 {warnings}"),
        format!(
            "{name}: {} in {}; {}, {}",
            counted(files, "file", "files"),
            counted(jurisdictions, "jurisdiction", "jurisdictions"),
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings"),
        ),
    );
    if let Some(first) = book.diagnostics.first() {
        let code = first.code.0;
        line.push_str(&setting.lang.pick(
            format!("\n`renshe law error {code}` 说明代码"),
            format!("\n`renshe law error {code}` tells more about a code"),
        ));
    }
    line
}
