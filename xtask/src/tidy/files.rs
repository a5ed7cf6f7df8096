//! What every file keeps to.

use super::code;
use crate::finding::Finding;
use crate::workspace::{File, Workspace};

/// Two ideas in one file have usually met by this line.
const LINES_MAX: usize = 600;

/// Endings of files people write. Data (`csv`, `snap`) keeps the white space of its source.
const WRITTEN: [&str; 14] = [
    "rs", "law", "md", "toml", "sh", "py", "sql", "html", "css", "js", "json", "yml", "yaml", "txt",
];

pub(super) fn length(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust(workspace) {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            let what = format!("{lines} lines; at most {LINES_MAX}");
            findings.push(finding(
                file,
                0,
                what,
                "a file that long holds two ideas",
                "split it where the second idea begins",
            ));
        }
    }
    findings
}

pub(super) fn unfinished(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in rust(workspace) {
        for (number, line) in (1..).zip(code::bare(&file.text).lines()) {
            for left in ["todo!", "unimplemented!", "dbg!", "#[ignore"] {
                if line.contains(left) {
                    let what = format!("`{left}`");
                    findings.push(finding(
                        file,
                        number,
                        what,
                        "what is merged works, and every test runs",
                        "finish it, or take it out",
                    ));
                }
            }
        }
    }
    findings
}

pub(super) fn white_space(workspace: &Workspace) -> Vec<Finding> {
    let why = "it shows in every later diff";
    let mut findings = Vec::new();
    for file in workspace
        .files
        .iter()
        .filter(|file| WRITTEN.contains(&file.extension()))
    {
        for (number, line) in (1..).zip(file.text.split('\n')) {
            if line.ends_with([' ', '\t', '\r']) {
                findings.push(finding(
                    file,
                    number,
                    String::from("white space at the end of the line"),
                    why,
                    "remove it",
                ));
            }
        }
        if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
            let what = String::from("does not end with exactly one newline");
            findings.push(finding(file, 0, what, why, "end the file with one newline"));
        }
    }
    findings
}

pub(super) fn tabs_in_law(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in workspace
        .files
        .iter()
        .filter(|file| file.extension() == "law")
    {
        for (number, _) in (1..)
            .zip(file.text.lines())
            .filter(|(_, line)| line.contains('\t'))
        {
            let why = "columns in a diagnostic would point beside the mistake";
            findings.push(finding(
                file,
                number,
                String::from("a tab"),
                why,
                "indent with spaces (`renshe law fmt`)",
            ));
        }
    }
    findings
}

fn rust(workspace: &Workspace) -> impl Iterator<Item = &File> {
    workspace
        .files
        .iter()
        .filter(|file| file.extension() == "rs")
}

fn finding(file: &File, line: usize, what: String, why: &str, mend: &str) -> Finding {
    Finding {
        file: file.path.clone(),
        line,
        what,
        why: why.to_string(),
        mend: mend.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tiny::{files, lines};
    use super::*;

    #[test]
    fn the_six_hundred_and_first_line_is_too_much() {
        assert!(length(&files(&[("a.rs", &"\n".repeat(600))])).is_empty());
        assert_eq!(length(&files(&[("a.rs", &"\n".repeat(601))])).len(), 1);
    }

    #[test]
    fn unfinished_code_is_found_and_talk_about_it_is_not() {
        let source =
            "fn f() { todo!() }\n// todo!()\nlet x = \"dbg!\";\n#[ignore = \"slow\"]\ndbg!(x);\n";
        assert_eq!(lines(&unfinished(&files(&[("a.rs", source)]))), [1, 4, 5]);
    }

    #[test]
    fn stray_white_space_is_found_in_what_people_write() {
        assert!(
            white_space(&files(&[
                ("a.md", "a\n\nb\n"),
                ("empty.md", ""),
                ("a.snap", "a \n")
            ]))
            .is_empty()
        );
        assert_eq!(
            lines(&white_space(&files(&[("a.md", "a \nb\t\nc\r\n")]))),
            [1, 2, 3]
        );
        assert_eq!(
            white_space(&files(&[("a.md", "a")])).len(),
            1,
            "no final newline"
        );
        assert_eq!(
            white_space(&files(&[("a.md", "a\n\n")])).len(),
            1,
            "two final newlines"
        );
    }

    #[test]
    fn law_has_no_tabs() {
        assert_eq!(
            lines(&tabs_in_law(&files(&[
                ("law/a.law", "a\n\tb\n"),
                ("a.md", "\t\n")
            ]))),
            [2]
        );
    }
}
