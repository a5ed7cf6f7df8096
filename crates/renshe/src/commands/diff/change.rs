//! `--with employee-rate=9%`: what is said when a figure cannot be changed so.

use crate::lookup::{list_hint, sort, with_nearest};
use crate::output::{Failure, Setting};
use measure::Day;
use rules::amend::{Change, Refusal};
use rules::check::Book;
use rules::diagnostic::SourceFile;
use rules::law::{Figure, Item, Law};

/// The files of the book with one figure changed in the version in force on a day, and what was changed in words.
pub(crate) fn applied(
    book: &Book,
    law: &Law,
    asked: &str,
    as_of: Day,
    setting: &Setting,
) -> Result<(Vec<SourceFile>, String), Failure> {
    let change = Change::read(asked);
    let amended = change
        .applied(book, law, as_of)
        .map_err(|refusal| told(&refusal, (asked, &change), (law, as_of), setting))?;
    let (was, from, value) = (&amended.was, amended.from, &change.value);
    let keys = change.keys.as_ref().map(|keys| format!("({keys})"));
    let (name, keys) = (&amended.figure, keys.unwrap_or_default());
    let words = setting.lang.pick(
        format!("{name}{keys} 由 {was} 改为 {value}（自 {from} 起的文本）"),
        format!("{name}{keys} {value} instead of {was} (in the text from {from} on)"),
    );
    Ok((amended.files, words))
}

fn told(
    refusal: &Refusal<'_>,
    (asked, change): (&str, &Change),
    (law, as_of): (&Law, Day),
    setting: &Setting,
) -> Failure {
    let (lang, name) = (setting.lang, &change.figure);
    match refusal {
        Refusal::NoValue => {
            let what = lang.pick(
                format!("“{asked}”没有写明新数值"),
                format!("“{asked}” says no new value"),
            );
            let help = lang.pick(
                "写作 名称=数值，如 employee-rate=9%",
                "write NAME=VALUE, such as employee-rate=9%",
            );
            Failure::new(lang, what).help(help)
        }
        Refusal::Unknown => {
            let what = lang.pick(
                format!("法律中没有参数或表“{name}”"),
                format!("the law has no parameter or table “{name}”"),
            );
            no_figure(law, name, what, setting)
        }
        Refusal::NotAFigure(other) => {
            let (zh, en) = sort(*other);
            let what = lang.pick(
                format!("“{name}”是{zh}，不是可改动的参数或表"),
                format!("“{name}” is {en}, not a parameter or table that could be changed"),
            );
            no_figure(law, name, what, setting)
        }
        Refusal::NotInForce(figure) => {
            not_in_force(figure, law, change.from.unwrap_or(as_of), setting)
        }
        Refusal::NoRows(figure) => {
            let name = &figure.names.id;
            let what = lang.pick(
                format!("“{name}”是参数，没有行"),
                format!("“{name}” is a parameter and has no rows"),
            );
            Failure::new(lang, what)
                .help(lang.pick(format!("写作 {name}=数值"), format!("write {name}=VALUE")))
        }
        Refusal::WhichRow(figure, rows) => {
            let (name, first) = (&figure.names.id, rows.first().map_or("", String::as_str));
            let what = lang.pick(
                format!("“{name}”是表；请写明哪一行，如 {name}({first})=…"),
                format!("“{name}” is a table; say which row, such as {name}({first})=…"),
            );
            Failure::new(lang, what).help(listed(rows, setting))
        }
        Refusal::NoSuchRow(figure, rows) => {
            let (name, keys) = (&figure.names.id, change.keys.as_deref().unwrap_or_default());
            let what = lang.pick(
                format!("“{name}”没有写作“{keys}”的一行"),
                format!("“{name}” has no row that is written “{keys}”"),
            );
            Failure::new(lang, what).help(listed(rows, setting))
        }
    }
}

fn no_figure(law: &Law, name: &str, what: String, setting: &Setting) -> Failure {
    let figures = law
        .names
        .iter()
        .filter(|(_, item)| matches!(item, Item::Figure(_)))
        .map(|(name, _)| name.as_str());
    with_nearest(Failure::new(setting.lang, what), name, figures, setting)
        .help(list_hint(law, setting))
}

fn not_in_force(figure: &Figure, law: &Law, as_of: Day, setting: &Setting) -> Failure {
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
    Failure::new(setting.lang, what).help(help)
}

fn listed(rows: &[String], setting: &Setting) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<&str> = rows.iter().take(SHOWN).map(String::as_str).collect();
    let more = if rows.len() > SHOWN { " …" } else { "" };
    let shown = shown.join(setting.lang.pick("；", "; "));
    setting.lang.pick(
        format!("各行为：{shown}{more}"),
        format!("its rows are: {shown}{more}"),
    )
}
