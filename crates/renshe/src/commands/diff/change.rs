//! `employee-rate=9%`: a figure changed as if its line in the law text had been.
//!
//! The text itself is changed and checked again, so a value is written as law texts write it and everything the checker
//! knows about it is said.

use crate::lookup::{list_hint, sort, with_nearest};
use crate::output::{Failure, Setting};
use measure::Day;
use rules::check::Book;
use rules::diagnostic::{SourceFile, Span};
use rules::law::{Figure, FigureVersion, Item, Law, Row};
use rules::syntax::{self, ast};

/// The files of the book with one figure changed in the version in force on a day, and what was changed in words.
pub(crate) fn applied(
    book: &Book,
    law: &Law,
    change: &str,
    as_of: Day,
    setting: &Setting,
) -> Result<(Vec<SourceFile>, String), Failure> {
    let (figure, value) = change.split_once('=').unwrap_or((change, ""));
    let (figure, value) = (figure.trim(), value.trim());
    let (name, keys) = match figure.split_once('(') {
        Some((name, keys)) => (name.trim(), Some(keys.trim_end_matches(')'))),
        None => (figure, None),
    };
    if value.is_empty() || value.contains(['\n', '\r']) {
        let what = setting.lang.pick(
            format!("“{change}”没有写明新数值"),
            format!("“{change}” says no new value"),
        );
        let help = setting.lang.pick(
            "写作 名称=数值，如 employee-rate=9%",
            "write NAME=VALUE, such as employee-rate=9%",
        );
        return Err(Failure::new(setting.lang, what).help(help));
    }
    let figure = named(law, name, setting)?;
    let version = in_force(law, figure, as_of, setting)?;
    let row = chosen(book, figure, version, keys, setting)?;
    let place = value_place(book, row);
    let mut files = book.files.clone();
    let text = &mut files[place.file as usize].text;
    let range = place.start as usize..place.end as usize;
    let was = &text[range.clone()];
    let (name, from) = (&figure.names.id, version.from);
    let keys = keys
        .map(|keys| format!("({})", plain(keys)))
        .unwrap_or_default();
    let words = setting.lang.pick(
        format!("{name}{keys} 由 {was} 改为 {value}（自 {from} 起的文本）"),
        format!("{name}{keys} {value} instead of {was} (in the text from {from} on)"),
    );
    text.replace_range(range, value);
    Ok((files, words))
}

fn named<'l>(law: &'l Law, name: &str, setting: &Setting) -> Result<&'l Figure, Failure> {
    let what = match law.find(name) {
        Some(Item::Figure(id)) => return Ok(&law[id]),
        Some(other) => {
            let (zh, en) = sort(other);
            setting.lang.pick(
                format!("“{name}”是{zh}，不是可改动的参数或表"),
                format!("“{name}” is {en}, not a parameter or table that could be changed"),
            )
        }
        None => setting.lang.pick(
            format!("法律中没有参数或表“{name}”"),
            format!("the law has no parameter or table “{name}”"),
        ),
    };
    let figures = law
        .names
        .iter()
        .filter(|(_, item)| matches!(item, Item::Figure(_)))
        .map(|(name, _)| name.as_str());
    Err(
        with_nearest(Failure::new(setting.lang, what), name, figures, setting)
            .help(list_hint(law, setting)),
    )
}

fn in_force<'l>(
    law: &Law,
    figure: &'l Figure,
    as_of: Day,
    setting: &Setting,
) -> Result<&'l FigureVersion, Failure> {
    let holds = |version: &&FigureVersion| {
        version.from <= as_of && version.until.is_none_or(|until| as_of <= until)
    };
    if let Some(version) = figure.versions.iter().rev().find(holds) {
        return Ok(version);
    }
    let name = &figure.names.id;
    let place = law.chain.last().map_or("", |place| place.id.as_str());
    let what = setting.lang.pick(
        format!("“{name}”在 {place} {as_of} 没有数值可改"),
        format!("“{name}” has no value in {place} on {as_of} that could be changed"),
    );
    let help = match figure.versions.first() {
        Some(first) => {
            let from = first.from;
            setting.lang.pick(
                format!("它自 {from} 起有数值；用 --as-of 指定之后的日期"),
                format!("it has values from {from}; choose a later --as-of"),
            )
        }
        None => setting
            .lang
            .pick(
                "它留待下级辖区规定；用 --jurisdiction 指定有规定的辖区",
                "it is left to a lower jurisdiction; choose one that sets it with --jurisdiction",
            )
            .to_owned(),
    };
    Err(Failure::new(setting.lang, what).help(help))
}

