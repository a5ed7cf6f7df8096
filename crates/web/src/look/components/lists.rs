//! Lists that can be long: sorted by their column heads, narrowed by a field, a page at a time, and to take along just as they stand.
//!
//! A column says once what stands in it ([`Written`]): by that it is sorted, found and written to a file; a page may show it
//! otherwise. All of it is links and a form of the method GET, so what is seen has an address, and the file is asked of the same
//! address with `as=csv` or `as=xlsx`: whoever may see the page may take it along, and nobody else.

use super::{Cell, Field, Head, Kind, Table, field, hidden, pages, submit, table};
use crate::look::links::{encoded, pairs};
use crate::problem::Problem;
use axum::http::Uri;
use axum::response::Response;
use maud::{Markup, html};
use measure::Words;
use office::part::{COUNTED, Found, Part};
use office::tables::Written;
use rules::explain::Lang;
use std::borrow::Cow;
use std::cmp::Ordering;

const NARROW: Words = Words::new("筛选", "Narrow the list");
const GO: Words = Words::new("筛选", "Narrow");
const ALL: Words = Words::new("显示全部", "Show all");
const NONE: Words = Words::new("没有符合的行", "No line matches");
const TAKE: Words = Words::new("下载所列内容：", "Take along what is listed: ");

/// So many rows a page.
pub const A_PAGE: usize = 50;
/// Up to so many rows need no field to narrow them.
const FEW: usize = 7;
/// No list is longer than so many pages: what comes behind is found by narrowing it.
const LAST: usize = 200;
/// So long may be what is looked for, in characters.
const LONGEST: usize = 100;

/// How a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// By which column, and whether from the least on.
    pub sort: Option<(String, bool)>,
    /// What the rows shall speak of.
    pub filter: String,
    /// Which page.
    pub page: usize,
    /// As which file, instead of a page: `csv` or `xlsx`.
    pub file: Option<&'static str>,
}

impl Default for Listed {
    fn default() -> Listed {
        Listed {
            sort: None,
            filter: String::new(),
            page: 1,
            file: None,
        }
    }
}

impl Listed {
    /// What an address asks: `sort=wage` or `sort=-wage`, `q=`, `page=`, `as=`.
    #[must_use]
    pub fn read(uri: &Uri) -> Listed {
        let mut listed = Listed::default();
        for (key, value) in pairs(uri.query().unwrap_or_default()) {
            let value = value.trim();
            match key.as_str() {
                "sort" if !value.is_empty() => {
                    let up = !value.starts_with('-');
                    let word = value.trim_start_matches('-').chars().take(LONGEST);
                    listed.sort = Some((word.collect(), up));
                }
                "q" => listed.filter = value.chars().take(LONGEST).collect(),
                "page" => listed.page = value.parse().unwrap_or(1).max(1),
                "as" => {
                    listed.file = match value {
                        "csv" => Some("csv"),
                        "xlsx" => Some("xlsx"),
                        _ => None,
                    }
                }
                _ => {}
            }
        }
        listed
    }

    /// The end of an address at which it is asked for so again, but for the page.
    #[must_use]
    pub fn again(&self) -> String {
        let sort = self.sort.as_ref();
        let sort = sort.map(|(word, up)| (word.as_str(), *up));
        ended(Vec::new(), &self.filter, sort, None)
    }

    /// The words of the filter, without regard to case.
    fn words(&self) -> Vec<String> {
        let words = self.filter.split_whitespace();
        words.map(str::to_lowercase).collect()
    }
}

type Writes<'a, T> = Box<dyn Fn(&T) -> Written + 'a>;
type Shows<'a, T> = Box<dyn Fn(&T) -> Markup + 'a>;

/// A column.
pub struct Column<'a, T> {
    word: &'static str,
    name: String,
    is_number: bool,
    sorts: bool,
    writes: Option<Writes<'a, T>>,
    shows: Option<Shows<'a, T>>,
}

impl<T> std::fmt::Debug for Column<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Column").field(&self.word).finish()
    }
}

