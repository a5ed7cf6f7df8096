//! How the program speaks: its exit codes, its two channels, its tables.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use measure::{Day, Moment};
use rules::explain::Lang;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// What a run depends on besides its arguments and files.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact about the surroundings"
)]
pub(crate) struct Setting {
    /// The language answers are given in.
    pub(crate) lang: Lang,
    /// Whether to say more than the answer.
    pub(crate) verbose: bool,
    /// The day it is, for whoever names none.
    pub(crate) today: Day,
    /// The moment at which the run began: what it records was recorded then.
    pub(crate) now: Moment,
    /// Whether the answer may be coloured.
    pub(crate) color: bool,
    /// Whether what is said about it may be.
    pub(crate) color_of_errors: bool,
    /// Whether somebody watches: then long work shows how far it is.
    pub(crate) terminal: bool,
    /// Whether the answer goes to somebody's screen rather than to a file or another program.
    pub(crate) answers_seen: bool,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// As asked.
    Good,
    /// Something is wrong: an error, a failed example, a refusal.
    Failed,
    /// Done, but some rows were refused.
    Partial,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        // 2 is wrong usage, which the reader of arguments says itself.
        ExitCode::from(match exit {
            Exit::Good => 0,
            Exit::Failed => 1,
            Exit::Partial => 3,
        })
    }
}

/// Why a run cannot do what it was asked: what happened, where, how to mend it.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    lang: Lang,
    code: Option<String>,
    what: String,
    helps: Vec<String>,
    /// Messages about law texts, already laid out.
    before: String,
}

impl Failure {
    /// A failure told in the reader's language.
    pub(crate) fn new(lang: Lang, what: impl Into<String>) -> Failure {
        Failure {
            lang,
            code: None,
            what: what.into(),
            helps: Vec::new(),
            before: String::new(),
        }
    }

    /// With the stable code that has a page.
    pub(crate) fn code(mut self, code: &str) -> Failure {
        self.code = Some(code.to_owned());
        self
    }

    /// With a way to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Failure {
        self.helps.push(help.into());
        self
    }

    /// With this way to mend it and no other.
    pub(crate) fn only_help(mut self, help: impl Into<String>) -> Failure {
        self.helps = vec![help.into()];
        self
    }

    /// With messages that stand above it.
    pub(crate) fn below(mut self, messages: String) -> Failure {
        self.before = messages;
        self
    }

    /// What a file of rows has wrong with it.
    pub(crate) fn of_files(lang: Lang, error: &exchange::rows::Error) -> Failure {
        let said = error.said();
        Failure::new(lang, lang.pick(&said.zh, &said.en)).code(&said.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lang = self.lang;
        let code = self
            .code
            .as_ref()
            .map(|code| format!("[{code}]"))
            .unwrap_or_default();
        write!(
            f,
            "{}{}{code}{}{}",
            self.before,
            lang.pick("错误", "error"),
            lang.pick("：", ": "),
            self.what
        )?;
        for help in &self.helps {
            write!(f, "\n  {}{help}", lang.pick("办法：", "help: "))?;
        }
        Ok(())
    }
}

/// Gives the answer. Whoever stops listening, as `head` does, is no error.
pub(crate) fn answer(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Says something about the answer, in a line of its own.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Rows under a heading; columns numbered in `right` hold figures and stand to the right. What a terminal would obey is
/// taken out of the cells.
pub(crate) fn table(head: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head.to_vec());
    let harmless = |cell: String| cell.replace(char::is_control, "\u{fffd}");
    table.add_rows(
        rows.into_iter()
            .map(|row| row.into_iter().map(harmless).collect::<Vec<_>>()),
    );
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines = table.lines().map(|line| format!("{}\n", line.trim_end()));
    lines.collect()
}

/// A count as a reader sees it: `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}