/// The row whose keys are written so.
fn chosen<'l>(
    book: &Book,
    figure: &'l Figure,
    version: &'l FigureVersion,
    keys: Option<&str>,
    setting: &Setting,
) -> Result<&'l Row, Failure> {
    let name = &figure.names.id;
    let written = |row: &Row| keys_of(book, row);
    let what = match (keys, figure.keys.is_empty()) {
        (None, true) => return Ok(&version.rows[0]),
        (Some(_), true) => setting.lang.pick(
            format!("“{name}”是参数，没有行"),
            format!("“{name}” is a parameter and has no rows"),
        ),
        (None, false) => setting.lang.pick(
            format!(
                "“{name}”是表；请写明哪一行，如 {name}({})=…",
                written(&version.rows[0])
            ),
            format!(
                "“{name}” is a table; say which row, such as {name}({})=…",
                written(&version.rows[0])
            ),
        ),
        (Some(keys), false) => match version
            .rows
            .iter()
            .rev()
            .find(|row| written(row) == plain(keys))
        {
            Some(row) => return Ok(row),
            None => setting.lang.pick(
                format!("“{name}”没有写作“{}”的一行", plain(keys)),
                format!("“{name}” has no row that is written “{}”", plain(keys)),
            ),
        },
    };
    let failure = Failure::new(setting.lang, what);
    if figure.keys.is_empty() {
        return Err(failure.help(
            setting
                .lang
                .pick(format!("写作 {name}=数值"), format!("write {name}=VALUE")),
        ));
    }
    const SHOWN: usize = 12;
    let rows: Vec<String> = version.rows.iter().take(SHOWN).map(written).collect();
    let more = if version.rows.len() > SHOWN {
        " …"
    } else {
        ""
    };
    let rows = rows.join(setting.lang.pick("；", "; "));
    Err(failure.help(setting.lang.pick(
        format!("各行为：{rows}{more}"),
        format!("its rows are: {rows}{more}"),
    )))
}

/// The row as the text has it.
fn tree_of(book: &Book, row: &Row) -> Option<ast::Row> {
    let (tree, _) = syntax::parse(row.span.file, &book.files[row.span.file as usize].text);
    let figures = tree.items.into_iter().filter_map(|item| match item.kind {
        ast::ItemKind::Figure(figure) => Some(figure),
        _ => None,
    });
    let mut rows = figures
        .flat_map(|figure| figure.versions)
        .flat_map(|version| version.rows);
    rows.find(|written| written.span == row.span)
}

fn keys_of(book: &Book, row: &Row) -> String {
    let text = &book.files[row.span.file as usize].text;
    let keys = tree_of(book, row).map(|row| row.keys).unwrap_or_default();
    let keys = keys
        .iter()
        .map(|key| plain(&text[key.span.start as usize..key.span.end as usize]));
    keys.collect::<Vec<_>>().join(", ")
}

/// Where a row's value stands, or the word `unset`.
fn value_place(book: &Book, row: &Row) -> Span {
    if let Some(value) = tree_of(book, row).and_then(|row| row.value) {
        return value.span;
    }
    let text =
        &book.files[row.span.file as usize].text[row.span.start as usize..row.span.end as usize];
    let offset = text.find("unset").unwrap_or(0);
    let start = row.span.start + u32::try_from(offset).unwrap_or(0);
    Span {
        start,
        end: start + 5,
        ..row.span
    }
}

/// Words with one space between, and one after each comma.
fn plain(text: &str) -> String {
    let parts = text
        .split(',')
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.collect::<Vec<_>>().join(", ")
}