impl<'a, T> Column<'a, T> {
    /// A column of words; `word` names it in addresses.
    pub fn words(
        word: &'static str,
        name: impl Into<String>,
        writes: impl Fn(&T) -> Written + 'a,
    ) -> Column<'a, T> {
        Column {
            word,
            name: name.into(),
            is_number: false,
            sorts: true,
            writes: Some(Box::new(writes)),
            shows: None,
        }
    }

    /// A column of numbers.
    pub fn numbers(
        word: &'static str,
        name: impl Into<String>,
        writes: impl Fn(&T) -> Written + 'a,
    ) -> Column<'a, T> {
        Column {
            is_number: true,
            ..Column::words(word, name, writes)
        }
    }

    /// A column of what can be done with a row: it is in no file.
    pub fn acts(name: impl Into<String>, shows: impl Fn(&T) -> Markup + 'a) -> Column<'a, T> {
        Column {
            word: "",
            name: name.into(),
            is_number: false,
            sorts: false,
            writes: None,
            shows: Some(Box::new(shows)),
        }
    }

    /// Shown otherwise than it is written.
    #[must_use]
    pub fn shown(mut self, shows: impl Fn(&T) -> Markup + 'a) -> Column<'a, T> {
        self.shows = Some(Box::new(shows));
        self
    }

    /// By which nothing is sorted.
    #[must_use]
    pub fn unsorted(mut self) -> Column<'a, T> {
        self.sorts = false;
        self
    }

    fn written(&self, row: &T) -> Option<Written> {
        self.writes.as_ref().map(|writes| writes(row))
    }

    fn cell(&self, row: &T) -> Cell {
        match (&self.shows, self.written(row)) {
            (Some(shows), _) => Cell(shows(row)),
            (None, Some(written)) => Cell(html! { (plain(&written)) }),
            (None, None) => Cell(html! {}),
        }
    }
}

/// A text as a list shows and finds it.
fn plain(written: &Written) -> String {
    match written {
        Written::Text(text) => text.clone(),
        Written::Yuan(fen) => measure::Fen(*fen).with_separators().to_string(),
        Written::Count(count) => count.to_string(),
    }
}

/// Numbers by their size, texts by their letters; what is empty comes first.
fn compared(one: &Written, other: &Written) -> Ordering {
    let number = |written: &Written| match written {
        Written::Text(_) => None,
        Written::Yuan(number) | Written::Count(number) => Some(*number),
    };
    match (one, other) {
        (Written::Text(one), Written::Text(other)) => one.cmp(other),
        _ => number(one).cmp(&number(other)),
    }
}

impl Listed {
    /// The part that is asked of the office: a page, or for a file as much as is taken along.
    #[must_use]
    pub fn part(&self) -> Part {
        let page = i64::try_from(self.page.min(LAST) - 1).unwrap_or(0);
        let a_page = i64::try_from(A_PAGE).unwrap_or(50);
        let (after, most) = match self.file {
            Some(_) => (0, COUNTED),
            None => (page * a_page, a_page),
        };
        Part {
            text: self.filter.clone(),
            after,
            most,
        }
    }
}

impl Rows {
    /// A page of what the office found.
    #[must_use]
    pub fn of<T>(found: &Found<T>) -> Rows {
        Rows::Page(usize::try_from(found.of).unwrap_or(0), found.is_more())
    }
}

/// How the rows come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All of them, in memory: sorted, narrowed and cut into pages here.
    All,
    /// The same, with so many on a page: rows that are more than a line.
    By(usize),
    /// A page of them, sorted and narrowed by the office: how many there are, and whether there are more than were counted.
    Page(usize, bool),
}

/// A list.
pub struct List<'a, T> {
    /// What it shows.
    pub caption: String,
    /// What its file is called, without an ending.
    pub name: Cow<'a, str>,
    /// The address of its page.
    pub path: Cow<'a, str>,
    /// What else stands in that address.
    pub keep: Vec<(&'a str, String)>,
    /// Its columns.
    pub columns: Vec<Column<'a, T>>,
    /// Its rows.
    pub rows: &'a [T],
    /// How they come.
    pub come: Rows,
    /// How it is asked for.
    pub listed: &'a Listed,
    /// What else a row may be found by.
    pub also: fn(&T, &str) -> bool,
    /// Its last row, of sums.
    pub foot: Option<Vec<Cell>>,
}

