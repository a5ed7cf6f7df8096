//! `employee-rate=9%`: a figure changed as if its line in the law text had been.
//!
//! The text itself is changed and read again by whoever asks, so a value is written as law texts write it and everything the
//! checker knows about it is said. Without a day the version in force is changed where it stands; with one, `employee-rate=9%
//! from 2026-01-01`, the version is written a second time below itself, from that day on.

use crate::check::Book;
use crate::diagnostic::{SourceFile, Span};
use crate::law::{Figure, FigureVersion, Item, Law, Row};
use crate::syntax::{self, ast};
use measure::Day;

/// A figure with another value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The figure's name.
    pub figure: String,
    /// The keys of the row, as the text writes them, if it is a table.
    pub keys: Option<String>,
    /// The value, as law texts write it.
    pub value: String,
    /// Since when; without it for all the time of the version in force.
    pub from: Option<Day>,
}

/// A book's texts with a figure changed.
#[derive(Clone, Debug)]
pub struct Amended {
    /// The texts, to be read again.
    pub files: Vec<SourceFile>,
    /// The figure's name.
    pub figure: String,
    /// The value that was there, as the text wrote it.
    pub was: String,
    /// Since when the new one is.
    pub from: Day,
}

/// Why a figure cannot be changed so.
#[derive(Clone, Debug)]
pub enum Refusal<'l> {
    /// No new value is said, or one on several lines.
    NoValue,
    /// The law has nothing of that name.
    Unknown,
    /// The name is of something else.
    NotAFigure(Item),
    /// It has no value on the day.
    NotInForce(&'l Figure),
    /// It is a parameter and has no rows.
    NoRows(&'l Figure),
    /// It is a table, and no row is named; the keys of its rows.
    WhichRow(&'l Figure, Vec<String>),
    /// It has no row of these keys; those it has.
    NoSuchRow(&'l Figure, Vec<String>),
}

impl Change {
    /// Reads `NAME=VALUE`, `NAME(KEYS)=VALUE` or either with ` from DAY` behind. Whatever is missing is empty.
    #[must_use]
    pub fn read(text: &str) -> Change {
        let (figure, value) = text.split_once('=').unwrap_or((text, ""));
        let (figure, value) = (figure.trim(), value.trim());
        let (name, keys) = match figure.split_once('(') {
            Some((name, keys)) => (name.trim(), Some(plain(keys.trim_end_matches(')')))),
            None => (figure, None),
        };
        let dated = value
            .rsplit_once(" from ")
            .and_then(|(value, day)| Some((value.trim(), Day::parse(day.trim()).ok()?)));
        let (value, from) = dated.map_or((value, None), |(value, day)| (value, Some(day)));
        Change {
            figure: name.to_owned(),
            keys,
            value: value.to_owned(),
            from,
        }
    }

    /// The figure with the keys of its row: `retirement-age(female)`.
    #[must_use]
    pub fn place(&self) -> String {
        let keys = self.keys.as_ref().map(|keys| format!("({keys})"));
        format!("{}{}", self.figure, keys.unwrap_or_default())
    }

    /// As [`read`](Change::read) reads it.
    #[must_use]
    pub fn written(&self) -> String {
        let from = self.from.map(|from| format!(" from {from}"));
        format!(
            "{}={}{}",
            self.place(),
            self.value,
            from.unwrap_or_default()
        )
    }

    /// The texts of the book with this figure changed: in the version in force since when it says so, or on a day.
    ///
    /// # Errors
    ///
    /// When there is no such figure, row, or version. What the value does to the law, reading the texts again says.
    pub fn applied<'l>(
        &self,
        book: &Book,
        law: &'l Law,
        as_of: Day,
    ) -> Result<Amended, Refusal<'l>> {
        if self.value.is_empty() || self.value.contains(['\n', '\r']) {
            return Err(Refusal::NoValue);
        }
        let figure = match law.find(&self.figure) {
            Some(Item::Figure(id)) => &law[id],
            Some(other) => return Err(Refusal::NotAFigure(other)),
            None => return Err(Refusal::Unknown),
        };
        let day = self.from.unwrap_or(as_of);
        let version = in_force(figure, day).ok_or(Refusal::NotInForce(figure))?;
        let row = chosen(book, figure, version, self.keys.as_deref())?;
        let place = value_place(book, row);
        let mut files = book.files.clone();
        let text = &mut files[place.file as usize].text;
        let was = text[place.start as usize..place.end as usize].to_owned();
        match self.from.filter(|from| *from != version.from) {
            None => text.replace_range(place.start as usize..place.end as usize, &self.value),
            Some(from) => write_again(text, place, from, &self.value),
        }
        Ok(Amended {
            files,
            figure: figure.names.id.clone(),
            was,
            from: self.from.unwrap_or(version.from),
        })
    }
}

/// The version of a figure that holds on a day.
#[must_use]
pub fn in_force(figure: &Figure, day: Day) -> Option<&FigureVersion> {
    let holds = |version: &&FigureVersion| {
        version.from <= day && version.until.is_none_or(|until| day <= until)
    };
    figure.versions.iter().rev().find(holds)
}

/// The row whose keys are written so.
fn chosen<'l>(
    book: &Book,
    figure: &'l Figure,
    version: &'l FigureVersion,
    keys: Option<&str>,
) -> Result<&'l Row, Refusal<'l>> {
    let rows = || version.rows.iter().map(|row| keys_of(book, row)).collect();
    match (keys, figure.keys.is_empty()) {
        (None, true) => Ok(&version.rows[0]),
        (Some(_), true) => Err(Refusal::NoRows(figure)),
        (None, false) => Err(Refusal::WhichRow(figure, rows())),
        (Some(keys), false) => {
            let mut found = version.rows.iter().rev();
            let found = found.find(|row| keys_of(book, row) == plain(keys));
            found.ok_or_else(|| Refusal::NoSuchRow(figure, rows()))
        }
    }
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

/// The keys of a row as the text writes them; empty for a parameter.
#[must_use]
pub fn keys_of(book: &Book, row: &Row) -> String {
    let text = &book.files[row.span.file as usize].text;
    let keys = tree_of(book, row).map(|row| row.keys).unwrap_or_default();
    let keys = keys
        .iter()
        .map(|key| plain(&text[key.span.start as usize..key.span.end as usize]));
    keys.collect::<Vec<_>>().join(", ")
}

/// The value of a row as the text writes it, or the word `unset`.
#[must_use]
pub fn value_of(book: &Book, row: &Row) -> String {
    let place = value_place(book, row);
    let text = &book.files[place.file as usize].text;
    text[place.start as usize..place.end as usize].to_owned()
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

/// Writes the version in which a value stands a second time, from a day on and with another value. What the first says of its own
/// last day goes over to the second.
fn write_again(text: &mut String, value: Span, from: Day, new: &str) {
    let at = value.start as usize;
    let Some((start, indent)) = heading(text, at) else {
        return;
    };
    let end = start + block(&text[start..], indent);
    let first = text[start..].lines().next().unwrap_or_default();
    let head = first.split_once('=').map_or(first, |(head, _)| head);
    let rest = head.trim_start().strip_prefix("from ").unwrap_or_default();
    let day_at = start + indent + "from ".len();
    let day_end = day_at + rest.split_whitespace().next().map_or(0, str::len);
    let mut second = text[start..end].to_owned();
    second.replace_range(at - start..value.end as usize - start, new);
    second.replace_range(day_at - start..day_end - start, &from.to_string());
    if !second.ends_with('\n') {
        second.push('\n');
    }
    let until = rest.find(" until ").map(|until| {
        let last = rest[until + " until ".len()..].split_whitespace().next();
        let length = " until ".len() + last.map_or(0, str::len);
        day_at + until..day_at + until + length
    });
    let between = if text[..end].ends_with('\n') {
        ""
    } else {
        "\n"
    };
    text.insert_str(end, &format!("{between}{second}"));
    if let Some(until) = until {
        text.replace_range(until, "");
    }
}

/// Where the line begins that heads the version around a place, and how far it is indented.
fn heading(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    loop {
        let start = text[..end].rfind('\n').map_or(0, |line| line + 1);
        let line = &text[start..end];
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with("from ") {
            return Some((start, indent));
        }
        end = start.checked_sub(1)?;
    }
}

/// How long a heading is with all that is indented below it.
fn block(text: &str, indent: usize) -> usize {
    let mut length = 0;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_start();
        let belongs = number == 0 || indent < line.len() - bare.len();
        if !bare.is_empty() && !belongs {
            break;
        }
        at += line.len();
        if !bare.is_empty() {
            length = at;
        }
    }
    length
}

/// Words with one space between, and one after each comma.
fn plain(text: &str) -> String {
    let parts = text
        .split(',')
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::law::Value;

    const DUES: &str = "source dues \"缴费办法\" / \"Rules on dues\"\n  in force 2020-01-01\n  confirmed S1 \"made up\"\n\n\
        article 1 \"人\" / \"People\"\n\n\
        entity person 参保人\n\n\
        enum kinds 身份\n  usual 一般\n  other 其他\n\n\
        input kind 身份类别 of person : kinds\n\n\
        article 2 \"缴费\" / \"Dues\"\n\n\
        parameter rate 缴费比例 : rate\n  from 2020-01-01 until 2027-12-31 = 8% unconfirmed S3 \"seen\"\n  from 2030-01-01 = 10% unconfirmed S3 \"seen\"\n\n\
        table ceiling 缴费上限 : money by kinds\n  from 2020-01-01\n    usual => 20_000 yuan\n    other => unset\n\n\
        rule due 应缴额 of person : money\n  from 2020-01-01\n    ceiling(kind) * rate rounded half up to fen\n";

    fn read(files: Vec<SourceFile>) -> Book {
        let book = check::read(files);
        assert!(!book.has_errors(), "{:?}", book.diagnostics);
        book
    }

    fn book() -> Book {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        read(vec![
            file(
                "xx/jurisdiction.law",
                "jurisdiction xx \"样例\" / \"Sample\"\n  level nation\n",
            ),
            file("xx/dues.law", DUES),
        ])
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap_or(Day::MAX)
    }

    /// The values of a figure over time, of its first row, in its last decimals.
    fn over_time(book: &Book, name: &str) -> Vec<(String, Option<String>, Option<Value>)> {
        let law = book.law("xx");
        let figure = law.and_then(|law| match law.names.get(name) {
            Some(Item::Figure(id)) => Some(&law[*id]),
            _ => None,
        });
        let versions = figure.map(|figure| figure.versions.iter());
        let told = |version: &FigureVersion| {
            let until = version.until.map(|until| until.to_string());
            (
                version.from.to_string(),
                until,
                version.rows[0].value.clone(),
            )
        };
        versions.into_iter().flatten().map(told).collect()
    }

    fn changed(text: &str) -> Book {
        let book = book();
        let change = Change::read(text);
        let amended = book
            .law("xx")
            .map(|law| change.applied(&book, law, day("2025-06-30")));
        match amended {
            Some(Ok(amended)) => read(amended.files),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_a_day_the_version_in_force_is_another() {
        let changed = over_time(&changed("rate=9%"), "rate");
        let was = over_time(&book(), "rate");
        assert_eq!(changed.len(), was.len());
        assert_ne!(changed[0], was[0]);
        assert_eq!(changed[1], was[1]);
    }

    #[test]
    fn since_a_day_there_is_one_version_more_and_the_first_ends_before_it() {
        let was = over_time(&book(), "rate");
        let changed = over_time(&changed("rate = 9% from 2026-01-01"), "rate");
        let times: Vec<_> = changed
            .iter()
            .map(|(from, until, _)| (from.as_str(), until.as_deref()))
            .collect();
        assert_eq!(
            times,
            [
                ("2020-01-01", Some("2025-12-31")),
                ("2026-01-01", Some("2027-12-31")),
                ("2030-01-01", None),
            ]
        );
        assert_eq!((&changed[0].2, &changed[2]), (&was[0].2, &was[1]));
        assert_ne!(changed[1].2, was[0].2);
    }

    #[test]
    fn a_table_is_written_again_whole() {
        let changed = changed("ceiling(other)=5_000 yuan from 2026-01-01");
        let Some(Item::Figure(id)) = changed.law("xx").and_then(|law| law.find("ceiling")) else {
            panic!("it is a figure");
        };
        let versions = changed.law("xx").map(|law| &law[id].versions);
        let known: Vec<Vec<bool>> = versions
            .into_iter()
            .flatten()
            .map(|version| version.rows.iter().map(|row| row.value.is_some()).collect())
            .collect();
        assert_eq!(known, [[true, false], [true, true]]);
    }

    #[test]
    fn what_is_read_is_written_back() {
        for text in [
            "rate=9%",
            "ceiling(other)=1 yuan",
            "rate=9% from 2026-01-01",
        ] {
            assert_eq!(Change::read(text).written(), text);
        }
        let spaced = Change::read(" ceiling( usual ,other ) = 9 yuan ");
        assert_eq!(spaced.written(), "ceiling(usual, other)=9 yuan");
        assert_eq!(Change::read("rate").value, "");
    }

    #[test]
    fn what_there_is_not_is_not_changed() {
        let book = book();
        let code = |text: &str, as_of: &str| {
            let refused = book
                .law("xx")
                .map(|law| Change::read(text).applied(&book, law, day(as_of)));
            match refused {
                Some(Err(refusal)) => format!("{refusal:?}"),
                other => panic!("{other:?}"),
            }
        };
        let told = [
            ("rate=", "2025-01-01", "NoValue"),
            ("rat=9%", "2025-01-01", "Unknown"),
            ("due=9%", "2025-01-01", "NotAFigure"),
            ("rate=9%", "2019-01-01", "NotInForce"),
            ("rate=9% from 2029-01-01", "2025-01-01", "NotInForce"),
            ("rate(usual)=9%", "2025-01-01", "NoRows"),
            ("ceiling=9 yuan", "2025-01-01", "WhichRow"),
            ("ceiling(all)=9 yuan", "2025-01-01", "NoSuchRow"),
        ];
        for (text, as_of, refusal) in told {
            assert!(code(text, as_of).starts_with(refusal), "{text}");
        }
    }
}