impl<T> std::fmt::Debug for List<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("List").field(&self.name).finish()
    }
}

impl<T> List<'_, T> {
    fn speaks_of(&self, row: &T, words: &[String]) -> bool {
        let cells: Vec<String> = self
            .columns
            .iter()
            .filter_map(|column| column.written(row))
            .map(|written| plain(&written).to_lowercase())
            .collect();
        let anywhere = |word: &String| cells.iter().any(|cell| cell.contains(word.as_str()));
        words
            .iter()
            .all(|word| anywhere(word) || (self.also)(row, word))
    }

    /// The column it is sorted by now, if by one that can be.
    fn sorted_by(&self) -> Option<(&Column<'_, T>, bool)> {
        let (word, up) = self.listed.sort.as_ref()?;
        let mut columns = self.columns.iter();
        let column = columns.find(|column| column.sorts && column.word == word);
        column.map(|column| (column, *up))
    }

    /// The rows that are asked for, in their order; all pages.
    #[must_use]
    pub fn chosen(&self) -> Vec<&T> {
        if matches!(self.come, Rows::Page(..)) {
            return self.rows.iter().collect();
        }
        let words = self.listed.words();
        let rows = self.rows.iter();
        let mut rows: Vec<&T> = rows.filter(|row| self.speaks_of(row, &words)).collect();
        if let Some((column, up)) = self.sorted_by() {
            let mut keyed: Vec<(Option<Written>, &T)> =
                rows.iter().map(|row| (column.written(row), *row)).collect();
            keyed.sort_by(|(one, _), (other, _)| {
                let order = match (one, other) {
                    (Some(one), Some(other)) => compared(one, other),
                    _ => Ordering::Equal,
                };
                if up { order } else { order.reverse() }
            });
            rows = keyed.into_iter().map(|(_, row)| row).collect();
        }
        rows
    }

    /// So many rows stand on a page.
    fn a_page(&self) -> usize {
        match self.come {
            Rows::By(rows) => rows.max(1),
            Rows::All | Rows::Page(..) => A_PAGE,
        }
    }

    /// Which page of how many is shown of so many rows, and how many rows in memory come before it.
    fn cut(&self, of: usize) -> (usize, usize, usize) {
        let last = of.div_ceil(self.a_page()).max(1);
        let here = self.listed.page.min(last);
        let skipped = match self.come {
            Rows::All | Rows::By(_) => (here - 1) * self.a_page(),
            Rows::Page(..) => 0,
        };
        (here, last, skipped)
    }

    /// The rows of the page that is asked for.
    #[must_use]
    pub fn seen(&self) -> Vec<&T> {
        let chosen = self.chosen();
        let (_, _, skipped) = self.cut(chosen.len());
        let rows = chosen.into_iter().skip(skipped);
        rows.take(self.a_page()).collect()
    }

    /// Its address with what is looked for, sorted so and as this file.
    fn address(&self, filter: &str, sort: Option<(&str, bool)>, file: Option<&str>) -> String {
        let keep = self.keep.iter();
        let keep = keep.map(|(key, value)| format!("{key}={}", encoded(value)));
        format!("{}{}", self.path, ended(keep.collect(), filter, sort, file))
    }

    fn now(&self) -> Option<(&str, bool)> {
        let sorted = self.sorted_by();
        sorted.map(|(column, up)| (column.word, up))
    }

    fn head(&self) -> Vec<Head> {
        let now = self.now();
        let heads = self.columns.iter().map(|column| {
            let head = if column.is_number {
                Head::numbers(&column.name)
            } else {
                Head::words(&column.name)
            };
            if !column.sorts {
                return head;
            }
            let here = now.filter(|(word, _)| *word == column.word);
            let next = here.is_none_or(|(_, up)| !up);
            let to = self.address(&self.listed.filter, Some((column.word, next)), None);
            head.sorted(to, here.map(|(_, up)| up))
        });
        heads.collect()
    }

    fn narrow(&self, of: usize, lang: Lang) -> Markup {
        let filter = &self.listed.filter;
        if filter.is_empty() && of <= FEW {
            return html! {};
        }
        let wanted = Field {
            name: "q".into(),
            label: lang.say(NARROW).into(),
            hint: None,
            kind: Kind::Search,
            value: filter.clone(),
            fault: None,
            optional: true,
        };
        html! {
            form method="get" action=(self.path) class="row" role="search" {
                @for (name, value) in &self.keep { (hidden(name, value)) }
                @if let Some((word, up)) = self.now() { (hidden("sort", &format!("{}{word}", if up { "" } else { "-" }))) }
                (field(&wanted, lang))
                (submit(lang.say(GO)))
                @if !filter.is_empty() { a href=(self.address("", self.now(), None)) { (lang.say(ALL)) } }
            }
        }
    }

    /// The list: what narrows it, how many there are, a page of them, and where to take it along.
    #[must_use]
    pub fn on_page(self, lang: Lang) -> Markup {
        let chosen = self.chosen();
        let (of, more) = match self.come {
            Rows::All | Rows::By(_) => (chosen.len(), false),
            Rows::Page(of, more) => (of, more),
        };
        let (here, last, skipped) = self.cut(of);
        let rows = chosen.iter().skip(skipped).take(self.a_page());
        let rows = rows.map(|row| self.columns.iter().map(|column| column.cell(row)).collect());
        let sort = self.now();
        let mut of_pages: Vec<(&str, String)> = self.keep.clone();
        if !self.listed.filter.is_empty() {
            of_pages.push(("q", self.listed.filter.clone()));
        }
        of_pages.extend(
            sort.map(|(word, up)| ("sort", format!("{}{word}", if up { "" } else { "-" }))),
        );
        let of_pages: Vec<(&str, &str)> = of_pages
            .iter()
            .map(|(key, value)| (*key, value.as_str()))
            .collect();
        let narrowed = !self.listed.filter.is_empty();
        let whole = match self.come {
            Rows::All | Rows::By(_) => self.rows.len(),
            Rows::Page(of, _) => of,
        };
        html! {
            (self.narrow(whole, lang))
            @if narrowed || self.a_page() < of {
                p class="quiet" role="status" {
                    @if of == 0 { (lang.say(NONE)) }
                    @else { (counted(of, more, lang)) }
                }
            }
            (table(&Table { caption: self.caption.clone(), head: self.head(), rows: rows.collect(), foot: self.foot.clone() }, lang))
            (pages(&of_pages, &self.path, (here, last), lang))
            @if 0 < of {
                p class="quiet" {
                    @if more { (lang.pick(format!("下载前 {COUNTED} 行："), format!("Take along the first {COUNTED} lines: "))) }
                    @else { (lang.say(TAKE)) }
                    a href=(self.address(&self.listed.filter, sort, Some("xlsx"))) { "XLSX" } " · "
                    a href=(self.address(&self.listed.filter, sort, Some("csv"))) { "CSV" }
                }
            }
        }
    }

    /// What is listed, all pages of it, as a file.
    ///
    /// # Errors
    ///
    /// What the writing of it says.
    pub fn written(&self, ending: &str) -> Result<Response, Problem> {
        let columns = self.columns.iter().filter(|column| column.writes.is_some());
        let columns: Vec<&Column<'_, T>> = columns.collect();
        let head: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let row = |row: &&T| {
            columns
                .iter()
                .filter_map(|column| column.written(row))
                .collect()
        };
        let rows: Vec<Vec<Written>> = self.chosen().iter().map(row).collect();
        crate::export::written(&format!("{}.{ending}", self.name), &head, &rows)
    }
}

/// The query of an address, behind its question mark; nothing where it asks nothing.
fn ended(
    mut parts: Vec<String>,
    filter: &str,
    sort: Option<(&str, bool)>,
    file: Option<&str>,
) -> String {
    if !filter.is_empty() {
        parts.push(format!("q={}", encoded(filter)));
    }
    let sort = sort.map(|(word, up)| (encoded(word), if up { "" } else { "-" }));
    parts.extend(sort.map(|(word, down)| format!("sort={down}{word}")));
    parts.extend(file.map(|file| format!("as={file}")));
    let mark = if parts.is_empty() { "" } else { "?" };
    format!("{mark}{}", parts.join("&"))
}

fn counted(of: usize, more: bool, lang: Lang) -> String {
    let beyond = if more {
        lang.pick("以上", " or more")
    } else {
        ""
    };
    lang.pick(format!("共 {of} 行{beyond}"), format!("{of} lines{beyond}"))
}

/// Nothing but what is written in its columns.
#[must_use]
pub fn no_more<T>(_: &T, _: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(query: &str) -> Listed {
        let uri: Uri = format!("/list?{query}").parse().unwrap_or_default();
        Listed::read(&uri)
    }

    fn list<'a>(rows: &'a [(String, i64)], listed: &'a Listed) -> List<'a, (String, i64)> {
        List {
            caption: "list".to_owned(),
            name: "list".into(),
            path: "/list".into(),
            keep: vec![("month", "2025-06".to_owned())],
            columns: vec![
                Column::words("name", "Name", |row: &(String, i64)| row.0.as_str().into()),
                Column::numbers("wage", "Wage", |row: &(String, i64)| Written::Yuan(row.1)),
                Column::acts("Do", |_| html! { a href="/do" { "do" } }),
            ],
            rows,
            come: Rows::All,
            listed,
            also: no_more,
            foot: None,
        }
    }

    fn rows() -> Vec<(String, i64)> {
        let names = ["b", "a", "C", "=1+1", "a b"];
        names
            .into_iter()
            .zip([300, 1_000, -5, 300, 20])
            .map(|(name, wage)| (name.to_owned(), wage))
            .collect()
    }

    fn names(query: &str) -> Vec<String> {
        let (rows, listed) = (rows(), listed(query));
        let list = list(&rows, &listed);
        list.chosen().iter().map(|(name, _)| name.clone()).collect()
    }

    #[test]
    fn it_is_sorted_and_narrowed_as_asked() {
        assert_eq!(names(""), ["b", "a", "C", "=1+1", "a b"]);
        assert_eq!(names("sort=wage"), ["C", "a b", "b", "=1+1", "a"]);
        // What is equal keeps its order, whichever way.
        assert_eq!(names("sort=-wage"), ["a", "b", "=1+1", "a b", "C"]);
        assert_eq!(names("sort=name"), ["=1+1", "C", "a", "a b", "b"]);
        assert_eq!(names("sort=-name&q=A"), ["a b", "a"]);
        assert_eq!(names("q=b+a"), ["a b"]);
        assert_eq!(names("q=10.00"), ["a"]);
        // A column that is none, or by which nothing is sorted, sorts nothing.
        assert_eq!(names("sort=<script>").len(), 5);
    }

    #[test]
    fn heads_are_links_that_sort_the_other_way_and_keep_the_rest() {
        let (rows, listed) = (rows(), listed("sort=wage&q=a"));
        let page = list(&rows, &listed).on_page(Lang::En).into_string();
        for part in [
            "<th scope=\"col\" class=\"number\" aria-sort=\"ascending\"><a href=\"/list?month=2025-06&amp;q=a&amp;sort=-wage\">",
            "<a href=\"/list?month=2025-06&amp;q=a&amp;sort=name\">Name</a>",
            "<th scope=\"col\">Do</th>",
            "<a href=\"/list?month=2025-06&amp;q=a&amp;sort=wage&amp;as=csv\">CSV</a>",
            "<a href=\"/list?month=2025-06&amp;sort=wage\">Show all</a>",
            "value=\"a\"",
            "2 lines",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
    }

    #[test]
    fn many_come_a_page_at_a_time() {
        let rows: Vec<_> = (0..120).map(|at| (format!("n{at:03}"), at)).collect();
        let listed = listed("page=9&sort=-name");
        let page = list(&rows, &listed).on_page(Lang::En).into_string();
        assert!(page.contains("3 / 3") && page.contains("n000") && !page.contains("n020"));
        assert!(
            page.contains("sort=-name&amp;page=2") && page.contains("120 lines"),
            "{page}"
        );
    }
}
